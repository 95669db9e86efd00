//! Lowers SQL/JSON: constructors, query functions, predicates and `JSON_TABLE`.
//!
//! What is not said gets PostgreSQL's default here, so `JSON_ARRAY(x)` and
//! `JSON_ARRAY(x ABSENT ON NULL)` are one value.

use pg_query::protobuf::{
    JsonAggConstructor, JsonArgument, JsonArrayAgg, JsonArrayConstructor,
    JsonArrayQueryConstructor, JsonBehavior as BehaviorNode, JsonBehaviorType, JsonEncoding,
    JsonExprOp, JsonFormat as FormatNode, JsonFormatType, JsonFuncExpr, JsonIsPredicate,
    JsonKeyValue, JsonObjectAgg, JsonObjectConstructor, JsonOutput as OutputNode, JsonParseExpr,
    JsonQuotes, JsonScalarExpr, JsonSerializeExpr, JsonTable as TableNode,
    JsonTableColumn as ColumnNode, JsonTableColumnType, JsonTablePathSpec, JsonValueExpr,
    JsonValueType, JsonWrapper as WrapperNode,
};
use pg_query::{Node, NodeEnum};

use super::expr::{expr, optional, required};
use super::from::alias;
use super::query::{self, sort_keys, window};
use super::type_name::{ident, type_name};
use crate::model::{
    Expr, Ident, Json, JsonAggregate, JsonBehavior, JsonFormat, JsonFunction, JsonFunctionKind,
    JsonKind, JsonOutput, JsonTable, JsonTableColumn, JsonValue, JsonWrapper,
};

/// The expression, when the node is SQL/JSON.
#[inline(never)]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser's enum has every node of PostgreSQL"
)]
pub(crate) fn json(node: &NodeEnum) -> Option<Expr> {
    let json = match node {
        NodeEnum::JsonObjectConstructor(node) => object(node),
        NodeEnum::JsonArrayConstructor(node) => array(node),
        NodeEnum::JsonArrayQueryConstructor(node) => array_query(node),
        NodeEnum::JsonObjectAgg(node) => object_agg(node),
        NodeEnum::JsonArrayAgg(node) => array_agg(node),
        NodeEnum::JsonParseExpr(node) => parse(node),
        NodeEnum::JsonScalarExpr(node) => scalar(node),
        NodeEnum::JsonSerializeExpr(node) => serialize(node),
        NodeEnum::JsonIsPredicate(node) => is_json(node),
        NodeEnum::JsonFuncExpr(node) => function(node),
        _ => return None,
    };
    Some(Expr::Json(Box::new(json)))
}

fn object(node: &JsonObjectConstructor) -> Json {
    let pair = |node: &Node| match &node.node {
        Some(NodeEnum::JsonKeyValue(pair)) => key_value(pair),
        _ => (expr(node), value(None)),
    };
    Json::Object {
        pairs: node.exprs.iter().map(pair).collect(),
        absent_on_null: node.absent_on_null,
        unique: node.unique,
        output: output(node.output.as_ref()),
    }
}

fn key_value(node: &JsonKeyValue) -> (Expr, JsonValue) {
    (required(node.key.as_deref()), value(node.value.as_deref()))
}

fn array(node: &JsonArrayConstructor) -> Json {
    let item = |node: &Node| match &node.node {
        Some(NodeEnum::JsonValueExpr(item)) => value(Some(item)),
        _ => JsonValue { expr: expr(node), format: JsonFormat::Default },
    };
    Json::Array {
        items: node.exprs.iter().map(item).collect(),
        absent_on_null: node.absent_on_null,
        output: output(node.output.as_ref()),
    }
}

fn array_query(node: &JsonArrayQueryConstructor) -> Json {
    Json::ArrayQuery {
        query: query::of_node(node.query.as_deref()),
        format: format(node.format.as_ref()),
        output: output(node.output.as_ref()),
    }
}

fn object_agg(node: &JsonObjectAgg) -> Json {
    let (key, value) = node.arg.as_deref().map_or_else(|| (required(None), value(None)), key_value);
    Json::ObjectAgg {
        key,
        value,
        absent_on_null: node.absent_on_null,
        unique: node.unique,
        aggregate: aggregate(node.constructor.as_deref()),
    }
}

