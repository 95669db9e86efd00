//! Days and microseconds since 2000-01-01 to and from the Gregorian calendar.
//!
//! `src/backend/utils/adt/datetime.c, date2j, j2date` in other arithmetic. Years are
//! astronomical: 1 BC is year 0.

use std::fmt::Write as _;

pub(super) const MICROSECONDS_PER_SECOND: i64 = 1_000_000;
pub(super) const MICROSECONDS_PER_MINUTE: i64 = 60 * MICROSECONDS_PER_SECOND;
pub(super) const MICROSECONDS_PER_HOUR: i64 = 60 * MICROSECONDS_PER_MINUTE;
pub(super) const MICROSECONDS_PER_DAY: i64 = 24 * MICROSECONDS_PER_HOUR;

const DAYS_PER_ERA: i64 = 146_097;
const YEARS_PER_ERA: i64 = 400;
/// Days from 0000-03-01, where the years of the arithmetic begin, to 2000-01-01.
const EPOCH: i64 = 730_425;

pub(super) fn is_leap(year: i64) -> bool {
    year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

pub(super) fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 2000-01-01 of a valid date.
pub(super) fn days_from_date(year: i64, month: i64, day: i64) -> i64 {
    // The year begins in March, so that the leap day is its last.
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(YEARS_PER_ERA), year.rem_euclid(YEARS_PER_ERA));
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    era * DAYS_PER_ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year
        - EPOCH
}

/// Year, month and day.
pub(super) fn date_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + EPOCH;
    let (era, day_of_era) = (days.div_euclid(DAYS_PER_ERA), days.rem_euclid(DAYS_PER_ERA));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = era * YEARS_PER_ERA + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

/// `2020-01-31` and, for the years before 1, the mark that goes to the end.
pub(super) fn print_date(days: i64) -> (String, &'static str) {
    let (year, month, day) = date_from_days(days);
    let (shown, era) = if year > 0 { (year, "") } else { (1 - year, " BC") };
    (format!("{shown:04}-{month:02}-{day:02}"), era)
}

/// `04:05:06.789`, from microseconds that are not negative; hours may exceed 24.
pub(super) fn print_time(microseconds: i64) -> String {
    let seconds = microseconds / MICROSECONDS_PER_SECOND;
    let mut text = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    let fraction = microseconds % MICROSECONDS_PER_SECOND;
    if fraction != 0 {
        let _ = write!(text, ".{fraction:06}");
        text.truncate(text.trim_end_matches('0').len());
    }
    text
}

/// Rounds microseconds to so many digits of a second, half away from zero.
pub(super) fn round_to_digits(microseconds: i64, digits: u32) -> Option<i64> {
    let scale = 10_i64.pow(6_u32.saturating_sub(digits));
    let rounded = microseconds.checked_abs()?.checked_add(scale / 2)? / scale * scale;
    Some(if microseconds < 0 { -rounded } else { rounded })
}

/// Digits after the point of a second, as microseconds: the server multiplies the double
/// precision fraction and rounds half to even.
pub(super) fn fraction_of_second(digits: &str) -> i64 {
    let fraction: f64 = format!("0.{digits}").parse().unwrap_or_default();
    #[expect(clippy::cast_possible_truncation, reason = "between 0 and a million")]
    let microseconds = (fraction * 1_000_000.0).round_ties_even() as i64;
    microseconds
}
