//! A day of the Gregorian calendar, as registers and lock files write it: `2026-11-21`.
//!
//! Days are those of UTC. Nothing here asks the clock; `cli` does that.

/// A day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i32,
    month: u8,
    day: u8,
}

impl Date {
    /// Reads `YYYY-MM-DD`; none for anything else and for days that do not exist.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = |part: &str, width| {
            part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || !plain(year, 4) || !plain(month, 2) || !plain(day, 2) {
            return None;
        }
        let date =
            Self { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? };
        let exists = (1..=12).contains(&date.month)
            && date.day >= 1
            && date.day <= days_of(date.year, date.month);
        exists.then_some(date)
    }

    /// The day of a moment, in seconds since 1970-01-01 00:00 UTC.
    pub fn from_unix(seconds: i64) -> Self {
        // Years from March on, so that the leap day is the last one of a year; eras of 400 years.
        let days = seconds.div_euclid(86_400) + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let narrow = |value: i64| u8::try_from(value).unwrap_or(1);
        Self {
            year: i32::try_from(year).unwrap_or(i32::MAX),
            month: narrow(month),
            day: narrow(day),
        }
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl<'de> serde::Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| serde::de::Error::custom("a date is written YYYY-MM-DD, as 2026-11-21"))
    }
}

fn days_of(year: i32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _long => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_days_that_exist() {
        for text in ["2026-11-21", "2024-02-29", "2000-02-29", "0001-01-01"] {
            assert_eq!(Date::parse(text).map(|date| date.to_string()).as_deref(), Some(text));
        }
        for text in
            ["2026-2-1", "2026-02-30", "1900-02-29", "2026-13-01", "2026-00-01", "today", ""]
        {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn finds_the_day_of_a_moment() {
        let day = |seconds| Date::from_unix(seconds).to_string();
        assert_eq!(day(0), "1970-01-01");
        assert_eq!(day(-1), "1969-12-31");
        assert_eq!(day(951_782_400), "2000-02-29");
        assert_eq!(day(951_868_800), "2000-03-01");
        assert_eq!(day(1_795_219_200), "2026-11-21");
    }

    #[test]
    fn days_are_in_order() {
        let parse = |text| Date::parse(text);
        assert!(parse("2025-12-31") < parse("2026-01-01"));
    }
}
