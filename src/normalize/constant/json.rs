//! `json`: checked, and kept byte for byte; also the reader that `jsonb` uses.
//!
//! `src/common/jsonapi.c, pg_parse_json`, `src/backend/utils/adt/json.c, json_in`. The surprise:
//! `json` keeps escapes that stand for no character (`\u0000`, half a surrogate pair), which
//! `jsonb` refuses.

use super::scan::Cursor;
use super::{MAX_DEPTH, Output, Refusal};

pub(super) fn json(text: &str) -> Output {
    let mut cursor = Cursor::new(text);
    read_value(&mut cursor, 0, false)?;
    skip_space(&mut cursor);
    if cursor.is_done() { Ok(text.to_owned()) } else { Err(Refusal::Invalid) }
}

/// A JSON value with strings unescaped and numbers as written.
pub(super) enum Value {
    Null,
    Bool(bool),
    Number(String),
    String(String),
    Array(Vec<Value>),
    Object(Vec<(String, Value)>),
}

/// Reads one value. Only when `decode` are strings unescaped; otherwise they stay empty.
pub(super) fn read_value(
    cursor: &mut Cursor<'_>,
    depth: u32,
    decode: bool,
) -> Result<Value, Refusal> {
    if depth > MAX_DEPTH {
        return Err(Refusal::Undecided);
    }
    skip_space(cursor);
    match cursor.peek() {
        Some(b'{') => read_object(cursor, depth, decode),
        Some(b'[') => read_array(cursor, depth, decode),
        Some(b'"') => Ok(Value::String(read_string(cursor, decode)?)),
        Some(b'-' | b'0'..=b'9') => read_number(cursor),
        _ => read_word(cursor),
    }
}

/// JSON has four kinds of blanks.
pub(super) fn skip_space(cursor: &mut Cursor<'_>) {
    cursor.take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
}

fn read_object(cursor: &mut Cursor<'_>, depth: u32, decode: bool) -> Result<Value, Refusal> {
    cursor.next();
    let mut members = Vec::new();
    skip_space(cursor);
    if cursor.eat(b'}') {
        return Ok(Value::Object(members));
    }
    loop {
        skip_space(cursor);
        if cursor.peek() != Some(b'"') {
            return Err(Refusal::Invalid);
        }
        let key = read_string(cursor, decode)?;
        skip_space(cursor);
        if !cursor.eat(b':') {
            return Err(Refusal::Invalid);
        }
        members.push((key, read_value(cursor, depth + 1, decode)?));
        skip_space(cursor);
        if cursor.eat(b'}') {
            return Ok(Value::Object(members));
        }
        if !cursor.eat(b',') {
            return Err(Refusal::Invalid);
        }
    }
}

fn read_array(cursor: &mut Cursor<'_>, depth: u32, decode: bool) -> Result<Value, Refusal> {
    cursor.next();
    let mut elements = Vec::new();
    skip_space(cursor);
    if cursor.eat(b']') {
        return Ok(Value::Array(elements));
    }
    loop {
        elements.push(read_value(cursor, depth + 1, decode)?);
        skip_space(cursor);
        if cursor.eat(b']') {
            return Ok(Value::Array(elements));
        }
        if !cursor.eat(b',') {
            return Err(Refusal::Invalid);
        }
    }
}

fn read_word(cursor: &mut Cursor<'_>) -> Result<Value, Refusal> {
    match cursor.take_while(is_word_byte) {
        "null" => Ok(Value::Null),
        "true" => Ok(Value::Bool(true)),
        "false" => Ok(Value::Bool(false)),
        _ => Err(Refusal::Invalid),
    }
}

/// Bytes that belong to a word or number, so that `1a` is one wrong token.
fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

fn read_number(cursor: &mut Cursor<'_>) -> Result<Value, Refusal> {
    let start = *cursor;
    cursor.eat(b'-');
    let whole = cursor.digits();
    let mut valid = !whole.is_empty() && (whole == "0" || !whole.starts_with('0'));
    if cursor.eat(b'.') {
        valid &= !cursor.digits().is_empty();
    }
    if cursor.eat(b'e') || cursor.eat(b'E') {
        if !cursor.eat(b'-') {
            cursor.eat(b'+');
        }
        valid &= !cursor.digits().is_empty();
    }
    if !valid || cursor.peek().is_some_and(is_word_byte) {
        return Err(Refusal::Invalid);
    }
    Ok(Value::Number(cursor.since(start).to_owned()))
}

fn read_string(cursor: &mut Cursor<'_>, decode: bool) -> Output {
    cursor.next();
    let mut string = String::new();
    loop {
        let plain = cursor.take_while(|byte| byte >= b' ' && byte != b'"' && byte != b'\\');
        if decode {
            string.push_str(plain);
        }
        match cursor.next() {
            Some(b'"') => return Ok(string),
            Some(b'\\') => {
                if let Some(character) = read_escape(cursor, decode)? {
                    string.push(character);
                }
            }
            _ => return Err(Refusal::Invalid),
        }
    }
}

/// The character of an escape; none when not asked to decode.
fn read_escape(cursor: &mut Cursor<'_>, decode: bool) -> Result<Option<char>, Refusal> {
    let simple = match cursor.next() {
        Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => {
            let unit = read_code_unit(cursor)?;
            return if decode { decode_unit(cursor, unit).map(Some) } else { Ok(None) };
        }
        _ => return Err(Refusal::Invalid),
    };
    Ok(decode.then_some(simple))
}

/// A character outside the first plane is a pair of escapes.
fn decode_unit(cursor: &mut Cursor<'_>, unit: u32) -> Result<char, Refusal> {
    let code = if (0xD800..0xDC00).contains(&unit) {
        if !cursor.eat(b'\\') || !cursor.eat(b'u') {
            return Err(Refusal::Invalid);
        }
        let low = read_code_unit(cursor)?;
        if !(0xDC00..0xE000).contains(&low) {
            return Err(Refusal::Invalid);
        }
        0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)
    } else {
        unit
    };
    char::from_u32(code).filter(|&character| character != '\0').ok_or(Refusal::Invalid)
}

fn read_code_unit(cursor: &mut Cursor<'_>) -> Result<u32, Refusal> {
    let mut unit = 0;
    for _ in 0..4 {
        let digit =
            cursor.peek().and_then(|byte| char::from(byte).to_digit(16)).ok_or(Refusal::Invalid)?;
        cursor.next();
        unit = unit * 16 + digit;
    }
    Ok(unit)
}
