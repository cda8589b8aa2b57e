//! One route on a map: weighed for a vehicle class, both ends placed, the best path found.

use super::points::{Point, judge};
use super::region::weighed;
use crate::diagnostics::Code;
use crate::ids::VehicleIx;
use crate::lonlat::LonLat;
use crate::matrix::{self, MatrixError, NoPath, Route};
use crate::network::{Closures, Components, Locator, NoSnap, ProfileError, RoadNetwork, Snap};
use crate::progress::Progress;
use crate::scenario::{ClosedRoad, MapSettings, OutsideMap, SpeedFactors, TurnCosts, VehicleClass};

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RouteError {
    /// The vehicle class cannot be weighed.
    #[error(transparent)]
    Vehicle(#[from] ProfileError),
    /// The search failed.
    #[error(transparent)]
    Search(#[from] MatrixError),
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct RouteJob<'a> {
    /// Who drives.
    pub vehicle: &'a VehicleClass,
    /// Its position in the vehicle file, as closed roads name it.
    pub class: VehicleIx,
    /// Roads that are closed beyond what the map says.
    pub closed_roads: &'a [ClosedRoad],
    /// Speeds at the time of departure.
    pub factors: &'a SpeedFactors,
    /// Time lost in turns.
    pub turns: &'a TurnCosts,
    /// How points meet the map.
    pub map: &'a MapSettings,
    /// Where it starts.
    pub from: LonLat,
    /// Where it ends.
    pub to: LonLat,
}

/// One of both ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteEnd {
    /// Where the route starts.
    From,
    /// Where it ends.
    To,
}

/// Something to know about an end, such as its distance to the road.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteNote {
    /// Which end.
    pub end: RouteEnd,
    /// Which finding it would be in a table.
    pub code: Code,
    /// The sentence.
    pub message: String,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct FoundRoute {
    /// Where the start meets the map.
    pub from: Result<Snap, NoSnap>,
    /// Where the end meets the map.
    pub to: Result<Snap, NoSnap>,
    /// What is to be known about both.
    pub notes: Vec<RouteNote>,
    /// The route, or why there is none; the start is the "hub" of the reason.
    pub route: Result<Route, NoPath>,
}

/// Finds the best route by a plain search: for one route that costs no more than a customization, and over the hierarchy
/// it would be the same ([`Roads::route`](crate::matrix::fast::Roads::route)).
///
/// # Errors
/// [`RouteError`] names what to change.
pub fn route(network: &RoadNetwork, job: &RouteJob<'_>, progress: &dyn Progress) -> Result<FoundRoute, RouteError> {
    progress.begin("route", None);
    let closures = Closures::new(network, job.closed_roads);
    let profile = weighed(network, (job.class, job.vehicle), job.turns, job.factors, &closures)?;
    let components = Components::new(network, &profile);
    let locator = Locator::new(network);
    let [from, to] = [job.from, job.to].map(|at| locator.snap(at, &profile, &components, job.map));
    let route = matrix::route(network, &profile, &from, &to, progress)?;
    let mut notes = Vec::new();
    for (end, at, snap) in [(RouteEnd::From, job.from, &from), (RouteEnd::To, job.to, &to)] {
        let point = Point { at, snaps: vec![snap] };
        let mut say = |code, message, _: &str| notes.push(RouteNote { end, code, message });
        judge(&point, network.bounds(), job.map, OutsideMap::Reject, &mut say);
    }
    if progress.cancelled() {
        return Err(MatrixError::Interrupted.into());
    }
    progress.finish(&match &route {
        Ok(route) => format!("road arcs: {}, legs: {}", route.stretches.len(), route.legs.len()),
        Err(reason) => reason.word(),
    });
    Ok(FoundRoute { from, to, notes, route })
}
