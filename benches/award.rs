//! Winner determination on a generated regional auction: 60 units, 400 bid lines, 12 bidders.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    clippy::cast_possible_truncation,
    dead_code,
    unreachable_pub
)]

#[path = "../tests/support/auction.rs"]
mod auction;

use criterion::{Criterion, criterion_group, criterion_main};
use ddu::award::{EngineOptions, award};
use ddu::progress::Silent;

fn regional(c: &mut Criterion) {
    let mut a = auction::large(60, 400, 12, 7);
    let mut group = c.benchmark_group("award");
    group.sample_size(10);
    for (name, levels, policy_prices) in [("winners", false, false), ("with levels and policy prices", true, true)] {
        a.scenario.settings.award.winning_levels = levels;
        let options = EngineOptions { policy_prices, ..EngineOptions::default() };
        group.bench_function(format!("60 units, 400 bids: {name}"), |b| {
            b.iter(|| award(&a.scenario, &|h, d| a.haul(h, d), options, &Silent).unwrap());
        });
    }
    group.finish();
}

criterion_group!(benches, regional);
criterion_main!(benches);
