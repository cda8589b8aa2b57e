//! The network's flat arrays.

use crate::ids::{ArcIx, JunctionIx, SegmentIx, TurnIx};
use crate::lonlat::{Bounds, LonLat};
use crate::osm::{Access, WayDirection, WayLimits};
use crate::road_class::RoadClass;
use crate::units::Decimetres;

/// A piece of road between two junctions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Junction at the start.
    pub from: JunctionIx,
    /// Junction at the end.
    pub to: JunctionIx,
    /// Length along its geometry.
    pub length: Decimetres,
    /// Class.
    pub class: RoadClass,
    /// Access and speed from start to end.
    pub forward: WayDirection,
    /// Access and speed from end to start.
    pub backward: WayDirection,
    /// Position in the network's table of distinct limits; 0 is none.
    pub limits: u16,
    /// `toll=yes` by mode mask.
    pub toll: u8,
    /// Fixed travel time in milliseconds (ferries with a `duration`), else 0.
    pub duration_ms: u32,
    /// Way of the map it comes from.
    pub way: i64,
}

/// Why a directed arc exists, in the sense of the module's doc.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum ArcRole {
    /// The only copy of an arc without destination-only access; routes start, pass and end here.
    Plain,
    /// Copy on which routes start. Its turns lead to plain arcs and other start copies.
    Start,
    /// Copy on which routes end (and pass, for modes with free access).
    End,
    /// State of a via-way restriction: passes only. Routes also end here, but never start.
    Restricted,
}

/// A node of the routing graph: a segment in one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoadArc {
    /// The road.
    pub segment: SegmentIx,
    /// True when travelled from the segment's end to its start.
    pub reverse: bool,
    /// Why it exists.
    pub role: ArcRole,
}

/// A turn's kind, the signal or stop it passes and the modes it is banned for, in one byte.
///
/// Bits 0-1: 0 straight, 1 right, 2 left, 3 u-turn. Bit 2: signal. Bit 3: stop. Bits 4-6: banned modes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(transparent)]
pub struct TurnByte(pub u8);

/// A road network. All vectors are flat; rows of arc `a` are `first_out[a]..first_out[a + 1]`.
#[derive(Clone, Debug, Default)]
pub struct RoadNetwork {
    pub(crate) junctions: Vec<LonLat>,
    pub(crate) segments: Vec<Segment>,
    /// Shape of segment `s`, both junctions included: `first_shape[s]..first_shape[s + 1]`.
    pub(crate) first_shape: Vec<u32>,
    pub(crate) shape: Vec<LonLat>,
    /// Distinct limits; entry 0 is [`WayLimits::NONE`].
    pub(crate) limits: Vec<WayLimits>,
    pub(crate) arcs: Vec<RoadArc>,
    pub(crate) first_out: Vec<u32>,
    pub(crate) head: Vec<ArcIx>,
    pub(crate) turn: Vec<TurnByte>,
    /// Arcs of segment `s`: `segment_arcs[first_arc[s]..first_arc[s + 1]]`.
    pub(crate) first_arc: Vec<u32>,
    pub(crate) segment_arcs: Vec<ArcIx>,
    pub(crate) bounds: Option<Bounds>,
}

impl RoadNetwork {
    /// Directed road arcs: nodes of the routing graph.
    #[must_use]
    pub fn arc_count(&self) -> usize {
        self.arcs.len()
    }

    /// Allowed turns: arcs of the routing graph.
    #[must_use]
    pub fn turn_count(&self) -> usize {
        self.head.len()
    }

    /// The arc's road and direction.
    #[must_use]
    pub fn arc(&self, arc: ArcIx) -> RoadArc {
        self.arcs[arc.index()]
    }

    /// A segment.
    #[must_use]
    pub fn segment(&self, segment: SegmentIx) -> &Segment {
        &self.segments[segment.index()]
    }

    /// Access and speed of an arc in its direction.
    #[must_use]
    pub fn direction(&self, arc: ArcIx) -> WayDirection {
        let arc = self.arc(arc);
        let segment = self.segment(arc.segment);
        if arc.reverse { segment.backward } else { segment.forward }
    }

    /// Size limits of a segment.
    #[must_use]
    pub fn limits(&self, segment: SegmentIx) -> WayLimits {
        self.limits[usize::from(self.segment(segment).limits)]
    }

    /// Geometry of a segment from start to end, both junctions included.
    #[must_use]
    pub fn shape(&self, segment: SegmentIx) -> &[LonLat] {
        let s = segment.index();
        &self.shape[self.first_shape[s] as usize..self.first_shape[s + 1] as usize]
    }

    /// Turns out of an arc.
    pub fn turns_from(&self, arc: ArcIx) -> impl Iterator<Item = (TurnIx, ArcIx)> + '_ {
        let a = arc.index();
        (self.first_out[a]..self.first_out[a + 1]).map(|t| (TurnIx(t), self.head[t as usize]))
    }

    /// Kind and bans of a turn.
    #[must_use]
    pub fn turn(&self, turn: TurnIx) -> TurnByte {
        self.turn[turn.index()]
    }

    /// All copies of a segment's two directions.
    #[must_use]
    pub fn arcs_of(&self, segment: SegmentIx) -> &[ArcIx] {
        let s = segment.index();
        &self.segment_arcs[self.first_arc[s] as usize..self.first_arc[s + 1] as usize]
    }

    /// The box of the map.
    #[must_use]
    pub fn bounds(&self) -> Option<Bounds> {
        self.bounds
    }
}

impl TurnByte {
    /// True when a mode may not make this turn.
    #[must_use]
    pub fn bans(self, mode: crate::scenario::Mode) -> bool {
        self.0 >> 4 & mode.bit() != 0
    }
}

impl WayDirection {
    /// True when some mode may travel in this direction.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.access.iter().any(|a| *a != Access::No)
    }
}
