//! `jsonpath`: `$.a[*]."b c"` to `$."a"[*]."b c"`.
//!
//! `src/backend/utils/adt/jsonpath.c, jsonpath_in, printJsonPathItem` and `jsonpath_scan.l`. Only plain
//! paths of members and elements; filters, methods, arithmetic, escapes and blanks within are
//! undecided.

use super::jsonb::push_string;
use super::scan::{Cursor, trim};
use super::{Output, Refusal};

pub(super) fn jsonpath(text: &str) -> Output {
    let text = trim(text);
    let (mode, path) = match text.split_once(' ') {
        Some(("strict", path)) => ("strict ", trim(path)),
        // What is meant without a mode.
        Some(("lax", path)) => ("", trim(path)),
        _ => ("", text),
    };
    let mut cursor = Cursor::new(path);
    if !cursor.eat(b'$') {
        return Err(Refusal::Undecided);
    }
    let mut printed = format!("{mode}$");
    while !cursor.is_done() {
        if cursor.eat(b'.') {
            if cursor.eat(b'*') {
                printed.push_str(".*");
            } else {
                printed.push('.');
                push_string(take_key(&mut cursor)?, &mut printed);
            }
        } else if cursor.eat(b'[') {
            let index = cursor.take_while(|byte| byte != b']');
            let plain = index == "*"
                || index == "0"
                || (super::scan::is_digits(index) && !index.starts_with('0'));
            if !plain || index.len() > 9 || !cursor.eat(b']') {
                return Err(Refusal::Undecided);
            }
            printed.push_str(&format!("[{index}]"));
        } else {
            return Err(Refusal::Undecided);
        }
    }
    Ok(printed)
}

/// A word of ASCII letters, digits and underscores, or a quoted key without escapes.
fn take_key<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Refusal> {
    let key = if cursor.eat(b'"') {
        let key = cursor.take_while(|byte| byte != b'"' && byte != b'\\' && byte >= b' ');
        if cursor.eat(b'"') { key } else { "" }
    } else {
        let word = cursor.take_while(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if word.starts_with(|first: char| first.is_ascii_digit()) { "" } else { word }
    };
    let ends = cursor.peek().is_none_or(|next| matches!(next, b'.' | b'['));
    if key.is_empty() || !ends { Err(Refusal::Undecided) } else { Ok(key) }
}
