//! Lowers what stands in `FROM`: relations, subqueries, functions, joins.

use pg_query::protobuf::{
    Alias as AliasNode, ColumnDef, JoinExpr, JoinType, RangeFunction, RangeSubselect,
    RangeTableSample, RangeVar,
};
use pg_query::{Node, NodeEnum};

use super::expr::{expr, exprs, items, optional, required};
use super::json::json_table;
use super::query;
use super::type_name::{idents, name, range_var, type_name};
use super::xml::xml_table;
use crate::model::{
    Alias, ColumnDefinition, Expr, FromFunctions, FromItem, Ident, Join, JoinKind, Name, Sample,
};

/// Every item of a list.
pub(crate) fn from_items(nodes: &[Node]) -> Vec<FromItem> {
    nodes.iter().map(from_item).collect()
}

/// One item.
pub(crate) fn from_item(node: &Node) -> FromItem {
    match &node.node {
        Some(NodeEnum::RangeVar(node)) => relation(node, None),
        Some(NodeEnum::RangeTableSample(node)) => sampled(node),
        Some(NodeEnum::RangeSubselect(node)) => subquery(node),
        Some(NodeEnum::RangeFunction(node)) => functions(node),
        Some(NodeEnum::JoinExpr(node)) => join(node),
        Some(NodeEnum::RangeTableFunc(node)) => FromItem::XmlTable(Box::new(xml_table(node))),
        Some(NodeEnum::JsonTable(node)) => FromItem::JsonTable(Box::new(json_table(node))),
        _ => other(node),
    }
}

/// What the grammar never puts in `FROM`, as a call-like item so that it is not lost.
#[cold]
fn other(node: &Node) -> FromItem {
    FromItem::Functions(Box::new(FromFunctions {
        functions: vec![(expr(node), Vec::new())],
        rows_from: false,
        ordinality: false,
        lateral: false,
        alias: None,
        columns: Vec::new(),
    }))
}

fn relation(node: &RangeVar, sample: Option<Box<Sample>>) -> FromItem {
    FromItem::Relation {
        name: range_var(node),
        only: !node.inh,
        alias: node.alias.as_ref().map(alias),
        sample,
    }
}

#[inline(never)]
fn sampled(node: &RangeTableSample) -> FromItem {
    let sample = Sample {
        method: name(&node.method),
        args: exprs(&node.args),
        repeatable: optional(node.repeatable.as_deref()),
    };
    match node.relation.as_deref() {
        Some(Node { node: Some(NodeEnum::RangeVar(table)) }) => {
            relation(table, Some(Box::new(sample)))
        }
        Some(unknown) => other(unknown),
        None => relation(&RangeVar::default(), Some(Box::new(sample))),
    }
}

#[inline(never)]
fn subquery(node: &RangeSubselect) -> FromItem {
    FromItem::Subquery {
        query: query::of_node(node.subquery.as_deref()),
        lateral: node.lateral,
        alias: node.alias.as_ref().map(alias),
    }
}

/// Each function is a list of two: the call and its column definitions.
#[inline(never)]
fn functions(node: &RangeFunction) -> FromItem {
    let function = |node: &Node| -> (Expr, Vec<ColumnDefinition>) {
        let pair = items(Some(node));
        (required(pair.first()), column_definitions(items(pair.get(1))))
    };
    FromItem::Functions(Box::new(FromFunctions {
        functions: node.functions.iter().map(function).collect(),
        rows_from: node.is_rowsfrom,
        ordinality: node.ordinality,
        lateral: node.lateral,
        alias: node.alias.as_ref().map(alias),
        columns: column_definitions(&node.coldeflist),
    }))
}

fn column_definitions(nodes: &[Node]) -> Vec<ColumnDefinition> {
    let definition = |node: &Node| match &node.node {
        Some(NodeEnum::ColumnDef(column)) => {
            let ColumnDef { colname, type_name: ty, coll_clause, .. } = column.as_ref();
            Some(ColumnDefinition {
                name: Ident::new(colname),
                ty: ty.as_ref().map(type_name).unwrap_or_default(),
                collation: coll_clause.as_deref().map(|clause| name(&clause.collname)),
            })
        }
        _ => None,
    };
    nodes.iter().filter_map(definition).collect()
}

#[inline(never)]
fn join(node: &JoinExpr) -> FromItem {
    let kind = match node.jointype() {
        JoinType::JoinLeft => JoinKind::Left,
        JoinType::JoinRight => JoinKind::Right,
        JoinType::JoinFull => JoinKind::Full,
        // The rest, but for INNER, is made by the planner only.
        JoinType::Undefined
        | JoinType::JoinInner
        | JoinType::JoinSemi
        | JoinType::JoinAnti
        | JoinType::JoinRightSemi
        | JoinType::JoinRightAnti
        | JoinType::JoinUniqueOuter
        | JoinType::JoinUniqueInner => JoinKind::Inner,
    };
    let side = |node: Option<&Node>| from_item(node.unwrap_or(&Node { node: None }));
    FromItem::Join(Box::new(Join {
        kind,
        natural: node.is_natural,
        left: side(node.larg.as_deref()),
        right: side(node.rarg.as_deref()),
        on: optional(node.quals.as_deref()),
        using: idents(&node.using_clause),
        using_alias: node.join_using_alias.as_ref().map(|alias| Ident::new(&alias.aliasname)),
        alias: node.alias.as_ref().map(alias),
    }))
}

/// `AS a (b, c)`.
pub(crate) fn alias(node: &AliasNode) -> Alias {
    Alias { name: Ident::new(&node.aliasname), columns: idents(&node.colnames) }
}

/// The names of a list of relations.
pub(crate) fn relations(nodes: &[Node]) -> Vec<Name> {
    let relation = |node: &Node| match &node.node {
        Some(NodeEnum::RangeVar(relation)) => Some(range_var(relation)),
        _ => None,
    };
    nodes.iter().filter_map(relation).collect()
}
