//! Whether a condition about the catalogs holds in the schema under construction.
//!
//! `EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood')` is asked of the rows that the
//! catalogs would have ([`rows`](super::rows)). Surprising: there are four truths. What is
//! not known offline is unknown, other than NULL, and a query over rows of which one may or
//! may not match is unknown as well.

use std::collections::BTreeMap;

use super::rows;
use crate::model::{
    Expr, FromItem, JoinKind, Literal, Name, Query, QueryBody, Select, SqlValue, Subquery,
    SubqueryKind, TypeName,
};
use crate::parse::interpreter::Interpreter;

/// A value of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// Not known offline.
    Unknown,
    /// NULL.
    Null,
    /// A value as text; the OID of an object is its kind and full name (`r:public.t`).
    Text(String),
}

/// A row of a catalog by column.
pub(super) type Row = BTreeMap<&'static str, Cell>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Truth {
    True,
    False,
    Null,
    Unknown,
}

impl Truth {
    fn of(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }

    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Null | Self::Unknown => self,
        }
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Null, _) | (_, Self::Null) => Self::Null,
            (Self::True, Self::True) => Self::True,
        }
    }
}

/// Whether `IF expr` takes its branch; none when that is not known.
pub(super) fn holds(expr: &Expr, cx: &Interpreter<'_>) -> Option<bool> {
    match (Asking { cx, row: Vec::new() }).truth(expr) {
        Truth::True => Some(true),
        Truth::False | Truth::Null => Some(false),
        Truth::Unknown => None,
    }
}

/// What is asked, with the rows that the condition is asked of.
#[derive(Clone)]
struct Asking<'a, 'd> {
    cx: &'a Interpreter<'d>,
    /// By alias, outer ones first.
    row: Vec<(String, Row)>,
}

impl Asking<'_, '_> {
    fn truth(&self, expr: &Expr) -> Truth {
        match expr {
            Expr::And(all) => {
                all.iter().fold(Truth::True, |so_far, one| so_far.and(self.truth(one)))
            }
            Expr::Or(all) => all
                .iter()
                .fold(Truth::False, |so_far, one| so_far.not().and(self.truth(one).not()).not()),
            Expr::Not(one) => self.truth(one).not(),
            Expr::Subquery(subquery) => self.of_subquery(subquery),
            Expr::IsNull { arg, negated } => match self.cell(arg) {
                Cell::Unknown => Truth::Unknown,
                Cell::Null => Truth::of(!negated),
                Cell::Text(_) => Truth::of(*negated),
            },
            Expr::Operator(operation) => match &operation.left {
                Some(left) => compare(
                    operation.operator.name.as_str(),
                    &self.cell(left),
                    &self.cell(&operation.right),
                ),
                None => Truth::Unknown,
            },
            Expr::In(list) => {
                let arg = self.cell(&list.arg);
                let equal = list.items.iter().map(|item| compare("=", &arg, &self.cell(item)));
                let found =
                    equal.fold(Truth::False, |so_far, one| so_far.not().and(one.not()).not());
                if list.negated { found.not() } else { found }
            }
            _a_value => match self.cell(expr) {
                Cell::Text(text) if text == "t" => Truth::True,
                Cell::Text(text) if text == "f" => Truth::False,
                Cell::Null => Truth::Null,
                Cell::Text(_) | Cell::Unknown => Truth::Unknown,
            },
        }
    }

    fn of_subquery(&self, subquery: &Subquery) -> Truth {
        match &subquery.kind {
            SubqueryKind::Exists => match self.count(&subquery.query) {
                Count::AtLeastOne | Count::Exactly(1..) => Truth::True,
                Count::Exactly(0) => Truth::False,
                Count::Unknown => Truth::Unknown,
            },
            SubqueryKind::AnyAll { left, operator, all: false }
                if operator.as_ref().is_none_or(|operator| operator.name == *"=") =>
            {
                self.is_among(&self.cell(left), &subquery.query)
            }
            SubqueryKind::Scalar | SubqueryKind::Array | SubqueryKind::AnyAll { .. } => {
                Truth::Unknown
            }
        }
    }

    /// `left IN (SELECT ..)`.
    fn is_among(&self, left: &Cell, query: &Query) -> Truth {
        let Some(select) = plain(query) else { return Truth::Unknown };
        let [target] = select.targets.as_slice() else { return Truth::Unknown };
        let Some(rows) = self.rows(select) else { return Truth::Unknown };
        rows.iter().fold(Truth::False, |so_far, (row, matches)| {
            let one = matches.and(compare("=", left, &row.cell(&target.expr)));
            so_far.not().and(one.not()).not()
        })
    }

