//! `pgcanon.lock`, the baseline as a file: one line for each object, so that branches that
//! change different objects merge.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Baseline;
use crate::emit::escape::yaml;
use crate::model::{Date, Problem, ProblemCode};
use crate::source::{Source, from_yaml};

/// The JSON Schema of the file.
pub const JSON_SCHEMA: &str = include_str!("schema/lock-1.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    tool: String,
    #[serde(default)]
    date: Option<Date>,
    fingerprint: String,
    #[serde(default)]
    head: Option<String>,
    sources: BTreeMap<String, String>,
    #[serde(default)]
    objects: Option<BTreeMap<String, String>>,
}

/// Reads a lock file. A fingerprint that its objects do not have is a problem.
pub fn read(source: &Source) -> Result<Baseline, Problem> {
    let file: File = from_yaml(source)?;
    if file.version != 1 {
        let message = format!("{} is a lock file of version {}", source.name, file.version);
        return Err(
            Problem::new(ProblemCode::Baseline, message).help("this pgcanon knows version 1")
        );
    }
    let File { version: _, tool, date, fingerprint, head, sources, objects } = file;
    let baseline = Baseline { tool, date, head, sources, objects: objects.unwrap_or_default() };
    if baseline.fingerprint() != fingerprint {
        let message = format!(
            "{} was changed by hand or merged: its fingerprint is not that of its objects",
            source.name
        );
        return Err(Problem::new(ProblemCode::Baseline, message)
            .help("write it again: pgcanon baseline lock"));
    }
    Ok(baseline)
}

/// The text of a lock file.
pub fn text(baseline: &Baseline) -> String {
    let Baseline { tool, date, head, sources, objects } = baseline;
    let mut out =
        "# What is declared, written down by pgcanon baseline lock. Do not edit.\nversion: 1\n"
            .to_owned();
    out.push_str(&format!("tool: \"{tool}\"\n"));
    if let Some(date) = date {
        out.push_str(&format!("date: {date}\n"));
    }
    out.push_str(&format!("fingerprint: \"{}\"\n", baseline.fingerprint()));
    if let Some(head) = head {
        out.push_str(&format!("head: {}\n", quoted(head)));
    }
    for (label, map) in [("sources", sources), ("objects", objects)] {
        out.push_str(&format!("{label}:{}\n", if map.is_empty() { " {}" } else { "" }));
        for (name, hash) in map {
            out.push_str(&format!("  {}: {}\n", yaml(name), quoted(hash)));
        }
    }
    out
}

/// Hashes may look like numbers.
fn quoted(text: &str) -> String {
    let plain = yaml(text);
    if plain.starts_with('"') { plain } else { format!("\"{plain}\"") }
}
