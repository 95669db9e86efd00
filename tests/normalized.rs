//! `normalize --format sql` is complete and faithful: what it writes reads back as the same
//! schema, writes the same text again, and a server takes it and dumps the same schema.
//!
//! Inputs: the worked example and, when it is there, `../shared/corpus`.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panics and say what they did"
)]

mod judge;
mod server;

use std::path::{Path, PathBuf};

use pgcanon::diff::{DiffOptions, diff};
use pgcanon::emit::normalized;
use pgcanon::model::Pair;
use pgcanon::normalize::NormalSchema;

use server::Server;

/// Every schema by a short name.
fn schemas() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<PathBuf> =
        ["schema.sql", "live.sql"].iter().map(|name| root.join("canonical").join(name)).collect();
    let corpus = root.join("../shared/corpus");
    match std::fs::read_dir(&corpus) {
        Ok(folders) => {
            let dump = |folder: PathBuf| folder.join("dump.pg15.sql");
            let dumps = folders.map(|folder| dump(folder.unwrap().path()));
            paths.extend(dumps.filter(|path| path.exists()));
        }
        Err(_) => println!("{} is not there: only the worked example runs", corpus.display()),
    }
    paths.sort();
    let only = std::env::var("PGCANON_CASE").ok();
    let wanted =
        |path: &PathBuf| only.as_ref().is_none_or(|only| path.to_string_lossy().contains(only));
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        (path.strip_prefix(root).unwrap().display().to_string(), text)
    };
    paths.into_iter().filter(wanted).map(read).collect()
}

/// What differs between two schemas, a line each.
fn differences(one: &NormalSchema, other: &NormalSchema) -> Vec<String> {
    let found = diff(Pair { canonical: one, live: other }, &DiffOptions::default());
    found.drifts.iter().map(judge::drift_line).collect()
}

#[test]
fn what_is_written_reads_back_as_itself() {
    pgcanon::run_with_stack(None, || {
        for (name, text) in schemas() {
            let side = judge::read(&text);
            let written = normalized::sql(&side.schema);
            assert!(!written.contains("-- not written"), "{name}: {written}");
            let again = judge::read(&written);
            let problems: Vec<&str> =
                again.problems.iter().map(|problem| problem.message.as_str()).collect();
            assert!(problems.is_empty(), "{name}: {problems:#?}");
            let drifts = differences(&side.schema, &again.schema);
            assert!(drifts.is_empty(), "{name}: {drifts:#?}");
            assert!(normalized::sql(&again.schema) == written, "{name} is written differently");
        }
    });
}

#[test]
fn a_server_takes_what_is_written() {
    let Some(server) = Server::any() else { return };
    server.roles(&["app_rw", "app_ro", "auditor", "app_migrator", "app_owner"]);
    pgcanon::run_with_stack(None, || {
        for (name, text) in schemas() {
            let side = judge::read(&text);
            let written = normalized::sql(&side.schema);
            let db = server.database();
            if db.load(&text).is_err() {
                println!("{name} itself does not load here: roles or extensions are missing");
                continue;
            }
            let db = server.database();
            if let Err(error) = db.load(&written) {
                panic!("{name}: {error}");
            }
            let dumped = judge::read(&db.dump(&[]));
            let judged = judge::compare(&side, &dumped);
            assert!(judged.all.is_empty(), "{name}: {:#?}", judged.all);
        }
    });
}
