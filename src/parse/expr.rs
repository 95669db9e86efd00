//! Lowers the parser's expression nodes to [`Expr`].
//!
//! Total: every node that a raw parse tree can hold has its variant, and what the
//! grammar would never put there becomes [`Expr::Opaque`]. The functions recurse as
//! deep as the text nests, so they run on a thread with a big stack; chains of
//! one operator (`a || b || c`), which nest to the left, are walked in a loop.
//!
//! `x LIKE y ESCAPE z` arrives as `x ~~ pg_catalog.like_escape(y, z)` and leaves as
//! [`Expr::Like`] with its `escape`.

use pg_query::protobuf::{
    AArrayExpr, AConst, AExpr, AExprKind, AIndirection, BoolExpr, BoolExprType, BoolTestType,
    BooleanTest, CaseExpr, CoercionForm, CollateClause, ColumnRef as ColumnNode, FuncCall,
    LimitOption, MinMaxExpr, MinMaxOp, MultiAssignRef, NullTest, NullTestType, SelectStmt,
    SetOperation, SqlValueFunction, SqlValueFunctionOp, SubLink, SubLinkType, TypeCast,
    a_const::Val,
};
use pg_query::{Node, NodeEnum};
use smol_str::SmolStr;

use super::query::{self, sort_keys, window};
use super::type_name::{name, string, type_name};
use super::{json, xml};
use crate::model::{
    Access, AnyAll, Argument, Between, BoolTest, Call, Case, Cast, Collate, ColumnRef, Expr, Ident,
    InList, IsDistinct, Like, LikeKind, Literal, Operation, SqlValue, Subquery, SubqueryKind,
};

/// Any expression.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser's enum has every node of PostgreSQL"
)]
pub(crate) fn expr(node: &Node) -> Expr {
    let Some(inner) = &node.node else { return nothing() };
    match inner {
        NodeEnum::AConst(node) => constant(node),
        NodeEnum::ColumnRef(node) => column(node),
        NodeEnum::ParamRef(node) => Expr::Parameter(node.number),
        NodeEnum::FuncCall(node) => call(node),
        NodeEnum::AExpr(node) => a_expr(node),
        NodeEnum::BoolExpr(node) => bool_expr(node),
        NodeEnum::TypeCast(node) => cast(node),
        NodeEnum::CollateClause(node) => collate(node),
        NodeEnum::CaseExpr(node) => case(node),
        NodeEnum::CoalesceExpr(node) => Expr::Coalesce(exprs(&node.args)),
        NodeEnum::MinMaxExpr(node) => min_max(node),
        NodeEnum::NullTest(node) => null_test(node),
        NodeEnum::BooleanTest(node) => bool_test(node),
        NodeEnum::RowExpr(node) => Expr::Row(exprs(&node.args)),
        NodeEnum::AArrayExpr(node) => array(node),
        NodeEnum::AIndirection(node) => indirection(node),
        NodeEnum::SubLink(node) => sub_link(node),
        NodeEnum::SqlvalueFunction(node) => sql_value(node),
        NodeEnum::GroupingFunc(node) => Expr::Grouping(exprs(&node.args)),
        NodeEnum::SetToDefault(_) => Expr::Default,
        NodeEnum::CurrentOfExpr(node) => current_of(&node.cursor_name),
        NodeEnum::MergeSupportFunc(_) => Expr::MergeAction,
        NodeEnum::MultiAssignRef(node) => multi_assign(node),
        NodeEnum::XmlExpr(node) => xml::xml(node),
        NodeEnum::XmlSerialize(node) => xml::serialize(node),
        // The grammar wraps only arguments in it, which `call` unwraps.
        NodeEnum::NamedArgExpr(node) => required(node.arg.as_deref()),
        _ => json::json(inner).unwrap_or_else(|| opaque(node)),
    }
}

/// Each of a list.
pub(crate) fn exprs(nodes: &[Node]) -> Vec<Expr> {
    nodes.iter().map(expr).collect()
}

