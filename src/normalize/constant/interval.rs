//! `interval`: `1 week 1.5 days` to `8 days 12:00:00`.
//!
//! `src/backend/utils/adt/datetime.c, DecodeInterval, EncodeInterval` and `timestamp.c,
//! AdjustIntervalForTypmod`. Months, days and microseconds are kept apart; a fraction of a unit
//! goes down to the next smaller one. The surprise: fields are read from right to left, since a
//! unit comes after its number. ISO 8601 durations are in `interval_iso.rs`.

use super::calendar::{
    MICROSECONDS_PER_DAY, MICROSECONDS_PER_HOUR, MICROSECONDS_PER_MINUTE, MICROSECONDS_PER_SECOND,
    fraction_of_second, print_time, round_to_digits,
};
use super::scan::{Cursor, trim};
use super::types::Typmod;
use super::{Output, Refusal, interval_iso};

const MAX_LENGTH: usize = 200;
const MAX_FIELDS: usize = 20;

/// Bits of the fields in a modifier (`src/include/utils/timestamp.h, INTERVAL_MASK`).
const MASK_MONTH: i32 = 1 << 1;
const MASK_YEAR: i32 = 1 << 2;
const MASK_DAY: i32 = 1 << 3;
const MASK_HOUR: i32 = 1 << 10;
const MASK_MINUTE: i32 = 1 << 11;
const MASK_SECOND: i32 = 1 << 12;

pub(super) fn interval(text: &str, typmod: Option<Typmod>) -> Output {
    match trim(text).to_ascii_lowercase().as_str() {
        // Since 17; older servers refuse it.
        infinite @ ("infinity" | "-infinity") => return Ok(infinite.to_owned()),
        _ => {}
    }
    if text.len() > MAX_LENGTH || !text.is_ascii() {
        return Err(Refusal::Undecided);
    }
    let fields = typmod.map(Typmod::interval_fields);
    let mut span =
        if text.starts_with('P') { interval_iso::parse(text)? } else { parse(text, fields)? };
    if let Some(typmod) = typmod {
        span.limit(typmod)?;
    }
    span.print()
}

/// The parts of an interval while it is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct TimeSpan {
    years: i32,
    months: i32,
    days: i32,
    microseconds: i64,
}

/// A number with its fraction, both with the number's sign.
#[derive(Clone, Copy)]
pub(super) struct Amount {
    pub(super) whole: i64,
    pub(super) fraction: f64,
}

/// A unit by what it is a multiple of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// So many microseconds.
    Time(i64),
    Days(i32),
    Month,
    Years(i32),
}

pub(super) const HOUR: Unit = Unit::Time(MICROSECONDS_PER_HOUR);
pub(super) const MINUTE: Unit = Unit::Time(MICROSECONDS_PER_MINUTE);
pub(super) const SECOND: Unit = Unit::Time(MICROSECONDS_PER_SECOND);
pub(super) const DAY: Unit = Unit::Days(1);
pub(super) const WEEK: Unit = Unit::Days(7);

