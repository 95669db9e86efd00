//! Queries and the data-modifying statements that rules and SQL-standard
//! function bodies hold.

use super::{Expr, Ident, Name, SearchPath, TypeName};

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

/// A query or a data-modifying statement: what a rule, a CTE or an SQL-standard body holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Command {
    /// `SELECT`, `VALUES`.
    Query(Query),
    /// `INSERT`.
    Insert(Box<Insert>),
    /// `UPDATE`.
    Update(Box<Update>),
    /// `DELETE`.
    Delete(Box<Delete>),
    /// `MERGE`.
    Merge(Box<Merge>),
    /// `NOTIFY channel, 'payload'`.
    Notify {
        /// The channel.
        channel: Ident,
        /// The payload.
        payload: Option<Box<str>>,
    },
    /// `RETURN x` in an SQL-standard body.
    Return(Expr),
    /// Any other statement, as the text that the parser's own printer makes of it.
    Opaque(Box<str>),
}

/// The relation that a command changes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommandTarget {
    /// The relation.
    pub relation: Name,
    /// `ONLY`.
    pub only: bool,
    /// `AS a`.
    pub alias: Option<Ident>,
}

/// `RETURNING [WITH (OLD AS o, NEW AS n)] ..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Returning {
    /// `OLD AS o`.
    pub old_alias: Option<Ident>,
    /// `NEW AS n`.
    pub new_alias: Option<Ident>,
    /// The list; empty when there is no `RETURNING`.
    pub targets: Vec<Target>,
}

/// `INSERT INTO ..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Insert {
    /// `WITH`.
    pub with: Option<With>,
    /// Into what.
    pub target: CommandTarget,
    /// The columns, each with what follows its name (`a.b[1]`).
    pub columns: Vec<(Ident, Vec<super::Access>)>,
    /// `OVERRIDING USER VALUE` (`Some(false)`), `OVERRIDING SYSTEM VALUE` (`Some(true)`).
    pub overriding_system: Option<bool>,
    /// The rows; `None` for `DEFAULT VALUES`.
    pub source: Option<Query>,
    /// `ON CONFLICT`.
    pub on_conflict: Option<OnConflict>,
    /// `RETURNING`.
    pub returning: Returning,
}

/// `ON CONFLICT target DO ..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OnConflict {
    /// `ON CONSTRAINT name`.
    pub constraint: Option<Ident>,
    /// `(a, lower(b) COLLATE c opclass)`.
    pub elements: Vec<ConflictElement>,
    /// `WHERE` of the target.
    pub target_filter: Option<Expr>,
    /// `DO UPDATE SET ..`; `None` for `DO NOTHING`.
    pub set: Option<Vec<Assignment>>,
    /// `WHERE` of the update.
    pub filter: Option<Expr>,
}

/// An element of an `ON CONFLICT` target.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConflictElement {
    /// The column or expression.
    pub expr: Expr,
    /// `COLLATE`.
    pub collation: Option<Name>,
    /// The operator class.
    pub opclass: Option<Name>,
}

/// `column = value`; several columns share one source through [`Expr::MultiAssign`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Assignment {
    /// The column.
    pub column: Ident,
    /// What follows its name (`a.b[1]`).
    pub access: Vec<super::Access>,
    /// The value.
    pub value: Expr,
}

/// `UPDATE ..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Update {
    /// `WITH`.
    pub with: Option<With>,
    /// What is updated.
    pub target: CommandTarget,
    /// `SET`.
    pub set: Vec<Assignment>,
    /// `FROM`.
    pub from: Vec<FromItem>,
    /// `WHERE`.
    pub filter: Option<Expr>,
    /// `RETURNING`.
    pub returning: Returning,
}

/// `DELETE FROM ..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Delete {
    /// `WITH`.
    pub with: Option<With>,
    /// From what.
    pub target: CommandTarget,
    /// `USING`.
    pub using: Vec<FromItem>,
    /// `WHERE`.
    pub filter: Option<Expr>,
    /// `RETURNING`.
    pub returning: Returning,
}

/// `MERGE INTO ..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Merge {
    /// `WITH`.
    pub with: Option<With>,
    /// Into what.
    pub target: CommandTarget,
    /// `USING`.
    pub source: FromItem,
    /// `ON`.
    pub on: Expr,
    /// `WHEN ..`.
    pub branches: Vec<MergeBranch>,
    /// `RETURNING`.
    pub returning: Returning,
}

/// `WHEN [NOT] MATCHED [BY SOURCE] [AND ..] THEN ..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MergeBranch {
    /// When it applies.
    pub matched: MergeMatch,
    /// `AND condition`.
    pub condition: Option<Expr>,
    /// What to do.
    pub action: MergeAction,
}

/// When a branch of `MERGE` applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum MergeMatch {
    Matched,
    NotMatchedBySource,
    NotMatchedByTarget,
}

/// What a branch of `MERGE` does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MergeAction {
    /// `DO NOTHING`.
    Nothing,
    /// `DELETE`.
    Delete,
    /// `UPDATE SET ..`.
    Update(Vec<Assignment>),
    /// `INSERT (..) OVERRIDING .. VALUES (..)`; no values for `DEFAULT VALUES`.
    Insert {
        /// The columns.
        columns: Vec<(Ident, Vec<super::Access>)>,
        /// As in [`Insert::overriding_system`].
        overriding_system: Option<bool>,
        /// The row.
        values: Vec<Expr>,
    },
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
