//! Constraints: those of columns (`primary_key`, `unique`, `values`, `check`, `foreign_key`)
//! and the list of a table.
//!
//! What is said twice is one constraint: a column that is `unique` and has a UNIQUE
//! constraint or unique index of its own in the lists below.

use std::ops::Range;

use super::draft::{Draft, Mark, Piece};
use super::node::{Node, Value};
use super::table::{Column, Table};
use super::translate::Translator;
use crate::catalog::Catalog;
use crate::model::{Child, Ident, ObjectId};

/// What may stand under a constraint.
const CONSTRAINT: &[&str] = &[
    "name",
    "type",
    "definition",
    "columns",
    "include",
    "check",
    "expression",
    "references",
    "foreign_key",
    "on_delete",
    "on_update",
    "invariant",
    "required_for",
    "comment",
];

impl<'n> Translator<'n> {
    /// What the columns of a table demand.
    pub(super) fn keys_of_columns(&mut self, table: &Table<'n>, node: &'n Node) {
        let mut key = Vec::new();
        let mut place: Option<Range<usize>> = None;
        for column in &table.columns {
            if self.reader.flag(column.node, "primary_key") == Some(true) {
                key.push(column.name.clone());
                let range = column.node.get("primary_key").map(|value| value.range.clone());
                place = place.or(range);
            }
        }
        if let Some(value) = node.get("primary_key") {
            key = self.column_names(table, node, "primary_key");
            place = Some(value.range.clone());
        }
        if let Some(place) = place.filter(|_| !key.is_empty())
            && !has_primary_key(node)
        {
            self.add(table, &place, None, None, |draft| {
                draft.sql("PRIMARY KEY ").columns(&key);
            });
        }
        for column in &table.columns {
            self.unique_column(table, column, node);
            self.values(table, column);
            self.check_column(table, column);
            self.foreign_key_column(table, column);
        }
    }

    fn unique_column(&mut self, table: &Table<'n>, column: &Column<'n>, node: &'n Node) {
        if self.reader.flag(column.node, "unique") != Some(true)
            || is_unique_below(node, column.name.as_str())
        {
            return;
        }
        let Some(value) = column.node.get("unique") else { return };
        let columns = [column.name.clone()];
        self.add(table, &value.range, None, Some(column), |draft| {
            draft.sql("UNIQUE ").columns(&columns);
        });
    }

    /// The values that a column may have: the labels of its type, or a CHECK.
    fn values(&mut self, table: &Table<'n>, column: &Column<'n>) {
        let Some(value) = column.node.get("values") else { return };
        let values = self.reader.texts(column.node, "values");
        if values.is_empty() {
            return;
        }
        let ty = &column.ty.2;
        let name = ty.name.name.as_str();
        let namespace = ty.name.namespace.as_ref().map_or("pg_catalog", |n| n.as_str());
        let builtin = Catalog::new().type_named(namespace, name).is_some() || name == "citext";
        if builtin {
            self.add(table, &value.range, None, Some(column), |draft| {
                draft.sql("CHECK (").ident(&column.name).sql(" IN (");
                for (at, (_, text)) in values.iter().enumerate() {
                    draft.sql(if at > 0 { ", " } else { "" }).string(text);
                }
                draft.sql("))");
            });
        } else if !self.types.iter().any(|declared| declared == name) {
            let mut qualified = self.reader.local(name);
            if let Some(namespace) = &ty.name.namespace {
                qualified.namespace = namespace.clone();
            }
            self.types.push(name.to_owned());
            self.create_enum(&value.range, &qualified, &values);
        }
    }

    fn check_column(&mut self, table: &Table<'n>, column: &Column<'n>) {
        for (node, text) in self.reader.texts(column.node, "check") {
            match condition(text) {
                Ok(piece) => self.add(table, &node.range, None, Some(column), |draft| {
                    draft.sql("CHECK (").piece(&piece).sql(")");
                }),
                Err(error) => self.reader.wrong(node, format!("check: {error}"), "one expression"),
            }
        }
    }

    fn foreign_key_column(&mut self, table: &Table<'n>, column: &Column<'n>) {
        let Some(value) = column.node.get("foreign_key") else { return };
        let Some(target) = self.target(value) else { return };
        let columns = [column.name.clone()];
        match foreign_key(&columns, &target) {
            Ok(piece) => self.add(table, &value.range, None, Some(column), |draft| {
                draft.piece(&piece);
            }),
            Err(error) => {
                let help = "table(column), and ON DELETE .. if there is something to say";
                self.reader.wrong(value, format!("foreign_key: {error}"), help);
            }
        }
    }

