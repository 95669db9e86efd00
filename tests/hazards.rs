//! The hazards that each drift gets in a report: those of the steps that end it, and no others.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "tests read files and fail by panics"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use pgcanon::diff::{Diff, DiffOptions, diff};
use pgcanon::emit::report::{facet_label, object_name};
use pgcanon::model::{Hazard, Pair};
use pgcanon::normalize::{NormalSchema, align, normalize};
use pgcanon::parse::parse;
use pgcanon::plan::{PlanOptions, hazards, plan};
use pgcanon::source::Source;

fn compared(canonical: &str, live: &str) -> (Pair<NormalSchema>, Diff) {
    let side = |text: &str| {
        let source = Source { name: "x.sql".to_owned(), text: text.to_owned() };
        normalize(parse(&[source]).schema)
    };
    let mut schemas = Pair { canonical: side(canonical), live: side(live) };
    align(Pair { canonical: &mut schemas.canonical, live: &mut schemas.live });
    let diff = diff(schemas.as_ref(), &DiffOptions::default());
    (schemas, diff)
}

fn codes(hazards: &BTreeSet<Hazard>) -> String {
    hazards.iter().map(|hazard| hazard.code()).collect::<Vec<_>>().join(" ")
}

/// The hazards of each drift, by its object and facet.
fn found(canonical: &str, live: &str) -> BTreeMap<String, String> {
    let pool = rayon::ThreadPoolBuilder::new().stack_size(64 << 20).build().expect("threads");
    pool.install(|| {
        let (schemas, diff) = compared(canonical, live);
        let all = hazards(schemas.as_ref(), &diff);
        assert_eq!(all.len(), diff.drifts.len());
        let name = |drift: &pgcanon::diff::Drift| {
            let facet = drift.facet().map(|key| format!(": {}", facet_label(key)));
            format!("{}{}", object_name(&drift.object), facet.unwrap_or_default())
        };
        diff.drifts.iter().map(name).zip(all.iter().map(codes)).collect()
    })
}

fn check(canonical: &str, live: &str, expected: &[(&str, &str)]) {
    let expected: BTreeMap<String, String> =
        expected.iter().map(|(drift, codes)| ((*drift).to_owned(), (*codes).to_owned())).collect();
    assert_eq!(found(canonical, live), expected, "{canonical}\n{live}");
}

#[test]
fn a_step_endangers_for_the_drift_that_it_ends() {
    check(
        "CREATE TABLE t (a bigint NOT NULL); COMMENT ON COLUMN t.a IS 'x';",
        "CREATE TABLE t (a integer);",
        &[
            ("public.t.a: type", "table-rewrite access-exclusive-lock may-fail"),
            ("public.t.a: not null", "may-fail"),
            ("public.t.a: comment", ""),
        ],
    );
    check(
        "CREATE TABLE t (a integer) WITH (fillfactor=50); ALTER TABLE t ENABLE ROW LEVEL SECURITY; COMMENT ON TABLE t IS 'x'; GRANT SELECT ON t TO PUBLIC;",
        "CREATE UNLOGGED TABLE t (a integer);",
        &[
            ("public.t: option fillfactor", ""),
            ("public.t: row security", "security-change"),
            ("public.t: comment", ""),
            ("public.t: privileges public", "privilege-change"),
            ("public.t: persistence", "table-rewrite"),
        ],
    );
}

#[test]
fn what_goes_with_an_object_endangers_for_it() {
    check(
        "CREATE TABLE t (a integer PRIMARY KEY, b integer CHECK (b > 0)); CREATE INDEX i ON t (b);",
        "",
        &[("public.t", "index-build may-fail")],
    );
    check(
        "CREATE TABLE t (a integer);",
        "CREATE TABLE t (a integer, b serial); CREATE TABLE u (c integer);",
        &[("public.t.b", "data-loss"), ("public.u", "data-loss")],
    );
    check(
        "CREATE TABLE t (a integer, b integer); CREATE INDEX i ON t (b);",
        "CREATE TABLE t (a integer);",
        &[("public.t.b", ""), ("public.i", "index-build")],
    );
}

#[test]
fn what_is_torn_down_and_made_again_endangers_for_what_forces_it() {
    let around = "CREATE POLICY p ON t USING (a > 1);";
    check(
        &format!("CREATE TABLE t (a bigint, b text); COMMENT ON COLUMN t.b IS 'x'; {around}"),
        &format!("CREATE TABLE t (a integer, b text); {around}"),
        &[
            ("public.t.a: type", "table-rewrite access-exclusive-lock security-change may-fail"),
            ("public.t.b: comment", ""),
        ],
    );
}

#[test]
fn secrets_and_what_cannot_be_taken_back_are_named() {
    check(
        "CREATE TYPE e AS ENUM ('a', 'b');",
        "CREATE TYPE e AS ENUM ('a');",
        &[("public.e: labels", "irreversible")],
    );
    let server = "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;";
    check(
        &format!(
            "{server} CREATE USER MAPPING FOR postgres SERVER s OPTIONS (password 'hunter2');"
        ),
        server,
        &[("for postgres server s", "secret")],
    );
}

/// Every folder with both sides below these.
fn pairs() -> Vec<(PathBuf, [String; 2])> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut open = vec![root.join("tests/cases")];
    let mut pairs = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            }
        }
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
        if let (Some(canonical), Some(live)) = (read("canonical.sql"), read("live.sql")) {
            pairs.push((folder, [canonical, live]));
        }
    }
    let read = |name: &str| std::fs::read_to_string(root.join("canonical").join(name)).unwrap();
    pairs.push((root.join("canonical"), [read("schema.sql"), read("live.sql")]));
    pairs
}

#[test]
fn drifts_endanger_together_what_the_migration_endangers() {
    let pairs = pairs();
    assert!(pairs.len() > 10, "{}", pairs.len());
    let pool = rayon::ThreadPoolBuilder::new().stack_size(64 << 20).build().expect("threads");
    pool.install(|| {
        for (folder, [canonical, live]) in pairs {
            for (canonical, live) in [(&canonical, &live), (&live, &canonical)] {
                let (schemas, diff) = compared(canonical, live);
                let all: BTreeSet<Hazard> =
                    hazards(schemas.as_ref(), &diff).into_iter().flatten().collect();
                let migration = plan(schemas.as_ref(), &diff, PlanOptions::default());
                let steps: BTreeSet<Hazard> =
                    migration.up.steps.iter().flat_map(|step| step.hazards.clone()).collect();
                assert_eq!(codes(&all), codes(&steps), "{}", folder.display());
            }
        }
    });
}
