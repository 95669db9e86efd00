//! Extensions.

use super::SqlWriter;
use crate::model::{Extension, Ident};

impl SqlWriter {
    /// `CREATE EXTENSION`.
    pub fn create_extension(&mut self, name: &Ident, extension: &Extension) {
        let Extension { namespace, version } = extension;
        self.sql("CREATE EXTENSION ").ident(name);
        if let Some(namespace) = namespace {
            self.sql(" WITH SCHEMA ").ident(namespace);
        }
        if let Some(version) = version {
            self.sql(" VERSION ").string(version);
        }
        self.sql(";\n");
    }
}
