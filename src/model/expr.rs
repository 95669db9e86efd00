//! Expressions, as lowered from the parse tree and as elaborated.
//!
//! Both forms have this one type. As written, names are as in the source and
//! casts are those that a person wrote. Elaborated, every name has its
//! namespace, every cast that PostgreSQL would insert is there, constants carry
//! their type ([`Expr::Constant`]) and the spellings that the analyser expands
//! (`IN`, `BETWEEN`, `LIKE`) are gone. Two elaborated expressions are equal when
//! and only when PostgreSQL stores the same.

use smol_str::SmolStr;

use super::{Ident, Name, Query, SearchPath, TypeName};

/// An expression with the `search_path` its names are to be read under.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Expression {
    /// What is written.
    pub expr: Expr,
    /// Where unqualified names are looked up; empty when all are resolved.
    pub path: SearchPath,
}

/// One node of an expression.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Expr {
    /// A literal as written; a string has no type yet (PostgreSQL: `unknown`).
    Literal(Literal),
    /// A constant of a known type, its value in the type's output form; `None` is NULL.
    Constant(Box<Constant>),
    /// `a`, `t.a`, `s.t.a`, `t.*`, `*`.
    Column(ColumnRef),
    /// `$1`.
    Parameter(i32),
    /// A function, aggregate or window function call.
    Call(Box<Call>),
    /// `a op b` or `op a`.
    Operator(Box<Operation>),
    /// `AND` of two or more, in order.
    And(Vec<Expr>),
    /// `OR` of two or more, in order.
    Or(Vec<Expr>),
    /// `NOT`.
    Not(Box<Expr>),
    /// `CAST(x AS t)`, `x::t`.
    Cast(Box<Cast>),
    /// `x COLLATE c`.
    Collate(Box<Collate>),
    /// `CASE`.
    Case(Box<Case>),
    /// `COALESCE`.
    Coalesce(Vec<Expr>),
    /// `GREATEST`.
    Greatest(Vec<Expr>),
    /// `LEAST`.
    Least(Vec<Expr>),
    /// `NULLIF(a, b)`.
    NullIf(Box<[Expr; 2]>),
    /// `x IS [NOT] NULL`.
    IsNull {
        /// What is tested.
        arg: Box<Expr>,
        /// `IS NOT NULL`.
        negated: bool,
    },
    /// `x IS [NOT] TRUE | FALSE | UNKNOWN`.
    IsBool {
        /// What is tested.
        arg: Box<Expr>,
        /// For what.
        test: BoolTest,
        /// `IS NOT ..`.
        negated: bool,
    },
    /// `a IS [NOT] DISTINCT FROM b`.
    IsDistinct(Box<IsDistinct>),
    /// `x [NOT] IN (a, b)`.
    In(Box<InList>),
    /// `x [NOT] BETWEEN [SYMMETRIC] a AND b`.
    Between(Box<Between>),
    /// `x [NOT] LIKE | ILIKE | SIMILAR TO p [ESCAPE e]`.
    Like(Box<Like>),
    /// `x op ANY | ALL (array)`.
    AnyAll(Box<AnyAll>),
    /// `ROW(a, b)` and `(a, b)`.
    Row(Vec<Expr>),
    /// `ARRAY[a, b]`.
    Array(Vec<Expr>),
    /// `x.field`, `x[1]`, `x[1:2]`, `x.*`.
    Indirection(Box<Expr>, Vec<Access>),
    /// A subquery in an expression.
    Subquery(Box<Subquery>),
    /// `CURRENT_DATE` and its like.
    SqlValue(SqlValue, Option<i32>),
    /// `GROUPING(a, b)`.
    Grouping(Vec<Expr>),
    /// `DEFAULT` in a list of values.
    Default,
    /// `WHERE CURRENT OF cursor`.
    CurrentOf(Ident),
    /// `MERGE_ACTION()`.
    MergeAction,
    /// One column's share in the multi-assignment `(a, b) = source`.
    MultiAssign {
        /// The whole source, which every share holds.
        source: Box<Expr>,
        /// Which column of the list, from 1.
        number: i32,
        /// How many the list has.
        columns: i32,
    },
    /// SQL/JSON constructors, query functions and predicates.
    Json(Box<super::Json>),
    /// `XMLELEMENT` and its like.
    Xml(Box<Xml>),
    /// What the lowering does not model: the text that the parser's own printer
    /// makes of it. Compared as text and reported as undecided.
    Opaque(Box<str>),
}

