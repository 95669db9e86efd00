//! SQLite schemas, and what they do not hold of a PostgreSQL schema.
//!
//! The output of `.schema` goes in, and a schema in normal form; [`Gap`]s come out, each with
//! its severity and its places. Surprising: a declared type means little in SQLite. What counts
//! is the affinity that its letters give (`FLOATING POINT` is INTEGER, for the INT in POINT), and
//! any column takes any value all the same, unless its table is STRICT.

mod affinity;
mod classes;
mod expressions;
mod gaps;
mod impossible;
mod keys;
mod read;
mod report;
mod tokens;

pub use affinity::Affinity;
pub use gaps::gaps;
pub use read::read;
pub use report::{json, markdown, terminal};

use crate::diff::Severity;
use crate::model::Span;

/// The JSON Schema of what [`json`] writes.
pub const JSON_SCHEMA: &str = include_str!("schema/portability-1.json");

/// A SQLite schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Database {
    /// Tables, without those that SQLite keeps for itself.
    pub tables: Vec<Table>,
    /// Indexes of `CREATE INDEX`.
    pub indexes: Vec<Index>,
    /// Names of views.
    pub views: Vec<Named>,
    /// Names of triggers.
    pub triggers: Vec<Named>,
    /// Virtual tables, whose columns a module decides.
    pub virtual_tables: Vec<Named>,
    /// Statements that say nothing about the schema, and tables of SQLite itself.
    pub ignored: usize,
    /// All statements.
    pub statements: usize,
}

/// Something with a name and a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// As written, without quotes.
    pub name: String,
    /// Where.
    pub span: Span,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// As written, without quotes.
    pub name: String,
    /// Where.
    pub span: Span,
    /// In order.
    pub columns: Vec<Column>,
    /// The primary key; empty if there is none.
    pub primary_key: Vec<String>,
    /// `UNIQUE (..)`, and UNIQUE columns.
    pub uniques: Vec<Vec<String>>,
    /// `CHECK (..)` of the table and its columns: what stands within the parentheses.
    pub checks: Vec<Written>,
    /// `FOREIGN KEY` and `REFERENCES`.
    pub foreign_keys: Vec<ForeignKey>,
    /// `WITHOUT ROWID`.
    pub without_rowid: bool,
    /// `STRICT`.
    pub strict: bool,
    /// `CREATE TABLE .. AS`: its columns are not said.
    pub of_query: bool,
}

impl Table {
    /// The column of a name; SQLite folds ASCII.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// Whether a column refuses NULL. A primary key does not, for a mistake of old that stays
    /// (<https://www.sqlite.org/lang_createtable.html>, "The PRIMARY KEY"), unless it is the
    /// rowid, or the table is STRICT or WITHOUT ROWID.
    pub fn refuses_null(&self, column: &Column) -> bool {
        let keyed = self.primary_key.iter().any(|key| key.eq_ignore_ascii_case(&column.name));
        column.not_null || keyed && (self.strict || self.without_rowid || self.is_rowid(column))
    }

    /// Whether a column is another name of the rowid: `INTEGER PRIMARY KEY`, that very word
    /// (<https://www.sqlite.org/lang_createtable.html>, "ROWIDs and the INTEGER PRIMARY KEY").
    pub fn is_rowid(&self, column: &Column) -> bool {
        let alone = matches!(self.primary_key.as_slice(), [only] if only.eq_ignore_ascii_case(&column.name));
        alone && !self.without_rowid && column.declared.eq_ignore_ascii_case("INTEGER")
    }
}

/// A column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// As written, without quotes.
    pub name: String,
    /// Where.
    pub span: Span,
    /// The declared type, words apart by one space; empty for none.
    pub declared: String,
    /// `NOT NULL`.
    pub not_null: bool,
    /// `DEFAULT`, its expression.
    pub default: Option<Written>,
    /// `GENERATED ALWAYS AS`, its expression.
    pub generated: Option<Written>,
    /// `AUTOINCREMENT`.
    pub autoincrement: bool,
}

impl Column {
    /// What the declared type comes to.
    pub fn affinity(&self, strict: bool) -> Affinity {
        if strict && self.declared.eq_ignore_ascii_case("ANY") {
            return Affinity::Blob;
        }
        Affinity::of(&self.declared)
    }
}

/// An expression as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Its text.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// The referencing columns.
    pub columns: Vec<String>,
    /// The referenced table.
    pub target: String,
    /// The referenced columns; empty for its primary key.
    pub target_columns: Vec<String>,
    /// The words after `ON DELETE`, upper case.
    pub on_delete: String,
    /// The words after `ON UPDATE`.
    pub on_update: String,
    /// `DEFERRABLE INITIALLY DEFERRED`, the only form that defers.
    pub deferred: bool,
    /// Where.
    pub span: Span,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// As written, without quotes.
    pub name: String,
    /// The table.
    pub table: String,
    /// `UNIQUE`.
    pub unique: bool,
    /// Each key as written; a plain column without quotes.
    pub keys: Vec<Key>,
    /// `WHERE ..`.
    pub predicate: Option<Written>,
    /// Where.
    pub span: Span,
}

/// A key of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The column; none for an expression.
    pub column: Option<String>,
    /// As written, without its order.
    pub text: String,
    /// `DESC`.
    pub descending: bool,
}

/// Something of the canonical schema that the SQLite schema does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// What kind of thing: `type`, `not null`, `check`.
    pub aspect: &'static str,
    /// Of what: `column public.orders.total`.
    pub object: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is declared.
    pub canonical: String,
    /// What SQLite has.
    pub sqlite: String,
    /// What follows from it.
    pub meaning: String,
    /// Where the canonical side says it: source and line.
    pub at_canonical: Option<(String, usize)>,
    /// Where the SQLite side says it, or would.
    pub at_sqlite: Option<(String, usize)>,
}
