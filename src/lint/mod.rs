//! Destructive and dangerous statements in migrations, SQL and Alembic.
//!
//! Sources go in; findings with their places come out: `op.drop_column("t", "a")` and
//! `op.execute("ALTER TABLE t DROP a")` are the same finding, `# DROP TABLE t` is none.
//! Surprising: what cannot be told from the text, such as an f-string that is run, is a finding
//! itself; and what a migration creates, it may also drop, rewrite and lock.

mod alembic;
mod column;
mod events;
mod expression;
mod judge;
mod rewrite;
pub mod rules;
mod show;
mod sql;
mod startup;
mod waiver;

pub use rules::{ALL, Rule};
pub use show::{json, terminal};

use rayon::prelude::*;

use crate::model::{Problem, SourceId, Span};
use crate::register::Decisions;
use crate::source::Source;
use events::Events;

/// The JSON Schema of what [`json`] writes.
pub const JSON_SCHEMA: &str = include_str!("schema/lint-1.json");

/// What to look at.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Also the way back: `downgrade()`, `.down.sql`, sections after `-- +goose Down`.
    pub downgrade: bool,
    /// Also statements that fail when they run twice.
    pub idempotent: bool,
    /// SQL files run in a transaction, even where they do not say so.
    pub wrapped: bool,
    /// Which decisions there are.
    pub decisions: Decisions,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// By which rule.
    pub rule: &'static Rule,
    /// What it is about, as a sentence.
    pub message: String,
    /// Where.
    pub span: Span,
    /// The decision that allows it.
    pub waived: Option<String>,
}

/// What a run of rules over sources came to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// In order of their places.
    pub findings: Vec<Finding>,
    /// What cannot be read.
    pub problems: Vec<Problem>,
    /// How many files are migrations.
    pub migrations: usize,
    /// Python files that are none.
    pub others: usize,
    /// Files and sections that only lead back, and were left out.
    pub back: usize,
    /// Blocks of revisions that only run on other databases than PostgreSQL, and were left out.
    pub elsewhere: usize,
}

/// Whether a file is read as Python.
pub fn is_python(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("py"))
}

/// Whether a Python file defines a migration: a function `upgrade`.
pub fn is_migration(source: &Source) -> bool {
    !is_python(&source.name)
        || ["def upgrade", "def downgrade"]
            .iter()
            .any(|word| memchr::memmem::find(source.text.as_bytes(), word.as_bytes()).is_some())
}

/// Applies all rules to migrations, in the order in which they run.
pub fn lint(sources: &[Source], options: &Options) -> Outcome {
    let read = |(index, source): (usize, &Source)| -> Option<Events> {
        let id = SourceId(u32::try_from(index).unwrap_or(u32::MAX));
        if !is_migration(source) {
            return None;
        }
        Some(if is_python(&source.name) {
            alembic::read(id, &source.text, options)
        } else {
            sql::read(id, source, options)
        })
    };
    let all: Vec<Option<Events>> = sources.par_iter().enumerate().map(read).collect();
    let mut outcome = Outcome::default();
    let mut judge = judge::Judge::new(options);
    for (source, events) in sources.iter().zip(all) {
        let Some(events) = events else {
            outcome.others += 1;
            continue;
        };
        outcome.migrations += 1;
        outcome.back += events.back;
        outcome.elsewhere += events.elsewhere;
        let (findings, problems) = judge.file(events, &source.text);
        outcome.findings.extend(findings);
        outcome.problems.extend(problems);
    }
    outcome.findings.sort_by_key(|finding| (finding.span, finding.rule.code));
    outcome
}

/// Finds what makes tables when an application starts: `create_all(` in its Python files.
pub fn lint_startup(sources: &[Source], first: usize) -> Vec<Finding> {
    let read = |(index, source): (usize, &Source)| {
        startup::read(SourceId(u32::try_from(first + index).unwrap_or(u32::MAX)), &source.text)
    };
    sources.par_iter().enumerate().flat_map_iter(read).collect()
}
