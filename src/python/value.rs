//! Values that can be told from the text: literals, tuples and lists of them, adjacent
//! strings, `+` between them, names that stand for one of them.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Range;

use super::{Node, children, text_of};

/// Expressions nest at most this deeply.
const DEEPEST: usize = 64;

/// How much one value may cost, in nodes and bytes: names that stand for two of the next name
/// each double it.
const BUDGET: usize = 4 << 20;

/// A constant value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `None`.
    None,
    /// `True`, `False`.
    Bool(bool),
    /// A string.
    Text(Text),
    /// A tuple, list or set.
    List(Vec<Value>),
    /// Only known when it runs.
    Unknown(Why, Range<usize>),
}

/// Why a value is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// An f-string with something in it.
    FString,
    /// `%` or `.format(..)`.
    Formatting,
    /// `+` with something that is no literal.
    Concatenation,
    /// A name that no single literal is given to.
    Name,
    /// Anything else.
    Other,
}

impl Why {
    /// As part of a sentence.
    pub fn said(self) -> &'static str {
        match self {
            Self::FString => "it is an f-string",
            Self::Formatting => "it is formatted when it runs",
            Self::Concatenation => "it is put together with what is only known when it runs",
            Self::Name => "it is in a variable",
            Self::Other => "it is no literal",
        }
    }
}

/// A string, with the way back to where its characters are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// What Python reads.
    pub value: String,
    /// In order: from this offset of the value on, the source is read from that offset on.
    places: Vec<(usize, usize)>,
    /// Where it is written, quotes included.
    pub range: Range<usize>,
}

impl Text {
    /// Where a byte of the value is written.
    pub fn place(&self, offset: usize) -> usize {
        let before = self.places.partition_point(|(value, _)| *value <= offset);
        let last = before.checked_sub(1).and_then(|at| self.places.get(at));
        last.map_or(self.range.start, |(value, source)| source + (offset - value))
    }

    /// Where a range of the value is written.
    pub fn places(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.place(range.start);
        let last = range.end.saturating_sub(1).max(range.start);
        start..(self.place(last) + 1).max(start)
    }

    fn append(&mut self, other: Text) {
        let shift = self.value.len();
        self.places.extend(other.places.into_iter().map(|(value, source)| (value + shift, source)));
        self.value.push_str(&other.value);
        self.range.end = other.range.end.max(self.range.end);
    }
}

/// What names stand for, where they are given one value only.
#[derive(Clone, Debug, Default)]
pub struct Names<'tree> {
    names: BTreeMap<String, Option<Node<'tree>>>,
}

impl<'tree> Names<'tree> {
    /// A name is given a value; a second one makes it unknown.
    pub fn give(&mut self, name: &str, value: Node<'tree>) {
        self.names.entry(name.to_owned()).and_modify(|known| *known = None).or_insert(Some(value));
    }

    /// A name is given what is not known.
    pub fn forget(&mut self, name: &str) {
        self.names.insert(name.to_owned(), None);
    }

    /// A name stands for something else here, or for nothing that is known.
    pub fn replace(&mut self, name: &str, value: Option<Node<'tree>>) {
        self.names.insert(name.to_owned(), value);
    }

    /// What a name stands for.
    pub fn get(&self, name: &str) -> Option<Node<'tree>> {
        self.names.get(name).copied().flatten()
    }
}

/// The value of an expression.
pub fn value(node: Node<'_>, text: &str, names: &Names<'_>) -> Value {
    evaluate(node, &Reading { text, names, budget: Cell::new(BUDGET) }, DEEPEST)
}

/// What is read, and what is left to spend on it.
struct Reading<'r> {
    text: &'r str,
    names: &'r Names<'r>,
    budget: Cell<usize>,
}

impl Reading<'_> {
    fn spend(&self, cost: usize) -> bool {
        let left = self.budget.get().checked_sub(cost);
        self.budget.set(left.unwrap_or(0));
        left.is_some()
    }
}

