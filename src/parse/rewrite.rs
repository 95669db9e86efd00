//! Statements that the parser can only read after a change, and the way back
//! from offsets of the changed text to offsets of the source.
//!
//! Text is only ever inserted, apart from letters that change their case, so a
//! list of insertions describes every change.

use std::borrow::Cow;
use std::ops::Range;

/// The text of a statement, perhaps changed.
#[derive(Clone, Debug)]
pub(super) struct Rewritten<'t> {
    text: Cow<'t, str>,
    /// In order: the offset in the changed text where inserted text ends, and
    /// how many bytes were inserted up to there.
    inserted: Vec<(usize, usize)>,
}

impl<'t> Rewritten<'t> {
    /// A statement of a source with `standard_conforming_strings = off`: plain
    /// strings become escape strings, `'a\\b'` → `E'a\\b'`. The opening quotes in
    /// `escaped` are offsets of the source, in which the statement starts at `base`.
    pub fn with_escape_strings(statement: &'t str, base: usize, escaped: &[usize]) -> Self {
        let mut rewritten = Self { text: Cow::Borrowed(statement), inserted: Vec::new() };
        let insertions = escaped.iter().map(|quote| {
            let at = quote.saturating_sub(base);
            // N'a' is a string of type NCHAR; an E must not become part of a word.
            (at, if ends_with_word(statement, at, "n") { "CHAR E" } else { " E" })
        });
        rewritten.insert(insertions);
        rewritten
    }

    /// The text to parse.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The offset in the source's statement of an offset in the changed text.
    pub fn original(&self, offset: usize) -> usize {
        let before = self.inserted.partition_point(|(end, _)| *end <= offset);
        let inserted = before.checked_sub(1).and_then(|last| self.inserted.get(last));
        offset - inserted.map_or(0, |(_, bytes)| *bytes)
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
        let mut rewritten = Self { text: Cow::Owned(text), inserted: self.inserted.clone() };
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
        let rewritten = Rewritten::with_escape_strings(text, 100, &[107, 116]);
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
        let rewritten = Rewritten::with_escape_strings(text, 0, &[7, 25]);
        let at = rewritten.text().find("SYSTEM").expect("found");
        let quoted = rewritten.with_quoted(std::slice::from_ref(&(at..at + 11)));
        assert_eq!(quoted.text(), r#"SELECT  E'a', "system_user",  E'b'"#);
        let back = |needle: &str| quoted.original(quoted.text().find(needle).expect("found"));
        assert_eq!(back("system_user"), 12);
        assert_eq!(back("'b'"), 25);
        assert_eq!(back("'a'"), 7);
    }

    #[test]
    fn text_that_needs_no_change_is_not_copied() {
        let rewritten = Rewritten::with_escape_strings("SELECT 1", 5, &[]);
        assert!(matches!(rewritten.text, Cow::Borrowed(_)));
        assert_eq!(rewritten.original(3), 3);
    }
}
