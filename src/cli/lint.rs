//! `pgcanon lint`: destructive and dangerous statements in migrations.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use pgcanon::diff::Severity;
use pgcanon::lint::{self, Finding, Options};
use pgcanon::model::{Problem, ProblemCode};
use pgcanon::register::Decisions;
use pgcanon::source::{Source, by_nature, files, git, read_files};

use super::Outcome;
use super::args::FailOn;
use super::console::Console;
use super::project::Project;

#[derive(Debug, Default, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct LintArguments {
    /// Migrations: *.sql and revisions of Alembic, or directories of them
    #[arg(value_name = "FILE|DIR", required_unless_present_any = ["changed_since", "startup"])]
    pub paths: Vec<PathBuf>,
    /// Only files that changed since this commit or branch, and new ones
    #[arg(long, value_name = "REF")]
    pub changed_since: Option<String>,
    /// Application code that must not make tables when it starts; may be given several times
    #[arg(long, value_name = "PATH")]
    pub startup: Vec<PathBuf>,

    /// Also the way back: `downgrade()`, *.down.sql, sections after `-- +goose Down`
    #[arg(long, help_heading = "Rules")]
    pub downgrade: bool,
    /// Also statements that fail when they run twice
    #[arg(long, help_heading = "Rules")]
    pub idempotent: bool,
    /// SQL files run in a transaction, although they do not say so
    #[arg(long, help_heading = "Rules")]
    pub in_transaction: bool,
    /// Where decisions are that waivers refer to; that of the configuration if not given
    #[arg(long, value_name = "DIR", help_heading = "Rules")]
    pub decisions: Option<PathBuf>,
    /// The configuration; pgcanon.yaml of the current directory if there is one
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    pub config: Option<PathBuf>,

    /// How to print findings
    #[arg(long, value_enum, default_value_t = LintFormat::Text, help_heading = "Output")]
    pub format: LintFormat,
    /// Print what is waived as well
    #[arg(long, help_heading = "Output")]
    pub show_waived: bool,
    /// Write findings to a file
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// End with code 1 from this severity on
    #[arg(long, value_enum, default_value_t = FailOn::Low, value_name = "SEVERITY", help_heading = "Output")]
    pub fail_on: FailOn,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum LintFormat {
    /// For a terminal
    #[default]
    Text,
    Json,
}

const EXAMPLES: &str = "\
Examples:
  pgcanon lint migrations/
  pgcanon lint alembic/versions --changed-since origin/main
  pgcanon lint migrations/ --startup app/ --format json

A comment on the lines of a statement, or right above it, waives what is found there; it has to
name a decision:
  # CI:DESTRUCTIVE_OK - See ADR-015
  -- CI:DESTRUCTIVE_OK ADR-015

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 a file cannot be read.";

/// Finds, prints, decides.
pub(super) fn run(arguments: &LintArguments, console: &Console) -> Outcome {
    let Some(project) = Project::find(arguments.config.as_deref(), console) else {
        return Outcome::Failed;
    };
    let Linted { outcome, sources, problems, skips } = match linted(arguments, &project) {
        Ok(linted) => linted,
        Err(problem) => return console.problem(&problem),
    };
    if skips && problems.is_empty() && arguments.format == LintFormat::Text {
        return console.print("No candidate migrations detected; skipping.\n");
    }
    let least = arguments.fail_on.severity();
    let counts = |finding: &&Finding| {
        finding.waived.is_none() && least.is_some_and(|least| finding.rule.severity >= least)
    };
    let fails = outcome.findings.iter().any(|finding| counts(&finding));
    let report = match arguments.format {
        LintFormat::Text => {
            let color = arguments.output.is_none() && console.style().color;
            lint::terminal(&outcome, &sources, arguments.show_waived, color)
        }
        LintFormat::Json => lint::json(&outcome, &sources, fails || !problems.is_empty()),
    };
    let written = console.write(&report, arguments.output.as_deref());
    if written != Outcome::Pass {
        return written;
    }
    console.problems(&problems, &sources);
    console.note(&summary(&outcome));
    if !problems.is_empty() {
        return Outcome::Failed;
    }
    if fails { Outcome::Drift } else { Outcome::Pass }
}

