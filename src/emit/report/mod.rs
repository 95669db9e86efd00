//! The drift table: what was found, ready to be written in any format.
//!
//! [`Report::new`] turns drifts into rows of text with evidence; each format has
//! one writer, which escapes what it writes: names and values come from the
//! input and may hold anything.

mod ci;
pub(crate) mod csv;
mod explain;
pub(crate) mod html;
mod json;
pub(crate) mod link;
mod markdown;
pub(super) mod name;
pub(super) mod phrase;
mod sarif;
mod terminal;
pub(crate) mod wrap;

use std::collections::{BTreeMap, BTreeSet};

pub use explain::{ExplainError, explain, line_diff, same_id};
pub use json::{JSON_SCHEMA, VERSION};
pub use link::target as link_target;
pub use terminal::TerminalStyle;
pub(crate) use terminal::{paint, severity_color, verdict_color};

use super::redact;
use crate::diff::{self, Diff, Drift, DriftKind, Severity, SkipReason, Verdict};
use crate::model::{Gravity, Hazard, Kind, ObjectId, Pair, Place, Problem, Span, Table};
use crate::normalize::NormalSchema;
use crate::parse::Coverage;
use crate::source::{LineIndex, Source};

/// One side of a comparison, with all that a report says about it.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The texts that were read.
    pub sources: &'a [Source],
    /// What they say.
    pub schema: &'a NormalSchema,
    /// What became of each statement.
    pub coverage: &'a Coverage,
    /// What was not understood.
    pub problems: &'a [Problem],
}

impl Side<'_> {
    /// False when a part of the side was not understood.
    pub fn is_complete(&self) -> bool {
        let hides_nothing = |problem: &Problem| problem.code.gravity() == Gravity::Warning;
        self.problems.iter().all(hides_nothing) && self.coverage.unknown == 0
    }
}

/// A comparison, ready to be written.
#[derive(Clone, Debug)]
pub struct Report {
    /// What the comparison proves.
    pub verdict: Verdict,
    /// One row for each drift.
    pub rows: Vec<Row>,
    /// How many differences each rule left out.
    pub skipped: BTreeMap<SkipReason, usize>,
    /// The differences that were left out, for listing.
    pub skipped_rows: Vec<SkippedRow>,
    /// How many objects each side has.
    pub objects: Pair<usize>,
    /// The names of the sources of each side.
    pub sources: Pair<Vec<String>>,
    /// What became of the statements of each side.
    pub coverage: Pair<Coverage>,
    /// Drifts that the configuration leaves out.
    pub ignored: Vec<IgnoredRow>,
    /// True while no register gave the IDs.
    pub provisional: bool,
    /// How many places of each side were not understood.
    pub unknown: Pair<usize>,
    /// Addresses of sources, by their names, that places in a terminal link to; by
    /// [`link_target`]. Empty unless links are wanted.
    pub links: BTreeMap<String, String>,
}

/// The heads of the drift table.
const HEADS: [&str; 9] = [
    "ID",
    "Object",
    "Drift type",
    "Canonical truth",
    "Live state",
    "Severity",
    "Evidence",
    "Resolution",
    "Status",
];

/// One drift as a row of the drift table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// `SCHEMA-DRIFT-001`. Without a register it is provisional: it changes with the drifts
    /// before it.
    pub id: String,
    /// The kind of the object.
    pub kind: Kind,
    /// The name of the object.
    pub object: String,
    /// `missing`, `extra`, `renamed`, `changed`.
    pub change: &'static str,
    /// The facet that differs, with its key: `option fillfactor`.
    pub facet: Option<String>,
    /// What is declared.
    pub canonical: String,
    /// What is there.
    pub live: String,
    /// How bad it is.
    pub severity: Severity,
    /// What it endangers.
    pub impact: std::borrow::Cow<'static, str>,
    /// Where each side says it.
    pub evidence: Pair<Option<Evidence>>,
    /// What would end the drift.
    pub resolution: String,
    /// `open`, or `undecided` when it may be no drift; with a register, what became of it.
    pub status: String,
    /// Who takes care of it, by the register.
    pub owner: Option<String>,
    /// What was decided about it, by the register.
    pub decision: Option<String>,
    /// Since when it is there, which migration was written for it, and what people noted.
    pub history: Option<String>,
    /// What it may have been renamed to or from, with a score in percent.
    pub candidates: Vec<(String, u8)>,
    /// What ending it would endanger; none while no migration was planned.
    pub hazards: Option<BTreeSet<Hazard>>,
}