impl TimeSpan {
    /// Adds an amount of a unit; none when it overflows.
    pub(super) fn add(&mut self, amount: Amount, unit: Unit) -> Option<()> {
        let whole = i32::try_from(amount.whole);
        match unit {
            Unit::Time(scale) => {
                self.microseconds =
                    self.microseconds.checked_add(amount.whole.checked_mul(scale)?)?;
                self.add_fraction_of_time(amount.fraction, scale)
            }
            Unit::Days(scale) => {
                self.days = self.days.checked_add(whole.ok()?.checked_mul(scale)?)?;
                if scale == 1 {
                    self.add_fraction_of_time(amount.fraction, MICROSECONDS_PER_DAY)
                } else {
                    self.add_fraction_of_days(amount.fraction, scale)
                }
            }
            Unit::Month => {
                self.months = self.months.checked_add(whole.ok()?)?;
                self.add_fraction_of_days(amount.fraction, 30)
            }
            Unit::Years(scale) => {
                self.years = self.years.checked_add(whole.ok()?.checked_mul(scale)?)?;
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "a fraction of at most 1,000 years"
                )]
                let months = (amount.fraction * f64::from(scale) * 12.0).round_ties_even() as i32;
                self.months = self.months.checked_add(months)?;
                Some(())
            }
        }
    }

    fn add_fraction_of_days(&mut self, fraction: f64, scale: i32) -> Option<()> {
        let days = fraction * f64::from(scale);
        #[expect(clippy::cast_possible_truncation, reason = "a fraction of at most 30 days")]
        let whole = days as i32;
        self.days = self.days.checked_add(whole)?;
        self.add_fraction_of_time(days - f64::from(whole), MICROSECONDS_PER_DAY)
    }

    /// Order matters: cut first, then round by what is left, as the server does.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "at most a day"
    )]
    fn add_fraction_of_time(&mut self, fraction: f64, scale: i64) -> Option<()> {
        let exact = fraction * scale as f64;
        let mut microseconds = exact as i64;
        let left = exact - microseconds as f64;
        if left > 0.5 {
            microseconds += 1;
        } else if left < -0.5 {
            microseconds -= 1;
        }
        self.microseconds = self.microseconds.checked_add(microseconds)?;
        Some(())
    }

    fn negated(self) -> Option<Self> {
        Some(Self {
            years: self.years.checked_neg()?,
            months: self.months.checked_neg()?,
            days: self.days.checked_neg()?,
            microseconds: self.microseconds.checked_neg()?,
        })
    }

    fn total_months(self) -> Option<i32> {
        self.years.checked_mul(12)?.checked_add(self.months)
    }

    /// Drops the fields below the modifier's and rounds.
    fn limit(&mut self, typmod: Typmod) -> Result<(), Refusal> {
        let months = self.total_months().ok_or(Refusal::Invalid)?;
        let cut = |value: i64, unit: i64| value / unit * unit;
        match typmod.interval_fields() {
            MASK_YEAR => *self = Self { years: months / 12, ..Self::default() },
            fields if fields == MASK_MONTH || fields == MASK_YEAR | MASK_MONTH => {
                *self = Self { months, ..Self::default() };
            }
            MASK_DAY => self.microseconds = 0,
            fields if fields == MASK_HOUR || fields == MASK_DAY | MASK_HOUR => {
                self.microseconds = cut(self.microseconds, MICROSECONDS_PER_HOUR);
            }
            fields
                if fields & MASK_MINUTE != 0
                    && fields & MASK_SECOND == 0
                    && fields & MASK_YEAR == 0 =>
            {
                self.microseconds = cut(self.microseconds, MICROSECONDS_PER_MINUTE);
            }
            _ => {}
        }
        if let Some(digits) = typmod.interval_digits() {
            self.microseconds =
                round_to_digits(self.microseconds, digits).ok_or(Refusal::Undecided)?;
        }
        Ok(())
    }

    fn print(self) -> Output {
        let months = self.total_months().ok_or(Refusal::Invalid)?;
        let microseconds = self.microseconds;
        // These two are how newer servers store the infinities.
        if months == i32::MIN || months == i32::MAX || microseconds == i64::MIN {
            return Err(Refusal::Undecided);
        }
        let mut parts: Vec<String> = Vec::new();
        let mut after_negative = false;
        for (value, unit) in [(months / 12, "year"), (months % 12, "mon"), (self.days, "day")] {
            if value != 0 {
                let plus = if after_negative && value > 0 { "+" } else { "" };
                let plural = if value == 1 { "" } else { "s" };
                parts.push(format!("{plus}{value} {unit}{plural}"));
                after_negative = value < 0;
            }
        }
        if parts.is_empty() || microseconds != 0 {
            let sign = match (microseconds < 0, after_negative) {
                (true, _) => "-",
                (false, true) => "+",
                (false, false) => "",
            };
            parts.push(format!("{sign}{}", print_time(microseconds.abs())));
        }
        Ok(parts.join(" "))
    }
}