/// A part that the grammar lets be absent.
pub(crate) fn optional(node: Option<&Node>) -> Option<Expr> {
    node.map(expr)
}

/// A part that the grammar always gives.
pub(crate) fn required(node: Option<&Node>) -> Expr {
    match node {
        Some(node) => expr(node),
        None => nothing(),
    }
}

/// What stands for a part that the grammar always gives when it is not there.
#[cold]
fn nothing() -> Expr {
    Expr::Opaque(Box::from(""))
}

/// What is not modelled.
#[cold]
fn opaque(node: &Node) -> Expr {
    Expr::Opaque(printed(node))
}

/// The text that the parser's own printer makes of an expression; empty if it cannot.
#[cold]
#[inline(never)]
pub(crate) fn printed(node: &Node) -> Box<str> {
    use pg_query::protobuf::{ParseResult, RawStmt, ResTarget};
    let boxed = |inner| Some(Box::new(Node { node: Some(inner) }));
    let target = ResTarget { val: Some(Box::new(node.clone())), ..ResTarget::default() };
    let target = Node { node: Some(NodeEnum::ResTarget(Box::new(target))) };
    let select = SelectStmt { target_list: vec![target], ..bare_select() };
    let statement = boxed(NodeEnum::SelectStmt(Box::new(select)));
    let statement = RawStmt { stmt: statement, ..RawStmt::default() };
    let tree = ParseResult { stmts: vec![statement], ..ParseResult::default() };
    let text = pg_query::deparse(&tree, pg_query::DeparseOptions::default()).unwrap_or_default();
    Box::from(text.strip_prefix("SELECT ").unwrap_or(&text))
}

/// `SELECT` with nothing behind it. Not the default value: the zero of its enums is no
/// value of PostgreSQL's, and the parser's printer aborts the process on one when it is
/// built with assertions.
pub(crate) fn bare_select() -> SelectStmt {
    SelectStmt {
        op: SetOperation::SetopNone as i32,
        limit_option: LimitOption::Default as i32,
        ..SelectStmt::default()
    }
}

fn constant(node: &AConst) -> Expr {
    Expr::Literal(match &node.val {
        None => Literal::Null,
        Some(Val::Ival(value)) => Literal::Integer(value.ival),
        Some(Val::Fval(value)) => Literal::Number(SmolStr::new(&value.fval)),
        Some(Val::Boolval(value)) => Literal::Bool(value.boolval),
        Some(Val::Sval(value)) => Literal::String(SmolStr::new(&value.sval)),
        Some(Val::Bsval(value)) => Literal::Bits(SmolStr::new(&value.bsval)),
    })
}

fn column(node: &ColumnNode) -> Expr {
    let star = matches!(node.fields.last(), Some(Node { node: Some(NodeEnum::AStar(_)) }));
    let named = node.fields.len() - usize::from(star);
    let parts = node.fields.iter().take(named).map(|field| Ident::new(string(field))).collect();
    Expr::Column(ColumnRef { parts, star })
}

#[inline(never)]
fn call(node: &FuncCall) -> Expr {
    Expr::Call(Box::new(Call {
        name: name(&node.funcname),
        args: node.args.iter().map(argument).collect(),
        variadic: node.func_variadic,
        star: node.agg_star,
        distinct: node.agg_distinct,
        order_by: sort_keys(&node.agg_order),
        within_group: node.agg_within_group,
        filter: optional(node.agg_filter.as_deref()),
        over: node.over.as_deref().map(window),
        sql_syntax: node.funcformat == CoercionForm::CoerceSqlSyntax as i32,
    }))
}

fn argument(node: &Node) -> Argument {
    match &node.node {
        Some(NodeEnum::NamedArgExpr(named)) => {
            Argument { name: Some(Ident::new(&named.name)), value: required(named.arg.as_deref()) }
        }
        _ => Argument { name: None, value: expr(node) },
    }
}