impl Row {
    /// `missing`, `changed: not null`.
    pub fn drift_type(&self) -> String {
        match &self.facet {
            Some(facet) => format!("{}: {facet}", self.change),
            None => self.change.to_owned(),
        }
    }

    /// `table public.t`.
    pub fn title(&self) -> String {
        format!("{} {}", self.kind.label(), self.object)
    }

    /// The row as plain text, by [`HEADS`].
    fn cells(&self) -> [String; 9] {
        [
            self.id.clone(),
            self.title(),
            self.drift_type(),
            self.canonical.clone(),
            self.live.clone(),
            self.severity.label().to_owned(),
            terminal::places(&self.evidence),
            self.resolution.clone(),
            self.status.clone(),
        ]
    }

    /// The codes of its hazards, `none`, or nothing while no migration was planned.
    fn hazard_codes(&self) -> Option<String> {
        let hazards = self.hazards.as_ref()?;
        let codes: Vec<&str> = hazards.iter().map(|hazard| hazard.code()).collect();
        Some(if codes.is_empty() { "none".to_owned() } else { codes.join(", ") })
    }
}

/// A place in a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The source, as the user named it.
    pub source: String,
    /// The first line.
    pub line: usize,
    /// The first character of it.
    pub column: usize,
    /// The last line.
    pub end_line: usize,
    /// True when this side does not say it, and the place is that of the object it would be part of.
    pub nearby: bool,
}

impl Evidence {
    /// `db/schema.sql:12`; in parentheses when it is only nearby.
    pub fn label(&self) -> String {
        self.label_in(&self.source)
    }

    /// The same with another name for the source.
    fn label_in(&self, source: &str) -> String {
        let place = format!("{source}:{}", self.line);
        if self.nearby { format!("({place})") } else { place }
    }
}

/// A difference that a rule left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedRow {
    /// By which rule.
    pub reason: SkipReason,
    /// The object, with its kind.
    pub object: String,
    /// The facet, when it is not the whole object.
    pub facet: Option<String>,
    /// Where.
    pub evidence: Pair<Option<Evidence>>,
}

/// A drift that the configuration leaves out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoredRow {
    /// What the drift table would say of it; its ID means nothing.
    pub row: Row,
    /// Why.
    pub reason: String,
}

impl Report {
    /// Makes rows of drifts, in their order.
    pub fn new(diff: &Diff, sides: Pair<Side<'_>>) -> Self {
        let lines = sides.map(|side| lines(side.sources));
        Self::with_lines(diff, sides, lines.as_ref().map(Vec::as_slice))
    }

    /// The same with the lines of all sources at hand ([`lines`]): for who compares a large
    /// source with many. Of the sources themselves only the names are used.
    pub fn with_lines(diff: &Diff, sides: Pair<Side<'_>>, lines: Pair<&[LineIndex<'_>]>) -> Self {
        let places = Places { sides, lines };
        let rows =
            diff.drifts.iter().enumerate().map(|(at, drift)| row(at, drift, &places)).collect();
        let mut skipped = BTreeMap::new();
        for skip in &diff.skipped {
            *skipped.entry(skip.reason).or_default() += 1;
        }
        let skipped_rows = diff.skipped.iter().map(|skip| SkippedRow {
            reason: skip.reason,
            object: format!("{} {}", skip.object.kind().label(), name::object(&skip.object)),
            facet: skip.facet.as_ref().map(facet_label),
            evidence: places.said(skip.spans),
        });
        Self {
            verdict: diff.verdict(sides.canonical.is_complete() && sides.live.is_complete()),
            rows,
            skipped,
            skipped_rows: skipped_rows.collect(),
            ignored: Vec::new(),
            provisional: true,
            objects: diff.objects,
            sources: sides.map(|side| side.sources.iter().map(|s| s.name.clone()).collect()),
            coverage: sides.map(|side| side.coverage.clone()),
            links: BTreeMap::new(),
            unknown: sides.map(|side| {
                side.coverage.unknown.max(
                    side.problems.iter().filter(|p| p.code.gravity() != Gravity::Warning).count(),
                )
            }),
        }
    }

    /// Adds drifts that the configuration leaves out, each with the reason.
    pub fn ignore(&mut self, drifts: &[(&Drift, &str)], sides: Pair<Side<'_>>) {
        let lines = sides.map(|side| lines(side.sources));
        let places = Places { sides, lines: lines.as_ref().map(Vec::as_slice) };
        self.ignored = drifts
            .iter()
            .enumerate()
            .map(|(at, (drift, reason))| IgnoredRow {
                row: row(at, drift, &places),
                reason: (*reason).to_owned(),
            })
            .collect();
    }

    /// How many drifts there are of each severity, worst first; severities without any left out.
    pub fn counts(&self) -> Vec<(Severity, usize)> {
        let count =
            |severity: Severity| self.rows.iter().filter(|r| r.severity == severity).count();
        Severity::ALL.iter().map(|s| (*s, count(*s))).filter(|(_, count)| *count > 0).collect()
    }

    /// The drifts that each hazard is of, by their IDs; only hazards that there are.
    fn by_hazard(&self) -> BTreeMap<Hazard, Vec<&str>> {
        let mut found: BTreeMap<Hazard, Vec<&str>> = BTreeMap::new();
        for row in &self.rows {
            for hazard in row.hazards.iter().flatten() {
                found.entry(*hazard).or_default().push(&row.id);
            }
        }
        found
    }

    /// The table for people at a terminal.
    pub fn terminal(&self, style: &TerminalStyle) -> String {
        terminal::write(self, style)
    }

    /// The table as Markdown.
    pub fn markdown(&self) -> String {
        markdown::write(self)
    }

    /// The table as JSON, by [`JSON_SCHEMA`].
    pub fn json(&self) -> serde_json::Value {
        json::write(self)
    }

    /// The table as a page for browsers, with a picture of what drifts between the sides.
    pub fn html(&self, sides: Pair<Side<'_>>) -> String {
        html::write(self, sides)
    }

    /// The table as SARIF 2.1.0.
    pub fn sarif(&self) -> serde_json::Value {
        sarif::write(self)
    }

    /// The table as JUnit XML.
    pub fn junit(&self) -> String {
        ci::junit(self)
    }

    /// The table as GitLab's code quality report.
    pub fn gitlab(&self) -> serde_json::Value {
        ci::gitlab(self)
    }

    /// The table as annotations of GitHub's workflows.
    pub fn github(&self) -> String {
        ci::github(self)
    }

    /// The table as CSV (RFC 4180).
    pub fn csv(&self) -> String {
        csv::write(self)
    }
}

