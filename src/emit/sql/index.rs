//! Indexes and the keys that constraints and partition keys share with them.

use super::SqlWriter;
use crate::model::{AttachedIndex, Expr, Ident, Index, IndexKey, KeyDetails, QualifiedName};

/// A relation with or without its partitions.
#[derive(Clone, Copy, Debug)]
enum On<'a> {
    All(&'a QualifiedName),
    Only(&'a QualifiedName),
    /// Without keeping others out of the table.
    Concurrently(&'a QualifiedName),
}

impl SqlWriter {
    /// `CREATE INDEX` with its parts on partitions, and the statistics targets of its
    /// expressions.
    pub fn create_index(&mut self, name: &QualifiedName, index: &Index) {
        let made_with_it = AttachedIndex::made_with(&index.options, index.tablespace.as_ref());
        // PostgreSQL takes an equal index of a partition as the part, whatever its
        // storage (`DefineIndex`, `src/backend/commands/indexcmds.c`).
        for (partition, part) in index.partitions.iter().filter(|(_, p)| **p != made_with_it) {
            self.index_on(None, On::All(partition), index, part);
        }
        self.index_on(Some(&name.name), On::All(&index.relation), index, &made_with_it);
        self.index_statistics(name, index);
    }

    /// `CREATE INDEX CONCURRENTLY`: others may write the table meanwhile.
    pub fn create_index_concurrently(&mut self, name: &QualifiedName, index: &Index) {
        let own = AttachedIndex::made_with(&index.options, index.tablespace.as_ref());
        self.index_on(Some(&name.name), On::Concurrently(&index.relation), index, &own);
        self.index_statistics(name, index);
    }

    /// `CREATE INDEX .. ON ONLY`, and the parts of it that are there one by one: on
    /// the partitions of `attached`, while others have none.
    pub fn create_index_only(
        &mut self,
        name: &QualifiedName,
        index: &Index,
        attached: &[&QualifiedName],
    ) {
        let own = AttachedIndex::made_with(&index.options, index.tablespace.as_ref());
        self.index_on(Some(&name.name), On::Only(&index.relation), index, &own);
        for (number, partition) in attached.iter().enumerate() {
            let Some(part) = index.partitions.get(*partition) else { continue };
            // The name says nothing: it only has to be new and short enough.
            let stem: String = name.name.as_str().chars().take(12).collect();
            let part_name = Ident::new(format!("{stem}_part_{}", number + 1));
            self.index_on(Some(&part_name), On::All(partition), index, part);
            self.sql("ALTER INDEX ").qualified(name);
            self.sql(" ATTACH PARTITION ").qualified(&partition.sibling(part_name));
            self.sql(";\n");
        }
        self.index_statistics(name, index);
    }

    fn index_statistics(&mut self, name: &QualifiedName, index: &Index) {
        for (number, target) in &index.statistics {
            self.sql("ALTER INDEX ").qualified(name);
            self.sql(" ALTER COLUMN ").number(*number);
            self.sql(" SET STATISTICS ").number(*target).sql(";\n");
        }
    }

    /// The statement, on the relation or on a partition of it.
    fn index_on(
        &mut self,
        name: Option<&Ident>,
        relation: On<'_>,
        index: &Index,
        storage: &AttachedIndex,
    ) {
        let Index {
            relation: _or_partition,
            method,
            unique,
            nulls_not_distinct,
            keys,
            include,
            predicate,
            options: _as_of_storage,
            tablespace: _too,
            partitions: _made_with_it,
            statistics: _follow,
            path: _erased,
        } = index;
        self.sql(if *unique { "CREATE UNIQUE INDEX " } else { "CREATE INDEX " });
        if let On::Concurrently(_) = relation {
            self.sql("CONCURRENTLY ");
        }
        if let Some(name) = name {
            self.ident(name);
            self.sql(" ");
        }
        match relation {
            On::All(relation) | On::Concurrently(relation) => self.sql("ON ").qualified(relation),
            On::Only(relation) => self.sql("ON ONLY ").qualified(relation),
        }
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
        self.with_options(&storage.options);
        if let Some(tablespace) = &storage.tablespace {
            self.sql(" TABLESPACE ").ident(tablespace);
        }
        if let Some(predicate) = predicate {
            self.sql(" WHERE ").expr(predicate);
        }
        self.sql(";\n");
    }

    /// `lower(a) COLLATE c opclass (x = 1) DESC NULLS LAST`. An expression stands in
    /// parentheses unless it is a call (`index_elem`, `src/backend/parser/gram.y`).
    pub(super) fn index_key(&mut self, key: &IndexKey) {
        let IndexKey { expr, descending, nulls_first, details } = key;
        let KeyDetails { collation, opclass, opclass_options } = &**details;
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
