//! Tables: ordinary, partitioned, partitions, inheriting, typed, foreign.

use std::collections::BTreeMap;

use super::{Column, Expr, Ident, IndexKey, Name, QualifiedName, SearchPath, TypeName};

/// A table. Constraints, indexes, triggers and policies are objects of their own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Table {
    /// `UNLOGGED`.
    pub unlogged: bool,
    /// The columns in order, inherited ones included.
    pub columns: Vec<Column>,
    /// `INHERITS (..)`, in order.
    pub inherits: Vec<QualifiedName>,
    /// `PARTITION OF parent`, `ATTACH PARTITION`.
    pub partition_of: Option<PartitionOf>,
    /// `PARTITION BY ..`.
    pub partition_by: Option<PartitionKey>,
    /// `OF type`.
    pub of_type: Option<Name>,
    /// `USING method`; none for heap.
    pub access_method: Option<Ident>,
    /// `TABLESPACE`.
    pub tablespace: Option<Ident>,
    /// `WITH (..)`, `toast.` prefixed where it is for the TOAST table.
    pub options: BTreeMap<Ident, Box<str>>,
    /// `ENABLE ROW LEVEL SECURITY`.
    pub row_security: bool,
    /// `FORCE ROW LEVEL SECURITY`.
    pub force_row_security: bool,
    /// `REPLICA IDENTITY`.
    pub replica_identity: ReplicaIdentity,
    /// `CLUSTER ON index`.
    pub cluster_on: Option<Ident>,
    /// What a foreign table adds.
    pub foreign: Option<ForeignTable>,
}

impl Table {
    /// An ordinary table without columns.
    pub fn empty() -> Self {
        Self {
            unlogged: false,
            columns: Vec::new(),
            inherits: Vec::new(),
            partition_of: None,
            partition_by: None,
            of_type: None,
            access_method: None,
            tablespace: None,
            options: BTreeMap::new(),
            row_security: false,
            force_row_security: false,
            replica_identity: ReplicaIdentity::Default,
            cluster_on: None,
            foreign: None,
        }
    }

    /// The column of that name.
    pub fn column(&self, name: &Ident) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == *name)
    }

    /// The column of that name, to change it.
    pub fn column_mut(&mut self, name: &Ident) -> Option<&mut Column> {
        self.columns.iter_mut().find(|column| column.name == *name)
    }
}

/// Of which table, with which bound.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartitionOf {
    /// The partitioned table.
    pub parent: QualifiedName,
    /// Which rows.
    pub bound: PartitionBound,
    /// The path that names in the bound are read under.
    pub path: SearchPath,
}

/// Which rows a partition holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartitionBound {
    /// `DEFAULT`.
    Default,
    /// `FOR VALUES IN (..)`.
    List(Vec<Expr>),
    /// `FOR VALUES FROM (..) TO (..)`.
    Range {
        /// The inclusive lower bound.
        from: Vec<BoundValue>,
        /// The exclusive upper bound.
        to: Vec<BoundValue>,
    },
    /// `FOR VALUES WITH (modulus m, remainder r)`.
    Hash {
        /// The modulus.
        modulus: i32,
        /// The remainder.
        remainder: i32,
    },
}

/// One value of a range bound.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum BoundValue {
    MinValue,
    MaxValue,
    Expr(Expr),
}

/// `PARTITION BY strategy (keys)`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartitionKey {
    /// How rows are distributed.
    pub strategy: PartitionStrategy,
    /// The keys: column or expression, collation, operator class.
    pub keys: Vec<IndexKey>,
    /// The path that names in the keys are read under.
    pub path: SearchPath,
}

/// How rows are distributed over partitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum PartitionStrategy {
    List,
    Range,
    Hash,
}

/// What logical replication identifies rows by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum ReplicaIdentity {
    Default,
    Full,
    Nothing,
    Index(Ident),
}

/// What makes a table foreign.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ForeignTable {
    /// `SERVER`.
    pub server: Ident,
    /// `OPTIONS (..)`.
    pub options: BTreeMap<Ident, Box<str>>,
}

/// The row type of a table has the name of the table.
impl From<&QualifiedName> for TypeName {
    fn from(name: &QualifiedName) -> Self {
        Self { name: Name::from(name.clone()), ..Self::default() }
    }
}
