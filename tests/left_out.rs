//! Rules that leave a difference out, each beside the nearest one that they must not hide.

#![allow(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panics"
)]

mod judge;

const DUMP: &str = "--\n-- PostgreSQL database dump\n--\n\n\
                    -- Dumped from database version 17.2\n-- Dumped by pg_dump version 17.2\n\n\
                    SELECT pg_catalog.set_config('search_path', '', false);\n";

/// The drifts between two texts, a word for the change and the object of each.
#[track_caller]
fn drifts(canonical: &str, live: &str, expected: &[&str]) {
    let judged = pgcanon::run_with_stack(None, || judge::judge(canonical, live));
    let fits = judged.all.len() == expected.len()
        && judged.all.iter().zip(expected).all(|(line, expected)| line.starts_with(expected));
    assert!(fits, "{canonical}\n{live}\n{:?}\nexpected {expected:?}", judged.all);
}

#[test]
fn sequences_are_logged_like_their_table() {
    let unlogged = "CREATE UNLOGGED TABLE t (a serial, b integer GENERATED ALWAYS AS IDENTITY);";
    let logged = "CREATE TABLE t (a serial, b integer GENERATED ALWAYS AS IDENTITY);";
    drifts(unlogged, logged, &["changed table t persistence"]);
    // The other way round, or without the table, it is a difference of its own.
    let one = format!("{unlogged} ALTER SEQUENCE t_a_seq SET LOGGED;");
    let other = format!("{logged} ALTER SEQUENCE t_a_seq SET UNLOGGED;");
    drifts(&one, &other, &["changed sequence t_a_seq persistence", "changed table t persistence"]);
    drifts(&one, unlogged, &["changed sequence t_a_seq persistence"]);
    // A sequence that no table owns is no table's.
    let (one, other) =
        (format!("{unlogged} CREATE UNLOGGED SEQUENCE s;"), format!("{logged} CREATE SEQUENCE s;"));
    drifts(&one, &other, &["changed sequence s persistence", "changed table t persistence"]);
}

#[test]
fn the_version_of_an_attribute_is_the_servers_own() {
    let table = "CREATE TABLE public.t (a integer);\n";
    let of =
        |options: &str| format!("{table}ALTER TABLE ONLY public.t ALTER COLUMN a SET ({options});");
    drifts(table, &of("pg_attver=22489240"), &[]);
    drifts(&of("n_distinct=5"), &of("pg_attver=22489240, n_distinct=5"), &[]);
    drifts(
        &of("n_distinct=5"),
        &of("pg_attver=22489240, n_distinct=6"),
        &["changed column t option: "],
    );
    drifts(table, &of("pg_attver=22489240, n_distinct=6"), &["changed column t option: "]);
}

#[test]
fn a_dump_with_nothing_in_public_does_not_say_that_it_is_there() {
    let dropped = "DROP SCHEMA public; CREATE SCHEMA app; CREATE TABLE app.t (a integer);";
    let app = "CREATE SCHEMA app;\nCREATE TABLE app.t (a integer);\n";
    drifts(dropped, &format!("{DUMP}{app}"), &[]);
    let used = format!("{DUMP}{app}CREATE TYPE public.e AS ENUM ('a');\n");
    drifts(dropped, &used, &["extra schema", "extra enum e"]);
    // A text that a person wrote is taken at its word.
    drifts(dropped, app, &["extra schema"]);
}

#[test]
fn like_copies_the_comment_of_an_index_and_not_that_of_its_constraint() {
    let table = "CREATE TABLE t (a integer PRIMARY KEY); COMMENT ON INDEX t_pkey IS 'i'; \
                 COMMENT ON CONSTRAINT t_pkey ON t IS 'c'; CREATE TABLE l ";
    let like = format!("{table}(LIKE t INCLUDING ALL);");
    let by_hand = format!("{table}(a integer PRIMARY KEY);");
    drifts(&like, &format!("{by_hand} COMMENT ON INDEX l_pkey IS 'i';"), &[]);
    drifts(&like, &by_hand, &["changed constraint l comment: Text(\"i\") | -"]);
    let both = format!(
        "{by_hand} COMMENT ON INDEX l_pkey IS 'i'; COMMENT ON CONSTRAINT l_pkey ON l IS 'c';"
    );
    drifts(&like, &both, &["changed constraint l comment: - | Text(\"c\")"]);
    let bare = format!("{table}(LIKE t INCLUDING INDEXES);");
    drifts(&bare, &by_hand, &[]);
}
