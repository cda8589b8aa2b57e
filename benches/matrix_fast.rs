//! 1,000 × 1,000 best paths on the DIMACS New York graph with cost, length and time (skipped without the shared data),
//! beside one tree of plain Dijkstra on the same weights.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stderr, clippy::cast_possible_truncation)]

#[path = "../tests/support/graphs.rs"]
mod graphs;
#[path = "../tests/support/dimacs_ny.rs"]
mod dimacs_ny;
#[path = "../tests/support/mod.rs"]
mod support;

use criterion::{Criterion, criterion_group, criterion_main};
use ddu::hierarchy::{Cch, Customized, SimdPath};
use ddu::matrix::fast::{Batch, Ends, Selection};
use ddu::network::Weight;

fn matrix(c: &mut Criterion) {
    let Some(ny) = dimacs_ny::read() else { return };
    let cch = Cch::new(&ny.first_out, &ny.head, &ny.rank()).unwrap();
    let weights = Customized::new(&cch, |input| ny.packed(input));
    let r = &mut graphs::Random(42);
    let nodes = ny.first_out.len() - 1;
    let points: Vec<Ends> = (0..2000).map(|_| vec![(r.below(nodes) as u32, Weight::ZERO)]).collect();
    let (sources, targets) = points.split_at(1000);
    let selection = Selection::new(&cch, &weights, sources, targets);
    eprintln!("ancestors of targets, their arcs, arcs upward: {:?}", selection.size());
    let mut group = c.benchmark_group("ny 1000x1000");
    group.sample_size(20);
    group.bench_function("select", |b| b.iter(|| Selection::new(&cch, &weights, sources, targets)));
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let mut cells = selection.compute(Batch::Large, SimdPath::best());
    for threads in [1, 2] {
        let pool = pool(threads);
        for path in SimdPath::available() {
            group.bench_function(format!("{path:?}, {threads} threads"), |b| {
                b.iter(|| pool.install(|| selection.compute_into(Batch::Large, path, &mut cells)));
            });
        }
    }
    let graph = ny.graph();
    group.bench_function("plain Dijkstra, one tree", |b| b.iter(|| graph.dijkstra(&sources[0])));
    group.finish();
}

criterion_group!(benches, matrix);
criterion_main!(benches);
