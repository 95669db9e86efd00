//! The identity of objects: natural keys, the same on both sides.

use super::{Ident, Name, QualifiedName, TypeName};

/// An object that lives on a relation and has a name of its own there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Child {
    /// The table, view or domain.
    pub parent: QualifiedName,
    /// Its name within the parent.
    pub name: Ident,
}

impl Child {
    /// The child `name` of `parent`.
    pub fn new(parent: QualifiedName, name: Ident) -> Self {
        Self { parent, name }
    }
}

/// A routine or aggregate: its name and the types of its input arguments.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature {
    /// The name.
    pub name: QualifiedName,
    /// Types of the input arguments, modifiers dropped.
    pub args: Vec<TypeName>,
}

/// An operator: its name and operand types.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperatorSignature {
    /// The name.
    pub name: QualifiedName,
    /// The left operand; none for a prefix operator.
    pub left: Option<Box<TypeName>>,
    /// The right operand.
    pub right: Option<Box<TypeName>>,
}

/// An operator class or family: its name within an access method.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MethodMember {
    /// The index access method.
    pub method: Ident,
    /// The name.
    pub name: QualifiedName,
}

/// Which default privileges: of which role, where, for which kind of object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DefaultPrivilegesKey {
    /// `FOR ROLE`; none for the role that runs the source.
    pub role: Option<Ident>,
    /// `IN SCHEMA`; none for the whole database.
    pub namespace: Option<Ident>,
    /// The kind of object.
    pub class: super::AclClass,
}

macro_rules! object_kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident($key:ty) = $label:literal,)+) => {
        /// The identity of an object. `Ord` is the order of reports: by kind, then by name.
        /// There are many, so what is large and rare is boxed.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ObjectId {
            $($(#[doc = $doc])+ $kind($key),)+
        }

        /// The kind of an object.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($(#[doc = $doc])+ $kind,)+
        }

        impl Kind {
            /// All kinds, in the order of reports.
            pub const ALL: &'static [Kind] = &[$(Kind::$kind,)+];

            /// The name of the kind in reports: PostgreSQL's word, lower case.
            pub fn label(self) -> &'static str {
                match self {
                    $(Self::$kind => $label,)+
                }
            }
        }

        impl ObjectId {
            /// The kind of the object.
            pub fn kind(&self) -> Kind {
                match self {
                    $(Self::$kind(_) => Kind::$kind,)+
                }
            }
        }
    };
}

object_kinds! {
    /// A role (from `pg_dumpall`).
    Role(Ident) = "role",
    /// A namespace, `SCHEMA` in SQL.
    Namespace(Ident) = "schema",
    /// An extension.
    Extension(Ident) = "extension",
    /// A procedural language.
    Language(Ident) = "language",
    /// An access method.
    AccessMethod(Ident) = "access method",
    /// A collation.
    Collation(QualifiedName) = "collation",
    /// An encoding conversion.
    Conversion(QualifiedName) = "conversion",
    /// An enum type.
    Enum(QualifiedName) = "enum",
    /// A domain.
    Domain(QualifiedName) = "domain",
    /// A composite type.
    Composite(QualifiedName) = "composite type",
    /// A range type.
    Range(QualifiedName) = "range type",
    /// A base type or a shell type.
    BaseType(QualifiedName) = "base type",
    /// A sequence that is an object of its own (not one of an identity column).
    Sequence(QualifiedName) = "sequence",
    /// A table: ordinary, partitioned, partition or foreign.
    Table(QualifiedName) = "table",
    /// A column; within a schema it is stored in its table.
    Column(Child) = "column",
    /// A constraint of a table or domain.
    Constraint(Child) = "constraint",
    /// An index that is not the index of a constraint.
    Index(QualifiedName) = "index",
    /// A view.
    View(QualifiedName) = "view",
    /// A materialized view.
    MaterializedView(QualifiedName) = "materialized view",
    /// A rule.
    Rule(Child) = "rule",
    /// A trigger.
    Trigger(Child) = "trigger",
    /// A row-level security policy.
    Policy(Child) = "policy",
    /// A function or procedure.
    Routine(Signature) = "function",
    /// An aggregate function.
    Aggregate(Signature) = "aggregate",
    /// An operator.
    Operator(OperatorSignature) = "operator",
    /// An operator class.
    OperatorClass(MethodMember) = "operator class",
    /// An operator family.
    OperatorFamily(MethodMember) = "operator family",
    /// A cast, from the first type to the second.
    Cast((Box<TypeName>, Box<TypeName>)) = "cast",
    /// A transform of a type for a language.
    Transform((Box<TypeName>, Ident)) = "transform",
    /// A text search parser.
    TextSearchParser(QualifiedName) = "text search parser",
    /// A text search template.
    TextSearchTemplate(QualifiedName) = "text search template",
    /// A text search dictionary.
    TextSearchDictionary(QualifiedName) = "text search dictionary",
    /// A text search configuration.
    TextSearchConfiguration(QualifiedName) = "text search configuration",
    /// Extended statistics.
    Statistics(QualifiedName) = "statistics",
    /// An event trigger.
    EventTrigger(Ident) = "event trigger",
    /// A foreign-data wrapper.
    ForeignDataWrapper(Ident) = "foreign-data wrapper",
    /// A foreign server.
    Server(Ident) = "server",
    /// A user mapping: server, then user (`public` for PUBLIC).
    UserMapping((Ident, Ident)) = "user mapping",
    /// A publication.
    Publication(Ident) = "publication",
    /// A subscription.
    Subscription(Ident) = "subscription",
    /// Default privileges.
    DefaultPrivileges(DefaultPrivilegesKey) = "default privileges",
}

