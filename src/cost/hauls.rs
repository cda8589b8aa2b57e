//! All hauls of a scenario, worked out on demand from the matrices.
//!
//! Nothing is tabulated: a haul is a handful of multiplications on two matrix cells, and a national table of options
//! would be larger than the matrices themselves. What is common to a class or a hub is prepared once.

use super::CostError;
use super::arrival::{arrival, release};
use super::haul::{Haul, NoHaul, VehicleOption};
use super::trip::TripRates;
use crate::ids::{DduIx, HubIx, VehicleIx};
use crate::matrix::Matrix;
use crate::scenario::{Ddu, Scenario, VehicleClass};
use crate::units::Pieces;
use jiff::Timestamp;

/// A class that may be used, with its matrix.
#[derive(Clone, Debug)]
struct Class<'a> {
    vehicle: VehicleIx,
    class: &'a VehicleClass,
    matrix: &'a Matrix,
    pieces_per_trip: Pieces,
    rates: TripRates,
}

/// A class with its way to make a haul, or the reason why it has none.
pub type ClassOption = (VehicleIx, Result<VehicleOption, NoHaul>);

/// Hauls of all hubs to all units; see [`hauls`].
#[derive(Clone, Debug)]
pub struct Hauls<'a> {
    scenario: &'a Scenario,
    classes: Vec<Class<'a>>,
    releases: Vec<Timestamp>,
}

/// Prepares the hauls of a scenario from one matrix per vehicle class, in any order.
///
/// Classes are those of `cost.vehicles`, or all where that is empty. Matrices of other classes are not used.
///
/// # Errors
/// [`CostError`] when a class is unknown or has no fitting matrix, when a rate is out of range, or when a release time
/// is outside the calendar.
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
        let matrix = matrix_of(scenario, vehicle, class, matrices)?;
        let parcel = settings.parcel;
        let pieces_per_trip = class.pieces_per_trip(parcel.mean_cube_millicuft, parcel.mean_weight_millilb);
        let rates = TripRates::of(class, pieces_per_trip, settings.cost.deadhead_share)?;
        classes.push(Class { vehicle, class, matrix, pieces_per_trip, rates });
    }
    if classes.is_empty() {
        return Err(CostError::NoVehicle);
    }
    let releases = scenario.hubs.iter().map(|hub| release(hub, settings.operating_date)).collect::<Result<_, _>>()?;
    Ok(Hauls { scenario, classes, releases })
}

fn matrix_of<'a>(
    scenario: &Scenario,
    vehicle: VehicleIx,
    class: &VehicleClass,
    matrices: &'a [Matrix],
) -> Result<&'a Matrix, CostError> {
    let Some(matrix) = matrices.iter().find(|matrix| matrix.vehicle == vehicle) else {
        return Err(CostError::NoMatrix { vehicle: class.name.clone() });
    };
    let (hubs, ddus) = (scenario.hubs.len(), scenario.ddus.len());
    let cells = hubs.checked_mul(ddus);
    if matrix.columns == ddus && Some(matrix.outbound.len()) == cells && Some(matrix.inbound.len()) == cells {
        Ok(matrix)
    } else {
        Err(CostError::MatrixShape { vehicle: class.name.clone(), hubs, ddus })
    }
}

