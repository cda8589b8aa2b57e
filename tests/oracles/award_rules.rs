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

/// Money that a line pays beside `price × volume`, worked out piece by piece from the tiers below.
fn offset(a: &Auction, bid: &BidLine) -> i128 {
    let Some(tier) = &bid.tier else { return 0 };
    if tier.kind == TierKind::AllUnits {
        return 0;
    }
    let of_group = |b: &&BidLine| b.tier.as_ref().is_some_and(|t| t.group == tier.group);
    let mut lower: Vec<&BidLine> =
        a.scenario.bids.iter().filter(of_group).filter(|b| b.volume_max < bid.volume_min).collect();
    lower.sort_by_key(|b| b.volume_max);
    (1..bid.volume_min.0)
        .filter_map(|piece| lower.iter().find(|b| piece <= b.volume_max.0))
        .map(|holds| i128::from(holds.price.0) - i128::from(bid.price.0))
        .sum()
}

/// What a line pays for a volume. At another price than its own, `raise` more for every piece.
fn spend(a: &Auction, bid: &BidLine, v: u32) -> i128 {
    let raise = i128::from(a.raise.get(&bid.id).copied().unwrap_or(0));
    i128::from(v) * (i128::from(bid.price.0) + raise) + offset(a, bid)
}

/// Value of a line at a volume; `None` if the reserve or the clock forbids it.
pub fn value(a: &Auction, bid: &BidLine, v: u32) -> Option<i128> {
    let (ddu, v128) = (&a.scenario.ddus[bid.ddu.index()], i128::from(v));
    let (cost, _) = haul(a, bid, v)?;
    let hub = bid.basis == PriceBasis::Hub;
    let dock = spend(a, bid, v) - if hub { cost } else { 0 };
    let objective = a.scenario.settings.award.objective;
    let attributable = if objective == Objective::Revenue { 0 } else { v128 * i128::from(ddu.attributable_cost.0) };
    let surplus = if objective == Objective::Surplus && !hub { cost } else { 0 };
    (dock >= v128 * i128::from(ddu.reserve_price.0)).then_some(dock - attributable - surplus)
}

/// Whether an override forces the line or its package.
pub fn is_forced(a: &Auction, i: usize) -> bool {
    let line = &a.scenario.bids[i];
    a.scenario.overrides.iter().filter(|o| o.action == OverrideAction::Force).any(|o| match o.target {
        OverrideTarget::Bid(b) => {
            let forced = &a.scenario.bids[b.index()];
            b.index() == i
                || (line.package.is_some() && (line.bidder, &line.package) == (forced.bidder, &forced.package))
        }
        _ => false,
    })
}

/// Whether an override forbids the line itself.
pub fn is_forbidden(a: &Auction, i: usize) -> bool {
    let line = &a.scenario.bids[i];
    a.scenario.overrides.iter().filter(|o| o.action == OverrideAction::Forbid).any(|o| match o.target {
        OverrideTarget::Bid(b) => b.index() == i,
        OverrideTarget::Bidder(b) => line.bidder == b,
        OverrideTarget::BidderAt(b, d) => line.bidder == b && line.ddu == d,
    })
}

/// A rule by what it is, whom and where it concerns.
pub type Rule<'a> = (&'static str, u32, i64, &'a str);

/// The rule by the name that reports use.
pub fn name(a: &Auction, (what, who, at, group): Rule<'_>) -> String {
    let s = &a.scenario;
    let bidder = || &s.bidders[who as usize].id;
    let ddu = |i: u32| &s.ddus[i as usize].id;
    let place = |scope: &Scope| match scope {
        Scope::All => String::new(),
        Scope::Region(region) => format!(" in region {region}"),
        Scope::Ddu(d) => format!(" at {}", ddu(d.0)),
    };
    match what {
        "ddus.capacity_pieces" => format!("{what} of {}", ddu(who)),
        "ddus.dock_slots" => format!("{what} of {} in window {}", ddu(who), at + 1),
        "one same_day award" | "one next_day award" => format!("{what} of bidder {} at {}", bidder(), ddu(at as u32)),
        "hubs.capacity_pieces" => format!("{what} of {}", s.hubs[who as usize].id),
        "bids.xor_group" | "bids.tier_group" => format!("{what} {group} of bidder {}", bidder()),
        "award.share_cap" if group.is_empty() => format!("{what} on bidder {}", bidder()),
        "award.share_cap" => format!("{what} on affiliate group {group}"),
        "award.minimum_winners" => {
            let rule = &s.settings.award.minimum_winners[who as usize];
            format!("{what} {}{}", rule.at_least, place(&rule.scope))
        }
        "award.set_aside" => {
            let rule = &s.settings.award.set_asides[who as usize];
            format!("{what} for {}{}", rule.class, place(&rule.scope))
        }
        "overrides: force" => format!("{what} {}", s.bids[who as usize].id),
        _ => format!("{what} of {}", bidder()),
    }
}

/// Whether volumes obey every rule.
pub fn feasible(a: &Auction, volumes: &[u32]) -> bool {
    broken(a, volumes).is_empty()
}

