//! The drift table for a terminal: one line for each drift where there is room,
//! a stack of lines for each drift where there is not.

use super::{Evidence, HEADS, Report, Row};
use super::{link, wrap};
use crate::diff::{Severity, Verdict};
use crate::emit::escape;
use crate::model::Pair;
use crate::parse::Coverage;

/// How a terminal is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TerminalStyle {
    /// Its width in columns.
    pub width: usize,
    /// Whether to color severities and the verdict.
    pub color: bool,
}

/// From this width on a drift is one line.
const WIDE: usize = 160;

/// Writes the report.
pub(super) fn write(report: &Report, style: &TerminalStyle) -> String {
    let mut out = String::new();
    if !report.rows.is_empty() {
        if style.width >= WIDE {
            wide(report, style, &mut out);
        } else {
            stacked(report, style, &mut out);
        }
        out.push('\n');
    }
    summary(report, style, &mut out);
    out
}

/// One line for each drift; the object only once.
fn wide(report: &Report, style: &TerminalStyle, out: &mut String) {
    let short = ShortNames::new(report);
    let mut lines: Vec<[String; 9]> = Vec::with_capacity(report.rows.len());
    let mut previous = None;
    for row in &report.rows {
        let title = row.title();
        let shown = if previous.as_ref() == Some(&title) { String::new() } else { title.clone() };
        previous = Some(title);
        lines.push([
            row.id.clone(),
            escape::terminal(&shown),
            escape::terminal(&row.drift_type()),
            escape::terminal(&row.canonical),
            escape::terminal(&row.live),
            row.severity.label().to_owned(),
            escape::terminal(&short.places(&row.evidence)),
            escape::terminal(&row.resolution),
            escape::terminal(&row.status),
        ]);
    }
    let mut widths = HEADS.map(wrap::width);
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(wrap::width(cell));
        }
    }
    wrap::shrink(&mut widths, &[16, 34, 18, 25, 25, 8, 32, 15, 4], 2, style.width);
    push_line(&HEADS.map(str::to_owned), &widths, None, |cell| cell, out);
    let rule: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
    out.push_str(&rule.join("  "));
    out.push('\n');
    for (line, row) in lines.iter_mut().zip(&report.rows) {
        let [_, _, _, canonical, live, ..] = line;
        let columns = widths.get(CANONICAL).copied().unwrap_or_default();
        (*canonical, *live) = wrap::from_difference(canonical, live, columns);
        let color = style.color.then_some(row.severity);
        push_line(line, &widths, color, |cell| link::both(&cell, &row.evidence, report), out);
    }
}

/// File names without their folders, where that leaves no doubt.
struct ShortNames {
    is_unique: bool,
}

impl ShortNames {
    fn new(report: &Report) -> Self {
        let sources = report.sources.as_ref();
        let names: Vec<&str> =
            sources.canonical.iter().chain(sources.live).map(|source| file_name(source)).collect();
        let distinct: std::collections::BTreeSet<&str> = names.iter().copied().collect();
        Self { is_unique: distinct.len() == names.len() }
    }

    fn places(&self, evidence: &Pair<Option<Evidence>>) -> String {
        if !self.is_unique {
            return places(evidence);
        }
        labels(evidence, |evidence| evidence.label_in(file_name(&evidence.source)))
    }
}

/// What follows the last `/`.
fn file_name(source: &str) -> &str {
    source.rsplit('/').next().unwrap_or(source)
}

/// The column of objects, which are cut in their middle.
const OBJECT: usize = 1;
/// The column of what is declared.
const CANONICAL: usize = 3;
/// The column of the severity, which is colored.
const SEVERITY: usize = 5;
/// The column of places, which are cut at their beginning.
const EVIDENCE: usize = 6;

