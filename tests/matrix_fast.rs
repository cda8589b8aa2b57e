//! The matrix engine against plain Dijkstra, on every instruction path, batch size and number of threads.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::cast_possible_truncation, missing_docs)]

#[path = "support/graphs.rs"]
mod graphs;
#[path = "support/mod.rs"]
mod support;
#[path = "support/dimacs_ny.rs"]
mod dimacs_ny;

use ddu::hierarchy::{Cch, Customized, Packed, Query, SimdPath};
use ddu::matrix::fast::{Batch, Ends, Selection, many_to_many};
use ddu::network::Weight;
use graphs::{Graph, Random};

fn customized(graph: &Graph, rank: &[u32]) -> (Cch, Customized) {
    let cch = Cch::new(&graph.first_out, &graph.head, rank).unwrap();
    let weight = |input: u32| graph.weight[input as usize].map_or(Packed::INFINITE, Packed::new);
    let weights = Customized::new(&cch, weight);
    (cch, weights)
}

fn ends(r: &mut Random, n: usize, largest: usize) -> Vec<Ends> {
    let toll = r.below(2) as u32;
    let end = |r: &mut Random| {
        let weight = Weight { cost: r.below(5) as u32, length: 1, time: r.below(2) as u32, toll };
        (r.below(n) as u32, weight)
    };
    (0..r.below(largest)).map(|_| (0..r.below(4)).map(|_| end(r)).collect()).collect()
}

#[test]
fn cells_equal_dijkstra_on_every_path_and_batch() {
    for seed in 0..1500 {
        let r = &mut Random(seed ^ 0xFA57);
        let mut graph = Graph::random(r, if seed % 50 == 0 { 250 } else { 24 });
        if r.below(3) == 0 {
            graph.weight.iter_mut().flatten().for_each(|w| w.toll = 0);
        }
        let n = graph.nodes();
        let rank = if r.below(2) == 0 { r.permutation(n) } else { graph.bisection_rank() };
        let (cch, weights) = customized(&graph, &rank);
        let largest = if seed % 10 == 0 { 150 } else { 12 };
        let (sources, targets) = (ends(r, n, largest), ends(r, n, 12));
        let expected: Vec<Option<Weight>> = sources
            .iter()
            .flat_map(|source| {
                let best = graph.dijkstra(source);
                targets.iter().map(|t| Graph::reach(&best, t)).collect::<Vec<_>>()
            })
            .collect();
        let selection = Selection::new(&cch, &weights, &sources, &targets);
        for path in SimdPath::available() {
            for batch in [Batch::Small, Batch::Medium, Batch::Large] {
                let cells = selection.compute(batch, path);
                for (i, expected) in expected.iter().enumerate() {
                    let (s, t) = (i / targets.len(), i % targets.len());
                    let found = cells.get(s, t);
                    assert_eq!(
                        found, *expected,
                        "seed {seed} {path:?} {batch:?}: {graph:?} {rank:?} {:?} → {:?}",
                        sources[s], targets[t]
                    );
                }
            }
        }
        assert_eq!(many_to_many(&cch, &weights, &sources, &targets), expected);
    }
}

#[test]
fn components_saturate_alike_everywhere() {
    let half = 1 << 30;
    let w = |cost, length| Some(Weight { cost, length, time: 1, toll: 0 });
    // 0 → 1 → 2: the cost fits, the length does not; 2 → 3: the cost does not fit either.
    let arcs = vec![(0, 1, w(1, half)), (1, 2, w(1, half)), (2, 3, w(Packed::CAP - 2, 0))];
    let graph = Graph::from_arcs(4, arcs, vec![(0.0, 0.0); 4]);
    let (cch, weights) = customized(&graph, &[0, 1, 2, 3]);
    let all: Vec<Ends> = (0..4).map(|v| vec![(v, Weight::ZERO)]).collect();
    let cells = many_to_many(&cch, &weights, &all, &all);
    assert_eq!(cells[1].map(|w| w.length), Some(half));
    assert_eq!([cells[2], cells[3], cells[4]], [None; 3]);
    assert_eq!(cells[7].map(|w| w.cost), Some(Packed::CAP - 1));
}

