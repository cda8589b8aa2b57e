//! Makes samples: an invented region with map, tables and scenario, or tables for a real map.
//!
//! A door of the library, used by people who try it out and who load-test it. The map holds what real maps of the
//! United States hold, so that every rule of import and routing has something to bite on; the bids hold every reason
//! to lose. Nothing here uses the routing engine, and all of it follows from a seed.
//!
//! [`national`] makes an auction up to the size of the country, with costs in place of a map.
//!
//! [`plan`] lays out counties; [`county`] draws one: [`streets`], [`highway`], [`motorway`], [`restrictions`],
//! [`scenery`]; [`pbf`] writes the map; [`tables`] writes the rest.

mod canvas;
mod county;
mod error;
mod extract;
mod highway;
mod motorway;
mod names;
mod national;
mod pbf;
mod plan;
mod plane;
mod quote;
mod region;
mod restrictions;
mod rng;
mod scenery;
mod sites;
mod streets;
mod tables;

pub use error::SampleError;
pub use extract::{ExtractSources, tables_for_extract};
pub use national::{NationalSettings, national};
pub use quote::{QUOTE_SCENARIO, QuoteSources, quote_scenario};
pub use region::region;

use crate::lonlat::Bounds;

/// Sizes of an invented region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SampleSettings {
    /// Decides everything that is left to chance.
    pub seed: u64,
    /// Road junctions wanted, 1,000 to 2,000,000; the map comes within about a sixth of it.
    pub junctions: u32,
    /// Delivery units, 1 to 25,000.
    pub ddus: u32,
    /// Bidders, 1 to 999: of 200, 5 are national, 30 regional and 165 local.
    pub bidders: u32,
}

impl Default for SampleSettings {
    /// The sample that ships with the crate.
    fn default() -> Self {
        Self { seed: 7, junctions: 4_000, ddus: 60, bidders: 8 }
    }
}

impl SampleSettings {
    fn check(&self) -> Result<(), SampleError> {
        let sizes = [
            ("junctions", self.junctions, 1_000, 2_000_000),
            ("ddus", self.ddus, 1, 25_000),
            ("bidders", self.bidders, 1, 999),
        ];
        match sizes.into_iter().find(|(_, value, low, high)| !(low..=high).contains(&value)) {
            Some((what, value, low, high)) => Err(SampleError::Size { what, value, low, high }),
            None => Ok(()),
        }
    }
}

/// What a sample holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SampleSummary {
    /// Nodes where roads meet or end; 0 for a real map and without one.
    pub junctions: u64,
    /// Nodes of the map; 0 for a real map.
    pub nodes: u64,
    /// Ways of the map; 0 for a real map.
    pub ways: u64,
    /// Relations of the map; 0 for a real map.
    pub relations: u64,
    /// The map's box.
    pub bounds: Bounds,
    /// Hubs.
    pub hubs: usize,
    /// Delivery units.
    pub ddus: usize,
    /// Bidders.
    pub bidders: usize,
    /// Bid lines.
    pub bids: usize,
    /// Packages.
    pub packages: usize,
}
