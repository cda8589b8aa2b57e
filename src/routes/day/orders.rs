//! What is to be brought: pieces from a hub to a unit by a reading of the unit's clock.
//!
//! Orders of one hub at one unit by one time are one stop. A vehicle must begin to unload by that time: the earliest of
//! when the bid promises its parcels, the critical entry time of its service, and when the dock closes.

use crate::cost::{CostError, HaulSource};
use crate::ids::{BidIx, DduIx, HubIx};
use crate::no_haul::NoHaul;
use crate::scenario::{Ddu, Scenario};
use crate::units::{ClockTime, MicroDollars, Pieces};
use rayon::prelude::*;

/// Pieces to be brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// From where.
    pub hub: HubIx,
    /// To where.
    pub ddu: DduIx,
    /// The latest time at which a vehicle may begin to unload, on the unit's clock.
    pub by: ClockTime,
    /// The bid line that won it; `None` for planned volumes.
    pub bid: Option<BidIx>,
    /// How many, a day.
    pub pieces: Pieces,
}

/// Why an order, or a part of it, is not brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// The unit offers no service.
    NoService,
    /// No vehicle class can make the haul.
    NoHaul(NoHaul),
    /// No vehicle that leaves at the release time is there in time.
    Late {
        /// By how many minutes the first one misses the time.
        minutes: i32,
    },
    /// Within the driver's hours, the dock's window and the vehicles' loads no route serves it.
    NoRoute,
    /// Other vehicles hold the dock's slots for all of the time in which it could be served.
    DockTaken,
}

impl WhyNot {
    /// The word used in tables.
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            Self::NoService => "service_not_offered".to_owned(),
            Self::NoHaul(NoHaul::NoPath(reason)) => reason.word(),
            Self::NoHaul(NoHaul::NotInTable) => "no_haul_known".to_owned(),
            Self::NoHaul(NoHaul::VehicleTooLargeForDock) => "vehicle_too_large_for_dock".to_owned(),
            Self::NoHaul(NoHaul::PieceDoesNotFit) => "piece_does_not_fit".to_owned(),
            Self::Late { minutes } => format!("arrives_late({minutes})"),
            Self::NoRoute => "no_route".to_owned(),
            Self::DockTaken => "dock_slot_taken".to_owned(),
        }
    }
}

/// Orders of one hub at one unit by one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The unit.
    pub ddu: DduIx,
    /// The latest time at which a vehicle may begin to unload, on the unit's clock.
    pub by: ClockTime,
    /// All pieces together.
    pub pieces: Pieces,
    /// The orders, with their pieces.
    pub orders: Vec<Order>,
    /// What direct trips to it cost, or why there are none.
    pub direct: Result<MicroDollars, WhyNot>,
}

/// The stops of a hub, ascending by unit and time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubStops {
    /// The hub.
    pub hub: HubIx,
    /// Its stops.
    pub stops: Vec<Stop>,
}

/// Orders of bid lines that won a volume.
#[must_use]
pub fn awarded(scenario: &Scenario, winners: &[(BidIx, Pieces)]) -> Vec<Order> {
    let order = |&(bid, pieces): &(BidIx, Pieces)| {
        let line = scenario.bids.get(bid.index())?;
        let unit = scenario.ddus.get(line.ddu.index())?;
        let cet = unit.critical_entry_time(line.service).unwrap_or(unit.dock_close);
        let by = line.tender.min(cet).min(unit.dock_close);
        Some(Order { hub: line.hub, ddu: line.ddu, by, bid: Some(bid), pieces })
    };
    winners.iter().filter_map(order).collect()
}

/// What is planned to be brought, and units that no hub reaches.
pub type Planned = (Vec<Order>, Vec<(DduIx, WhyNot)>);

