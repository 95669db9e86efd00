//! The files of `canonical/` are what they say: `schema.sql` loads everywhere, and `live.sql`
//! is a genuine dump. `canonical/make-live.sh` writes the latter again.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panics"
)]

mod server;

use std::path::Path;

use server::{Database, Server};

const ROLES: [&str; 4] = ["app_rw", "app_ro", "auditor", "app_migrator"];
/// The version that `live.sql` is a dump of.
const LIVE_MAJOR: u32 = 15;

#[test]
fn schema_sql_and_drift_sql_load_on_every_version() {
    for server in Server::all() {
        let db = loaded(server, &["schema.sql", "drift.sql"]);
        let drifted = db.query("SELECT to_regclass('idx_events_received_at_tmp') IS NOT NULL");
        assert_eq!(drifted, [["t"]], "version {}", server.major());
    }
}

#[test]
fn live_sql_loads_on_every_version() {
    for server in Server::all() {
        loaded(server, &["live.sql"]);
    }
}

#[test]
fn live_sql_is_a_genuine_dump() {
    let Some(server) = Server::of_major(LIVE_MAJOR) else {
        return;
    };
    let dump = loaded(server, &["schema.sql", "drift.sql"]).dump(&[]);
    if std::env::var_os("PGCANON_BLESS").is_some() {
        std::fs::write(path("live.sql"), dump).unwrap();
        return;
    }
    let hint = "run canonical/make-live.sh";
    assert_eq!(without_versions(&read("live.sql")), without_versions(&dump), "{hint}");
}

fn loaded<'server>(server: &'server Server, files: &[&str]) -> Database<'server> {
    server.roles(&ROLES);
    let db = server.database();
    for file in files {
        let result = db.load(&read(file));
        result.unwrap_or_else(|error| panic!("{file} on version {}: {error}", server.major()));
    }
    db
}

/// Minor versions differ from machine to machine, and older ones know no `\restrict`.
fn without_versions(dump: &str) -> String {
    let told = ["-- Dumped ", "\\restrict ", "\\unrestrict "];
    let kept = dump.lines().filter(|line| !told.iter().any(|start| line.starts_with(start)));
    kept.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn read(file: &str) -> String {
    let path = path(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn path(file: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("canonical").join(file)
}
