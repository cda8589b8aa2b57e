//! All hauls of a scenario, worked out on demand from the matrices.
//!
//! Nothing is tabulated: a haul is a handful of multiplications on two matrix cells, and a national table of options
//! would be larger than the matrices themselves. What is common to a class or a hub is prepared once.

use super::CostError;
use super::arrival::{arrival, leaves_dock, minute_of_day, release};
use super::haul::{HaulSource, NoHaul, VehicleTrip};
use super::trip::TripRates;
use crate::ids::{DduIx, DepartureIx, HubIx, VehicleIx};
use crate::matrix::Matrix;
use crate::scenario::{ClassOption, Ddu, Hub, Scenario, VehicleClass};
use crate::units::{Millis, Pieces};
use jiff::Timestamp;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// A class that may be used, with its matrices.
#[derive(Clone, Debug)]
pub(super) struct Class<'a> {
    pub(super) vehicle: VehicleIx,
    pub(super) class: &'a VehicleClass,
    /// By departure.
    pub(super) matrices: Vec<Option<&'a Matrix>>,
    pub(super) pieces_per_trip: Pieces,
    pub(super) rates: TripRates,
}

/// A class with its trip, or the reason why it has none.
pub type ClassTrip = (VehicleIx, Result<VehicleTrip, NoHaul>);

/// Hauls of all hubs to all units; see [`hauls`].
#[derive(Clone, Debug)]
pub struct Hauls<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) classes: Vec<Class<'a>>,
    pub(super) releases: Vec<Release>,
}

/// When vehicles may leave a hub.
#[derive(Clone, Copy, Debug)]
pub(super) struct Release {
    pub(super) at: Timestamp,
    departure: DepartureIx,
}

fn releases(scenario: &Scenario) -> Result<Vec<Release>, CostError> {
    let settings = &scenario.settings;
    let of = |hub: &Hub| {
        let at = release(hub, settings.operating_date)?;
        Ok(Release { at, departure: settings.traffic.at(minute_of_day(at, &hub.timezone)) })
    };
    scenario.hubs.iter().map(of).collect()
}

/// Departure windows of all release times: what [`hauls`] needs a matrix of each class for. Those of the return legs
/// follow from these matrices, see [`Hauls::missing_returns`].
///
/// # Errors
/// When a release time is outside the calendar.
pub fn release_departures(scenario: &Scenario) -> Result<BTreeSet<DepartureIx>, CostError> {
    Ok(releases(scenario)?.iter().map(|release| release.departure).collect())
}

/// Departure window of each hub's release time.
///
/// # Errors
/// When a release time is outside the calendar.
pub fn hub_departures(scenario: &Scenario) -> Result<Vec<DepartureIx>, CostError> {
    Ok(releases(scenario)?.iter().map(|release| release.departure).collect())
}

/// Prepares the hauls of a scenario from one matrix per vehicle class and departure, in any order.
///
/// Classes are those of `cost.vehicles`, or all where that is empty. Matrices of other classes are not used.
///
/// # Errors
/// [`CostError`] when a class is unknown, has no matrix for a release time or one of another shape, when a rate is out
/// of range, or when a release time is outside the calendar.
pub fn hauls<'a>(scenario: &'a Scenario, matrices: &'a [Matrix]) -> Result<Hauls<'a>, CostError> {
    let settings = &scenario.settings;
    let named = &settings.cost.vehicles;
    if let Some(name) = named.iter().find(|name| scenario.vehicles.iter().all(|v| v.name != **name)) {
        return Err(CostError::UnknownVehicle { name: name.clone() });
    }
    let mut classes = Vec::new();
    for (position, class) in scenario.vehicles.iter().enumerate() {
        if !named.is_empty() && !named.contains(&class.name) {
            continue;
        }
        let vehicle = VehicleIx::from_index(position);
        let matrices = matrices_of(scenario, vehicle, class, matrices)?;
        let parcel = settings.parcel;
        let pieces_per_trip = class.pieces_per_trip(parcel.mean_cube_millicuft, parcel.mean_weight_millilb);
        let rates = TripRates::of(class, pieces_per_trip, settings.cost.deadhead_share)?;
        classes.push(Class { vehicle, class, matrices, pieces_per_trip, rates });
    }
    if classes.is_empty() {
        return Err(CostError::NoVehicle);
    }
    let releases = releases(scenario)?;
    for class in &classes {
        for release in &releases {
            matrix_for(scenario, class.class, &class.matrices, release.departure)?;
        }
    }
    Ok(Hauls { scenario, classes, releases })
}

