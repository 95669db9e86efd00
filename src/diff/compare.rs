//! Two objects of one identity, facet by facet.
//!
//! A table is compared with its columns, which drift as objects of their own.

use std::collections::{BTreeMap, BTreeSet};

use super::drift::{Drift, DriftKind, SkipReason, Skipped};
use super::follow::Written;
use super::skip::Rules;
use super::{FacetKey, Facets, Value, column, constraint, routine, said, severity};
use crate::model::{
    Child, Column, Facet, Ident, Object, ObjectId, Pair, Place, QualifiedName, Span, Table,
};
use crate::normalize::NormalObject;

/// What came of comparing some objects.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// What differs.
    pub drifts: Vec<Drift>,
    /// What differs and was left out.
    pub skipped: Vec<Skipped>,
    /// What differs though it is written the same.
    pub following: Vec<Drift>,
}

impl Findings {
    /// Both together.
    pub fn join(mut self, other: Self) -> Self {
        self.drifts.extend(other.drifts);
        self.skipped.extend(other.skipped);
        self.following.extend(other.following);
        self
    }
}

/// Compares an object of both sides.
pub(super) fn compare(
    id: &ObjectId,
    sides: Pair<&NormalObject>,
    rules: &Rules,
    findings: &mut Findings,
) {
    let mut comparison = Comparison { id, part: None, sides, rules, findings };
    if let Some(values) = other_definition(sides) {
        let key = FacetKey { facet: Facet::ConstraintType, key: None };
        comparison.changed(key, values.map(Some));
        comparison.facets(sides.map(|side| said::facets(id, side)));
        return;
    }
    comparison.facets(sides.map(|side| {
        let mut facets = said::facets(id, side);
        super::object_facets(side.object(), &mut facets);
        facets
    }));
    let tables = sides.map(|side| <&Table>::try_from(side.object()));
    if let (ObjectId::Table(name), Pair { canonical: Ok(canonical), live: Ok(live) }) = (id, tables)
    {
        compare_columns(name, Pair { canonical, live }, &mut comparison);
    }
}

/// Compares only what is said of an object: owner, comment, privileges, labels.
pub(super) fn compare_said(
    id: &ObjectId,
    sides: Pair<&NormalObject>,
    rules: &Rules,
    findings: &mut Findings,
) {
    let facets = sides.map(|side| said::facets(id, side));
    Comparison { id, part: None, sides, rules, findings }.facets(facets);
}

/// Both definitions of a constraint that demands another thing on each side: to
/// compare a CHECK with a UNIQUE by facets would report each of their facets.
fn other_definition(sides: Pair<&NormalObject>) -> Option<Pair<Value>> {
    let (Object::Constraint(canonical), Object::Constraint(live)) =
        (sides.canonical.object(), sides.live.object())
    else {
        return None;
    };
    let kinds = Pair { canonical, live }.map(|side| std::mem::discriminant(&side.definition));
    (kinds.canonical != kinds.live)
        .then(|| Pair { canonical, live }.map(|side| constraint::definition(side)))
}

/// One object under comparison, or one column of it.
struct Comparison<'a> {
    id: &'a ObjectId,
    /// The column, when it is one: then `id` is its identity.
    part: Option<&'a Ident>,
    /// The object that holds the places of the part.
    sides: Pair<&'a NormalObject>,
    rules: &'a Rules,
    findings: &'a mut Findings,
}

