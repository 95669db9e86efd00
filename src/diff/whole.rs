//! Objects that only one side has: what goes with what, and what is only renamed.
//!
//! A missing table is one drift. Its constraints, indexes, triggers and policies
//! are missing with it and only counted.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::compare::{self, Findings};
use super::drift::{Drift, DriftKind, Skipped};
use super::severity;
use super::skip::Rules;
use crate::model::{
    Child, Constraint, Index, Kind, Object, ObjectId, Pair, QualifiedName, Sequence, Statistics,
};
use crate::normalize::{NormalObject, NormalSchema};

/// An object of one side.
type Whole<'a> = (&'a ObjectId, &'a NormalObject);

/// What came of the objects that only one side has.
#[derive(Debug, Default)]
pub(super) struct Wholes<'a> {
    /// Drifts and what was left out.
    pub findings: Findings,
    /// Constraints and indexes that only have another name on the live side.
    pub renamed: Vec<Pair<&'a ObjectId>>,
}

/// Makes drifts of the objects that only one side has.
pub(super) fn one_sided<'a>(only: Pair<Vec<Whole<'a>>>, rules: &Rules) -> Wholes<'a> {
    let mut wholes = Wholes::default();
    let Pair { canonical, live } = only;
    let mut canonical = contained(skip(canonical, true, rules, &mut wholes.findings));
    let mut live = contained(skip(live, false, rules, &mut wholes.findings));
    for pair in renames(&canonical.alone, &live.alone) {
        let ids = pair.map(|(id, _)| id);
        canonical.alone.remove(ids.canonical);
        live.alone.remove(ids.live);
        let spans = pair.map(|(_, object)| Some(object.origin().span));
        let kind = DriftKind::Renamed { live: ids.live.clone() };
        wholes.findings.drifts.push(severity::drift(ids.canonical.clone(), kind, spans));
        let objects = pair.map(|(_, object)| object);
        compare::compare_said(ids.canonical, objects, rules, &mut wholes.findings);
        wholes.renamed.push(ids);
    }
    for (id, object) in &canonical.alone {
        let kind = DriftKind::Missing { with: canonical.parts_of(id) };
        let spans = Pair { canonical: Some(object.origin().span), live: None };
        wholes.findings.drifts.push(severity::drift((*id).clone(), kind, spans));
    }
    for (id, object) in &live.alone {
        let kind = DriftKind::Extra { with: live.parts_of(id) };
        let spans = Pair { canonical: None, live: Some(object.origin().span) };
        wholes.findings.drifts.push(severity::drift((*id).clone(), kind, spans));
    }
    wholes
}

/// Sets aside what a rule leaves out.
fn skip<'a>(
    side: Vec<Whole<'a>>,
    is_canonical: bool,
    rules: &Rules,
    findings: &mut Findings,
) -> Vec<Whole<'a>> {
    let mut kept = Vec::with_capacity(side.len());
    for (id, object) in side {
        let Some(reason) = rules.skip_object(id) else {
            kept.push((id, object));
            continue;
        };
        let span = Some(object.origin().span);
        let spans = if is_canonical {
            Pair { canonical: span, live: None }
        } else {
            Pair { canonical: None, live: span }
        };
        findings.skipped.push(Skipped { reason, object: id.clone(), facet: None, spans });
    }
    kept
}

/// The objects of one side, those that go with another only counted.
#[derive(Debug, Default)]
struct Contained<'a> {
    alone: BTreeMap<&'a ObjectId, &'a NormalObject>,
    parts: HashMap<&'a QualifiedName, BTreeMap<Kind, usize>>,
}

impl Contained<'_> {
    fn parts_of(&self, id: &ObjectId) -> Vec<(Kind, usize)> {
        let parts = is_container(id.kind())
            .then(|| id.qualified_name().and_then(|name| self.parts.get(name)))
            .flatten();
        parts.into_iter().flatten().map(|(kind, count)| (*kind, *count)).collect()
    }
}

