//! The weights of one vehicle class over a network.
//!
//! Building a profile is the only place where rates, speeds, access and limits become numbers of the search; a new
//! fuel price is a new profile, never a new network.

use super::{RoadNetwork, Weight};
use crate::ids::{ArcIx, TurnIx};
use crate::scenario::Mode;

/// Weights of one vehicle class. `None` is forbidden.
#[derive(Clone, Debug)]
pub struct Profile {
    pub(crate) mode: Mode,
    /// Weight of travelling the whole arc; `Weight { cost: u32::MAX, .. }` where forbidden.
    pub(crate) arc: Vec<Weight>,
    /// Weight of a turn by its byte; `None` where banned for this mode.
    pub(crate) turn: Vec<Option<Weight>>,
}

impl Profile {
    /// Cost of an arc that may not be used.
    pub(crate) const FORBIDDEN: Weight = Weight { cost: u32::MAX, length: u32::MAX, time: u32::MAX, toll: u32::MAX };

    /// Access tags that govern the vehicle.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Weight of a whole arc; `None` when the vehicle may not use it.
    #[must_use]
    pub fn arc(&self, arc: ArcIx) -> Option<Weight> {
        let weight = self.arc[arc.index()];
        (weight != Self::FORBIDDEN).then_some(weight)
    }

    /// Weight of a turn; `None` when the vehicle may not make it.
    #[must_use]
    pub fn turn(&self, network: &RoadNetwork, turn: TurnIx) -> Option<Weight> {
        self.turn[usize::from(network.turn(turn).0)]
    }
}
