//! Rules for the values of settings. Messages go on after the setting's name.

use crate::diagnostics::{Code, did_you_mean};
use crate::scenario::rules::Finding;
use crate::units::{ClockTime, MicroDollars, Millis, MoneyError, Ppm};
use jiff::civil::Date;
use std::ops::RangeInclusive;
use toml::de::DeValue;

type Value<T> = Result<T, Finding>;

fn wrong_type<T>(value: &DeValue<'_>, expected: &str) -> Value<T> {
    let found = match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a truth value",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    Err(Finding::new(Code::WrongType, format!("is {found}"), format!("write {expected}")))
}

fn out_of_range<T>(found: impl std::fmt::Display, help: String) -> Value<T> {
    Err(Finding::new(Code::SettingOutOfRange, format!("is out of range: {found}"), help))
}

/// A text without control characters, at most 1,000 characters.
pub(crate) fn text(value: &DeValue<'_>) -> Value<String> {
    match value {
        DeValue::String(s) if s.chars().count() > 1_000 => {
            out_of_range("a long text", "at most 1,000 characters".into())
        }
        DeValue::String(s) if s.chars().any(char::is_control) => {
            out_of_range("control characters", "remove line breaks and control characters".into())
        }
        DeValue::String(s) => Ok(s.to_string()),
        _ => wrong_type(value, "a text in quotes"),
    }
}

/// A list of texts.
pub(crate) fn texts(value: &DeValue<'_>) -> Value<Vec<String>> {
    match value {
        DeValue::Array(items) => items.iter().map(|item| text(item.get_ref())).collect(),
        _ => wrong_type(value, "a list of texts, such as [\"a\", \"b\"]"),
    }
}

/// `true` or `false`.
pub(crate) fn boolean(value: &DeValue<'_>) -> Value<bool> {
    if let DeValue::Boolean(b) = value { Ok(*b) } else { wrong_type(value, "true or false") }
}

/// A whole number within a range.
pub(crate) fn integer<T>(range: RangeInclusive<T>) -> impl Fn(&DeValue<'_>) -> Value<T>
where
    T: TryFrom<u64> + PartialOrd + std::fmt::Display,
{
    move |value| {
        let help = || format!("write a whole number from {} to {}", range.start(), range.end());
        let DeValue::Integer(n) = value else { return wrong_type(value, &help()[6..]) };
        let parsed = u64::from_str_radix(n.as_str(), n.radix()).ok().and_then(|v| T::try_from(v).ok());
        match parsed {
            Some(v) if range.contains(&v) => Ok(v),
            _ => out_of_range(n.as_str(), help()),
        }
    }
}

/// A decimal number within a range, exactly, in units of `10^-places`; a number or a text.
///
/// `range` is in those units too; `places` is at most 6.
pub(crate) fn decimal(places: u32, range: RangeInclusive<i64>) -> impl Fn(&DeValue<'_>) -> Value<i64> {
    move |value| {
        let unit = 10_i64.pow(6_u32.saturating_sub(places));
        let shown = |v: i64| MicroDollars(v.saturating_mul(unit)).to_string();
        let help = || {
            let (from, to) = (shown(*range.start()), shown(*range.end()));
            format!("write a decimal number from {from} to {to} with at most {places} decimals")
        };
        let digits = match value {
            DeValue::Integer(n) if n.radix() == 10 => n.as_str().to_owned(),
            DeValue::Float(n) => n.as_str().to_owned(),
            DeValue::String(s) => s.to_string(),
            _ => return wrong_type(value, &help()[6..]),
        };
        match MicroDollars::parse(&digits) {
            Ok(parsed) if parsed.repaired => wrong_type(value, &help()[6..]),
            Ok(parsed) if parsed.amount.0 % unit == 0 => {
                let scaled = parsed.amount.0 / unit;
                if range.contains(&scaled) { Ok(scaled) } else { out_of_range(digits, help()) }
            }
            Ok(_) | Err(MoneyError::TooPrecise | MoneyError::TooLarge) => out_of_range(digits, help()),
            Err(_) => wrong_type(value, &help()[6..]),
        }
    }
}

/// An amount of zero or more dollars with up to six decimals.
pub(crate) fn money(value: &DeValue<'_>) -> Value<MicroDollars> {
    decimal(6, 0..=1_000_000_000_000_000)(value).map(MicroDollars)
}

/// A decimal above zero with up to three decimals, in thousandths.
pub(crate) fn positive(most: u32) -> impl Fn(&DeValue<'_>) -> Value<u64> {
    move |value| decimal(3, 1..=i64::from(most) * 1_000)(value).map(i64::unsigned_abs)
}

/// A share from `least` to `most`, both in parts per million.
pub(crate) fn share(least: u32, most: u32) -> impl Fn(&DeValue<'_>) -> Value<Ppm> {
    move |value| {
        let parts = decimal(6, i64::from(least)..=i64::from(most))(value)?;
        Ok(Ppm(u32::try_from(parts).unwrap_or(most)))
    }
}

/// Seconds with up to three decimals, at most an hour.
pub(crate) fn seconds(value: &DeValue<'_>) -> Value<Millis> {
    let millis = decimal(3, 0..=3_600_000)(value)?;
    Ok(Millis(u32::try_from(millis).unwrap_or(u32::MAX)))
}

/// Minutes with up to three decimals, at most a day.
pub(crate) fn minutes(value: &DeValue<'_>) -> Value<Millis> {
    let thousandths = decimal(3, 0..=1_440_000)(value)?;
    Ok(Millis(u32::try_from(thousandths * 60).unwrap_or(u32::MAX)))
}

/// A time of day, as a text or as a TOML time.
pub(crate) fn clock(value: &DeValue<'_>) -> Value<ClockTime> {
    let written = match value {
        DeValue::String(s) => s.to_string(),
        DeValue::Datetime(t) => t.to_string().trim_end_matches(":00").to_owned(),
        _ => return wrong_type(value, "a time such as \"05:30\""),
    };
    let whole = if written.len() == 2 { format!("{written}:00") } else { written };
    ClockTime::parse(&whole).map_or_else(|| wrong_type(value, "a time such as \"05:30\" or \"22:30-1d\""), Ok)
}

/// A date, as a text or as a TOML date.
pub(crate) fn date(value: &DeValue<'_>) -> Value<Date> {
    let written = match value {
        DeValue::String(s) => s.to_string(),
        DeValue::Datetime(t) => t.to_string(),
        _ => return wrong_type(value, "a date such as 2026-11-23"),
    };
    let plain = written.len() == 10;
    written.parse().ok().filter(|_| plain).map_or_else(|| wrong_type(value, "a date such as 2026-11-23"), Ok)
}

/// One of a few words.
pub(crate) fn choice<T: Copy>(words: &[(&'static str, T)]) -> impl Fn(&DeValue<'_>) -> Value<T> {
    move |value| {
        let all: Vec<String> = words.iter().map(|(w, _)| format!("\"{w}\"")).collect();
        let DeValue::String(s) = value else { return wrong_type(value, &format!("one of {}", all.join(", "))) };
        words.iter().find(|(w, _)| w == s).map(|(_, v)| *v).ok_or_else(|| {
            let near = did_you_mean(s, words.iter().map(|(w, _)| *w));
            let near = near.map_or(String::new(), |w| format!("did you mean \"{w}\"? "));
            let message = format!("has the unknown word \"{}\"", s.escape_debug());
            Finding::new(Code::UnknownWord, message, format!("{near}use one of {}", all.join(", ")))
        })
    }
}
