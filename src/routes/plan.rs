//! Routes that serve a problem, and their exact cost.

use super::error::RouteFault;
use super::problem::Problem;
use super::schedule::schedule;
use crate::units::{MicroDollars, Pieces};

/// A stop on a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Visit {
    /// Position in [`Problem::stops`].
    pub stop: usize,
    /// Pieces left there.
    pub pieces: Pieces,
}

/// A vehicle's day: from the depot over its visits, and back.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Route {
    /// Position in [`Problem::classes`].
    pub class: usize,
    /// In the order of driving; not empty.
    pub visits: Vec<Visit>,
}

/// Why no route comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnservedReason {
    /// No class may dock there.
    NoDock,
    /// No class that may dock has a road there (and back, where the return counts).
    NoRoad,
    /// Every class that gets there comes after the window, even on its own.
    TooLate,
    /// A trip there alone exceeds the duty limit, or ends after the depot closes, for every class.
    DutyTooLong,
    /// Every class that could come has no room for a single piece.
    NoRoom,
    /// Vehicles could come, but all there are serve other stops.
    NoVehicleLeft,
}

/// A stop that is not served, or not in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unserved {
    /// Position in [`Problem::stops`].
    pub stop: usize,
    /// Pieces that stay.
    pub pieces: Pieces,
    /// Why.
    pub reason: UnservedReason,
}

/// A complete answer: each piece of each stop is on a route or unserved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Sorted by class, then visits: the same plan has one form.
    pub routes: Vec<Route>,
    /// Sorted by stop.
    pub unserved: Vec<Unserved>,
}

/// Money of a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlanCost {
    /// Sum over the routes.
    pub routes: MicroDollars,
    /// Pieces unserved.
    pub unserved: u64,
}

impl Plan {
    /// Brings the plan into its one form.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        self.routes.sort();
        self.unserved.sort();
        self
    }

    /// Exact cost: every route is timed and priced by [`schedule`].
    ///
    /// # Errors
    /// The position of the first route that is none, and why.
    pub fn cost(&self, problem: &Problem) -> Result<PlanCost, (usize, RouteFault)> {
        let mut cost =
            PlanCost { unserved: self.unserved.iter().map(|u| u64::from(u.pieces.0)).sum(), ..PlanCost::default() };
        for (r, route) in self.routes.iter().enumerate() {
            let timed = schedule(problem, route).map_err(|fault| (r, fault))?;
            cost.routes = cost.routes.checked_add(timed.cost).ok_or((r, RouteFault::Overflow))?;
        }
        Ok(cost)
    }
}
