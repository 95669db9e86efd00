//! Whether two bodies say the same in another layout: in, two texts and their
//! language; out, true when only blanks, line ends and comments differ.
//!
//! String literals, dollar quotes and quoted identifiers are taken as they are, and
//! so is every word, case included. A comment that is a planner's hint (`/*+ .. */`)
//! counts. `SELECT  1 -- one` and `SELECT 1` are alike; `'a  b'` and `'a b'` are not.

/// True when the bodies differ in blanks and comments only. Only for languages whose
/// blanks mean nothing: in Python they do.
pub(in crate::diff) fn body_differs_only_in_layout(
    canonical: &str,
    live: &str,
    language: &str,
) -> bool {
    ["sql", "plpgsql"].contains(&language) && Tokens::new(canonical).eq(Tokens::new(live))
}

/// The tokens of a text, blanks and comments left out (`src/backend/parser/scan.l`).
struct Tokens<'t> {
    rest: &'t str,
    after_string: bool,
}

impl<'t> Tokens<'t> {
    fn new(rest: &'t str) -> Self {
        Self { rest, after_string: false }
    }

    /// Skips blanks and comments; true when a line ended in them.
    fn skip_layout(&mut self) -> bool {
        let mut line_ended = false;
        loop {
            let trimmed =
                self.rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '\x0b');
            let skipped = self.rest.len() - trimmed.len();
            line_ended |=
                self.rest.get(..skipped).is_some_and(|blanks| blanks.contains(['\n', '\r']));
            self.rest = trimmed;
            let comment = if trimmed.starts_with("--") {
                trimmed.find('\n').unwrap_or(trimmed.len())
            } else if trimmed.starts_with("/*") && !trimmed.starts_with("/*+") {
                block_comment(trimmed)
            } else {
                return line_ended;
            };
            self.rest = trimmed.get(comment..).unwrap_or_default();
        }
    }
}

