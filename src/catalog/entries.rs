//! The other rows: functions, operators, casts, operator classes, relations, plain names.

use smol_str::SmolStr;

use super::types::TypeId;

/// A name with its schema.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName {
    /// The schema.
    pub schema: SmolStr,
    /// The name in it.
    pub name: SmolStr,
}

impl ObjectName {
    /// `schema.name`.
    pub fn new(schema: impl Into<SmolStr>, name: impl Into<SmolStr>) -> Self {
        Self { schema: schema.into(), name: name.into() }
    }
}

/// The server versions that have an object, of those a catalog was read from (15–18).
///
/// The oldest of them stands for all before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Versions {
    /// The first major version, or 0.
    pub since: u8,
    /// The last major version, or 255.
    pub until: u8,
}

impl Versions {
    /// Present in every version.
    pub const ALL: Self = Self { since: 0, until: u8::MAX };

    /// Whether a server of this major version has it.
    pub fn contains(self, version: u8) -> bool {
        (self.since..=self.until).contains(&version)
    }
}

/// A row of `pg_proc`: a function, procedure, aggregate or window function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionEntry {
    /// The schema.
    pub schema: SmolStr,
    /// The name.
    pub name: SmolStr,
    /// `prokind`.
    pub kind: FunctionKind,
    /// `proargtypes`: the types of the IN, INOUT and VARIADIC parameters.
    pub args: Box<[TypeId]>,
    /// Every parameter, when they have names or some are outputs; else empty.
    pub parameters: Box<[Parameter]>,
    /// `pronargdefaults`: how many arguments at the end may be left out.
    pub defaults: u16,
    /// Whether the last argument is VARIADIC; its type is an array type, or `any`.
    pub variadic: bool,
    /// `prorettype`.
    pub result: TypeId,
    /// `proretset`.
    pub returns_set: bool,
    /// `proisstrict`.
    pub strict: bool,
    /// `provolatile`.
    pub volatility: Volatility,
    /// The server versions that have it.
    pub versions: Versions,
}

impl FunctionEntry {
    /// A plain volatile function with these arguments; the other fields are public.
    pub fn new(
        schema: impl Into<SmolStr>,
        name: impl Into<SmolStr>,
        args: impl Into<Box<[TypeId]>>,
        result: TypeId,
    ) -> Self {
        Self {
            schema: schema.into(),
            name: name.into(),
            kind: FunctionKind::Function,
            args: args.into(),
            parameters: Box::default(),
            defaults: 0,
            variadic: false,
            result,
            returns_set: false,
            strict: false,
            volatility: Volatility::Volatile,
            versions: Versions::ALL,
        }
    }

    /// The parameters that make the result: OUT, INOUT and TABLE, in order.
    ///
    /// In FROM they are the columns of the function; a single one is its only column.
    pub fn outputs(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|parameter| {
            matches!(
                parameter.mode,
                ParameterMode::Out | ParameterMode::InOut | ParameterMode::Table
            )
        })
    }

    /// The parameters a call gives, in the order of `args`; empty when they have no names.
    pub fn inputs(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|parameter| {
            !matches!(parameter.mode, ParameterMode::Out | ParameterMode::Table)
        })
    }

    /// The element type of the VARIADIC argument is that of this array type.
    pub fn variadic_array(&self) -> Option<TypeId> {
        self.variadic.then(|| self.args.last().copied()).flatten()
    }
}

/// `prokind`, and `aggkind` for aggregates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FunctionKind {
    /// A function.
    Function,
    /// A procedure.
    Procedure,
    /// A window function.
    Window,
    /// An aggregate.
    Aggregate,
    /// An ordered-set aggregate: `percentile_cont(0.5) WITHIN GROUP (ORDER BY x)`.
    OrderedSet {
        /// `aggnumdirectargs`, or -1 for a VARIADIC "any" one that takes any number.
        direct: i16,
    },
    /// A hypothetical-set aggregate: `rank(x) WITHIN GROUP (ORDER BY y)`.
    HypotheticalSet {
        /// As for an ordered-set aggregate.
        direct: i16,
    },
}

impl FunctionKind {
    /// Whether it is an aggregate of any kind.
    pub fn is_aggregate(self) -> bool {
        matches!(self, Self::Aggregate | Self::OrderedSet { .. } | Self::HypotheticalSet { .. })
    }
}

/// A parameter with its name and direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The name; empty when it has none.
    pub name: SmolStr,
    /// The type.
    pub ty: TypeId,
    /// The direction.
    pub mode: ParameterMode,
}

/// `proargmodes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParameterMode {
    /// IN.
    In,
    /// OUT.
    Out,
    /// INOUT.
    InOut,
    /// VARIADIC.
    Variadic,
    /// A column of RETURNS TABLE.
    Table,
}

/// `provolatile`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Volatility {
    /// Always the same result.
    Immutable,
    /// The same result within a statement.
    Stable,
    /// Any result.
    Volatile,
}

/// A row of `pg_operator`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorEntry {
    /// The schema.
    pub schema: SmolStr,
    /// The name: `=`, `~~`, `->>`.
    pub name: SmolStr,
    /// The left operand; none for a prefix operator.
    pub left: Option<TypeId>,
    /// The right operand.
    pub right: TypeId,
    /// The result.
    pub result: TypeId,
    /// The function behind it.
    pub function: ObjectName,
    /// `a op b` is `b commutator a`.
    pub commutator: Option<ObjectName>,
    /// `NOT (a op b)` is `a negator b`.
    pub negator: Option<ObjectName>,
    /// The server versions that have it.
    pub versions: Versions,
}

