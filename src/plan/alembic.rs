//! A migration as an Alembic revision.
//!
//! Each statement is one `op.execute`, as some drivers take only one at a time. What has to
//! be committed, or cannot run in a transaction, stands in an `autocommit_block`.
//! Surprising: Alembic reads `:word` as a parameter, also within a literal, so that colons
//! are escaped as `text()` of SQL Alchemy asks for.

use std::collections::BTreeSet;

use super::script::{Parts, ScriptOptions, parts};
use super::{Migration, Plan, Transaction};

/// Where a revision stands in the chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revision {
    /// The revision before it.
    pub down_revision: Option<String>,
    /// What it does, for its first line and its file name.
    pub message: String,
}

/// A revision file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionFile {
    /// `3f2a9c0d1b4e_reconcile_schema.py`.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Writes the revision. Its id is made of its content: the same input, the same file.
pub fn alembic(
    migration: &Migration,
    revision: &Revision,
    options: &ScriptOptions,
) -> RevisionFile {
    let mut body = String::from("def upgrade() -> None:\n");
    direction(&migration.up, options, &mut body);
    body.push_str("\n\ndef downgrade() -> None:\n");
    direction(&migration.down, options, &mut body);
    let parent = revision.down_revision.as_deref();
    let id = identity(&format!("{parent:?}{body}"));
    let causes = options.causes.all().join(", ");
    let message = one_line(&revision.message);
    let down = parent.map_or("None".to_owned(), python);
    let text = format!(
        "\"\"\"{message}\n\nRemoves {}\n\nRevision ID: {id}\nRevises: {}\n\"\"\"\n\n\
         from alembic import op\n\nrevision = {}\ndown_revision = {down}\n\
         branch_labels = None\ndepends_on = None\n\n\n{body}",
        if causes.is_empty() { "no drift" } else { &causes },
        parent.map(one_line).unwrap_or_default(),
        python(&id),
    );
    RevisionFile { name: format!("{id}_{}.py", slug(&revision.message)), text }
}

/// Names are written out; functions may name what is made later.
const OPEN: &str = "SET LOCAL check_function_bodies = false";

/// Alembic writes its own table afterwards, by a name without schema.
const CLOSE: &str = "SET LOCAL search_path TO DEFAULT";

fn direction(plan: &Plan, options: &ScriptOptions, out: &mut String) {
    let all: Vec<Parts> = parts(plan, options);
    if all.is_empty() {
        out.push_str("    pass\n");
        return;
    }
    let mut open = false;
    let mut ran = false;
    let has_path = plan.steps.iter().any(|step| step.path.is_some());
    for part in all {
        for comment in part.comments.lines() {
            out.push_str(&format!("    # {}\n", comment.trim_start_matches("--").trim()));
        }
        if !part.runs {
            for line in part.sql.lines() {
                out.push_str(&format!("    #   {}\n", line.trim_start_matches("--").trim()));
            }
            out.push('\n');
            continue;
        }
        ran = true;
        let alone = part.transaction != Transaction::Within;
        if !alone && !open {
            execute(OPEN, 1, out);
            open = true;
        }
        if alone {
            out.push_str("    with op.get_context().autocommit_block():\n");
            // The block ends the transaction, and what was set for it.
            open = false;
        }
        for range in crate::parse::statements(&part.sql) {
            let statement = part.sql.get(range).unwrap_or_default();
            execute(statement, if alone { 2 } else { 1 }, out);
        }
        out.push('\n');
    }
    if open && has_path {
        execute(CLOSE, 1, out);
    }
    if !ran {
        out.push_str("    pass\n");
    }
}

fn execute(statement: &str, depth: usize, out: &mut String) {
    let indent = "    ".repeat(depth);
    let lines: Vec<String> = escape_colons(statement).split('\n').map(str::to_owned).collect();
    if let [line] = lines.as_slice() {
        out.push_str(&format!("{indent}op.execute({})\n", python(line)));
        return;
    }
    out.push_str(&format!("{indent}op.execute(\n"));
    let last = lines.len().saturating_sub(1);
    for (at, line) in lines.iter().enumerate() {
        let line = if at == last { line.clone() } else { format!("{line}\n") };
        out.push_str(&format!("{indent}    {}\n", python(&line)));
    }
    out.push_str(&format!("{indent})\n"));
}

