//! No change of a query or expression is missed: the schemas in `tests/schemas`, each statement
//! changed at one place after the other: an operator, a constant, a cast, a join, a direction.
//!
//! Each statement is on a line of its own, so that all are changed at once, each at its n-th
//! place. A changed statement must be reported at its line, as a drift or as what is not
//! understood. What means the same all the same is listed with its reason.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests fail by panics and say what they did"
)]

mod judge;

use std::path::Path;

use pgcanon::diff::{DiffOptions, diff};
use pgcanon::model::{Pair, Span};
use pgcanon::source::LineIndex;

/// What is written, and what it becomes. Words begin and end where words do.
const CHANGES: &[(&str, &str)] = &[
    (" = ", " <> "),
    (" <> ", " = "),
    (" > ", " >= "),
    (" < ", " <= "),
    (" >= ", " > "),
    (" <= ", " < "),
    (" + ", " - "),
    (" - ", " + "),
    (" * ", " / "),
    (" AND ", " OR "),
    (" OR ", " AND "),
    (" LEFT JOIN ", " RIGHT JOIN "),
    (" RIGHT JOIN ", " FULL JOIN "),
    (" FULL JOIN ", " LEFT JOIN "),
    (" NATURAL JOIN ", " NATURAL LEFT JOIN "),
    (" JOIN ", " LEFT JOIN "),
    ("DISTINCT ", ""),
    (" DESC", ""),
    (" NULLS LAST", " NULLS FIRST"),
    ("UNION ALL ", "UNION "),
    ("UNION ", "UNION ALL "),
    ("INTERSECT ", "EXCEPT "),
    ("EXCEPT ", "INTERSECT "),
    (" PRECEDING", " FOLLOWING"),
    ("ROWS BETWEEN", "GROUPS BETWEEN"),
    ("GROUPS BETWEEN", "ROWS BETWEEN"),
    ("EXCLUDE TIES", "EXCLUDE GROUP"),
    ("EXCLUDE GROUP", "EXCLUDE TIES"),
    ("EXCLUDE CURRENT ROW", ""),
    (" IS NULL", " IS NOT NULL"),
    (" IS NOT NULL", " IS NULL"),
    (" NOT IN ", " IN "),
    (" IN (", " NOT IN ("),
    (" LIKE ", " ILIKE "),
    (" ~ ", " ~* "),
    ("ANY (", "ALL ("),
    ("max(", "min("),
    ("sum(", "avg("),
    ("count(*)", "count(1)"),
    ("coalesce(", "greatest("),
    ("::integer", "::bigint"),
    ("::text", "::varchar"),
    ("::date", "::timestamp"),
    ("ROLLUP", "CUBE"),
    ("FOR UPDATE", "FOR SHARE"),
    (" SKIP LOCKED", " NOWAIT"),
    ("DEPTH FIRST", "BREADTH FIRST"),
    ("COLLATE \"C\"", "COLLATE \"POSIX\""),
    ("ABSENT ON NULL", "NULL ON NULL"),
    (" WITH UNIQUE KEYS", ""),
    (" WITH ORDINALITY", ""),
    (" WITH TIES", " ONLY"),
    (" AS MATERIALIZED", " AS NOT MATERIALIZED"),
    ("NOT MATERIALIZED", "MATERIALIZED"),
    ("DO INSTEAD", "DO ALSO"),
    ("DO ALSO", "DO INSTEAD"),
    ("AS RESTRICTIVE", "AS PERMISSIVE"),
    ("old.", "new."),
    ("(a", "(b"),
    (" a ", " b "),
    (" STORED", " VIRTUAL"),
    (" IMMUTABLE", " STABLE"),
    (" STRICT", ""),
    ("FOR EACH ROW", "FOR EACH STATEMENT"),
];

/// Changes that change nothing: a part of the line, the change, and why.
const SAME: &[(&str, &str, &str)] = &[
    ("integer[3][3]", "3>5", "the sizes of arrays are not stored"),
    ("setweight(", ">7", "a value of type \"char\" has one byte"),
    ("CREATE TABLE gen (", "(a>(b", DROPPED),
    ("CREATE TABLE gen (", " * > / ", DROPPED),
    ("CREATE TABLE gen (", "2>5", DROPPED),
    ("CREATE TABLE gen (", " STORED> VIRTUAL", DROPPED),
    ("CREATE TABLE ident (", "7>5", DROPPED),
    ("CREATE TABLE ident (", "5>6", DROPPED),
    ("CREATE TABLE ident (", "3>5", DROPPED),
    ("CREATE TABLE ident (", "1>5", DROPPED),
    ("CREATE DOMAIN d_pos AS", "5>6", DROPPED),
    ("CREATE DOMAIN d_text", " ~ > ~* ", DROPPED),
    ("CREATE DOMAIN d_text", " AND > OR ", DROPPED),
    ("CREATE DOMAIN d_text", "2>5", DROPPED),
    ("CREATE DOMAIN d_text", "1>5", DROPPED),
];

