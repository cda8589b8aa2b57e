//! One route: the best path between two snapped points, road by road. Its totals are those of the matrix cell.
//!
//! Either engine gives exact distances to the target; the path then follows turns that keep its total ([`walk`]), at
//! each road the first one that does. Distances are unique, so the path is too: the same for both engines, any number
//! of threads, and however the network was loaded.

mod legs;
mod line;
mod walk;

#[cfg(test)]
mod tests;

pub use legs::{ClassShare, RouteLeg, Share};

use super::compute::{Snapped, check, reason};
use super::fast::Roads;
use super::graph::{Graph, Reversed};
use super::queue::Queue;
use super::search::{Targets, search};
use super::{MatrixError, NoPath, PathTotals};
use crate::hierarchy::{DistancesTo, Packed};
use crate::ids::{ArcIx, TurnIx};
use crate::lonlat::LonLat;
use crate::network::{PathWeight, Profile, RoadNetwork, Snap, Weight};
use crate::progress::Progress;
use crate::units::Decimetres;
use std::ops::Add;
use std::slice::from_ref;
use walk::Ends;

/// A road driven from one offset to another, and the turn into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The turn; `None` where the route starts.
    pub turn: Option<TurnIx>,
    /// Weight of the turn.
    pub turn_weight: Weight,
    /// The directed road.
    pub arc: ArcIx,
    /// Where on it the stretch begins, from its entry.
    pub from: Decimetres,
    /// Where on it the stretch ends, from its entry.
    pub to: Decimetres,
    /// Weight of the road between both.
    pub weight: Weight,
}

/// A best path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// What the matrix cell says.
    pub totals: PathTotals,
    /// Roads in order; never empty.
    pub stretches: Vec<Stretch>,
    /// Stretches put together by way and class; their shares sum to the totals.
    pub legs: Vec<RouteLeg>,
    /// Legs put together by road class, in order of the classes; their shares sum to the totals.
    pub classes: Vec<ClassShare>,
    start: LonLat,
    end: LonLat,
}

/// The best route between two points by a plain search, as [`super::compute`] finds it; or why there is none, the
/// first point being the "hub" of the reason.
///
/// # Errors
/// [`MatrixError`] when interrupted, when the arguments do not belong together, and when totals overflow.
pub fn route(
    network: &RoadNetwork,
    profile: &Profile,
    from: &Snapped,
    to: &Snapped,
    progress: &dyn Progress,
) -> Result<Result<Route, NoPath>, MatrixError> {
    check(network, profile, from_ref(from), from_ref(to))?;
    let ends = match ends(network, profile, from, to) {
        Ok(ends) => ends,
        Err(reason) => return Ok(Err(reason)),
    };
    let reversed = Reversed::of(network);
    let graph = Graph::backward(&reversed, profile);
    let mut queue = Queue::new(graph.arc_count());
    let targets = Targets::new(graph.arc_count(), [ends.from.starts.as_slice()]);
    let mut best = [ends.direct().map(|(weight, _)| weight.into())];
    search(&graph, &mut queue, &ends.to.ends, &targets, &mut best, progress)?;
    // A backward label stands at the arc's end.
    ends.route(|arc| {
        let through = profile.arc(arc).zip(queue.label(arc)).map(|(whole, rest)| PathWeight::from(whole) + rest);
        [through, ends.last(arc).map(PathWeight::from)].into_iter().flatten().min()
    })
}

impl Roads<'_> {
    /// The best route between two points, as [`Roads::compute`] finds it and within the same bounds; the same as
    /// [`route`]'s.
    ///
    /// # Errors
    /// As [`Roads::compute`].
    pub fn route(&self, from: &Snapped, to: &Snapped) -> Result<Result<Route, NoPath>, MatrixError> {
        check(self.network, self.profile, from_ref(from), from_ref(to))?;
        if !self.hierarchy.fits(self.network) {
            return Err(MatrixError::Mismatch("the hierarchy is"));
        }
        let ends = match ends(self.network, self.profile, from, to) {
            Ok(ends) => ends,
            Err(reason) => return Ok(Err(reason)),
        };
        let targets: Vec<(u32, Weight)> = ends.to.ends.iter().map(|(arc, partial)| (arc.0, *partial)).collect();
        let mut distances = DistancesTo::new(self.hierarchy.cch(), self.weights, &targets);
        let over_turns = ends.firsts().map(|first| {
            Packed::new(first.partial).plus(Packed::new(first.turn_weight)).plus(distances.from(first.into.0))
        });
        if over_turns.min().is_some_and(|best| best.is_finite() && best.weight().is_none()) {
            return Err(MatrixError::RouteTooLarge);
        }
        ends.route(|arc| distances.from(arc.0).weight().map(PathWeight::from))
    }
}

fn ends<'a>(
    network: &'a RoadNetwork,
    profile: &'a Profile,
    from: &'a Snapped,
    to: &'a Snapped,
) -> Result<Ends<'a>, NoPath> {
    let from = from.as_ref().map_err(|no_snap| reason(*no_snap, true))?;
    let to = to.as_ref().map_err(|no_snap| reason(*no_snap, false))?;
    Ok(Ends { network, profile, from, to })
}

impl Ends<'_> {
    /// The route by distances from the entry of an arc to the target.
    fn route(&self, distance: impl FnMut(ArcIx) -> Option<PathWeight>) -> Result<Result<Route, NoPath>, MatrixError> {
        let Some(stretches) = self.best(distance) else { return Ok(Err(NoPath::Unreachable)) };
        Route::new(self.network, self.profile, [self.from, self.to], stretches)
            .map(Ok)
            .ok_or(MatrixError::RouteTooLarge)
    }
}

impl Route {
    /// Adds up the stretches; `None` when totals do not fit.
    fn new(network: &RoadNetwork, profile: &Profile, [from, to]: [&Snap; 2], stretches: Vec<Stretch>) -> Option<Self> {
        let weights = stretches.iter().flat_map(|s| [s.turn_weight, s.weight]);
        let sum = weights.map(PathWeight::from).fold(PathWeight::default(), PathWeight::add);
        let legs = legs::by_way(network, profile, &stretches)?;
        Some(Self {
            totals: PathTotals::of(sum, &profile.rates())?,
            classes: legs::by_class(&legs)?,
            legs,
            stretches,
            start: from.at,
            end: to.at,
        })
    }
}
