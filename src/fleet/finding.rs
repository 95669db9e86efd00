//! A drift without the database it was found in.
//!
//! A comparison goes in, [`Compared`] comes out. Two databases have the same drift when the
//! object and facet are the same and so are the values of both sides, in full: not only what fits
//! into a cell of a report. Of an object that is extra its definition counts, with its
//! columns, indexes and so on; who owns it, and comments on it, do not.

use std::collections::BTreeMap;

use super::{At, Compared, Key};
use crate::diff::{Diff, Drift, DriftKind, Severity, container, facets_of};
use crate::emit::report::{Evidence, Report, Row};
use crate::model::{Kind, ObjectId, QualifiedName};
use crate::normalize::NormalSchema;

/// A drift that databases of a fleet have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its identity.
    pub key: Key,
    /// The kind of the object.
    pub kind: Kind,
    /// The name of the object.
    pub object: String,
    /// `missing`, `extra`, `renamed`, `changed`.
    pub change: String,
    /// The facet that differs.
    pub facet: Option<String>,
    /// What is declared.
    pub canonical: String,
    /// What is there.
    pub live: String,
    /// How bad it is.
    pub severity: Severity,
    /// What it endangers.
    pub impact: String,
    /// What would end it.
    pub resolution: String,
    /// It may be no difference at all.
    pub undecided: bool,
    /// Where it is declared, as `file:line`; in parentheses when only nearby.
    pub declared: Option<String>,
}

impl Finding {
    /// `table public.t`.
    pub fn title(&self) -> String {
        format!("{} {}", self.kind.label(), self.object)
    }

    /// `missing`, `changed: not null`.
    pub fn drift_type(&self) -> String {
        match &self.facet {
            Some(facet) => format!("{}: {facet}", self.change),
            None => self.change.clone(),
        }
    }
}

/// A drift of one database, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which drift.
    pub drift: u32,
    /// Where the database says it.
    pub at: Option<At>,
}

/// What a fleet keeps of a comparison. `accepted` gives the decision by which a drift may stay:
/// it is counted, and not held against the database. `ignored` are the drifts that the
/// configuration leaves out, with the reasons. Only objects for which `is_wanted` holds count.
pub fn compared<'a>(
    diff: &Diff,
    report: &Report,
    live: &NormalSchema,
    accepted: impl Fn(&Row) -> Option<String>,
    ignored: impl Iterator<Item = (&'a ObjectId, &'a str)>,
    is_wanted: impl Fn(&ObjectId) -> bool,
) -> Compared {
    let mut parts = None;
    let complete = report.unknown.canonical == 0 && report.unknown.live == 0;
    let mut drifts = Vec::new();
    let mut decided = false;
    let mut stays = BTreeMap::new();
    for (drift, row) in diff.drifts.iter().zip(&report.rows) {
        if !is_wanted(&drift.object) {
            continue;
        }
        if let Some(decision) = accepted(row) {
            *stays.entry(decision).or_default() += 1;
            continue;
        }
        decided |= !drift.undecided;
        let extra = matches!(drift.kind, DriftKind::Extra { .. });
        let content = extra.then(|| {
            let parts = parts.get_or_insert_with(|| parts_of(live));
            content(&drift.object, live, parts)
        });
        let at = row.evidence.live.as_ref().and_then(|place| at(place, &report.sources.live));
        drifts.push((finding(drift, row, content), at));
    }
    let verdict = match (decided, drifts.is_empty() && complete) {
        (true, _) => crate::diff::Verdict::Drift,
        (false, true) => crate::diff::Verdict::InSync,
        (false, false) => crate::diff::Verdict::Unknown,
    };
    let skipped = diff.skipped.iter().map(|skipped| (&skipped.object, skipped.reason.label()));
    Compared {
        tenant: None,
        verdict,
        objects: report.objects.live,
        drifts,
        accepted: stays,
        ignored: count(ignored, &is_wanted),
        skipped: count(skipped, &is_wanted),
        unknown: report.unknown.live,
        note: None,
    }
}

/// How many there are of each reason.
fn count<'a>(
    reasons: impl Iterator<Item = (&'a ObjectId, &'a str)>,
    is_wanted: impl Fn(&ObjectId) -> bool,
) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for (_, reason) in reasons.filter(|(object, _)| is_wanted(object)) {
        *counts.entry(reason.to_owned()).or_default() += 1;
    }
    counts
}

fn finding(drift: &Drift, row: &Row, content: Option<String>) -> Finding {
    let Drift {
        object: _,
        kind,
        spans: _,
        severity,
        impact: _,
        preserve,
        undecided,
        candidates: _,
    } = drift;
    // What it may have been renamed to depends on the rest of the database.
    let resolution = row.resolution.split(", or rename: ").next().unwrap_or_default();
    let identity = format!("{:?}", drift.object);
    let value = format!("{kind:?}");
    let state = format!("{} {preserve} {undecided}", severity.label());
    let key = Key::of([&*identity, &*value, &*state, content.as_deref().unwrap_or_default()]);
    Finding {
        key,
        kind: row.kind,
        object: row.object.clone(),
        change: row.change.to_owned(),
        facet: row.facet.clone(),
        canonical: row.canonical.clone(),
        live: row.live.clone(),
        severity: *severity,
        impact: row.impact.clone().into_owned(),
        resolution: resolution.to_owned(),
        undecided: *undecided,
        declared: row.evidence.canonical.as_ref().map(Evidence::label),
    }
}

fn at(place: &Evidence, sources: &[String]) -> Option<At> {
    let source = sources.iter().position(|name| *name == place.source)?;
    Some(At {
        source: u32::try_from(source).ok()?,
        line: u32::try_from(place.line).unwrap_or(u32::MAX),
        nearby: place.nearby,
    })
}

/// What goes with each relation or domain.
type Parts<'a> = BTreeMap<&'a QualifiedName, Vec<&'a ObjectId>>;

fn parts_of(schema: &NormalSchema) -> Parts<'_> {
    let mut parts = Parts::new();
    for (id, object) in schema {
        if let Some(whole) = container(id, object.object()) {
            parts.entry(whole).or_default().push(id);
        }
    }
    parts
}

/// An object in full, with what goes with it.
fn content(id: &ObjectId, schema: &NormalSchema, parts: &Parts<'_>) -> String {
    let mut text = match schema.get(id) {
        Some(object) => format!("{:?}", object.object()),
        None => format!("{:?}", facets_of(schema, id)),
    };
    let own = id.qualified_name().and_then(|name| parts.get(name));
    for part in own.into_iter().flatten() {
        if let Some(object) = schema.get(part) {
            text.push_str(&format!("\n{part:?} {:?}", object.object()));
        }
    }
    text
}
