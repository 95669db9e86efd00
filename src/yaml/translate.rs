//! A schema in YAML to SQL with places.

use std::collections::BTreeMap;
use std::ops::Range;

use super::draft::{Draft, Map, Mark, Piece};
use super::node::{Node, Value};
use super::reader::Reader;
use super::said::{Category, Stated};
use crate::diff::Severity;
use crate::model::{Ident, ObjectId, Problem, ProblemCode};
use crate::source::Source;

/// What may stand at the top.
const TOP: &[&str] = &[
    "version",
    "complete",
    "exact",
    "schema",
    "invariant_categories",
    "tables",
    "enums",
    "extensions",
    "statements",
    "validation_rules",
    "invariants",
    "metadata",
    "last_updated",
    "updated",
    "author",
    "authority",
    "status",
    "database",
    "project",
    "name",
];

/// A schema under translation.
#[derive(Default)]
pub(super) struct Translator<'n> {
    pub reader: Reader,
    pub draft: Draft,
    /// What is not said is PostgreSQL's default.
    pub exact: bool,
    pub complete: bool,
    pub objects: BTreeMap<ObjectId, Stated>,
    pub categories: BTreeMap<String, Category>,
    /// Tags with their places.
    pub tags: Vec<(String, Range<usize>)>,
    /// Names of tables, as written.
    pub tables: Vec<&'n str>,
    /// Names of types that the file declares.
    pub types: Vec<String>,
}

/// What came of a translation.
pub(super) struct Translation {
    pub sql: String,
    pub map: Map,
    pub exact: bool,
    pub complete: bool,
    pub objects: BTreeMap<ObjectId, Stated>,
    pub categories: BTreeMap<String, Category>,
    pub tags: Vec<(String, Range<usize>)>,
    /// What may be passed over; places are in source 0.
    pub problems: Vec<Problem>,
}

/// Translates a document, or says all that is wrong with it.
pub(super) fn translate(source: &Source) -> Result<Translation, Vec<Problem>> {
    let root = Node::read(source).map_err(|problem| vec![problem])?;
    let mut translator = Translator::default();
    translator.document(&root);
    let Translator { reader, draft, exact, complete, objects, categories, tags, .. } = translator;
    let problems = reader.problems;
    if problems.iter().any(|problem| problem.code == ProblemCode::Yaml) {
        return Err(problems);
    }
    let (sql, map) = draft.finish();
    let map = map.sorted();
    Ok(Translation { sql, map, exact, complete, objects, categories, tags, problems })
}

/// True for a word that may stand at the top.
pub(super) fn is_top(word: &str) -> bool {
    TOP.contains(&word) || ["description", "purpose"].contains(&word)
}

impl<'n> Translator<'n> {
    fn document(&mut self, root: &'n Node) {
        self.reader.keys(root, "a schema", TOP, false);
        self.exact = self.reader.flag(root, "exact") == Some(true);
        self.complete = self.reader.flag(root, "complete") == Some(true);
        self.namespace(root);
        self.categories(root);
        for (name, key) in self.reader.texts(root, "extensions") {
            if let Some(extension) = self.reader.ident(name, key) {
                self.draft.at(&name.range, Mark::None, |draft| {
                    draft.sql("CREATE EXTENSION IF NOT EXISTS ").ident(&extension).sql(";\n");
                });
            }
        }
        if let Some(enums) = root.get("enums") {
            self.enums(enums);
        }
        if let Some(tables) = root.get("tables") {
            let entries = self.reader.entries(tables, "tables");
            self.tables = entries.iter().filter_map(|(key, _)| key.text()).collect();
            for (key, node) in entries {
                self.table(key, node);
            }
        }
        for (node, text) in self.reader.texts(root, "statements") {
            match Piece::statements(text) {
                Ok(piece) => self.draft.at(&node.range, Mark::None, |draft| {
                    draft.piece(&piece).sql(";\n");
                }),
                Err(error) => {
                    self.reader.wrong(node, format!("{error}"), "SQL that makes an object");
                }
            }
        }
    }

