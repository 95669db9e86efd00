//! What may have been renamed: candidates with a score, never applied.
//!
//! A missing and an extra object of one kind may be one object. Only objects that
//! fall into one bucket are compared, so the cost stays near-linear: columns within
//! their table, tables by the columns they share (unless half the schema has the
//! column), other objects by equal content.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Value;
use super::compare::Findings;
use super::drift::{Candidate, Drift, DriftKind, SkipReason, Skipped};
use crate::model::{
    Child, Column, Facet, Ident, Kind, Object, ObjectId, Pair, QualifiedName, Table,
};
use crate::normalize::{NormalObject, NormalSchema};

/// Candidates below this many percent are not worth a reader's time.
const THRESHOLD: u8 = 50;

/// A column that more than this many missing or extra tables have says nothing about which is which.
const COMMON: usize = 16;

/// Within one table, more missing (or extra) columns than this are not compared with one another.
const MOST_COLUMNS: usize = 64;

/// Drops drifts that only say that a name follows a rename: an index attached to a
/// renamed index, `CLUSTER ON` and `REPLICA IDENTITY USING INDEX` of one.
pub(super) fn follow(renamed: &[Pair<&ObjectId>], findings: &mut Findings) {
    if renamed.is_empty() {
        return;
    }
    let names: BTreeSet<Pair<&Ident>> =
        renamed.iter().filter_map(|ids| pair_of(ids.map(own_name))).collect();
    let follows = |drift: &Drift| {
        let DriftKind::Changed { facet, values } = &drift.kind else { return false };
        matches!(facet.facet, Facet::AttachedTo | Facet::ClusterOn | Facet::ReplicaIdentity)
            && pair_of(values.as_ref().map(|value| value.as_ref().and_then(last_name)))
                .is_some_and(|pair| names.contains(&pair))
    };
    let (followers, kept) = std::mem::take(&mut findings.drifts).into_iter().partition(follows);
    findings.drifts = kept;
    let followers: Vec<Drift> = followers;
    findings.skipped.extend(followers.into_iter().map(|drift| Skipped {
        reason: SkipReason::FollowsRename,
        facet: drift.facet().cloned(),
        object: drift.object,
        spans: drift.spans,
    }));
}

fn own_name(id: &ObjectId) -> Option<&Ident> {
    match id {
        ObjectId::Constraint(child) => Some(&child.name),
        _other => id.qualified_name().map(|name| &name.name),
    }
}

fn last_name(value: &Value) -> Option<&Ident> {
    match value {
        Value::Name(name) => Some(&name.name),
        Value::Phrase(parts) => parts.last().and_then(last_name),
        Value::Flag(_)
        | Value::Keyword(_)
        | Value::Number(_)
        | Value::Text(_)
        | Value::Type(_)
        | Value::Expr(_)
        | Value::Query(_)
        | Value::Command(_)
        | Value::SortKey(_)
        | Value::Body(_)
        | Value::List(_)
        | Value::Secret(_) => None,
    }
}

fn pair_of<T>(pair: Pair<Option<T>>) -> Option<Pair<T>> {
    Some(Pair { canonical: pair.canonical?, live: pair.live? })
}

/// Finds candidates for all missing and extra objects.
pub(super) fn find_candidates(sides: Pair<&NormalSchema>, drifts: &mut [Drift]) {
    let mut whole: BTreeMap<Kind, Pair<Vec<ObjectId>>> = BTreeMap::new();
    for drift in &*drifts {
        let of_kind = whole.entry(drift.object.kind()).or_default();
        match &drift.kind {
            DriftKind::Missing { .. } => of_kind.canonical.push(drift.object.clone()),
            DriftKind::Extra { .. } => of_kind.live.push(drift.object.clone()),
            DriftKind::Renamed { .. } | DriftKind::Changed { .. } => {}
        }
    }
    let mut scores: Vec<(Pair<ObjectId>, u8)> = Vec::new();
    for (kind, ids) in &whole {
        if ids.canonical.is_empty() || ids.live.is_empty() {
            continue;
        }
        match kind {
            Kind::Column => columns(sides, ids, &mut scores),
            Kind::Table => tables(sides, ids, &mut scores),
            _any_other_kind => contents(sides, ids, &mut scores),
        }
    }
    attach(scores, drifts);
}

/// Writes the candidates that are good enough beside both drifts, best first.
fn attach(scores: Vec<(Pair<ObjectId>, u8)>, drifts: &mut [Drift]) {
    let mut candidates: BTreeMap<ObjectId, Vec<Candidate>> = BTreeMap::new();
    for (Pair { canonical, live }, score) in scores {
        if score < THRESHOLD {
            continue;
        }
        let mut add = |one: &ObjectId, other: &ObjectId| {
            let candidate = Candidate { object: other.clone(), score };
            candidates.entry(one.clone()).or_default().push(candidate);
        };
        add(&canonical, &live);
        add(&live, &canonical);
    }
    for drift in drifts {
        let is_whole = !matches!(drift.kind, DriftKind::Changed { .. });
        if let Some(mut found) = is_whole.then(|| candidates.remove(&drift.object)).flatten() {
            found.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.object.cmp(&b.object)));
            found.truncate(3);
            drift.candidates = found;
        }
    }
}

