//! What keeps the code as `ARCHITECTURE.md` describes it: layers, file heads and sizes, paths.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests fail by panics"
)]

use std::path::{Path, PathBuf};

/// Each layer and those that it may use. None may use what is not listed.
const LAYERS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("source", &["model"]),
    ("python", &[]),
    ("lineage", &["model", "source", "emit", "python"]),
    ("lint", &["model", "source", "parse", "diff", "emit", "register", "python"]),
    ("catalog", &["model"]),
    ("normalize", &["model", "catalog"]),
    ("parse", &["model", "source", "catalog", "normalize"]),
    ("diff", &["model", "normalize"]),
    ("emit", &["model", "source", "parse", "normalize", "diff"]),
    ("plan", &["model", "source", "parse", "normalize", "diff", "emit", "catalog"]),
    ("yaml", &["model", "source", "catalog", "parse", "normalize", "diff", "emit"]),
    ("policy", &["model", "source", "diff", "emit", "yaml"]),
    ("invariants", &["model", "source", "parse", "normalize", "diff", "emit", "policy", "yaml"]),
    ("sqlite", &["model", "source", "parse", "normalize", "diff", "emit"]),
    ("register", &["model", "source", "emit", "policy"]),
    ("baseline", &["model", "source", "normalize", "emit"]),
    ("fleet", &["model", "source", "normalize", "diff", "emit"]),
    ("evidence", &["model", "source", "parse", "normalize", "diff", "emit", "plan", "baseline"]),
];

/// The longest file that is not data.
const MAX_LINES: usize = 700;
/// Tables of data, as long as they have to be.
const DATA: &[&str] = &["src/diff/severity/rows.rs", "tests/constants_oracle/literals.rs"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files of these folders, with their text.
fn files(folders: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root()).unwrap().display().to_string();
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    assert!(found.len() > 3, "no files in {folders:?}");
    found
}

fn fail_with(found: &[String]) {
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn layers_only_use_what_is_below() {
    let mut wrong = Vec::new();
    for (file, text) in files(&["src"]) {
        let layer = file.trim_start_matches("src/").split(['/', '.']).next().unwrap();
        let Some((_, below)) = LAYERS.iter().find(|(name, _)| *name == layer) else { continue };
        // Tests within a file may read text to have something to look at.
        let code = text.split("#[cfg(test)]").next().unwrap();
        for (number, line) in code.lines().enumerate() {
            let used = line.split("crate::").skip(1);
            for other in used.filter_map(|rest| rest.split([':', ' ', ';', ',']).next()) {
                let is_layer = LAYERS.iter().any(|(name, _)| *name == other);
                if is_layer && other != layer && !below.contains(&other) {
                    wrong.push(format!("{file}:{}: {layer} uses {other}", number + 1));
                }
            }
        }
    }
    wrong.retain(|line| !line.contains("/testing.rs") && !line.contains("tests.rs"));
    fail_with(&wrong);
}

#[test]
fn every_file_says_what_it_is() {
    let untold = files(&["src", "tests", "benches", "examples"]);
    let untold = untold.into_iter().filter(|(_, text)| !text.starts_with("//! "));
    fail_with(&untold.map(|(file, _)| format!("{file} has no head")).collect::<Vec<_>>());
}

#[test]
fn no_file_holds_two_ideas() {
    let long = files(&["src", "tests"]);
    let long = long.into_iter().filter(|(file, _)| !DATA.contains(&file.as_str()));
    let long = long.map(|(file, text)| (file, text.lines().count()));
    let long = long.filter(|(_, lines)| *lines > MAX_LINES);
    fail_with(&long.map(|(file, lines)| format!("{file}: {lines} lines")).collect::<Vec<_>>());
}

#[test]
fn the_code_map_names_what_is_there() {
    let map = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let named = map.split('`').skip(1).step_by(2);
    let paths = named.filter(|word| {
        let of_ours = ["src/", "tests/", "docs/", "tools/", "canonical"];
        of_ours.iter().any(|start| word.starts_with(start)) && !word.contains(['<', '*'])
    });
    let gone = paths.filter(|path| !root().join(path).exists());
    fail_with(
        &gone.map(|path| format!("ARCHITECTURE.md: {path} is not there")).collect::<Vec<_>>(),
    );
    for (layer, _) in LAYERS {
        let is_there = root().join("src").join(layer).exists();
        assert!(!is_there || map.contains(&format!("`src/{layer}")), "{layer} is not in the map");
    }
}

#[test]
fn kinds_have_the_same_file_in_each_layer() {
    let folders = ["src/parse", "src/diff", "src/emit/sql"];
    let kinds = [
        "aggregate",
        "collation",
        "constraint",
        "event_trigger",
        "extension",
        "foreign_data",
        "index",
        "language",
        "namespace",
        "operator",
        "policy",
        "publication",
        "role",
        "routine",
        "rule",
        "sequence",
        "statistics",
        "subscription",
        "table",
        "text_search",
        "trigger",
        "user_type",
        "view",
    ];
    let mut missing = Vec::new();
    for kind in kinds {
        for folder in folders {
            let path = root().join(folder);
            if !path.join(format!("{kind}.rs")).exists() && !path.join(kind).is_dir() {
                missing.push(format!("{folder}/{kind}.rs"));
            }
        }
    }
    fail_with(&missing);
}
