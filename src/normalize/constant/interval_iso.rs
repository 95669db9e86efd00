//! ISO 8601 durations: `P1Y2M10DT2H30M` and the alternative `P0001-02-03T04:05:06`.
//!
//! `src/backend/utils/adt/datetime.c, DecodeISO8601Interval`. Tried by the server when the usual
//! reading fails, which it always does for a text that starts with `P`. Only a capital `P`
//! without a blank before it starts a duration.

use super::Refusal;
use super::interval::{Amount, DAY, HOUR, MINUTE, SECOND, TimeSpan, Unit, WEEK};
use super::scan::Cursor;

const YEAR: Unit = Unit::Years(1);

pub(super) fn parse(text: &str) -> Result<TimeSpan, Refusal> {
    let mut cursor = Cursor::new(text);
    cursor.next();
    if cursor.is_done() || text.bytes().any(super::scan::is_space) {
        return Err(Refusal::Invalid);
    }
    let mut span = TimeSpan::default();
    date_part(&mut cursor, &mut span)?;
    time_part(&mut cursor, &mut span)?;
    Ok(span)
}

/// Up to and with the `T`.
fn date_part(cursor: &mut Cursor<'_>, span: &mut TimeSpan) -> Result<(), Refusal> {
    let mut first = true;
    while !cursor.is_done() && !cursor.eat(b'T') {
        let (amount, digits) = number(cursor)?;
        let unit = match cursor.next() {
            Some(b'Y') => YEAR,
            Some(b'M') => Unit::Month,
            Some(b'W') => WEEK,
            Some(b'D') => DAY,
            end @ (None | Some(b'T')) if first && digits == 8 => {
                let whole = amount.whole;
                add(span, whole / 10_000, YEAR)?;
                add(span, whole / 100 % 100, Unit::Month)?;
                add_amount(span, Amount { whole: whole % 100, ..amount }, DAY)?;
                return if end.is_none() { Ok(()) } else { time_part(cursor, span) };
            }
            end @ (None | Some(b'T' | b'-')) if first => {
                add_amount(span, amount, YEAR)?;
                if end == Some(b'-') {
                    alternative(cursor, span, b'-', [Unit::Month, DAY])?;
                    return if cursor.is_done() || cursor.eat(b'T') {
                        Ok(())
                    } else {
                        Err(Refusal::Invalid)
                    };
                }
                return Ok(());
            }
            _ => return Err(Refusal::Invalid),
        };
        add_amount(span, amount, unit)?;
        first = false;
    }
    Ok(())
}

fn time_part(cursor: &mut Cursor<'_>, span: &mut TimeSpan) -> Result<(), Refusal> {
    let mut first = true;
    while !cursor.is_done() {
        // A second `T` is skipped by the server; nobody writes it.
        if cursor.eat(b'T') {
            return Err(Refusal::Undecided);
        }
        let (amount, digits) = number(cursor)?;
        let unit = match cursor.next() {
            Some(b'H') => HOUR,
            Some(b'M') => MINUTE,
            Some(b'S') => SECOND,
            None if first && digits == 6 => {
                let whole = amount.whole;
                add(span, whole / 10_000, HOUR)?;
                add(span, whole / 100 % 100, MINUTE)?;
                add(span, whole % 100, SECOND)?;
                return add_amount(span, Amount { whole: 0, ..amount }, Unit::Time(1));
            }
            None if first => return add_amount(span, amount, HOUR),
            Some(b':') if first => {
                add_amount(span, amount, HOUR)?;
                alternative(cursor, span, b':', [MINUTE, SECOND])?;
                return if cursor.is_done() { Ok(()) } else { Err(Refusal::Invalid) };
            }
            _ => return Err(Refusal::Invalid),
        };
        add_amount(span, amount, unit)?;
        first = false;
    }
    Ok(())
}

/// The second and third number of `1-2-3` or `1:2:3`; the third may be missing.
fn alternative(
    cursor: &mut Cursor<'_>,
    span: &mut TimeSpan,
    separator: u8,
    [second, third]: [Unit; 2],
) -> Result<(), Refusal> {
    let (amount, _) = number(cursor)?;
    add_amount(span, amount, second)?;
    if cursor.eat(separator) {
        let (amount, _) = number(cursor)?;
        add_amount(span, amount, third)?;
    }
    Ok(())
}

fn add(span: &mut TimeSpan, whole: i64, unit: Unit) -> Result<(), Refusal> {
    add_amount(span, Amount { whole, fraction: 0.0 }, unit)
}

fn add_amount(span: &mut TimeSpan, amount: Amount, unit: Unit) -> Result<(), Refusal> {
    span.add(amount, unit).ok_or(Refusal::Invalid)
}

/// A number, and how many digits its integer part has. The server reads it in double
/// precision, with exponents and a limit of 1e15; those are undecided.
fn number(cursor: &mut Cursor<'_>) -> Result<(Amount, usize), Refusal> {
    let start = *cursor;
    let negative = cursor.eat(b'-');
    let whole = cursor.digits().len();
    let fraction = if cursor.eat(b'.') { cursor.digits().len() } else { 0 };
    if whole + fraction == 0 {
        return Err(Refusal::Invalid);
    }
    let follows = cursor.peek().is_some_and(|next| matches!(next, b'e' | b'E' | b'x' | b'X'));
    if follows || whole > 15 || (negative && cursor.peek() == Some(b'-')) {
        return Err(Refusal::Undecided);
    }
    let value: f64 = cursor.since(start).parse().map_err(|_| Refusal::Undecided)?;
    #[expect(clippy::cast_possible_truncation, reason = "at most 15 digits")]
    let integer = value.trunc() as i64;
    Ok((Amount { whole: integer, fraction: value - value.trunc() }, whole))
}
