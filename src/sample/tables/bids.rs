//! Bid lines for single units, written so that every reason to lose occurs.
//!
//! Most lines are sound. A few are *traps*, each with one defect on purpose: a price below the reserve, or a tender
//! time before any vehicle could be there. The other reasons follow from scarcity: more volume is bid than units
//! and docks take, and one large shipper bids higher than all others until the share cap stops it.

use super::haul;
use super::rows::{BidRow, BidderRow, Class, DduRow, HubRow};
use crate::sample::rng::{Rng, Stream};
use crate::scenario::{PriceBasis, Service};
use crate::units::{ClockTime, MicroDollars};

/// Chances in a hundred.
const BELOW_RESERVE: usize = 5;
const TOO_EARLY: usize = 20;
const HUB_BASIS: usize = 45;
const BOTH_SERVICES: usize = 22;
const XOR_OF_BOTH: usize = 60;
const HOPELESS: usize = 25;
/// Dollars a piece from which a haul alone is hopeless: few bid then, but some do.
const HOPELESS_HAUL: f64 = 1.6;

/// Who bids where, with what is needed to price it.
pub(in crate::sample) struct Market<'a> {
    pub(in crate::sample) seed: u64,
    pub(in crate::sample) hubs: &'a [HubRow],
    pub(in crate::sample) ddus: &'a [DduRow],
    pub(in crate::sample) bidders: &'a [BidderRow],
}

/// A hub within a bidder's reach of a unit.
#[derive(Clone, Copy, Debug)]
pub(in crate::sample) struct Reach {
    pub(in crate::sample) bidder: usize,
    pub(in crate::sample) hub: usize,
    pub(in crate::sample) miles: f64,
}

impl Market<'_> {
    /// A bidder's nearest hub, if the unit is within its reach.
    pub(super) fn reach(&self, bidder: usize, ddu: usize) -> Option<Reach> {
        let row = self.bidders.get(bidder)?;
        let unit = self.ddus.get(ddu)?;
        let limit = match row.class {
            Class::National => 400.0,
            Class::Regional => 80.0,
            Class::Local => 35.0,
        };
        let mut best: Option<Reach> = None;
        for hub in &row.hubs {
            let miles = haul::road_miles(self.hubs.get(*hub)?.at, unit.at);
            if miles <= limit && best.is_none_or(|b| miles < b.miles) {
                best = Some(Reach { bidder, hub: *hub, miles });
            }
        }
        best
    }

    /// When a vehicle from a hub can be at the dock at the earliest, estimated with a margin, in quarters of an hour.
    pub(super) fn earliest(&self, reach: Reach, unit: &DduRow) -> ClockTime {
        let release = self.hubs.get(reach.hub).map_or(0, |h| h.release.0);
        let travel = f64::from(haul::minutes(reach.miles)) * 1.2 + 10.0;
        let arrival = haul::rounded_up(f64::from(release) + travel, 15.0);
        ClockTime(arrival.max(unit.open.0))
    }

    /// A sound tender time for a service, if there is one.
    pub(in crate::sample) fn tender(&self, reach: Reach, unit: &DduRow, service: Service) -> Option<ClockTime> {
        let latest = unit.critical_entry_time(service)?.min(unit.close);
        Some(self.earliest(reach, unit)).filter(|t| *t <= latest)
    }

    /// What a bidder pays at the dock beyond the reserve, in cents.
    pub(in crate::sample) fn margin(&self, rng: &mut Rng, bidder: usize) -> i64 {
        match self.bidders.get(bidder).map(|b| b.class) {
            Some(Class::National) if bidder == 0 => rng.between(22, 60),
            Some(Class::National) => rng.between(8, 42),
            Some(Class::Regional) => rng.between(6, 40),
            _ => rng.between(3, 36),
        }
    }

    /// The price on its basis for a dock price in cents.
    pub(in crate::sample) fn price(
        &self,
        rng: &mut Rng,
        basis: PriceBasis,
        dock_cents: i64,
        miles: f64,
        volume: u32,
    ) -> MicroDollars {
        let haul_cents = match basis {
            PriceBasis::Dock => 0.0,
            PriceBasis::Hub => haul::dollars_per_piece(miles, volume) * (100.0 + 14.0 * rng.unit()),
        };
        let cents = dock_cents + i64::from(haul::rounded_up(haul_cents, 1.0));
        MicroDollars(cents.max(1) * 10_000)
    }
}

