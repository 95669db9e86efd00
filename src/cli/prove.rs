//! `pgcanon prove`: the migration, run on a real server, up, down and up again.
//!
//! Both sides are loaded into databases of their own, which are dropped in the end also
//! when something fails; no other database is touched. What counts is what `pg_dump`
//! says of the result.

use std::collections::HashSet;

use pgcanon::diff::{DiffOptions, Verdict, diff};
use pgcanon::emit::normalized;
use pgcanon::emit::report::Report;
use pgcanon::model::{Pair, Problem};
use pgcanon::normalize::align;
use pgcanon::parse::{IgnoreRule, statements};
use pgcanon::plan::{PlanOptions, ScriptOptions, plan, sql};
use pgcanon::source::{Scratch, Server, Source};

use super::Outcome;
use super::args::{Global, ProveArguments};
use super::console::Console;
use super::diff::{read_sides, sources};
use super::progress::Progress;
use super::side::{Side, Unusable};

/// Proves that the migration between two sides does what it says.
pub(super) fn run(arguments: &ProveArguments, global: &Global, console: &Console) -> Outcome {
    let inputs = match sources("prove", &arguments.sources) {
        Ok(inputs) => inputs,
        Err(problem) => return console.problem(&problem),
    };
    let server = match Server::new(&arguments.server) {
        Ok(server) => server,
        Err(problem) => return console.problem(&problem),
    };
    let progress = Progress::start(console);
    progress.stage("reading both schemas");
    let Some(mut sides) = read_sides(&inputs, Pair::default(), console) else {
        drop(progress);
        return Outcome::Failed;
    };
    if let Some(problem) = super::side::too_little(&sides) {
        drop(progress);
        return console.problem(&problem);
    }
    align(Pair { canonical: &mut sides.canonical.schema, live: &mut sides.live.schema });
    progress.stage("proving on the server");
    let mut transcript = format!("server    {}\n", server.shown());
    let proven = prove(&server, &sides, &mut transcript);
    drop(progress);
    sides.canonical.say_problems(global, console);
    sides.live.say_problems(global, console);
    match &proven {
        Ok(true) => transcript.push_str("PROVEN: up, down and up again do what they say\n"),
        Ok(false) => transcript.push_str("NOT PROVEN: what differs stands above\n"),
        Err(_) => transcript.push_str("NOT PROVEN: it could not be tried to the end\n"),
    }
    let written = console.write(&transcript, arguments.output.as_deref());
    match proven {
        Err(problem) => console.problem(&problem),
        Ok(_) if written != Outcome::Pass => written,
        Ok(true) => Outcome::Pass,
        Ok(false) => Outcome::Drift,
    }
}

/// Everything that happens on the server. What the server refuses is a problem.
fn prove(server: &Server, sides: &Pair<Side>, said: &mut String) -> Result<bool, Problem> {
    let canonical = loaded(server, &sides.canonical, "canonical", said)?;
    let live = loaded(server, &sides.live, "live", said)?;
    let goal = Pair { canonical: canonical.dump()?, live: live.dump()? };
    // The same migration as `reconcile` writes when everything is allowed.
    let schemas = sides.as_ref().map(|side| &side.schema);
    let migration = plan(schemas, &diff(schemas, &DiffOptions::default()), PlanOptions::default());
    let options = ScriptOptions { allow_data_loss: true, ..ScriptOptions::default() };
    let (up, down) = (sql(&migration.up, &options), sql(&migration.down, &options));
    let mut proven = true;
    for (name, script, goal) in [
        ("up", &up, &goal.canonical),
        ("down", &down, &goal.live),
        ("up again", &up, &goal.canonical),
    ] {
        live.run(&script.text).map_err(|mut problem| {
            problem.message = format!("{name}: {}", problem.message);
            problem
        })?;
        let reached = reached(goal, &live.dump()?)?;
        proven &= reached.is_empty();
        let result = if reached.is_empty() { "reached" } else { "NOT reached" };
        said.push_str(&format!("{name:<9} {} steps: {result}\n", script.steps));
        for line in reached {
            said.push_str(&format!("          {line}\n"));
        }
    }
    Ok(proven)
}

