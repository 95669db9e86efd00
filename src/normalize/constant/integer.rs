//! `smallint`, `integer`, `bigint`, `oid`, `xid`: decimal, hexadecimal, octal or binary digits
//! to decimal ones.
//!
//! `src/backend/utils/adt/numutils.c, pg_strtoint32_safe` (16 and later: prefixes and
//! underscores, which are errors to older servers) and `uint32in_subr`. The surprise: `oid`
//! reads `010` as ten up to 15 and as eight since 16.

use super::scan::{Cursor, trim};
use super::{Output, Refusal};

pub(super) fn int2(text: &str) -> Output {
    within(text, i16::MIN.into(), i16::MAX.into())
}

pub(super) fn int4(text: &str) -> Output {
    within(text, i32::MIN.into(), i32::MAX.into())
}

pub(super) fn int8(text: &str) -> Output {
    within(text, i64::MIN.into(), i64::MAX.into())
}

fn within(text: &str, min: i128, max: i128) -> Output {
    let value = parse(text).ok_or(Refusal::Invalid)?;
    if (min..=max).contains(&value) { Ok(value.to_string()) } else { Err(Refusal::Invalid) }
}

/// The value, or none when it is not an integer or far too large.
fn parse(text: &str) -> Option<i128> {
    let mut cursor = Cursor::new(trim(text));
    let negative = cursor.eat(b'-');
    if !negative {
        cursor.eat(b'+');
    }
    let (radix, digits) = radix_and_digits(cursor.rest());
    let mut value: i128 = 0;
    for digit in digits_of(digits, radix)? {
        value = value.checked_mul(radix.into())?.checked_add(digit.into())?;
    }
    Some(if negative { -value } else { value })
}

/// Splits off `0x`, `0o` or `0b`.
pub(super) fn radix_and_digits(text: &str) -> (u32, &str) {
    for (prefixes, radix) in [(["0x", "0X"], 16), (["0o", "0O"], 8), (["0b", "0B"], 2)] {
        for prefix in prefixes {
            if let Some(digits) = text.strip_prefix(prefix) {
                return (radix, digits);
            }
        }
    }
    (10, text)
}

/// The digits with single underscores between them; one may come first after a prefix.
pub(super) fn digits_of(text: &str, radix: u32) -> Option<Vec<u32>> {
    let mut digits = Vec::with_capacity(text.len());
    let mut underscore = radix == 10;
    for character in text.chars() {
        if character == '_' {
            if underscore {
                return None;
            }
            underscore = true;
        } else {
            digits.push(character.to_digit(radix)?);
            underscore = false;
        }
    }
    (!underscore && !digits.is_empty()).then_some(digits)
}

/// Decimal digits without a leading zero; `strtoul` reads the rest, differently by version.
pub(super) fn oid(text: &str) -> Output {
    let trimmed = trim(text);
    if trimmed.is_empty() {
        return Err(Refusal::Invalid);
    }
    let digits = trimmed.strip_prefix(['-', '+']).unwrap_or(trimmed);
    if !super::scan::is_digits(digits)
        || (digits.len() > 1 && digits.starts_with('0'))
        || digits.len() > 15
    {
        return Err(Refusal::Undecided);
    }
    let value: i64 = digits.parse().map_err(|_| Refusal::Undecided)?;
    // Negative numbers wrap round.
    let value = if trimmed.starts_with('-') { -value } else { value };
    if !(i64::from(i32::MIN)..=i64::from(u32::MAX)).contains(&value) {
        return Err(Refusal::Invalid);
    }
    Ok(value.rem_euclid(1 << 32).to_string())
}

/// Up to 15 `xid` reads anything as some number, so only plain digits are decided.
pub(super) fn xid(text: &str) -> Output {
    let plain = super::scan::is_digits(text) && (text == "0" || !text.starts_with('0'));
    match text.parse::<u32>() {
        Ok(value) if plain => Ok(value.to_string()),
        _ => Err(Refusal::Undecided),
    }
}
