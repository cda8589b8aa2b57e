//! Matrices of a scenario: every vehicle class at every departure, over one hierarchy.
//!
//! A [`Prepared`] region holds what no setting changes: network, hierarchy, and points that met the roads. Prices, wages,
//! speeds, traffic and closed roads are laid over it anew for each question; points are snapped again only where what a
//! class may use has changed. Each class and departure is one customization; several at once take one SIMD lane each
//! where memory permits. Where few searches are needed and there is no hierarchy, they are made plainly: the same cells.

use super::lanes::{Class, Departing, Lane, Question, in_groups};
use super::region::{Region, build_hierarchy, usable_vehicles};
use super::run::RunError;
use super::tiles::MatrixTiles;
use crate::cost;
use crate::hierarchy::{Customized, Packed, RoadHierarchy, Sixteen};
use crate::ids::{DepartureIx, VehicleIx};
use crate::lonlat::LonLat;
use crate::matrix::fast::{Roads, SelectedRoads};
use crate::matrix::{self, Matrix};
use crate::network::{Closures, Locator};
use crate::progress::Progress;
use crate::scenario::{ClosedRoad, MapSettings, Scenario, TurnCosts, VehicleClass};
use std::sync::{Arc, OnceLock};

/// Plain searches that cost as much as building a hierarchy: with fewer to do, they are the faster engine.
const SEARCHES_WORTH_A_HIERARCHY: usize = 24;

/// Most bytes that the weights of several profiles customized together may take; else they are customized one by one.
const MOST_BYTES_TOGETHER: usize = 4 << 30;

/// A region with its hierarchy, ready for one scenario after another.
pub struct Prepared<'a> {
    region: &'a Region,
    opened: Opened,
    /// Where the map was not prepared.
    built: OnceLock<RoadHierarchy>,
    locator: OnceLock<Locator<'a>>,
    most_bytes_together: usize,
}

/// What the region's profiles and snapped points were made of.
pub(super) struct Opened {
    pub(super) vehicles: Vec<VehicleClass>,
    pub(super) turns: TurnCosts,
    pub(super) closed_roads: Vec<ClosedRoad>,
    pub(super) map: MapSettings,
    pub(super) points: [Vec<LonLat>; 2],
}

/// What [`Prepared::matrices`] gives.
#[derive(Clone, Debug)]
pub struct Answer {
    /// One matrix a vehicle class and departure that the costs need.
    pub matrices: Vec<Matrix>,
    /// Classes whose points were snapped again, because roads or points differ from those of the region.
    pub snapped_again: Vec<VehicleIx>,
}

/// Matrices that the costs of a region's own scenario need, see [`Prepared::matrices`].
///
/// # Errors
/// As [`Prepared::matrices`].
pub fn matrices(scenario: &Scenario, region: &Region, progress: &dyn Progress) -> Result<Vec<Matrix>, RunError> {
    Ok(Prepared::new(scenario, region).matrices(scenario, progress)?.matrices)
}

/// What is done on the customized roads of a lane.
pub(super) trait Visitor {
    /// Works with the roads of a lane, for whose class and departure `at` holds the points.
    fn visit(&mut self, lane: &Lane, at: &Departing<'_>, roads: &Roads<'_>) -> Result<(), RunError>;
}

/// Selects what paths between hubs and units need and hands it on; with the classes of the lanes.
struct Select<'v, F>(&'v [VehicleIx], F);

impl<F: FnMut(&Lane, SelectedRoads) -> Result<(), RunError>> Visitor for Select<'_, F> {
    fn visit(&mut self, lane: &Lane, at: &Departing<'_>, roads: &Roads<'_>) -> Result<(), RunError> {
        (self.1)(lane, roads.select(self.0[lane.class], &at.hubs, &at.ddus)?)
    }
}

impl<'a> Prepared<'a> {
    /// Prepares a region for the scenario that opened it and for changes of that. A hierarchy is built when it is first
    /// needed, but for a prepared map.
    #[must_use]
    pub fn new(scenario: &Scenario, region: &'a Region) -> Self {
        let opened = Opened {
            vehicles: scenario.vehicles.clone(),
            turns: scenario.settings.turns,
            closed_roads: scenario.closed_roads.clone(),
            map: scenario.settings.map,
            points: points(scenario),
        };
        let (built, locator) = (OnceLock::new(), OnceLock::new());
        Self { region, opened, built, locator, most_bytes_together: MOST_BYTES_TOGETHER }
    }

