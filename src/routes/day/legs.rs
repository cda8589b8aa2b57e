//! Legs among a hub and the units that its vehicles visit.

use crate::ids::{DduIx, HubIx, VehicleIx};
use crate::matrix::Leg;

/// A hub and units that its vehicles may visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StopSet {
    /// The hub.
    pub hub: HubIx,
    /// The units, ascending, each once.
    pub units: Vec<DduIx>,
}

/// Legs of one vehicle class among the points of a [`StopSet`]: the hub is point 0, then come the units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassLegs {
    /// Vehicle class.
    pub vehicle: VehicleIx,
    /// Number of points.
    pub points: usize,
    /// From × to.
    pub legs: Vec<Leg>,
}

impl ClassLegs {
    /// The leg between two points.
    ///
    /// # Panics
    /// When there is no such point.
    pub fn leg(&self, from: usize, to: usize) -> Leg {
        self.legs[from * self.points + to]
    }
}
