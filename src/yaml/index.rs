//! `indexes:` and what stands under `rls_policy:`.

use std::collections::BTreeSet;

use super::draft::{Draft, Mark, Piece};
use super::node::{Node, Value};
use super::table::Table;
use super::translate::Translator;
use crate::model::{Child, Facet, Ident, ObjectId};
use crate::parse::fragment::FragmentError;

/// What may stand under an index.
const INDEX: &[&str] = &[
    "name",
    "columns",
    "unique",
    "ops",
    "include",
    "where",
    "method",
    "using",
    "type",
    "invariant",
    "required_for",
    "definition",
    "comment",
];

/// What may stand under a policy.
const POLICY: &[&str] = &[
    "name",
    "using",
    "with_check",
    "command",
    "for",
    "roles",
    "to",
    "permissive",
    "invariant",
    "required_for",
    "comment",
];

impl<'n> Translator<'n> {
    /// The list of indexes.
    pub(super) fn indexes(&mut self, table: &Table<'n>, node: &'n Node) {
        for item in self.entries_of(node, "indexes") {
            self.reader.keys(item, "an index", INDEX, true);
            let name = self.reader.text(item, "name").zip(item.get("name"));
            let name = name.and_then(|(text, node)| self.reader.ident(node, text));
            if let Some(text) = self.reader.text(item, "definition") {
                self.defined_index(item, text);
                continue;
            }
            let Some(body) = self.index_body(table, item) else { continue };
            let unique = self.reader.flag(item, "unique") == Some(true);
            let mark =
                Mark::Said { named: name.is_some(), table: table.name.clone(), column: None };
            self.draft.at(&item.range, mark, |draft| {
                draft.sql(if unique { "CREATE UNIQUE INDEX " } else { "CREATE INDEX " });
                if let Some(name) = &name {
                    draft.ident(name).sql(" ");
                }
                draft.sql("ON ").name(&table.name).append(body).sql(";\n");
            });
            if let Some(name) = name {
                let mut facets = BTreeSet::from([
                    Facet::Relation,
                    Facet::Keys,
                    Facet::Unique,
                    Facet::Include,
                    Facet::Predicate,
                ]);
                if ["method", "using", "type"].iter().any(|key| item.get(key).is_some()) {
                    facets.insert(Facet::Method);
                }
                let id = ObjectId::Index(table.name.sibling(name));
                self.annotate(item, &id, Some(facets), None);
            }
        }
    }

    /// An index as `CREATE INDEX`.
    fn defined_index(&mut self, item: &'n Node, text: &str) {
        let starts = text.trim_start().to_ascii_uppercase();
        let is_index =
            starts.starts_with("CREATE INDEX") || starts.starts_with("CREATE UNIQUE INDEX");
        match Piece::statements(text) {
            Ok(piece) if is_index => self.draft.at(&item.range, Mark::None, |draft| {
                draft.piece(&piece).sql(";\n");
            }),
            Ok(_) => self.reader.wrong(item, "the definition makes no index", "CREATE INDEX .."),
            Err(error) => {
                self.reader.wrong(item, format!("definition: {error}"), "CREATE INDEX ..");
            }
        }
    }

    /// What follows the name of the table.
    fn index_body(&mut self, table: &Table<'n>, item: &'n Node) -> Option<Draft> {
        let mut body = Draft::default();
        let method = ["method", "using", "type"].iter().find_map(|key| {
            let text = self.reader.text(item, key)?;
            let unique = text.eq_ignore_ascii_case("unique") || text.eq_ignore_ascii_case("index");
            if unique { None } else { Some(text.to_ascii_lowercase()) }
        });
        if let Some(method) = method {
            body.sql(" USING ").ident(&Ident::new(method));
        }
        body.sql(" (");
        let ops = item.get("ops");
        if let Some(ops) = ops.filter(|ops| !matches!(ops.value, Value::Map(_) | Value::Null)) {
            let message = format!("ops: expected a mapping, found {}", ops.kind());
            self.reader.wrong(ops, message, "ops: {column: DESC}");
        }
        let columns = self.reader.texts(item, "columns");
        if columns.is_empty() {
            self.reader.wrong(item, "an index without columns", "columns: [..]");
            return None;
        }
        for (at, (node, text)) in columns.iter().enumerate() {
            let is_word = text.chars().all(|c| c.is_alphanumeric() || c == '_');
            if is_word && !table.columns.iter().any(|column| column.name == **text) {
                self.unlisted(table, node, text);
            }
            let words = ops.and_then(|ops| ops.get(text)).and_then(Node::text);
            match index_key(table, text, words) {
                Ok(piece) => body.sql(if at > 0 { ", " } else { "" }).piece(&piece),
                Err(error) => {
                    let help = "a column, or an expression; its order and operator class in ops";
                    self.reader.wrong(node, format!("columns: {error}"), help);
                    return None;
                }
            };
        }
        if let Some(Value::Map(entries)) = ops.map(|ops| &ops.value) {
            let known = |key: &Node| columns.iter().any(|(_, text)| Some(*text) == key.text());
            for (key, _) in entries.iter().filter(|(key, _)| !known(key)) {
                self.reader.wrong(key, "ops of what is no column of the index", "one of columns");
            }
        }
        body.sql(")");
        let include = self.column_names(table, item, "include");
        if !include.is_empty() {
            body.sql(" INCLUDE ").columns(&include);
        }
        if let (Some(text), Some(value)) = (self.reader.text(item, "where"), item.get("where")) {
            match Piece::expression(text) {
                Ok(piece) => {
                    body.sql(" WHERE (").piece(&piece).sql(")");
                }
                Err(error) => self.reader.wrong(value, format!("where: {error}"), "one expression"),
            }
        }
        Some(body)
    }