    /// The same with another bound on the memory of profiles that are customized together; 0 customizes one by one. The
    /// cells do not depend on it.
    #[must_use]
    pub fn with_most_bytes_together(mut self, bytes: usize) -> Self {
        self.most_bytes_together = bytes;
        self
    }

    /// Matrices of a scenario that may differ from the region's own in every setting, vehicle class and closed road: of
    /// each class in use, the departures in which its hauls leave hubs and units.
    ///
    /// # Errors
    /// When interrupted, when a class cannot be weighed, when a path's totals overflow, or when a release time is
    /// outside the calendar.
    pub fn matrices(&self, scenario: &Scenario, progress: &dyn Progress) -> Result<Answer, RunError> {
        let classes = self.classes(scenario)?;
        let releases = cost::release_departures(scenario)?;
        let lanes = |class: usize| releases.iter().map(move |departure| Lane { class, departure: *departure });
        let first: Vec<Lane> = (0..classes.len()).flat_map(lanes).collect();
        let mut matrices = self.compute(scenario, &classes, &first, progress)?;
        // Where vehicles drive home in other windows, these follow from the travel times.
        let missing = cost::hauls(scenario, &matrices)?.missing_returns();
        let lane = |(vehicle, departure): (VehicleIx, DepartureIx)| {
            Some(Lane { class: classes.iter().position(|class| class.vehicle == vehicle)?, departure })
        };
        let then: Vec<Lane> = missing.into_iter().filter_map(lane).collect();
        matrices.extend(self.compute(scenario, &classes, &then, progress)?);
        let again = classes.iter().filter(|class| class.snapped_again).map(|class| class.vehicle);
        Ok(Answer { matrices, snapped_again: again.collect() })
    }

