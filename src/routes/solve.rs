//! The whole answer for a depot: full loads, heuristic, bound and proof.

use super::error::RouteFault;
use super::exact::{ExactError, ExactOptions, prove, trivial_bound};
use super::net::Net;
use super::plan::{Plan, Route, Unserved, Visit};
use super::problem::Problem;
use super::search::{Found, SearchOptions, search};
use super::split::{Split, reason, split};
use crate::progress::Progress;
use crate::units::MicroDollars;

/// Effort of a solution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SolveOptions {
    /// The heuristic.
    pub search: SearchOptions,
    /// The proof; none: the heuristic's plan with a weak bound.
    pub exact: Option<ExactOptions>,
}

/// A plan and how good it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The plan.
    pub plan: Plan,
    /// Cost of its routes.
    pub cost: MicroDollars,
    /// No plan that serves as many stops costs less (under [`split`](super::split)'s rule). None while it is not proven that no more
    /// stops can be served.
    pub bound: Option<MicroDollars>,
    /// Stops unserved for want of vehicles; others are unserved in any plan.
    pub without_vehicle: usize,
    /// Routes in the last programme of the proof.
    pub columns: usize,
}

impl Answer {
    /// True when the bound is the cost: proven in integers.
    #[must_use]
    pub fn optimal(&self) -> bool {
        self.bound == Some(self.cost)
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SolveError {
    /// A failure inside.
    #[error(transparent)]
    Exact(#[from] ExactError),
    /// A route of the answer does not hold: a bug.
    #[error("route {0} of the plan: {1}")]
    Route(usize, RouteFault),
}

/// Plans the routes of a depot.
///
/// The same input and options give the same answer with any number of threads. When `progress` asks to stop, the best plan so far
/// comes with the bound so far.
///
/// # Errors
/// [`SolveError`]: a failing solver, or a bug.
pub fn solve(problem: &Problem, options: SolveOptions, progress: &dyn Progress) -> Result<Answer, SolveError> {
    let split = split(problem);
    let net = Net::new(&split.rest);
    let found = search(&net, options.search, progress);
    let (found, bound, columns) = match options.exact {
        Some(limits) => {
            let proven = prove(&net, found, limits, progress)?;
            (proven.found, proven.bound, proven.columns)
        }
        None => {
            let bound = trivial_bound(&net);
            (found, bound, 0)
        }
    };
    let plan = assemble(problem, &split, &found);
    let cost = plan.cost(problem).map_err(|(route, fault)| SolveError::Route(route, fault))?.routes;
    // Bounds of the rest count unserved stops at a penalty above any plan's cost.
    let full_loads = cost.0 - found.cost;
    let unserved = i64::try_from(found.unserved.len()).unwrap_or(i64::MAX);
    let rest = bound - net.penalty().saturating_mul(unserved);
    let bound = (rest > 0 || unserved == 0 || rest == found.cost).then(|| MicroDollars(full_loads + rest.max(0)));
    Ok(Answer { plan, cost, bound, without_vehicle: found.unserved.len(), columns })
}

/// The plan of the whole problem from that of its rest.
fn assemble(problem: &Problem, split: &Split, found: &Found) -> Plan {
    let visit = |point: &usize| {
        let stop = *split.positions.get(point.checked_sub(1)?)?;
        Some(Visit { stop, pieces: split.rest.stops().get(point - 1)?.demand })
    };
    let routes = found.routes.iter().map(|(class, points)| {
        let visits = points.iter().filter_map(visit).collect();
        Route { class: *class, visits }
    });
    let left = found.unserved.iter().filter_map(visit).map(|v| Unserved {
        stop: v.stop,
        pieces: v.pieces,
        reason: reason(problem, v.stop),
    });
    Plan {
        routes: split.full_loads.iter().cloned().chain(routes).collect(),
        unserved: split.unserved.iter().copied().chain(left).collect(),
    }
    .in_order()
}
