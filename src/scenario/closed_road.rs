//! Roads that are closed beyond what the map says.

use crate::ids::VehicleIx;

/// Directions of a way that are closed. Forward is the order of the way's nodes, whatever its one-way tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClosedDirection {
    /// Both.
    Both,
    /// From the way's first node to its last.
    Forward,
    /// From the way's last node to its first.
    Backward,
}

impl ClosedDirection {
    /// All of them, the default first.
    pub const ALL: [Self; 3] = [Self::Both, Self::Forward, Self::Backward];

    /// The word used in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Forward => "forward",
            Self::Backward => "backward",
        }
    }

    /// True when travel along (`false`) or against (`true`) the order of the way's nodes is closed.
    #[must_use]
    pub const fn closes(self, reverse: bool) -> bool {
        match self {
            Self::Both => true,
            Self::Forward => !reverse,
            Self::Backward => reverse,
        }
    }
}

/// A closed road. The derived order is that of a scenario's list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClosedRoad {
    /// OpenStreetMap way.
    pub way: i64,
    /// Directions.
    pub direction: ClosedDirection,
    /// The class it is closed for; `None` is all.
    pub vehicle: Option<VehicleIx>,
    /// Why, for people.
    pub note: String,
}
