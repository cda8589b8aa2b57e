//! How far volume, fuel and wages move what a unit costs: each factor alone, at its low and at its high end.

use super::{Plan, QuoteError, ServedCase, UnitPlan, VolumeCase};
use crate::cost::{HaulSource, InjectionCost};
use crate::units::{MicroDollars, Pieces};
use rayon::prelude::*;

/// What is bent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Factor {
    /// Pieces a day.
    Volume,
    /// Price of fuel.
    Fuel,
    /// Wages.
    Wage,
}

impl Factor {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Volume, Self::Fuel, Self::Wage];

    /// The word used in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Volume => "volume",
            Self::Fuel => "fuel",
            Self::Wage => "wage",
        }
    }
}

/// What a unit costs at both ends of a factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Swing {
    /// The factor.
    pub factor: Factor,
    /// Pieces and cost a day at the low and the high end; `None` where it is not served then.
    pub ends: [Option<(Pieces, InjectionCost)>; 2],
}

impl Swing {
    /// How far apart both ends are, a piece.
    #[must_use]
    pub fn width(&self) -> Option<MicroDollars> {
        let [low, high] = self.ends.map(|end| end.map(|(_, cost)| cost.per_piece));
        Some(MicroDollars(high?.0.checked_sub(low?.0)?.saturating_abs()))
    }
}

/// The swings of each unit that is served, widest first (ties: in the order of the factors), from the hub that is assigned to it by whichever
/// class is then the cheapest in time. `fuel` and `wage` are the hauls at the ends of those factors.
///
/// # Errors
/// When a haul cannot be worked out.
pub fn tornado(
    plan: &Plan,
    hauls: &[Option<ServedCase>],
    base: &dyn HaulSource,
    fuel: [&dyn HaulSource; 2],
    wage: [&dyn HaulSource; 2],
) -> Result<Vec<Option<[Swing; 3]>>, QuoteError> {
    let of = |(unit, haul): (&UnitPlan, &Option<ServedCase>)| -> Result<Option<[Swing; 3]>, QuoteError> {
        let Some(haul) = haul else { return Ok(None) };
        let Some(by) = unit.by else { return Ok(None) };
        let cost = |source: &dyn HaulSource, pieces: Pieces| -> Result<Option<(Pieces, InjectionCost)>, QuoteError> {
            let cost = source.get(haul.hub, unit.ddu)?.injection_cost_by(by, pieces);
            Ok(cost.map(|cost| (pieces, cost)))
        };
        let planned = unit.volume.planned;
        let at = |case: VolumeCase| cost(base, case.pieces(unit));
        let mut swings = [
            Swing { factor: Factor::Volume, ends: [at(VolumeCase::Low)?, at(VolumeCase::High)?] },
            Swing { factor: Factor::Fuel, ends: [cost(fuel[0], planned)?, cost(fuel[1], planned)?] },
            Swing { factor: Factor::Wage, ends: [cost(wage[0], planned)?, cost(wage[1], planned)?] },
        ];
        swings.sort_by_key(|swing| (std::cmp::Reverse(swing.width()), swing.factor));
        Ok(Some(swings))
    };
    let all: Vec<Result<_, QuoteError>> = plan.units.par_iter().zip(hauls).map(of).collect();
    all.into_iter().collect()
}
