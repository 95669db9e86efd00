//! Lowers `SELECT`, `VALUES` and set operations, with windows and sort keys.
//!
//! `(SELECT 1 LIMIT 1) UNION SELECT 2` keeps the `LIMIT` in the left query. A bare
//! `DISTINCT` arrives as a list that holds one empty node.

use pg_query::protobuf::{
    CoercionForm, CommonTableExpr, CteCycleClause, CteMaterialize, GroupingSet, GroupingSetKind,
    LimitOption, LockClauseStrength, LockWaitPolicy, LockingClause, ResTarget, RowExpr, SelectStmt,
    SetOperation, SortBy, SortByDir, SortByNulls, WindowDef, WithClause,
};
use pg_query::{Node, NodeEnum};

use super::command::command;
use super::expr::{expr, exprs, items, optional, required};
use super::from::{from_items, relations};
use super::type_name::{ident, idents, name};
use crate::model::{
    Command, CommonTable, Cycle, Distinct, Frame, FrameBound, FrameExclusion, FrameUnit, Grouping,
    Ident, LockStrength, LockWait, Locking, Query, QueryBody, Search, Select, SetOperator,
    SortDirection, SortKey, Target, Window, With,
};

/// A query. Set operations nest to the left, thousands deep in generated text,
/// so that side is walked in a loop.
pub(crate) fn query(node: &SelectStmt) -> Query {
    let mut innermost = node;
    let mut spine = Vec::new();
    while let (Some(operator), Some(left)) = (set_operator(innermost), innermost.larg.as_deref()) {
        spine.push((operator, innermost));
        innermost = left;
    }
    let mut result = surrounded(innermost, simple_body(innermost));
    while let Some((operator, outer)) = spine.pop() {
        result = set_operation(operator, outer, result);
    }
    result
}

/// The query that a node is; an empty `SELECT` when it is none.
pub(crate) fn of_node(node: Option<&Node>) -> Query {
    match node {
        Some(Node { node: Some(NodeEnum::SelectStmt(select)) }) => query(select),
        _ => query(&SelectStmt::default()),
    }
}

fn set_operator(node: &SelectStmt) -> Option<SetOperator> {
    match node.op() {
        SetOperation::SetopUnion => Some(SetOperator::Union),
        SetOperation::SetopIntersect => Some(SetOperator::Intersect),
        SetOperation::SetopExcept => Some(SetOperator::Except),
        SetOperation::SetopNone | SetOperation::Undefined => None,
    }
}

#[inline(never)]
fn set_operation(operator: SetOperator, node: &SelectStmt, left: Query) -> Query {
    let right = match node.rarg.as_deref() {
        Some(right) => query(right),
        None => of_node(None),
    };
    surrounded(node, Box::new(QueryBody::SetOperation { operator, all: node.all, left, right }))
}

/// The body with what may surround any query.
#[inline(never)]
fn surrounded(node: &SelectStmt, body: Box<QueryBody>) -> Query {
    Query {
        with: node.with_clause.as_ref().map(with),
        body,
        order_by: sort_keys(&node.sort_clause),
        limit: optional(node.limit_count.as_deref()),
        with_ties: node.limit_option() == LimitOption::WithTies,
        offset: optional(node.limit_offset.as_deref()),
        locking: node.locking_clause.iter().filter_map(locking).collect(),
    }
}

#[inline(never)]
fn simple_body(node: &SelectStmt) -> Box<QueryBody> {
    Box::new(if node.values_lists.is_empty() {
        QueryBody::Select(select(node))
    } else {
        QueryBody::Values(node.values_lists.iter().map(|row| exprs(items(Some(row)))).collect())
    })
}

fn select(node: &SelectStmt) -> Select {
    Select {
        distinct: distinct(&node.distinct_clause),
        targets: targets(&node.target_list),
        from: from_items(&node.from_clause),
        filter: optional(node.where_clause.as_deref()),
        group_by: node.group_clause.iter().map(grouping).collect(),
        group_distinct: node.group_distinct,
        having: optional(node.having_clause.as_deref()),
        windows: node.window_clause.iter().filter_map(named_window).collect(),
    }
}

fn distinct(nodes: &[Node]) -> Distinct {
    match nodes {
        [] => Distinct::No,
        [Node { node: None }] => Distinct::Yes,
        on => Distinct::On(exprs(on)),
    }
}

