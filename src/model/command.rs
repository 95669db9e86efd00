//! The commands that rules and SQL-standard function bodies hold: queries and those that
//! change data.

use super::{Expr, FromItem, Ident, Name, Query, Target, With};

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
