//! Stars in views that are there already, before what they stand for changes.
//!
//! ```sql
//! CREATE VIEW v AS SELECT * FROM t;
//! ALTER TABLE t ADD COLUMN b integer;       -- v has no b
//! ALTER VIEW v RENAME COLUMN a TO c;        -- SELECT t.a AS c ..
//! ```
//!
//! PostgreSQL expands `*` when it makes the view (`ExpandColumnRefStar`,
//! `src/backend/parser/parse_target.c`); here that waits for the analysis at the end, so it is
//! done earlier where a later statement would change the answer. A star whose columns cannot
//! be told from names alone stays.

use super::interpreter::{Interpreter, Relation};
use super::references::code;
use crate::model::{
    Alias, ColumnRef, Command, CommonTable, Expr, FromItem, Ident, Join, Name, Object, ObjectId,
    QualifiedName, Query, QueryBody, SearchPath, Select, Span, Target, VisitMut, change_query,
};

/// Expands the stars of the views that were made from a relation before `span`. A view that
/// is written before its relation is one of a source in free order, which is read as a whole.
pub(super) fn freeze_over(cx: &mut Interpreter<'_>, relation: &QualifiedName, span: Span) {
    let made = |id: &ObjectId| cx.schema.objects.get(id).map(|entry| entry.origin.span);
    let Some(start) = cx.relation_at(relation).and_then(|found| match found {
        Relation::Object(id) => made(id),
        Relation::ConstraintIndex(_) | Relation::IdentitySequence(_) => None,
    }) else {
        return;
    };
    let is_view = |id: &ObjectId| matches!(id, ObjectId::View(_) | ObjectId::MaterializedView(_));
    let views: Vec<ObjectId> =
        cx.schema.objects.naming(&relation.name).into_iter().filter(is_view).collect();
    for id in views {
        if made_between(cx, &id, start, span) {
            freeze(cx, &id);
        }
    }
}

fn made_between(cx: &Interpreter<'_>, id: &ObjectId, start: Span, end: Span) -> bool {
    let place = |span: Span| (span.source, span.start);
    let made = cx.schema.objects.get(id).map(|entry| place(entry.origin.span));
    made.is_some_and(|made| place(start) < made && made < place(end))
}

/// Expands the stars of one view.
pub(super) fn freeze(cx: &mut Interpreter<'_>, id: &ObjectId) {
    // It is out of the schema while it is changed, as nothing in it names itself.
    let Some(mut entry) = cx.schema.objects.remove(id) else { return };
    let mut stars = Stars { cx, path: SearchPath::empty(), scopes: Vec::new(), views: 0 };
    code(&mut entry.object, &mut |code, path| {
        stars.path = path.clone();
        if let super::references::Code::Query(query) = code {
            change_query(query, &mut stars);
        }
    });
    cx.schema.objects.insert(id.clone(), entry);
}

/// The visitor that expands stars.
struct Stars<'a> {
    cx: &'a Interpreter<'a>,
    path: SearchPath,
    /// What `WITH` defines, by level; the columns when they are known.
    scopes: Vec<Vec<(Ident, Option<Vec<Ident>>)>>,
    /// How many views were looked into: those that go in a circle have no end.
    views: usize,
}

/// A column that a star stands for: how it is referred to, and its name.
type Seen = (Vec<Ident>, Ident);

impl VisitMut for Stars<'_> {
    fn enter_query(&mut self, query: &Query) {
        self.enter(query);
    }

    fn enter_command(&mut self, _command: &Command) {
        self.scopes.push(Vec::new());
    }

    fn leave(&mut self) {
        self.scopes.pop();
    }

    fn select(&mut self, select: &mut Select) {
        for item in &mut select.from {
            self.name_common_columns(item);
        }
        let mut targets = Vec::new();
        for target in std::mem::take(&mut select.targets) {
            match self.star(&target.expr, &select.from) {
                Some(columns) => targets.extend(columns.into_iter().map(|(parts, _)| Target {
                    expr: Expr::Column(ColumnRef { parts, star: false }),
                    alias: None,
                })),
                None => targets.push(target),
            }
        }
        select.targets = targets;
    }
}

