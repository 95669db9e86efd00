//! Reads values of a YAML tree as what they should be, and collects what is wrong with them.

use super::node::{Node, Value};
use crate::model::{Ident, Problem, ProblemCode, QualifiedName, SourceId, Span, distance};

/// Keys that hold prose anywhere.
const PROSE: &[&str] = &[
    "description",
    "purpose",
    "notes",
    "note",
    "rationale",
    "reason",
    "title",
    "label",
    "example",
    "examples",
    "deprecated",
    "since",
    "see",
    "adr",
    "tags",
    "reference",
    "references_docs",
];

/// Collects problems.
#[derive(Debug, Default)]
pub(super) struct Reader {
    /// What is wrong; places are in source 0.
    pub problems: Vec<Problem>,
    /// The schema of names that are written without one.
    pub namespace: Option<Ident>,
}

impl Reader {
    /// Something is wrong at a node.
    pub fn wrong(&mut self, node: &Node, message: impl Into<String>, help: impl Into<String>) {
        let span = Span::new(SourceId(0), node.range.start, node.range.end);
        let problem = Problem::new(ProblemCode::Yaml, message).help(help);
        self.problems.push(problem.at(span));
    }

    /// The entries of a mapping; says what else it is.
    pub fn entries<'n>(&mut self, node: &'n Node, what: &str) -> Vec<(&'n Node, &'n Node)> {
        match &node.value {
            Value::Map(entries) => entries.iter().map(|(key, value)| (key, value)).collect(),
            Value::Null => Vec::new(),
            Value::Scalar { .. } | Value::List(_) => {
                let message = format!("{what}: expected a mapping, found {}", node.kind());
                self.wrong(node, message, "write key: value lines, indented below it");
                Vec::new()
            }
        }
    }

    /// Says which keys of a mapping are not known. `strict`: they cannot be passed over.
    pub fn keys(&mut self, node: &Node, what: &str, known: &[&str], strict: bool) {
        for (key, _) in self.entries(node, what) {
            let Some(text) = key.text() else {
                self.wrong(key, format!("{what}: a key is {}", key.kind()), "a key is one word");
                continue;
            };
            if known.contains(&text) || PROSE.contains(&text) || text.starts_with("x-") {
                continue;
            }
            let all = known.iter().chain(PROSE.iter().take(4)).copied();
            let near = all.clone().map(|word| (distance(text, word), word)).min();
            let near = near.filter(|(distance, word)| *distance <= 2 && word.len() > 3);
            let message = format!("{what} has no key \"{text}\"");
            let help = match near {
                Some((_, word)) => format!("did you mean {word}?"),
                None => format!("known are: {}; x-.. is free for anything", known.join(", ")),
            };
            self.wrong(key, message, help);
            if !strict && near.is_none() {
                // Passed over, and said: what nobody looked at is not in sync.
                if let Some(problem) = self.problems.last_mut() {
                    problem.code = ProblemCode::YamlKey;
                }
            }
        }
    }

    /// The text of a key; says when it is no single value.
    pub fn text<'n>(&mut self, node: &'n Node, key: &str) -> Option<&'n str> {
        let value = node.get(key)?;
        if value.is_null() {
            return None;
        }
        if value.text().is_none() {
            let message = format!("{key}: expected a single value, found {}", value.kind());
            self.wrong(value, message, "put it in quotes if it is meant to be text");
        }
        value.text()
    }

    /// A key that is true or false.
    pub fn flag(&mut self, node: &Node, key: &str) -> Option<bool> {
        let value = node.get(key)?;
        if value.is_null() {
            return None;
        }
        match value.text().map(str::to_ascii_lowercase).as_deref() {
            Some("true" | "yes" | "on") => Some(true),
            Some("false" | "no" | "off") => Some(false),
            Some(_) | None => {
                self.wrong(value, format!("{key}: expected true or false"), "true or false");
                None
            }
        }
    }

    /// The items of a list under a key; a single value is a list of one.
    pub fn items<'n>(&mut self, node: &'n Node, key: &str) -> Vec<&'n Node> {
        match node.get(key) {
            Some(value) => match &value.value {
                Value::List(items) => items.iter().collect(),
                Value::Scalar { .. } => vec![value],
                Value::Null => Vec::new(),
                Value::Map(_) => {
                    let message = format!("{key}: expected a list, found {}", value.kind());
                    self.wrong(value, message, "start each item with - on a line of its own");
                    Vec::new()
                }
            },
            None => Vec::new(),
        }
    }

    /// The texts of a list under a key.
    pub fn texts<'n>(&mut self, node: &'n Node, key: &str) -> Vec<(&'n Node, &'n str)> {
        let items = self.items(node, key);
        let mut texts = Vec::new();
        for item in items {
            match item.text() {
                Some(text) => texts.push((item, text)),
                None => {
                    let message = format!("{key}: expected a single value, found {}", item.kind());
                    self.wrong(item, message, "put it in quotes if it is meant to be text");
                }
            }
        }
        texts
    }

    /// A name as it is stored, or between double quotes.
    pub fn ident(&mut self, node: &Node, text: &str) -> Option<Ident> {
        let parts = name_parts(text);
        match parts.as_deref() {
            Some([name]) => Some(Ident::new(name)),
            Some(_) | None => {
                self.wrong(node, format!("\"{text}\" is no name"), "one word, or \"in quotes\"");
                None
            }
        }
    }

    /// `table` or `schema.table`.
    pub fn qualified(&mut self, node: &Node, text: &str) -> Option<QualifiedName> {
        match name_parts(text).as_deref() {
            Some([name]) => Some(self.local(name)),
            Some([namespace, name]) => Some(QualifiedName::new(namespace, name)),
            Some(_) | None => {
                let help = "table or schema.table; put a part that holds a dot in double quotes";
                self.wrong(node, format!("\"{text}\" is no name"), help);
                None
            }
        }
    }

    /// A name in the schema of names that are written without one.
    pub fn local(&self, name: &str) -> QualifiedName {
        let namespace = self.namespace.clone().unwrap_or_else(|| Ident::new("public"));
        QualifiedName { namespace, name: Ident::new(name) }
    }
}

