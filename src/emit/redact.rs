//! Takes secrets out of text before anybody sees it.
//!
//! Secret are: the connection of a subscription, options of foreign servers, user mappings and
//! foreign tables whose names speak of secrets, passwords of roles, and wherever they stand (in a
//! function's body, a comment, a default) passwords in URLs and connection strings. What is
//! compared is never touched, so that another secret is still another one; a short digest
//! tells them apart.

use std::borrow::Cow;
use std::ops::Range;

use sha2::{Digest, Sha256};

use super::escape::hex;
use crate::diff::is_secret_option;
use crate::parse::statements;

/// A source for showing: each secret is overwritten with `*`, byte by byte, so that places stay
/// right. None when there is nothing to hide.
pub fn source(text: &str) -> Option<String> {
    let ranges = secrets(text);
    if ranges.is_empty() {
        return None;
    }
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for range in ranges {
        masked.push_str(text.get(at..range.start)?);
        let hidden = text.get(range.clone())?;
        masked.extend(hidden.bytes().map(|byte| if byte == b'\n' { '\n' } else { '*' }));
        at = range.end;
    }
    masked.push_str(text.get(at..)?);
    Some(masked)
}

/// SQL for people: secrets are replaced by their digests. The second value is how many.
pub fn sql(text: &str) -> (Cow<'_, str>, usize) {
    let ranges = secrets(text);
    if ranges.is_empty() {
        return (Cow::Borrowed(text), 0);
    }
    let count = ranges.len();
    (Cow::Owned(replaced(text, ranges)), count)
}

/// Any other text that is shown: passwords in URLs and connection strings are replaced.
pub fn shown(text: &str) -> Cow<'_, str> {
    let mut ranges = Vec::new();
    connections(text, &mut ranges);
    if ranges.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(replaced(text, ranges)) }
}

/// Eight hex digits that tell one secret from another; too few to guess a good one by.
pub fn digest(secret: &str) -> String {
    let hash = Sha256::digest(secret.as_bytes());
    hex(hash.get(..4).unwrap_or_default())
}

fn replaced(text: &str, ranges: Vec<Range<usize>>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for range in ranges {
        out.push_str(text.get(at..range.start).unwrap_or_default());
        let secret = text.get(range.clone()).unwrap_or_default();
        out.push_str(&format!("redacted-{}", digest(secret)));
        at = range.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// Where secrets are, in order and apart from each other.
fn secrets(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    if may_hold_statements(text) {
        for statement in statements(text) {
            if let Some(sql) = text.get(statement.clone()) {
                literals(sql, statement.start, &mut ranges);
            }
        }
    }
    connections(text, &mut ranges);
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match apart.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            Some(_) | None => apart.push(range),
        }
    }
    apart.retain(|range| !range.is_empty());
    apart
}

/// A cheap look for what statements with secrets have: one of these words, then a literal or
/// the parenthesis of options.
fn may_hold_statements(text: &str) -> bool {
    let bytes = text.as_bytes();
    let follows = |word: &[u8], opens: &[u8]| {
        let (lower, upper) = match word.first() {
            Some(first) => (first.to_ascii_lowercase(), first.to_ascii_uppercase()),
            None => return false,
        };
        memchr::memchr2_iter(lower, upper, bytes).any(|at| {
            let rest = bytes.get(at..).unwrap_or_default();
            let (Some(found), Some(rest)) = (rest.get(..word.len()), rest.get(word.len()..)) else {
                return false;
            };
            let next = rest.trim_ascii_start().first();
            found.eq_ignore_ascii_case(word) && next.is_some_and(|next| opens.contains(next))
        })
    };
    // Comments may stand between, so a dash or a slash counts as well.
    follows(b"PASSWORD", b"'$eEuU-/")
        || follows(b"CONNECTION", b"'$eEuU-/")
        || follows(b"OPTIONS", b"(-/")
}

