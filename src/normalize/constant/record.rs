//! Values of composite types: `(1, "a b" ,)` with its fields in output form.
//!
//! `src/backend/utils/adt/rowtypes.c, record_in, record_out`. Nothing between two commas is NULL;
//! blanks belong to the field; quotes may begin anywhere in it.

use super::scan::{Cursor, is_space};
use super::types::ConstantField;
use super::{Output, Refusal, output};

pub(super) fn record(fields: &[ConstantField<'_>], text: &str, depth: u32) -> Output {
    let mut cursor = Cursor::new(text);
    cursor.skip_space();
    if !cursor.eat(b'(') {
        return Err(Refusal::Invalid);
    }
    if fields.is_empty() {
        return Err(Refusal::Undecided);
    }
    let mut printed = String::from("(");
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            if !cursor.eat(b',') {
                return Err(Refusal::Invalid);
            }
            printed.push(',');
        }
        if let Some(value) = take_quoted(&mut cursor, b",)")? {
            let value = output(&field.ty, field.typmod, &value, depth + 1)?;
            push_quoted(&value, b"(),", &mut printed);
        }
    }
    if !cursor.eat(b')') {
        return Err(Refusal::Invalid);
    }
    cursor.skip_space();
    printed.push(')');
    if cursor.is_done() { Ok(printed) } else { Err(Refusal::Invalid) }
}

/// The text up to one of `ends`, unquoted; none when there is nothing, not even quotes. Also
/// how the bound of a range is written.
pub(super) fn take_quoted(cursor: &mut Cursor<'_>, ends: &[u8]) -> Result<Option<String>, Refusal> {
    if cursor.peek().is_some_and(|next| ends.contains(&next)) {
        return Ok(None);
    }
    let (mut text, mut quoted) = (String::new(), false);
    loop {
        text.push_str(
            cursor.take_while(|byte| {
                byte != b'"' && byte != b'\\' && (quoted || !ends.contains(&byte))
            }),
        );
        match cursor.peek() {
            None => return Err(Refusal::Invalid),
            Some(b'\\') => {
                cursor.next();
                text.push(cursor.next_char().ok_or(Refusal::Invalid)?);
            }
            Some(b'"') => {
                cursor.next();
                if quoted && cursor.eat(b'"') {
                    text.push('"');
                } else {
                    quoted = !quoted;
                }
            }
            Some(_) => return Ok(Some(text)),
        }
    }
}

/// Puts quotes around a text that is empty or has blanks, quotes, backslashes or one of
/// `special` in it.
pub(super) fn push_quoted(text: &str, special: &[u8], output: &mut String) {
    let plain =
        |byte: u8| byte != b'"' && byte != b'\\' && !is_space(byte) && !special.contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        output.push_str(text);
        return;
    }
    output.push('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            output.push(character);
        }
        output.push(character);
    }
    output.push('"');
}
