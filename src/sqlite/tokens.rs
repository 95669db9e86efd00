//! The tokens of a SQLite schema, and the small steps by which they are read.
//!
//! The tokens are those of `sqlparser`; lines and columns become bytes here.

use sqlparser::dialect::SQLiteDialect;
use sqlparser::tokenizer::{Location, Token, Tokenizer};

use super::Written;
use crate::model::{Problem, ProblemCode, SourceId, Span};
use crate::source::Source;

/// A token and the bytes that it stands on.
struct Piece {
    token: Token,
    start: usize,
    end: usize,
}

/// From the lines and columns of tokens, in order, to bytes.
struct Cursor<'t> {
    rest: std::str::Chars<'t>,
    length: usize,
    line: u64,
    column: u64,
}

impl<'t> Cursor<'t> {
    fn new(text: &'t str) -> Self {
        Self { rest: text.chars(), length: text.len(), line: 1, column: 1 }
    }

    fn to(&mut self, location: Location) -> usize {
        while (self.line, self.column) < (location.line, location.column) {
            match self.rest.next() {
                Some('\n') => (self.line, self.column) = (self.line + 1, 1),
                Some(_) => self.column += 1,
                None => break,
            }
        }
        self.length - self.rest.as_str().len()
    }
}

/// A text on its way through.
pub(super) struct Reader<'t> {
    id: SourceId,
    text: &'t str,
    pieces: Vec<Piece>,
    /// The number of the next token.
    pub at: usize,
    /// What was not understood.
    pub problems: Vec<Problem>,
}

impl<'t> Reader<'t> {
    /// Reads the tokens of a source.
    pub fn new(id: SourceId, source: &'t Source) -> Result<Self, Box<Problem>> {
        let text = source.text.as_str();
        let dialect = SQLiteDialect {};
        let tokens = Tokenizer::new(&dialect, text).tokenize_with_location().map_err(|error| {
            let at = Cursor::new(text).to(error.location);
            let problem =
                Problem::new(ProblemCode::Syntax, format!("{}: {}", source.name, error.message));
            Box::new(problem.at(Span::new(id, at, at)))
        })?;
        let is_word = |token: &Token| !matches!(token, Token::Whitespace(_) | Token::EOF);
        let mut cursor = Cursor::new(text);
        let words = tokens.into_iter().filter(|token| is_word(&token.token));
        let mut pieces = Vec::new();
        for token in words {
            let start = cursor.to(token.span.start);
            pieces.push(Piece { start, end: cursor.to(token.span.end), token: token.token });
        }
        Ok(Self { id, text, pieces, at: 0, problems: Vec::new() })
    }

    /// Whether none is left.
    pub fn is_done(&self) -> bool {
        self.at >= self.pieces.len()
    }

    /// A token ahead.
    pub fn peek(&self, ahead: usize) -> Option<&Token> {
        self.pieces.get(self.at + ahead).map(|piece| &piece.token)
    }

    /// The word at a place, upper case, unless it is quoted.
    pub fn word(&self, ahead: usize) -> Option<String> {
        match self.peek(ahead)? {
            Token::Word(word) if word.quote_style.is_none() => {
                Some(word.value.to_ascii_uppercase())
            }
            _other => None,
        }
    }

    /// Whether this word comes next.
    pub fn is(&self, word: &str) -> bool {
        self.word(0).as_deref() == Some(word)
    }

    /// Takes these words, or nothing.
    pub fn take(&mut self, words: &[&str]) -> bool {
        let fits = words
            .iter()
            .enumerate()
            .all(|(ahead, word)| self.word(ahead).as_deref() == Some(*word));
        if fits {
            self.at += words.len();
        }
        fits
    }

    /// Takes this symbol, or nothing.
    pub fn take_symbol(&mut self, symbol: &Token) -> bool {
        let fits = self.peek(0) == Some(symbol);
        self.at += usize::from(fits);
        fits
    }

    /// A name: a word, quoted in any of SQLite's ways, also as a string.
    pub fn name(&mut self) -> Option<String> {
        let name = match self.peek(0)? {
            Token::Word(word) => word.value.clone(),
            Token::SingleQuotedString(text) | Token::DoubleQuotedString(text) => text.clone(),
            _other => return None,
        };
        self.at += 1;
        Some(name)
    }

    /// A name that may have the name of its database before it.
    pub fn qualified(&mut self) -> Option<String> {
        let first = self.name()?;
        if self.take_symbol(&Token::Period) { self.name() } else { Some(first) }
    }

    /// The bytes from one token to the one before another.
    pub fn span(&self, from: usize, to: usize) -> Span {
        let start = self.pieces.get(from).map_or(self.text.len(), |piece| piece.start);
        let end = to.checked_sub(1).and_then(|last| self.pieces.get(last)).map_or(start, |p| p.end);
        Span::new(self.id, start, end.max(start))
    }

    /// The text from one token to the one before another.
    pub fn written(&self, from: usize, to: usize) -> Written {
        let span = self.span(from, to);
        Written { text: span.of(self.text).to_owned(), span }
    }

    /// What stands within the parentheses that open here.
    pub fn parenthesized(&mut self) -> Option<Written> {
        if !self.take_symbol(&Token::LParen) {
            return None;
        }
        let start = self.at;
        self.skip_to_close()?;
        Some(self.written(start, self.at - 1))
    }

    /// Goes after the parenthesis that closes the open one.
    pub fn skip_to_close(&mut self) -> Option<()> {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.peek(0)? {
                Token::LParen => depth += 1,
                Token::RParen => depth -= 1,
                _other => {}
            }
            self.at += 1;
        }
        Some(())
    }

    /// A list of columns in parentheses.
    pub fn columns(&mut self) -> Option<Vec<String>> {
        if !self.take_symbol(&Token::LParen) {
            return None;
        }
        let mut names = Vec::new();
        loop {
            names.push(self.name()?);
            if self.take(&["COLLATE"]) {
                self.name()?;
            }
            let _order =
                self.take(&["ASC"]) || self.take(&["DESC"]) || self.take(&["AUTOINCREMENT"]);
            if self.take_symbol(&Token::RParen) {
                return Some(names);
            }
            if !self.take_symbol(&Token::Comma) {
                return None;
            }
        }
    }

    /// Goes after the next semicolon.
    pub fn skip_statement(&mut self) {
        while !self.is_done() && !self.take_symbol(&Token::SemiColon) {
            self.at += 1;
        }
    }

    /// The problem that the statement that starts there is not understood.
    pub fn unreadable(&self, start: usize) -> Problem {
        let at = self.at.min(self.pieces.len().saturating_sub(1));
        let found = self.span(at, at + 1);
        let whole = self.span(start, start + 2);
        let message =
            format!("this statement of SQLite is not understood, near \"{}\"", found.of(self.text));
        let problem = Problem::new(ProblemCode::Unsupported, message).at(found);
        problem.related("the statement", whole).help("is it the output of .schema?")
    }
}
