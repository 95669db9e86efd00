//! Branches of a revision that never run on PostgreSQL.
//!
//! A block of Python goes in; whether a comparison with the name of a dialect keeps it from
//! running comes out. The surprising thing: what follows the branch for PostgreSQL is such a
//! block, too. A condition that says more than one comparison decides nothing.

use crate::python::{self, Names, Node};

/// A block that never runs on PostgreSQL: of `if dialect == "sqlite":`, or what comes after the
/// branch for PostgreSQL in `if dialect == "postgresql": .. else: ..`.
pub(super) fn is_for_another(node: Node<'_>, text: &str) -> bool {
    // Finding a parent takes as long as the tree is deep: only for blocks.
    if node.kind() != "block" {
        return false;
    }
    let Some(branch) = node.parent() else { return false };
    let is_own =
        |field| branch.child_by_field_name(field).is_some_and(|block| block.id() == node.id());
    match branch.kind() {
        "if_statement" | "elif_clause" if is_own("consequence") => {
            on_postgresql(branch, text) == Some(false)
                || (branch.kind() == "elif_clause" && comes_after(branch, text))
        }
        "else_clause" => comes_after(branch, text),
        _other => false,
    }
}

/// Whether a branch before this one of the same `if` runs on PostgreSQL for certain.
fn comes_after(branch: Node<'_>, text: &str) -> bool {
    let Some(whole) = branch.parent().filter(|whole| whole.kind() == "if_statement") else {
        return false;
    };
    let before = python::children(whole).into_iter().take_while(|child| child.id() != branch.id());
    let mut conditions = before.filter(|child| child.kind() == "elif_clause");
    on_postgresql(whole, text) == Some(true)
        || conditions.any(|branch| on_postgresql(branch, text) == Some(true))
}

/// Whether the condition of a branch holds on PostgreSQL; none if that cannot be told.
fn on_postgresql(branch: Node<'_>, text: &str) -> Option<bool> {
    const OTHERS: [&str; 6] = ["sqlite", "mysql", "mariadb", "mssql", "oracle", "cockroachdb"];
    let condition = branch.child_by_field_name("condition")?;
    if condition.kind() != "comparison_operator" {
        return None;
    }
    let [_, right] = python::children(condition)[..] else { return None };
    let compares = condition.child_by_field_name("operators").map(|operator| operator.kind())?;
    let words = match python::value(right, text, &Names::default()) {
        python::Value::Text(word) => vec![word.value],
        python::Value::List(list) => list
            .into_iter()
            .map(|value| match value {
                python::Value::Text(word) => word.value,
                _not_a_word => String::new(),
            })
            .collect(),
        _not_known => return None,
    };
    let names_us = words.iter().any(|word| word == "postgresql");
    let all_others = !words.is_empty() && words.iter().all(|word| OTHERS.contains(&word.as_str()));
    match compares {
        "==" | "in" if names_us => Some(true),
        "==" | "in" if all_others => Some(false),
        "!=" | "not in" if names_us => Some(false),
        "!=" | "not in" if all_others => Some(true),
        _another_comparison => None,
    }
}
