//! The special forms that the analyser expands: IN, BETWEEN, LIKE, IS DISTINCT FROM,
//! NULLIF, ANY and ALL over arrays, row comparisons (`src/backend/parser/parse_expr.c`).

use super::expr::flat;
use super::{Analyzer, Type, Typed};
use crate::catalog::TypeId;
use crate::model::{
    AnyAll, Between, Call, Expr, InList, IsDistinct, Like, LikeKind, Literal, Name, NormalRule,
    Operation,
};

impl Analyzer<'_> {
    /// `x IN (..)`: more than one item without columns make `x = ANY (ARRAY[..])`, items
    /// with columns are compared one by one (`transformAExprIn`).
    pub(super) fn in_list(&mut self, list: &InList) -> Typed {
        self.apply(NormalRule::InList);
        let operator = Name::bare(if list.negated { "<>" } else { "=" });
        let (plain, with_columns): (Vec<&Expr>, Vec<&Expr>) =
            list.items.iter().partition(|item| !has_columns(item));
        let mut conditions = Vec::new();
        let mut single = list.items.iter().collect::<Vec<_>>();
        let is_row = matches!(list.arg, Expr::Row(_));
        if plain.len() > 1
            && !is_row
            && let Some(any) = self.in_array(list, &operator, &plain)
        {
            conditions.push(any);
            single = with_columns;
        }
        for item in single {
            let condition = match (&list.arg, item) {
                (Expr::Row(left), Expr::Row(right)) => self.row_comparison(&operator, left, right),
                _no_rows => {
                    let left = self.expr(&list.arg);
                    let right = self.expr(item);
                    self.operation(&operator, Some(left), right)
                }
            };
            conditions.push(self.coerce_boolean(condition));
        }
        let make = if list.negated { Expr::And } else { Expr::Or };
        Typed::plain(joined(make, conditions), TypeId::BOOL)
    }

    /// `x = ANY (ARRAY[..])` with the common type of x and the items.
    fn in_array(&mut self, list: &InList, operator: &Name, items: &[&Expr]) -> Option<Expr> {
        let arg = self.expr(&list.arg);
        let items: Vec<Typed> = items.iter().map(|item| self.expr(item)).collect();
        let all: Vec<Typed> = std::iter::once(&arg).chain(&items).cloned().collect();
        let common = self.select_common_type(&all)?;
        if common == TypeId::RECORD {
            return None;
        }
        let array = self.catalog.array_of(common)?;
        let items = items.into_iter().map(|item| self.coerce_implicit(item, common)).collect();
        let array = Typed::plain(Expr::Array(items), array);
        Some(self.array_operation(operator, arg, array, list.negated).expr)
    }

    /// `x op ANY | ALL (array)`.
    pub(super) fn any_all(&mut self, any: &AnyAll) -> Typed {
        let left = self.expr(&any.left);
        let array = self.expr(&any.array);
        self.array_operation(&any.operator, left, array, any.all)
    }

    /// `make_scalar_array_op` (`src/backend/parser/parse_oper.c`).
    fn array_operation(&mut self, operator: &Name, left: Typed, array: Typed, all: bool) -> Typed {
        let element = match &array.ty {
            Type::Literal => Some(TypeId::UNKNOWN),
            Type::Known(ty) => self.element(ty.id),
            Type::Undecided => None,
        };
        let found = match (left.input(), element) {
            (Some(left), Some(element)) => self.binary_operator(operator, left, element),
            _undecided => None,
        };
        let made = found.and_then(|found| Some((self.catalog.array_of(found.right)?, found)));
        let Some((array_type, found)) = made else {
            self.operator_not_found(operator, Some(&left), &array);
            let (left, array, operator) = (left.expr, array.expr, operator.clone());
            let expr = Expr::AnyAll(Box::new(AnyAll { left, operator, array, all }));
            return Typed::plain(expr, TypeId::BOOL);
        };
        let left = match found.left {
            Some(ty) => self.coerce_implicit(left, ty),
            None => left.expr,
        };
        let array = self.coerce_implicit(array, array_type);
        let expr = Expr::AnyAll(Box::new(AnyAll { left, operator: found.name, array, all }));
        Typed::plain(expr, TypeId::BOOL)
    }

    /// BETWEEN becomes two comparisons, or four when SYMMETRIC (`transformAExprBetween`).
    pub(super) fn between(&mut self, between: &Between) -> Typed {
        self.apply(NormalRule::Between);
        let (low, high) = (&between.low, &between.high);
        let (lower, upper) = if between.negated { ("<", ">") } else { (">=", "<=") };
        let mut pair = |low: &Expr, high: &Expr| {
            let mut compare = |operator: &str, bound: &Expr| {
                let arg = self.expr(&between.arg);
                let bound = self.expr(bound);
                let compared = self.operation(&Name::bare(operator), Some(arg), bound);
                self.coerce_boolean(compared)
            };
            let comparisons = vec![compare(lower, low), compare(upper, high)];
            flat(if between.negated { Expr::Or } else { Expr::And }, comparisons)
        };
        let expr = if between.symmetric {
            let both = vec![pair(low, high), pair(high, low)];
            flat(if between.negated { Expr::And } else { Expr::Or }, both)
        } else {
            pair(low, high)
        };
        Typed::plain(expr, TypeId::BOOL)
    }

    /// LIKE and its like are operators; ESCAPE is a function of the pattern (`gram.y`).
    pub(super) fn like(&mut self, like: &Like) -> Typed {
        self.apply(NormalRule::Like);
        let operator = match (like.kind, like.negated) {
            (LikeKind::Like, false) => "~~",
            (LikeKind::Like, true) => "!~~",
            (LikeKind::ILike, false) => "~~*",
            (LikeKind::ILike, true) => "!~~*",
            (LikeKind::SimilarTo, false) => "~",
            (LikeKind::SimilarTo, true) => "!~",
        };
        let function = match like.kind {
            LikeKind::SimilarTo => Some("similar_to_escape"),
            LikeKind::Like | LikeKind::ILike => like.escape.is_some().then_some("like_escape"),
        };
        let pattern = match function {
            Some(function) => {
                let args = std::iter::once(&like.pattern).chain(&like.escape).cloned();
                Call::plain(Name::qualified("pg_catalog", function), args).into()
            }
            None => like.pattern.clone(),
        };
        let arg = self.expr(&like.arg);
        let pattern = self.expr(&pattern);
        self.operation(&Name::bare(operator), Some(arg), pattern)
    }

    /// `a IS DISTINCT FROM b`; with NULL it is a test for NULL, negated it is NOT
    /// (`transformAExprDistinct`).
    pub(super) fn is_distinct(&mut self, test: &IsDistinct) -> Typed {
        let null = |expr: &Expr| matches!(expr, Expr::Literal(Literal::Null));
        let arg = match (null(&test.left), null(&test.right)) {
            (_, true) => Some(&test.left),
            (true, false) => Some(&test.right),
            (false, false) => None,
        };
        if arg.is_some() || test.negated {
            self.apply(NormalRule::Distinct);
        }
        if let Some(arg) = arg {
            let arg = self.expr(arg);
            let arg = Box::new(self.finish_literal(arg).expr);
            return Typed::plain(Expr::IsNull { arg, negated: !test.negated }, TypeId::BOOL);
        }
        let expr = match (&test.left, &test.right) {
            (Expr::Row(left), Expr::Row(right)) if left.len() == right.len() => {
                let pairs =
                    left.iter().zip(right).map(|(left, right)| self.distinct_pair(left, right));
                joined(Expr::Or, pairs.collect())
            }
            (left, right) => self.distinct_pair(left, right),
        };
        let expr = if test.negated { Expr::Not(Box::new(expr)) } else { expr };
        Typed::plain(expr, TypeId::BOOL)
    }

    fn distinct_pair(&mut self, left: &Expr, right: &Expr) -> Expr {
        let [left, right] = self.equal_operands(left, right);
        Expr::IsDistinct(Box::new(IsDistinct {
            left: left.expr,
            right: right.expr,
            negated: false,
        }))
    }

    /// Both operands coerced as `=` wants them.
    fn equal_operands(&mut self, left: &Expr, right: &Expr) -> [Typed; 2] {
        let (left, right) = (self.expr(left), self.expr(right));
        let equals = Name::bare("=");
        let found = match (left.input(), right.input()) {
            (Some(left), Some(right)) => self.binary_operator(&equals, left, right),
            _undecided => None,
        };
        let Some(found) = found else {
            self.operator_not_found(&equals, Some(&left), &right);
            return [left, right];
        };
        let left_type = found.left.unwrap_or(found.right);
        let left = Typed::plain(self.coerce_implicit(left, left_type), left_type);
        let right = Typed::plain(self.coerce_implicit(right, found.right), found.right);
        [left, right]
    }

    /// NULLIF has the type of its first argument, as `=` wants it.
    pub(super) fn null_if(&mut self, args: &[Expr; 2]) -> Typed {
        let [left, right] = args;
        let [left, right] = self.equal_operands(left, right);
        let ty = left.ty.clone();
        Typed { expr: Expr::NullIf(Box::new([left.expr, right.expr])), ty }
    }

    /// `(a, b) = (c, d)` is AND of the pairs, `<>` is OR; other comparisons stay
    /// comparisons of rows with their fields coerced (`make_row_comparison_op`).
    pub(super) fn row_comparison(
        &mut self,
        operator: &Name,
        left: &[Expr],
        right: &[Expr],
    ) -> Typed {
        self.apply(NormalRule::RowComparison);
        let pairs: Vec<(Typed, Typed)> = left
            .iter()
            .zip(right)
            .map(|(left, right)| (self.expr(left), self.expr(right)))
            .collect();
        if left.len() != right.len() {
            self.give_up("rows of different length are compared");
        }
        let mut comparisons = Vec::new();
        for (left, right) in pairs {
            let compared = self.operation(operator, Some(left), right);
            comparisons.push(compared.expr);
        }
        let whole = match operator.name.as_str() {
            "=" => joined(Expr::And, comparisons),
            "<>" => joined(Expr::Or, comparisons),
            _order_counts => match <[Expr; 1]>::try_from(comparisons) {
                Ok([only]) => only,
                Err(comparisons) => row_operation(comparisons, operator, left, right),
            },
        };
        Typed::plain(whole, TypeId::BOOL)
    }
}

