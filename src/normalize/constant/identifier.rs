//! `uuid`, `pg_lsn`, `tid` and labels of enums.
//!
//! `src/backend/utils/adt/uuid.c, string_to_uuid`, `pg_lsn.c`, `tid.c`, `enum.c`.

use super::scan::{Cursor, is_digits};
use super::{Output, Refusal};

/// Lower case with hyphens; braces around it and a hyphen after any group of four digits are
/// accepted.
pub(super) fn uuid(text: &str) -> Output {
    let mut cursor = Cursor::new(text);
    let braces = cursor.eat(b'{');
    let mut output = String::with_capacity(36);
    for group in 0..8 {
        let digits = cursor.take_while(|byte| byte.is_ascii_hexdigit());
        let (four, more) = digits.split_at_checked(4).ok_or(Refusal::Invalid)?;
        // Digits without a hyphen go on with the next group.
        cursor = restart(text, cursor, more.len());
        output.push_str(&four.to_ascii_lowercase());
        if (1..=4).contains(&group) {
            output.push('-');
        }
        if group < 7 {
            cursor.eat(b'-');
        }
    }
    if (braces && !cursor.eat(b'}')) || !cursor.is_done() {
        return Err(Refusal::Invalid);
    }
    Ok(output)
}

/// The cursor `unread` bytes earlier.
fn restart<'a>(text: &'a str, cursor: Cursor<'a>, unread: usize) -> Cursor<'a> {
    let start = text.len() - cursor.rest().len() - unread;
    Cursor::new(text.get(start..).unwrap_or_default())
}

/// Two hexadecimal numbers without leading zeros, upper case.
pub(super) fn pg_lsn(text: &str) -> Output {
    let (high, low) = text.split_once('/').ok_or(Refusal::Invalid)?;
    let number = |digits: &str| {
        let hex =
            (1..=8).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        u32::from_str_radix(digits, 16).ok().filter(|_| hex).ok_or(Refusal::Invalid)
    };
    Ok(format!("{:X}/{:X}", number(high)?, number(low)?))
}

/// `(block,offset)`; the reader is lenient, so other spellings are undecided.
pub(super) fn tid(text: &str) -> Output {
    let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    let (block, offset) =
        inner.and_then(|inner| inner.split_once(',')).ok_or(Refusal::Undecided)?;
    if !is_digits(block) || !is_digits(offset) {
        return Err(Refusal::Undecided);
    }
    let block: u32 = block.parse().map_err(|_| Refusal::Undecided)?;
    let offset: u16 = offset.parse().map_err(|_| Refusal::Undecided)?;
    Ok(format!("({block},{offset})"))
}

/// An enum takes its labels letter by letter.
pub(super) fn label(text: &str, labels: &[&str]) -> Output {
    if labels.contains(&text) { Ok(text.to_owned()) } else { Err(Refusal::Invalid) }
}
