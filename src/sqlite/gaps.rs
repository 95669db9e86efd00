//! What a SQLite schema does not hold of a canonical one.
//!
//! Both go in, gaps come out, table by table. The surprising thing: a CHECK counts as there only
//! when PostgreSQL would store it as the declared one; another spelling that SQLite alone reads
//! is said to be written in another way, not to be equal.

use std::collections::{BTreeMap, BTreeSet};

use super::classes::{Class, class, loss};
use super::expressions::{Expressions, expressions, values};
use super::{Column, Database, Gap, Table, impossible};
use crate::diff::Severity::{self, High, Low, Moderate};
use crate::emit::report::object_name;
use crate::emit::sql::{inline_expr, inline_type};
use crate::model::{self, ColumnDefault, Object, ObjectId, QualifiedName, Span};
use crate::normalize::{NormalObject, NormalSchema};
use crate::source::{LineIndex, Source};

/// Finds all gaps, the worst first. `sources` are those of the canonical side, `file` that of
/// SQLite.
pub fn gaps(
    canonical: &NormalSchema,
    sources: &[Source],
    database: &Database,
    file: &Source,
) -> Vec<Gap> {
    let mut finder = Finder::new(canonical, sources, database, file);
    let numbers: BTreeMap<QualifiedName, usize> =
        finder.tables.iter().map(|(number, name)| (name.clone(), *number)).collect();
    for (id, object) in canonical {
        let (ObjectId::Table(name), Object::Table(table)) = (id, object.object()) else { continue };
        match numbers.get(name).and_then(|n| Some((*n, database.tables.get(*n)?))) {
            Some((number, own)) => finder.table(name, object, table, number, own),
            None => finder.no_table(id, object, table),
        }
    }
    finder.strangers();
    if database.tables.iter().any(|table| !table.foreign_keys.is_empty()) {
        let meaning = "no connection checks foreign keys unless it says PRAGMA foreign_keys = ON";
        finder.add(
            "foreign keys",
            "schema".to_owned(),
            Moderate,
            "enforced",
            "off by default",
            meaning,
            [None; 2],
        );
    }
    impossible::objects(&mut finder);
    let mut gaps = finder.gaps;
    gaps.sort_by(|one, other| {
        (std::cmp::Reverse(one.severity), &one.object, one.aspect).cmp(&(
            std::cmp::Reverse(other.severity),
            &other.object,
            other.aspect,
        ))
    });
    gaps
}

/// Both sides, and what was found so far.
pub(super) struct Finder<'a> {
    pub canonical: &'a NormalSchema,
    pub database: &'a Database,
    sources: &'a [Source],
    lines: Vec<LineIndex<'a>>,
    file: &'a Source,
    file_lines: LineIndex<'a>,
    /// The canonical table of each table of SQLite that has one.
    pub tables: BTreeMap<usize, QualifiedName>,
    pub expressions: Expressions,
    gaps: Vec<Gap>,
}

impl<'a> Finder<'a> {
    fn new(
        canonical: &'a NormalSchema,
        sources: &'a [Source],
        database: &'a Database,
        file: &'a Source,
    ) -> Self {
        let tables = pairs(canonical, database);
        Self {
            canonical,
            database,
            sources,
            lines: sources.iter().map(|source| LineIndex::new(&source.text)).collect(),
            file,
            file_lines: LineIndex::new(&file.text),
            expressions: expressions(canonical, database, &tables),
            tables,
            gaps: Vec::new(),
        }
    }

    fn line(&self, span: Span) -> Option<(String, usize)> {
        let at = span.source.0 as usize;
        let (source, lines) = (self.sources.get(at)?, self.lines.get(at)?);
        (span != Span::default())
            .then(|| (source.name.clone(), lines.position(span.start as usize).line))
    }

