//! The schemas in `tests/schemas` on every server that is found: each is in sync with its own
//! dumps, and the dumps of all versions with one another.
//!
//! Each statement is on a line of its own; a line that ends in `-- 16` is for servers from
//! that version on. A dump that is restored and dumped again is in sync with both as well.
//! `PGCANON_SCHEMA=queries` runs the files with that in their name.

#![allow(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panics"
)]

mod judge;
mod server;

use std::path::Path;

use judge::Side;
use server::Server;

#[test]
fn schemas_are_in_sync_with_their_dumps() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    if let Ok(only) = std::env::var("PGCANON_SCHEMA") {
        files.retain(|file| file.file_stem().unwrap().to_string_lossy().contains(&only));
    }
    files.sort();
    let servers = Server::all();
    let failures: Vec<String> = pgcanon::run_with_stack(None, || {
        files.iter().flat_map(|file| check(file, &servers)).collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn check(file: &Path, servers: &[&'static Server]) -> Vec<String> {
    let name = file.file_stem().unwrap().to_string_lossy().into_owned();
    let whole = std::fs::read_to_string(file).unwrap();
    let mut failures = Vec::new();
    let mut common: Option<(u32, Side)> = None;
    for server in servers {
        let major = server.major();
        let text = of_version(&whole, major);
        let db = server.database();
        db.load(&text).unwrap_or_else(|error| panic!("{name} on {major}: {error}"));
        let dumped = db.dump(&["--no-owner"]);
        let dump = judge::read(&dumped);
        let source = judge::read(&text);
        let again = server.database();
        again.load(&dumped).unwrap_or_else(|error| panic!("dump of {name} on {major}: {error}"));
        let redump = judge::read(&again.dump(&["--no-owner"]));
        let mut report = |what: String, found: Vec<String>| {
            failures
                .extend(found.into_iter().map(|line| format!("{name} on {major}, {what}: {line}")));
        };
        report("source".to_owned(), judge::undecided(&source).0);
        report("dump".to_owned(), judge::undecided(&dump).0);
        report("source against dump".to_owned(), judge::compare(&source, &dump).all);
        report("dump against its redump".to_owned(), judge::compare(&dump, &redump).all);
        report("source against redump".to_owned(), judge::compare(&source, &redump).all);
        // What only newer servers have is left out of what versions are compared by.
        let oldest = servers.iter().map(|server| server.major()).min().unwrap_or(major);
        let shared = server.database();
        shared.load(&of_version(&whole, oldest)).unwrap();
        let dump = judge::read(&shared.dump(&["--no-owner"]));
        if let Some((other, canonical)) = &common {
            report(format!("dump of {other}"), judge::compare(canonical, &dump).all);
        } else {
            common = Some((major, dump));
        }
    }
    failures
}

/// The lines for a server of that version.
fn of_version(text: &str, major: u32) -> String {
    let is_for = |line: &&str| {
        let since = line.rsplit_once("-- ").and_then(|(_, since)| since.parse::<u32>().ok());
        since.is_none_or(|since| since <= major)
    };
    text.lines().filter(is_for).collect::<Vec<_>>().join("\n")
}