/// A field of a literal, as the server's scanner cuts it.
#[derive(Clone, Copy)]
enum Field<'a> {
    /// `04:05:06.7`
    Time(&'a str),
    /// A number with a sign, or a time with one, or years and months: `-1-2`.
    Signed(bool, &'a str),
    /// A number, or years and months.
    Number(&'a str),
    Word(&'a str),
}

fn parse(text: &str, mask: Option<i32>) -> Result<TimeSpan, Refusal> {
    let fields = split(text)?;
    let mut reading = Reading { mask: mask.unwrap_or(0x7FFF), ..Reading::default() };
    for (at, field) in fields.iter().enumerate().rev() {
        match *field {
            Field::Time(time) => reading.time(time, false)?,
            Field::Signed(negative, time) if time.contains(':') => reading.time(time, negative)?,
            // A number right before `ago` is refused: it has no unit.
            Field::Signed(..) | Field::Number(_) if reading.ago && at + 2 == fields.len() => {
                return Err(Refusal::Undecided);
            }
            Field::Signed(negative, number) => reading.number(number, negative)?,
            Field::Number(number) => reading.number(number, false)?,
            Field::Word(word) if word.eq_ignore_ascii_case("ago") => {
                // Elsewhere older servers accept it.
                if at + 1 != fields.len() {
                    return Err(Refusal::Undecided);
                }
                reading.ago = true;
            }
            Field::Word(word) => reading.unit(word)?,
        }
    }
    // A unit without a number was accepted by older servers.
    if reading.unit_waits {
        return Err(Refusal::Undecided);
    }
    if reading.seen == 0 {
        return Err(Refusal::Invalid);
    }
    if reading.ago { reading.span.negated().ok_or(Refusal::Invalid) } else { Ok(reading.span) }
}

/// The state while the fields are read from right to left.
#[derive(Default)]
struct Reading {
    span: TimeSpan,
    /// Fields of the modifier, which give a bare number its unit.
    mask: i32,
    unit: Option<Unit>,
    /// Whether the unit comes from a word that still needs its number.
    unit_waits: bool,
    seen: u32,
    ago: bool,
}

/// Bits for fields that were given; a second time is an error. A fraction of a second also
/// takes the milliseconds and microseconds.
const SEEN_TIME: u32 = 0b1_1111;
const SEEN_SECONDS: u32 = 0b111;

fn seen_bit(unit: Unit, has_fraction: bool) -> u32 {
    match unit {
        Unit::Time(1) => 1,
        Unit::Time(1_000) => 1 << 1,
        SECOND if has_fraction => SEEN_SECONDS,
        SECOND => 1 << 2,
        MINUTE => 1 << 3,
        Unit::Time(_) => 1 << 4,
        DAY => 1 << 5,
        Unit::Days(_) => 1 << 6,
        Unit::Month => 1 << 7,
        Unit::Years(1) => 1 << 8,
        Unit::Years(10) => 1 << 9,
        Unit::Years(100) => 1 << 10,
        Unit::Years(_) => 1 << 11,
    }
}

impl Reading {
    fn mark(&mut self, bits: u32) -> Result<(), Refusal> {
        let again = self.seen & bits != 0;
        self.seen |= bits;
        self.unit_waits = false;
        if again { Err(Refusal::Invalid) } else { Ok(()) }
    }

    fn unit(&mut self, word: &str) -> Result<(), Refusal> {
        if self.unit_waits {
            return Err(Refusal::Undecided);
        }
        self.unit = Some(unit_named(word).ok_or(Refusal::Undecided)?);
        self.unit_waits = true;
        Ok(())
    }

    /// Order matters: a time replaces what was added so far, such as a fraction of a day.
    fn time(&mut self, text: &str, negative: bool) -> Result<(), Refusal> {
        // A unit after a time is not an error to every version.
        if self.unit_waits {
            return Err(Refusal::Undecided);
        }
        let microseconds = parse_time(text, self.mask)?;
        self.span.microseconds = if negative { -microseconds } else { microseconds };
        self.unit = Some(DAY);
        self.mark(SEEN_TIME)
    }

    fn number(&mut self, text: &str, negative: bool) -> Result<(), Refusal> {
        let sign = if negative { -1 } else { 1 };
        let mut unit = self.unit.unwrap_or_else(|| unit_of_mask(self.mask));
        let mut cursor = Cursor::new(text);
        let digits = cursor.digits();
        let mut whole: i64 =
            if digits.is_empty() { 0 } else { digits.parse().map_err(|_| Refusal::Invalid)? }
                * sign;
        let mut fraction = 0.0;
        if cursor.eat(b'-') {
            let months: i64 = cursor.digits().parse().map_err(|_| Refusal::Undecided)?;
            if months > 11 {
                return Err(Refusal::Invalid);
            }
            unit = Unit::Month;
            whole = whole
                .checked_mul(12)
                .and_then(|whole| whole.checked_add(months * sign))
                .ok_or(Refusal::Invalid)?;
        } else if cursor.eat(b'.') {
            let digits = cursor.digits();
            fraction = format!("0.{digits}").parse().unwrap_or_default();
            if negative {
                fraction = -fraction;
            }
        }
        if !cursor.is_done() || text == "." {
            return Err(Refusal::Undecided);
        }
        self.span.add(Amount { whole, fraction }, unit).ok_or(Refusal::Invalid)?;
        // The number before hours is days.
        self.unit = Some(if unit == HOUR { DAY } else { unit });
        self.mark(seen_bit(unit, fraction != 0.0))
    }
}

/// `04:05`, `04:05:06.7`; `04:05.6` is minutes and seconds.
fn parse_time(text: &str, mask: i32) -> Result<i64, Refusal> {
    let mut parts = text.split(':');
    let (Some(first), Some(second), third, None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Refusal::Undecided);
    };
    let number = |digits: &str| digits.parse::<i64>().map_err(|_| Refusal::Undecided);
    let seconds = |text: &str| {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        if fraction.contains('.') {
            return Err(Refusal::Undecided);
        }
        Ok((number(whole)?, fraction_of_second(fraction)))
    };
    let (hour, minute, (second, fraction)) = match third {
        Some(third) => (number(first)?, number(second)?, seconds(third)?),
        None if second.contains('.') || mask == MASK_MINUTE | MASK_SECOND => {
            (0, number(first)?, seconds(second)?)
        }
        None => (number(first)?, number(second)?, (0, 0)),
    };
    if minute > 59 || second > 60 {
        return Err(Refusal::Invalid);
    }
    let below_hour = minute * MICROSECONDS_PER_MINUTE + second * MICROSECONDS_PER_SECOND + fraction;
    hour.checked_mul(MICROSECONDS_PER_HOUR)
        .and_then(|hours| hours.checked_add(below_hour))
        .ok_or(Refusal::Invalid)
}

/// What a bare number at the end means: the last field of the modifier.
fn unit_of_mask(mask: i32) -> Unit {
    let has = |field: i32| mask & field != 0;
    if has(MASK_SECOND) {
        SECOND
    } else if has(MASK_MINUTE) {
        MINUTE
    } else if has(MASK_HOUR) {
        HOUR
    } else if has(MASK_DAY) {
        DAY
    } else if has(MASK_MONTH) {
        Unit::Month
    } else {
        Unit::Years(1)
    }
}

/// Units by name; the server looks at the first ten letters only.
fn unit_named(word: &str) -> Option<Unit> {
    let word = word.to_ascii_lowercase();
    let word = word.get(..10).unwrap_or(&word);
    Some(match word {
        "us" | "usec" | "usecs" | "usecond" | "useconds" | "microsecon" => Unit::Time(1),
        "ms" | "msec" | "msecs" | "msecond" | "mseconds" | "millisecon" => Unit::Time(1_000),
        "s" | "sec" | "secs" | "second" | "seconds" => SECOND,
        "m" | "min" | "mins" | "minute" | "minutes" => MINUTE,
        "h" | "hr" | "hrs" | "hour" | "hours" => HOUR,
        "d" | "day" | "days" => DAY,
        "w" | "week" | "weeks" => WEEK,
        "mon" | "mons" | "month" | "months" => Unit::Month,
        "y" | "yr" | "yrs" | "year" | "years" => Unit::Years(1),
        "dec" | "decs" | "decade" | "decades" => Unit::Years(10),
        "c" | "cent" | "century" | "centuries" => Unit::Years(100),
        "mil" | "mils" | "millennium" | "millennia" => Unit::Years(1_000),
        _ => return None,
    })
}

/// Cuts a literal into fields as `ParseDateTime` does; punctuation between fields is skipped.
fn split(text: &str) -> Result<Vec<Field<'_>>, Refusal> {
    let mut fields = Vec::new();
    let mut cursor = Cursor::new(text);
    loop {
        cursor.take_while(|byte| super::scan::is_space(byte) || matches!(byte, b'@' | b','));
        let Some(byte) = cursor.peek() else { break };
        if fields.len() >= MAX_FIELDS {
            return Err(Refusal::Undecided);
        }
        if byte.is_ascii_digit() || byte == b'.' {
            fields.push(take_number(&mut cursor)?);
        } else if byte.is_ascii_alphabetic() {
            let after_digit =
                cursor.since(Cursor::new(text)).ends_with(|c: char| c.is_ascii_digit());
            let word = cursor.take_while(|byte| byte.is_ascii_alphabetic());
            if after_digit && word.eq_ignore_ascii_case("ago") {
                return Err(Refusal::Undecided);
            }
            // Words run on with what follows, except a few that the scanner knows.
            let runs_on =
                cursor.peek().is_some_and(|next| next.is_ascii_digit() || b"+-/.".contains(&next));
            let one_letter =
                matches!(word, "d" | "h" | "m" | "s" | "y" | "D" | "H" | "M" | "S" | "Y");
            if runs_on && !(one_letter && !cursor.peek().is_some_and(|next| b"-/.".contains(&next)))
            {
                return Err(Refusal::Undecided);
            }
            fields.push(Field::Word(word));
        } else if byte == b'+' || byte == b'-' {
            cursor.next();
            cursor.skip_space();
            if !cursor.peek().is_some_and(|next| next.is_ascii_digit()) {
                return Err(Refusal::Undecided);
            }
            let run = cursor
                .take_while(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.' | b'-'));
            fields.push(Field::Signed(byte == b'-', run));
        } else {
            return Err(Refusal::Undecided);
        }
    }
    Ok(fields)
}

fn take_number<'a>(cursor: &mut Cursor<'a>) -> Result<Field<'a>, Refusal> {
    let start = *cursor;
    cursor.digits();
    match cursor.peek() {
        Some(b':') => {
            cursor.take_while(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.'));
            return Ok(Field::Time(cursor.since(start)));
        }
        Some(separator @ (b'.' | b'-')) => {
            cursor.next();
            let more = cursor.digits();
            let ends = cursor.peek() != Some(separator);
            // `1.` before a letter, or `1-`, would be taken for a date.
            let letter = more.is_empty()
                && (separator == b'-' || cursor.peek().is_some_and(|b| b.is_ascii_alphanumeric()));
            if !ends || letter {
                return Err(Refusal::Undecided);
            }
        }
        Some(b'/') => return Err(Refusal::Undecided),
        _ => {}
    }
    Ok(Field::Number(cursor.since(start)))
}