/// Lines for single units. `lines_per_unit` is the average wanted, in hundredths.
pub(super) fn single_lines(market: &Market<'_>, lines_per_unit: usize, xor_groups: &mut usize) -> Vec<BidRow> {
    let mut bids = Vec::new();
    for ddu in 0..market.ddus.len() {
        let mut rng = Rng::new(market.seed, Stream::Bids, ddu as u64);
        let mut reaches: Vec<Reach> = (0..market.bidders.len()).filter_map(|b| market.reach(b, ddu)).collect();
        rng.shuffle(&mut reaches);
        // The lucky ones first: the largest shipper bids nearly everywhere.
        reaches.sort_by_key(|r| r.bidder != 0);
        let wanted = lines_per_unit / 2 + rng.below(lines_per_unit + 1);
        let wanted = (wanted / 100 + usize::from(rng.below(100) < wanted % 100)).max(1);
        let mut made = 0;
        for reach in reaches {
            if made >= wanted {
                break;
            }
            made += lines_of(market, &mut rng, ddu, reach, xor_groups, &mut bids);
        }
    }
    bids
}

/// One bidder's lines for a unit: one, or one for each service. How many.
fn lines_of(
    market: &Market<'_>,
    rng: &mut Rng,
    ddu: usize,
    reach: Reach,
    xor_groups: &mut usize,
    bids: &mut Vec<BidRow>,
) -> usize {
    let before = bids.len();
    let Some(unit) = market.ddus.get(ddu) else { return 0 };
    let same = market.tender(reach, unit, Service::SameDay).map(|t| (Service::SameDay, t));
    let next = market.tender(reach, unit, Service::NextDay).map(|t| (Service::NextDay, t));
    let mut tenders: Vec<(Service, ClockTime)> = match (same, next) {
        (Some(same), Some(next)) if rng.percent(BOTH_SERVICES) => vec![same, next],
        (Some(same), Some(next)) => vec![if rng.percent(55) { same } else { next }],
        (same, next) => same.or(next).into_iter().collect(),
    };
    if let Some(trap) = too_early(market, reach, unit)
        && (tenders.is_empty() || rng.percent(TOO_EARLY))
    {
        tenders = vec![trap];
    }
    let large = market.bidders.get(reach.bidder).is_some_and(|b| b.class == Class::National);
    for (service, tender) in &tenders {
        let share = if large { rng.between(30, 70) } else { rng.between(10, 45) };
        let volume_max = u32::try_from(i64::from(unit.capacity) * share / 100).unwrap_or(1).max(1);
        if haul::dollars_per_piece(reach.miles, volume_max) > HOPELESS_HAUL && !rng.percent(HOPELESS) {
            continue;
        }
        let volume_min = u32::try_from(i64::from(volume_max) * rng.between(20, 60) / 100).unwrap_or(1).max(1);
        let reserve_cents = unit.reserve.0 / 10_000;
        let premium = if *service == Service::SameDay { 3 } else { 0 };
        let dock_cents = if rng.percent(BELOW_RESERVE) {
            reserve_cents * rng.between(84, 97) / 100
        } else {
            reserve_cents + premium + market.margin(rng, reach.bidder)
        };
        let basis = if rng.percent(HUB_BASIS) { PriceBasis::Hub } else { PriceBasis::Dock };
        let price = market.price(rng, basis, dock_cents, reach.miles, volume_max);
        bids.push(BidRow {
            bidder: reach.bidder,
            package: None,
            xor_group: None,
            ddu,
            hub: reach.hub,
            service: *service,
            tender: *tender,
            volume_min,
            volume_max,
            price,
            basis,
        });
    }
    let made = bids.len() - before;
    if made > 1 && rng.percent(XOR_OF_BOTH) {
        *xor_groups += 1;
        bids.iter_mut().skip(before).for_each(|line| line.xor_group = Some(*xor_groups));
    }
    made
}

/// A tender time before any vehicle can be there: a third of the estimated travel time after the hub's release.
fn too_early(market: &Market<'_>, reach: Reach, unit: &DduRow) -> Option<(Service, ClockTime)> {
    let travel = haul::minutes(reach.miles);
    let release = market.hubs.get(reach.hub)?.release.0;
    let tender = ClockTime((release + travel / 3).div_euclid(5) * 5);
    let service = if unit.cet_same_day.is_some() { Service::SameDay } else { Service::NextDay };
    let accepted = tender >= unit.open && tender <= unit.critical_entry_time(service)?.min(unit.close);
    (travel >= 35 && accepted).then_some((service, tender))
}
