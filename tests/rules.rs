//! The rules of the normal form and their pages in `docs/rules/`.
//!
//! Each rule has a page and each page a rule. The examples of a page are true: the first
//! spelling sets off the rule, the second one is the same, the third one is not; and on a
//! server, when one is found, the first two give the same dump and the third another.

#![allow(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panics"
)]

mod judge;
mod server;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use pgcanon::diff::Verdict;
use pgcanon::model::NormalRule;
use pgcanon::normalize::normalize_traced;
use pgcanon::parse::parse;
use pgcanon::source::Source;
use rayon::prelude::*;
use server::Server;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules")
}

fn page(rule: NormalRule) -> String {
    let path = folder().join(format!("{}.md", rule.code()));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The three examples of a page: written, the same, not the same.
fn examples(rule: NormalRule) -> [String; 3] {
    let page = page(rule);
    let blocks = page.split("```sql\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let blocks: Vec<String> = blocks.map(str::to_owned).collect();
    blocks.try_into().unwrap_or_else(|_| panic!("{} has not three examples", rule.code()))
}

#[test]
fn each_rule_has_a_page_and_each_page_a_rule() {
    let codes: BTreeSet<String> =
        NormalRule::ALL.iter().map(|rule| rule.code().to_owned()).collect();
    assert_eq!(codes.len(), NormalRule::ALL.len(), "two rules have one code");
    let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let pages: BTreeSet<String> =
        files.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(codes, pages);
    for rule in NormalRule::ALL {
        let text = page(*rule);
        let head = format!("# {}: {}\n", rule.code(), rule.title());
        assert!(text.starts_with(&head), "{} does not start with {head}", rule.code());
        assert!(text.contains(rule.source()), "{} does not name its source", rule.code());
    }
}

#[test]
fn each_rule_applies_to_its_own_example() {
    let mut silent = Vec::new();
    for rule in NormalRule::ALL {
        let [written, ..] = examples(*rule);
        let source = Source { name: String::new(), text: written };
        let schema = normalize_traced(parse(&[source]).schema);
        let rules = schema.iter().flat_map(|(_, object)| object.rules().into_values());
        if !rules.into_iter().any(|rules| rules.iter().any(|applied| applied == *rule)) {
            silent.push(rule.code());
        }
    }
    assert!(silent.is_empty(), "{silent:?} do not apply to their own examples");
}

#[test]
fn pages_say_what_is_the_same_and_what_is_not() {
    for rule in NormalRule::ALL {
        let [written, same, other] = examples(*rule).map(|text| judge::read(&text));
        for side in [&written, &same, &other] {
            let (undecided, _) = judge::undecided(side);
            assert!(undecided.is_empty(), "{}: {undecided:?}", rule.code());
        }
        let equal = judge::compare(&written, &same);
        assert_eq!(equal.verdict, Verdict::InSync, "{}: {}", rule.code(), equal.first);
        let different = judge::compare(&written, &other);
        assert_eq!(different.verdict, Verdict::Drift, "{}: {}", rule.code(), different.first);
    }
}

#[test]
fn servers_say_the_same_as_the_pages() {
    let Some(server) = Server::any() else { return };
    NormalRule::ALL.par_iter().for_each(|rule| {
        let dumps = examples(*rule).map(|text| {
            let db = server.database();
            let loaded = db.load(&text);
            loaded.unwrap_or_else(|error| panic!("{}: {error}", rule.code()));
            judge::read(&db.dump(&[]))
        });
        let [written, same, other] = dumps;
        let judge = |one, other| judge::compare(one, other).verdict;
        assert_eq!(judge(&written, &same), Verdict::InSync, "{}", rule.code());
        assert_eq!(judge(&written, &other), Verdict::Drift, "{}", rule.code());
    });
}
