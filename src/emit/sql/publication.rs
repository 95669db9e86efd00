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
            self.published(publication);
        }
        let mut said = options.clone();
        said.retain(|name, value| *name != "publish_generated_columns" || **value != *"none");
        self.with_options(&said);
        self.sql(";\n");
    }

    /// `TABLE ONLY s.t (a) WHERE (..), TABLES IN SCHEMA n`.
    pub fn published(&mut self, publication: &Publication) {
        self.list(&publication.tables, SqlWriter::published_table);
        self.published_namespaces(publication);
    }

    /// The same by name only, as `DROP` takes it.
    pub fn published_names(&mut self, publication: &Publication) {
        self.list(publication.tables.keys(), |writer, name| {
            writer.sql("TABLE ONLY ").qualified(name);
        });
        self.published_namespaces(publication);
    }

    fn published_namespaces(&mut self, publication: &Publication) {
        let Publication { namespaces, tables, .. } = publication;
        if !tables.is_empty() && !namespaces.is_empty() {
            self.sql(", ");
        }
        self.list(namespaces, |writer, namespace| {
            writer.sql("TABLES IN SCHEMA ").ident(namespace);
        });
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