/// A select list or a `RETURNING` list.
pub(crate) fn targets(nodes: &[Node]) -> Vec<Target> {
    let target = |node: &Node| match &node.node {
        Some(NodeEnum::ResTarget(target)) => {
            let ResTarget { name, val, .. } = target.as_ref();
            Target { expr: required(val.as_deref()), alias: ident(name) }
        }
        _ => Target { expr: expr(node), alias: None },
    };
    nodes.iter().map(target).collect()
}

/// `(a, b)` without `ROW` is a list of grouping expressions here, not a row
/// (`flatten_grouping_sets`, `src/backend/parser/parse_clause.c`).
fn grouping(node: &Node) -> Grouping {
    match &node.node {
        Some(NodeEnum::GroupingSet(set)) => grouping_set(set),
        Some(NodeEnum::RowExpr(row)) if is_bare_row(row) => {
            Grouping::List(row.args.iter().map(grouping).collect())
        }
        _ => Grouping::Expr(expr(node)),
    }
}

/// True when it is written `(a, b)`: the grammar marks that with a coercion form.
fn is_bare_row(row: &RowExpr) -> bool {
    row.row_format() == CoercionForm::CoerceImplicitCast
}

fn grouping_set(node: &GroupingSet) -> Grouping {
    let content = || node.content.iter().map(grouping).collect();
    match node.kind() {
        GroupingSetKind::GroupingSetEmpty | GroupingSetKind::Undefined => Grouping::Empty,
        GroupingSetKind::GroupingSetSimple => Grouping::List(content()),
        GroupingSetKind::GroupingSetRollup => Grouping::Rollup(content()),
        GroupingSetKind::GroupingSetCube => Grouping::Cube(content()),
        GroupingSetKind::GroupingSetSets => Grouping::Sets(content()),
    }
}

/// `ORDER BY`.
pub(crate) fn sort_keys(nodes: &[Node]) -> Vec<SortKey> {
    nodes.iter().map(sort_key).collect()
}

fn sort_key(node: &Node) -> SortKey {
    let Some(NodeEnum::SortBy(sort)) = &node.node else {
        return SortKey { expr: expr(node), direction: SortDirection::Asc, nulls_first: None };
    };
    let SortBy { node, use_op, .. } = sort.as_ref();
    let direction = match sort.sortby_dir() {
        SortByDir::Undefined | SortByDir::SortbyDefault | SortByDir::SortbyAsc => {
            SortDirection::Asc
        }
        SortByDir::SortbyDesc => SortDirection::Desc,
        SortByDir::SortbyUsing => SortDirection::Using(name(use_op)),
    };
    let nulls_first = match sort.sortby_nulls() {
        SortByNulls::Undefined | SortByNulls::SortbyNullsDefault => None,
        SortByNulls::SortbyNullsFirst => Some(true),
        SortByNulls::SortbyNullsLast => Some(false),
    };
    SortKey { expr: required(node.as_deref()), direction, nulls_first }
}

fn named_window(node: &Node) -> Option<(Ident, Window)> {
    match &node.node {
        Some(NodeEnum::WindowDef(def)) => Some((Ident::new(&def.name), defined_window(def))),
        _ => None,
    }
}

/// What follows `OVER`.
pub(crate) fn window(node: &WindowDef) -> Window {
    match ident(&node.name) {
        Some(name) => Window { base: Some(name), by_name: true, ..Window::default() },
        None => defined_window(node),
    }
}

fn defined_window(node: &WindowDef) -> Window {
    Window {
        base: ident(&node.refname),
        by_name: false,
        partition_by: exprs(&node.partition_clause),
        order_by: sort_keys(&node.order_clause),
        frame: frame(node).map(Box::new),
    }
}

/// The bits of a frame, as in `src/include/nodes/parsenodes.h`.
mod frame_bits {
    pub(super) const NONDEFAULT: i32 = 0x1;
    pub(super) const ROWS: i32 = 0x4;
    pub(super) const GROUPS: i32 = 0x8;
    pub(super) const BETWEEN: i32 = 0x10;
    pub(super) const START_UNBOUNDED_PRECEDING: i32 = 0x20;
    pub(super) const START_UNBOUNDED_FOLLOWING: i32 = 0x80;
    pub(super) const START_OFFSET_PRECEDING: i32 = 0x800;
    pub(super) const START_OFFSET_FOLLOWING: i32 = 0x2000;
    pub(super) const EXCLUDE_CURRENT_ROW: i32 = 0x8000;
    pub(super) const EXCLUDE_GROUP: i32 = 0x1_0000;
    pub(super) const EXCLUDE_TIES: i32 = 0x2_0000;
}

