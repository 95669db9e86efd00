//! `date`, `time`, `timetz`, `timestamp`, `timestamptz` to ISO form, `Jan 8, 1999 4 PM` not
//! needed.
//!
//! `src/backend/utils/adt/datetime.c, DecodeDateTime, DecodeTimeOnly`, `timestamp.c`, `date.c`.
//! Read here: dates that every `DateStyle` reads alike (`1999-01-08`, `19990108`,
//! `8-Jan-1999`, `January 8, 1999`, `1999.008`), times, and zones that are numbers or UTC. What
//! depends on the session is read as a server reads it that was told nothing: `1/8/1999` with
//! the month first, and a `timestamptz` without a zone in UTC. All else, above all `01/02/03`,
//! zone names and `now`, is undecided. A `timestamp` ignores a zone.

use super::calendar::{
    MICROSECONDS_PER_DAY, MICROSECONDS_PER_HOUR, MICROSECONDS_PER_MINUTE, MICROSECONDS_PER_SECOND,
    date_from_days, days_from_date, days_in_month, fraction_of_second, is_leap, print_date,
    print_time, round_to_digits,
};
use super::scan::{Cursor, is_space, trim};
use super::types::Typmod;
use super::{Output, Refusal};

/// Longer literals are left alone; the server has a limit too.
const MAX_LENGTH: usize = 100;
/// 4714-11-24 BC, the first day of every type.
const FIRST_DAY: i64 = -2_451_545;
/// 5874898-01-01, one past the last date.
const DATE_END: i64 = 2_145_031_949;
/// 294277-01-01, one past the last timestamp.
const TIMESTAMP_END_DAY: i64 = 106_751_983;
/// Zones lie less than 16 hours from UTC.
const MAX_ZONE_HOURS: i64 = 15;
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// What a literal says; a part that it does not say is none.
#[derive(Clone, Copy, Default)]
struct Moment {
    /// Days since 2000-01-01.
    date: Option<i64>,
    /// Microseconds since midnight, up to a whole day.
    time: Option<i64>,
    /// Seconds east of UTC.
    zone: Option<i64>,
}

pub(super) fn date(text: &str) -> Output {
    if let Some(special) = special(text) {
        return Ok(special.replace("EPOCH", "1970-01-01"));
    }
    let days = parse(text)?.date.ok_or(Refusal::Undecided)?;
    print_day(days).ok_or(Refusal::Invalid)
}

pub(super) fn time(text: &str, typmod: Option<Typmod>) -> Output {
    let moment = parse_time(text)?;
    let time = moment.time.ok_or(Refusal::Undecided)?;
    Ok(print_time(limit(time, typmod)?))
}

pub(super) fn timetz(text: &str, typmod: Option<Typmod>) -> Output {
    let moment = parse_time(text)?;
    let (Some(time), Some(zone)) = (moment.time, moment.zone) else {
        return Err(Refusal::Undecided);
    };
    Ok(format!("{}{}", print_time(limit(time, typmod)?), print_zone(zone)))
}

pub(super) fn timestamp(text: &str, typmod: Option<Typmod>) -> Output {
    if let Some(special) = special(text) {
        return Ok(special.replace("EPOCH", "1970-01-01 00:00:00"));
    }
    let moment = parse(text)?;
    let days = moment.date.ok_or(Refusal::Undecided)?;
    let local = microseconds(days, moment.time.unwrap_or_default()).ok_or(Refusal::Undecided)?;
    print_timestamp(limit_timestamp(local, typmod)?, "")
}

