//! The map: `extract.osm.pbf` → the roads in it, with what their tags say about vehicles.
//!
//! Two passes over the file, blobs in parallel: the first keeps road ways and turn restrictions, the second the nodes
//! they refer to. What is missing, clipped or odd is counted in [`ImportCounts`], never fatal.

mod extract;

pub use extract::{
    Access, Extract, ImportCounts, Node, Restriction, RestrictionKind, Via, Way, WayDirection, WayLimits,
};