#[inline(never)]
fn a_expr(node: &AExpr) -> Expr {
    match node.kind() {
        AExprKind::AexprOp => operation(node),
        AExprKind::AexprOpAny => any_all(node, false),
        AExprKind::AexprOpAll => any_all(node, true),
        AExprKind::AexprDistinct => is_distinct(node, false),
        AExprKind::AexprNotDistinct => is_distinct(node, true),
        AExprKind::AexprNullif => Expr::NullIf(Box::new([left(node), right(node)])),
        AExprKind::AexprIn => in_list(node),
        AExprKind::AexprLike => like(node, LikeKind::Like),
        AExprKind::AexprIlike => like(node, LikeKind::ILike),
        AExprKind::AexprSimilar => like(node, LikeKind::SimilarTo),
        AExprKind::AexprBetween => between(node, false, false),
        AExprKind::AexprNotBetween => between(node, true, false),
        AExprKind::AexprBetweenSym => between(node, false, true),
        AExprKind::AexprNotBetweenSym => between(node, true, true),
        AExprKind::Undefined => {
            opaque(&Node { node: Some(NodeEnum::AExpr(Box::new(node.clone()))) })
        }
    }
}

fn left(node: &AExpr) -> Expr {
    required(node.lexpr.as_deref())
}

fn right(node: &AExpr) -> Expr {
    required(node.rexpr.as_deref())
}

/// The left operand, when it is the plain use of an operator too.
fn left_operation(node: &AExpr) -> Option<&AExpr> {
    match node.lexpr.as_deref() {
        Some(Node { node: Some(NodeEnum::AExpr(left)) }) if left.kind() == AExprKind::AexprOp => {
            Some(left)
        }
        _ => None,
    }
}

/// `a op b`. Operators of one precedence nest to the left, thousands deep in
/// generated text, so that side is walked in a loop.
#[inline(never)]
fn operation(node: &AExpr) -> Expr {
    let mut innermost = node;
    let mut spine = Vec::new();
    while let Some(inner) = left_operation(innermost) {
        spine.push(innermost);
        innermost = inner;
    }
    let mut result = operator(innermost, optional(innermost.lexpr.as_deref()));
    while let Some(outer) = spine.pop() {
        result = operator(outer, Some(result));
    }
    result
}

#[inline(never)]
fn operator(node: &AExpr, left: Option<Expr>) -> Expr {
    Expr::Operator(Box::new(Operation { operator: name(&node.name), left, right: right(node) }))
}

#[inline(never)]
fn any_all(node: &AExpr, all: bool) -> Expr {
    let (operator, left, array) = (name(&node.name), left(node), right(node));
    Expr::AnyAll(Box::new(AnyAll { left, operator, array, all }))
}

#[inline(never)]
fn is_distinct(node: &AExpr, negated: bool) -> Expr {
    Expr::IsDistinct(Box::new(IsDistinct { left: left(node), right: right(node), negated }))
}

/// The items of a node that is a list.
pub(crate) fn items(node: Option<&Node>) -> &[Node] {
    match node {
        Some(Node { node: Some(NodeEnum::List(list)) }) => &list.items,
        _ => &[],
    }
}

/// `IN` is `=` and `NOT IN` is `<>`.
#[inline(never)]
fn in_list(node: &AExpr) -> Expr {
    let negated = node.name.last().is_some_and(|operator| string(operator) == "<>");
    Expr::In(Box::new(InList {
        arg: left(node),
        items: exprs(items(node.rexpr.as_deref())),
        negated,
    }))
}

#[inline(never)]
fn between(node: &AExpr, negated: bool, symmetric: bool) -> Expr {
    let bounds = items(node.rexpr.as_deref());
    let (low, high) = (required(bounds.first()), required(bounds.get(1)));
    Expr::Between(Box::new(Between { arg: left(node), low, high, negated, symmetric }))
}