pub(super) fn timestamptz(text: &str, typmod: Option<Typmod>) -> Output {
    if let Some(special) = special(text) {
        return Ok(special.replace("EPOCH", "1970-01-01 00:00:00+00"));
    }
    let Moment { date: Some(days), time, zone } = parse(text)? else {
        return Err(Refusal::Undecided);
    };
    let (time, zone) = (time.unwrap_or_default(), zone.unwrap_or_default());
    let local = microseconds(days, time).ok_or(Refusal::Undecided)?;
    // The local time has to be in range too, but the days near the ends are not decided.
    let instant = limit_timestamp(local - zone * MICROSECONDS_PER_SECOND, typmod)?;
    if !(FIRST_DAY + 2..TIMESTAMP_END_DAY - 2).contains(&days) {
        return Err(Refusal::Undecided);
    }
    print_timestamp(instant, "+00")
}

/// A date in output form as days, for the bounds of ranges.
pub(super) fn date_key(text: &str) -> Option<i64> {
    infinite_key(text).or_else(|| parse(text).ok()?.date)
}

/// A timestamp in output form as microseconds.
pub(super) fn timestamp_key(text: &str) -> Option<i64> {
    infinite_key(text).or_else(|| {
        let moment = parse(text).ok()?;
        microseconds(moment.date?, moment.time.unwrap_or_default())
    })
}

/// Days and a time of day as microseconds; none when that is out of range.
fn microseconds(days: i64, time: i64) -> Option<i64> {
    days.checked_mul(MICROSECONDS_PER_DAY)?.checked_add(time)
}

fn infinite_key(text: &str) -> Option<i64> {
    match text {
        "infinity" => Some(i64::MAX),
        "-infinity" => Some(i64::MIN),
        _ => None,
    }
}

/// A date in output form, if the day is in range.
pub(super) fn print_day(days: i64) -> Option<String> {
    (FIRST_DAY..DATE_END).contains(&days).then(|| {
        let (date, era) = print_date(days);
        date + era
    })
}

/// The words for fixed values; `EPOCH` is replaced by the caller.
fn special(text: &str) -> Option<String> {
    let word = trim(text).to_ascii_lowercase();
    match word.as_str() {
        "infinity" | "-infinity" => Some(word),
        "epoch" => Some("EPOCH".to_owned()),
        _ => None,
    }
}

fn limit(time: i64, typmod: Option<Typmod>) -> Result<i64, Refusal> {
    match typmod {
        Some(typmod) => round_to_digits(time, typmod.second_digits()).ok_or(Refusal::Undecided),
        None => Ok(time),
    }
}

/// Rounds by the modifier and checks the range, before and after.
fn limit_timestamp(value: i64, typmod: Option<Typmod>) -> Result<i64, Refusal> {
    let range = FIRST_DAY * MICROSECONDS_PER_DAY..TIMESTAMP_END_DAY * MICROSECONDS_PER_DAY;
    let rounded = limit(value, typmod)?;
    match (range.contains(&value), range.contains(&rounded)) {
        (true, true) => Ok(rounded),
        // Rounded out of the range, which some versions do not look at.
        (true, false) => Err(Refusal::Undecided),
        (false, _) => Err(Refusal::Invalid),
    }
}

fn print_timestamp(value: i64, zone: &str) -> Output {
    let (date, era) = print_date(value.div_euclid(MICROSECONDS_PER_DAY));
    let time = print_time(value.rem_euclid(MICROSECONDS_PER_DAY));
    Ok(format!("{date} {time}{zone}{era}"))
}

/// `+05:30`, with minutes and seconds only where there are any.
fn print_zone(zone: i64) -> String {
    let (sign, zone) = if zone < 0 { ('-', -zone) } else { ('+', zone) };
    let (hours, minutes, seconds) = (zone / 3600, zone / 60 % 60, zone % 60);
    match (minutes, seconds) {
        (0, 0) => format!("{sign}{hours:02}"),
        (_, 0) => format!("{sign}{hours:02}:{minutes:02}"),
        _ => format!("{sign}{hours:02}:{minutes:02}:{seconds:02}"),
    }
}

fn parse_time(text: &str) -> Result<Moment, Refusal> {
    if trim(text).eq_ignore_ascii_case("allballs") {
        return Ok(Moment { time: Some(0), zone: Some(0), ..Moment::default() });
    }
    parse(text)
}

