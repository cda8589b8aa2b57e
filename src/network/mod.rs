//! The road network: an edge-based graph, its vehicle profiles, its components and its R-tree.
//!
//! Nodes of the routing graph are directed road arcs ([`ArcIx`]); its arcs are the turns that are allowed
//! ([`TurnIx`]), stored as compressed rows (`first_out`, `head`). Topology is the same for all vehicles; a
//! [`Profile`] adds the weights of one vehicle class.
//!
//! Exact rules as topology:
//! - A turn banned for all modes is missing; one banned for some carries a mask.
//! - A restriction over one or more via *ways* is a forbidden word of arcs: arcs on it are doubled by the states of
//!   the word automaton, so that only the forbidden continuation is missing.
//! - A road open only to destination traffic (for some mode) is doubled into a *start copy* (left, never re-entered)
//!   and an *end copy* (entered, never left by that mode): such roads occur only at the ends of a route.

mod profile;
mod road_network;
mod snap;
mod weight;

pub use profile::Profile;
pub use road_network::{ArcRole, RoadArc, RoadNetwork, Segment, TurnByte};
pub use snap::{NoSnap, Snap};
pub use weight::{CostUnits, Weight};