impl Stars<'_> {
    fn enter(&mut self, query: &Query) {
        self.scopes.push(Vec::new());
        let Some(with) = &query.with else { return };
        if with.recursive {
            let names = with.queries.iter().map(|table| (table.name.clone(), None));
            self.scopes.last_mut().into_iter().for_each(|scope| scope.extend(names.clone()));
        }
        for table in &with.queries {
            let columns = self.common_columns(table);
            // A name that is also that of a relation means one or the other by its place.
            let hides = self.resolve(&Name { namespace: None, name: table.name.clone() });
            let columns = columns.filter(|_| hides.is_none());
            let Some(scope) = self.scopes.last_mut() else { return };
            scope.retain(|(name, _)| *name != table.name);
            scope.push((table.name.clone(), columns));
        }
    }

    fn common_columns(&mut self, table: &CommonTable) -> Option<Vec<Ident>> {
        let Command::Query(query) = &table.command else { return None };
        if table.search.is_some() || table.cycle.is_some() {
            return None;
        }
        let columns = self.outputs(query)?;
        Some(renamed(columns, &table.columns))
    }

    /// The names of the output columns of a query.
    fn outputs(&mut self, query: &Query) -> Option<Vec<Ident>> {
        self.enter(query);
        let outputs = match &*query.body {
            QueryBody::SetOperation { left, .. } => self.outputs(left),
            QueryBody::Values(rows) => {
                let width = rows.first().map_or(0, Vec::len);
                Some((1..=width).map(|number| Ident::new(format!("column{number}"))).collect())
            }
            QueryBody::Select(select) => self.select_outputs(select),
        };
        self.scopes.pop();
        outputs
    }

    fn select_outputs(&mut self, select: &Select) -> Option<Vec<Ident>> {
        let mut names = Vec::new();
        for target in &select.targets {
            if is_star(&target.expr) {
                let columns = self.star(&target.expr, &select.from)?;
                names.extend(columns.into_iter().map(|(_, name)| name));
            } else {
                let own = || Ident::new(crate::model::output_column(&target.expr));
                names.push(target.alias.clone().unwrap_or_else(own));
            }
        }
        Some(names)
    }

    /// The columns that a star stands for; `None` for what is no star or not known.
    fn star(&mut self, expr: &Expr, from: &[FromItem]) -> Option<Vec<Seen>> {
        let Expr::Column(ColumnRef { parts, star: true }) = expr else { return None };
        if parts.is_empty() {
            let mut all = Vec::new();
            for item in from {
                all.extend(self.columns(item)?);
            }
            let bare = |seen: &Seen| seen.0.len() == 1;
            let twice = |one: &Seen| all.iter().filter(|other| other.1 == one.1).count() > 1;
            // A name without qualification may only be that of one column.
            let ambiguous = all.iter().any(|seen| bare(seen) && twice(seen));
            return (!ambiguous && !all.is_empty()).then_some(all);
        }
        let item = from.iter().find_map(|item| find(item, parts))?;
        self.columns(item)
    }

    /// The columns of an item of `FROM`.
    fn columns(&mut self, item: &FromItem) -> Option<Vec<Seen>> {
        match item {
            FromItem::Relation { name, alias, .. } => {
                let columns = self.relation_columns(name)?;
                let qualifier = match alias {
                    Some(alias) => vec![alias.name.clone()],
                    None => name.namespace.iter().chain([&name.name]).cloned().collect(),
                };
                Some(qualified(columns, alias.as_ref(), &qualifier))
            }
            FromItem::Subquery { query, alias, .. } => {
                let columns = self.outputs(query)?;
                let qualifier: Vec<Ident> = alias.iter().map(|alias| alias.name.clone()).collect();
                Some(qualified(columns, alias.as_ref(), &qualifier))
            }
            FromItem::Join(join) => self.join_columns(join),
            FromItem::Functions(_) | FromItem::XmlTable(_) | FromItem::JsonTable(_) => None,
        }
    }

    fn join_columns(&mut self, join: &Join) -> Option<Vec<Seen>> {
        let (left, right) = (self.columns(&join.left)?, self.columns(&join.right)?);
        let shared = |seen: &&Seen| join.natural && right.iter().any(|other| other.1 == seen.1);
        let natural = left.iter().filter(shared).map(|(_, name)| name.clone());
        let using: Vec<Ident> = natural.chain(join.using.iter().cloned()).collect();
        let merged = using.iter().map(|name| (vec![name.clone()], name.clone()));
        let rest = left.iter().chain(&right).filter(|seen| !using.contains(&seen.1)).cloned();
        let all: Vec<Seen> = merged.chain(rest).collect();
        let Some(alias) = &join.alias else { return Some(all) };
        let names = all.into_iter().map(|(_, name)| name).collect();
        Some(qualified(names, Some(alias), std::slice::from_ref(&alias.name)))
    }

    /// The common columns of a NATURAL join are those that there are now.
    fn name_common_columns(&mut self, item: &mut FromItem) {
        let FromItem::Join(join) = item else { return };
        self.name_common_columns(&mut join.left);
        self.name_common_columns(&mut join.right);
        if !join.natural {
            return;
        }
        let (Some(left), Some(right)) = (self.columns(&join.left), self.columns(&join.right))
        else {
            return;
        };
        let shared = |seen: &Seen| right.iter().any(|other| other.1 == seen.1);
        let using: Vec<Ident> = left.into_iter().filter(shared).map(|(_, name)| name).collect();
        if !using.is_empty() {
            join.natural = false;
            join.using = using;
        }
    }

    fn resolve(&self, name: &Name) -> Option<QualifiedName> {
        super::declared::find(name, &self.path, |name| self.cx.relation_exists(name))
    }

    fn relation_columns(&mut self, name: &Name) -> Option<Vec<Ident>> {
        if name.namespace.is_none() {
            let mut common = self.scopes.iter().rev().flatten();
            if let Some((_, columns)) = common.find(|(own, _)| *own == name.name) {
                return columns.clone();
            }
        }
        let name = self.resolve(name)?;
        if let Some(table) = self.cx.table(&name) {
            return Some(table.columns.iter().map(|column| column.name.clone()).collect());
        }
        let Relation::Object(id) = self.cx.relation_at(&name)? else { return None };
        let (query, columns) = match &self.cx.schema.objects.get(id)?.object {
            Object::View(view) => (&view.query, &view.columns),
            Object::MaterializedView(view) => (&view.query, &view.columns),
            _without_columns => return None,
        };
        /// As deep as anybody nests views.
        const DEEP: usize = 64;
        if self.views >= DEEP {
            return None;
        }
        let outer = (
            std::mem::replace(&mut self.path, query.path.clone()),
            std::mem::take(&mut self.scopes),
        );
        self.views += 1;
        let outputs = self.outputs(&query.value);
        self.views -= 1;
        (self.path, self.scopes) = outer;
        Some(renamed(outputs?, columns))
    }
}

