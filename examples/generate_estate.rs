//! Prints a generated schema: `cargo run --example generate_estate -- 1000 dump`.

#![allow(clippy::disallowed_methods, reason = "a program of its own")]

#[path = "../benches/estate/mod.rs"]
mod estate;

use std::io::Write as _;
use std::process::ExitCode;

use estate::{Style, estate};

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let Some((tables, style)) = parse(&arguments) else {
        let usage = "usage: generate_estate TABLES dump|hand";
        let _ = writeln!(std::io::stderr(), "{usage}");
        return ExitCode::from(2);
    };
    match std::io::stdout().write_all(estate(tables, style).as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn parse(arguments: &[String]) -> Option<(usize, Style)> {
    let [tables, style] = arguments else {
        return None;
    };
    let style = match style.as_str() {
        "dump" => Style::Dump,
        "hand" => Style::Hand,
        _ => return None,
    };
    Some((tables.parse().ok()?, style))
}
