//! Types: `CREATE TYPE` of every sort and `CREATE DOMAIN`.
//!
//! The CHECK constraints of a domain are statements of their own; a base type needs
//! its shell and its functions first.

use super::SqlWriter;
use crate::model::{
    Attribute, AttributeValue, BaseType, Composite, Domain, Enum, Ident, NotNull, QualifiedName,
    Range,
};

impl SqlWriter {
    /// `CREATE TYPE s.e AS ENUM ('a', 'b')`.
    pub fn create_enum(&mut self, name: &QualifiedName, object: &Enum) {
        let Enum { labels } = object;
        self.sql("CREATE TYPE ").qualified(name);
        self.sql(" AS ENUM ");
        self.block(|writer| {
            for (index, label) in labels.iter().enumerate() {
                if index > 0 {
                    writer.sql(",").break_line();
                }
                writer.string(label);
            }
        });
        self.sql(";\n");
    }

    /// `CREATE DOMAIN s.d AS text COLLATE "C" DEFAULT 'x' NOT NULL`.
    pub fn create_domain(&mut self, name: &QualifiedName, object: &Domain) {
        let Domain { base, collation, default, not_null } = object;
        self.sql("CREATE DOMAIN ").qualified(name);
        self.sql(" AS ").type_name(base);
        if let Some(collation) = collation {
            self.sql(" COLLATE ").collation(collation);
        }
        if let Some(default) = default {
            self.sql(" DEFAULT ").bounded(&default.expr);
        }
        if let Some(NotNull { name, no_inherit: _, not_valid: _no_domain_has_it, comment: _ }) =
            not_null
        {
            if let Some(name) = name {
                self.sql(" CONSTRAINT ").ident(name);
            }
            self.sql(" NOT NULL");
        }
        self.sql(";\n");
    }

    /// `CREATE TYPE s.c AS (a integer, b text COLLATE "C")`.
    pub fn create_composite(&mut self, name: &QualifiedName, object: &Composite) {
        let Composite { attributes } = object;
        self.sql("CREATE TYPE ").qualified(name);
        self.sql(" AS ");
        self.block(|writer| {
            for (index, attribute) in attributes.iter().enumerate() {
                if index > 0 {
                    writer.sql(",").break_line();
                }
                writer.attribute(attribute);
            }
        });
        self.sql(";\n");
    }

    /// `a text COLLATE "C"`, an attribute of a composite type.
    pub fn attribute(&mut self, attribute: &Attribute) {
        let Attribute { name, ty, collation, comment: _is_a_statement_of_its_own } = attribute;
        self.ident(name);
        self.sql(" ").type_name(ty);
        if let Some(collation) = collation {
            self.sql(" COLLATE ").collation(collation);
        }
    }

    /// `CREATE TYPE s.r AS RANGE (SUBTYPE = float8, ..)`.
    pub fn create_range(&mut self, name: &QualifiedName, object: &Range) {
        let Range { subtype, opclass, collation, canonical, subtype_diff, multirange } = object;
        self.sql("CREATE TYPE ").qualified(name);
        self.sql(" AS RANGE (SUBTYPE = ").type_name(subtype);
        self.sql(", MULTIRANGE_TYPE_NAME = ").qualified(multirange);
        let names = [
            (", SUBTYPE_OPCLASS = ", opclass),
            (", COLLATION = ", collation),
            (", CANONICAL = ", canonical),
            (", SUBTYPE_DIFF = ", subtype_diff),
        ];
        for (word, value) in names {
            if let Some(value) = value {
                self.sql(word).name(value);
            }
        }
        self.sql(");\n");
    }

    /// `CREATE TYPE s.b`: the shell that the functions of a base or range type need.
    pub fn create_shell(&mut self, name: &QualifiedName) {
        self.sql("CREATE TYPE ").qualified(name);
        self.sql(";\n");
    }

    /// `CREATE TYPE s.b (INPUT = f, ..)`; of a shell only the shell.
    pub fn create_base_type(&mut self, name: &QualifiedName, object: &BaseType) {
        let BaseType { shell, attributes } = object;
        if *shell {
            return self.create_shell(name);
        }
        self.sql("CREATE TYPE ").qualified(name);
        self.sql(" (");
        self.list(attributes, |writer, (name, value)| {
            writer.ident(name);
            writer.sql(" = ").attribute_value(name, value);
        });
        self.sql(");\n");
    }

    /// The value of an attribute of a base type or aggregate. Sizes cannot be strings.
    pub(super) fn attribute_value(&mut self, name: &Ident, value: &AttributeValue) {
        let is_size = ["internallength", "sspace", "msspace"].contains(&name.as_str());
        match value {
            AttributeValue::Name(name) => self.function_name(name),
            AttributeValue::Type(ty) => self.type_name(ty),
            AttributeValue::Text(text) if is_size => self.numeral(text),
            AttributeValue::Text(text) => {
                self.string(text);
            }
        }
    }
}
