//! Hubs, units, bidders and bids of a sample.

pub(super) mod bids;
pub(super) mod haul;
mod packages;
mod rows;
mod scenario;
mod shippers;
mod units;

pub(super) use rows::{BidRow, BidderRow, Class, DduRow, HubRow, Parties};
pub(super) use rows::{degrees, write_bidders, write_bids, write_ddus, write_hubs, write_volumes, writer};
pub(super) use scenario::{CRITERIA, HaulsText, RATES, ScenarioText, VEHICLES};
pub(super) use shippers::{Shipper, class, shippers};
pub(super) use units::{UnitSeed, unit};

use crate::sample::rng::{Rng, Stream};
use crate::units::{ClockTime, MicroDollars, Pieces};

/// Hubs, units and bidders, and then the bids among them.
pub(super) struct Tables {
    pub(super) hubs: Vec<HubRow>,
    pub(super) ddus: Vec<DduRow>,
    pub(super) bidders: Vec<BidderRow>,
    pub(super) bids: Vec<BidRow>,
    pub(super) packages: usize,
}

impl Tables {
    /// Writes the bids of a market. `lines_per_unit` is in hundredths.
    pub(super) fn with_bids(
        seed: u64,
        mut hubs: Vec<HubRow>,
        ddus: Vec<DduRow>,
        mut bidders: Vec<BidderRow>,
        lines_per_unit: usize,
        packages: usize,
    ) -> Self {
        let mut groups = 0;
        let market = bids::Market { seed, hubs: &hubs, ddus: &ddus, bidders: &bidders };
        let mut bids = bids::single_lines(&market, lines_per_unit, &mut groups);
        let (lines, packages) = packages::packages(&market, packages, &mut groups);
        bids.extend(lines);
        limit(&mut bidders, &bids);
        limit_hubs(&mut hubs, &bids);
        Self { hubs, ddus, bidders, bids, packages }
    }

    /// Who the bids refer to.
    pub(super) fn parties(&self) -> Parties<'_> {
        Parties { hubs: &self.hubs, ddus: &self.ddus, bidders: &self.bidders }
    }
}

/// Lines for each unit on average, in hundredths: more where there are more bidders.
pub(super) fn lines_per_unit(bidders: usize) -> usize {
    420 + bidders.min(300) * 2
}

/// When a hub's vehicles may leave: mostly in the night, at a fifth of the hubs only in the morning.
pub(super) fn release(seed: u64, hub: usize) -> ClockTime {
    let mut rng = Rng::new(seed, Stream::Hubs, hub as u64);
    let quarters = if rng.percent(20) { rng.between(23, 27) } else { rng.between(8, 19) };
    ClockTime(i32::try_from(quarters * 15).unwrap_or(180))
}

/// Some bidders cannot supply, or pay for, all they bid for: decided by position, so that each class has some.
fn limit(bidders: &mut [BidderRow], bids: &[BidRow]) {
    let mut volume = vec![0_u64; bidders.len()];
    let mut money = vec![0_i64; bidders.len()];
    for bid in bids {
        if let (Some(v), Some(m)) = (volume.get_mut(bid.bidder), money.get_mut(bid.bidder)) {
            *v += u64::from(bid.volume_max);
            *m += bid.price.times_pieces(Pieces(bid.volume_max)).map_or(0, |p| p.0);
        }
    }
    for (i, bidder) in bidders.iter_mut().enumerate() {
        let (volume, money) = (volume.get(i).copied().unwrap_or(0), money.get(i).copied().unwrap_or(0));
        match i % 5 {
            2 => bidder.capacity = Some((volume / 6).max(50)),
            4 => bidder.budget = Some(MicroDollars((money / 6 / 1_000_000).max(50) * 1_000_000)),
            _ => {}
        }
    }
}

/// Every seventh hub loads less than what is bid from it.
fn limit_hubs(hubs: &mut [HubRow], bids: &[BidRow]) {
    let mut volume = vec![0_u64; hubs.len()];
    for bid in bids {
        if let Some(v) = volume.get_mut(bid.hub) {
            *v += u64::from(bid.volume_max);
        }
    }
    for (i, (hub, volume)) in hubs.iter_mut().zip(volume).enumerate() {
        if i % 7 == 4 {
            hub.capacity = Some(u32::try_from(volume / 5).unwrap_or(u32::MAX).max(100));
        }
    }
}
