//! The name that PostgreSQL gives to an expression that has none
//! (`FigureColnameInternal`, `src/backend/parser/parse_target.c`).

use super::{
    Access, Expr, Json, JsonFunctionKind, LikeKind, QueryBody, SqlValue, SubqueryKind, XmlKind,
};

/// The name of an index column (`expr` when nothing better is found).
pub(crate) fn index_column(expr: &Expr) -> String {
    figure(expr).map_or_else(|| "expr".to_owned(), |(name, _)| name)
}

/// The name of an output column of a query (`?column?` when nothing better is found).
pub(crate) fn output_column(expr: &Expr) -> String {
    figure(expr).map_or_else(|| "?column?".to_owned(), |(name, _)| name)
}

/// The name and its strength: 2 for a name proper, 1 for that of a type or of a keyword.
fn figure(expr: &Expr) -> Option<(String, u8)> {
    let strong = |name: &str| Some((name.to_owned(), 2));
    match expr {
        Expr::Column(column) if !column.star => strong(column.parts.last()?.as_str()),
        Expr::Indirection(arg, steps) => {
            let field = steps.iter().rev().find_map(|step| match step {
                Access::Field(name) => Some(name.as_str()),
                Access::Star | Access::Index(_) | Access::Slice(..) => None,
            });
            field.map_or_else(|| figure(arg), strong)
        }
        Expr::Call(call) => strong(call.name.name.as_str()),
        Expr::NullIf(_) => strong("nullif"),
        Expr::Cast(cast) => {
            let inner = figure(&cast.arg);
            if inner.as_ref().is_some_and(|(_, strength)| *strength > 1) {
                return inner;
            }
            Some((cast.ty.name.name.as_str().to_owned(), 1))
        }
        Expr::Collate(collate) => figure(&collate.arg),
        Expr::Grouping(_) => strong("grouping"),
        Expr::MergeAction => strong("merge_action"),
        Expr::Subquery(subquery) => match &subquery.kind {
            SubqueryKind::Exists => strong("exists"),
            SubqueryKind::Array => strong("array"),
            SubqueryKind::Scalar => match subquery.query.body.as_ref() {
                QueryBody::Select(select) => {
                    let target = select.targets.first()?;
                    match &target.alias {
                        Some(alias) => strong(alias.as_str()),
                        None => figure(&target.expr),
                    }
                }
                QueryBody::Values(_) => strong("column1"),
                QueryBody::SetOperation { .. } => None,
            },
            SubqueryKind::AnyAll { .. } => None,
        },
        Expr::Case(case) => {
            let otherwise = case.otherwise.as_ref().and_then(figure);
            otherwise.filter(|(_, strength)| *strength > 1).or_else(|| Some(("case".to_owned(), 1)))
        }
        Expr::Array(_) => strong("array"),
        Expr::Row(_) => strong("row"),
        Expr::Coalesce(_) => strong("coalesce"),
        Expr::Greatest(_) => strong("greatest"),
        Expr::Least(_) => strong("least"),
        Expr::SqlValue(function, _) => strong(sql_value(*function)),
        Expr::Xml(xml) => strong(xml_name(xml.kind)?),
        Expr::Json(json) => strong(json_name(json)?),
        Expr::Like(like) if like.kind == LikeKind::SimilarTo => None,
        Expr::Literal(_)
        | Expr::Constant(_)
        | Expr::Column(_)
        | Expr::Parameter(_)
        | Expr::Operator(_)
        | Expr::And(_)
        | Expr::Or(_)
        | Expr::Not(_)
        | Expr::IsNull { .. }
        | Expr::IsBool { .. }
        | Expr::IsDistinct(_)
        | Expr::In(_)
        | Expr::Between(_)
        | Expr::Like(_)
        | Expr::AnyAll(_)
        | Expr::Default
        | Expr::CurrentOf(_)
        | Expr::MultiAssign { .. }
        | Expr::Opaque(_) => None,
    }
}

fn sql_value(function: SqlValue) -> &'static str {
    match function {
        SqlValue::CurrentDate => "current_date",
        SqlValue::CurrentTime => "current_time",
        SqlValue::CurrentTimestamp => "current_timestamp",
        SqlValue::LocalTime => "localtime",
        SqlValue::LocalTimestamp => "localtimestamp",
        SqlValue::CurrentRole => "current_role",
        SqlValue::CurrentUser => "current_user",
        SqlValue::User => "user",
        SqlValue::SessionUser => "session_user",
        SqlValue::CurrentCatalog => "current_catalog",
        SqlValue::CurrentSchema => "current_schema",
    }
}

fn xml_name(kind: XmlKind) -> Option<&'static str> {
    match kind {
        XmlKind::Concat => Some("xmlconcat"),
        XmlKind::Element => Some("xmlelement"),
        XmlKind::Forest => Some("xmlforest"),
        XmlKind::Parse => Some("xmlparse"),
        XmlKind::Pi => Some("xmlpi"),
        XmlKind::Root => Some("xmlroot"),
        XmlKind::Serialize => Some("xmlserialize"),
        XmlKind::IsDocument => None,
    }
}

fn json_name(json: &Json) -> Option<&'static str> {
    match json {
        Json::Object { .. } => Some("json_object"),
        Json::Array { .. } | Json::ArrayQuery { .. } => Some("json_array"),
        Json::ObjectAgg { .. } => Some("json_objectagg"),
        Json::ArrayAgg { .. } => Some("json_arrayagg"),
        Json::Parse { .. } => Some("json"),
        Json::Scalar(_) => Some("json_scalar"),
        Json::Serialize { .. } => Some("json_serialize"),
        Json::IsJson { .. } => None,
        Json::Function(function) => Some(match function.kind {
            JsonFunctionKind::Exists => "json_exists",
            JsonFunctionKind::Query => "json_query",
            JsonFunctionKind::Value => "json_value",
        }),
    }
}
