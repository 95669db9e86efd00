//! Holds `normalize::constant` against a real server: thousands of literals of each type, some
//! written by hand and the rest made from them by small random changes.
//!
//! A `Value` must be the text that the server prints, an `Invalid` must be an error there. The
//! share of `Undecided` is printed. Needs the server's binaries: the folder in `PGCANON_TEST_PG`,
//! or the newest `/usr/lib/postgresql/*/bin`; without them the test passes with a message.
#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

#[path = "constants_oracle/literals.rs"]
mod literals;
#[path = "constants_oracle/server.rs"]
mod server;

use std::fmt::Write as _;

use literals::{Family, Random, families};
use pgcanon::normalize::constant::{Canonical, canonical, coerce_length, fold_cast};
use server::Server;

/// Literals for each family, unless `PGCANON_TEST_LITERALS` says otherwise.
const SOME_LITERALS: usize = 200;
/// As many for `make soak`.
const LITERALS: usize = 2_500;

#[test]
fn some_literals_are_printed_as_the_server_prints_them() {
    literals_are_printed_as_the_server_prints_them(SOME_LITERALS);
}

#[test]
#[ignore = "long; run by make soak"]
fn many_literals_are_printed_as_the_server_prints_them() {
    literals_are_printed_as_the_server_prints_them(LITERALS);
}

fn literals_are_printed_as_the_server_prints_them(usual: usize) {
    let Some(server) = Server::start() else {
        eprintln!("skipped: no PostgreSQL server found (set PGCANON_TEST_PG to its bin folder)");
        return;
    };
    let count =
        std::env::var("PGCANON_TEST_LITERALS").ok().and_then(|n| n.parse().ok()).unwrap_or(usual);
    let seed =
        std::env::var("PGCANON_TEST_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(0x5EED);
    server.run("CREATE TYPE mood AS ENUM ('sad','ok','so happy'); CREATE TYPE pair AS (a int4, b text, c numeric);
        CREATE TYPE int4open AS RANGE (subtype = int4);");
    let mut wrong = String::new();
    println!("{:<16} {:>8} {:>8} {:>8} {:>10}", "family", "value", "invalid", "open", "open/valid");
    let mut all = Tally::default();
    for family in families() {
        let texts = family.texts(&mut Random::new(seed), count);
        let statements: Vec<String> = texts.iter().map(|text| family.expression(text)).collect();
        let printed = server.evaluate(&statements);
        let mut tally = Tally::default();
        for (text, printed) in texts.iter().zip(&printed) {
            let found = canonical(&family.ty, family.typmod, text);
            tally.add(&family, &server, text, &found, printed.as_deref(), &mut wrong);
        }
        tally.print(family.name);
        all.merge(&tally);
    }
    all.print("all");
    assert!(wrong.is_empty(), "server {} disagrees:\n{wrong}", server.version);
}

#[test]
fn explicit_casts_and_assignments_coerce_lengths_as_the_server_does() {
    let Some(server) = Server::start() else { return };
    let cases = literals::length_cases();
    let statements: Vec<String> = cases.iter().map(|case| case.expression.clone()).collect();
    for (case, printed) in cases.iter().zip(server.evaluate(&statements)) {
        let found = coerce_length(&case.ty, Some(case.typmod), &case.text, case.explicit);
        let expected = printed.map_or(Canonical::Invalid, |text| Canonical::Value(text.into()));
        assert_eq!(found, expected, "{}", case.expression);
    }
}

#[test]
fn folded_casts_print_as_the_server_prints_the_cast() {
    let Some(server) = Server::start() else { return };
    let cases = literals::fold_cases();
    let statements: Vec<String> = cases.iter().map(|case| case.expression.clone()).collect();
    for (case, printed) in cases.iter().zip(server.evaluate(&statements)) {
        let found = fold_cast(&case.from, &case.to, &case.text);
        assert_eq!(found.as_deref(), printed.as_deref(), "{}", case.expression);
    }
}

#[derive(Default)]
struct Tally {
    values: usize,
    invalid: usize,
    undecided: usize,
    undecided_valid: usize,
}

impl Tally {
    fn add(
        &mut self,
        family: &Family,
        server: &Server,
        text: &str,
        found: &Canonical,
        printed: Option<&str>,
        wrong: &mut String,
    ) {
        match found {
            Canonical::Value(value) => {
                self.values += 1;
                // Spellings that older servers do not know are errors there.
                let newer = printed.is_none() && server.version < 17 && family.newer_spelling(text);
                if printed != Some(value) && !newer {
                    let _ = writeln!(
                        wrong,
                        "{} {text:?}: value {value:?}, server {printed:?}",
                        family.name
                    );
                }
            }
            Canonical::Invalid => {
                self.invalid += 1;
                if printed.is_some() {
                    let _ =
                        writeln!(wrong, "{} {text:?}: invalid, server {printed:?}", family.name);
                }
            }
            Canonical::Undecided => {
                self.undecided += 1;
                if printed.is_some() {
                    self.undecided_valid += 1;
                    if std::env::var_os("PGCANON_TEST_SHOW").is_some() {
                        println!("open: {} {text:?}: server {printed:?}", family.name);
                    }
                }
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        self.values += other.values;
        self.invalid += other.invalid;
        self.undecided += other.undecided;
        self.undecided_valid += other.undecided_valid;
    }

    fn print(&self, name: &str) {
        let valid = (self.values + self.undecided_valid).max(1);
        let share = self.undecided_valid * 1000 / valid;
        println!(
            "{name:<16} {:>8} {:>8} {:>8} {:>8}.{}%",
            self.values,
            self.invalid,
            self.undecided,
            share / 10,
            share % 10
        );
    }
}
