//! The map: `extract.osm.pbf` → the roads in it, with what their tags say about vehicles.
//!
//! Two passes over the file, blobs in parallel: the first keeps road ways and turn restrictions, the second the nodes
//! they refer to. What is missing, clipped or odd is counted in [`ImportCounts`], never fatal. [`read_extract`] reads
//! a file, [`assemble`] a map in memory ([`RawMap`]); both go through the same tag rules and give the same [`Extract`].

mod assemble;
mod error;
mod extract;
mod node_table;
mod pbf;
mod post_office;
mod raw;
mod tags;
mod tally;
mod turn;

pub use assemble::assemble;
pub use error::OsmError;
pub use extract::{
    Access, Extract, ImportCounts, Node, Restriction, RestrictionKind, Via, Way, WayDirection, WayLimits,
};
pub use pbf::{read_extract, read_post_offices};
pub use post_office::{PostOffice, PostOffices};
pub use raw::{MemberKind, RawMap, RawMember, RawNode, RawRelation, RawTags, RawWay};

/// Along or against the nodes of a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Forward,
    Backward,
}
