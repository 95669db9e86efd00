//! `tables:`, with columns.

use std::collections::BTreeSet;
use std::ops::Range;

use super::default::{Meant, meant};
use super::draft::{Mark, Piece};
use super::node::{Node, Value};
use super::said::Stated;
use super::translate::Translator;
use crate::model::{Child, Facet, Ident, ObjectId, QualifiedName, TypeName};
use crate::parse::fragment;

/// What may stand under a table.
const TABLE: &[&str] = &[
    "columns",
    "constraints",
    "indexes",
    "rls_enabled",
    "rls_forced",
    "rls_policy",
    "rls_policies",
    "policies",
    "primary_key",
    "comment",
    "owner",
    "invariant",
    "required_for",
    "unlogged",
];

/// What may stand under a column.
const COLUMN: &[&str] = &[
    "name",
    "type",
    "nullable",
    "primary_key",
    "unique",
    "default",
    "values",
    "check",
    "foreign_key",
    "invariant",
    "required_for",
    "comment",
    "collation",
    "generated",
    "identity",
    "definition",
];

/// A table under translation.
pub(super) struct Table<'n> {
    /// Its name.
    pub name: QualifiedName,
    /// Where it is said, with its key.
    pub range: Range<usize>,
    /// Its columns.
    pub columns: Vec<Column<'n>>,
}

/// A column under translation.
pub(super) struct Column<'n> {
    /// Its name.
    pub name: Ident,
    /// Where it is said, with its key.
    pub range: Range<usize>,
    /// What is said of it.
    pub node: &'n Node,
    /// Its type as written, and read.
    pub ty: (&'n Node, Piece, TypeName),
}

impl<'n> Translator<'n> {
    /// Reads a table and writes what makes it.
    pub(super) fn table(&mut self, key: &'n Node, node: &'n Node) {
        let Some(name) = key.text().and_then(|text| self.reader.qualified(key, text)) else {
            return;
        };
        self.reader.keys(node, "a table", TABLE, false);
        let columns = match node.get("columns") {
            Some(columns) => self.columns(columns),
            None => Vec::new(),
        };
        let range = key.range.start..node.range.end.max(key.range.end);
        let table = Table { name, range, columns };
        self.create_table(&table, node);
        self.keys_of_columns(&table, node);
        self.constraints(&table, node);
        self.indexes(&table, node);
        self.security(&table, node);
        self.said_of_table(&table, node);
    }

    fn columns(&mut self, node: &'n Node) -> Vec<Column<'n>> {
        let entries: Vec<(&Node, &Node)> = match &node.value {
            Value::List(items) => {
                let named = |item: &'n Node| item.get("name").map(|name| (name, item));
                let unnamed = items.iter().filter(|item| named(item).is_none());
                for item in unnamed {
                    self.reader.wrong(item, "a column without a name", "name: ..");
                }
                items.iter().filter_map(named).collect()
            }
            Value::Null | Value::Scalar { .. } | Value::Map(_) => {
                self.reader.entries(node, "columns")
            }
        };
        entries.into_iter().filter_map(|(key, node)| self.column(key, node)).collect()
    }

    fn column(&mut self, key: &'n Node, node: &'n Node) -> Option<Column<'n>> {
        let text = key.text().unwrap_or_default();
        let misplaced = TABLE.contains(&text)
            && node.get("type").is_none()
            && (matches!(node.value, Value::List(_))
                || node.get("using").is_some()
                || text.starts_with("rls_"));
        if misplaced {
            let message = format!("\"{text}\" stands among the columns");
            let help = "indent it as far as \"columns\", so that it belongs to the table";
            self.reader.wrong(key, message, help);
            return None;
        }
        let name = self.reader.ident(key, text)?;
        if let (Some(text), Some(value)) =
            (self.reader.text(node, "definition"), node.get("definition"))
        {
            self.reader.keys(node, "a column", COLUMN, true);
            return self.defined_column(key, node, name, (value, text));
        }
        // `id: uuid` is a column with nothing but a type.
        let ty = if node.text().is_some() { Some(node) } else { node.get("type") };
        if node.text().is_none() {
            self.reader.keys(node, "a column", COLUMN, true);
        }
        let Some(ty) = ty.filter(|ty| ty.text().is_some()) else {
            let message = format!("column \"{text}\" has no type");
            self.reader.wrong(key, message, "type: .., as in SQL");
            return None;
        };
        let written = ty.text().unwrap_or_default().trim();
        match (Piece::type_name(written), fragment::type_name(written)) {
            (Ok(piece), Ok(read)) => {
                let range =
                    key.range.start.min(node.range.start)..node.range.end.max(key.range.end);
                Some(Column { name, range, node, ty: (ty, piece, read) })
            }
            (Err(error), _) | (_, Err(error)) => {
                let message = format!("\"{written}\" is no type: {error}");
                let help = "write the type alone; NOT NULL, DEFAULT and the like have keys";
                self.reader.wrong(ty, message, help);
                None
            }
        }
    }

