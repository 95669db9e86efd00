//! Schemas.

use super::SqlWriter;
use crate::model::Ident;

impl SqlWriter {
    /// `CREATE SCHEMA`.
    pub fn create_namespace(&mut self, name: &Ident) {
        self.sql("CREATE SCHEMA ").ident(name);
        self.sql(";\n");
    }
}
