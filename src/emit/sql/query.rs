//! Writes queries, one clause a line.
//!
//! A part of a set operation gets parentheses when it has an `ORDER BY`, a `LIMIT`
//! or the like of its own, or when it nests against the grammar's order.

use super::SqlWriter;
use super::precedence::Level;
use crate::model::{
    CommonTable, Cycle, Distinct, Expr, Grouping, Literal, LockStrength, LockWait, Locking, Query,
    QueryBody, Search, Select, SetOperator, Target, With,
};

impl SqlWriter {
    /// A query.
    pub fn query(&mut self, query: &Query) {
        let Query { with, body, order_by, limit, with_ties, offset, locking } = query;
        if let Some(with) = with {
            self.with(with);
        }
        self.body(body);
        if !order_by.is_empty() {
            self.clause("ORDER BY ");
            self.sort_keys(order_by);
        }
        if let Some(offset) = offset {
            self.clause("OFFSET ");
            self.operand(offset, Level::Or);
        }
        if let Some(limit) = limit {
            self.limit(limit, *with_ties);
        }
        for lock in locking {
            self.locking(lock);
        }
    }

    /// Starts a clause on a line of its own.
    pub(super) fn clause(&mut self, word: &'static str) {
        self.break_line();
        self.push(word);
    }

    /// What `FETCH FIRST` takes has to be in parentheses unless it is simple.
    fn limit(&mut self, limit: &Expr, with_ties: bool) {
        if with_ties {
            self.clause("FETCH FIRST ");
            self.primary(limit);
            self.push(" ROWS WITH TIES");
            return;
        }
        self.clause("LIMIT ");
        if let Expr::Literal(Literal::Null) = limit {
            self.push("ALL");
        } else {
            self.operand(limit, Level::Or);
        }
    }

    fn body(&mut self, body: &QueryBody) {
        match body {
            QueryBody::Select(select) => self.select(select),
            QueryBody::Values(rows) => {
                self.push("VALUES");
                self.items(rows, |writer, row| {
                    writer.push("(");
                    writer.exprs(row);
                    writer.push(")");
                });
            }
            QueryBody::SetOperation { .. } => self.set_operation(body),
        }
    }

    /// Set operations nest to the left, thousands deep in generated text, so that
    /// side is walked in a loop.
    fn set_operation(&mut self, body: &QueryBody) {
        let mut spine = Vec::new();
        let mut innermost = body;
        while let QueryBody::SetOperation { operator, all, left, right } = innermost {
            spine.push((*operator, *all, right));
            innermost = &left.body;
            if !continues(left, *operator) {
                self.part(left, is_loose_left(left, *operator));
                break;
            }
        }
        while let Some((operator, all, right)) = spine.pop() {
            self.clause(match operator {
                SetOperator::Union => "UNION",
                SetOperator::Intersect => "INTERSECT",
                SetOperator::Except => "EXCEPT",
            });
            self.push(if all { " ALL" } else { "" });
            self.break_line();
            self.part(right, is_loose_right(right, operator));
        }
    }

    fn part(&mut self, query: &Query, parentheses: bool) {
        if parentheses {
            self.block(|writer| writer.query(query));
        } else {
            self.query(query);
        }
    }

    fn select(&mut self, select: &Select) {
        let Select { distinct, targets, from, filter, group_by, group_distinct, having, windows } =
            select;
        self.push("SELECT");
        match distinct {
            Distinct::No => {}
            Distinct::Yes => self.push(" DISTINCT"),
            Distinct::On(exprs) => {
                self.push(" DISTINCT ON (");
                self.exprs(exprs);
                self.push(")");
            }
        }
        self.targets(targets);
        if !from.is_empty() {
            self.clause("FROM ");
            self.items_of_from(from);
        }
        self.filter_clause("WHERE ", filter.as_ref());
        if !group_by.is_empty() {
            self.clause(if *group_distinct { "GROUP BY DISTINCT " } else { "GROUP BY " });
            self.list(group_by, Self::grouping);
        }
        self.filter_clause("HAVING ", having.as_ref());
        if !windows.is_empty() {
            self.clause("WINDOW ");
            self.list(windows, |writer, (name, window)| {
                writer.ident(name);
                writer.push(" AS ");
                writer.window(window);
            });
        }
    }

