//! The arguments of what keeps track of drifts: register, baseline, evidence, check.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use pgcanon::model::Date;
use pgcanon::register::{DriftId, Status};

use super::args::{CompareArguments, FailOn, ProjectArguments, Sources, date};

#[derive(Debug, Args)]
#[command(after_help = REGISTER_EXAMPLES)]
pub(super) struct RegisterArguments {
    /// The register; that of the configuration, or schema-drift.yaml, if it is not named
    #[arg(long, value_name = "FILE", global = true)]
    pub register: Option<PathBuf>,
    #[command(flatten)]
    pub project: ProjectArguments,
    #[command(subcommand)]
    pub command: RegisterCommand,
}

const REGISTER_EXAMPLES: &str = "\
Examples:
  pgcanon register list --status open
  pgcanon register accept SCHEMA-DRIFT-004 --adr ADR-015 --reason 'old clients read it' --expires 2027-03-31
  pgcanon register check

Git merges registers without conflicts by this driver:
  git config merge.pgcanon.driver 'pgcanon register merge %O %A %B'
  echo 'schema-drift.yaml merge=pgcanon' >> .gitattributes

Exit codes: 0 pass, 1 something is wrong with the register, 2 the work could not be done.";

#[derive(Debug, Subcommand)]
pub(super) enum RegisterCommand {
    /// List drifts, a line each
    #[command(
        after_help = "Examples:\n  pgcanon register list\n  pgcanon register list --status open --json"
    )]
    List {
        /// Only those with this status; may be given several times
        #[arg(long, value_parser = status)]
        status: Vec<Status>,
        /// As data
        #[arg(long)]
        json: bool,
    },
    /// Show all that is known of a drift
    #[command(after_help = "Examples:\n  pgcanon register show 7")]
    Show {
        /// SCHEMA-DRIFT-007, or 7
        #[arg(value_parser = id)]
        id: DriftId,
    },
    /// A drift may stay, by an architecture decision
    #[command(
        after_help = "Examples:\n  pgcanon register accept 4 --adr ADR-015 --reason 'old clients read it' --expires 2027-03-31"
    )]
    Accept {
        /// SCHEMA-DRIFT-007, or 7
        #[arg(value_parser = id)]
        id: DriftId,
        #[command(flatten)]
        decision: DecisionArguments,
    },
    /// A drift will be dealt with later; it still fails a run
    #[command(after_help = "Examples:\n  pgcanon register defer 4 --reason 'after the release'")]
    Defer {
        /// SCHEMA-DRIFT-007, or 7
        #[arg(value_parser = id)]
        id: DriftId,
        #[command(flatten)]
        decision: DecisionArguments,
    },
    /// A drift is to be reconciled, if so decided also at the cost of data
    #[command(
        name = "reconcile",
        after_help = "Examples:\n  pgcanon register reconcile 4 --reason 'nobody reads it' --adr ADR-016 --allow-data-loss"
    )]
    End {
        /// SCHEMA-DRIFT-007, or 7
        #[arg(value_parser = id)]
        id: DriftId,
        #[command(flatten)]
        decision: DecisionArguments,
        /// The migration may delete data for it (reconcile --register writes such steps)
        #[arg(long)]
        allow_data_loss: bool,
        /// What is missing is there under this name: the migration renames it
        #[arg(long, value_name = "NAME")]
        renamed_from: Option<String>,
    },
    /// Somebody takes care of a drift
    #[command(after_help = "Examples:\n  pgcanon register assign 4 --to 'data team'")]
    Assign {
        /// SCHEMA-DRIFT-007, or 7
        #[arg(value_parser = id)]
        id: DriftId,
        /// Who
        #[arg(long)]
        to: String,
    },
    /// A drift is gone; if it is seen again, it is reopened
    #[command(after_help = "Examples:\n  pgcanon register resolve 4 --reason 'dropped by hand'")]
    Resolve {
        /// SCHEMA-DRIFT-007, or 7
        #[arg(value_parser = id)]
        id: DriftId,
        /// Why, for the notes
        #[arg(long)]
        reason: Option<String>,
    },
    /// Find numbers given twice, decisions that refer to nothing, acceptances that have expired
    #[command(
        after_help = "Examples:\n  pgcanon register check\n  pgcanon register check --renumber"
    )]
    Check {
        /// Give numbers anew that are there twice
        #[arg(long)]
        renumber: bool,
    },
    /// Merge the registers of two branches into OURS
    #[command(after_help = "Examples:\n  pgcanon register merge %O %A %B")]
    Merge {
        /// What both started from
        base: PathBuf,
        /// Ours, which is written
        ours: PathBuf,
        /// Theirs
        theirs: PathBuf,
    },
}