/// The operators are `~~`, `~~*` and `~`, with `!` in front when negated. `ESCAPE`
/// and every `SIMILAR TO` is a call around the pattern.
#[inline(never)]
fn like(node: &AExpr, kind: LikeKind) -> Expr {
    let negated = node.name.last().is_some_and(|operator| string(operator).starts_with('!'));
    let (pattern, escape) = match escape_call(node, kind) {
        Some([pattern]) => (expr(pattern), None),
        Some([pattern, escape]) => (expr(pattern), Some(expr(escape))),
        _ => (right(node), None),
    };
    Expr::Like(Box::new(Like { kind, arg: left(node), pattern, escape, negated }))
}

/// The arguments of the call that the grammar makes of the pattern.
fn escape_call(node: &AExpr, kind: LikeKind) -> Option<&[Node]> {
    let Some(NodeEnum::FuncCall(call)) = &node.rexpr.as_deref()?.node else { return None };
    let (made, least) = match kind {
        LikeKind::Like | LikeKind::ILike => ("like_escape", 2),
        LikeKind::SimilarTo => ("similar_to_escape", 1),
    };
    let [namespace, function] = call.funcname.as_slice() else { return None };
    let plain = call.agg_order.is_empty()
        && call.agg_filter.is_none()
        && call.over.is_none()
        && !(call.agg_star || call.agg_distinct || call.func_variadic)
        && !call.args.iter().any(|arg| matches!(arg.node, Some(NodeEnum::NamedArgExpr(_))));
    let found = string(namespace) == "pg_catalog" && string(function) == made;
    (plain && found && (least..=2).contains(&call.args.len())).then_some(call.args.as_slice())
}

/// The grammar has flattened what nests to the left; what nests to the right stays.
#[inline(never)]
fn bool_expr(node: &BoolExpr) -> Expr {
    match node.boolop() {
        BoolExprType::AndExpr => Expr::And(exprs(&node.args)),
        BoolExprType::OrExpr => Expr::Or(exprs(&node.args)),
        BoolExprType::NotExpr | BoolExprType::Undefined => {
            Expr::Not(Box::new(required(node.args.first())))
        }
    }
}

#[inline(never)]
fn cast(node: &TypeCast) -> Expr {
    let ty = node.type_name.as_ref().map(type_name).unwrap_or_default();
    Expr::Cast(Box::new(Cast { arg: required(node.arg.as_deref()), ty }))
}

#[inline(never)]
fn collate(node: &CollateClause) -> Expr {
    let collate = Collate { arg: required(node.arg.as_deref()), collation: name(&node.collname) };
    Expr::Collate(Box::new(collate))
}

#[inline(never)]
fn case(node: &CaseExpr) -> Expr {
    let branch = |node: &Node| match &node.node {
        Some(NodeEnum::CaseWhen(when)) => {
            (required(when.expr.as_deref()), required(when.result.as_deref()))
        }
        _ => (expr(node), nothing()),
    };
    Expr::Case(Box::new(Case {
        arg: optional(node.arg.as_deref()),
        branches: node.args.iter().map(branch).collect(),
        otherwise: optional(node.defresult.as_deref()),
    }))
}

fn min_max(node: &MinMaxExpr) -> Expr {
    match node.op() {
        MinMaxOp::IsLeast => Expr::Least(exprs(&node.args)),
        MinMaxOp::IsGreatest | MinMaxOp::Undefined => Expr::Greatest(exprs(&node.args)),
    }
}

fn null_test(node: &NullTest) -> Expr {
    let negated = node.nulltesttype() == NullTestType::IsNotNull;
    Expr::IsNull { arg: Box::new(required(node.arg.as_deref())), negated }
}

fn bool_test(node: &BooleanTest) -> Expr {
    let (test, negated) = match node.booltesttype() {
        BoolTestType::IsTrue | BoolTestType::Undefined => (BoolTest::True, false),
        BoolTestType::IsNotTrue => (BoolTest::True, true),
        BoolTestType::IsFalse => (BoolTest::False, false),
        BoolTestType::IsNotFalse => (BoolTest::False, true),
        BoolTestType::IsUnknown => (BoolTest::Unknown, false),
        BoolTestType::IsNotUnknown => (BoolTest::Unknown, true),
    };
    Expr::IsBool { arg: Box::new(required(node.arg.as_deref())), test, negated }
}

