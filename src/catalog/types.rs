//! What a type is to parse analysis: its category, its element, its base, its collation.

use smol_str::SmolStr;

use super::entries::{ObjectName, Versions};

/// A type of one [`Catalog`](super::Catalog).
///
/// Built-in types have the same id everywhere (`TypeId::INT4`). Types of extensions and
/// of the schema itself are numbered as they are added, so their ids mean nothing in
/// another catalog: two sides of a comparison agree on names, not on ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(u32);

impl TypeId {
    pub(super) const fn from_index(index: u32) -> Self {
        Self(index)
    }

    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A row of `pg_type`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeEntry {
    /// The id under which the catalog holds it.
    pub id: TypeId,
    /// The schema.
    pub schema: SmolStr,
    /// The name in the catalogs: `int4`, `_int4`, `bpchar`, `char` for `"char"`.
    pub name: SmolStr,
    /// `typtype`, with what belongs to that kind only.
    pub kind: TypeKind,
    /// `typcategory`: candidates are ranked by it.
    pub category: Category,
    /// `typispreferred`: preferred within its category (`text`, `float8`, `timestamptz`, …).
    pub preferred: bool,
    /// `typelem`: what a subscript gives. Also set for `point` (`float8`) or `name` (`char`),
    /// which are no arrays; [`Catalog::element_of`](super::Catalog::element_of) knows.
    pub element: Option<TypeId>,
    /// `typarray`: the type of arrays of it.
    pub array: Option<TypeId>,
    /// `typsubscript`: how subscripts are understood.
    pub subscript: Subscript,
    /// `typcollation`: the collation of values of it; none when not collatable.
    pub collation: Option<ObjectName>,
    /// `typlen`: bytes, -1 for variable length, -2 for C strings.
    pub length: i16,
    /// `typdelim`: between the elements of an array's text; `;` for `box`.
    pub delimiter: char,
    /// Whether there is a `typmodin` function: `varchar(20)`, `numeric(10,2)`.
    pub takes_typmod: bool,
    /// The server versions that have it.
    pub versions: Versions,
}

impl TypeEntry {
    /// Whether it is an array in the sense of `get_element_type`.
    pub fn is_array(&self) -> bool {
        self.subscript == Subscript::Array && self.element.is_some()
    }

    /// Whether it is one of the types that stand for others (`anyelement`, `anycompatiblearray`, …).
    ///
    /// `any` and `record` are not: a call does not bind them to one type.
    pub fn is_polymorphic(&self) -> bool {
        self.id.is_polymorphic()
    }
}

impl TypeId {
    /// `IsPolymorphicTypeFamily1`: all of these are one type in a call.
    pub fn is_polymorphic_any(self) -> bool {
        [
            Self::ANYELEMENT,
            Self::ANYARRAY,
            Self::ANYNONARRAY,
            Self::ANYENUM,
            Self::ANYRANGE,
            Self::ANYMULTIRANGE,
        ]
        .contains(&self)
    }

    /// `IsPolymorphicTypeFamily2`: these take a common type in a call.
    pub fn is_polymorphic_compatible(self) -> bool {
        [
            Self::ANYCOMPATIBLE,
            Self::ANYCOMPATIBLEARRAY,
            Self::ANYCOMPATIBLENONARRAY,
            Self::ANYCOMPATIBLERANGE,
            Self::ANYCOMPATIBLEMULTIRANGE,
        ]
        .contains(&self)
    }

    /// `IsPolymorphicType`.
    pub fn is_polymorphic(self) -> bool {
        self.is_polymorphic_any() || self.is_polymorphic_compatible()
    }
}

/// `typtype`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeKind {
    /// A base type; arrays too.
    Base,
    /// The row of a table or view, or a stand-alone composite type.
    Composite,
    /// A domain.
    Domain {
        /// The type under it, which may be a domain too.
        base: TypeId,
        /// The modifier of `base`, or -1.
        typmod: i32,
        /// Whether it is declared NOT NULL.
        not_null: bool,
    },
    /// An enum.
    Enum,
    /// A range type.
    Range {
        /// What it is a range of.
        subtype: TypeId,
        /// The type of sets of it.
        multirange: TypeId,
        /// True when it has an order or canonical values of its own, not those of the subtype.
        custom: bool,
    },
    /// A multirange type.
    Multirange {
        /// What it is a set of.
        range: TypeId,
    },
    /// A pseudo-type: `anyelement`, `record`, `trigger`; also a type named and not yet defined.
    Pseudo,
}

/// `typsubscript`, by handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subscript {
    /// No subscripts.
    None,
    /// `array_subscript_handler`.
    Array,
    /// `raw_array_subscript_handler`: fixed length, read-only (`point`, `name`).
    RawArray,
    /// `jsonb_subscript_handler`.
    Jsonb,
    /// A handler of an extension (`hstore`).
    Other,
}

/// `typcategory`, an ASCII letter; a type may bring one of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Category(pub u8);

impl Category {
    /// Arrays.
    pub const ARRAY: Self = Self(b'A');
    /// `bool`.
    pub const BOOLEAN: Self = Self(b'B');
    /// Composite types.
    pub const COMPOSITE: Self = Self(b'C');
    /// Dates and times.
    pub const DATETIME: Self = Self(b'D');
    /// Enums.
    pub const ENUM: Self = Self(b'E');
    /// Geometric types.
    pub const GEOMETRIC: Self = Self(b'G');
    /// Network addresses.
    pub const NETWORK: Self = Self(b'I');
    /// Numbers; the `reg…` types too.
    pub const NUMERIC: Self = Self(b'N');
    /// Pseudo-types.
    pub const PSEUDO: Self = Self(b'P');
    /// Ranges and multiranges.
    pub const RANGE: Self = Self(b'R');
    /// Strings.
    pub const STRING: Self = Self(b'S');
    /// `interval`.
    pub const TIMESPAN: Self = Self(b'T');
    /// Types that say nothing else.
    pub const USER: Self = Self(b'U');
    /// Bit strings.
    pub const BITSTRING: Self = Self(b'V');
    /// `unknown`.
    pub const UNKNOWN: Self = Self(b'X');
    /// Types that only the server uses (`"char"`, `pg_node_tree`).
    pub const INTERNAL: Self = Self(b'Z');
}

/// A type with nothing to it: what a name is before it is defined, and what is not there.
pub(super) static NOTHING: TypeEntry = TypeEntry {
    id: TypeId::UNKNOWN,
    schema: SmolStr::new_static("pg_catalog"),
    name: SmolStr::new_static("unknown"),
    kind: TypeKind::Pseudo,
    category: Category::PSEUDO,
    preferred: false,
    element: None,
    array: None,
    subscript: Subscript::None,
    collation: None,
    length: -1,
    delimiter: ',',
    takes_typmod: false,
    versions: Versions::ALL,
};
