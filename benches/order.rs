//! Nested dissection of New York (DIMACS): time, and what the order costs afterwards.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr, missing_docs)]

#[path = "../tests/support/mod.rs"]
mod support;

use criterion::{Criterion, criterion_group, criterion_main};
use ddu::hierarchy::order::{Order, UndirectedView, completion, edge_based, nested_dissection};
use std::hint::black_box;
use support::dimacs::Dimacs;

fn tell(what: &str, graph: &UndirectedView, order: &Order) {
    let sum = completion(graph, order);
    let mean = sum.ancestors as f64 / graph.node_count().max(1) as f64;
    eprintln!(
        "{what}: {} nodes, {} edges -> {} arcs, {} triangles, widest {}, depth {} (mean {mean:.1})",
        graph.node_count(),
        graph.edge_count(),
        sum.arcs,
        sum.triangles,
        sum.widest,
        sum.depth
    );
}

fn new_york(c: &mut Criterion) {
    let Some(folder) = support::shared::shared("dimacs") else { return };
    let graph = Dimacs::read(&folder.join("USA-road-d.NY.gr.gz"), &folder.join("USA-road-d.NY.co.gz"));
    let view = UndirectedView::from_edges(graph.planar(), graph.arcs()).unwrap();
    let mut roads: Vec<(u32, u32)> = graph.arcs().filter(|(a, b)| a < b).collect();
    roads.sort_unstable();
    roads.dedup();
    let first: Vec<u32> = (0..=roads.len() as u32).collect();
    let node: Vec<u32> = (0..roads.len() as u32).collect();
    let points = graph.planar();

    tell("node-based", &view, &nested_dissection(&view));
    let mut at = vec![Vec::new(); points.len()];
    for (road, &(a, b)) in (0u32..).zip(&roads) {
        at[a as usize].push(road);
        at[b as usize].push(road);
    }
    let pairs: Vec<(u32, u32)> =
        at.iter().flat_map(|row| row.iter().flat_map(|&a| row.iter().map(move |&b| (a, b)))).collect();
    let joined = UndirectedView::from_edges(vec![(0.0, 0.0); roads.len()], pairs).unwrap();
    tell("edge-based, a node a road", &joined, &edge_based(&points, &roads, &first, &node).unwrap());

    let mut group = c.benchmark_group("order/new-york");
    group.sample_size(10);
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        group.bench_function(format!("node-based/{threads} threads"), |b| {
            b.iter(|| pool.install(|| black_box(nested_dissection(&view))));
        });
        group.bench_function(format!("edge-based/{threads} threads"), |b| {
            b.iter(|| pool.install(|| black_box(edge_based(&points, &roads, &first, &node).unwrap())));
        });
    }
    group.finish();
}

criterion_group!(benches, new_york);
criterion_main!(benches);
