//! Views and materialized views.

use super::SqlWriter;
use crate::model::{ColumnDefault, Ident, MaterializedView, QualifiedName, View};

impl SqlWriter {
    /// `CREATE VIEW`, and the defaults of its columns.
    pub fn create_view(&mut self, name: &QualifiedName, view: &View, replace: bool) {
        let View { query, columns, options, defaults: _said_after, column_notes: _said_elsewhere } =
            view;
        self.sql(if replace { "CREATE OR REPLACE VIEW " } else { "CREATE VIEW " }).qualified(name);
        self.column_list(columns);
        self.with_options(options);
        self.sql(" AS");
        self.indented(|writer| {
            writer.break_line();
            writer.query(&query.value);
        });
        self.sql(";\n");
        self.view_defaults(name, view);
    }

    /// `ALTER VIEW v ALTER COLUMN c SET DEFAULT x`, for each column that has one.
    pub fn view_defaults(&mut self, name: &QualifiedName, view: &View) {
        for (column, default) in &view.defaults {
            if let ColumnDefault::Expression(expression) = default {
                self.sql("ALTER VIEW ").qualified(name);
                self.sql(" ALTER COLUMN ").ident(column);
                self.sql(" SET DEFAULT ").expr(&expression.expr).sql(";\n");
            }
        }
    }

    /// `CREATE MATERIALIZED VIEW`, and the attributes of its columns.
    pub fn create_materialized_view(&mut self, name: &QualifiedName, view: &MaterializedView) {
        let MaterializedView {
            query,
            columns,
            options,
            access_method,
            tablespace,
            cluster_on: _needs_its_index,
            column_options: _said_after,
            column_notes: _said_elsewhere,
        } = view;
        self.sql("CREATE MATERIALIZED VIEW ").qualified(name);
        self.column_list(columns);
        if let Some(method) = access_method {
            self.sql(" USING ").ident(method);
        }
        self.with_options(options);
        if let Some(tablespace) = tablespace {
            self.sql(" TABLESPACE ").ident(tablespace);
        }
        self.sql(" AS");
        self.indented(|writer| {
            writer.break_line();
            writer.query(&query.value);
        });
        self.sql(" WITH NO DATA;\n");
        self.materialized_view_columns(name, view);
    }

    /// `ALTER MATERIALIZED VIEW v ALTER COLUMN c SET ..`.
    pub fn materialized_view_columns(&mut self, name: &QualifiedName, view: &MaterializedView) {
        for ((column, attribute), value) in &view.column_options {
            self.sql("ALTER MATERIALIZED VIEW ").qualified(name);
            self.sql(" ALTER COLUMN ").ident(column);
            match attribute.as_str() {
                "storage" => self.sql(" SET STORAGE ").ident(&Ident::new(value)),
                "compression" => self.sql(" SET COMPRESSION ").ident(&Ident::new(value)),
                "statistics" => {
                    // Kept as digits; anything else would not be a target.
                    let target = value.parse::<i32>().unwrap_or(-1);
                    self.sql(" SET STATISTICS ").number(target);
                }
                _option => {
                    self.sql(" SET (").ident(attribute);
                    self.sql(" = ").string(value).sql(")");
                }
            }
            self.sql(";\n");
        }
    }

    /// `ALTER MATERIALIZED VIEW v CLUSTER ON i`, once its indexes are there.
    pub fn materialized_view_settings(&mut self, name: &QualifiedName, view: &MaterializedView) {
        if let Some(index) = &view.cluster_on {
            self.sql("ALTER MATERIALIZED VIEW ").qualified(name);
            self.sql(" CLUSTER ON ").ident(index);
            self.sql(";\n");
        }
    }

    fn column_list(&mut self, columns: &[Ident]) {
        if !columns.is_empty() {
            self.sql(" (").idents(columns);
            self.sql(")");
        }
    }
}
