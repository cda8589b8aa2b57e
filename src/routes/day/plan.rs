//! Routes of all hubs: each hub's by themselves, then all of them at the docks.
//!
//! Hubs are searched in parallel, without regard to each other. Then they are put to the docks in order of their ids: each
//! route takes the slots it needs among those that are left. Where one finds none, the hub is searched again with its
//! windows cut to the longest time in which a slot is free; what still finds none goes by a vehicle of its own, or is not
//! brought and listed. So the result depends on neither threads nor time.

use super::case::{HubCase, TimedRoute};
use super::docks::Docks;
use super::orders::{Order, WhyNot};
use super::search::{DayError, Effort, Found, Sequence, Windows, search};
use super::timetable::{give_back, hold, timetable};
use crate::progress::{Progress, Quiet};
use crate::units::{MicroDollars, Pieces};
use rayon::prelude::*;

/// How often a hub is searched again for want of free docks.
const MOST_SEARCHES: usize = 3;

/// Pieces that are not brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotBrought {
    /// The stop.
    pub stop: usize,
    /// All its pieces.
    pub pieces: Pieces,
    /// Why.
    pub why: WhyNot,
}

/// A hub's routes.
#[derive(Clone, Debug)]
pub struct HubDay<'s> {
    /// The hub with its stops.
    pub case: HubCase<'s>,
    /// Its routes, by their first stop.
    pub routes: Vec<TimedRoute>,
    /// Stops that are not brought, ascending.
    pub not_brought: Vec<NotBrought>,
    /// No routes that serve these stops cost less; `None` when that is not known, or when some are not served for want of a
    /// dock.
    pub bound: Option<MicroDollars>,
}

impl HubDay<'_> {
    /// Pieces of a stop that its routes bring: all or none.
    #[must_use]
    pub fn brought(&self, stop: usize) -> u32 {
        let visits = self.routes.iter().flat_map(|route| &route.visits).filter(|visit| visit.stop == stop);
        visits.fold(0, |sum, visit| sum.saturating_add(visit.pieces.0))
    }

    /// Orders of a stop with the pieces that are brought; none for a stop that is not.
    #[must_use]
    pub fn brought_orders(&self, stop: usize) -> Vec<(&Order, u32)> {
        let orders = self.case.stops.get(stop).filter(|_| self.brought(stop) > 0);
        orders.iter().flat_map(|stop| &stop.orders).map(|order| (order, order.pieces.0)).collect()
    }

    /// Stops that are served, ascending.
    #[must_use]
    pub fn served(&self) -> Vec<usize> {
        let missing = |stop: &usize| self.not_brought.iter().any(|none| none.stop == *stop);
        (0..self.case.stops.len()).filter(|stop| !missing(stop)).collect()
    }

    /// Cost of all routes; `None` when it does not fit.
    #[must_use]
    pub fn total(&self) -> Option<MicroDollars> {
        MicroDollars::sum(self.routes.iter().map(|route| route.total))
    }

    /// What direct trips to the stops served would cost; `None` when it does not fit.
    #[must_use]
    pub fn direct(&self) -> Option<MicroDollars> {
        MicroDollars::sum(self.served().into_iter().filter_map(|stop| self.case.stops[stop].direct.ok()))
    }
}

/// Routes for all hubs, in the order of the cases, which is that in which they take docks.
///
/// Progress counts hubs. Runs in the current rayon pool.
///
/// # Errors
/// [`DayError`] when a number is beyond what routes are computed with, or the search fails.
pub fn plan_day<'s>(cases: Vec<HubCase<'s>>, progress: &dyn Progress) -> Result<Vec<HubDay<'s>>, DayError> {
    progress.begin("routes", u64::try_from(cases.len()).ok());
    let found: Vec<Result<(Vec<NotBrought>, Found), DayError>> = cases
        .par_iter()
        .map(|case| {
            let (servable, hopeless) = servable(case);
            let found = search(case, &servable, Windows::Own, Effort::Plan, &Quiet(progress))?;
            progress.advance(1);
            Ok((hopeless, found))
        })
        .collect();
    let found = found.into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut docks = cases.first().map(|case| Docks::of(case.scenario));
    let mut days = Vec::with_capacity(cases.len());
    for (case, (hopeless, found)) in cases.into_iter().zip(found) {
        let Some(docks) = docks.as_mut() else { break };
        days.push(at_docks(case, hopeless, found, docks, &Quiet(progress))?);
    }
    let routes: usize = days.iter().map(|day| day.routes.len()).sum();
    let missing: usize = days.iter().map(|day| day.not_brought.len()).sum();
    progress.finish(&format!("{routes} routes of {} hubs; {missing} stops not served", days.len()));
    Ok(days)
}

