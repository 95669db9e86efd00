//! Lint, lineage and invariants in `pgcanon check`: one summary, one exit code, report files;
//! and their outputs by the JSON Schemas that `pgcanon schema` prints.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests run programs and fail by panics"
)]

mod program;

use std::path::Path;

use program::{place, run};
use serde_json::Value;

const SCHEMA: &str = "CREATE TABLE t (id int PRIMARY KEY, tenant_id int NOT NULL);\n";
const CONFIG: &str = "version: 1
canonical: [schema.sql]
live: [live.sql]
lint: {paths: [migrations], level: HIGH}
lineage: {dir: chain, expect-head: b}
invariants:
  - {id: tenant, rule: column, table: t, column: tenant_id, not_null: true}
reports:
  - {of: lint, format: json, file: out-lint.json}
  - {of: lineage, format: json, file: out-lineage.json}
  - {of: invariants, format: json, file: out-invariants.json}
  - {format: json, file: out-drift.json}
";

fn project() -> tempfile::TempDir {
    place(&[
        ("pgcanon.yaml", CONFIG),
        ("schema.sql", SCHEMA),
        ("live.sql", SCHEMA),
        ("migrations/1.sql", "CREATE TABLE t (id int);\n"),
        ("chain/a.py", "revision = 'a'\ndown_revision = None\n"),
        ("chain/b.py", "revision = 'b'\ndown_revision = 'a'\n"),
    ])
}

/// A report that has to be by its JSON Schema.
fn report(directory: &Path, name: &str, file: &str) -> Value {
    let text = std::fs::read_to_string(directory.join(file)).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_valid(directory, name, &value);
    value
}

