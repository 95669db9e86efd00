//! The command line: the only layer that prints, asks the environment and decides
//! about exit codes.
//!
//! 0: nothing to complain about. 1: drift, or `UNKNOWN` with `--strict`. 2: the
//! work could not be done.

mod alembic;
mod args;
mod baseline;
mod check;
mod comparison;
mod console;
mod diff;
mod evidence;
mod files;
mod fleet;
mod glob;
mod governance;
mod history;
mod hyperlinks;
mod invariants;
mod lineage;
mod lint;
mod manual;
mod normalize;
mod pager;
mod partial;
mod planned;
mod portability;
mod progress;
mod project;
mod prove;
mod reconcile;
mod register;
mod select;
mod side;

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser};

use args::{Arguments, Command};
use console::Console;

/// What a run comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Exit code 0.
    Pass,
    /// Exit code 1.
    Drift,
    /// Exit code 2; what went wrong was said.
    Failed,
}

/// Runs the program.
pub fn main() -> ExitCode {
    // Before anything else: the parser of PostgreSQL redirects standard error
    // while it runs, so the console keeps its own handle.
    let console = Console::new();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    let console = console.configured(&arguments.global);
    alembic::allow(&arguments.global.alembic);
    let threads = arguments.global.threads.map(usize::from);
    // Everything that may hold deep trees lives and dies on threads with large stacks.
    let outcome = pgcanon::run_with_stack(threads, || run(&arguments, &console));
    match outcome {
        Outcome::Pass => ExitCode::SUCCESS,
        Outcome::Drift => ExitCode::from(1),
        Outcome::Failed => ExitCode::from(2),
    }
}

fn run(arguments: &Arguments, console: &Console) -> Outcome {
    match &arguments.command {
        Some(Command::Diff(diff)) => diff::run(diff, &arguments.global, console),
        Some(Command::Reconcile(reconcile)) => {
            reconcile::run(reconcile, &arguments.global, console)
        }
        Some(Command::Prove(prove)) => prove::run(prove, &arguments.global, console),
        Some(Command::Normalize(normalize)) => {
            normalize::run(normalize, &arguments.global, console)
        }
        Some(Command::Invariants(rules)) => invariants::run(rules, &arguments.global, console),
        Some(Command::Register(register)) => register::run(register, console),
        Some(Command::Baseline(baseline)) => baseline::run(baseline, &arguments.global, console),
        Some(Command::Evidence(evidence)) => evidence::run(evidence, &arguments.global, console),
        Some(Command::History(history)) => history::run(history, console),
        Some(Command::Check(check)) => check::run(check, &arguments.global, console),
        Some(Command::Portability(portability)) => {
            portability::run(portability, &arguments.global, console)
        }
        Some(Command::Fleet(fleet)) => fleet::run(fleet, &arguments.global, console),
        Some(Command::Lint(lint)) => lint::run(lint, console),
        Some(Command::Lineage(lineage)) => lineage::run(lineage, console),
        Some(Command::Config(config)) => check::config(config, console),
        Some(Command::Schema { document }) => match document {
            args::Document::Drift => console.print(pgcanon::emit::report::JSON_SCHEMA),
            args::Document::Fleet => console.print(pgcanon::fleet::JSON_SCHEMA),
            args::Document::Plan => console.print(pgcanon::plan::JSON_SCHEMA),
            args::Document::Register => console.print(pgcanon::register::JSON_SCHEMA),
            args::Document::Yaml => console.print(pgcanon::yaml::JSON_SCHEMA),
            args::Document::Lock => console.print(pgcanon::baseline::JSON_SCHEMA),
            args::Document::Portability => console.print(pgcanon::sqlite::JSON_SCHEMA),
            args::Document::Lint => console.print(pgcanon::lint::JSON_SCHEMA),
            args::Document::Lineage => console.print(pgcanon::lineage::JSON_SCHEMA),
            args::Document::Invariants => console.print(pgcanon::invariants::JSON_SCHEMA),
            args::Document::Config => console.print(pgcanon::policy::JSON_SCHEMA),
        },
        Some(Command::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "pgcanon", &mut script);
            console.print(&String::from_utf8_lossy(&script))
        }
        Some(Command::Manual { directory }) => manual::write(directory, console),
        None => console.print(NEXT),
    }
}

/// Help goes to standard output with code 0, wrong arguments to standard error with 2.
fn usage(error: &clap::Error) -> ExitCode {
    // Nobody is left to tell when the output is closed.
    drop(error.print());
    let hint = match error.kind() {
        ErrorKind::MissingRequiredArgument | ErrorKind::TooManyValues => example(),
        ErrorKind::InvalidSubcommand => forgotten(error),
        _said_in_full => None,
    };
    if let Some(hint) = hint {
        Console::new().note(&format!("For example:\n{hint}\n"));
    }
    if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
}

/// The first example in the help of the command that was called.
#[expect(clippy::disallowed_methods, reason = "the arguments are looked at here")]
fn example() -> Option<String> {
    let mut command = Arguments::command();
    let mut help = None;
    let mut call = "  pgcanon ".to_owned();
    for word in std::env::args_os().skip(1) {
        let Some(next) = word.to_str().and_then(|word| command.find_subcommand(word)) else {
            continue;
        };
        command = next.clone();
        call.push_str(command.get_name());
        call.push(' ');
        help = command.get_after_help().map(ToString::to_string).or(help);
    }
    let help = help?;
    help.lines().find(|line| line.starts_with(&call)).map(str::to_owned)
}

/// What was meant by a source where a command is expected.
fn forgotten(error: &clap::Error) -> Option<String> {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else {
        return None;
    };
    let is_source = word == "-" || word.contains(['.', '/', ':']);
    is_source.then(|| format!("  pgcanon diff {} LIVE", pgcanon::emit::escape::terminal(word)))
}

/// What to do next, when nothing was asked for.
const NEXT: &str = "\
pgcanon compares the PostgreSQL schema you declared with the schema you have.

  1. Dump what is there:    pg_dump --schema-only DATABASE > live.sql
  2. Compare:               pgcanon diff schema.sql live.sql
  3. Look at one drift:     pgcanon diff schema.sql live.sql --explain SCHEMA-DRIFT-001
  4. Write the migration:   pgcanon reconcile schema.sql live.sql > up.sql

Later on:
  in CI                     pgcanon check
  for many databases        pgcanon fleet schema.sql 'dumps/*.sql'
  for auditors              pgcanon evidence schema.sql live.sql --out evidence/

A side may be a file, a directory of *.sql files, YAML, an archive of pg_dump, -
for standard input, or postgres://user@host/database.

pgcanon --help lists all commands, pgcanon COMMAND --help has examples of each.
";
