//! The arguments, and the help that explains them.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use pgcanon::diff::{Compare, Severity};
use pgcanon::model::{Date, Kind};
use pgcanon::plan::{Rename, Tool};

use super::alembic::AlembicArguments;
use super::fleet::FleetArguments;
use super::governance::{
    BaselineArguments, CheckArguments, ConfigArguments, EvidenceArguments, HistoryArguments,
    RegisterArguments,
};
use super::hyperlinks::Hyperlinks;
use super::lineage::LineageArguments;
use super::lint::LintArguments;
use super::portability::PortabilityArguments;

/// Compares the PostgreSQL schema you declared with the schema you have, and
/// proves every difference.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, after_help = AFTER_HELP)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub global: Global,
}

const AFTER_HELP: &str = "\
Examples:
  pgcanon diff schema.sql live.sql
  pg_dump --schema-only app | pgcanon diff schema/ -
  pgcanon diff schema/ postgres://app@localhost/app --fail-on high

Exit codes: 0 pass, 1 drift, 2 the work could not be done.";

/// Options of all commands.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(super) struct Global {
    /// Print nothing but the report and what makes it impossible
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print warnings as well, and files of directories that were left out
    #[arg(long, short, global = true)]
    pub verbose: bool,
    /// Use colors (environment: `NO_COLOR`, `CLICOLOR_FORCE`)
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
    /// Make places of files into links (auto: in terminals that are known to have them)
    #[arg(long, global = true, value_enum, default_value_t = Hyperlinks::Auto, value_name = "WHEN", hide_possible_values = true)]
    pub hyperlinks: Hyperlinks,
    /// Print long reports at once (environment: `PGCANON_PAGER`, `PAGER`)
    #[arg(long, global = true)]
    pub no_pager: bool,
    /// Use this many threads; as many as there are processors if not given
    #[arg(long, global = true, value_name = "N", env = "PGCANON_THREADS")]
    pub threads: Option<NonZeroUsize>,
    #[command(flatten)]
    pub alembic: AlembicArguments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// When the output is a terminal
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Compare a declared schema with one that is there
    #[command(visible_alias = "compare")]
    Diff(DiffArguments),
    /// Write the migration that makes what is there what is declared
    Reconcile(ReconcileArguments),
    /// Run that migration on scratch databases of a server, up, down and up again
    Prove(ProveArguments),
    /// List, show and decide the drifts that the register keeps
    Register(RegisterArguments),
    /// Lock the declared schema, check it, compare a database with it
    Baseline(BaselineArguments),
    /// Write a bundle of evidence that anybody can regenerate, or verify one
    Evidence(EvidenceArguments),
    /// What each commit changed about the schema that a file or directory declares
    History(HistoryArguments),
    /// Check everything that pgcanon.yaml names, for CI
    Check(CheckArguments),
    /// Compare many databases with one declared schema: groups that drift the same way
    Fleet(FleetArguments),
    /// Find destructive and dangerous statements in migrations, SQL and Alembic
    Lint(LintArguments),
    /// Draw and check the chain of Alembic's revisions
    Lineage(LineageArguments),
    /// Check on any schema what has to hold, by the rules of pgcanon.yaml or a schema in YAML
    Invariants(InvariantsArguments),
    /// What a SQLite schema does not hold of the declared one
    Portability(PortabilityArguments),
    /// Check pgcanon.yaml itself
    Config(ConfigArguments),
    /// Print a schema in its normal form
    Normalize(NormalizeArguments),
    /// Print the JSON Schema of a format that pgcanon writes
    #[command(after_help = SCHEMA_EXAMPLES)]
    Schema {
        /// Of which format
        #[arg(value_enum, default_value_t = Document::Drift)]
        document: Document,
    },
    /// Print a script that completes arguments in your shell
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions {
        /// For which shell
        shell: clap_complete::Shell,
    },
    /// Write manual pages, one for each command
    #[command(after_help = MANUAL_EXAMPLES)]
    Manual {
        /// The directory to write them to, as .../share/man/man1
        #[arg(value_name = "DIR")]
        directory: PathBuf,
    },
}

const SCHEMA_EXAMPLES: &str = "\
Examples:
  pgcanon schema
  pgcanon schema plan > plan.schema.json";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  pgcanon completions bash > ~/.local/share/bash-completion/completions/pgcanon
  pgcanon completions zsh > ~/.zfunc/_pgcanon
  pgcanon completions fish > ~/.config/fish/completions/pgcanon.fish";

