//! SQL/JSON: constructors, query functions, predicates and `JSON_TABLE`
//! (`src/backend/parser/parse_expr.c`, `parse_jsontable.c`; PostgreSQL 16 and later).

use super::{Alias, Expr, Ident, SortKey, TypeName, Window};

/// A value with `FORMAT JSON [ENCODING ..]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JsonValue {
    /// The value.
    pub expr: Expr,
    /// `FORMAT JSON`.
    pub format: JsonFormat,
}

/// `FORMAT JSON [ENCODING UTF8]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum JsonFormat {
    #[default]
    Default,
    Json,
    JsonUtf8,
    JsonUtf16,
    JsonUtf32,
}

/// `RETURNING type [FORMAT JSON]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JsonOutput {
    /// The type.
    pub ty: TypeName,
    /// The format.
    pub format: JsonFormat,
}

/// One SQL/JSON construct.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Json {
    /// `JSON_OBJECT(k : v, ..)`.
    Object {
        /// Keys and values.
        pairs: Vec<(Expr, JsonValue)>,
        /// `ABSENT ON NULL`.
        absent_on_null: bool,
        /// `WITH UNIQUE KEYS`.
        unique: bool,
        /// `RETURNING`.
        output: Option<JsonOutput>,
    },
    /// `JSON_ARRAY(v, ..)`.
    Array {
        /// The elements.
        items: Vec<JsonValue>,
        /// `ABSENT ON NULL`, the default.
        absent_on_null: bool,
        /// `RETURNING`.
        output: Option<JsonOutput>,
    },
    /// `JSON_ARRAY(SELECT ..)`.
    ArrayQuery {
        /// The query.
        query: super::Query,
        /// `FORMAT JSON`.
        format: JsonFormat,
        /// `RETURNING`.
        output: Option<JsonOutput>,
    },
    /// `JSON_OBJECTAGG(k : v)`.
    ObjectAgg {
        /// The key.
        key: Expr,
        /// The value.
        value: JsonValue,
        /// `ABSENT ON NULL`.
        absent_on_null: bool,
        /// `WITH UNIQUE KEYS`.
        unique: bool,
        /// What all aggregates have.
        aggregate: JsonAggregate,
    },
    /// `JSON_ARRAYAGG(v ORDER BY ..)`.
    ArrayAgg {
        /// The value.
        value: JsonValue,
        /// `ABSENT ON NULL`, the default.
        absent_on_null: bool,
        /// What all aggregates have.
        aggregate: JsonAggregate,
    },
    /// `JSON(x)`.
    Parse {
        /// The text.
        value: JsonValue,
        /// `WITH UNIQUE KEYS`.
        unique: bool,
    },
    /// `JSON_SCALAR(x)`.
    Scalar(Expr),
    /// `JSON_SERIALIZE(x RETURNING t)`.
    Serialize {
        /// The value.
        value: JsonValue,
        /// `RETURNING`.
        output: Option<JsonOutput>,
    },
    /// `x IS JSON ..`.
    IsJson {
        /// The value.
        arg: Expr,
        /// `FORMAT JSON`.
        format: JsonFormat,
        /// What it must be.
        kind: JsonKind,
        /// `WITH UNIQUE KEYS`.
        unique: bool,
    },
    /// `JSON_EXISTS`, `JSON_QUERY`, `JSON_VALUE`.
    Function(Box<JsonFunction>),
}

/// What JSON aggregates share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JsonAggregate {
    /// `RETURNING`.
    pub output: Option<JsonOutput>,
    /// `ORDER BY`.
    pub order_by: Vec<SortKey>,
    /// `FILTER`.
    pub filter: Option<Expr>,
    /// `OVER`.
    pub over: Option<Window>,
}

/// What `IS JSON` tests for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum JsonKind {
    Any,
    Object,
    Array,
    Scalar,
}

/// `JSON_VALUE(x, path ..)` and its like.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JsonFunction {
    /// Which function.
    pub kind: JsonFunctionKind,
    /// The context item.
    pub context: JsonValue,
    /// The path.
    pub path: Expr,
    /// `PASSING v AS n`.
    pub passing: Vec<(Ident, JsonValue)>,
    /// `RETURNING`.
    pub output: Option<JsonOutput>,
    /// `WITH .. WRAPPER`.
    pub wrapper: JsonWrapper,
    /// `KEEP QUOTES` (true), `OMIT QUOTES` (false), or not said.
    pub keep_quotes: Option<bool>,
    /// `.. ON EMPTY`.
    pub on_empty: Option<JsonBehavior>,
    /// `.. ON ERROR`.
    pub on_error: Option<JsonBehavior>,
}

/// The SQL/JSON query functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum JsonFunctionKind {
    Exists,
    Query,
    Value,
}

/// `WITH [CONDITIONAL] WRAPPER`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum JsonWrapper {
    Unspecified,
    Without,
    Conditional,
    Unconditional,
}

/// What to do `ON EMPTY` or `ON ERROR`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum JsonBehavior {
    Null,
    Error,
    True,
    False,
    Unknown,
    EmptyArray,
    EmptyObject,
    Default(Expr),
}

/// `JSON_TABLE(..)` in `FROM`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JsonTable {
    /// `LATERAL`.
    pub lateral: bool,
    /// The context item.
    pub context: JsonValue,
    /// The row path.
    pub path: Expr,
    /// `AS name` of the row path.
    pub path_name: Option<Ident>,
    /// `PASSING v AS n`.
    pub passing: Vec<(Ident, JsonValue)>,
    /// `COLUMNS`.
    pub columns: Vec<JsonTableColumn>,
    /// `.. ON ERROR`.
    pub on_error: Option<JsonBehavior>,
    /// `AS a (b, c)`.
    pub alias: Option<Alias>,
}

/// A column of `JSON_TABLE`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JsonTableColumn {
    /// `name FOR ORDINALITY`.
    Ordinality(Ident),
    /// A column with a type.
    Regular {
        /// Its name.
        name: Ident,
        /// Its type.
        ty: TypeName,
        /// `EXISTS`.
        exists: bool,
        /// `FORMAT JSON`.
        format: JsonFormat,
        /// `PATH`.
        path: Option<Expr>,
        /// `WITH .. WRAPPER`.
        wrapper: JsonWrapper,
        /// As in [`JsonFunction::keep_quotes`].
        keep_quotes: Option<bool>,
        /// `.. ON EMPTY`.
        on_empty: Option<JsonBehavior>,
        /// `.. ON ERROR`.
        on_error: Option<JsonBehavior>,
    },
    /// `NESTED PATH p AS n COLUMNS (..)`.
    Nested {
        /// The path.
        path: Expr,
        /// Its name.
        path_name: Option<Ident>,
        /// Its columns.
        columns: Vec<JsonTableColumn>,
    },
}
