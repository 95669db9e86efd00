//! Spellings of one thing, and of different things, in `equivalence/*.sql`.
//!
//! A file holds groups, separated by lines `-- <>`; a group holds spellings, separated by
//! lines `-- =`. The spellings of a group are equal to one another; each group differs from
//! every other of its file. What stands before a line `-- setup` comes before every spelling.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panics")]

mod judge;

use std::path::{Path, PathBuf};

use pgcanon::diff::Verdict;

use judge::{Judged, Side};

#[test]
fn spellings_are_equal_and_groups_differ() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/equivalence");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    let failures = pgcanon::run_with_stack(None, || -> Vec<String> {
        files.iter().flat_map(|file| check(file)).collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn check(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    let name = file.file_name().unwrap().to_string_lossy();
    let (setup, body) = text.split_once("\n-- setup\n").unwrap_or(("", &text));
    let groups: Vec<Vec<(&str, Side)>> = body
        .split("\n-- <>\n")
        .map(|group| {
            let spellings = group.split("\n-- =\n");
            spellings.map(|sql| (sql.trim(), judge::read(&format!("{setup}\n{sql}")))).collect()
        })
        .collect();
    assert!(groups.len() > 1, "{name}: a file with one group cannot show that anything differs");
    let mut failures = Vec::new();
    let mut expect = |one: &(&str, Side), other: &(&str, Side), verdict: Verdict| {
        let judged: Judged = judge::compare(&one.1, &other.1);
        if judged.verdict != verdict {
            failures.push(format!(
                "{name}: expected {}, found {}: {}\n    {}\n    {}",
                verdict.label(),
                judged.verdict.label(),
                judged.first,
                one.0,
                other.0
            ));
        }
    };
    for (at, group) in groups.iter().enumerate() {
        for (number, one) in group.iter().enumerate() {
            for other in group.iter().skip(number) {
                expect(one, other, Verdict::InSync);
                expect(other, one, Verdict::InSync);
            }
            for other in groups.iter().skip(at + 1).flatten() {
                expect(one, other, Verdict::Drift);
                expect(other, one, Verdict::Drift);
            }
        }
    }
    failures
}
