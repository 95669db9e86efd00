//! `jsonpath`: `$.a[*] ? (@ > 1)` to `$."a"[*]?(@ > 1)`.
//!
//! `src/backend/utils/adt/jsonpath.c, jsonpath_in, printJsonPathItem`, `jsonpath_gram.y` and
//! `jsonpath_scan.l`. The text is printed while it is parsed. Escapes, numbers that are not
//! plain, methods with arguments, accessors after an operator and regular expressions of more
//! than plain characters are undecided: not all versions read or print them alike.

use super::jsonb::push_string;
use super::scan::{Cursor, is_digits};
use super::{Output, Refusal};

pub(super) fn jsonpath(text: &str) -> Output {
    let mut parser = Parser { cursor: Cursor::new(text), depth: 0, filters: 0, subscripts: 0 };
    let mut mode = "";
    let start = parser.cursor;
    match parser.word() {
        "strict" => mode = "strict ",
        // What is meant without a mode.
        "lax" => {}
        _another => parser.cursor = start,
    }
    let path = parser.or()?;
    parser.blanks();
    if !parser.cursor.is_done() {
        return Err(Refusal::Undecided);
    }
    Ok(format!("{mode}{}", path.print(true)))
}

/// As deep as anybody nests a path.
const MAX_DEPTH: usize = 40;

/// The methods that all versions have.
const METHODS: [&str; 7] = ["type", "size", "abs", "floor", "ceiling", "double", "keyvalue"];

/// A part of a path as it is printed.
struct Part {
    text: String,
    /// `operationPriority`.
    priority: u8,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A value with accessors.
    Path,
    /// A number without accessors.
    Number,
    /// An operator, which gets parentheses where it is part of another.
    Arithmetic,
    /// A comparison, AND, OR.
    Predicate,
    /// A predicate that has its own parentheses.
    Closed,
}

impl Part {
    fn path(text: impl Into<String>) -> Self {
        Self { text: text.into(), priority: 6, kind: Kind::Path }
    }

    fn print(&self, brackets: bool) -> String {
        match self.kind {
            Kind::Arithmetic | Kind::Predicate if brackets => format!("({})", self.text),
            _another => self.text.clone(),
        }
    }

    fn is_predicate(&self) -> bool {
        matches!(self.kind, Kind::Predicate | Kind::Closed)
    }

    /// `left operator right`.
    fn binary(left: &Self, operator: &str, right: &Self, priority: u8, kind: Kind) -> Self {
        let side = |side: &Self| side.print(side.priority <= priority);
        Self { text: format!("{} {operator} {}", side(left), side(right)), priority, kind }
    }
}

struct Parser<'a> {
    cursor: Cursor<'a>,
    depth: usize,
    /// `@` means something inside of filters only.
    filters: usize,
    /// `last` means something inside of subscripts only.
    subscripts: usize,
}

type Parsed = Result<Part, Refusal>;