fn evaluate(node: Node<'_>, reading: &Reading<'_>, depth: usize) -> Value {
    let Reading { text, names, budget: _ } = *reading;
    let unknown = |why| Value::Unknown(why, node.byte_range());
    let cost = if node.kind() == "string" { node.byte_range().len() } else { 1 };
    let depth = if reading.spend(cost) { depth.checked_sub(1) } else { None };
    let Some(depth) = depth else { return unknown(Why::Other) };
    let of = |node| evaluate(node, reading, depth);
    match node.kind() {
        "none" => Value::None,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "string" => string(node, text),
        "concatenated_string" => {
            let parts = children(node).into_iter().filter(|part| part.kind() != "comment");
            joined(parts.map(of), node, Why::Concatenation)
        }
        "parenthesized_expression" => {
            let inner = children(node).into_iter().find(|child| child.kind() != "comment");
            inner.map_or_else(|| unknown(Why::Other), of)
        }
        "tuple" | "list" | "set" | "expression_list" => {
            let items = children(node).into_iter().filter(|child| child.kind() != "comment");
            Value::List(items.map(of).collect())
        }
        "binary_operator" => {
            let operator = node.child_by_field_name("operator").map_or("", |node| node.kind());
            let sides = ["left", "right"].map(|side| node.child_by_field_name(side));
            match (operator, sides) {
                ("+", [Some(left), Some(right)]) => {
                    joined([of(left), of(right)].into_iter(), node, Why::Concatenation)
                }
                ("%", _) => unknown(Why::Formatting),
                _other_operator => unknown(Why::Other),
            }
        }
        "identifier" => match names.get(text_of(node, text)) {
            Some(given) => match of(given) {
                Value::Unknown(why, _) => unknown(why),
                known => known,
            },
            None => unknown(Why::Name),
        },
        "call" => call(node, reading, depth),
        _anything_else => unknown(Why::Other),
    }
}

/// Calls that only change blanks are what they are given.
fn call(node: Node<'_>, reading: &Reading<'_>, depth: usize) -> Value {
    let text = reading.text;
    let unknown = |why| Value::Unknown(why, node.byte_range());
    let (Some(function), Some(arguments)) =
        (node.child_by_field_name("function"), node.child_by_field_name("arguments"))
    else {
        return unknown(Why::Other);
    };
    let method = function.child_by_field_name("attribute").map(|name| text_of(name, text));
    let name = method.unwrap_or_else(|| text_of(function, text));
    let given = children(arguments);
    match (name, given.as_slice(), function.child_by_field_name("object")) {
        ("dedent" | "cleandoc" | "f", [one], _) => evaluate(*one, reading, depth),
        ("strip" | "lstrip" | "rstrip", [], Some(object)) => evaluate(object, reading, depth),
        ("format" | "format_map" | "join" | "replace", ..) => unknown(Why::Formatting),
        _other_call => unknown(Why::Other),
    }
}

/// Strings as one; lists as one.
fn joined(parts: impl Iterator<Item = Value>, node: Node<'_>, why: Why) -> Value {
    let mut whole: Option<Value> = None;
    for part in parts {
        whole = Some(match (whole, part) {
            (None, part) => part,
            (Some(Value::Text(mut text)), Value::Text(more)) => {
                text.append(more);
                Value::Text(text)
            }
            (Some(Value::List(mut list)), Value::List(more)) => {
                list.extend(more);
                Value::List(list)
            }
            (Some(Value::Unknown(why @ (Why::FString | Why::Formatting), _)), _)
            | (_, Value::Unknown(why @ (Why::FString | Why::Formatting), _)) => {
                Value::Unknown(why, node.byte_range())
            }
            _mixed => Value::Unknown(why, node.byte_range()),
        });
    }
    whole.unwrap_or(Value::Unknown(why, node.byte_range()))
}

/// A literal: its prefix, and what is between its quotes.
fn string(node: Node<'_>, text: &str) -> Value {
    let parts = children(node);
    let interpolates = parts.iter().any(|part| part.kind() == "interpolation");
    let start = parts.iter().find(|part| part.kind() == "string_start");
    let end = parts.iter().find(|part| part.kind() == "string_end");
    let (Some(start), Some(end)) = (start, end) else {
        return Value::Unknown(Why::Other, node.byte_range());
    };
    let prefix = text_of(*start, text).to_ascii_lowercase();
    if interpolates || prefix.starts_with('t') {
        return Value::Unknown(Why::FString, node.byte_range());
    }
    let letters = prefix.trim_end_matches(['"', '\'']);
    if letters.contains('b') {
        return Value::Unknown(Why::Other, node.byte_range());
    }
    let from = start.end_byte();
    let inner = text.get(from..end.start_byte()).unwrap_or_default();
    let raw = letters.contains('r');
    let (value, places) = decode(inner, from, raw, letters.contains('f'));
    Value::Text(Text { value, places, range: node.byte_range() })
}

