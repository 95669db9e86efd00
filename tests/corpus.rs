//! Real schemas in `../shared/corpus`, when they are there: each source against itself and
//! against its dumps by several versions, and each dump against the others, must be in sync.
//!
//! What fails today is listed in `corpus.known`, which may only shrink, and so is the share
//! of objects of which something could not be decided. `PGCANON_CASE=gitlab` runs one schema
//! and prints all findings; `PGCANON_BLESS=1` writes the list anew.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panics and say what they did"
)]

mod judge;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use pgcanon::diff::Verdict;

use judge::Side;

/// One schema: its texts by name (`source`, `dump.pg15`).
struct Sample {
    name: String,
    texts: Vec<(String, String)>,
}

#[test]
fn every_schema_is_in_sync_with_its_dumps() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let Some(samples) = load(&folder) else {
        println!("{} is not there: nothing was compared", folder.display());
        return;
    };
    let only = std::env::var("PGCANON_CASE").ok();
    let result = pgcanon::run_with_stack(None, || {
        let mut known = BTreeSet::new();
        let wanted = |sample: &&Sample| only.as_ref().is_none_or(|only| sample.name.contains(only));
        for sample in samples.iter().filter(wanted) {
            known.extend(run(sample, only.is_some()));
        }
        if only.is_some() {
            return Ok(());
        }
        let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus.known");
        judge::against_known(&list, &known)
    });
    result.unwrap_or_else(|message| panic!("{message}"));
}

fn load(folder: &Path) -> Option<Vec<Sample>> {
    let entries = std::fs::read_dir(folder).ok()?;
    let mut samples = Vec::new();
    for entry in entries {
        let path = entry.unwrap().path();
        if !path.is_dir() {
            continue;
        }
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        for file in std::fs::read_dir(&path).unwrap() {
            let file = file.unwrap().path();
            if file.extension().is_some_and(|extension| extension == "sql") {
                let name = file.file_stem().unwrap().to_string_lossy().into_owned();
                texts.insert(name, std::fs::read_to_string(&file).unwrap());
            }
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        // What people wrote is canonical, against each dump.
        let mut texts: Vec<_> = texts.into_iter().collect();
        texts.sort_by_key(|(name, _)| name != "source");
        samples.push(Sample { name, texts });
    }
    samples.sort_by(|one, other| one.name.cmp(&other.name));
    Some(samples)
}

/// The lines of the list that this schema deserves.
fn run(sample: &Sample, whole: bool) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    let sides: Vec<(&str, Side)> =
        sample.texts.iter().map(|(name, text)| (name.as_str(), judge::read(text))).collect();
    for (name, side) in &sides {
        let (undecided, objects) = judge::undecided(side);
        if !undecided.is_empty() {
            println!("{} {name}: {} of {objects} objects undecided", sample.name, undecided.len());
            lines.insert(format!("{} {name}: {} undecided", sample.name, undecided.len()));
        }
        if whole {
            undecided.iter().for_each(|line| println!("      {line}"));
        }
    }
    for (at, (name, canonical)) in sides.iter().enumerate() {
        for (other, live) in sides.iter().skip(at) {
            let judged = judge::compare(canonical, live);
            if judged.verdict == Verdict::InSync {
                continue;
            }
            let count = judged.all.len();
            println!("{} {name} {other}: {count} findings: {}", sample.name, judged.first);
            if whole {
                judged.all.iter().skip(1).for_each(|line| println!("      {line}"));
            }
            lines.insert(format!("{} {name} {other}", sample.name));
        }
    }
    lines
}
