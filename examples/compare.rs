//! Compares two files with the library: `cargo run --example compare -- schema.sql live.sql`.
//!
//! In: the declared schema and a dump. Out: a line for each drift, and exit code 1 if there is
//! one. What was not understood comes first: without it, "no drift" would be a guess.

#![allow(clippy::disallowed_methods, reason = "a program of its own")]

use std::io::Write as _;
use std::process::ExitCode;

use pgcanon::diff::{DiffOptions, diff};
use pgcanon::emit::report::{Report, Side};
use pgcanon::model::Pair;
use pgcanon::normalize::{align, normalize};
use pgcanon::parse::parse;
use pgcanon::source::Source;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [canonical, live] = arguments.as_slice() else {
        let _ = writeln!(std::io::stderr(), "usage: compare SCHEMA.sql LIVE.sql");
        return ExitCode::from(2);
    };
    match (read(canonical), read(live)) {
        (Ok(canonical), Ok(live)) => {
            // Deeply nested expressions need a deep stack.
            pgcanon::run_with_stack(None, || compare(&Pair { canonical, live }))
        }
        (Err(error), _) | (_, Err(error)) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::from(2)
        }
    }
}

fn read(path: &str) -> std::io::Result<[Source; 1]> {
    std::fs::read_to_string(path).map(|text| [Source { name: path.to_owned(), text }])
}

fn compare(sources: &Pair<[Source; 1]>) -> ExitCode {
    let parsed = sources.as_ref().map(|side| parse(side));
    let rest = parsed.as_ref().map(|side| (side.coverage.clone(), side.problems.clone()));
    let mut schemas = parsed.map(|side| normalize(side.schema));
    align(Pair { canonical: &mut schemas.canonical, live: &mut schemas.live });
    let found = diff(schemas.as_ref(), &DiffOptions::default());

    let sides = sources.as_ref().zip(schemas.as_ref()).zip(rest.as_ref());
    let sides = sides.map(|((sources, schema), (coverage, problems))| Side {
        sources,
        schema,
        coverage,
        problems,
    });
    let report = Report::new(&found, sides);
    let mut out = std::io::stdout().lock();
    for problem in rest.canonical.1.iter().chain(&rest.live.1) {
        let _ = writeln!(out, "not understood: {}", problem.message);
    }
    for row in &report.rows {
        let _ = writeln!(
            out,
            "{} {}: {}: {} / {}",
            row.severity.label(),
            row.title(),
            row.drift_type(),
            row.canonical,
            row.live
        );
    }
    ExitCode::from(u8::from(!report.rows.is_empty()))
}
