//! SQL/JSON constructors and query functions: their parts are elaborated, their type is
//! that of `RETURNING` (`src/backend/parser/parse_expr.c`).

use super::{Analyzer, Ty, Typed};
use crate::catalog::TypeId;
use crate::model::{
    Expr, Json, JsonAggregate, JsonBehavior, JsonFunction, JsonFunctionKind, JsonOutput, JsonValue,
};

/// One construct with its type.
pub(super) fn json(cx: &mut Analyzer<'_>, json: &Json) -> Typed {
    let output = |cx: &mut Analyzer<'_>, output: &Option<JsonOutput>| {
        output
            .as_ref()
            .map(|output| JsonOutput { ty: cx.named_type(&output.ty), format: output.format })
    };
    let (made, ty) = match json {
        Json::Object { pairs, absent_on_null, unique, output: out } => {
            let pairs =
                pairs.iter().map(|(key, item)| (argument(cx, key), value(cx, item))).collect();
            let out = output(cx, out);
            let ty = returned(cx, out.as_ref(), TypeId::JSON);
            (
                Json::Object {
                    pairs,
                    absent_on_null: *absent_on_null,
                    unique: *unique,
                    output: out,
                },
                ty,
            )
        }
        Json::Array { items, absent_on_null, output: out } => {
            let items = items.iter().map(|item| value(cx, item)).collect();
            let out = output(cx, out);
            let ty = returned(cx, out.as_ref(), TypeId::JSON);
            (Json::Array { items, absent_on_null: *absent_on_null, output: out }, ty)
        }
        Json::ArrayQuery { query, format, output: out } => {
            let query = cx.query(query).0;
            let out = output(cx, out);
            let ty = returned(cx, out.as_ref(), TypeId::JSON);
            (Json::ArrayQuery { query, format: *format, output: out }, ty)
        }
        Json::ObjectAgg { key, value: item, absent_on_null, unique, aggregate: of } => {
            let (key, item) = (argument(cx, key), value(cx, item));
            let aggregate = aggregate(cx, of);
            let ty = returned(cx, aggregate.output.as_ref(), TypeId::JSON);
            let (absent_on_null, unique) = (*absent_on_null, *unique);
            (Json::ObjectAgg { key, value: item, absent_on_null, unique, aggregate }, ty)
        }
        Json::ArrayAgg { value: item, absent_on_null, aggregate: of } => {
            let item = value(cx, item);
            let aggregate = aggregate(cx, of);
            let ty = returned(cx, aggregate.output.as_ref(), TypeId::JSON);
            (Json::ArrayAgg { value: item, absent_on_null: *absent_on_null, aggregate }, ty)
        }
        Json::Parse { value: item, unique } => {
            (Json::Parse { value: value(cx, item), unique: *unique }, Some(Ty::plain(TypeId::JSON)))
        }
        Json::Scalar(arg) => (Json::Scalar(argument(cx, arg)), Some(Ty::plain(TypeId::JSON))),
        Json::Serialize { value: item, output: out } => {
            let item = value(cx, item);
            let out = output(cx, out);
            let ty = returned(cx, out.as_ref(), TypeId::TEXT);
            (Json::Serialize { value: item, output: out }, ty)
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

fn argument(cx: &mut Analyzer<'_>, expr: &Expr) -> Expr {
    let typed = cx.expr(expr);
    cx.finish_literal(typed).expr
}

pub(super) fn value(cx: &mut Analyzer<'_>, value: &JsonValue) -> JsonValue {
    JsonValue { expr: argument(cx, &value.expr), format: value.format }
}

/// The type of `RETURNING`, or the default of the construct.
fn returned(cx: &Analyzer<'_>, output: Option<&JsonOutput>, default: TypeId) -> Option<Ty> {
    match output {
        Some(output) => cx.resolve_type(&output.ty),
        None => Some(Ty::plain(default)),
    }
}

fn aggregate(cx: &mut Analyzer<'_>, aggregate: &JsonAggregate) -> JsonAggregate {
    JsonAggregate {
        output: aggregate
            .output
            .as_ref()
            .map(|output| JsonOutput { ty: cx.named_type(&output.ty), format: output.format }),
        order_by: aggregate.order_by.iter().map(|key| cx.sort_key(key)).collect(),
        filter: aggregate.filter.as_ref().map(|filter| cx.condition(filter)),
        over: aggregate.over.as_ref().map(|window| cx.window(window)),
    }
}

fn query_function(cx: &mut Analyzer<'_>, function: &JsonFunction) -> (Json, Option<Ty>) {
    let context = value(cx, &function.context);
    let path = cx.expr(&function.path);
    let path = cx.coerce_implicit(path, TypeId::JSONPATH);
    let passing =
        function.passing.iter().map(|(name, item)| (name.clone(), value(cx, item))).collect();
    let output = function
        .output
        .as_ref()
        .map(|output| JsonOutput { ty: cx.named_type(&output.ty), format: output.format });
    let default = match function.kind {
        JsonFunctionKind::Exists => TypeId::BOOL,
        JsonFunctionKind::Query => TypeId::JSONB,
        JsonFunctionKind::Value => TypeId::TEXT,
    };
    let ty = returned(cx, output.as_ref(), default);
    let mut behavior = |behavior: &Option<JsonBehavior>| {
        behavior.as_ref().map(|behavior| self::behavior(cx, behavior, ty.as_ref()))
    };
    let on_empty = behavior(&function.on_empty);
    let on_error = behavior(&function.on_error);
    let made =
        JsonFunction { context, path, passing, output, on_empty, on_error, ..function.clone() };
    (Json::Function(Box::new(made)), ty)
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
