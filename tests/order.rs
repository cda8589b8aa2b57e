//! Nested dissection orders against the plain elimination game, and on the DIMACS graph of New York.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod support;

use ddu::hierarchy::order::{Completion, Order, OrderError, UndirectedView, completion, edge_based, nested_dissection};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use support::dimacs::Dimacs;

type Edges = Vec<(u32, u32)>;
type Shape = (&'static str, Vec<(f64, f64)>, Edges);

/// Knuth's MMIX generator.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(end)) as u32
    }
}

fn grid(width: u32, height: u32) -> (Vec<(f64, f64)>, Edges) {
    let points = (0..width * height).map(|v| (f64::from(v % width), f64::from(v / width))).collect();
    let mut edges = Vec::new();
    for v in 0..width * height {
        edges.extend((v % width + 1 < width).then_some((v, v + 1)));
        edges.extend((v / width + 1 < height).then_some((v, v + width)));
    }
    (points, edges)
}

/// Points in a square and edges between places that are close in number, hence islands, hubs and loops.
fn random_graph(seed: u64, nodes: u32, edges: u32) -> (Vec<(f64, f64)>, Edges) {
    let mut random = Random(seed);
    let points = (0..nodes).map(|_| (f64::from(random.below(50)), f64::from(random.below(50)))).collect();
    let edges = (0..edges)
        .map(|_| {
            let a = random.below(nodes);
            (a, if random.below(4) == 0 { random.below(nodes) } else { (a + random.below(9)).min(nodes - 1) })
        })
        .collect();
    (points, edges)
}

/// Shapes that break orders: name, points, edges.
fn shapes() -> Vec<Shape> {
    let line = |n: u32| (0..n).map(|v| (f64::from(v), 0.0)).collect::<Vec<_>>();
    let clique = |n: u32| (0..n).flat_map(|a| (0..a).map(move |b| (a, b))).collect::<Edges>();
    let (mut two, mut two_edges) = grid(30, 30);
    two_edges.extend(two_edges.clone().into_iter().map(|(a, b)| (a + 900, b + 900)));
    two.extend(two.clone());
    vec![
        ("nothing", vec![], vec![]),
        ("single node", line(1), vec![]),
        ("loop", line(1), vec![(0, 0), (0, 0)]),
        ("islands only", line(500), vec![]),
        ("path", line(3000), (1..3000).map(|v| (v - 1, v)).collect()),
        ("cycle", line(3000), (0..3000).map(|v| (v, (v + 1) % 3000)).collect()),
        ("star", line(3000), (1..3000).map(|v| (0, v)).collect()),
        ("doubled star", line(900), (1..900).flat_map(|v| [(0, v), (v, 0)]).collect()),
        ("three hubs", line(1003), (3..1003).flat_map(|v| [(0, v), (1, v), (2, v)]).collect()),
        ("clique", line(60), clique(60)),
        ("clique above the leaf size", line(420), clique(420)),
        ("grid", grid(40, 40).0, grid(40, 40).1),
        ("thin grid", grid(700, 3).0, grid(700, 3).1),
        ("two grids in one place", two, two_edges),
        ("coincident", vec![(7.0, 7.0); 900], grid(30, 30).1),
        ("not finite", vec![(f64::NAN, f64::INFINITY); 900], grid(30, 30).1),
    ]
}

fn assert_permutation(order: &Order, nodes: usize, what: &str) {
    assert_eq!((order.node.len(), order.rank.len()), (nodes, nodes), "{what}");
    let mut sorted = order.node.clone();
    sorted.sort_unstable();
    assert!(sorted.iter().copied().eq(0..nodes as u32), "{what}: no permutation");
    assert!(
        order.node.iter().zip(0..).all(|(&v, rank)| order.rank[v as usize] == rank),
        "{what}: rank and node differ"
    );
}

/// Plays the elimination game with sets.
fn played(graph: &UndirectedView, order: &Order) -> Completion {
    let mut rows: Vec<BTreeSet<u32>> =
        (0..graph.node_count() as u32).map(|v| graph.neighbours(v).iter().copied().collect()).collect();
    let mut sum = Completion::default();
    let mut depth = vec![0u32; rows.len()];
    let mut parent = vec![None; rows.len()];
    for &v in &order.node {
        let row: Vec<u32> = std::mem::take(&mut rows[v as usize]).into_iter().collect();
        for &a in &row {
            rows[a as usize].remove(&v);
            rows[a as usize].extend(row.iter().filter(|&&b| b != a));
        }
        sum.arcs += row.len() as u64;
        sum.triangles += (row.len() * row.len().saturating_sub(1) / 2) as u64;
        sum.widest = sum.widest.max(row.len() as u32);
        parent[v as usize] = row.into_iter().min_by_key(|&w| order.rank[w as usize]);
    }
    for &v in order.node.iter().rev() {
        depth[v as usize] = 1 + parent[v as usize].map_or(0, |p| depth[p as usize]);
        sum.depth = sum.depth.max(depth[v as usize]);
        sum.ancestors += u64::from(depth[v as usize]);
    }
    sum
}