    /// A column as SQL defines it.
    fn defined_column(
        &mut self,
        key: &'n Node,
        node: &'n Node,
        name: Ident,
        (value, text): (&'n Node, &'n str),
    ) -> Option<Column<'n>> {
        match (Piece::column(text), fragment::column(text)) {
            (Ok(piece), Ok(read)) => {
                let range = key.range.start.min(node.range.start)..node.range.end;
                Some(Column { name, range, node, ty: (value, piece, read) })
            }
            (Err(error), _) | (_, Err(error)) => {
                let message = format!("definition: {error}");
                self.reader.wrong(value, message, "what follows the name in CREATE TABLE");
                None
            }
        }
    }

    fn create_table(&mut self, table: &Table<'n>, node: &'n Node) {
        let unlogged = self.reader.flag(node, "unlogged") == Some(true);
        let Self { draft, reader, .. } = self;
        draft.at(&table.range, Mark::None, |draft| {
            draft.sql(if unlogged { "CREATE UNLOGGED TABLE " } else { "CREATE TABLE " });
            draft.name(&table.name).sql(" (");
            for (at, column) in table.columns.iter().enumerate() {
                draft.sql(if at == 0 { "\n" } else { ",\n" });
                draft.at(&column.range, Mark::None, |draft| {
                    draft.ident(&column.name).sql(" ");
                    let (node, piece, ty) = &column.ty;
                    draft.at(&node.range, Mark::None, |draft| {
                        draft.piece(piece);
                    });
                    attributes(column, ty, draft, reader);
                });
            }
            draft.sql(");\n");
        });
    }

    fn said_of_table(&mut self, table: &Table<'n>, node: &'n Node) {
        let mut facets = BTreeSet::new();
        let said = |key: &str| node.get(key).is_some_and(|value| !value.is_null());
        for (key, facet) in [
            ("rls_enabled", Facet::RowSecurity),
            ("rls_forced", Facet::ForceRowSecurity),
            ("comment", Facet::Comment),
            ("owner", Facet::Owner),
            ("unlogged", Facet::Persistence),
        ] {
            if said(key) {
                facets.insert(facet);
            }
        }
        self.annotate(node, &ObjectId::Table(table.name.clone()), Some(facets), None);
        if let Some(text) = self.reader.text(node, "comment") {
            self.comment(node.get("comment"), &table.name, None, text);
        }
        if let Some(owner) = self.reader.text(node, "owner")
            && let Some(value) = node.get("owner")
            && let Some(owner) = self.reader.ident(value, owner)
        {
            self.draft.at(&value.range, Mark::None, |draft| {
                draft.sql("ALTER TABLE ").name(&table.name).sql(" OWNER TO ").ident(&owner);
                draft.sql(";\n");
            });
        }
        for column in &table.columns {
            self.said_of_column(table, column);
        }
    }

    fn said_of_column(&mut self, table: &Table<'n>, column: &Column<'n>) {
        let mut facets = BTreeSet::from([Facet::Type]);
        if column.node.get("definition").is_some() {
            facets.extend([Facet::NotNull, Facet::Default, Facet::Generated, Facet::Identity]);
            facets.insert(Facet::Collation);
        }
        let serial = is_serial(&column.ty.2);
        let said = |key: &str| column.node.get(key).is_some();
        let set = |key: &str| column.node.get(key).is_some_and(|value| !value.is_null());
        if serial || said("default") {
            facets.insert(Facet::Default);
        }
        for (key, facet) in [
            ("nullable", Facet::NotNull),
            ("comment", Facet::Comment),
            ("collation", Facet::Collation),
            ("generated", Facet::Generated),
            ("identity", Facet::Identity),
        ] {
            if set(key) {
                facets.insert(facet);
            }
        }
        let is_true = |key: &str| {
            let text = column.node.get(key).and_then(Node::text);
            text.is_some_and(|text| text.eq_ignore_ascii_case("true"))
        };
        if serial || is_true("primary_key") {
            facets.insert(Facet::NotNull);
        }
        let id = ObjectId::Column(Child::new(table.name.clone(), column.name.clone()));
        self.annotate(column.node, &id, Some(facets), None);
        if let Some(text) = self.reader.text(column.node, "comment") {
            self.comment(column.node.get("comment"), &table.name, Some(&column.name), text);
        }
    }

    fn comment(
        &mut self,
        node: Option<&Node>,
        table: &QualifiedName,
        column: Option<&Ident>,
        text: &str,
    ) {
        let Some(node) = node else { return };
        self.draft.at(&node.range, Mark::None, |draft| {
            let on = if column.is_some() { "COMMENT ON COLUMN " } else { "COMMENT ON TABLE " };
            draft.sql(on).name(table);
            if let Some(column) = column {
                draft.sql(".").ident(column);
            }
            draft.sql(" IS ").string(text).sql(";\n");
        });
    }

    /// Keeps what is said of an object besides what it is.
    pub(super) fn annotate(
        &mut self,
        node: &'n Node,
        id: &ObjectId,
        facets: Option<BTreeSet<Facet>>,
        of_column: Option<ObjectId>,
    ) {
        let invariant = self.reader.text(node, "invariant").map(str::to_owned);
        if let (Some(tag), Some(value)) = (&invariant, node.get("invariant")) {
            self.tags.push((tag.clone(), value.range.clone()));
        }
        let required_for = self.reader.texts(node, "required_for");
        let required_for = required_for.into_iter().map(|(_, text)| text.to_owned()).collect();
        let facets = facets.filter(|_| !self.exact);
        let stated = Stated { facets, invariant, required_for, of_column };
        self.objects.insert(id.clone(), stated);
    }
}

