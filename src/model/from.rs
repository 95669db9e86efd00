//! Items of `FROM`: relations, subqueries, functions, joins, and what they may carry.

use super::{Expr, Ident, Name, Query, TypeName};

/// An item of `FROM`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FromItem {
    /// A table, a view or a CTE.
    Relation {
        /// Its name.
        name: Name,
        /// `ONLY`.
        only: bool,
        /// `AS a (b, c)`.
        alias: Option<Alias>,
        /// `TABLESAMPLE`.
        sample: Option<Box<Sample>>,
    },
    /// `[LATERAL] (SELECT ..)`.
    Subquery {
        /// The query.
        query: Query,
        /// `LATERAL`.
        lateral: bool,
        /// `AS a (b, c)`.
        alias: Option<Alias>,
    },
    /// Functions in `FROM`.
    Functions(Box<FromFunctions>),
    /// A join.
    Join(Box<Join>),
    /// `XMLTABLE(..)`.
    XmlTable(Box<XmlTable>),
    /// `JSON_TABLE(..)`.
    JsonTable(Box<super::JsonTable>),
}

/// `f(..)`, `ROWS FROM (f(..), g(..))` in `FROM`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FromFunctions {
    /// Each call with its own column definitions (`AS (a int, b text)` inside `ROWS FROM`).
    pub functions: Vec<(Expr, Vec<ColumnDefinition>)>,
    /// `ROWS FROM`.
    pub rows_from: bool,
    /// `WITH ORDINALITY`.
    pub ordinality: bool,
    /// `LATERAL`.
    pub lateral: bool,
    /// `AS a (b, c)`.
    pub alias: Option<Alias>,
    /// `AS a (b int, c text)`.
    pub columns: Vec<ColumnDefinition>,
}

/// A column of a function that returns `record`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnDefinition {
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub ty: TypeName,
    /// `COLLATE`.
    pub collation: Option<Name>,
}

/// `AS a (b, c)`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Alias {
    /// The name.
    pub name: Ident,
    /// Names for the columns.
    pub columns: Vec<Ident>,
}

/// `left JOIN right ON ..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Join {
    /// Inner, left, right or full.
    pub kind: JoinKind,
    /// `NATURAL`.
    pub natural: bool,
    /// The left side.
    pub left: FromItem,
    /// The right side.
    pub right: FromItem,
    /// `ON` condition; none with `USING`, `NATURAL` and `CROSS JOIN`.
    pub on: Option<Expr>,
    /// `USING (..)`.
    pub using: Vec<Ident>,
    /// `USING (..) AS a`.
    pub using_alias: Option<Ident>,
    /// `(.. JOIN ..) AS a (b, c)`.
    pub alias: Option<Alias>,
}

/// The kinds of join; `CROSS JOIN` is an inner join without condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum JoinKind {
    Inner,
    Left,
    Right,
    Full,
}

/// `TABLESAMPLE method (args) REPEATABLE (seed)`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sample {
    /// The sampling method.
    pub method: Name,
    /// Its arguments.
    pub args: Vec<Expr>,
    /// The seed.
    pub repeatable: Option<Expr>,
}

/// `XMLTABLE(..)` in `FROM`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct XmlTable {
    /// `LATERAL`.
    pub lateral: bool,
    /// `XMLNAMESPACES(uri AS name)`; no name for `DEFAULT`.
    pub namespaces: Vec<(Option<Ident>, Expr)>,
    /// The row expression.
    pub row: Expr,
    /// `PASSING` document.
    pub document: Expr,
    /// `COLUMNS`.
    pub columns: Vec<XmlTableColumn>,
    /// `AS a (b, c)`.
    pub alias: Option<Alias>,
}

/// A column of `XMLTABLE`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct XmlTableColumn {
    /// Its name.
    pub name: Ident,
    /// Its type; none for `FOR ORDINALITY`.
    pub ty: Option<TypeName>,
    /// `NOT NULL`.
    pub not_null: bool,
    /// `PATH`.
    pub path: Option<Expr>,
    /// `DEFAULT`.
    pub default: Option<Expr>,
}
