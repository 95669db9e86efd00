//! `alembic:DIR` as a source, with Alembic itself: offline where that works, in a scratch
//! database where it does not; compared with what the chain makes on a real server.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "tests run programs and fail by panics"
)]

#[path = "../server/mod.rs"]
mod server;

mod project;

use std::path::{Path, PathBuf};
use std::process::Command;

use project::{OFFLINE, Project, READING};
use server::{Database, Server};

#[test]
fn nothing_runs_unless_asked_for() {
    let project = Project::new(OFFLINE);
    project.write("env/env.py", "open('ran', 'w')\nraise SystemExit(3)\n");
    let run = project.run(&["normalize", "alembic:."]);
    assert_eq!(run.code, Some(2));
    assert!(run.said.contains("was not allowed"), "{}", run.said);
    assert!(
        run.said.contains("--alembic-command") && run.said.contains("--scratch"),
        "{}",
        run.said
    );
    // Not by the configuration either.
    project.write("pgcanon.yaml", "version: 1\ncanonical: ['alembic:.']\nlive: ['alembic:.']\n");
    assert_eq!(project.run(&["check"]).code, Some(2));
    project.write("pgcanon.yaml", "version: 1\nalembic_command: python3\n");
    assert_eq!(project.run(&["check"]).code, Some(2));
    assert!(!project.path("ran").exists());
}

#[test]
fn a_broken_graph_is_told_before_anything_runs() {
    let project = Project::new(OFFLINE);
    project.write("env/env.py", "open('ran', 'w')\n");
    project.write("env/versions/x.py", "revision = 'x'\ndown_revision = 'gone'\n");
    let run = project.run(&["normalize", "alembic:.", "--alembic-command", "python3"]);
    assert_eq!(run.code, Some(2));
    assert!(run.said.contains("comes after gone, which is not there"), "{}", run.said);
    assert!(!project.path("ran").exists());
    let none = project.run(&["normalize", "alembic:env/versions", "--alembic-command", "python3"]);
    assert!(none.code == Some(2) && none.said.contains("no alembic.ini"), "{}", none.said);
}