/// One line of the table; `linked` makes links of the places.
fn push_line(
    line: &[String; 9],
    widths: &[usize; 9],
    color: Option<Severity>,
    linked: impl Fn(String) -> String,
    out: &mut String,
) {
    let mut cells = Vec::with_capacity(line.len());
    for (at, (cell, width)) in line.iter().zip(widths).enumerate() {
        let cell = match at {
            OBJECT => wrap::fit(&wrap::cut_middle(cell, *width), *width),
            EVIDENCE => linked(wrap::fit(&wrap::cut_start(cell, *width), *width)),
            _other => wrap::fit(cell, *width),
        };
        cells.push(match color {
            Some(severity) if at == SEVERITY => paint(&cell, severity_color(severity)),
            _plain => cell,
        });
    }
    out.push_str(cells.join("  ").trim_end());
    out.push('\n');
}

/// A few lines for each drift, below the object they are about.
fn stacked(report: &Report, style: &TerminalStyle, out: &mut String) {
    let mut previous = None;
    for row in &report.rows {
        let title = row.title();
        if previous.as_ref() != Some(&title) {
            if previous.is_some() {
                out.push('\n');
            }
            for line in wrap::wrap(&escape::terminal(&title), style.width) {
                out.push_str(&line);
                out.push('\n');
            }
            previous = Some(title);
        }
        stack(row, report, style, out);
    }
}

fn stack(row: &Row, report: &Report, style: &TerminalStyle, out: &mut String) {
    let severity = row.severity.label();
    let severity = if style.color {
        paint(severity, severity_color(row.severity))
    } else {
        severity.to_owned()
    };
    let pad = " ".repeat(8 - row.severity.label().len());
    let head = format!("  {}  {severity}{pad}  ", row.id);
    let head_width = 2 + row.id.len() + 2 + 8 + 2;
    let kind = escape::terminal(&format!("{} [{}]", row.drift_type(), row.status));
    for (at, line) in
        wrap::wrap(&kind, style.width.saturating_sub(head_width)).into_iter().enumerate()
    {
        if at == 0 {
            out.push_str(&head);
        } else {
            out.push_str(&" ".repeat(head_width));
        }
        out.push_str(&line);
        out.push('\n');
    }
    let place = |evidence: &Option<Evidence>| {
        evidence.as_ref().map_or_else(String::new, |evidence| format!("  {}", evidence.label()))
    };
    let canonical = format!("{}{}", row.canonical, place(&row.evidence.canonical));
    let live = format!("{}{}", row.live, place(&row.evidence.live));
    // A place that is not broken is at the end of the last line.
    let linked = |line: &str, evidence: &Option<Evidence>| {
        let label = evidence.as_ref().map(|own| escape::terminal(&own.label()));
        let text = label.filter(|label| !report.links.is_empty() && line.ends_with(&**label));
        let Some(text) = text else { return line.to_owned() };
        let before = line.get(..line.len() - text.len()).unwrap_or_default();
        format!("{before}{}", link::place(&text, evidence.as_ref(), report))
    };
    field("canonical", &canonical, style, |line| linked(line, &row.evidence.canonical), out);
    field("live", &live, style, |line| linked(line, &row.evidence.live), out);
    field("impact", &row.impact, style, str::to_owned, out);
    field("resolve", &row.resolution, style, str::to_owned, out);
}

/// A labelled text below the head of a drift; `linked` makes links of what is in a line.
fn field(
    label: &str,
    text: &str,
    style: &TerminalStyle,
    linked: impl Fn(&str) -> String,
    out: &mut String,
) {
    let indent = 15;
    let columns = style.width.saturating_sub(indent).max(20);
    for (at, line) in wrap::wrap(&escape::terminal(text), columns).into_iter().enumerate() {
        let label = if at == 0 { label } else { "" };
        out.push_str(format!("    {label:<11}{}", linked(&line)).trim_end());
        out.push('\n');
    }
}

/// `schema.sql:12 | live.sql:40`.
pub(super) fn places(evidence: &Pair<Option<Evidence>>) -> String {
    labels(evidence, Evidence::label)
}

fn labels(evidence: &Pair<Option<Evidence>>, label: impl Fn(&Evidence) -> String) -> String {
    let label = |side: &Option<Evidence>| side.as_ref().map_or_else(|| "-".to_owned(), &label);
    let Pair { canonical, live } = evidence.as_ref().map(label);
    format!("{canonical} | {live}")
}

