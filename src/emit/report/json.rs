//! The drift table as JSON. Its schema is part of the program (`pgcanon schema`).

use serde_json::{Value, json};

use super::{Evidence, Report, Row};
use crate::model::Pair;
use crate::parse::Coverage;

/// The version of the format. It grows when a reader of the one before could fail.
pub const VERSION: u32 = 1;

/// The JSON Schema of the format.
pub const JSON_SCHEMA: &str = include_str!("schema/drift-1.json");

/// Writes the report.
pub(super) fn write(report: &Report) -> Value {
    let counts: serde_json::Map<String, Value> = report
        .counts()
        .into_iter()
        .map(|(severity, count)| (severity.label().to_owned(), json!(count)))
        .collect();
    let ignored: Vec<Value> = report
        .ignored
        .iter()
        .map(|ignored| {
            let mut row = drift(&ignored.row);
            if let Some(row) = row.as_object_mut() {
                row.remove("id");
                row.insert("reason".to_owned(), json!(ignored.reason));
            }
            row
        })
        .collect();
    let skipped: Vec<Value> = report
        .skipped_rows
        .iter()
        .map(|row| {
            json!({
                "reason": row.reason.label(),
                "object": row.object,
                "facet": row.facet,
                "evidence": evidence(&row.evidence),
            })
        })
        .collect();
    json!({
        "version": VERSION,
        "verdict": report.verdict.label(),
        "provisional_ids": report.provisional,
        "counts": counts,
        "drifts": report.rows.iter().map(drift).collect::<Vec<_>>(),
        "ignored": ignored,
        "skipped": skipped,
        "canonical": side(&report.sources.canonical, &report.coverage.canonical, report.objects.canonical),
        "live": side(&report.sources.live, &report.coverage.live, report.objects.live),
    })
}

fn drift(row: &Row) -> Value {
    let candidates: Vec<Value> = row
        .candidates
        .iter()
        .map(|(object, score)| json!({ "object": object, "score": score }))
        .collect();
    let hazards: Option<Vec<Value>> = row.hazards.as_ref().map(|hazards| {
        let hazards = hazards.iter();
        hazards.map(|one| json!({ "code": one.code(), "message": one.message() })).collect()
    });
    json!({
        "id": row.id,
        "kind": row.kind.label(),
        "object": row.object,
        "change": row.change,
        "facet": row.facet,
        "canonical": row.canonical,
        "live": row.live,
        "severity": row.severity.label(),
        "impact": row.impact,
        "evidence": evidence(&row.evidence),
        "resolution": row.resolution,
        "status": row.status,
        "owner": row.owner,
        "decision": row.decision,
        "history": row.history,
        "rename_candidates": candidates,
        "hazards": hazards,
    })
}

fn evidence(sides: &Pair<Option<Evidence>>) -> Value {
    let place = |side: &Option<Evidence>| {
        side.as_ref().map(|place| {
            let Evidence { source, line, column, end_line, nearby } = place;
            json!({
                "source": source,
                "line": line,
                "column": column,
                "end_line": end_line,
                "nearby": nearby,
            })
        })
    };
    json!({ "canonical": place(&sides.canonical), "live": place(&sides.live) })
}

fn side(sources: &[String], coverage: &Coverage, objects: usize) -> Value {
    let Coverage { statements, modelled, ignored, unknown, copy_rows } = coverage;
    let ignored: serde_json::Map<String, Value> =
        ignored.iter().map(|(rule, spans)| (rule.label().to_owned(), json!(spans.len()))).collect();
    json!({
        "sources": sources,
        "objects": objects,
        "coverage": {
            "statements": statements,
            "modelled": modelled,
            "ignored": ignored,
            "unknown": unknown,
            "copy_rows": copy_rows,
        },
    })
}