/// `[date] [time] [zone] [BC]`. Invalid only where the form is known and a number is out of
/// its range; what has another form is undecided.
fn parse(text: &str) -> Result<Moment, Refusal> {
    let text = trim(text);
    if text.is_empty() {
        return Err(Refusal::Invalid);
    }
    if text.len() > MAX_LENGTH || !text.is_ascii() {
        return Err(Refusal::Undecided);
    }
    // A `T` or `Z` that separates nothing is refused by some versions and read by others.
    let bytes = text.as_bytes();
    let stray = bytes.windows(2).any(|pair| {
        matches!(pair, [b'-', b'T' | b't' | b'Z' | b'z'])
            || matches!(pair, [b'T' | b't', next] if !next.is_ascii_alphanumeric() && *next != b' ')
    });
    let ends_open = matches!(bytes, [.., b'0'..=b'9', b'T' | b't']);
    if stray || ends_open {
        return Err(Refusal::Undecided);
    }
    let mut cursor = Cursor::new(text);
    let date = take_date(&mut cursor);
    let mut moment = Moment::default();
    if date.is_some() {
        let separated = cursor.peek().is_some_and(is_space);
        cursor.skip_space();
        if is_iso(text) && is_zone(cursor.rest(), separated) {
            moment.zone = take_zone(&mut cursor)?;
            cursor.skip_space();
        } else if !separated && !cursor.is_done() && !cursor.eat_word("T") {
            return Err(Refusal::Undecided);
        }
    }
    let starts_with_era = cursor.rest().len() == 2 && date.is_some();
    if !cursor.is_done() && !starts_with_era {
        if moment.zone.is_some() {
            return Err(Refusal::Undecided);
        }
        moment.time = Some(take_time(&mut cursor)?);
        cursor.skip_space();
        moment.zone = take_zone(&mut cursor)?;
        cursor.skip_space();
    }
    let era = if cursor.eat_word("BC") { Era::BeforeChrist } else { take_ad(&mut cursor) };
    if !cursor.is_done() || (date.is_none() && era != Era::None) {
        return Err(Refusal::Undecided);
    }
    moment.date = date.map(|date| day_number(date, era)).transpose()?;
    Ok(moment)
}