    /// What a foreign key refers to, as it stands after REFERENCES.
    fn target(&mut self, value: &'n Node) -> Option<String> {
        let (text, node) = match &value.value {
            Value::Null => return None,
            Value::Scalar { text, .. } => (text.clone(), None),
            Value::Map(_) => {
                let known = ["table", "references", "column", "columns", "on_delete", "on_update"];
                self.reader.keys(value, "a foreign key", &known, true);
                let table = self.reader.text(value, "table");
                let table = table.or_else(|| self.reader.text(value, "references"));
                let mut columns = self.reader.texts(value, "columns");
                columns.extend(self.reader.texts(value, "column"));
                let columns: Vec<&str> = columns.into_iter().map(|(_, text)| text).collect();
                let list = if columns.is_empty() {
                    String::new()
                } else {
                    format!(" ({})", columns.join(", "))
                };
                (format!("{}{list}", table.unwrap_or_default()), Some(value))
            }
            Value::List(_) => {
                let message =
                    format!("foreign_key: expected a single value, found {}", value.kind());
                self.reader.wrong(value, message, "table(column)");
                return None;
            }
        };
        let mut text = text.trim().to_owned();
        if text.get(..11).is_some_and(|start| start.eq_ignore_ascii_case("references ")) {
            text.drain(..11);
        }
        // tenants.id is meant as a column where tenants is a table of the file.
        if let Some((table, column)) = text.split_once('.')
            && self.tables.contains(&table)
            && column.chars().all(|c| c.is_alphanumeric() || c == '_')
        {
            text = format!("{table} ({column})");
        }
        for (key, action) in [("on_delete", " ON DELETE "), ("on_update", " ON UPDATE ")] {
            if let Some(word) = node.and_then(|node| self.reader.text(node, key)) {
                text = format!("{text}{action}{word}");
            }
        }
        Some(text)
    }

    /// The list of constraints.
    pub(super) fn constraints(&mut self, table: &Table<'n>, node: &'n Node) {
        for item in self.entries_of(node, "constraints") {
            self.reader.keys(item, "a constraint", CONSTRAINT, true);
            let name = self.reader.text(item, "name");
            let name = name.zip(item.get("name"));
            let name = name.and_then(|(text, node)| self.reader.ident(node, text));
            let Some(piece) = self.definition(table, item) else { continue };
            self.add(table, &item.range, name.clone(), None, |draft| {
                draft.piece(&piece);
            });
            if let Some(name) = name {
                let id = ObjectId::Constraint(Child::new(table.name.clone(), name));
                self.annotate(item, &id, None, None);
            }
        }
    }

