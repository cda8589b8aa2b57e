//! What a bid line is worth at a volume: its haul, and every amount of its row, in exact integers.

use super::case::Case;
use crate::ids::{BidIx, VehicleIx};
use crate::scenario::{Objective, PriceBasis, VehicleOption};
use crate::units::{MicroDollars, round_div};

/// Haul and money of a line at a volume. Amounts are micro-dollars a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Money {
    pub(super) vehicle: VehicleIx,
    pub(super) trips: u32,
    /// Length of the loaded paths of all trips, decimetres.
    pub(super) loaded: u64,
    pub(super) injection: i128,
    pub(super) spend: i128,
    pub(super) revenue: i128,
    pub(super) attributable: i128,
    pub(super) contribution: i128,
    /// Under the objective of the scenario.
    pub(super) value: i128,
    /// A piece, rounded once.
    pub(super) dock_price: i128,
    /// The unit gets its reserve.
    pub(super) over_reserve: bool,
    /// Price and haul stay within the alternative rate; for dock-basis bids where there is one.
    pub(super) viable: Option<bool>,
}

/// The haul is the cheapest of `timely`; equal ones by fewer trips, then by the order of classes.
pub(super) fn money(case: &Case<'_>, bid: BidIx, timely: &[VehicleOption], volume: u32) -> Option<Money> {
    let pieces = i128::from(volume);
    let cost = |haul: &VehicleOption| {
        let trips = volume.div_ceil(haul.pieces_per_trip.0.max(1));
        let total = i128::from(haul.trip.0) * i128::from(trips) + i128::from(haul.handling_per_piece.0) * pieces;
        (total, trips, haul.vehicle)
    };
    let haul = *timely.iter().min_by_key(|haul| cost(haul)).filter(|_| volume > 0)?;
    let (injection, trips, vehicle) = cost(&haul);
    let loaded = u64::from(haul.outbound.0) * u64::from(trips);
    Some(Money { trips, loaded, ..hauled(case, bid, volume, vehicle, injection) })
}

/// Money of a line at a volume that is hauled at a cost; trips and length are left out.
pub(super) fn hauled(case: &Case<'_>, bid: BidIx, volume: u32, vehicle: VehicleIx, injection: i128) -> Money {
    let (line, award) = (case.line(bid), &case.scenario.settings.award);
    let (ddu, pieces) = (case.ddu(line.ddu), i128::from(volume));
    let offset = line.tier.as_ref().map_or(0, |tier| i128::from(tier.offset.0));
    let spend = i128::from(line.price.0) * pieces + offset;
    let hub = line.basis == PriceBasis::Hub;
    let revenue = spend - if hub { injection } else { 0 };
    let attributable = i128::from(ddu.attributable_cost.0) * pieces;
    let contribution = revenue - attributable;
    let value = match award.objective {
        Objective::Contribution => contribution,
        Objective::Revenue => revenue,
        Objective::Surplus => spend - injection - attributable,
    };
    let reserve = i128::from(ddu.reserve_price.max(ddu.attributable_cost).0);
    let within = |rate: MicroDollars| spend + injection <= i128::from(rate.0) * pieces;
    Money {
        vehicle,
        trips: 0,
        loaded: 0,
        injection,
        spend,
        revenue,
        attributable,
        contribution,
        value,
        dock_price: round_div(revenue, pieces.max(1)),
        over_reserve: revenue >= reserve * pieces,
        viable: award.alternative_rate.filter(|_| !hub).map(within),
    }
}

/// An amount as tables show it.
pub(super) fn usd(micros: i128) -> String {
    i64::try_from(micros).map_or_else(|_| "too large".to_owned(), |micros| MicroDollars(micros).to_string())
}