impl ObjectId {
    /// The relation, type or domain that the object is a part of.
    pub fn parent(&self) -> Option<&QualifiedName> {
        match self {
            Self::Column(child)
            | Self::Constraint(child)
            | Self::Rule(child)
            | Self::Trigger(child)
            | Self::Policy(child) => Some(&child.parent),
            Self::Role(_)
            | Self::Namespace(_)
            | Self::Extension(_)
            | Self::Language(_)
            | Self::AccessMethod(_)
            | Self::Collation(_)
            | Self::Conversion(_)
            | Self::Enum(_)
            | Self::Domain(_)
            | Self::Composite(_)
            | Self::Range(_)
            | Self::BaseType(_)
            | Self::Sequence(_)
            | Self::Table(_)
            | Self::Index(_)
            | Self::View(_)
            | Self::MaterializedView(_)
            | Self::Routine(_)
            | Self::Aggregate(_)
            | Self::Operator(_)
            | Self::OperatorClass(_)
            | Self::OperatorFamily(_)
            | Self::Cast(_)
            | Self::Transform(_)
            | Self::TextSearchParser(_)
            | Self::TextSearchTemplate(_)
            | Self::TextSearchDictionary(_)
            | Self::TextSearchConfiguration(_)
            | Self::Statistics(_)
            | Self::EventTrigger(_)
            | Self::ForeignDataWrapper(_)
            | Self::Server(_)
            | Self::UserMapping(_)
            | Self::Publication(_)
            | Self::Subscription(_)
            | Self::DefaultPrivileges(_) => None,
        }
    }

    /// The qualified name of an object that has one.
    pub fn qualified_name(&self) -> Option<&QualifiedName> {
        match self {
            Self::Collation(name)
            | Self::Conversion(name)
            | Self::Enum(name)
            | Self::Domain(name)
            | Self::Composite(name)
            | Self::Range(name)
            | Self::BaseType(name)
            | Self::Sequence(name)
            | Self::Table(name)
            | Self::Index(name)
            | Self::View(name)
            | Self::MaterializedView(name)
            | Self::TextSearchParser(name)
            | Self::TextSearchTemplate(name)
            | Self::TextSearchDictionary(name)
            | Self::TextSearchConfiguration(name)
            | Self::Statistics(name) => Some(name),
            Self::Routine(signature) | Self::Aggregate(signature) => Some(&signature.name),
            Self::Operator(signature) => Some(&signature.name),
            Self::OperatorClass(member) | Self::OperatorFamily(member) => Some(&member.name),
            Self::Role(_)
            | Self::Namespace(_)
            | Self::Extension(_)
            | Self::Language(_)
            | Self::AccessMethod(_)
            | Self::Column(_)
            | Self::Constraint(_)
            | Self::Rule(_)
            | Self::Trigger(_)
            | Self::Policy(_)
            | Self::Cast(_)
            | Self::Transform(_)
            | Self::EventTrigger(_)
            | Self::ForeignDataWrapper(_)
            | Self::Server(_)
            | Self::UserMapping(_)
            | Self::Publication(_)
            | Self::Subscription(_)
            | Self::DefaultPrivileges(_) => None,
        }
    }

    /// The namespace the object lives in, its own or that of its parent.
    pub fn namespace(&self) -> Option<&Ident> {
        self.qualified_name().or_else(|| self.parent()).map(|name| &name.namespace)
    }

    /// The name of the object with its namespace when it has one.
    pub fn name(&self) -> Option<Name> {
        self.qualified_name().cloned().map(Name::from)
    }
}