/// A database with the schema of a side.
fn loaded<'server>(
    server: &'server Server,
    side: &Side,
    name: &'static str,
    said: &mut String,
) -> Result<Scratch<'server>, Problem> {
    let scratch = server.create(name)?;
    let text = as_written(side);
    let Err(refused) = scratch.run(&text) else {
        said.push_str(&format!("{name:<9} loaded into {}\n", scratch.name()));
        return Ok(scratch);
    };
    drop(scratch);
    // Hand-written files may stand in any order.
    let scratch = server.create(name)?;
    scratch.run(&normalized::sql(&side.schema)).map_err(|problem| {
        let message = format!("{name} cannot be loaded: {}", problem.message);
        Problem { message, ..problem }
            .help("roles and extensions that it names have to be there on the server")
    })?;
    said.push_str(&format!(
        "{name:<9} loaded into {} in normal form; as written: {}\n",
        scratch.name(),
        pgcanon::emit::escape::terminal(&refused.message)
    ));
    Ok(scratch)
}

/// The statements of the sources that make the schema: no rows, no commands of psql.
fn as_written(side: &Side) -> String {
    let left_out = [
        IgnoreRule::Data,
        IgnoreRule::Cluster,
        IgnoreRule::Maintenance,
        IgnoreRule::Query,
        IgnoreRule::LargeObject,
        IgnoreRule::RolledBack,
    ];
    let spans = left_out.iter().filter_map(|rule| side.coverage.ignored.get(rule)).flatten();
    let left_out: HashSet<(usize, usize)> =
        spans.map(|span| (span.source.0 as usize, span.start as usize)).collect();
    let mut text = String::new();
    for (number, source) in side.secret.as_ref().unwrap_or(&side.sources).iter().enumerate() {
        for range in statements(&source.text) {
            if left_out.contains(&(number, range.start)) {
                continue;
            }
            text.push_str(source.text.get(range).unwrap_or_default());
            text.push_str(";\n");
        }
    }
    text
}

fn side(dump: Source) -> Result<Side, Problem> {
    let of = |unusable: Unusable| {
        let first = unusable.problems.into_iter().next();
        first.unwrap_or_else(|| {
            Problem::new(pgcanon::model::ProblemCode::Program, "a dump could not be read")
        })
    };
    Side::of(vec![dump], Vec::new()).map_err(of)
}

/// What of the goal is not there, a line each; nothing when the dumps say the same.
fn reached(goal: &Source, dump: &Source) -> Result<Vec<String>, Problem> {
    if without_versions(&goal.text).eq(without_versions(&dump.text)) {
        return Ok(Vec::new());
    }
    let mut sides = Pair { canonical: side(goal.clone())?, live: side(dump.clone())? };
    align(Pair { canonical: &mut sides.canonical.schema, live: &mut sides.live.schema });
    let found = diff(sides.as_ref().map(|side| &side.schema), &DiffOptions::default());
    let complete = sides.canonical.problems.is_empty() && sides.live.problems.is_empty();
    if found.verdict(complete) == Verdict::InSync {
        return Ok(Vec::new());
    }
    let report = Report::new(&found, sides.as_ref().map(Side::as_report));
    let line = |row: &pgcanon::emit::report::Row| {
        let text =
            format!("{} {}: {} | {}", row.title(), row.drift_type(), row.canonical, row.live);
        pgcanon::emit::escape::terminal(&text)
    };
    Ok(report.rows.iter().map(line).collect())
}

/// The lines of a dump that do not differ from run to run.
fn without_versions(dump: &str) -> impl Iterator<Item = &str> {
    let told = ["-- Dumped ", "\\restrict ", "\\unrestrict "];
    dump.lines().filter(move |line| !told.iter().any(|start| line.starts_with(start)))
}
