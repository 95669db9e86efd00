//! Implicit names: what PostgreSQL calls an object that the source does not name.

use crate::model::{Column, Ident, MAX_IDENT_BYTES, QualifiedName, Table, clip};

/// `name1_name2_label` in at most 63 bytes: the longer of the two names is
/// shortened byte by byte, then both are cut back to a character boundary
/// (`makeObjectName`, `src/backend/commands/indexcmds.c`).
pub(super) fn make_object_name(name1: &str, name2: Option<&str>, label: &str) -> Ident {
    let mut overhead = if label.is_empty() { 0 } else { label.len() + 1 };
    let mut len1 = name1.len();
    let mut len2 = name2.map_or(0, str::len);
    if name2.is_some() {
        overhead += 1;
    }
    let available = MAX_IDENT_BYTES.saturating_sub(overhead);
    while len1 + len2 > available && len1 + len2 > 0 {
        if len1 > len2 {
            len1 -= 1;
        } else {
            len2 -= 1;
        }
    }
    let mut name = clip(name1, len1).to_owned();
    if let Some(name2) = name2 {
        name.push('_');
        name.push_str(clip(name2, len2));
    }
    if !label.is_empty() {
        name.push('_');
        name.push_str(label);
    }
    Ident::new(name)
}

/// The column whose NOT NULL constraint has the name, given or implicit (PostgreSQL 18).
/// One that was copied or inherited has the name that it got there, and a table that is
/// renamed keeps those of its constraints: what stands before the column may be another table.
pub(super) fn not_null_column(
    table: &Table,
    table_name: &QualifiedName,
    name: &Ident,
) -> Option<Ident> {
    let own_name = |column: &Column| -> Option<Ident> {
        let given = column.not_null.as_ref()?.name.as_deref().cloned();
        let first = table_name.name.as_str();
        let implicit = || make_object_name(first, Some(column.name.as_str()), "not_null");
        Some(given.unwrap_or_else(implicit))
    };
    let from_elsewhere = |column: &&Column| {
        let not_null = column.not_null.as_ref();
        not_null.is_some_and(|not_null| not_null.name.is_none())
            && name.as_str().ends_with(&["_", column.name.as_str(), "_not_null"].concat())
    };
    let mut columns = table.columns.iter();
    let found = columns.find(|column| own_name(column).as_ref() == Some(name));
    let found = found.or_else(|| table.columns.iter().find(from_elsewhere))?;
    Some(found.name.clone())
}

/// The names of several columns joined for an implicit name; growing stops once
/// 64 bytes are reached (`ChooseIndexNameAddition`, `src/backend/commands/indexcmds.c`).
pub(super) fn join_columns<'a>(columns: impl IntoIterator<Item = &'a str>) -> String {
    let mut joined = String::new();
    for column in columns {
        if !joined.is_empty() {
            joined.push('_');
        }
        joined.push_str(column);
        if joined.len() > MAX_IDENT_BYTES {
            break;
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortens_the_longer_name_first() {
        let long = "a".repeat(60);
        let name = make_object_name(&long, Some("b"), "fkey");
        assert_eq!(name.as_str(), format!("{}_b_fkey", "a".repeat(56)));
    }

    #[test]
    fn cuts_between_characters() {
        let name = make_object_name(&"é".repeat(40), None, "pkey");
        assert_eq!(name.as_str(), format!("{}_pkey", "é".repeat(29)));
    }
}