/// Secret literals of one statement that starts at `offset`.
fn literals(sql: &str, offset: usize, ranges: &mut Vec<Range<usize>>) {
    let mut words = Vec::new();
    let mut option = String::new();
    // How many parentheses are open since OPTIONS.
    let mut options: Option<usize> = None;
    for token in Tokens::new(sql) {
        match token.kind {
            TokenKind::Word => {
                let word = token.text.to_ascii_uppercase();
                if words.len() < 2 {
                    words.push(word.clone());
                    if !may_be_secret(&words) {
                        return;
                    }
                }
                if word == "OPTIONS" {
                    options = Some(0);
                }
                option = token.text.to_owned();
            }
            TokenKind::Quoted => option = token.text.trim_matches('"').replace("\"\"", "\""),
            TokenKind::Literal => {
                let in_options = options.is_some_and(|depth| depth > 0);
                let is_secret = if in_options {
                    is_secret_option(&option)
                } else {
                    ["CONNECTION", "PASSWORD"].iter().any(|word| option.eq_ignore_ascii_case(word))
                };
                if is_secret {
                    ranges.push(offset + token.inner.start..offset + token.inner.end);
                }
            }
            TokenKind::Open => options = options.map(|depth| depth + 1),
            TokenKind::Close => {
                options = options.map(|depth| depth.saturating_sub(1)).filter(|depth| *depth > 0);
            }
            TokenKind::Other => {}
        }
    }
}

/// Whether a statement that begins with these words may hold a secret.
fn may_be_secret(words: &[String]) -> bool {
    let objects = ["SUBSCRIPTION", "SERVER", "USER", "ROLE", "GROUP", "FOREIGN"];
    match words {
        [verb] => ["CREATE", "ALTER", "IMPORT"].contains(&&**verb),
        [_, object, ..] => objects.contains(&&**object),
        [] => true,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TokenKind {
    Word,
    Quoted,
    Literal,
    Open,
    Close,
    Other,
}

struct Token<'a> {
    kind: TokenKind,
    text: &'a str,
    /// Where the text of a literal is, without its quotes.
    inner: Range<usize>,
}

/// The tokens of a statement, as far as secrets need them (PostgreSQL's `scan.l`).
struct Tokens<'a> {
    sql: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    fn new(sql: &'a str) -> Self {
        Self { sql, at: 0 }
    }

    fn token(&mut self, kind: TokenKind, end: usize, inner: Range<usize>) -> Token<'a> {
        let text = self.sql.get(self.at..end).unwrap_or_default();
        self.at = end;
        Token { kind, text, inner }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = self.sql.get(self.at..)?;
            let first = rest.chars().next()?;
            let start = self.at;
            let skip = |length: Option<usize>| length.unwrap_or(rest.len());
            if first.is_whitespace() {
                self.at += first.len_utf8();
            } else if rest.starts_with("--") {
                self.at += skip(rest.find('\n'));
            } else if rest.starts_with("/*") {
                self.at += skip(rest.find("*/").map(|end| end + 2));
            } else if first == '"' {
                let end = start + closing(rest, 1, '"', false);
                return Some(self.token(TokenKind::Quoted, end, start..end));
            } else if let Some((quote, escapes)) = opening(rest) {
                let end = start + closing(rest, quote, '\'', escapes);
                let inner = start + quote..end.saturating_sub(1).max(start + quote);
                return Some(self.token(TokenKind::Literal, end, inner));
            } else if let Some((tag, end)) = dollar_quoted(rest) {
                let inner = start + tag..start + end.saturating_sub(tag).max(tag);
                return Some(self.token(TokenKind::Literal, start + end, inner));
            } else if first.is_alphabetic() || first == '_' {
                let in_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
                let length = rest.find(|c| !in_word(c)).unwrap_or(rest.len());
                return Some(self.token(TokenKind::Word, start + length, start..start));
            } else {
                let kind = match first {
                    '(' => TokenKind::Open,
                    ')' => TokenKind::Close,
                    _any_other => TokenKind::Other,
                };
                return Some(self.token(kind, start + first.len_utf8(), start..start));
            }
        }
    }
}

