//! What scripts read stays: no key of a JSON format goes away or gets another type within a
//! version.
//!
//! Each format is written for a fixed input; the paths of its keys with their types must hold all
//! that `tests/json/<format>.keys` lists. `PGCANON_BLESS=1 cargo test --test json_stability`
//! adds what is new; what is gone has to be taken out by hand, together with a new version.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests fail by panics")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Formats with the calls that write them, from the root of the repository.
const FORMATS: &[(&str, &[&str])] = &[
    ("diff", &["diff", "canonical/schema.sql", "canonical/live.sql", "--format", "json"]),
    ("plan", &["reconcile", "canonical/schema.sql", "canonical/live.sql", "--format", "json"]),
    (
        "fleet",
        &[
            "fleet",
            "canonical/schema.sql",
            "canonical/live.sql",
            "canonical/schema.sql",
            "canonical/README.md",
            "--format",
            "json",
        ],
    ),
    ("normalize", &["normalize", "canonical/live.sql", "--format", "json"]),
    ("lint", &["lint", "canonical/live.sql", "--format", "json"]),
    ("lineage", &["lineage", "tests/lineage/sound", "--format", "json"]),
    ("register", &["register", "--register", "canonical/schema-drift.yaml", "list", "--json"]),
    ("invariants", &["invariants", "tests/json/invariants.yaml", "--format", "json"]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Paths of keys, each with the types of its values.
type Keys = BTreeMap<String, BTreeSet<String>>;

fn collect(value: &Value, path: &str, keys: &mut Keys) {
    let of = |kind: &str, keys: &mut Keys| {
        keys.entry(path.to_owned()).or_default().insert(kind.to_owned());
    };
    match value {
        Value::Null => of("null", keys),
        Value::Bool(_) => of("boolean", keys),
        Value::Number(_) => of("number", keys),
        Value::String(_) => of("string", keys),
        Value::Array(items) => {
            of("array", keys);
            items.iter().for_each(|item| collect(item, &format!("{path}[]"), keys));
        }
        Value::Object(entries) => {
            of("object", keys);
            for (key, value) in entries {
                // A key that is data: a digest, a name, a sentence.
                let is_word = key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
                let key = if is_word { key.as_str() } else { "*" };
                collect(value, &format!("{path}.{key}"), keys);
            }
        }
    }
}

fn recorded(path: &PathBuf) -> Keys {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let line = |line: &str| {
        let (path, kinds) = line.split_once(": ")?;
        Some((path.to_owned(), kinds.split('|').map(str::to_owned).collect()))
    };
    text.lines().filter_map(line).collect()
}

#[test]
fn no_key_goes_away_or_changes_its_type() {
    let mut wrong = Vec::new();
    for (format, arguments) in FORMATS {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pgcanon"));
        let output = command.args(*arguments).current_dir(root()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let json: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| Value::String(format!("{error}: {said}")));
        assert!(json.is_object(), "{format}: {json}");
        assert!(json.get("version").is_some_and(Value::is_u64), "{format} has no version");
        let mut keys = Keys::new();
        collect(&json, "", &mut keys);
        let file = root().join(format!("tests/json/{format}.keys"));
        let mut known = recorded(&file);
        if std::env::var_os("PGCANON_BLESS").is_some() {
            for (path, kinds) in &keys {
                known.entry(path.clone()).or_default().extend(kinds.iter().cloned());
            }
            let line = |(path, kinds): (&String, &BTreeSet<String>)| {
                format!("{path}: {}\n", kinds.iter().cloned().collect::<Vec<_>>().join("|"))
            };
            std::fs::write(&file, known.iter().map(line).collect::<String>()).unwrap();
        }
        assert!(known.len() > 5, "{} lists nothing", file.display());
        for (path, kinds) in &known {
            match keys.get(path) {
                None => wrong.push(format!("{format}: {path} is gone")),
                Some(now) if !now.is_subset(kinds) => {
                    wrong.push(format!("{format}: {path} was {kinds:?} and is {now:?}"));
                }
                Some(_) => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_published_schema_names_its_version() {
    for document in ["drift", "fleet", "plan", "register", "config", "lock", "yaml"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pgcanon"));
        let output = command.args(["schema", document]).output().unwrap();
        let schema: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(jsonschema::validator_for(&schema).is_ok(), "{document} is no JSON Schema");
        let title = schema.get("title").and_then(Value::as_str).unwrap_or_default().to_owned();
        let says = title.contains("version") || schema.to_string().contains("\"version\"");
        assert!(says, "{document}: {title}");
    }
}
