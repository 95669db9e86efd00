//! Queries: `SELECT`, `VALUES` and set operations (`src/backend/parser/analyze.c`).
//!
//! In goes a query as written, out comes the same with every column resolved, together
//! with its output columns. Names that nobody outside can see are gone: items of `FROM`
//! are called `t<level>_<number>`, the columns of subqueries and functions `c<number>`,
//! common tables `w<level>_<number>`. The level is that of nesting, so that a subquery
//! which is written twice (in the select list and in `GROUP BY`) is the same both times.

use std::sync::Arc;

use super::range::open_column;
use super::target::Output;
use super::{Analyzer, Scope, ScopeColumn, Ty, Type, Typed};
use crate::catalog::TypeId;
use crate::model::{
    Alias, ColumnRef, Distinct, Expr, FromItem, Ident, Literal, NormalRule, Query, QueryBody,
    Select, Target, Window,
};

/// What the analysis of queries keeps for each level of nesting.
#[derive(Clone, Debug, Default)]
pub(crate) struct Levels(Vec<Level>);

#[derive(Clone, Debug, Default)]
struct Level {
    /// How many items of `FROM` have a name already.
    items: usize,
    /// How many common tables have one.
    tables: usize,
    /// What `WITH` defines here.
    common: Vec<super::with::Common>,
    /// What `WINDOW` defines here, as written.
    windows: Vec<(Ident, Window)>,
}

/// Whether literals that nothing says the type of become text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Literals {
    /// They do (`resolveTargetListUnknowns`).
    Text,
    /// Not yet: a set operation or `INSERT` has a say.
    Open,
}