const MANUAL_EXAMPLES: &str = "\
Examples:
  pgcanon manual ~/.local/share/man/man1";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Document {
    /// The report of `pgcanon diff --format json`
    Drift,
    /// The report of `pgcanon fleet --format json`
    Fleet,
    /// The migration of `pgcanon reconcile --format json`
    Plan,
    /// schema-drift.yaml, the register
    Register,
    /// pgcanon.yaml, the configuration
    Config,
    /// pgcanon.lock, the baseline
    Lock,
    /// A schema in YAML, as a source
    Yaml,
    /// The output of `pgcanon portability --format json`
    Portability,
    /// The output of `pgcanon lint --format json`
    Lint,
    /// The output of `pgcanon lineage --format json`
    Lineage,
    /// The output of `pgcanon invariants --format json`
    Invariants,
}

/// Where a project says what it wants, and which day it is.
#[derive(Clone, Debug, Args)]
pub(super) struct ProjectArguments {
    /// The configuration; pgcanon.yaml of the current directory if there is one
    #[arg(long, value_name = "FILE", global = true, help_heading = "Register")]
    pub config: Option<PathBuf>,
    /// The day, instead of that of the clock or of `SOURCE_DATE_EPOCH`
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date, global = true, help_heading = "Register")]
    pub as_of: Option<Date>,
}

/// Reads a day.
pub(super) fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "a day is written YYYY-MM-DD, as 2026-11-21".to_owned())
}

/// The two sides of a comparison.
#[derive(Clone, Debug, Args)]
pub(super) struct Sources {
    /// CANONICAL LIVE: what is declared, and what is there. Each a file, a directory of *.sql
    /// files, an archive of `pg_dump`, - for standard input, or postgres://..
    #[arg(value_name = "SOURCE", num_args = 0..=2)]
    pub both: Vec<String>,
    /// A part of the declared schema; may be given several times
    #[arg(long, value_name = "SOURCE")]
    pub canonical: Vec<String>,
    /// A part of the schema that is there; may be given several times
    #[arg(long, value_name = "SOURCE")]
    pub live: Vec<String>,
}

#[derive(Debug, Args)]
#[command(after_help = DIFF_EXAMPLES)]
pub(super) struct DiffArguments {
    #[command(flatten)]
    pub sources: Sources,
    /// Cite the declared source under this name
    #[arg(long, value_name = "NAME")]
    pub name_canonical: Option<String>,
    /// Cite the source that is there under this name
    #[arg(long, value_name = "NAME")]
    pub name_live: Option<String>,

    /// Give drifts the numbers that the register keeps, and enter new ones; schema-drift.yaml
    /// if no file is named
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "-", help_heading = "Register")]
    pub register: Option<PathBuf>,
    /// Do not write the register
    #[arg(long, help_heading = "Register")]
    pub read_only: bool,
    #[command(flatten)]
    pub project: ProjectArguments,

    /// How to print the drift table
    #[arg(long, value_enum, default_value_t = Format::Table, help_heading = "Output")]
    pub format: Format,
    /// Show a drift in full, both sides with their lines: its ID, or all
    #[arg(long, value_name = "ID", help_heading = "Output")]
    pub explain: Option<String>,
    /// List every statement and difference that a rule leaves out
    #[arg(long, help_heading = "Output")]
    pub list_ignored: bool,
    /// Write the report to a file
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,

    /// End with code 1 from this severity on; low if neither this nor the configuration says it
    #[arg(long, value_enum, value_name = "SEVERITY", help_heading = "Verdict")]
    pub fail_on: Option<FailOn>,
    /// End with code 1 also when something was not understood or not decided
    #[arg(long, help_heading = "Verdict")]
    pub strict: bool,

    /// Report another order of the same columns
    #[arg(long, help_heading = "What to compare")]
    pub column_order: bool,
    #[command(flatten)]
    pub compare: CompareArguments,
}