impl<'t> Iterator for Tokens<'t> {
    /// The token, and for a string after a string whether a line ended between them:
    /// only then they are one literal.
    type Item = (&'t str, bool);

    fn next(&mut self) -> Option<Self::Item> {
        let line_ended = self.skip_layout();
        if self.rest.is_empty() {
            return None;
        }
        let length = token(self.rest).max(1);
        let (token, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        let string = token.ends_with('\'');
        let continued = string && self.after_string && line_ended;
        self.after_string = string;
        Some((token, continued))
    }
}

/// The length of the token that a text starts with.
fn token(text: &str) -> usize {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or_default();
    match byte(0) {
        quote @ (b'\'' | b'"') => quoted(bytes, 0, quote, false),
        b'/' if byte(1) == b'*' => block_comment(text),
        b'$' if byte(1).is_ascii_digit() => 1 + word(bytes, 1),
        b'$' => dollar_quote(text).unwrap_or(1),
        b'u' | b'U' if byte(1) == b'&' && [b'\'', b'"'].contains(&byte(2)) => {
            quoted(bytes, 2, byte(2), false)
        }
        b'e' | b'E' if byte(1) == b'\'' => quoted(bytes, 1, b'\'', true),
        b'b' | b'B' | b'x' | b'X' | b'n' | b'N' if byte(1) == b'\'' => {
            quoted(bytes, 1, b'\'', false)
        }
        b'0'..=b'9' => number(bytes),
        b'.' if byte(1).is_ascii_digit() => number(bytes),
        b'.' => bytes.iter().take_while(|byte| **byte == b'.').count(),
        b':' => 1 + usize::from([b':', b'='].contains(&byte(1))),
        first if is_word(first) => word(bytes, 0),
        first if is_operator(first) => operator(text),
        _punctuation => 1,
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn is_operator(byte: u8) -> bool {
    b"~!@#^&|`?+-*/%<>=".contains(&byte)
}

/// The length of the word at an offset; `$` may stand in it, not before it.
fn word(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter().take_while(|byte| is_word(**byte) || **byte == b'$').count()
}

/// A number with fraction and exponent; `1..10` holds two of them.
fn number(bytes: &[u8]) -> usize {
    let byte = |at: usize| bytes.get(at).copied().unwrap_or_default();
    let mut at = 0;
    loop {
        let sign =
            [b'+', b'-'].contains(&byte(at)) && at > 0 && [b'e', b'E'].contains(&byte(at - 1));
        let part = is_word(byte(at))
            || (byte(at) == b'.' && byte(at + 1) != b'.')
            || (sign && byte(at + 1).is_ascii_digit());
        if !part {
            return at;
        }
        at += 1;
    }
}

/// A run of operator characters up to a comment; a sign at its end stands alone
/// unless the operator has a character that no operator of the standard has.
fn operator(text: &str) -> usize {
    let run = text.bytes().take_while(|byte| is_operator(*byte)).count();
    let run = text.get(..run).unwrap_or_default();
    let comment = run.find("--").into_iter().chain(run.find("/*")).min();
    let run = run.get(..comment.unwrap_or(run.len())).unwrap_or_default();
    if run.contains(['~', '!', '@', '#', '^', '&', '|', '`', '?', '%']) {
        return run.len();
    }
    run.trim_end_matches(['+', '-']).len().max(1)
}

/// The end of what is quoted from `at` on; a doubled quote is part of it.
fn quoted(bytes: &[u8], at: usize, quote: u8, escapes: bool) -> usize {
    let mut end = at + 1;
    while let Some(&byte) = bytes.get(end) {
        if byte == b'\\' && escapes {
            end += 2;
        } else if byte != quote {
            end += 1;
        } else if bytes.get(end + 1) == Some(&quote) {
            end += 2;
        } else {
            return end + 1;
        }
    }
    bytes.len()
}

fn dollar_quote(text: &str) -> Option<usize> {
    let tag = word(text.as_bytes(), 1);
    let tag = text.get(1..=tag).unwrap_or_default();
    let tag = tag.split('$').next().unwrap_or_default();
    let delimiter = text.get(..tag.len() + 2)?;
    if !delimiter.ends_with('$') {
        return None;
    }
    let body = text.get(delimiter.len()..)?;
    Some(body.find(delimiter).map_or(text.len(), |end| end + 2 * delimiter.len()))
}

/// The length of the block comment that a text starts with; they nest.
fn block_comment(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = 0;
    while at < bytes.len() {
        match (bytes.get(at), bytes.get(at + 1)) {
            (Some(b'/'), Some(b'*')) => {
                depth += 1;
                at += 2;
            }
            (Some(b'*'), Some(b'/')) => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _inside => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::body_differs_only_in_layout;

    #[track_caller]
    fn check(canonical: &str, live: &str, alike: bool) {
        for language in ["sql", "plpgsql"] {
            assert_eq!(body_differs_only_in_layout(canonical, live, language), alike);
            assert_eq!(body_differs_only_in_layout(live, canonical, language), alike);
        }
    }

    #[test]
    fn blanks_line_ends_and_comments_are_layout() {
        check("SELECT 1", "  SELECT\r\n\t1 -- one\n", true);
        check("SELECT 1", "SELECT /* a /* nested */ one */ 1", true);
        check("a:=b+c ; RETURN a::int", "a := b + c;\nRETURN a :: int", true);
        check("SELECT a=-1", "SELECT a = -1", true);
        check("FOR i IN 1..10 LOOP", "FOR i IN 1 .. 10 LOOP", true);
        check("f( $1,x )", "f($1, x)", true);
    }

    #[test]
    fn what_is_quoted_is_not_layout() {
        check("SELECT 'a  b'", "SELECT 'a b'", false);
        check("SELECT '-- a'", "SELECT '-- b'", false);
        check("SELECT E'\\'  '", "SELECT E'\\' '", false);
        check("SELECT \"a  b\"", "SELECT \"a b\"", false);
        check("SELECT $x$a  b$x$", "SELECT $x$a b$x$", false);
        check("EXECUTE $$ SELECT 1 $$", "EXECUTE $$SELECT 1$$", false);
        check("SELECT U&'a  b'", "SELECT U&'a b'", false);
    }

    #[test]
    fn blanks_that_change_the_tokens_are_not_layout() {
        check("SELECT a b", "SELECT ab", false);
        check("SELECT a < > b", "SELECT a <> b", false);
        check("SELECT 1 .5", "SELECT 1.5", false);
        check("SELECT E '1'", "SELECT E'1'", false);
        check("SELECT 1e+5", "SELECT 1e +5", false);
        check("SELECT 'a' 'b'", "SELECT 'a'\n'b'", false);
        check("SELECT a - -1", "SELECT a --1", false);
    }

    #[test]
    fn case_and_hints_are_not_layout() {
        check("SELECT A", "SELECT a", false);
        check("/*+ SeqScan(t) */ SELECT a", "/*+ IndexScan(t) */ SELECT a", false);
    }

    #[test]
    fn other_languages_may_count_blanks() {
        assert!(!body_differs_only_in_layout("if a:\n  b", "if a:\n b", "plpython3u"));
    }
}