/// What escapes stand for (The Python Language Reference, "String and Bytes literals").
fn decode(inner: &str, from: usize, raw: bool, doubled: bool) -> (String, Vec<(usize, usize)>) {
    let mut value = String::with_capacity(inner.len());
    let mut places = vec![(0, from)];
    let mut chars = inner.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if doubled && (c == '{' || c == '}') {
            value.push(c);
            if chars.next_if(|(_, next)| *next == c).is_some() {
                places.push((value.len(), from + at + 2));
            }
            continue;
        }
        if c != '\\' || raw {
            value.push(c);
            continue;
        }
        places.push((value.len(), from + at));
        let rest = inner.get(at + 1..).unwrap_or_default();
        let (read, length) = escape(rest);
        match read {
            Some(c) => value.push(c),
            None if length == 0 => value.push('\\'),
            None => {}
        }
        let after = at + 1 + length;
        while chars.next_if(|(at, _)| *at < after).is_some() {}
        places.push((value.len(), from + after));
    }
    (value, places)
}

/// The character of an escape and how long it is after its backslash; no character for the
/// end of a line, length 0 for what is no escape.
fn escape(rest: &str) -> (Option<char>, usize) {
    let hex = |digits: usize| {
        let code = rest.get(1..=digits).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        code.map_or((None, 0), |code| {
            (Some(char::from_u32(code).unwrap_or('\u{fffd}')), 1 + digits)
        })
    };
    let one = |c| (Some(c), 1);
    match rest.chars().next() {
        Some('\n') => (None, 1),
        Some('\r') => (None, if rest.starts_with("\r\n") { 2 } else { 1 }),
        Some(c @ ('\\' | '\'' | '"')) => one(c),
        Some('n') => one('\n'),
        Some('r') => one('\r'),
        Some('t') => one('\t'),
        Some('a') => one('\u{7}'),
        Some('b') => one('\u{8}'),
        Some('f') => one('\u{c}'),
        Some('v') => one('\u{b}'),
        Some('x') => hex(2),
        Some('u') => hex(4),
        Some('U') => hex(8),
        Some('N') => match rest.find('}') {
            Some(end) if rest.starts_with("N{") => (Some('\u{fffd}'), end + 1),
            _no_name => (None, 0),
        },
        Some('0'..='7') => {
            let digits =
                rest.bytes().take(3).take_while(|byte| (b'0'..=b'7').contains(byte)).count();
            let code = rest.get(..digits).and_then(|digits| u32::from_str_radix(digits, 8).ok());
            (code.and_then(char::from_u32).or(Some('\u{fffd}')), digits)
        }
        _no_escape => (None, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{assignments, parse};
    use super::*;

    fn last(text: &str) -> Value {
        let tree = parse(text).expect("a tree");
        let found = assignments(tree.root_node(), text);
        let mut names = Names::default();
        found.iter().for_each(|(name, node, _)| names.give(name, *node));
        let (_, node, _) = found.last().expect("an assignment");
        value(*node, text, &names)
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        match last(text) {
            Value::Text(found) => assert_eq!(found.value, expected, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn literals_are_what_python_reads() {
        check("a = 'x' \"y\" '''z\n'''", "xyz\n");
        check("a = ('x'  # why\n  'y')", "xy");
        check(r"a = 'a\'b\\\n\x41\u00e9\101\q'", "a'b\\\nAéA\\q");
        check(r"a = r'\d\n'", r"\d\n");
        check("a = f'x{{y}}'", "x{y}");
        check("b = 'x'\na = b + 'y'", "xy");
        check("a = textwrap.dedent('''\\\nSELECT 1''')", "SELECT 1");
    }

    #[test]
    fn what_runs_is_not_known() {
        for (text, why) in [
            ("a = f'{x}'", Why::FString),
            ("a = 'x' f'{y}'", Why::FString),
            ("a = 'x %s' % y", Why::Formatting),
            ("a = 'x {}'.format(y)", Why::Formatting),
            ("a = 'x' + y", Why::Concatenation),
            ("a = y", Why::Name),
            ("b = 'x'\nb = 'y'\na = b", Why::Name),
            ("a = a", Why::Other),
            ("a = a + a", Why::Concatenation),
        ] {
            assert!(matches!(last(text), Value::Unknown(found, _) if found == why), "{text}");
        }
    }

    #[test]
    fn each_character_has_its_place() {
        let text = r"a = 'ab\n' 'c\'d'";
        let Value::Text(found) = last(text) else { panic!("no text") };
        let place = |c: char| found.place(found.value.find(c).expect("there"));
        assert_eq!((place('b'), place('c'), place('d')), (6, 12, 15));
        assert_eq!(place('\n'), 7);
    }
}
