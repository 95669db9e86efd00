//! Text search parsers, templates, dictionaries and configurations.

use super::SqlWriter;
use crate::model::{
    QualifiedName, TextSearchConfiguration, TextSearchDictionary, TextSearchFunctions,
};

impl SqlWriter {
    /// `CREATE TEXT SEARCH PARSER s.p (START = f, ..)`, or `TEMPLATE`.
    pub fn create_text_search_functions(
        &mut self,
        name: &QualifiedName,
        object: &TextSearchFunctions,
        is_parser: bool,
    ) {
        let TextSearchFunctions { functions } = object;
        let word = if is_parser { "PARSER " } else { "TEMPLATE " };
        self.sql("CREATE TEXT SEARCH ").sql(word).qualified(name);
        self.sql(" (");
        self.list(functions, |writer, (role, function)| {
            writer.ident(role);
            writer.sql(" = ").function_name(function);
        });
        self.sql(");\n");
    }

    /// `CREATE TEXT SEARCH DICTIONARY s.d (TEMPLATE = t, ..)`.
    pub fn create_text_search_dictionary(
        &mut self,
        name: &QualifiedName,
        object: &TextSearchDictionary,
    ) {
        let TextSearchDictionary { template, options } = object;
        self.sql("CREATE TEXT SEARCH DICTIONARY ").qualified(name);
        self.sql(" (TEMPLATE = ").name(template);
        for (option, value) in options {
            self.sql(", ").ident(option);
            self.sql(" = ").string(value);
        }
        self.sql(");\n");
    }

    /// `CREATE TEXT SEARCH CONFIGURATION s.c (PARSER = p)` and its mappings.
    pub fn create_text_search_configuration(
        &mut self,
        name: &QualifiedName,
        object: &TextSearchConfiguration,
    ) {
        let TextSearchConfiguration { parser, copied, mappings } = object;
        self.sql("CREATE TEXT SEARCH CONFIGURATION ").qualified(name);
        match copied {
            Some(other) => self.sql(" (COPY = ").name(other),
            None => self.sql(" (PARSER = ").name(parser),
        }
        self.sql(");\n");
        for (token, dictionaries) in mappings {
            self.sql("ALTER TEXT SEARCH CONFIGURATION ").qualified(name);
            self.sql(if copied.is_some() { " ALTER" } else { " ADD" });
            self.sql(" MAPPING FOR ").ident(token);
            self.sql(" WITH ");
            self.list(dictionaries, Self::name);
            self.sql(";\n");
        }
    }
}