/// True for the types that stand for a sequence.
pub(super) fn is_serial(ty: &TypeName) -> bool {
    let name = ty.name.name.as_str();
    ["serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"].contains(&name)
}

/// What follows the type of a column.
fn attributes(
    column: &Column<'_>,
    ty: &TypeName,
    draft: &mut super::draft::Draft,
    reader: &mut super::reader::Reader,
) {
    let node = column.node;
    if let (Some(text), Some(value)) = (reader.text(node, "collation"), node.get("collation"))
        && let Some(parts) = super::reader::name_parts(text)
    {
        draft.at(&value.range, Mark::None, |draft| {
            draft.sql(" COLLATE ");
            for (at, part) in parts.iter().enumerate() {
                draft.sql(if at > 0 { "." } else { "" }).ident(&Ident::new(part));
            }
        });
    }
    if let (Some(flag), Some(value)) = (reader.flag(node, "nullable"), node.get("nullable"))
        && !flag
    {
        draft.at(&value.range, Mark::None, |draft| {
            draft.sql(" NOT NULL");
        });
    }
    if let Some(value) = node.get("default") {
        default(value, ty, draft, reader);
    }
    if let (Some(text), Some(value)) = (reader.text(node, "generated"), node.get("generated")) {
        let (text, kind) = match text.trim_end().to_ascii_uppercase() {
            upper if upper.ends_with(" VIRTUAL") => (text.trim_end(), " VIRTUAL"),
            upper if upper.ends_with(" STORED") => (text.trim_end(), " STORED"),
            _neither => (text, " STORED"),
        };
        let bare = text.get(..text.len().saturating_sub(kind.len()));
        let bare = bare.filter(|_| text.to_ascii_uppercase().ends_with(kind)).unwrap_or(text);
        match Piece::expression(bare) {
            Ok(piece) => draft.at(&value.range, Mark::None, |draft| {
                draft.sql(" GENERATED ALWAYS AS (").piece(&piece).sql(")").sql(kind);
            }),
            Err(error) => reader.wrong(value, format!("generated: {error}"), "one expression"),
        }
    }
    if let (Some(text), Some(value)) = (reader.text(node, "identity"), node.get("identity")) {
        let word = match text.to_ascii_lowercase().as_str() {
            "always" => " GENERATED ALWAYS AS IDENTITY",
            "by default" | "by_default" => " GENERATED BY DEFAULT AS IDENTITY",
            _other => return reader.wrong(value, "identity", "always or by default"),
        };
        draft.at(&value.range, Mark::None, |draft| {
            draft.sql(word);
        });
    }
}

/// `DEFAULT ..`, as a person means it.
fn default(
    value: &Node,
    ty: &TypeName,
    draft: &mut super::draft::Draft,
    reader: &mut super::reader::Reader,
) {
    let sql = value.get("sql").and_then(Node::text);
    let (text, literal) = match (&value.value, sql) {
        (Value::Null, _) => return,
        (Value::Scalar { text, .. }, _) => (text.as_str(), meant(text, ty) == Meant::Literal),
        (Value::Map(entries), Some(text)) if entries.len() == 1 => (text, false),
        (Value::Map(entries), _) if entries.is_empty() => ("{}", true),
        (Value::List(items), _) if items.is_empty() => (if ty.array { "{}" } else { "[]" }, true),
        (Value::Map(_) | Value::List(_), _) => {
            let message = format!("default: expected a single value, found {}", value.kind());
            return reader.wrong(value, message, "put it in quotes, or write {sql: ..}");
        }
    };
    if literal {
        return draft.at(&value.range, Mark::None, |draft| {
            draft.sql(" DEFAULT ").string(text);
        });
    }
    match Piece::expression(text) {
        Ok(piece) => draft.at(&value.range, Mark::None, |draft| {
            draft.sql(" DEFAULT (").piece(&piece).sql(")");
        }),
        Err(error) => reader.wrong(value, format!("default: {error}"), "one expression"),
    }
}
