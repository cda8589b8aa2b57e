//! Vehicle routes of invented depots: the heuristic's iterations, and proofs.
#![allow(clippy::unwrap_used, missing_docs)]

use criterion::{Criterion, criterion_group, criterion_main};
use ddu::progress::Silent;
use ddu::rng::Rng;
use ddu::routes::{
    Dock, ExactOptions, Leg, LegTable, Problem, ReturnRule, RouteClass, SearchOptions, SolveOptions, Stop, solve,
};
use ddu::units::{MicroDollars, Millis, Pieces, Ppm};

const MINUTE: u32 = 60_000;

/// Stops within an hour of the depot, docks open for two of six hours, a van and a truck.
fn depot(stops: usize) -> Problem {
    let mut rng = Rng::new(7, 1_u64, stops as u64);
    let place: Vec<(i64, i64)> = (0..=stops).map(|_| (rng.between(0, 60), rng.between(0, 60))).collect();
    let class = |name, capacity, fixed| RouteClass {
        name,
        capacity: Pieces(capacity),
        fixed: MicroDollars::from_dollars(fixed),
        available: None,
        leave_from: Millis(240 * MINUTE),
        duty: Some(Millis(600 * MINUTE)),
        waiting_per_hour: MicroDollars::from_dollars(36),
        dwell_per_hour: MicroDollars::from_dollars(36),
        back: ReturnRule { share: Ppm(1_000_000), on_duty: true, by: None },
    };
    let classes = vec![class(0, 600, 90), class(1, 2_400, 220)];
    let dock = Dock {
        setup: Millis(10 * MINUTE),
        per_piece: Millis(1_000),
        fee: MicroDollars::ZERO,
        handling: MicroDollars::ZERO,
    };
    let list = (0..stops).map(|name| {
        let ready = 240 + u32::try_from(rng.below(240)).unwrap();
        Stop {
            name: u32::try_from(name).unwrap(),
            demand: Pieces(40 + u32::try_from(rng.below(360)).unwrap()),
            ready: Millis(ready * MINUTE),
            due: Millis((ready + 120) * MINUTE),
            docks: vec![Some(dock); 2],
        }
    });
    let list = list.collect();
    let table = |per_minute: i64| {
        let leg = |a: (i64, i64), b: (i64, i64)| {
            let minutes = (a.0 - b.0).abs() + (a.1 - b.1).abs();
            let time = Millis(u32::try_from(minutes).unwrap() * MINUTE);
            Some(Leg { cost: MicroDollars(minutes * per_minute), time })
        };
        LegTable(place.iter().flat_map(|a| place.iter().map(move |b| leg(*a, *b))).collect())
    };
    let legs = vec![table(900_000), table(1_600_000)];
    Problem::new(classes, list, legs).unwrap()
}

fn routes(c: &mut Criterion) {
    let mut group = c.benchmark_group("routes");
    group.sample_size(10);
    for stops in [20, 100] {
        let problem = depot(stops);
        let search = SearchOptions { iterations: 2_000, runs: 1, seed: 1 };
        group.bench_function(format!("heuristic: {stops} stops, 2,000 iterations"), |b| {
            b.iter(|| solve(&problem, SolveOptions { search, exact: None }, &Silent).unwrap());
        });
    }
    let problem = depot(20);
    let search = SearchOptions { iterations: 2_000, runs: 1, seed: 1 };
    group.bench_function("proof: 20 stops", |b| {
        b.iter(|| {
            let answer =
                solve(&problem, SolveOptions { search, exact: Some(ExactOptions::default()) }, &Silent).unwrap();
            assert!(answer.optimal());
        });
    });
    group.finish();
}

criterion_group!(benches, routes);
criterion_main!(benches);
