//! A part of the matrix of New York (8 hubs × 504 units, outbound and return: 16 trees), and one tree by petgraph on
//! the same graph.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs, dead_code, unreachable_pub)]

#[path = "../tests/support/ny.rs"]
mod ny;
#[path = "../tests/support/shared.rs"]
mod shared;

use criterion::{Criterion, criterion_group, criterion_main};
use ddu::ids::VehicleIx;
use ddu::matrix::compute;
use ddu::network::ProfiledGraph;
use ddu::progress::Silent;
use petgraph::visit::EdgeRef;

fn matrix(c: &mut Criterion) {
    let Some(ny) = ny::new_york() else { return };
    let mut group = c.benchmark_group("matrix/new_york");
    group.sample_size(10);
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let run = || compute(&ny.network, &ny.profile, VehicleIx(0), &ny.hubs[..8], &ny.ddus, &Silent).unwrap();
        group.bench_function(format!("8x504 both ways, {threads} threads"), |b| b.iter(|| pool.install(run)));
    }
    let graph = ProfiledGraph { network: &ny.network, profile: &ny.profile };
    let first = ny.hubs[0].as_ref().unwrap().starts[0].0;
    group.bench_function("petgraph, one tree", |b| {
        b.iter(|| petgraph::algo::dijkstra(graph, first, None, |turn| *turn.weight()));
    });
    group.finish();
}

criterion_group!(benches, matrix);
criterion_main!(benches);
