//! What each limit costs: the assignment once more without it.

use super::model::{AssignProblem, Limits, taken};
use super::solve::{Assignment, assign};
use crate::ids::{HubIx, VehicleIx};
use crate::progress::{Progress, Quiet};
use crate::quote::QuoteError;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// A limit that can be lifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LimitKind {
    /// What a hub loads.
    HubCapacity(HubIx),
    /// How many trips the vehicles of a class make from a hub.
    Fleet(HubIx, VehicleIx),
    /// When a hub's vehicles may leave.
    Release(HubIx),
}

/// A limit with its price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitPrice {
    /// Which limit.
    pub limit: LimitKind,
    /// Pieces or trips that it allows; `None` for a release time.
    pub most: Option<u64>,
    /// Pieces or trips that the assignment takes of it; of a release time the pieces that leave by it.
    pub used: u64,
    /// The assignment without it.
    pub without: Assignment,
}

/// The assignment without each limit in turn. Release times are lifted hub by hub where some choice is too late.
///
/// # Errors
/// As [`assign`].
pub fn limit_prices(
    problem: &AssignProblem,
    found: &Assignment,
    nodes: Option<u32>,
    progress: &dyn Progress,
) -> Result<Vec<LimitPrice>, QuoteError> {
    let limits = &problem.limits;
    let late = problem.units.iter().filter(|unit| unit.pieces.0 > 0).flat_map(|unit| &unit.choices);
    let late: BTreeSet<HubIx> = late.filter(|choice| choice.late).map(|choice| choice.hub).collect();
    let mut all: Vec<LimitKind> = limits.hub_pieces.keys().map(|hub| LimitKind::HubCapacity(*hub)).collect();
    all.extend(limits.trips.keys().map(|(hub, vehicle)| LimitKind::Fleet(*hub, *vehicle)));
    all.extend(late.into_iter().map(LimitKind::Release));
    progress.begin("prices of limits", u64::try_from(all.len()).ok());
    let price = |&limit: &LimitKind| {
        let mut without: Limits = limits.clone();
        let most = match limit {
            LimitKind::HubCapacity(hub) => without.hub_pieces.remove(&hub),
            LimitKind::Fleet(hub, vehicle) => without.trips.remove(&(hub, vehicle)),
            LimitKind::Release(hub) => {
                without.released.insert(hub);
                None
            }
        };
        let used = taken(&problem.units, &found.chosen).map(|(unit, choice)| match limit {
            LimitKind::HubCapacity(hub) | LimitKind::Release(hub) if hub == choice.hub => u64::from(unit.pieces.0),
            LimitKind::Fleet(hub, vehicle) if (hub, vehicle) == (choice.hub, choice.vehicle) => u64::from(choice.trips),
            _ => 0,
        });
        let used = used.sum();
        let without = assign(&problem.units, &without, nodes, &Quiet(progress))?;
        progress.advance(1);
        Ok(LimitPrice { limit, most, used, without })
    };
    let prices: Vec<Result<LimitPrice, QuoteError>> = all.par_iter().map(price).collect();
    let prices = prices.into_iter().collect::<Result<Vec<_>, _>>()?;
    progress.finish(&format!("{} limits", prices.len()));
    Ok(prices)
}