impl Hauls<'_> {
    /// Classes that may be used, in order of their index.
    pub fn vehicles(&self) -> impl Iterator<Item = VehicleIx> + '_ {
        self.classes.iter().map(|class| class.vehicle)
    }

    /// All ways from a hub to a unit.
    ///
    /// # Errors
    /// [`CostError`] when an index is not of this scenario, or money or calendar overflow.
    pub fn get(&self, hub: HubIx, ddu: DduIx) -> Result<Haul, CostError> {
        let mut options = Vec::with_capacity(self.classes.len());
        let mut gravest: Option<NoHaul> = None;
        for (_, option) in self.by_class(hub, ddu)? {
            match option {
                Ok(option) => options.push(option),
                Err(reason) => {
                    // Of several reasons the one nearest to success is told: it names what would have to change.
                    if gravest.as_ref().is_none_or(|known| known.progress() < reason.progress()) {
                        gravest = Some(reason);
                    }
                }
            }
        }
        let options = match gravest {
            Some(reason) if options.is_empty() => Err(reason),
            _ => Ok(options),
        };
        Ok(Haul { hub, ddu, options })
    }

    /// Each class that may be used with its option, or the reason why it has none; in order of class index.
    ///
    /// # Errors
    /// As [`Hauls::get`].
    pub fn by_class(&self, hub: HubIx, ddu: DduIx) -> Result<Vec<ClassOption>, CostError> {
        let unknown = CostError::UnknownPair { hub: hub.0, ddu: ddu.0 };
        let (Some(&leaves), Some(unit)) = (self.releases.get(hub.index()), self.scenario.ddus.get(ddu.index())) else {
            return Err(unknown);
        };
        self.classes.iter().map(|class| Ok((class.vehicle, self.option(class, hub, leaves, ddu, unit)?))).collect()
    }

    fn option(
        &self,
        class: &Class<'_>,
        hub: HubIx,
        leaves: Timestamp,
        ddu: DduIx,
        unit: &Ddu,
    ) -> Result<Result<VehicleOption, NoHaul>, CostError> {
        // In range: `hauls` has checked the shape of the matrix, `by_class` both indices.
        let (outbound, inbound) = match (class.matrix.outbound(hub, ddu), class.matrix.inbound(hub, ddu)) {
            (Ok(outbound), Ok(inbound)) => (*outbound, *inbound),
            (Err(reason), _) | (_, Err(reason)) => return Ok(Err(NoHaul::NoPath(*reason))),
        };
        if !fits_dock(class.class, unit) {
            return Ok(Err(NoHaul::VehicleTooLargeForDock));
        }
        if class.pieces_per_trip.0 == 0 {
            return Ok(Err(NoHaul::PieceDoesNotFit));
        }
        let hub_id = || self.scenario.hubs.get(hub.index()).map(|hub| hub.id.clone()).unwrap_or_default();
        let Some((trip, duration)) = class.rates.trip(&outbound, &inbound) else {
            let vehicle = class.class.name.clone();
            return Err(CostError::TooLarge { hub: hub_id(), ddu: unit.id.clone(), vehicle });
        };
        let operating = self.scenario.settings.operating_date;
        let Some(arrival) = arrival(leaves, outbound.time, unit, operating) else {
            return Err(CostError::Calendar { hub: hub_id() });
        };
        Ok(Ok(VehicleOption {
            vehicle: class.vehicle,
            pieces_per_trip: class.pieces_per_trip,
            outbound,
            inbound,
            trip,
            duration,
            handling_per_piece: class.class.rates.per_piece,
            arrival,
            dwell: class.rates.dwell(),
        }))
    }
}

/// True when the class respects the dock's length and height limits; a limit equal to the vehicle lets it in.
fn fits_dock(class: &VehicleClass, unit: &Ddu) -> bool {
    let within = |size: u32, limit: Option<u32>| limit.is_none_or(|limit| size <= limit);
    within(class.length_mm, unit.max_length_mm) && within(class.height_mm, unit.max_height_mm)
}

impl NoHaul {
    /// How far a class came before it failed: no path, no dock, no load.
    const fn progress(&self) -> u8 {
        match self {
            Self::NoPath(_) => 0,
            Self::VehicleTooLargeForDock => 1,
            Self::PieceDoesNotFit => 2,
        }
    }

    /// The reason as written to tables.
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            Self::NoPath(reason) => reason.word(),
            Self::VehicleTooLargeForDock => "vehicle_too_large_for_dock".to_owned(),
            Self::PieceDoesNotFit => "piece_does_not_fit".to_owned(),
        }
    }
}
