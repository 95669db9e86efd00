//! Rules.

use super::{Command, Expression, Scoped};

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule {
    /// What it fires on.
    pub event: RuleEvent,
    /// `DO INSTEAD`.
    pub instead: bool,
    /// `WHERE ..`.
    pub condition: Option<Expression>,
    /// The commands; none for `NOTHING`.
    pub actions: Vec<Scoped<Command>>,
    /// When it fires.
    pub enabled: super::Enabled,
}

/// What a rule fires on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum RuleEvent {
    Select,
    Insert,
    Update,
    Delete,
}
