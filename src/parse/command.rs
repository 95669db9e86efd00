//! Lowers the statements that rules, `WITH` and SQL-standard bodies hold.
//!
//! `SET (a, b) = (SELECT ..)` arrives as two assignments that both hold the whole
//! source; each becomes an [`Expr::MultiAssign`](crate::model::Expr::MultiAssign)
//! with its number.

use pg_query::protobuf::{
    CmdType, DeleteStmt, InsertStmt, MergeMatchKind, MergeStmt, MergeWhenClause, NotifyStmt,
    OnConflictAction, OnConflictClause, OverridingKind, RangeVar, ResTarget, ReturningClause,
    ReturningOptionKind, UpdateStmt,
};
use pg_query::{Node, NodeEnum};

use super::expr::{accesses, exprs, optional, printed, required};
use super::from::{from_item, from_items};
use super::query::{self, targets, with};
use super::type_name::{ident, name, range_var};
use crate::model::{
    Access, Assignment, ColumnRef, Command, CommandTarget, ConflictElement, Delete, Expr, Ident,
    Insert, Merge, MergeAction, MergeBranch, MergeMatch, OnConflict, Returning, Update,
};

/// A query or a data-modifying statement.
pub(crate) fn command(node: &Node) -> Command {
    match &node.node {
        Some(NodeEnum::SelectStmt(node)) => Command::Query(query::query(node)),
        Some(NodeEnum::InsertStmt(node)) => insert(node),
        Some(NodeEnum::UpdateStmt(node)) => update(node),
        Some(NodeEnum::DeleteStmt(node)) => delete(node),
        Some(NodeEnum::MergeStmt(node)) => merge(node),
        Some(NodeEnum::NotifyStmt(node)) => notify(node),
        Some(NodeEnum::ReturnStmt(node)) => Command::Return(required(node.returnval.as_deref())),
        _ => other(node),
    }
}

/// Any other statement, as the text that the parser's own printer makes of it.
#[cold]
fn other(node: &Node) -> Command {
    let text = node
        .node
        .as_ref()
        .and_then(|inner| inner.deparse(pg_query::DeparseOptions::default()).ok());
    Command::Opaque(text.map_or_else(|| printed(node), Box::from))
}

fn target(node: Option<&RangeVar>) -> CommandTarget {
    CommandTarget {
        relation: node.map(range_var).unwrap_or_default(),
        only: node.is_some_and(|node| !node.inh),
        alias: node.and_then(|node| node.alias.as_ref()).and_then(|alias| ident(&alias.aliasname)),
    }
}

