//! The stages joined: from a scenario to a region with its network, to costs, to an award and its files.
//!
//! Every door (the command line today) goes through here, so that all of them give the same answers.

mod points;
mod region;
mod route;
mod run;

pub use points::PointCounts;
pub use region::{ReadNetwork, Region, RegionError, VehicleNetwork, read_network};
pub use route::{FoundRoute, RouteEnd, RouteError, RouteJob, RouteNote, route};
pub use run::{RunError, RunFiles, determine, matrices, run, snaps};
