//! One drift in full: both sides as source snippets, their normal forms, and what
//! it endangers.

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource};

use super::terminal::TerminalStyle;
use super::{Report, Side, nearby, phrase};
use crate::diff::{Diff, Drift, DriftKind, Value};
use crate::emit::{escape, trace};
use crate::model::{NormalRule, NormalRules, ObjectId, Pair, Place, Span};
use crate::source::Source;

/// Why a drift cannot be explained.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExplainError {
    /// No drift has that ID.
    #[error("there is no drift {id}: this comparison has {known}")]
    NoSuchDrift {
        /// What was asked for.
        id: String,
        /// Which there are.
        known: String,
    },
}

/// Explains the drift with that ID.
pub fn explain(
    diff: &Diff,
    sides: Pair<Side<'_>>,
    report: &Report,
    id: &str,
    style: &TerminalStyle,
) -> Result<String, ExplainError> {
    let at = report.rows.iter().position(|row| same_id(id, &row.id));
    let found = at.and_then(|at| Some((diff.drifts.get(at)?, report.rows.get(at)?.clone())));
    let Some((drift, row)) = found else {
        let ids: Vec<&str> = report.rows.iter().map(|row| row.id.as_str()).collect();
        return Err(ExplainError::NoSuchDrift { id: escape::terminal(id), known: known(&ids) });
    };
    let mut out = format!("{}  {}  {}\n", row.id, row.severity.label(), row.drift_type());
    out.push_str(&format!("{}\n", escape::terminal(&row.title())));
    out.push_str(&format!("{}\n", row.impact));
    if drift.undecided {
        out.push_str("A side could not be understood in full, so this may be no difference:\n");
        for reason in undecided(drift, sides) {
            out.push_str(&format!("  {}\n", escape::terminal(&reason)));
        }
    }
    let truths = Pair { canonical: row.canonical, live: row.live };
    let schemas = sides.map(|side| side.schema);
    for (label, side, span, truth) in [
        ("canonical truth", sides.canonical, drift.spans.canonical, &truths.canonical),
        ("live state", sides.live, drift.spans.live, &truths.live),
    ] {
        out.push_str(&format!("\n{label}: {}\n", escape::terminal(truth)));
        let near = || Some(("it would be here", nearby(&drift.object, schemas, side.schema)?));
        let place = span.map(|span| (label, span)).or_else(near);
        let place = place.and_then(|(label, span)| snippet(label, side.sources, span, style));
        out.push_str(&place.unwrap_or_default());
    }
    out.push_str(&applied(drift, sides));
    if let Some(lines) = line_diff(drift) {
        out.push_str("\nfrom canonical (-) to live (+):\n");
        out.push_str(&lines);
    }
    for (other, score) in &row.candidates {
        out.push_str(&format!(
            "\nmay have been renamed: {} ({score} % alike)\n",
            escape::terminal(other)
        ));
    }
    if let Some(decision) = &row.decision {
        out.push_str(&format!("\n{}: {}\n", row.status, escape::terminal(decision)));
    }
    if let Some(history) = &row.history {
        out.push_str(&format!("\nhistory: {}\n", escape::terminal(history)));
    }
    out.push_str(&format!("\nresolution: {}\n", escape::terminal(&row.resolution)));
    if let Some(hazards) = &row.hazards {
        let none = if hazards.is_empty() { " none" } else { "" };
        out.push_str(&format!("hazards:{none}\n"));
        for hazard in hazards {
            out.push_str(&format!("  {}: {}\n", hazard.code(), hazard.message()));
        }
    }
    Ok(out)
}

/// `SCHEMA-DRIFT-007`, `schema-drift-7` and `7` are the same.
pub fn same_id(given: &str, id: &str) -> bool {
    let number = |text: &str| {
        let digits = text.rsplit('-').next().unwrap_or_default();
        let prefix = text.strip_suffix(digits).unwrap_or_default();
        let is_id = prefix.is_empty() || prefix.eq_ignore_ascii_case("SCHEMA-DRIFT-");
        digits.parse::<u32>().ok().filter(|_| is_id)
    };
    given == id || number(given).is_some_and(|own| number(id) == Some(own))
}

/// The rules of the normal form that were applied to what is compared, by side; nothing when
/// they were not noted.
fn applied(drift: &Drift, sides: Pair<Side<'_>>) -> String {
    let facet = match &drift.kind {
        DriftKind::Changed { facet, .. } => Some(facet.facet),
        DriftKind::Missing { .. } | DriftKind::Extra { .. } | DriftKind::Renamed { .. } => None,
    };
    let (part, holder) = match &drift.object {
        ObjectId::Column(child) => {
            (Some(child.name.clone()), ObjectId::Table(child.parent.clone()))
        }
        whole => (None, whole.clone()),
    };
    let place = Place { part, facet };
    let rules = sides.map(|side| {
        let object = side.schema.get(&holder);
        object.map(|object| trace::rules_at(object, &place)).unwrap_or_default()
    });
    let mut out = String::new();
    let mut all = NormalRules::default();
    for (label, rules) in [("canonical", rules.canonical), ("live", rules.live)] {
        if rules.is_empty() {
            continue;
        }
        let codes: Vec<&str> = rules.iter().map(NormalRule::code).collect();
        out.push_str(&format!("\nrules applied, {label}: {}\n", codes.join(" ")));
        all.add_all(rules);
    }
    for line in trace::titles(all).lines() {
        out.push_str(&format!("  {line}\n"));
    }
    out
}

