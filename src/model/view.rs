//! Views and materialized views.

use std::collections::BTreeMap;

use super::{Acl, ColumnDefault, Ident, Query, Scoped};

/// A view. Temporary ones are never kept; the parser rewrites `RECURSIVE` as `WITH RECURSIVE`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct View {
    /// The query, its output columns renamed by the column list of the view.
    pub query: Scoped<Query>,
    /// The column list, when one is written.
    pub columns: Vec<Ident>,
    /// `security_barrier`, `security_invoker`, `check_option`.
    pub options: BTreeMap<Ident, Box<str>>,
    /// `ALTER VIEW .. ALTER COLUMN .. SET DEFAULT`.
    pub defaults: BTreeMap<Ident, ColumnDefault>,
    /// Comments and privileges on columns.
    pub column_notes: BTreeMap<Ident, ColumnNote>,
}

/// What is said of a column of a view, or of the sequence of an identity column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ColumnNote {
    /// `COMMENT ON COLUMN`.
    pub comment: Option<Box<str>>,
    /// Privileges; `None` when they are the default.
    pub acl: Option<Acl>,
    /// `SECURITY LABEL`.
    pub labels: BTreeMap<Ident, Box<str>>,
}

/// A materialized view.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MaterializedView {
    /// The query.
    pub query: Scoped<Query>,
    /// The column list, when one is written.
    pub columns: Vec<Ident>,
    /// `WITH (..)`.
    pub options: BTreeMap<Ident, Box<str>>,
    /// `USING method`; none for heap.
    pub access_method: Option<Ident>,
    /// `TABLESPACE`.
    pub tablespace: Option<Ident>,
    /// `CLUSTER ON index`.
    pub cluster_on: Option<Ident>,
    /// `ALTER COLUMN .. SET STATISTICS`, `SET STORAGE` and the like, by column and attribute.
    pub column_options: BTreeMap<(Ident, Ident), Box<str>>,
    /// Comments and privileges on columns.
    pub column_notes: BTreeMap<Ident, ColumnNote>,
}
