//! Benchmark instances of the vehicle routing literature, as text.
//!
//! Two formats: Solomon's (*Operations Research* 35, 1987) for time windows, and VRPLIB's (CVRPLIB; Uchoa et al., *European
//! Journal of Operational Research* 257, 2017). Distances are Euclidean, computed in integers, rounded as their literature does
//! ([`Rounding`]). A distance is the cost of a leg and its time. Units: a micro-dollar and a millisecond stand for the last digit.

mod builder;
mod solomon;
mod solution;
mod text;
mod vrplib;

use super::problem::Problem;

pub use solution::{BestKnown, parse_best_known};
pub use text::InstanceDefect;

/// How a Euclidean distance becomes an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// To the nearest whole number, halves up: CVRPLIB's instances without time windows.
    Nearest,
    /// To one decimal, cut off: the 12th DIMACS implementation challenge (2021) for time windows. Times and costs are then tenths.
    Tenths,
}

impl Rounding {
    /// Digits behind the point of values.
    #[must_use]
    pub const fn decimals(self) -> u32 {
        match self {
            Self::Nearest => 0,
            Self::Tenths => 1,
        }
    }
}

/// An instance ready to be solved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Its name in the file.
    pub name: String,
    /// Stops are named by the numbers of solution files: customers from 1 in the order of the file.
    pub problem: Problem,
    /// How distances were rounded; says what a unit of money and time is.
    pub rounding: Rounding,
}

impl Instance {
    /// Reads an instance; the format is recognised by its first words. Without `rounding`, tenths where there are time windows,
    /// else nearest.
    ///
    /// # Errors
    /// All defects of the text, in the order of lines.
    pub fn parse(text: &str, rounding: Option<Rounding>) -> Result<Self, Vec<InstanceDefect>> {
        let text = text.trim_start_matches('\u{feff}');
        // VRPLIB's first line is `KEY : value`; Solomon's is a name alone.
        let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        if first.contains(':') { vrplib::parse(text, rounding) } else { solomon::parse(text, rounding) }
    }
}
