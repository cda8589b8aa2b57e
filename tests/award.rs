//! The award against exhaustive search on small random auctions.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    clippy::cast_possible_truncation,
    dead_code,
    unreachable_pub
)]

#[path = "support/auction.rs"]
mod auction;
#[path = "oracles/award_rules.rs"]
mod award_rules;
#[path = "oracles/award.rs"]
mod oracle;

use auction::{Auction, Rng, full, small};
use ddu::award::{Award, EngineOptions, Lost, LostReason, Outcome, Status, award};
use ddu::ids::BidderIx;
use ddu::progress::Silent;
use ddu::scenario::{BidLine, OverrideAction, OverrideTarget};
use ddu::units::Ppm;
use std::collections::{BTreeMap, BTreeSet};

fn run(a: &Auction, exact_offers: usize, policy_prices: bool) -> Award {
    let haul = |h, d| a.haul(h, d);
    award(&a.scenario, &haul, EngineOptions { exact_offers, policy_prices }, &Silent).unwrap()
}

fn volumes(award: &Award) -> Vec<u32> {
    award.lines.iter().map(|l| l.won().map_or(0, |w| w.volume.0)).collect()
}

fn too_many(a: &Auction) -> bool {
    oracle::choices(a).iter().map(|(_, v)| v.len() + 1).product::<usize>() > 1_500
}

/// What occurred, and how often.
fn equals_exhaustive(
    seeds: std::ops::Range<u64>,
    exact_offers: usize,
    make: impl Fn(u64) -> Auction,
) -> BTreeMap<String, u32> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for seed in seeds {
        let a = make(seed);
        if too_many(&a) {
            continue;
        }
        let (rank, best) = oracle::exhaustive(&a);
        let award = run(&a, exact_offers, false);
        assert_eq!(award.status == Status::Infeasible, rank.is_empty(), "seed {seed}: {award:#?}\n{a:#?}");
        if rank.is_empty() {
            conflict_is_minimal(&a, &award, seed);
            *seen.entry("infeasible".to_owned()).or_default() += 1;
            for rule in &award.conflicts {
                let kind = rule.split(' ').next().unwrap();
                *seen.entry(format!("conflict of {kind}")).or_default() += 1;
            }
            continue;
        }
        *seen.entry("feasible".to_owned()).or_default() += 1;
        for (what, times) in features(&a, &award) {
            *seen.entry(what.to_owned()).or_default() += times;
        }
        assert_eq!(i128::from(award.value.0), rank[0], "seed {seed}: {:#?}\n{award:#?}", a.scenario.bids);
        assert_eq!(award.status, Status::Optimal, "seed {seed}: {award:#?}");
        let gap = award.bound.0 - award.value.0;
        assert!((0..=award.tolerance.0).contains(&gap), "seed {seed}: {award:#?}");
        let volumes = volumes(&award);
        let reached = award_rules::rank(&a, &volumes);
        assert!(
            best.contains(&volumes),
            "seed {seed}: got {volumes:?} {reached:?}, best {best:?} {rank:?}\n{:#?}\n{:#?}",
            a.scenario.settings.award,
            a.scenario.bids
        );
    }
    seen
}

/// Parts of the bid language that made a difference in an award.
fn features(a: &Auction, award: &Award) -> Vec<(&'static str, u32)> {
    let s = &a.scenario;
    let lines = || award.winners().map(|(bid, won)| (&s.bids[bid.index()], won));
    let offset = |less: bool| lines().filter(|(line, _)| line.offset().0 != 0 && (line.offset().0 < 0) == less).count();
    let siblings = |b: &BidLine| {
        lines().filter(|(c, _)| b.xor_group.is_some() && (b.bidder, &b.xor_group) == (c.bidder, &c.xor_group)).count()
    };
    vec![
        ("higher tier, dearer below", offset(false) as u32),
        ("higher tier, cheaper below", offset(true) as u32),
        ("two of a group", lines().filter(|(line, _)| line.package.is_none() && siblings(line) > 1).count() as u32),
        ("negative value", lines().filter(|(_, won)| won.value.0 < 0).count() as u32),
        ("package", lines().filter(|(line, _)| line.package.is_some()).count() as u32),
    ]
}