/// What was found in which sources.
pub(super) struct Linted {
    pub outcome: lint::Outcome,
    pub sources: Vec<Source>,
    pub problems: Vec<Problem>,
    /// True when nothing changed that is a migration.
    pub skips: bool,
}

/// Reads and finds.
///
/// # Errors
/// There is nothing to read.
pub(super) fn linted(arguments: &LintArguments, project: &Project) -> Result<Linted, Problem> {
    let (paths, startup) = candidates(arguments)?;
    let (mut sources, mut problems) = read_files(&paths);
    let skips = arguments.changed_since.is_some()
        && startup.is_empty()
        && sources.iter().all(|source| !lint::is_migration(source));
    let named = !arguments.paths.is_empty() && arguments.changed_since.is_none();
    if named && sources.is_empty() && problems.is_empty() {
        let problem = Problem::new(ProblemCode::Empty, "there is no *.sql and no *.py file here");
        return Err(problem.help("name the directory of the migrations"));
    }
    let options = Options {
        downgrade: arguments.downgrade,
        idempotent: arguments.idempotent,
        wrapped: arguments.in_transaction,
        decisions: decisions(arguments, project),
    };
    let mut outcome = lint::lint(&sources, &options);
    let (code, more) = read_files(&startup);
    problems.extend(more);
    outcome.findings.extend(lint::lint_startup(&code, sources.len()));
    sources.extend(code);
    problems.append(&mut outcome.problems);
    Ok(Linted { outcome, sources, problems, skips })
}

/// The files to look at, and those of the application.
fn candidates(arguments: &LintArguments) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Problem> {
    let below = |paths: &[PathBuf], extensions: &[&str]| -> Result<Vec<PathBuf>, Problem> {
        let mut all = Vec::new();
        for path in paths {
            all.extend(files(path, extensions, true)?.wanted);
        }
        by_nature(&mut all);
        all.dedup();
        Ok(all)
    };
    let startup = below(&arguments.startup, &["py"])?;
    let Some(reference) = &arguments.changed_since else {
        return Ok((below(&arguments.paths, &["sql", "py"])?, startup));
    };
    let mut changed = git::changed_since(reference, &arguments.paths)?;
    let is_candidate = |path: &PathBuf| {
        path.extension().is_some_and(|extension| {
            extension.eq_ignore_ascii_case("sql") || extension.eq_ignore_ascii_case("py")
        })
    };
    changed.retain(is_candidate);
    by_nature(&mut changed);
    Ok((changed, startup))
}

/// The decisions of a directory that is named, or those of the configuration.
#[expect(clippy::disallowed_methods, reason = "the directory of decisions is read here")]
fn decisions(arguments: &LintArguments, project: &Project) -> Decisions {
    let Some(directory) = &arguments.decisions else { return project.decisions() };
    let names = |directory: &Path| -> Vec<String> {
        let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
        let mut names: Vec<String> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    };
    Decisions {
        directory: Some(directory.display().to_string()),
        files: names(directory),
        pattern: project.decisions().pattern,
    }
}

/// How many of what, on one line.
fn summary(outcome: &lint::Outcome) -> String {
    let of = |severity: Severity| {
        let counts =
            |finding: &&Finding| finding.waived.is_none() && finding.rule.severity == severity;
        outcome.findings.iter().filter(counts).count()
    };
    let mut text = format!(
        "{} migration{}: {} blocking, {} high, {} moderate, {} low, {} waived",
        outcome.migrations,
        if outcome.migrations == 1 { "" } else { "s" },
        of(Severity::Blocking),
        of(Severity::High),
        of(Severity::Moderate),
        of(Severity::Low),
        outcome.findings.iter().filter(|finding| finding.waived.is_some()).count(),
    );
    if outcome.others > 0 {
        text.push_str(&format!("; {} Python files are no migrations", outcome.others));
    }
    if outcome.back > 0 {
        text.push_str(&format!(
            "; {} files or sections that lead back left out (--downgrade)",
            outcome.back
        ));
    }
    if outcome.elsewhere > 0 {
        text.push_str(&format!("; {} blocks for other databases left out", outcome.elsewhere));
    }
    text.push('\n');
    text
}
