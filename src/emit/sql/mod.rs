//! Writes model values as SQL that PostgreSQL 13 to 18 reads back as the same values.
//!
//! [`SqlWriter`] owns all quoting. Its text can only come from keywords in the code
//! (`&'static str`), from numbers, and from its methods for identifiers, literals and
//! model values, so that no name from a schema can end up in SQL unquoted.
//!
//! ```
//! use pgcanon::emit::sql::{SqlWriter, Style};
//! use pgcanon::parse::fragment;
//!
//! let expr = fragment::expression("((a+1)*2) > 3 AND \"Select\" IS NOT NULL")?;
//! let mut writer = SqlWriter::new(Style::INLINE);
//! writer.sql("CHECK (").expr(&expr).sql(")");
//! assert_eq!(writer.finish(), "CHECK ((a + 1) * 2 > 3 AND \"Select\" IS NOT NULL)");
//! # Ok::<(), pgcanon::parse::fragment::FragmentError>(())
//! ```

mod aggregate;
mod call;
mod collation;
mod column;
mod command;
mod constraint;
mod event_trigger;
mod expr;
mod extension;
mod foreign_data;
mod from;
mod ident;
mod index;
mod json;
mod language;
mod literal;
mod namespace;
mod object;
mod operator;
mod policy;
mod precedence;
mod privileges;
mod publication;
mod query;
mod reference;
mod role;
mod routine;
mod rule;
mod said;
mod sequence;
mod statistics;
mod subscription;
mod table;
mod text_search;
mod trigger;
mod type_name;
mod user_type;
mod view;
mod window;
mod xml;

#[cfg(test)]
mod laws;

pub(crate) use privileges::class_word;

use crate::model::{Command, Expr, Query, TypeName};

/// How SQL is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Queries over several lines, indented.
    pub lines: bool,
    /// `pg_catalog.lower(x)` rather than `lower(x)`.
    pub qualify_builtins: bool,
}

impl Style {
    /// Over several lines, for files.
    pub const LINES: Self = Self { lines: true, qualify_builtins: false };
    /// On one line, for tables and messages.
    pub const INLINE: Self = Self { lines: false, qualify_builtins: false };
}

/// Builds SQL text.
#[derive(Clone, Debug)]
pub struct SqlWriter {
    text: String,
    style: Style,
    indent: usize,
}

impl SqlWriter {
    /// A writer with nothing written yet.
    pub fn new(style: Style) -> Self {
        Self { text: String::new(), style, indent: 0 }
    }

    /// What was written.
    pub fn finish(self) -> String {
        self.text
    }

    /// Keywords and punctuation. Takes what is in the code, never a name or a value.
    pub fn sql(&mut self, text: &'static str) -> &mut Self {
        self.push(text);
        self
    }

    /// A whole number.
    pub fn number(&mut self, number: impl Into<i128>) -> &mut Self {
        self.push(&number.into().to_string());
        self
    }

    /// Each item, with commas between.
    pub fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            write(self, item);
        }
    }

    /// A new line at the current indentation, or a space when all is on one line.
    pub fn break_line(&mut self) {
        if self.style.lines {
            self.new_line();
        } else {
            self.push(" ");
        }
    }

    /// A new line at the current indentation, or nothing when all is on one line.
    pub fn soft_break(&mut self) {
        if self.style.lines {
            self.new_line();
        }
    }

    /// What is written within is indented by one step more.
    pub fn indented(&mut self, write: impl FnOnce(&mut Self)) {
        self.indent += 1;
        write(self);
        self.indent -= 1;
    }

    /// `(`, what is written within on lines of its own, `)`.
    pub fn block(&mut self, write: impl FnOnce(&mut Self)) {
        self.push("(");
        self.indented(|writer| {
            writer.soft_break();
            write(writer);
        });
        self.soft_break();
        self.push(")");
    }

    fn new_line(&mut self) {
        self.text.push('\n');
        for _ in 0..self.indent {
            self.text.push_str("    ");
        }
    }

    /// Text that is known to be SQL.
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn push_char(&mut self, character: char) {
        self.text.push(character);
    }

    /// Text with every `quote` in it doubled.
    fn push_doubling(&mut self, text: &str, quote: char) {
        for character in text.chars() {
            if character == quote {
                self.text.push(quote);
            }
            self.text.push(character);
        }
    }
}

/// The expression on one line.
pub fn inline_expr(expr: &Expr) -> String {
    let mut writer = SqlWriter::new(Style::INLINE);
    writer.expr(expr);
    writer.finish()
}

/// The query on one line.
pub fn inline_query(query: &Query) -> String {
    let mut writer = SqlWriter::new(Style::INLINE);
    writer.query(query);
    writer.finish()
}

/// The command on one line.
pub fn inline_command(command: &Command) -> String {
    let mut writer = SqlWriter::new(Style::INLINE);
    writer.command(command);
    writer.finish()
}

/// The type as PostgreSQL's `format_type` writes it.
pub fn inline_type(ty: &TypeName) -> String {
    let mut writer = SqlWriter::new(Style::INLINE);
    writer.type_name(ty);
    writer.finish()
}
