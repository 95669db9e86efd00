//! `numeric`: any spelling to plain decimal digits with the scale that was written, `1e2` to
//! `100`, `1.50` to `1.50`; rounded to the scale of `numeric(p,s)`, half away from zero.
//!
//! `src/backend/utils/adt/numeric.c, numeric_in, set_var_from_str, apply_typmod`.

use std::cmp::Ordering;

use super::integer::{digits_of, radix_and_digits};
use super::scan::{Cursor, trim};
use super::types::Typmod;
use super::{Output, Refusal};

/// Digits on either side of the point up to which a number is followed. The server's own
/// limits (131,072 and 16,383) are higher.
const MAX_DIGITS: usize = 4_000;

pub(super) fn numeric(text: &str, typmod: Option<Typmod>) -> Output {
    let text = trim(text);
    let limits = typmod.and_then(Typmod::precision_and_scale);
    let lower = text.to_ascii_lowercase();
    match (lower.as_str(), limits) {
        ("nan", _) => return Ok("NaN".to_owned()),
        ("infinity" | "+infinity" | "inf" | "+inf", None) => return Ok("Infinity".to_owned()),
        ("-infinity" | "-inf", None) => return Ok("-Infinity".to_owned()),
        ("infinity" | "+infinity" | "inf" | "+inf" | "-infinity" | "-inf", Some(_)) => {
            return Err(Refusal::Invalid);
        }
        _ => {}
    }
    let mut number = Decimal::parse(text)?;
    if let Some((precision, scale)) = limits {
        number.round(scale);
        let whole_digits = i32::try_from(number.whole.len()).unwrap_or(i32::MAX);
        if (whole_digits > 0 && whole_digits > precision - scale)
            || (whole_digits == 0 && !number.fits_fraction(precision, scale))
        {
            return Err(Refusal::Invalid);
        }
    }
    Ok(number.print())
}

/// The order of two output forms without NaN.
pub(super) fn compare(left: &str, right: &str) -> Option<Ordering> {
    let infinite = |text: &str| match text {
        "Infinity" => 1,
        "-Infinity" => -1,
        _ => 0,
    };
    let (left_infinite, right_infinite) = (infinite(left), infinite(right));
    if left_infinite != 0 || right_infinite != 0 {
        return Some(left_infinite.cmp(&right_infinite));
    }
    let (left, right) = (Decimal::parse(left).ok()?, Decimal::parse(right).ok()?);
    let magnitude = |left: &Decimal, right: &Decimal| {
        let by_whole =
            left.whole.len().cmp(&right.whole.len()).then_with(|| left.whole.cmp(&right.whole));
        by_whole.then_with(|| {
            // Strings of digits compare as fractions once trailing zeros are gone.
            left.fraction.trim_end_matches('0').cmp(right.fraction.trim_end_matches('0'))
        })
    };
    Some(match (left.is_negative(), right.is_negative()) {
        (false, false) => magnitude(&left, &right),
        (true, true) => magnitude(&right, &left),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
    })
}

/// `whole` has no leading zeros; `fraction` has as many digits as the display scale.
struct Decimal {
    negative: bool,
    whole: String,
    fraction: String,
}

impl Decimal {
    fn parse(text: &str) -> Result<Self, Refusal> {
        let mut cursor = Cursor::new(text);
        let negative = cursor.eat(b'-');
        if !negative {
            cursor.eat(b'+');
        }
        let (radix, digits) = radix_and_digits(cursor.rest());
        if radix != 10 {
            let whole = to_decimal(digits, radix)?;
            return Ok(Self { negative, whole, fraction: String::new() });
        }
        let whole = take_digits(&mut cursor)?;
        let point = cursor.eat(b'.');
        let fraction = if point { take_digits(&mut cursor)? } else { String::new() };
        if whole.is_empty() && fraction.is_empty() {
            return Err(Refusal::Invalid);
        }
        let exponent = if cursor.eat(b'e') || cursor.eat(b'E') {
            // Versions differ on blanks before the exponent (`set_var_from_str`).
            if cursor.peek().is_some_and(|next| next.is_ascii_whitespace()) {
                return Err(Refusal::Undecided);
            }
            take_exponent(&mut cursor)?
        } else {
            0
        };
        if !cursor.is_done() {
            return Err(Refusal::Invalid);
        }
        Self { negative, whole, fraction }.shift(exponent)
    }

