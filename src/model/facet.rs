//! The attributes of objects that can drift, by their names in reports.

macro_rules! facets {
    ($($variant:ident = $label:literal,)+) => {
        /// An attribute of an object that can drift.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "each is explained by its label")]
        pub enum Facet {
            $($variant,)+
        }

        impl Facet {
            /// All facets.
            pub const ALL: &'static [Facet] = &[$(Facet::$variant,)+];

            /// The facet's stable name in reports and in the register.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }
        }
    };
}

facets! {
    // What every object has.
    Owner = "owner",
    Comment = "comment",
    Privileges = "privileges",
    SecurityLabel = "security label",
    // Relations and columns.
    Persistence = "persistence",
    ColumnOrder = "column order",
    Inherits = "inherits",
    PartitionOf = "partition of",
    PartitionBound = "partition bound",
    PartitionKey = "partition key",
    OfType = "of type",
    AccessMethod = "access method",
    Tablespace = "tablespace",
    Option = "option",
    RowSecurity = "row security",
    ForceRowSecurity = "force row security",
    ReplicaIdentity = "replica identity",
    ClusterOn = "cluster on",
    Server = "server",
    ForeignOption = "foreign option",
    Type = "type",
    Collation = "collation",
    Default = "default",
    Generated = "generated",
    Identity = "identity",
    NotNull = "not null",
    NotNullName = "not null name",
    NotNullNoInherit = "not null no inherit",
    NotNullValidated = "not null validated",
    Storage = "storage",
    Compression = "compression",
    StatisticsTarget = "statistics target",
    Inherited = "inherited",
    // Constraints and indexes.
    ConstraintType = "constraint type",
    Expression = "expression",
    NoInherit = "no inherit",
    Columns = "columns",
    Include = "include",
    NullsNotDistinct = "nulls not distinct",
    WithoutOverlaps = "without overlaps",
    References = "references",
    Period = "period",
    Match = "match",
    OnUpdate = "on update",
    OnDelete = "on delete",
    Deferrable = "deferrable",
    InitiallyDeferred = "initially deferred",
    Validated = "validated",
    Enforced = "enforced",
    Elements = "elements",
    Predicate = "predicate",
    Relation = "relation",
    Method = "method",
    Unique = "unique",
    Keys = "keys",
    AttachedTo = "partition index",
    // Views, rules, triggers, policies.
    Query = "query",
    Event = "event",
    Instead = "instead",
    Condition = "condition",
    Actions = "actions",
    Enabled = "enabled",
    Timing = "timing",
    Events = "events",
    UpdateColumns = "update columns",
    Level = "level",
    OldTable = "old table",
    NewTable = "new table",
    Function = "function",
    Arguments = "arguments",
    From = "from",
    ConstraintTrigger = "constraint trigger",
    Filter = "filter",
    Permissive = "permissive",
    Command = "command",
    Roles = "roles",
    Using = "using",
    WithCheck = "with check",
    // Routines and what is built of them.
    RoutineKind = "routine kind",
    Parameters = "parameters",
    ParameterDefault = "parameter default",
    Returns = "returns",
    Language = "language",
    Volatility = "volatility",
    Strict = "strict",
    SecurityDefiner = "security definer",
    Leakproof = "leakproof",
    Parallel = "parallel",
    Cost = "cost",
    Rows = "rows",
    Support = "support",
    Setting = "setting",
    Transforms = "transforms",
    Body = "body",
    BodyLayout = "body layout",
    Attribute = "attribute",
    Commutator = "commutator",
    Negator = "negator",
    Restrict = "restrict",
    Join = "join",
    Hashes = "hashes",
    Merges = "merges",
    Family = "family",
    Members = "members",
    Context = "context",
    FromSql = "from sql",
    ToSql = "to sql",
    SourceEncoding = "source encoding",
    DestinationEncoding = "destination encoding",
    Template = "template",
    Parser = "parser",
    Mapping = "mapping",
    // Types and sequences.
    Labels = "labels",
    BaseType = "base type",
    Subtype = "subtype",
    OperatorClass = "operator class",
    Canonical = "canonical",
    SubtypeDiff = "subtype diff",
    Multirange = "multirange",
    Shell = "shell",
    DataType = "data type",
    Start = "start",
    Increment = "increment",
    MinValue = "min value",
    MaxValue = "max value",
    Cache = "cache",
    Cycle = "cycle",
    OwnedBy = "owned by",
    // Databases' other objects.
    Namespace = "schema",
    Trusted = "trusted",
    Handler = "handler",
    Inline = "inline",
    Validator = "validator",
    Wrapper = "wrapper",
    ServerType = "server type",
    Version = "version",
    AllTables = "all tables",
    Tables = "tables",
    Namespaces = "schemas",
    Connection = "connection",
    Publications = "publications",
    Kinds = "kinds",
    MemberOf = "member of",
}

impl Facet {
    /// True for what a sequence has. An identity column has it too, said where the
    /// identity is.
    pub fn is_of_sequence(self) -> bool {
        [
            Self::DataType,
            Self::Start,
            Self::Increment,
            Self::MinValue,
            Self::MaxValue,
            Self::Cache,
            Self::Cycle,
        ]
        .contains(&self)
    }
}
