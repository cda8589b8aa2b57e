//! Counts, amounts of money and lengths.

use super::text::shown;
use super::{Finding, Rule, as_is, noted};
use crate::diagnostics::Code;
use crate::scenario::convert::micro_feet_as_mm;
use crate::units::{Decimetres, MicroDollars, MoneyError};
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// A whole number within a range.
pub(crate) fn count(text: &str, range: RangeInclusive<u32>) -> Rule<u32> {
    whole(text, range)
}

/// A whole number as spreadsheets write it: `1,234` and `12.0` are read and noted.
pub(crate) fn grouped_count(text: &str, range: RangeInclusive<u32>) -> Rule<u32> {
    let plain = text.strip_suffix(".0").unwrap_or(text);
    let mut groups = plain.split(',');
    let first = groups.next().unwrap_or_default();
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let grouped = plain.contains(',') && (1..=3).contains(&first.len()) && digits(first);
    let joined =
        if grouped && groups.all(|g| g.len() == 3 && digits(g)) { plain.replace(',', "") } else { plain.to_owned() };
    let reading = count(&joined, range)?;
    if joined == text {
        return Ok(reading);
    }
    let message = format!("`{}` read as {}", shown(text), reading.value);
    noted(reading.value, Finding::plain(Code::NumberRepaired, message))
}

/// Id of an OpenStreetMap way: a whole number above zero.
pub(crate) fn way_id(text: &str) -> Rule<i64> {
    whole(text, 1..=i64::MAX)
}

fn whole<T: FromStr + PartialOrd + Default + Display>(text: &str, range: RangeInclusive<T>) -> Rule<T> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        let message = format!("`{}` is not a whole number", shown(text));
        return Err(Finding::plain(Code::NotANumber, message));
    }
    match digits.parse::<T>() {
        Ok(value) if range.contains(&value) && (!negative || value == T::default()) => as_is(value),
        _ => {
            let message = format!("{} is out of range", shown(text));
            let help = format!("give a number from {} to {}", range.start(), range.end());
            Err(Finding::new(Code::NumberOutOfRange, message, help))
        }
    }
}

/// An amount of zero or more, exactly as written.
pub(crate) fn money(text: &str) -> Rule<MicroDollars> {
    let parsed = MicroDollars::parse(text).map_err(|e| {
        let code = if e == MoneyError::TooPrecise { Code::MoneyTooPrecise } else { Code::NotMoney };
        Finding::plain(code, format!("`{}`: {e}", shown(text)))
    })?;
    if parsed.amount < MicroDollars::ZERO {
        return Err(Finding::plain(Code::NegativeMoney, format!("{} is negative", parsed.amount)));
    }
    if parsed.repaired {
        let message = format!("`{}` read as {}", shown(text), parsed.amount);
        return noted(parsed.amount, Finding::plain(Code::MoneyRepaired, message));
    }
    as_is(parsed.amount)
}

/// An amount above zero.
pub(crate) fn price(text: &str) -> Rule<MicroDollars> {
    let not_positive = |amount| Finding::plain(Code::PriceNotPositive, format!("the price is {amount}"));
    match money(text) {
        Ok(reading) if reading.value == MicroDollars::ZERO => Err(not_positive(reading.value)),
        Err(finding) if finding.code == Code::NegativeMoney => {
            Err(Finding::plain(Code::PriceNotPositive, format!("the price is {}", shown(text))))
        }
        other => other,
    }
}

/// A length in feet with up to six decimals, above zero, as millimetres.
pub(crate) fn feet_as_mm(text: &str) -> Rule<u32> {
    let not_a_number = || Finding::plain(Code::NotANumber, format!("`{}` is not a number of feet", shown(text)));
    let parsed = MicroDollars::parse(text).ok().filter(|p| !p.repaired).ok_or_else(not_a_number)?;
    match micro_feet_as_mm(parsed.amount.0) {
        Some(mm) if mm > 0 => as_is(mm),
        _ => {
            let message = format!("{} ft is out of range", shown(text));
            Err(Finding::new(Code::NumberOutOfRange, message, "give a length above 0 and up to 1,000 ft"))
        }
    }
}

