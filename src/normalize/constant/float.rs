//! `real` and `double precision`: a decimal number to the shortest text that reads back as the
//! same number, `1e5` to `100000`, `1e-5` to `1e-05`.
//!
//! `src/backend/utils/adt/float.c, float8in_internal` and `src/common/d2s.c`. The surprise:
//! unlike most shortest printers, the server never prints a text that lies exactly half way to
//! the next number, though it would read back well: `1e23` prints as `9.999999999999999e+22`.

use super::scan::{Cursor, trim};
use super::{Output, Refusal};

pub(super) fn float4(text: &str) -> Output {
    let number = match word(text)? {
        Some(special) => return Ok(special),
        None => trim(text),
    };
    let value: f32 = number.parse().map_err(|_| Refusal::Undecided)?;
    if value.is_infinite() || (value == 0.0 && has_nonzero_digit(number)) {
        return Err(Refusal::Invalid);
    }
    Ok(print_float4(value))
}

/// The order of two numbers in output form; NaN is above everything
/// (`float8_cmp_internal`, `src/include/utils/float.h`).
pub(super) fn compare(left: &str, right: &str) -> Option<std::cmp::Ordering> {
    let (left, right): (f64, f64) = (left.parse().ok()?, right.parse().ok()?);
    left.partial_cmp(&right).or_else(|| Some(left.is_nan().cmp(&right.is_nan())))
}

pub(super) fn float8(text: &str) -> Output {
    match word(text)? {
        Some(special) => Ok(special),
        None => {
            let value = finite(text)?;
            let printed = print_float8(value);
            // Where two shortest texts are equally near, servers take the even one.
            if neighbour(&printed).is_some_and(|other| other.parse() == Ok(value)) {
                return Err(Refusal::Undecided);
            }
            Ok(printed)
        }
    }
}

/// The text with its last digit one less, when it is long enough to be in doubt.
fn neighbour(printed: &str) -> Option<String> {
    let mantissa = printed.split('e').next()?;
    let last = mantissa.chars().last()?.to_digit(10)?.checked_sub(1)?;
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count();
    let head = mantissa.get(..mantissa.len() - 1)?;
    let tail = printed.get(mantissa.len()..)?;
    (digits >= 15).then(|| format!("{head}{last}{tail}"))
}

/// The value of a double precision literal that is neither NaN nor infinite; those are
/// undecided here.
pub(super) fn finite(text: &str) -> Result<f64, Refusal> {
    if word(text)?.is_some() {
        return Err(Refusal::Undecided);
    }
    let number = trim(text);
    let value: f64 = number.parse().map_err(|_| Refusal::Undecided)?;
    if value.is_infinite() || (value == 0.0 && has_nonzero_digit(number)) {
        return Err(Refusal::Invalid);
    }
    Ok(value)
}

/// Checks what `strtod` would take: NaN and the infinities in output form, nothing for a
/// decimal number.
fn word(text: &str) -> Result<Option<String>, Refusal> {
    let text = trim(text);
    let lower = text.to_ascii_lowercase();
    match lower.as_str() {
        "nan" => return Ok(Some("NaN".to_owned())),
        "infinity" | "+infinity" | "inf" | "+inf" => return Ok(Some("Infinity".to_owned())),
        "-infinity" | "-inf" => return Ok(Some("-Infinity".to_owned())),
        _ => {}
    }
    // The C library may read these: hexadecimal floats, a NaN with a sign or a payload.
    let unsigned = lower.strip_prefix(['+', '-']).unwrap_or(&lower);
    if unsigned.starts_with("0x") || unsigned.starts_with("nan") {
        return Err(Refusal::Undecided);
    }
    if is_decimal(text) { Ok(None) } else { Err(Refusal::Invalid) }
}

fn is_decimal(text: &str) -> bool {
    let mut cursor = Cursor::new(text);
    eat_sign(&mut cursor);
    let mut digits = cursor.digits().len();
    if cursor.eat(b'.') {
        digits += cursor.digits().len();
    }
    if digits == 0 {
        return false;
    }
    if cursor.eat(b'e') || cursor.eat(b'E') {
        eat_sign(&mut cursor);
        if cursor.digits().is_empty() {
            return false;
        }
    }
    cursor.is_done()
}

fn eat_sign(cursor: &mut Cursor<'_>) {
    if !cursor.eat(b'-') {
        cursor.eat(b'+');
    }
}

fn has_nonzero_digit(number: &str) -> bool {
    number
        .bytes()
        .take_while(|byte| !matches!(byte, b'e' | b'E'))
        .any(|byte| (b'1'..=b'9').contains(&byte))
}

/// Fixed notation below this power of ten: `DBL_DIG`.
const FLOAT8_FIXED: i32 = 15;
/// `FLT_DIG`.
const FLOAT4_FIXED: i32 = 6;

/// A finite number as `float8out` prints it.
pub(super) fn print_float8(value: f64) -> String {
    let bits = value.to_bits();
    let (fraction, exponent) =
        (bits & ((1 << 52) - 1), i32::try_from((bits >> 52) & 0x7FF).unwrap_or_default());
    let binary =
        if exponent == 0 { (fraction, -1074) } else { (fraction | (1 << 52), exponent - 1075) };
    let mut text = format!("{:e}", value.abs());
    let mut digits = 1;
    while is_half_way(&text, binary, fraction == 0) && digits < 17 {
        let longer = format!("{:.*e}", digits, value.abs());
        if longer.parse() == Ok(value.abs()) && !is_half_way(&longer, binary, fraction == 0) {
            text = longer;
            break;
        }
        digits += 1;
    }
    if let Some(even) = even_of_two(&text, &|digits| format!("{:.*e}", digits, value.abs()))
        && even.parse() == Ok(value.abs())
    {
        text = even;
    }
    layout(&text, value.is_sign_negative(), FLOAT8_FIXED)
}