/// Text as the content of a cell of a Markdown table.
pub fn markdown_cell(text: &str) -> String {
    markdown::cell(text)
}

/// The name of an object as reports show it. Not escaped: the writer of each format does that.
pub fn object_name(id: &ObjectId) -> String {
    name::object(id)
}

/// More sources of a side are not named one by one; JSON has all.
const MOST_SOURCES: usize = 8;

/// The sources of a side on one line; of many, the first and the last.
fn source_list(sources: &[String]) -> String {
    match sources {
        [first, second, .., last] if sources.len() > MOST_SOURCES => {
            format!("{first}, {second}, .., {last} ({} files)", sources.len())
        }
        few => few.join(", "),
    }
}

/// The provisional identity of the drift at a place in the list.
pub(crate) fn provisional_id(at: usize) -> String {
    format!("SCHEMA-DRIFT-{:03}", at + 1)
}

fn row(at: usize, drift: &Drift, places: &Places<'_>) -> Row {
    let texts = truths(drift, places);
    let resolution = match &drift.kind {
        DriftKind::Missing { .. } | DriftKind::Extra { .. } if drift.preserve => "preserve",
        DriftKind::Missing { .. } => "create in live",
        DriftKind::Extra { .. } => "drop or declare",
        DriftKind::Renamed { .. } => "rename in live",
        DriftKind::Changed { .. } => "alter live",
    };
    let candidates: Vec<(String, u8)> =
        drift.candidates.iter().map(|c| (name::object(&c.object), c.score)).collect();
    Row {
        id: provisional_id(at),
        kind: drift.object.kind(),
        object: name::object(&drift.object),
        change: drift.kind.label(),
        facet: drift.facet().map(facet_label),
        canonical: redact::shown(&texts.canonical).into_owned(),
        live: redact::shown(&texts.live).into_owned(),
        severity: drift.severity,
        impact: drift.impact.clone(),
        evidence: places.evidence(drift),
        resolution: match candidates.first() {
            Some((other, score)) => format!("{resolution}, or rename: {other} ({score} %)?"),
            None => resolution.to_owned(),
        },
        status: if drift.undecided { "undecided" } else { "open" }.to_owned(),
        owner: None,
        decision: None,
        history: None,
        candidates,
        hazards: None,
    }
}

/// `option fillfactor`, `not null`.
pub fn facet_label(key: &diff::FacetKey) -> String {
    match &key.key {
        Some(name) => format!("{} {}", key.facet.label(), name::ident(name)),
        None => key.facet.label().to_owned(),
    }
}

