//! `pgcanon reconcile` as people use it: what is written is run by the tools it is written
//! for, on real servers, and the dumps are compared.
//!
//! One pair of schemas serves all: it has what tools stumble over (statements outside of
//! transactions, colons, dollars, semicolons in bodies, hostile names).

#![allow(
    clippy::case_sensitive_file_extension_comparisons,
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

mod alembic;
mod partial;
mod rename;
mod security;
mod survive;
mod tools;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use server::{Database, Server};

/// What is there.
const LIVE: &str = r"
CREATE SCHEMA app;
CREATE TYPE app.kind AS ENUM ('a', 'c');
CREATE TABLE app.customers (id int PRIMARY KEY, name text NOT NULL, tier text CHECK (tier IN ('free', 'pro')));
CREATE TABLE app.orders (
    id bigint PRIMARY KEY,
    customer int NOT NULL REFERENCES app.customers,
    state text DEFAULT 'new',
    amount int,
    kind app.kind,
    old_note text
);
CREATE INDEX orders_state ON app.orders (state);
CREATE VIEW app.open AS SELECT id, state FROM app.orders WHERE state <> 'done';
CREATE FUNCTION app.f(i int) RETURNS text LANGUAGE plpgsql AS $body$
BEGIN
  RETURN format('%s:%s', i, 'b') || ' :c';
END
$body$;
COMMENT ON TABLE app.orders IS 'it''s :here';
";

/// What is declared.
const CANONICAL: &str = r#"
CREATE SCHEMA app;
CREATE TYPE app.kind AS ENUM ('a', 'b', 'c');
CREATE TABLE app.customers (id int PRIMARY KEY, name varchar(80) NOT NULL, tier text CHECK (tier IN ('free', 'pro', 'max')));
CREATE TABLE app.orders (
    id bigint PRIMARY KEY,
    customer int NOT NULL REFERENCES app.customers,
    state text DEFAULT 'new' NOT NULL,
    amount numeric(12,2),
    kind app.kind DEFAULT 'b',
    extra jsonb DEFAULT '{"a": ":b", "$x": "${y}"}' NOT NULL,
    CONSTRAINT "has ""it""" CHECK (amount >= 0)
);
CREATE INDEX orders_state ON app.orders (state) WHERE state <> 'done';
CREATE INDEX orders_customer ON app.orders (customer) INCLUDE (amount);
CREATE TABLE app."Order; line" (id int PRIMARY KEY, "order" bigint REFERENCES app.orders);
CREATE VIEW app.open AS SELECT id, state, amount FROM app.orders WHERE state <> 'done';
CREATE FUNCTION app.f(i int) RETURNS text LANGUAGE plpgsql AS $body$
BEGIN
  -- a comment; with a semicolon
  RETURN format('%s:%s', i, 'b') || ' :d' || '${e}';
END
$body$;
COMMENT ON TABLE app.orders IS 'it''s :there';
ALTER TABLE app.orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON app.orders USING (state <> ':x');
"#;

/// A directory with both sides as files.
struct Place {
    directory: tempfile::TempDir,
}

impl Place {
    fn new(canonical: &str, live: &str) -> Self {
        let place = Self { directory: tempfile::tempdir().unwrap() };
        place.write("canonical.sql", canonical);
        place.write("live.sql", live);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// `pgcanon COMMAND canonical.sql live.sql ..` with all that deletes data allowed.
    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_pgcanon"))
            .args(["reconcile", "canonical.sql", "live.sql", "--allow", "data-loss"])
            .args(arguments)
            .current_dir(self.directory.path())
            .output()
            .unwrap()
    }

    /// The same, which has to work; its standard output.
    fn text(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}\n{}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The same, which has to be refused and to write nothing.
    fn refused(&self, arguments: &[&str]) -> String {
        let before = self.files();
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}\n{}", said(&output));
        assert!(output.stdout.is_empty(), "{arguments:?}\n{}", said(&output));
        assert_eq!(before, self.files(), "{arguments:?}");
        said(&output)
    }

    /// All files, the folders before what is in them.
    fn files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut open = vec![self.directory.path().to_owned()];
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path.clone());
                }
                found.push(path);
            }
        }
        found.sort();
        found
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

/// A database of this schema, and what it dumps as.
fn loaded<'s>(server: &'s Server, schema: &str) -> (Database<'s>, String) {
    let db = server.database();
    db.load(schema).unwrap();
    let dump = dump(&db);
    (db, dump)
}

/// A dump without what tools keep for themselves; lines in order, as columns may stand in
/// another one.
fn dump(db: &Database<'_>) -> String {
    let text = db.dump(&["--exclude-table=alembic_version"]);
    let mut lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with("--") && !line.is_empty())
        .map(|line| line.trim_end_matches(','))
        .collect();
    lines.sort_unstable();
    lines.join("\n")
}

/// The first lines that only one of two dumps has.
fn assert_same(wanted: &str, reached: &str, what: &str) {
    let only = |one: &str, other: &str| -> Vec<String> {
        let other: std::collections::BTreeSet<&str> = other.lines().collect();
        one.lines().filter(|line| !other.contains(line)).map(str::to_owned).take(9).collect()
    };
    assert!(
        wanted == reached,
        "{what}\nwanted  {:#?}\nreached {:#?}",
        only(wanted, reached),
        only(reached, wanted)
    );
}

/// A client program, where the server came with it.
fn client(server: &Server, name: &str) -> PathBuf {
    server.client(name).unwrap_or_else(|| Path::new(name).to_owned())
}
