//! `UNION`, `INTERSECT`, `EXCEPT` (`transformSetOperationStmt`, `src/backend/parser/analyze.c`).
//!
//! Types are unified, but only literals are given the common type: casts of other
//! columns are not stored in the branches. Sort keys can only be output columns, and
//! become their numbers.

use super::query::{Literals, only_column};
use super::{Analyzer, ScopeColumn, Type, Typed};
use crate::model::{Expr, Ident, Literal, Query, QueryBody, SetOperator, SortKey};

/// The steps from a set operation down its left side, outermost first.
type Spine<'q> = Vec<(SetOperator, bool, &'q Query)>;

impl Analyzer<'_> {
    /// A query whose body is a set operation.
    pub(super) fn set_operation(
        &mut self,
        query: &Query,
        recursive: Option<&Ident>,
    ) -> (Query, Vec<ScopeColumn>) {
        let (body, columns) = self.set_tree(query, recursive);
        let mut order_by: Vec<SortKey> = Vec::new();
        for key in &query.order_by {
            let expr = self.numbered(&key.expr, &columns);
            let sorted = order_by.iter().any(|other| other.expr == expr);
            if !sorted {
                let key = self.plain_sort_key(key);
                order_by.push(SortKey { expr, ..key });
            }
        }
        if !query.locking.is_empty() {
            self.give_up("locking of a set operation");
        }
        (Query { order_by, locking: query.locking.clone(), ..Query::of(body) }, columns)
    }

    /// The number of the output column that a sort key names.
    fn numbered(&mut self, key: &Expr, columns: &[ScopeColumn]) -> Expr {
        let name = match key {
            Expr::Column(column) if !column.star => match column.parts.as_slice() {
                [name] => Some(name),
                _qualified => None,
            },
            _other => None,
        };
        let at = name.and_then(|name| columns.iter().position(|column| column.name == *name));
        match at.and_then(|at| i32::try_from(at + 1).ok()) {
            Some(number) => Expr::Literal(Literal::Integer(number)),
            None => {
                if !matches!(key, Expr::Literal(Literal::Integer(_))) {
                    self.give_up("a sort key of a set operation that is no output column");
                }
                key.clone()
            }
        }
    }

    /// The tree below a set operation. The left side is walked in a loop: generated text
    /// nests it thousands deep.
    fn set_tree(
        &mut self,
        query: &Query,
        recursive: Option<&Ident>,
    ) -> (QueryBody, Vec<ScopeColumn>) {
        let mut spine: Spine<'_> = Vec::new();
        let mut current = query;
        while let QueryBody::SetOperation { operator, all, left, right } = &*current.body {
            if !spine.is_empty() && !is_bare(current) {
                break;
            }
            spine.push((*operator, *all, right));
            current = left;
        }
        let (mut left, mut columns) = self.branch(current);
        while let Some((operator, all, right)) = spine.pop() {
            // Only the outermost operation of a recursive table has the recursive term.
            if let Some(name) = recursive.filter(|_| spine.is_empty()) {
                self.recursive_columns(name, &columns);
            }
            let (mut right, others) = self.branch(right);
            columns = self.unify(&mut left, columns, &mut right, others);
            left = Query::of(QueryBody::SetOperation { operator, all, left, right });
        }
        (*left.body, columns)
    }

    /// One side: a query of its own, or a set operation of this same tree.
    fn branch(&mut self, query: &Query) -> (Query, Vec<ScopeColumn>) {
        match &*query.body {
            QueryBody::SetOperation { .. } if is_bare(query) => {
                let (body, columns) = self.set_tree(query, None);
                (Query::of(body), columns)
            }
            QueryBody::SetOperation { .. } | QueryBody::Select(_) | QueryBody::Values(_) => {
                self.nested(query, Literals::Open)
            }
        }
    }

    /// The common types of two sides (`transformSetOperationTree`).
    fn unify(
        &mut self,
        left: &mut Query,
        columns: Vec<ScopeColumn>,
        right: &mut Query,
        others: Vec<ScopeColumn>,
    ) -> Vec<ScopeColumn> {
        if columns.len() != others.len() {
            self.give_up("the branches of a set operation are not known to have the same columns");
            return columns
                .into_iter()
                .map(|column| ScopeColumn { ty: Type::Undecided, ..column })
                .collect();
        }
        let mut result = Vec::new();
        for (number, (column, other)) in columns.into_iter().zip(others).enumerate() {
            let left_value = literal_or_null(left, number, &column);
            let right_value = literal_or_null(right, number, &other);
            let (exprs, ty) = self.common_type(vec![left_value, right_value]);
            for ((query, side), expr) in
                [(&mut *left, &column), (&mut *right, &other)].into_iter().zip(exprs)
            {
                if side.ty == Type::Literal {
                    set_target(query, number, expr);
                }
            }
            result.push(ScopeColumn { name: column.name, ty, expr: None });
        }
        result
    }

    /// `ARRAY(SELECT ..)` and scalar subqueries: the type of the only column.
    pub(super) fn column_of(&mut self, columns: &[ScopeColumn]) -> Type {
        let ty = only_column(columns);
        if columns.len() != 1 {
            self.give_up("a subquery that is not known to have one column");
        }
        ty
    }
}

/// The value of an output column for the choice of a common type.
fn literal_or_null(query: &Query, number: usize, column: &ScopeColumn) -> Typed {
    let literal = match &*query.body {
        QueryBody::Select(select) => select.targets.get(number).map(|target| target.expr.clone()),
        QueryBody::Values(_) | QueryBody::SetOperation { .. } => None,
    };
    let expr = literal.unwrap_or(Expr::Literal(Literal::Null));
    Typed { expr, ty: column.ty.clone() }
}

fn set_target(query: &mut Query, number: usize, expr: Expr) {
    if let QueryBody::Select(select) = &mut *query.body
        && let Some(target) = select.targets.get_mut(number)
    {
        target.expr = expr;
    }
}

/// True for a set operation without anything around it, which is no query of its own.
fn is_bare(query: &Query) -> bool {
    query.with.is_none()
        && query.order_by.is_empty()
        && query.limit.is_none()
        && query.offset.is_none()
        && query.locking.is_empty()
}