/// No award obeys the conflicting rules; leaving out any one of them leaves rules that some award obeys.
fn conflict_is_minimal(a: &Auction, award: &Award, seed: u64) {
    // A forced bid that cannot win of itself says why in brackets.
    let names: Vec<&str> = award.conflicts.iter().map(|c| c.split(" (").next().unwrap()).collect();
    let all: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(
        (all.len(), award.value.0, award.lines.iter().filter(|l| l.won().is_some()).count()),
        (names.len(), 0, 0)
    );
    assert!(!oracle::possible(a, &all), "seed {seed}: {names:?} do not contradict each other\n{a:#?}");
    for name in &names {
        let mut others = all.clone();
        others.remove(name);
        assert!(oracle::possible(a, &others), "seed {seed}: {names:?} without {name}\n{a:#?}");
    }
}

#[test]
fn exact_search_equals_exhaustive_search() {
    equals_exhaustive(0..300, 14, small);
    let seen = equals_exhaustive(0..2_000, 14, full);
    let often = |what: &str| seen.get(what).copied().unwrap_or(0);
    assert!(often("feasible") > 1_000 && often("infeasible") > 150, "{seen:?}");
    for what in [
        "higher tier, dearer below",
        "higher tier, cheaper below",
        "two of a group",
        "negative value",
        "package",
        "conflict of overrides:",
        "conflict of award.minimum_winners",
        "conflict of award.set_aside",
        "conflict of award.share_cap",
        "conflict of bidders.min_volume_pieces",
        "conflict of bidders.capacity_pieces",
        "conflict of bidders.budget",
        "conflict of ddus.capacity_pieces",
    ] {
        assert!(often(what) > 1, "{what}: {seen:?}");
    }
}

#[test]
fn solver_equals_exhaustive_search() {
    equals_exhaustive(10_000..10_050, 0, small);
    let seen = equals_exhaustive(10_000..10_300, 0, full);
    assert!(seen["feasible"] > 150 && seen["infeasible"] > 30, "{seen:?}");
}

/// With a gap accepted, the bound still holds, the award obeys every rule, and the gap is no wider than accepted.
#[test]
fn within_the_gap_tolerance() {
    for seed in 40_000..40_250 {
        let mut a = full(seed);
        if too_many(&a) {
            continue;
        }
        let (rank, _) = oracle::exhaustive(&a);
        a.scenario.settings.award.gap_tolerance = Ppm(10_000);
        let award = run(&a, 0, false);
        assert_eq!(award.status == Status::Infeasible, rank.is_empty(), "seed {seed}: {award:#?}");
        if rank.is_empty() {
            continue;
        }
        let (value, bound) = (i128::from(award.value.0), i128::from(award.bound.0));
        assert!(value <= rank[0] && rank[0] <= bound, "seed {seed}: {value} {} {bound}", rank[0]);
        assert_eq!(award_rules::rank(&a, &volumes(&award)).map(|r| r[0]), Some(value), "seed {seed}");
        let accepted = bound.max(0) / 100 + i128::from(award.tolerance.0);
        assert_eq!(award.status == Status::Optimal, bound - value <= accepted, "seed {seed}: {award:#?}");
    }
}

/// Same award when the rows come in another order of bidders: tables are sorted by id, so renaming bidders permutes
/// their indices, and nothing else may change.
#[test]
fn renaming_bidders_changes_nothing() {
    for seed in 20_000..20_150 {
        let a = if seed % 2 == 0 { small(seed) } else { full(seed) };
        let mut b = a.clone();
        let n = a.scenario.bidders.len() as u32;
        let mut order: Vec<u32> = (0..n).collect();
        let mut rng = Rng(seed | 1);
        for i in (1..n).rev() {
            order.swap(i as usize, rng.below(i + 1) as usize);
        }
        b.scenario.bidders = order.iter().map(|&o| a.scenario.bidders[o as usize].clone()).collect();
        for (i, bidder) in b.scenario.bidders.iter_mut().enumerate() {
            bidder.id = format!("renamed {i}");
        }
        for bid in &mut b.scenario.bids {
            bid.bidder = BidderIx(order.iter().position(|&o| o == bid.bidder.0).unwrap() as u32);
        }
        for decided in &mut b.scenario.overrides {
            if let OverrideTarget::Bidder(who) | OverrideTarget::BidderAt(who, _) = &mut decided.target {
                *who = BidderIx(order.iter().position(|&o| o == who.0).unwrap() as u32);
            }
        }
        let exact_offers = if seed % 4 == 0 { 0 } else { 14 };
        assert_eq!(volumes(&run(&a, exact_offers, false)), volumes(&run(&b, exact_offers, false)), "seed {seed}");
    }
}