fn is_star(expr: &Expr) -> bool {
    matches!(expr, Expr::Column(column) if column.star)
}

/// The item that a qualified star names.
fn find<'f>(item: &'f FromItem, parts: &[Ident]) -> Option<&'f FromItem> {
    let alias_is =
        |alias: &Option<Alias>| alias.as_ref().is_some_and(|alias| *parts == [alias.name.clone()]);
    match item {
        FromItem::Relation { name, alias: None, .. } => {
            let with_namespace: Vec<&Ident> = name.namespace.iter().chain([&name.name]).collect();
            let is_named = parts.iter().eq(with_namespace) || *parts == [name.name.clone()];
            is_named.then_some(item)
        }
        FromItem::Relation { alias, .. } | FromItem::Subquery { alias, .. } => {
            alias_is(alias).then_some(item)
        }
        FromItem::Join(join) if join.alias.is_some() => alias_is(&join.alias).then_some(item),
        FromItem::Join(join) => find(&join.left, parts).or_else(|| find(&join.right, parts)),
        FromItem::Functions(_) | FromItem::XmlTable(_) | FromItem::JsonTable(_) => None,
    }
}

fn renamed(mut columns: Vec<Ident>, names: &[Ident]) -> Vec<Ident> {
    for (column, name) in columns.iter_mut().zip(names) {
        column.clone_from(name);
    }
    columns
}

fn qualified(columns: Vec<Ident>, alias: Option<&Alias>, qualifier: &[Ident]) -> Vec<Seen> {
    let names = alias.map(|alias| alias.columns.as_slice()).unwrap_or_default();
    let columns = renamed(columns, names).into_iter();
    columns.map(|name| (qualifier.iter().chain([&name]).cloned().collect(), name)).collect()
}