    /// The items of a list, or the values of a mapping whose keys are their names.
    pub(super) fn entries_of(&mut self, node: &'n Node, key: &str) -> Vec<&'n Node> {
        let items = self.reader.items(node, key);
        let (maps, other): (Vec<&Node>, Vec<&Node>) =
            items.into_iter().partition(|item| matches!(item.value, Value::Map(_)));
        for item in other {
            let message = format!("{key}: expected a mapping, found {}", item.kind());
            self.reader.wrong(item, message, "- {name: .., ..}");
        }
        maps
    }

    fn definition(&mut self, table: &Table<'n>, item: &'n Node) -> Option<Piece> {
        let kind = self.reader.text(item, "type").unwrap_or_default();
        let kind = kind.trim().to_ascii_uppercase().replace('_', " ");
        let kind = match kind.as_str() {
            "FK" => "FOREIGN KEY",
            "PK" | "PRIMARY" => "PRIMARY KEY",
            other => other,
        };
        if !["", "CHECK", "UNIQUE", "PRIMARY KEY", "FOREIGN KEY", "EXCLUDE", "EXCLUSION"]
            .contains(&kind)
        {
            let at = item.get("type").unwrap_or(item);
            let help = "CHECK, UNIQUE, PRIMARY KEY, FOREIGN KEY, EXCLUDE";
            self.reader.wrong(at, format!("there is no constraint of type \"{kind}\""), help);
            return None;
        }
        for key in ["definition", "check", "expression"] {
            if let (Some(text), Some(value)) = (self.reader.text(item, key), item.get(key)) {
                return self.defined(kind, value, text);
            }
        }
        let columns = self.column_names(table, item, "columns");
        if columns.is_empty() {
            self.reader.wrong(item, "a constraint that demands nothing", "columns: or definition:");
            return None;
        }
        let reference = item.get("references").or_else(|| item.get("foreign_key"));
        if let Some(reference) = reference {
            let mut target = self.target(reference)?;
            for (key, action) in [("on_delete", " ON DELETE "), ("on_update", " ON UPDATE ")] {
                if let Some(word) = self.reader.text(item, key) {
                    target = format!("{target}{action}{word}");
                }
            }
            let read = foreign_key(&columns, &target);
            let complain =
                |error| self.reader.wrong(reference, format!("{error}"), "table(column)");
            return read.map_err(complain).ok();
        }
        let include = self.column_names(table, item, "include");
        let mut draft = Draft::default();
        draft.sql(if kind == "PRIMARY KEY" { "PRIMARY KEY " } else { "UNIQUE " }).columns(&columns);
        if !include.is_empty() {
            draft.sql(" INCLUDE ").columns(&include);
        }
        if !["UNIQUE", "PRIMARY KEY"].contains(&kind) {
            self.reader.wrong(item, "a constraint of which only columns are said", "type: UNIQUE?");
            return None;
        }
        Piece::constraint(&draft.finish().0).ok()
    }

    /// A definition in SQL, with or without the words that its type says.
    fn defined(&mut self, kind: &str, value: &Node, text: &str) -> Option<Piece> {
        let word = if kind == "EXCLUSION" { "EXCLUDE" } else { kind };
        let whole = Piece::constraint(text);
        if let Ok(piece) = whole {
            let starts = text.trim_start().to_ascii_uppercase();
            if word.is_empty() || starts.starts_with(word) {
                return Some(piece);
            }
            let message = format!("the definition is no {word} constraint");
            self.reader.wrong(value, message, "let type and definition agree");
            return None;
        }
        let read = if ["", "CHECK"].contains(&word) {
            Piece::expression(text).and_then(|_| Piece::constraint(&format!("CHECK ({text}\n)")))
        } else {
            let bare = Piece::constraint(&format!("{word} {text}"));
            bare.or_else(|_| Piece::constraint(&format!("{word} ({text}\n)")))
        };
        let complain = |error| {
            self.reader.wrong(value, format!("definition: {error}"), "one constraint, as in SQL");
        };
        read.map_err(complain).ok()
    }

    /// `ALTER TABLE .. ADD ..`.
    fn add(
        &mut self,
        table: &Table<'n>,
        range: &Range<usize>,
        name: Option<Ident>,
        column: Option<&Column<'n>>,
        write: impl FnOnce(&mut Draft),
    ) {
        let mark = Mark::Said {
            named: name.is_some(),
            table: table.name.clone(),
            column: column.map(|column| column.name.clone()),
        };
        self.draft.at(range, mark, |draft| {
            draft.sql("ALTER TABLE ").name(&table.name).sql(" ADD ");
            if let Some(name) = &name {
                draft.sql("CONSTRAINT ").ident(name).sql(" ");
            }
            write(draft);
            draft.sql(";\n");
        });
    }
}

fn foreign_key(
    columns: &[Ident],
    target: &str,
) -> Result<Piece, crate::parse::fragment::FragmentError> {
    let mut draft = Draft::default();
    draft.sql("FOREIGN KEY ").columns(columns).sql(" REFERENCES ");
    Piece::constraint(&[&draft.finish().0, target].concat())
}

/// A condition, with or without CHECK before it.
fn condition(text: &str) -> Result<Piece, crate::parse::fragment::FragmentError> {
    let bare = Piece::expression(text);
    let trimmed = text.trim();
    match (bare, trimmed.get(..5)) {
        (Err(_), Some(word)) if word.eq_ignore_ascii_case("check") => {
            Piece::expression(trimmed.get(5..).unwrap_or_default())
        }
        (bare, _) => bare,
    }
}

fn has_primary_key(table: &Node) -> bool {
    let is_key = |item: &Node| {
        let kind = item.get("type").and_then(Node::text).unwrap_or_default();
        let definition = item.get("definition").and_then(Node::text).unwrap_or_default();
        [kind, definition]
            .iter()
            .any(|text| text.to_ascii_uppercase().trim().starts_with("PRIMARY"))
    };
    listed(table, "constraints").iter().any(is_key)
}

/// True when the lists of a table say that this column alone is unique.
fn is_unique_below(table: &Node, column: &str) -> bool {
    let is_column = |text: &str| {
        let text = text.trim();
        let text = text
            .get(..6)
            .filter(|s| s.eq_ignore_ascii_case("unique"))
            .map_or(text, |_| text.get(6..).unwrap_or_default());
        text.trim().trim_start_matches('(').trim_end_matches(')').trim() == column
    };
    let only = |item: &Node| match item.get("columns").map(|columns| &columns.value) {
        Some(Value::List(items)) => {
            items.len() == 1 && items.iter().all(|item| item.text().is_some_and(is_column))
        }
        Some(Value::Scalar { text, .. }) => is_column(text),
        Some(Value::Null | Value::Map(_)) | None => {
            item.get("definition").and_then(Node::text).is_some_and(is_column)
        }
    };
    let word = |item: &Node, key: &str| {
        item.get(key).and_then(Node::text).unwrap_or_default().trim().to_ascii_uppercase()
    };
    let constraint = |item: &Node| only(item) && word(item, "type") == "UNIQUE";
    let index =
        |item: &Node| only(item) && word(item, "unique") == "TRUE" && item.get("where").is_none();
    listed(table, "constraints").iter().any(constraint)
        || listed(table, "indexes").iter().any(index)
}

fn listed<'n>(table: &'n Node, key: &str) -> &'n [Node] {
    match table.get(key).map(|node| &node.value) {
        Some(Value::List(items)) => items,
        Some(Value::Null | Value::Scalar { .. } | Value::Map(_)) | None => &[],
    }
}
