//! `varchar(n)`, `character(n)`, `name` and `"char"`.
//!
//! `src/backend/utils/adt/varchar.c, varchar_input, bpchar_input`, `name.c`, `char.c`. Lengths
//! count characters, `name` counts bytes. Only blanks (not tabs) may be cut.

use super::types::Typmod;
use super::{Output, Refusal};

/// `NAMEDATALEN - 1`.
const NAME_BYTES: usize = 63;

pub(super) fn varchar(text: &str, typmod: Option<Typmod>) -> Output {
    let Some(length) = typmod.and_then(Typmod::characters) else { return Ok(text.to_owned()) };
    let (kept, cut) = split_at_character(text, length);
    if cut.bytes().all(|byte| byte == b' ') { Ok(kept.to_owned()) } else { Err(Refusal::Invalid) }
}

pub(super) fn bpchar(text: &str, typmod: Option<Typmod>) -> Output {
    let text = varchar(text, typmod)?;
    Ok(match typmod.and_then(Typmod::characters) {
        Some(length) => format!("{text:<length$}"),
        None => text,
    })
}

/// As an explicit cast does it: cuts without looking.
pub(super) fn cut_varchar(text: &str, typmod: Option<Typmod>) -> String {
    match typmod.and_then(Typmod::characters) {
        Some(length) => split_at_character(text, length).0.to_owned(),
        None => text.to_owned(),
    }
}

fn split_at_character(text: &str, length: usize) -> (&str, &str) {
    let at = text.char_indices().nth(length).map_or(text.len(), |(at, _)| at);
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// Cut to 63 bytes, never inside a character.
pub(super) fn name(text: &str) -> String {
    let mut end = text.len().min(NAME_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default().to_owned()
}

/// The first byte. Since 16 `\ooo` is a byte too, and bytes outside ASCII print so.
pub(super) fn single_byte(text: &str) -> Output {
    match text.bytes().next() {
        None => Ok(String::new()),
        Some(b'\\') if text.len() > 1 => Err(Refusal::Undecided),
        Some(byte) if byte.is_ascii() => Ok(char::from(byte).to_string()),
        Some(_) => Err(Refusal::Undecided),
    }
}
