//! What each stop costs: by direct trips, at the margin, and allocated.

use super::docks::Docks;
use super::plan::{HubDay, serves_all};
use super::search::{DayError, Effort, Found, Windows, quick_cost, search};
use super::shares::{proportional, shapley};
use super::timetable::timetable;
use crate::progress::Progress;
use crate::units::{MicroDollars, Pieces};
use rayon::prelude::*;

/// What a stop bears when the cost of its hub's routes is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StopShare {
    /// The stop.
    pub stop: usize,
    /// By direct trips.
    pub direct: MicroDollars,
    /// Its Shapley value.
    pub shapley: MicroDollars,
    /// Standard error of that.
    pub shapley_error: MicroDollars,
    /// In proportion to direct trips.
    pub proportional: MicroDollars,
}

/// Cost of a stop three ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StopCost {
    /// By direct trips, and allocated.
    pub share: StopShare,
    /// What the hub's routes cost less without it.
    pub marginal: MicroDollars,
    /// The true marginal cost differs by at most this: neither the routes nor those without the stop are proven to be the
    /// cheapest. `None` where a bound is not known.
    pub marginal_uncertainty: Option<MicroDollars>,
}

/// Sums over stops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CostTotals {
    /// Direct trips.
    pub direct: MicroDollars,
    /// Shapley values.
    pub shapley: MicroDollars,
    /// In proportion.
    pub proportional: MicroDollars,
}

/// What the served stops of a hub bear of its routes, ascending.
///
/// The hub is searched again for each part of each order that is drawn.
///
/// # Errors
/// [`DayError`] when money does not fit, or the search fails.
pub fn stop_shares(day: &HubDay<'_>, progress: &dyn Progress) -> Result<Vec<StopShare>, DayError> {
    let (case, settings) = (&day.case, &day.case.scenario.settings);
    let (served, total) = (day.served(), day.total().ok_or(DayError::TooLarge)?);
    let direct: Vec<i64> = served.iter().map(|stop| case.stops[*stop].direct.map_or(0, |direct| direct.0)).collect();
    let shared = proportional(total.0, &direct);
    let coalition = |members: &[usize]| {
        let stops: Vec<usize> = members.iter().map(|at| served[*at]).collect();
        if progress.cancelled() { Ok(0) } else { quick_cost(case, &stops, progress) }
    };
    // Each hub draws orders of its own.
    let seed = settings.seed ^ (u64::from(case.hub.0) << 32);
    let values = shapley(served.len(), total.0, settings.routes.samples, seed, &coalition)?;
    let share = |(at, &stop): (usize, &usize)| StopShare {
        stop,
        direct: MicroDollars(direct[at]),
        shapley: MicroDollars(values.amounts[at]),
        shapley_error: MicroDollars(values.errors[at]),
        proportional: MicroDollars(shared[at]),
    };
    Ok(served.iter().enumerate().map(share).collect())
}

/// What the served stops of a hub cost, ascending: their shares, and for each stop a search without it.
///
/// # Errors
/// As [`stop_shares`].
pub fn stop_costs(day: &HubDay<'_>, progress: &dyn Progress) -> Result<Vec<StopCost>, DayError> {
    let shares = stop_shares(day, progress)?;
    let (served, total) = (day.served(), day.total().ok_or(DayError::TooLarge)?);
    let margins: Vec<Result<_, DayError>> =
        served.par_iter().map(|stop| without(day, &served, *stop, progress)).collect();
    let margins = margins.into_iter().collect::<Result<Vec<_>, _>>()?;
    let costs = shares.into_iter().zip(margins).map(|(share, (cost, bound))| {
        let uncertain = day.bound.zip(bound).and_then(|(whole, part)| {
            total.checked_sub(whole)?.checked_add(cost.checked_sub(part)?).map(|sum| sum.max(MicroDollars::ZERO))
        });
        Some(StopCost { share, marginal: total.checked_sub(cost)?, marginal_uncertainty: uncertain })
    });
    costs.collect::<Option<_>>().ok_or(DayError::TooLarge)
}

/// Least cost known of the routes without a stop, and its bound: of the search, or of the plan that leaves it out.
fn without(
    day: &HubDay<'_>,
    served: &[usize],
    stop: usize,
    progress: &dyn Progress,
) -> Result<(MicroDollars, Option<MicroDollars>), DayError> {
    let case = &day.case;
    let others: Vec<usize> = served.iter().copied().filter(|other| *other != stop).collect();
    if others.is_empty() {
        return Ok((MicroDollars::ZERO, Some(MicroDollars::ZERO)));
    }
    let free = Docks::of(case.scenario).without_limits();
    let kept = day.routes.iter().map(|route| {
        let visits: Vec<(usize, Pieces)> =
            route.visits.iter().filter(|visit| visit.stop != stop).map(|visit| (visit.stop, visit.pieces)).collect();
        if visits.is_empty() {
            Some(MicroDollars::ZERO)
        } else {
            Some(timetable(case, &free, route.class, &visits)?.total)
        }
    });
    let kept = kept.collect::<Option<Vec<_>>>().and_then(MicroDollars::sum);
    let proof = day.bound.is_some() && day.bound == day.total();
    let Found { routes, bound } = search(case, &others, Windows::Own, Effort::Margin { proof }, progress)?;
    let found = routes.iter().map(|(class, visits)| Some(timetable(case, &free, *class, visits)?.total));
    let found = found.collect::<Option<Vec<_>>>().and_then(MicroDollars::sum);
    let found = found.filter(|_| serves_all(case, &routes, &others));
    let best = [kept, found].into_iter().flatten().min().ok_or(DayError::TooLarge)?;
    Ok((best, bound.map(|bound| bound.min(best))))
}
