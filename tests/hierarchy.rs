//! Contraction, customization and point-to-point queries against plain Dijkstra.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::cast_possible_truncation, missing_docs)]

#[path = "support/graphs.rs"]
mod graphs;

use ddu::hierarchy::{Cch, Customized, DistancesTo, Packed, Query, SimdPath, Sixteen};
use ddu::network::Weight;
use graphs::{Graph, Random};

fn customized(graph: &Graph, rank: &[u32]) -> (Cch, Customized) {
    let cch = Cch::new(&graph.first_out, &graph.head, rank).unwrap();
    let weights = Customized::new(&cch, |input| packed(graph, input));
    (cch, weights)
}

fn packed(graph: &Graph, input: u32) -> Packed {
    graph.weight[input as usize].map_or(Packed::INFINITE, Packed::new)
}

fn seeds(r: &mut Random, n: usize) -> Vec<(u32, Weight)> {
    (0..r.below(4))
        .map(|_| (r.below(n) as u32, Weight { cost: r.below(5) as u32, length: 1, time: r.below(2) as u32, toll: 3 }))
        .collect()
}

#[test]
fn routes_equal_dijkstra_and_their_arcs_sum_up() {
    for seed in 0..2500 {
        let r = &mut Random(seed);
        let graph = Graph::random(r, if seed % 50 == 0 { 300 } else { 24 });
        let n = graph.nodes();
        let rank = if r.below(2) == 0 { r.permutation(n) } else { graph.bisection_rank() };
        let (cch, weights) = customized(&graph, &rank);
        let mut query = Query::new(&cch, &weights, |input| packed(&graph, input));
        for _ in 0..6 {
            let (sources, targets) = (seeds(r, n), seeds(r, n));
            let expected = Graph::reach(&graph.dijkstra(&sources), &targets);
            let route = query.route(&sources, &targets);
            assert_eq!(
                route.as_ref().map(|p| p.weight),
                expected,
                "seed {seed}: {graph:?} {rank:?} {sources:?} {targets:?}"
            );
            let Some(route) = route else { continue };
            // The arcs lead from the source to the target, and with both ends' weights they sum up to the route's.
            let mut at = route.source;
            let mut sum = Weight::ZERO;
            for &arc in &route.arcs {
                let row = graph.first_out[at as usize]..graph.first_out[at as usize + 1];
                assert!(row.contains(&arc), "seed {seed}: arc {arc} does not leave {at}");
                sum = sum.checked_add(graph.weight[arc as usize].unwrap()).unwrap();
                at = graph.head[arc as usize];
            }
            assert_eq!(at, route.target, "seed {seed}");
            let ends = sources
                .iter()
                .filter(|s| s.0 == route.source)
                .flat_map(|s| targets.iter().filter(|t| t.0 == route.target).map(|t| s.1.checked_add(t.1).unwrap()));
            assert_eq!(ends.min().unwrap().checked_add(sum), expected, "seed {seed}");
        }
    }
}

#[test]
fn distances_to_targets_equal_dijkstra_whatever_was_asked_before() {
    for seed in 0..800 {
        let r = &mut Random(seed ^ 0xD157);
        let graph = Graph::random(r, if seed % 50 == 0 { 200 } else { 24 });
        let n = graph.nodes();
        let rank = if r.below(2) == 0 { r.permutation(n) } else { graph.bisection_rank() };
        let (cch, weights) = customized(&graph, &rank);
        let targets = seeds(r, n);
        let mut distances = DistancesTo::new(&cch, &weights, &targets);
        for node in r.permutation(n).into_iter().chain([0]) {
            let expected = Graph::reach(&graph.dijkstra(&[(node, Weight::ZERO)]), &targets);
            let found = distances.from(node).weight();
            assert_eq!(found, expected, "seed {seed}: {node} → {targets:?} in {graph:?} {rank:?}");
        }
        assert_eq!(distances.from(u32::MAX), Packed::INFINITE);
    }
}

