//! The road network: an edge-based graph, its vehicle profiles, its components and its R-tree.
//!
//! Nodes of the routing graph are directed road arcs ([`ArcIx`](crate::ids::ArcIx)); its arcs are the turns that are
//! allowed ([`TurnIx`](crate::ids::TurnIx)), stored as compressed rows (`first_out`, `head`). Topology is the same for
//! all vehicles; a [`Profile`] adds the weights of one vehicle class.
//!
//! Exact rules as topology:
//! - A turn banned for all modes is missing; one banned for some carries a mask.
//! - A restriction over one or more via *ways* is a forbidden word of arcs: arcs on it are doubled by the states of
//!   the word automaton, so that only the forbidden continuation is missing.
//! - A road open only to destination traffic (for some mode) is doubled: its *main* arc is entered from free roads and
//!   never left for them by that mode, its *start copy* is left for them and never entered. So such roads occur only at
//!   the two ends of a route.

mod box_tree;
mod build;
mod closures;
mod components;
mod locator;
mod profile;
mod profiled_graph;
mod road_network;
mod scc;
mod snap;
mod stored;
mod weight;

pub use build::{NetworkError, build};
pub use closures::Closures;
pub use components::Components;
pub use locator::Locator;
pub use profile::{Profile, ProfileError};
pub use profiled_graph::{ArcSet, ProfiledGraph, TurnRef};
pub use road_network::{ArcRole, NetworkCounts, RoadArc, RoadNetwork, Segment, TurnByte, TurnKind};
pub use snap::{NoSnap, Snap};
pub use weight::{CostUnits, PathRates, PathWeight, Weight};
