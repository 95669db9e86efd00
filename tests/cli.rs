//! The program as people run it: arguments, sources of every kind, exit codes, and
//! what is said about bad input.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::format_collect,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests run programs, write files, and fail by panics"
)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A directory with files, in which the program runs.
struct Place {
    directory: TempDir,
    environment: Vec<(&'static str, String)>,
}

/// What a run came to.
struct Run {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Place {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let place = Self { directory: TempDir::new().unwrap(), environment: Vec::new() };
        for (name, bytes) in files {
            place.write(name, bytes);
        }
        place
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// A script that stands for a program of PostgreSQL.
    #[cfg(unix)]
    fn script(&mut self, variable: &'static str, body: &str) {
        use std::os::unix::fs::PermissionsExt;
        let path =
            self.write(&format!("bin/{variable}"), format!("#!/bin/sh\n{body}\n").as_bytes());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        self.environment.push((variable, path.display().to_string()));
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pgcanon"));
        command.args(arguments).current_dir(self.directory.path());
        for variable in ["NO_COLOR", "CLICOLOR_FORCE", "PGPASSWORD", "PGCANON_THREADS"] {
            command.env_remove(variable);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, b"")
    }

    fn run_with(&self, arguments: &[&str], input: &[u8]) -> Run {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A program that fails early does not read its input.
        let _ = child.stdin.take().unwrap().write_all(input);
        Run::new(child.wait_with_output().unwrap())
    }
}

impl Run {
    fn new(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Asserts the code, and that what is said holds each text.
    #[track_caller]
    fn says(&self, code: i32, expected: &[&str]) {
        let Run { out, err, .. } = self;
        assert_eq!(self.code, Some(code), "stdout:\n{out}\nstderr:\n{err}");
        for text in expected {
            assert!(
                out.contains(text) || err.contains(text),
                "{text:?} is not in stdout:\n{out}\nstderr:\n{err}"
            );
        }
    }
}

const GOOD: &[u8] = b"CREATE TABLE t (a int NOT NULL);\n";
const OTHER: &[u8] = b"CREATE TABLE t (a int NOT NULL, b text);\n";

/// Compares a source with itself, which fails only when the source cannot be used.
fn check(bytes: &[u8]) -> Run {
    Place::new(&[("a.sql", bytes)]).run(&["diff", "a.sql", "a.sql"])
}

#[test]
fn equal_schemas_pass_and_drift_fails() {
    let place = Place::new(&[("a.sql", GOOD), ("b.sql", OTHER)]);
    place.run(&["diff", "a.sql", "a.sql"]).says(0, &["IN SYNC"]);
    place.run(&["diff", "a.sql", "b.sql"]).says(1, &["SCHEMA-DRIFT-001", "a.sql:1", "b.sql:1"]);
    place.run(&["diff", "a.sql", "b.sql", "--fail-on", "never"]).says(0, &["SCHEMA-DRIFT-001"]);
    place.run(&["diff", "--canonical", "a.sql", "--live", "b.sql"]).says(1, &["SCHEMA-DRIFT-001"]);
    let explained = place.run(&["diff", "a.sql", "b.sql", "--explain", "schema-drift-001"]);
    explained.says(1, &["canonical truth", "live state", "b.sql:1"]);
    place
        .run(&["diff", "a.sql", "b.sql", "--explain", "SCHEMA-DRIFT-009"])
        .says(2, &["cli::usage", "there is no drift"]);
}

#[test]
fn formats_go_to_standard_output_or_a_file() {
    let place = Place::new(&[("a.sql", GOOD), ("b.sql", OTHER)]);
    let json = place.run(&["diff", "a.sql", "b.sql", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(value["verdict"], "DRIFT");
    let schema = place.run(&["schema", "drift"]);
    let schema: serde_json::Value = serde_json::from_str(&schema.out).unwrap();
    assert!(jsonschema::is_valid(&schema, &value));
    let quiet =
        place.run(&["diff", "a.sql", "b.sql", "--format", "json", "--output", "report.json"]);
    quiet.says(1, &[]);
    assert_eq!(quiet.out, "");
    assert_eq!(fs::read_to_string(place.directory.path().join("report.json")).unwrap(), json.out);
    place
        .run(&["diff", "a.sql", "b.sql", "--output", "no/such/dir"])
        .says(2, &["cli::output", "cannot write no/such/dir"]);
}

#[test]
fn bad_input_is_placed_and_explained() {
    let cases: &[(&[u8], &[&str])] = &[
        (
            b"CREATE TABLE t (\n  a int,\n);",
            &["parse::syntax", "a.sql:3:1", "at or near \")\"", "remove the comma"],
        ),
        (
            b"CREATE TABLE t (a int);\nCREATE TABLE t (a int);",
            &["parse::duplicate", "a.sql:2:1", "a.sql:1:1", "first created here"],
        ),
        (b"ALTER TABLE missing ADD COLUMN a int;", &["parse::missing", "a.sql:1:1", "missing"]),
        (b"SELECT 1;\nSELECT 'abc", &["parse::syntax", "a.sql:2:8", "not closed"]),
        (b"CREATE TABLE t (a int); /* no end", &["parse::syntax", "a.sql:1:25", "not closed"]),
        (
            b"CREATE FUNCTION f() RETURNS int AS $x$ SELECT 1; $$;",
            &["parse::syntax", "a.sql:1:36", "$x$"],
        ),
        (
            b"CREATE TABLE t (a int);\nCOPY t FROM stdin;\n1\n2\n",
            &["parse::syntax", "a.sql:2:18", "no end"],
        ),
        (b"\\i other.sql\n", &["parse::psql-command", "a.sql:1:1", "\"other.sql\"", "--canonical"]),
        (b"SELECT 'DROP TABLE t' \\gexec\n", &["parse::psql-command", "a.sql:1:23"]),
        (b"\\if :x\nSELECT 1;\n\\endif\n", &["parse::psql-command", "a.sql:1:1"]),
        (b"CREATE TABLE :name (a int);", &["parse::psql-command", "a.sql:1:14", "variable"]),
        (
            b"SET client_encoding = 'LATIN1';\nCREATE TABLE t (a int);",
            &["source::encoding", "LATIN1"],
        ),
        (
            b"CREATE TABLE t (a int);\n\\connect b\nCREATE TABLE u (a int);",
            &["parse::invalid", "a.sql:3:1", "several databases", "\"b\""],
        ),
        (b"", &["source::empty", "a.sql is empty"]),
        (b"-- nothing\n", &["source::empty", "no statement in a.sql"]),
        (b"SELECT '\xe9';\n", &["source::not-utf8", "0xE9 at line 1, column 9"]),
        (b"\xff\xfeS\0E\0L\0", &["source::not-utf8", "UTF-16LE"]),
        (b"\x1f\x8b\x08\0abc", &["source::unreadable", "gunzip"]),
        (b"\x00\x01\x02\x03\x04binary text", &["source::unreadable", "binary"]),
        (b"CREATE TABLE t (a int)\n\nCREATE TABLE u (a int);", &["a.sql:3:1", "semicolon missing"]),
        (b"<<<<<<< HEAD\nCREATE TABLE t (a int);\n", &["a.sql:1:1", "merge conflict"]),
    ];
    for (bytes, expected) in cases {
        check(bytes).says(2, expected);
    }
}

#[test]
fn deep_statements_end_in_an_answer() {
    let chain = |operator: &str| vec!["a > 1"; 10_000].join(operator);
    check(format!("CREATE TABLE t (a int CHECK ({}));", chain(" AND ")).as_bytes())
        .says(0, &["IN SYNC"]);
    check(
        format!(
            "CREATE TABLE t (a int CHECK ({}1 = 1{}));",
            "(".repeat(100_000),
            ")".repeat(100_000)
        )
        .as_bytes(),
    )
    .says(2, &["parse::too-deep", "a.sql:1:"]);
    check(
        format!("CREATE VIEW v AS {};", vec!["SELECT 1 AS a"; 10_000].join(" UNION ALL "))
            .as_bytes(),
    )
    .says(2, &["parse::too-deep"]);
    check(
        format!(
            "CREATE VIEW v AS {}SELECT 1 AS a{};",
            "SELECT * FROM (".repeat(500),
            ") x".repeat(500)
        )
        .as_bytes(),
    )
    .says(0, &["IN SYNC"]);
    check(
        format!(
            "CREATE VIEW v AS {}SELECT 1{};",
            "SELECT * FROM (".repeat(5000),
            ") x".repeat(5000)
        )
        .as_bytes(),
    )
    .says(2, &["parse::too-deep"]);
}

#[test]
fn standard_input_is_a_source() {
    let place = Place::new(&[("a.sql", GOOD)]);
    place.run_with(&["diff", "a.sql", "-"], GOOD).says(0, &["IN SYNC"]);
    place.run_with(&["diff", "a.sql", "-"], b"SELEC").says(2, &["<stdin>:1:1"]);
    place.run_with(&["diff", "a.sql", "-", "--name-live", "prod"], OTHER).says(1, &["prod:1"]);
    place.run_with(&["diff", "-", "-"], GOOD).says(2, &["cli::usage", "only once"]);
}

#[test]
fn a_directory_is_read_in_natural_order() {
    let place = Place::new(&[
        ("s/2_table.sql", b"CREATE TABLE t (a int);"),
        ("s/10_drop.sql", b"ALTER TABLE t DROP COLUMN a;"),
        ("s/deeper/1.SQL", b"CREATE TABLE u (a int);"),
        ("s/.hidden.sql", b"not SQL"),
        ("s/README.md", b"# not SQL"),
        ("live.sql", b"CREATE TABLE t (); CREATE TABLE u (a int);"),
        ("empty/x.txt", b"x"),
    ]);
    place
        .run(&["diff", "s", "live.sql", "--verbose"])
        .says(0, &["IN SYNC", "left out: s/README.md"]);
    place.run(&["diff", "empty", "live.sql"]).says(2, &["source::empty", "holds no *.sql file"]);
}

#[test]
fn wrong_arguments_are_explained() {
    let place = Place::new(&[("a.sql", GOOD)]);
    place.run(&["diff", "a.sql"]).says(2, &["cli::usage", "a second one"]);
    place.run(&["diff"]).says(2, &["cli::usage", "two schemas are needed"]);
    place
        .run(&["diff", "a.sql", "b.sql", "--live", "a.sql"])
        .says(2, &["cli::usage", "given twice"]);
    place
        .run(&["diff", "a.sql", "nope.sql"])
        .says(2, &["source::unreadable", "nope.sql", "No such file"]);
    place.run(&["dif"]).says(2, &["diff"]);
    place.run(&[]).says(0, &["pg_dump --schema-only", "pgcanon diff schema.sql live.sql"]);
    place.run(&["diff", "--help"]).says(0, &["Examples:", "Exit codes"]);
    place.run(&["completions", "bash"]).says(0, &["_pgcanon"]);
}

#[test]
fn hostile_text_does_not_reach_the_terminal() {
    let name = "\u{1b}[31mred\u{1b}]0;title\u{7}\u{202e}";
    let other = format!("CREATE TABLE t (a int NOT NULL, \"{name}\" int);");
    let wrong = format!("CREATE TABLE \"{name}\" (a int); CREATE TABLE \"{name}\" (a int);");
    let place =
        Place::new(&[("a.sql", GOOD), ("b.sql", other.as_bytes()), ("c.sql", wrong.as_bytes())]);
    let runs = [
        place.run(&["diff", "a.sql", "b.sql"]),
        place.run(&["diff", "a.sql", "b.sql", "--explain", "all"]),
        place.run(&["diff", "a.sql", "b.sql", "--format", "markdown"]),
        place.run(&["diff", "a.sql", "c.sql"]),
        place.run(&["diff", "a.sql", "b.sql", "--explain", name]),
        place.run(&["diff", "a.sql", name]),
    ];
    for (index, run) in runs.iter().enumerate() {
        let said = format!("{}{}", run.out, run.err);
        assert!(!said.contains(['\u{1b}', '\u{7}', '\u{202e}']), "run {index}: {said:?}");
        assert_ne!(run.code, Some(0));
    }
}

#[test]
fn colors_only_when_wanted() {
    let place = Place::new(&[("a.sql", GOOD), ("b.sql", OTHER)]);
    assert!(!place.run(&["diff", "a.sql", "b.sql"]).out.contains('\u{1b}'));
    assert!(place.run(&["diff", "a.sql", "b.sql", "--color", "always"]).out.contains('\u{1b}'));
    let mut forced = Place::new(&[("a.sql", GOOD), ("b.sql", OTHER)]);
    forced.environment.push(("CLICOLOR_FORCE", "1".to_owned()));
    assert!(forced.run(&["diff", "a.sql", "b.sql"]).out.contains('\u{1b}'));
    forced.environment.push(("NO_COLOR", "1".to_owned()));
    assert!(!forced.run(&["diff", "a.sql", "b.sql"]).out.contains('\u{1b}'));
}

#[test]
fn a_long_line_is_not_printed_whole() {
    let run = check(
        format!("CREATE TABLE t (a text DEFAULT '{}', , b int);", "x".repeat(1_000_000)).as_bytes(),
    );
    run.says(2, &["parse::syntax"]);
    assert!(run.err.len() < 2000, "{} bytes", run.err.len());
}

#[test]
fn many_problems_are_summed_up() {
    let text: String = (0..50).map(|n| format!("CREAT TABLE t{n} (a int);\n")).collect();
    check(text.as_bytes()).says(2, &["and 30 more problems: 30 parse::syntax"]);
}

#[test]
fn a_reader_that_goes_away_is_no_crash() {
    let columns: String = (0..5000).map(|n| format!(", c{n} int")).collect();
    let place = Place::new(&[
        ("a.sql", GOOD),
        ("b.sql", format!("CREATE TABLE t (a int NOT NULL{columns});").as_bytes()),
    ]);
    let mut command = place.command(&["diff", "a.sql", "b.sql"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let run = Run::new(child.wait_with_output().unwrap());
    run.says(1, &[]);
    assert_eq!(run.err, "");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let place = Place::new(&[("a.sql", GOOD), ("b.sql", OTHER)]);
    let [one, many] =
        ["1", "8"].map(|n| place.run(&["diff", "a.sql", "b.sql", "--threads", n]).out);
    assert_eq!(one, many);
}

#[test]
fn normalize_prints_a_schema() {
    let place = Place::new(&[("a.sql", GOOD)]);
    let json = place.run(&["normalize", "a.sql", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert!(
        value["objects"].as_array().unwrap().iter().any(|object| object["name"] == "public.t"),
        "{value}"
    );
}

#[cfg(unix)]
#[test]
fn rules_are_listed_where_they_were_applied() {
    let place = Place::new(&[
        ("one.sql", b"CREATE TABLE t (\n  s text CHECK (s IN ('a', 'b')));"),
        ("other.sql", b"CREATE TABLE t (\n  s text CHECK (s LIKE 'a%'));"),
    ]);
    let listed = ["one.sql:2", "N-IN-LIST", "transformAExprIn"];
    place.run(&["normalize", "one.sql", "--trace"]).says(0, &listed);
    let run = place.run(&["diff", "one.sql", "other.sql", "--explain", "SCHEMA-DRIFT-001"]);
    run.says(1, &["rules applied, canonical: N-IN-LIST", "rules applied, live: N-LIKE"]);
}

#[test]
fn a_password_reaches_pg_dump_in_secret_only() {
    let mut place = Place::new(&[("a.sql", GOOD)]);
    place.script(
        "PGCANON_PG_DUMP",
        // Both sides are read at the same time.
        "echo \"$@\" > arguments.$$; echo \"$PGPASSWORD\" > password.$$; cat a.sql",
    );
    let run =
        place.run(&["diff", "postgres://u:hunt%21er2@h/d", "postgres://u@h/d?password=hunter3"]);
    run.says(0, &["IN SYNC"]);
    let written = |name: &str| {
        let all = fs::read_dir(place.directory.path()).unwrap().map(|entry| entry.unwrap().path());
        let named = all.filter(|path| path.file_stem().is_some_and(|stem| stem == name));
        let mut texts: Vec<String> = named.map(|path| fs::read_to_string(path).unwrap()).collect();
        texts.sort();
        texts
    };
    let arguments = written("arguments");
    assert!(
        arguments.iter().all(|text| text.contains("--schema-only") && !text.contains("hunt")),
        "{arguments:?}"
    );
    assert_eq!(written("password"), ["hunt!er2\n", "hunter3\n"]);
    assert!(!format!("{}{}", run.out, run.err).contains("hunt"));
}

#[cfg(unix)]
#[test]
fn what_pg_dump_complains_about_is_shown_without_the_password() {
    let mut place = Place::new(&[("a.sql", GOOD)]);
    place.script(
        "PGCANON_PG_DUMP",
        "echo \"pg_dump: error: password $PGPASSWORD for $2 is wrong\" >&2; exit 1",
    );
    let run = place.run(&["diff", "a.sql", "postgres://u:hunter2@h/d"]);
    run.says(2, &["source::program", "postgres://u@h/d", "password *** for", "PGPASSWORD"]);
    assert!(!run.err.contains("hunter2"));
    place.environment = vec![("PGCANON_PG_DUMP", "/no/such/program".to_owned())];
    place.run(&["diff", "a.sql", "service=x"]).says(2, &["source::program", "/no/such/program"]);
}

#[cfg(unix)]
#[test]
fn archives_are_read_by_pg_restore() {
    let mut place =
        Place::new(&[("a.sql", GOOD), ("c.dump", b"PGDMP\x01\x10"), ("d/toc.dat", b"PGDMP")]);
    place.script("PGCANON_PG_RESTORE", "cat a.sql");
    place.run(&["diff", "a.sql", "c.dump"]).says(0, &["IN SYNC"]);
    place.run(&["diff", "a.sql", "d"]).says(0, &["IN SYNC"]);
    place.run_with(&["diff", "a.sql", "-"], b"PGDMP\x01").says(0, &["IN SYNC"]);
    place.script(
        "PGCANON_PG_RESTORE",
        "echo 'pg_restore: error: unsupported version (1.16)' >&2; exit 1",
    );
    place
        .run(&["diff", "a.sql", "c.dump"])
        .says(2, &["source::archive", "c.dump", "unsupported version", "newer pg_dump"]);
    place.environment = vec![("PGCANON_PG_RESTORE", "/no/such/program".to_owned())];
    place.run(&["diff", "a.sql", "c.dump"]).says(2, &["/no/such/program"]);
}

#[test]
fn every_problem_code_has_a_page() {
    let pages =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/problems.md")).unwrap();
    let documented: Vec<&str> =
        pages.lines().filter_map(|line| line.strip_prefix("## `")?.strip_suffix('`')).collect();
    let codes: Vec<&str> =
        pgcanon::model::ProblemCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(documented, codes);
}

const DECLARED: &[u8] = b"CREATE TABLE t (id bigint PRIMARY KEY, state text NOT NULL);\n\
      CREATE VIEW v AS SELECT id, state FROM t;\n";
const THERE: &[u8] = b"CREATE TABLE t (id bigint PRIMARY KEY, status text NOT NULL, old int);\n\
      CREATE VIEW v AS SELECT id, status AS state FROM t;\n";

#[test]
fn what_deletes_data_is_left_out_unless_allowed() {
    let place = Place::new(&[("c.sql", DECLARED), ("l.sql", THERE)]);
    let rename = ["reconcile", "c.sql", "l.sql", "--rename", "t.status=state"];
    let run = place.run(&rename);
    assert_eq!(run.code, Some(1), "{}", run.err);
    assert!(run.out.contains("--   ALTER TABLE public.t DROP COLUMN old;"), "{}", run.out);
    assert!(
        run.out.contains("\nALTER TABLE public.t RENAME COLUMN status TO state;"),
        "{}",
        run.out
    );
    let allowed = [&rename[..], &["--allow", "data-loss", "--decision", "ADR-7"]].concat();
    let run = place.run(&allowed);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let expected = "-- CI:DESTRUCTIVE_OK ADR-7\nALTER TABLE public.t DROP COLUMN old;";
    assert!(run.out.contains(expected), "{}", run.out);
}

#[test]
fn a_rename_of_what_is_not_there_is_refused() {
    let place = Place::new(&[("c.sql", DECLARED), ("l.sql", THERE)]);
    let run = place.run(&["reconcile", "c.sql", "l.sql", "--rename", "t.nothing=state"]);
    assert_eq!(run.code, Some(2), "{}{}", run.out, run.err);
    assert!(run.err.contains("--rename"), "{}", run.err);
    let run = place.run(&["reconcile", "c.sql", "l.sql", "--rename", "nothing"]);
    assert_eq!(run.code, Some(2), "{}{}", run.out, run.err);
}

#[test]
fn an_alembic_revision_follows_the_only_head() {
    let first: &[u8] = b"revision = 'a1'\ndown_revision = None\n";
    let place = Place::new(&[("c.sql", DECLARED), ("l.sql", THERE), ("versions/a1.py", first)]);
    let reconcile = ["reconcile", "c.sql", "l.sql", "--allow", "data-loss", "--format", "alembic"];
    let arguments = [&reconcile[..], &["--alembic-dir", "versions"]].concat();
    let run = place.run(&arguments);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let written = fs::read_dir(place.directory.path().join("versions")).unwrap();
    let texts: Vec<String> =
        written.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
    assert!(texts.iter().any(|text| text.contains("down_revision = \"a1\"")), "{texts:?}");
    place.write("versions/b2.py", b"revision = 'b2'\ndown_revision = 'a1'\n");
    let run = place.run(&arguments);
    assert_eq!(run.code, Some(2), "{}", run.err);
    assert!(run.err.contains("2 heads"), "{}", run.err);
}