const DIFF_EXAMPLES: &str = "\
Examples:
  pgcanon diff schema.sql live.sql
  pgcanon diff --canonical tables.sql --canonical views.sql --live live.dump
  pg_dump --schema-only app | pgcanon diff schema/ - --name-live app@production
  pgcanon diff schema/ 'service=app' --format markdown --output drift.md
  pgcanon diff schema.sql live.sql --explain SCHEMA-DRIFT-007
  pgcanon diff schema.sql live.sql --register        numbers are kept in schema-drift.yaml

A password in a URL is handed to pg_dump in secret and never printed; PGPASSWORD and
~/.pgpass work as well. PGCANON_PG_DUMP and PGCANON_PG_RESTORE choose the programs.

Exit codes: 0 pass, 1 drift at or above --fail-on (or UNKNOWN with --strict), 2 the work
could not be done.";

/// What a dump may have been made without.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(super) struct CompareArguments {
    /// Owners; auto compares them when both sides say them
    #[arg(long, value_enum, default_value_t = Choice::Auto, value_name = "WHETHER", help_heading = "What to compare")]
    pub owners: Choice,
    /// Privileges; auto compares them unless a dump says neither an owner nor a privilege
    #[arg(long, value_enum, default_value_t = Choice::Auto, value_name = "WHETHER", help_heading = "What to compare")]
    pub privileges: Choice,
    /// Comments; auto compares them. A dump made with --no-comments has none
    #[arg(long, value_enum, default_value_t = Choice::Auto, value_name = "WHETHER", help_heading = "What to compare")]
    pub comments: Choice,
}

/// What a migration is planned by.
#[derive(Debug, Args)]
pub(super) struct PlanArguments {
    /// A column or object that only has another name on the live side, with all that hangs on
    /// it: app.orders.state=status, table:app.order=orders; may be given several times
    #[arg(long, value_name = "[KIND:]NAME=NEW", value_parser = Rename::parse, help_heading = "What to write")]
    pub rename: Vec<Rename>,
    /// Leave tables readable and writable meanwhile: CONCURRENTLY, NOT VALID and VALIDATE
    #[arg(long, help_heading = "What to write")]
    pub online: bool,
    #[command(flatten)]
    pub selection: Selection,
    /// Name drifts by the numbers that the register keeps; what is accepted there stays unless
    /// --only names it. `reconcile` enters which file ends a drift. schema-drift.yaml if no file
    /// is named
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "schema-drift.yaml", help_heading = "Which drifts")]
    pub register: Option<PathBuf>,

    #[command(flatten)]
    pub compare: CompareArguments,
}

/// Which drifts a migration is for; all when nothing is given.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Selection {
    /// Only these drifts, by their IDs, and what they depend on
    #[arg(long, value_name = "ID", value_delimiter = ',', help_heading = "Which drifts")]
    pub only: Vec<String>,
    /// Only drifts in this schema; may be given several times
    #[arg(long, value_name = "NAME", help_heading = "Which drifts")]
    pub schema: Vec<String>,
    /// Only drifts of this object and its parts, named as in the drift table: app.orders
    #[arg(long, value_name = "NAME", help_heading = "Which drifts")]
    pub object: Vec<String>,
    /// Only drifts of this kind of object: column, index, policy, ..
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = super::select::kind, help_heading = "Which drifts")]
    pub kind: Vec<Kind>,
}

#[derive(Debug, Args)]
#[command(after_help = RECONCILE_EXAMPLES)]
pub(super) struct ReconcileArguments {
    #[command(flatten)]
    pub sources: Sources,

    /// Up: what is there becomes what is declared. Down: the way back
    #[arg(long, value_enum, default_value_t = Direction::Up, value_name = "WAY", help_heading = "Output")]
    pub direction: Direction,
    /// How to write the migration
    #[arg(long, value_enum, default_value_t = MigrationFormat::Sql, help_heading = "Output")]
    pub format: MigrationFormat,
    /// The directory of Alembic's revisions: the new one follows its head and is written there
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub alembic_dir: Option<PathBuf>,
    /// The directory of the migrations of a tool: the new one comes after those there
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub out: Option<PathBuf>,
    /// The version to write for a tool; the one after the last if not given
    #[arg(long, value_name = "N", help_heading = "Output")]
    pub migration_version: Option<u64>,
    /// What the migration does, in the words of its file
    #[arg(long, value_name = "TEXT", default_value = "reconcile schema", help_heading = "Output")]
    pub message: String,
    /// Write the migration to a file
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// Write the other direction to a file
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub back: Option<PathBuf>,

