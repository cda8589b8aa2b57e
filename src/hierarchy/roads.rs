//! The hierarchy of a road network: nodes are directed road arcs, arcs are turns.
//!
//! Labels stand at the entry of an arc, so turn `a → b` weighs arc `a` plus the turn itself. The order depends on the
//! map alone, the weights on the vehicle: a new profile is a customization, never a new hierarchy.

use super::contract::Cch;
use super::customize::Customized;
use super::error::HierarchyError;
use super::order::{OrderError, edge_based, planar};
use super::packed::Packed;
use crate::flat_file::Array;
use crate::ids::{ArcIx, TurnIx};
use crate::network::{Profile, RoadNetwork};
use thiserror::Error;

/// Why a network has no hierarchy.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RoadHierarchyError {
    /// The network could not be ordered.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// The network could not be contracted.
    #[error(transparent)]
    Contract(#[from] HierarchyError),
}

/// Contracted turns of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoadHierarchy {
    pub(super) cch: Cch,
    /// Arc that each turn leaves.
    pub(super) tail: Array<u32>,
}

impl RoadHierarchy {
    /// Orders and contracts.
    ///
    /// # Errors
    /// When the network is inconsistent or too large for 32-bit positions.
    pub fn new(network: &RoadNetwork) -> Result<Self, RoadHierarchyError> {
        let roads: Vec<(u32, u32)> = network.segments().iter().map(|s| (s.from.0, s.to.0)).collect();
        let arcs: Vec<u32> = network.arcs().map(|a| a.0).collect();
        let order = edge_based(&planar(network.junctions()), &roads, &network.first_arc, &arcs)?;
        let cch = Cch::new(&network.first_out, bytemuck::cast_slice(&network.head), &order.rank)?;
        let tail = network.arcs().flat_map(|a| network.turns_from(a).map(move |_| a.0)).collect();
        Ok(Self { cch, tail })
    }

    /// The contracted topology.
    #[must_use]
    pub fn cch(&self) -> &Cch {
        &self.cch
    }

    /// True when it was made from a network of this size.
    #[must_use]
    pub fn fits(&self, network: &RoadNetwork) -> bool {
        self.cch.node_count() == network.arc_count() && self.tail.len() == network.turn_count()
    }

    /// Weight of a turn and the arc it leaves; no path where the vehicle may not go.
    #[must_use]
    pub fn weight(&self, network: &RoadNetwork, profile: &Profile, turn: u32) -> Packed {
        let arc = self.tail.get(turn as usize).and_then(|a| profile.arc(ArcIx(*a)));
        match (arc, profile.turn(network, TurnIx(turn))) {
            (Some(arc), Some(turn)) => Packed::new(arc).plus(Packed::new(turn)),
            _ => Packed::INFINITE,
        }
    }

    /// Customizes for one vehicle class.
    #[must_use]
    pub fn customize(&self, network: &RoadNetwork, profile: &Profile) -> Customized {
        Customized::new(&self.cch, |turn| self.weight(network, profile, turn))
    }
}
