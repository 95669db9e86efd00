//! Writes identifiers and the names made of them: the only place that decides on
//! quotes.
//!
//! `a b` becomes `"a b"`, `User` becomes `"User"`, and so does every word that some
//! version of PostgreSQL from 13 to 18 reserves in some place (`quote_identifier`,
//! `src/backend/utils/adt/ruleutils.c`, does the same for its own version).

use super::SqlWriter;
use crate::model::{ColumnRef, Ident, Name};

impl SqlWriter {
    /// An identifier, quoted when it has to be.
    pub fn ident(&mut self, ident: &Ident) {
        if is_safe(ident.as_str()) {
            self.push(ident.as_str());
        } else {
            self.quoted_ident(ident.as_str());
        }
    }

    /// An identifier where even words that are not reserved have a meaning of their
    /// own (`OVER (range ..)`, `WITH recursive AS`, `cube(a)`).
    pub(crate) fn ident_among_keywords(&mut self, ident: &Ident) {
        if is_safe(ident.as_str()) && AMBIGUOUS.binary_search(&ident.as_str()).is_err() {
            self.push(ident.as_str());
        } else {
            self.quoted_ident(ident.as_str());
        }
    }

    fn quoted_ident(&mut self, name: &str) {
        self.push("\"");
        self.push_doubling(name, '"');
        self.push("\"");
    }

    /// A name with its namespace, when it has one.
    pub fn name(&mut self, name: &Name) {
        if let Some(namespace) = &name.namespace {
            self.ident(namespace);
            self.push(".");
        }
        self.ident(&name.name);
    }

    /// Identifiers between commas.
    pub fn idents(&mut self, idents: &[Ident]) {
        self.list(idents, Self::ident);
    }

    /// The name of a function in a call. A built-in one goes without its namespace.
    pub fn function_name(&mut self, name: &Name) {
        match self.shown_namespace(name) {
            Some(_) => self.name(name),
            None => self.ident_among_keywords(&name.name),
        }
    }

    /// An operator as `OPERATOR(s.+)`, or as it is when it has no namespace or is built in.
    pub fn operator(&mut self, operator: &Name) {
        match self.shown_namespace(operator) {
            Some(namespace) => {
                self.push("OPERATOR(");
                self.ident(namespace);
                self.push(".");
                self.operator_symbol(operator);
                self.push(")");
            }
            None => self.operator_symbol(operator),
        }
    }

    /// An operator where a name is expected, as in `CREATE OPERATOR s.+`.
    pub fn operator_name(&mut self, operator: &Name) {
        if let Some(namespace) = &operator.namespace {
            self.ident(namespace);
            self.push(".");
        }
        self.operator_symbol(operator);
    }

    /// Operators cannot be quoted; no other character can be in one
    /// (`src/backend/parser/scan.l`), so none is written.
    fn operator_symbol(&mut self, operator: &Name) {
        for character in operator.name.as_str().chars().filter(|c| "~!@#^&|`?+-*/%<>=".contains(*c))
        {
            self.push_char(character);
        }
    }

    /// The namespace, unless it is that of the built-ins and may stay away.
    pub(super) fn shown_namespace<'n>(&self, name: &'n Name) -> Option<&'n Ident> {
        let namespace = name.namespace.as_ref()?;
        (self.style.qualify_builtins || *namespace != "pg_catalog").then_some(namespace)
    }

    /// `a`, `t.a`, `t.*`.
    pub fn column_ref(&mut self, column: &ColumnRef) {
        let ColumnRef { parts, star } = column;
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.push(".");
            }
            self.ident(part);
        }
        if *star {
            self.push(if parts.is_empty() { "*" } else { ".*" });
        }
    }
}

/// True when the name reads back as itself without quotes.
pub(super) fn is_safe(name: &str) -> bool {
    let mut bytes = name.bytes();
    let starts = bytes.next().is_some_and(|b| b.is_ascii_lowercase() || b == b'_');
    starts
        && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && QUOTED.binary_search(&name).is_err()
}

/// Words that are not reserved, and yet read as something else at the start of a
/// window, of a `WITH` list or of a call.
const AMBIGUOUS: &[&str] =
    &["cube", "groups", "operator", "partition", "range", "recursive", "rollup", "rows"];

/// Every keyword but the unreserved ones (`src/include/parser/kwlist.h`; the list of
/// version 18 holds those of 13 to 17).
const QUOTED: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "between",
    "bigint",
    "binary",
    "bit",
    "boolean",
    "both",
    "case",
    "cast",
    "char",
    "character",
    "check",
    "coalesce",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "dec",
    "decimal",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "exists",
    "extract",
    "false",
    "fetch",
    "float",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "greatest",
    "group",
    "grouping",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "inout",
    "int",
    "integer",
    "intersect",
    "interval",
    "into",
    "is",
    "isnull",
    "join",
    "json",
    "json_array",
    "json_arrayagg",
    "json_exists",
    "json_object",
    "json_objectagg",
    "json_query",
    "json_scalar",
    "json_serialize",
    "json_table",
    "json_value",
    "lateral",
    "leading",
    "least",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "merge_action",
    "national",
    "natural",
    "nchar",
    "none",
    "normalize",
    "not",
    "notnull",
    "null",
    "nullif",
    "numeric",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "out",
    "outer",
    "overlaps",
    "overlay",
    "placing",
    "position",
    "precision",
    "primary",
    "real",
    "references",
    "returning",
    "right",
    "row",
    "select",
    "session_user",
    "setof",
    "similar",
    "smallint",
    "some",
    "substring",
    "symmetric",
    "system_user",
    "table",
    "tablesample",
    "then",
    "time",
    "timestamp",
    "to",
    "trailing",
    "treat",
    "trim",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "values",
    "varchar",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlnamespaces",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "xmltable",
];
