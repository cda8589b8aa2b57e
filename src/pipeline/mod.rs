//! The stages joined: from a scenario to a region with its network, to costs, to an award and its files.
//!
//! Every door (the command line today) goes through here, so that all of them give the same answers.

mod points;
mod region;
mod roads_file;
mod run;

pub use points::PointCounts;
pub use region::{ReadNetwork, Region, RegionError, VehicleNetwork, prepare, read_network};
pub use roads_file::PreparedMap;
pub use run::{RunError, RunFiles, determine, matrices, run, snaps};
