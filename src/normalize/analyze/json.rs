//! SQL/JSON constructors and query functions: their parts are elaborated, their type is
//! that of `RETURNING` (`src/backend/parser/parse_expr.c`).

use super::{Analyzer, Ty, Typed};
use crate::catalog::TypeId;
use crate::model::{
    Alias, ColumnRef, Distinct, Expr, FromItem, Ident, Json, JsonAggregate, JsonBehavior,
    JsonFormat, JsonFunction, JsonFunctionKind, JsonOutput, JsonValue, JsonWrapper, Query,
    QueryBody, Select, Subquery, SubqueryKind, Target,
};

/// One construct with its type.
pub(super) fn json(cx: &mut Analyzer<'_>, json: &Json) -> Typed {
    let (made, ty) = match json {
        Json::Object { pairs, absent_on_null, unique, output } => {
            let mut any = Vec::new();
            let pairs = pairs
                .iter()
                .map(|(key, item)| (noted(cx, key, &mut any), noted_value(cx, item, &mut any)))
                .collect();
            let (output, ty) = constructed(cx, output.as_ref(), &any);
            let (absent_on_null, unique) = (*absent_on_null, *unique);
            (Json::Object { pairs, absent_on_null, unique, output }, ty)
        }
        Json::Array { items, absent_on_null, output } => {
            let mut any = Vec::new();
            let items = items.iter().map(|item| noted_value(cx, item, &mut any)).collect();
            let (output, ty) = constructed(cx, output.as_ref(), &any);
            (Json::Array { items, absent_on_null: *absent_on_null, output }, ty)
        }
        Json::ArrayQuery { query, format, output } => {
            return cx.expr(&array_of_query(query, *format, output.as_ref()));
        }
        Json::ObjectAgg { key, value: item, absent_on_null, unique, aggregate: of } => {
            let mut any = Vec::new();
            let (key, item) = (noted(cx, key, &mut any), noted_value(cx, item, &mut any));
            let (aggregate, ty) = aggregate(cx, of, &any);
            let (absent_on_null, unique) = (*absent_on_null, *unique);
            (Json::ObjectAgg { key, value: item, absent_on_null, unique, aggregate }, ty)
        }
        Json::ArrayAgg { value: item, absent_on_null, aggregate: of } => {
            let mut any = Vec::new();
            let item = noted_value(cx, item, &mut any);
            let (aggregate, ty) = aggregate(cx, of, &any);
            (Json::ArrayAgg { value: item, absent_on_null: *absent_on_null, aggregate }, ty)
        }
        Json::Parse { value: item, unique } => {
            (Json::Parse { value: value(cx, item), unique: *unique }, Some(Ty::plain(TypeId::JSON)))
        }
        Json::Scalar(arg) => (Json::Scalar(argument(cx, arg)), Some(Ty::plain(TypeId::JSON))),
        Json::Serialize { value: item, output } => {
            let item = value(cx, item);
            let (output, ty) = returning(cx, output.as_ref(), TypeId::TEXT);
            (Json::Serialize { value: item, output }, ty)
        }
        Json::IsJson { arg, format, kind, unique } => {
            let arg = argument(cx, arg);
            let made = Json::IsJson { arg, format: *format, kind: *kind, unique: *unique };
            (made, Some(Ty::plain(TypeId::BOOL)))
        }
        Json::Function(function) => query_function(cx, function),
    };
    let expr = Expr::Json(Box::new(made));
    match ty {
        Some(ty) => Typed::known(expr, ty),
        None => Typed::undecided(expr),
    }
}

/// `JSON_ARRAY(SELECT ..)` is `(SELECT JSON_ARRAYAGG(q.a) FROM (SELECT ..) q(a))`
/// (`transformJsonArrayQueryConstructor`).
fn array_of_query(query: &Query, format: JsonFormat, output: Option<&JsonOutput>) -> Expr {
    let (item, column) = (Ident::new("q"), Ident::new("a"));
    let parts = vec![item.clone(), column.clone()];
    let expr = Expr::Column(ColumnRef { parts, star: false });
    let aggregate =
        JsonAggregate { output: output.cloned(), order_by: Vec::new(), filter: None, over: None };
    let value = JsonValue { expr, format };
    let array = Json::ArrayAgg { value, absent_on_null: true, aggregate };
    let from = FromItem::Subquery {
        query: query.clone(),
        lateral: false,
        alias: Some(Alias { name: item, columns: vec![column] }),
    };
    let select = Select {
        distinct: Distinct::No,
        targets: vec![Target { expr: Expr::Json(Box::new(array)), alias: None }],
        from: vec![from],
        filter: None,
        group_by: Vec::new(),
        group_distinct: false,
        having: None,
        windows: Vec::new(),
    };
    let query = Query::of(QueryBody::Select(select));
    Expr::Subquery(Box::new(Subquery { kind: SubqueryKind::Scalar, query }))
}

/// An argument whose type counts for that of the whole.
fn noted(cx: &mut Analyzer<'_>, expr: &Expr, types: &mut Vec<Option<TypeId>>) -> Expr {
    let typed = cx.expr(expr);
    let typed = cx.finish_literal(typed);
    types.push(typed.id());
    typed.expr
}

fn noted_value(
    cx: &mut Analyzer<'_>,
    value: &JsonValue,
    types: &mut Vec<Option<TypeId>>,
) -> JsonValue {
    JsonValue { expr: noted(cx, &value.expr, types), format: value.format }
}