#[test]
fn explanations_are_true() {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in 30_000..31_500 {
        let a = if seed % 3 == 0 { small(seed) } else { full(seed) };
        let award = run(&a, 14, false);
        let volumes = volumes(&award);
        for line in &award.lines {
            let Outcome::Lost(lost) = &line.outcome else { continue };
            *seen.entry(lost.reason.word()).or_default() += 1;
            explanation_is_true(&a, &volumes, line.bid.index(), lost, &format!("seed {seed}: {lost:?}"));
        }
    }
    let all = [
        "arrives_late",
        "below_reserve",
        "bidder_capacity",
        "budget",
        "capacity_taken",
        "dock_slot_taken",
        "exceeds_capacity",
        "forbidden",
        "hub_capacity",
        "minimum_volume",
        "negative_value",
        "no_path",
        "one_award_per_bidder",
        "package_partner",
        "policy_infeasible",
        "service_not_offered",
        "set_aside",
        "share_cap",
        "tender_after_cet",
        "tier_sibling_won",
        "xor_sibling_won",
    ];
    for word in all {
        assert!(seen.contains_key(word), "no bid lost by {word}: {seen:?}");
    }
    assert!(!seen.contains_key("not_settled"), "{seen:?}");
}

/// The bid's offer as the oracle sees it: its lines, and the volumes that may win.
fn offer_of(a: &Auction, bid: usize) -> (Vec<usize>, Vec<u32>) {
    oracle::choices(a).into_iter().find(|(lines, _)| lines.contains(&bid)).unwrap()
}

fn explanation_is_true(a: &Auction, volumes: &[u32], bid: usize, Lost { reason, rules, .. }: &Lost, context: &str) {
    let (lines, wins) = offer_of(a, bid);
    match reason {
        LostReason::Ineligible(_) | LostReason::PackagePartnerIneligible { .. } => {
            assert!(wins.iter().all(|&v| wins_nowhere(a, bid, v)), "{context} could win {wins:?}");
        }
        LostReason::Infeasible => {
            assert!(!wins.is_empty() && volumes.iter().all(|v| *v == 0), "{context}");
            assert!(too_many(a) || oracle::exhaustive(a).0.is_empty(), "{context}");
        }
        _ => {
            let mut more = volumes.to_vec();
            let whole = a.scenario.bids[bid].package.is_some();
            for &i in &lines {
                more[i] = if whole { a.scenario.bids[i].volume_max.0 } else { *wins.first().expect(context) };
            }
            let fits = award_rules::feasible(a, &more);
            assert_eq!(
                fits,
                *reason == LostReason::TieBreak,
                "{context}: beside the award its least volume fits: {fits}"
            );
            if fits {
                let gain = award_rules::rank(a, &more).unwrap()[0] - award_rules::rank(a, volumes).unwrap()[0];
                assert_eq!(gain, 0, "{context}");
            }
            let broken: BTreeSet<String> =
                award_rules::broken(a, &more).into_iter().map(|r| award_rules::name(a, r)).collect();
            let listed: BTreeSet<String> = rules.iter().cloned().collect();
            assert_eq!(listed, broken, "{context}");
            if let LostReason::CapacityTaken = reason {
                let at = a.scenario.bids[bid].ddu;
                let load: u32 = a.scenario.bids.iter().zip(&more).filter(|(b, _)| b.ddu == at).map(|(_, v)| v).sum();
                assert!(load > a.scenario.ddus[at.index()].capacity.0, "{context}");
            }
        }
    }
}

/// No volume up to the unit's capacity wins: volumes above it are never awarded.
fn wins_nowhere(a: &Auction, bid: usize, volume: u32) -> bool {
    let line = &a.scenario.bids[bid];
    let volume = if line.package.is_some() { line.volume_max.0 } else { volume };
    let partner_too_large = offer_of(a, bid).0.iter().any(|&i| {
        let partner = &a.scenario.bids[i];
        line.package.is_some() && partner.volume_max > a.scenario.ddus[partner.ddu.index()].capacity
    });
    partner_too_large || volume > a.scenario.ddus[line.ddu.index()].capacity.0
}

