//! Matrices by both engines on the sample, and on a part of New York where it is present (8 hubs × 504 units, outbound
//! and return: 16 trees), beside one tree by petgraph on the same graph.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs, dead_code, unreachable_pub)]

#[path = "../tests/support/ny.rs"]
mod ny;
#[path = "../tests/support/shared.rs"]
mod shared;

use criterion::{Criterion, criterion_group, criterion_main};
use ddu::hierarchy::RoadHierarchy;
use ddu::ids::VehicleIx;
use ddu::matrix::compute;
use ddu::matrix::fast::Roads;
use ddu::network::ProfiledGraph;
use ddu::pipeline::Region;
use ddu::progress::Silent;
use ddu::scenario::{LoadOptions, load};
use petgraph::visit::EdgeRef;
use std::path::Path;

fn sample(c: &mut Criterion) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/scenario.toml");
    let mut scenario = load(&path, &LoadOptions::default()).scenario.unwrap();
    let region = Region::open(&mut scenario, &Silent).unwrap();
    let (network, v) = (&region.network, &region.vehicles[0]);
    let mut group = c.benchmark_group("matrix/sample");
    group.bench_function("plain", |b| {
        b.iter(|| compute(network, &v.profile, v.vehicle, &v.hubs, &v.ddus, &Silent).unwrap());
    });
    group.bench_function("hierarchy", |b| b.iter(|| RoadHierarchy::new(network).unwrap()));
    let hierarchy = RoadHierarchy::new(network).unwrap();
    group.bench_function("customize", |b| b.iter(|| hierarchy.customize(network, &v.profile)));
    let weights = hierarchy.customize(network, &v.profile);
    let roads = Roads { network, profile: &v.profile, hierarchy: &hierarchy, weights: &weights };
    group.bench_function("fast", |b| b.iter(|| roads.compute(v.vehicle, &v.hubs, &v.ddus, &Silent).unwrap()));
    group.finish();
}

fn new_york(c: &mut Criterion) {
    let Some(ny) = ny::new_york() else { return };
    let mut group = c.benchmark_group("matrix/new_york");
    group.sample_size(10);
    let hubs = &ny.hubs[..8];
    let hierarchy = RoadHierarchy::new(&ny.network).unwrap();
    let weights = hierarchy.customize(&ny.network, &ny.profile);
    let roads = Roads { network: &ny.network, profile: &ny.profile, hierarchy: &hierarchy, weights: &weights };
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let plain = || compute(&ny.network, &ny.profile, VehicleIx(0), hubs, &ny.ddus, &Silent).unwrap();
        group.bench_function(format!("plain, {threads} threads"), |b| b.iter(|| pool.install(plain)));
        let fast = || roads.compute(VehicleIx(0), hubs, &ny.ddus, &Silent).unwrap();
        group.bench_function(format!("fast, {threads} threads"), |b| b.iter(|| pool.install(fast)));
    }
    let graph = ProfiledGraph { network: &ny.network, profile: &ny.profile };
    let first = ny.hubs[0].as_ref().unwrap().starts[0].0;
    group.bench_function("petgraph, one tree", |b| {
        b.iter(|| petgraph::algo::dijkstra(graph, first, None, |turn| *turn.weight()));
    });
    group.finish();
}

criterion_group!(benches, sample, new_york);
criterion_main!(benches);