/// A length in metres with up to one decimal, zero or more, exactly as written.
pub(crate) fn metres(text: &str) -> Rule<Decimetres> {
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
    if whole.is_empty() || tenth.len() != 1 || !digits(whole) || !digits(tenth) {
        let message = format!("`{}` is not a number of metres with one decimal", shown(text));
        return Err(Finding::plain(Code::NotANumber, message));
    }
    let value = |part: &str| part.parse::<u32>().ok();
    let length = value(whole).and_then(|metres| metres.checked_mul(10)?.checked_add(value(tenth)?));
    length.map_or_else(
        || {
            let message = format!("{} m is out of range", shown(text));
            Err(Finding::new(Code::NumberOutOfRange, message, "give a length up to 429,496,729.5 m"))
        },
        |length| as_is(Decimetres(length)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code<T: std::fmt::Debug>(rule: Rule<T>) -> Code {
        rule.unwrap_err().code
    }

    #[test]
    fn counts() {
        assert_eq!(count("12", 1..=20).unwrap().value, 12);
        assert_eq!(count("007", 1..=20).unwrap().value, 7);
        for text in ["1e3", "12 pcs", "1,000", "1.5", "", "-", "+5", "٣"] {
            assert_eq!(code(count(text, 0..=9_999)), Code::NotANumber, "{text}");
        }
        for text in ["0", "-3", "21", "99999999999"] {
            assert_eq!(code(count(text, 1..=20)), Code::NumberOutOfRange, "{text}");
        }
    }

    #[test]
    fn counts_of_spreadsheets() {
        for (text, value) in [("12", 12), ("1,234", 1_234), ("12.0", 12), ("1,234,567", 1_234_567)] {
            let read = grouped_count(text, 0..=9_999_999).unwrap();
            assert_eq!(
                (read.value, read.note.map(|n| n.code)),
                (value, (text != "12").then_some(Code::NumberRepaired))
            );
        }
        for text in ["1,23", ",123", "1234,567", "12.5", "1,2,345", "", "1e3"] {
            assert_eq!(code(grouped_count(text, 0..=9_999_999)), Code::NotANumber, "{text}");
        }
        assert_eq!(code(grouped_count("2,000", 0..=1_000)), Code::NumberOutOfRange);
    }

    #[test]
    fn ways() {
        assert_eq!(way_id("1234567890123").unwrap().value, 1_234_567_890_123);
        assert_eq!(code(way_id("w12")), Code::NotANumber);
        for text in ["0", "-5", "9223372036854775808"] {
            assert_eq!(code(way_id(text)), Code::NumberOutOfRange, "{text}");
        }
    }

    #[test]
    fn amounts() {
        assert_eq!(money("1.25").unwrap(), super::super::Reading { value: MicroDollars(1_250_000), note: None });
        let repaired = money("$1,234.50").unwrap();
        assert_eq!((repaired.value, repaired.note.unwrap().code), (MicroDollars(1_234_500_000), Code::MoneyRepaired));
        assert_eq!(code(money("-0.01")), Code::NegativeMoney);
        assert_eq!(code(money("NaN")), Code::NotMoney);
        assert_eq!(code(money("0.1234567")), Code::MoneyTooPrecise);
        assert_eq!(code(price("0.00")), Code::PriceNotPositive);
        assert_eq!(code(price("-2")), Code::PriceNotPositive);
    }

    #[test]
    fn lengths_in_metres() {
        for (text, decimetres) in [("0", 0), ("0.0", 0), ("12.5", 125), ("16093", 160_930), ("429496729.5", u32::MAX)] {
            assert_eq!(metres(text).unwrap().value, Decimetres(decimetres), "{text}");
        }
        for text in ["", ".5", "1.", "1.25", "-1", "1e3", "1,000", "NaN", "+1"] {
            assert_eq!(code(metres(text)), Code::NotANumber, "{text}");
        }
        for text in ["429496729.6", "99999999999999999999"] {
            assert_eq!(code(metres(text)), Code::NumberOutOfRange, "{text}");
        }
    }

    #[test]
    fn feet() {
        // 53 ft = 53 × 304.8 mm = 16,154.4 mm.
        assert_eq!(feet_as_mm("53").unwrap().value, 16_154);
        assert_eq!(code(feet_as_mm("53'")), Code::NotANumber);
        assert_eq!(code(feet_as_mm("0")), Code::NumberOutOfRange);
        assert_eq!(code(feet_as_mm("90000")), Code::NumberOutOfRange);
    }
}