    fn namespace(&mut self, root: &'n Node) {
        let Some(text) = self.reader.text(root, "schema") else { return };
        let Some(value) = root.get("schema") else { return };
        let Some(name) = self.reader.ident(value, text) else { return };
        if name != *"public" {
            self.draft.at(&value.range, Mark::None, |draft| {
                draft.sql("CREATE SCHEMA IF NOT EXISTS ").ident(&name).sql(";\n");
            });
            self.draft.sql("SET search_path = ").ident(&name).sql(", public;\n");
        }
        self.reader.namespace = Some(name);
    }

    fn categories(&mut self, root: &'n Node) {
        let Some(node) = root.get("invariant_categories") else { return };
        let known = ["severity", "description", "impact", "members", "columns"];
        for (key, category) in self.reader.entries(node, "invariant_categories") {
            self.reader.keys(category, "an invariant category", &known, false);
            let word = self.reader.text(category, "severity");
            let severity = word.and_then(severity);
            match (severity, key.text()) {
                (Some(severity), Some(name)) => {
                    let impact = self.reader.text(category, "impact").map(str::to_owned);
                    self.categories.insert(name.to_owned(), Category { severity, impact });
                }
                (None, _) | (_, None) => {
                    let at = category.get("severity").unwrap_or(key);
                    let message = format!("there is no severity \"{}\"", word.unwrap_or_default());
                    self.reader.wrong(at, message, "BLOCKING, HIGH, MODERATE, LOW");
                }
            }
        }
    }

    fn enums(&mut self, node: &'n Node) {
        for (key, labels) in self.reader.entries(node, "enums") {
            let Some(name) = key.text().and_then(|text| self.reader.qualified(key, text)) else {
                continue;
            };
            let range = key.range.start..labels.range.end.max(key.range.end);
            let holder = if matches!(labels.value, Value::Map(_)) { labels } else { node };
            let under = if matches!(labels.value, Value::Map(_)) {
                "values"
            } else {
                key.text().unwrap_or_default()
            };
            let labels = self.reader.texts(holder, under);
            self.types.push(name.name.as_str().to_owned());
            self.create_enum(&range, &name, &labels);
        }
    }

    /// `CREATE TYPE .. AS ENUM`.
    pub(super) fn create_enum(
        &mut self,
        range: &Range<usize>,
        name: &crate::model::QualifiedName,
        labels: &[(&'n Node, &'n str)],
    ) {
        self.draft.at(range, Mark::None, |draft| {
            draft.sql("CREATE TYPE ").name(name).sql(" AS ENUM (");
            for (at, (node, label)) in labels.iter().enumerate() {
                draft.sql(if at > 0 { ", " } else { "" });
                draft.at(&node.range, Mark::None, |draft| {
                    draft.string(label);
                });
            }
            draft.sql(");\n");
        });
    }

    /// Names of columns in a list; says which are not there.
    pub(super) fn column_names(
        &mut self,
        table: &super::table::Table<'n>,
        node: &'n Node,
        key: &str,
    ) -> Vec<Ident> {
        let mut names = Vec::new();
        for (item, text) in self.reader.texts(node, key) {
            let Some(name) = self.reader.ident(item, text) else { continue };
            if !table.columns.iter().any(|column| column.name == name) {
                self.unlisted(table, item, text);
            }
            names.push(name);
        }
        names
    }
}

impl Translator<'_> {
    /// Says that a column is not among those of its table.
    pub(super) fn unlisted(&mut self, table: &super::table::Table<'_>, item: &Node, text: &str) {
        let message = format!("table \"{}\" lists no column \"{text}\"", table.name.name.as_str());
        self.reader.wrong(item, message, "list the column, or mend the name");
        if !self.exact
            && let Some(problem) = self.reader.problems.last_mut()
        {
            problem.code = ProblemCode::YamlColumn;
        }
    }
}

/// The severity of a word; `CRITICAL`, `MEDIUM` and `INFO` are words for three of them.
pub fn severity(word: &str) -> Option<Severity> {
    match word.to_ascii_uppercase().as_str() {
        "CRITICAL" => Some(Severity::Blocking),
        "MEDIUM" | "WARNING" => Some(Severity::Moderate),
        "INFO" => Some(Severity::Low),
        upper => Severity::ALL.iter().copied().find(|severity| severity.label() == upper),
    }
}
