//! `jsonb`: `{"b":1.0e1, "a":"\u0041", "b":2}` to `{"a": "A", "b": 2}`.
//!
//! `src/backend/utils/adt/jsonb.c, jsonb_in, JsonbToCString` and `jsonb_util.c, uniqueifyJsonbObject`.
//! The surprise: keys are ordered by length first, and numbers keep their scale.

use std::cmp::Ordering;
use std::fmt::Write as _;

use super::json::{Value, read_value, skip_space};
use super::numeric::numeric;
use super::scan::Cursor;
use super::{Output, Refusal};

pub(super) fn jsonb(text: &str) -> Output {
    let mut cursor = Cursor::new(text);
    let value = read_value(&mut cursor, 0, true)?;
    skip_space(&mut cursor);
    if !cursor.is_done() {
        return Err(Refusal::Invalid);
    }
    let mut output = String::with_capacity(text.len());
    print(value, &mut output)?;
    Ok(output)
}

/// Recursion is bounded by the reader's.
fn print(value: Value, output: &mut String) -> Result<(), Refusal> {
    match value {
        Value::Null => output.push_str("null"),
        Value::Bool(value) => output.push_str(if value { "true" } else { "false" }),
        Value::Number(number) => output.push_str(&numeric(&number, None)?),
        Value::String(string) => push_string(&string, output),
        Value::Array(elements) => {
            output.push('[');
            for (at, element) in elements.into_iter().enumerate() {
                output.push_str(if at == 0 { "" } else { ", " });
                print(element, output)?;
            }
            output.push(']');
        }
        Value::Object(mut members) => {
            // A stable sort keeps duplicates in the order written; the last one counts.
            members.sort_by(|(left, _), (right, _)| compare_keys(left, right));
            let mut members = members.into_iter().peekable();
            let mut separator = "";
            output.push('{');
            while let Some((key, value)) = members.next() {
                if members.peek().is_some_and(|(next, _)| *next == key) {
                    // The server reads numbers of overwritten members too.
                    print(value, &mut String::new())?;
                    continue;
                }
                output.push_str(separator);
                push_string(&key, output);
                output.push_str(": ");
                print(value, output)?;
                separator = ", ";
            }
            output.push('}');
        }
    }
    Ok(())
}

fn compare_keys(left: &str, right: &str) -> Ordering {
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

/// A JSON string as `escape_json` writes it.
pub(super) fn push_string(string: &str, output: &mut String) {
    output.push('"');
    for character in string.chars() {
        match character {
            '"' => output.push_str("\\\""),
            '\\' => output.push_str("\\\\"),
            '\u{8}' => output.push_str("\\b"),
            '\u{c}' => output.push_str("\\f"),
            '\n' => output.push_str("\\n"),
            '\r' => output.push_str("\\r"),
            '\t' => output.push_str("\\t"),
            control if control < ' ' => {
                let _ = write!(output, "\\u{:04x}", u32::from(control));
            }
            other => output.push(other),
        }
    }
    output.push('"');
}
