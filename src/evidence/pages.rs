//! The pages of a bundle that people read, in Markdown.
//!
//! What comes from an input stands in a cell ([`markdown_cell`]) or in a block of code whose
//! fence is longer than any in it.

use super::{Bundle, GRAMMAR, Provenance};
use crate::emit::escape;
use crate::emit::report::{Evidence, IgnoredRow, Report, Row, line_diff, markdown_cell as cell};
use crate::model::Pair;
use crate::source::{LineIndex, Source};

/// At most this many lines of a statement are quoted.
const MOST_LINES: usize = 400;

/// What is in the bundle and how to check it.
pub(super) fn readme(bundle: &Bundle<'_>) -> String {
    let report = bundle.report;
    let mut out = format!("# Schema drift evidence: {}\n\n", report.verdict.label());
    let counts: Vec<String> = report
        .counts()
        .iter()
        .map(|(severity, count)| format!("{count} {}", severity.label()))
        .collect();
    let counts = if counts.is_empty() { "none".to_owned() } else { counts.join(", ") };
    out.push_str(&format!("- Drifts: {} ({counts})\n", report.rows.len()));
    if let Some(day) = bundle.as_of {
        out.push_str(&format!("- As of: {day}\n"));
    }
    out.push_str(&format!(
        "- Made by: pgcanon {}, grammar of {GRAMMAR}\n\n",
        env!("CARGO_PKG_VERSION")
    ));
    out.push_str("## Inputs\n\n| Side | Source | SHA-256 | Commit | Dump |\n| --- | --- | --- | --- | --- |\n");
    let provenance = &bundle.provenance;
    for (side, list) in [
        ("canonical", &provenance.canonical),
        ("live", &provenance.live),
        ("settings", &bundle.settings),
    ] {
        for input in list {
            out.push_str(&provenance_row(side, input));
        }
    }
    out.push_str(
        "\n## Files\n\n\
         - `drifts.html`, `drifts.md`, `drifts.json`, `drifts.csv`: the drift table\n\
         - `drifts/`: a page for each drift with the lines of both sides\n\
         - `normalized/`: both schemas in normal form, and the way from live to canonical\n\
         - `decisions.md`: what was decided about which drift\n\
         - `left-out.md`: what was not compared, ignored or not decided, and why\n\
         - `migration/`: the migration up and down, with what each step endangers\n\
         - `prove/`: what happened when it was run, if it was\n\
         - `sign-off.md`: to be signed\n\
         - `manifest.json`, `statement.json`: SHA-256 of every file; the latter for signing\n\n\
         `pgcanon evidence verify DIR` checks the files, `pgcanon evidence verify DIR CANONICAL LIVE` \
         makes them again and compares.\n",
    );
    out
}

fn provenance_row(side: &str, input: &Provenance) -> String {
    let Provenance { name, sha256, commit, dump } = input;
    let commit = commit.as_ref().map_or_else(
        || "-".to_owned(),
        |(commit, clean)| if *clean { commit.clone() } else { format!("{commit}, changed since") },
    );
    let dump = if dump.is_empty() { "-".to_owned() } else { dump.join("; ") };
    format!("| {side} | {} | `{sha256}` | {} | {} |\n", cell(name), cell(&commit), cell(&dump))
}

/// A page for each drift, with its path.
pub(super) fn drifts(bundle: &Bundle<'_>) -> Vec<(String, String)> {
    let sources = bundle.sides.map(|side| side.sources);
    let lines: Pair<Vec<LineIndex<'_>>> =
        sources.map(|list| list.iter().map(|source| LineIndex::new(&source.text)).collect());
    let drifts = bundle.diff.drifts.iter().zip(&bundle.report.rows);
    let page = |(drift, row): (&crate::diff::Drift, &Row)| {
        let mut out = heading(row);
        for (label, truth, evidence, sources, lines) in [
            (
                "Canonical truth",
                &row.canonical,
                &row.evidence.canonical,
                sources.canonical,
                &lines.canonical,
            ),
            ("Live state", &row.live, &row.evidence.live, sources.live, &lines.live),
        ] {
            out.push_str(&format!("\n## {label}\n\n{}\n\n", cell(truth)));
            match evidence {
                Some(evidence) => out.push_str(&quote(evidence, sources, lines)),
                None => out.push_str("Said nowhere.\n"),
            }
        }
        if let Some(diff) = line_diff(drift) {
            out.push_str("\n## From canonical (-) to live (+)\n\n");
            out.push_str(&fenced(&diff, "diff"));
        }
        (format!("drifts/{}.md", row.id), out)
    };
    drifts.map(page).collect()
}

fn heading(row: &Row) -> String {
    let mut out = format!("# {}: {}\n\n", row.id, cell(&row.title()));
    let mut line = |label: &str, text: &str| out.push_str(&format!("- {label}: {}\n", cell(text)));
    line("Drift", &row.drift_type());
    line("Severity", row.severity.label());
    line("Endangers", &row.impact);
    line("Status", &row.status);
    if let Some(owner) = &row.owner {
        line("Owner", owner);
    }
    if let Some(decision) = &row.decision {
        line("Decision", decision);
    }
    line("Resolution", &row.resolution);
    for hazard in row.hazards.iter().flatten() {
        line("Hazard", &format!("{}: {}", hazard.code(), hazard.message()));
    }
    out
}

