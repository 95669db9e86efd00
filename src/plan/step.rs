//! One step of a migration, before it is ordered.

use std::collections::BTreeSet;

use super::unit::Unit;
use crate::emit::normalized::CreationRank;
use crate::emit::sql::{SqlWriter, Style};
use crate::model::Hazard;
use crate::model::SearchPath;

/// Where a step stands when nothing else decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "most are named after the kinds they are of")]
pub enum Rank {
    /// Row security on, before anything else changes.
    Protect,
    /// What goes away.
    Drop,
    Role,
    Namespace,
    Extension,
    /// Shells of types, collations, conversions: they need nothing.
    Shell,
    Type,
    Sequence,
    ForeignData,
    Routine,
    Table,
    Column,
    /// Storage and statistics of columns.
    Attributes,
    /// Defaults of columns, owners of sequences.
    Defaults,
    Constraint,
    View,
    Index,
    ForeignKey,
    /// Policies that take rows out of sight.
    Narrow,
    /// Rules, triggers, altered policies, extended statistics.
    OnTable,
    /// Policies that bring rows into sight.
    Widen,
    /// Replica identity, CLUSTER ON.
    Settings,
    Database,
    /// Extensions, schemas and roles that go away when all is out of them.
    DropLast,
    /// Owners, privileges, comments.
    Said,
    /// Default privileges, so that they do not apply to what the migration makes.
    Last,
    /// Row security off, after everything else.
    Unprotect,
}

impl From<CreationRank> for Rank {
    fn from(rank: CreationRank) -> Self {
        match rank {
            CreationRank::Role => Self::Role,
            CreationRank::Namespace => Self::Namespace,
            CreationRank::Extension => Self::Extension,
            CreationRank::Shell => Self::Shell,
            CreationRank::Type => Self::Type,
            CreationRank::Sequence => Self::Sequence,
            CreationRank::ForeignData => Self::ForeignData,
            CreationRank::Routine => Self::Routine,
            CreationRank::Table => Self::Table,
            CreationRank::Attributes => Self::Attributes,
            CreationRank::Defaults => Self::Defaults,
            CreationRank::Constraint => Self::Constraint,
            CreationRank::View => Self::View,
            CreationRank::Index => Self::Index,
            CreationRank::ForeignKey => Self::ForeignKey,
            CreationRank::OnTable => Self::OnTable,
            CreationRank::Settings => Self::Settings,
            CreationRank::Database => Self::Database,
            CreationRank::Last => Self::Last,
            CreationRank::Said => Self::Said,
        }
    }
}

/// Whether a statement runs in a transaction with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Transaction {
    /// It does.
    #[default]
    Within,
    /// It does, and what it makes can only be used after COMMIT (`ALTER TYPE .. ADD VALUE`).
    CommitAfter,
    /// It must run alone.
    Alone,
}

/// Statements that stand together, and what they need and give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where it stands when nothing else decides.
    pub rank: Rank,
    /// What it is about.
    pub unit: Unit,
    /// The statements.
    pub sql: String,
    /// What must be there before, as the target has it.
    pub needs: BTreeSet<Unit>,
    /// What had better be there before, as a function body names it.
    pub wants: BTreeSet<Unit>,
    /// What is there after, as the target has it.
    pub gives: BTreeSet<Unit>,
    /// What it no longer uses of what was there.
    pub frees: BTreeSet<Unit>,
    /// What is gone after.
    pub takes: BTreeSet<Unit>,
    /// What it endangers.
    pub hazards: BTreeSet<Hazard>,
    /// Whether it runs in a transaction.
    pub transaction: Transaction,
    /// The search path that it is written for, when that is not the empty one.
    pub path: Option<SearchPath>,
}

impl Step {
    /// A step whose statements `write` writes.
    pub(super) fn new(rank: Rank, unit: &Unit, write: impl FnOnce(&mut SqlWriter)) -> Self {
        let mut writer = SqlWriter::new(Style::LINES);
        write(&mut writer);
        Self {
            rank,
            unit: unit.clone(),
            sql: writer.finish(),
            needs: BTreeSet::new(),
            wants: BTreeSet::new(),
            gives: BTreeSet::new(),
            frees: BTreeSet::new(),
            takes: BTreeSet::new(),
            hazards: BTreeSet::new(),
            transaction: Transaction::Within,
            path: None,
        }
    }

    pub(super) fn needs<'u>(mut self, units: impl IntoIterator<Item = &'u Unit>) -> Self {
        self.needs.extend(units.into_iter().cloned());
        self
    }

    pub(super) fn gives<'u>(mut self, units: impl IntoIterator<Item = &'u Unit>) -> Self {
        self.gives.extend(units.into_iter().cloned());
        self
    }

    pub(super) fn frees<'u>(mut self, units: impl IntoIterator<Item = &'u Unit>) -> Self {
        self.frees.extend(units.into_iter().cloned());
        self
    }

    pub(super) fn takes<'u>(mut self, units: impl IntoIterator<Item = &'u Unit>) -> Self {
        self.takes.extend(units.into_iter().cloned());
        self
    }

    pub(super) fn hazard(mut self, hazard: Hazard) -> Self {
        self.hazards.insert(hazard);
        self
    }

    pub(super) fn under(mut self, path: Option<SearchPath>) -> Self {
        self.path = path;
        self
    }

    pub(super) fn alone(mut self) -> Self {
        self.transaction = Transaction::Alone;
        self
    }

    pub(super) fn commit_after(mut self) -> Self {
        self.transaction = Transaction::CommitAfter;
        self
    }
}
