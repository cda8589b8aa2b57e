//! Integer micro-dollars.

use super::{Decimetres, Millis, Pieces, Ppm, round_div};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Decimetres in a mile times ten: 1 mile = 1,609.344 m (international mile, 1959).
const DECIMETRES_PER_MILE_X100: i128 = 1_609_344;
const MILLIS_PER_HOUR: i128 = 3_600_000;
const MICROS: i64 = 1_000_000;

/// An amount of money in millionths of a US dollar.
///
/// Arithmetic is checked: every operation that could overflow returns an `Option`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MicroDollars(pub i64);

/// A parsed amount, and whether the text needed a repair (currency sign, thousands separators) to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParsedMoney {
    /// The exact amount.
    pub amount: MicroDollars,
    /// True when a `$` or thousands separators were removed; the caller logs it.
    pub repaired: bool,
}

/// Why a text is not an amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Nothing but white space.
    #[error("empty amount; write a number such as 1.25")]
    Empty,
    /// `NaN`, `inf`, letters, misplaced separators, exponents.
    #[error("not a decimal number; write digits with at most one point, such as 1234.50")]
    NotANumber,
    /// The value would have to be rounded.
    #[error("more than 6 decimals; money is kept in millionths of a dollar and never rounded silently")]
    TooPrecise,
    /// The value does not fit.
    #[error("amount too large; at most 9,000,000,000,000 dollars")]
    TooLarge,
}

impl MicroDollars {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// Whole dollars.
    #[must_use]
    pub const fn from_dollars(dollars: i64) -> Self {
        Self(dollars * MICROS)
    }

    /// Exact sum, or `None` on overflow.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(v) => Some(Self(v)),
            None => None,
        }
    }

    /// Exact difference, or `None` on overflow.
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(v) => Some(Self(v)),
            None => None,
        }
    }

    /// Exact product with a count, or `None` on overflow.
    #[must_use]
    pub const fn checked_mul(self, count: i64) -> Option<Self> {
        match self.0.checked_mul(count) {
            Some(v) => Some(Self(v)),
            None => None,
        }
    }

    /// Price per piece times pieces, or `None` on overflow.
    #[must_use]
    pub fn times_pieces(self, pieces: Pieces) -> Option<Self> {
        self.checked_mul(i64::from(pieces.0))
    }

    /// A rate per mile over a length, rounded once; `None` on overflow.
    #[must_use]
    pub fn per_mile_over(self, length: Decimetres) -> Option<Self> {
        narrow(round_div(i128::from(self.0) * i128::from(length.0) * 100, DECIMETRES_PER_MILE_X100))
    }

    /// A rate per hour over a duration, rounded once; `None` on overflow.
    #[must_use]
    pub fn per_hour_over(self, time: Millis) -> Option<Self> {
        narrow(round_div(i128::from(self.0) * i128::from(time.0), MILLIS_PER_HOUR))
    }

    /// A share of this amount, rounded once; `None` on overflow.
    #[must_use]
    pub fn share(self, share: Ppm) -> Option<Self> {
        narrow(round_div(i128::from(self.0) * i128::from(share.0), 1_000_000))
    }

    /// This amount spread over `count` units, rounded once; `None` when `count` is zero.
    #[must_use]
    pub fn divided_by(self, count: u64) -> Option<Self> {
        if count == 0 { None } else { narrow(round_div(i128::from(self.0), i128::from(count))) }
    }

    /// Exact sum of many amounts, or `None` on overflow.
    pub fn sum<I: IntoIterator<Item = Self>>(amounts: I) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// Dollars as a float, for display scales and solver coefficients only; never for a decision.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn as_dollars_f64(self) -> f64 {
        self.0 as f64 / MICROS as f64
    }

    /// Reads a decimal number of dollars exactly.
    ///
    /// A leading `$` and well-formed thousands separators (`1,234,567.5`) are read and reported as a repair.
    ///
    /// # Errors
    /// [`MoneyError`] says what is wrong; nothing is ever rounded.
    ///
    /// # Examples
    /// ```
    /// use ddu::units::{MicroDollars, MoneyError};
    /// assert_eq!(MicroDollars::parse("1.25").unwrap().amount, MicroDollars(1_250_000));
    /// assert!(MicroDollars::parse("$1,234.50").unwrap().repaired);
    /// assert_eq!(MicroDollars::parse("0.1234567"), Err(MoneyError::TooPrecise));
    /// assert_eq!(MicroDollars::parse("1,23"), Err(MoneyError::NotANumber));
    /// ```
    pub fn parse(text: &str) -> Result<ParsedMoney, MoneyError> {
        let text = text.trim();
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (dollar, rest) = match rest.strip_prefix('$') {
            Some(rest) => (true, rest.trim_start()),
            None => (false, rest),
        };
        if rest.is_empty() {
            return Err(if text.is_empty() { MoneyError::Empty } else { MoneyError::NotANumber });
        }
        let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
        let (whole, grouped) = ungroup(whole)?;
        if whole.is_empty() && fraction.is_empty() {
            return Err(MoneyError::NotANumber);
        }
        if !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
            return Err(MoneyError::NotANumber);
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > 6 {
            return Err(MoneyError::TooPrecise);
        }
        let mut micros: i64 = 0;
        for b in whole.bytes() {
            micros = push_digit(micros, b)?;
        }
        for b in fraction.bytes().chain(std::iter::repeat_n(b'0', 6 - fraction.len())) {
            micros = push_digit(micros, b)?;
        }
        let amount = Self(if negative { -micros } else { micros });
        Ok(ParsedMoney { amount, repaired: dollar || grouped })
    }
}

