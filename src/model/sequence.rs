//! Sequences, standing alone or behind an identity column.

use super::{Ident, QualifiedName, TypeName};

/// A sequence with all defaults filled in (`init_params`, `src/backend/commands/sequence.c`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sequence {
    /// `AS smallint | integer | bigint`.
    pub data_type: TypeName,
    /// `START WITH`.
    pub start: i64,
    /// `INCREMENT BY`.
    pub increment: i64,
    /// `MINVALUE`.
    pub min: i64,
    /// `MAXVALUE`.
    pub max: i64,
    /// `CACHE`.
    pub cache: i64,
    /// `CYCLE`.
    pub cycle: bool,
    /// `OWNED BY table.column`.
    pub owned_by: Option<(QualifiedName, Ident)>,
    /// `UNLOGGED`.
    pub unlogged: bool,
}