fn assert_valid(directory: &Path, name: &str, value: &Value) {
    let schema: Value = serde_json::from_str(&run(directory, &["schema", name]).out).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{name}: {errors:?}\n{value:#}");
}

#[test]
fn all_parts_are_in_one_summary_with_reports() {
    let place = project();
    let at = place.path();
    let good = run(at, &["check"]);
    assert_eq!(good.code, Some(0), "{}{}", good.out, good.err);
    for line in [
        "drift      pass  IN SYNC",
        "invariants pass  canonical: 1 hold, 0 fail",
        "invariants pass  live: 1 hold, 0 fail",
        "lint       pass  1 migrations: 0 findings",
        "lineage    pass  2 revisions, head b, 0 faults",
        "PASS",
    ] {
        assert!(good.out.contains(line), "{line} is not in\n{}", good.out);
    }
    assert_eq!(report(at, "lint", "out-lint.json")["verdict"], "PASS");
    assert_eq!(report(at, "lineage", "out-lineage.json")["heads"][0], "b");
    let results = report(at, "invariants", "out-invariants.json");
    assert_eq!(results["results"][1]["side"], "live");
    assert_eq!(report(at, "drift", "out-drift.json")["verdict"], "IN SYNC");
}

#[test]
fn each_part_alone_fails_the_run() {
    let fails = |file: &str, text: &str, line: &str| {
        let place = project();
        std::fs::write(place.path().join(file), text).unwrap();
        let bad = run(place.path(), &["check"]);
        assert_eq!(bad.code, Some(1), "{line}: {}{}", bad.out, bad.err);
        assert!(bad.out.contains(line), "{line} is not in\n{}", bad.out);
        let failing = bad.out.lines().filter(|line| line.contains(" FAIL ")).count();
        assert_eq!(failing, 1, "{}", bad.out);
        for (name, file) in [
            ("lint", "out-lint.json"),
            ("lineage", "out-lineage.json"),
            ("invariants", "out-invariants.json"),
        ] {
            report(place.path(), name, file);
        }
    };
    fails("migrations/2.sql", "DROP TABLE t;\n", "lint       FAIL  2 migrations: 1 findings");
    fails(
        "chain/c.py",
        "revision = 'c'\ndown_revision = 'a'\n",
        "lineage    FAIL  3 revisions, head b, c",
    );
    fails(
        "chain/b.py",
        "revision = 'x'\ndown_revision = 'a'\n",
        "lineage    FAIL  2 revisions, head x",
    );
    let both = "CREATE TABLE t (id int PRIMARY KEY, tenant_id int);\n";
    let place = project();
    std::fs::write(place.path().join("schema.sql"), both).unwrap();
    std::fs::write(place.path().join("live.sql"), both).unwrap();
    let bad = run(place.path(), &["check"]);
    assert_eq!(bad.code, Some(1));
    assert!(bad.out.contains("invariants FAIL  live: 0 hold, 1 fail"), "{}", bad.out);
    // Below the level of the configuration, a finding is only told.
    let place = project();
    let config = CONFIG.replace("level: HIGH", "level: never");
    std::fs::write(place.path().join("pgcanon.yaml"), config).unwrap();
    std::fs::write(place.path().join("migrations/2.sql"), "DROP TABLE t;\n").unwrap();
    assert_eq!(run(place.path(), &["check"]).code, Some(0));
}

#[test]
fn migrations_alone_may_be_checked() {
    let config = "version: 1\nlint: {paths: [migrations]}\nlineage: {dir: chain}\n";
    let place = project();
    std::fs::write(place.path().join("pgcanon.yaml"), config).unwrap();
    let good = run(place.path(), &["check"]);
    assert_eq!(good.code, Some(0), "{}{}", good.out, good.err);
    assert!(good.out.contains("not compared"), "{}", good.out);
    // A declared schema and its rules, without anything that is there.
    let config = CONFIG.replace("live: [live.sql]\n", "");
    std::fs::write(place.path().join("pgcanon.yaml"), config).unwrap();
    let alone = run(place.path(), &["check"]);
    assert_eq!(alone.code, Some(0), "{}{}", alone.out, alone.err);
    assert!(
        alone.out.contains("canonical: 1 hold") && !alone.out.contains("live: 1"),
        "{}",
        alone.out
    );
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let place = project();
    for (config, said) in [
        ("version: 1\nlint: {paths: []}\n", "lint names no paths"),
        ("version: 1\nlint: {}\n", "paths"),
        ("version: 1\nlint: {paths: [m], level: awful}\n", "there is no severity \"awful\""),
        ("version: 1\nlineage: {}\n", "lineage names no directory"),
        ("version: 1\nlineage: {dir: chain, heads: 2}\n", "heads"),
        ("version: 1\nreports: [{of: lint, format: json, file: x}]\n", "not configured"),
        (
            "version: 1\nlint: {paths: [m]}\nreports: [{of: lint, format: sarif, file: x}]\n",
            "no such format",
        ),
    ] {
        std::fs::write(place.path().join("pgcanon.yaml"), config).unwrap();
        let refused = run(place.path(), &["check"]);
        assert_eq!(refused.code, Some(2), "{config}: {}", refused.out);
        assert!(refused.err.contains(said), "{said} is not in\n{}", refused.err);
    }
    let paths = "version: 1\nlint: {paths: [nowhere]}\nlineage: {dir: chain}\n";
    std::fs::write(place.path().join("pgcanon.yaml"), paths).unwrap();
    let dead = run(place.path(), &["config", "check"]);
    assert!(dead.code == Some(2) && dead.err.contains("there is no nowhere"), "{}", dead.err);
    // The configuration of the first test is by its JSON Schema, as far as YAML is JSON.
    let config = serde_json::json!({
        "version": 1,
        "lint": {"paths": ["m"], "level": "HIGH"},
        "lineage": {"dir": "chain", "expect-head": "b", "recursive": true},
        "reports": [{"of": "lint", "format": "json", "file": "x"}],
    });
    assert_valid(place.path(), "config", &config);
}

#[test]
fn outputs_of_the_commands_are_by_their_schemas() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let value = |arguments: &[&str]| -> Value {
        let found = run(root, arguments);
        serde_json::from_str(&found.out).unwrap_or_else(|_| panic!("{}{}", found.out, found.err))
    };
    assert_valid(
        root,
        "lint",
        &value(&["lint", "tests/lint", "--format", "json", "--downgrade", "--idempotent"]),
    );
    for chain in ["tests/lineage/sound", "tests/lineage/broken"] {
        assert_valid(root, "lineage", &value(&["lineage", chain, "--format", "json"]));
    }
    let place = project();
    let found = run(place.path(), &["invariants", "schema.sql", "--format", "json"]);
    assert_valid(place.path(), "invariants", &serde_json::from_str(&found.out).unwrap());
}