/// Columns of one table, each missing one with each extra one.
fn columns(
    sides: Pair<&NormalSchema>,
    ids: &Pair<Vec<ObjectId>>,
    scores: &mut Vec<(Pair<ObjectId>, u8)>,
) {
    let mut by_table: BTreeMap<&QualifiedName, Pair<Vec<&Child>>> = BTreeMap::new();
    for id in &ids.canonical {
        if let ObjectId::Column(child) = id {
            by_table.entry(&child.parent).or_default().canonical.push(child);
        }
    }
    for id in &ids.live {
        if let ObjectId::Column(child) = id {
            by_table.entry(&child.parent).or_default().live.push(child);
        }
    }
    for (name, children) in by_table {
        let id = ObjectId::Table(name.clone());
        let table = |side: &'_ NormalSchema| -> Option<Table> {
            <&Table>::try_from(side.get(&id)?.object()).ok().cloned()
        };
        let Some(tables) = pair_of(sides.map(table)) else { continue };
        if children.canonical.len().max(children.live.len()) > MOST_COLUMNS {
            continue;
        }
        for canonical in &children.canonical {
            for live in &children.live {
                let pair = Pair { canonical: *canonical, live: *live };
                if let Some(score) = column_score(&tables, pair) {
                    scores.push((pair.map(|child| ObjectId::Column(child.clone())), score));
                }
            }
        }
    }
}

/// How alike two columns are: type 40, name 25, nullability and default 10 each,
/// position among the columns 15.
fn column_score(tables: &Pair<Table>, names: Pair<&Child>) -> Option<u8> {
    let find = |(table, child): (&Table, &Child)| -> Option<(usize, Column)> {
        let at = table.columns.iter().position(|column| column.name == child.name)?;
        table.columns.get(at).map(|column| (at, column.clone()))
    };
    let found = pair_of(tables.as_ref().zip(names).map(find))?;
    let Pair { canonical: (canonical_at, canonical), live: (live_at, live) } = found;
    let mut score = 0;
    score += if canonical.ty == live.ty {
        40
    } else if canonical.ty.name == live.ty.name {
        20
    } else {
        0
    };
    score += alike(canonical.name.as_str(), live.name.as_str()) / 4;
    score += if canonical.not_null.is_some() == live.not_null.is_some() { 10 } else { 0 };
    score += if canonical.default == live.default { 10 } else { 0 };
    score += match canonical_at.abs_diff(live_at) {
        0 => 15,
        1 => 8,
        _far => 0,
    };
    Some(score.min(100))
}

/// Tables that share columns by name and type.
fn tables(
    sides: Pair<&NormalSchema>,
    ids: &Pair<Vec<ObjectId>>,
    scores: &mut Vec<(Pair<ObjectId>, u8)>,
) {
    let mut having: HashMap<(&Ident, &crate::model::TypeName), Vec<usize>> = HashMap::new();
    let live: Vec<Option<&Table>> = ids.live.iter().map(|id| table_of(sides.live, id)).collect();
    for (at, table) in live.iter().enumerate() {
        for column in table.iter().flat_map(|table| &table.columns) {
            having.entry((&column.name, &column.ty)).or_default().push(at);
        }
    }
    for id in &ids.canonical {
        let Some(canonical) = table_of(sides.canonical, id) else { continue };
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        let mut too_common = 0;
        for column in &canonical.columns {
            match having.get(&(&column.name, &column.ty)) {
                Some(tables) if tables.len() <= COMMON => {
                    for at in tables {
                        *shared.entry(*at).or_default() += 1;
                    }
                }
                Some(_) => too_common += 1,
                None => {}
            }
        }
        for (at, count) in shared {
            let (Some(Some(table)), Some(live_id)) = (live.get(at), ids.live.get(at)) else {
                continue;
            };
            let most = canonical.columns.len().max(table.columns.len()).max(1);
            let share = percent(count + too_common.min(most.saturating_sub(count)), most);
            let names = Pair { canonical: id, live: live_id }
                .map(|id| own_name(id).map_or("", Ident::as_str));
            let score =
                (u32::from(share) * 80 + u32::from(alike(names.canonical, names.live)) * 20) / 100;
            let pair = Pair { canonical: id.clone(), live: live_id.clone() };
            scores.push((pair, u8::try_from(score).unwrap_or(100)));
        }
    }
}

fn table_of<'a>(side: &'a NormalSchema, id: &ObjectId) -> Option<&'a Table> {
    <&Table>::try_from(side.get(id)?.object()).ok()
}

/// Objects of other kinds: those with equal content, each content once on each side,
/// and those of equal name in another namespace or on another relation.
fn contents(
    sides: Pair<&NormalSchema>,
    ids: &Pair<Vec<ObjectId>>,
    scores: &mut Vec<(Pair<ObjectId>, u8)>,
) {
    let once = |side: &'_ NormalSchema, ids: &[ObjectId]| -> BTreeMap<Object, Option<ObjectId>> {
        let mut contents: BTreeMap<Object, Option<ObjectId>> = BTreeMap::new();
        for id in ids {
            if let Some(object) = side.get(id).map(NormalObject::object) {
                contents
                    .entry(object.clone())
                    .and_modify(|only| *only = None)
                    .or_insert_with(|| Some(id.clone()));
            }
        }
        contents
    };
    let mut live = once(sides.live, &ids.live);
    for (content, canonical) in once(sides.canonical, &ids.canonical) {
        let pair = Pair { canonical, live: live.remove(&content).flatten() };
        let Some(pair) = pair_of(pair) else { continue };
        let names = pair.as_ref().map(|id| own_name(id).map_or("", Ident::as_str));
        let score = 75 + alike(names.canonical, names.live) / 4;
        scores.push((pair, score));
    }
}

/// How alike two names are, in percent: the characters in common, in order.
fn alike(one: &str, other: &str) -> u8 {
    let ratio = similar::TextDiff::from_chars(one, other).ratio();
    // A ratio is between 0 and 1.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
    let percent = (ratio * 100.0) as u8;
    percent
}

fn percent(part: usize, whole: usize) -> u8 {
    u8::try_from(part * 100 / whole.max(1)).unwrap_or(100).min(100)
}
