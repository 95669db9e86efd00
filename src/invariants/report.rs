//! Results as text for a terminal, as Markdown, as JSON.

use serde_json::{Value as Json, json};

use super::{Finding, Outcome};
use crate::emit::escape;
use crate::emit::report::markdown_cell;

/// The version of the JSON. It grows when a reader of the one before could fail.
const VERSION: u32 = 1;

fn place(finding: &Finding) -> String {
    finding
        .evidence
        .as_ref()
        .map_or_else(|| "-".to_owned(), |(source, line)| format!("{source}:{line}"))
}

fn count(findings: &[Finding]) -> String {
    let all = [Outcome::Fail, Outcome::Nothing, Outcome::Prose, Outcome::Pass];
    let count = |outcome| findings.iter().filter(|finding| finding.outcome == outcome).count();
    let counts = all.map(|outcome| (outcome, count(outcome)));
    let said: Vec<String> = counts
        .iter()
        .filter(|(outcome, count)| *count > 0 || *outcome == Outcome::Fail)
        .map(|(outcome, count)| format!("{count} {}", outcome.label()))
        .collect();
    said.join(", ")
}

/// A line for each result, those that fail first.
pub fn terminal(findings: &[Finding]) -> String {
    let mut out = String::new();
    for finding in sorted(findings) {
        let what = match finding.object.as_str() {
            "" => finding.message.clone(),
            object => format!("{object}: {}", finding.message),
        };
        let line = format!(
            "{:<8}{:<10}{}  {what}  {}",
            finding.outcome.label(),
            finding.severity.label(),
            finding.rule,
            place(finding)
        );
        out.push_str(&escape::terminal(&line));
        out.push('\n');
    }
    format!("{out}\nInvariants: {}\n", count(findings))
}

/// A table in Markdown.
pub fn markdown(findings: &[Finding]) -> String {
    let mut out = format!("# Invariants: {}\n\n", count(findings));
    out.push_str("| Result | Severity | Invariant | Object | What | Evidence |\n");
    out.push_str("| --- | --- | --- | --- | --- | --- |\n");
    for finding in sorted(findings) {
        let cells = [
            finding.outcome.label(),
            finding.severity.label(),
            &finding.rule,
            &finding.object,
            &finding.message,
            &place(finding),
        ];
        out.push_str(&format!("| {} |\n", cells.map(markdown_cell).join(" | ")));
    }
    out
}

/// All results as JSON.
pub fn json(findings: &[Finding]) -> Json {
    let results: Vec<Json> = sorted(findings).into_iter().map(result).collect();
    json!({ "version": VERSION, "results": results })
}

/// The results of several sides as JSON, each with the name of its side.
pub fn json_of_sides(sides: &[(&str, Vec<Finding>)]) -> Json {
    let mut results = Vec::new();
    for (side, findings) in sides {
        for finding in sorted(findings) {
            let mut result = result(finding);
            if let Some(result) = result.as_object_mut() {
                result.insert("side".to_owned(), (*side).into());
            }
            results.push(result);
        }
    }
    json!({ "version": VERSION, "results": results })
}

fn result(finding: &Finding) -> Json {
    let evidence = finding.evidence.as_ref();
    json!({
        "invariant": finding.rule,
        "severity": finding.severity.label(),
        "outcome": finding.outcome.label(),
        "object": finding.object,
        "message": finding.message,
        "evidence": evidence.map(|(source, line)| json!({ "source": source, "line": line })),
    })
}

fn sorted(findings: &[Finding]) -> Vec<&Finding> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| (finding.outcome, std::cmp::Reverse(finding.severity)));
    sorted
}
