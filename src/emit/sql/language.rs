//! Languages and access methods.

use super::SqlWriter;
use crate::model::{AccessMethod, Ident, Language};

impl SqlWriter {
    /// `CREATE TRUSTED LANGUAGE l HANDLER f INLINE g VALIDATOR h`.
    pub fn create_language(&mut self, name: &Ident, language: &Language) {
        let Language { trusted, handler, inline, validator } = language;
        self.sql(if *trusted { "CREATE TRUSTED LANGUAGE " } else { "CREATE LANGUAGE " });
        self.ident(name);
        let functions = [(" HANDLER ", handler), (" INLINE ", inline), (" VALIDATOR ", validator)];
        for (word, function) in functions {
            if let Some(function) = function {
                self.sql(word).name(function);
            }
        }
        self.sql(";\n");
    }

    /// `CREATE ACCESS METHOD m TYPE TABLE HANDLER f`.
    pub fn create_access_method(&mut self, name: &Ident, method: &AccessMethod) {
        let AccessMethod { table, handler } = method;
        self.sql("CREATE ACCESS METHOD ").ident(name);
        self.sql(if *table { " TYPE TABLE HANDLER " } else { " TYPE INDEX HANDLER " });
        self.name(handler);
        self.sql(";\n");
    }
}