/// A decision.
#[derive(Debug, Args)]
pub(super) struct DecisionArguments {
    /// Why
    #[arg(long)]
    pub reason: String,
    /// The architecture decision that says so
    #[arg(long, value_name = "ADR")]
    pub adr: Option<String>,
    /// Who approves it
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// The day from which on it does not hold any more
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub expires: Option<Date>,
}

/// Reads an ID.
fn id(text: &str) -> Result<DriftId, String> {
    DriftId::parse(text).ok_or_else(|| "an ID is written SCHEMA-DRIFT-001".to_owned())
}

/// Reads a status.
fn status(text: &str) -> Result<Status, String> {
    let known = Status::ALL.iter().copied().find(|status| status.label() == text);
    known.ok_or_else(|| {
        let all: Vec<&str> = Status::ALL.iter().map(|status| status.label()).collect();
        format!("one of {}", all.join(", "))
    })
}

#[derive(Debug, Args)]
#[command(after_help = BASELINE_EXAMPLES)]
pub(super) struct BaselineArguments {
    /// The lock file; that of the configuration, or pgcanon.lock, if it is not named
    #[arg(long, value_name = "FILE", global = true)]
    pub lock: Option<PathBuf>,
    #[command(flatten)]
    pub project: ProjectArguments,
    #[command(subcommand)]
    pub command: BaselineCommand,
}

const BASELINE_EXAMPLES: &str = "\
Examples:
  pgcanon baseline lock schema/             writes pgcanon.lock
  pgcanon baseline check schema/            fails when the declared schema is another one
  pgcanon baseline parity live.sql          may this database be stamped?

Exit codes: 0 pass, 1 it differs, 2 the work could not be done.";

#[derive(Debug, Subcommand)]
pub(super) enum BaselineCommand {
    /// Write down what is declared now
    #[command(after_help = "Examples:\n  pgcanon baseline lock schema/ --head 3f2a9c")]
    Lock {
        /// The declared schema; that of the configuration if none is given
        #[arg(value_name = "CANONICAL")]
        canonical: Vec<String>,
        /// The head of the migrations; asked of the configured Alembic directory if not given
        #[arg(long, value_name = "REVISION")]
        head: Option<String>,
    },
    /// Fail when what is declared is not what was written down, and name what changed
    #[command(after_help = "Examples:\n  pgcanon baseline check schema/ --bytes")]
    Check {
        /// The declared schema; that of the configuration if none is given
        #[arg(value_name = "CANONICAL")]
        canonical: Vec<String>,
        /// Fail also when the text changed and its meaning did not
        #[arg(long)]
        bytes: bool,
    },
    /// Whether a database is what is declared, so that it may be stamped
    #[command(after_help = "Examples:\n  pgcanon baseline parity live.sql --canonical schema/")]
    Parity {
        /// The database or its dump
        live: String,
        /// The declared schema; that of the configuration if none is given
        #[arg(long, value_name = "SOURCE")]
        canonical: Vec<String>,
        /// From which severity on it may not
        #[arg(long, value_enum, value_name = "SEVERITY")]
        fail_on: Option<FailOn>,
    },
    /// Print the baseline as a statement in Markdown
    #[command(after_help = "Examples:\n  pgcanon baseline statement")]
    Statement,
}