/// Verdict, counts, coverage, and what was left out.
fn summary(report: &Report, style: &TerminalStyle, out: &mut String) {
    let verdict = report.verdict.label();
    let verdict = if style.color {
        paint(verdict, verdict_color(report.verdict))
    } else {
        verdict.to_owned()
    };
    let objects = report.objects;
    let mut lines = vec![format!(
        "{}; {} canonical and {} live objects compared",
        counts(report),
        objects.canonical,
        objects.live
    )];
    for (label, sources, coverage) in [
        ("canonical", &report.sources.canonical, &report.coverage.canonical),
        ("live", &report.sources.live, &report.coverage.live),
    ] {
        lines.push(format!(
            "{label}: {}: {}",
            super::source_list(sources),
            coverage_line(coverage)
        ));
    }
    if !report.skipped.is_empty() {
        let parts: Vec<String> = report
            .skipped
            .iter()
            .map(|(reason, count)| format!("{count} {}", reason.label()))
            .collect();
        lines.push(format!("not compared: {}", parts.join(", ")));
    }
    for (reason, count) in ignored(report) {
        lines.push(format!("ignored by configuration: {count}: {reason}"));
    }
    if report.provisional && !report.rows.is_empty() {
        lines.push(PROVISIONAL.to_owned());
    }
    out.push_str(&verdict);
    out.push_str(": ");
    let indent = report.verdict.label().len() + 2;
    for (at, line) in lines.into_iter().enumerate() {
        let indent = if at == 0 { indent } else { 0 };
        let columns = style.width.saturating_sub(indent).max(20);
        for (at, part) in wrap::wrap(&escape::terminal(&line), columns).into_iter().enumerate() {
            if at > 0 {
                out.push_str(&" ".repeat(indent.max(2)));
            }
            out.push_str(&part);
            out.push('\n');
        }
    }
}

/// Said wherever IDs are shown.
pub(super) const PROVISIONAL: &str =
    "IDs are provisional: without a register they change with the drifts before them";

/// How many drifts the configuration leaves out, by reason.
pub(super) fn ignored(report: &Report) -> std::collections::BTreeMap<&str, usize> {
    let mut counts = std::collections::BTreeMap::new();
    for ignored in &report.ignored {
        *counts.entry(ignored.reason.as_str()).or_default() += 1;
    }
    counts
}

/// `9 drifts (2 BLOCKING, 7 HIGH)`.
pub(super) fn counts(report: &Report) -> String {
    let total = match report.rows.len() {
        0 => return "no drift".to_owned(),
        1 => "1 drift".to_owned(),
        several => format!("{several} drifts"),
    };
    let parts: Vec<String> = report
        .counts()
        .into_iter()
        .map(|(severity, count)| format!("{count} {}", severity.label()))
        .collect();
    format!("{total} ({})", parts.join(", "))
}

/// `152 statements: 148 modelled, 4 ignored (3 session setting, 1 data), 0 unknown`.
pub(super) fn coverage_line(coverage: &Coverage) -> String {
    let Coverage { statements, modelled, ignored, unknown, copy_rows } = coverage;
    let mut text = format!(
        "{}: {modelled} modelled, {} ignored",
        super::counted(*statements, "statement"),
        coverage.ignored_total()
    );
    if !ignored.is_empty() {
        let parts: Vec<String> = ignored
            .iter()
            .map(|(rule, spans)| format!("{} {}", spans.len(), rule.label()))
            .collect();
        text = format!("{text} ({})", parts.join(", "));
    }
    text = format!("{text}, {unknown} unknown");
    if *copy_rows > 0 {
        text = format!("{text}; {copy_rows} rows of data skipped");
    }
    text
}

/// The ANSI codes of a severity.
pub(crate) fn severity_color(severity: Severity) -> &'static str {
    match severity {
        Severity::Blocking => "1;31",
        Severity::High => "31",
        Severity::Moderate => "33",
        Severity::Low => "2",
    }
}

pub(crate) fn verdict_color(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::InSync => "1;32",
        Verdict::Unknown => "1;33",
        Verdict::Drift => "1;31",
    }
}

pub(crate) fn paint(text: &str, code: &str) -> String {
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}