    /// Items after a keyword: behind it, or, when there are several, each on a line
    /// of its own.
    pub(super) fn items<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        let lines = self.style.lines && items.len() > 1;
        self.indented(|writer| {
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    writer.push(",");
                }
                if lines {
                    writer.new_line();
                } else {
                    writer.push(" ");
                }
                write(writer, item);
            }
        });
    }

    /// A select list or a `RETURNING` list.
    pub(super) fn targets(&mut self, targets: &[Target]) {
        self.items(targets, |writer, target| {
            let Target { expr, alias } = target;
            writer.operand(expr, Level::Or);
            if let Some(alias) = alias {
                writer.sql(" AS ").ident(alias);
            }
        });
    }

    /// `WHERE` or `HAVING`, the operands of an `AND` each on a line of its own.
    pub(super) fn filter_clause(&mut self, word: &'static str, filter: Option<&Expr>) {
        let Some(filter) = filter else { return };
        self.clause(word);
        if let Expr::And(operands) = filter
            && operands.len() > 1
            && self.style.lines
        {
            self.indented(|writer| {
                for (index, operand) in operands.iter().enumerate() {
                    if index > 0 {
                        writer.clause("AND ");
                    }
                    writer.operand(operand, Level::Not);
                }
            });
        } else if let Expr::CurrentOf(_) = filter {
            self.expr(filter);
        } else {
            self.operand(filter, Level::Or);
        }
    }

    fn grouping(&mut self, grouping: &Grouping) {
        let (open, items) = match grouping {
            Grouping::Expr(expr) => return self.operand(expr, Level::Or),
            Grouping::Empty => return self.push("()"),
            Grouping::List(items) => ("(", items),
            Grouping::Rollup(items) => ("ROLLUP (", items),
            Grouping::Cube(items) => ("CUBE (", items),
            Grouping::Sets(items) => ("GROUPING SETS (", items),
        };
        self.push(open);
        self.list(items, Self::grouping);
        self.push(")");
    }

    fn locking(&mut self, locking: &Locking) {
        let Locking { strength, of, wait } = locking;
        self.clause(match strength {
            LockStrength::KeyShare => "FOR KEY SHARE",
            LockStrength::Share => "FOR SHARE",
            LockStrength::NoKeyUpdate => "FOR NO KEY UPDATE",
            LockStrength::Update => "FOR UPDATE",
        });
        if !of.is_empty() {
            self.push(" OF ");
            self.list(of, Self::name);
        }
        self.push(match wait {
            LockWait::Wait => "",
            LockWait::SkipLocked => " SKIP LOCKED",
            LockWait::NoWait => " NOWAIT",
        });
    }

    /// `WITH ..`, up to the line break after it.
    pub(super) fn with(&mut self, with: &With) {
        let With { recursive, queries } = with;
        self.push(if *recursive { "WITH RECURSIVE " } else { "WITH " });
        for (index, query) in queries.iter().enumerate() {
            if index > 0 {
                self.push(",");
                self.break_line();
            }
            self.common_table(query);
        }
        self.break_line();
    }

    fn common_table(&mut self, table: &CommonTable) {
        let CommonTable { name, columns, materialized, command, search, cycle } = table;
        self.ident_among_keywords(name);
        if !columns.is_empty() {
            self.push(" (");
            self.idents(columns);
            self.push(")");
        }
        self.push(match materialized {
            None => " AS ",
            Some(true) => " AS MATERIALIZED ",
            Some(false) => " AS NOT MATERIALIZED ",
        });
        self.block(|writer| writer.command(command));
        if let Some(search) = search {
            self.search(search);
        }
        if let Some(cycle) = cycle {
            self.cycle(cycle);
        }
    }

    fn search(&mut self, search: &Search) {
        let Search { breadth, by, set } = search;
        self.push(if *breadth { " SEARCH BREADTH FIRST BY " } else { " SEARCH DEPTH FIRST BY " });
        self.idents(by);
        self.sql(" SET ").ident(set);
    }

    fn cycle(&mut self, cycle: &Cycle) {
        let Cycle { columns, mark, value, default, path } = cycle;
        self.push(" CYCLE ");
        self.idents(columns);
        self.sql(" SET ").ident(mark);
        self.push(" TO ");
        self.bare_constant(value);
        self.push(" DEFAULT ");
        self.bare_constant(default);
        self.sql(" USING ").ident(path);
    }
}

fn set_operator(query: &Query) -> Option<SetOperator> {
    match query.body.as_ref() {
        QueryBody::SetOperation { operator, .. } => Some(*operator),
        QueryBody::Select(_) | QueryBody::Values(_) => None,
    }
}

/// `INTERSECT` binds tighter than the two others.
fn binds_tighter(inner: SetOperator, outer: SetOperator) -> bool {
    inner == SetOperator::Intersect && outer != SetOperator::Intersect
}

/// True when it has something around its body, which as a part of a set operation
/// would be read as that of the whole.
fn is_surrounded(query: &Query) -> bool {
    let Query { with, body: _, order_by, limit, with_ties, offset, locking } = query;
    with.is_some()
        || !order_by.is_empty()
        || limit.is_some()
        || *with_ties
        || offset.is_some()
        || !locking.is_empty()
}

/// True when, on the left of the operator, it needs parentheses.
fn is_loose_left(left: &Query, operator: SetOperator) -> bool {
    is_surrounded(left) || set_operator(left).is_some_and(|inner| binds_tighter(operator, inner))
}

/// True when, on the right of the operator, it needs parentheses.
fn is_loose_right(right: &Query, operator: SetOperator) -> bool {
    is_surrounded(right) || set_operator(right).is_some_and(|inner| !binds_tighter(inner, operator))
}

/// True when it is a set operation that can be written on the left without parentheses.
fn continues(left: &Query, operator: SetOperator) -> bool {
    set_operator(left).is_some() && !is_loose_left(left, operator)
}
