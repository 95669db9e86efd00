//! What is in a bundle, with checksums.

use serde_json::{Value, json};

use super::{Bundle, Files, GRAMMAR, Provenance};
use crate::baseline::sha256;

/// The version of the manifest.
const VERSION: u32 = 1;

/// The manifest: tool, inputs, options, result, and SHA-256 of every other file.
pub fn manifest(bundle: &Bundle<'_>, files: &Files) -> Value {
    let listed: Vec<Value> = files
        .iter()
        .map(|(path, bytes)| json!({ "path": path, "sha256": sha256(bytes), "size": bytes.len() }))
        .collect();
    let inputs = |list: &[Provenance]| list.iter().map(input).collect::<Vec<_>>();
    json!({
        "version": VERSION,
        "tool": { "name": "pgcanon", "version": env!("CARGO_PKG_VERSION"), "grammar": GRAMMAR },
        "as_of": bundle.as_of.map(|day| day.to_string()),
        "verdict": bundle.report.verdict.label(),
        "result": result(bundle),
        "options": bundle.options,
        "inputs": {
            "canonical": inputs(&bundle.provenance.canonical),
            "live": inputs(&bundle.provenance.live),
            "settings": inputs(&bundle.settings),
        },
        "files": listed,
    })
}

/// The manifest as an in-toto statement (<https://github.com/in-toto/attestation>, Statement v1
/// with a test-result predicate v0.1): its subjects are the files of the bundle.
pub fn statement(bundle: &Bundle<'_>, files: &Files) -> Value {
    let subject: Vec<Value> = files
        .iter()
        .map(|(path, bytes)| json!({ "name": path, "digest": { "sha256": sha256(bytes) } }))
        .collect();
    let provenance = &bundle.provenance;
    let inputs = provenance.canonical.iter().chain(&provenance.live).chain(&bundle.settings);
    let configuration: Vec<Value> = inputs
        .map(|input| json!({ "name": input.name, "digest": { "sha256": input.sha256 } }))
        .collect();
    let failed: Vec<&str> = bundle.report.rows.iter().map(|row| row.id.as_str()).collect();
    json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": subject,
        "predicateType": "https://in-toto.io/attestation/test-result/v0.1",
        "predicate": {
            "result": result(bundle),
            "configuration": configuration,
            "failedTests": failed,
        },
    })
}

/// In the words of in-toto's test results.
fn result(bundle: &Bundle<'_>) -> &'static str {
    match (bundle.passes, bundle.report.rows.is_empty()) {
        (true, true) => "PASSED",
        (true, false) => "WARNED",
        (false, _) => "FAILED",
    }
}

fn input(input: &Provenance) -> Value {
    let Provenance { name, sha256, commit, dump } = input;
    let commit = commit.as_ref().map(|(commit, clean)| json!({ "commit": commit, "clean": clean }));
    json!({ "name": name, "sha256": sha256, "git": commit, "dump": dump })
}
