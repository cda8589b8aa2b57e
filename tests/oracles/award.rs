//! Exhaustive search over all volumes of all bids: the definition of the award, spelled out.

use super::support::auction::Auction;
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
        let money = trips * i128::from(o.trip.total.0) + i128::from(v) * i128::from(o.handling_per_piece.0);
        (money, trips, o.vehicle, trips * i128::from(o.outbound.length.0))
    };
    timely.map(cost).min().map(|c| (c.0, c.3))
}

/// Value of a line at a volume; `None` if the reserve or the clock forbids it.
fn value(a: &Auction, bid: &BidLine, v: u32) -> Option<i128> {
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
    let mut sums: BTreeMap<String, (i128, i128)> = BTreeMap::new();
    let mut xor: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    let total: i128 = volumes.iter().map(|v| i128::from(*v)).sum();
    let capacity: i128 = s.ddus.iter().map(|d| i128::from(d.capacity.0)).sum();
    for (b, &v) in s.bids.iter().zip(volumes).filter(|(_, v)| **v > 0) {
        let (d, v, who) = (&s.ddus[b.ddu.index()], i128::from(v), &s.bidders[b.bidder.index()]);
        let mut add = |key: String, amount: i128, limit: i128| {
            let sum = sums.entry(key).or_insert((0, limit));
            sum.0 += amount;
        };
        add(format!("d{}", b.ddu.0), v, d.capacity.0.into());
        let window = award.dock_window.map_or(0, |w| (b.tender.0 - d.dock_open.0) / (w.0 / 60_000) as i32);
        add(format!("w{} {window}", b.ddu.0), 1, d.dock_slots.map_or(i128::MAX, i128::from));
        add(format!("o{} {} {:?}", b.bidder.0, b.ddu.0, b.service), 1, 1);
        add(format!("h{}", b.hub.0), v, s.hubs[b.hub.index()].capacity.map_or(i128::MAX, |c| c.0.into()));
        add(format!("c{}", b.bidder.0), v, who.capacity.map_or(i128::MAX, |c| c.0.into()));
        add(format!("m{}", b.bidder.0), v * i128::from(b.price.0), who.budget.map_or(i128::MAX, |m| m.0.into()));
        let group =
            if who.affiliate_group.is_empty() { format!("s{}", who.id) } else { format!("g{}", who.affiliate_group) };
        let base = if award.share_base == ShareBase::Awarded { total } else { capacity };
        add(group, v * 1_000_000, award.share_cap.map_or(i128::MAX, |c| base * i128::from(c.0)));
        if let Some(x) = &b.xor_group {
            let what = b.package.as_ref().map_or_else(|| b.id.clone(), |p| format!("package {p}"));
            xor.entry((b.bidder, x.clone())).or_default().insert(what);
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

/// Whole packages or single lines, each with the volumes of non-negative value it may win.
pub fn choices(a: &Auction) -> Vec<(Vec<usize>, Vec<u32>)> {
    let bids = &a.scenario.bids;
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (i, b) in bids.iter().enumerate() {
        let key = b.package.as_ref().map_or_else(|| format!("line {i}"), |p| format!("package {} {p}", b.bidder.0));
        groups.entry(key).or_default().push(i);
    }
    let at = |lines: &[usize], v: Option<u32>| {
        lines.iter().map(|&i| value(a, &bids[i], v.unwrap_or(bids[i].volume_max.0))).sum::<Option<i128>>()
    };
    let of = |lines: Vec<usize>| {
        let first = &bids[lines[0]];
        let range = if first.package.is_some() { 1..=1 } else { first.volume_min.0..=first.volume_max.0 };
        let wins = |v: &u32| at(&lines, first.package.is_none().then_some(*v)).is_some_and(|x| x >= 0);
        (lines.clone(), range.filter(wins).collect())
    };
    groups.into_values().map(of).collect()
}

/// The best rank and all volumes that reach it.
pub fn exhaustive(a: &Auction) -> (Vec<i128>, Vec<Vec<u32>>) {
    let mut best = (Vec::new(), Vec::new());
    descend(a, &choices(a), &mut vec![0; a.scenario.bids.len()], &mut best);
    best
}

fn descend(
    a: &Auction,
    rest: &[(Vec<usize>, Vec<u32>)],
    volumes: &mut Vec<u32>,
    best: &mut (Vec<i128>, Vec<Vec<u32>>),
) {
    let Some(((lines, wins), rest)) = rest.split_first() else {
        let Some(rank) = feasible(a, volumes).then(|| rank(a, volumes)).flatten() else { return };
        match rank.cmp(&best.0) {
            std::cmp::Ordering::Greater => *best = (rank, vec![volumes.clone()]),
            std::cmp::Ordering::Equal => best.1.push(volumes.clone()),
            std::cmp::Ordering::Less => {}
        }
        return;
    };
    for &v in std::iter::once(&0).chain(wins) {
        for &i in lines {
            let whole = a.scenario.bids[i].package.is_some() && v > 0;
            volumes[i] = if whole { a.scenario.bids[i].volume_max.0 } else { v };
        }
        descend(a, rest, volumes, best);
    }
}
