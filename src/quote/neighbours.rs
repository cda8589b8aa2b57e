//! How far a neighbour lowers what a unit costs: both on one route beside each by itself.

use crate::routes::day::{Docks, HubCase, HubDay, TimedRoute, timetable};
use crate::units::{MicroDollars, Pieces};
use rayon::prelude::*;

/// The neighbour that lowers a stop's cost most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// The neighbour, a stop of the same hub.
    pub stop: usize,
    /// One vehicle to the stop alone, with what it brings.
    pub alone: MicroDollars,
    /// What it costs to serve the stop on the neighbour's route.
    pub marginal: MicroDollars,
}

/// The cheapest route through some stops in this order with all their pieces, by any class (ties: the first); `None` where no vehicle carries them
/// or keeps the times. Docks are taken to be free.
#[must_use]
pub(super) fn cheapest_route(case: &HubCase<'_>, docks: &Docks, stops: &[usize]) -> Option<TimedRoute> {
    let visits: Vec<(usize, Pieces)> = stops.iter().map(|stop| (*stop, case.stops[*stop].pieces)).collect();
    let routes = (0..case.classes.len()).filter_map(|class| timetable(case, docks, class, &visits));
    routes.min_by_key(|route| (route.total, route.class))
}

/// What one vehicle to a stop alone costs; `None` where its pieces do not fit one vehicle, or it cannot keep the times.
#[must_use]
pub fn lone_route(case: &HubCase<'_>, stop: usize) -> Option<MicroDollars> {
    cheapest_route(case, &Docks::of(case.scenario), &[stop]).map(|route| route.total)
}

/// The best neighbour of each stop of a hub, by stop; `None` where no pair costs less on one route. Of equal ones the
/// first. Every pair in both orders: exact, `O(stops²)` routes.
#[must_use]
pub fn neighbours(day: &HubDay<'_>) -> Vec<Option<Neighbour>> {
    let case = &day.case;
    let docks = Docks::of(case.scenario);
    let alone: Vec<Option<MicroDollars>> = (0..case.stops.len()).map(|stop| lone_route(case, stop)).collect();
    let of = |stop: usize| {
        let own = alone[stop]?;
        let beside = (0..case.stops.len()).filter(|other| *other != stop).filter_map(|other| {
            let orders = [[stop, other], [other, stop]];
            let joint = orders.iter().filter_map(|order| cheapest_route(case, &docks, order)).map(|r| r.total).min()?;
            let marginal = joint.checked_sub(alone[other]?)?;
            Some(Neighbour { stop: other, alone: own, marginal })
        });
        beside.min_by_key(|n| (n.marginal, n.stop)).filter(|n| n.marginal < own)
    };
    (0..case.stops.len()).into_par_iter().map(of).collect()
}
