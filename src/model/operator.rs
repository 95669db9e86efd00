//! Operators, operator classes and families, casts, transforms, conversions, collations.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ident, Name, QualifiedName, Signature, TypeName};

/// An operator.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Operator {
    /// `FUNCTION`.
    pub function: Name,
    /// `COMMUTATOR`.
    pub commutator: Option<Name>,
    /// `NEGATOR`.
    pub negator: Option<Name>,
    /// `RESTRICT`.
    pub restrict: Option<Name>,
    /// `JOIN`.
    pub join: Option<Name>,
    /// `HASHES`.
    pub hashes: bool,
    /// `MERGES`.
    pub merges: bool,
}

/// An operator class.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperatorClass {
    /// `FOR TYPE`.
    pub ty: TypeName,
    /// `DEFAULT`.
    pub default: bool,
    /// `FAMILY`; the class's own name when not written.
    pub family: QualifiedName,
    /// `STORAGE`.
    pub storage: Option<TypeName>,
    /// Operators and functions.
    pub members: BTreeSet<FamilyMember>,
}

/// An operator family: what was added to it loosely.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct OperatorFamily {
    /// Operators and functions.
    pub members: BTreeSet<FamilyMember>,
}

/// An operator or support function of an operator class or family.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FamilyMember {
    /// `OPERATOR n op (left, right) [FOR ORDER BY family]`.
    Operator {
        /// The strategy number.
        strategy: i32,
        /// The operator.
        operator: Name,
        /// Its operand types.
        types: Vec<TypeName>,
        /// `FOR ORDER BY`.
        order_by: Option<Name>,
    },
    /// `FUNCTION n (left, right) f(args)`.
    Function {
        /// The support number.
        number: i32,
        /// The types it is for.
        types: Vec<TypeName>,
        /// The function.
        function: Name,
        /// Its argument types.
        args: Vec<TypeName>,
    },
}

/// A cast; its types are its identity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CastDefinition {
    /// How it is done.
    pub method: CastMethod,
    /// When it is applied without being asked for.
    pub context: CastContext,
}

/// How a cast is done.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CastMethod {
    /// `WITH FUNCTION`.
    Function(Signature),
    /// `WITHOUT FUNCTION`.
    Binary,
    /// `WITH INOUT`.
    InOut,
}

/// When a cast is applied without being asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum CastContext {
    Explicit,
    Assignment,
    Implicit,
}

/// A transform; its type and language are its identity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Transform {
    /// `FROM SQL WITH FUNCTION`.
    pub from_sql: Option<Signature>,
    /// `TO SQL WITH FUNCTION`.
    pub to_sql: Option<Signature>,
}

/// A conversion between encodings.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Conversion {
    /// `DEFAULT`.
    pub default: bool,
    /// `FOR 'x'`.
    pub source: Box<str>,
    /// `TO 'y'`.
    pub destination: Box<str>,
    /// `FROM f`.
    pub function: Name,
}

/// A collation: its options by name (`provider`, `locale`, `deterministic`), defaults filled in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Collation {
    /// The options.
    pub options: BTreeMap<Ident, Box<str>>,
}

/// A text search parser or template: its functions by role.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TextSearchFunctions {
    /// `START`, `GETTOKEN`, `INIT`, `LEXIZE` ...
    pub functions: BTreeMap<Ident, Name>,
}

/// A text search dictionary.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextSearchDictionary {
    /// `TEMPLATE`.
    pub template: Name,
    /// Its options.
    pub options: BTreeMap<Ident, Box<str>>,
}

/// A text search configuration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextSearchConfiguration {
    /// `PARSER`.
    pub parser: Name,
    /// The configuration that `COPY =` names, when its mappings are not known.
    pub copied: Option<Name>,
    /// Dictionaries by token type.
    pub mappings: BTreeMap<Ident, Vec<Name>>,
}
