//! The queries of views and materialized views, each analysed once.
//!
//! In goes the schema with its catalog, out come the elaborated queries with their output
//! columns, which are entered into the catalog as well. A view comes after those it reads
//! from; those that go in a circle are analysed with what is known of the others.

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;

use super::analyze::{Analyzer, Domains, ScopeColumn, Type, rename_outputs};
use super::catalog_of;
use crate::catalog::{self, Catalog, RelationId, RelationKind, TypeId};
use crate::model::{
    FromItem, Ident, Name, NormalRules, Object, ObjectId, QualifiedName, Query, QueryBody, Schema,
    Scoped, Visit, walk_query,
};

/// What the analysis of a view found.
#[derive(Debug)]
pub(super) struct AnalysedView {
    /// The query in normal form, its output columns named as those of the view.
    pub(super) query: Query,
    /// The columns of the view.
    pub(super) columns: Vec<ScopeColumn>,
    /// True when the names of the columns could not be put into the query.
    pub(super) keeps_names: bool,
    /// What could not be decided.
    pub(super) undecided: Vec<String>,
    /// The rules that applied.
    pub(super) applied: NormalRules,
}

/// All views by name.
pub(super) type Views = HashMap<QualifiedName, AnalysedView>;

/// Analyses all views and enters their columns into the catalog.
pub(super) fn analyse(schema: &Schema, catalog: &mut Catalog, domains: &Domains) -> Views {
    let written: HashMap<&QualifiedName, Written<'_>> =
        schema.objects.iter().filter_map(|(id, entry)| Written::of(id, &entry.object)).collect();
    let ids: HashMap<&QualifiedName, RelationId> = schema
        .objects
        .keys()
        .filter_map(|id| id.qualified_name())
        .filter_map(|name| Some((name, written.get(name)?)))
        .map(|(name, view)| {
            let (schema, own) = (name.namespace.as_str(), name.name.as_str());
            (name, catalog.add_relation(schema, own, view.kind, Vec::new()))
        })
        .collect();
    let mut views = Views::new();
    for wave in waves(schema, &written) {
        let found: Vec<(&QualifiedName, AnalysedView)> = wave
            .par_iter()
            .filter_map(|name| Some((*name, written.get(name)?.analyse(catalog, domains))))
            .collect();
        for (name, view) in found {
            if let Some(id) = ids.get(name) {
                let columns = view.columns.iter().map(|column| entry(column, catalog)).collect();
                catalog.set_columns(*id, columns);
            }
            views.insert(name.clone(), view);
        }
    }
    views
}

/// A view as written.
struct Written<'a> {
    query: &'a Scoped<Query>,
    columns: &'a [Ident],
    kind: RelationKind,
}

impl<'a> Written<'a> {
    fn of(id: &'a ObjectId, object: &'a Object) -> Option<(&'a QualifiedName, Self)> {
        let (query, columns, kind) = match object {
            Object::View(view) => (&view.query, &view.columns, RelationKind::View),
            Object::MaterializedView(view) => {
                (&view.query, &view.columns, RelationKind::MaterializedView)
            }
            _no_view => return None,
        };
        Some((id.qualified_name()?, Self { query, columns, kind }))
    }

    fn analyse(&self, catalog: &Catalog, domains: &Domains) -> AnalysedView {
        let mut analyzer = Analyzer::new(catalog, domains, &self.query.path);
        let (mut query, mut columns) = analyzer.query(&self.query.value);
        for (column, name) in columns.iter_mut().zip(self.columns) {
            column.name = name.clone();
        }
        for column in &mut columns {
            column.expr = None;
        }
        let names: Vec<Ident> = columns.iter().map(|column| column.name.clone()).collect();
        rename_outputs(&mut query, &names);
        let keeps_names = !is_select(&query);
        let (applied, undecided) = (analyzer.applied.get(), analyzer.undecided);
        AnalysedView { query, columns, keeps_names, undecided, applied }
    }

    /// The views that the query may read from.
    fn sources(&self, written: &HashMap<&QualifiedName, Written<'_>>) -> Vec<QualifiedName> {
        let mut relations = Relations(Vec::new());
        walk_query(&self.query.value, &mut relations);
        let resolve = |name: Name| {
            let namespaces: Vec<Ident> = match name.namespace {
                Some(namespace) => vec![namespace],
                None => self.query.path.lookup().collect(),
            };
            let mut candidates = namespaces
                .into_iter()
                .map(|namespace| QualifiedName { namespace, name: name.name.clone() });
            candidates.find(|candidate| written.contains_key(candidate))
        };
        relations.0.into_iter().filter_map(resolve).collect()
    }
}

/// The names that stand in `FROM`.
struct Relations(Vec<Name>);

