//! What it takes to bring parcels from one hub to one delivery unit.

use super::CostError;
use crate::ids::{DduIx, DepartureIx, HubIx, VehicleIx};
use crate::matrix::PathTotals;
use crate::scenario::{ClassOption, VehicleOption};
use crate::units::{ClockTime, MicroDollars, Millis, Pieces};

pub use crate::no_haul::NoHaul;

/// One trip's money, part by part; the parts sum to `total` exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TripCost {
    /// Distance-driven cost, outbound plus charged share of the return.
    pub distance: MicroDollars,
    /// Time-driven cost of driving, outbound plus charged share of the return.
    pub driving_time: MicroDollars,
    /// Tolls, outbound plus charged share of the return.
    pub tolls: MicroDollars,
    /// Time-driven cost at the dock.
    pub dwell: MicroDollars,
    /// Stop fee.
    pub stop: MicroDollars,
    /// Share of the vehicle-day.
    pub vehicle_day: MicroDollars,
    /// Sum of the parts.
    pub total: MicroDollars,
}

/// Duration of a trip in milliseconds; 64 bits because a sum of three durations need not fit [`Millis`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct TripTime(pub u64);

/// A trip of a vehicle class as it was worked out. Dwell is that of a full vehicle, so that the cost of a trip does not
/// depend on its last piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VehicleTrip {
    /// Vehicle class.
    pub vehicle: VehicleIx,
    /// Pieces a trip carries; at least 1.
    pub pieces_per_trip: Pieces,
    /// Loaded path, departing at the hub's release time.
    pub outbound: PathTotals,
    /// Its departure window, by the hub's clock.
    pub outbound_departure: DepartureIx,
    /// Empty return path, departing when a full vehicle is unloaded.
    pub inbound: PathTotals,
    /// Its departure window, by the unit's clock.
    pub return_departure: DepartureIx,
    /// Money of one trip.
    pub trip: TripCost,
    /// Outbound, charged share of the return, and dwell: the base of the vehicle-day share.
    pub duration: TripTime,
    /// Handling per piece, for all pieces.
    pub handling_per_piece: MicroDollars,
    /// Arrival at the dock in minutes of the unit's local clock from midnight of the operating date, rounded up, when
    /// leaving at the hub's release time.
    pub arrival: ClockTime,
    /// Time at the dock for a full vehicle.
    pub dwell: Millis,
}

impl VehicleTrip {
    /// What of it decides what a volume costs and whether it is in time.
    #[must_use]
    pub const fn option(&self) -> VehicleOption {
        VehicleOption {
            vehicle: self.vehicle,
            pieces_per_trip: self.pieces_per_trip,
            trip: self.trip.total,
            handling_per_piece: self.handling_per_piece,
            outbound: self.outbound.length,
            arrival: self.arrival,
        }
    }
}

/// All ways to bring parcels from a hub to a unit, by vehicle class; independent of volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Haul {
    /// From.
    pub hub: HubIx,
    /// To.
    pub ddu: DduIx,
    /// Classes that can make it, in order of their index; at least one.
    pub options: Result<Vec<VehicleOption>, NoHaul>,
}

impl Haul {
    /// The haul of classes in order of their index. Of several reasons the one nearest to success is told: it names
    /// what would have to change.
    #[must_use]
    pub fn of(hub: HubIx, ddu: DduIx, classes: &[ClassOption]) -> Self {
        let options: Vec<VehicleOption> = classes.iter().filter_map(|(_, option)| option.ok()).collect();
        let mut gravest: Option<NoHaul> = None;
        for reason in classes.iter().filter_map(|(_, option)| option.err()) {
            if gravest.is_none_or(|known| known.progress() < reason.progress()) {
                gravest = Some(reason);
            }
        }
        let none = gravest.unwrap_or(NoHaul::NotInTable);
        Self { hub, ddu, options: if options.is_empty() { Err(none) } else { Ok(options) } }
    }
}

/// Where an award's hauls come from: matrices ([`super::Hauls`]) or a table ([`super::TabledHauls`]).
pub trait HaulSource: Sync {
    /// Each class that may be used with its option, or the reason why it has none, in order of class index; a table
    /// may know fewer classes, or none.
    ///
    /// # Errors
    /// [`CostError`] when an index is not of this scenario, or money or calendar overflow.
    fn options(&self, hub: HubIx, ddu: DduIx) -> Result<Vec<ClassOption>, CostError>;

    /// All ways from a hub to a unit.
    ///
    /// # Errors
    /// As [`HaulSource::options`].
    fn get(&self, hub: HubIx, ddu: DduIx) -> Result<Haul, CostError> {
        Ok(Haul::of(hub, ddu, &self.options(hub, ddu)?))
    }
}

/// Cost of bringing a volume by the cheapest class (ties: fewer trips, then lower index).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InjectionCost {
    /// Vehicle class chosen.
    pub vehicle: VehicleIx,
    /// Trips per operating day.
    pub trips: u32,
    /// Cost of a trip × trips + handling × volume, per operating day.
    pub total: MicroDollars,
    /// Handling part of `total`.
    pub handling: MicroDollars,
    /// `total / volume`, rounded once; for display.
    pub per_piece: MicroDollars,
}