/// What each side says, in short.
fn truths(drift: &Drift, places: &Places<'_>) -> Pair<String> {
    let absent = || "absent".to_owned();
    match &drift.kind {
        DriftKind::Missing { with } => Pair {
            canonical: whole(&drift.object, places.sides.canonical.schema, with),
            live: absent(),
        },
        DriftKind::Extra { with } => {
            Pair { canonical: absent(), live: whole(&drift.object, places.sides.live.schema, with) }
        }
        DriftKind::Renamed { live } => {
            Pair { canonical: name::object(&drift.object), live: name::object(live) }
        }
        DriftKind::Changed { facet, values } => {
            phrase::change(drift.object.kind(), facet, values.as_ref())
        }
    }
}

/// An object as a phrase, with what stands or falls with it.
fn whole(id: &ObjectId, schema: &NormalSchema, with: &[(Kind, usize)]) -> String {
    let facets = diff::facets_of(schema, id).unwrap_or_default();
    let mut text = phrase::whole(id.kind(), &facets);
    let columns = schema.get(id).and_then(|object| <&Table>::try_from(object.object()).ok());
    let columns = columns.map(|table| table.columns.len());
    let mut parts: Vec<String> =
        columns.map(|count| counted(count, "column")).into_iter().collect();
    parts.extend(with.iter().map(|(kind, count)| counted(*count, kind.label())));
    if !parts.is_empty() {
        let with = format!("with {}", parts.join(", "));
        text = if text.is_empty() {
            format!("{} {with}", id.kind().label())
        } else {
            format!("{text} {with}")
        };
    }
    if text.is_empty() { "present".to_owned() } else { text }
}

/// `1 index`, `2 indexes`, `3 policies`.
fn counted(count: usize, noun: &str) -> String {
    match noun {
        _ if count == 1 => format!("1 {noun}"),
        _ if noun.ends_with('x') => format!("{count} {noun}es"),
        _ if noun.ends_with('s') => format!("{count} {noun}"),
        _ => match noun.strip_suffix('y') {
            Some(stem) => format!("{count} {stem}ies"),
            None => format!("{count} {noun}s"),
        },
    }
}

/// The lines of all sources of a side.
pub fn lines(sources: &[Source]) -> Vec<LineIndex<'_>> {
    sources.iter().map(|source| LineIndex::new(&source.text)).collect()
}

/// Finds the lines of spans.
struct Places<'a> {
    sides: Pair<Side<'a>>,
    lines: Pair<&'a [LineIndex<'a>]>,
}

impl Places<'_> {
    /// Where both sides say it, or where it would be.
    fn evidence(&self, drift: &Drift) -> Pair<Option<Evidence>> {
        let said = self.said(drift.spans);
        let schemas = self.sides.map(|side| side.schema);
        let near = self.sides.map(|side| nearby(&drift.object, schemas, side.schema));
        let near = near.zip(self.sides).zip(self.lines).map(|((span, side), lines)| {
            Some(Evidence { nearby: true, ..evidence(span?, side.sources, lines)? })
        });
        said.zip(near).map(|(said, near)| said.or(near))
    }

    /// Where both sides say it.
    fn said(&self, spans: Pair<Option<Span>>) -> Pair<Option<Evidence>> {
        spans
            .zip(self.sides)
            .zip(self.lines)
            .map(|((span, side), lines)| evidence(span?, side.sources, lines))
    }
}

fn evidence(span: Span, sources: &[Source], lines: &[LineIndex<'_>]) -> Option<Evidence> {
    if span == Span::default() {
        // What every database has (schema public) is said nowhere.
        return None;
    }
    let at = span.source.0 as usize;
    let (source, index) = (sources.get(at)?, lines.get(at)?);
    let start = index.position(span.start as usize);
    let end = index.position((span.end as usize).saturating_sub(1).max(span.start as usize));
    Some(Evidence {
        source: source.name.clone(),
        line: start.line,
        column: start.column,
        end_line: end.line,
        nearby: false,
    })
}

/// Where the object stands that this one would be part of. What it is part of is
/// asked of the side that has it.
fn nearby(id: &ObjectId, schemas: Pair<&NormalSchema>, side: &NormalSchema) -> Option<Span> {
    let object = schemas.canonical.get(id).or_else(|| schemas.live.get(id));
    let parent = match object {
        Some(object) => diff::container(id, object.object()),
        None => id.parent(),
    }?;
    let candidates = [
        ObjectId::Table(parent.clone()),
        ObjectId::View(parent.clone()),
        ObjectId::MaterializedView(parent.clone()),
        ObjectId::Domain(parent.clone()),
    ];
    let found = candidates.iter().find_map(|candidate| side.get(candidate))?;
    Some(found.origin().of(&Place::default()))
}