/// A string literal of Python.
fn python(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            other if other.is_control() || matches!(other, '\u{2028}' | '\u{2029}') => {
                out.push_str(&format!("\\U{:08x}", u32::from(other)));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// `text()` of SQL Alchemy takes `:word` for a parameter unless a word, a colon or a
/// backslash stands before it or a colon after it.
fn escape_colons(text: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let mut out = String::new();
    let mut before: Option<char> = None;
    for (at, character) in text.char_indices() {
        if character == ':' {
            let rest = text.get(at + 1..).unwrap_or_default();
            let after = rest.trim_start_matches(is_word);
            let is_parameter = rest.starts_with(is_word)
                && !after.starts_with(':')
                && !before.is_some_and(|c| is_word(c) || c == ':');
            if is_parameter {
                out.push('\\');
            }
        }
        out.push(character);
        before = Some(character);
    }
    out
}

pub(super) fn one_line(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() && !matches!(c, '"' | '\\' | '\u{2028}' | '\u{2029}'))
        .collect()
}

pub(super) fn slug(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let text = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("_");
    crate::model::clip(&text, 40).to_owned()
}

/// Twelve digits, as Alembic's own ids: FNV-1a, its upper bits folded in.
fn identity(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{:012x}", (hash ^ (hash >> 48)) & 0xffff_ffff_ffff)
}

/// The revisions that no other one of a versions directory comes after.
pub fn heads<'t>(files: impl IntoIterator<Item = &'t str>) -> Vec<String> {
    let mut revisions = BTreeSet::new();
    let mut parents = BTreeSet::new();
    for text in files {
        let of = |name: &str| assigned(text, name);
        let Some(own) = of("revision").and_then(|strings| strings.into_iter().next()) else {
            continue;
        };
        revisions.insert(own);
        parents.extend(of("down_revision").unwrap_or_default());
    }
    revisions.difference(&parents).cloned().collect()
}

/// The strings that a module gives to a name: `revision: str = "a"`, `x = ("a", "b")`.
fn assigned(text: &str, name: &str) -> Option<Vec<String>> {
    let mut lines = text.lines();
    let first = lines.by_ref().find_map(|line| {
        let rest = line.strip_prefix(name)?;
        let (kind, value) = rest.split_once('=')?;
        let kind = kind.trim();
        (kind.is_empty() || kind.starts_with(':')).then(|| value.to_owned())
    })?;
    let mut value = first;
    let opens = |text: &str| text.matches(['(', '[']).count();
    let closes = |text: &str| text.matches([')', ']']).count();
    while opens(&value) > closes(&value) {
        value.push_str(lines.next()?);
    }
    let value = value.split('#').next().unwrap_or_default();
    let mut strings = Vec::new();
    let mut rest = value;
    while let Some(at) = rest.find(['"', '\'']) {
        let quote = rest.get(at..=at)?;
        let inner = rest.get(at + 1..)?;
        let (string, after) = inner.split_once(quote)?;
        strings.push(string.to_owned());
        rest = after;
    }
    Some(strings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_is_what_nothing_comes_after() {
        let first = "revision = 'a1'\ndown_revision = None\n";
        let second = "revision: str = \"b2\"\ndown_revision: Union[str, None] = \"a1\"\n";
        assert_eq!(heads([first, second]), ["b2"]);
        let other = "revision = 'c3'\ndown_revision = (\n    'a1',\n)\n";
        assert_eq!(heads([first, second, other]), ["b2", "c3"]);
        let merge = "revision = 'd4'\ndown_revision = ('b2', 'c3')\n";
        assert_eq!(heads([first, second, other, merge]), ["d4"]);
    }

    #[test]
    fn what_looks_like_a_parameter_is_escaped() {
        assert_eq!(escape_colons("SELECT ' :a', x::int, 'b:c'"), "SELECT ' \\:a', x::int, 'b:c'");
        assert_eq!(escape_colons("a := b"), "a := b");
    }

    #[test]
    fn a_literal_of_python_holds_anything() {
        assert_eq!(python("a\"\\\n\u{7}"), "\"a\\\"\\\\\\n\\U00000007\"");
    }
}
