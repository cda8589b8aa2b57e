//! Proven optima: column generation over routes, enumeration within the gap, exact cover.
//!
//! 1. The linear programme over routes is solved by *column generation*: HiGHS prices the stops, labelling finds routes that
//!    pay at those prices, until there are none (Desrochers, Desrosiers, Solomon, *Operations Research* 40, 1992). Each class has its
//!    own pricing. ng-routes are tightened until no cycle is left in the programme's solution.
//! 2. Prices are rounded to integers and the bound is computed from them in integers: any prices give a valid (Lagrangian) bound
//!    once every reduced cost is known to be at least something.
//! 3. All elementary routes that a better plan could use are enumerated, and an exhaustive integer search over them finds the
//!    optimum or proves the incumbent.
//!
//! A limit (labels, rounds, nodes) ends it early with the best bound so far. At most 255 stops.

mod backward;
mod cover;
mod enumerate;
mod generate;
mod labels;
mod master;
mod priced;
mod prices;
mod prove;
mod set;

pub(crate) use priced::{Paying, PricedRoute, can_price, paying};

use super::net::Net;
use super::search::Found;
use crate::progress::Progress;
use crate::solver::SolverError;

/// Limits of the proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExactOptions {
    /// Labels of one pricing or enumeration.
    pub labels: usize,
    /// Rounds of column generation.
    pub rounds: u32,
    /// Nodes of the final search, and a thousandth of it for HiGHS's.
    pub nodes: u64,
}

impl Default for ExactOptions {
    fn default() -> Self {
        Self { labels: 500_000, rounds: 1_000, nodes: 2_000_000 }
    }
}

/// The solver failed; nothing of it depends on the user's input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("linear solver: {0}")]
pub struct ExactError(pub(crate) String);

impl From<SolverError> for ExactError {
    fn from(error: SolverError) -> Self {
        Self(error.to_string())
    }
}

/// An answer with its bound. Both in micro-dollars, each unserved stop at [`Net::penalty`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Proven {
    pub(crate) found: Found,
    /// No plan costs less.
    pub(crate) bound: i64,
    /// Routes generated.
    pub(crate) columns: usize,
}

/// Improves a plan and bounds it from below.
pub(crate) fn prove(
    net: &Net,
    start: Found,
    options: ExactOptions,
    progress: &dyn Progress,
) -> Result<Proven, ExactError> {
    if net.points > set::MOST_POINTS || net.points < 2 {
        let bound = if net.points < 2 { 0 } else { trivial_bound(net) };
        return Ok(Proven { found: start, bound, columns: 0 });
    }
    prove::prove(net, start, options, progress)
}

/// Each stop is served by some arc into it: the cheapest of all.
pub(crate) fn trivial_bound(net: &Net) -> i64 {
    let cheapest = |point: usize| {
        let arcs = net.classes.iter().flat_map(|class| (0..net.points).map(move |from| class.cost(from, point)));
        arcs.min().unwrap_or(0).min(net.penalty())
    };
    net.stops().map(cheapest).sum()
}
