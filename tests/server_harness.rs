//! The harness of `tests/server/`, tried on every PostgreSQL version found.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panics"
)]

mod server;

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use server::Server;

const SCHEMA: &str = "
    CREATE SCHEMA app;
    CREATE TABLE app.item (
        id bigserial PRIMARY KEY,
        state text NOT NULL CHECK (state IN ('new', 'done')),
        note text
    );
    CREATE INDEX ON app.item (state) INCLUDE (note) WHERE note IS NOT NULL;
    GRANT SELECT ON app.item TO harness_reader;
";

#[test]
fn a_dump_loads_and_dumps_equal_on_every_version() {
    for server in Server::all() {
        server.roles(&["harness_reader"]);
        server.roles(&["harness_reader"]);
        let first = server.database();
        first.load(SCHEMA).unwrap();
        let dump = first.dump(&[]);
        assert!(dump.contains("CREATE TABLE app.item"), "{dump}");
        assert!(dump.contains(&format!("database version {}", server.major())), "{dump}");

        let second = server.database();
        second.load(&dump).unwrap();
        assert_eq!(second.dump(&[]), dump, "version {}", server.major());
    }
}

#[test]
fn archives_are_bytes() {
    let Some(server) = Server::any() else { return };
    let db = server.database();
    db.load("CREATE TABLE t (a int)").unwrap();
    assert!(db.dump_bytes(&["--format=custom"]).starts_with(b"PGDMP"));
    assert!(!db.dump(&["--exclude-table=t"]).contains("CREATE TABLE"));
}

#[test]
fn an_error_is_told_with_its_line() {
    let Some(server) = Server::any() else { return };
    let db = server.database();
    let error = db.load("CREATE TABLE a ();\nCREATE TABLE b (x nonsense);\nSELECT 1;").unwrap_err();
    assert!(error.to_string().contains("<stdin>:2: ERROR:"), "{error}");

    let messages = db.try_load("SELECT nonsense;\nCREATE TABLE c ();");
    assert!(messages.contains("nonsense"), "{messages}");
    assert_eq!(db.query("SELECT to_regclass('c') IS NOT NULL"), [["t"]]);
}

#[test]
fn a_query_gives_rows() {
    let Some(server) = Server::any() else { return };
    let db = server.database();
    let rows = db.query("VALUES (1, 'one\nline'), (2, NULL) ORDER BY 1");
    assert_eq!(rows, [["1", "one\nline"], ["2", ""]]);
    assert!(db.query("SELECT 1 WHERE false").is_empty());
}

#[test]
fn a_database_is_dropped() {
    let Some(server) = Server::any() else { return };
    let name = server.database().name().to_owned();
    let count = format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'");
    assert_eq!(server.database().query(&count), [["0"]]);
}

#[test]
fn a_dropped_server_is_gone() {
    let Some(shared) = Server::any() else { return };
    let own = shared.start_another();
    let (pid, folder) = (own.pid(), own.host().to_owned());
    assert!(runs(pid));
    drop(own);
    assert!(!runs(pid) && !folder.exists());
}

#[test]
fn a_killed_process_leaves_no_server_behind() {
    if Server::any().is_none() {
        return;
    }
    let (mut process, pid, folder) = process_with_server();
    assert!(runs(pid));
    process.kill().unwrap();
    process.wait().unwrap();
    assert_gone(pid, &folder);
}

#[test]
fn a_panicking_process_leaves_no_server_behind() {
    if Server::any().is_none() {
        return;
    }
    let (mut process, pid, folder) = process_with_server();
    process.stdin.take().unwrap().write_all(b"panic\n").unwrap();
    assert!(!process.wait().unwrap().success());
    assert_gone(pid, &folder);
}

/// Set for the processes that the two tests above start and end.
const HOLD: &str = "PGCANON_HOLD_SERVER";

/// Does nothing by itself: it is what those processes run.
#[test]
fn hold_a_server() {
    if std::env::var_os(HOLD).is_none() {
        return;
    }
    let server = Server::any().expect("the process that started this one has a server");
    let place = format!("{} {}\n", server.pid(), server.host().display());
    // Not `println!`, which the test runner captures.
    std::io::stderr().write_all(place.as_bytes()).unwrap();
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    assert!(line.is_empty(), "a panic on request");
}

fn process_with_server() -> (Child, u32, std::path::PathBuf) {
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "hold_a_server"])
        .env(HOLD, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(process.stderr.take().unwrap()).lines();
    let (pid, folder) = lines
        .map_while(Result::ok)
        .find_map(|line| {
            let (pid, folder) = line.split_once(' ')?;
            Some((pid.parse().ok()?, folder.into()))
        })
        .expect("the process tells its server");
    (process, pid, folder)
}

fn assert_gone(pid: u32, folder: &Path) {
    // The shell that stops the server has no one left to tell when it is done.
    for _ in 0..100 {
        if !runs(pid) && !folder.exists() {
            return;
        }
        sleep(Duration::from_millis(100));
    }
    panic!("server {pid} in {} outlives the process that started it", folder.display());
}

fn runs(pid: u32) -> bool {
    // Signal 0 asks only; `sh` has it built in.
    let check = Command::new("sh").args(["-c", &format!("kill -0 {pid} 2>&-")]).status();
    check.unwrap().success()
}
