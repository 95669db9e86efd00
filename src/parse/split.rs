//! Splits a source into statements, psql commands and `COPY` rows, in one pass
//! over its bytes that never fails and never recurses.
//!
//! Follows `src/fe_utils/psqlscan.l`, since what psql runs as one statement is one
//! statement: semicolons count outside of quotes, comments, parentheses and
//! `BEGIN ATOMIC .. END`. The surprising thing: where a statement ends depends on
//! earlier ones, as `SET standard_conforming_strings = off` lets a backslash
//! escape a quote, and `COPY .. FROM stdin` is followed by lines that are no SQL.

mod effect;

use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2, memmem};

use super::coverage::IgnoreRule;
use super::extent::{is_word, skip_token};
use super::psql_state::{self, State};
use crate::model::{Problem, ProblemCode};
use effect::{conforming_strings, copies_from_stdin};

/// A piece of a source.
#[derive(Debug)]
pub(super) enum Piece {
    /// A statement.
    Statement {
        /// Without its semicolon, blanks and comments around it left out.
        range: Range<usize>,
        /// Variables of psql in it, each with its value.
        variables: Vec<(Range<usize>, Box<str>)>,
        /// Opening quotes of the plain strings in which a backslash escapes.
        escaped: Vec<usize>,
    },
    /// A psql command, from the backslash to the end of its arguments.
    MetaCommand(Range<usize>),
    /// The rows that follow `COPY .. FROM stdin`.
    CopyData {
        /// How many.
        rows: u64,
    },
    /// What cannot be split, and where.
    Problem(Box<Problem>, Range<usize>),
    /// What psql passes over, and the commands that say so.
    Ignored(Range<usize>, IgnoreRule),
}

/// Splits a source. Pieces come in source order.
pub(super) fn split(text: &str) -> Vec<Piece> {
    let mut splitter = Splitter::new(text);
    while splitter.at < text.len() {
        splitter.step();
    }
    splitter.end_statement();
    if let Some(open) = splitter.psql.open_branch() {
        let problem = Problem::new(ProblemCode::MetaCommand, r"\if has no \endif")
            .help("psql stops here with an error; what follows it is read as far as it applies");
        splitter.pieces.push(Piece::Problem(Box::new(problem), open));
    }
    splitter.pieces
}

struct Splitter<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    pieces: Vec<Piece>,
    /// `standard_conforming_strings = off`.
    backslash_escapes: bool,
    /// What commands of psql have set.
    psql: State,
    statement: Statement<'t>,
}

/// The statement that is being read.
#[derive(Default)]
struct Statement<'t> {
    /// Its first byte; none between statements.
    start: Option<usize>,
    /// One past its last token.
    end: usize,
    /// Its first word.
    first_word: Range<usize>,
    parentheses: usize,
    brackets: usize,
    /// `BEGIN ATOMIC` and, inside of it, `CASE`.
    blocks: usize,
    head: Head,
    escaped: Vec<usize>,
    /// Variables of psql in it, each with its value.
    variables: Vec<(Range<usize>, Box<str>)>,
    /// The first variable whose value is not known.
    unknown: Option<(&'t str, Range<usize>)>,
}

/// How far the first words go towards `CREATE [OR REPLACE] {FUNCTION | PROCEDURE}`.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Head {
    #[default]
    Start,
    Create,
    Or,
    Replace,
    Routine,
    Other,
}

impl<'t> Splitter<'t> {
    fn new(text: &'t str) -> Self {
        // psql skips a byte order mark as well (`MainLoop`, src/bin/psql/mainloop.c).
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self {
            text,
            bytes: text.as_bytes(),
            at,
            pieces: Vec::new(),
            backslash_escapes: false,
            psql: State::default(),
            statement: Statement::default(),
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn rest(&self, at: usize) -> &'t [u8] {
        self.bytes.get(at..).unwrap_or_default()
    }

    /// Reads one token, blank or comment.
    fn step(&mut self) {
        let Some(byte) = self.byte(self.at) else {
            return;
        };
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => self.at += 1,
            b'-' if self.byte(self.at + 1) == Some(b'-') => self.at = self.line_end(self.at),
            b'/' if self.byte(self.at + 1) == Some(b'*') => self.block_comment(),
            b'\\' => self.backslash(),
            b';' if self.statement.parentheses == 0 && self.statement.blocks == 0 => {
                self.semicolon();
            }
            _part_of_a_statement => {
                self.statement.start.get_or_insert(self.at);
                self.token(byte);
                self.statement.end = self.at;
            }
        }
    }

