//! Gaps as text for a terminal, as Markdown, as JSON.

use serde_json::{Value as Json, json};

use super::{Database, Gap};
use crate::diff::Severity;
use crate::emit::escape;
use crate::emit::report::markdown_cell;

/// The version of the JSON. It grows when a reader of the one before could fail.
const VERSION: u32 = 1;

fn place(at: Option<&(String, usize)>) -> String {
    at.map_or_else(|| "-".to_owned(), |(source, line)| format!("{source}:{line}"))
}

fn counts(gaps: &[Gap]) -> String {
    let count = |severity: &Severity| gaps.iter().filter(|gap| gap.severity == *severity).count();
    let mut all: Vec<&Severity> = Severity::ALL.iter().collect();
    all.sort_by_key(|severity| std::cmp::Reverse(**severity));
    let counts: Vec<String> = all
        .into_iter()
        .filter(|severity| count(severity) > 0)
        .map(|severity| format!("{} {}", count(severity), severity.label()))
        .collect();
    if counts.is_empty() { "no gap".to_owned() } else { counts.join(", ") }
}

/// How much was read of the SQLite side.
fn read(database: &Database) -> String {
    format!(
        "{} statements of SQLite: {} tables, {} indexes, {} views, {} triggers, {} virtual tables, {} ignored",
        database.statements,
        database.tables.len(),
        database.indexes.len(),
        database.views.len(),
        database.triggers.len(),
        database.virtual_tables.len(),
        database.ignored
    )
}

/// Two lines for each gap, the worst first.
pub fn terminal(gaps: &[Gap], database: &Database) -> String {
    let mut out = String::new();
    for gap in gaps {
        let line = format!(
            "{:<9} {}: {}: {} | {}",
            gap.severity.label(),
            gap.object,
            gap.aspect,
            gap.canonical,
            gap.sqlite
        );
        let more = format!(
            "{:10}{}  {} | {}",
            "",
            gap.meaning,
            place(gap.at_canonical.as_ref()),
            place(gap.at_sqlite.as_ref())
        );
        out.push_str(&format!("{}\n{}\n", escape::terminal(&line), escape::terminal(&more)));
    }
    format!("{out}\nPortability to SQLite: {}\n{}\n", counts(gaps), read(database))
}

/// A table in Markdown.
pub fn markdown(gaps: &[Gap], database: &Database) -> String {
    let mut out = format!("# Portability to SQLite: {}\n\n{}\n\n", counts(gaps), read(database));
    out.push_str(
        "| Severity | Object | Aspect | Canonical truth | SQLite | Meaning | Evidence |\n",
    );
    out.push_str("| --- | --- | --- | --- | --- | --- | --- |\n");
    for gap in gaps {
        let evidence =
            format!("{}, {}", place(gap.at_canonical.as_ref()), place(gap.at_sqlite.as_ref()));
        let cells = [
            gap.severity.label(),
            &gap.object,
            gap.aspect,
            &gap.canonical,
            &gap.sqlite,
            &gap.meaning,
            &evidence,
        ];
        out.push_str(&format!("| {} |\n", cells.map(markdown_cell).join(" | ")));
    }
    out
}

/// All gaps as JSON.
pub fn json(gaps: &[Gap], database: &Database) -> Json {
    let at = |at: &Option<(String, usize)>| {
        at.as_ref().map(|(source, line)| json!({ "source": source, "line": line }))
    };
    let gaps: Vec<Json> = gaps
        .iter()
        .map(|gap| {
            json!({
                "severity": gap.severity.label(),
                "object": gap.object,
                "aspect": gap.aspect,
                "canonical": gap.canonical,
                "sqlite": gap.sqlite,
                "meaning": gap.meaning,
                "evidence": { "canonical": at(&gap.at_canonical), "sqlite": at(&gap.at_sqlite) },
            })
        })
        .collect();
    json!({
        "version": VERSION,
        "statements": database.statements,
        "tables": database.tables.len(),
        "indexes": database.indexes.len(),
        "views": database.views.len(),
        "triggers": database.triggers.len(),
        "virtual_tables": database.virtual_tables.len(),
        "ignored": database.ignored,
        "gaps": gaps,
    })
}
