//! YAML files of pgcanon itself: configuration, register, lock.
//!
//! Text goes in, a value or a problem with its place comes out. Duplicate keys are errors;
//! documents that grow when their aliases are followed are refused.

use serde::de::DeserializeOwned;

use super::{LineIndex, Source};
use crate::model::{Problem, ProblemCode, SourceId, Span};

/// Reads a document. The place of a problem is in source 0.
pub fn from_yaml<T: DeserializeOwned>(source: &Source) -> Result<T, Problem> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            // A register of 100,000 drifts has that many nodes.
            max_nodes: 8_000_000,
            max_events: 20_000_000,
        },
    };
    let read = serde_saphyr::from_str_with_options(&source.text, options);
    read.map_err(|error| wrong(source, &error))
}

/// Reads a document of a known shape that has no anchors and nests at most 64 deep, as a
/// schema in YAML. The place of a problem is in source 0.
pub fn from_plain_yaml<T: DeserializeOwned>(source: &Source) -> Result<T, Problem> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_nodes: 8_000_000,
            max_events: 20_000_000,
            max_total_scalar_bytes: 1_000_000_000,
            max_depth: 64,
            flow_nesting_limit: 60,
            max_aliases: 0,
            max_anchors: 0,
            max_documents: 1,
        },
        strict_booleans: true,
    };
    let read = serde_saphyr::from_str_with_options(&source.text, options);
    read.map_err(|error| in_plain_words(&source.name, wrong(source, &error)))
}

/// Says what the limits of a plain document mean for whoever wrote it.
fn in_plain_words(name: &str, mut problem: Problem) -> Problem {
    let Some((_, limit)) = problem.message.split_once("budget breached: ") else { return problem };
    let (what, help) = if limit.starts_with("Anchors") || limit.starts_with("Alias") {
        ("anchors and aliases are not read here", "write the value out where it is meant")
    } else if limit.starts_with("Depth") {
        ("it nests too deeply", "a schema nests a few levels; a bracket may be missing")
    } else {
        return problem;
    };
    problem.message = format!("{name}: {what}");
    problem.help(help)
}

fn wrong(source: &Source, error: &serde_saphyr::Error) -> Problem {
    let error = error.without_snippet();
    let said = error.to_string();
    let problem = Problem::new(ProblemCode::Yaml, format!("{}: {}", source.name, plain(&said)));
    match error.location() {
        Some(location) if location.line() > 0 => problem.at(place(source, location)),
        Some(_) | None => problem,
    }
}

/// The place of a value in source 0.
pub fn place(source: &Source, location: serde_saphyr::Location) -> Span {
    let narrow = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let lines = LineIndex::new(&source.text);
    let line = narrow(location.line());
    let column = narrow(location.column()).saturating_sub(1);
    let text = lines.line(line);
    let within: usize = text.chars().take(column).map(char::len_utf8).sum();
    let start = lines.start(line) + within;
    Span::new(SourceId(0), start, lines.start(line) + text.len().max(within))
}

/// What the library says, without the place that is shown anyway.
fn plain(said: &str) -> String {
    let first = said.lines().find(|line| !line.trim().is_empty()).unwrap_or(said).trim();
    let first = first.strip_prefix("error: ").unwrap_or(first);
    match first.strip_prefix("line ").and_then(|rest| rest.split_once(": ")) {
        Some((place, rest))
            if place.chars().all(|c| !c.is_alphabetic() || "column".contains(c)) =>
        {
            rest.to_owned()
        }
        Some(_) | None => first.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn check(text: &str, part: &str) {
        let source = Source { name: "a.yaml".to_owned(), text: text.to_owned() };
        let problem = from_yaml::<BTreeMap<String, u32>>(&source).expect_err("a problem");
        let span = problem.span.expect("a place");
        assert_eq!(span.of(text), part, "{}", problem.message);
    }

    #[test]
    fn problems_have_places() {
        check("a: 1\nb: x\n", "x");
        check("a: 1\na: 2\n", "a: 2");
        check("é: 1\né: two\n", "é: two");
    }

    #[test]
    fn aliases_cannot_make_it_large() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let below = format!("*a{}", level - 1);
            text.push_str(&format!("a{level}: &a{level} [{}]\n", vec![below; 9].join(", ")));
        }
        let source = Source { name: "a.yaml".to_owned(), text };
        from_yaml::<serde_json::Value>(&source).expect_err("too large");
    }
}
