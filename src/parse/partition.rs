//! Partition keys and bounds.

use pg_query::NodeEnum;
use pg_query::protobuf::{self, Node, PartitionStrategy as Strategy};
use std::collections::BTreeMap;

use super::expr::expr;
use super::lower::unsupported;
use super::type_name::name;
use crate::model::{
    BoundValue, ColumnRef, Expr, Ident, IndexKey, KeyDetails, PartitionBound, PartitionKey,
    PartitionStrategy, Problem, SearchPath,
};

/// Lowers `PARTITION BY`; the path is filled in when the table is made.
pub(super) fn key(spec: &protobuf::PartitionSpec) -> PartitionKey {
    let element = |node: &Node| match &node.node {
        Some(NodeEnum::PartitionElem(element)) => Some(partition_element(element)),
        _no_other_node_is_a_key => None,
    };
    PartitionKey {
        strategy: match spec.strategy() {
            Strategy::List => PartitionStrategy::List,
            Strategy::Range | Strategy::Undefined => PartitionStrategy::Range,
            Strategy::Hash => PartitionStrategy::Hash,
        },
        keys: spec.part_params.iter().filter_map(element).collect(),
        path: SearchPath::empty(),
    }
}

fn partition_element(element: &protobuf::PartitionElem) -> IndexKey {
    let column = || Expr::Column(ColumnRef { parts: vec![Ident::new(&element.name)], star: false });
    let details = KeyDetails {
        collation: (!element.collation.is_empty()).then(|| name(&element.collation)),
        opclass: (!element.opclass.is_empty()).then(|| name(&element.opclass)),
        opclass_options: BTreeMap::new(),
    };
    let expr = element.expr.as_deref().map_or_else(column, expr);
    IndexKey { details: details.into(), ..IndexKey::new(expr) }
}

/// Lowers `FOR VALUES ..` or `DEFAULT`.
pub(super) fn bound(spec: &protobuf::PartitionBoundSpec) -> Result<PartitionBound, Problem> {
    if spec.is_default {
        return Ok(PartitionBound::Default);
    }
    match spec.strategy.as_str() {
        "l" => Ok(PartitionBound::List(spec.listdatums.iter().map(expr).collect())),
        "r" => Ok(PartitionBound::Range {
            from: spec.lowerdatums.iter().map(bound_value).collect(),
            to: spec.upperdatums.iter().map(bound_value).collect(),
        }),
        "h" => Ok(PartitionBound::Hash { modulus: spec.modulus, remainder: spec.remainder }),
        _no_other_strategy => Err(unsupported("this partition bound")),
    }
}

/// MINVALUE and MAXVALUE come as column references of those names
/// (`transformPartitionRangeBounds`, `src/backend/parser/parse_utilcmd.c`).
fn bound_value(node: &Node) -> BoundValue {
    let value = expr(node);
    if let Expr::Column(column) = &value
        && let [only] = column.parts.as_slice()
    {
        match only.as_str() {
            "minvalue" => return BoundValue::MinValue,
            "maxvalue" => return BoundValue::MaxValue,
            _an_expression => {}
        }
    }
    BoundValue::Expr(value)
}
