//! Winner determination on the sample, on New York with invented bids where it is present, and on a generated auction.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    missing_docs,
    clippy::cast_possible_truncation,
    dead_code,
    unreachable_pub
)]

#[path = "../tests/support/auction.rs"]
mod auction;
#[path = "../tests/support/shared.rs"]
mod shared;

use criterion::{Criterion, criterion_group, criterion_main};
use ddu::award::{EngineOptions, award};
use ddu::cost::{HaulSource, hauls};
use ddu::osm::read_extract;
use ddu::pipeline::{Region, matrices};
use ddu::progress::Silent;
use ddu::sample::{ExtractSources, tables_for_extract};
use ddu::scenario::{LoadOptions, load};
use std::path::Path;

const WINNERS: EngineOptions = EngineOptions { exact_offers: 14, dual_offers: usize::MAX, policy_prices: false };

/// Winners and reasons of a whole scenario; its matrices are not timed.
fn scenario(c: &mut Criterion, name: &str, path: &Path) {
    let mut scenario = load(path, &LoadOptions::default()).scenario.unwrap();
    let region = Region::open(&mut scenario, &Silent).unwrap();
    let matrices = matrices(&scenario, &region, &Silent).unwrap();
    let hauls = hauls(&scenario, &matrices).unwrap();
    let mut group = c.benchmark_group("award");
    group.sample_size(10);
    group.bench_function(format!("{name}: {} units, {} bids", scenario.ddus.len(), scenario.bids.len()), |b| {
        b.iter(|| award(&scenario, &|h, d| hauls.get(h, d), WINNERS, &Silent).unwrap());
    });
    group.finish();
}

fn sample(c: &mut Criterion) {
    scenario(c, "sample", &Path::new(env!("CARGO_MANIFEST_DIR")).join("data/scenario.toml"));
}

fn new_york(c: &mut Criterion) {
    let files = ["ny-metro.osm.pbf", "shipper_hubs.csv", "usps_ddus.csv"].map(shared::shared);
    let [Some(map), Some(hubs), Some(ddus)] = files else { return };
    let bounds = read_extract(&map, &Silent).unwrap().bounds.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let timezone = "America/New_York";
    let sources = ExtractSources { map: &map, bounds, hubs: &hubs, ddus: &ddus, timezone, seed: 7, bidders: 8 };
    tables_for_extract(&sources, folder.path(), &Silent).unwrap();
    scenario(c, "new_york", &folder.path().join("scenario.toml"));
}

fn generated(c: &mut Criterion) {
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

criterion_group!(benches, sample, generated, new_york);
criterion_main!(benches);
