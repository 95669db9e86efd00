//! Triggers and event triggers.

use std::collections::{BTreeMap, BTreeSet};

use super::{Expression, Ident, Name, QualifiedName};

/// A trigger.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Trigger {
    /// `BEFORE`, `AFTER`, `INSTEAD OF`.
    pub timing: TriggerTiming,
    /// The events.
    pub events: BTreeSet<TriggerEvent>,
    /// `UPDATE OF ..`.
    pub update_columns: BTreeSet<Ident>,
    /// `FOR EACH ROW` when true, `FOR EACH STATEMENT` when false.
    pub row: bool,
    /// `REFERENCING OLD TABLE AS`.
    pub old_table: Option<Ident>,
    /// `REFERENCING NEW TABLE AS`.
    pub new_table: Option<Ident>,
    /// `WHEN (..)`.
    pub condition: Option<Expression>,
    /// The function.
    pub function: Name,
    /// Its arguments, always strings.
    pub arguments: Vec<Box<str>>,
    /// `CREATE CONSTRAINT TRIGGER`.
    pub constraint: bool,
    /// `FROM table`.
    pub from: Option<QualifiedName>,
    /// `DEFERRABLE`.
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub initially_deferred: bool,
    /// When it fires.
    pub enabled: Enabled,
}

/// When a trigger fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum TriggerTiming {
    Before,
    After,
    InsteadOf,
}

/// What a trigger fires on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum TriggerEvent {
    Insert,
    Delete,
    Update,
    Truncate,
}

/// Whether a trigger or rule fires, by `session_replication_role`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum Enabled {
    #[default]
    Origin,
    Always,
    Replica,
    Disabled,
}

/// An event trigger.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventTrigger {
    /// `ON event`.
    pub event: Ident,
    /// `WHEN TAG IN (..)`.
    pub filters: BTreeMap<Ident, BTreeSet<Box<str>>>,
    /// The function.
    pub function: Name,
    /// When it fires.
    pub enabled: Enabled,
}