/// The edge-based graph of roads, with `copies` routing nodes a road: all that meet are joined.
fn joined(roads: &Edges, junctions: usize, copies: u32) -> (UndirectedView, Vec<u32>, Vec<u32>) {
    let nodes = roads.len() as u32 * copies;
    let mut at = vec![Vec::new(); junctions];
    for (road, &(a, b)) in (0..).zip(roads) {
        // Copies of a road lie apart in the numbering, as forward and backward arcs do.
        let mine = (0..copies).map(|copy| copy * roads.len() as u32 + road);
        at[a as usize].extend(mine.clone());
        if a != b {
            at[b as usize].extend(mine);
        }
    }
    let pairs: Edges = at.iter().flat_map(|row| row.iter().flat_map(|&a| row.iter().map(move |&b| (a, b)))).collect();
    let view = UndirectedView::from_edges(vec![(0.0, 0.0); nodes as usize], pairs).unwrap();
    let first = (0..=roads.len() as u32).map(|road| road * copies).collect();
    let node = (0..nodes).map(|i| i % copies * roads.len() as u32 + i / copies).collect();
    (view, first, node)
}

fn assert_postordered(graph: &UndirectedView, order: &Order, what: &str) {
    assert_eq!(order, &order.post_ordered(graph), "{what}: no postorder of its elimination tree");
}

#[test]
fn shapes_are_ordered() {
    for (name, points, edges) in shapes() {
        let graph = UndirectedView::from_edges(points.clone(), edges.iter().copied()).unwrap();
        let order = nested_dissection(&graph);
        assert_permutation(&order, graph.node_count(), name);
        assert_postordered(&graph, &order, name);
        let first: Vec<u32> = (0..=edges.len() as u32).collect();
        let nodes: Vec<u32> = (0..edges.len() as u32).rev().collect();
        assert_permutation(&edge_based(&points, &edges, &first, &nodes).unwrap(), edges.len(), name);
    }
}

#[test]
fn trees_and_chains_cost_nothing() {
    let sum = |name: &str| {
        let (_, points, edges) = shapes().into_iter().find(|shape| shape.0 == name).unwrap();
        let graph = UndirectedView::from_edges(points, edges).unwrap();
        completion(&graph, &nested_dissection(&graph))
    };
    assert_eq!(sum("star").arcs, 2999);
    assert_eq!(sum("path").arcs, 2999);
    let cycle = sum("cycle");
    // Two arcs a node but the last two; halving rounds keep the tree low.
    assert_eq!(cycle.arcs, 2 * 3000 - 3);
    assert!(cycle.depth <= 40, "{cycle:?}");
}

#[test]
fn random_graphs_equal_the_elimination_game() {
    for seed in 0..40 {
        let nodes = 2 + seed as u32 * 17;
        let (points, edges) = random_graph(seed, nodes, nodes * 3 / 2);
        let graph = UndirectedView::from_edges(points, edges.iter().copied()).unwrap();
        let order = nested_dissection(&graph);
        assert_permutation(&order, nodes as usize, &format!("seed {seed} {edges:?}"));
        assert_postordered(&graph, &order, &format!("seed {seed} {edges:?}"));
        assert_eq!(completion(&graph, &order), played(&graph, &order), "seed {seed} {edges:?}");
    }
}

#[test]
fn roads_and_their_copies_stay_together() {
    for seed in 0..30 {
        let junctions = 2 + seed as u32 * 11;
        let (points, roads) = random_graph(seed, junctions, junctions * 2);
        let (graph, first, node) = joined(&roads, points.len(), 2);
        let order = edge_based(&points, &roads, &first, &node).unwrap();
        let what = format!("seed {seed} {roads:?}");
        assert_permutation(&order, roads.len() * 2, &what);
        assert!((0..roads.len()).all(|r| order.rank[r].abs_diff(order.rank[r + roads.len()]) == 1), "{what}");
        // The tree comes from contracted junctions; the joined graph itself must agree.
        assert_postordered(&graph, &order, &what);
    }
}

