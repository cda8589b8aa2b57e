//! Tables that people and programs read: CSV and Parquet from one definition of columns.
//!
//! Rows come in order of their ids and are streamed; nothing here holds a whole table. Money is written exactly
//! (six decimals in Parquet, as many as needed in CSV); every column names its unit.

mod award_report;
mod awards;
mod bidders;
mod bids_explained;
mod cats;
mod certificate;
mod cheapest;
mod cost_table;
mod csv;
mod ddus;
mod drop_outs;
mod error;
mod facilities;
mod haul_table;
mod joined;
mod manifest;
mod matrix_table;
pub mod page;
mod parquet;
mod payments;
mod policy_prices;
mod quote;
mod route;
mod routes;
mod scenarios;
mod synergies;
mod table;
mod terminal;

pub use award_report::{AwardReport, AwardTable, write_award_csv};
pub use cats::{cats_summary, write_cats_csv};
pub use certificate::write_certificate_csv;
pub use cheapest::{RegionRows, RegionTable, write_cheapest};
pub use cost_table::{write_costs_csv, write_costs_parquet};
pub use error::ReportError;
pub use facilities::{Match, MatchKind, write_candidates, write_match_report};
pub use haul_table::write_hauls_csv;
pub use joined::write_joined;
pub use manifest::{
    Manifest, QuoteManifest, RoutesManifest, ShardManifest, write_manifest, write_merged_manifest,
    write_quote_manifest, write_routes_manifest, write_shard_manifest, write_timings,
};
pub use matrix_table::{MatrixPart, MatrixTable, Snaps, write_matrix};
pub use quote::{Assumption, QuoteReport, QuoteTable, QuoteTotals, quote_summary, write_quote_csv, write_quote_sheet};
pub use route::{RoutePlace, RouteReport, route_summary, write_route_geojson};
pub use routes::{
    AwareBidder, AwareBound, AwareKind, AwareRound, DrawnRoutes, RouteTotals, RoutesReport, RoutesTable, aware_summary,
    routes_summary, write_aware_bidders, write_aware_rounds, write_route_sheets, write_routes_csv,
    write_routes_geojson,
};
pub use terminal::award_table;