/// A literal as written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Literal {
    /// `NULL`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// An integer that fits 32 bits.
    Integer(i32),
    /// Any other number, in digits as written.
    Number(SmolStr),
    /// A string; `unknown` until its context says what it is.
    String(SmolStr),
    /// `B'..'` or `X'..'`, with the leading `b` or `x`.
    Bits(SmolStr),
}

/// A constant of a known type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Constant {
    /// The type, with its modifiers when a length coercion was applied.
    pub ty: TypeName,
    /// The value in the type's output form; `None` is NULL.
    pub value: Option<SmolStr>,
}

/// A reference to a column, as dotted parts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnRef {
    /// The identifiers, outermost first.
    pub parts: Vec<Ident>,
    /// True when `*` follows (`t.*`, or `*` alone when `parts` is empty).
    pub star: bool,
}

/// A call of a function, an aggregate or a window function.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Call {
    /// The function.
    pub name: Name,
    /// Arguments in order; named ones carry their name.
    pub args: Vec<Argument>,
    /// `f(VARIADIC array)`.
    pub variadic: bool,
    /// `f(*)`.
    pub star: bool,
    /// `f(DISTINCT x)`.
    pub distinct: bool,
    /// `f(x ORDER BY y)`, or the list of `WITHIN GROUP`.
    pub order_by: Vec<super::SortKey>,
    /// True when `order_by` is that of `WITHIN GROUP (ORDER BY ..)`.
    pub within_group: bool,
    /// `FILTER (WHERE ..)`.
    pub filter: Option<Expr>,
    /// `OVER ..`.
    pub over: Option<super::Window>,
    /// The special syntax it was written in (`EXTRACT(x FROM y)`); display only
    /// (`COERCE_SQL_SYNTAX`), erased when normalized.
    pub sql_syntax: bool,
}

impl Call {
    /// A plain call with positional arguments.
    pub fn plain(name: Name, args: impl IntoIterator<Item = Expr>) -> Self {
        Self {
            name,
            args: args.into_iter().map(|value| Argument { name: None, value }).collect(),
            variadic: false,
            star: false,
            distinct: false,
            order_by: Vec::new(),
            within_group: false,
            filter: None,
            over: None,
            sql_syntax: false,
        }
    }
}

/// A function call that stands where any expression may.
impl From<Call> for Expr {
    fn from(call: Call) -> Self {
        Self::Call(Box::new(call))
    }
}

/// One argument of a call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Argument {
    /// `name => value`.
    pub name: Option<Ident>,
    /// The value.
    pub value: Expr,
}

/// The use of an operator.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Operation {
    /// The operator; its namespace is set when written `OPERATOR(s.+)` or resolved.
    pub operator: Name,
    /// The left operand; none for a prefix operator.
    pub left: Option<Expr>,
    /// The right operand.
    pub right: Expr,
}

/// A cast.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cast {
    /// What is cast.
    pub arg: Expr,
    /// To what.
    pub ty: TypeName,
}

/// `arg COLLATE collation`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Collate {
    /// The value.
    pub arg: Expr,
    /// The collation.
    pub collation: Name,
}

/// `CASE [arg] WHEN .. THEN .. ELSE .. END`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Case {
    /// The operand that each `WHEN` is compared with.
    pub arg: Option<Expr>,
    /// Condition (or value to compare with) and result.
    pub branches: Vec<(Expr, Expr)>,
    /// The result when none holds.
    pub otherwise: Option<Expr>,
}

