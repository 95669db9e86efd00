//! The account of statements: none goes missing.

use std::collections::BTreeMap;

use crate::model::Span;

macro_rules! ignore_rules {
    ($($(#[doc = $doc:literal])+ $rule:ident = $label:literal,)+) => {
        /// Why a statement says nothing about the schema.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum IgnoreRule {
            $($(#[doc = $doc])+ $rule,)+
        }

        impl IgnoreRule {
            /// All rules.
            pub const ALL: &'static [IgnoreRule] = &[$(IgnoreRule::$rule,)+];

            /// The rule's name in reports.
            pub fn label(self) -> &'static str {
                match self { $(Self::$rule => $label,)+ }
            }
        }
    };
}

ignore_rules! {
    /// `INSERT`, `UPDATE`, `DELETE`, `COPY`, `TRUNCATE`, `setval`: rows, not schema.
    Data = "data",
    /// `SET`, `SELECT set_config(..)` of what does not change what later statements mean.
    Setting = "session setting",
    /// `BEGIN`, `COMMIT`, `SAVEPOINT`, `LOCK`.
    Transaction = "transaction control",
    /// Statements between `BEGIN` and `ROLLBACK`.
    RolledBack = "rolled back",
    /// psql commands that do not change what the file says: `\restrict`, `\echo`, `\set ON_ERROR_STOP`.
    MetaCommand = "psql command",
    /// Statements between `\if` and `\endif` that psql passes over.
    PassedOver = "psql branch not taken",
    /// `CREATE DATABASE`, `ALTER DATABASE`, tablespaces: outside of this database's schema.
    Cluster = "database or cluster",
    /// `ANALYZE`, `VACUUM`, `REFRESH`, `CLUSTER`, `REINDEX`, `CHECKPOINT`.
    Maintenance = "maintenance",
    /// Large objects.
    LargeObject = "large object",
    /// Temporary tables, views and sequences.
    Temporary = "temporary object",
    /// Plain queries, `EXPLAIN`, `SHOW`, prepared statements, cursors, `LISTEN`.
    Query = "query",
    /// Owner, comment, privileges of an object that belongs to an extension.
    ExtensionMember = "extension member",
    /// Owner, comment, privileges of an object of `pg_catalog` or `information_schema`.
    SystemObject = "system object",
    /// `CREATE .. IF NOT EXISTS` of what exists, `DROP .. IF EXISTS` of what does not.
    NoEffect = "no effect",
}

/// How many statements became what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Statements seen.
    pub statements: usize,
    /// Statements that the schema now holds.
    pub modelled: usize,
    /// Statements left out, with their places.
    pub ignored: BTreeMap<IgnoreRule, Vec<Span>>,
    /// Statements that were not understood or are wrong.
    pub unknown: usize,
    /// Rows of `COPY` blocks that were skipped.
    pub copy_rows: u64,
}

impl Coverage {
    /// Counts one statement that a rule leaves out.
    pub fn ignore(&mut self, rule: IgnoreRule, span: Span) {
        self.ignored.entry(rule).or_default().push(span);
    }

    /// How many statements were left out.
    pub fn ignored_total(&self) -> usize {
        self.ignored.values().map(Vec::len).sum()
    }
}
