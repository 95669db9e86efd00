//! SQL that says what YAML says, with the place in the YAML of each part of it.
//!
//! Keywords, names and pieces of SQL go in; text and a map come out. Names and literals are
//! written by `emit::sql`; a piece of SQL gets in only after it was read as exactly one of
//! what belongs there, so that a value never becomes another statement.

use std::ops::Range;

use crate::emit::sql::{SqlWriter, Style};
use crate::model::{Ident, QualifiedName, SourceId, Span};
use crate::parse::fragment::{self, FragmentError};

/// The text under construction.
#[derive(Debug, Default)]
pub(super) struct Draft {
    text: String,
    parts: Vec<Part>,
}

/// A part of the SQL and where the YAML says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    sql: Range<usize>,
    yaml: Range<usize>,
    /// What is special about it.
    pub mark: Mark,
}

/// What a part is besides its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Mark {
    /// Nothing special.
    #[default]
    None,
    /// A constraint or index without a name of its own; with the table and, when it is said
    /// there, the column.
    Said {
        /// Whether a name is given.
        named: bool,
        /// The table.
        table: QualifiedName,
        /// The column.
        column: Option<Ident>,
    },
}

impl Draft {
    /// What is written within stands in that range of the YAML.
    pub fn at(&mut self, yaml: &Range<usize>, mark: Mark, write: impl FnOnce(&mut Self)) {
        let start = self.text.len();
        write(self);
        self.parts.push(Part { sql: start..self.text.len(), yaml: yaml.clone(), mark });
    }

    /// Keywords and punctuation.
    pub fn sql(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// What the writer of SQL writes.
    pub fn write(&mut self, write: impl FnOnce(&mut SqlWriter)) -> &mut Self {
        let mut writer = SqlWriter::new(Style::INLINE);
        write(&mut writer);
        self.text.push_str(&writer.finish());
        self
    }

    /// An identifier.
    pub fn ident(&mut self, ident: &Ident) -> &mut Self {
        self.write(|writer| writer.ident(ident))
    }

    /// A name with its schema.
    pub fn name(&mut self, name: &QualifiedName) -> &mut Self {
        self.ident(&name.namespace).sql(".").ident(&name.name)
    }

    /// Identifiers between parentheses.
    pub fn columns(&mut self, columns: &[Ident]) -> &mut Self {
        self.sql("(").write(|writer| writer.idents(columns)).sql(")")
    }

    /// A literal.
    pub fn string(&mut self, text: &str) -> &mut Self {
        self.write(|writer| {
            writer.string(text);
        })
    }

    /// A piece that was read; a comment at its end ends with the line.
    pub fn piece(&mut self, piece: &Piece) -> &mut Self {
        self.text.push_str(&piece.0);
        self.text.push('\n');
        self
    }

    /// What another draft says, whose places are not kept.
    pub fn append(&mut self, other: Self) -> &mut Self {
        self.text.push_str(&other.text);
        self
    }

    /// The text and its map.
    pub fn finish(self) -> (String, Map) {
        (self.text, Map { parts: self.parts })
    }
}

/// SQL that is exactly one of what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece(String);

impl Piece {
    /// One expression.
    pub fn expression(text: &str) -> Result<Self, FragmentError> {
        fragment::expression(text).map(|_| Self(text.to_owned()))
    }

    /// One type.
    pub fn type_name(text: &str) -> Result<Self, FragmentError> {
        // serial types are none to the server, but every table has one.
        fragment::type_name(text).map(|_| Self(text.to_owned()))
    }

    /// What follows the name of a column.
    pub fn column(text: &str) -> Result<Self, FragmentError> {
        fragment::column(text).map(|_| Self(text.to_owned()))
    }

    /// One table constraint, without its name.
    pub fn constraint(text: &str) -> Result<Self, FragmentError> {
        fragment::constraint(text).map(|()| Self(text.to_owned()))
    }

    /// Whole statements.
    pub fn statements(text: &str) -> Result<Self, FragmentError> {
        fragment::statements(text).map(|()| Self(text.to_owned()))
    }

    /// The key of an index: a column or an expression, with collation, operator class, order.
    pub fn index_key(text: &str) -> Result<Self, FragmentError> {
        fragment::index_key(text).map(|()| Self(text.to_owned()))
    }
}

/// From places in the SQL to places in the YAML.
#[derive(Clone, Debug, Default)]
pub(super) struct Map {
    parts: Vec<Part>,
}

impl Map {
    /// Sorted for looking up: parts start in order, the outer one first.
    pub fn sorted(mut self) -> Self {
        self.parts.sort_by_key(|part| (part.sql.start, std::cmp::Reverse(part.sql.end)));
        self
    }

    /// The smallest part that holds the place.
    fn part(&self, start: usize, end: usize) -> Option<&Part> {
        let before = self.parts.partition_point(|part| part.sql.start <= start);
        // Parts nest three deep; statements around one another end before it.
        let before = self.parts.get(..before).unwrap_or_default();
        before.iter().rev().find(|part| part.sql.end >= end && !part.sql.is_empty())
    }

    /// Where the YAML says it.
    pub fn span(&self, span: Span) -> Span {
        let (start, end) = (span.start as usize, span.end as usize);
        match self.part(start, end) {
            Some(part) => Span::new(span.source, part.yaml.start, part.yaml.end),
            None => Span { source: span.source, ..Span::new(SourceId(0), 0, 1) },
        }
    }

    /// What is special about a place.
    pub fn mark(&self, span: Span) -> &Mark {
        let (start, end) = (span.start as usize, span.end as usize);
        let before = self.parts.partition_point(|part| part.sql.start <= start);
        let before = self.parts.get(..before).unwrap_or_default();
        let marked = |part: &&Part| part.sql.end >= end && part.mark != Mark::None;
        before.iter().rev().find(marked).map_or(&Mark::None, |part| &part.mark)
    }
}
