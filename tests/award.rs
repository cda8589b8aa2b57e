//! The award against exhaustive search on small random auctions.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    clippy::cast_possible_truncation,
    clippy::print_stdout,
    dead_code,
    unreachable_pub
)]

#[path = "support/auction.rs"]
mod auction;
#[path = "oracles/award_rules.rs"]
mod award_rules;
#[path = "oracles/award.rs"]
mod oracle;

use auction::{Auction, Rng, small};
use ddu::award::{Award, EngineOptions, LostReason, Outcome, Status, award};
use ddu::ids::BidderIx;
use ddu::progress::Silent;
use ddu::units::{MicroDollars, Ppm};

fn run(a: &Auction, exact_offers: usize, policy_prices: bool) -> Award {
    let haul = |h, d| a.haul(h, d);
    award(&a.scenario, &haul, EngineOptions { exact_offers, dual_offers: usize::MAX, policy_prices }, &Silent).unwrap()
}

fn volumes(award: &Award) -> Vec<u32> {
    award.lines.iter().map(|l| l.won().map_or(0, |w| w.volume.0)).collect()
}

fn too_many(a: &Auction) -> bool {
    oracle::choices(a).iter().map(|(_, v)| v.len() + 1).product::<usize>() > 1_500
}

fn equals_exhaustive(seeds: std::ops::Range<u64>, exact_offers: usize) {
    for seed in seeds {
        let a = small(seed);
        if too_many(&a) {
            continue;
        }
        let (rank, best) = oracle::exhaustive(&a);
        let award = run(&a, exact_offers, false);
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
}

#[test]
fn exact_search_equals_exhaustive_search() {
    equals_exhaustive(0..800, 14);
}

#[test]
fn solver_equals_exhaustive_search() {
    equals_exhaustive(10_000..10_200, 0);
}

/// The decomposition bounds the optimum from above, and its award obeys the rules, whatever the rules are.
#[test]
fn decomposition_holds_the_optimum() {
    let (mut equal, mut all) = (0, 0);
    for seed in 60_000..61_000 {
        let a = small(seed);
        if too_many(&a) {
            continue;
        }
        let (rank, _) = oracle::exhaustive(&a);
        let haul = |h, d| a.haul(h, d);
        let options = EngineOptions { exact_offers: 0, dual_offers: 0, policy_prices: false };
        let award = award(&a.scenario, &haul, options, &Silent).unwrap();
        let (value, bound) = (i128::from(award.value.0), i128::from(award.bound.0));
        assert!(value <= rank[0] && rank[0] <= bound, "seed {seed}: {value} {} {bound}", rank[0]);
        assert_eq!(award_rules::rank(&a, &volumes(&award)).map(|r| r[0]), Some(value), "seed {seed}");
        assert!(award_rules::feasible(&a, &volumes(&award)), "seed {seed}: {award:#?}");
        all += 1;
        equal += u32::from(value == bound);
    }
    println!("{equal} of {all} proven");
    assert!(all > 300 && equal * 2 > all, "{equal} of {all}");
}

/// With a gap accepted, the bound still holds, the award obeys every rule, and the gap is no wider than accepted.
#[test]
fn within_the_gap_tolerance() {
    for seed in 40_000..40_200 {
        let mut a = small(seed);
        if too_many(&a) {
            continue;
        }
        let (rank, _) = oracle::exhaustive(&a);
        a.scenario.settings.award.gap_tolerance = Ppm(10_000);
        let award = run(&a, 0, false);
        let (value, bound) = (i128::from(award.value.0), i128::from(award.bound.0));
        assert!(value <= rank[0] && rank[0] <= bound, "seed {seed}: {value} {} {bound}", rank[0]);
        assert_eq!(award_rules::rank(&a, &volumes(&award)).map(|r| r[0]), Some(value), "seed {seed}");
        let accepted = bound / 100 + i128::from(award.tolerance.0);
        assert_eq!(award.status == Status::Optimal, bound - value <= accepted, "seed {seed}: {award:#?}");
    }
}

/// Same award when the rows come in another order of bidders: tables are sorted by id, so renaming bidders permutes
/// their indices, and nothing else may change.
#[test]
fn renaming_bidders_changes_nothing() {
    for seed in 20_000..20_100 {
        let a = small(seed);
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
        let exact_offers = if seed % 4 == 0 { 0 } else { 14 };
        assert_eq!(volumes(&run(&a, exact_offers, false)), volumes(&run(&b, exact_offers, false)), "seed {seed}");
    }
}

#[test]
fn explanations_are_true() {
    let mut seen: std::collections::BTreeMap<&str, u32> = std::collections::BTreeMap::new();
    for seed in 30_000..31_000 {
        let a = small(seed);
        let award = run(&a, 14, false);
        let volumes = volumes(&award);
        for line in &award.lines {
            let Outcome::Lost(lost) = &line.outcome else { continue };
            *seen.entry(lost.reason.word()).or_default() += 1;
            explanation_is_true(&a, &volumes, line.bid.index(), &lost.reason, &format!("seed {seed}: {lost:?}"));
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
        "hub_capacity",
        "negative_value",
        "no_path",
        "one_award_per_bidder",
        "package_partner",
        "service_not_offered",
        "share_cap",
        "tender_after_cet",
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

fn explanation_is_true(a: &Auction, volumes: &[u32], bid: usize, reason: &LostReason, context: &str) {
    let (lines, wins) = offer_of(a, bid);
    match reason {
        LostReason::Ineligible(_) | LostReason::PackagePartnerIneligible { .. } => {
            assert!(wins.iter().all(|&v| wins_nowhere(a, bid, v)), "{context} could win {wins:?}");
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
            // Lifting only the rule that is named must make room, unless others are broken too (they are then listed).
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
    for seed in 40_000..40_500 {
        let a = small(seed);
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
        let price = &mut raised.scenario.bids[i].price;
        *price = MicroDollars(price.0 + raise);
    }
    raised
}

/// The price of a rule equals the difference of two exhaustive searches.
#[test]
fn policy_prices_equal_exhaustive_search_without_the_rule() {
    let mut checked = 0;
    for seed in 50_000..50_200 {
        let a = small(seed);
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
                "ddus.reserve_price" => s.ddus.iter_mut().for_each(|d| d.reserve_price = d.attributable_cost),
                _ => continue,
            }
            if !too_many(&free) {
                let value = oracle::exhaustive(&free).0[0];
                assert_eq!(i128::from(price.value_without.0), value, "seed {seed}: {price:?}");
                checked += 1;
            }
        }
    }
    assert!(checked > 80, "{checked}");
}