impl Analyzer<'_> {
    /// A query that stands on its own: its output columns keep their names.
    pub fn query(&mut self, query: &Query) -> (Query, Vec<ScopeColumn>) {
        let (mut query, columns) = self.nested(query, Literals::Text);
        let names: Vec<Ident> = columns.iter().map(|column| column.name.clone()).collect();
        rename_outputs(&mut query, &names);
        (query, columns)
    }

    /// A query one level down, its output columns without names.
    pub(super) fn nested(
        &mut self,
        query: &Query,
        literals: Literals,
    ) -> (Query, Vec<ScopeColumn>) {
        self.enter();
        let result = self.at_this_level(query, literals, None);
        self.leave();
        result
    }

    /// A query at the level that was entered; `recursive` is the common table that it defines.
    pub(super) fn at_this_level(
        &mut self,
        query: &Query,
        literals: Literals,
        recursive: Option<&Ident>,
    ) -> (Query, Vec<ScopeColumn>) {
        let with = query.with.as_ref().map(|with| self.with(with));
        let (mut result, outputs) = match &*query.body {
            QueryBody::Select(select) => self.select_query(query, select, literals),
            QueryBody::Values(rows) => self.values(query, rows),
            QueryBody::SetOperation { .. } => self.set_operation(query, recursive),
        };
        result.with = with;
        result.limit = query.limit.as_ref().map(|limit| self.row_count(limit));
        result.offset = query.offset.as_ref().map(|offset| self.row_count(offset));
        result.with_ties = query.with_ties;
        drop_unseen_names(&mut result);
        (result, outputs)
    }

    /// `transformSelectStmt`.
    fn select_query(
        &mut self,
        query: &Query,
        select: &Select,
        literals: Literals,
    ) -> (Query, Vec<ScopeColumn>) {
        let from = self.from_list(&select.from);
        self.define_windows(&select.windows);
        let mut outputs = self.targets(&select.targets);
        let filter = select.filter.as_ref().map(|filter| self.condition(filter));
        let having = select.having.as_ref().map(|having| self.condition(having));
        let order_by = self.order_by(&query.order_by, &outputs);
        let group_by = self.group_by(&select.group_by, &outputs);
        let distinct = match &select.distinct {
            Distinct::No => Distinct::No,
            Distinct::Yes => Distinct::Yes,
            Distinct::On(keys) => Distinct::On(self.distinct_on(keys, &outputs, &order_by)),
        };
        let locking = self.locking(&query.locking, &from);
        let keyed = self.keyed_outputs(query, select, &outputs);
        let finish = |(at, output): (usize, Output)| {
            let is_text = literals == Literals::Text || keyed.contains(&at);
            if is_text { self.finish_output(output) } else { output }
        };
        outputs = outputs.into_iter().enumerate().map(finish).collect();
        let columns = outputs.iter().map(Output::column).collect();
        let body = QueryBody::Select(Select {
            distinct,
            targets: outputs.into_iter().map(Output::into_target).collect(),
            from,
            filter,
            group_by,
            group_distinct: select.group_distinct,
            having,
            // Each use of a window holds its whole definition.
            windows: Vec::new(),
        });
        (Query { order_by, locking, ..Query::of(body) }, columns)
    }

    /// `VALUES` is stored as a `SELECT` from a range table entry of its own
    /// (`transformValuesClause`), and printed so when its columns have other names.
    fn values(&mut self, query: &Query, rows: &[Vec<Expr>]) -> (Query, Vec<ScopeColumn>) {
        let (rows, mut columns) = self.value_rows(rows);
        let name = self.next_item();
        let visible: Vec<Ident> = columns.iter().map(|column| column.name.clone()).collect();
        for (number, column) in columns.iter_mut().enumerate() {
            column.expr = Some(position(&name, number));
        }
        let outputs: Vec<Output> = columns.iter().map(Output::of_column).collect();
        self.show(super::ScopeItem {
            name: Some(Ident::new("*VALUES*")),
            namespace: None,
            normal_name: Some(name.clone()),
            columns: Arc::new(columns.clone()),
            row_type: None,
            columns_visible: true,
            name_visible: true,
        });
        let order_by = self.order_by(&query.order_by, &outputs);
        let from = vec![FromItem::Subquery {
            query: Query::of(QueryBody::Values(rows)),
            lateral: false,
            alias: Some(Alias { name, columns: visible }),
        }];
        let locking = self.locking(&query.locking, &from);
        let columns = outputs.iter().map(Output::column).collect();
        let body = QueryBody::Select(Select {
            distinct: Distinct::No,
            targets: outputs.into_iter().map(Output::into_target).collect(),
            from,
            filter: None,
            group_by: Vec::new(),
            group_distinct: false,
            having: None,
            windows: Vec::new(),
        });
        (Query { order_by, locking, ..Query::of(body) }, columns)
    }

    /// The rows of `VALUES`, each column in its common type.
    pub(super) fn value_rows(&mut self, rows: &[Vec<Expr>]) -> (Vec<Vec<Expr>>, Vec<ScopeColumn>) {
        self.enter();
        let rows: Vec<Vec<Typed>> = rows.iter().map(|row| self.expression_list(row)).collect();
        self.leave();
        let width = rows.first().map_or(0, Vec::len);
        let mut result: Vec<Vec<Expr>> = vec![Vec::new(); rows.len()];
        let mut columns = Vec::new();
        if rows.iter().any(|row| row.len() != width) {
            self.give_up("rows of VALUES that are not equally long");
            let exprs =
                rows.into_iter().map(|row| row.into_iter().map(|value| value.expr).collect());
            return (exprs.collect(), vec![open_column()]);
        }
        let mut rows: Vec<_> = rows.into_iter().map(Vec::into_iter).collect();
        for number in 1..=width {
            let column: Vec<Typed> = rows.iter_mut().filter_map(Iterator::next).collect();
            let (exprs, ty) = self.common_type(column);
            for (row, expr) in result.iter_mut().zip(exprs) {
                row.push(expr);
            }
            columns.push(ScopeColumn {
                name: Ident::new(format!("column{number}")),
                ty,
                expr: None,
            });
        }
        (result, columns)
    }

    /// `LIMIT` and `OFFSET` (`transformLimitClause`).
    fn row_count(&mut self, expr: &Expr) -> Expr {
        if *expr == Expr::Literal(Literal::Null) {
            return expr.clone();
        }
        let typed = self.expr(expr);
        self.coerce_assignment(typed, &Ty::plain(TypeId::INT8))
    }

    fn finish_output(&mut self, output: Output) -> Output {
        Output { value: self.finish_literal(output.value), ..output }
    }

    /// Goes one level of nesting down.
    pub(super) fn enter(&mut self) {
        self.levels.0.push(Level::default());
        self.scopes.push(Scope::default());
    }

    /// And up again.
    pub(super) fn leave(&mut self) {
        self.levels.0.pop();
        self.scopes.pop();
    }

    /// The normal name for the next item of `FROM`.
    pub(super) fn next_item(&mut self) -> Ident {
        self.apply(NormalRule::Alias);
        let depth = self.levels.0.len();
        let number = self.levels.0.last_mut().map_or(0, |level| {
            level.items += 1;
            level.items
        });
        Ident::new(format!("t{depth}_{number}"))
    }

    /// The normal name for the next common table.
    pub(super) fn next_common(&mut self) -> Ident {
        let depth = self.levels.0.len();
        let number = self.levels.0.last_mut().map_or(0, |level| {
            level.tables += 1;
            level.tables
        });
        Ident::new(format!("w{depth}_{number}"))
    }

    /// What `WITH` has defined so far at this level.
    pub(super) fn commons(&mut self) -> Option<&mut Vec<super::with::Common>> {
        self.levels.0.last_mut().map(|level| &mut level.common)
    }

    /// The common table of that name, of the innermost level that has one.
    pub(super) fn common_table_named(&self, name: &Ident) -> Option<&super::with::Common> {
        let levels = self.levels.0.iter().rev();
        levels.flat_map(|level| &level.common).find(|common| common.name == *name)
    }

    /// [`Self::common_table_named`], to complete it.
    pub(super) fn common_table_mut(&mut self, name: &Ident) -> Option<&mut super::with::Common> {
        let levels = self.levels.0.iter_mut().rev();
        levels.flat_map(|level| &mut level.common).find(|common| common.name == *name)
    }

    fn define_windows(&mut self, windows: &[(Ident, Window)]) {
        if let Some(level) = self.levels.0.last_mut() {
            level.windows = windows.to_vec();
        }
    }

    /// A window with what it takes from the one it names (`transformWindowFuncCall`,
    /// `transformWindowDefinitions`), so that `OVER w` is the same as `w` written out.
    pub(super) fn written_out(&self, window: &Window) -> Window {
        let mut result = window.clone();
        // A window can only be based on one that is defined before it.
        let mut budget = self.levels.0.last().map_or(0, |level| level.windows.len());
        while let Some(base) = result.base.clone() {
            let defined = self.levels.0.last().and_then(|level| {
                level.windows.iter().take(budget).rposition(|(name, _)| *name == base)
            });
            let found = defined.and_then(|at| self.levels.0.last()?.windows.get(at));
            let (Some(at), Some((_, found))) = (defined, found) else { return window.clone() };
            self.apply(NormalRule::Window);
            budget = at;
            result.base.clone_from(&found.base);
            result.partition_by.clone_from(&found.partition_by);
            if result.order_by.is_empty() {
                result.order_by.clone_from(&found.order_by);
            }
            if result.by_name {
                result.frame.clone_from(&found.frame);
            }
            result.by_name = false;
        }
        result
    }

    /// Makes an item visible at this level.
    pub(super) fn show(&mut self, item: super::ScopeItem) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.items.push(item);
        }
    }
}

