//! Types that a schema defines: enums, domains, composites, ranges, base types.

use std::collections::BTreeMap;

use super::{AttributeValue, Expression, Ident, Name, QualifiedName, TypeName};

/// An enum: its labels in order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Enum {
    /// The labels.
    pub labels: Vec<Box<str>>,
}

/// A domain. Its CHECK constraints are objects of their own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Domain {
    /// The type under it, with modifiers.
    pub base: TypeName,
    /// `COLLATE`; none for that of the base type.
    pub collation: Option<Name>,
    /// `DEFAULT`; that of the base type when that is a domain which has one.
    pub default: Option<Expression>,
    /// `NOT NULL`, with its name when the source gives one (PostgreSQL 18).
    pub not_null: Option<super::NotNull>,
}

/// A composite type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Composite {
    /// The attributes in order.
    pub attributes: Vec<Attribute>,
}

/// An attribute of a composite type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Attribute {
    /// Its name.
    pub name: Ident,
    /// Its type with modifiers.
    pub ty: TypeName,
    /// `COLLATE`.
    pub collation: Option<Name>,
    /// `COMMENT ON COLUMN`.
    pub comment: Option<Box<str>>,
}

/// A range type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Range {
    /// `SUBTYPE`.
    pub subtype: TypeName,
    /// `SUBTYPE_OPCLASS`; none for the default of the subtype.
    pub opclass: Option<Name>,
    /// `COLLATION`; none for that of the subtype.
    pub collation: Option<Name>,
    /// `CANONICAL`.
    pub canonical: Option<Name>,
    /// `SUBTYPE_DIFF`.
    pub subtype_diff: Option<Name>,
    /// `MULTIRANGE_TYPE_NAME`, filled in when not written.
    pub multirange: QualifiedName,
}

/// A base type, or a shell when it has no attributes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct BaseType {
    /// `CREATE TYPE name;` only.
    pub shell: bool,
    /// The attributes by name (`input`, `alignment`); those at their default left
    /// out, except the three that `pg_dump` always prints.
    pub attributes: BTreeMap<Ident, AttributeValue>,
}
