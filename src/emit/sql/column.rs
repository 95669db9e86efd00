//! Columns: the definition within `CREATE TABLE`, and what `ALTER TABLE` adds.

use std::collections::BTreeMap;

use super::SqlWriter;
use crate::model::{Column, ColumnDefault, Ident, NotNull, QualifiedName, Sequence};

impl SqlWriter {
    /// `a integer GENERATED ALWAYS AS (b + 1) STORED NOT NULL`. A plain default is not
    /// part of it: it may need a function that is made later.
    pub fn column(&mut self, column: &Column) {
        self.column_of(column, false);
    }

    /// The same with its default, as `ADD COLUMN` needs it where rows are there already.
    pub fn column_with_default(&mut self, column: &Column) {
        self.column_of(column, true);
    }

    fn column_of(&mut self, column: &Column, with_default: bool) {
        self.ident(&column.name);
        self.sql(" ").type_name(&column.ty);
        if let Some(collation) = &column.details.collation {
            self.sql(" COLLATE ").collation(collation);
        }
        if !column.details.foreign_options.is_empty() {
            self.foreign_options(&column.details.foreign_options);
        }
        match &column.default {
            Some(ColumnDefault::Generated { expression, stored }) => {
                self.sql(" GENERATED ALWAYS AS (").expr(&expression.expr);
                self.sql(if *stored { ") STORED" } else { ") VIRTUAL" });
            }
            Some(ColumnDefault::Identity { always, sequence_name, sequence }) => {
                self.sql(" ").identity(*always, sequence_name, sequence);
            }
            Some(ColumnDefault::Expression(expression)) if with_default => {
                self.sql(" DEFAULT ").bounded(&expression.expr);
            }
            Some(ColumnDefault::Expression(_)) | None => {}
        }
        if let Some(not_null) = column.not_null.as_ref().filter(|not_null| !not_null.not_valid) {
            self.not_null(not_null);
        }
    }

    /// `GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME s ..)`.
    pub fn identity(&mut self, always: bool, name: &QualifiedName, sequence: &Sequence) {
        self.sql("GENERATED ").sql(if always { "ALWAYS" } else { "BY DEFAULT" });
        self.sql(" AS IDENTITY (SEQUENCE NAME ").qualified(name);
        self.sequence_options(sequence);
        self.sql(")");
    }

    fn not_null(&mut self, not_null: &NotNull) {
        if let Some(name) = &not_null.name {
            self.sql(" CONSTRAINT ").ident(name);
        }
        self.sql(" NOT NULL");
        if not_null.no_inherit {
            self.sql(" NO INHERIT");
        }
    }

    /// `ALTER TABLE ONLY t ALTER COLUMN c SET DEFAULT x`, when it has a default.
    pub fn column_default(&mut self, table: &QualifiedName, column: &Column) {
        if let Some(ColumnDefault::Expression(expression)) = &column.default {
            self.alter_column(table, &column.name).sql("SET DEFAULT ").expr(&expression.expr);
            self.sql(";\n");
        }
    }

    /// What `ALTER COLUMN` says of storage and statistics.
    pub fn column_attributes(&mut self, table: &QualifiedName, column: &Column) {
        let words = [
            ("SET STORAGE ", &column.details.storage),
            ("SET COMPRESSION ", &column.details.compression),
        ];
        for (action, word) in words {
            if let Some(word) = word {
                self.alter_column(table, &column.name).sql(action).ident(word);
                self.sql(";\n");
            }
        }
        if let Some(target) = column.details.statistics {
            self.alter_column(table, &column.name).sql("SET STATISTICS ").number(target).sql(";\n");
        }
        if !column.details.options.is_empty() {
            self.alter_column(table, &column.name).sql("SET (");
            self.options(&column.details.options);
            self.sql(");\n");
        }
        // A NOT NULL that is not valid can only be added (PostgreSQL 18).
        if let Some(not_null) = column.not_null.as_ref().filter(|not_null| not_null.not_valid) {
            self.alter_table(table).sql("ADD ");
            if let Some(name) = &not_null.name {
                self.sql("CONSTRAINT ").ident(name);
                self.sql(" ");
            }
            self.sql("NOT NULL ").ident(&column.name);
            self.sql(if not_null.no_inherit {
                " NO INHERIT NOT VALID;\n"
            } else {
                " NOT VALID;\n"
            });
        }
    }

    /// `ALTER TABLE ONLY t ALTER COLUMN c `.
    pub fn alter_column(&mut self, table: &QualifiedName, column: &Ident) -> &mut Self {
        self.alter_table(table).sql("ALTER COLUMN ").ident(column);
        self.sql(" ")
    }

    /// ` WITH (a = 'x')`, when there are options.
    pub(super) fn with_options(&mut self, options: &BTreeMap<Ident, Box<str>>) {
        if !options.is_empty() {
            self.sql(" WITH (");
            self.options(options);
            self.sql(")");
        }
    }

    /// `fillfactor = '70', toast.autovacuum_enabled = 'false'`.
    pub fn options(&mut self, options: &BTreeMap<Ident, Box<str>>) {
        self.list(options, |writer, (name, value)| {
            writer.option_name(name);
            writer.sql(" = ").string(value);
        });
    }

    /// `fillfactor`, `toast.autovacuum_enabled`.
    pub fn option_name(&mut self, name: &Ident) {
        match name.as_str().strip_prefix("toast.") {
            Some(name) => self.sql("toast.").ident(&Ident::new(name)),
            None => self.ident(name),
        }
    }

    /// ` OPTIONS (a 'x')`, when there are options.
    pub(super) fn foreign_options(&mut self, options: &BTreeMap<Ident, Box<str>>) {
        if !options.is_empty() {
            self.sql(" OPTIONS (");
            self.list(options, |writer, (name, value)| {
                writer.ident(name);
                writer.sql(" ").string(value);
            });
            self.sql(")");
        }
    }

    /// A name with its namespace.
    pub fn qualified(&mut self, name: &QualifiedName) {
        self.ident(&name.namespace);
        self.sql(".").ident(&name.name);
    }
}