    /// Notes a gap; places are of the canonical side and of SQLite.
    #[expect(clippy::too_many_arguments, reason = "the columns of the report")]
    pub fn add(
        &mut self,
        aspect: &'static str,
        object: String,
        severity: Severity,
        canonical: impl Into<String>,
        sqlite: impl Into<String>,
        meaning: impl Into<String>,
        [at_canonical, at_sqlite]: [Option<Span>; 2],
    ) {
        let at_sqlite = at_sqlite.map(|span| {
            (self.file.name.clone(), self.file_lines.position(span.start as usize).line)
        });
        self.gaps.push(Gap {
            aspect,
            object,
            severity,
            canonical: canonical.into(),
            sqlite: sqlite.into(),
            meaning: meaning.into(),
            at_canonical: at_canonical.and_then(|span| self.line(span)),
            at_sqlite,
        });
    }

    fn no_table(&mut self, id: &ObjectId, object: &NormalObject, table: &model::Table) {
        // Rows of a partition are in its parent, where SQLite has one.
        let parent = table.partition_of.as_ref().map(|of| &of.parent);
        let is_part = parent.is_some_and(|parent| self.tables.values().any(|name| name == parent));
        let (severity, meaning) = if is_part {
            (Low, "SQLite has no partitions; the rows belong into its parent")
        } else {
            (High, "its rows cannot be kept")
        };
        let at = [Some(object.origin().span), None];
        self.add("table", title(id), severity, "a table", "nothing", meaning, at);
    }

    fn table(
        &mut self,
        name: &QualifiedName,
        object: &NormalObject,
        table: &model::Table,
        number: usize,
        own: &Table,
    ) {
        let id = ObjectId::Table(name.clone());
        let at = [Some(object.origin().span), Some(own.span)];
        if own.of_query {
            let meaning = "its columns are those of a query, which are not known here";
            self.add("columns", title(&id), High, "columns", "CREATE TABLE .. AS", meaning, at);
            return;
        }
        if !own.strict {
            let meaning =
                "any column takes values of any type: a table has to be STRICT to refuse them";
            self.add("types", title(&id), Low, "enforced", "not STRICT", meaning, at);
        }
        for column in &table.columns {
            self.column(name, object, column, number, own);
        }
        for column in &own.columns {
            if table.columns.iter().all(|c| !c.name.as_str().eq_ignore_ascii_case(&column.name)) {
                let what = format!("{} {}", title(&id), column.name);
                let at = [Some(object.origin().span), Some(column.span)];
                self.add("column", what, Low, "nothing", "a column", "nobody declared it", at);
            }
        }
        self.constraints(name, number, own);
        self.indexes(name, own);
        impossible::of_table(self, &id, object, table, own);
    }

    fn column(
        &mut self,
        table: &QualifiedName,
        object: &NormalObject,
        column: &model::Column,
        number: usize,
        own: &Table,
    ) {
        let id = ObjectId::Column(model::Child::new(table.clone(), column.name.clone()));
        let span = object
            .origin()
            .parts
            .iter()
            .find(|(place, _)| place.part.as_ref() == Some(&column.name));
        let span = span.map_or(object.origin().span, |(_, span)| *span);
        let found = own
            .columns
            .iter()
            .enumerate()
            .find(|(_, c)| c.name.eq_ignore_ascii_case(column.name.as_str()));
        let declared = inline_type(&column.ty);
        let Some((at, sqlite)) = found else {
            let places = [Some(span), Some(own.span)];
            self.add(
                "column",
                title(&id),
                High,
                declared,
                "nothing",
                "its values cannot be kept",
                places,
            );
            return;
        };
        let places = [Some(span), Some(sqlite.span)];
        let affinity = sqlite.affinity(own.strict);
        let class = class(&column.ty, self.canonical);
        let shown = match sqlite.declared.as_str() {
            "" => format!("no type ({})", affinity.label()),
            declared => format!("{declared} ({})", affinity.label()),
        };
        if let Some((severity, meaning)) = loss(class, affinity) {
            self.add(
                "type",
                title(&id),
                severity,
                declared.clone(),
                shown.clone(),
                meaning,
                places,
            );
        }
        self.limits(&id, column, class, own, sqlite, places);
        if column.not_null.is_some() && !own.refuses_null(sqlite) {
            let keyed = own.primary_key.iter().any(|key| key.eq_ignore_ascii_case(&sqlite.name));
            let meaning = if keyed {
                "a PRIMARY KEY of SQLite takes NULL unless NOT NULL is written with it"
            } else {
                "rows without a value are taken"
            };
            self.add("not null", title(&id), High, "NOT NULL", "takes NULL", meaning, places);
        } else if column.not_null.is_none() && own.refuses_null(sqlite) {
            let meaning = "rows without a value, which are declared to be right, are refused";
            self.add("not null", title(&id), Low, "takes NULL", "NOT NULL", meaning, places);
        }
        self.default(&id, column, own, (number, at, sqlite), places);
    }

