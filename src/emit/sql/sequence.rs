//! Sequences, with all their attributes said: defaults depend on the version.

use super::SqlWriter;
use crate::model::{QualifiedName, Sequence};

impl SqlWriter {
    /// `CREATE SEQUENCE`, without `OWNED BY`.
    pub fn create_sequence(&mut self, name: &QualifiedName, sequence: &Sequence) {
        self.sql(if sequence.unlogged { "CREATE UNLOGGED SEQUENCE " } else { "CREATE SEQUENCE " });
        self.qualified(name);
        self.sql(" AS ").type_name(&sequence.data_type);
        self.sequence_options(sequence);
        self.sql(";\n");
    }

    /// `ALTER SEQUENCE s OWNED BY t.c`, when it is owned.
    pub fn sequence_owner(&mut self, name: &QualifiedName, sequence: &Sequence) {
        if let Some((table, column)) = &sequence.owned_by {
            self.sql("ALTER SEQUENCE ").qualified(name);
            self.sql(" OWNED BY ").qualified(table);
            self.sql(".").ident(column);
            self.sql(";\n");
        }
    }

    /// ` START WITH 1 INCREMENT BY 1 ..`.
    pub(super) fn sequence_options(&mut self, sequence: &Sequence) {
        let Sequence {
            data_type: _,
            start,
            increment,
            min,
            max,
            cache,
            cycle,
            owned_by: _,
            unlogged: _said_elsewhere,
        } = sequence;
        self.sql(" START WITH ").number(*start);
        self.sql(" INCREMENT BY ").number(*increment);
        self.sql(" MINVALUE ").number(*min);
        self.sql(" MAXVALUE ").number(*max);
        self.sql(" CACHE ").number(*cache);
        if *cycle {
            self.sql(" CYCLE");
        }
    }
}
