//! `XMLTABLE` and `JSON_TABLE` (`transformRangeTableFunc`, `src/backend/parser/parse_clause.c`;
//! `transformJsonTable`, `parse_jsontable.c`).

use super::from::{item, place};
use super::range::{Ranged, names, rename};
use super::{Analyzer, ScopeColumn, Ty, Type};
use crate::catalog::TypeId;
use crate::model::{
    Alias, Expr, FromItem, Ident, JsonBehavior, JsonFormat, JsonTable, JsonTableColumn, JsonValue,
    JsonWrapper, TypeName, XmlTable, XmlTableColumn,
};

impl Analyzer<'_> {
    /// `XMLTABLE`: its columns and its document are cast as they are used.
    pub(super) fn from_xml_table(&mut self, table: &XmlTable) -> Ranged {
        let normal = self.next_item();
        let mut value = |expr: &Expr, ty: TypeId| {
            let typed = self.expr(expr);
            self.coerce_assignment(typed, &Ty::plain(ty))
        };
        let row = value(&table.row, TypeId::TEXT);
        let document = value(&table.document, TypeId::XML);
        let namespaces = table
            .namespaces
            .iter()
            .map(|(name, uri)| (name.clone(), value(uri, TypeId::TEXT)))
            .collect();
        let mut columns = Vec::new();
        let mut elaborated = Vec::new();
        for column in &table.columns {
            let ty = match &column.ty {
                Some(ty) => self.resolve_type(ty).map_or(Type::Undecided, Type::Known),
                None => Type::Known(Ty::plain(TypeId::INT4)),
            };
            elaborated.push(self.xml_column(column, &ty));
            columns.push(ScopeColumn { name: column.name.clone(), ty, expr: None });
        }
        place(&mut columns, &normal, 0);
        rename(&mut columns, table.alias.as_ref());
        let default_name = Ident::new("xmltable");
        let seen_as = table.alias.as_ref().map_or(&default_name, |alias| &alias.name);
        let whole = item(Some(seen_as), &normal, columns);
        let made = XmlTable {
            lateral: false,
            namespaces,
            row,
            document,
            columns: elaborated,
            alias: Some(Alias { name: normal, columns: names(&whole.columns) }),
        };
        Ranged::single(FromItem::XmlTable(Box::new(made)), whole)
    }

    /// The name of a column without `PATH` is its path, so it stays.
    fn xml_column(&mut self, column: &XmlTableColumn, ty: &Type) -> XmlTableColumn {
        let path = column.path.as_ref().map(|path| {
            let typed = self.expr(path);
            self.coerce_assignment(typed, &Ty::plain(TypeId::TEXT))
        });
        let default = column.default.as_ref().map(|default| {
            let typed = self.expr(default);
            match ty {
                Type::Known(ty) => self.coerce_assignment(typed, ty),
                Type::Literal | Type::Undecided => self.finish_literal(typed).expr,
            }
        });
        XmlTableColumn {
            name: column.name.clone(),
            ty: self.named(column.ty.as_ref()),
            not_null: column.not_null,
            path,
            default,
        }
    }

    fn named(&self, ty: Option<&TypeName>) -> Option<TypeName> {
        let ty = ty?;
        Some(self.resolve_type(ty).map_or_else(|| ty.clone(), |known| self.type_name(&known)))
    }

    /// `JSON_TABLE`.
    pub(super) fn from_json_table(&mut self, table: &JsonTable) -> Ranged {
        let normal = self.next_item();
        let context = self.json_value_in_table(&table.context);
        let path = self.json_path(&table.path);
        let passing = table
            .passing
            .iter()
            .map(|(name, value)| (name.clone(), self.json_value_in_table(value)))
            .collect();
        let mut columns = Vec::new();
        let mut made_names = 0;
        let path_name = Some(path_name(table.path_name.as_ref(), &mut made_names));
        let elaborated = self.json_columns(&table.columns, &mut columns, &mut made_names);
        let on_error = self.json_behavior(table.on_error.as_ref(), &Type::Undecided);
        let on_error = super::json::unusual(on_error, &JsonBehavior::EmptyArray);
        place(&mut columns, &normal, 0);
        rename(&mut columns, table.alias.as_ref());
        let default_name = Ident::new("json_table");
        let seen_as = table.alias.as_ref().map_or(&default_name, |alias| &alias.name);
        let whole = item(Some(seen_as), &normal, columns);
        let made = JsonTable {
            lateral: false,
            context,
            path,
            path_name,
            passing,
            columns: elaborated,
            on_error,
            alias: Some(Alias { name: normal, columns: names(&whole.columns) }),
        };
        Ranged::single(FromItem::JsonTable(Box::new(made)), whole)
    }

    fn json_value_in_table(&mut self, value: &JsonValue) -> JsonValue {
        let typed = self.expr(&value.expr);
        JsonValue { expr: self.finish_literal(typed).expr, format: value.format }
    }

    fn json_path(&mut self, path: &Expr) -> Expr {
        let typed = self.expr(path);
        self.coerce_assignment(typed, &Ty::plain(TypeId::JSONPATH))
    }

    /// The columns, those of NESTED PATH after one another where they stand.
    fn json_columns(
        &mut self,
        written: &[JsonTableColumn],
        columns: &mut Vec<ScopeColumn>,
        made_names: &mut usize,
    ) -> Vec<JsonTableColumn> {
        let mut result = Vec::new();
        for column in written {
            result.push(match column {
                JsonTableColumn::Ordinality(name) => {
                    let ty = Type::Known(Ty::plain(TypeId::INT4));
                    columns.push(ScopeColumn { name: name.clone(), ty, expr: None });
                    column.clone()
                }
                JsonTableColumn::Regular { name, ty, .. } => {
                    let known = self.resolve_type(ty).map_or(Type::Undecided, Type::Known);
                    columns.push(ScopeColumn { name: name.clone(), ty: known.clone(), expr: None });
                    self.json_column(column, &known)
                }
                JsonTableColumn::Nested { path, path_name: name, columns: inner } => {
                    let path = self.json_path(path);
                    let path_name = Some(path_name(name.as_ref(), made_names));
                    let inner = self.json_columns(inner, columns, made_names);
                    JsonTableColumn::Nested { path, path_name, columns: inner }
                }
            });
        }
        result
    }

    /// True for a column that is a `JSON_QUERY` (`transformJsonTableColumns`, `isCompositeType`,
    /// `src/backend/parser/parse_jsontable.c`).
    fn is_json_query(&self, column: &JsonTableColumn, known: &Type) -> bool {
        let JsonTableColumn::Regular { exists, format, wrapper, keep_quotes, .. } = column else {
            return false;
        };
        let of_parts = |ty: &Ty| {
            let id = self.base(ty).id;
            [TypeId::JSON, TypeId::JSONB, TypeId::RECORD].contains(&id)
                || self.is_composite(id)
                || self.catalog.element_of(id).is_some()
        };
        let by_type = matches!(known, Type::Known(ty) if of_parts(ty));
        let by_words = *format != JsonFormat::Default
            || *wrapper != JsonWrapper::Unspecified
            || keep_quotes.is_some();
        !exists && (by_type || by_words)
    }

    fn json_column(&mut self, column: &JsonTableColumn, known: &Type) -> JsonTableColumn {
        let mut result = column.clone();
        let queries = self.is_json_query(column, known);
        if let JsonTableColumn::Regular {
            name,
            ty,
            exists,
            format,
            path,
            wrapper,
            keep_quotes,
            on_empty,
            on_error,
        } = &mut result
        {
            if queries {
                (*wrapper, *keep_quotes) = super::json::said(*wrapper, *keep_quotes);
                let text = matches!(known, Type::Known(ty)
                    if self.category(ty.id) == crate::catalog::Category::STRING);
                *format = if text { JsonFormat::Json } else { JsonFormat::Default };
            }
            let usual = if *exists { JsonBehavior::False } else { JsonBehavior::Null };
            if let Some(named) = self.named(Some(ty)) {
                *ty = named;
            }
            // Without PATH it is that of the column's name (`transformJsonTableColumn`).
            let written = path.take().unwrap_or_else(|| default_path(name));
            *path = Some(self.json_path(&written));
            let (empty, error) = (
                self.json_behavior(on_empty.as_ref(), known),
                self.json_behavior(on_error.as_ref(), known),
            );
            *on_empty = super::json::unusual(empty, &usual);
            *on_error = super::json::unusual(error, &usual);
        }
        result
    }

    fn json_behavior(
        &mut self,
        behavior: Option<&JsonBehavior>,
        ty: &Type,
    ) -> Option<JsonBehavior> {
        Some(match behavior? {
            JsonBehavior::Default(expr) => {
                let typed = self.expr(expr);
                JsonBehavior::Default(match ty {
                    Type::Known(ty) => self.coerce_assignment(typed, ty),
                    Type::Literal | Type::Undecided => self.finish_literal(typed).expr,
                })
            }
            JsonBehavior::Null => JsonBehavior::Null,
            JsonBehavior::Error => JsonBehavior::Error,
            JsonBehavior::True => JsonBehavior::True,
            JsonBehavior::False => JsonBehavior::False,
            JsonBehavior::Unknown => JsonBehavior::Unknown,
            JsonBehavior::EmptyArray => JsonBehavior::EmptyArray,
            JsonBehavior::EmptyObject => JsonBehavior::EmptyObject,
        })
    }
}

/// The name of a path; those without one are numbered (`generateJsonTablePathName`).
fn path_name(written: Option<&Ident>, made_names: &mut usize) -> Ident {
    written.cloned().unwrap_or_else(|| {
        *made_names += 1;
        Ident::new(format!("json_table_path_{}", *made_names - 1))
    })
}

/// `$."name"`, the name as a JSON string.
fn default_path(name: &Ident) -> Expr {
    let quoted = serde_json::Value::from(name.as_str()).to_string();
    Expr::Literal(crate::model::Literal::String(["$.", &quoted].concat().into()))
}
