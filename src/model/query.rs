//! Queries; what stands in their `FROM` is in `from`, what changes data in `command`.

use super::{Command, Expr, FromItem, Ident, Name, SearchPath};

/// A query or command with the `search_path` its names are to be read under.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scoped<T> {
    /// What is written.
    pub value: T,
    /// Where unqualified names are looked up; empty when all are resolved.
    pub path: SearchPath,
}

/// `SELECT`, `VALUES`, or a set operation, with what may surround each of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Query {
    /// `WITH`.
    pub with: Option<With>,
    /// The body.
    pub body: Box<QueryBody>,
    /// `ORDER BY`.
    pub order_by: Vec<SortKey>,
    /// `LIMIT`; `LIMIT ALL` and `LIMIT NULL` are the NULL literal.
    pub limit: Option<Expr>,
    /// `FETCH FIRST .. WITH TIES`.
    pub with_ties: bool,
    /// `OFFSET`.
    pub offset: Option<Expr>,
    /// `FOR UPDATE` and its like.
    pub locking: Vec<Locking>,
}

/// The body of a query.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QueryBody {
    /// `SELECT ..`.
    Select(Select),
    /// `VALUES (..), (..)`.
    Values(Vec<Vec<Expr>>),
    /// `left UNION right`.
    SetOperation {
        /// Which operation.
        operator: SetOperator,
        /// `ALL`.
        all: bool,
        /// The left query.
        left: Query,
        /// The right query.
        right: Query,
    },
}

/// `UNION`, `INTERSECT`, `EXCEPT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum SetOperator {
    Union,
    Intersect,
    Except,
}

/// `SELECT ..` without what follows `HAVING` and `WINDOW`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Select {
    /// `DISTINCT`, `DISTINCT ON (..)`.
    pub distinct: Distinct,
    /// The select list.
    pub targets: Vec<Target>,
    /// `FROM`.
    pub from: Vec<FromItem>,
    /// `WHERE`.
    pub filter: Option<Expr>,
    /// `GROUP BY`.
    pub group_by: Vec<Grouping>,
    /// `GROUP BY DISTINCT`.
    pub group_distinct: bool,
    /// `HAVING`.
    pub having: Option<Expr>,
    /// `WINDOW w AS (..)`.
    pub windows: Vec<(Ident, Window)>,
}

/// Whether duplicates are removed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Distinct {
    /// All rows.
    No,
    /// `DISTINCT`.
    Yes,
    /// `DISTINCT ON (..)`.
    On(Vec<Expr>),
}

/// One item of a select list or of `RETURNING`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target {
    /// The value.
    pub expr: Expr,
    /// `AS name`.
    pub alias: Option<Ident>,
}

/// An item of `GROUP BY`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grouping {
    /// An expression.
    Expr(Expr),
    /// `(a, b)`: grouped by each of them. `ROW(a, b)` is an expression.
    List(Vec<Grouping>),
    /// `()`.
    Empty,
    /// `ROLLUP (..)`.
    Rollup(Vec<Grouping>),
    /// `CUBE (..)`.
    Cube(Vec<Grouping>),
    /// `GROUPING SETS (..)`.
    Sets(Vec<Grouping>),
}

/// `ORDER BY x DESC NULLS LAST`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SortKey {
    /// The expression.
    pub expr: Expr,
    /// The direction.
    pub direction: SortDirection,
    /// `NULLS FIRST` (true), `NULLS LAST` (false), or not said.
    pub nulls_first: Option<bool>,
}

/// The direction of a sort key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SortDirection {
    /// Ascending, the default.
    Asc,
    /// Descending.
    Desc,
    /// `USING operator`.
    Using(Name),
}

/// A window: `OVER w` or `(PARTITION BY .. ORDER BY .. ROWS ..)`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Window {
    /// The window that is named by `OVER w`, or the one it is based on in `(w ORDER BY ..)`.
    pub base: Option<Ident>,
    /// True for `OVER w` without parentheses: the very window `w`.
    pub by_name: bool,
    /// `PARTITION BY`.
    pub partition_by: Vec<Expr>,
    /// `ORDER BY`.
    pub order_by: Vec<SortKey>,
    /// The frame, when one is written.
    pub frame: Option<Box<Frame>>,
}

/// A window frame.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Frame {
    /// `RANGE`, `ROWS`, `GROUPS`.
    pub unit: FrameUnit,
    /// Where it starts.
    pub start: FrameBound,
    /// Where it ends; `None` in the short form, which ends at the current row.
    pub end: Option<FrameBound>,
    /// `EXCLUDE ..`.
    pub exclude: FrameExclusion,
}

/// The unit of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum FrameUnit {
    Range,
    Rows,
    Groups,
}

/// Where a frame starts or ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum FrameBound {
    UnboundedPreceding,
    Preceding(Expr),
    CurrentRow,
    Following(Expr),
    UnboundedFollowing,
}

/// What a frame leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum FrameExclusion {
    NoOthers,
    CurrentRow,
    Group,
    Ties,
}

/// `FOR UPDATE OF a NOWAIT`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Locking {
    /// How strong.
    pub strength: LockStrength,
    /// Which relations; none for all.
    pub of: Vec<Name>,
    /// What to do with locked rows.
    pub wait: LockWait,
}

/// The strength of a row lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum LockStrength {
    KeyShare,
    Share,
    NoKeyUpdate,
    Update,
}

/// What to do with rows that are locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum LockWait {
    Wait,
    SkipLocked,
    NoWait,
}

/// `WITH [RECURSIVE] ..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct With {
    /// `RECURSIVE`.
    pub recursive: bool,
    /// The queries.
    pub queries: Vec<CommonTable>,
}

/// `name (columns) AS [NOT] MATERIALIZED (query)`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommonTable {
    /// Its name.
    pub name: Ident,
    /// Names for its columns.
    pub columns: Vec<Ident>,
    /// `MATERIALIZED` (true), `NOT MATERIALIZED` (false), or not said.
    pub materialized: Option<bool>,
    /// The query or command.
    pub command: Command,
    /// `SEARCH DEPTH | BREADTH FIRST BY .. SET ..`.
    pub search: Option<Search>,
    /// `CYCLE .. SET .. TO .. DEFAULT .. USING ..`.
    pub cycle: Option<Cycle>,
}

/// `SEARCH BREADTH FIRST BY a, b SET c`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Search {
    /// `BREADTH` when true.
    pub breadth: bool,
    /// The columns to order by.
    pub by: Vec<Ident>,
    /// The column to set.
    pub set: Ident,
}

/// `CYCLE a, b SET c TO x DEFAULT y USING p`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cycle {
    /// The columns to watch.
    pub columns: Vec<Ident>,
    /// The mark column.
    pub mark: Ident,
    /// Its value when a cycle is found.
    pub value: Expr,
    /// Its value otherwise.
    pub default: Expr,
    /// The path column.
    pub path: Ident,
}

impl Query {
    /// A query that has only a body.
    pub fn of(body: QueryBody) -> Self {
        Self {
            with: None,
            body: Box::new(body),
            order_by: Vec::new(),
            limit: None,
            with_ties: false,
            offset: None,
            locking: Vec::new(),
        }
    }
}
