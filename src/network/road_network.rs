//! The network's flat arrays.

use crate::flat_file::Array;
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

/// Which copy of a directed road an arc is, in the sense of the module's doc.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum ArcRole {
    /// The ordinary arc; every directed road has exactly one. Routes start, pass and end here, but for a mode that may
    /// use the road only as a destination no turn leads on to a free road.
    Main = 0,
    /// The ordinary arc with a via-way restriction under way. Routes pass and end here, but never start.
    Restricted = 1,
    /// Copy of a destination-only road on which routes may start: left for free roads, never entered from them.
    Start = 2,
    /// A start copy with a via-way restriction under way. Routes pass here only.
    RestrictedStart = 3,
}

impl ArcRole {
    /// True where a route of a vehicle that may use the arc can start.
    #[must_use]
    pub const fn starts(self) -> bool {
        matches!(self, Self::Main | Self::Start)
    }

    /// True where a route of a vehicle that may use the arc can end.
    #[must_use]
    pub const fn ends(self) -> bool {
        matches!(self, Self::Main | Self::Restricted)
    }
}

/// A node of the routing graph: a segment in one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoadArc {
    /// The road.
    pub segment: SegmentIx,
    /// True when travelled from the segment's end to its start.
    pub reverse: bool,
    /// Which copy it is.
    pub role: ArcRole,
}

/// Change of direction in a turn, for right-hand traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum TurnKind {
    /// Within 40 degrees of straight on, or where the road just goes on (no other road meets it there).
    Straight = 0,
    /// To the right.
    Right = 1,
    /// To the left, across oncoming traffic.
    Left = 2,
    /// Back where one came from; only at dead ends.
    UTurn = 3,
}

/// A turn's kind, the signal or stop it passes and the modes it is banned for, in one byte.
///
/// Bits 0-1: 0 straight, 1 right, 2 left, 3 u-turn. Bit 2: signal. Bit 3: stop. Bits 4-6: banned modes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(transparent)]
pub struct TurnByte(pub u8);

/// What became of the extract.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct NetworkCounts {
    /// Road pieces left out because they lead from a node back to it without length.
    pub empty_loops: u64,
    /// Segments between different junctions whose length rounds to zero; kept.
    pub zero_length: u64,
    /// Restrictions obeyed.
    pub restrictions: u64,
    /// Restrictions left out because no drivable sequence of roads matches their members.
    pub restrictions_unmatched: u64,
    /// Restrictions left out because several sequences match (a member is not split at its via).
    pub restrictions_ambiguous: u64,
    /// Segments made destination-only for some mode because they lie behind private gates.
    pub gated_segments: u64,
}

impl NetworkCounts {
    /// Rows of a table: a stable name and a count.
    #[must_use]
    pub const fn rows(&self) -> [(&'static str, u64); 6] {
        [
            ("road pieces left out: loops without length", self.empty_loops),
            ("road pieces kept: without length", self.zero_length),
            ("restrictions obeyed", self.restrictions),
            ("restrictions left out: no drivable sequence of roads", self.restrictions_unmatched),
            ("restrictions left out: several turns may be meant", self.restrictions_ambiguous),
            ("road pieces made destination-only: behind a private gate", self.gated_segments),
        ]
    }
}

/// A road network. All arrays are flat; rows of arc `a` are `first_out[a]..first_out[a + 1]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoadNetwork {
    pub(crate) junctions: Array<LonLat>,
    pub(crate) segments: Vec<Segment>,
    /// Shape of segment `s`, both junctions included: `first_shape[s]..first_shape[s + 1]`.
    pub(crate) first_shape: Array<u32>,
    pub(crate) shape: Array<LonLat>,
    /// Distinct limits; entry 0 is [`WayLimits::NONE`].
    pub(crate) limits: Vec<WayLimits>,
    pub(crate) arcs: Vec<RoadArc>,
    pub(crate) first_out: Array<u32>,
    pub(crate) head: Array<ArcIx>,
    pub(crate) turn: Array<TurnByte>,
    /// Arcs of segment `s`: `first_arc[s]..first_arc[s + 1]`; arcs are sorted by segment, direction, role.
    pub(crate) first_arc: Array<u32>,
    pub(crate) bounds: Option<Bounds>,
    pub(crate) counts: NetworkCounts,
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

    /// All copies of a segment's two directions, ascending.
    pub fn arcs_of(&self, segment: SegmentIx) -> impl Iterator<Item = ArcIx> + use<> {
        let s = segment.index();
        (self.first_arc[s]..self.first_arc[s + 1]).map(ArcIx)
    }

    /// All arcs.
    pub fn arcs(&self) -> impl Iterator<Item = ArcIx> + use<> {
        (0..self.arcs.len()).map(ArcIx::from_index)
    }

    /// All segments.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Positions of the junctions, indexed by [`JunctionIx`].
    #[must_use]
    pub fn junctions(&self) -> &[LonLat] {
        &self.junctions
    }

    /// Where an arc begins and ends.
    #[must_use]
    pub fn ends_of(&self, arc: ArcIx) -> (JunctionIx, JunctionIx) {
        let arc = self.arc(arc);
        let segment = self.segment(arc.segment);
        if arc.reverse { (segment.to, segment.from) } else { (segment.from, segment.to) }
    }

    /// What became of the extract.
    #[must_use]
    pub fn counts(&self) -> NetworkCounts {
        self.counts
    }

    /// The box of the map.
    #[must_use]
    pub fn bounds(&self) -> Option<Bounds> {
        self.bounds
    }
}

impl TurnByte {
    const SIGNAL: u8 = 1 << 2;
    const STOP: u8 = 1 << 3;

    /// Puts the byte together; `banned` is a mask of modes.
    #[must_use]
    pub(crate) const fn new(kind: TurnKind, signal: bool, stop: bool, banned: u8) -> Self {
        let signal = if signal { Self::SIGNAL } else { 0 };
        let stop = if stop { Self::STOP } else { 0 };
        Self(kind as u8 | signal | stop | (banned & 7) << 4)
    }

    /// The same turn, banned for more modes.
    #[must_use]
    pub(crate) const fn and_banned(self, modes: u8) -> Self {
        Self(self.0 | (modes & 7) << 4)
    }

    /// Modes that may not make it, as a mask.
    #[must_use]
    pub const fn banned(self) -> u8 {
        self.0 >> 4 & 7
    }

    /// Change of direction.
    #[must_use]
    pub const fn kind(self) -> TurnKind {
        match self.0 & 3 {
            0 => TurnKind::Straight,
            1 => TurnKind::Right,
            2 => TurnKind::Left,
            _ => TurnKind::UTurn,
        }
    }

    /// True when it passes a traffic signal.
    #[must_use]
    pub const fn signal(self) -> bool {
        self.0 & Self::SIGNAL != 0
    }

    /// True when it passes a stop sign.
    #[must_use]
    pub const fn stop(self) -> bool {
        self.0 & Self::STOP != 0
    }

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