    /// What a type says beyond the kind of its values: a length, labels.
    fn limits(
        &mut self,
        id: &ObjectId,
        column: &model::Column,
        class: Class,
        own: &Table,
        sqlite: &Column,
        places: [Option<Span>; 2],
    ) {
        if class == Class::Enum {
            let name = column.ty.name.namespace.as_ref().map(|namespace| {
                QualifiedName::new(namespace.as_str(), column.ty.name.name.as_str())
            });
            let labels =
                name.and_then(|name| match self.canonical.get(&ObjectId::Enum(name))?.object() {
                    Object::Enum(labels) => Some(&labels.labels),
                    _other => None,
                });
            let labels: BTreeSet<&str> =
                labels.into_iter().flatten().map(|label| &**label).collect();
            let allowed = values(own, &sqlite.name);
            let allowed: Option<BTreeSet<&str>> =
                allowed.as_ref().map(|values| values.iter().map(String::as_str).collect());
            if allowed.as_ref() != Some(&labels) && !labels.is_empty() {
                let has = allowed.map_or_else(
                    || "any text".to_owned(),
                    |values| values.into_iter().collect::<Vec<_>>().join(", "),
                );
                let declared = labels.into_iter().collect::<Vec<_>>().join(", ");
                let meaning = "a CHECK (column IN (..)) with exactly these would hold it";
                self.add("values", title(id), High, declared, has, meaning, places);
            }
        }
        let limit =
            column.ty.modifiers.first().filter(|_| class == Class::Text && !column.ty.array);
        if let Some(limit) = limit {
            let is_checked = own.checks.iter().any(|check| {
                let words: String =
                    check.text.split_whitespace().collect::<String>().to_lowercase();
                words == format!("length({})<={limit}", sqlite.name.to_lowercase())
            });
            if !is_checked {
                let meaning = format!(
                    "longer values are taken: CHECK (length({}) <= {limit}) would hold it",
                    sqlite.name
                );
                let declared = inline_type(&column.ty);
                self.add("length", title(id), Low, declared, "any length", meaning, places);
            }
        }
    }

    fn default(
        &mut self,
        id: &ObjectId,
        column: &model::Column,
        own: &Table,
        (number, at, sqlite): (usize, usize, &Column),
        places: [Option<Span>; 2],
    ) {
        let has = sqlite.default.as_ref().or(sqlite.generated.as_ref());
        let shown = has.map_or_else(|| "none".to_owned(), |written| written.text.clone());
        match &column.default {
            None => {}
            Some(ColumnDefault::Identity { .. }) => {
                self.numbered(id, "an identity column", own, sqlite, places);
            }
            Some(ColumnDefault::Generated { expression, .. }) => {
                let declared = inline_expr(&expression.expr);
                if sqlite.generated.is_none() {
                    let meaning = "whoever writes has to compute it";
                    self.add("generated", title(id), High, declared, shown, meaning, places);
                }
            }
            Some(ColumnDefault::Expression(expression)) => {
                let declared = inline_expr(&expression.expr);
                if declared.starts_with("nextval(") {
                    self.numbered(id, "a sequence", own, sqlite, places);
                    return;
                }
                let read = self.expressions.defaults.get(&(number, at));
                if read == Some(&expression.expr) || says_the_same(&declared, &shown) {
                    return;
                }
                let (severity, meaning) = match (&*declared, &*shown.to_ascii_uppercase()) {
                    ("now()" | "CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP") => {
                        (Low, "text in UTC, to the second, without a zone")
                    }
                    (_, "NONE") => {
                        (Moderate, "rows get NULL, or are refused, unless a value is given")
                    }
                    _other => (Moderate, "rows may get another value"),
                };
                self.add("default", title(id), severity, declared, shown, meaning, places);
            }
        }
    }

