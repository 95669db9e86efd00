//! Constraints of tables, foreign tables and domains, NOT NULL excepted (see `column`).

use std::collections::BTreeMap;

use super::{AttachedIndex, Expression, Ident, IndexKey, Name, QualifiedName, SearchPath};

/// A constraint.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Constraint {
    /// What it demands.
    pub definition: ConstraintDefinition,
    /// `DEFERRABLE`.
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub initially_deferred: bool,
    /// False for `NOT VALID`.
    pub validated: bool,
    /// False for `NOT ENFORCED` (PostgreSQL 18).
    pub enforced: bool,
    /// `COMMENT ON INDEX` of the index that a key or an exclusion has.
    pub index_comment: Option<Box<str>>,
}

/// What a constraint demands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConstraintDefinition {
    /// `CHECK (..)`.
    Check {
        /// The condition.
        expression: Expression,
        /// `NO INHERIT`.
        no_inherit: bool,
    },
    /// `PRIMARY KEY (..)`.
    PrimaryKey(Key),
    /// `UNIQUE (..)`.
    Unique(Key),
    /// `FOREIGN KEY (..) REFERENCES ..`.
    ForeignKey(ForeignKey),
    /// `EXCLUDE USING ..`.
    Exclusion(Exclusion),
}

/// A primary key or unique constraint.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Key {
    /// The columns in order.
    pub columns: Vec<Ident>,
    /// `INCLUDE (..)`.
    pub include: Vec<Ident>,
    /// `NULLS NOT DISTINCT`.
    pub nulls_not_distinct: bool,
    /// `WITHOUT OVERLAPS` on the last column.
    pub without_overlaps: bool,
    /// Storage parameters of its index.
    pub options: BTreeMap<Ident, Box<str>>,
    /// Tablespace of its index.
    pub tablespace: Option<Ident>,
    /// On a partitioned table: the partitions that have their part of its index.
    pub partitions: BTreeMap<QualifiedName, AttachedIndex>,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ForeignKey {
    /// The referencing columns.
    pub columns: Vec<Ident>,
    /// `PERIOD` on the last pair of columns.
    pub period: bool,
    /// The referenced table.
    pub target: QualifiedName,
    /// The referenced columns; filled in from its primary key when not written.
    pub target_columns: Vec<Ident>,
    /// `MATCH FULL`.
    pub match_full: bool,
    /// `ON UPDATE`.
    pub on_update: ReferentialAction,
    /// `ON DELETE`.
    pub on_delete: ReferentialAction,
    /// The columns of `ON DELETE SET NULL (..)`.
    pub delete_columns: Vec<Ident>,
}

/// What happens to referencing rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum ReferentialAction {
    #[default]
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

/// An exclusion constraint.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exclusion {
    /// The index access method.
    pub method: Ident,
    /// Keys and the operator each is compared with.
    pub elements: Vec<(IndexKey, Name)>,
    /// `INCLUDE (..)`.
    pub include: Vec<Ident>,
    /// `WHERE (..)`.
    pub predicate: Option<super::Expr>,
    /// Storage parameters of its index.
    pub options: BTreeMap<Ident, Box<str>>,
    /// Tablespace of its index.
    pub tablespace: Option<Ident>,
    /// The path that names are read under.
    pub path: SearchPath,
}
