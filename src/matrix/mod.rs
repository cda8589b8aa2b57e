//! Hubs × DDUs: money, metres, seconds and tolls of one and the same best path, outbound and return, or the reason
//! why there is none.
//!
//! [`compute`] runs plain Dijkstra searches (Dijkstra 1959; `O((arcs + turns) log arcs)` each) over the edge-based
//! graph, one forward and one backward from each point of the smaller side: the baseline, and the oracle of any faster
//! engine behind the same function. [`fast`] is that engine. [`route`] tells one cell's path road by road.

mod compute;
mod error;
pub mod fast;
mod graph;
mod queue;
mod route;
mod search;
mod table;

pub use crate::no_haul::NoPath;
pub use compute::compute;
pub use error::MatrixError;
pub use route::{ClassShare, Route, RouteLeg, Share, Stretch, route};
pub use table::{Leg, Matrix, PathTotals};

#[cfg(test)]
mod tests;