fn array_agg(node: &JsonArrayAgg) -> Json {
    Json::ArrayAgg {
        value: value(node.arg.as_deref()),
        absent_on_null: node.absent_on_null,
        aggregate: aggregate(node.constructor.as_deref()),
    }
}

fn aggregate(node: Option<&JsonAggConstructor>) -> JsonAggregate {
    JsonAggregate {
        output: node.and_then(|node| output(node.output.as_ref())),
        order_by: node.map(|node| sort_keys(&node.agg_order)).unwrap_or_default(),
        filter: node.and_then(|node| optional(node.agg_filter.as_deref())),
        over: node.and_then(|node| node.over.as_deref()).map(window),
    }
}

fn parse(node: &JsonParseExpr) -> Json {
    Json::Parse { value: value(node.expr.as_deref()), unique: node.unique_keys }
}

fn scalar(node: &JsonScalarExpr) -> Json {
    Json::Scalar(required(node.expr.as_deref()))
}

fn serialize(node: &JsonSerializeExpr) -> Json {
    Json::Serialize { value: value(node.expr.as_deref()), output: output(node.output.as_ref()) }
}

fn is_json(node: &JsonIsPredicate) -> Json {
    let kind = match node.item_type() {
        JsonValueType::JsTypeAny | JsonValueType::Undefined => JsonKind::Any,
        JsonValueType::JsTypeObject => JsonKind::Object,
        JsonValueType::JsTypeArray => JsonKind::Array,
        JsonValueType::JsTypeScalar => JsonKind::Scalar,
    };
    Json::IsJson {
        arg: required(node.expr.as_deref()),
        format: format(node.format.as_ref()),
        kind,
        unique: node.unique_keys,
    }
}

fn function(node: &JsonFuncExpr) -> Json {
    let kind = match node.op() {
        JsonExprOp::JsonExistsOp => JsonFunctionKind::Exists,
        JsonExprOp::JsonValueOp => JsonFunctionKind::Value,
        JsonExprOp::JsonQueryOp | JsonExprOp::JsonTableOp | JsonExprOp::Undefined => {
            JsonFunctionKind::Query
        }
    };
    Json::Function(Box::new(JsonFunction {
        kind,
        context: value(node.context_item.as_deref()),
        path: required(node.pathspec.as_deref()),
        passing: passing(&node.passing),
        output: output(node.output.as_ref()),
        wrapper: wrapper(node.wrapper()),
        keep_quotes: quotes(node.quotes()),
        on_empty: node.on_empty.as_deref().map(behavior),
        on_error: node.on_error.as_deref().map(behavior),
    }))
}

fn value(node: Option<&JsonValueExpr>) -> JsonValue {
    JsonValue {
        expr: required(node.and_then(|node| node.raw_expr.as_deref())),
        format: node.map_or(JsonFormat::Default, |node| format(node.format.as_ref())),
    }
}

fn format(node: Option<&FormatNode>) -> JsonFormat {
    let Some(node) = node else {
        return JsonFormat::Default;
    };
    match (node.format_type(), node.encoding()) {
        (JsonFormatType::JsFormatJson | JsonFormatType::JsFormatJsonb, encoding) => {
            match encoding {
                JsonEncoding::Undefined | JsonEncoding::JsEncDefault => JsonFormat::Json,
                JsonEncoding::JsEncUtf8 => JsonFormat::JsonUtf8,
                JsonEncoding::JsEncUtf16 => JsonFormat::JsonUtf16,
                JsonEncoding::JsEncUtf32 => JsonFormat::JsonUtf32,
            }
        }
        (JsonFormatType::JsFormatDefault | JsonFormatType::Undefined, _) => JsonFormat::Default,
    }
}

fn output(node: Option<&OutputNode>) -> Option<JsonOutput> {
    let node = node?;
    let ty = node.type_name.as_ref().map(type_name).unwrap_or_default();
    let format = format(node.returning.as_ref().and_then(|returning| returning.format.as_ref()));
    Some(JsonOutput { ty, format })
}

fn passing(nodes: &[Node]) -> Vec<(Ident, JsonValue)> {
    let argument = |node: &Node| match &node.node {
        Some(NodeEnum::JsonArgument(argument)) => {
            let JsonArgument { val, name } = argument.as_ref();
            Some((Ident::new(name), value(val.as_deref())))
        }
        _ => None,
    };
    nodes.iter().filter_map(argument).collect()
}

