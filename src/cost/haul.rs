//! What it takes to bring parcels from one hub to one delivery unit.

use crate::ids::{DduIx, DepartureIx, HubIx, VehicleIx};
use crate::matrix::{NoPath, PathTotals};
use crate::units::{ClockTime, MicroDollars, Millis, Pieces};

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

/// A vehicle class that can make the haul. Dwell is that of a full vehicle, so that the cost of a trip does not depend
/// on its last piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VehicleOption {
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

/// Why no vehicle can make the haul: where classes fail for different reasons, the one that came farthest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoHaul {
    /// No class has a path; the reason of the first class by name.
    NoPath(NoPath),
    /// Classes have a path, but none fits the dock's length and height limits.
    VehicleTooLargeForDock,
    /// A piece is larger or heavier than any vehicle.
    PieceDoesNotFit,
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