    /// Numbers that come by themselves.
    fn numbered(
        &mut self,
        id: &ObjectId,
        declared: &str,
        own: &Table,
        sqlite: &Column,
        places: [Option<Span>; 2],
    ) {
        if !own.is_rowid(sqlite) {
            let meaning = "only INTEGER PRIMARY KEY numbers rows by itself";
            self.add("numbering", title(id), High, declared, "none", meaning, places);
        } else if !sqlite.autoincrement {
            let meaning = "numbers of the last rows are used again once those are deleted";
            self.add("numbering", title(id), Low, declared, "INTEGER PRIMARY KEY", meaning, places);
        }
    }

    /// Tables that only SQLite has.
    fn strangers(&mut self) {
        let database = self.database;
        for (number, table) in database.tables.iter().enumerate() {
            if !self.tables.contains_key(&number) {
                let what = format!("table {}", table.name);
                self.add(
                    "table",
                    what,
                    Low,
                    "nothing",
                    "a table",
                    "nobody declared it",
                    [None, Some(table.span)],
                );
            }
        }
    }
}

/// Which table of SQLite is which canonical one: by name, else by namespace and name with `_`.
fn pairs(canonical: &NormalSchema, database: &Database) -> BTreeMap<usize, QualifiedName> {
    let tables = canonical.iter().filter_map(|(id, _)| match id {
        ObjectId::Table(name) => Some(name),
        _other => None,
    });
    let mut by_name: BTreeMap<String, Vec<&QualifiedName>> = BTreeMap::new();
    for name in tables {
        let plain = name.name.as_str().to_ascii_lowercase();
        let joined = format!("{}_{plain}", name.namespace.as_str().to_ascii_lowercase());
        by_name.entry(joined).or_default().push(name);
        by_name.entry(plain).or_default().push(name);
    }
    let mut taken = BTreeSet::new();
    let mut pairs = BTreeMap::new();
    for (number, table) in database.tables.iter().enumerate() {
        let candidates = by_name.get(&table.name.to_ascii_lowercase());
        let public = |name: &&&QualifiedName| name.namespace == "public";
        let best = candidates.and_then(|all| all.iter().find(public).or_else(|| all.first()));
        if let Some(name) = best
            && taken.insert((*name).clone())
        {
            pairs.insert(number, (*name).clone());
        }
    }
    pairs
}

/// `column public.t.a`.
pub(super) fn title(id: &ObjectId) -> String {
    format!("{} {}", id.kind().label(), object_name(id))
}

/// Literals that mean the same where SQLite has no such type.
fn says_the_same(declared: &str, sqlite: &str) -> bool {
    let sqlite = sqlite.trim().trim_matches(['(', ')']);
    if declared.eq_ignore_ascii_case("true") || declared.eq_ignore_ascii_case("false") {
        let number = if declared.eq_ignore_ascii_case("true") { "1" } else { "0" };
        return sqlite == number || sqlite.eq_ignore_ascii_case(declared);
    }
    // '{}'::jsonb and '{}' are the same text.
    let bare = declared.rsplit_once("::").map_or(declared, |(value, _)| value);
    bare.starts_with('\'') && bare == sqlite
}