/// The length of what opens a literal, and whether backslashes escape in it.
fn opening(rest: &str) -> Option<(usize, bool)> {
    let upper: String = rest.chars().take(3).collect::<String>().to_ascii_uppercase();
    if upper.starts_with('\'') {
        Some((1, false))
    } else if upper.starts_with("E'") {
        Some((2, true))
    } else if upper.starts_with("B'") || upper.starts_with("X'") || upper.starts_with("N'") {
        Some((2, false))
    } else if upper.starts_with("U&'") {
        Some((3, false))
    } else {
        None
    }
}

/// The length up to after the quote that closes; all when none does. A doubled quote does not.
fn closing(rest: &str, from: usize, quote: char, escapes: bool) -> usize {
    let mut characters = rest.char_indices().skip_while(|(at, _)| *at < from).peekable();
    while let Some((at, character)) = characters.next() {
        if escapes && character == '\\' {
            characters.next();
        } else if character == quote && characters.next_if(|(_, next)| *next == quote).is_none() {
            return at + quote.len_utf8();
        }
    }
    rest.len()
}

/// The length of the tag and of the whole of `$tag$..$tag$`.
fn dollar_quoted(rest: &str) -> Option<(usize, usize)> {
    let after = rest.strip_prefix('$')?;
    let length = after.find('$')?;
    let tag = rest.get(..length + 2)?;
    let plain = after.get(..length)?.chars().all(|c| c.is_alphanumeric() || c == '_');
    let digit = after.starts_with(|c: char| c.is_ascii_digit());
    let body = rest.get(tag.len()..)?;
    let end = body.find(tag).map_or(rest.len(), |at| at + 2 * tag.len());
    (plain && !digit).then_some((tag.len(), end))
}

/// Passwords in URLs (`scheme://user:password@host`) and connection strings
/// (`host=h password=secret`).
fn connections(text: &str, ranges: &mut Vec<Range<usize>>) {
    for at in memchr::memmem::find_iter(text.as_bytes(), b"://") {
        ranges.extend(url_password(text, at + 3));
    }
    let bytes = text.as_bytes();
    for at in memchr::memchr2_iter(b'p', b'P', bytes) {
        let is_word = bytes.get(at..at + 8).is_some_and(|w| w.eq_ignore_ascii_case(b"password"));
        if is_word {
            ranges.extend(parameter(text, at + 8).filter(|_| is_connection(text, at)));
            ranges.extend(literal_after(text, at + 8));
        }
    }
    for at in memchr::memchr2_iter(b'c', b'C', bytes) {
        let found = bytes.get(at..at + 10);
        if found.is_some_and(|word| word.eq_ignore_ascii_case(b"connection")) {
            ranges.extend(literal_after(text, at + 10));
        }
    }
}

/// The literal that follows a word, also in text that is no SQL by itself: SQL within YAML, or
/// within the body of a function.
fn literal_after(text: &str, end: usize) -> Option<Range<usize>> {
    let rest = text.get(end..)?;
    let after = rest.trim_start();
    let open = after.find('\'').filter(|at| *at <= 1)?;
    let between = rest.len() - after.len();
    let plain = ["", "E", "e"].contains(&after.get(..open)?);
    if between == 0 || !plain {
        return None;
    }
    let close = closing(after, open + 1, '\'', open == 1);
    let start = end + between + open + 1;
    let stop = end + between + close.saturating_sub(1);
    (stop > start).then_some(start..stop)
}

/// The password of a URL whose authority starts at an offset.
fn url_password(text: &str, start: usize) -> Option<Range<usize>> {
    let rest = text.get(start..)?;
    let ends = |c: char| c.is_whitespace() || "/?#'\"<>`\\".contains(c);
    let authority = rest.get(..rest.find(ends).unwrap_or(rest.len()))?;
    let (user, _) = authority.rsplit_once('@')?;
    let (name, password) = user.split_once(':')?;
    let from = start + name.len() + 1;
    (!password.is_empty()).then(|| from..from + password.len())
}