#[derive(Debug, Args)]
#[command(after_help = EVIDENCE_EXAMPLES)]
pub(super) struct EvidenceArguments {
    #[command(subcommand)]
    pub command: Option<EvidenceCommand>,
    #[command(flatten)]
    pub bundle: BundleArguments,
}

/// What goes into a bundle.
#[derive(Clone, Debug, Args)]
pub(super) struct BundleArguments {
    #[command(flatten)]
    pub sources: Sources,
    /// The directory to write; it must not exist or be empty, or hold an earlier bundle
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Write one archive instead: .tar or .tar.gz
    #[arg(long, value_name = "FILE", conflicts_with = "out")]
    pub archive: Option<PathBuf>,
    /// The register, for numbers and decisions; it is not written
    #[arg(long, value_name = "FILE")]
    pub register: Option<PathBuf>,
    /// The transcript of pgcanon prove
    #[arg(long, value_name = "FILE")]
    pub transcript: Option<PathBuf>,
    #[command(flatten)]
    pub project: ProjectArguments,
    #[command(flatten)]
    pub compare: CompareArguments,
}

#[derive(Debug, Subcommand)]
pub(super) enum EvidenceCommand {
    /// Check a bundle against its manifest and, with the sources, against what they give now
    #[command(
        after_help = "Examples:\n  pgcanon evidence verify evidence/\n  pgcanon evidence verify evidence/ schema.sql live.sql"
    )]
    Verify {
        /// The bundle
        directory: PathBuf,
        #[command(flatten)]
        bundle: Box<BundleArguments>,
    },
}

const EVIDENCE_EXAMPLES: &str = "\
Examples:
  pgcanon evidence schema.sql live.sql --out evidence/
  pgcanon evidence --archive evidence.tar.gz --as-of 2026-11-21
  pgcanon evidence verify evidence/
  pgcanon evidence verify evidence/ schema.sql live.sql

The same sources, register and day give the same bytes, on any machine. Without --as-of or
SOURCE_DATE_EPOCH there is no day in it, and acceptances hold as of the register's last run.

Exit codes: 0 written or verified, 1 not what it says, 2 the work could not be done.";

#[derive(Debug, Args)]
#[command(after_help = CHECK_EXAMPLES)]
pub(super) struct CheckArguments {
    #[command(flatten)]
    pub project: ProjectArguments,
    /// Do not write the register
    #[arg(long)]
    pub read_only: bool,
    /// From which severity on it fails
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Option<FailOn>,
}

const CHECK_EXAMPLES: &str = "\
Examples:
  pgcanon check
  pgcanon check --config db/pgcanon.yaml --read-only

Checks the configuration, the register, the baseline if there is a lock file, and compares
both sides; checks invariants, lints migrations and checks the chain of revisions where the
configuration asks for it; writes the configured reports.

Exit codes: 0 pass, 1 something is to be looked at, 2 the work could not be done.";

#[derive(Debug, Args)]
#[command(after_help = HISTORY_EXAMPLES)]
pub(super) struct HistoryArguments {
    /// A file or a directory of *.sql files in a git repository
    pub path: String,
    /// Only commits after this revision
    #[arg(long, value_name = "REVISION")]
    pub since: Option<String>,
    /// As data
    #[arg(long)]
    pub json: bool,
}

const HISTORY_EXAMPLES: &str = "\
Examples:
  pgcanon history db/schema.sql --since v1.0
  pgcanon history db/ --json";

#[derive(Debug, Args)]
#[command(after_help = CONFIG_EXAMPLES)]
pub(super) struct ConfigArguments {
    #[command(subcommand)]
    pub command: ConfigCommand,
}

const CONFIG_EXAMPLES: &str = "\
Examples:
  pgcanon config check
  pgcanon config check db/pgcanon.yaml";

#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Check a configuration
    #[command(
        after_help = "Examples:\n  pgcanon config check\n  pgcanon config check db/pgcanon.yaml"
    )]
    Check {
        /// The configuration
        #[arg(default_value = "pgcanon.yaml")]
        file: PathBuf,
    },
}
