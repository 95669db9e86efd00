//! The drift table as SARIF 2.1.0 (OASIS), for code scanning.
//!
//! A drift is a result at its canonical place, with the live place beside it. Fingerprints are
//! of object and facet, so that an alert keeps its identity when lines move.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Evidence, Report, Row};
use crate::diff::Severity;
use crate::emit::escape::{hex, terminal};
use crate::model::Hazard;

/// Writes the report.
pub(super) fn write(report: &Report) -> Value {
    let mut rules: BTreeMap<String, Value> = BTreeMap::new();
    for row in &report.rows {
        rules.entry(rule_id(row)).or_insert_with(|| rule(row));
    }
    let indexes: BTreeMap<&String, usize> = rules.keys().zip(0..).collect();
    let results: Vec<Value> = report
        .rows
        .iter()
        .map(|row| result(row, indexes.get(&rule_id(row)).copied().unwrap_or_default()))
        .collect();
    let complete = report.unknown.canonical == 0 && report.unknown.live == 0;
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "pgcanon",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.values().collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{ "executionSuccessful": complete }],
            "properties": { "verdict": report.verdict.label() },
            "results": results,
        }],
    })
}

/// `column/changed/type`: one rule for each kind of drift.
fn rule_id(row: &Row) -> String {
    let facet = row.facet.as_deref().map_or("object", |facet| {
        // The key of an option or grantee is part of the result, not of the rule.
        known_facet(facet)
    });
    format!("{}/{}/{facet}", row.kind.label(), row.change).replace(' ', "-")
}

/// The facet without its key.
fn known_facet(facet: &str) -> &str {
    let starts = |label: &&str| {
        facet.strip_prefix(*label).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let labels = crate::model::Facet::ALL.iter().map(|facet| facet.label());
    labels.filter(starts).max_by_key(|label| label.len()).unwrap_or("other")
}

fn rule(row: &Row) -> Value {
    let id = rule_id(row);
    let words = format!("{} {}", row.kind.label(), row.change);
    json!({
        "id": id,
        "name": id.split(['/', '-']).map(capital).collect::<String>(),
        "shortDescription": { "text": format!("Schema drift: {words}") },
        "fullDescription": { "text": format!("What is declared and what is there differ: {words}. It endangers: {}.", row.impact) },
        "help": { "text": format!("Reconcile it (pgcanon reconcile), declare what is there, or accept it with a recorded decision (pgcanon register accept). It endangers: {}.", row.impact) },
        "defaultConfiguration": { "level": level(row.severity) },
        "properties": { "security-severity": score(row.severity) },
    })
}

fn capital(word: &str) -> String {
    let mut characters = word.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

fn result(row: &Row, index: usize) -> Value {
    let text = format!(
        "{} {}: {}: canonical: {}; live: {}",
        row.id,
        row.title(),
        row.drift_type(),
        row.canonical,
        row.live
    );
    let first = row.evidence.canonical.as_ref().or(row.evidence.live.as_ref());
    let codes = |hazards: &BTreeSet<Hazard>| hazards.iter().map(|one| one.code()).collect();
    let hazards: Vec<&str> = row.hazards.as_ref().map(codes).unwrap_or_default();
    let mut result = json!({
        "ruleId": rule_id(row),
        "ruleIndex": index,
        "level": level(row.severity),
        "message": { "text": terminal(&text) },
        "locations": first.map(|place| vec![location(place, None)]).unwrap_or_default(),
        "relatedLocations": related(row),
        "partialFingerprints": { "drift/v1": fingerprint(row) },
        "properties": {
            "id": row.id, "severity": row.severity.label(), "status": row.status,
            "impact": row.impact, "resolution": row.resolution,
            "hazards": hazards,
        },
    });
    if row.status == "accepted"
        && let Some(object) = result.as_object_mut()
    {
        let why = row.decision.as_deref().unwrap_or_default();
        let suppression =
            json!([{ "kind": "external", "status": "accepted", "justification": why }]);
        object.insert("suppressions".to_owned(), suppression);
    }
    result
}

/// The live place.
fn related(row: &Row) -> Vec<Value> {
    let live = row.evidence.live.as_ref();
    live.map(|place| location(place, Some("live state"))).into_iter().collect()
}

fn location(place: &Evidence, said: Option<&str>) -> Value {
    let Evidence { source, line, column, end_line, nearby } = place;
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(source) },
            "region": { "startLine": line, "startColumn": column, "endLine": end_line },
        },
    });
    let said =
        said.map(|said| if *nearby { format!("{said} (would be here)") } else { said.to_owned() });
    if let (Some(said), Some(object)) = (said, location.as_object_mut()) {
        object.insert("message".to_owned(), json!({ "text": said }));
    }
    location
}

/// A path as a relative reference (RFC 3986).
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let mut out = String::with_capacity(path.len());
    for byte in path.trim_start_matches("./").bytes() {
        if plain(byte) {
            out.push(byte.into());
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The same for the same object and facet, wherever they stand.
pub(super) fn fingerprint(row: &Row) -> String {
    let about = format!("{}\n{}", row.title(), row.facet.as_deref().unwrap_or_default());
    hex(Sha256::digest(about.as_bytes()).get(..16).unwrap_or_default())
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Blocking | Severity::High => "error",
        Severity::Moderate => "warning",
        Severity::Low => "note",
    }
}

/// A score from 0 to 10, as code scanning ranks by it.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Blocking => "9.5",
        Severity::High => "7.5",
        Severity::Moderate => "5.0",
        Severity::Low => "2.0",
    }
}