fn push_digit(value: i64, digit: u8) -> Result<i64, MoneyError> {
    value.checked_mul(10).and_then(|v| v.checked_add(i64::from(digit - b'0'))).ok_or(MoneyError::TooLarge)
}

/// Removes thousands separators if every group after the first has three digits.
fn ungroup(whole: &str) -> Result<(String, bool), MoneyError> {
    if !whole.contains(',') {
        return Ok((whole.to_owned(), false));
    }
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    if first.is_empty() || first.len() > 3 || groups.any(|g| g.len() != 3) {
        return Err(MoneyError::NotANumber);
    }
    Ok((whole.replace(',', ""), true))
}

fn narrow(value: i128) -> Option<MicroDollars> {
    i64::try_from(value).ok().map(MicroDollars)
}

impl fmt::Display for MicroDollars {
    /// Dollars with two decimals, or as many as needed up to six.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        let (whole, micros) = (magnitude / 1_000_000, magnitude % 1_000_000);
        let digits = format!("{micros:06}");
        let shown = digits.trim_end_matches('0').len().max(2);
        write!(f, "{sign}{whole}.{}", &digits[..shown])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_and_parse_are_inverse() {
        for micros in [0, 1, -1, 10, 999_999, 1_000_000, -1_250_000, i64::MAX, 123_456_789_012] {
            let money = MicroDollars(micros);
            assert_eq!(MicroDollars::parse(&money.to_string()).map(|p| p.amount), Ok(money));
        }
    }

    #[test]
    fn refuses_what_is_not_exact_money() {
        for text in ["NaN", "inf", "1e3", "1.2.3", "--1", "$", "-", ".", "1,2345", ",123", "1 2", "０"] {
            assert_eq!(MicroDollars::parse(text), Err(MoneyError::NotANumber), "{text}");
        }
        assert_eq!(MicroDollars::parse(" "), Err(MoneyError::Empty));
        assert_eq!(MicroDollars::parse("99999999999999999999"), Err(MoneyError::TooLarge));
        assert_eq!(MicroDollars::parse("0.1000000").map(|p| p.amount), Ok(MicroDollars(100_000)));
    }

    #[test]
    fn rates_round_once_halves_away_from_zero() {
        // 1 mile = 16,093.44 dm, so 0.481 USD/mile over 16,093 dm = 480,986.849 micro-dollars.
        assert_eq!(MicroDollars(481_000).per_mile_over(Decimetres(16_093)), Some(MicroDollars(480_987)));
        // 36 USD/h = 0.01 USD/s = 10 micro-dollars/ms.
        assert_eq!(MicroDollars::from_dollars(36).per_hour_over(Millis(1)), Some(MicroDollars(10)));
        assert_eq!(MicroDollars(1).share(Ppm(500_000)), Some(MicroDollars(1)));
        assert_eq!(MicroDollars(-1).share(Ppm(500_000)), Some(MicroDollars(-1)));
        assert_eq!(MicroDollars(10).divided_by(4), Some(MicroDollars(3)));
        assert_eq!(MicroDollars(10).divided_by(0), None);
    }

    #[test]
    fn overflow_is_none() {
        assert_eq!(MicroDollars(i64::MAX).checked_add(MicroDollars(1)), None);
        assert_eq!(MicroDollars(i64::MAX).times_pieces(Pieces(2)), None);
    }
}
