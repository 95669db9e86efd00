//! How long reading and comparing takes, beside PostgreSQL's own parser on the same texts.
//!
//! In: names of inputs as arguments (`cargo bench --bench diff -- e1000 gitlab shapes`), all
//! but the largest when there are none. Out: a table in Markdown. The floor is
//! `pg_query::parse`, single-threaded: what no program that parses both texts with it can
//! beat on one processor. Surprising: peak memory is that of a process of its own, which
//! this program starts of itself, as memory that was once used is never given back.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a program of its own")]
#![allow(clippy::expect_used, reason = "a measurement that cannot be made should stop")]

mod estate;
mod measure;
mod shapes;

use std::path::Path;
use std::time::Duration;

use estate::{Style, estate};
use measure::{
    Input, Planning, catalog_load, end_to_end, floor, peak_memory, planning, stages, whole_floor,
};

/// What is measured when nothing is named.
const USUAL: &[&str] = &["catalog", "e100", "e1000", "e10000", "gitlab", "shapes", "plan"];

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [flag, canonical, live] = arguments.as_slice()
        && flag == measure::PEAK
    {
        println!("{}", measure::peak_of_this_process(canonical, live));
        return;
    }
    let named: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let named = if named.is_empty() { USUAL } else { named.as_slice() };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!("{cores} processors; the least of several runs\n");
    for name in named {
        match *name {
            "catalog" => println!("catalog, first look-up: {}\n", shown(catalog_load())),
            "shapes" => shapes::run(),
            "gitlab" => gitlab(),
            "plan" => migration(),
            estate => match estate.strip_prefix('e').and_then(|count| count.parse().ok()) {
                Some(tables) => generated(tables),
                None => println!("there is no input {estate}; there are {}", USUAL.join(", ")),
            },
        }
    }
}

fn generated(tables: usize) {
    let canonical = estate(tables, Style::Hand);
    report(
        &format!("estate of {tables} tables"),
        &Input::new(canonical, estate(tables, Style::Dump)),
    );
}

/// The migration between two estates of 10,000 tables with about a thousand drifts.
fn migration() {
    let canonical = estate(10_000, Style::Dump);
    let live = drifted(&canonical);
    let Planning { diff, plan, script, drifts, steps } = planning(&Input::new(canonical, live), 3);
    println!("### migration of 10,000 tables: {drifts} drifts, {steps} steps both ways\n");
    println!("| | time |\n| --- | --- |");
    println!("| diff | {} |", shown(diff));
    println!("| **plan, both ways** | {} |", shown(plan));
    println!("| write both scripts | {} |\n", shown(script));
}

/// A dump without some of its lines, and with others changed.
fn drifted(dump: &str) -> String {
    let (mut indexes, mut secured, mut comments, mut amounts) = (0, 0, 0, 0);
    let every = |count: &mut u32, step: u32| {
        *count += 1;
        (*count).is_multiple_of(step)
    };
    let line = |line: &str| {
        let is_left_out = line.starts_with("CREATE INDEX") && every(&mut indexes, 60)
            || line.ends_with("ENABLE ROW LEVEL SECURITY;") && every(&mut secured, 50)
            || line.starts_with("COMMENT ON TABLE") && every(&mut comments, 100);
        if is_left_out {
            String::new()
        } else if line.trim_start().starts_with("amount ") && every(&mut amounts, 50) {
            line.replace("bigint", "integer").replace("numeric(12,2)", "numeric(14,2)")
        } else {
            line.to_owned()
        }
    };
    dump.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// A schema of the real world, when it is there.
fn gitlab() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/gitlab");
    let read = |file| std::fs::read_to_string(folder.join(file));
    match (read("source.sql"), read("dump.pg15.sql")) {
        (Ok(canonical), Ok(live)) => {
            report("GitLab: the source and a dump", &Input::new(canonical, live));
        }
        (Err(error), _) | (_, Err(error)) => println!("{}: {error}\n", folder.display()),
    }
}

fn report(title: &str, input: &Input) {
    let runs = if input.bytes() > 20_000_000 { 3 } else { 7 };
    let floor = floor(input, runs);
    let stages = stages(input, runs);
    let whole = end_to_end(input, runs);
    let size = input.megabytes();
    println!("### {title}: {size:.1} MB in {} statements\n", input.statements());
    println!("| | time | MB/s | × floor |\n| --- | --- | --- | --- |");
    let row = |what: &str, time: Duration| {
        let (seconds, floor) = (time.as_secs_f64(), floor.as_secs_f64());
        println!("| {what} | {} | {:.1} | {:.2} |", shown(time), size / seconds, seconds / floor);
    };
    row("floor: parser of PostgreSQL, statement by statement, 1 thread", floor);
    if input.bytes() < 20_000_000 {
        row("the same, each text at once", whole_floor(input, runs));
    }
    row("parse and lower, 1 thread", stages.parse_single);
    row("parse and lower", stages.parse);
    row("normalize (elaborate)", stages.normalize);
    row("align and diff", stages.diff);
    row("report", stages.report);
    row("**end to end**", whole);
    let peak = peak_memory(input);
    println!(
        "\npeak memory {peak:.0} MB, {:.1} × the input; {} drifts\n",
        peak / size,
        stages.drifts
    );
}

fn shown(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
