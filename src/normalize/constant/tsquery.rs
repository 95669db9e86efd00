//! `tsquery`: `a&!b:AB` to `'a' & !'b':AB`.
//!
//! `src/backend/utils/adt/tsquery.c, tsqueryin, makepol, tsqueryout, infix`. Lexemes of ASCII
//! letters, digits and underscores, or in quotes without escapes; what else there may be is
//! undecided.

use super::scan::Cursor;
use super::{Output, Refusal};

pub(super) fn tsquery(text: &str) -> Output {
    let mut parser = Parser { cursor: Cursor::new(text), depth: 0 };
    let query = parser.binary(Operator::Or)?;
    parser.cursor.skip_space();
    if parser.cursor.is_done() { Ok(query.print(None, false)) } else { Err(Refusal::Undecided) }
}

const MAX_DEPTH: usize = 40;
const MAX_DISTANCE: usize = 16_384;

/// In the order of `QO_PRIORITY`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Operator {
    Or,
    And,
    Phrase(usize),
    Not,
}

enum Query {
    Lexeme(String),
    Not(Box<Query>),
    Binary(Operator, Box<(Query, Query)>),
}

struct Parser<'a> {
    cursor: Cursor<'a>,
    depth: usize,
}

impl Parser<'_> {
    /// Operands joined by operators of one priority, leftmost first.
    fn binary(&mut self, level: Operator) -> Result<Query, Refusal> {
        let mut left = self.operand(level)?;
        while let Some(operator) = self.operator(level)? {
            let right = self.operand(level)?;
            left = Query::Binary(operator, Box::new((left, right)));
        }
        Ok(left)
    }

    fn operand(&mut self, level: Operator) -> Result<Query, Refusal> {
        match level {
            Operator::Or => self.binary(Operator::And),
            Operator::And => self.binary(Operator::Phrase(1)),
            Operator::Phrase(_) | Operator::Not => self.value(),
        }
    }

    fn operator(&mut self, level: Operator) -> Result<Option<Operator>, Refusal> {
        self.cursor.skip_space();
        Ok(match level {
            Operator::Or => self.cursor.eat(b'|').then_some(level),
            Operator::And => self.cursor.eat(b'&').then_some(level),
            Operator::Phrase(_) | Operator::Not => {
                if !self.cursor.eat(b'<') {
                    return Ok(None);
                }
                let distance = if self.cursor.eat(b'-') {
                    1
                } else {
                    self.cursor.digits().parse().map_err(|_| Refusal::Undecided)?
                };
                if !self.cursor.eat(b'>') || distance > MAX_DISTANCE {
                    return Err(Refusal::Undecided);
                }
                Some(Operator::Phrase(distance))
            }
        })
    }

    fn value(&mut self) -> Result<Query, Refusal> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Refusal::Undecided);
        }
        self.cursor.skip_space();
        let value = if self.cursor.eat(b'!') {
            Query::Not(Box::new(self.value()?))
        } else if self.cursor.eat(b'(') {
            let inner = self.binary(Operator::Or)?;
            self.cursor.skip_space();
            if !self.cursor.eat(b')') {
                return Err(Refusal::Undecided);
            }
            inner
        } else {
            Query::Lexeme(self.lexeme()?)
        };
        self.depth -= 1;
        Ok(value)
    }

    /// A lexeme with its weights, in output form.
    fn lexeme(&mut self) -> Output {
        let lexeme = if self.cursor.eat(b'\'') {
            let lexeme = self.cursor.take_while(|byte| byte != b'\'' && byte != b'\\');
            let closed = self.cursor.eat(b'\'');
            let ends = self.cursor.peek().is_none_or(ends_lexeme);
            if closed && ends { lexeme } else { "" }
        } else {
            let lexeme =
                self.cursor.take_while(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if self.cursor.peek().is_none_or(ends_lexeme) { lexeme } else { "" }
        };
        if lexeme.is_empty() || lexeme.len() > 500 {
            return Err(Refusal::Undecided);
        }
        let weights = if self.cursor.eat(b':') { self.weights()? } else { String::new() };
        Ok(format!("'{lexeme}'{weights}"))
    }

    fn weights(&mut self) -> Output {
        let given = self.cursor.take_while(|byte| b"*ABCDabcd".contains(&byte));
        if given.is_empty() || self.cursor.peek().is_some_and(|next| !ends_lexeme(next)) {
            return Err(Refusal::Undecided);
        }
        let given = given.to_ascii_uppercase();
        let kept = "*ABCD".chars().filter(|weight| given.contains(*weight));
        Ok(std::iter::once(':').chain(kept).collect())
    }
}

fn ends_lexeme(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'&' | b'|' | b'!' | b'(' | b')' | b'<' | b':')
}

impl Query {
    /// `infix`: parentheses where the operator above binds more.
    fn print(&self, above: Option<Operator>, right_of_phrase: bool) -> String {
        let rank = |operator: Operator| match operator {
            Operator::Or => 1,
            Operator::And => 2,
            Operator::Phrase(_) => 3,
            Operator::Not => 4,
        };
        let loose = |own: Operator| above.is_some_and(|above| rank(own) < rank(above));
        let (operator, (left, right)) = match self {
            Self::Lexeme(text) => return text.clone(),
            Self::Not(inner) => return format!("!{}", inner.print(Some(Operator::Not), false)),
            Self::Binary(operator, sides) => (*operator, &**sides),
        };
        let phrase = matches!(operator, Operator::Phrase(_));
        let sign = match operator {
            Operator::Or => "|".to_owned(),
            Operator::And => "&".to_owned(),
            Operator::Phrase(1) | Operator::Not => "<->".to_owned(),
            Operator::Phrase(distance) => format!("<{distance}>"),
        };
        let right = right.print(Some(operator), phrase);
        let text = format!("{} {sign} {right}", left.print(Some(operator), false));
        let open = loose(operator) || (phrase && right_of_phrase);
        if open { format!("( {text} )") } else { text }
    }
}
