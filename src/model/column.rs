//! Columns of tables, foreign tables and partitions.

use std::collections::BTreeMap;

use super::{
    Acl, ColumnNote, Expression, Ident, Name, QualifiedName, Rare, Sequence, SharedDefault,
    TypeName,
};

/// A column. Most of the memory of a schema is its columns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Column {
    /// Its name.
    pub name: Ident,
    /// Its type with modifiers.
    pub ty: TypeName,
    /// What a row gets when no value is given.
    pub default: Option<ColumnDefault>,
    /// `NOT NULL`.
    pub not_null: Option<NotNull>,
    /// Inherited only: the column is not said in this table itself.
    pub inherited: bool,
    /// `COMMENT ON COLUMN`.
    pub comment: Option<Box<str>>,
    /// What is said of few columns.
    pub details: Rare<ColumnDetails>,
}

/// What is said of few columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnDetails {
    /// `COLLATE`; none for the collation of the type.
    pub collation: Option<Name>,
    /// `STORAGE`; none for the default of the type.
    pub storage: Option<Ident>,
    /// `COMPRESSION`.
    pub compression: Option<Ident>,
    /// `SET STATISTICS`.
    pub statistics: Option<i32>,
    /// `SET (n_distinct = ..)`.
    pub options: BTreeMap<Ident, Box<str>>,
    /// `OPTIONS (..)` of a column of a foreign table.
    pub foreign_options: BTreeMap<Ident, Box<str>>,
    /// Privileges on this column.
    pub acl: Option<Acl>,
    /// `SECURITY LABEL FOR provider ON COLUMN`.
    pub labels: BTreeMap<Ident, Box<str>>,
    /// Comment, privileges and security labels of the sequence of an identity column.
    pub sequence_note: ColumnNote,
}

impl Column {
    /// A column with a name and a type, nothing else said.
    pub fn new(name: Ident, ty: TypeName) -> Self {
        Self {
            name,
            ty,
            default: None,
            not_null: None,
            inherited: false,
            comment: None,
            details: Rare::default(),
        }
    }
}

impl ColumnDetails {
    /// Of a column of which only the collation may be said.
    pub fn collated(collation: Option<Name>) -> Self {
        Self { collation, ..Self::default() }
    }
}

static NO_DETAILS: ColumnDetails = ColumnDetails {
    collation: None,
    storage: None,
    compression: None,
    statistics: None,
    options: BTreeMap::new(),
    foreign_options: BTreeMap::new(),
    acl: None,
    labels: BTreeMap::new(),
    sequence_note: ColumnNote { comment: None, acl: None, labels: BTreeMap::new() },
};

impl SharedDefault for ColumnDetails {
    fn shared() -> &'static Self {
        &NO_DETAILS
    }
}

/// What a row gets when no value is given for a column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ColumnDefault {
    /// `DEFAULT expr`.
    Expression(Expression),
    /// `GENERATED ALWAYS AS (expr) STORED | VIRTUAL`.
    Generated {
        /// The expression.
        expression: Expression,
        /// `STORED` when true, `VIRTUAL` when false.
        stored: bool,
    },
    /// `GENERATED ALWAYS | BY DEFAULT AS IDENTITY`.
    Identity {
        /// `ALWAYS` when true.
        always: bool,
        /// The name of its sequence.
        sequence_name: QualifiedName,
        /// Its sequence.
        sequence: Box<Sequence>,
    },
}

/// A NOT NULL constraint. Up to PostgreSQL 17 it has neither name nor flags.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct NotNull {
    /// Its name, when the source gives one.
    pub name: Option<Box<Ident>>,
    /// `NO INHERIT`.
    pub no_inherit: bool,
    /// `NOT VALID`.
    pub not_valid: bool,
    /// `COMMENT ON CONSTRAINT`.
    pub comment: Option<Box<str>>,
}