/// `item.c<number + 1>`.
pub(super) fn position(item: &Ident, number: usize) -> Expr {
    let parts = vec![item.clone(), Ident::new(format!("c{}", number + 1))];
    Expr::Column(ColumnRef { parts, star: false })
}

/// Gives the output columns of a query these names; of set operations, those of the
/// leftmost query.
pub fn rename_outputs(query: &mut Query, names: &[Ident]) {
    let mut body = &mut *query.body;
    while let QueryBody::SetOperation { left, .. } = body {
        body = &mut *left.body;
    }
    if let QueryBody::Select(select) = body {
        for (target, name) in select.targets.iter_mut().zip(names) {
            name_target(target, name);
        }
    }
}

/// A star that could not be expanded has no name.
fn name_target(target: &mut Target, name: &Ident) {
    let star =
        matches!(&target.expr, Expr::Column(column) if column.star && column.parts.is_empty());
    target.alias = (!star && !name.is_empty()).then(|| name.clone());
}

/// The names of the columns of a row that has no named type are seen through `to_jsonb(t)`
/// and the like only; where no row is taken, they are dropped.
fn drop_unseen_names(query: &mut Query) {
    let QueryBody::Select(select) = &*query.body else { return };
    if !select.from.iter().any(super::range::has_names) {
        return;
    }
    let seen = super::range::whole_rows(|visitor| crate::model::walk_query(query, visitor));
    if let QueryBody::Select(select) = &mut *query.body {
        select.from.iter_mut().for_each(|item| super::range::drop_names(item, &seen));
    }
}

/// The type of the one column of a subquery.
pub(super) fn only_column(columns: &[ScopeColumn]) -> Type {
    match columns {
        [only] => only.ty.clone(),
        _several => Type::Undecided,
    }
}