impl Visit for Relations {
    fn from_item(&mut self, item: &FromItem) -> bool {
        if let FromItem::Relation { name, .. } = item {
            self.0.push(name.clone());
        }
        true
    }
}

/// The views in groups: each group only reads from those before it.
fn waves<'a>(
    schema: &'a Schema,
    written: &HashMap<&'a QualifiedName, Written<'a>>,
) -> Vec<Vec<&'a QualifiedName>> {
    let in_order = schema.objects.keys().filter_map(ObjectId::qualified_name);
    let names: Vec<&QualifiedName> = in_order.filter(|name| written.contains_key(*name)).collect();
    let numbers: HashMap<&QualifiedName, usize> =
        names.iter().enumerate().map(|(number, name)| (*name, number)).collect();
    let sources: Vec<BTreeSet<usize>> = names
        .par_iter()
        .map(|name| {
            let sources = written.get(*name).map(|view| view.sources(written)).unwrap_or_default();
            sources.iter().filter_map(|source| numbers.get(source).copied()).collect()
        })
        .collect();
    let waves = Waiting::new(&sources).waves();
    let named = |wave: Vec<usize>| {
        wave.into_iter().filter_map(|number| names.get(number).copied()).collect()
    };
    waves.into_iter().map(named).collect()
}

/// Views by number that wait for those they read from.
struct Waiting {
    /// How many sources are not done yet; none for a view that is done.
    left: Vec<Option<usize>>,
    /// Which views read from each.
    readers: Vec<Vec<usize>>,
}

impl Waiting {
    fn new(sources: &[BTreeSet<usize>]) -> Self {
        let mut readers = vec![Vec::new(); sources.len()];
        for (reader, sources) in sources.iter().enumerate() {
            for source in sources {
                if let Some(readers) = readers.get_mut(*source) {
                    readers.push(reader);
                }
            }
        }
        Self { left: sources.iter().map(|sources| Some(sources.len())).collect(), readers }
    }

    fn waves(mut self) -> Vec<Vec<usize>> {
        let is_ready =
            |(number, left): (usize, &Option<usize>)| (*left == Some(0)).then_some(number);
        let mut wave: Vec<usize> = self.left.iter().enumerate().filter_map(is_ready).collect();
        let mut waves = Vec::new();
        let mut last = self.left.len();
        loop {
            if wave.is_empty() {
                // A circle: one of them has to go first, the last one.
                let waiting = |number: &usize| self.left.get(*number).is_some_and(Option::is_some);
                let Some(number) = (0..last).rev().find(waiting) else { return waves };
                last = number;
                wave.push(number);
            }
            let next = self.finish(&wave);
            waves.push(std::mem::replace(&mut wave, next));
        }
    }

    /// Those that become ready with these, in order.
    fn finish(&mut self, wave: &[usize]) -> Vec<usize> {
        for number in wave {
            if let Some(left) = self.left.get_mut(*number) {
                *left = None;
            }
        }
        let mut ready = Vec::new();
        for reader in wave.iter().filter_map(|number| self.readers.get(*number)).flatten() {
            if let Some(Some(left)) = self.left.get_mut(*reader) {
                *left -= 1;
                if *left == 0 {
                    ready.push(*reader);
                }
            }
        }
        ready.sort_unstable();
        ready
    }
}

fn entry(column: &ScopeColumn, catalog: &Catalog) -> catalog::Column {
    match &column.ty {
        Type::Known(ty) => {
            let mut entry = catalog::Column::new(column.name.as_str(), ty.id);
            entry.typmod = catalog_of::typmod(catalog, ty);
            entry
        }
        Type::Literal | Type::Undecided => {
            catalog::Column::new(column.name.as_str(), TypeId::UNKNOWN)
        }
    }
}

fn is_select(query: &Query) -> bool {
    let mut body = &*query.body;
    while let QueryBody::SetOperation { left, .. } = body {
        body = &*left.body;
    }
    matches!(body, QueryBody::Select(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waves_of(sources: &[&[usize]]) -> Vec<Vec<usize>> {
        let sources: Vec<BTreeSet<usize>> =
            sources.iter().map(|sources| sources.iter().copied().collect()).collect();
        Waiting::new(&sources).waves()
    }

    #[test]
    fn a_view_comes_after_those_it_reads_from() {
        assert_eq!(waves_of(&[&[1], &[2, 3], &[], &[2]]), [vec![2], vec![3], vec![1], vec![0]]);
        assert_eq!(waves_of(&[&[], &[0], &[], &[0, 2]]), [vec![0, 2], vec![1, 3]]);
        assert!(waves_of(&[]).is_empty());
    }

    #[test]
    fn a_circle_ends() {
        assert_eq!(waves_of(&[&[0]]), [[0]]);
        assert_eq!(waves_of(&[&[1], &[0], &[0]]), [[2], [1], [0]]);
    }
}