#[inline(never)]
fn insert(node: &InsertStmt) -> Command {
    Command::Insert(Box::new(Insert {
        with: node.with_clause.as_ref().map(with),
        target: target(node.relation.as_ref()),
        columns: columns(&node.cols),
        overriding_system: overriding(node.r#override()),
        source: node.select_stmt.as_deref().map(|source| query::of_node(Some(source))),
        on_conflict: node.on_conflict_clause.as_deref().map(on_conflict),
        returning: returning(node.returning_clause.as_ref()),
    }))
}

fn overriding(kind: OverridingKind) -> Option<bool> {
    match kind {
        OverridingKind::Undefined | OverridingKind::OverridingNotSet => None,
        OverridingKind::OverridingUserValue => Some(false),
        OverridingKind::OverridingSystemValue => Some(true),
    }
}

/// The columns of an `INSERT`.
fn columns(nodes: &[Node]) -> Vec<(Ident, Vec<Access>)> {
    res_targets(nodes).map(|node| (Ident::new(&node.name), accesses(&node.indirection))).collect()
}

/// The list of a `SET`.
fn assignments(nodes: &[Node]) -> Vec<Assignment> {
    let assignment = |node: &ResTarget| Assignment {
        column: Ident::new(&node.name),
        access: accesses(&node.indirection),
        value: required(node.val.as_deref()),
    };
    res_targets(nodes).map(assignment).collect()
}

fn res_targets(nodes: &[Node]) -> impl Iterator<Item = &ResTarget> {
    nodes.iter().filter_map(|node| match &node.node {
        Some(NodeEnum::ResTarget(target)) => Some(target.as_ref()),
        _ => None,
    })
}

fn on_conflict(node: &OnConflictClause) -> OnConflict {
    let infer = node.infer.as_deref();
    let updates = node.action() == OnConflictAction::OnconflictUpdate;
    OnConflict {
        constraint: infer.and_then(|infer| ident(&infer.conname)),
        elements: infer.map(|infer| conflict_elements(&infer.index_elems)).unwrap_or_default(),
        target_filter: infer.and_then(|infer| optional(infer.where_clause.as_deref())),
        set: updates.then(|| assignments(&node.target_list)),
        filter: optional(node.where_clause.as_deref()),
    }
}

fn conflict_elements(nodes: &[Node]) -> Vec<ConflictElement> {
    let element = |node: &Node| match &node.node {
        Some(NodeEnum::IndexElem(element)) => Some(ConflictElement {
            expr: match element.expr.as_deref() {
                Some(expr) => required(Some(expr)),
                None => {
                    Expr::Column(ColumnRef { parts: vec![Ident::new(&element.name)], star: false })
                }
            },
            collation: (!element.collation.is_empty()).then(|| name(&element.collation)),
            opclass: (!element.opclass.is_empty()).then(|| name(&element.opclass)),
        }),
        _ => None,
    };
    nodes.iter().filter_map(element).collect()
}

fn returning(node: Option<&ReturningClause>) -> Returning {
    let Some(node) = node else {
        return Returning::default();
    };
    let mut result = Returning { targets: targets(&node.exprs), ..Returning::default() };
    for option in &node.options {
        let Some(NodeEnum::ReturningOption(option)) = &option.node else {
            continue;
        };
        match option.option() {
            ReturningOptionKind::ReturningOptionOld => result.old_alias = ident(&option.value),
            ReturningOptionKind::ReturningOptionNew => result.new_alias = ident(&option.value),
            ReturningOptionKind::Undefined => {}
        }
    }
    result
}

#[inline(never)]
fn update(node: &UpdateStmt) -> Command {
    Command::Update(Box::new(Update {
        with: node.with_clause.as_ref().map(with),
        target: target(node.relation.as_ref()),
        set: assignments(&node.target_list),
        from: from_items(&node.from_clause),
        filter: optional(node.where_clause.as_deref()),
        returning: returning(node.returning_clause.as_ref()),
    }))
}

#[inline(never)]
fn delete(node: &DeleteStmt) -> Command {
    Command::Delete(Box::new(Delete {
        with: node.with_clause.as_ref().map(with),
        target: target(node.relation.as_ref()),
        using: from_items(&node.using_clause),
        filter: optional(node.where_clause.as_deref()),
        returning: returning(node.returning_clause.as_ref()),
    }))
}

#[inline(never)]
fn merge(node: &MergeStmt) -> Command {
    let branch = |node: &Node| match &node.node {
        Some(NodeEnum::MergeWhenClause(when)) => Some(merge_branch(when)),
        _ => None,
    };
    Command::Merge(Box::new(Merge {
        with: node.with_clause.as_ref().map(with),
        target: target(node.relation.as_ref()),
        source: from_item(node.source_relation.as_deref().unwrap_or(&Node { node: None })),
        on: required(node.join_condition.as_deref()),
        branches: node.merge_when_clauses.iter().filter_map(branch).collect(),
        returning: returning(node.returning_clause.as_ref()),
    }))
}

fn merge_branch(node: &MergeWhenClause) -> MergeBranch {
    let matched = match node.match_kind() {
        MergeMatchKind::Undefined | MergeMatchKind::MergeWhenMatched => MergeMatch::Matched,
        MergeMatchKind::MergeWhenNotMatchedBySource => MergeMatch::NotMatchedBySource,
        MergeMatchKind::MergeWhenNotMatchedByTarget => MergeMatch::NotMatchedByTarget,
    };
    let action = match node.command_type() {
        CmdType::CmdUpdate => MergeAction::Update(assignments(&node.target_list)),
        CmdType::CmdDelete => MergeAction::Delete,
        CmdType::CmdInsert => MergeAction::Insert {
            columns: columns(&node.target_list),
            overriding_system: overriding(node.r#override()),
            values: exprs(&node.values),
        },
        CmdType::Undefined
        | CmdType::CmdUnknown
        | CmdType::CmdSelect
        | CmdType::CmdMerge
        | CmdType::CmdUtility
        | CmdType::CmdNothing => MergeAction::Nothing,
    };
    MergeBranch { matched, condition: optional(node.condition.as_deref()), action }
}

fn notify(node: &NotifyStmt) -> Command {
    let payload = (!node.payload.is_empty()).then(|| Box::from(node.payload.as_str()));
    Command::Notify { channel: Ident::new(&node.conditionname), payload }
}
