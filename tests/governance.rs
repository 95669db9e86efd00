//! Register, policy, baseline and evidence, as a user runs them: the program in a directory of
//! its own, with files that change as a project's do.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::format_collect,
    reason = "tests fail by panics"
)]

use std::path::Path;
use std::process::{Command, Output};

/// A directory with files.
struct Place(tempfile::TempDir);

impl Place {
    fn new(files: &[(&str, &str)]) -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            place.write(name, text);
        }
        place
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap()
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pgcanon"));
        command.args(words(arguments)).current_dir(self.path()).env_remove("SOURCE_DATE_EPOCH");
        command
    }

    fn output(&self, arguments: &str) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs it and expects that exit code; what it printed.
    #[track_caller]
    fn run(&self, code: i32, arguments: &str) -> String {
        let output = self.output(arguments);
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8(text).unwrap();
        assert_eq!(output.status.code(), Some(code), "pgcanon {arguments}\n{text}");
        text
    }

    /// Compares on a day, with the register.
    #[track_caller]
    fn diff(&self, day: &str) -> String {
        let output = self.output(&format!("diff a.sql b.sql --register --as-of {day}"));
        assert!(output.status.code() < Some(2), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// ID and status of each entry, in the order of IDs.
    fn list(&self) -> Vec<(String, String, String)> {
        let text = self.run(0, "register list --json");
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        let word =
            |entry: &serde_json::Value, key: &str| entry[key].as_str().unwrap_or("").to_owned();
        let list = json["drifts"].as_array().unwrap().iter();
        list.map(|entry| {
            let about = format!("{} {}", word(entry, "object"), word(entry, "facet"));
            (word(entry, "id"), word(entry, "status"), about.trim().to_owned())
        })
        .collect()
    }
}

/// Words as a shell would see them, with single quotes.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in text.split('\'').enumerate() {
        if at % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

const CANON: &str = "CREATE TABLE t (a integer NOT NULL, b text);\nCREATE TABLE u (x integer);\n";
const LIVE: &str = "CREATE TABLE t (a integer, b text);\nCREATE TABLE v (y integer);\n";

#[test]
fn numbers_stay_with_their_drifts() {
    let place = Place::new(&[("a.sql", CANON), ("b.sql", LIVE)]);
    place.diff("2026-01-01");
    let first = place.list();
    let about: Vec<&str> = first.iter().map(|(_, _, about)| about.as_str()).collect();
    assert_eq!(about, ["table public.u", "table public.v", "column public.t.a not null"]);
    // Another order, other lines, other words.
    place.write(
        "b.sql",
        "-- \n\n\nCREATE TABLE v (y int4);\nCREATE TABLE t (\n a int,\n b text\n);\n",
    );
    place.diff("2026-01-02");
    assert_eq!(place.list(), first);
    // One is gone, one is new.
    place.write(
        "b.sql",
        "CREATE TABLE t (a integer NOT NULL, b varchar);\nCREATE TABLE v (y integer);\n",
    );
    place.diff("2026-01-03");
    let list = place.list();
    assert_eq!(list[2].1, "resolved");
    assert_eq!(
        list[3],
        ("SCHEMA-DRIFT-004".into(), "open".into(), "column public.t.b type".into())
    );
    let shown = place.run(0, "register show 3");
    assert!(
        shown.contains("last seen  2026-01-02") && shown.contains("resolved   2026-01-03"),
        "{shown}"
    );
    // It comes back under its number.
    place.write("b.sql", LIVE);
    place.diff("2026-01-04");
    let list = place.list();
    assert_eq!((list[2].1.as_str(), list[3].1.as_str()), ("reopened", "resolved"));
    assert_eq!(list.len(), 4);
}

#[test]
fn a_number_is_never_given_twice() {
    let place = Place::new(&[("a.sql", CANON), ("b.sql", LIVE)]);
    place.diff("2026-01-01");
    // Somebody deletes the last entry by hand.
    let text = place.read("schema-drift.yaml");
    let at = text.find("- id: SCHEMA-DRIFT-003").unwrap();
    let end = text[at + 1..].find("\n- id:").map_or(text.len(), |end| at + 1 + end);
    place.write("schema-drift.yaml", &format!("{}{}", &text[..at], &text[end..]));
    place.diff("2026-01-02");
    let ids: Vec<String> = place.list().into_iter().map(|(id, _, _)| id).collect();
    assert_eq!(ids, ["SCHEMA-DRIFT-001", "SCHEMA-DRIFT-002", "SCHEMA-DRIFT-004"]);
}

#[test]
fn what_people_write_into_the_register_stays() {
    let place = Place::new(&[("a.sql", CANON), ("b.sql", LIVE), ("adr/ADR-7.md", "x")]);
    place.diff("2026-01-01");
    let text = place.read("schema-drift.yaml");
    let edited = text
        .replace("version: 1\n", "# our register\nversion: 1  # do not touch\n")
        .replace(
            "- id: SCHEMA-DRIFT-002\n",
            "# the old tool needs it\n- id: SCHEMA-DRIFT-002   # v\n  ticket: OPS-1\n",
        )
        .replacen("status: open\n", "status: open  # looked at\n", 1)
        + "  notes: |\n    status: not a key\n    second line\n";
    place.write("schema-drift.yaml", &edited);
    place.write("b.sql", CANON);
    place.diff("2026-01-02");
    let text = place.read("schema-drift.yaml");
    for kept in [
        "# our register\n",
        "# do not touch\n",
        "# the old tool needs it\n- id: SCHEMA-DRIFT-002   # v\n  ticket: OPS-1\n",
        "# looked at\n",
        "  notes: |\n    status: not a key\n    second line\n",
    ] {
        assert!(text.contains(kept), "{kept:?} is gone:\n{text}");
    }
    assert_eq!(text.matches("status: resolved").count(), 3, "{text}");
    // The same again changes nothing but the day of the last run.
    place.diff("2026-01-03");
    let again = place.read("schema-drift.yaml");
    assert_eq!(again.replace("2026-01-03", "2026-01-02"), text);
}

#[test]
fn windows_line_ends_and_braces_survive() {
    let place = Place::new(&[("a.sql", CANON), ("b.sql", CANON)]);
    place.write(
        "schema-drift.yaml",
        "version: 1\r\nlast_id: 9\r\ndrifts:\r\n  - {id: SCHEMA-DRIFT-009, object: table public.v, change: extra, severity: LOW, status: open, first_seen: {date: 2025-01-01}}\r\n",
    );
    place.diff("2026-01-02");
    let text = place.read("schema-drift.yaml");
    assert!(
        text.contains("status: resolved") && !text.replace("\r\n", "").contains('\n'),
        "{text:?}"
    );
    assert_eq!(place.list()[0].1, "resolved");
}

#[test]
fn accepted_drift_passes_until_it_expires_or_is_another_one() {
    let config = "version: 1\ndecisions: {directory: adr, pattern: 'ADR-*'}\n";
    let place = Place::new(&[
        ("a.sql", "CREATE TABLE t (b varchar(20));\n"),
        ("b.sql", "CREATE TABLE t (b varchar(30));\n"),
        ("pgcanon.yaml", config),
        ("adr/0007-keep-it.md", "x"),
    ]);
    place.diff("2026-01-01");
    let refused = place.run(2, "register accept 1 --adr ADR-8 --reason 'clients read it'");
    assert!(refused.contains("there is no ADR-8 in adr"), "{refused}");
    place.run(2, "register accept 1 --adr RFC-7 --reason x");
    place.run(2, "register accept 1 --reason x");
    place.run(2, "register accept 9 --adr ADR-7 --reason x");
    place.run(0, "register accept 1 --adr ADR-7 --reason 'clients read it' --by 'A. B.' --expires 2026-03-01 --as-of 2026-01-01");
    let day = |day: &str| format!("diff a.sql b.sql --register --as-of {day}");
    let shown = place.run(0, &day("2026-02-28"));
    assert!(shown.contains("accepted") && shown.contains("1 drift"), "{shown}");
    place.run(1, &day("2026-03-01"));
    place.run(1, "register check --as-of 2026-03-01");
    place.run(0, "register check --as-of 2026-02-28");
    // Another difference of the same column was not accepted.
    place.write("b.sql", "CREATE TABLE t (b varchar(5));\n");
    place.run(1, &day("2026-02-01"));
    assert_eq!(place.list()[0].1, "reopened");
}

#[test]
fn migrations_leave_what_is_accepted_unless_it_is_named() {
    let place = Place::new(&[
        ("a.sql", "CREATE TABLE t (b varchar(20), c int);\n"),
        ("b.sql", "CREATE TABLE t (b varchar(30), c bigint);\n"),
        ("adr/0007-keep-it.md", "x"),
    ]);
    place.diff("2026-01-01");
    place.run(0, "register accept 1 --adr ADR-7 --reason 'clients read it'");
    let said = place.run(0, "reconcile a.sql b.sql --register");
    assert!(said.contains("1 other drift is left as before, accepted in the register"), "{said}");
    assert!(!said.contains("varchar") && said.contains("integer"), "{said}");
    let said = place.run(0, "reconcile a.sql b.sql --register --only SCHEMA-DRIFT-001");
    assert!(said.contains("character varying(20)") || said.contains("varchar(20)"), "{said}");
    // Another difference was not accepted.
    place.write("b.sql", "CREATE TABLE t (b varchar(25), c int);\n");
    let said = place.run(0, "reconcile a.sql b.sql --register");
    assert!(!said.contains("left as before"), "{said}");
}

#[test]
fn a_part_that_is_not_understood_resolves_nothing() {
    let place = Place::new(&[("a.sql", CANON), ("b.sql", LIVE)]);
    place.diff("2026-01-01");
    place.write("b.sql", &format!("{CANON}\nDO $$ BEGIN EXECUTE 'DROP TABLE ' || x; END $$;\n"));
    place.diff("2026-01-02");
    assert!(place.list().iter().all(|(_, status, _)| status == "open"), "{:?}", place.list());
}

#[test]
fn writers_at_once_lose_nothing() {
    let place = Place::new(&[("a.sql", "CREATE SCHEMA s;\n")]);
    for number in 0..8 {
        place.write(
            &format!("b{number}.sql"),
            &format!("CREATE SCHEMA s;\nCREATE TABLE s.t{number} ();\n"),
        );
    }
    // Each run sees only its own drift and leaves those of others to be resolved.
    let children: Vec<_> = (0..8)
        .map(|number| {
            let arguments = format!("diff a.sql b{number}.sql --register --as-of 2026-01-01");
            place.command(&arguments).stdout(std::process::Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut child in children {
        assert_eq!(child.wait().unwrap().code(), Some(1));
    }
    let list = place.list();
    assert_eq!(list.len(), 8);
    let ids: Vec<&str> = list.iter().map(|(id, _, _)| id.as_str()).collect();
    assert_eq!(ids[0], "SCHEMA-DRIFT-001");
    assert_eq!(ids[7], "SCHEMA-DRIFT-008");
}

#[test]
fn killed_writers_leave_a_whole_register() {
    let tables: String = (0..400).map(|n| format!("CREATE TABLE t{n} (a integer);\n")).collect();
    let place = Place::new(&[("a.sql", &tables), ("b.sql", "CREATE TABLE x ();\n")]);
    for wait in 0..12 {
        let mut child = place
            .command("diff a.sql b.sql --register --as-of 2026-01-01")
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait * 12));
        drop(child.kill());
        child.wait().unwrap();
        if place.path().join("schema-drift.yaml").exists() {
            place.run(0, "register check --as-of 2026-01-01");
            assert_eq!(place.list().len(), 401);
        }
    }
}

#[test]
fn branches_merge() {
    let place = Place::new(&[("a.sql", "CREATE TABLE m ();\n"), ("b.sql", "CREATE TABLE n ();\n")]);
    place.diff("2026-01-01");
    let base = place.read("schema-drift.yaml");
    place.write("base.yaml", &base);
    place.write("b.sql", "CREATE TABLE n ();\nCREATE TABLE ours ();\n");
    place.diff("2026-01-02");
    place.write("ours.yaml", &place.read("schema-drift.yaml"));
    place.write("schema-drift.yaml", &base);
    place.write("b.sql", "CREATE TABLE n ();\nCREATE TABLE theirs ();\n");
    place.diff("2026-01-03");
    place.run(0, "register assign 1 --to team-a");
    place.write("theirs.yaml", &place.read("schema-drift.yaml"));
    let said = place.run(0, "register merge base.yaml ours.yaml theirs.yaml");
    assert!(said.contains("their SCHEMA-DRIFT-003 is SCHEMA-DRIFT-004 now"), "{said}");
    place.write("schema-drift.yaml", &place.read("ours.yaml"));
    place.run(0, "register check");
    let about: Vec<String> = place.list().into_iter().map(|(_, _, about)| about).collect();
    assert_eq!(
        about,
        ["table public.m", "table public.n", "table public.ours", "table public.theirs"]
    );
    assert!(place.run(0, "register show 1").contains("team-a"));
    // What git leaves when it could not merge is said to be that.
    place.write(
        "schema-drift.yaml",
        &base.replace("drifts:\n", "<<<<<<< ours\ndrifts:\n=======\n>>>>>>> theirs\n"),
    );
    let said = place.run(2, "register check");
    assert!(said.contains("merge conflict"), "{said}");
}

#[test]
fn a_register_that_contradicts_itself_is_said_so() {
    let entry = |id: &str, object: &str, rest: &str| {
        format!(
            "- id: {id}\n  object: {object}\n  change: extra\n  severity: LOW\n  first_seen: {{date: 2026-01-01}}\n{rest}"
        )
    };
    let text = format!(
        "version: 1\nlast_id: 2\ndrifts:\n{}{}{}",
        entry("SCHEMA-DRIFT-001", "table public.a", "  status: open\n"),
        entry("SCHEMA-DRIFT-001", "table public.b", "  status: accepted\n"),
        entry("SCHEMA-DRIFT-003", "table public.a", "  status: resolved\n"),
    );
    let place = Place::new(&[("schema-drift.yaml", &text)]);
    let said = place.run(1, "register check");
    for part in [
        "given twice",
        "without a decision",
        "above last_id",
        "the same as another entry",
        "status and resolved",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    place.write("schema-drift.yaml", &text.replace("last_id: 2", "last_id: two"));
    assert!(place.run(2, "register check").contains("schema-drift.yaml:2"));
    place.write("schema-drift.yaml", &text.replace("status: open", "status: opened"));
    assert!(place.run(2, "register check").contains("schema-drift.yaml:"));
}

#[test]
fn the_configuration_ignores_with_reasons_and_rates() {
    let config = "version: 1\ncanonical: [a.sql]\nlive: [b.sql]\nfail_on: high\n\
                  ignore:\n- {kind: table, name: 'public.v*', reason: scratch tables}\n\
                  - {name: 'nothing.*', reason: unused}\n\
                  severities:\n- {kind: table, change: missing, severity: LOW}\n\
                  - {facet: not null, severity: MODERATE}\n";
    let place = Place::new(&[("a.sql", CANON), ("b.sql", LIVE), ("pgcanon.yaml", config)]);
    let json = place.output("diff --format json").stdout;
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json["drifts"].as_array().unwrap().len(), 2);
    assert_eq!(json["ignored"][0]["reason"], "scratch tables");
    assert_eq!(json["counts"]["LOW"], 1);
    let said = place.run(0, "diff");
    assert!(said.contains("ignored by configuration: 1: scratch tables"), "{said}");
    assert!(said.contains("pgcanon.yaml:7") && said.contains("fits no drift"), "{said}");
    for (wrong, expected) in [
        ("kind: table", "no kind of object"),
        ("reason: scratch tables", "missing field"),
        ("severity: LOW", "no severity"),
        ("version: 1", "version 3"),
    ] {
        let other = match wrong {
            "kind: table" => config.replacen(wrong, "kind: tabel", 1),
            "severity: LOW" => config.replacen(wrong, "severity: LOWER", 1),
            "version: 1" => config.replacen(wrong, "version: 3", 1),
            _ => config.replacen(", reason: scratch tables", "", 1),
        };
        place.write("pgcanon.yaml", &other);
        let said = place.run(2, "config check");
        assert!(said.contains(expected), "{expected}: {said}");
    }
}

#[test]
fn the_baseline_names_what_changed() {
    let place = Place::new(&[("a.sql", CANON), ("b.sql", CANON)]);
    place.run(0, "baseline lock a.sql --as-of 2026-01-01 --head abc123");
    place.run(0, "baseline check a.sql");
    // Another text with the same meaning.
    place.write("a.sql", &format!("-- comment\n{CANON}"));
    assert!(place.run(0, "baseline check a.sql").contains("text     a.sql"));
    place.run(1, "baseline check a.sql --bytes");
    place.write(
        "a.sql",
        "CREATE TABLE t (a bigint NOT NULL, b text);\nCREATE TABLE w (x integer);\n",
    );
    let said = place.run(1, "baseline check a.sql");
    for line in ["added    table public.w", "removed  table public.u", "changed  table public.t"] {
        assert!(said.contains(line), "{said}");
    }
    let said = place.run(1, "baseline parity b.sql --canonical a.sql");
    assert!(said.contains("NOT AT PARITY"), "{said}");
    place.write("b.sql", &place.read("a.sql"));
    assert!(place.run(0, "baseline parity b.sql --canonical a.sql").contains("AT PARITY"));
    assert!(place.run(0, "baseline statement").contains("abc123"));
    place.write(
        "pgcanon.lock",
        &place.read("pgcanon.lock").replace("table public.u", "table public.z"),
    );
    assert!(place.run(2, "baseline check a.sql").contains("changed by hand"));
}

#[test]
fn evidence_is_the_same_anywhere_and_verified() {
    let files = [("a.sql", CANON), ("b.sql", LIVE)];
    let (one, other) = (Place::new(&files), Place::new(&files));
    one.run(0, "evidence a.sql b.sql --out e --as-of 2026-01-01");
    let output = other
        .command("evidence a.sql b.sql --out e --as-of 2026-01-01")
        .envs([("TZ", "Asia/Tokyo"), ("LC_ALL", "tr_TR.UTF-8"), ("PGCANON_THREADS", "1")])
        .output()
        .unwrap();
    assert!(output.status.success());
    let names = [
        "manifest.json",
        "statement.json",
        "drifts/SCHEMA-DRIFT-001.md",
        "migration/up.sql",
        "sign-off.md",
    ];
    for name in names {
        assert_eq!(one.read(&format!("e/{name}")), other.read(&format!("e/{name}")), "{name}");
    }
    assert!(one.run(0, "evidence verify e").contains("VERIFIED"));
    one.run(0, "evidence verify e a.sql b.sql");
    let page = one.read("e/drifts/SCHEMA-DRIFT-003.md");
    assert!(
        page.contains("a.sql:1") && page.contains("1  CREATE TABLE t (a integer NOT NULL"),
        "{page}"
    );
    one.run(0, "evidence a.sql b.sql --archive one.tar.gz");
    other.run(0, "evidence a.sql b.sql --archive one.tar.gz");
    let bytes = |place: &Place| std::fs::read(place.path().join("one.tar.gz")).unwrap();
    assert_eq!(bytes(&one), bytes(&other));
    // Altered, added, lost, and other inputs.
    one.write("e/drifts.md", "nothing");
    one.write("e/more.md", "x");
    std::fs::remove_file(one.path().join("e/drifts.csv")).unwrap();
    let said = one.run(1, "evidence verify e");
    for part in
        ["drifts.md is not the file", "more.md is not in the manifest", "drifts.csv is missing"]
    {
        assert!(said.contains(part), "{said}");
    }
    other.write("b.sql", CANON);
    assert!(
        other.run(1, "evidence verify e a.sql b.sql").contains("another one when it is made again")
    );
    // A directory with something else in it is left alone.
    one.write("mine/file", "x");
    one.run(2, "evidence a.sql b.sql --out mine");
    assert_eq!(one.read("mine/file"), "x");
}

#[test]
fn secrets_never_come_out() {
    let secret = |n: u32| {
        format!(
            "CREATE SUBSCRIPTION s CONNECTION 'host=h password=Planted{n}a' PUBLICATION p WITH (connect = false);\n\
             CREATE FOREIGN DATA WRAPPER w;\nCREATE SERVER f FOREIGN DATA WRAPPER w OPTIONS (password 'Planted{n}b');\n\
             CREATE USER MAPPING FOR CURRENT_USER SERVER f OPTIONS (user 'u', password 'Planted{n}c');\n\
             COMMENT ON SCHEMA public IS 'postgres://u:Planted{n}d@h/d';\n\
             CREATE FUNCTION g() RETURNS integer LANGUAGE plpgsql AS $$\nBEGIN\n\
             PERFORM dblink('host=h dbname=d password=Planted{n}e');\nRETURN {n};\nEND $$;\n"
        )
    };
    let place = Place::new(&[("a.sql", &secret(1)), ("b.sql", &secret(2))]);
    let mut all = String::new();
    for arguments in [
        "diff a.sql b.sql --register",
        "diff a.sql b.sql --explain all",
        "diff a.sql b.sql --format json",
        "diff a.sql b.sql --format markdown",
        "diff a.sql b.sql --format csv",
        "normalize a.sql",
        "normalize a.sql --format json",
        "reconcile a.sql b.sql",
        "reconcile a.sql b.sql --format alembic",
        "evidence a.sql b.sql --out e",
        "baseline lock a.sql",
        "baseline statement",
        "register list",
        "register show 1",
    ] {
        let output = place.output(arguments);
        assert!(
            output.status.code() < Some(2),
            "{arguments}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        all.push_str(&String::from_utf8_lossy(&[output.stdout, output.stderr].concat()));
    }
    place.write("c.sql", "CREATE SUBSCRIPTION s CONNECTION 'password=Planted3a' PUBLICATION;\n");
    all.push_str(&place.run(2, "diff a.sql c.sql"));
    let mut open = vec![place.path().to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.parent() != Some(place.path())
                || path.extension().is_none_or(|e| e != "sql")
            {
                all.push_str(&String::from_utf8_lossy(&std::fs::read(path).unwrap()));
            }
        }
    }
    let leaks: Vec<&str> = all.lines().filter(|line| line.contains("Planted")).collect();
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
    // Another secret is a drift.
    let json = place.output("diff a.sql b.sql --format json").stdout;
    let json = String::from_utf8(json).unwrap();
    for object in ["\"s\"", "\"f\"", "server f"] {
        assert!(json.contains(object), "{object}");
    }
}

#[test]
fn a_migration_is_entered_for_the_drifts_that_it_ends() {
    let place = Place::new(&[("a.sql", CANON), ("b.sql", LIVE)]);
    let said = place.run(2, "reconcile a.sql b.sql --register");
    assert!(said.contains("there is no register"), "{said}");
    place.diff("2026-01-01");
    place.run(0, "reconcile a.sql b.sql --register --only SCHEMA-DRIFT-003 --output up.sql");
    assert!(place.read("up.sql").contains("SCHEMA-DRIFT-003"));
    let statuses: Vec<String> = place.list().into_iter().map(|(_, status, _)| status).collect();
    assert_eq!(statuses, ["open", "open", "reconciling"]);
    assert!(place.run(0, "register show 3").contains("up.sql"));
    place.write("b.sql", &format!("{LIVE}CREATE TABLE new ();\n"));
    let said = place.run(2, "reconcile a.sql b.sql --register");
    assert!(said.contains("does not have the drift of table public.new"), "{said}");
}

#[test]
fn data_is_deleted_by_decision_only() {
    let config = "version: 1\ndecisions: {directory: adr}\n";
    let place = Place::new(&[
        ("a.sql", "CREATE TABLE t (a integer);\n"),
        ("b.sql", "CREATE TABLE t (a integer, b text, c text);\n"),
        ("pgcanon.yaml", config),
        ("adr/ADR-3.md", "x"),
    ]);
    place.diff("2026-01-01");
    let written = |place: &Place| {
        place.run(1, "reconcile a.sql b.sql --register --output up.sql");
        let text = place.read("up.sql");
        ["b", "c"]
            .map(|column| text.contains(&format!("\nALTER TABLE public.t DROP COLUMN {column};")))
    };
    assert_eq!(written(&place), [false, false]);
    place.run(2, "register reconcile 1 --reason 'not used' --allow-data-loss");
    place.run(2, "register reconcile 1 --reason 'not used' --allow-data-loss --adr ADR-4");
    place.run(0, "register reconcile 1 --reason 'not used' --allow-data-loss --adr ADR-3");
    assert_eq!(written(&place), [true, false]);
    assert!(place.read("up.sql").contains("-- CI:DESTRUCTIVE_OK ADR-3"));
    // Another difference was not decided about.
    place.write("b.sql", "CREATE TABLE t (a integer, b bigint, c text);\n");
    place.diff("2026-01-02");
    assert_eq!(written(&place), [false, false]);
}

#[test]
fn check_does_everything() {
    let config = "version: 1\ncanonical: [a.sql]\nlive: [b.sql]\nregister: drift.yaml\n\
                  reports:\n- {format: markdown, file: drift.md}\n- {format: json, file: drift.json}\n";
    let place = Place::new(&[("a.sql", CANON), ("b.sql", LIVE), ("pgcanon.yaml", config)]);
    place.run(0, "baseline lock");
    let said = place.run(1, "check --as-of 2026-01-01");
    for part in [
        "register   pass  3 new",
        "drift      FAIL",
        "baseline   pass",
        "report     pass  drift.md",
        "\nFAIL",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(place.read("drift.md").contains("SCHEMA-DRIFT-003"));
    place.write("b.sql", CANON);
    assert!(place.run(0, "check --as-of 2026-01-02").contains("\nPASS"));
    place.write("a.sql", &format!("{CANON}CREATE TABLE z ();\n"));
    place.write("b.sql", &place.read("a.sql"));
    assert!(place.run(1, "check").contains("baseline   FAIL"));
    let empty = Place::new(&[]);
    assert!(empty.run(2, "check").contains("there is no pgcanon.yaml"));
}

#[test]
fn a_rename_is_decided_in_the_register() {
    let place = Place::new(&[
        ("a.sql", "CREATE TABLE t (a integer, status text NOT NULL);\n"),
        ("b.sql", "CREATE TABLE t (a integer, state text);\n"),
        ("pgcanon.yaml", "version: 1\n"),
    ]);
    place.diff("2026-01-01");
    let register = place.read("schema-drift.yaml");
    let number = |object: &str| -> u32 {
        let before = register.split(&format!("object: {object}\n")).next().unwrap();
        before.rsplit("SCHEMA-DRIFT-").next().unwrap()[..3].parse().unwrap()
    };
    let (new, old) = (number("column public.t.status"), number("column public.t.state"));
    place.run(1, "reconcile a.sql b.sql --register --output up.sql");
    assert!(place.read("up.sql").contains("ADD COLUMN status"));
    // What is extra is not what something is renamed to; a name is one name.
    place.run(2, &format!("register reconcile {old} --reason x --renamed-from status"));
    place.run(2, &format!("register reconcile {new} --reason x --renamed-from t.state"));
    let said = place.run(0, &format!("register reconcile {new} --reason x --renamed-from state"));
    assert!(!said.contains("error"), "{said}");
    assert!(place.read("schema-drift.yaml").contains("renamed_from: state\n"));
    place.run(0, "reconcile a.sql b.sql --register --output up.sql --back down.sql");
    let up = place.read("up.sql");
    assert!(
        up.contains(&format!("-- SCHEMA-DRIFT-{new:03}")) || up.contains("SCHEMA-DRIFT-"),
        "{up}"
    );
    assert!(up.contains("ALTER TABLE public.t RENAME COLUMN state TO status;"), "{up}");
    assert!(up.contains("ALTER COLUMN status SET NOT NULL"), "{up}");
    assert!(!up.contains("DROP COLUMN") && !up.contains("ADD COLUMN"), "{up}");
    let down = place.read("down.sql");
    assert!(down.contains("ALTER TABLE public.t RENAME COLUMN status TO state;"), "{down}");
    let listed = place.run(0, "register list --json");
    assert_eq!(listed.matches("\"reconciling\"").count(), 2, "{listed}");
    // Once it is done, nothing is left and nothing is renamed again.
    place.write("b.sql", "CREATE TABLE t (a integer, status text NOT NULL);\n");
    place.diff("2026-01-02");
    place.run(0, "reconcile a.sql b.sql --register --output up.sql");
    assert!(!place.read("up.sql").contains("RENAME"));
}

#[test]
fn migrations_leave_alone_what_the_configuration_ignores() {
    let config = "version: 1\nignore:\n\
                  - {kind: table, name: 'public.tmp_*', reason: scratch}\n\
                  - {kind: column, name: 'public.t.later', reason: planned}\n\
                  - {kind: index, name: public.i, facet: option*, reason: tuned}\n";
    let place = Place::new(&[
        (
            "a.sql",
            "CREATE TABLE t (a integer, later text DEFAULT 'x');\nCREATE INDEX i ON t (a);\n\
             CREATE TABLE tmp_missing (a integer PRIMARY KEY);\n",
        ),
        (
            "b.sql",
            "CREATE TABLE t (a integer, b text);\nCREATE INDEX i ON t (a) WITH (fillfactor = 50);\n\
             CREATE TABLE tmp_x (a serial PRIMARY KEY, b text DEFAULT 'y');\n\
             CREATE INDEX tmp_i ON tmp_x (b);\n",
        ),
        ("pgcanon.yaml", config),
    ]);
    place.diff("2026-01-01");
    place.run(
        0,
        "reconcile a.sql b.sql --register --allow data-loss --output up.sql --back down.sql",
    );
    let (up, down) = (place.read("up.sql"), place.read("down.sql"));
    assert!(up.contains("ALTER TABLE public.t DROP COLUMN b;"), "{up}");
    for left in ["tmp_", "later", "fillfactor"] {
        assert!(!up.contains(left) && !down.contains(left), "{left}: {up}{down}");
    }
    // Without the rules all of it is planned.
    place.write("pgcanon.yaml", "version: 1\n");
    place.run(0, "reconcile a.sql b.sql --allow data-loss --output up.sql");
    let up = place.read("up.sql");
    for planned in
        ["DROP TABLE public.tmp_x", "tmp_missing", "ADD COLUMN later", "RESET (fillfactor)"]
    {
        assert!(up.contains(planned), "{planned}: {up}");
    }
}
