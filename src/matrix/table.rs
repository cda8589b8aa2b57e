//! The result of a matrix run for one vehicle class.

use crate::ids::{DduIx, HubIx, VehicleIx};
use crate::units::{Decimetres, MicroDollars, Millis};

/// Totals along the best path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PathTotals {
    /// Rate per mile × length + rate per hour × time (each rounded once) + tolls.
    pub money: MicroDollars,
    /// Length.
    pub length: Decimetres,
    /// Travel time, turns included.
    pub time: Millis,
    /// Tolls, contained in `money`.
    pub tolls: MicroDollars,
}

/// Why a cell has no path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoPath {
    /// The hub (`true`) or the unit (`false`) lies outside the map.
    OutsideMap {
        /// Which end.
        at_hub: bool,
    },
    /// No road within the snap limit.
    NoRoadWithinLimit {
        /// Which end.
        at_hub: bool,
    },
    /// Roads are near, but this vehicle may use none of them.
    VehicleNotAllowed {
        /// Which end.
        at_hub: bool,
    },
    /// The nearest road belongs to a part of the network without link to the main part.
    IsolatedComponent {
        /// Which end.
        at_hub: bool,
        /// Directed road arcs of that part.
        arcs: u32,
    },
    /// Both ends are on the main network, but no permitted path joins them.
    Unreachable,
}

impl NoPath {
    /// The reason as written to tables.
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            Self::OutsideMap { .. } => "outside_map".to_owned(),
            Self::NoRoadWithinLimit { .. } => "no_road_within_limit".to_owned(),
            Self::VehicleNotAllowed { .. } => "vehicle_not_allowed".to_owned(),
            Self::IsolatedComponent { arcs, .. } => format!("isolated_component({arcs})"),
            Self::Unreachable => "unreachable".to_owned(),
        }
    }
}

/// A path or the reason why there is none.
pub type Leg = Result<PathTotals, NoPath>;

/// All pairs of one vehicle class, row-major: hub × number of DDUs + DDU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// Vehicle class.
    pub vehicle: VehicleIx,
    /// Number of DDUs: length of a row.
    pub columns: usize,
    /// Hub to unit, loaded.
    pub outbound: Vec<Leg>,
    /// Unit to hub, empty.
    pub inbound: Vec<Leg>,
}

impl Matrix {
    /// The outbound leg.
    pub fn outbound(&self, hub: HubIx, ddu: DduIx) -> &Leg {
        &self.outbound[hub.index() * self.columns + ddu.index()]
    }

    /// The return leg.
    pub fn inbound(&self, hub: HubIx, ddu: DduIx) -> &Leg {
        &self.inbound[hub.index() * self.columns + ddu.index()]
    }
}