    fn token(&mut self, byte: u8) {
        match byte {
            b'\'' => {
                if self.backslash_escapes {
                    self.statement.escaped.push(self.at);
                }
                self.string(self.backslash_escapes);
            }
            b'"' => self.quoted(self.at, "a quoted identifier"),
            b'$' => self.dollar(),
            b'(' => {
                self.statement.parentheses += 1;
                self.at += 1;
            }
            b')' => {
                self.statement.parentheses = self.statement.parentheses.saturating_sub(1);
                self.at += 1;
            }
            b'[' => {
                self.statement.brackets += 1;
                self.at += 1;
            }
            b']' => {
                self.statement.brackets = self.statement.brackets.saturating_sub(1);
                self.at += 1;
            }
            b':' => self.colon(),
            digit if digit.is_ascii_digit() => self.at = self.word_end(self.at),
            letter if is_word(letter) => self.word(letter),
            _operator_or_punctuation => self.at += 1,
        }
    }

    fn word_end(&self, start: usize) -> usize {
        let is_part = |byte: &&u8| is_word(**byte) || **byte == b'$';
        start + self.rest(start).iter().take_while(is_part).count()
    }

    fn line_end(&self, start: usize) -> usize {
        memchr2(b'\n', b'\r', self.rest(start)).map_or(self.bytes.len(), |length| start + length)
    }

    fn word(&mut self, first: u8) {
        let start = self.at;
        let end = self.word_end(start);
        self.at = end;
        let next = self.byte(end);
        // A prefix belongs to its string only when it is the whole word.
        if end == start + 1 && next == Some(b'\'') {
            match first {
                b'e' | b'E' => return self.string(true),
                b'b' | b'B' | b'x' | b'X' => return self.string(false),
                _no_prefix => {}
            }
        }
        if end == start + 1 && matches!(first, b'u' | b'U') && next == Some(b'&') {
            match self.byte(end + 1) {
                Some(b'\'') => {
                    self.at = end + 1;
                    return self.string(false);
                }
                Some(b'"') => return self.quoted(end + 1, "a quoted identifier"),
                _operator => {}
            }
        }
        self.count_word(start..end);
    }

    /// Tells where semicolons belong to the body of a routine, as psqlscan.l does
    /// for identifiers, but only from `BEGIN ATOMIC` on: `begin` is a fine name.
    fn count_word(&mut self, range: Range<usize>) {
        if self.statement.first_word.is_empty() {
            self.statement.first_word = range.clone();
        }
        let word = self.text.get(range.clone()).unwrap_or_default();
        let is = |keyword: &str| word.eq_ignore_ascii_case(keyword);
        let statement = &mut self.statement;
        match statement.head {
            Head::Start if is("create") => statement.head = Head::Create,
            Head::Create if is("or") => statement.head = Head::Or,
            Head::Or if is("replace") => statement.head = Head::Replace,
            Head::Create | Head::Replace if is("function") || is("procedure") => {
                statement.head = Head::Routine;
            }
            Head::Start | Head::Create | Head::Or | Head::Replace => statement.head = Head::Other,
            Head::Routine if statement.parentheses == 0 && statement.blocks > 0 => {
                if is("case") || is("begin") {
                    statement.blocks += 1;
                } else if is("end") {
                    statement.blocks -= 1;
                }
            }
            Head::Routine if statement.parentheses == 0 && is("begin") => {
                let next = skip_blank(self.text, range.end);
                let word = self.text.get(next..self.word_end(next)).unwrap_or_default();
                self.statement.blocks = usize::from(word.eq_ignore_ascii_case("atomic"));
            }
            Head::Routine | Head::Other => {}
        }
    }

    /// Reads a string whose opening quote is at `self.at`, and those that continue it.
    fn string(&mut self, escapes: bool) {
        let opening = self.at;
        let mut at = opening + 1;
        loop {
            let Some(length) = memchr2(b'\'', b'\\', self.rest(at)) else {
                return self.unterminated("a string", opening..opening + 1);
            };
            at += length;
            if self.byte(at) == Some(b'\\') {
                at += if escapes { 2 } else { 1 };
            } else if self.byte(at + 1) == Some(b'\'') {
                at += 2;
            } else if let Some(next) = escapes.then(|| self.continuation(at + 1)).flatten() {
                at = next;
            } else {
                self.at = at + 1;
                return;
            }
        }
    }