#[test]
fn customization_is_the_same_for_any_number_of_threads_and_a_large_grid_is_right() {
    let r = &mut Random(7);
    let (side, n) = (70, 70 * 70);
    let mut arcs = Vec::new();
    for v in 0..n {
        for w in [(v % side + 1 < side).then(|| v + 1), (v + side < n).then(|| v + side)].into_iter().flatten() {
            for (a, b) in [(v, w), (w, v)] {
                let weight = Weight { cost: r.below(9) as u32, length: r.below(4) as u32, time: 1, toll: 0 };
                arcs.push((a as u32, b as u32, (r.below(20) != 0).then_some(weight)));
            }
        }
    }
    let graph = Graph::from_arcs(n, arcs, (0..n).map(|v| ((v % side) as f64, (v / side) as f64)).collect());
    let rank = graph.bisection_rank();
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let (cch, one) = pool(1).install(|| customized(&graph, &rank));
    let (_, four) = pool(4).install(|| customized(&graph, &rank));
    assert_eq!(one, four);
    let mut query = Query::new(&cch, &one, |input| packed(&graph, input));
    for _ in 0..5 {
        let source = r.below(n) as u32;
        let best = graph.dijkstra(&[(source, Weight::ZERO)]);
        for target in (0..n as u32).step_by(37) {
            let route = query.route(&[(source, Weight::ZERO)], &[(target, Weight::ZERO)]);
            assert_eq!(route.map(|p| p.weight), best[target as usize], "{source} → {target}");
        }
    }
}

#[test]
fn a_long_path_needs_no_stack() {
    let n = 200_000_u32;
    let arcs = (1..n).map(|v| (v - 1, v, Some(Weight { cost: 1, length: 2, time: 3, toll: 0 }))).collect();
    let graph = Graph::from_arcs(n as usize, arcs, Vec::new());
    let (cch, weights) = customized(&graph, &(0..n).collect::<Vec<_>>());
    let mut query = Query::new(&cch, &weights, |input| packed(&graph, input));
    let route = query.route(&[(0, Weight::ZERO)], &[(n - 1, Weight::ZERO)]).unwrap();
    assert_eq!((route.weight.cost, route.arcs.len()), (n - 1, n as usize - 1));
    assert_eq!(query.route(&[(5, Weight::ZERO)], &[(4, Weight::ZERO)]), None);
}

#[test]
fn sixteen_profiles_at_once_equal_sixteen_runs() {
    for seed in 0..200 {
        let r = &mut Random(seed ^ 0x16);
        let graph = Graph::random(r, 60);
        let rank = graph.bisection_rank();
        // Each profile scales costs by its own factor and forbids its own arcs; some weights come close to the bounds.
        let stretch = |x: u32| if seed % 4 == 3 { x.saturating_mul(1 << 25) } else { x };
        let weight = |input: u32, lane: u32| match graph.weight[input as usize] {
            Some(w) if !(input + lane).is_multiple_of(19) => {
                let cost = w.cost.saturating_mul(lane % 5 + 1) + w.time % (lane + 1);
                let cost = if lane == 7 { stretch(cost) } else { cost };
                // Tolls of no profile, of some, or of all, and seldom or often.
                let paid = lane.is_multiple_of(3) && input.is_multiple_of(4);
                let free = seed % 3 == 1 && !paid || seed % 3 == 2;
                let toll = if free { 0 } else { stretch(w.toll) };
                // Where costs are coarse many paths tie, in some lanes only.
                let cost = if seed % 5 == 4 { cost / (lane + 1) } else { cost };
                Packed::new(Weight { cost, length: stretch(w.length), time: w.time, toll })
            }
            _ => Packed::INFINITE,
        };
        let cch = Cch::new(&graph.first_out, &graph.head, &rank).unwrap();
        let lanes = |input| Sixteen::new(&std::array::from_fn(|lane| weight(input, lane as u32)));
        let mut all = Customized::new(&cch, lanes);
        let mut again = all.one(&cch, |input| weight(input, 0));
        for lane in 0..16 {
            let one = Customized::new(&cch, |input| weight(input, lane));
            all.one_into(&cch, |input| weight(input, lane), &mut again);
            assert!(again == one, "seed {seed} lane {lane}");
        }
        // Neither the instructions nor what the memory held before leave a trace.
        let fresh = all.clone();
        for path in SimdPath::available() {
            all.renew(&cch, |input| Sixteen::new(&[weight(input, 3); 16]));
            all.renew_on(path, &cch, lanes);
            assert!(all == fresh, "seed {seed} {path:?}");
        }
    }
}