/// The lines of a source that say it, with their numbers.
fn quote(evidence: &Evidence, sources: &[Source], lines: &[LineIndex<'_>]) -> String {
    let Evidence { source: name, line, column: _, end_line, nearby } = evidence;
    let place = if line == end_line {
        format!("{name}:{line}")
    } else {
        format!("{name}:{line}-{end_line}")
    };
    let said = if *nearby { "Not said; it would be at" } else { "Said at" };
    let mut out = format!("{said} {}\n\n", cell(&place));
    let Some(lines) =
        sources.iter().position(|source| source.name == *name).and_then(|at| lines.get(at))
    else {
        return out;
    };
    let last = (*end_line).min(line + MOST_LINES - 1);
    let width = last.to_string().len();
    let text: Vec<String> = (*line..=last)
        .map(|number| format!("{number:>width$}  {}", visible(lines.line(number))))
        .collect();
    out.push_str(&fenced(&text.join("\n"), "sql"));
    if last < *end_line {
        out.push_str(&format!("\n{} more lines follow.\n", end_line - last));
    }
    out
}

/// A line with what cannot be seen made visible; tabs stay.
fn visible(line: &str) -> String {
    line.split('\t').map(escape::terminal).collect::<Vec<_>>().join("\t")
}

/// A block of code, its fence longer than any run of backticks in it.
fn fenced(text: &str, language: &str) -> String {
    let mut longest = 0;
    let mut run = 0;
    for character in text.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat((longest + 1).max(3));
    format!("{fence}{language}\n{}\n{fence}\n", text.trim_end_matches('\n'))
}

/// What was decided.
pub(super) fn decisions(report: &Report) -> String {
    let mut out = "# Decisions\n\n| ID | Object | Drift | Status | Owner | Decision |\n| --- | --- | --- | --- | --- | --- |\n".to_owned();
    for row in &report.rows {
        let cells = [
            row.id.as_str(),
            &row.title(),
            &row.drift_type(),
            &row.status,
            row.owner.as_deref().unwrap_or("-"),
            row.decision.as_deref().unwrap_or("none"),
        ];
        out.push_str(&format!("| {} |\n", cells.map(cell).join(" | ")));
    }
    out
}

/// What was ignored, not compared, not understood or not decided.
pub(super) fn left_out(bundle: &Bundle<'_>) -> String {
    let report = bundle.report;
    let mut out = "# Left out\n\n## Ignored by configuration\n\n".to_owned();
    let none = |out: &mut String, empty: bool| {
        if empty {
            out.push_str("Nothing.\n");
        }
    };
    none(&mut out, report.ignored.is_empty());
    for IgnoredRow { row, reason } in &report.ignored {
        out.push_str(&format!(
            "- {}: {}: {}\n",
            cell(&row.title()),
            cell(&row.drift_type()),
            cell(reason)
        ));
    }
    out.push_str("\n## Left out by a rule\n\n");
    none(&mut out, report.skipped_rows.is_empty());
    for skipped in &report.skipped_rows {
        let facet = skipped.facet.as_ref().map(|facet| format!(": {facet}")).unwrap_or_default();
        out.push_str(&format!(
            "- {}{}: {}\n",
            cell(&skipped.object),
            cell(&facet),
            skipped.reason.label()
        ));
    }
    out.push_str("\n## Not decided\n\n");
    let undecided: Vec<&Row> = report.rows.iter().filter(|row| row.status == "undecided").collect();
    none(&mut out, undecided.is_empty());
    for row in undecided {
        out.push_str(&format!("- {}: {}\n", row.id, cell(&row.title())));
    }
    out.push_str("\n## Not understood\n\n");
    let problems: Vec<_> =
        bundle.sides.canonical.problems.iter().chain(bundle.sides.live.problems).collect();
    none(&mut out, problems.is_empty());
    for problem in problems {
        out.push_str(&format!("- {}: {}\n", problem.code.as_str(), cell(&problem.message)));
    }
    out.push_str("\n## Statements that say nothing about the schema\n\n");
    let coverage = [("canonical", &report.coverage.canonical), ("live", &report.coverage.live)];
    none(&mut out, coverage.iter().all(|(_, coverage)| coverage.ignored.is_empty()));
    for (side, coverage) in coverage {
        for (rule, spans) in &coverage.ignored {
            out.push_str(&format!("- {side}: {} {}\n", spans.len(), rule.label()));
        }
    }
    out
}

/// What people sign.
pub(super) fn sign_off(bundle: &Bundle<'_>) -> String {
    let line = "\\_".repeat(30);
    let mut out = "# Sign-off\n\n".to_owned();
    out.push_str(&format!(
        "Verdict: {}. Drifts: {}. Without a decision: {}.\n\n",
        bundle.report.verdict.label(),
        bundle.report.rows.len(),
        bundle.report.rows.iter().filter(|row| row.decision.is_none()).count()
    ));
    out.push_str("SHA-256 of `manifest.json`: ");
    out.push_str(&format!("{}\n\n", "\\_".repeat(64)));
    for (role, duty) in [
        ("Schema steward", "I have read every drift and the decisions about it"),
        (
            "Independent verifier",
            "I have made this bundle again from its inputs, and it is the same",
        ),
    ] {
        out.push_str(&format!(
            "## {role}\n\n{duty}.\n\n- Name: {line}\n- Date: {line}\n- Signature: {line}\n\n"
        ));
    }
    out
}