/// The first and the last of the IDs.
fn known(ids: &[&str]) -> String {
    match ids {
        [] => "none".to_owned(),
        [only] => format!("only {only}"),
        [first, .., last] => format!("{}, from {first} to {last}", ids.len()),
    }
}

/// Why the sides of a drift could not be decided.
fn undecided(drift: &Drift, sides: Pair<Side<'_>>) -> Vec<String> {
    let reasons = |side: Side<'_>| -> Vec<String> {
        let object = side.schema.get(&drift.object);
        let list = object.map(crate::normalize::NormalObject::undecided).unwrap_or_default();
        list.iter().map(|undecided| undecided.reason.clone()).collect()
    };
    let Pair { mut canonical, live } = sides.map(reasons);
    canonical.extend(live);
    canonical.sort();
    canonical.dedup();
    canonical
}

/// A part of a source with its lines. Control characters in the source are made
/// visible first, each with a stand-in of equal length, so that the places stay right.
fn snippet(label: &str, sources: &[Source], span: Span, style: &TerminalStyle) -> Option<String> {
    let source = sources.get(span.source.0 as usize)?;
    let (text, start, length) = excerpt(&source.text, span)?;
    let label = LabeledSpan::new_primary_with_span(Some(label.to_owned()), (start, length));
    let diagnostic = MietteDiagnostic::new(format!("said in {}", escape::terminal(&source.name)))
        .with_severity(miette::Severity::Advice)
        .with_label(label);
    let named = NamedSource::new(escape::terminal(&source.name), text);
    let report = miette::Report::new(diagnostic).with_source_code(named);
    let theme =
        if style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(style.width.max(40))
        .with_links(false)
        .with_context_lines(1);
    let mut out = String::new();
    handler.render_report(&mut out, report.as_ref()).ok()?;
    Some(out)
}

/// At most this many lines of a statement are shown.
const MOST_LINES: usize = 24;

/// The source with what could harm a terminal replaced, and the span cut to [`MOST_LINES`].
fn excerpt(text: &str, span: Span) -> Option<(String, usize, usize)> {
    let (start, end) = (span.start as usize, span.end as usize);
    let shown = text.get(start..end)?;
    let length =
        shown.match_indices('\n').nth(MOST_LINES - 1).map_or(shown.len(), |(at, _)| at).max(1);
    let harmless = |character: char| -> char {
        let is_plain = matches!(character, '\n' | '\r' | '\t')
            || escape::terminal(character.encode_utf8(&mut [0; 4])).len() == character.len_utf8();
        if is_plain { character } else { '\u{FFFD}' }
    };
    if text.chars().all(|character| harmless(character) == character) {
        return Some((text.to_owned(), start, length));
    }
    let before: String = text.get(..start)?.chars().map(harmless).collect();
    let inside: String = shown.get(..length.min(shown.len()))?.chars().map(harmless).collect();
    let after: String =
        text.get(start + length.min(shown.len())..)?.chars().map(harmless).collect();
    let (new_start, new_length) = (before.len(), inside.len());
    Some((before + &inside + &after, new_start, new_length))
}

/// A unified diff of bodies and queries, which are too long for a phrase.
pub fn line_diff(drift: &Drift) -> Option<String> {
    let DriftKind::Changed { values, .. } = &drift.kind else { return None };
    let text = |value: &Option<Value>| {
        let text = value.as_ref().and_then(long_text)?;
        Some(crate::emit::redact::shown(&text).into_owned())
    };
    let Pair { canonical, live } = values.as_ref().map(text);
    let (canonical, live) = (canonical?, live?);
    let diff = similar::TextDiff::from_lines(&canonical, &live);
    let unified = diff.unified_diff().context_radius(3).to_string();
    let lines = unified.lines().map(|line| format!("  {}\n", escape::terminal(line)));
    Some(lines.collect())
}

/// The text of a value that has lines.
fn long_text(value: &Value) -> Option<String> {
    match value {
        Value::Body(body) => Some(format!("{}\n", body.trim_matches('\n'))),
        Value::Query(_) | Value::Command(_) | Value::List(_) | Value::Phrase(_) => {
            let text = format!("{}\n", phrase::lines(value).trim_end());
            text.trim_end().contains('\n').then_some(text)
        }
        Value::Text(text) => text.contains('\n').then(|| format!("{text}\n")),
        Value::Flag(_)
        | Value::Keyword(_)
        | Value::Number(_)
        | Value::Name(_)
        | Value::Type(_)
        | Value::Expr(_)
        | Value::SortKey(_)
        | Value::Secret(_) => None,
    }
}
