//! Quantities that cross module edges: money, lengths, durations, volumes and clock times.
//!
//! Every quantity is a newtype over an integer, so that sums are exact and the same on every machine.
//! Text appears only at the edge: `parse` functions read what a table holds, `Display` writes it back.
//!
//! One rounding rule holds everywhere: a product of a rate and a quantity is rounded **once**, to the nearest
//! unit, halves away from zero ([`round_div`]).

mod clock;
mod measure;
mod money;

pub use clock::ClockTime;
pub use measure::{Decimetres, Millis, Pieces, Ppm};
pub use money::{MicroDollars, MoneyError, ParsedMoney};

/// Divides and rounds to nearest, halves away from zero: the crate's only rounding rule.
///
/// `denominator` must be positive.
///
/// # Examples
/// ```
/// use ddu::units::round_div;
/// assert_eq!(round_div(7, 2), 4);
/// assert_eq!(round_div(-7, 2), -4);
/// assert_eq!(round_div(6, 4), 2);
/// assert_eq!(round_div(5, 4), 1);
/// ```
#[must_use]
pub const fn round_div(numerator: i128, denominator: i128) -> i128 {
    let half = denominator / 2;
    if numerator >= 0 { (numerator + half) / denominator } else { -((-numerator + half) / denominator) }
}
