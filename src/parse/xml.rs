//! Lowers `XMLELEMENT` and its like, and `XMLTABLE`.
//!
//! `XMLPARSE` carries its whitespace option and `XMLROOT` its `STANDALONE` as trailing
//! constant arguments, as in the grammar.

use pg_query::protobuf::{
    RangeTableFunc, RangeTableFuncCol, ResTarget, XmlExpr, XmlExprOp, XmlOptionType, XmlSerialize,
};
use pg_query::{Node, NodeEnum};

use super::expr::{expr, exprs, optional, required};
use super::from::alias;
use super::type_name::{ident, type_name};
use crate::model::{Expr, Ident, Xml, XmlKind, XmlTable, XmlTableColumn};

/// Every construct but `XMLSERIALIZE`, `XMLEXISTS` and `XMLTABLE`.
#[inline(never)]
pub(crate) fn xml(node: &XmlExpr) -> Expr {
    let kind = match node.op() {
        XmlExprOp::IsXmlconcat | XmlExprOp::Undefined => XmlKind::Concat,
        XmlExprOp::IsXmlelement => XmlKind::Element,
        XmlExprOp::IsXmlforest => XmlKind::Forest,
        XmlExprOp::IsXmlparse => XmlKind::Parse,
        XmlExprOp::IsXmlpi => XmlKind::Pi,
        XmlExprOp::IsXmlroot => XmlKind::Root,
        XmlExprOp::IsXmlserialize => XmlKind::Serialize,
        XmlExprOp::IsDocument => XmlKind::IsDocument,
    };
    Expr::Xml(Box::new(Xml {
        kind,
        name: ident(&node.name),
        named: named(&node.named_args),
        args: exprs(&node.args),
        document: kind == XmlKind::Parse && node.xmloption() == XmlOptionType::XmloptionDocument,
        indent: node.indent,
        ty: None,
    }))
}

/// `XMLSERIALIZE(DOCUMENT x AS t INDENT)`.
#[inline(never)]
pub(crate) fn serialize(node: &XmlSerialize) -> Expr {
    Expr::Xml(Box::new(Xml {
        kind: XmlKind::Serialize,
        name: None,
        named: Vec::new(),
        args: vec![required(node.expr.as_deref())],
        document: node.xmloption() == XmlOptionType::XmloptionDocument,
        indent: node.indent,
        ty: node.type_name.as_ref().map(type_name),
    }))
}

/// Values with an optional `AS name`.
fn named(nodes: &[Node]) -> Vec<(Option<Ident>, Expr)> {
    let value = |node: &Node| match &node.node {
        Some(NodeEnum::ResTarget(target)) => {
            let ResTarget { name, val, .. } = target.as_ref();
            (ident(name), required(val.as_deref()))
        }
        _ => (None, expr(node)),
    };
    nodes.iter().map(value).collect()
}

/// `XMLTABLE(..)` in `FROM`.
pub(crate) fn xml_table(node: &RangeTableFunc) -> XmlTable {
    XmlTable {
        lateral: node.lateral,
        namespaces: named(&node.namespaces),
        row: required(node.rowexpr.as_deref()),
        document: required(node.docexpr.as_deref()),
        columns: node.columns.iter().filter_map(xml_table_column).collect(),
        alias: node.alias.as_ref().map(alias),
    }
}

fn xml_table_column(node: &Node) -> Option<XmlTableColumn> {
    let Some(NodeEnum::RangeTableFuncCol(column)) = &node.node else {
        return None;
    };
    let RangeTableFuncCol {
        colname,
        type_name: ty,
        for_ordinality,
        is_not_null,
        colexpr,
        coldefexpr,
        ..
    } = column.as_ref();
    Some(XmlTableColumn {
        name: Ident::new(colname),
        ty: if *for_ordinality { None } else { ty.as_ref().map(type_name) },
        not_null: *is_not_null,
        path: optional(colexpr.as_deref()),
        default: optional(coldefexpr.as_deref()),
    })
}
