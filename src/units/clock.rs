//! Local clock times relative to the operating day.

use serde::{Serialize, Serializer};
use std::fmt;

/// A local wall-clock time in minutes from midnight of the operating date; negative on the day before.
///
/// Text is `HH:MM`, with `-1d` or `+1d` behind it for the day before or after: `22:30-1d`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClockTime(pub i32);

const DAY: i32 = 24 * 60;

impl ClockTime {
    /// Reads `HH:MM`, `HH:MM-1d` or `HH:MM+1d`; `None` when the text is anything else.
    ///
    /// # Examples
    /// ```
    /// use ddu::units::ClockTime;
    /// assert_eq!(ClockTime::parse("05:30"), Some(ClockTime(330)));
    /// assert_eq!(ClockTime::parse("22:30-1d"), Some(ClockTime(-90)));
    /// assert_eq!(ClockTime::parse("24:00"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_any_day(text).filter(|time| (-1..=1).contains(&time.day_and_minute().0))
    }

    /// The same, up to 9,999 days before or after: an arrival after a long haul.
    ///
    /// # Examples
    /// ```
    /// use ddu::units::ClockTime;
    /// assert_eq!(ClockTime::parse_any_day("05:30+2d"), Some(ClockTime(330 + 2 * 1440)));
    /// ```
    #[must_use]
    pub fn parse_any_day(text: &str) -> Option<Self> {
        let text = text.trim();
        let (clock, days) = match (text.strip_suffix('d'), text.find(['-', '+'])) {
            (Some(rest), Some(at)) => {
                let (sign, count) = rest.get(at..)?.split_at(1);
                let plain = (1..=4).contains(&count.len()) && count.bytes().all(|b| b.is_ascii_digit());
                let count: i32 = count.parse().ok().filter(|count| plain && *count > 0)?;
                (rest.get(..at)?, if sign == "-" { -count } else { count })
            }
            _ => (text, 0),
        };
        let (hours, minutes) = clock.split_once(':')?;
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if !(1..=2).contains(&hours.len()) || minutes.len() != 2 || !digits(hours) || !digits(minutes) {
            return None;
        }
        let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
        (hours < 24 && minutes < 60).then_some(Self(days * DAY + hours * 60 + minutes))
    }

    /// Days from the operating date (floor) and minutes within that day.
    #[must_use]
    pub const fn day_and_minute(self) -> (i32, i32) {
        (self.0.div_euclid(DAY), self.0.rem_euclid(DAY))
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (day, minute) = self.day_and_minute();
        write!(f, "{:02}:{:02}", minute / 60, minute % 60)?;
        if day == 0 { Ok(()) } else { write!(f, "{day:+}d") }
    }
}

impl Serialize for ClockTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips() {
        for minutes in [-1440, -90, -1, 0, 1, 330, 1439, 1440, 2000] {
            let time = ClockTime(minutes);
            assert_eq!(ClockTime::parse(&time.to_string()), Some(time), "{time}");
        }
        for days in [-9_999, -2, 2, 40, 9_999] {
            let time = ClockTime(days * 1_440 + 61);
            assert_eq!(ClockTime::parse_any_day(&time.to_string()), Some(time), "{time}");
        }
    }

    #[test]
    fn refuses_other_texts() {
        for text in ["12:00+2d", "12:00+0d", "12:00+1", "12:00d", "d", "+1d", "12:00--1d", "12:00+1dd"] {
            assert_eq!(ClockTime::parse(text), None, "{text}");
        }
        for text in ["", "5", "5:3", "25:00", "12:60", "+5:00", "12:00 PM", "12:00:00", "1 2:00"] {
            assert_eq!(ClockTime::parse(text), None, "{text}");
        }
    }
}
