//! Whether a default of the hand-written form is SQL or a bare value.
//!
//! `now()` and `'x'::text` are SQL under any column. `USD` is the text USD. `true` is a
//! boolean under `boolean` and a word under `text`; `user` is never the function of that name.

use crate::model::{Expr, TypeName};
use crate::parse::fragment;

/// What a default says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meant {
    /// An expression.
    Sql,
    /// A value of the column's type.
    Literal,
}

/// Decides by the text and the type of its column.
pub(super) fn meant(text: &str, ty: &TypeName) -> Meant {
    let is_sql = match fragment::expression(text) {
        Ok(expression) => !has_column(&expression) && looks_like_sql(text, ty),
        Err(_) => false,
    };
    if is_sql { Meant::Sql } else { Meant::Literal }
}

fn looks_like_sql(text: &str, ty: &TypeName) -> bool {
    let trimmed = text.trim();
    let signs = ["::", "("];
    if signs.iter().any(|sign| trimmed.contains(sign)) || trimmed.starts_with('\'') {
        return true;
    }
    let upper = trimmed.to_ascii_uppercase();
    if upper.starts_with("ARRAY[") || upper.starts_with("E'") {
        return true;
    }
    let words = ["CURRENT_", "LOCALTIME", "SESSION_USER"];
    if words.iter().any(|word| upper.starts_with(word)) || trimmed == "NULL" {
        return true;
    }
    let name = ty.name.name.as_str();
    if ty.array {
        return false;
    }
    match name {
        "bool" | "boolean" => ["TRUE", "FALSE", "NULL"].contains(&upper.as_str()),
        "int2" | "int4" | "int8" | "smallint" | "integer" | "int" | "bigint" | "numeric"
        | "decimal" | "real" | "float4" | "float8" | "float" => true,
        // 2020-01-01 is three numbers to SQL, and a day to everybody else.
        _other => trimmed.contains('\'') && !is_text(name),
    }
}

fn is_text(name: &str) -> bool {
    ["text", "varchar", "bpchar", "char", "name", "citext"].contains(&name)
}

/// True when the expression reads a column, which no default may: then it was words.
fn has_column(expression: &Expr) -> bool {
    let mut found = false;
    expression.for_each_column(&mut |_| found = true);
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;

    #[test]
    fn people_mean_what_the_type_says() {
        let check = |ty: &str, text: &str, expected: Meant| {
            let name = fragment::type_name(ty).unwrap();
            assert_eq!(meant(text, &name), expected, "{ty} {text}");
        };
        for (ty, text) in [
            ("timestamptz", "now()"),
            ("timestamptz", "CURRENT_TIMESTAMP"),
            ("uuid", "gen_random_uuid()"),
            ("text", "'x'::text"),
            ("varchar(20)", "'pending'"),
            ("int", "0"),
            ("numeric(10,2)", "-1.50"),
            ("bool", "true"),
            ("text[]", "ARRAY[]::text[]"),
            ("timestamptz", "now() + interval '1 day'"),
            ("bigint", "nextval('s')"),
            ("jsonb", "'{}'"),
        ] {
            check(ty, text, Meant::Sql);
        }
        for (ty, text) in [
            ("char(3)", "USD"),
            ("text", "0"),
            ("text", "user"),
            ("text", "true"),
            ("text", "Hello (world)"),
            ("text", "it's"),
            ("date", "2020-01-01"),
            ("interval", "1 day"),
            ("jsonb", "{}"),
            ("text[]", "{}"),
            ("status", "pending"),
            ("bool", "yes"),
            ("int", "a b"),
            ("text", "x'); DROP TABLE t; --"),
        ] {
            check(ty, text, Meant::Literal);
        }
    }
}
