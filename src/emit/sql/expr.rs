//! Writes expressions, with no more parentheses than the grammar needs.
//!
//! `a AND (b OR c)`, but `a OR b AND c`. An `AND` inside an `AND` keeps its own
//! parentheses: the parser flattens only what nests to the left.

use super::SqlWriter;
use super::literal::is_bare;
use super::precedence::{Level, not_in};
use crate::model::{
    Access, AnyAll, Between, BoolTest, Case, Cast, Expr, InList, IsDistinct, Like, LikeKind,
    Literal, Name, Operation, SqlValue, Subquery, SubqueryKind,
};

impl SqlWriter {
    /// An expression, where any may stand.
    pub fn expr(&mut self, expr: &Expr) -> &mut Self {
        match expr {
            Expr::Literal(literal) => self.literal(literal),
            Expr::Constant(constant) => self.constant(constant),
            Expr::Column(column) => self.column_ref(column),
            Expr::Parameter(number) => {
                self.sql("$").number(*number);
            }
            Expr::Call(call) => self.call(call),
            Expr::Operator(operation) => self.operation(operation),
            Expr::And(operands) => self.junction(operands, Level::And),
            Expr::Or(operands) => self.junction(operands, Level::Or),
            Expr::Not(operand) => self.not(operand),
            Expr::Cast(cast) => self.cast(cast),
            Expr::Collate(collate) => self.collate(&collate.arg, &collate.collation),
            Expr::Case(case) => self.case(case),
            Expr::Coalesce(args) => self.function_like("COALESCE(", args),
            Expr::Greatest(args) => self.function_like("GREATEST(", args),
            Expr::Least(args) => self.function_like("LEAST(", args),
            Expr::NullIf(args) => self.function_like("NULLIF(", args.as_slice()),
            Expr::IsNull { arg, negated } => {
                self.test(arg, if *negated { " IS NOT NULL" } else { " IS NULL" });
            }
            Expr::IsBool { arg, test, negated } => self.test(arg, bool_test(*test, *negated)),
            Expr::IsDistinct(test) => self.is_distinct(test),
            Expr::In(list) => self.in_list(list),
            Expr::Between(between) => self.between(between),
            Expr::Like(like) => self.like(like),
            Expr::AnyAll(any_all) => self.any_all(any_all),
            Expr::Row(args) => self.function_like("ROW(", args),
            Expr::Array(elements) => self.array(elements),
            Expr::Indirection(base, accesses) => self.indirection(base, accesses),
            Expr::Subquery(subquery) => self.subquery(subquery, false),
            Expr::SqlValue(value, precision) => self.sql_value(*value, *precision),
            Expr::Grouping(args) => self.function_like("GROUPING(", args),
            Expr::Default => self.push("DEFAULT"),
            Expr::CurrentOf(cursor) => self.sql("CURRENT OF ").ident(cursor),
            Expr::MergeAction => self.push("MERGE_ACTION()"),
            // The list of assignments writes the source of all its columns at once.
            Expr::MultiAssign { source, .. } => self.operand(source, Level::Or),
            Expr::Json(json) => self.json(json),
            Expr::Xml(xml) => self.xml(xml),
            Expr::Opaque(text) => self.push(text),
        }
        self
    }