impl<'a> Parser<'a> {
    fn blanks(&mut self) {
        self.cursor.take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0C));
    }

    /// The next word; empty when there is none.
    fn word(&mut self) -> &'a str {
        self.blanks();
        let start = self.cursor;
        let word = self.cursor.take_while(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let number = word.starts_with(|first: char| first.is_ascii_digit());
        // Other characters that may be part of a word.
        let goes_on = self.cursor.peek().is_some_and(|next| !ends_word(next));
        if number || goes_on {
            self.cursor = start;
            return "";
        }
        word
    }

    fn eat_word(&mut self, wanted: &str) -> bool {
        let start = self.cursor;
        let found = self.word() == wanted;
        if !found {
            self.cursor = start;
        }
        found
    }

    fn eat(&mut self, symbol: &str) -> bool {
        self.blanks();
        let found = self.cursor.rest().starts_with(symbol);
        if found {
            symbol.bytes().for_each(|_| {
                self.cursor.next();
            });
        }
        found
    }

    fn need(&mut self, symbol: &str) -> Result<(), Refusal> {
        if self.eat(symbol) { Ok(()) } else { Err(Refusal::Undecided) }
    }

    fn or(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Refusal::Undecided);
        }
        let mut left = self.and()?;
        while self.eat("||") {
            let right = self.and()?;
            left = junction(&left, "||", &right, 0)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn and(&mut self) -> Parsed {
        let mut left = self.comparison()?;
        while self.eat("&&") {
            let right = self.comparison()?;
            left = junction(&left, "&&", &right, 1)?;
        }
        Ok(left)
    }

    fn comparison(&mut self) -> Parsed {
        self.blanks();
        if self.cursor.peek() == Some(b'!') && !self.cursor.rest().starts_with("!=") {
            self.need("!")?;
            self.need("(")?;
            let inner = self.predicate()?;
            self.need(")")?;
            return Ok(closed(format!("!({})", inner.print(false))));
        }
        if self.eat_word("exists") {
            self.need("(")?;
            let inner = self.expression()?;
            self.need(")")?;
            return Ok(closed(format!("exists ({})", inner.print(false))));
        }
        let left = self.sum()?;
        if left.is_predicate() {
            return Ok(left);
        }
        for (symbol, name) in [
            ("==", "=="),
            ("!=", "!="),
            ("<>", "!="),
            ("<=", "<="),
            (">=", ">="),
            ("<", "<"),
            (">", ">"),
        ] {
            if self.eat(symbol) {
                let right = self.sum()?;
                if right.is_predicate() {
                    return Err(Refusal::Undecided);
                }
                return Ok(Part::binary(&left, name, &right, 2, Kind::Predicate));
            }
        }
        if self.eat_word("starts") {
            return self.starts_with(&left);
        }
        if self.eat_word("like_regex") {
            return self.like_regex(&left);
        }
        Ok(left)
    }

    fn starts_with(&mut self, left: &Part) -> Parsed {
        if !self.eat_word("with") {
            return Err(Refusal::Undecided);
        }
        self.blanks();
        let right = match self.cursor.peek() {
            Some(b'"') => Part::path(self.string()?),
            Some(b'$') => self.root()?,
            _no_start => return Err(Refusal::Undecided),
        };
        let is_value = right.text != "$";
        let made = Part::binary(left, "starts with", &right, 2, Kind::Predicate);
        if is_value { Ok(made) } else { Err(Refusal::Undecided) }
    }

    fn like_regex(&mut self, left: &Part) -> Parsed {
        self.blanks();
        let pattern = self.string()?;
        let plain = |c: char| {
            c.is_ascii_alphanumeric() || matches!(c, '"' | ' ' | '^' | '$' | '.' | '_' | '-')
        };
        if !pattern.chars().all(plain) || self.eat_word("flag") {
            return Err(Refusal::Undecided);
        }
        let text = format!("{} like_regex {pattern}", left.print(true));
        Ok(Part { text, priority: 6, kind: Kind::Predicate })
    }

    fn sum(&mut self) -> Parsed {
        let mut left = self.product()?;
        loop {
            let operator = if self.eat("+") {
                "+"
            } else if self.eat("-") {
                "-"
            } else {
                return Ok(left);
            };
            let right = self.product()?;
            left = arithmetic(&left, operator, &right, 3)?;
        }
    }

    fn product(&mut self) -> Parsed {
        let mut left = self.unary()?;
        loop {
            let rest = |parser: &mut Self| {
                parser.blanks();
                parser.cursor.rest()
            };
            // A comment starts like a division.
            let operator = match rest(self).as_bytes() {
                [b'/', b'*', ..] => return Err(Refusal::Undecided),
                [b'*', ..] => "*",
                [b'/', ..] => "/",
                [b'%', ..] => "%",
                _another => return Ok(left),
            };
            self.need(operator)?;
            let right = self.unary()?;
            left = arithmetic(&left, operator, &right, 4)?;
        }
    }

    fn unary(&mut self) -> Parsed {
        let sign = if self.eat("-") {
            "-"
        } else if self.eat("+") {
            "+"
        } else {
            return self.accessors();
        };
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Refusal::Undecided);
        }
        let arg = self.unary()?;
        self.depth -= 1;
        match arg.kind {
            // A sign of a number is part of it (`makeItemUnary`).
            Kind::Number if sign == "+" => Ok(arg),
            Kind::Number => {
                let zero = arg.text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
                let text = match arg.text.strip_prefix('-') {
                    Some(positive) => positive.to_owned(),
                    None if zero => arg.text.clone(),
                    None => format!("-{}", arg.text),
                };
                Ok(Part { text, ..arg })
            }
            Kind::Path | Kind::Arithmetic => {
                let text = format!("{sign}{}", arg.print(arg.priority <= 5));
                Ok(Part { text, priority: 5, kind: Kind::Arithmetic })
            }
            Kind::Predicate | Kind::Closed => Err(Refusal::Undecided),
        }
    }

    /// A value and what follows it.
    fn accessors(&mut self) -> Parsed {
        let mut part = self.primary()?;
        loop {
            self.blanks();
            let before = part.text.len();
            match self.cursor.peek() {
                Some(b'.') => {
                    self.cursor.next();
                    self.member(&mut part.text)?;
                }
                Some(b'[') => {
                    self.cursor.next();
                    self.subscript(&mut part.text)?;
                }
                Some(b'?') => {
                    self.cursor.next();
                    self.need("(")?;
                    self.filters += 1;
                    let predicate = self.predicate()?;
                    self.filters -= 1;
                    self.need(")")?;
                    part.text.push_str(&format!("?({})", predicate.print(false)));
                }
                _end => return Ok(part),
            }
            if part.kind != Kind::Path && part.text.len() > before {
                return Err(Refusal::Undecided);
            }
        }
    }

    fn primary(&mut self) -> Parsed {
        self.blanks();
        match self.cursor.peek() {
            Some(b'(') => {
                self.cursor.next();
                let inner = self.or()?;
                self.need(")")?;
                if inner.is_predicate() && self.eat_word("is") {
                    if !self.eat_word("unknown") {
                        return Err(Refusal::Undecided);
                    }
                    return Ok(closed(format!("({}) is unknown", inner.print(false))));
                }
                Ok(inner)
            }
            Some(b'$') => self.root(),
            Some(b'@') if self.filters > 0 => {
                self.cursor.next();
                Ok(Part::path("@"))
            }
            Some(b'"') => Ok(Part::path(self.string()?)),
            Some(byte) if byte.is_ascii_digit() => self.number(),
            _word => match self.word() {
                word @ ("null" | "true" | "false") => Ok(Part::path(word)),
                "last" if self.subscripts > 0 => Ok(Part::path("last")),
                _unknown => Err(Refusal::Undecided),
            },
        }
    }

    /// `$`, `$name`, `$"name"`.
    fn root(&mut self) -> Parsed {
        self.need("$")?;
        let mut text = "$".to_owned();
        match self.cursor.peek() {
            Some(b'"') => text.push_str(&self.string()?),
            Some(byte) if byte.is_ascii_alphanumeric() || byte == b'_' => {
                let name = self.word();
                if name.is_empty() {
                    return Err(Refusal::Undecided);
                }
                push_string(name, &mut text);
            }
            Some(byte) if !ends_word(byte) => return Err(Refusal::Undecided),
            _no_name => {}
        }
        Ok(Part::path(text))
    }

    fn number(&mut self) -> Parsed {
        let text = self
            .cursor
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_'));
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let plain = is_digits(whole) && is_digits(fraction) && text.len() < 30;
        if !plain || (whole.len() > 1 && whole.starts_with('0')) {
            return Err(Refusal::Undecided);
        }
        Ok(Part { text: text.to_owned(), priority: 6, kind: Kind::Number })
    }

    /// A string in output form; none with escapes.
    fn string(&mut self) -> Output {
        self.need("\"")?;
        let text = self.cursor.take_while(|byte| byte != b'"' && byte != b'\\' && byte >= b' ');
        if !self.cursor.eat(b'"') || text.is_empty() {
            return Err(Refusal::Undecided);
        }
        let mut printed = String::new();
        push_string(text, &mut printed);
        Ok(printed)
    }

    /// What follows a dot.
    fn member(&mut self, out: &mut String) -> Result<(), Refusal> {
        self.blanks();
        out.push('.');
        if self.cursor.rest().starts_with("**") {
            return Err(Refusal::Undecided);
        }
        if self.eat("*") {
            out.push('*');
            return Ok(());
        }
        if self.cursor.peek() == Some(b'"') {
            out.push_str(&self.string()?);
            return Ok(());
        }
        let name = self.word();
        if name.is_empty() {
            return Err(Refusal::Undecided);
        }
        self.blanks();
        if self.cursor.peek() != Some(b'(') {
            push_string(name, out);
            return Ok(());
        }
        self.need("(")?;
        self.need(")")?;
        if !METHODS.contains(&name) {
            return Err(Refusal::Undecided);
        }
        out.push_str(&format!("{name}()"));
        Ok(())
    }

    /// What follows `[`.
    fn subscript(&mut self, out: &mut String) -> Result<(), Refusal> {
        if self.eat("*") {
            self.need("]")?;
            out.push_str("[*]");
            return Ok(());
        }
        out.push('[');
        self.subscripts += 1;
        loop {
            let from = self.expression()?;
            out.push_str(&from.print(false));
            if self.eat_word("to") {
                let to = self.expression()?;
                out.push_str(&format!(" to {}", to.print(false)));
            }
            if !self.eat(",") {
                break;
            }
            out.push(',');
        }
        self.subscripts -= 1;
        self.need("]")?;
        out.push(']');
        Ok(())
    }

    fn predicate(&mut self) -> Parsed {
        let part = self.or()?;
        if part.is_predicate() { Ok(part) } else { Err(Refusal::Undecided) }
    }

    fn expression(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Refusal::Undecided);
        }
        let part = self.sum()?;
        self.depth -= 1;
        if part.is_predicate() { Err(Refusal::Undecided) } else { Ok(part) }
    }
}

/// True for a byte that ends a word (`special` and `blank` in `jsonpath_scan.l`).
fn ends_word(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0C)
        || b"?%$.[]{}()|&!=<>@#,*:-+/\"".contains(&byte)
}

fn closed(text: String) -> Part {
    Part { text, priority: 6, kind: Kind::Closed }
}

fn junction(left: &Part, operator: &str, right: &Part, priority: u8) -> Parsed {
    if !left.is_predicate() || !right.is_predicate() {
        return Err(Refusal::Undecided);
    }
    Ok(Part::binary(left, operator, right, priority, Kind::Predicate))
}

fn arithmetic(left: &Part, operator: &str, right: &Part, priority: u8) -> Parsed {
    if left.is_predicate() || right.is_predicate() {
        return Err(Refusal::Undecided);
    }
    Ok(Part::binary(left, operator, right, priority, Kind::Arithmetic))
}
