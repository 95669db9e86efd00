//! `tsvector`: `b a:2,1A 'c d'` to `'a':1A,2 'b' 'c d'`.
//!
//! `src/backend/utils/adt/tsvector.c, tsvectorin, tsvectorout, uniqueentry` and `tsvector_parser.c`.
//! Lexemes are ordered by their bytes; of two equal positions the heavier one stays.

use std::collections::BTreeMap;

use super::scan::{Cursor, is_digits, is_space};
use super::{Output, Refusal};

const MAX_POSITION: u16 = 16_383;
/// The server drops positions beyond 255 of a lexeme, and refuses long lexemes.
const MAX_POSITIONS: usize = 200;
const MAX_LEXEME: usize = 2_000;

/// Positions with their weights, A the highest.
type Positions = BTreeMap<u16, u8>;

pub(super) fn tsvector(text: &str) -> Output {
    let mut cursor = Cursor::new(text);
    let mut lexemes: BTreeMap<String, Positions> = BTreeMap::new();
    loop {
        cursor.skip_space();
        if cursor.is_done() {
            break;
        }
        let lexeme = take_lexeme(&mut cursor)?;
        if lexeme.is_empty() || lexeme.len() > MAX_LEXEME {
            return Err(Refusal::Undecided);
        }
        let positions = lexemes.entry(lexeme).or_default();
        if cursor.eat(b':') {
            take_positions(cursor.take_while(|byte| !is_space(byte)), positions)?;
        }
        if cursor.peek().is_some_and(|next| !is_space(next)) || positions.len() > MAX_POSITIONS {
            return Err(Refusal::Undecided);
        }
    }
    let printed: Vec<String> =
        lexemes.iter().map(|(lexeme, positions)| print(lexeme, positions)).collect();
    Ok(printed.join(" "))
}

/// A quoted lexeme, or a word without quotes, backslashes and colons.
fn take_lexeme(cursor: &mut Cursor<'_>) -> Output {
    if !cursor.eat(b'\'') {
        let word = cursor.take_while(|byte| !is_space(byte) && byte != b':');
        return if word.contains(['\'', '\\']) {
            Err(Refusal::Undecided)
        } else {
            Ok(word.to_owned())
        };
    }
    let mut lexeme = String::new();
    loop {
        lexeme.push_str(cursor.take_while(|byte| byte != b'\'' && byte != b'\\'));
        match cursor.next() {
            Some(b'\\') => lexeme.push(cursor.next_char().ok_or(Refusal::Undecided)?),
            Some(_) if cursor.eat(b'\'') => lexeme.push('\''),
            Some(_) => return Ok(lexeme),
            None => return Err(Refusal::Undecided),
        }
    }
}

/// `1A,2b,3`
fn take_positions(text: &str, positions: &mut Positions) -> Result<(), Refusal> {
    for part in text.split(',') {
        let digits = part.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let weight = match part.strip_prefix(digits) {
            Some("A" | "a") => 3,
            Some("B" | "b") => 2,
            Some("C" | "c") => 1,
            Some("" | "D" | "d") => 0,
            _ => return Err(Refusal::Undecided),
        };
        let position: u16 = digits.parse().map_err(|_| Refusal::Undecided)?;
        if !is_digits(digits) || !(1..=MAX_POSITION).contains(&position) {
            return Err(Refusal::Undecided);
        }
        let known = positions.entry(position).or_default();
        *known = weight.max(*known);
    }
    Ok(())
}

fn print(lexeme: &str, positions: &Positions) -> String {
    let mut text = format!("'{}'", lexeme.replace('\\', "\\\\").replace('\'', "''"));
    for (at, (position, weight)) in positions.iter().enumerate() {
        text.push(if at == 0 { ':' } else { ',' });
        text.push_str(&position.to_string());
        text.push_str(match weight {
            3 => "A",
            2 => "B",
            1 => "C",
            _ => "",
        });
    }
    text
}