/// The value of a parameter whose name ends at an offset: `= value`, `='value'`.
fn parameter(text: &str, end: usize) -> Option<Range<usize>> {
    let rest = text.get(end..)?;
    let after = rest.trim_start_matches(' ').strip_prefix('=')?.trim_start_matches(' ');
    let start = end + (rest.len() - after.len());
    // A quote within a literal is doubled or has a backslash before it.
    let open = ["''", "\\'", "'", "\""].into_iter().find(|open| after.starts_with(open));
    let Some(open) = open else {
        let ends = |c: char| c.is_whitespace() || "'\"&;)$`".contains(c);
        let length = after.find(ends).unwrap_or(after.len());
        return (length > 0).then(|| start..start + length);
    };
    let inside = after.get(open.len()..)?;
    let line = inside.find('\n').unwrap_or(inside.len());
    let length = inside.get(..line)?.find(open)?;
    let from = start + open.len();
    (length > 0).then(|| from..from + length)
}

/// Whether a line speaks of a connection around an offset.
fn is_connection(text: &str, at: usize) -> bool {
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let end = text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| at + end);
    let line = text.get(start..end).unwrap_or_default().to_ascii_lowercase();
    let without_spaces: String = line.chars().filter(|c| *c != ' ').collect();
    let keys = ["host=", "hostaddr=", "dbname=", "port=", "user=", "service=", "://"];
    keys.iter().any(|key| without_spaces.contains(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn hides(text: &str, secret: &str) {
        let masked = source(text).expect("something is hidden");
        assert!(!masked.contains(secret), "{masked}");
        assert_eq!(masked.len(), text.len());
        let (shown, count) = sql(text);
        assert!(count > 0 && !shown.contains(secret), "{shown}");
    }

    #[test]
    fn secrets_of_statements_are_hidden() {
        hides("CREATE SUBSCRIPTION s CONNECTION 'host=h password=pw1' PUBLICATION p;", "pw1");
        hides("create subscription s connection $x$dbname=d$x$ publication p", "dbname");
        hides("CREATE USER MAPPING FOR u SERVER s OPTIONS (user 'a', password 'it''s pw');", "pw'");
        hides("ALTER USER MAPPING FOR u SERVER s OPTIONS (SET \"password\" E'p\\'w2');", "w2");
        hides("CREATE SERVER s FOREIGN DATA WRAPPER f OPTIONS (api_token 'tok');", "tok'");
        hides("ALTER ROLE r WITH ENCRYPTED PASSWORD 'SCRAM-SHA-256$x';", "SCRAM");
        hides("-- x\nCREATE ROLE r LOGIN PASSWORD 'é€pw';", "pw");
    }

    #[test]
    fn secrets_anywhere_are_hidden() {
        hides("SELECT dblink('host=h dbname=d password=pw1 user=u');", "pw1");
        hides("COMMENT ON TABLE t IS 'see postgres://u:p%40w@h/d';", "p%40w");
        hides("SELECT $$ PERFORM dblink('host=h password=''a b'''); $$;", "a b");
        hides("-- host=h password = pw9", "pw9");
        hides(
            "statements:\n  - |\n    CREATE SUBSCRIPTION s CONNECTION 'dbname=d9' PUBLICATION p\n",
            "d9",
        );
        hides("SELECT format($$CREATE ROLE r PASSWORD 'pw8'$$);", "pw8");
    }

    #[test]
    fn what_is_no_secret_stays() {
        for text in [
            "CREATE TABLE t (password text CHECK (password <> ''), connection text DEFAULT 'x');",
            "CREATE SERVER s FOREIGN DATA WRAPPER f OPTIONS (host 'h', dbname 'd');",
            "UPDATE t SET password = NEW.password;",
            "COMMENT ON TABLE t IS 'https://host/path@x:y';",
        ] {
            assert_eq!(source(text), None, "{text}");
        }
    }

    #[test]
    fn another_secret_has_another_digest() {
        assert_ne!(digest("a"), digest("b"));
        assert_eq!(digest("a"), digest("a"));
        assert_eq!(shown("postgres://u:pw@h"), format!("postgres://u:redacted-{}@h", digest("pw")));
    }
}
