//! Lengths, durations, volumes and shares.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A length along roads, in tenths of a metre. Shown in metres with one decimal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Decimetres(pub u32);

impl Decimetres {
    /// Metres as a float, for display and drawing only.
    #[must_use]
    pub fn as_metres_f64(self) -> f64 {
        f64::from(self.0) / 10.0
    }

    /// Miles as a float, for display only.
    #[must_use]
    pub fn as_miles_f64(self) -> f64 {
        f64::from(self.0) / 16_093.44
    }
}

impl fmt::Display for Decimetres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

/// A duration in milliseconds. Shown in seconds with three decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub u32);

impl Millis {
    /// Whole minutes as milliseconds; `None` on overflow (more than 49 days).
    #[must_use]
    pub fn from_minutes(minutes: u32) -> Option<Self> {
        minutes.checked_mul(60_000).map(Self)
    }

    /// Exact sum, or `None` on overflow.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// Whole minutes, rounded up: an arrival is never shown earlier than it is.
    #[must_use]
    pub fn minutes_up(self) -> u32 {
        self.0.div_ceil(60_000)
    }
}

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1000, self.0 % 1000)
    }
}

/// Parcels per operating day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pieces(pub u32);

impl fmt::Display for Pieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A share in parts per million: 350,000 is 35 %.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ppm(pub u32);

impl Ppm {
    /// All of it.
    pub const ONE: Self = Self(1_000_000);
}

impl fmt::Display for Ppm {
    /// A percentage with up to four decimals and no sign: `35`, `16.7`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 10_000, self.0 % 10_000);
        if rest == 0 {
            write!(f, "{whole}")
        } else {
            write!(f, "{whole}.{}", format!("{rest:04}").trim_end_matches('0'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_with_their_units() {
        assert_eq!(Decimetres(12_345).to_string(), "1234.5");
        assert_eq!(Millis(1_002).to_string(), "1.002");
        assert_eq!(Ppm(167_000).to_string(), "16.7");
        assert_eq!(Ppm(350_000).to_string(), "35");
    }

    #[test]
    fn minutes_round_up() {
        assert_eq!(Millis(60_000).minutes_up(), 1);
        assert_eq!(Millis(60_001).minutes_up(), 2);
        assert_eq!(Millis::from_minutes(u32::MAX), None);
    }
}