const DROPPED: &str = "a later statement drops or replaces it";

#[test]
fn each_change_of_a_query_is_seen() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    // In these, later statements change what the first ones say.
    files.retain(|file| !file.ends_with("commands.sql") && !file.ends_with("detached.sql"));
    files.sort();
    let (tried, missed) = pgcanon::run_with_stack(None, || {
        let mut tried = 0;
        let mut missed = Vec::new();
        for file in &files {
            let text = std::fs::read_to_string(file).unwrap();
            let name = file.file_stem().unwrap().to_string_lossy().into_owned();
            tried += check(&name, &text, &mut missed);
        }
        (tried, missed)
    });
    println!("{tried} changes");
    assert!(tried > 1000, "hardly anything was tried: {tried}");
    assert!(missed.is_empty(), "{} missed:\n{}", missed.len(), missed.join("\n"));
}

/// A changed line, and what was changed.
struct Changed {
    line: String,
    what: String,
}

fn check(name: &str, text: &str, missed: &mut Vec<String>) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let changes: Vec<Vec<Changed>> = lines.iter().map(|line| changes(line)).collect();
    let most = changes.iter().map(Vec::len).max().unwrap_or(0);
    let original = judge::read(text);
    let mut tried = 0;
    for number in 0..most {
        let mutated: Vec<&str> = lines
            .iter()
            .zip(&changes)
            .map(|(line, changes)| changes.get(number).map_or(*line, |changed| &changed.line))
            .collect();
        let mutated = mutated.join("\n");
        let live = judge::read(&mutated);
        let schemas = Pair { canonical: &original.schema, live: &live.schema };
        let index = LineIndex::new(&mutated);
        let lines_of = |span: Span| index.position(span.start as usize).line;
        let mut seen: Vec<usize> =
            live.problems.iter().filter_map(|problem| problem.span).map(lines_of).collect();
        for drift in diff(schemas, &DiffOptions::default()).drifts {
            seen.extend(drift.spans.live.map(lines_of));
            // What is refused is missing on the other side.
            let original = LineIndex::new(text);
            seen.extend(
                drift.spans.canonical.map(|span| original.position(span.start as usize).line),
            );
        }
        for (at, changes) in changes.iter().enumerate() {
            let Some(changed) = changes.get(number) else { continue };
            tried += 1;
            let same = |(part, what, _): &&(&str, &str, &str)| {
                changed.what == *what && lines[at].contains(part)
            };
            if !seen.contains(&(at + 1)) && SAME.iter().find(same).is_none() {
                missed.push(format!("{name}:{} {}: {}", at + 1, changed.what, changed.line));
            }
        }
    }
    tried
}

/// All single changes of a statement.
fn changes(line: &str) -> Vec<Changed> {
    let has_code = [
        "CREATE VIEW",
        "CREATE MATERIALIZED",
        "CREATE TABLE",
        "CREATE DOMAIN",
        "CREATE POLICY",
        "CREATE RULE",
        "CREATE INDEX",
        "CREATE TRIGGER",
        "CREATE FUNCTION",
        "CREATE PROCEDURE",
    ];
    if !has_code.iter().any(|start| line.starts_with(start)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut change = |at: usize, length: usize, to: &str| {
        let what = format!("{}>{}", &line[at..at + length], to);
        let line = format!("{}{to}{}", &line[..at], &line[at + length..]);
        found.push(Changed { line, what });
    };
    let bytes = line.as_bytes();
    let end = line.rfind("; -- ").unwrap_or(line.len());
    let mut quoted = None;
    for at in 0..end {
        let byte = bytes[at];
        match quoted {
            Some(quote) => {
                if byte == quote {
                    quoted = None;
                    // A string, or a name that is another then.
                    if quote == b'\'' && bytes[at - 1].is_ascii_alphanumeric() {
                        change(at, 0, "7");
                    }
                }
                continue;
            }
            None if matches!(byte, b'\'' | b'"') => {
                for (from, to) in CHANGES {
                    if line[at..].starts_with(from) {
                        change(at, from.len(), to);
                    }
                }
                quoted = Some(byte);
                continue;
            }
            None => {}
        }
        let starts = at == 0 || !(bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
        if byte.is_ascii_digit() && starts && bytes[at - 1] != b'.' && bytes[at - 1] != b'$' {
            change(at, 1, if byte == b'5' { "6" } else { "5" });
        }
        for (from, to) in CHANGES {
            if line[at..].starts_with(from) && (starts || !byte.is_ascii_alphanumeric()) {
                let next = bytes.get(at + from.len()).copied().unwrap_or(b' ');
                let last = from.as_bytes()[from.len() - 1];
                if !(last.is_ascii_alphanumeric() && (next.is_ascii_alphanumeric() || next == b'_'))
                {
                    change(at, from.len(), to);
                }
            }
        }
    }
    found
}