    /// All matrices of a scenario, every class and departure, to be written in tiles of hubs: none is held in memory. What
    /// is returned needs the region, but neither this nor the hierarchy.
    ///
    /// # Errors
    /// As [`Prepared::matrices`].
    pub fn tiles<'s>(&self, scenario: &'s Scenario, progress: &dyn Progress) -> Result<MatrixTiles<'s>, RunError>
    where
        'a: 's,
    {
        let classes = self.classes(scenario)?;
        let departures =
            |class: usize| scenario.settings.traffic.departures().map(move |d| Lane { class, departure: d });
        let lanes: Vec<Lane> = (0..classes.len()).flat_map(departures).collect();
        if let Some(matrices) = self.plainly(scenario, &classes, &lanes, progress)? {
            return Ok(MatrixTiles::of_matrices(scenario, classes, matrices));
        }
        let mut selected = Vec::with_capacity(lanes.len());
        let vehicles: Vec<VehicleIx> = classes.iter().map(|class| class.vehicle).collect();
        let mut select = Select(&vehicles, |_: &Lane, roads| {
            selected.push(roads);
            Ok(())
        });
        self.each(scenario, &classes, &lanes, progress, &mut select)?;
        Ok(MatrixTiles::of_roads(scenario, classes, lanes, selected))
    }

    pub(super) fn classes<'s>(&self, scenario: &'s Scenario) -> Result<Vec<Class<'s>>, RunError>
    where
        'a: 's,
    {
        let closures = Arc::new(Closures::new(&self.region.network, &scenario.closed_roads));
        let question = Question { scenario, points: points(scenario), closures };
        let locator = || self.locator.get_or_init(|| Locator::new(&self.region.network));
        let region: &'s Region = self.region;
        let class = |(vehicle, class)| Class::new(region, &self.opened, &question, vehicle, class, &locator);
        Ok(usable_vehicles(scenario).map(class).collect::<Result<_, _>>()?)
    }

    fn compute(
        &self,
        scenario: &Scenario,
        classes: &[Class<'_>],
        lanes: &[Lane],
        progress: &dyn Progress,
    ) -> Result<Vec<Matrix>, RunError> {
        if let Some(matrices) = self.plainly(scenario, classes, lanes, progress)? {
            return Ok(matrices);
        }
        let mut matrices = Vec::with_capacity(lanes.len());
        let vehicles: Vec<VehicleIx> = classes.iter().map(|class| class.vehicle).collect();
        let mut select = Select(&vehicles, |lane: &Lane, roads: SelectedRoads| {
            let mut matrix = roads.compute(progress)?;
            matrix.departure = lane.departure;
            matrices.push(matrix);
            Ok(())
        });
        self.each(scenario, classes, lanes, progress, &mut select)?;
        Ok(matrices)
    }

    /// Plain searches, where they are few and nobody has built a hierarchy yet.
    fn plainly(
        &self,
        scenario: &Scenario,
        classes: &[Class<'_>],
        lanes: &[Lane],
        progress: &dyn Progress,
    ) -> Result<Option<Vec<Matrix>>, RunError> {
        let searches = 2 * lanes.len() * scenario.hubs.len().min(scenario.ddus.len());
        let ready = self.region.hierarchy.is_some() || self.built.get().is_some();
        if ready || searches >= SEARCHES_WORTH_A_HIERARCHY {
            return Ok(None);
        }
        let network = &self.region.network;
        let plain = |lane: &Lane| {
            let class = &classes[lane.class];
            let at = class.departing(network, scenario, lane.departure)?;
            let mut matrix = matrix::compute(network, &at.profile, class.vehicle, &at.hubs, &at.ddus, progress)?;
            matrix.departure = lane.departure;
            Ok(matrix)
        };
        lanes.iter().map(plain).collect::<Result<Vec<_>, RunError>>().map(Some)
    }

    /// Customizes each lane and hands its roads to a visitor; the weights are then dropped.
    pub(super) fn each(
        &self,
        scenario: &Scenario,
        classes: &[Class<'_>],
        lanes: &[Lane],
        progress: &dyn Progress,
        visitor: &mut impl Visitor,
    ) -> Result<(), RunError> {
        if lanes.is_empty() {
            return Ok(());
        }
        let (network, hierarchy) = (&self.region.network, self.hierarchy(progress)?);
        let cch = hierarchy.cch();
        let arcs = cch.up().arc_count() + cch.down().arc_count();
        let name = |lane: &Lane| {
            let class = scenario.vehicles.get(classes[lane.class].vehicle.index()).map_or("", |class| &class.name);
            format!("{class}, {}", scenario.settings.traffic.name(lane.departure))
        };
        let mut one = Customized::default();
        let together = arcs.saturating_mul(Sixteen::BYTES_PER_ARC) <= self.most_bytes_together;
        for group in in_groups(lanes, together) {
            if progress.cancelled() {
                return Err(RunError::Interrupted);
            }
            progress.begin("customize", None);
            let at = |lane: &Lane| classes[lane.class].departing(network, scenario, lane.departure);
            let lanes_at = group.iter().map(at).collect::<Result<Vec<_>, _>>()?;
            if let ([lane], [at]) = (group, &lanes_at[..]) {
                let profile = &*at.profile;
                let weights = hierarchy.customize(network, profile);
                progress.finish(&name(lane));
                visitor.visit(lane, at, &Roads { network, profile, hierarchy, weights: &weights })?;
                continue;
            }
            let together: Customized<Sixteen> = Customized::new(cch, |turn| {
                let mut weights = [Packed::INFINITE; 16];
                for (weight, at) in weights.iter_mut().zip(&lanes_at) {
                    *weight = hierarchy.weight(network, &at.profile, turn);
                }
                Sixteen::new(&weights)
            });
            progress.finish(&format!("{} vehicle classes and departures at once", group.len()));
            for (lane, at) in group.iter().zip(&lanes_at) {
                let profile = &*at.profile;
                together.one_into(cch, |turn| hierarchy.weight(network, profile, turn), &mut one);
                visitor.visit(lane, at, &Roads { network, profile, hierarchy, weights: &one })?;
            }
        }
        Ok(())
    }

    fn hierarchy(&self, progress: &dyn Progress) -> Result<&RoadHierarchy, RunError> {
        if let Some(hierarchy) = self.region.hierarchy.as_ref().or_else(|| self.built.get()) {
            return Ok(hierarchy);
        }
        let built = build_hierarchy(&self.region.network, progress)?;
        Ok(self.built.get_or_init(|| built))
    }
}

fn points(scenario: &Scenario) -> [Vec<LonLat>; 2] {
    [scenario.hubs.iter().map(|hub| hub.at).collect(), scenario.ddus.iter().map(|ddu| ddu.at).collect()]
}
