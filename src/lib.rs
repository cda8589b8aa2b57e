//! Last-mile injection routing and DDU award.
//!
//! Data flows one way; a stage may use the stages above it, never one below (`tests/architecture.rs` checks it):
//!
//! ```text
//! units ids lonlat road_class no_haul progress csv_out artefact rng flat_file solver diagnostics   the ground floor
//!   └─ scenario     scenario.toml, hubs, ddus, vehicles, bidders, bids → validated types
//!        ├─ verify       a finished run checked from its files alone; only the command line knows it
//!        └─ osm          extract.osm.pbf → ways, nodes, restrictions, truck attributes
//!             └─ network      edge-based graph, vehicle profiles, components, R-tree
//!                  └─ hierarchy    nested-dissection order → contraction → customization for one vehicle
//!                       └─ matrix       hubs × DDUs: money, metres, seconds, tolls, or the reason there is none
//!                            └─ cost         trips, pieces, vehicle choice → injection cost
//!                                 └─ routes       milk runs: vehicle routes of a hub, proven or with a gap
//!                                      └─ award        winner determination, exact money, explanations
//!                                           └─ report       tables, Parquet, HTML, manifest
//!                                                ├─ sample       an invented region, or bids for a real map
//!                                                └─ pipeline     the stages joined
//!                                                     ├─ batch        many regions, each in a process of its own
//!                                                     └─ serve        the page, routes and jobs over HTTP
//!                                                          └─ cli          the command line
//! ```

pub mod units;
pub mod ids;
pub mod lonlat;
pub mod road_class;
pub mod no_haul;
pub mod progress;
pub mod csv_out;
pub mod artefact;
pub mod rng;
pub mod flat_file;
mod solver;
pub mod diagnostics;
pub mod scenario;
pub mod verify;
pub mod osm;
pub mod network;
pub mod hierarchy;
pub mod matrix;
pub mod cost;
pub mod routes;
pub mod award;
pub mod quote;
pub mod report;
pub mod sample;
pub mod pipeline;
pub mod batch;
pub mod serve;
pub mod cli;
