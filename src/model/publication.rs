//! Logical replication: publications.

use std::collections::{BTreeMap, BTreeSet};

use super::{Expression, Ident, QualifiedName};

/// A publication.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Publication {
    /// `FOR ALL TABLES`.
    pub all_tables: bool,
    /// `FOR TABLES IN SCHEMA`.
    pub namespaces: BTreeSet<Ident>,
    /// `FOR TABLE ..`.
    pub tables: BTreeMap<QualifiedName, PublishedTable>,
    /// `publish`, `publish_via_partition_root`, `publish_generated_columns`, defaults filled in.
    pub options: BTreeMap<Ident, Box<str>>,
}

/// A table of a publication.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PublishedTable {
    /// The columns; all when empty.
    pub columns: BTreeSet<Ident>,
    /// `WHERE (..)`.
    pub filter: Option<Expression>,
}
