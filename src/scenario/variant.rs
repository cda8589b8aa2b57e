//! Variants: the same auction under another policy, other volumes, or other prices of fuel and labour.
//!
//! A variant says what differs; [`Scenario::under`] makes a scenario of it. Ids and their order stay, so a bid line has
//! the same index under every variant.

use super::read::tier_offsets;
use super::{AwardSettings, BidLine, Override, OverrideAction, OverrideTarget, Scenario, VehicleClass};
use crate::ids::BidIx;
use crate::units::{MicroDollars, Pieces, Ppm, round_div};

/// A what-if question about a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Unique name; not [`Variant::BASE`].
    pub name: String,
    /// The whole policy, changes included. Settings of what is reported besides winners are those of the scenario and
    /// without effect.
    pub award: AwardSettings,
    /// Whether awards decided by hand hold.
    pub with_overrides: bool,
    /// What every bid's volumes are multiplied by.
    pub volume_factor: Ppm,
    /// What the fuel rate of every vehicle class is multiplied by.
    pub fuel_factor: Ppm,
    /// What the wage rate of every vehicle class is multiplied by; benefits stay.
    pub wage_factor: Ppm,
}

impl Variant {
    /// What tables call the scenario itself.
    pub const BASE: &'static str = "base";

    /// Factors of fuel and wages: variants of equal rates share their hauls.
    #[must_use]
    pub const fn rates(&self) -> (Ppm, Ppm) {
        (self.fuel_factor, self.wage_factor)
    }

    /// Whether hauls cost what they cost in the scenario itself.
    #[must_use]
    pub fn keeps_rates(&self) -> bool {
        self.rates() == (Ppm::ONE, Ppm::ONE)
    }
}

impl Scenario {
    /// The scenario that a variant of it asks about; it has no variants itself.
    ///
    /// Capacities, budgets and least volumes of bidders, and the slots and capacities of units, stay as they are.
    #[must_use]
    pub fn under(&self, variant: &Variant) -> Self {
        let mut changed = self.clone();
        changed.settings.award = variant.award.clone();
        changed.settings.variants = Vec::new();
        if !variant.with_overrides {
            changed.overrides.clear();
        }
        if variant.volume_factor != Ppm::ONE {
            let gone = scale_volumes(&mut changed.bids, variant.volume_factor);
            changed.overrides.extend(gone.into_iter().map(no_piece_left));
            changed.overrides.sort();
        }
        scale_rates(&mut changed.vehicles, variant);
        changed
    }
}

fn scale_rates(vehicles: &mut [VehicleClass], variant: &Variant) {
    let times = |rate: &mut MicroDollars, factor: Ppm| {
        if factor != Ppm::ONE {
            // Out of range is told by whoever multiplies the rate.
            *rate = rate.share(factor).unwrap_or(MicroDollars(i64::MAX));
        }
    };
    for class in vehicles {
        times(&mut class.rates.fuel_per_mile, variant.fuel_factor);
        times(&mut class.rates.wages_per_hour, variant.wage_factor);
    }
}

/// A volume times a factor, rounded to the nearest piece, halves up.
pub(crate) fn scaled(volume: u32, factor: Ppm) -> u32 {
    let exact = round_div(i128::from(volume) * i128::from(factor.0), i128::from(Ppm::ONE.0));
    u32::try_from(exact).unwrap_or(u32::MAX)
}

/// Scales all volumes and what tiers cost by them; returns tiers of which no piece is left.
///
/// Both ends of a range are rounded to the nearest piece, at least 1. A tier of `a..=b` pieces becomes those behind
/// `scaled(a − 1)` up to `scaled(b)`: tiers that meet still meet, and none overlap.
fn scale_volumes(bids: &mut [BidLine], factor: Ppm) -> Vec<BidIx> {
    let mut gone = Vec::new();
    for (index, bid) in bids.iter_mut().enumerate() {
        let below = bid.volume_min.0.saturating_sub(1);
        let upto = scaled(bid.volume_max.0, factor);
        if bid.tier.is_none() {
            (bid.volume_min, bid.volume_max) = (Pieces(scaled(bid.volume_min.0, factor).max(1)), Pieces(upto.max(1)));
            continue;
        }
        (bid.volume_min, bid.volume_max) = (Pieces(scaled(below, factor).saturating_add(1)), Pieces(upto));
        if bid.volume_min > bid.volume_max {
            gone.push(BidIx::from_index(index));
        }
    }
    let lines: Vec<&BidLine> = bids.iter().collect();
    for (index, offset) in tier_offsets(&lines) {
        if let Some(tier) = bids.get_mut(index).and_then(|line| line.tier.as_mut()) {
            // Beyond exact money: the award stage refuses such a bid by name.
            tier.offset = offset.unwrap_or(MicroDollars(i64::MAX));
        }
    }
    for bid in &gone {
        if let Some(line) = bids.get_mut(bid.index()) {
            let volume = Pieces(line.volume_max.0.max(1));
            (line.volume_min, line.volume_max) = (volume, volume);
        }
    }
    gone
}

/// A tier without pieces does not win.
fn no_piece_left(bid: BidIx) -> Override {
    Override {
        action: OverrideAction::Forbid,
        target: OverrideTarget::Bid(bid),
        who: "volume_factor".to_owned(),
        why: "no whole piece of the tier is left".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volumes_round_to_the_nearest_piece_halves_up() {
        assert_eq!(scaled(5, Ppm(1_100_000)), 6); // 5.5
        assert_eq!(scaled(4, Ppm(1_100_000)), 4); // 4.4
        assert_eq!(scaled(1, Ppm(400_000)), 0);
        assert_eq!(scaled(u32::MAX, Ppm(2_000_000)), u32::MAX);
    }
}