    #[command(flatten)]
    pub plan: PlanArguments,
    /// Write steps of this kind, which are only comments otherwise
    #[arg(long, value_enum, value_name = "HAZARD", help_heading = "What to write")]
    pub allow: Vec<Allow>,
    /// Write passwords and connections of subscriptions as they are; without it, statements that
    /// hold one are only comments
    #[arg(long, help_heading = "What to write")]
    pub with_secrets: bool,
    /// The decision that allows to delete data, as linters of migrations ask for
    #[arg(long, value_name = "ADR", help_heading = "What to write")]
    pub decision: Option<String>,
}

const RECONCILE_EXAMPLES: &str = "\
Examples:
  pgcanon reconcile schema.sql live.sql > up.sql
  pgcanon reconcile schema.sql live.sql --output up.sql --back down.sql
  pgcanon reconcile schema.sql live.sql --allow data-loss --decision ADR-0012
  pgcanon reconcile schema.sql live.sql --only SCHEMA-DRIFT-003,SCHEMA-DRIFT-007
  pgcanon reconcile schema.sql live.sql --format flyway --out db/migration

Exit codes: 0 complete, 1 partial (steps are left out or something is undecided), 2 the work
could not be done.";

#[derive(Debug, Args)]
#[command(after_help = PROVE_EXAMPLES)]
pub(super) struct ProveArguments {
    #[command(flatten)]
    pub sources: Sources,
    /// Where scratch databases may be made: postgres://.. or key=value pairs; a temporary
    /// server of the installed PostgreSQL if not given
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
    #[command(flatten)]
    pub plan: PlanArguments,
    /// Statements that put rows into the live side before the way up, as psql runs them
    #[arg(long, value_name = "FILE", help_heading = "Rows")]
    pub seed: Option<PathBuf>,
    /// Make up to so many rows in each table of the live side
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Rows")]
    pub generate_rows: u32,
    /// Write the transcript to a file
    #[arg(long, short, visible_alias = "transcript", value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
}

const PROVE_EXAMPLES: &str = "\
Examples:
  pgcanon prove schema.sql live.sql --server postgres://postgres@localhost/postgres
  pgcanon prove schema.sql live.sql --generate-rows 100 --transcript proof.txt
  pgcanon prove schema.sql live.sql --server 'host=/tmp user=postgres dbname=postgres'

Rows are counted and summed up before and after; columns that keep name and type must keep
their values. Values that a changed CHECK newly takes or refuses are tried.

Both sides are loaded into databases of their own, which are dropped in the end; no other
database is touched. Extensions that the sides name have to be there, and on --server
roles, too; a temporary server gets them.

Exit codes: 0 proven, 1 not proven, 2 the server refused a statement or cannot be used.";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum MigrationFormat {
    /// A script for psql
    Sql,
    /// A revision of Alembic, up and down
    Alembic,
    /// Both directions as data; see `pgcanon schema plan`
    Json,
    /// Files for the directory of --out: `V2__name.sql`, `U2__name.sql`
    Flyway,
    /// Files for the directory of --out: `000002_name.up.sql`, `000002_name.down.sql`
    GolangMigrate,
    /// A file for the directory of --out with -- migrate:up and -- migrate:down
    Dbmate,
    /// Files for the directory of --out: `0002_name.up.sql`, `0002_name.down.sql`
    Sqlx,
    /// A file for the directory of --out with -- +goose Up and -- +goose Down
    Goose,
}

