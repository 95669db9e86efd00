//! `pgcanon portability`: what a SQLite schema does not hold of the declared one.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use pgcanon::emit::redact;
use pgcanon::model::{Problem, ProblemCode, SourceId};
use pgcanon::source::{self, Allowed};
use pgcanon::sqlite::{self, Gap};

use super::Outcome;
use super::args::{FailOn, Global};
use super::console::Console;
use super::side::{Side, Unusable};

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct PortabilityArguments {
    /// What is declared, as for `pgcanon diff`
    #[arg(value_name = "CANONICAL")]
    pub canonical: String,
    /// What `.schema` of sqlite3 writes: a file, or - for standard input; with or without sqlite:
    /// before it
    #[arg(value_name = "SQLITE")]
    pub sqlite: String,
    /// How to print what is not held
    #[arg(long, value_enum, default_value_t = PortabilityFormat::Table, help_heading = "Output")]
    pub format: PortabilityFormat,
    /// Write it to a file
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// End with code 1 from this severity on
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::High, help_heading = "Verdict")]
    pub fail_on: FailOn,
}

const EXAMPLES: &str = "\
Examples:
  sqlite3 edge.db .schema | pgcanon portability schema.sql -
  pgcanon portability schema/ sqlite:edge.sql --format markdown

Exit codes: 0 nothing at or above --fail-on, 1 gaps, 2 the work could not be done.";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PortabilityFormat {
    /// Two lines for each gap
    Table,
    Markdown,
    /// See `pgcanon schema portability`
    Json,
}

/// Reads both, finds gaps, prints them.
pub(super) fn run(arguments: &PortabilityArguments, global: &Global, console: &Console) -> Outcome {
    let side = match Side::read(std::slice::from_ref(&arguments.canonical), None) {
        Ok(side) => side,
        Err(Unusable { sources, problems }) => {
            console.problems(&problems, &sources);
            return Outcome::Failed;
        }
    };
    let path = arguments.sqlite.strip_prefix("sqlite:").unwrap_or(&arguments.sqlite).to_owned();
    let mut files = match source::read(&[path], &Allowed::default()) {
        Ok(read) => read.sources,
        Err(problems) => {
            console.problems(&problems, &[]);
            return Outcome::Failed;
        }
    };
    let (Some(mut file), true) = (files.pop(), files.is_empty()) else {
        let message = "the SQLite schema has to be one file";
        return console.problem(&Problem::new(ProblemCode::Usage, message));
    };
    if let Some(hidden) = redact::source(&file.text) {
        file.text = hidden;
    }
    let (database, problems) = sqlite::read(SourceId(0), &file);
    side.say_problems(global, console);
    console.problems(&problems, std::slice::from_ref(&file));
    if database.tables.is_empty() {
        let message = format!("there is no table in {}", file.name);
        return console
            .problem(&Problem::new(ProblemCode::Empty, message).help("sqlite3 FILE .schema"));
    }
    let gaps = sqlite::gaps(&side.schema, &side.sources, &database, &file);
    let text = match arguments.format {
        PortabilityFormat::Table => sqlite::terminal(&gaps, &database),
        PortabilityFormat::Markdown => sqlite::markdown(&gaps, &database),
        PortabilityFormat::Json => format!("{:#}\n", sqlite::json(&gaps, &database)),
    };
    let written = console.write(&text, arguments.output.as_deref());
    let least = arguments.fail_on.severity();
    let fails = |gap: &Gap| least.is_some_and(|least| gap.severity >= least);
    // What was not understood may hide a gap.
    let fails = gaps.iter().any(fails) || !problems.is_empty();
    match written {
        Outcome::Pass if fails => Outcome::Drift,
        other => other,
    }
}
