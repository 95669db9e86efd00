//! Findings for people and programs.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::json;

use super::{Finding, Outcome};
use crate::diff::Severity;
use crate::emit::escape;
use crate::model::Span;
use crate::source::{LineIndex, Position, Source};

/// Lines of sources are cut here.
const LONGEST: usize = 100;

/// Findings with their places and what to do, the waived ones as a number unless `all`.
pub fn terminal(outcome: &Outcome, sources: &[Source], all: bool, color: bool) -> String {
    let mut places = Places::new(sources);
    let mut out = String::new();
    for finding in &outcome.findings {
        if finding.waived.is_none() || all {
            one(finding, &mut places, color, &mut out);
        }
    }
    out
}

/// `HIGH L-SET-NOT-NULL makes t.a NOT NULL`, its line, and what to do.
fn one(finding: &Finding, places: &mut Places<'_>, color: bool, out: &mut String) {
    let paint = |code: &str, text: &str| {
        if color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    };
    let rule = finding.rule;
    let hue = match rule.severity {
        Severity::Blocking | Severity::High => "31",
        Severity::Moderate => "33",
        Severity::Low => "36",
    };
    let (name, position, line) = places.find(finding.span);
    let label = match &finding.waived {
        Some(decision) => format!("waived by {}", escape::terminal(decision)),
        None => rule.severity.label().to_owned(),
    };
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "{}:{}:{}: {} {}: {}",
        escape::terminal(name),
        position.line,
        position.column,
        paint(hue, &label),
        paint("1", rule.code),
        escape::terminal(&finding.message),
    );
    let _ = writeln!(out, "{:>6} | {}", position.line, shortened(line));
    if finding.waived.is_none() {
        let _ = writeln!(out, "{:>6} = {}\n", "", rule.help);
    } else {
        out.push('\n');
    }
}

fn shortened(line: &str) -> String {
    let line = line.trim_end();
    let cut: String = line.chars().take(LONGEST).collect();
    let dots = if cut.len() < line.len() { ".." } else { "" };
    let shown: Vec<String> = cut.split('\t').map(escape::terminal).collect();
    format!("{}{dots}", shown.join("    "))
}

/// All findings as data.
pub fn json(outcome: &Outcome, sources: &[Source], fails: bool) -> String {
    let mut places = Places::new(sources);
    let findings: Vec<serde_json::Value> = outcome
        .findings
        .iter()
        .map(|finding| {
            let (name, position, _) = places.find(finding.span);
            json!({
                "code": finding.rule.code,
                "severity": finding.rule.severity.label(),
                "message": finding.message,
                "file": name,
                "line": position.line,
                "column": position.column,
                "help": finding.rule.help,
                "waived_by": finding.waived,
            })
        })
        .collect();
    let value = json!({
        "version": 1,
        "verdict": if fails { "FAIL" } else { "PASS" },
        "migrations": outcome.migrations,
        "other_files": outcome.others,
        "left_out_as_they_lead_back": outcome.back,
        "left_out_as_other_databases": outcome.elsewhere,
        "findings": findings,
    });
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}

/// The lines of each source, found once.
struct Places<'s> {
    sources: &'s [Source],
    lines: BTreeMap<u32, LineIndex<'s>>,
}

impl<'s> Places<'s> {
    fn new(sources: &'s [Source]) -> Self {
        Self { sources, lines: BTreeMap::new() }
    }

    fn find(&mut self, span: Span) -> (&'s str, Position, &'s str) {
        let Some(source) = self.sources.get(span.source.0 as usize) else {
            return ("", Position { line: 1, column: 1 }, "");
        };
        let lines = self.lines.entry(span.source.0).or_insert_with(|| LineIndex::new(&source.text));
        let position = lines.position(span.start as usize);
        (&source.name, position, lines.line(position.line))
    }
}