/// A winning level suffices: with that price every best award holds the bid. With one unit and no rule beyond it, a step
/// less does not: the best award is worth no more than before.
#[test]
fn winning_levels_suffice_and_are_least() {
    let (mut checked, mut least) = (0, 0);
    for seed in 40_000..40_800 {
        let a = if seed % 2 == 0 { small(seed) } else { full(seed) };
        if too_many(&a) {
            continue;
        }
        let award = run(&a, 14, false);
        let step = a.scenario.settings.award.winning_level_step;
        for line in &award.lines {
            let Outcome::Lost(lost) = &line.outcome else { continue };
            let Some(level) = lost.winning_level else { continue };
            let price = a.scenario.bids[line.bid.index()].price;
            let raised = at_price(&a, line.bid.index(), level.0 - price.0);
            if too_many(&raised) {
                continue;
            }
            let (_, best) = oracle::exhaustive(&raised);
            assert!(best.iter().all(|v| v[line.bid.index()] > 0), "seed {seed} {:?} at {level}", line.bid);
            checked += 1;
            let own = a.scenario.settings.award.share_cap.is_none()
                && a.scenario.bidders.iter().all(|b| b.capacity.is_none() && b.budget.is_none())
                && a.scenario.bidders.iter().all(|b| b.min_volume.is_none())
                && a.scenario.settings.award.minimum_winners.is_empty()
                && a.scenario.settings.award.set_asides.is_empty()
                && a.scenario.hubs.iter().all(|h| h.capacity.is_none());
            if own && a.scenario.ddus.len() == 1 && level.0 - step.0 > price.0 {
                let (rank, _) = oracle::exhaustive(&at_price(&a, line.bid.index(), level.0 - step.0 - price.0));
                assert_eq!(rank[0], i128::from(award.value.0), "seed {seed} {:?} a step below {level}", line.bid);
                least += 1;
            }
        }
    }
    assert!(checked > 200 && least > 20, "{checked} {least}");
}

/// The auction with the prices of a bid, or of its whole package, raised.
fn at_price(a: &Auction, bid: usize, raise: i64) -> Auction {
    let mut raised = a.clone();
    for i in offer_of(a, bid).0 {
        raised.raise.insert(a.scenario.bids[i].id.clone(), raise);
    }
    raised
}

/// The price of a rule equals the difference of two exhaustive searches.
#[test]
fn policy_prices_equal_exhaustive_search_without_the_rule() {
    let mut checked: BTreeMap<String, u32> = BTreeMap::new();
    for seed in 50_000..50_400 {
        let a = if seed % 4 == 0 { small(seed) } else { full(seed) };
        if too_many(&a) {
            continue;
        }
        for price in run(&a, 14, true).policy_prices {
            let mut free = a.clone();
            let s = &mut free.scenario;
            match price.rule.as_str() {
                "award.share_cap" => s.settings.award.share_cap = None,
                "bidders.capacity_pieces" => s.bidders.iter_mut().for_each(|b| b.capacity = None),
                "bidders.budget" => s.bidders.iter_mut().for_each(|b| b.budget = None),
                "hubs.capacity_pieces" => s.hubs.iter_mut().for_each(|h| h.capacity = None),
                "ddus.dock_slots" => s.ddus.iter_mut().for_each(|d| d.dock_slots = None),
                "bids.xor_group" => s.bids.iter_mut().for_each(|b| b.xor_group = None),
                "bidders.min_volume_pieces" => s.bidders.iter_mut().for_each(|b| b.min_volume = None),
                "award.minimum_winners" => s.settings.award.minimum_winners.clear(),
                "award.set_aside" => s.settings.award.set_asides.clear(),
                name if name.starts_with("overrides: ") => {
                    assert!(name.ends_with(" (J. Doe: ticket 12)"), "{name}");
                    let force = name.starts_with("overrides: force");
                    s.overrides.retain(|o| (o.action == OverrideAction::Force) != force);
                }
                "ddus.reserve_price" => s.ddus.iter_mut().for_each(|d| d.reserve_price = d.attributable_cost),
                _ => continue,
            }
            if !too_many(&free) {
                let rank = oracle::exhaustive(&free).0;
                let value = rank.first().copied().unwrap_or(0);
                assert_eq!(i128::from(price.value_without.0), value, "seed {seed}: {price:?}");
                assert_eq!(price.status == Status::Infeasible, rank.is_empty(), "seed {seed}: {price:?}");
                *checked.entry(price.rule.split(" (").next().unwrap().chars().take(16).collect()).or_default() += 1;
            }
        }
    }
    assert!(checked.len() >= 11 && checked.values().all(|n| *n > 5), "{checked:?}");
}
