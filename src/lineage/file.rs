//! What one file says of its revision.
//!
//! Only the part before the first function is parsed: with a header of a tenth of the file, that
//! is ten times as fast. It is trusted when it is Python by itself, so that the cut is not within
//! a string, and when no line after it starts with one of the names.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Revision, Said};
use crate::model::{Problem, ProblemCode, SourceId, Span};
use crate::python::{self, Names, Node, Text, Value};
use crate::source::Source;

/// What Alembic reads of a module.
const NAMES: [&str; 4] = ["revision", "down_revision", "branch_labels", "depends_on"];

/// What a file is.
pub(super) enum File {
    /// A revision.
    Revision(Box<Revision>),
    /// No revision, and not taken for one.
    Other,
    /// A revision that cannot be read without running it.
    Wrong(Vec<Problem>),
}

/// Reads a file.
pub(super) fn read(id: SourceId, source: &Source) -> File {
    let text = source.text.as_str();
    if memchr::memmem::find(text.as_bytes(), b"revision").is_none() {
        return File::Other;
    }
    if let Some(head) = head(text)
        && let Some(tree) = python::parse(head)
        && !tree.root_node().has_error()
    {
        let found = module(id, head, tree.root_node());
        if !matches!(found, File::Other) {
            return found;
        }
    }
    match python::parse(text) {
        Some(tree) => match module(id, text, tree.root_node()) {
            File::Other => by_name(id, source).unwrap_or(File::Other),
            found => found,
        },
        None => File::Other,
    }
}

/// The text before the first function, where all names stand.
fn head(text: &str) -> Option<&str> {
    let end =
        ["\ndef ", "\nasync def ", "\nclass "].iter().filter_map(|word| text.find(word)).min()?;
    let (head, rest) = text.split_at_checked(end + 1)?;
    let starts = |line: &str| {
        NAMES.iter().any(|name| {
            line.strip_prefix(name)
                .is_some_and(|rest| rest.trim_start().starts_with(['=', ':', ',']))
        })
    };
    (!rest.lines().any(starts)).then_some(head)
}

/// Early versions of Alembic took the id from the name of the file, `3f2a.py`.
fn by_name(id: SourceId, source: &Source) -> Option<File> {
    let name = source.name.rsplit(['/', '\\']).next()?.strip_suffix(".py")?;
    let is_id = !name.is_empty() && name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let defines = memchr::memmem::find(source.text.as_bytes(), b"down_revision").is_some();
    (is_id && defines).then(|| {
        let problem = Problem::new(
            ProblemCode::Lineage,
            format!("{} gives no id to its revision", source.name),
        );
        File::Wrong(vec![
            problem.at(Span::new(id, 0, 0)).help(format!("write revision = \"{name}\" into it")),
        ])
    })
}

fn module(id: SourceId, text: &str, root: Node<'_>) -> File {
    let assigned = python::assignments(root, text);
    let mut names = Names::default();
    let mut last: BTreeMap<&str, (Node<'_>, Range<usize>)> = BTreeMap::new();
    for (name, value, target) in &assigned {
        names.give(name, *value);
        if NAMES.contains(name) {
            last.insert(name, (*value, target.byte_range()));
        }
    }
    // `revision` alone may be a variable of any module.
    if !last.contains_key("revision") || !last.contains_key("down_revision") {
        let alone = last.get("revision").filter(|_| text.contains("\ndef upgrade("));
        let Some((_, place)) = alone else { return File::Other };
        let problem = Problem::new(ProblemCode::Lineage, "the revision has no down_revision");
        let span = Span::new(id, place.start, place.end);
        return File::Wrong(vec![
            problem.at(span).help("write down_revision = None if it is the first"),
        ]);
    }
    let mut problems = Vec::new();
    let mut words = |name: &str| -> Vec<Said> {
        let Some((node, _)) = last.get(name) else { return Vec::new() };
        let mut found = Vec::new();
        let value = python::value(*node, text, &names);
        flatten(id, name, value, &mut found, &mut problems);
        found
    };
    let mut ids = words("revision");
    let (parents, labels, depends_on) =
        (words("down_revision"), words("branch_labels"), words("depends_on"));
    let first = if ids.len() == 1 { ids.pop() } else { None };
    let (Some(revision), true) = (first, problems.is_empty()) else {
        if problems.is_empty() {
            let place = last.get("revision").map(|(node, _)| node.byte_range()).unwrap_or_default();
            let problem = Problem::new(ProblemCode::Lineage, "revision is not one string");
            problems.push(problem.at(Span::new(id, place.start, place.end)));
        }
        return File::Wrong(problems);
    };
    File::Revision(Box::new(Revision {
        id: revision,
        parents,
        labels,
        depends_on,
        message: message(text, root),
    }))
}

/// The strings of a value; `None` has none.
fn flatten(
    id: SourceId,
    name: &str,
    value: Value,
    found: &mut Vec<Said>,
    problems: &mut Vec<Problem>,
) {
    match value {
        Value::None => {}
        Value::Text(Text { value, range, .. }) => {
            found.push(Said { word: value, span: Span::new(id, range.start, range.end) });
        }
        Value::List(items) => {
            for item in items {
                flatten(id, name, item, found, problems);
            }
        }
        Value::Bool(_) => {
            problems.push(
                Problem::new(ProblemCode::Lineage, format!("{name} is no string"))
                    .at(Span::new(id, 0, 0)),
            );
        }
        Value::Unknown(why, range) => {
            let message = format!("{name} cannot be told without running the file: {}", why.said());
            let problem = Problem::new(ProblemCode::Lineage, message);
            let help = format!("write {name} as a literal, as alembic revision does");
            problems.push(problem.at(Span::new(id, range.start, range.end)).help(help));
        }
    }
}

/// The first line of the docstring.
fn message(text: &str, root: Node<'_>) -> String {
    let first = python::children(root).into_iter().find(|node| node.kind() != "comment");
    let string = first
        .filter(|node| node.kind() == "expression_statement")
        .and_then(|node| node.named_child(0))
        .filter(|node| matches!(node.kind(), "string" | "concatenated_string"));
    match string.map(|node| python::value(node, text, &Names::default())) {
        Some(Value::Text(text)) => {
            text.value.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("").to_owned()
        }
        _no_docstring => String::new(),
    }
}
