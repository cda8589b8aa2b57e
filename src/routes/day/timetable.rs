//! When a route's visits begin: as early at the last stop as windows and docks allow, and from there backwards as late as
//! possible, so that the vehicle waits little (Savelsbergh 1992, forward and backward passes over time windows).
//!
//! Where docks leave gaps, the backward pass takes the last free gap, so a shorter duration that ends later may be missed;
//! without taken docks the duration is the least there is.

use super::case::{HubCase, TimedRoute};
use super::docks::Docks;
use crate::units::Pieces;

/// Times the visits of a route among the docks that are taken; `None` when windows, docks or the driver's hours forbid it.
#[must_use]
pub fn timetable(case: &HubCase<'_>, docks: &Docks, class: usize, visits: &[(usize, Pieces)]) -> Option<TimedRoute> {
    let load: u64 = visits.iter().map(|(_, pieces)| u64::from(pieces.0)).sum();
    if visits.is_empty() || load > u64::from(case.classes[class].load.0) {
        return None;
    }
    let mut begins = Vec::with_capacity(visits.len());
    let (mut here, mut now) = (None, 0);
    for &(stop, pieces) in visits {
        if !case.serves(class, stop) {
            return None;
        }
        let arrive = now + i64::from(case.leg(class, here, Some(stop))?.time.0);
        let window = &case.windows[stop];
        let length = case.unloading(class, pieces);
        let begin = first_free(case, docks, stop, arrive.max(*window.start()), *window.end(), length)?;
        begins.push(begin);
        (here, now) = (Some(stop), begin + length);
    }
    let timed = |begins: &[i64]| case.timed(class, visits, begins);
    let mut late = begins.clone();
    for at in (0..visits.len().saturating_sub(1)).rev() {
        let ((stop, pieces), (next, _)) = (visits[at], visits[at + 1]);
        let length = case.unloading(class, pieces);
        let travel = i64::from(case.leg(class, Some(stop), Some(next))?.time.0);
        let last = (late[at + 1] - travel - length).min(*case.windows[stop].end());
        // The early begin is free and lies before.
        late[at] = last_free(case, docks, stop, begins[at], last, length).unwrap_or(begins[at]);
    }
    [timed(&late)?, timed(&begins)?].into_iter().find(|route| case.within_hours(route))
}

fn first_free(case: &HubCase<'_>, docks: &Docks, stop: usize, from: i64, last: i64, length: i64) -> Option<i64> {
    let (ddu, release) = (case.stops[stop].ddu, case.release);
    if from > last {
        return None;
    }
    docks.first_free(ddu, from + release, last + release, length).map(|at| at - release)
}

fn last_free(case: &HubCase<'_>, docks: &Docks, stop: usize, from: i64, last: i64, length: i64) -> Option<i64> {
    let (ddu, release) = (case.stops[stop].ddu, case.release);
    docks.last_free(ddu, from + release, last + release, length).map(|at| at - release)
}

/// Holds the slots of a route's visits.
pub(super) fn hold(case: &HubCase<'_>, docks: &mut Docks, route: &TimedRoute) {
    for visit in &route.visits {
        docks.take(case.stops[visit.stop].ddu, visit.begin + case.release, visit.leave + case.release);
    }
}

/// Gives the slots of a route's visits back.
pub(super) fn give_back(case: &HubCase<'_>, docks: &mut Docks, route: &TimedRoute) {
    for visit in &route.visits {
        docks.release(case.stops[visit.stop].ddu, visit.begin + case.release, visit.leave + case.release);
    }
}
