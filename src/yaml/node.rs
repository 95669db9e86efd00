//! A YAML document as a tree with places: what is written goes in, nodes with ranges of
//! bytes come out.
//!
//! The surprising thing: a scalar is its text. `no`, `0` and `1.10` stay as they are written,
//! since only the key they stand under knows what they mean.

use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

use crate::model::Problem;
use crate::source::{Source, from_plain_yaml, place};

/// A value with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    /// The bytes of the text it stands in.
    pub range: Range<usize>,
    /// What is there.
    pub value: Value,
}

/// What can stand in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// Nothing, `~`, `null`.
    Null,
    /// A scalar that is not null.
    Scalar {
        /// As written, or as quotes and blocks mean it.
        text: String,
        /// Without quotes.
        plain: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// Keys with their values, in order.
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// Reads a document. The place of a problem is in source 0.
    pub fn read(source: &Source) -> Result<Self, Problem> {
        let bom = if source.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let text = source.text.get(bom..).unwrap_or_default();
        let bare = Source { name: source.name.clone(), text: text.to_owned() };
        let shifted = |mut problem: Problem| {
            if let Some(span) = &mut problem.span {
                let shift = u32::try_from(bom).unwrap_or(0);
                (span.start, span.end) = (span.start + shift, span.end + shift);
            }
            problem
        };
        let raw: Spanned<Raw> = from_plain_yaml(&bare).map_err(shifted)?;
        Ok(Places { source: &bare, bom }.node(raw))
    }

    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// True for nothing, `~`, `null`.
    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    /// What kind of value it is, for messages.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Scalar { .. } => "a single value",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    /// The value of a key of a mapping.
    pub fn get(&self, wanted: &str) -> Option<&Node> {
        let Value::Map(entries) = &self.value else { return None };
        entries.iter().find(|(key, _)| key.text() == Some(wanted)).map(|(_, value)| value)
    }
}

/// What the library hands over.
#[derive(Debug)]
enum Raw {
    Null,
    Text(String),
    /// A number or boolean, whose spelling is in the text.
    Word(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<Raw>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Word(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Word(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Word(value.to_string()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Raw, E> {
        Ok(Raw::Word(value.to_string()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Raw, E> {
        Ok(Raw::Word(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Word(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Raw, E> {
        Ok(Raw::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Raw::Map(map))
    }
}

/// Finds the bytes of a location.
struct Places<'a> {
    source: &'a Source,
    bom: usize,
}

impl Places<'_> {
    fn range(&self, location: Location) -> Range<usize> {
        let bytes = location.span().byte_offset().zip(location.span().byte_len());
        let narrow = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let range = match bytes {
            Some((start, len)) => narrow(start)..narrow(start).saturating_add(narrow(len)),
            None if location.line() == 0 => 0..0,
            None => {
                let span = place(self.source, location);
                span.start as usize..span.end as usize
            }
        };
        let end = range.end.min(self.source.text.len());
        range.start.min(end)..end
    }

    fn node(&self, raw: Spanned<Raw>) -> Node {
        let mut range = self.range(raw.referenced);
        let written = self.source.text.get(range.clone()).unwrap_or_default();
        let trimmed = written.trim_end().len();
        range.end = range.start + trimmed;
        let written = written.get(..trimmed).unwrap_or_default();
        let mut range = range.start + self.bom..range.end + self.bom;
        let grow =
            |range: &mut Range<usize>, part: &Node| range.end = range.end.max(part.range.end);
        let value = match raw.value {
            Raw::Null => Value::Null,
            Raw::Word(_) if !written.is_empty() => {
                Value::Scalar { text: written.to_owned(), plain: true }
            }
            Raw::Word(text) => Value::Scalar { text, plain: true },
            Raw::Text(text) => {
                let plain = !written.starts_with(['"', '\'', '|', '>']);
                Value::Scalar { text, plain }
            }
            Raw::List(items) => {
                let items: Vec<Node> = items.into_iter().map(|item| self.node(item)).collect();
                items.iter().for_each(|item| grow(&mut range, item));
                Value::List(items)
            }
            Raw::Map(entries) => {
                let entries = entries.into_iter();
                let entries: Vec<(Node, Node)> =
                    entries.map(|(key, value)| (self.node(key), self.node(value))).collect();
                for (key, value) in &entries {
                    grow(&mut range, key);
                    grow(&mut range, value);
                }
                Value::Map(entries)
            }
        };
        Node { range, value }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Node, Problem> {
        Node::read(&Source { name: "a.yaml".to_owned(), text: text.to_owned() })
    }

    #[test]
    fn scalars_are_what_is_written() {
        for (text, expected) in
            [("a: no", "no"), ("a: 1.10", "1.10"), ("a: 'x''y'", "x'y"), ("a: |\n  x\n", "x\n")]
        {
            let node = read(text).unwrap();
            assert_eq!(node.get("a").unwrap().text(), Some(expected), "{text}");
        }
        assert!(read("a: ~").unwrap().get("a").unwrap().is_null());
        assert!(read("a:").unwrap().get("a").unwrap().is_null());
    }

    #[test]
    fn places_are_bytes_of_the_text() {
        for text in ["é: {b: \"ü\", c: [x, y]}\n", "\u{feff}é: {b: \"ü\", c: [x, y]}   \n"] {
            let node = read(text).unwrap();
            let inner = node.get("é").unwrap();
            let of = |node: &Node| text.get(node.range.clone()).unwrap().to_owned();
            assert_eq!(of(inner.get("b").unwrap()), "\"ü\"");
            let list = inner.get("c").unwrap();
            let last = match &list.value {
                Value::List(items) => items.last().map(of),
                _other => None,
            };
            assert_eq!(last.as_deref(), Some("y"));
        }
    }

    #[test]
    fn what_is_not_plain_has_a_place() {
        let check = |text: &str, line: u32| {
            let problem = read(text).unwrap_err();
            let span = problem.span.expect("a place");
            let found = text.get(..span.start as usize).unwrap().matches('\n').count() + 1;
            assert_eq!(found, line as usize, "{text}: {}", problem.message);
        };
        check("a: 1\na: 2\n", 2);
        check("a:\n\tb: 1\n", 2);
        check("a: 1\nb: &x [1]\n", 2);
        check("a:\n  - b\n - c\n", 3);
        check(&format!("a: 1\nb: {}", "[".repeat(500)), 2);
    }
}