impl MigrationFormat {
    /// The tool whose files are written.
    pub fn tool(self) -> Option<Tool> {
        match self {
            Self::Sql | Self::Alembic | Self::Json => None,
            Self::Flyway => Some(Tool::Flyway),
            Self::GolangMigrate => Some(Tool::GolangMigrate),
            Self::Dbmate => Some(Tool::Dbmate),
            Self::Sqlx => Some(Tool::Sqlx),
            Self::Goose => Some(Tool::Goose),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Direction {
    Up,
    Down,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Allow {
    /// Drop tables, columns and sequences
    DataLoss,
}

#[derive(Debug, Args)]
#[command(after_help = NORMALIZE_EXAMPLES)]
pub(super) struct NormalizeArguments {
    /// What to read, in this order
    #[arg(value_name = "SOURCE", required = true)]
    pub sources: Vec<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = NormalFormat::Sql)]
    pub format: NormalFormat,
    /// List the rules that were applied instead, by file, line and object (docs/rules/)
    #[arg(long, conflicts_with = "format")]
    pub trace: bool,
    /// Write to a file
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write passwords and connections of subscriptions as they are, instead of digests
    #[arg(long)]
    pub with_secrets: bool,
}

const NORMALIZE_EXAMPLES: &str = "\
Examples:
  pg_dump --schema-only app | pgcanon normalize - > app.sql
  pgcanon normalize schema/ --format yaml --output schema.yaml
  pgcanon normalize schema.sql --trace";

#[derive(Debug, Args)]
#[command(after_help = INVARIANTS_EXAMPLES)]
pub(super) struct InvariantsArguments {
    /// What to look at, read in this order
    #[arg(value_name = "SOURCE", required = true)]
    pub sources: Vec<String>,
    /// A file with rules, besides those of the configuration and of sources in YAML
    #[arg(long, value_name = "FILE")]
    pub rules: Vec<String>,
    /// The configuration; pgcanon.yaml of the current directory if there is one
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// How to print the results
    #[arg(long, value_enum, default_value_t = InvariantsFormat::Table, help_heading = "Output")]
    pub format: InvariantsFormat,
    /// Write the results to a file
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// End with code 1 when one of this severity or above fails
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::Low, help_heading = "Verdict")]
    pub fail_on: FailOn,
}

const INVARIANTS_EXAMPLES: &str = "\
Examples:
  pgcanon invariants schema.sql
  pgcanon invariants live.sql --rules schema.yaml --fail-on blocking

Exit codes: 0 all hold, 1 one at or above --fail-on does not, 2 the work could not be done.";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum InvariantsFormat {
    /// A line for each result
    Table,
    Markdown,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For a terminal
    Table,
    Markdown,
    /// See `pgcanon schema drift`
    Json,
    Csv,
    /// One page for browsers that needs no network
    Html,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML
    Junit,
    /// GitLab's code quality report
    Gitlab,
    /// Annotations of GitHub's workflows
    Github,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum NormalFormat {
    /// Statements that psql can run
    Sql,
    /// A schema in YAML that says everything; see `pgcanon schema yaml`
    Yaml,
    Json,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Blocking,
    High,
    Moderate,
    #[default]
    Low,
    Never,
}

impl FailOn {
    /// The least severity that fails.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Blocking => Some(Severity::Blocking),
            Self::High => Some(Severity::High),
            Self::Moderate => Some(Severity::Moderate),
            Self::Low => Some(Severity::Low),
            Self::Never => None,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Choice {
    #[default]
    Auto,
    Compare,
    Ignore,
}

impl From<Choice> for Compare {
    fn from(choice: Choice) -> Self {
        match choice {
            Choice::Auto => Self::Auto,
            Choice::Compare => Self::Always,
            Choice::Ignore => Self::Never,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    /// The words of the call of pgcanon in a line of examples: what the shell would hand over.
    fn words(line: &str) -> Option<Vec<String>> {
        // What a pipe hands over, without remarks beside it.
        let line = line.trim().split("    ").next()?;
        let call = line.split(" | ").find(|call| call.starts_with("pgcanon "))?;
        let call = call.split(" > ").next()?;
        let mut words = Vec::new();
        for (at, part) in call.split('\'').enumerate() {
            if at % 2 == 1 {
                words.push(part.to_owned());
            } else {
                words.extend(part.split_whitespace().map(str::to_owned));
            }
        }
        Some(words)
    }

    fn check(command: &clap::Command, path: &str) {
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let examples: Vec<Vec<String>> =
            help.lines().filter(|line| line.starts_with("  ")).filter_map(words).collect();
        assert!(help.contains("Examples:\n") && !examples.is_empty(), "{path} has no example");
        for words in examples {
            let parsed = Arguments::try_parse_from(&words);
            assert!(parsed.is_ok(), "{words:?}: {}", parsed.expect_err("it is one"));
        }
        for own in command.get_subcommands().filter(|own| !own.is_hide_set()) {
            check(own, &format!("{path} {}", own.get_name()));
        }
    }

    #[test]
    fn every_command_has_examples_that_it_understands() {
        check(&Arguments::command(), "pgcanon");
    }
}