/// The other one of two shortest texts, when the value lies exactly between both and its
/// last digit is the even one, which the server takes. `exact` prints the value with so many
/// digits after the point.
fn even_of_two(shortest: &str, exact: &dyn Fn(usize) -> String) -> Option<String> {
    let (number, exponent) = shortest.split_once('e')?;
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let last = number.chars().next_back()?.to_digit(10)?;
    let longer = exact(digits);
    let (long_number, long_exponent) = longer.split_once('e')?;
    // Every digit that a double may have.
    let all = exact(780);
    let (all, _) = all.split_once('e')?;
    let is_middle = long_number.ends_with('5')
        && long_exponent == exponent
        && all.strip_prefix(long_number)?.chars().all(|digit| digit == '0');
    if !is_middle || last % 2 == 0 || digits < 2 {
        return None;
    }
    // Half way up from the even digit below, or down from the odd one itself.
    let below = long_number.strip_suffix('5')?;
    below.ends_with(['0', '2', '4', '6', '8']).then(|| format!("{below}e{exponent}"))
}

/// A finite number as `float4out` prints it.
pub(super) fn print_float4(value: f32) -> String {
    let bits = value.to_bits();
    let (fraction, exponent) =
        (bits & ((1 << 23) - 1), i32::try_from((bits >> 23) & 0xFF).unwrap_or_default());
    let binary = if exponent == 0 {
        (fraction.into(), -149)
    } else {
        ((fraction | (1 << 23)).into(), exponent - 150)
    };
    let mut text = format!("{:e}", value.abs());
    let mut digits = 1;
    while is_half_way(&text, binary, fraction == 0) && digits < 9 {
        let longer = format!("{:.*e}", digits, value.abs());
        if longer.parse() == Ok(value.abs()) && !is_half_way(&longer, binary, fraction == 0) {
            text = longer;
            break;
        }
        digits += 1;
    }
    if let Some(even) = even_of_two(&text, &|digits| format!("{:.*e}", digits, value.abs()))
        && even.parse() == Ok(value.abs())
    {
        text = even;
    }
    layout(&text, value.is_sign_negative(), FLOAT4_FIXED)
}

/// Whether the decimal `text` (as `1.25e7`) lies exactly in the middle between
/// `mantissa * 2^exponent` and one of its neighbours. The neighbour below a power of two is
/// half as far. A half way point has few digits, so everything fits, or it is none.
fn is_half_way(text: &str, (mantissa, exponent): (u64, i32), power_of_two: bool) -> bool {
    let Some((digits, power)) = significand(text) else { return false };
    // digits * 10^power = odd * 2^twos, as the half way points are.
    let scaled = |value: u128| {
        5_u128.checked_pow(power.unsigned_abs()).and_then(|fives| value.checked_mul(fives))
    };
    let middles = [
        (u128::from(mantissa) * 2 + 1, exponent - 1),
        (u128::from(mantissa) * 2 - u128::from(mantissa > 0), exponent - 1),
        (u128::from(mantissa) * 4 - u128::from(mantissa > 0), exponent - 2),
    ];
    let count = if power_of_two { 3 } else { 2 };
    middles.into_iter().take(count).any(|(middle, twos)| {
        let (left, right) = if power >= 0 {
            (scaled(digits), Some(middle))
        } else {
            (Some(digits), scaled(middle))
        };
        let (Some(left), Some(right)) = (left, right) else { return false };
        let odd = |value: u128| value >> value.trailing_zeros().min(127);
        let zeros = |value: u128| i64::from(value.trailing_zeros());
        left != 0
            && right != 0
            && odd(left) == odd(right)
            && zeros(left) + i64::from(power) == zeros(right) + i64::from(twos)
    })
}

/// `1.25e7` as 125 and 5.
fn significand(text: &str) -> Option<(u128, i32)> {
    let (number, exponent) = text.split_once('e')?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{whole}{fraction}").parse().ok()?;
    let exponent: i32 = exponent.parse().ok()?;
    Some((digits, exponent - i32::try_from(fraction.len()).ok()?))
}

/// `1.25e7` in fixed notation from `1e-4` up to below `10^fixed`, in `1.25e+20` otherwise.
fn layout(text: &str, negative: bool, fixed: i32) -> String {
    let (number, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let sign = if negative { "-" } else { "" };
    if (-4..0).contains(&exponent) {
        let zeros = "0".repeat(usize::try_from(-exponent - 1).unwrap_or_default());
        return format!("{sign}0.{zeros}{digits}");
    }
    if (0..fixed).contains(&exponent) {
        let whole = usize::try_from(exponent).unwrap_or_default() + 1;
        return match digits.split_at_checked(whole) {
            Some((integer, fraction)) if !fraction.is_empty() => {
                format!("{sign}{integer}.{fraction}")
            }
            _ => format!("{sign}{digits:0<whole$}"),
        };
    }
    let direction = if exponent < 0 { '-' } else { '+' };
    format!("{sign}{number}e{direction}{:02}", exponent.unsigned_abs())
}