    /// Past the opening quote of a string that continues the one before `at`, so
    /// that a backslash means the same in it (`quotecontinue`, psqlscan.l).
    fn continuation(&self, at: usize) -> Option<usize> {
        let next = skip_space_and_line_comments(self.text, at);
        let between = self.bytes.get(at..next)?;
        let new_line = memchr2(b'\n', b'\r', between).is_some();
        (new_line && self.byte(next) == Some(b'\'')).then_some(next + 1)
    }

    /// Reads up to the closing double quote; doubled ones end and begin again.
    fn quoted(&mut self, opening: usize, what: &str) {
        match memchr(b'"', self.rest(opening + 1)) {
            Some(length) => self.at = opening + length + 2,
            None => self.unterminated(what, opening..opening + 1),
        }
    }

    /// A dollar quote, or a lone dollar as in `$1`.
    fn dollar(&mut self) {
        let start = self.at;
        let tag = self.rest(start + 1).iter().take_while(|byte| is_word(**byte)).count();
        let delimiter = start..start + tag + 2;
        let quotes = self.byte(delimiter.end - 1) == Some(b'$')
            && !self.byte(start + 1).is_some_and(|byte| byte.is_ascii_digit());
        if !quotes {
            self.at += 1;
            return;
        }
        let needle = self.bytes.get(delimiter.clone()).unwrap_or_default();
        match memmem::find(self.rest(delimiter.end), needle) {
            Some(length) => self.at = delimiter.end + length + needle.len(),
            None => self.unterminated("a dollar-quoted string", delimiter),
        }
    }

    /// Comments nest.
    fn block_comment(&mut self) {
        let opening = self.at;
        let mut depth = 1_usize;
        let mut at = opening + 2;
        while depth > 0 {
            let Some(length) = memchr2(b'*', b'/', self.rest(at)) else {
                return self.unterminated("a comment", opening..opening + 2);
            };
            at += length;
            match (self.byte(at), self.byte(at + 1)) {
                (Some(b'/'), Some(b'*')) => {
                    depth += 1;
                    at += 2;
                }
                (Some(b'*'), Some(b'/')) => {
                    depth -= 1;
                    at += 2;
                }
                _inside => at += 1,
            }
        }
        self.at = at;
    }

    /// Nothing after an opening delimiter without its end can be told apart.
    fn unterminated(&mut self, what: &str, opening: Range<usize>) {
        let delimiter = self.text.get(opening.clone()).unwrap_or_default();
        let problem = Problem::new(
            ProblemCode::Syntax,
            format!("{what} is not closed before the end of the source"),
        )
        .help(format!(
            "it opens here with {delimiter}; everything after it was read as part of it"
        ));
        self.pieces.push(Piece::Problem(Box::new(problem), opening));
        self.statement = Statement::default();
        self.at = self.bytes.len();
    }

    /// `::`, `:=`, a slice, a JSON member, or a variable of psql. psql leaves
    /// variables alone that are not set: they end as a syntax error or mean something
    /// to the server.
    fn colon(&mut self) {
        let start = self.at;
        if matches!(self.byte(start + 1), Some(b':' | b'=')) {
            self.at += 2;
            return;
        }
        self.at += 1;
        let quote = self.byte(self.at).filter(|byte| matches!(byte, b'\'' | b'"'));
        let name_start = self.at + usize::from(quote.is_some());
        let length = self.rest(name_start).iter().take_while(|byte| is_word(**byte)).count();
        let name = self.text.get(name_start..name_start + length).unwrap_or_default();
        let is_closed = quote.is_none_or(|q| self.byte(name_start + length) == Some(q));
        let Some(value) = self.psql.variable(name).filter(|_| is_closed) else { return };
        let end = name_start + length + usize::from(quote.is_some());
        match value.and_then(|value| psql_state::in_statement(value, quote)) {
            Some(text) => {
                self.statement.variables.push((start..end, text.into()));
                self.at = end;
            }
            None => {
                self.statement.unknown.get_or_insert((name, start..end));
            }
        }
    }

    fn semicolon(&mut self) {
        let range = self.statement.start.map(|start| start..self.statement.end);
        let first_word = self.statement.first_word.clone();
        self.end_statement();
        self.at += 1;
        let Some(range) = range else { return };
        let first_word = self.text.get(first_word).unwrap_or_default();
        let statement = self.text.get(range).unwrap_or_default();
        if !self.psql.is_active() {
            // What is passed over does nothing.
        } else if first_word.eq_ignore_ascii_case("copy") && copies_from_stdin(statement) {
            self.copy_data();
        } else if ["set", "reset", "select"]
            .iter()
            .any(|word| first_word.eq_ignore_ascii_case(word))
            && let Some(on) = conforming_strings(statement)
        {
            self.backslash_escapes = !on;
        }
    }