/// The rules that volumes break; lines of a package count as awarded one by one.
pub fn broken<'a>(a: &'a Auction, volumes: &[u32]) -> BTreeSet<Rule<'a>> {
    let (s, award) = (&a.scenario, &a.scenario.settings.award);
    let mut sums: BTreeMap<Rule<'a>, (i128, i128)> = BTreeMap::new();
    let mut several: BTreeMap<Rule<'a>, (BTreeSet<&str>, usize)> = BTreeMap::new();
    let total: i128 = volumes.iter().map(|v| i128::from(*v)).sum();
    let capacity: i128 = s.ddus.iter().map(|d| i128::from(d.capacity.0)).sum();
    let won = || s.bids.iter().zip(volumes).filter(|(_, v)| **v > 0).map(|(b, v)| (b, *v));
    for (b, v) in won() {
        let (d, pieces, who) = (&s.ddus[b.ddu.index()], i128::from(v), &s.bidders[b.bidder.index()]);
        let mut add = |rule: Rule<'a>, amount: i128, limit: i128| sums.entry(rule).or_insert((0, limit)).0 += amount;
        let pieces_of = |limit: Option<ddu::units::Pieces>| limit.map_or(i128::MAX, |c| c.0.into());
        add(("ddus.capacity_pieces", b.ddu.0, 0, ""), pieces, d.capacity.0.into());
        let window = award.dock_window.map_or(0, |w| (b.tender.0 - d.dock_open.0) / (w.0 / 60_000) as i32);
        add(("ddus.dock_slots", b.ddu.0, window.into(), ""), 1, d.dock_slots.map_or(i128::MAX, i128::from));
        let one = if b.service == Service::SameDay { "one same_day award" } else { "one next_day award" };
        add((one, b.bidder.0, b.ddu.0.into(), ""), 1, 1);
        add(("hubs.capacity_pieces", b.hub.0, 0, ""), pieces, pieces_of(s.hubs[b.hub.index()].capacity));
        add(("bidders.capacity_pieces", b.bidder.0, 0, ""), pieces, pieces_of(who.capacity));
        let budget = who.budget.map_or(i128::MAX, |m| m.0.into());
        add(("bidders.budget", b.bidder.0, 0, ""), spend(a, b, v), budget);
        let alone = if who.affiliate_group.is_empty() { b.bidder.0 } else { 0 };
        let base = if award.share_base == ShareBase::Awarded { total } else { capacity };
        let cap = award.share_cap.map_or(i128::MAX, |c| base * i128::from(c.0));
        add(("award.share_cap", alone, 0, &who.affiliate_group), pieces * 1_000_000, cap);
        let bid = b.package.as_ref().unwrap_or(&b.id);
        let mut group = |rule: Rule<'a>, most| several.entry(rule).or_insert((BTreeSet::new(), most)).0.insert(bid);
        if let Some(x) = &b.xor_group {
            group(("bids.xor_group", b.bidder.0, 0, x), b.group_at_most as usize);
        }
        if let Some(t) = &b.tier {
            group(("bids.tier_group", b.bidder.0, 0, &t.group), 1);
        }
    }
    let mut broken: BTreeSet<Rule<'a>> =
        sums.into_iter().filter(|(_, (sum, limit))| sum > limit).map(|(rule, _)| rule).collect();
    broken.extend(several.into_iter().filter(|(_, (bids, most))| bids.len() > *most).map(|(rule, _)| rule));
    for (i, who) in s.bidders.iter().enumerate() {
        let pieces: u32 = won().filter(|(b, _)| b.bidder.index() == i).map(|(_, v)| v).sum();
        if who.min_volume.is_some_and(|least| pieces > 0 && pieces < least.0) {
            broken.insert(("bidders.min_volume_pieces", i as u32, 0, ""));
        }
    }
    let within = |scope: &Scope, b: &BidLine| match scope {
        Scope::All => true,
        Scope::Region(region) => s.ddus[b.ddu.index()].region == *region,
        Scope::Ddu(ddu) => b.ddu == *ddu,
    };
    for (i, rule) in award.minimum_winners.iter().enumerate() {
        let winners: BTreeSet<_> = won().filter(|(b, _)| within(&rule.scope, b)).map(|(b, _)| b.bidder).collect();
        if winners.len() < rule.at_least as usize {
            broken.insert(("award.minimum_winners", i as u32, 0, ""));
        }
    }
    for (i, rule) in award.set_asides.iter().enumerate() {
        let (mut own, mut all) = (0_i128, 0_i128);
        for (b, v) in won().filter(|(b, _)| within(&rule.scope, b)) {
            all += i128::from(v);
            own += if s.bidders[b.bidder.index()].class == rule.class { i128::from(v) } else { 0 };
        }
        if own * 1_000_000 < all * i128::from(rule.share.0) {
            broken.insert(("award.set_aside", i as u32, 0, ""));
        }
    }
    for decided in s.overrides.iter().filter(|o| o.action == OverrideAction::Force) {
        if let OverrideTarget::Bid(bid) = decided.target
            && volumes[bid.index()] == 0
        {
            broken.insert(("overrides: force", bid.0, 0, ""));
        }
    }
    broken
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