    /// Multiplies by a power of ten. The scale never falls below zero.
    fn shift(self, exponent: i64) -> Result<Self, Refusal> {
        let Self { negative, mut whole, mut fraction } = self;
        let distance = usize::try_from(exponent.unsigned_abs()).unwrap_or(usize::MAX);
        if distance > MAX_DIGITS || whole.len() > MAX_DIGITS || fraction.len() > MAX_DIGITS {
            return Err(Refusal::Undecided);
        }
        if exponent >= 0 {
            let moved = distance.min(fraction.len());
            let rest = fraction.split_off(moved);
            whole.push_str(&fraction);
            whole.push_str(&"0".repeat(distance - moved));
            fraction = rest;
        } else {
            let kept = whole.len().saturating_sub(distance);
            let zeros = "0".repeat(distance.saturating_sub(whole.len()));
            let moved = whole.split_off(kept);
            fraction = format!("{zeros}{moved}{fraction}");
        }
        let whole = whole.trim_start_matches('0').to_owned();
        Ok(Self { negative, whole, fraction })
    }

    /// Rounds half away from zero to `scale` digits, which may be negative.
    fn round(&mut self, scale: i32) {
        let keep_fraction = usize::try_from(scale).unwrap_or_default();
        let cut_whole = usize::try_from(-scale).unwrap_or_default();
        if self.fraction.len() <= keep_fraction && cut_whole == 0 {
            let missing = keep_fraction - self.fraction.len();
            self.fraction.push_str(&"0".repeat(missing));
            return;
        }
        // One string of digits, cut at `keep`.
        let mut digits = format!("{}{}", self.whole, self.fraction).into_bytes();
        let Some(keep) = (self.whole.len() + keep_fraction).checked_sub(cut_whole) else {
            self.whole.clear();
            self.fraction.clear();
            return;
        };
        let up = digits.get(keep).is_some_and(|&digit| digit >= b'5');
        digits.truncate(keep);
        if up && carry(&mut digits) {
            digits.insert(0, b'1');
        }
        let mut whole: String = digits.into_iter().map(char::from).collect();
        let fraction = whole.split_off(whole.len().saturating_sub(keep_fraction));
        if !whole.is_empty() {
            whole.push_str(&"0".repeat(cut_whole));
        }
        self.whole = whole.trim_start_matches('0').to_owned();
        self.fraction = fraction;
    }

    /// With a scale above the precision, `numeric(3,5)` holds 0.00999 but not 0.01.
    fn fits_fraction(&self, precision: i32, scale: i32) -> bool {
        let significant = self.fraction.trim_start_matches('0').len();
        scale <= precision || i32::try_from(significant).is_ok_and(|digits| digits <= precision)
    }

    fn is_zero(&self) -> bool {
        self.whole.is_empty() && self.fraction.bytes().all(|digit| digit == b'0')
    }

    fn is_negative(&self) -> bool {
        self.negative && !self.is_zero()
    }

    fn print(&self) -> String {
        let sign = if self.is_negative() { "-" } else { "" };
        let whole = if self.whole.is_empty() { "0" } else { &self.whole };
        let point = if self.fraction.is_empty() { "" } else { "." };
        format!("{sign}{whole}{point}{}", self.fraction)
    }
}

/// Adds one to a string of digits; true when it overflows, leaving zeros.
fn carry(digits: &mut [u8]) -> bool {
    for digit in digits.iter_mut().rev() {
        if *digit == b'9' {
            *digit = b'0';
        } else {
            *digit += 1;
            return false;
        }
    }
    true
}

/// Digits with single underscores between them, or nothing.
fn take_digits(cursor: &mut Cursor<'_>) -> Result<String, Refusal> {
    let text = cursor.take_while(|byte| byte.is_ascii_digit() || byte == b'_');
    if text.is_empty() {
        return Ok(String::new());
    }
    if digits_of(text, 10).is_none() {
        return Err(Refusal::Invalid);
    }
    Ok(text.replace('_', ""))
}

fn take_exponent(cursor: &mut Cursor<'_>) -> Result<i64, Refusal> {
    let negative = cursor.eat(b'-');
    if !negative {
        cursor.eat(b'+');
    }
    let digits = take_digits(cursor)?;
    if digits.is_empty() {
        return Err(Refusal::Invalid);
    }
    let value: i64 = digits.parse().map_err(|_| Refusal::Undecided)?;
    Ok(if negative { -value } else { value })
}

/// Digits of another radix in decimal; long ones are undecided.
fn to_decimal(digits: &str, radix: u32) -> Output {
    let mut value: u128 = 0;
    for digit in digits_of(digits, radix).ok_or(Refusal::Invalid)? {
        value = value
            .checked_mul(radix.into())
            .and_then(|value| value.checked_add(digit.into()))
            .ok_or(Refusal::Undecided)?;
    }
    Ok(if value == 0 { String::new() } else { value.to_string() })
}