    fn end_statement(&mut self) {
        let statement = std::mem::take(&mut self.statement);
        let Some(start) = statement.start else { return };
        let range = start..statement.end;
        self.pieces.push(if !self.psql.is_active() {
            Piece::Ignored(range, IgnoreRule::PassedOver)
        } else if let Some((name, range)) = statement.unknown {
            Piece::Problem(Box::new(super::psql::variable(name)), range)
        } else {
            let Statement { variables, escaped, .. } = statement;
            Piece::Statement { range, variables, escaped }
        });
    }

    /// The rows from the next line on, up to `\.`.
    fn copy_data(&mut self) {
        let first = self.at;
        let line_end = memchr(b'\n', self.rest(first)).map_or(self.bytes.len(), |n| first + n);
        let rest = self.text.get(first..line_end).unwrap_or_default().trim();
        if !rest.is_empty() && !rest.starts_with("--") {
            // psql would run this after the rows that stand below it.
            let problem = Problem::new(
                ProblemCode::Syntax,
                "more text follows COPY .. FROM stdin on its line",
            )
            .help("the rows of the COPY start on the next line; move this text below them");
            self.pieces.push(Piece::Problem(Box::new(problem), first..line_end));
        }
        let mut rows = 0_u64;
        let mut line = line_end + 1;
        let data = self.rest(line);
        let ends =
            memchr_iter(b'\n', data).map(|length| line_end + 1 + length).chain([self.bytes.len()]);
        for end in ends {
            let row = self.bytes.get(line..end).unwrap_or_default();
            if matches!(row, br"\." | b"\\.\r") {
                self.pieces.push(Piece::CopyData { rows });
                self.at = (end + 1).min(self.bytes.len());
                return;
            }
            rows += u64::from(end > line || end < self.bytes.len());
            line = end + 1;
        }
        let problem = Problem::new(
            ProblemCode::Syntax,
            r"the rows of COPY .. FROM stdin have no end (\.)",
        )
        .help("the source may have been cut off: everything after this statement was read as rows");
        self.pieces.push(Piece::CopyData { rows });
        self.pieces.push(Piece::Problem(Box::new(problem), first.saturating_sub(1)..first));
        self.at = self.bytes.len();
    }

    /// A psql command, `\;` or `\\`.
    fn backslash(&mut self) {
        let start = self.at;
        match self.byte(start + 1) {
            Some(b';') => {
                self.end_statement();
                self.at += 2;
                return;
            }
            Some(b'\\') => {
                self.at += 2;
                return;
            }
            _command => {}
        }
        let end = super::psql::command_end(self.text, start);
        let command = super::psql::Command::new(self.text.get(start..end).unwrap_or_default());
        self.at = end;
        if self.statement.start.is_some() && !command.ends_statement() {
            let name = command.name();
            let problem = Problem::new(ProblemCode::MetaCommand, format!(r"the psql command \{name} stands inside of a statement"))
                .help("is a semicolon missing before it? A backslash outside of quotes starts a command of psql");
            self.statement = Statement::default();
            self.pieces.push(Piece::Problem(Box::new(problem), start..end));
            return;
        }
        self.end_statement();
        let was_active = self.psql.is_active();
        let is_known = self.psql.run(command, start..end);
        self.pieces.push(if is_known || !was_active {
            Piece::Ignored(start..end, IgnoreRule::MetaCommand)
        } else {
            Piece::MetaCommand(start..end)
        });
        if was_active && command.copies_from_stdin() {
            self.copy_data();
        }
    }
}

/// Past blanks and comments of both kinds.
fn skip_blank(text: &str, mut at: usize) -> usize {
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let blank = rest.len() - rest.trim_start().len();
        let comment = rest.get(blank..).is_some_and(|r| r.starts_with("--") || r.starts_with("/*"));
        at += blank;
        if !comment {
            return at;
        }
        at = skip_token(text, at);
    }
}

fn skip_space_and_line_comments(text: &str, mut at: usize) -> usize {
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let blank =
            rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']).len();
        at += blank;
        if !rest.get(blank..).is_some_and(|rest| rest.starts_with("--")) {
            return at;
        }
        at = skip_token(text, at);
    }
}

#[cfg(test)]
mod tests;
