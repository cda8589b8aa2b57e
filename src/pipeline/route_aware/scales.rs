//! By how much hauls are cheaper on an award's routes: the costs of the next award.

use super::round::Round;
use crate::cost::Haul;
use crate::ids::BidIx;
use crate::scenario::{Scenario, VehicleOption};
use crate::units::{MicroDollars, round_div};
use std::collections::BTreeMap;

/// By how much hauls are cheaper on routes: numerator and denominator.
pub(super) struct Scales {
    lines: BTreeMap<BidIx, (i128, i128)>,
    /// By hub.
    hubs: Vec<(i128, i128)>,
    of_line: Vec<usize>,
}

impl Scales {
    pub(super) fn of(scenario: &Scenario, round: &Round<'_>) -> Self {
        let fraction = |cost: MicroDollars, direct: MicroDollars| {
            if direct.0 > 0 { (i128::from(cost.0.max(0)), i128::from(direct.0)) } else { (1, 1) }
        };
        let mut hubs = vec![(1, 1); scenario.hubs.len()];
        for hub in &round.hubs {
            if let (Some(total), Some(direct)) = (hub.total(), hub.direct()) {
                hubs[hub.case.hub.index()] = fraction(total, direct);
            }
        }
        let lines = round.bears.iter().map(|(bid, [cost, direct])| (*bid, fraction(*cost, *direct))).collect();
        let of_line = scenario.bids.iter().map(|line| line.hub.index()).collect();
        Self { lines, hubs, of_line }
    }

    /// A line's haul at its scale.
    pub(super) fn scaled(&self, bid: BidIx, mut haul: Haul) -> Haul {
        let hub = self.of_line.get(bid.index()).and_then(|hub| self.hubs.get(*hub)).copied();
        let (num, den) = self.lines.get(&bid).copied().or(hub).unwrap_or((1, 1));
        let scaled = |amount: MicroDollars| {
            MicroDollars(i64::try_from(round_div(i128::from(amount.0) * num, den)).unwrap_or(amount.0))
        };
        let option = |option: VehicleOption| VehicleOption {
            trip: scaled(option.trip),
            handling_per_piece: scaled(option.handling_per_piece),
            ..option
        };
        haul.options = haul.options.map(|options| options.into_iter().map(option).collect());
        haul
    }
}
