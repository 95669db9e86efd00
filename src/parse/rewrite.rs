//! Statements that the parser can only read after a change, and the way back
//! from offsets of the changed text to offsets of the source.
//!
//! First variables of psql get their values. After that text is only ever inserted,
//! apart from letters that change their case, so a list of insertions describes the rest.

use std::borrow::Cow;
use std::ops::Range;

/// The text of a statement, perhaps changed.
#[derive(Clone, Debug)]
pub(super) struct Rewritten<'t> {
    text: Cow<'t, str>,
    /// In order: the offset in the changed text where inserted text ends, and
    /// how many bytes were inserted up to there.
    inserted: Vec<(usize, usize)>,
    /// Where values stand, before anything was inserted, and what they stand for.
    values: Vec<Value>,
}

/// A value in a text, and the variable in the source.
#[derive(Clone, Debug)]
struct Value {
    value: Range<usize>,
    variable: Range<usize>,
}

impl<'t> Rewritten<'t> {
    /// A statement as it is.
    pub fn of(statement: &'t str) -> Self {
        Self { text: Cow::Borrowed(statement), inserted: Vec::new(), values: Vec::new() }
    }

    /// A statement of a source in which it starts at `base`, as are the offsets. Variables
    /// get their values. With `standard_conforming_strings = off` plain strings become escape
    /// strings: `'a\\b'` → `E'a\\b'` at the opening quotes in `escaped`.
    pub fn of_source(
        statement: &'t str,
        base: usize,
        variables: &[(Range<usize>, Box<str>)],
        escaped: &[usize],
    ) -> Self {
        let mut rewritten = Self::of(statement);
        rewritten.substitute(base, variables);
        let text = rewritten.text.clone();
        let quotes = escaped.iter().map(|quote| rewritten.moved(quote.saturating_sub(base)));
        let insertions: Vec<(usize, &'static str)> = quotes
            // N'a' is a string of type NCHAR; an E must not become part of a word.
            .map(|at| (at, if ends_with_word(&text, at, "n") { "CHAR E" } else { " E" }))
            .collect();
        rewritten.insert(insertions);
        rewritten
    }

    fn substitute(&mut self, base: usize, variables: &[(Range<usize>, Box<str>)]) {
        if variables.is_empty() {
            return;
        }
        let mut changed = String::new();
        let mut done = 0;
        for (range, value) in variables {
            let variable = range.start.saturating_sub(base)..range.end.saturating_sub(base);
            changed.push_str(self.text.get(done..variable.start).unwrap_or_default());
            let start = changed.len();
            changed.push_str(value);
            done = variable.end;
            self.values.push(Value { value: start..changed.len(), variable });
        }
        changed.push_str(self.text.get(done..).unwrap_or_default());
        self.text = Cow::Owned(changed);
    }

    /// The offset after values were put in of an offset before, which is of no variable.
    fn moved(&self, offset: usize) -> usize {
        let before = self.values.iter().rfind(|value| value.variable.end <= offset);
        before.map_or(offset, |last| last.value.end + (offset - last.variable.end))
    }

    /// The other way; all of a value is where its variable starts.
    fn moved_back(&self, offset: usize) -> usize {
        match self.values.iter().rfind(|value| value.value.start <= offset) {
            Some(last) if offset < last.value.end => last.variable.start,
            Some(last) => last.variable.end + (offset - last.value.end),
            None => offset,
        }
    }

    /// The text to parse.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The offset in the source's statement of an offset in the changed text.
    pub fn original(&self, offset: usize) -> usize {
        let before = self.inserted.partition_point(|(end, _)| *end <= offset);
        let inserted = before.checked_sub(1).and_then(|last| self.inserted.get(last));
        self.moved_back(offset - inserted.map_or(0, |(_, bytes)| *bytes))
    }

    /// The same with words of the changed text as quoted identifiers, folded to
    /// lower case as they would be without quotes.
    #[must_use]
    pub fn with_quoted(&self, words: &[Range<usize>]) -> Self {
        let mut text = self.text.clone().into_owned();
        for word in words {
            if let Some(word) = text.get_mut(word.clone()) {
                word.make_ascii_lowercase();
            }
        }
        let mut rewritten = Self {
            text: Cow::Owned(text),
            inserted: self.inserted.clone(),
            values: self.values.clone(),
        };
        rewritten.insert(words.iter().flat_map(|word| [(word.start, "\""), (word.end, "\"")]));
        rewritten
    }

    /// Inserts text at offsets, which ascend.
    fn insert(&mut self, insertions: impl IntoIterator<Item = (usize, &'static str)>) {
        let mut changed = String::new();
        let mut done = 0;
        let mut inserted = Vec::new();
        for (at, text) in insertions {
            changed.push_str(self.text.get(done..at).unwrap_or_default());
            changed.push_str(text);
            inserted.push((changed.len(), text.len()));
            done = at;
        }
        if inserted.is_empty() {
            return;
        }
        changed.push_str(self.text.get(done..).unwrap_or_default());
        self.inserted = merge(&self.inserted, &inserted);
        self.text = Cow::Owned(changed);
    }
}

/// Both lists as one. `new` counts from its own first insertion and its offsets
/// are of the final text; those of `old` are of the text before.
fn merge(old: &[(usize, usize)], new: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut moved: Vec<(usize, usize)> = Vec::new();
    let mut new = new.iter().peekable();
    let mut shift = 0;
    let mut total_old = 0;
    for (end, total) in old {
        while let Some((new_end, length)) =
            new.next_if(|(new_end, length)| new_end - length <= end + shift)
        {
            shift += length;
            moved.push((*new_end, *length));
        }
        moved.push((end + shift, total - total_old));
        total_old = *total;
    }
    moved.extend(new.copied());
    let mut total = 0;
    for (_, bytes) in &mut moved {
        total += *bytes;
        *bytes = total;
    }
    moved
}

/// True when the word that ends at `at` is `word`.
fn ends_with_word(text: &str, at: usize, word: &str) -> bool {
    let Some(start) = at.checked_sub(word.len()) else {
        return false;
    };
    let before = start.checked_sub(1).and_then(|i| text.as_bytes().get(i).copied());
    text.get(start..at).is_some_and(|found| found.eq_ignore_ascii_case(word))
        && !before.is_some_and(|byte| super::extent::is_word(byte) || byte == b'$')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_find_their_way_back() {
        let text = r"SELECT 'a\'b', N'c', x";
        let rewritten = Rewritten::of_source(text, 100, &[], &[107, 116]);
        assert_eq!(rewritten.text(), r"SELECT  E'a\'b', NCHAR E'c', x");
        let back = |needle: &str| rewritten.original(rewritten.text().find(needle).expect("found"));
        assert_eq!(back("SELECT"), 0);
        assert_eq!(back("'a"), 7);
        assert_eq!(back("'c'"), 16);
        assert_eq!(back(", x"), 19);
        assert_eq!(rewritten.original(rewritten.text().len()), text.len());
    }

    #[test]
    fn a_word_can_be_quoted_on_top_of_that() {
        let text = r"SELECT 'a', SYSTEM_USER, 'b'";
        let rewritten = Rewritten::of_source(text, 0, &[], &[7, 25]);
        let at = rewritten.text().find("SYSTEM").expect("found");
        let quoted = rewritten.with_quoted(std::slice::from_ref(&(at..at + 11)));
        assert_eq!(quoted.text(), r#"SELECT  E'a', "system_user",  E'b'"#);
        let back = |needle: &str| quoted.original(quoted.text().find(needle).expect("found"));
        assert_eq!(back("system_user"), 12);
        assert_eq!(back("'b'"), 25);
        assert_eq!(back("'a'"), 7);
    }

    #[test]
    fn values_stand_where_their_variables_do() {
        let text = "SELECT :a, 'q', :'b' FROM t";
        let variables = [(107..109, "long_name".into()), (116..120, "''".into())];
        let rewritten = Rewritten::of_source(text, 100, &variables, &[111]);
        assert_eq!(rewritten.text(), "SELECT long_name,  E'q', '' FROM t");
        let back = |needle: &str| rewritten.original(rewritten.text().find(needle).expect("found"));
        assert_eq!(back("long_name"), 7);
        assert_eq!(back("name"), 7);
        assert_eq!(back(",  E"), 9);
        assert_eq!(back("'q'"), 11);
        assert_eq!(back("FROM"), 21);
        assert_eq!(rewritten.original(rewritten.text().len()), text.len());
    }

    #[test]
    fn text_that_needs_no_change_is_not_copied() {
        let rewritten = Rewritten::of_source("SELECT 1", 5, &[], &[]);
        assert!(matches!(rewritten.text, Cow::Borrowed(_)));
        assert_eq!(rewritten.original(3), 3);
    }
}
