//! Elements of OpenStreetMap as they stand in a file, before their tags are read.
//!
//! The PBF reader does not build them (it would cost memory); they are the door for maps that come from elsewhere:
//! drawn in text for a test, generated, or read by another program. [`super::assemble`] turns them into an
//! [`Extract`](super::Extract) by the same rules as a file.

use crate::lonlat::{Bounds, LonLat};

/// Tags as pairs of key and value. Of a key given twice, the first counts.
pub type RawTags = Vec<(String, String)>;

/// A node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawNode {
    /// OpenStreetMap id.
    pub id: i64,
    /// Position.
    pub at: LonLat,
    /// Tags.
    pub tags: RawTags,
}

/// A way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawWay {
    /// OpenStreetMap id.
    pub id: i64,
    /// Ids of its nodes, in order.
    pub refs: Vec<i64>,
    /// Tags.
    pub tags: RawTags,
}

/// What a relation's member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MemberKind {
    /// A node.
    Node,
    /// A way.
    Way,
    /// Another relation.
    Relation,
}

/// A member of a relation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawMember {
    /// What it does in the relation: `from`, `via`, `to` …
    pub role: String,
    /// What it is.
    pub kind: MemberKind,
    /// Its OpenStreetMap id.
    pub id: i64,
}

/// A relation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawRelation {
    /// OpenStreetMap id.
    pub id: i64,
    /// Tags.
    pub tags: RawTags,
    /// Members, in order.
    pub members: Vec<RawMember>,
}

/// A whole map in memory. Elements may stand in any order; of an id given twice, the first counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawMap {
    /// The box that the map claims to cover, if it says so.
    pub bounds: Option<Bounds>,
    /// Nodes.
    pub nodes: Vec<RawNode>,
    /// Ways.
    pub ways: Vec<RawWay>,
    /// Relations.
    pub relations: Vec<RawRelation>,
}