/// The parts of a dotted name; what stands in double quotes is one part.
pub(super) fn name_parts(text: &str) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    loop {
        let (part, after) = if let Some(quoted) = rest.strip_prefix('"') {
            let mut part = String::new();
            let mut chars = quoted.char_indices().peekable();
            let end = loop {
                match chars.next()? {
                    (_, '"') if chars.peek().is_some_and(|(_, next)| *next == '"') => {
                        chars.next();
                        part.push('"');
                    }
                    (at, '"') => break at + 1,
                    (_, other) => part.push(other),
                }
            };
            (part, quoted.get(end..)?)
        } else {
            let end = rest.find('.').unwrap_or(rest.len());
            (rest.get(..end)?.to_owned(), rest.get(end..)?)
        };
        if part.is_empty() || part.contains('\0') {
            return None;
        }
        parts.push(part);
        match after.strip_prefix('.') {
            Some(next) => rest = next,
            None if after.is_empty() => return Some(parts),
            None => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_parts() {
        let check = |text: &str, expected: Option<&[&str]>| {
            let parts = name_parts(text);
            let parts: Option<Vec<&str>> =
                parts.as_ref().map(|parts| parts.iter().map(String::as_str).collect());
            assert_eq!(parts.as_deref(), expected, "{text}");
        };
        check("Orders", Some(&["Orders"]));
        check("app.orders", Some(&["app", "orders"]));
        check("\"a.b\".\"c\"\"d\"", Some(&["a.b", "c\"d"]));
        check("a..b", None);
        check("\"a", None);
        check("", None);
    }

    #[test]
    fn misspelt_words_are_near() {
        assert_eq!(distance("nulable", "nullable"), 1);
        assert_eq!(distance("index", "indexes"), 2);
    }
}