fn array(node: &AArrayExpr) -> Expr {
    Expr::Array(exprs(&node.elements))
}

#[inline(never)]
fn indirection(node: &AIndirection) -> Expr {
    Expr::Indirection(Box::new(required(node.arg.as_deref())), accesses(&node.indirection))
}

/// `.field`, `[i]` and the like.
pub(crate) fn accesses(nodes: &[Node]) -> Vec<Access> {
    nodes.iter().map(access).collect()
}

fn access(node: &Node) -> Access {
    match &node.node {
        Some(NodeEnum::AStar(_)) => Access::Star,
        Some(NodeEnum::AIndices(range)) if range.is_slice => {
            Access::Slice(optional(range.lidx.as_deref()), optional(range.uidx.as_deref()))
        }
        Some(NodeEnum::AIndices(index)) => Access::Index(required(index.uidx.as_deref())),
        _ => Access::Field(Ident::new(string(node))),
    }
}

#[inline(never)]
fn sub_link(node: &SubLink) -> Expr {
    let kind = match node.sub_link_type() {
        SubLinkType::ExistsSublink => SubqueryKind::Exists,
        SubLinkType::ArraySublink => SubqueryKind::Array,
        SubLinkType::AnySublink => any_all_query(node, false),
        SubLinkType::AllSublink => any_all_query(node, true),
        // The rest, but for EXPR, is made by parse analysis only.
        SubLinkType::ExprSublink
        | SubLinkType::RowcompareSublink
        | SubLinkType::MultiexprSublink
        | SubLinkType::CteSublink
        | SubLinkType::Undefined => SubqueryKind::Scalar,
    };
    let query = query::of_node(node.subselect.as_deref());
    Expr::Subquery(Box::new(Subquery { kind, query }))
}

fn any_all_query(node: &SubLink, all: bool) -> SubqueryKind {
    let operator = (!node.oper_name.is_empty()).then(|| name(&node.oper_name));
    SubqueryKind::AnyAll { left: required(node.testexpr.as_deref()), operator, all }
}

fn sql_value(node: &SqlValueFunction) -> Expr {
    use SqlValueFunctionOp as Op;
    let value = match node.op() {
        Op::SvfopCurrentDate | Op::SqlvalueFunctionOpUndefined => SqlValue::CurrentDate,
        Op::SvfopCurrentTime | Op::SvfopCurrentTimeN => SqlValue::CurrentTime,
        Op::SvfopCurrentTimestamp | Op::SvfopCurrentTimestampN => SqlValue::CurrentTimestamp,
        Op::SvfopLocaltime | Op::SvfopLocaltimeN => SqlValue::LocalTime,
        Op::SvfopLocaltimestamp | Op::SvfopLocaltimestampN => SqlValue::LocalTimestamp,
        Op::SvfopCurrentRole => SqlValue::CurrentRole,
        Op::SvfopCurrentUser => SqlValue::CurrentUser,
        Op::SvfopUser => SqlValue::User,
        Op::SvfopSessionUser => SqlValue::SessionUser,
        Op::SvfopCurrentCatalog => SqlValue::CurrentCatalog,
        Op::SvfopCurrentSchema => SqlValue::CurrentSchema,
    };
    // `-1` when no precision is written.
    Expr::SqlValue(value, (node.typmod >= 0).then_some(node.typmod))
}

fn current_of(cursor: &str) -> Expr {
    Expr::CurrentOf(Ident::new(cursor))
}

#[inline(never)]
fn multi_assign(node: &MultiAssignRef) -> Expr {
    let source = Box::new(required(node.source.as_deref()));
    Expr::MultiAssign { source, number: node.colno, columns: node.ncolumns }
}
