//! Indexes that are not the index of a constraint.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use super::{Expr, Ident, Name, QualifiedName, Rare, SearchPath, SharedDefault};

/// An index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Index {
    /// The table or materialized view.
    pub relation: QualifiedName,
    /// The access method.
    pub method: Ident,
    /// `UNIQUE`.
    pub unique: bool,
    /// `NULLS NOT DISTINCT`.
    pub nulls_not_distinct: bool,
    /// The keys in order.
    pub keys: Vec<IndexKey>,
    /// `INCLUDE (..)`.
    pub include: Vec<Ident>,
    /// `WHERE ..`.
    pub predicate: Option<Expr>,
    /// `WITH (..)`.
    pub options: BTreeMap<Ident, Box<str>>,
    /// `TABLESPACE`.
    pub tablespace: Option<Ident>,
    /// On a partitioned table: the partitions that have their part of this index,
    /// made with it or attached (`ALTER INDEX .. ATTACH PARTITION`). The index is
    /// invalid as long as one is missing.
    pub partitions: BTreeMap<QualifiedName, AttachedIndex>,
    /// `ALTER COLUMN n SET STATISTICS`, by number of the key (from 1).
    pub statistics: BTreeMap<i16, i32>,
    /// The path that names are read under.
    pub path: SearchPath,
}

/// A key of an index, a partition key or an exclusion constraint.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndexKey {
    /// A plain column ([`Expr::Column`]) or an expression.
    pub expr: Expr,
    /// `DESC`.
    pub descending: bool,
    /// `NULLS FIRST`; defaults to `descending`.
    pub nulls_first: bool,
    /// What is said of few keys.
    pub details: Rare<KeyDetails>,
}

/// What is said of few keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyDetails {
    /// `COLLATE`; none for that of the column.
    pub collation: Option<Name>,
    /// The operator class; none for the default.
    pub opclass: Option<Name>,
    /// Parameters of the operator class.
    pub opclass_options: BTreeMap<Ident, Box<str>>,
}

static NO_DETAILS: KeyDetails =
    KeyDetails { collation: None, opclass: None, opclass_options: BTreeMap::new() };

impl SharedDefault for KeyDetails {
    fn shared() -> &'static Self {
        &NO_DETAILS
    }
}

impl IndexKey {
    /// A key in ascending order, nothing else said.
    pub fn new(expr: Expr) -> Self {
        Self { expr, descending: false, nulls_first: false, details: Rare::default() }
    }
}

/// The index of a partition that is part of the index of its partitioned table.
/// It is no object of its own: PostgreSQL makes it and chooses its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct AttachedIndex {
    /// `WITH (..)`.
    pub options: BTreeMap<Ident, Box<str>>,
    /// `TABLESPACE`.
    pub tablespace: Option<Ident>,
    /// What it indexes, where that is not what the index it is part of does. No server
    /// takes such a part, but a source can say it.
    pub other: Option<Box<Index>>,
    /// Its name, which it keeps when the partition is detached.
    pub name: ChosenName,
}

impl AttachedIndex {
    /// The part that is made together with an index of this storage.
    pub fn made_with(options: &BTreeMap<Ident, Box<str>>, tablespace: Option<&Ident>) -> Self {
        let name = ChosenName::default();
        Self { options: options.clone(), tablespace: tablespace.cloned(), other: None, name }
    }

    /// The same under a name.
    #[must_use]
    pub fn named(self, name: &Ident) -> Self {
        Self { name: ChosenName(Some(name.clone())), ..self }
    }
}

/// A name that says nothing about what it names: all are equal.
#[derive(Clone, Debug, Default)]
pub struct ChosenName(pub Option<Ident>);

impl PartialEq for ChosenName {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for ChosenName {}

impl PartialOrd for ChosenName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ChosenName {
    fn cmp(&self, _other: &Self) -> Ordering {
        Ordering::Equal
    }
}

impl Hash for ChosenName {
    fn hash<H: Hasher>(&self, _state: &mut H) {}
}
