//! Small random routing problems with everything a class and a stop can have.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use ddu::rng::Rng;
use ddu::routes::{Dock, Leg, LegTable, Problem, ReturnRule, RouteClass, Stop};
use ddu::units::{MicroDollars, Millis, Pieces, Ppm};

/// A number below `bound`, as money, time, pieces.
fn draw(rng: &mut Rng, low: i64, high: i64) -> u32 {
    u32::try_from(rng.between(low, high)).unwrap()
}

fn money(rng: &mut Rng, high: i64) -> MicroDollars {
    MicroDollars(rng.between(0, high))
}

/// With `narrow` windows many stops conflict; without, most orders are possible. Demands fit the largest class.
pub fn problem(seed: u64, most_stops: usize) -> Problem {
    let mut rng = Rng::new(seed, 77_u64, 0);
    let stops = 1 + rng.below(most_stops);
    let count = 1 + rng.below(3);
    let timed = rng.percent(50);
    let classes: Vec<RouteClass> = (0..count)
        .map(|name| RouteClass {
            name: u32::try_from(name).unwrap(),
            capacity: Pieces(draw(&mut rng, 4, 15)),
            fixed: money(&mut rng, 60),
            available: rng.percent(40).then(|| draw(&mut rng, 0, 2)),
            leave_from: Millis(draw(&mut rng, 0, 10)),
            duty: (timed && rng.percent(50)).then(|| Millis(draw(&mut rng, 20, 60))),
            // Half a micro-dollar a millisecond: rounding matters.
            waiting_per_hour: MicroDollars(if timed { rng.between(0, 5) * 1_800_000 } else { 0 }),
            dwell_per_hour: MicroDollars(rng.between(0, 2) * 1_234_567),
            back: ReturnRule {
                share: Ppm([0, 333_333, 1_000_000][rng.below(3)]),
                on_duty: rng.percent(50),
                by: rng.percent(30).then(|| Millis(draw(&mut rng, 40, 90))),
            },
        })
        .collect();
    let largest = classes.iter().map(|c| c.capacity.0).max().unwrap();
    let width = if rng.percent(50) { 15 } else { 60 };
    let list: Vec<Stop> = (0..stops)
        .map(|name| {
            let ready = draw(&mut rng, 0, 40);
            let dock = |rng: &mut Rng| Dock {
                setup: Millis(draw(rng, 0, 4)),
                per_piece: Millis(draw(rng, 0, 1)),
                fee: money(rng, 5),
                handling: money(rng, 2),
            };
            Stop {
                name: u32::try_from(name).unwrap(),
                demand: Pieces(draw(&mut rng, 0, i64::from(largest.min(8)))),
                ready: Millis(ready),
                due: Millis(ready + draw(&mut rng, 0, width)),
                docks: (0..count).map(|_| (!rng.percent(12)).then(|| dock(&mut rng))).collect(),
            }
        })
        .collect();
    let points = stops + 1;
    let place: Vec<(i64, i64)> = (0..points).map(|_| (rng.between(0, 15), rng.between(0, 15))).collect();
    let euclidean = rng.percent(50);
    let tables = (0..count)
        .map(|_| {
            let factor = rng.between(1, 3);
            let leg = |a: usize, b: usize, rng: &mut Rng| {
                let apart = if euclidean {
                    (place[a].0 - place[b].0).abs() + (place[a].1 - place[b].1).abs()
                } else {
                    rng.between(0, 20)
                };
                Leg { cost: MicroDollars(apart * factor), time: Millis(u32::try_from(apart / 2).unwrap()) }
            };
            let missing = if euclidean { 0 } else { 8 };
            let pairs = (0..points).flat_map(|a| (0..points).map(move |b| (a, b)));
            LegTable(pairs.map(|(a, b)| (!rng.percent(missing)).then(|| leg(a, b, &mut rng))).collect())
        })
        .collect();
    Problem::new(classes, list, tables).unwrap()
}
