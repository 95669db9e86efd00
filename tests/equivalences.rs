//! The catalogue of equivalences in `../shared/equivalences`, when it is there: what a person
//! writes against what `pg_dump` of several versions prints.
//!
//! For every case, spelling and version: `equal` must be in sync, `differ` must be drift,
//! `either` may be both. What fails today is listed in `equivalences.known`, which may only
//! shrink. `PGCANON_CASE=check-in` runs the cases with that in their id and prints all
//! findings; `PGCANON_BLESS=1` writes the list anew.

#![allow(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests fail by panics and say what they did"
)]

mod judge;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use pgcanon::diff::{Compare, DiffOptions, Verdict};
use rayon::prelude::*;
use serde::Deserialize;

use judge::{Judged, Side};

#[derive(Deserialize)]
struct Area {
    area: String,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    expect: Expect,
    setup: Option<String>,
    canonical: OneOrMany,
    /// The dump stands alone: no preamble comes before it.
    #[serde(default)]
    complete: bool,
    /// What `pg_dump` was called with.
    #[serde(default)]
    dump_args: Vec<String>,
    #[serde(default)]
    dump: BTreeMap<String, String>,
    #[serde(default)]
    redump: BTreeMap<String, String>,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Expect {
    Equal,
    Differ,
    Either,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
struct Preamble {
    preamble: BTreeMap<String, String>,
}

/// One spelling of a case against all its dumps that go the same way.
struct Failure {
    area: String,
    /// `id/2`: the case and the number of the spelling.
    spelling: String,
    /// `15`, or `15r` for the dump of a restored dump.
    text: String,
    judged: Judged,
}

#[test]
fn every_case_comes_out_as_marked() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/equivalences");
    let Some((areas, preamble)) = load(&folder) else {
        println!("{} is not there: nothing was compared", folder.display());
        return;
    };
    let only = std::env::var("PGCANON_CASE").ok();
    let areas: Vec<Area> = areas
        .into_iter()
        .map(|mut area| {
            area.cases.retain(|case| only.as_ref().is_none_or(|only| case.id.contains(only)));
            area
        })
        .collect();
    let result = pgcanon::run_with_stack(None, || {
        let (counts, failures) = run(&areas, &preamble);
        report(&counts, &failures, only.is_some());
        if only.is_some() {
            return Ok(());
        }
        let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/equivalences.known");
        judge::against_known(&list, &lines(&failures))
    });
    result.unwrap_or_else(|message| panic!("{message}"));
}

/// All areas and the preambles by version; none when the folder is not there.
fn load(folder: &Path) -> Option<(Vec<Area>, BTreeMap<String, String>)> {
    let entries = std::fs::read_dir(folder).ok()?;
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    let preamble_file = folder.join("preamble.yaml");
    let preamble: Preamble = serde_saphyr::from_str(&read(&preamble_file)).unwrap();
    files.retain(|path| *path != preamble_file);
    let areas = files
        .par_iter()
        .map(|path| {
            // The files are larger than what one would accept from a stranger.
            let options = serde_saphyr::options! { budget: None };
            let area = serde_saphyr::from_str_with_options(&read(path), options);
            area.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        })
        .collect();
    Some((areas, preamble.preamble))
}

/// The number of comparisons by area, and those that came out otherwise than marked.
fn run(
    areas: &[Area],
    preamble: &BTreeMap<String, String>,
) -> (BTreeMap<String, usize>, Vec<Failure>) {
    let cases: Vec<_> =
        areas.iter().flat_map(|area| area.cases.iter().map(move |case| (area, case))).collect();
    let results: Vec<(&str, usize, Vec<Failure>)> = cases
        .par_iter()
        .map(|(area, case)| {
            let (count, failures) = run_case(&area.area, case, preamble);
            (area.area.as_str(), count, failures)
        })
        .collect();
    let mut counts = BTreeMap::new();
    let mut all = Vec::new();
    for (area, count, failures) in results {
        *counts.entry(area.to_owned()).or_default() += count;
        all.extend(failures);
    }
    (counts, all)
}

fn run_case(area: &str, case: &Case, preamble: &BTreeMap<String, String>) -> (usize, Vec<Failure>) {
    let spellings = match &case.canonical {
        OneOrMany::One(one) => std::slice::from_ref(one),
        OneOrMany::Many(many) => many,
    };
    let setup = case.setup.as_deref().unwrap_or_default();
    let dumps = case.dump.iter().map(|dump| (dump, ""));
    let texts = dumps.chain(case.redump.iter().map(|dump| (dump, "r")));
    let mut live: Vec<(String, Option<Side>, String)> = Vec::new();
    for ((version, dump), mark) in texts {
        let before = preamble.get(version).filter(|_| !case.complete);
        let text = format!("{}\n{dump}", before.map_or("", String::as_str));
        let side = std::panic::catch_unwind(|| judge::read(&text)).ok();
        live.push((format!("{version}{mark}"), side, text));
    }
    // What a dump was made without is not compared, as somebody who makes such dumps asks for.
    let without_comments = case.dump_args.iter().any(|argument| argument == "--no-comments");
    let comments = if without_comments { Compare::Never } else { Compare::Auto };
    let options = DiffOptions { comments, ..DiffOptions::default() };
    let mut failures = Vec::new();
    for (number, spelling) in spellings.iter().enumerate() {
        let text = format!("{setup}\n{spelling}");
        let canonical = std::panic::catch_unwind(|| judge::read(&text)).ok();
        for (name, side, live_text) in &live {
            let judged = match (&canonical, side) {
                (Some(canonical), Some(side)) => judge::compare_with(canonical, side, &options),
                // Once more, for the message of the panic.
                _ => judge::judge(&text, live_text),
            };
            if !as_marked(case.expect, &judged) {
                failures.push(Failure {
                    area: area.to_owned(),
                    spelling: format!("{}/{number}", case.id),
                    text: name.clone(),
                    judged,
                });
            }
        }
    }
    (spellings.len() * live.len(), failures)
}

fn as_marked(expect: Expect, judged: &Judged) -> bool {
    match expect {
        Expect::Equal => judged.verdict == Verdict::InSync,
        Expect::Differ => judged.verdict == Verdict::Drift,
        Expect::Either => !judged.first.starts_with("panic"),
    }
}

fn report(counts: &BTreeMap<String, usize>, failures: &[Failure], whole: bool) {
    let mut last = String::new();
    for failure in failures {
        // The other versions mostly fail alike.
        if whole || failure.spelling != last {
            let kind = if failure.judged.verdict == Verdict::InSync { "HIDDEN " } else { "" };
            println!(
                "{}: {} {} {kind}{}",
                failure.area, failure.spelling, failure.text, failure.judged.first
            );
        }
        if whole {
            for line in failure.judged.all.iter().skip(1) {
                println!("      {line}");
            }
        }
        last.clone_from(&failure.spelling);
    }
    for (area, count) in counts {
        let failing = failures.iter().filter(|failure| failure.area == *area);
        let failing = failing.count();
        println!("{area:14} {:5} of {count:5} as marked", count - failing);
    }
    let total: usize = counts.values().sum();
    println!("{:14} {:5} of {total:5} as marked", "all", total - failures.len());
}

/// One line for each spelling, with the dumps it fails against.
fn lines(failures: &[Failure]) -> BTreeSet<String> {
    let mut by_spelling: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for failure in failures {
        by_spelling.entry(&failure.spelling).or_default().push(&failure.text);
    }
    by_spelling.iter().map(|(spelling, texts)| format!("{spelling} {}", texts.join(","))).collect()
}
