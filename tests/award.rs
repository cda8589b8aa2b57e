//! The award against exhaustive search on small random auctions, and worked examples.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, clippy::cast_possible_truncation, dead_code)]

#[path = "oracles/award.rs"]
mod oracle;
mod support;

use ddu::award::{Award, EngineOptions, LostReason, Outcome, Status, award};
use ddu::ids::{BidderIx, HubIx};
use ddu::progress::Silent;
use ddu::scenario::Criterion;
use ddu::units::{MicroDollars, Pieces};
use support::auction::{Auction, Rng, bid, bidder, ddu, option, plain, small};

fn run(a: &Auction, exact_offers: usize, policy_prices: bool) -> Award {
    let haul = |h, d| a.haul(h, d);
    award(&a.scenario, &haul, EngineOptions { exact_offers, policy_prices }, &Silent).unwrap()
}

fn volumes(award: &Award) -> Vec<u32> {
    award.lines.iter().map(|l| l.won().map_or(0, |w| w.volume.0)).collect()
}

fn too_many(a: &Auction) -> bool {
    oracle::choices(a).iter().map(|(_, v)| v.len() + 1).product::<usize>() > 6_000
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
        let reached = oracle::rank(&a, &volumes);
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
    equals_exhaustive(0..2_500, 14);
}

#[test]
fn solver_equals_exhaustive_search() {
    equals_exhaustive(10_000..10_800, 0);
}
