//! Stands in for the SQL writer until it is there.

use crate::model::{Command, Expr, Query, TypeName};

/// An expression on one line.
pub fn inline_expr(expr: &Expr) -> String {
    format!("{expr:?}")
}

/// A query on one line.
pub fn inline_query(query: &Query) -> String {
    format!("{query:?}")
}

/// A command on one line.
pub fn inline_command(command: &Command) -> String {
    format!("{command:?}")
}

/// A type on one line.
pub fn inline_type(ty: &TypeName) -> String {
    let mut text = ty.name.name.as_str().to_owned();
    if !ty.modifiers.is_empty() {
        text = format!("{text}({})", ty.modifiers.join(","));
    }
    if ty.array { text + "[]" } else { text }
}
