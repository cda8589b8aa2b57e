//! Contraction and customization of the DIMACS New York graph (skipped without the shared data).
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stderr, clippy::cast_possible_truncation)]

#[path = "../tests/support/graphs.rs"]
mod graphs;
#[path = "../tests/support/dimacs_ny.rs"]
mod dimacs_ny;
#[path = "../tests/support/mod.rs"]
mod support;

use criterion::{Criterion, criterion_group, criterion_main};
use ddu::hierarchy::{Cch, Customized, Sixteen};
use ddu::network::Weight;

fn customize(c: &mut Criterion) {
    let Some(ny) = dimacs_ny::read() else { return };
    let rank = ny.rank();
    let mut group = c.benchmark_group("ny");
    group.sample_size(10);
    group.bench_function("contract", |b| b.iter(|| Cch::new(&ny.first_out, &ny.head, &rank).unwrap()));
    let cch = Cch::new(&ny.first_out, &ny.head, &rank).unwrap();
    eprintln!("arcs up {} down {}, height {}", cch.up().arc_count(), cch.down().arc_count(), cch.height());
    // Costs of the sixteen profiles weigh time differently.
    let profiles = |input: u32| {
        let Weight { cost, time, .. } = ny.weight[input as usize];
        Sixteen::of_costs(std::array::from_fn(|lane| cost + time * lane as u32 / 8))
    };
    let mut one = Customized::new(&cch, |input| ny.packed(input));
    let mut all = Customized::new(&cch, profiles);
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        group.bench_function(format!("customize 1 profile, {threads} threads"), |b| {
            b.iter(|| pool.install(|| one.renew(&cch, |input| ny.packed(input))));
        });
        group.bench_function(format!("customize 16 profiles, {threads} threads"), |b| {
            b.iter(|| pool.install(|| all.renew(&cch, profiles)));
        });
        group.bench_function(format!("customize 1 of these 16, {threads} threads"), |b| {
            b.iter(|| pool.install(|| all.one_into(&cch, |input| ny.packed(input), &mut one)));
        });
    }
    group.finish();
}

criterion_group!(benches, customize);
criterion_main!(benches);
