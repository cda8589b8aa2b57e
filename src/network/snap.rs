//! A point on the road network.

use super::{Profile, RoadNetwork, Weight};
use crate::ids::{ArcIx, SegmentIx};
use crate::lonlat::LonLat;
use crate::units::Decimetres;

/// Where a point meets the network for one vehicle class, with exact weights in both directions of the road.
///
/// A path from snap `s` to snap `t` is the least of
/// - `s.starts[i].1 + turns and whole arcs … + t.ends[j].1`, where the first turn leaves arc `s.starts[i].0` and the
///   last turn enters arc `t.ends[j].0`;
/// - the stretch between both points, when both lie on one segment and its direction permits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snap {
    /// The road.
    pub segment: SegmentIx,
    /// Distance from the segment's start along its geometry.
    pub along: Decimetres,
    /// The point on the road.
    pub at: LonLat,
    /// Distance from the given point to the road.
    pub distance: Decimetres,
    /// Arcs on which a route may start, with the weight from here to the arc's end. Sorted by arc.
    pub starts: Vec<(ArcIx, Weight)>,
    /// Arcs on which a route may end, with the weight from the arc's start to here. Sorted by arc.
    pub ends: Vec<(ArcIx, Weight)>,
    /// True when a nearer isolated road was passed over (`map.island_tolerance_m`).
    pub passed_island: bool,
}

impl Snap {
    /// Weight of the stretch from here to another snap on the same segment, without any turn; `None` when the segments
    /// differ or the vehicle may not travel in that direction. A path over turns may still be cheaper.
    #[must_use]
    pub fn direct(&self, to: &Self, network: &RoadNetwork, profile: &Profile) -> Option<Weight> {
        self.direct_on(to, network, profile).map(|(weight, _)| weight)
    }

    /// The same, with the arc it runs along.
    #[must_use]
    pub fn direct_on(&self, to: &Self, network: &RoadNetwork, profile: &Profile) -> Option<(Weight, ArcIx)> {
        if self.segment != to.segment {
            return None;
        }
        network
            .arcs_of(self.segment)
            .filter_map(|arc| {
                let road = network.arc(arc);
                let [from, to] = [self, to].map(|snap| snap.offset(network, road.reverse));
                let on_main = road.role.starts() && road.role.ends() && from <= to;
                on_main.then(|| profile.partial(network, arc, from, to)).flatten().map(|weight| (weight, arc))
            })
            .min()
    }

    /// Distance from the entry of an arc of the segment, travelled from its end to its start if `reverse`.
    #[must_use]
    pub fn offset(&self, network: &RoadNetwork, reverse: bool) -> Decimetres {
        let length = network.segment(self.segment).length;
        if reverse { Decimetres(length.0.saturating_sub(self.along.0)) } else { self.along }
    }

    /// The same place with the weights of another profile that permits the same arcs.
    #[must_use]
    pub fn weighed(&self, network: &RoadNetwork, profile: &Profile) -> Self {
        let (mut starts, mut ends) = (Vec::new(), Vec::new());
        let length = network.segment(self.segment).length;
        for arc in network.arcs_of(self.segment) {
            let road = network.arc(arc);
            let offset = self.offset(network, road.reverse);
            if road.role.starts() {
                starts.extend(profile.partial(network, arc, offset, length).map(|w| (arc, w)));
            }
            if road.role.ends() {
                ends.extend(profile.partial(network, arc, Decimetres(0), offset).map(|w| (arc, w)));
            }
        }
        Self { starts, ends, ..self.clone() }
    }
}

/// Why a point has no place on the network for a vehicle class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSnap {
    /// Outside the box of the map.
    OutsideMap,
    /// No road within the limit; distance of the nearest one for any vehicle, if any.
    NoRoadWithinLimit {
        /// Nearest road of any kind.
        nearest: Option<Decimetres>,
    },
    /// Roads are within the limit, but this vehicle may use none of them.
    VehicleNotAllowed {
        /// Nearest road of any kind.
        nearest: Decimetres,
    },
    /// The nearest usable road is not linked to the main network.
    Isolated {
        /// Directed road arcs of its component.
        arcs: u32,
        /// Distance to that road.
        distance: Decimetres,
    },
}
