//! Indexes and the keys that constraints and partition keys share with them.

use super::SqlWriter;
use crate::model::{Expr, Index, IndexKey, QualifiedName};

impl SqlWriter {
    /// `CREATE INDEX`, and the statistics targets of its expressions.
    pub fn create_index(&mut self, name: &QualifiedName, index: &Index) {
        self.create_index_as(name, index, "CREATE INDEX ", "CREATE UNIQUE INDEX ");
    }

    /// The same without keeping others out of the table.
    pub fn create_index_concurrently(&mut self, name: &QualifiedName, index: &Index) {
        const PLAIN: &str = "CREATE INDEX CONCURRENTLY ";
        const UNIQUE: &str = "CREATE UNIQUE INDEX CONCURRENTLY ";
        self.create_index_as(name, index, PLAIN, UNIQUE);
    }

    fn create_index_as(
        &mut self,
        name: &QualifiedName,
        index: &Index,
        plain: &'static str,
        unique_words: &'static str,
    ) {
        let Index {
            relation,
            method,
            unique,
            nulls_not_distinct,
            keys,
            include,
            predicate,
            options,
            tablespace,
            partitions: _made_with_it,
            statistics,
            path: _erased,
        } = index;
        self.sql(if *unique { unique_words } else { plain }).ident(&name.name);
        self.sql(" ON ").qualified(relation);
        self.sql(" USING ").ident(method);
        self.sql(" (");
        self.list(keys, SqlWriter::index_key);
        self.sql(")");
        if !include.is_empty() {
            self.sql(" INCLUDE (").idents(include);
            self.sql(")");
        }
        if *nulls_not_distinct {
            self.sql(" NULLS NOT DISTINCT");
        }
        self.with_options(options);
        if let Some(tablespace) = tablespace {
            self.sql(" TABLESPACE ").ident(tablespace);
        }
        if let Some(predicate) = predicate {
            self.sql(" WHERE ").expr(predicate);
        }
        self.sql(";\n");
        for (number, target) in statistics {
            self.sql("ALTER INDEX ").qualified(name);
            self.sql(" ALTER COLUMN ").number(*number);
            self.sql(" SET STATISTICS ").number(*target).sql(";\n");
        }
    }

    /// `lower(a) COLLATE c opclass (x = 1) DESC NULLS LAST`. An expression stands in
    /// parentheses unless it is a call (`index_elem`, `src/backend/parser/gram.y`).
    pub(super) fn index_key(&mut self, key: &IndexKey) {
        let IndexKey { expr, collation, opclass, opclass_options, descending, nulls_first } = key;
        if let Expr::Column(_) = expr {
            self.expr(expr);
        } else {
            self.sql("(").expr(expr);
            self.sql(")");
        }
        if let Some(collation) = collation {
            self.sql(" COLLATE ").collation(collation);
        }
        if let Some(opclass) = opclass {
            self.sql(" ").name(opclass);
        }
        if !opclass_options.is_empty() {
            self.sql(" (");
            self.options(opclass_options);
            self.sql(")");
        }
        if *descending {
            self.sql(" DESC");
        }
        if nulls_first != descending {
            self.sql(if *nulls_first { " NULLS FIRST" } else { " NULLS LAST" });
        }
    }
}