/// True for `2026-01-01` and what follows it.
fn is_iso(text: &str) -> bool {
    let digits = |range: std::ops::Range<usize>| {
        text.get(range).is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let dash = |at: usize| text.as_bytes().get(at) == Some(&b'-');
    digits(0..4) && dash(4) && digits(5..7) && dash(7) && digits(8..10)
}

/// True when a zone follows a date without a time. A dash right behind the date is none: the
/// server refuses `2026-01-01-05`.
fn is_zone(rest: &str, separated: bool) -> bool {
    let word = rest.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    let has_name = |names: &[&str]| names.iter().any(|name| word.eq_ignore_ascii_case(name));
    match rest.as_bytes().first() {
        Some(b'+') => true,
        Some(b'-') => separated,
        _ if separated => has_name(&["z", "utc", "gmt", "zulu"]),
        _ => has_name(&["z"]),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Era {
    None,
    AnnoDomini,
    BeforeChrist,
}

fn take_ad(cursor: &mut Cursor<'_>) -> Era {
    if cursor.eat_word("AD") { Era::AnnoDomini } else { Era::None }
}

fn day_number((year, month, day): (i64, i64, i64), era: Era) -> Result<i64, Refusal> {
    let year = if era == Era::BeforeChrist { 1 - year } else { year };
    if (era == Era::BeforeChrist && year > 0) || (era != Era::BeforeChrist && year <= 0) {
        return Err(Refusal::Invalid);
    }
    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return Err(Refusal::Invalid);
    }
    Ok(days_from_date(year, month, day))
}

/// Year, month and day as written, with a year of four digits or more, so that its place is
/// certain. Leaves the cursor alone when there is no such date.
fn take_date(cursor: &mut Cursor<'_>) -> Option<(i64, i64, i64)> {
    let forms: [fn(&mut Cursor<'_>) -> Option<(i64, i64, i64)>; 5] =
        [numeric_date, day_of_year, month_day_year, day_first_date, month_first_date];
    for form in forms {
        let mut attempt = *cursor;
        if let Some(date) = form(&mut attempt) {
            *cursor = attempt;
            return Some(date);
        }
    }
    None
}

/// `1999-01-08`, `1999/1/8`, `1999-Jan-08` or `19990108`.
fn numeric_date(cursor: &mut Cursor<'_>) -> Option<(i64, i64, i64)> {
    let first = cursor.digits();
    let Some(separator @ (b'-' | b'/')) = cursor.peek() else {
        let (year, rest) = first.split_at_checked(4)?;
        let (month, day) = rest.split_at_checked(2)?;
        return (day.len() == 2).then(|| Some((number(year)?, number(month)?, number(day)?)))?;
    };
    if !(4..=7).contains(&first.len()) {
        return None;
    }
    cursor.eat(separator);
    let month = if separator == b'-' { take_month(cursor) } else { None };
    let month = match month {
        Some(month) => month,
        None => short_number(cursor)?,
    };
    let day = if cursor.eat(separator) { short_number(cursor)? } else { return None };
    Some((number(first)?, month, day))
}

/// `1999.008`, the eighth day of the year.
fn day_of_year(cursor: &mut Cursor<'_>) -> Option<(i64, i64, i64)> {
    let year = long_year(cursor)?;
    let days = if cursor.eat(b'.') { cursor.digits() } else { return None };
    let days = if days.len() == 3 { number(days)? } else { return None };
    let last = if is_leap(year) { 366 } else { 365 };
    if !(1..=last).contains(&days) {
        return None;
    }
    Some(date_from_days(days_from_date(year, 1, 1) + days - 1))
}

/// `1/8/1999` or `1-8-1999`; not `13/8/1999`, which only another `DateStyle` reads.
fn month_day_year(cursor: &mut Cursor<'_>) -> Option<(i64, i64, i64)> {
    let month = short_number(cursor)?;
    let separator = cursor.next().filter(|byte| matches!(byte, b'/' | b'-'))?;
    let day = short_number(cursor)?;
    let year = if cursor.eat(separator) { long_year(cursor)? } else { return None };
    (month <= 12).then_some((year, month, day))
}

/// `08-Jan-1999` or `8 January 1999`.
fn day_first_date(cursor: &mut Cursor<'_>) -> Option<(i64, i64, i64)> {
    let day = short_number(cursor)?;
    let separator = cursor.next().filter(|byte| matches!(byte, b'-' | b' '))?;
    let month = take_month(cursor)?;
    let year = if cursor.eat(separator) { long_year(cursor)? } else { return None };
    Some((year, month, day))
}

/// `January 8, 1999`.
fn month_first_date(cursor: &mut Cursor<'_>) -> Option<(i64, i64, i64)> {
    let month = take_month(cursor)?;
    let day = if cursor.eat(b' ') { short_number(cursor)? } else { return None };
    cursor.eat(b',');
    let year = if cursor.eat(b' ') { long_year(cursor)? } else { return None };
    Some((year, month, day))
}

/// One or two digits.
fn short_number(cursor: &mut Cursor<'_>) -> Option<i64> {
    let digits = cursor.digits();
    if digits.len() <= 2 { number(digits) } else { None }
}

fn long_year(cursor: &mut Cursor<'_>) -> Option<i64> {
    let digits = cursor.digits();
    if digits.len() == 4 { number(digits) } else { None }
}

fn number(digits: &str) -> Option<i64> {
    digits.parse().ok()
}

/// A month's English name or its first three letters.
fn take_month(cursor: &mut Cursor<'_>) -> Option<i64> {
    let mut attempt = *cursor;
    let word = attempt.take_while(|byte| byte.is_ascii_alphabetic()).to_ascii_lowercase();
    let at =
        MONTHS.iter().position(|month| word == *month || Some(word.as_str()) == month.get(..3))?;
    *cursor = attempt;
    i64::try_from(at + 1).ok()
}

/// `4:05`, `04:05:06.789`, `04:05 PM` in microseconds.
fn take_time(cursor: &mut Cursor<'_>) -> Result<i64, Refusal> {
    let unreadable = Refusal::Undecided;
    let mut hour = short_number(cursor).ok_or(unreadable)?;
    let minute = if cursor.eat(b':') {
        two_digits(cursor).ok_or(unreadable)?
    } else {
        return Err(unreadable);
    };
    if cursor.peek() == Some(b'.') {
        // Minutes and seconds, then.
        return Err(unreadable);
    }
    let (mut second, mut fraction) = (0, 0);
    if cursor.eat(b':') {
        second = two_digits(cursor).ok_or(unreadable)?;
        if cursor.eat(b'.') {
            fraction = fraction_of_second(cursor.digits());
        }
    }
    let before_half = *cursor;
    cursor.skip_space();
    let half = if cursor.eat_word("AM") {
        Some(0)
    } else if cursor.eat_word("PM") {
        Some(12)
    } else {
        *cursor = before_half;
        None
    };
    if let Some(half) = half {
        if cursor.peek().is_some_and(|byte| !is_space(byte)) {
            return Err(unreadable);
        }
        if hour > 12 {
            return Err(Refusal::Invalid);
        }
        hour = hour % 12 + half;
    }
    let total = hour * MICROSECONDS_PER_HOUR
        + minute * MICROSECONDS_PER_MINUTE
        + second * MICROSECONDS_PER_SECOND
        + fraction;
    if hour > 24 || minute > 59 || second > 60 || total > MICROSECONDS_PER_DAY {
        return Err(Refusal::Invalid);
    }
    Ok(total)
}

fn two_digits(cursor: &mut Cursor<'_>) -> Option<i64> {
    let digits = cursor.digits();
    if digits.len() == 2 { number(digits) } else { None }
}

/// `Z`, `UTC`, `GMT`, `+5`, `+05:30`, `-0800` in seconds east of UTC.
fn take_zone(cursor: &mut Cursor<'_>) -> Result<Option<i64>, Refusal> {
    let sign = match cursor.peek() {
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return named_zone(cursor),
    };
    cursor.next();
    let first = cursor.digits();
    let mut rest = [0, 0];
    let hours = match first.len() {
        1 | 2 => {
            for part in &mut rest {
                if cursor.eat(b':') {
                    *part = two_digits(cursor).ok_or(Refusal::Undecided)?;
                }
            }
            number(first)
        }
        4 => {
            let (hours, minutes) = first.split_at_checked(2).ok_or(Refusal::Undecided)?;
            rest = [number(minutes).ok_or(Refusal::Undecided)?, 0];
            number(hours)
        }
        _ => None,
    };
    let (hours, [minutes, seconds]) = (hours.ok_or(Refusal::Undecided)?, rest);
    if hours > MAX_ZONE_HOURS || minutes > 59 || seconds > 59 {
        return Err(Refusal::Invalid);
    }
    Ok(Some(sign * (hours * 3600 + minutes * 60 + seconds)))
}

fn named_zone(cursor: &mut Cursor<'_>) -> Result<Option<i64>, Refusal> {
    let before = *cursor;
    let word = cursor.take_while(|byte| byte.is_ascii_alphabetic()).to_ascii_lowercase();
    match word.as_str() {
        "z" | "utc" | "gmt" | "zulu" => Ok(Some(0)),
        "" | "bc" | "ad" => {
            *cursor = before;
            Ok(None)
        }
        _ => Err(Refusal::Undecided),
    }
}
