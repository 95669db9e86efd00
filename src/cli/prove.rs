//! `pgcanon prove`: the migration, run on a real server, up, down and up again.
//!
//! Both sides are loaded into databases of their own, which are dropped in the end also
//! when something fails; no other database is touched. What counts is what `pg_dump`
//! says of the result.

mod behaviour;
mod roles;
mod rows;

use std::collections::{BTreeSet, HashSet};

use pgcanon::diff::{DiffOptions, Verdict, diff};
use pgcanon::emit::normalized;
use pgcanon::emit::report::Report;
use pgcanon::model::{Pair, Problem, ProblemCode};
use pgcanon::normalize::align;
use pgcanon::parse::{IgnoreRule, statements};
use pgcanon::plan::{ScriptOptions, sql};
use pgcanon::source::{Scratch, Server, Source};

use super::Outcome;
use super::args::{Global, ProveArguments};
use super::console::Console;
use super::planned::{Planned, planned};
use super::progress::Progress;
use super::side::{Side, Unusable};
use behaviour::{changed, compare, lists, probe, sights};
use rows::Sums;

/// Proves that the migration between two sides does what it says.
pub(super) fn run(arguments: &ProveArguments, global: &Global, console: &Console) -> Outcome {
    let progress = Progress::start(console);
    let planned = planned("prove", &arguments.sources, &arguments.plan, &progress, console);
    let planned = match planned {
        Ok(planned) => planned,
        Err(problem) => {
            drop(progress);
            return problem.map_or(Outcome::Failed, |problem| console.problem(&problem));
        }
    };
    progress.stage("proving on the server");
    let mut transcript = String::new();
    let proven = on_server(arguments, &planned, &mut transcript);
    drop(progress);
    planned.sides.canonical.say_problems(global, console);
    planned.sides.live.say_problems(global, console);
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

fn on_server(
    arguments: &ProveArguments,
    planned: &Planned,
    said: &mut String,
) -> Result<bool, Problem> {
    let seed = arguments.seed.as_ref().map(|path| read_seed(path)).transpose()?;
    let server = match &arguments.server {
        Some(url) => Server::new(url)?,
        None => Server::temporary()?,
    };
    said.push_str(&format!("server    {}\n", server.shown()));
    if !planned.along.is_empty() {
        said.push_str(&format!("along     {}\n", planned.along.join(", ")));
    }
    prove(&server, arguments, planned, seed.as_deref(), said)
}

#[expect(clippy::disallowed_methods, reason = "the seed is read here")]
fn read_seed(path: &std::path::Path) -> Result<String, Problem> {
    std::fs::read_to_string(path).map_err(|error| {
        let message = format!("cannot read {}: {error}", path.display());
        Problem::new(ProblemCode::Unreadable, message)
    })
}

/// Everything that happens on the server. What the server refuses is a problem.
fn prove(
    server: &Server,
    arguments: &ProveArguments,
    planned: &Planned,
    seed: Option<&str>,
    said: &mut String,
) -> Result<bool, Problem> {
    if server.is_temporary() {
        let roles = roles::create(planned.sides.as_ref().map(|side| &side.schema));
        if !roles.is_empty() {
            server.create("roles")?.run(&roles)?;
            said.push_str(&format!("roles     {} made there\n", roles.lines().count()));
        }
    }
    let canonical = loaded(server, &planned.sides.canonical, "canonical", said)?;
    let live = loaded(server, &planned.sides.live, "live", said)?;
    let goal = Pair { canonical: canonical.dump()?, live: live.dump()? };
    let differing = differing(&goal.canonical, &goal.live)?;
    let values = Pair { canonical: lists(&canonical)?, live: lists(&live)? };
    let mut proof = Proof::start(&live, (arguments, planned), seed, said)?;
    // The same migration as `reconcile` writes when everything is allowed.
    let migration = &planned.migration;
    let options = ScriptOptions { allow_data_loss: true, ..ScriptOptions::default() };
    let (up, down) = (sql(&migration.up, &options), sql(&migration.down, &options));
    let deleted = proof.sums.without_deleted(&migration.up);
    let probes = changed(values.as_ref());
    let mut proven = true;
    for (name, script) in [("up", &up), ("down", &down), ("up again", &up)] {
        let is_down = name == "down";
        live.run(&script.text).map_err(|mut problem| {
            problem.message = format!("{name}: {}", problem.message);
            problem
        })?;
        let dump = live.dump()?;
        // A part of the migration leaves the rest of the drifts, and makes no others.
        let reached = if is_down || planned.left == 0 {
            reached(if is_down { &goal.live } else { &goal.canonical }, &dump)?
        } else {
            let left = self::differing(&goal.canonical, &dump)?;
            left.difference(&differing).cloned().collect()
        };
        proven &= reached.is_empty();
        let result = if reached.is_empty() { "reached" } else { "NOT reached" };
        said.push_str(&format!("{name:<9} {} steps: {result}\n", script.steps));
        let mut lines = reached;
        if name == "up" {
            lines.extend(deleted.iter().cloned());
        }
        proven &= proof.rows(&live, planned, is_down, &mut lines)?;
        if planned.left == 0 {
            let wanted = if is_down { &values.live } else { &values.canonical };
            proven &= probe(&live, &probes, wanted, &mut lines)?;
        }
        for line in lines {
            said.push_str(&format!("          {line}\n"));
        }
    }
    Ok(proven)
}

/// What the live side was before the migration, beside its schema.
struct Proof {
    has_rows: bool,
    sums: Sums,
    sights: behaviour::Sights,
}

impl Proof {
    /// Puts rows into the live side and looks at them.
    fn start(
        live: &Scratch<'_>,
        (arguments, planned): (&ProveArguments, &Planned),
        seed: Option<&str>,
        said: &mut String,
    ) -> Result<Self, Problem> {
        let has_rows = seed.is_some() || arguments.generate_rows > 0;
        if !has_rows {
            return Ok(Self { has_rows, sums: Sums::default(), sights: behaviour::Sights::new() });
        }
        if let Some(seed) = seed {
            live.run(seed).map_err(|mut problem| {
                problem.message = format!("the seed: {}", problem.message);
                problem
            })?;
        }
        if arguments.generate_rows > 0 {
            rows::fill(live, arguments.generate_rows)?;
        }
        let sums = Sums::of(live)?;
        let (rows, tables) = sums.total();
        said.push_str(&format!("rows      {rows} in {tables} tables\n"));
        let sums = sums.renamed(&planned.renames);
        Ok(Self { has_rows, sums, sights: sights(live)? })
    }

    /// Whether all rows are there, and seen by those who may.
    fn rows(
        &mut self,
        live: &Scratch<'_>,
        planned: &Planned,
        is_down: bool,
        lines: &mut Vec<String>,
    ) -> Result<bool, Problem> {
        if !self.has_rows {
            return Ok(true);
        }
        let mut after = Sums::of(live)?;
        if is_down {
            after = after.renamed(&planned.renames);
        }
        let lost = self.sums.lost_in(&after);
        // A column that was away on the way up has no values to keep on the way down.
        self.sums.within(&after);
        let seen = sights(live)?;
        let keeps = compare(&self.sights, &seen, lines);
        self.sights = seen;
        let (rows, tables) = after.total();
        lines.push(format!("{rows} rows in {tables} tables"));
        let is_kept = lost.is_empty();
        lines.extend(lost);
        Ok(is_kept && keeps)
    }
}

/// A database with the schema of a side.
fn loaded<'server>(
    server: &'server Server,
    side: &Side,
    name: &'static str,
    said: &mut String,
) -> Result<Scratch<'server>, Problem> {
    let scratch = server.create(name)?;
    // YAML was translated, and filled where it says only a part.
    let is_yaml = side.sources.iter().any(pgcanon::yaml::is_yaml);
    let text = if is_yaml { normalized::sql(&side.schema) } else { as_written(side) };
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
        IgnoreRule::VersionTable,
    ];
    let spans = left_out.iter().filter_map(|rule| side.coverage.ignored.get(rule)).flatten();
    let left_out: HashSet<(usize, usize)> =
        spans.map(|span| (span.source.0 as usize, span.start as usize)).collect();
    let mut text = String::new();
    // Renames are for the migration.
    let own = |(_, source): &(usize, &Source)| source.name != super::planned::RENAMES;
    let sources = side.secret.as_ref().unwrap_or(&side.sources);
    for (number, source) in sources.iter().enumerate().filter(own) {
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
        first.unwrap_or_else(|| Problem::new(ProblemCode::Program, "a dump could not be read"))
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

/// How two dumps differ, a line for each drift.
fn differing(canonical: &Source, live: &Source) -> Result<BTreeSet<String>, Problem> {
    Ok(reached(canonical, live)?.into_iter().collect())
}

/// The lines of a dump that do not differ from run to run.
fn without_versions(dump: &str) -> impl Iterator<Item = &str> {
    let told = ["-- Dumped ", "\\restrict ", "\\unrestrict "];
    dump.lines().filter(move |line| !told.iter().any(|start| line.starts_with(start)))
}