/// Grids of n × n nodes: George (1973) bounds the completion of nested dissection by 31/4 n² log2 n + O(n²).
#[test]
fn grids_fill_like_n_log_n() {
    for side in [16u32, 32, 64, 128] {
        let (points, edges) = grid(side, side);
        let graph = UndirectedView::from_edges(points.clone(), edges.iter().copied()).unwrap();
        let sum = completion(&graph, &nested_dissection(&graph));
        let nodes = f64::from(side * side);
        assert!((sum.arcs as f64) < 31.0 / 8.0 * nodes * nodes.log2(), "{side}: {sum:?}");
        assert!(sum.depth < 7 * side, "{side}: {sum:?}");
        let (joined, first, node) = joined(&edges, points.len(), 1);
        let roads = completion(&joined, &edge_based(&points, &edges, &first, &node).unwrap());
        assert!((roads.arcs as f64) < 31.0 / 4.0 * 2.0 * nodes * nodes.log2(), "{side}: {roads:?}");
        assert!(roads.depth < 7 * side, "{side}: {roads:?}");
    }
}

#[test]
fn threads_do_not_change_the_order() {
    let (points, edges) = random_graph(77, 6000, 11_000);
    let graph = UndirectedView::from_edges(points.clone(), edges.iter().copied()).unwrap();
    let (_, first, node) = joined(&edges, points.len(), 1);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| (nested_dissection(&graph), edge_based(&points, &edges, &first, &node).unwrap()))
    };
    let one = with(1);
    assert!(with(2) == one && with(4) == one);
}

#[test]
fn bad_input_is_refused() {
    let point = vec![(0.0, 0.0)];
    assert!(matches!(
        UndirectedView::from_edges(point.clone(), [(0, 1)]),
        Err(OrderError::UnknownNode { node: 1, nodes: 1 })
    ));
    let roads = [(0, 0)];
    let edge = |roads: &[(u32, u32)], first: &[u32], node: &[u32]| edge_based(&point, roads, first, node).unwrap_err();
    assert_eq!(edge(&[(0, 3)], &[0, 1], &[0]), OrderError::UnknownNode { node: 3, nodes: 1 });
    assert_eq!(edge(&roads, &[0, 2], &[0, 0]), OrderError::NotOneRoad { node: 0 });
    assert_eq!(edge(&roads, &[0, 2], &[0, 2]), OrderError::NotOneRoad { node: 2 });
    for first in [&[][..], &[0], &[0, 1], &[1, 2], &[0, 2, 2]] {
        assert_eq!(edge(&roads, first, &[0, 1]), OrderError::BadRows { roads: 1, nodes: 2 });
    }
}

fn dijkstra(graph: &Dimacs, source: u32) -> Vec<u64> {
    let mut distance = vec![u64::MAX; graph.position.len()];
    distance[source as usize] = 0;
    let mut queue = BinaryHeap::from([Reverse((0, source))]);
    while let Some(Reverse((d, v))) = queue.pop() {
        if d > distance[v as usize] {
            continue;
        }
        for arc in graph.first_out[v as usize] as usize..graph.first_out[v as usize + 1] as usize {
            let (w, d) = (graph.head[arc], d + u64::from(graph.weight[arc]));
            if d < distance[w as usize] {
                distance[w as usize] = d;
                queue.push(Reverse((d, w)));
            }
        }
    }
    distance
}

#[test]
fn new_york_is_read_and_ordered() {
    let Some(folder) = support::shared::shared("dimacs") else { return };
    let coordinates = folder.join("USA-road-d.NY.co.gz");
    let read = |weights: &str| Dimacs::read(&folder.join(format!("USA-road-{weights}.NY.gr.gz")), &coordinates);
    for (weights, sum, max) in [("d", 186_686_642_878, 1_440_081), ("t", 233_812_473_957u64, 1_916_421)] {
        let distance = dijkstra(&read(weights), 0);
        assert_eq!((distance.len(), distance.iter().sum(), distance.iter().copied().max()), (264_346, sum, Some(max)));
    }
    let graph = read("d");
    let view = UndirectedView::from_edges(graph.planar(), graph.arcs()).unwrap();
    let order = nested_dissection(&view);
    assert_permutation(&order, view.node_count(), "New York");
    let sum = completion(&view, &order);
    // InertialFlowCutter reaches 1.20 million arcs.
    assert!(sum.arcs < 1_200_000 && sum.depth < 350, "{sum:?}");
}