/// A row of `pg_cast`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CastEntry {
    /// From.
    pub source: TypeId,
    /// To. The same as `source` for a length coercion (`varchar` to `varchar(n)`).
    pub target: TypeId,
    /// Where it is applied without being asked for.
    pub context: CastContext,
    /// How.
    pub method: CastMethod,
    /// The server versions that have it.
    pub versions: Versions,
}

/// `castcontext`; a later one includes the earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CastContext {
    /// Anywhere.
    Implicit,
    /// When a value is assigned to a column, or when asked for.
    Assignment,
    /// When asked for.
    Explicit,
}

/// `castmethod`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CastMethod {
    /// Both types have one representation: a relabelling.
    Binary,
    /// Through the text form.
    InOut,
    /// A function.
    Function {
        /// Its name.
        function: ObjectName,
        /// 1, 2 (with the type modifier) or 3 (and whether the cast is explicit).
        arity: u8,
    },
}

/// A row of `pg_opclass`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpclassEntry {
    /// The schema.
    pub schema: SmolStr,
    /// The name.
    pub name: SmolStr,
    /// The access method.
    pub method: SmolStr,
    /// The type it indexes.
    pub input: TypeId,
    /// The type it stores, when that is another.
    pub key: Option<TypeId>,
    /// Whether it is the default for `input` and `method`.
    pub default: bool,
    /// The operator family, of the same method.
    pub family: ObjectName,
    /// The server versions that have it.
    pub versions: Versions,
}

/// A row of `pg_amop`: an operator that an operator family gives a meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamilyOperator {
    /// The access method.
    pub method: SmolStr,
    /// The operator family.
    pub family: ObjectName,
    /// The left operand.
    pub left: TypeId,
    /// The right operand.
    pub right: TypeId,
    /// The meaning; for btree 1 to 5 are `<`, `<=`, `=`, `>=`, `>`.
    pub strategy: u16,
    /// Whether it is there to order by (`<->`), not to search by.
    pub ordering: bool,
    /// The operator.
    pub operator: ObjectName,
    /// The server versions that have it.
    pub versions: Versions,
}

/// A table, view or composite type with its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationEntry {
    /// The schema.
    pub schema: SmolStr,
    /// The name.
    pub name: SmolStr,
    /// `relkind`.
    pub kind: RelationKind,
    /// The columns of all server versions; one that changed its type is there twice.
    /// [`Catalog::columns`](super::Catalog::columns) gives those of one version.
    pub columns: Vec<Column>,
    /// The type of its rows; sequences have none.
    pub row_type: Option<TypeId>,
    /// The server versions that have it.
    pub versions: Versions,
}

/// `relkind`, of the relations that have columns and may stand in FROM; and composite types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RelationKind {
    /// An ordinary table.
    Table,
    /// A partitioned table.
    PartitionedTable,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
    /// A foreign table.
    ForeignTable,
    /// A sequence.
    Sequence,
    /// A stand-alone composite type.
    CompositeType,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The name.
    pub name: SmolStr,
    /// The type.
    pub ty: TypeId,
    /// The type modifier, or -1.
    pub typmod: i32,
    /// The collation, when it is not that of the type. Boxed, as few columns have one.
    pub collation: Option<Box<ObjectName>>,
    /// Whether it is NOT NULL.
    pub not_null: bool,
    /// The server versions that have it.
    pub versions: Versions,
}

impl Column {
    /// A nullable column without modifier or collation of its own; the fields are public.
    pub fn new(name: impl Into<SmolStr>, ty: TypeId) -> Self {
        Self {
            name: name.into(),
            ty,
            typmod: -1,
            collation: None,
            not_null: false,
            versions: Versions::ALL,
        }
    }
}

/// The columns that every table has, whatever it says.
pub const SYSTEM_COLUMNS: [(&str, TypeId); 6] = [
    ("ctid", TypeId::TID),
    ("xmin", TypeId::XID),
    ("cmin", TypeId::CID),
    ("xmax", TypeId::XID),
    ("cmax", TypeId::CID),
    ("tableoid", TypeId::OID),
];

/// An object of which only the name matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameEntry {
    /// What it is.
    pub kind: NameKind,
    /// The schema; `pg_catalog` for kinds that have none.
    pub schema: SmolStr,
    /// The name.
    pub name: SmolStr,
    /// Whether it is a nondeterministic collation.
    pub nondeterministic: bool,
    /// The server versions that have it.
    pub versions: Versions,
}

/// The kind of a [`NameEntry`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameKind {
    /// A collation, of ICU or PostgreSQL itself: those of the C library depend on the machine.
    Collation,
    /// A text search configuration.
    TextSearchConfiguration,
    /// A text search dictionary.
    TextSearchDictionary,
    /// A text search parser.
    TextSearchParser,
    /// A text search template.
    TextSearchTemplate,
    /// A procedural language.
    Language,
    /// An index access method.
    IndexMethod,
    /// A table access method.
    TableMethod,
    /// A foreign-data wrapper.
    ForeignDataWrapper,
}

impl NameKind {
    /// All kinds.
    pub const ALL: [Self; 9] = [
        Self::Collation,
        Self::TextSearchConfiguration,
        Self::TextSearchDictionary,
        Self::TextSearchParser,
        Self::TextSearchTemplate,
        Self::Language,
        Self::IndexMethod,
        Self::TableMethod,
        Self::ForeignDataWrapper,
    ];
}
