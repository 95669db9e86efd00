//! Writes SQL/JSON: constructors, query functions, predicates and `JSON_TABLE`.
//!
//! What is PostgreSQL's default is not written: `JSON_ARRAY(x)`, not
//! `JSON_ARRAY(x ABSENT ON NULL)`.

use super::SqlWriter;
use super::precedence::Level;
use crate::model::{
    Expr, Ident, Json, JsonAggregate, JsonBehavior, JsonFormat, JsonFunction, JsonFunctionKind,
    JsonKind, JsonOutput, JsonTable, JsonTableColumn, JsonValue, JsonWrapper,
};

impl SqlWriter {
    pub(super) fn json(&mut self, json: &Json) {
        match json {
            Json::Object { pairs, absent_on_null, unique, output } => {
                self.push("JSON_OBJECT(");
                self.list(pairs, |writer, (key, value)| writer.json_pair(key, value));
                self.object_options(*absent_on_null && !pairs.is_empty(), *unique);
                self.json_output(output.as_ref(), !pairs.is_empty());
                self.push(")");
            }
            Json::Array { items, absent_on_null, output } => {
                self.push("JSON_ARRAY(");
                self.list(items, Self::json_value);
                if !absent_on_null && !items.is_empty() {
                    self.push(" NULL ON NULL");
                }
                self.json_output(output.as_ref(), !items.is_empty());
                self.push(")");
            }
            Json::ArrayQuery { query, format, output } => {
                self.push("JSON_ARRAY");
                self.block(|writer| {
                    writer.query(query);
                    writer.json_format(*format);
                    writer.json_output(output.as_ref(), true);
                });
            }
            Json::ObjectAgg { key, value, absent_on_null, unique, aggregate } => {
                self.push("JSON_OBJECTAGG(");
                self.json_pair(key, value);
                self.object_options(*absent_on_null, *unique);
                self.json_output(aggregate.output.as_ref(), true);
                self.push(")");
                self.json_aggregate(aggregate);
            }
            Json::ArrayAgg { value, absent_on_null, aggregate } => {
                self.array_agg(value, *absent_on_null, aggregate);
            }
            Json::Parse { value, unique } => {
                self.push("JSON(");
                self.json_value(value);
                self.push(if *unique { " WITH UNIQUE KEYS)" } else { ")" });
            }
            Json::Scalar(value) => {
                self.push("JSON_SCALAR(");
                self.operand(value, Level::Or);
                self.push(")");
            }
            Json::Serialize { value, output } => {
                self.push("JSON_SERIALIZE(");
                self.json_value(value);
                self.json_output(output.as_ref(), true);
                self.push(")");
            }
            Json::IsJson { arg, format: _, kind, unique } => self.is_json(arg, *kind, *unique),
            Json::Function(function) => self.json_function(function),
        }
    }

    fn is_json(&mut self, arg: &Expr, kind: JsonKind, unique: bool) {
        self.test(arg, " IS JSON");
        self.push(match kind {
            JsonKind::Any => "",
            JsonKind::Object => " OBJECT",
            JsonKind::Array => " ARRAY",
            JsonKind::Scalar => " SCALAR",
        });
        if unique {
            self.push(" WITH UNIQUE KEYS");
        }
    }

    fn json_pair(&mut self, key: &Expr, value: &JsonValue) {
        self.operand(key, Level::Or);
        self.push(" : ");
        self.json_value(value);
    }

    fn object_options(&mut self, absent_on_null: bool, unique: bool) {
        if absent_on_null {
            self.push(" ABSENT ON NULL");
        }
        if unique {
            self.push(" WITH UNIQUE KEYS");
        }
    }

    fn array_agg(&mut self, value: &JsonValue, absent_on_null: bool, aggregate: &JsonAggregate) {
        self.push("JSON_ARRAYAGG(");
        self.json_value(value);
        if !aggregate.order_by.is_empty() {
            self.push(" ORDER BY ");
            self.sort_keys(&aggregate.order_by);
        }
        if !absent_on_null {
            self.push(" NULL ON NULL");
        }
        self.json_output(aggregate.output.as_ref(), true);
        self.push(")");
        self.json_aggregate(aggregate);
    }

    fn json_aggregate(&mut self, aggregate: &JsonAggregate) {
        self.filter(aggregate.filter.as_ref());
        self.over(aggregate.over.as_ref());
    }

    fn json_value(&mut self, value: &JsonValue) {
        let JsonValue { expr, format } = value;
        self.operand(expr, Level::Or);
        self.json_format(*format);
    }

    fn json_format(&mut self, format: JsonFormat) {
        self.push(match format {
            JsonFormat::Default => "",
            JsonFormat::Json => " FORMAT JSON",
            JsonFormat::JsonUtf8 => " FORMAT JSON ENCODING UTF8",
            JsonFormat::JsonUtf16 => " FORMAT JSON ENCODING UTF16",
            JsonFormat::JsonUtf32 => " FORMAT JSON ENCODING UTF32",
        });
    }

