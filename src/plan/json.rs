//! A migration as JSON. Its schema is part of the program (`pgcanon schema plan`).
//!
//! In, a migration and how it is written; out, both directions, step by step, with what
//! each step is for, what it endangers, and its statements. Surprising: a step that a
//! script holds as a comment only is here too, and says why it would not run.

use serde_json::{Value, json};

use super::script::{Parts, ScriptOptions, parts};
use super::{Hazard, Migration, Plan, Step, Transaction};
use crate::emit::report::object_name;
use crate::model::Ident;

/// The version of the format. It grows when a reader of the one before could fail.
const VERSION: u32 = 1;

/// The JSON Schema of the format.
pub const JSON_SCHEMA: &str = include_str!("schema/plan-1.json");

/// Writes both directions; `along` are drifts that only come along.
pub fn json(migration: &Migration, options: &ScriptOptions, along: &[String]) -> Value {
    json!({
        "version": VERSION,
        "taken_along": along,
        "up": direction(&migration.up, options),
        "down": direction(&migration.down, options),
    })
}

fn direction(plan: &Plan, options: &ScriptOptions) -> Value {
    let parts = parts(plan, options);
    let steps: Vec<Value> =
        plan.steps.iter().zip(&parts).map(|(one, part)| step(one, part, options)).collect();
    let circles: Vec<String> =
        plan.circles.iter().map(|unit| object_name(&unit.object())).collect();
    json!({
        "complete": parts.iter().all(|part| part.runs) && circles.is_empty(),
        "steps": steps,
        "circles": circles,
    })
}

fn step(step: &Step, part: &Parts, options: &ScriptOptions) -> Value {
    let id = step.unit.object();
    let hazards: Vec<Value> = step
        .hazards
        .iter()
        .map(|hazard| json!({ "code": hazard.code(), "message": hazard.message() }))
        .collect();
    let withheld = if part.runs {
        None
    } else if step.hazards.contains(&Hazard::Secret) {
        Some("secret")
    } else if step.hazards.iter().any(|hazard| hazard.is_destructive()) {
        Some("data-loss")
    } else {
        Some("needs-another")
    };
    let path = step.path.as_ref().map(|path| path.0.iter().map(Ident::as_str).collect());
    let path: Option<Vec<&str>> = path;
    json!({
        "kind": id.kind().label(),
        "object": object_name(&id),
        "causes": options.causes.of(&step.unit),
        "hazards": hazards,
        "transaction": transaction(step.transaction),
        "search_path": path,
        "withheld": withheld,
        "sql": step.sql,
    })
}

fn transaction(transaction: Transaction) -> &'static str {
    match transaction {
        Transaction::Within => "within",
        Transaction::CommitAfter => "commit-after",
        Transaction::Alone => "alone",
    }
}
