//! Contraction and customization of the DIMACS New York graph (skipped without the shared data).
#![allow(missing_docs, clippy::unwrap_used)]

#[path = "../tests/support/mod.rs"]
mod support;
#[path = "../tests/support/ny.rs"]
mod ny;
#[path = "../tests/support/graphs.rs"]
mod graphs;

use criterion::{Criterion, criterion_group, criterion_main};
use ddu::hierarchy::{Cch, Customized};

fn customize(c: &mut Criterion) {
    let Some(ny) = ny::read() else { return };
    let rank = ny.rank();
    let mut group = c.benchmark_group("ny");
    group.sample_size(10);
    group.bench_function("contract", |b| b.iter(|| Cch::new(&ny.first_out, &ny.head, &rank).unwrap()));
    let cch = Cch::new(&ny.first_out, &ny.head, &rank).unwrap();
    eprintln!("arcs up {} down {}, height {}", cch.up().arc_count(), cch.down().arc_count(), cch.height());
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        group.bench_function(format!("customize/{threads} threads"), |b| {
            b.iter(|| pool.install(|| Customized::new(&cch, |input| ny.packed(input))));
        });
    }
    group.finish();
}

criterion_group!(benches, customize);
criterion_main!(benches);