    /// `RETURNING t`, after a space unless it stands first.
    fn json_output(&mut self, output: Option<&JsonOutput>, space: bool) {
        let Some(JsonOutput { ty, format }) = output else { return };
        self.push(if space { " RETURNING " } else { "RETURNING " });
        self.type_name(ty);
        self.json_format(*format);
    }

    fn json_function(&mut self, function: &JsonFunction) {
        let JsonFunction {
            kind,
            context,
            path,
            passing,
            output,
            wrapper,
            keep_quotes,
            on_empty,
            on_error,
        } = function;
        self.push(match kind {
            JsonFunctionKind::Exists => "JSON_EXISTS(",
            JsonFunctionKind::Query => "JSON_QUERY(",
            JsonFunctionKind::Value => "JSON_VALUE(",
        });
        self.json_value(context);
        self.push(", ");
        self.operand(path, Level::Or);
        self.passing(passing);
        self.json_output(output.as_ref(), true);
        self.json_wrapper(*wrapper, *keep_quotes);
        self.json_behaviors(on_empty.as_ref(), on_error.as_ref());
        self.push(")");
    }

    fn passing(&mut self, passing: &[(Ident, JsonValue)]) {
        if !passing.is_empty() {
            self.push(" PASSING ");
            self.list(passing, |writer, (name, value)| {
                writer.json_value(value);
                writer.sql(" AS ").ident(name);
            });
        }
    }

    fn json_wrapper(&mut self, wrapper: JsonWrapper, keep_quotes: Option<bool>) {
        self.push(match wrapper {
            JsonWrapper::Unspecified => "",
            JsonWrapper::Without => " WITHOUT WRAPPER",
            JsonWrapper::Conditional => " WITH CONDITIONAL WRAPPER",
            JsonWrapper::Unconditional => " WITH UNCONDITIONAL WRAPPER",
        });
        self.push(match keep_quotes {
            None => "",
            Some(true) => " KEEP QUOTES",
            Some(false) => " OMIT QUOTES",
        });
    }

    fn json_behaviors(&mut self, on_empty: Option<&JsonBehavior>, on_error: Option<&JsonBehavior>) {
        for (behavior, occasion) in [(on_empty, " ON EMPTY"), (on_error, " ON ERROR")] {
            if let Some(behavior) = behavior {
                self.push(" ");
                self.json_behavior(behavior);
                self.push(occasion);
            }
        }
    }

    fn json_behavior(&mut self, behavior: &JsonBehavior) {
        self.push(match behavior {
            JsonBehavior::Null => "NULL",
            JsonBehavior::Error => "ERROR",
            JsonBehavior::True => "TRUE",
            JsonBehavior::False => "FALSE",
            JsonBehavior::Unknown => "UNKNOWN",
            JsonBehavior::EmptyArray => "EMPTY ARRAY",
            JsonBehavior::EmptyObject => "EMPTY OBJECT",
            JsonBehavior::Default(_) => "DEFAULT ",
        });
        if let JsonBehavior::Default(value) = behavior {
            self.operand(value, Level::Or);
        }
    }

    pub(super) fn json_table(&mut self, table: &JsonTable) {
        let JsonTable { lateral, context, path, path_name, passing, columns, on_error, alias } =
            table;
        self.push(if *lateral { "LATERAL JSON_TABLE(" } else { "JSON_TABLE(" });
        self.json_value(context);
        self.push(", ");
        self.operand(path, Level::Or);
        self.path_name(path_name.as_ref());
        self.passing(passing);
        self.json_table_columns(columns);
        self.json_behaviors(None, on_error.as_ref());
        self.push(")");
        self.alias(alias.as_ref());
    }

    fn path_name(&mut self, name: Option<&Ident>) {
        if let Some(name) = name {
            self.sql(" AS ").ident(name);
        }
    }

    fn json_table_columns(&mut self, columns: &[JsonTableColumn]) {
        self.push(" COLUMNS (");
        self.list(columns, Self::json_table_column);
        self.push(")");
    }

    fn json_table_column(&mut self, column: &JsonTableColumn) {
        match column {
            JsonTableColumn::Ordinality(name) => {
                self.ident_among_keywords(name);
                self.push(" FOR ORDINALITY");
            }
            JsonTableColumn::Nested { path, path_name, columns } => {
                self.push("NESTED PATH ");
                self.operand(path, Level::Or);
                self.path_name(path_name.as_ref());
                self.json_table_columns(columns);
            }
            JsonTableColumn::Regular {
                name,
                ty,
                exists,
                format,
                path,
                wrapper,
                keep_quotes,
                on_empty,
                on_error,
            } => {
                self.ident_among_keywords(name);
                self.push(" ");
                self.type_name(ty);
                if *exists {
                    self.push(" EXISTS");
                }
                self.json_format(*format);
                if let Some(path) = path {
                    self.push(" PATH ");
                    self.operand(path, Level::Or);
                }
                self.json_wrapper(*wrapper, *keep_quotes);
                self.json_behaviors(on_empty.as_ref(), on_error.as_ref());
            }
        }
    }
}