/// Columns `hub_node1, ddu_node1, dist_d, time_t` of the known answers.
fn known_answers() -> Option<Vec<[u32; 4]>> {
    let packed = std::fs::read(support::shared::shared("ny_dimacs_hub_ddu.csv.gz")?).unwrap();
    let mut text = vec![0; u32::from_le_bytes(packed[packed.len() - 4..].try_into().unwrap()) as usize];
    libdeflater::Decompressor::new().gzip_decompress(&packed, &mut text).unwrap();
    let mut reader = csv::Reader::from_reader(&text[..]);
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|h| h == name).unwrap();
    let columns = ["hub_node1", "ddu_node1", "dist_d", "time_t"].map(column);
    Some(reader.records().map(|r| r.unwrap()).map(|r| columns.map(|c| r[c].parse().unwrap())).collect())
}

#[test]
fn new_york_answers_are_exact() {
    let (Some(ny), Some(known)) = (dimacs_ny::read(), known_answers()) else { return };
    let rank = ny.rank();
    let cch = Cch::new(&ny.first_out, &ny.head, &rank).unwrap();
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let distinct = |column: usize| {
        let mut nodes: Vec<u32> = known.iter().map(|k| k[column] - 1).collect();
        nodes.sort_unstable();
        nodes.dedup();
        nodes
    };
    let (hubs, units) = (distinct(0), distinct(1));
    let ends = |nodes: &[u32]| -> Vec<Ends> { nodes.iter().map(|v| vec![(*v, Weight::ZERO)]).collect() };
    // First distance decides, then time: the known distances and times are each the least of their kind.
    let by_distance = |input: u32| Packed::new(ny.weight[input as usize]);
    let by_time = |input: u32| {
        let w = ny.weight[input as usize];
        Packed::new(Weight { cost: w.time, length: w.length, time: w.time, toll: 0 })
    };
    let weights = [Customized::new(&cch, by_distance), Customized::new(&cch, by_time)];
    assert!(weights[0] == pool(2).install(|| Customized::new(&cch, by_distance)), "threads change the weights");
    for (weights, column) in weights.iter().zip([2, 3]) {
        let selection = Selection::new(&cch, weights, &ends(&hubs), &ends(&units));
        let cells = pool(1).install(|| selection.compute(Batch::Large, SimdPath::best()));
        for path in SimdPath::available() {
            assert!(cells == pool(3).install(|| selection.compute(Batch::Small, path)), "{path:?} differs");
        }
        for k in &known {
            let (s, t) = (hubs.binary_search(&(k[0] - 1)).unwrap(), units.binary_search(&(k[1] - 1)).unwrap());
            assert_eq!(cells.get(s, t).map(|w| w.cost), Some(k[column]), "{k:?}");
        }
    }
    let graph = ny.graph();
    let cells = many_to_many(&cch, &weights[0], &ends(&hubs), &ends(&units));
    let mut query = Query::new(&cch, &weights[0], by_distance);
    for (s, &hub) in hubs.iter().enumerate().step_by(16) {
        let best = graph.dijkstra(&[(hub, Weight::ZERO)]);
        for (t, &unit) in units.iter().enumerate() {
            assert_eq!(cells[s * units.len() + t], best[unit as usize], "{hub} → {unit}");
            if t % 60 == 0 {
                let route = query.route(&[(hub, Weight::ZERO)], &[(unit, Weight::ZERO)]).unwrap();
                let sum = route.arcs.iter().try_fold(Weight::ZERO, |sum, a| sum.checked_add(ny.weight[*a as usize]));
                assert_eq!((Some(route.weight), sum), (best[unit as usize], best[unit as usize]));
            }
        }
    }
}