fn frame(node: &WindowDef) -> Option<Frame> {
    let has = |bit| node.frame_options & bit != 0;
    if !has(frame_bits::NONDEFAULT) {
        return None;
    }
    let unit = if has(frame_bits::ROWS) {
        FrameUnit::Rows
    } else if has(frame_bits::GROUPS) {
        FrameUnit::Groups
    } else {
        FrameUnit::Range
    };
    let exclude = if has(frame_bits::EXCLUDE_CURRENT_ROW) {
        FrameExclusion::CurrentRow
    } else if has(frame_bits::EXCLUDE_GROUP) {
        FrameExclusion::Group
    } else if has(frame_bits::EXCLUDE_TIES) {
        FrameExclusion::Ties
    } else {
        FrameExclusion::NoOthers
    };
    let start = frame_bound(node.frame_options, node.start_offset.as_deref());
    // The bits of the end are those of the start, each one place to the left.
    let end = has(frame_bits::BETWEEN)
        .then(|| frame_bound(node.frame_options >> 1, node.end_offset.as_deref()));
    Some(Frame { unit, start, end, exclude })
}

fn frame_bound(bits: i32, offset: Option<&Node>) -> FrameBound {
    let has = |bit| bits & bit != 0;
    if has(frame_bits::START_UNBOUNDED_PRECEDING) {
        FrameBound::UnboundedPreceding
    } else if has(frame_bits::START_UNBOUNDED_FOLLOWING) {
        FrameBound::UnboundedFollowing
    } else if has(frame_bits::START_OFFSET_PRECEDING) {
        FrameBound::Preceding(required(offset))
    } else if has(frame_bits::START_OFFSET_FOLLOWING) {
        FrameBound::Following(required(offset))
    } else {
        FrameBound::CurrentRow
    }
}

fn locking(node: &Node) -> Option<Locking> {
    let Some(NodeEnum::LockingClause(clause)) = &node.node else {
        return None;
    };
    let LockingClause { locked_rels, .. } = clause;
    let strength = match clause.strength() {
        LockClauseStrength::LcsForkeyshare => LockStrength::KeyShare,
        LockClauseStrength::LcsForshare => LockStrength::Share,
        LockClauseStrength::LcsFornokeyupdate => LockStrength::NoKeyUpdate,
        LockClauseStrength::LcsForupdate => LockStrength::Update,
        LockClauseStrength::LcsNone | LockClauseStrength::Undefined => return None,
    };
    let wait = match clause.wait_policy() {
        LockWaitPolicy::Undefined | LockWaitPolicy::LockWaitBlock => LockWait::Wait,
        LockWaitPolicy::LockWaitSkip => LockWait::SkipLocked,
        LockWaitPolicy::LockWaitError => LockWait::NoWait,
    };
    Some(Locking { strength, of: relations(locked_rels), wait })
}

/// `WITH`.
pub(crate) fn with(node: &WithClause) -> With {
    let queries = node.ctes.iter().filter_map(common_table).collect();
    With { recursive: node.recursive, queries }
}

fn common_table(node: &Node) -> Option<CommonTable> {
    let Some(NodeEnum::CommonTableExpr(cte)) = &node.node else {
        return None;
    };
    let CommonTableExpr { ctename, aliascolnames, ctequery, search_clause, cycle_clause, .. } =
        cte.as_ref();
    let materialized = match cte.ctematerialized() {
        CteMaterialize::CtematerializeUndefined | CteMaterialize::Default => None,
        CteMaterialize::Always => Some(true),
        CteMaterialize::Never => Some(false),
    };
    Some(CommonTable {
        name: Ident::new(ctename),
        columns: idents(aliascolnames),
        materialized,
        command: match ctequery.as_deref() {
            Some(query) => command(query),
            None => Command::Query(of_node(None)),
        },
        search: search_clause.as_ref().map(|search| Search {
            breadth: search.search_breadth_first,
            by: idents(&search.search_col_list),
            set: Ident::new(&search.search_seq_column),
        }),
        cycle: cycle_clause.as_deref().map(cycle),
    })
}

fn cycle(node: &CteCycleClause) -> Cycle {
    Cycle {
        columns: idents(&node.cycle_col_list),
        mark: Ident::new(&node.cycle_mark_column),
        value: required(node.cycle_mark_value.as_deref()),
        default: required(node.cycle_mark_default.as_deref()),
        path: Ident::new(&node.cycle_path_column),
    }
}
