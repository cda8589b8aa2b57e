//! What an arc, a turn or a path costs: compared by generalised cost, then length, then time, then tolls.

use crate::units::{Decimetres, MicroDollars, Millis};
use std::ops::Add;

/// Generalised cost in units of 10 micro-dollars.
///
/// The search minimises sums of these integers (each arc rounded once); the *money* of a path is computed afterwards
/// from its total length, time and tolls, so that it equals rate × quantity to the micro-dollar.
pub type CostUnits = u32;

/// Micro-dollars in one [`CostUnits`].
pub(crate) const MICROS_PER_COST_UNIT: u64 = 10;

/// Additive weight. The derived order is lexicographic, which makes the best path's weight unique.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Weight {
    /// Generalised cost.
    pub cost: CostUnits,
    /// Decimetres.
    pub length: u32,
    /// Milliseconds.
    pub time: u32,
    /// Tolls in micro-dollars.
    pub toll: u32,
}

impl Weight {
    /// Nothing.
    pub const ZERO: Self = Self { cost: 0, length: 0, time: 0, toll: 0 };

    /// Component-wise sum; `None` when a component no longer fits 32 bits (42,949 USD, 429,000 km, 49 days).
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Some(Self {
            cost: self.cost.checked_add(other.cost)?,
            length: self.length.checked_add(other.length)?,
            time: self.time.checked_add(other.time)?,
            toll: self.toll.checked_add(other.toll)?,
        })
    }

    /// Tolls as money.
    #[must_use]
    pub fn tolls(&self) -> MicroDollars {
        MicroDollars(i64::from(self.toll))
    }
}

/// What a vehicle class pays along a path, beside tolls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PathRates {
    /// Distance-driven.
    pub per_mile: MicroDollars,
    /// Time-driven.
    pub per_hour: MicroDollars,
}

impl PathRates {
    /// Money of a path from its totals: rate per mile × length + rate per hour × time (each rounded once) + tolls;
    /// `None` on overflow.
    #[must_use]
    pub fn money(&self, total: &Weight) -> Option<MicroDollars> {
        let distance = self.per_mile.per_mile_over(Decimetres(total.length))?;
        let time = self.per_hour.per_hour_over(Millis(total.time))?;
        MicroDollars::sum([distance, time, total.tolls()])
    }
}

/// A sum of weights in 64 bits: what petgraph's algorithms add up. Same order as [`Weight`].
///
/// No path can overflow it: it would take 2³² arcs of the greatest weight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathWeight {
    /// Generalised cost in [`CostUnits`].
    pub cost: u64,
    /// Decimetres.
    pub length: u64,
    /// Milliseconds.
    pub time: u64,
    /// Tolls in micro-dollars.
    pub toll: u64,
}

impl From<Weight> for PathWeight {
    fn from(w: Weight) -> Self {
        Self { cost: w.cost.into(), length: w.length.into(), time: w.time.into(), toll: w.toll.into() }
    }
}

impl Add for PathWeight {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            cost: self.cost.saturating_add(other.cost),
            length: self.length.saturating_add(other.length),
            time: self.time.saturating_add(other.time),
            toll: self.toll.saturating_add(other.toll),
        }
    }
}
