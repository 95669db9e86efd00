//! Row-level security policies.

use std::collections::BTreeSet;

use super::{Expression, Grantee};

/// A policy (`src/backend/commands/policy.c`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Policy {
    /// `AS PERMISSIVE` when true, `AS RESTRICTIVE` when false.
    pub permissive: bool,
    /// `FOR ..`.
    pub command: PolicyCommand,
    /// `TO ..`; a list with PUBLIC is PUBLIC.
    pub roles: BTreeSet<Grantee>,
    /// `USING (..)`.
    pub using: Option<Expression>,
    /// `WITH CHECK (..)`.
    pub with_check: Option<Expression>,
}

/// What a policy is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum PolicyCommand {
    All,
    Select,
    Insert,
    Update,
    Delete,
}
