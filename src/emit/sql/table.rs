//! Tables: `CREATE TABLE`, and what can only be said by `ALTER TABLE` afterwards.
//!
//! Defaults, constraints, row security and the like come as statements of their
//! own, so that a table can be made before what they need.

use super::SqlWriter;
use crate::model::{
    BoundValue, Column, Ident, PartitionBound, PartitionKey, PartitionStrategy, QualifiedName,
    ReplicaIdentity, Table,
};

impl SqlWriter {
    /// `CREATE TABLE`, without defaults and constraints (NOT NULL excepted).
    pub fn create_table(&mut self, name: &QualifiedName, table: &Table) {
        let Table {
            unlogged,
            columns,
            inherits,
            partition_of,
            partition_by,
            of_type,
            access_method,
            tablespace,
            options,
            row_security: _,
            force_row_security: _,
            replica_identity: _,
            cluster_on: _said_by_table_settings,
            foreign,
        } = table;
        self.sql(match (foreign.is_some(), unlogged) {
            (true, _) => "CREATE FOREIGN TABLE ",
            (false, true) => "CREATE UNLOGGED TABLE ",
            (false, false) => "CREATE TABLE ",
        });
        self.qualified(name);
        match (partition_of, of_type) {
            (Some(partition), _) => {
                self.sql(" PARTITION OF ").qualified(&partition.parent);
                self.partition_bound(&partition.bound);
            }
            (None, Some(of)) => {
                self.sql(" OF ").name(of);
            }
            (None, None) => self.columns(columns),
        }
        if !inherits.is_empty() {
            self.sql(" INHERITS (");
            self.list(inherits, SqlWriter::qualified);
            self.sql(")");
        }
        if let Some(key) = partition_by {
            self.partition_key(key);
        }
        if let Some(method) = access_method {
            self.sql(" USING ").ident(method);
        }
        self.with_options(options);
        if let Some(tablespace) = tablespace {
            self.sql(" TABLESPACE ").ident(tablespace);
        }
        if let Some(foreign) = foreign {
            self.sql(" SERVER ").ident(&foreign.server);
            self.foreign_options(&foreign.options);
        }
        self.sql(";\n");
    }

    /// The columns that are said in the table itself.
    fn columns(&mut self, columns: &[Column]) {
        let own: Vec<&Column> = columns.iter().filter(|column| !column.inherited).collect();
        self.sql(" ");
        if own.is_empty() {
            self.sql("()");
            return;
        }
        self.block(|writer| {
            for (at, column) in own.into_iter().enumerate() {
                if at > 0 {
                    writer.sql(",");
                    writer.break_line();
                }
                writer.column(column);
            }
        });
    }

    fn partition_key(&mut self, key: &PartitionKey) {
        self.sql(" PARTITION BY ").sql(match key.strategy {
            PartitionStrategy::List => "LIST",
            PartitionStrategy::Range => "RANGE",
            PartitionStrategy::Hash => "HASH",
        });
        self.sql(" (");
        self.list(&key.keys, SqlWriter::index_key);
        self.sql(")");
    }

    /// ` FOR VALUES ..`, ` DEFAULT`.
    pub fn partition_bound(&mut self, bound: &PartitionBound) {
        match bound {
            PartitionBound::Default => {
                self.sql(" DEFAULT");
            }
            PartitionBound::List(values) => {
                self.sql(" FOR VALUES IN (").exprs(values);
                self.sql(")");
            }
            PartitionBound::Range { from, to } => {
                self.sql(" FOR VALUES FROM (");
                self.list(from, SqlWriter::bound_value);
                self.sql(") TO (");
                self.list(to, SqlWriter::bound_value);
                self.sql(")");
            }
            PartitionBound::Hash { modulus, remainder } => {
                self.sql(" FOR VALUES WITH (MODULUS ").number(*modulus);
                self.sql(", REMAINDER ").number(*remainder).sql(")");
            }
        }
    }

    fn bound_value(&mut self, value: &BoundValue) {
        match value {
            BoundValue::MinValue => self.sql("MINVALUE"),
            BoundValue::MaxValue => self.sql("MAXVALUE"),
            BoundValue::Expr(expr) => self.expr(expr),
        };
    }

    /// What `CREATE TABLE` cannot say, and can be said at once: attributes of columns.
    pub fn table_attributes(&mut self, name: &QualifiedName, table: &Table) {
        for column in &table.columns {
            self.column_attributes(name, column);
        }
    }

    /// What can be said when constraints and indexes are there.
    pub fn table_settings(&mut self, name: &QualifiedName, table: &Table) {
        let mut say = |flag: bool, action: &'static str| {
            if flag {
                self.alter_table(name).sql(action).sql(";\n");
            }
        };
        say(table.row_security, "ENABLE ROW LEVEL SECURITY");
        say(table.force_row_security, "FORCE ROW LEVEL SECURITY");
        match &table.replica_identity {
            ReplicaIdentity::Default => {}
            ReplicaIdentity::Full => say(true, "REPLICA IDENTITY FULL"),
            ReplicaIdentity::Nothing => say(true, "REPLICA IDENTITY NOTHING"),
            ReplicaIdentity::Index(index) => {
                self.by_index(name, "REPLICA IDENTITY USING INDEX ", index);
            }
        }
        if let Some(index) = &table.cluster_on {
            self.by_index(name, "CLUSTER ON ", index);
        }
    }

    fn by_index(&mut self, name: &QualifiedName, action: &'static str, index: &Ident) {
        self.alter_table(name).sql(action).ident(index);
        self.sql(";\n");
    }

    /// `ALTER TABLE ONLY s.t `.
    pub fn alter_table(&mut self, name: &QualifiedName) -> &mut Self {
        self.sql("ALTER TABLE ONLY ").qualified(name);
        self.sql(" ")
    }
}
