//! CATS auctions: equal to exhaustive search on random ones, and to the known optima of the shared instances.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, clippy::print_stderr)]
#![allow(dead_code, unreachable_pub)]

#[path = "support/auction.rs"]
mod auction;
#[path = "support/mod.rs"]
mod support;

use auction::Rng;
use ddu::award::{CatsAuction, CatsBid, Status, award_cats};
use ddu::progress::{Progress, Silent};
use ddu::scenario::PaymentRule;
use rayon::prelude::*;
use std::fs;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering::Relaxed};
use support::shared::shared;

/// Looks after which the search of an instance that no solver has proven is stopped.
const LOOKS: i64 = 40;

#[test]
fn random_auctions_equal_exhaustive_search() {
    let mut rng = Rng(0x5eed);
    for case in 0..100 {
        let (goods, dummies, n) = (1 + rng.below(8), rng.below(3), 1 + rng.below(15));
        let bids: Vec<CatsBid> = (0..n)
            .map(|id| {
                let mut set: Vec<u32> = (0..goods + dummies).filter(|_| rng.one_in(3)).collect();
                if set.is_empty() {
                    set.push(rng.below(goods));
                }
                CatsBid { id: id.into(), value: i64::from(rng.below(100)) * set.len() as i64, goods: set }
            })
            .collect();
        let best = (0_u32..1 << n).filter_map(|choice| {
            let chosen: Vec<&CatsBid> = (0..n as usize).filter(|i| choice >> i & 1 == 1).map(|i| &bids[i]).collect();
            let mut taken: Vec<u32> = chosen.iter().flat_map(|b| b.goods.iter().copied()).collect();
            let all = taken.len();
            taken.sort_unstable();
            taken.dedup();
            (taken.len() == all).then(|| chosen.iter().map(|b| i128::from(b.value)).sum::<i128>())
        });
        let best = best.max().unwrap();
        let auction = CatsAuction { goods, dummies, decimals: 0, bids };
        let award = award_cats(&auction, None, None, PaymentRule::None, &Silent).unwrap();
        assert_eq!((award.value, award.bound, award.status), (best, best, Status::Optimal), "case {case}: {auction:?}");
        let sum: i128 = award.winners.iter().map(|w| i128::from(auction.bids[*w].value)).sum();
        assert_eq!(sum, best);
    }
}

/// A row of the shared table.
struct Known {
    name: String,
    optimal: bool,
    value: i128,
    bound: i128,
}

fn known() -> Option<Vec<Known>> {
    let table = fs::read_to_string(shared("cats/cats_optima.csv")?).unwrap();
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let bound = cells[6].split('.').next().unwrap().parse().unwrap();
        Known { name: cells[0].to_owned(), optimal: cells[4] == "Optimal", value: cells[5].parse().unwrap(), bound }
    };
    Some(table.lines().skip(1).map(row).collect())
}

/// Asks to stop from the n-th look on.
struct Stopping(AtomicI64);

impl Progress for Stopping {
    fn begin(&self, _: &str, _: Option<u64>) {}
    fn advance(&self, _: u64) {}
    fn finish(&self, _: &str) {}
    fn cancelled(&self) -> bool {
        self.0.fetch_sub(1, Relaxed) <= 1
    }
}

/// All instances with a proven optimum are solved to the end; those without are stopped early, and their award and bound
/// must still enclose what is known.
#[test]
fn shared_instances_have_their_known_optima() {
    let Some(known) = known() else { return };
    let seen = AtomicUsize::new(0);
    known.into_par_iter().for_each(|Known { name, optimal, value, bound }| {
        let Some(path) = shared(&format!("cats/{name}")) else { return };
        let auction = CatsAuction::parse(&fs::read_to_string(path).unwrap()).unwrap();
        let stopping = Stopping(if optimal { i64::MAX } else { LOOKS }.into());
        let award = award_cats(&auction, None, None, PaymentRule::None, &stopping).unwrap();
        let early = if award.interrupted { ", ended early" } else { "" };
        eprintln!("{name}: {} bids win, value {}, bound {}{early}", award.winners.len(), award.value, award.bound);
        assert!(award.value <= bound, "{name}: {} above the known bound {bound}", award.value);
        assert!(award.bound >= value, "{name}: bound {} below the known value {value}", award.bound);
        if optimal {
            assert_eq!((award.value, award.bound, award.status), (value, value, Status::Optimal), "{name}");
        }
        let mut goods: Vec<u32> = award.winners.iter().flat_map(|w| auction.bids[*w].goods.clone()).collect();
        let all = goods.len();
        assert!(all > 0, "{name}: nothing is sold");
        goods.sort_unstable();
        goods.dedup();
        assert_eq!(goods.len(), all, "{name}: a good is sold twice");
        seen.fetch_add(1, Relaxed);
    });
    assert!(seen.load(Relaxed) >= 16, "{seen:?} instances");
}