/// The matrices of a class by departure.
fn matrices_of<'a>(
    scenario: &Scenario,
    vehicle: VehicleIx,
    class: &VehicleClass,
    matrices: &'a [Matrix],
) -> Result<Vec<Option<&'a Matrix>>, CostError> {
    let (hubs, ddus) = (scenario.hubs.len(), scenario.ddus.len());
    let mut by_departure = vec![None; scenario.settings.traffic.departures().count()];
    for matrix in matrices.iter().filter(|matrix| matrix.vehicle == vehicle) {
        if matrix.columns != ddus || Some(matrix.cells()) != hubs.checked_mul(ddus) {
            return Err(CostError::MatrixShape { vehicle: class.name.clone(), hubs, ddus });
        }
        if let Some(place) = by_departure.get_mut(matrix.departure.index()) {
            *place = Some(matrix);
        }
    }
    Ok(by_departure)
}

fn matrix_for<'a>(
    scenario: &Scenario,
    class: &VehicleClass,
    matrices: &[Option<&'a Matrix>],
    departure: DepartureIx,
) -> Result<&'a Matrix, CostError> {
    matrices.get(departure.index()).copied().flatten().ok_or_else(|| CostError::NoMatrix {
        vehicle: class.name.clone(),
        departure: scenario.settings.traffic.name(departure).to_owned(),
    })
}

