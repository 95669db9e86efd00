//! Which changes of a type leave the rows as they are.
//!
//! `ATColumnChangeRequiresRewrite` (`src/backend/commands/tablecmds.c`) asks for a cast that is
//! no function, or a length coercion that the support function of the type takes away, as it only
//! widens: `varchar(20)` to `varchar(50)`, `varchar(20)` to `text`, `numeric(8,2)` to `numeric(10,2)`.

use crate::model::TypeName;

/// Whether rows are rewritten or read again.
pub(super) fn rewrites(from: &TypeName, to: &TypeName) -> bool {
    if from.array != to.array {
        return true;
    }
    let (old, new) = (from.name.name.as_str(), to.name.name.as_str());
    let number =
        |ty: &TypeName, at: usize| ty.modifiers.get(at).and_then(|text| text.parse::<i64>().ok());
    let widens = |at: usize| match (number(from, at), number(to, at)) {
        (_, None) => true,
        (Some(old), Some(new)) => new >= old,
        (None, Some(_)) => false,
    };
    match (old, new) {
        _ if from == to => false,
        ("varchar" | "text", "text" | "varchar") if to.modifiers.is_empty() => false,
        ("varchar", "varchar") | ("varbit", "varbit") => !widens(0),
        ("timestamp", "timestamp")
        | ("timestamptz", "timestamptz")
        | ("time", "time")
        | ("timetz", "timetz") => !widens(0),
        ("numeric", "numeric") if to.modifiers.is_empty() => false,
        ("numeric", "numeric") => {
            let scale = |ty: &TypeName| number(ty, 1).unwrap_or(0);
            from.modifiers.is_empty() || !widens(0) || scale(from) != scale(to)
        }
        ("cidr", "inet") | ("xml", "text") => false,
        _another_change => true,
    }
}

#[cfg(test)]
mod tests {
    use super::rewrites;
    use crate::parse::fragment::type_name;

    #[track_caller]
    fn check(from: &str, to: &str, expected: bool) {
        let (old, new) = (type_name(from).expect("a type"), type_name(to).expect("a type"));
        assert_eq!(rewrites(&old, &new), expected, "{from} to {to}");
    }

    #[test]
    fn only_widening_leaves_rows_alone() {
        for (from, to) in [
            ("varchar(20)", "varchar(50)"),
            ("varchar(20)", "varchar"),
            ("varchar(20)", "text"),
            ("text", "varchar"),
            ("numeric(8,2)", "numeric(10,2)"),
            ("numeric(8,2)", "numeric"),
            ("timestamp(3)", "timestamp"),
            ("cidr", "inet"),
            ("int", "integer"),
        ] {
            check(from, to, false);
        }
        for (from, to) in [
            ("varchar(50)", "varchar(20)"),
            ("text", "varchar(20)"),
            ("char(3)", "char(5)"),
            ("int", "bigint"),
            ("numeric(8,2)", "numeric(10,3)"),
            ("numeric", "numeric(10,2)"),
            ("text", "text[]"),
            ("timestamp", "timestamptz"),
            ("int", "text"),
        ] {
            check(from, to, true);
        }
    }
}
