//! Collations: `CREATE COLLATION`.

use super::SqlWriter;
use crate::model::{Collation, QualifiedName};

impl SqlWriter {
    /// `CREATE COLLATION s.c (provider = 'icu', locale = 'und')`.
    pub fn create_collation(&mut self, name: &QualifiedName, collation: &Collation) {
        let Collation { options } = collation;
        self.sql("CREATE COLLATION ").qualified(name);
        self.sql(" (");
        self.options(options);
        self.sql(");\n");
    }
}
