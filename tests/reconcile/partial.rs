//! Parts of a migration: each drift by itself goes away, nothing else changes for the worse,
//! and the way down brings back exactly what was there.

use std::collections::BTreeSet;

use super::{CANONICAL, LIVE, Place, assert_same, dump, loaded};
use crate::server::Server;

/// The drifts of a report, each as one line.
fn drifts(place: &Place, live: &str) -> BTreeSet<String> {
    place.write("reached.sql", live);
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_pgcanon"))
        .args(["diff", "canonical.sql", "reached.sql", "--format", "json"])
        .args(["--owners", "ignore", "--privileges", "ignore"])
        .current_dir(place.directory.path())
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let line = |row: &serde_json::Value| {
        ["kind", "object", "change", "facet", "canonical", "live"]
            .map(|key| row[key].to_string())
            .join(" ")
    };
    report["drifts"].as_array().unwrap().iter().map(line).collect()
}

#[test]
fn each_drift_can_be_reconciled_by_itself() {
    let Some(server) = Server::any() else { return };
    let (_live, before) = loaded(server, LIVE);
    let place = Place::new(CANONICAL, LIVE);
    let all: Vec<String> = drifts(&place, LIVE).into_iter().collect();
    assert!(all.len() > 10, "{all:#?}");
    for number in 1..=all.len() {
        let id = number.to_string();
        let only = ["--only", &id, "--back", "down.sql", "--output", "up.sql"];
        place.text(&only);
        let read = |name: &str| std::fs::read_to_string(place.path(name)).unwrap();
        let (db, _) = loaded(server, LIVE);
        let (up, down) = (read("up.sql"), read("down.sql"));
        db.load(&up).unwrap_or_else(|error| panic!("{id} up: {error}\n{up}"));
        let left = drifts(&place, &db.dump(&["--no-owner", "--no-privileges"]));
        let new: Vec<&String> = left.iter().filter(|line| !all.contains(line)).collect();
        assert!(new.is_empty(), "{id} makes drifts: {new:#?}\n{up}");
        assert!(left.len() < all.len(), "{id} is still there\n{up}");
        db.load(&down).unwrap_or_else(|error| panic!("{id} down: {error}\n{up}\n{down}"));
        assert_same(&before, &dump(&db), &format!("{id} down\n{up}\n{down}"));
    }
}

#[test]
fn a_part_takes_along_what_it_depends_on() {
    let place = Place::new(
        "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (a int, m mood); CREATE TABLE u (b int);",
        "CREATE TABLE t (a int);",
    );
    let output = place.run(&["--object", "t.m"]);
    let said = super::said(&output);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("CREATE TYPE public.mood"), "{said}");
    assert!(said.contains("taken along, as what was chosen depends on it: "), "{said}");
    assert!(!said.contains("CREATE TABLE public.u"), "{said}");
    assert!(said.contains("1 other drift is left"), "{said}");
    let text = place.text(&["--kind", "table"]);
    assert!(text.contains("CREATE TABLE public.u") && !text.contains("mood"), "{text}");
}

#[test]
fn what_is_nowhere_is_refused() {
    let place = Place::new(CANONICAL, LIVE);
    for (arguments, wanted) in [
        (["--only", "SCHEMA-DRIFT-999"], "there is no drift SCHEMA-DRIFT-999"),
        (["--only", "1,2,x"], "there is no drift x"),
        (["--schema", "nowhere"], "neither side has \"nowhere\""),
        (["--object", "app.nothing"], "neither side has \"app.nothing\""),
        (["--kind", "relation"], "the kinds are"),
    ] {
        let said = place.refused(&arguments);
        assert!(said.contains(wanted), "{arguments:?}: {said}");
    }
}