/// The planned volume for every unit, from the hub whose direct trips bring it at least cost (ties: the first hub), by the
/// latest critical entry time that the unit offers; and units that no hub reaches.
///
/// # Errors
/// When a haul cannot be worked out.
pub fn planned(scenario: &Scenario, hauls: &dyn HaulSource) -> Result<Planned, CostError> {
    let pieces = Pieces(scenario.settings.cost.planned_volume);
    let order = |(ddu, unit): (usize, &Ddu)| {
        let ddu = DduIx::from_index(ddu);
        let Some(cet) = unit.cet_same_day.max(unit.cet_next_day) else { return Ok(Err((ddu, WhyNot::NoService))) };
        let by = cet.min(unit.dock_close);
        let mut best: Option<(MicroDollars, HubIx)> = None;
        let mut why: Option<WhyNot> = None;
        for hub in (0..scenario.hubs.len()).map(HubIx::from_index) {
            match direct(hauls, hub, ddu, by, pieces)? {
                Ok(cost) => best = Some(best.map_or((cost, hub), |best| best.min((cost, hub)))),
                Err(reason) => why = Some(why.map_or(reason, |why| nearer(why, reason))),
            }
        }
        Ok(match best {
            Some((_, hub)) => Ok(Order { hub, ddu, by, bid: None, pieces }),
            None => Err((ddu, why.unwrap_or(WhyNot::NoHaul(NoHaul::NotInTable)))),
        })
    };
    let all: Vec<_> = scenario.ddus.par_iter().enumerate().map(order).collect::<Result<_, CostError>>()?;
    let (mut orders, mut unserved) = (Vec::new(), Vec::new());
    for one in all {
        match one {
            Ok(order) => orders.push(order),
            Err(why) => unserved.push(why),
        }
    }
    Ok((orders, unserved))
}

/// Of two reasons the one that came farther; of two late hubs the earlier.
fn nearer(a: WhyNot, b: WhyNot) -> WhyNot {
    match (a, b) {
        (WhyNot::Late { minutes: x }, WhyNot::Late { minutes: y }) => WhyNot::Late { minutes: x.min(y) },
        (_, WhyNot::Late { .. }) => b,
        _ => a,
    }
}

/// What direct trips cost.
fn direct(
    hauls: &dyn HaulSource,
    hub: HubIx,
    ddu: DduIx,
    by: ClockTime,
    pieces: Pieces,
) -> Result<Result<MicroDollars, WhyNot>, CostError> {
    let haul = hauls.get(hub, ddu)?;
    if let Err(reason) = haul.options {
        return Ok(Err(WhyNot::NoHaul(reason)));
    }
    let earliest = haul.earliest_arrival().unwrap_or(by);
    let late = WhyNot::Late { minutes: earliest.0.saturating_sub(by.0) };
    Ok(haul.injection_cost_by(by, pieces).map(|cost| cost.total).ok_or(late))
}

/// Puts orders together to the stops of each hub.
///
/// # Errors
/// When a haul cannot be worked out.
pub fn by_hub(orders: &[Order], hauls: &dyn HaulSource) -> Result<Vec<HubStops>, CostError> {
    let mut sorted: Vec<Order> = orders.iter().copied().filter(|order| order.pieces.0 > 0).collect();
    sorted.sort_by_key(|order| (order.hub, order.ddu, order.by, order.bid));
    let mut hubs: Vec<HubStops> = Vec::new();
    for stop in sorted.chunk_by(|a, b| (a.hub, a.ddu, a.by) == (b.hub, b.ddu, b.by)) {
        let Some(first) = stop.first() else { continue };
        let pieces = Pieces(stop.iter().fold(0, |sum: u32, order| sum.saturating_add(order.pieces.0)));
        let direct = direct(hauls, first.hub, first.ddu, first.by, pieces)?;
        let stop = Stop { ddu: first.ddu, by: first.by, pieces, orders: stop.to_vec(), direct };
        match hubs.last_mut() {
            Some(hub) if hub.hub == first.hub => hub.stops.push(stop),
            _ => hubs.push(HubStops { hub: first.hub, stops: vec![stop] }),
        }
    }
    Ok(hubs)
}