fn contained(side: Vec<Whole<'_>>) -> Contained<'_> {
    let containers: BTreeSet<&QualifiedName> = side
        .iter()
        .filter(|(id, _)| is_container(id.kind()))
        .filter_map(|(id, _)| id.qualified_name())
        .collect();
    let mut result = Contained::default();
    for (id, object) in side {
        match container(id, object.object()).filter(|name| containers.contains(name)) {
            Some(name) => {
                *result.parts.entry(name).or_default().entry(id.kind()).or_default() += 1;
            }
            None => {
                result.alone.insert(id, object);
            }
        }
    }
    result
}

fn is_container(kind: Kind) -> bool {
    matches!(kind, Kind::Table | Kind::View | Kind::MaterializedView | Kind::Domain)
}

/// The relation or domain that an object is dropped with.
pub(crate) fn container<'a>(id: &'a ObjectId, object: &'a Object) -> Option<&'a QualifiedName> {
    id.parent()
        .or_else(|| <&Index>::try_from(object).ok().map(|index| &index.relation))
        .or_else(|| <&Statistics>::try_from(object).ok().map(|statistics| &statistics.relation))
        .or_else(|| {
            let sequence = <&Sequence>::try_from(object).ok()?;
            sequence.owned_by.as_ref().map(|(table, _)| table)
        })
}

/// Constraints and indexes whose content stands once on each side, under another name.
fn renames<'a>(
    canonical: &BTreeMap<&'a ObjectId, &'a NormalObject>,
    live: &BTreeMap<&'a ObjectId, &'a NormalObject>,
) -> Vec<Pair<Whole<'a>>> {
    let mut live_contents = by_content(live);
    by_content(canonical)
        .into_iter()
        .filter_map(|(content, canonical)| {
            let canonical = canonical?;
            let live = live_contents.remove(&content)??;
            Some(Pair { canonical, live })
        })
        .collect()
}

/// What makes two constraints or indexes the same but for the name: where they
/// are, and what they are.
type Content<'a> = (&'a QualifiedName, &'a Object);

/// Each content with the object that has it; none when several have it.
fn by_content<'a>(
    side: &BTreeMap<&'a ObjectId, &'a NormalObject>,
) -> BTreeMap<Content<'a>, Option<Whole<'a>>> {
    let mut contents = BTreeMap::new();
    for (id, object) in side {
        let is_renamable = <&Constraint>::try_from(object.object()).is_ok()
            || <&Index>::try_from(object.object()).is_ok();
        let Some(place) = container(id, object.object()).filter(|_| is_renamable) else {
            continue;
        };
        contents
            .entry((place, object.object()))
            .and_modify(|only| *only = None)
            .or_insert(Some((*id, *object)));
    }
    contents
}

/// The sequence of a missing `serial` column is missing with it, as one drift.
pub(super) fn fold_sequences(sides: Pair<&NormalSchema>, drifts: &mut Vec<Drift>) {
    let is_whole =
        |drift: &Drift| matches!(drift.kind, DriftKind::Missing { .. } | DriftKind::Extra { .. });
    let columns: BTreeMap<ObjectId, &'static str> = drifts
        .iter()
        .filter(|drift| is_whole(drift) && drift.object.kind() == Kind::Column)
        .map(|drift| (drift.object.clone(), drift.kind.label()))
        .collect();
    if columns.is_empty() {
        return;
    }
    let mut folded: BTreeMap<ObjectId, usize> = BTreeMap::new();
    drifts.retain(|drift| {
        let column = owning_column(sides, drift).filter(|_| is_whole(drift));
        let Some(column) = column.filter(|id| columns.get(id) == Some(&drift.kind.label())) else {
            return true;
        };
        *folded.entry(column).or_default() += 1;
        false
    });
    for drift in drifts {
        let Some(count) = folded.get(&drift.object) else { continue };
        if let DriftKind::Missing { with } | DriftKind::Extra { with } = &mut drift.kind {
            with.push((Kind::Sequence, *count));
        }
    }
}

/// The column that owns the sequence that a drift is about.
fn owning_column(sides: Pair<&NormalSchema>, drift: &Drift) -> Option<ObjectId> {
    let ObjectId::Sequence(_) = &drift.object else { return None };
    let Pair { canonical, live } = sides.map(|side| side.get(&drift.object));
    let sequence = <&Sequence>::try_from(canonical.or(live)?.object()).ok()?;
    let (table, column) = sequence.owned_by.as_ref()?;
    Some(ObjectId::Column(Child::new(table.clone(), column.clone())))
}
