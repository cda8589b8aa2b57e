//! Times of day and dates.

use super::text::shown;
use super::{Finding, Rule, as_is};
use crate::diagnostics::Code;
use crate::units::ClockTime;
use jiff::civil::Date;

/// `HH:MM`, with `-1d` or `+1d` for the day before or after.
pub(crate) fn time(text: &str) -> Rule<ClockTime> {
    read(text, ClockTime::parse(text))
}

/// A time with any day mark, such as `05:30+2d`: when a long haul arrives.
pub(crate) fn arrival(text: &str) -> Rule<ClockTime> {
    read(text, ClockTime::parse_any_day(text))
}

fn read(text: &str, time: Option<ClockTime>) -> Rule<ClockTime> {
    match time {
        Some(time) => as_is(time),
        None => Err(Finding::plain(Code::NotATime, format!("`{}` is not a time of day", shown(text)))),
    }
}

/// `YYYY-MM-DD`.
pub(crate) fn date(text: &str) -> Rule<Date> {
    let plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    match text.parse::<Date>() {
        Ok(date) if plain => as_is(date),
        _ => Err(Finding::plain(Code::NotADate, format!("`{}` is not a date", shown(text)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_dates() {
        assert_eq!(time("05:30").unwrap().value, ClockTime(330));
        assert_eq!(time("05:30+2d").unwrap_err().code, Code::NotATime);
        assert_eq!(arrival("05:30+2d").unwrap().value, ClockTime(330 + 2_880));
        assert_eq!(time("5:30 AM").unwrap_err().code, Code::NotATime);
        assert_eq!(date("2026-02-28").unwrap().value, jiff::civil::date(2026, 2, 28));
        for text in ["2026-02-29", "28.02.2026", "2/28/2026", "2026-02-28T00:00", "20260228"] {
            assert_eq!(date(text).unwrap_err().code, Code::NotADate, "{text}");
        }
    }
}
