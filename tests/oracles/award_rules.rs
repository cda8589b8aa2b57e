//! What an award is worth and which rules it obeys, spelled out from the scenario alone.

use super::auction::Auction;
use ddu::scenario::*;
use std::collections::{BTreeMap, BTreeSet};

/// Injection cost and loaded decimetres of a line at a volume, if a vehicle is there in time.
fn haul(a: &Auction, bid: &BidLine, v: u32) -> Option<(i128, i128)> {
    let ddu = &a.scenario.ddus[bid.ddu.index()];
    let cet = ddu.critical_entry_time(bid.service)?;
    let by = bid.tender.min(cet).min(ddu.dock_close);
    let options = a.hauls[bid.hub.index()][bid.ddu.index()].options.as_ref().ok()?;
    let timely = options.iter().filter(|o| o.arrival <= by && bid.tender <= cet);
    let cost = |o: &ddu::cost::VehicleOption| {
        let trips = i128::from(v.div_ceil(o.pieces_per_trip.0));
        let money = trips * i128::from(o.trip.0) + i128::from(v) * i128::from(o.handling_per_piece.0);
        (money, trips, o.vehicle, trips * i128::from(o.outbound.0))
    };
    timely.map(cost).min().map(|c| (c.0, c.3))
}

/// Value of a line at a volume; `None` if the reserve or the clock forbids it.
pub fn value(a: &Auction, bid: &BidLine, v: u32) -> Option<i128> {
    let (ddu, v128) = (&a.scenario.ddus[bid.ddu.index()], i128::from(v));
    let (cost, _) = haul(a, bid, v)?;
    let hub = bid.basis == PriceBasis::Hub;
    let dock = v128 * i128::from(bid.price.0) - if hub { cost } else { 0 };
    let objective = a.scenario.settings.award.objective;
    let attributable = if objective == Objective::Revenue { 0 } else { v128 * i128::from(ddu.attributable_cost.0) };
    let surplus = if objective == Objective::Surplus && !hub { cost } else { 0 };
    (dock >= v128 * i128::from(ddu.reserve_price.0)).then_some(dock - attributable - surplus)
}

/// Whether volumes obey every rule; lines of a package count as awarded one by one.
pub fn feasible(a: &Auction, volumes: &[u32]) -> bool {
    let (s, award) = (&a.scenario, &a.scenario.settings.award);
    let mut sums: BTreeMap<(char, u32, i64), (i128, i128)> = BTreeMap::new();
    let mut xor: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
    let total: i128 = volumes.iter().map(|v| i128::from(*v)).sum();
    let capacity: i128 = s.ddus.iter().map(|d| i128::from(d.capacity.0)).sum();
    for (b, &v) in s.bids.iter().zip(volumes).filter(|(_, v)| **v > 0) {
        let (d, v, who) = (&s.ddus[b.ddu.index()], i128::from(v), &s.bidders[b.bidder.index()]);
        let mut add = |key, amount: i128, limit: i128| {
            let sum = sums.entry(key).or_insert((0, limit));
            sum.0 += amount;
        };
        add(('d', b.ddu.0, 0), v, d.capacity.0.into());
        let window = award.dock_window.map_or(0, |w| (b.tender.0 - d.dock_open.0) / (w.0 / 60_000) as i32);
        add(('w', b.ddu.0, window.into()), 1, d.dock_slots.map_or(i128::MAX, i128::from));
        add(('o', b.bidder.0, i64::from(b.ddu.0) * 2 + i64::from(b.service == Service::SameDay)), 1, 1);
        add(('h', b.hub.0, 0), v, s.hubs[b.hub.index()].capacity.map_or(i128::MAX, |c| c.0.into()));
        add(('c', b.bidder.0, 0), v, who.capacity.map_or(i128::MAX, |c| c.0.into()));
        add(('m', b.bidder.0, 0), v * i128::from(b.price.0), who.budget.map_or(i128::MAX, |m| m.0.into()));
        let same = |x: &Bidder| !x.affiliate_group.is_empty() && x.affiliate_group == who.affiliate_group;
        let group = s.bidders.iter().position(same).map_or(b.bidder.0, |i| i as u32);
        let base = if award.share_base == ShareBase::Awarded { total } else { capacity };
        add(('g', group, 0), v * 1_000_000, award.share_cap.map_or(i128::MAX, |c| base * i128::from(c.0)));
        if let Some(x) = &b.xor_group {
            let what = b.package.as_ref().unwrap_or(&b.id);
            xor.entry((b.bidder, x)).or_default().insert(what);
        }
    }
    sums.values().all(|(sum, limit)| sum <= limit) && xor.values().all(|x| x.len() <= 1)
}

/// Value, criteria in order, draw: awards compare as these do. `None` if a bid may not win so much.
pub fn rank(a: &Auction, volumes: &[u32]) -> Option<Vec<i128>> {
    let s = &a.scenario;
    let won = || s.bids.iter().zip(volumes).filter(|(_, v)| **v > 0);
    let mut rank = vec![won().map(|(b, v)| value(a, b, *v)).sum::<Option<i128>>()?];
    for criterion in &s.settings.award.criteria {
        rank.push(match criterion {
            Criterion::MoreBidders => won().map(|(b, _)| b.bidder).collect::<BTreeSet<_>>().len() as i128,
            Criterion::FewerMiles => -won().filter_map(|(b, v)| Some(haul(a, b, *v)?.1)).sum::<i128>(),
            Criterion::EarlierTender => won()
                .filter_map(|(b, v)| {
                    let cet = s.ddus[b.ddu.index()].critical_entry_time(b.service)?;
                    Some(i128::from(cet.0 - b.tender.0) * i128::from(*v))
                })
                .sum(),
        });
    }
    let draw = |id: &str| {
        let hash = blake3::hash(&[&s.settings.seed.to_le_bytes()[..], id.as_bytes()].concat());
        let number = u32::from_le_bytes(hash.as_bytes()[..4].try_into().unwrap());
        1 + i128::from(number % (1 << 20))
    };
    rank.push(won().map(|(b, v)| draw(&b.id) * i128::from(*v)).sum());
    Some(rank)
}