    /// Expressions between commas.
    pub fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) {
        self.list(exprs, |writer, expr| {
            writer.operand(expr, Level::Anything);
        });
    }

    /// An expression in a place that takes only those that bind at least so tightly.
    pub(super) fn operand(&mut self, expr: &Expr, least: Level) {
        if self.level(expr) < least {
            self.push("(");
            self.expr(expr);
            self.push(")");
        } else {
            self.expr(expr);
        }
    }

    /// An expression where only what starts and ends unmistakably may stand (`c_expr`).
    pub(super) fn primary(&mut self, expr: &Expr) {
        self.operand(expr, Level::Primary);
    }

    /// An expression where the grammar takes no `AND`, `IS`, `COLLATE` and the like
    /// without parentheses (`b_expr`).
    pub fn bounded(&mut self, expr: &Expr) {
        let least = if self.is_bounded(expr) { Level::Operator } else { Level::Primary };
        self.operand(expr, least);
    }

    /// True when no `COLLATE` or `AT TIME ZONE` will stand in it without parentheses.
    fn is_bounded(&self, expr: &Expr) -> bool {
        let level = self.level(expr);
        if let Expr::Operator(operation) = expr {
            // A looser operator gets parentheses itself, a sign takes no looser operand.
            let Operation { left, right, .. } = operation.as_ref();
            let operands = left.iter().chain([right]);
            return level < Level::Operator
                || level == Level::Sign
                || operands.into_iter().all(|operand| self.is_bounded(operand));
        }
        !(Level::Operator..Level::Sign).contains(&level)
    }

    fn function_like(&mut self, open: &'static str, args: &[Expr]) {
        self.push(open);
        self.exprs(args);
        self.push(")");
    }

    fn operation(&mut self, operation: &Operation) {
        let Operation { operator, left, right } = operation;
        let Some(left) = left else {
            let level = self.level_of_prefix(operator);
            self.operator(operator);
            self.push(" ");
            return self.operand(right, level);
        };
        let level = self.infix_level(operator);
        self.operand(left, left_level(level));
        self.push(" ");
        self.operator(operator);
        self.push(" ");
        self.operand(
            right,
            if level == Level::Comparison { Level::Operator } else { level.tighter() },
        );
    }

    /// What the operand of a prefix operator needs: `- - x` nests, `@ x || y` is `(@ x) || y`.
    fn level_of_prefix(&self, operator: &Name) -> Level {
        let sign =
            self.shown_namespace(operator).is_none() && matches!(operator.name.as_str(), "+" | "-");
        if sign { Level::Sign } else { Level::Sum }
    }

    /// `AND`, `OR`. Without operands they are what they mean then: true and false.
    fn junction(&mut self, operands: &[Expr], level: Level) {
        match operands {
            [] => self.push(if level == Level::And { "TRUE" } else { "FALSE" }),
            [only] => {
                self.expr(only);
            }
            [first, rest @ ..] => {
                self.operand(first, level.tighter());
                for operand in rest {
                    self.push(if level == Level::And { " AND " } else { " OR " });
                    self.operand(operand, level.tighter());
                }
            }
        }
    }

    fn not(&mut self, operand: &Expr) {
        if let Some(subquery) = not_in(operand) {
            return self.subquery(subquery, true);
        }
        self.push("NOT ");
        self.operand(operand, Level::Not);
    }

    fn cast(&mut self, cast: &Cast) {
        self.operand(&cast.arg, Level::Cast);
        self.push("::");
        self.type_name(&cast.ty);
    }

    fn collate(&mut self, arg: &Expr, collation: &Name) {
        self.operand(arg, Level::Collate);
        self.push(" COLLATE ");
        self.collation(collation);
    }

    /// The name of a collation; a built-in one goes without its namespace.
    pub fn collation(&mut self, collation: &Name) {
        match self.shown_namespace(collation) {
            Some(_) => self.name(collation),
            None => self.ident(&collation.name),
        }
    }

    fn case(&mut self, case: &Case) {
        let Case { arg, branches, otherwise } = case;
        self.push("CASE");
        if let Some(arg) = arg {
            self.push(" ");
            self.operand(arg, Level::Or);
        }
        for (condition, result) in branches {
            self.push(" WHEN ");
            self.operand(condition, Level::Or);
            self.push(" THEN ");
            self.operand(result, Level::Or);
        }
        if let Some(otherwise) = otherwise {
            self.push(" ELSE ");
            self.operand(otherwise, Level::Or);
        }
        self.push(" END");
    }

    /// `x IS ..`.
    pub(super) fn test(&mut self, arg: &Expr, test: &'static str) {
        self.operand(arg, Level::Operator);
        self.push(test);
    }

    fn is_distinct(&mut self, test: &IsDistinct) {
        let IsDistinct { left, right, negated } = test;
        self.test(left, if *negated { " IS NOT DISTINCT FROM " } else { " IS DISTINCT FROM " });
        self.operand(right, Level::Operator);
    }

    fn in_list(&mut self, list: &InList) {
        let InList { arg, items, negated } = list;
        self.operand(arg, Level::Operator);
        self.push(if *negated { " NOT IN (" } else { " IN (" });
        self.exprs(items);
        self.push(")");
    }

    fn between(&mut self, between: &Between) {
        let Between { arg, low, high, negated, symmetric } = between;
        self.operand(arg, Level::Operator);
        self.push(if *negated { " NOT BETWEEN " } else { " BETWEEN " });
        if *symmetric {
            self.push("SYMMETRIC ");
        }
        self.bounded(low);
        self.push(" AND ");
        self.operand(high, Level::Operator);
    }

    fn like(&mut self, like: &Like) {
        let Like { kind, arg, pattern, escape, negated } = like;
        self.operand(arg, Level::Operator);
        self.push(match (kind, negated) {
            (LikeKind::Like, false) => " LIKE ",
            (LikeKind::Like, true) => " NOT LIKE ",
            (LikeKind::ILike, false) => " ILIKE ",
            (LikeKind::ILike, true) => " NOT ILIKE ",
            (LikeKind::SimilarTo, false) => " SIMILAR TO ",
            (LikeKind::SimilarTo, true) => " NOT SIMILAR TO ",
        });
        self.operand(pattern, Level::Operator);
        if let Some(escape) = escape {
            self.push(" ESCAPE ");
            self.operand(escape, Level::Operator);
        }
    }

    fn any_all(&mut self, any_all: &AnyAll) {
        let AnyAll { left, operator, array, all } = any_all;
        let level = self.infix_level(operator);
        self.operand(left, left_level(level));
        self.push(" ");
        self.operator(operator);
        self.push(if *all { " ALL (" } else { " ANY (" });
        // `ANY ((SELECT ..))` means the rows of the query whatever its parentheses. For
        // the array that a query gives, something has to stand around it.
        let rows =
            matches!(array, Expr::Subquery(query) if matches!(query.kind, SubqueryKind::Scalar));
        if rows {
            self.push("COALESCE(");
        }
        self.operand(array, Level::Or);
        self.push(if rows { "))" } else { ")" });
    }

    fn array(&mut self, elements: &[Expr]) {
        self.push("ARRAY[");
        self.exprs(elements);
        self.push("]");
    }

    fn indirection(&mut self, base: &Expr, accesses: &[Access]) {
        let first = accesses.first();
        let subscripted = matches!(first, Some(Access::Index(_) | Access::Slice(..)));
        let unmistakable = matches!(base, Expr::Column(column) if subscripted && !column.star)
            || matches!(base, Expr::Parameter(_) if subscripted)
            || matches!(base, Expr::Subquery(query) if query.kind == SubqueryKind::Scalar);
        if unmistakable {
            self.expr(base);
        } else {
            self.push("(");
            self.expr(base);
            self.push(")");
        }
        self.accesses(accesses);
    }

    /// `.field`, `[i]` and the like.
    pub(super) fn accesses(&mut self, accesses: &[Access]) {
        for access in accesses {
            match access {
                Access::Field(field) => self.sql(".").ident(field),
                Access::Star => self.push(".*"),
                Access::Index(index) => {
                    self.push("[");
                    self.operand(index, Level::Or);
                    self.push("]");
                }
                Access::Slice(lower, upper) => {
                    self.push("[");
                    self.slice_bound(lower.as_ref());
                    self.push(":");
                    self.slice_bound(upper.as_ref());
                    self.push("]");
                }
            }
        }
    }

    fn slice_bound(&mut self, bound: Option<&Expr>) {
        if let Some(bound) = bound {
            self.operand(bound, Level::Or);
        }
    }

    fn subquery(&mut self, subquery: &Subquery, negated: bool) {
        let Subquery { kind, query } = subquery;
        match kind {
            SubqueryKind::Exists => self.push("EXISTS "),
            SubqueryKind::Scalar => {}
            SubqueryKind::Array => self.push("ARRAY"),
            SubqueryKind::AnyAll { left, operator: None, .. } => {
                self.operand(left, Level::Operator);
                self.push(if negated { " NOT IN " } else { " IN " });
            }
            SubqueryKind::AnyAll { left, operator: Some(operator), all } => {
                let level = self.infix_level(operator);
                self.operand(left, left_level(level));
                self.push(" ");
                self.operator(operator);
                self.push(if *all { " ALL " } else { " ANY " });
            }
        }
        self.block(|writer| writer.query(query));
    }

    fn sql_value(&mut self, value: SqlValue, precision: Option<i32>) {
        self.push(match value {
            SqlValue::CurrentDate => "CURRENT_DATE",
            SqlValue::CurrentTime => "CURRENT_TIME",
            SqlValue::CurrentTimestamp => "CURRENT_TIMESTAMP",
            SqlValue::LocalTime => "LOCALTIME",
            SqlValue::LocalTimestamp => "LOCALTIMESTAMP",
            SqlValue::CurrentRole => "CURRENT_ROLE",
            SqlValue::CurrentUser => "CURRENT_USER",
            SqlValue::User => "USER",
            SqlValue::SessionUser => "SESSION_USER",
            SqlValue::CurrentCatalog => "CURRENT_CATALOG",
            SqlValue::CurrentSchema => "CURRENT_SCHEMA",
        });
        if let Some(precision) = precision {
            self.sql("(").number(precision).sql(")");
        }
    }

    /// A constant where the grammar takes no cast behind it, as after `CYCLE .. TO`
    /// (`AexprConst`): `point '(1,2)'`.
    pub(super) fn bare_constant(&mut self, expr: &Expr) {
        if let Expr::Cast(cast) = expr
            && let Cast { arg: Expr::Literal(Literal::String(text)), ty } = cast.as_ref()
        {
            return self.typed_string(ty, text);
        }
        if let Expr::Constant(constant) = expr
            && !is_bare(constant)
        {
            return match &constant.value {
                Some(value) => self.typed_string(&constant.ty, value),
                None => self.push("NULL"),
            };
        }
        self.expr(expr);
    }
}

/// What the left operand of an operator needs. Comparisons do not associate.
fn left_level(level: Level) -> Level {
    if level == Level::Comparison { Level::Operator } else { level }
}

fn bool_test(test: BoolTest, negated: bool) -> &'static str {
    match (test, negated) {
        (BoolTest::True, false) => " IS TRUE",
        (BoolTest::True, true) => " IS NOT TRUE",
        (BoolTest::False, false) => " IS FALSE",
        (BoolTest::False, true) => " IS NOT FALSE",
        (BoolTest::Unknown, false) => " IS UNKNOWN",
        (BoolTest::Unknown, true) => " IS NOT UNKNOWN",
    }
}
