//! `bytea` in hex or escape format to hex, `bit` and `bit varying` from `101`, `b101` or `xF` to
//! binary digits.
//!
//! `src/backend/utils/adt/bytea.c, byteain`, `encode.c, hex_decode`, `varbit.c, bit_in`.

use std::fmt::Write as _;

use super::types::Typmod;
use super::{Output, Refusal};

pub(super) fn bytea(text: &str) -> Output {
    let bytes = match text.strip_prefix("\\x") {
        Some(digits) => from_hex(digits)?,
        None => from_escapes(text)?,
    };
    let mut output = String::with_capacity(2 + bytes.len() * 2);
    output.push_str("\\x");
    for byte in bytes {
        let _ = write!(output, "{byte:02x}");
    }
    Ok(output)
}

/// Pairs of hexadecimal digits, with blanks allowed between pairs only.
fn from_hex(digits: &str) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::with_capacity(digits.len() / 2);
    let mut high = None;
    for character in digits.chars() {
        if high.is_none() && matches!(character, ' ' | '\n' | '\t' | '\r') {
            continue;
        }
        let digit = character
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
            .ok_or(Refusal::Invalid)?;
        match high.take() {
            None => high = Some(digit),
            Some(high) => bytes.push(high << 4 | digit),
        }
    }
    if high.is_some() { Err(Refusal::Invalid) } else { Ok(bytes) }
}

/// `\\` is a backslash and `\ooo` a byte; everything else stands for itself.
fn from_escapes(text: &str) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    let octal = |byte: Option<u8>, max: u8| {
        byte.filter(|byte| (b'0'..=max).contains(byte)).map(|byte| byte - b'0')
    };
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        let first = rest.next();
        if first == Some(b'\\') {
            bytes.push(b'\\');
            continue;
        }
        let digits = (octal(first, b'3'), octal(rest.next(), b'7'), octal(rest.next(), b'7'));
        let (Some(high), Some(middle), Some(low)) = digits else { return Err(Refusal::Invalid) };
        bytes.push(high << 6 | middle << 3 | low);
    }
    Ok(bytes)
}

pub(super) fn bit(text: &str, typmod: Option<Typmod>) -> Output {
    let bits = binary_digits(text)?;
    match typmod.and_then(Typmod::bits) {
        Some(length) if length != bits.len() => Err(Refusal::Invalid),
        _ => Ok(bits),
    }
}

pub(super) fn varbit(text: &str, typmod: Option<Typmod>) -> Output {
    let bits = binary_digits(text)?;
    match typmod.and_then(Typmod::bits) {
        Some(length) if bits.len() > length => Err(Refusal::Invalid),
        _ => Ok(bits),
    }
}

/// As an explicit cast to `bit(n)` does it: cuts, or fills with zeros, on the right.
pub(super) fn cut_bit(text: &str, length: usize) -> Output {
    let bits = binary_digits(text)?;
    Ok(format!("{bits:0<length$.length$}"))
}

/// As an explicit cast to `bit varying(n)` does it.
pub(super) fn cut_varbit(text: &str, length: usize) -> Output {
    let bits = binary_digits(text)?;
    Ok(format!("{bits:.length$}"))
}

fn binary_digits(text: &str) -> Output {
    if let Some(digits) = text.strip_prefix(['x', 'X']) {
        let mut bits = String::with_capacity(digits.len() * 4);
        for character in digits.chars() {
            let digit = character.to_digit(16).ok_or(Refusal::Invalid)?;
            let _ = write!(bits, "{digit:04b}");
        }
        return Ok(bits);
    }
    let digits = text.strip_prefix(['b', 'B']).unwrap_or(text);
    if digits.bytes().all(|byte| matches!(byte, b'0' | b'1')) {
        Ok(digits.to_owned())
    } else {
        Err(Refusal::Invalid)
    }
}