/// A comparison of rows from the comparisons of their fields.
fn row_operation(comparisons: Vec<Expr>, operator: &Name, left: &[Expr], right: &[Expr]) -> Expr {
    let mut lefts = Vec::new();
    let mut rights = Vec::new();
    let mut name = operator.clone();
    for comparison in comparisons {
        match comparison {
            Expr::Operator(operation) => {
                let Operation { operator, left, right } = *operation;
                name = operator;
                lefts.extend(left);
                rights.push(right);
            }
            other => rights.push(other),
        }
    }
    if lefts.len() != rights.len() {
        (lefts, rights) = (left.to_vec(), right.to_vec());
    }
    Expr::Operator(Box::new(Operation {
        operator: name,
        left: Some(Expr::Row(lefts)),
        right: Expr::Row(rights),
    }))
}

/// One condition alone, or several joined.
fn joined(make: fn(Vec<Expr>) -> Expr, conditions: Vec<Expr>) -> Expr {
    match <[Expr; 1]>::try_from(conditions) {
        Ok([only]) => only,
        Err(conditions) => flat(make, conditions),
    }
}

/// True when an expression refers to a column of its own level of query
/// (`contain_vars_of_level`).
fn has_columns(expr: &Expr) -> bool {
    let mut found = false;
    expr.for_each_column(&mut |_| found = true);
    found
}