#[test]
fn a_program_that_is_not_there_or_fails_is_told() {
    let project = Project::new(OFFLINE);
    let run = project.run(&["normalize", "alembic:.", "--alembic-command", "no/such/alembic"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.said.contains("no/such/alembic") && run.said.contains("venv/bin/python"),
        "{}",
        run.said
    );
    // What it says is escaped, and secrets in it are not repeated.
    let script = "#!/bin/sh\nprintf 'cannot reach postgresql://app:hunter2@db/x \\033[31mred\\033[0m\\n' >&2\nexit 1\n";
    project.program("tool", script);
    let run = project.run(&["normalize", "alembic:.", "--alembic-command", "./tool"]);
    assert_eq!(run.code, Some(2));
    assert!(run.said.contains("cannot reach postgresql://app:"), "{}", run.said);
    assert!(!run.said.contains("hunter2") && !run.said.contains('\u{1b}'), "{}", run.said);
}

#[test]
fn the_project_is_told_of_no_real_database() {
    let project = Project::new(OFFLINE);
    let ini =
        "[alembic]\nscript_location = env\nsqlalchemy.url = postgresql+asyncpg://u:p@prod/d\n";
    project.write("alembic.ini", ini);
    let script = "#!/bin/sh\ncp \"$2\" seen.ini\necho \"$@\" > arguments\nenv > seen.env\necho 'CREATE TABLE t ();'\n";
    project.program("tool", script);
    let run = Command::new(env!("CARGO_BIN_EXE_pgcanon"))
        .args(["normalize", "alembic:.", "--alembic-command", "./tool"])
        .args(["--alembic-env", "APP_DB={user}@{host}/{dbname}"])
        .env("DATABASE_URL", "postgresql+psycopg://u:p@prod/d")
        .current_dir(project.directory())
        .output()
        .unwrap();
    assert!(run.status.success(), "{run:?}");
    let ini = project.read("seen.ini");
    assert!(ini.contains("postgresql+asyncpg://nobody@/pgcanon_offline?host=/"), "{ini}");
    assert!(!ini.contains("prod"), "{ini}");
    let environment = project.read("seen.env");
    assert!(
        environment.contains("DATABASE_URL=postgresql+psycopg://nobody@/pgcanon_offline"),
        "{environment}"
    );
    assert!(
        environment.contains("APP_DB=nobody@/") && !environment.contains("prod"),
        "{environment}"
    );
    assert_eq!(project.read("alembic.ini").matches("prod").count(), 1, "the file stays as it is");
    assert!(project.read("arguments").trim_end().ends_with("upgrade heads --sql"));
}

/// The chain, upgraded by Alembic in a database of our own, dumped.
fn upgraded(server: &Server, python: &Path, project: &Project) -> PathBuf {
    let db = server.database();
    let output = Command::new(python)
        .args(["-m", "alembic", "upgrade", "heads"])
        .env("DATABASE_URL", sqlalchemy(&db))
        .current_dir(project.directory())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    project.write("live.sql", &db.dump(&[]));
    project.path("live.sql")
}

fn sqlalchemy(db: &Database<'_>) -> String {
    let host = db.server().host().display();
    format!("postgresql+psycopg2://postgres@/{}?host={host}&port=5432", db.name())
}

#[test]
fn a_chain_is_the_schema_that_it_makes() {
    let Some(server) = Server::any() else { return };
    let Some(python) = project::python() else { return };
    let maintenance =
        format!("host={} port=5432 user=postgres dbname=postgres", server.host().display());
    let command = python.display().to_string();
    for (name, revisions) in [("offline", OFFLINE), ("reading", READING)] {
        let project = Project::new(revisions);
        let live = upgraded(server, &python, &project);
        let live = live.display().to_string();
        let allowed = ["--alembic-command", &command, "--scratch", &maintenance];
        let diff = ["diff", "alembic:.", &live, "--list-ignored"];
        let run = project.run(&[&diff[..], &allowed].concat());
        assert_eq!(run.code, Some(0), "{name}: {}", run.said);
        assert!(run.said.contains("IN SYNC"), "{name}: {}", run.said);
        assert!(run.said.contains("table of versions"), "{name}: {}", run.said);
        assert_eq!(run.said.contains("source::chain-run"), name == "reading", "{}", run.said);
        // A fleet leaves the table of versions out on whichever side the chain is.
        for sides in [["alembic:.", &live], [&live, "alembic:."]] {
            let run = project.run(&[&["fleet"], &sides[..], &allowed].concat());
            assert_eq!(run.code, Some(0), "{name}: {}", run.said);
            assert!(run.said.contains("1 in sync"), "{name}: {}", run.said);
            let is_run = run.said.contains("source::chain-run");
            assert_eq!(is_run, name == "reading", "{name}: {}", run.said);
        }
        // One more column is a drift.
        let text = project.read("live.sql").replace("email text", "email text, surplus int");
        project.write("live.sql", &text);
        let run = project.run(&[&diff[..], &allowed].concat());
        assert_eq!(run.code, Some(1), "{name}: {}", run.said);
        assert!(run.said.contains("surplus"), "{name}: {}", run.said);
        // Offline alone does for the one and not for the other.
        let run = project.run(&["normalize", "alembic:alembic.ini", "--alembic-command", &command]);
        let expected = if name == "reading" { Some(2) } else { Some(0) };
        assert_eq!(run.code, expected, "{name}: {}", run.said);
        assert!(name == "offline" || run.said.contains("--scratch temporary"), "{}", run.said);
    }
    assert_no_scratch(server);
}

/// All scratch databases are gone, once other tests are done with theirs.
fn assert_no_scratch(server: &Server) {
    let db = server.database();
    let left =
        || db.query("SELECT datname FROM pg_database WHERE datname LIKE 'pgcanon\\_alembic%'");
    for _ in 0..300 {
        if left().is_empty() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    panic!("{:?}", left());
}

#[test]
fn a_project_that_connects_elsewhere_is_not_run() {
    let Some(server) = Server::any() else { return };
    let Some(python) = project::python() else { return };
    let project = Project::new(READING);
    let other = server.database();
    let env = project::ENVIRONMENT
        .replace("os.environ[\"DATABASE_URL\"]", &format!("{:?}", sqlalchemy(&other)));
    project.write("env/env.py", &env);
    let maintenance =
        format!("host={} port=5432 user=postgres dbname=postgres", server.host().display());
    let command = python.display().to_string();
    let arguments =
        ["normalize", "alembic:.", "--alembic-command", &command, "--scratch", &maintenance];
    let run = project.run(&arguments);
    assert_eq!(run.code, Some(2), "{}", run.said);
    assert!(run.said.contains("does not connect to the scratch database"), "{}", run.said);
    assert!(
        other
            .query("SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace")
            .is_empty()
    );
    // Told by which variable, it is.
    let env = project::ENVIRONMENT.replace("DATABASE_URL", "MY_APP_DSN");
    project.write("env/env.py", &env);
    assert_eq!(project.run(&arguments).code, Some(2));
    let run = project.run(&[&arguments[..], &["--alembic-env", "MY_APP_DSN"]].concat());
    assert_eq!(run.code, Some(0), "{}", run.said);
    // What fails on the way leaves nothing behind.
    project.write(
        "env/versions/z.py",
        "revision = 'z'\ndown_revision = 'b2'\n\ndef upgrade():\n    raise RuntimeError('so it is')\n",
    );
    let run = project.run(&[&arguments[..], &["--alembic-env", "MY_APP_DSN"]].concat());
    assert_eq!(run.code, Some(2));
    assert!(run.said.contains("RuntimeError: so it is"), "{}", run.said);
    assert!(run.said.contains("env/versions/z.py, line 5, in upgrade"), "{}", run.said);
    assert_no_scratch(server);
}

#[test]
fn a_temporary_server_and_a_chain_with_two_heads() {
    if Server::any().is_none() {
        return;
    }
    let Some(python) = project::python() else { return };
    let project = Project::new(READING);
    let ini = "[alembic]\nscript_location = %(here)s/env\npath_separator = newline\n\
               version_locations =\n    %(here)s/env/versions\n    %(here)s/other one\n\
               sqlalchemy.url = driver://u:p@h/d\n";
    project.write("alembic.ini", ini);
    project.write(
        "other one/c3.py",
        "from alembic import op\nrevision = 'c3'\ndown_revision = 'a1'\n\ndef upgrade():\n    op.execute('CREATE TABLE third (id int)')\n",
    );
    let command = python.display().to_string();
    let arguments =
        ["normalize", "alembic:.", "--alembic-command", &command, "--scratch", "temporary"];
    let run = project.run(&arguments);
    assert_eq!(run.code, Some(0), "{}", run.said);
    for table in ["CREATE TABLE public.accounts", "CREATE TABLE public.third"] {
        assert!(run.said.contains(table), "{table}: {}", run.said);
    }
    assert!(!run.said.contains("version_num"), "{}", run.said);
}

#[test]
fn passwords_are_in_no_argument_and_no_message() {
    let project = Project::new(READING);
    let script = "#!/bin/sh\necho \"$@\" >> arguments\ncat \"$2\" >> seen.ini 2>/dev/null\nprintf '%s\\n' \"$PGPASSWORD\" >> password\necho \"$PGPASSWORD se%40cret\" >&2\nexit 1\n";
    project.program("tool", script);
    project.program("psql", "#!/bin/sh\necho \"$@\" >> arguments\necho 0\n");
    let run = Command::new(env!("CARGO_BIN_EXE_pgcanon"))
        .args(["normalize", "alembic:.", "--alembic-command", "./tool"])
        .args(["--scratch", "postgres://app:se%40cret@localhost/app"])
        .env("PGCANON_PSQL", project.path("psql"))
        .current_dir(project.directory())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert_eq!(run.status.code(), Some(2), "{said}");
    assert!(said.contains("does not connect to the scratch database"), "{said}");
    assert!(project.read("password").contains("se@cret"));
    for text in [&said, &project.read("arguments"), &project.read("seen.ini")] {
        assert!(!text.contains("se@cret") && !text.contains("se%40cret"), "{text}");
    }
}