    fn count(&self, query: &Query) -> Count {
        let rows = plain(query).and_then(|select| self.rows(select));
        let Some(rows) = rows else { return Count::Unknown };
        let sure = rows.iter().filter(|(_, matches)| *matches == Truth::True).count();
        let open = rows.iter().any(|(_, matches)| *matches == Truth::Unknown);
        match (sure, open) {
            (sure, false) => Count::Exactly(sure),
            (1.., true) => Count::AtLeastOne,
            (0, true) => Count::Unknown,
        }
    }

    /// The rows of `FROM`, each with whether `WHERE` holds.
    fn rows(&self, select: &Select) -> Option<Vec<(Self, Truth)>> {
        let mut rows = vec![self.clone()];
        for item in &select.from {
            rows = rows.iter().map(|row| row.with(item)).collect::<Option<Vec<_>>>()?.concat();
        }
        let asked = |row: Self| {
            let matches = select.filter.as_ref().map_or(Truth::True, |filter| row.truth(filter));
            (row, matches)
        };
        let rows: Vec<_> = rows.into_iter().map(asked).collect();
        Some(
            rows.into_iter()
                .filter(|(_, matches)| matches!(matches, Truth::True | Truth::Unknown))
                .collect(),
        )
    }

    /// This row with each of the rows of an item of `FROM`.
    fn with(&self, item: &FromItem) -> Option<Vec<Self>> {
        match item {
            FromItem::Relation { name, only: _, alias, sample: None } => {
                if alias.as_ref().is_some_and(|alias| !alias.columns.is_empty()) {
                    return None;
                }
                let known = alias.as_ref().map_or(&name.name, |alias| &alias.name);
                let rows = rows::of(name, self.cx)?;
                let with = |row: Row| {
                    let mut with = self.clone();
                    with.row.push((known.as_str().to_owned(), row));
                    with
                };
                Some(rows.into_iter().map(with).collect())
            }
            FromItem::Join(join)
                if join.kind == JoinKind::Inner && !join.natural && join.using.is_empty() =>
            {
                let mut joined = Vec::new();
                for left in self.with(&join.left)? {
                    for both in left.with(&join.right)? {
                        match join.on.as_ref().map_or(Truth::True, |on| both.truth(on)) {
                            Truth::True => joined.push(both),
                            Truth::False | Truth::Null => {}
                            Truth::Unknown => return None,
                        }
                    }
                }
                Some(joined)
            }
            _another_item => None,
        }
    }

    fn cell(&self, expr: &Expr) -> Cell {
        match expr {
            Expr::Literal(Literal::Null) => Cell::Null,
            Expr::Literal(Literal::Bool(flag)) => Cell::Text(if *flag { "t" } else { "f" }.into()),
            Expr::Literal(Literal::Integer(number)) => Cell::Text(number.to_string()),
            Expr::Literal(Literal::String(text)) => Cell::Text(text.to_string()),
            Expr::Column(column) if !column.star => match column.parts.as_slice() {
                [name] => self.column(None, name.as_str()),
                [alias, name] => self.column(Some(alias.as_str()), name.as_str()),
                _longer => Cell::Unknown,
            },
            Expr::Cast(cast) => self.cast(&cast.arg, &cast.ty),
            Expr::Call(call) => {
                let args: Vec<&Expr> = call.args.iter().map(|arg| &arg.value).collect();
                self.call(&call.name, &args)
            }
            Expr::SqlValue(SqlValue::CurrentSchema, _) => self.current_schema(),
            Expr::Subquery(subquery) if subquery.kind == SubqueryKind::Scalar => {
                self.number(&subquery.query)
            }
            _anything_else => Cell::Unknown,
        }
    }

    fn column(&self, alias: Option<&str>, name: &str) -> Cell {
        let of = |known: &str| alias.is_none_or(|alias| alias == known);
        let mut rows = self.row.iter().rev().filter(|(known, _)| of(known));
        rows.find_map(|(_, row)| row.get(name).cloned()).unwrap_or(Cell::Unknown)
    }

