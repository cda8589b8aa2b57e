//! A national auction, whole or in part: invented places, bidders, bids and costs, no map.
//!
//! At 100 % it has 18,000 delivery units in 48 states, 200 bidders with about 1,100 hubs, 200,000 lines and 10,000
//! packages; smaller shares keep the structure, the density of units and everything that couples bids: packages over
//! neighbours, XOR groups, a share cap and minimum volumes that bind, capacities, dock slots.
//!
//! [`geography`] places towns, [`bidders`] hubs, [`lines`] and [`packages`] make bids, [`limits`] what bidders can do
//! at least and at most, [`costs`] the hauls that are bid on.

mod bidders;
mod costs;
mod geography;
mod limits;
mod lines;
mod packages;
mod reach;

use super::tables::{self, BidderRow, DduRow, HaulsText, HubRow, Parties, ScenarioText};
use super::{SampleError, SampleSummary};
use crate::artefact::Folder;
use crate::progress::Progress;
use crate::scenario::Service;
use geography::Nation;
use reach::Reaches;
use std::io::Write;
use std::path::Path;

/// At full size.
const UNITS: usize = 18_000;
const PACKAGES: usize = 10_000;
/// The clock of all hubs and units, so that arrivals in the table of costs can be read off release times.
const TIME_ZONE: &str = "America/Chicago";
const COSTS: &str = "costs.csv";

/// How much of the country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NationalSettings {
    /// Decides everything that is left to chance.
    pub seed: u64,
    /// Per cent of national scale, 1 to 100.
    pub percent: u32,
}

/// Hubs, units and bidders of the auction.
pub(super) struct Market {
    seed: u64,
    hubs: Vec<HubRow>,
    ddus: Vec<DduRow>,
    bidders: Vec<BidderRow>,
}

impl Market {
    /// What bids are priced and timed with.
    fn desk(&self) -> tables::bids::Market<'_> {
        tables::bids::Market { seed: self.seed, hubs: &self.hubs, ddus: &self.ddus, bidders: &self.bidders }
    }
}

/// Writes a national auction into a folder, which is made if need be.
///
/// The same settings give the same bytes on every machine. Files appear together at the end or not at all.
///
/// # Errors
/// When the share is out of range, the folder cannot be written, or the user stops it.
pub fn national(
    settings: &NationalSettings,
    out: &Path,
    progress: &dyn Progress,
) -> Result<SampleSummary, SampleError> {
    let (seed, percent) = (settings.seed, settings.percent);
    if !(1..=100).contains(&percent) {
        return Err(SampleError::Size { what: "percent", value: percent, low: 1, high: 100 });
    }
    let share = |of: usize| of * percent as usize / 100;
    let mut folder = Folder::open(out)?;
    progress.begin("places", None);
    let nation = Nation::new(seed, share(UNITS));
    let ddus = nation.units(seed);
    let (bidders, hubs) = bidders::bidders(seed, &nation, ddus.len());
    let mut market = Market { seed, hubs, ddus, bidders };
    progress.finish(&format!("{} units, {} hubs", market.ddus.len(), market.hubs.len()));

    progress.begin("bids", None);
    let reaches = Reaches::new(&market);
    let mut groups = 0;
    let mut bids = lines::lines(&market, &reaches, &mut groups);
    let singles = bids.len();
    let packages = packages::packages(&market, &reaches, share(PACKAGES), &mut bids, &mut groups);
    limits::limit(seed, &mut market.bidders, &bids);
    progress.finish(&format!("{singles} lines, {packages} packages of {} lines", bids.len() - singles));
    if progress.cancelled() {
        return Err(SampleError::Cancelled);
    }

    progress.begin("write the tables", None);
    let gap = match percent {
        1..10 => None,
        10..50 => Some("0.0005"),
        _ => Some("0.001"),
    };
    let title = format!("national auction at {percent} %");
    let text =
        ScenarioText { title: &title, seed, hauls: HaulsText::Costs { file: COSTS }, gap_tolerance: gap, criteria: "" };
    let parties = Parties { hubs: &market.hubs, ddus: &market.ddus, bidders: &market.bidders };
    folder.write("hubs.csv", |f| tables::write_hubs(f, &market.hubs, TIME_ZONE))?;
    folder.write("ddus.csv", |f| tables::write_ddus(f, &market.ddus, TIME_ZONE))?;
    folder.write("vehicles.toml", |f| f.write_all(tables::VEHICLES.as_bytes()))?;
    folder.write("bidders.csv", |f| tables::write_bidders(f, &market.bidders))?;
    folder.write("bids.csv", |f| tables::write_bids(f, &bids, &parties))?;
    folder.write(COSTS, |f| costs::write(f, &market, &bids))?;
    folder.write("scenario.toml", |f| f.write_all(text.render().as_bytes()))?;
    if progress.cancelled() {
        return Err(SampleError::Cancelled);
    }
    folder.commit()?;
    progress.finish(&format!("{} bid lines", bids.len()));
    Ok(SampleSummary {
        junctions: 0,
        nodes: 0,
        ways: 0,
        relations: 0,
        bounds: nation.bounds(),
        hubs: market.hubs.len(),
        ddus: market.ddus.len(),
        bidders: market.bidders.len(),
        bids: bids.len(),
        packages,
    })
}

/// Cents a piece above the reserve that a bidder's business at a unit is worth: what its lines and packages share.
fn worth(market: &Market, bidder: usize, ddu: usize) -> i64 {
    use super::rng::{Rng, Stream};
    let item = (bidder * market.ddus.len() + ddu) as u64;
    market.desk().margin(&mut Rng::new(market.seed, Stream::Margins, item), bidder)
}

/// The other service level.
const fn other(service: Service) -> Service {
    match service {
        Service::SameDay => Service::NextDay,
        Service::NextDay => Service::SameDay,
    }
}
