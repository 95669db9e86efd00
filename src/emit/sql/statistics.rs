//! Extended statistics.

use super::SqlWriter;
use crate::model::{QualifiedName, Statistics};

impl SqlWriter {
    /// `CREATE STATISTICS`, and its target.
    pub fn create_statistics(&mut self, name: &QualifiedName, statistics: &Statistics) {
        let Statistics { relation, kinds, columns, expressions, target, path: _erased } =
            statistics;
        self.sql("CREATE STATISTICS ").qualified(name);
        // All kinds are the default, also of a server that knows more of them.
        if !kinds.is_empty() && kinds.len() < 3 {
            self.sql(" (");
            self.list(kinds, SqlWriter::ident);
            self.sql(")");
        }
        self.sql(" ON ");
        self.list(columns, SqlWriter::ident);
        if !columns.is_empty() && !expressions.is_empty() {
            self.sql(", ");
        }
        self.list(expressions, |writer, expr| {
            writer.sql("(").expr(expr).sql(")");
        });
        self.sql(" FROM ").qualified(relation);
        self.sql(";\n");
        if let Some(target) = target {
            self.sql("ALTER STATISTICS ").qualified(name);
            self.sql(" SET STATISTICS ").number(*target).sql(";\n");
        }
    }
}