    /// Casts of names to the types that name objects (`src/backend/utils/adt/regproc.c`).
    fn cast(&self, arg: &Expr, ty: &TypeName) -> Cell {
        let cell = self.cell(arg);
        let Cell::Text(text) = &cell else { return cell };
        let is_oid = rows::is_oid(text);
        match ty.name.name.as_str() {
            _ if ty.array => Cell::Unknown,
            "regclass" | "regtype" | "regnamespace" | "regrole" if is_oid => cell,
            "oid" if is_oid => cell,
            // A name that is not there is an error.
            kind @ ("regclass" | "regtype" | "regnamespace") => {
                match rows::object_of(kind, text, self.cx) {
                    found @ Cell::Text(_) => found,
                    Cell::Null | Cell::Unknown => Cell::Unknown,
                }
            }
            "text" | "name" | "varchar" | "bpchar" | "int4" | "int8" | "bool" if !is_oid => cell,
            _another_type => Cell::Unknown,
        }
    }

    fn call(&self, name: &Name, args: &[&Expr]) -> Cell {
        match (name.name.as_str(), args) {
            ("current_schema", []) => self.current_schema(),
            ("to_regclass", [arg]) => self.object("regclass", arg),
            ("to_regtype", [arg]) => self.object("regtype", arg),
            ("to_regnamespace", [arg]) => self.object("regnamespace", arg),
            _another_function => Cell::Unknown,
        }
    }

    fn object(&self, kind: &str, arg: &Expr) -> Cell {
        match self.cell(arg) {
            Cell::Text(text) => rows::object_of(kind, &text, self.cx),
            null_or_unknown => null_or_unknown,
        }
    }

    /// The first schema of the path that is there.
    fn current_schema(&self) -> Cell {
        let there = |name: &crate::model::Ident| rows::namespace_exists(name, self.cx);
        let mut path = self.cx.path.0.iter().filter(|name| there(name));
        path.next().map_or(Cell::Null, |name| Cell::Text(name.as_str().to_owned()))
    }

    /// `(SELECT count(*) FROM ..)`.
    fn number(&self, query: &Query) -> Cell {
        let Some(select) = plain(query) else { return Cell::Unknown };
        let [target] = select.targets.as_slice() else { return Cell::Unknown };
        let counts = matches!(&target.expr, Expr::Call(call)
            if call.name.name == *"count" && call.star && call.filter.is_none());
        if !counts {
            return Cell::Unknown;
        }
        match self.count_rows(select) {
            Count::Exactly(number) => Cell::Text(number.to_string()),
            Count::AtLeastOne | Count::Unknown => Cell::Unknown,
        }
    }

    fn count_rows(&self, select: &Select) -> Count {
        match self.rows(select) {
            Some(rows) if rows.iter().all(|(_, matches)| *matches == Truth::True) => {
                Count::Exactly(rows.len())
            }
            _some_open => Count::Unknown,
        }
    }
}

enum Count {
    Exactly(usize),
    AtLeastOne,
    Unknown,
}

/// `SELECT .. FROM .. WHERE ..` and nothing more. A query with aggregates has one row
/// whatever it finds, so `EXISTS (SELECT count(*) ..)` is not asked here.
fn plain(query: &Query) -> Option<&Select> {
    let Query { with: None, body, order_by: _, limit, with_ties: false, offset: None, locking: _ } =
        query
    else {
        return None;
    };
    if limit.as_ref().is_some_and(|limit| *limit != Expr::Literal(Literal::Integer(1))) {
        return None;
    }
    match &**body {
        QueryBody::Select(select)
            if select.group_by.is_empty() && select.having.is_none() && !select.from.is_empty() =>
        {
            Some(select)
        }
        _another_query => None,
    }
}

fn compare(operator: &str, left: &Cell, right: &Cell) -> Truth {
    let (left, right) = match (left, right) {
        (Cell::Null, _) | (_, Cell::Null) => return Truth::Null,
        (Cell::Unknown, _) | (_, Cell::Unknown) => return Truth::Unknown,
        (Cell::Text(left), Cell::Text(right)) => (left, right),
    };
    let numbers = left.parse::<i64>().ok().zip(right.parse::<i64>().ok());
    match (operator, numbers) {
        ("=", _) => Truth::of(left == right),
        ("<>", _) => Truth::of(left != right),
        ("<", Some((left, right))) => Truth::of(left < right),
        (">", Some((left, right))) => Truth::of(left > right),
        ("<=", Some((left, right))) => Truth::of(left <= right),
        (">=", Some((left, right))) => Truth::of(left >= right),
        _another_operator => Truth::Unknown,
    }
}