/// Stops that a vehicle could serve by itself, and the others with the reason.
fn servable(case: &HubCase<'_>) -> (Vec<usize>, Vec<NotBrought>) {
    let free = Docks::of(case.scenario).without_limits();
    let (mut servable, mut hopeless) = (Vec::new(), Vec::new());
    for (at, stop) in case.stops.iter().enumerate() {
        let why = match stop.direct {
            Err(why) => why,
            Ok(_) if alone(case, &free, at, 1).is_some() => {
                servable.push(at);
                continue;
            }
            Ok(_) => WhyNot::NoRoute,
        };
        hopeless.push(NotBrought { stop: at, pieces: stop.pieces, why });
    }
    (servable, hopeless)
}

/// The cheapest route to one stop with at most so many pieces; of equal ones that of the first class.
fn alone(case: &HubCase<'_>, docks: &Docks, stop: usize, most: u32) -> Option<TimedRoute> {
    let of = |class: usize| {
        let load = case.classes[class].load.0.min(most);
        timetable(case, docks, class, &[(stop, Pieces(load))])
    };
    (0..case.classes.len()).filter_map(of).min_by_key(|route| (route.total, route.class))
}

/// Gives the routes of a hub their slots, and mends those that find none.
fn at_docks<'s>(
    case: HubCase<'s>,
    mut not_brought: Vec<NotBrought>,
    found: Found,
    docks: &mut Docks,
    progress: &dyn Progress,
) -> Result<HubDay<'s>, DayError> {
    let Found { mut routes, mut bound } = found;
    // What the search left out, it found no route for.
    for stop in 0..case.stops.len() {
        let listed = not_brought.iter().any(|none| none.stop == stop);
        if !listed && !serves_all(&case, &routes, &[stop]) {
            drop_stop(&mut routes, stop);
            not_brought.push(NotBrought { stop, pieces: case.stops[stop].pieces, why: WhyNot::NoRoute });
        }
    }
    let mut searches = 1;
    let timed = loop {
        match all_timed(&case, docks, &routes) {
            Ok(timed) => break timed,
            Err(_) if searches < MOST_SEARCHES => {
                searches += 1;
                let missing = |stop: &usize| not_brought.iter().any(|none| none.stop == *stop);
                let wanted: Vec<usize> = (0..case.stops.len()).filter(|stop| !missing(stop)).collect();
                let again = search(&case, &wanted, Windows::Free(docks), Effort::Plan, progress)?.routes;
                if serves_all(&case, &again, &wanted) && again != routes {
                    routes = again;
                } else {
                    searches = MOST_SEARCHES;
                }
            }
            Err(late) => {
                let (_, visits) = routes.remove(late);
                if let [(stop, _)] = visits[..] {
                    drop_stop(&mut routes, stop);
                    not_brought.push(NotBrought { stop, pieces: case.stops[stop].pieces, why: WhyNot::DockTaken });
                    bound = None;
                } else {
                    // Each by itself, in the class that is cheapest where docks are free.
                    let free = Docks::of(case.scenario).without_limits();
                    let own = visits.into_iter().map(|(stop, pieces)| {
                        let class = alone(&case, docks, stop, pieces.0).or_else(|| alone(&case, &free, stop, pieces.0));
                        (class.map_or(0, |route| route.class), vec![(stop, pieces)])
                    });
                    routes.extend(own.collect::<Vec<_>>());
                }
            }
        }
    };
    not_brought.sort_by_key(|none| none.stop);
    let mut day = HubDay { case, routes: timed, not_brought, bound: None };
    // The problem rounds otherwise than exact money, by micro-dollars.
    let total = day.total().ok_or(DayError::TooLarge)?;
    day.bound = bound.map(|bound| bound.min(total));
    Ok(day)
}

/// Whether routes bring all pieces of some stops.
pub(super) fn serves_all(case: &HubCase<'_>, routes: &[Sequence], wanted: &[usize]) -> bool {
    let brought = |stop: &usize| {
        let visits = routes.iter().flat_map(|route| &route.1).filter(|visit| visit.0 == *stop);
        visits.map(|visit| u64::from(visit.1.0)).sum::<u64>()
    };
    wanted.iter().all(|stop| brought(stop) == u64::from(case.stops[*stop].pieces.0))
}

/// Takes a stop out of all routes.
fn drop_stop(routes: &mut Vec<Sequence>, stop: usize) {
    routes.iter_mut().for_each(|route| route.1.retain(|visit| visit.0 != stop));
    routes.retain(|route| !route.1.is_empty());
}

/// Times and holds all routes, by their first visit; else holds nothing and tells which is the first that finds no time.
fn all_timed(case: &HubCase<'_>, docks: &mut Docks, routes: &[Sequence]) -> Result<Vec<TimedRoute>, usize> {
    let mut order: Vec<usize> = (0..routes.len()).collect();
    order.sort_by(|a, b| routes[*a].1.cmp(&routes[*b].1).then(routes[*a].0.cmp(&routes[*b].0)));
    let mut timed: Vec<TimedRoute> = Vec::with_capacity(routes.len());
    for at in order {
        match timetable(case, docks, routes[at].0, &routes[at].1) {
            Some(route) => {
                hold(case, docks, &route);
                timed.push(route);
            }
            None => {
                timed.iter().for_each(|route| give_back(case, docks, route));
                return Err(at);
            }
        }
    }
    Ok(timed)
}
