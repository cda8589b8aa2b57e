//! The stages joined: from a scenario to a region with its network, to costs, to an award and its files.
//!
//! Every door (command line and server) goes through here, so that all of them give the same answers.

mod at_hand;
mod facilities;
mod lanes;
mod matrices;
mod opening;
mod points;
mod quote;
mod region;
mod road_service;
mod roads_file;
mod route;
mod route_aware;
mod routes;
mod run;
mod stop_legs;
mod synergies;
mod tiles;
mod variants;

pub use at_hand::{AwardAtHand, Question};
pub use facilities::match_facilities;
pub use matrices::{Answer, Prepared, matrices};
pub use opening::{MapSource, Opening, Refusal, Usable, open};
pub use points::PointCounts;
pub use quote::{QuoteOutcome, QuotePaths, quote};
pub use region::{ReadNetwork, Region, RegionError, VehicleNetwork, build_hierarchy, prepare, read_network};
pub use road_service::{Conditions, RoadService, ServedClass};
pub use roads_file::PreparedMap;
pub use route::{FoundRoute, RouteEnd, RouteError, RouteJob, RouteNote, route};
pub use routes::{RouteVolumes, RoutesOutcome, routes};
pub use run::{RunError, RunFiles, determine, import_counts, run};
pub use stop_legs::WantedLine;
pub use tiles::MatrixTiles;
pub use variants::{VariantHauls, variants};