impl Comparison<'_> {
    /// Compares all facets. Both maps are sorted, so the drifts are as well.
    fn facets(&mut self, sides: Pair<Facets>) {
        let Pair { canonical: Facets(mut canonical), live: Facets(live) } = sides;
        let mut changes = BTreeMap::new();
        for (key, value) in live {
            match canonical.remove(&key) {
                Some(same) if same == value => {}
                other => {
                    changes.insert(key, Pair { canonical: other, live: Some(value) });
                }
            }
        }
        for (key, value) in canonical {
            changes.insert(key, Pair { canonical: Some(value), live: None });
        }
        if changes.is_empty() {
            return;
        }
        let written = Written::of(self.sides, self.part);
        for (key, values) in changes {
            if written.agree(&key) {
                let drift = self.drift(key, values);
                self.findings.following.push(drift);
            } else {
                self.changed(key, values);
            }
        }
    }

    /// Records one facet that differs, as a drift or as left out.
    fn changed(&mut self, facet: FacetKey, values: Pair<Option<Value>>) {
        let facet = routine::body_facet(self.sides.map(NormalObject::object), facet, &values);
        match self.rules.skip_facet(self.id, &facet, values.as_ref()) {
            Some(reason) => {
                let spans = self.spans(&facet);
                self.skip(reason, Some(facet), spans);
            }
            None => {
                let drift = self.drift(facet, values);
                self.findings.drifts.push(drift);
            }
        }
    }

    fn place(&self, facet: &FacetKey) -> Place {
        // The parts of an index are said one by one.
        let part = if facet.facet == Facet::AttachedTo { &facet.key } else { &self.part.cloned() };
        Place { part: part.clone(), facet: Some(facet.facet) }
    }

    fn spans(&self, facet: &FacetKey) -> Pair<Option<Span>> {
        let place = self.place(facet);
        // What an object has for each role, option or provider may be said one by one.
        let keyed = match (&self.part, &facet.key) {
            (None, Some(key)) => Some(Place::part_facet(key, facet.facet)),
            _of_a_part_or_only_one => None,
        };
        self.sides.map(|side| {
            let origin = side.origin();
            let own = keyed.as_ref().and_then(|keyed| origin.exactly(keyed));
            Some(own.unwrap_or_else(|| origin.of(&place)))
        })
    }

    fn drift(&self, facet: FacetKey, values: Pair<Option<Value>>) -> Drift {
        let (place, spans) = (self.place(&facet), self.spans(&facet));
        let undecided =
            is_undecided(self.sides.canonical, &place) || is_undecided(self.sides.live, &place);
        let rating =
            severity::of_change(self.id.kind(), &facet, values.as_ref().map(Option::as_ref));
        Drift {
            object: self.id.clone(),
            kind: DriftKind::Changed { facet, values },
            spans,
            severity: rating.severity,
            impact: rating.impact.into(),
            preserve: false,
            undecided,
            candidates: Vec::new(),
        }
    }

    fn skip(&mut self, reason: SkipReason, facet: Option<FacetKey>, spans: Pair<Option<Span>>) {
        self.findings.skipped.push(Skipped { reason, object: self.id.clone(), facet, spans });
    }
}

/// True when an undecided part is that place or what it is part of.
fn is_undecided(object: &NormalObject, place: &Place) -> bool {
    object.undecided().iter().any(|undecided| {
        let Place { part, facet } = &undecided.place;
        (part.is_none() || *part == place.part) && (facet.is_none() || *facet == place.facet)
    })
}

/// Compares the columns of a table by name, and then their order.
fn compare_columns(name: &QualifiedName, tables: Pair<&Table>, table: &mut Comparison<'_>) {
    let by_name = tables.map(|table| {
        table.columns.iter().map(|column| (&column.name, column)).collect::<BTreeMap<_, _>>()
    });
    let names: BTreeSet<&Ident> =
        by_name.canonical.keys().chain(by_name.live.keys()).copied().collect();
    for column_name in names {
        let columns = by_name.as_ref().map(|side| side.get(column_name).copied());
        if let Pair { canonical: Some(canonical), live: Some(live) } = columns {
            if canonical == live {
                continue;
            }
            let id = ObjectId::Column(Child::new(name.clone(), column_name.clone()));
            let mut comparison = Comparison {
                id: &id,
                part: Some(column_name),
                sides: table.sides,
                rules: table.rules,
                findings: &mut *table.findings,
            };
            comparison.facets(Pair { canonical, live }.map(column::facets));
        } else {
            one_sided_column(name, column_name, columns, table);
        }
    }
    compare_order(tables, table);
}

/// A column that one side does not have.
fn one_sided_column(
    table_name: &QualifiedName,
    name: &Ident,
    columns: Pair<Option<&Column>>,
    table: &mut Comparison<'_>,
) {
    let spans = columns
        .zip(table.sides)
        .map(|(column, side)| column.map(|_| side.origin().of(&Place::part(name))));
    let kind = if columns.canonical.is_some() {
        DriftKind::Missing { with: Vec::new() }
    } else {
        DriftKind::Extra { with: Vec::new() }
    };
    let object = ObjectId::Column(Child::new(table_name.clone(), name.clone()));
    table.findings.drifts.push(severity::drift(object, kind, spans));
}

/// The order of the columns that both sides have.
fn compare_order(tables: Pair<&Table>, table: &mut Comparison<'_>) {
    let names = tables.map(|table| table.columns.iter().map(|c| &c.name).collect::<BTreeSet<_>>());
    let is_shared = |name: &&Ident| names.canonical.contains(*name) && names.live.contains(*name);
    let order = tables.map(|table| {
        table.columns.iter().map(|column| &column.name).filter(is_shared).collect::<Vec<_>>()
    });
    if order.canonical != order.live {
        let values = order.map(|names| Some(names.into_iter().collect::<Value>()));
        table.changed(FacetKey { facet: Facet::ColumnOrder, key: None }, values);
    }
}
