//! Best known values: a number, or the `Cost` line of a solution file in VRPLIB's format.

use super::Rounding;
use super::text::{SCALE, millionths};

/// A best known value in units of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BestKnown(pub i64);

impl BestKnown {
    /// A decimal number, as tables print it. None if it is no number, or has more decimals than the rounding.
    #[must_use]
    pub fn parse(text: &str, rounding: Rounding) -> Option<Self> {
        let value = millionths(text.trim()).filter(|v| *v >= 0)?;
        let unit = SCALE / 10_i64.pow(rounding.decimals());
        (value % unit == 0).then_some(Self(value / unit))
    }
}

/// The value behind `Cost` in a solution file. None if there is none.
#[must_use]
pub fn parse_best_known(text: &str, rounding: Rounding) -> Option<BestKnown> {
    text.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        let head = words.next()?.trim_end_matches(':');
        head.eq_ignore_ascii_case("cost")
            .then(|| words.find(|w| *w != ":"))?
            .and_then(|w| BestKnown::parse(w, rounding))
    })
}
