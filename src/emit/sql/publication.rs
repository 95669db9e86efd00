//! Publications.

use super::SqlWriter;
use crate::model::{Ident, Publication, PublishedTable, QualifiedName};

impl SqlWriter {
    /// `CREATE PUBLICATION`. An option that PostgreSQL 17 and older do not know is only
    /// said when it is not at its default.
    pub fn create_publication(&mut self, name: &Ident, publication: &Publication) {
        let Publication { all_tables, namespaces, tables, options } = publication;
        self.sql("CREATE PUBLICATION ").ident(name);
        if *all_tables {
            self.sql(" FOR ALL TABLES");
        } else if !tables.is_empty() || !namespaces.is_empty() {
            self.sql(" FOR ");
            self.list(tables, SqlWriter::published_table);
            if !tables.is_empty() && !namespaces.is_empty() {
                self.sql(", ");
            }
            self.list(namespaces, |writer, namespace| {
                writer.sql("TABLES IN SCHEMA ").ident(namespace);
            });
        }
        let mut said = options.clone();
        said.retain(|name, value| *name != "publish_generated_columns" || **value != *"none");
        self.with_options(&said);
        self.sql(";\n");
    }

    fn published_table(&mut self, (name, table): (&QualifiedName, &PublishedTable)) {
        let PublishedTable { columns, filter } = table;
        self.sql("TABLE ONLY ").qualified(name);
        if !columns.is_empty() {
            self.sql(" (");
            self.list(columns, SqlWriter::ident);
            self.sql(")");
        }
        if let Some(filter) = filter {
            self.sql(" WHERE (").expr(&filter.expr).sql(")");
        }
    }
}