/// What `IS` tests for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BoolTest {
    /// `IS TRUE`.
    True,
    /// `IS FALSE`.
    False,
    /// `IS UNKNOWN`.
    Unknown,
}

/// `left IS [NOT] DISTINCT FROM right`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IsDistinct {
    /// The left side.
    pub left: Expr,
    /// The right side.
    pub right: Expr,
    /// `IS NOT DISTINCT FROM`.
    pub negated: bool,
}

/// `arg [NOT] IN (items)`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InList {
    /// What is looked for.
    pub arg: Expr,
    /// Among what.
    pub items: Vec<Expr>,
    /// `NOT IN`.
    pub negated: bool,
}

/// `arg [NOT] BETWEEN [SYMMETRIC] low AND high`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Between {
    /// What is compared.
    pub arg: Expr,
    /// The lower bound.
    pub low: Expr,
    /// The upper bound.
    pub high: Expr,
    /// `NOT BETWEEN`.
    pub negated: bool,
    /// `BETWEEN SYMMETRIC`.
    pub symmetric: bool,
}

/// Which pattern language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LikeKind {
    /// `LIKE`.
    Like,
    /// `ILIKE`.
    ILike,
    /// `SIMILAR TO`.
    SimilarTo,
}

/// `arg [NOT] LIKE pattern`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Like {
    /// Which pattern language.
    pub kind: LikeKind,
    /// What is matched.
    pub arg: Expr,
    /// The pattern.
    pub pattern: Expr,
    /// `ESCAPE`.
    pub escape: Option<Expr>,
    /// `NOT LIKE`.
    pub negated: bool,
}

/// `left op ANY | ALL (array)`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnyAll {
    /// The left operand.
    pub left: Expr,
    /// The operator.
    pub operator: Name,
    /// The array.
    pub array: Expr,
    /// `ALL` when true, `ANY` when false.
    pub all: bool,
}

/// One step into a composite value or an array.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// `.field`.
    Field(Ident),
    /// `.*`.
    Star,
    /// `[i]`.
    Index(Expr),
    /// `[lower:upper]`.
    Slice(Option<Expr>, Option<Expr>),
}

/// A query within an expression.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subquery {
    /// How it is used.
    pub kind: SubqueryKind,
    /// The query.
    pub query: Query,
}

/// How a subquery is used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubqueryKind {
    /// `EXISTS (..)`.
    Exists,
    /// `(SELECT ..)` as a value.
    Scalar,
    /// `ARRAY(SELECT ..)`.
    Array,
    /// `x op ANY | ALL (SELECT ..)`; no operator for `x IN (SELECT ..)`.
    AnyAll {
        /// The left operand.
        left: Expr,
        /// The operator; `None` for `IN`.
        operator: Option<Name>,
        /// `ALL` when true.
        all: bool,
    },
}

/// The SQL value functions, which have a syntax without parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum SqlValue {
    CurrentDate,
    CurrentTime,
    CurrentTimestamp,
    LocalTime,
    LocalTimestamp,
    CurrentRole,
    CurrentUser,
    User,
    SessionUser,
    CurrentCatalog,
    CurrentSchema,
}

/// `XMLELEMENT`, `XMLFOREST` and their like.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Xml {
    /// Which one.
    pub kind: XmlKind,
    /// The element's or instruction's name.
    pub name: Option<Ident>,
    /// `XMLATTRIBUTES(..)` or the items of `XMLFOREST`, each with its `AS` name.
    pub named: Vec<(Option<Ident>, Expr)>,
    /// Positional arguments.
    pub args: Vec<Expr>,
    /// `DOCUMENT` (true) or `CONTENT`, where that can be said.
    pub document: bool,
    /// `INDENT`.
    pub indent: bool,
    /// The target of `XMLSERIALIZE(.. AS type)`.
    pub ty: Option<TypeName>,
}

/// Which XML construct.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum XmlKind {
    Concat,
    Element,
    Forest,
    Parse,
    Pi,
    Root,
    Serialize,
    IsDocument,
}
