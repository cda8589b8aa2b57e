//! Routes and tables between any points of a map, for one vehicle class and departure after another.
//!
//! Each class at each departure is weighed and customized when it is first asked for, and kept. Routes and cells are
//! those of [`super::route`] and [`super::matrices`].

use super::region::weighed;
use super::route::RouteError;
use crate::hierarchy::{Customized, RoadHierarchy};
use crate::ids::{DepartureIx, VehicleIx};
use crate::lonlat::LonLat;
use crate::matrix::fast::Roads;
use crate::matrix::{Matrix, NoPath, Route};
use crate::network::{Closures, Components, Locator, NoSnap, Profile, ProfileError, RoadNetwork, Snap};
use crate::progress::Progress;
use crate::scenario::{ClosedRoad, MapSettings, Traffic, TurnCosts, VehicleClass};
use rayon::prelude::*;
use std::sync::OnceLock;

/// What roads are weighed with.
#[derive(Clone, Copy, Debug)]
pub struct Conditions<'a> {
    /// Vehicle classes.
    pub vehicles: &'a [VehicleClass],
    /// Roads that are closed beyond what the map says.
    pub closed_roads: &'a [ClosedRoad],
    /// Departure windows.
    pub traffic: &'a Traffic,
    /// Time lost in turns.
    pub turns: &'a TurnCosts,
    /// How points meet the map.
    pub map: &'a MapSettings,
}

/// A vehicle class at a departure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServedClass {
    vehicle: usize,
    departure: DepartureIx,
}

/// A map that answers for any points.
pub struct RoadService<'a> {
    network: &'a RoadNetwork,
    hierarchy: &'a RoadHierarchy,
    conditions: Conditions<'a>,
    closures: Closures,
    locator: Locator<'a>,
    /// By class and departure.
    weighed: Vec<OnceLock<Result<Weighed, ProfileError>>>,
}

struct Weighed {
    profile: Profile,
    components: Components,
    weights: Customized,
}

impl<'a> RoadService<'a> {
    /// Nothing is weighed yet. The hierarchy is that of the network.
    #[must_use]
    pub fn new(network: &'a RoadNetwork, hierarchy: &'a RoadHierarchy, conditions: Conditions<'a>) -> Self {
        let lanes = conditions.vehicles.len() * conditions.traffic.departures().count();
        Self {
            network,
            hierarchy,
            conditions,
            closures: Closures::new(network, conditions.closed_roads),
            locator: Locator::new(network),
            weighed: std::iter::repeat_with(OnceLock::new).take(lanes).collect(),
        }
    }

    /// The map.
    #[must_use]
    pub const fn network(&self) -> &'a RoadNetwork {
        self.network
    }

    /// Names of the vehicle classes, in their order.
    pub fn classes(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        self.conditions.vehicles.iter().map(|class| class.name.as_str())
    }

    /// Names of the departure windows, free flow first.
    pub fn windows(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        let traffic = self.conditions.traffic;
        traffic.departures().map(|departure| traffic.name(departure))
    }

    /// A class by its name at a departure by the name of its window; without one in free flow.
    #[must_use]
    pub fn class(&self, name: &str, window: Option<&str>) -> Option<ServedClass> {
        let vehicle = self.classes().position(|class| class == name)?;
        let window = window.unwrap_or(Traffic::FREE_FLOW);
        let departure = DepartureIx::from_index(self.windows().position(|known| known == window)?);
        Some(ServedClass { vehicle, departure })
    }

    /// Where points meet the roads of a class.
    ///
    /// # Errors
    /// When the class cannot be weighed.
    pub fn snap(&self, class: ServedClass, points: &[LonLat]) -> Result<Vec<Result<Snap, NoSnap>>, ProfileError> {
        let Weighed { profile, components, .. } = self.weighed(class)?;
        let snap = |at: &LonLat| self.locator.snap(*at, profile, components, self.conditions.map);
        Ok(points.par_iter().map(snap).collect())
    }

    /// The best route of a class between two points on its roads; or why there is none.
    ///
    /// # Errors
    /// When the class cannot be weighed, or the route does not fit.
    pub fn route(
        &self,
        class: ServedClass,
        from: &Result<Snap, NoSnap>,
        to: &Result<Snap, NoSnap>,
    ) -> Result<Result<Route, NoPath>, RouteError> {
        Ok(self.roads(self.weighed(class)?).route(from, to)?)
    }

    /// The best paths of a class from all sources to all targets and back, sources as hubs and targets as units.
    ///
    /// # Errors
    /// When the class cannot be weighed, when interrupted, or when a path does not fit.
    pub fn table(
        &self,
        class: ServedClass,
        sources: &[Result<Snap, NoSnap>],
        targets: &[Result<Snap, NoSnap>],
        progress: &dyn Progress,
    ) -> Result<Matrix, RouteError> {
        let vehicle = VehicleIx::from_index(class.vehicle);
        Ok(self.roads(self.weighed(class)?).compute(vehicle, sources, targets, progress)?)
    }

    fn roads<'w>(&'w self, weighed: &'w Weighed) -> Roads<'w> {
        let Weighed { profile, weights, .. } = weighed;
        Roads { network: self.network, profile, hierarchy: self.hierarchy, weights }
    }

    fn weighed(&self, class: ServedClass) -> Result<&Weighed, ProfileError> {
        let Conditions { vehicles, traffic, turns, .. } = self.conditions;
        let at = class.vehicle * traffic.departures().count() + class.departure.index();
        let make = || {
            let (vehicle, factors) = (VehicleIx::from_index(class.vehicle), traffic.factors(class.departure));
            let of = (vehicle, &vehicles[class.vehicle]);
            let profile = weighed(self.network, of, turns, &factors, &self.closures)?;
            let components = Components::new(self.network, &profile);
            let weights = self.hierarchy.customize(self.network, &profile);
            Ok(Weighed { profile, components, weights })
        };
        self.weighed[at].get_or_init(make).as_ref().map_err(Clone::clone)
    }
}
