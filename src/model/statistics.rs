//! Extended statistics.

use std::collections::BTreeSet;

use super::{Expr, Ident, QualifiedName, SearchPath};

/// `CREATE STATISTICS`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Statistics {
    /// The table.
    pub relation: QualifiedName,
    /// `ndistinct`, `dependencies`, `mcv`; all when not written.
    pub kinds: BTreeSet<Ident>,
    /// Plain columns.
    pub columns: BTreeSet<Ident>,
    /// Expressions.
    pub expressions: Vec<Expr>,
    /// `SET STATISTICS`.
    pub target: Option<i32>,
    /// The path that names are read under.
    pub path: SearchPath,
}
