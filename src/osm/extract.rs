//! The road part of an extract, before it becomes a network.

use crate::lonlat::{Bounds, LonLat};
use crate::road_class::RoadClass;
use crate::scenario::Mode;

/// Whether a mode may use a way in one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Access {
    /// Not at all.
    #[default]
    No = 0,
    /// Only to reach something on it (`destination`, `private`, `delivery`, `customers`): the ends of a route.
    Destination = 1,
    /// Freely.
    Yes = 2,
}

/// Access by mode and speed of a way in one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct WayDirection {
    /// Access, indexed by [`Mode`].
    pub access: [Access; Mode::ALL.len()],
    /// Posted limit in hundredths of a mile per hour; 0 where the tag is absent.
    pub speed_centimph: u16,
}

/// Size limits of a way as tagged; `u32::MAX` where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WayLimits {
    /// `maxheight` in millimetres.
    pub height_mm: u32,
    /// `maxwidth` in millimetres.
    pub width_mm: u32,
    /// `maxlength` in millimetres.
    pub length_mm: u32,
    /// `maxweight` in kilograms.
    pub weight_kg: u32,
}

impl WayLimits {
    /// No limit of any kind.
    pub const NONE: Self = Self { height_mm: u32::MAX, width_mm: u32::MAX, length_mm: u32::MAX, weight_kg: u32::MAX };

    /// The stricter of both, in every respect.
    #[must_use]
    pub fn stricter(self, other: Self) -> Self {
        Self {
            height_mm: self.height_mm.min(other.height_mm),
            width_mm: self.width_mm.min(other.width_mm),
            length_mm: self.length_mm.min(other.length_mm),
            weight_kg: self.weight_kg.min(other.weight_kg),
        }
    }
}

/// A node that roads refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// OpenStreetMap id.
    pub id: i64,
    /// Position.
    pub at: LonLat,
    /// `highway=traffic_signals`.
    pub signal: bool,
    /// `highway=stop`.
    pub stop: bool,
    /// What a barrier on the node lets through, indexed by [`Mode`]; all `Yes` where there is none.
    pub barrier: [Access; Mode::ALL.len()],
    /// Size limits of the barrier.
    pub limits: WayLimits,
}

/// A way that some vehicle may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// OpenStreetMap id.
    pub id: i64,
    /// Positions in [`Extract::nodes`], at least two, no two equal in a row. A way clipped by the extract's edge is
    /// cut into the pieces whose nodes are present, each a `Way` of the same id.
    pub nodes: Vec<u32>,
    /// Class.
    pub class: RoadClass,
    /// Along the nodes.
    pub forward: WayDirection,
    /// Against them.
    pub backward: WayDirection,
    /// Size limits.
    pub limits: WayLimits,
    /// `toll=yes` by mode mask ([`Mode::bit`]).
    pub toll: u8,
    /// Travel time from a `duration` tag, for ferries, in milliseconds for the whole way; 0 where absent.
    pub duration_ms: u32,
}

/// What a turn restriction says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RestrictionKind {
    /// `no_*`: from may not be followed by to.
    No,
    /// `only_*`: from must be followed by to.
    Only,
}

/// How the two ends of a restriction are joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Via {
    /// One node, by position in [`Extract::nodes`].
    Node(u32),
    /// One or more ways in order from `from` to `to`, by OpenStreetMap id.
    Ways(Vec<i64>),
}

/// A turn restriction, by OpenStreetMap way ids (a way may have been cut into several pieces).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restriction {
    /// OpenStreetMap id of the relation.
    pub id: i64,
    /// What it says.
    pub kind: RestrictionKind,
    /// Way travelled before.
    pub from: i64,
    /// Between both.
    pub via: Via,
    /// Way concerned.
    pub to: i64,
    /// Modes it holds for, as a mask ([`Mode::bit`]); never 0.
    pub modes: u8,
}

/// What was read, kept and dropped, and why. Printed as a table and written to the manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct ImportCounts {
    /// Rows of the table: a stable name and a count, in reading order.
    pub rows: Vec<(String, u64)>,
}

/// The roads of an extract. Deterministic: nodes by id, ways by id then position, restrictions by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extract {
    /// Nodes that ways refer to, sorted by id, each once.
    pub nodes: Vec<Node>,
    /// Ways, sorted by id (pieces of one way in its own order).
    pub ways: Vec<Way>,
    /// Turn restrictions whose members are present, sorted by id.
    pub restrictions: Vec<Restriction>,
    /// The box of the header where it has one, else the box around all kept nodes.
    pub bounds: Option<Bounds>,
    /// What was read and dropped.
    pub counts: ImportCounts,
}