fn wrapper(node: WrapperNode) -> JsonWrapper {
    match node {
        WrapperNode::Undefined | WrapperNode::JswUnspec => JsonWrapper::Unspecified,
        WrapperNode::JswNone => JsonWrapper::Without,
        WrapperNode::JswConditional => JsonWrapper::Conditional,
        WrapperNode::JswUnconditional => JsonWrapper::Unconditional,
    }
}

fn quotes(node: JsonQuotes) -> Option<bool> {
    match node {
        JsonQuotes::Undefined | JsonQuotes::JsQuotesUnspec => None,
        JsonQuotes::JsQuotesKeep => Some(true),
        JsonQuotes::JsQuotesOmit => Some(false),
    }
}

fn behavior(node: &BehaviorNode) -> JsonBehavior {
    match node.btype() {
        JsonBehaviorType::Undefined | JsonBehaviorType::JsonBehaviorNull => JsonBehavior::Null,
        JsonBehaviorType::JsonBehaviorError => JsonBehavior::Error,
        JsonBehaviorType::JsonBehaviorTrue => JsonBehavior::True,
        JsonBehaviorType::JsonBehaviorFalse => JsonBehavior::False,
        JsonBehaviorType::JsonBehaviorUnknown => JsonBehavior::Unknown,
        // The grammar reads a bare `EMPTY` as `EMPTY ARRAY`.
        JsonBehaviorType::JsonBehaviorEmpty | JsonBehaviorType::JsonBehaviorEmptyArray => {
            JsonBehavior::EmptyArray
        }
        JsonBehaviorType::JsonBehaviorEmptyObject => JsonBehavior::EmptyObject,
        JsonBehaviorType::JsonBehaviorDefault => {
            JsonBehavior::Default(required(node.expr.as_deref()))
        }
    }
}

/// `JSON_TABLE(..)` in `FROM`.
pub(crate) fn json_table(node: &TableNode) -> JsonTable {
    let (path, path_name) = path_spec(node.pathspec.as_deref());
    JsonTable {
        lateral: node.lateral,
        context: value(node.context_item.as_deref()),
        path: path.unwrap_or_else(|| required(None)),
        path_name,
        passing: passing(&node.passing),
        columns: table_columns(&node.columns),
        on_error: node.on_error.as_deref().map(behavior),
        alias: node.alias.as_ref().map(alias),
    }
}

fn path_spec(node: Option<&JsonTablePathSpec>) -> (Option<Expr>, Option<Ident>) {
    node.map_or((None, None), |node| (optional(node.string.as_deref()), ident(&node.name)))
}

fn table_columns(nodes: &[Node]) -> Vec<JsonTableColumn> {
    let column = |node: &Node| match &node.node {
        Some(NodeEnum::JsonTableColumn(column)) => Some(table_column(column)),
        _ => None,
    };
    nodes.iter().filter_map(column).collect()
}

fn table_column(node: &ColumnNode) -> JsonTableColumn {
    let name = Ident::new(&node.name);
    let (path, path_name) = path_spec(node.pathspec.as_deref());
    let exists = match node.coltype() {
        JsonTableColumnType::JtcForOrdinality => return JsonTableColumn::Ordinality(name),
        JsonTableColumnType::JtcNested => {
            let path = path.unwrap_or_else(|| required(None));
            return JsonTableColumn::Nested {
                path,
                path_name,
                columns: table_columns(&node.columns),
            };
        }
        JsonTableColumnType::JtcExists => true,
        JsonTableColumnType::Undefined
        | JsonTableColumnType::JtcRegular
        | JsonTableColumnType::JtcFormatted => false,
    };
    JsonTableColumn::Regular {
        name,
        ty: node.type_name.as_ref().map(type_name).unwrap_or_default(),
        exists,
        format: format(node.format.as_ref()),
        path,
        // The grammar marks `EXISTS` columns "without", though nothing can be written there.
        wrapper: if exists { JsonWrapper::Unspecified } else { wrapper(node.wrapper()) },
        keep_quotes: quotes(node.quotes()),
        on_empty: node.on_empty.as_deref().map(behavior),
        on_error: node.on_error.as_deref().map(behavior),
    }
}