impl Hauls<'_> {
    /// Classes that may be used, in order of their index.
    pub fn vehicles(&self) -> impl Iterator<Item = VehicleIx> + '_ {
        self.classes.iter().map(|class| class.vehicle)
    }

    /// Classes and departures of return legs for which there is no matrix yet.
    #[must_use]
    pub fn missing_returns(&self) -> BTreeSet<(VehicleIx, DepartureIx)> {
        if self.scenario.settings.traffic.windows.is_empty() {
            return BTreeSet::new();
        }
        let of_hub = |(hub, release): (usize, &Release)| {
            let mut missing = BTreeSet::new();
            for class in &self.classes {
                let Some(matrix) = class.matrices.get(release.departure.index()).copied().flatten() else { continue };
                for (ddu, unit) in self.scenario.ddus.iter().enumerate() {
                    let outbound = matrix.outbound(HubIx::from_index(hub), DduIx::from_index(ddu));
                    let departure = outbound.ok().and_then(|out| self.leaves(class, *release, out.time, unit));
                    let known = |d: &DepartureIx| class.matrices.get(d.index()).is_some_and(Option::is_some);
                    missing.extend(departure.filter(|d| !known(d)).map(|d| (class.vehicle, d)));
                }
            }
            missing
        };
        let by_hub = self.releases.par_iter().enumerate().map(of_hub);
        by_hub.reduce(BTreeSet::new, |mut all, hub| {
            all.extend(hub);
            all
        })
    }

    /// Window in which a vehicle leaves the dock; `None` outside the calendar. Every trip is taken to be full, so that
    /// the cost of a trip does not depend on its last piece.
    fn leaves(&self, class: &Class<'_>, release: Release, travel: Millis, unit: &Ddu) -> Option<DepartureIx> {
        let traffic = &self.scenario.settings.traffic;
        if traffic.windows.is_empty() {
            return Some(DepartureIx::default());
        }
        let at = leaves_dock(release.at, travel, class.rates.dwell())?;
        Some(traffic.at(minute_of_day(at, &unit.timezone)))
    }

    /// Each class that may be used with its trip, or the reason why it has none; in order of class index.
    ///
    /// # Errors
    /// [`CostError`] when an index is not of this scenario, or money or calendar overflow.
    pub fn by_class(&self, hub: HubIx, ddu: DduIx) -> Result<Vec<ClassTrip>, CostError> {
        let unknown = CostError::UnknownPair { hub: hub.0, ddu: ddu.0 };
        let (Some(&release), Some(unit)) = (self.releases.get(hub.index()), self.scenario.ddus.get(ddu.index())) else {
            return Err(unknown);
        };
        self.classes.iter().map(|class| Ok((class.vehicle, self.trip(class, hub, release, ddu, unit)?))).collect()
    }

    fn trip(
        &self,
        class: &Class<'_>,
        hub: HubIx,
        release: Release,
        ddu: DduIx,
        unit: &Ddu,
    ) -> Result<Result<VehicleTrip, NoHaul>, CostError> {
        let hub_id = || self.scenario.hubs.get(hub.index()).map(|hub| hub.id.clone()).unwrap_or_default();
        // In range: `hauls` has checked the shapes of the matrices, `by_class` both indices.
        let matrix = |departure| matrix_for(self.scenario, class.class, &class.matrices, departure);
        let outbound = match matrix(release.departure)?.outbound(hub, ddu) {
            Ok(outbound) => outbound,
            Err(reason) => return Ok(Err(NoHaul::NoPath(reason))),
        };
        let Some(return_departure) = self.leaves(class, release, outbound.time, unit) else {
            return Err(CostError::Calendar { hub: hub_id() });
        };
        let inbound = match matrix(return_departure)?.inbound(hub, ddu) {
            Ok(inbound) => inbound,
            Err(reason) => return Ok(Err(NoHaul::NoPath(reason))),
        };
        if !fits_dock(class.class, unit) {
            return Ok(Err(NoHaul::VehicleTooLargeForDock));
        }
        if class.pieces_per_trip.0 == 0 {
            return Ok(Err(NoHaul::PieceDoesNotFit));
        }
        let Some((trip, duration)) = class.rates.trip(&outbound, &inbound) else {
            let vehicle = class.class.name.clone();
            return Err(CostError::TooLarge { hub: hub_id(), ddu: unit.id.clone(), vehicle });
        };
        let operating = self.scenario.settings.operating_date;
        let Some(arrival) = arrival(release.at, outbound.time, unit, operating) else {
            return Err(CostError::Calendar { hub: hub_id() });
        };
        Ok(Ok(VehicleTrip {
            vehicle: class.vehicle,
            pieces_per_trip: class.pieces_per_trip,
            outbound,
            outbound_departure: release.departure,
            inbound,
            return_departure,
            trip,
            duration,
            handling_per_piece: class.class.rates.per_piece,
            arrival,
            dwell: class.rates.dwell(),
        }))
    }
}

impl HaulSource for Hauls<'_> {
    fn options(&self, hub: HubIx, ddu: DduIx) -> Result<Vec<ClassOption>, CostError> {
        let classes = self.by_class(hub, ddu)?;
        Ok(classes.into_iter().map(|(vehicle, trip)| (vehicle, trip.map(|trip| trip.option()))).collect())
    }
}

/// True when the class respects the dock's length and height limits; a limit equal to the vehicle lets it in.
#[must_use]
pub fn fits_dock(class: &VehicleClass, unit: &Ddu) -> bool {
    let within = |size: u32, limit: Option<u32>| limit.is_none_or(|limit| size <= limit);
    within(class.length_mm, unit.max_length_mm) && within(class.height_mm, unit.max_height_mm)
}