/// What a constructor returns: jsonb when an argument is jsonb, else json
/// (`transformJsonConstructorOutput`).
fn constructed(
    cx: &Analyzer<'_>,
    output: Option<&JsonOutput>,
    types: &[Option<TypeId>],
) -> (Option<JsonOutput>, Option<Ty>) {
    let jsonb = types.contains(&Some(TypeId::JSONB));
    returning(cx, output, if jsonb { TypeId::JSONB } else { TypeId::JSON })
}

/// `RETURNING`, said where it goes without saying, and the type that it means.
fn returning(
    cx: &Analyzer<'_>,
    output: Option<&JsonOutput>,
    default: TypeId,
) -> (Option<JsonOutput>, Option<Ty>) {
    match output {
        Some(output) => {
            let made = JsonOutput { ty: cx.named_type(&output.ty), format: output.format };
            (Some(made), cx.resolve_type(&output.ty))
        }
        None => {
            let ty = Ty::plain(default);
            let made = JsonOutput { ty: cx.type_name(&ty), format: JsonFormat::Default };
            (Some(made), Some(ty))
        }
    }
}

fn argument(cx: &mut Analyzer<'_>, expr: &Expr) -> Expr {
    let typed = cx.expr(expr);
    cx.finish_literal(typed).expr
}

pub(super) fn value(cx: &mut Analyzer<'_>, value: &JsonValue) -> JsonValue {
    JsonValue { expr: argument(cx, &value.expr), format: value.format }
}

fn aggregate(
    cx: &mut Analyzer<'_>,
    aggregate: &JsonAggregate,
    types: &[Option<TypeId>],
) -> (JsonAggregate, Option<Ty>) {
    let (output, ty) = constructed(cx, aggregate.output.as_ref(), types);
    let made = JsonAggregate {
        output,
        order_by: aggregate.order_by.iter().map(|key| cx.sort_key(key)).collect(),
        filter: aggregate.filter.as_ref().map(|filter| cx.condition(filter)),
        over: aggregate.over.as_ref().map(|window| cx.window(window)),
    };
    (made, ty)
}

fn query_function(cx: &mut Analyzer<'_>, function: &JsonFunction) -> (Json, Option<Ty>) {
    let context = value(cx, &function.context);
    let path = cx.expr(&function.path);
    let path = cx.coerce_implicit(path, TypeId::JSONPATH);
    let passing =
        function.passing.iter().map(|(name, item)| (name.clone(), value(cx, item))).collect();
    let (output, ty) = match (function.kind, &function.output) {
        (JsonFunctionKind::Exists, None) => (None, Some(Ty::plain(TypeId::BOOL))),
        (JsonFunctionKind::Exists, output) => returning(cx, output.as_ref(), TypeId::BOOL),
        (JsonFunctionKind::Query, output) => returning(cx, output.as_ref(), TypeId::JSONB),
        (JsonFunctionKind::Value, output) => returning(cx, output.as_ref(), TypeId::TEXT),
    };
    let mut behavior = |behavior: &Option<JsonBehavior>| {
        behavior.as_ref().map(|behavior| self::behavior(cx, behavior, ty.as_ref()))
    };
    let on_empty = behavior(&function.on_empty);
    let on_error = behavior(&function.on_error);
    let usual = match function.kind {
        JsonFunctionKind::Exists => JsonBehavior::False,
        JsonFunctionKind::Query | JsonFunctionKind::Value => JsonBehavior::Null,
    };
    let (on_empty, on_error) = (unusual(on_empty, &usual), unusual(on_error, &usual));
    let (wrapper, keep_quotes) = if function.kind == JsonFunctionKind::Query {
        said(function.wrapper, function.keep_quotes)
    } else {
        (function.wrapper, function.keep_quotes)
    };
    let made = JsonFunction {
        kind: function.kind,
        context,
        path,
        passing,
        output,
        wrapper,
        keep_quotes,
        on_empty,
        on_error,
    };
    (Json::Function(Box::new(made)), ty)
}

/// A behavior that does not go without saying (`get_json_expr_options`,
/// `src/backend/utils/adt/ruleutils.c`).
pub(super) fn unusual(
    behavior: Option<JsonBehavior>,
    usual: &JsonBehavior,
) -> Option<JsonBehavior> {
    behavior.filter(|behavior| behavior != usual)
}

/// `WITHOUT WRAPPER KEEP QUOTES`, said where it goes without saying.
pub(super) fn said(wrapper: JsonWrapper, keep_quotes: Option<bool>) -> (JsonWrapper, Option<bool>) {
    let wrapper = match wrapper {
        JsonWrapper::Unspecified => JsonWrapper::Without,
        JsonWrapper::Without | JsonWrapper::Conditional | JsonWrapper::Unconditional => wrapper,
    };
    (wrapper, Some(keep_quotes.unwrap_or(true)))
}

pub(super) fn behavior(
    cx: &mut Analyzer<'_>,
    behavior: &JsonBehavior,
    ty: Option<&Ty>,
) -> JsonBehavior {
    match behavior {
        JsonBehavior::Default(expr) => {
            let typed = cx.expr(expr);
            JsonBehavior::Default(match ty {
                Some(ty) => cx.coerce_assignment(typed, ty),
                None => typed.expr,
            })
        }
        JsonBehavior::Null
        | JsonBehavior::Error
        | JsonBehavior::True
        | JsonBehavior::False
        | JsonBehavior::Unknown
        | JsonBehavior::EmptyArray
        | JsonBehavior::EmptyObject => behavior.clone(),
    }
}
