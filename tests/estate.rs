//! The generated estate of `benches/estate/` is what it says: both styles are one schema.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panics"
)]

#[path = "../benches/estate/mod.rs"]
mod estate;
mod server;

use estate::{Style, estate};
use server::Server;

const TABLES: usize = 50;

#[test]
fn the_dump_style_is_what_pg_dump_prints_for_the_hand_style() {
    for server in Server::all() {
        let db = server.database();
        db.load(&estate(TABLES, Style::Hand)).unwrap();
        let dump = db.dump(&[]);
        let (expected, found) = (statements(&dump), statements(&estate(TABLES, Style::Dump)));
        assert!(expected.len() > 10 * TABLES, "{} statements", expected.len());
        for (expected, found) in expected.iter().zip(&found) {
            assert_eq!(found, expected, "version {}", server.major());
        }
        assert_eq!(found.len(), expected.len(), "version {}", server.major());
    }
}

#[test]
fn the_dump_style_loads_on_every_version() {
    for server in Server::all() {
        let db = server.database();
        db.load(&estate(TABLES, Style::Dump)).unwrap();
        let count = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace
                     AND relkind IN ('r', 'v')";
        assert_eq!(db.query(count), [["52"]]);
    }
}

#[test]
fn the_size_follows_the_number_of_tables() {
    let text = estate(1000, Style::Dump);
    assert_eq!(text.matches("CREATE TABLE").count(), 1000);
    assert_eq!(text.matches("CREATE VIEW").count(), 50);
    assert_eq!(text.matches("CREATE FUNCTION").count(), 20);
    assert_eq!(text, estate(1000, Style::Dump));
    assert!(estate(0, Style::Hand).starts_with("--"));
}

/// The statements, sorted, without session settings, and without owners, for which versions
/// print different statements.
fn statements(dump: &str) -> Vec<String> {
    let entries = dump.split("\n\n");
    let entries = entries.map(|entry| entry.trim_matches('\n'));
    let skipped = ["--", "SET ", "\\", "SELECT pg_catalog.set_config"];
    let mut statements: Vec<_> = entries
        .filter(|entry| !entry.is_empty() && !entry.contains(" OWNER TO "))
        .filter(|entry| !skipped.iter().any(|start| entry.starts_with(start)))
        .map(str::to_owned)
        .collect();
    statements.sort();
    statements
}
