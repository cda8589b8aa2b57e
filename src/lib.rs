//! Last-mile injection routing and DDU award.
//!
//! Data flows one way; a stage may use the stages above it, never one below (`tests/architecture.rs` checks it):
//!
//! ```text
//! units ids lonlat road_class progress csv_out artefact diagnostics     the ground floor
//!   └─ scenario     scenario.toml, hubs, ddus, vehicles, bidders, bids → validated types
//!        └─ osm          extract.osm.pbf → ways, nodes, restrictions, truck attributes
//!             └─ network      edge-based graph, vehicle profiles, components, R-tree
//!                  └─ matrix       hubs × DDUs: money, metres, seconds, tolls, or the reason there is none
//!                       └─ cost         trips, pieces, vehicle choice → injection cost
//!                            └─ award        winner determination, exact money, explanations
//!                                 └─ report       tables, Parquet, HTML, manifest
//! sample                                                        a door: invented maps and tables to try it all on
//! ```

pub mod units;
pub mod ids;
pub mod lonlat;
pub mod road_class;
pub mod progress;
pub mod csv_out;
pub mod artefact;
pub mod diagnostics;
pub mod scenario;
pub mod osm;
pub mod network;
pub mod matrix;
pub mod cost;
pub mod report;
pub mod sample;