    /// Row-level security.
    pub(super) fn security(&mut self, table: &Table<'n>, node: &'n Node) {
        for (key, sql) in [
            ("rls_enabled", " ENABLE ROW LEVEL SECURITY;\n"),
            ("rls_forced", " FORCE ROW LEVEL SECURITY;\n"),
        ] {
            if let (Some(true), Some(value)) = (self.reader.flag(node, key), node.get(key)) {
                self.draft.at(&value.range, Mark::None, |draft| {
                    draft.sql("ALTER TABLE ").name(&table.name).sql(sql);
                });
            }
        }
        let mut policies: Vec<&Node> = Vec::new();
        for key in ["rls_policy", "rls_policies", "policies"] {
            match node.get(key) {
                Some(one) if matches!(one.value, Value::Map(_)) => policies.push(one),
                Some(_) => policies.extend(self.entries_of(node, key)),
                None => {}
            }
        }
        for (at, policy) in policies.into_iter().enumerate() {
            self.policy(table, policy, at);
        }
    }

    fn policy(&mut self, table: &Table<'n>, node: &'n Node, at: usize) {
        self.reader.keys(node, "a policy", POLICY, true);
        let name = self.reader.text(node, "name").zip(node.get("name"));
        let name = name.and_then(|(text, value)| self.reader.ident(value, text));
        let Some(name) = name else {
            return self.reader.wrong(node, format!("policy {} has no name", at + 1), "name: ..");
        };
        let mut facets = BTreeSet::new();
        let command = self.reader.text(node, "command").or_else(|| self.reader.text(node, "for"));
        let command = command.map(|word| match word.to_ascii_uppercase().as_str() {
            "ALL" => Some(" FOR ALL"),
            "SELECT" => Some(" FOR SELECT"),
            "INSERT" => Some(" FOR INSERT"),
            "UPDATE" => Some(" FOR UPDATE"),
            "DELETE" => Some(" FOR DELETE"),
            _other => None,
        });
        let mut body = Draft::default();
        match self.reader.flag(node, "permissive") {
            Some(permissive) => {
                facets.insert(Facet::Permissive);
                body.sql(if permissive { " AS PERMISSIVE" } else { " AS RESTRICTIVE" });
            }
            None => {}
        }
        match command {
            Some(Some(sql)) => {
                facets.insert(Facet::Command);
                body.sql(sql);
            }
            Some(None) => {
                let help = "ALL, SELECT, INSERT, UPDATE, DELETE";
                self.reader.wrong(node, "a policy for no known command", help);
            }
            None => {}
        }
        let mut roles = self.reader.texts(node, "roles");
        roles.extend(self.reader.texts(node, "to"));
        for (at, (_, role)) in roles.iter().enumerate() {
            facets.insert(Facet::Roles);
            body.sql(if at == 0 { " TO " } else { ", " });
            if role.eq_ignore_ascii_case("public") {
                body.sql("PUBLIC");
            } else {
                body.ident(&Ident::new(role));
            }
        }
        for (key, sql, facet) in
            [("using", " USING (", Facet::Using), ("with_check", " WITH CHECK (", Facet::WithCheck)]
        {
            if let (Some(text), Some(value)) = (self.reader.text(node, key), node.get(key)) {
                facets.insert(facet);
                match Piece::expression(text) {
                    Ok(piece) => {
                        body.sql(sql).piece(&piece).sql(")");
                    }
                    Err(error) => {
                        self.reader.wrong(value, format!("{key}: {error}"), "one expression");
                    }
                }
            }
        }
        self.draft.at(&node.range, Mark::None, |draft| {
            draft.sql("CREATE POLICY ").ident(&name).sql(" ON ").name(&table.name);
            draft.append(body).sql(";\n");
        });
        let id = ObjectId::Policy(Child::new(table.name.clone(), name));
        self.annotate(node, &id, Some(facets), None);
    }
}

/// A key of an index: a column of the table by its name, else as SQL has it.
fn index_key(table: &Table<'_>, text: &str, words: Option<&str>) -> Result<Piece, FragmentError> {
    let text = text.trim();
    let mut draft = Draft::default();
    let parts = super::reader::name_parts(text);
    let plain = parts.as_deref().and_then(|parts| match parts {
        [name] if table.columns.iter().any(|column| column.name == *name.as_str()) => Some(name),
        _ => None,
    });
    let key = match plain {
        Some(name) => {
            draft.ident(&Ident::new(name));
            draft.finish().0
        }
        None => text.to_owned(),
    };
    let whole = match words {
        Some(words) => format!("{key} {words}"),
        None => key.clone(),
    };
    match Piece::index_key(&whole) {
        Ok(piece) => Ok(piece),
        // An expression needs parentheses of its own, which people leave out.
        Err(error) => {
            let expression = Piece::expression(&key).map_err(|_| error)?;
            let mut draft = Draft::default();
            draft.sql("(").piece(&expression).sql(")");
            let wrapped = format!("{} {}", draft.finish().0, words.unwrap_or_default());
            Piece::index_key(&wrapped)
        }
    }
}
