//! Stops that want more than a vehicle carries, and stops that nothing reaches.
//!
//! **Rule.** The *room* of a class at a stop is the most pieces that it can bring there on a direct trip within window and duty
//! limit. While a stop wants more than the greatest room, a full load of the class with the least cost per piece (ties: greater
//! room, then lower index) drives there directly; the rest is routed as one visit. A plan that is called optimal is so among the
//! plans that obey this rule. With costs that obey the triangle inequality a full load loses nothing by driving directly, but
//! splitting a demand that fits one vehicle, or other full loads, may be cheaper: the split delivery problem (Archetti and
//! Speranza, *International Transactions in Operational Research* 19, 2012) is not solved here.

use super::error::RouteFault;
use super::plan::{Route, Unserved, UnservedReason, Visit};
use super::problem::Problem;
use super::schedule::schedule;
use crate::units::Pieces;

/// Full loads, what is left to route, and what cannot be served.
#[derive(Clone, Debug)]
pub(crate) struct Split {
    pub(crate) full_loads: Vec<Route>,
    /// The rest: each stop fits at least one class.
    pub(crate) rest: Problem,
    /// For each stop of the rest its position in the whole problem.
    pub(crate) positions: Vec<usize>,
    pub(crate) unserved: Vec<Unserved>,
}

pub(crate) fn split(problem: &Problem) -> Split {
    let mut available: Vec<Option<u32>> = problem.classes().iter().map(|c| c.available).collect();
    let (mut full_loads, mut unserved) = (Vec::new(), Vec::new());
    let mut demands = Vec::with_capacity(problem.stops().len());
    for (s, stop) in problem.stops().iter().enumerate() {
        let rooms: Vec<Option<u32>> = (0..problem.classes().len()).map(|class| room(problem, class, s)).collect();
        let mut left = stop.demand.0;
        let rest = loop {
            let usable = |(class, room): (usize, &Option<u32>)| {
                let out = available.get(class).copied().flatten() == Some(0);
                room.filter(|_| !out).map(|room| (class, room))
            };
            let usable: Vec<(usize, u32)> = rooms.iter().enumerate().filter_map(usable).collect();
            let most = usable.iter().map(|(_, room)| *room).max();
            match most {
                Some(most) if left <= most => break Some(Pieces(left)),
                Some(most) if most > 0 => {}
                // No direct trip, but perhaps as one stop of a longer route.
                _ if usable_on_route(problem, s, left, &available) => break Some(Pieces(left)),
                _ => {
                    let reason = reason(problem, s);
                    unserved.push(Unserved { stop: s, pieces: Pieces(left), reason });
                    break None;
                }
            }
            let Some((class, load)) = cheapest_full_load(problem, s, &usable) else { break None };
            full_loads.push(direct(class, s, load));
            left -= load;
            if let Some(Some(count)) = available.get_mut(class) {
                *count -= 1;
            }
        };
        demands.push(rest);
    }
    let (rest, positions) = problem.with(&demands, &available);
    Split { full_loads, rest, positions, unserved }
}

fn direct(class: usize, stop: usize, pieces: u32) -> Route {
    Route { class, visits: vec![Visit { stop, pieces: Pieces(pieces) }] }
}

/// Most pieces of the stop's demand on a direct trip; none if the class cannot even bring one.
fn room(problem: &Problem, class: usize, stop: usize) -> Option<u32> {
    let most = problem.stops().get(stop)?.demand.0.min(problem.classes().get(class)?.capacity.0);
    let can = |pieces| schedule(problem, &direct(class, stop, pieces)).is_ok();
    if !can(most.min(1)) {
        return None;
    }
    // More pieces take longer: what fits is a prefix.
    let (mut fits, mut over) = (most.min(1), most.saturating_add(1));
    while over - fits > 1 {
        let middle = fits + (over - fits) / 2;
        if can(middle) { fits = middle } else { over = middle }
    }
    Some(fits)
}

fn cheapest_full_load(problem: &Problem, stop: usize, usable: &[(usize, u32)]) -> Option<(usize, u32)> {
    let priced = usable.iter().filter(|(_, room)| *room > 0).filter_map(|&(class, room)| {
        let cost = schedule(problem, &direct(class, stop, room)).ok()?.cost.0;
        Some((i128::from(cost), class, room))
    });
    let better = |a: &(i128, usize, u32), b: &(i128, usize, u32)| {
        let per_piece = (a.0 * i128::from(b.2)).cmp(&(b.0 * i128::from(a.2)));
        per_piece.then(b.2.cmp(&a.2)).then(a.1.cmp(&b.1))
    };
    priced.min_by(better).map(|(_, class, room)| (class, room))
}

/// True when a class that is there may dock and has the room, whatever keeps it from driving there directly.
fn usable_on_route(problem: &Problem, stop: usize, pieces: u32, available: &[Option<u32>]) -> bool {
    let mut classes = problem.classes().iter().zip(available).enumerate();
    classes.any(|(c, (class, left))| *left != Some(0) && class.capacity.0 >= pieces && problem.dock(c, stop).is_some())
}

/// Of all classes' obstacles on a direct trip the one that is met last; with none, vehicles lack.
pub(super) fn reason(problem: &Problem, stop: usize) -> UnservedReason {
    let one = problem.stops().get(stop).map_or(0, |s| s.demand.0.min(1));
    let obstacle = |class| match schedule(problem, &direct(class, stop, one)) {
        Err(RouteFault::Malformed | RouteFault::NoDock { .. }) => UnservedReason::NoDock,
        Err(RouteFault::NoLeg { .. }) => UnservedReason::NoRoad,
        Err(RouteFault::Late { .. }) => UnservedReason::TooLate,
        Err(RouteFault::BackLate { .. } | RouteFault::Duty { .. } | RouteFault::Overflow) => {
            UnservedReason::DutyTooLong
        }
        Err(RouteFault::Capacity { .. }) => UnservedReason::NoRoom,
        Ok(_) => UnservedReason::NoVehicleLeft,
    };
    (0..problem.classes().len()).map(obstacle).max().unwrap_or(UnservedReason::NoDock)
}
