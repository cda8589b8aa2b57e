//! Shortest paths the plain way: relax every edge until nothing changes (Bellman 1958, Ford 1956).
//!
//! Knows nothing of roads, arcs or turns. Weights are vectors compared component by component.

/// Cost, length, time, toll.
pub type Weight = [u64; 4];

/// An edge from a node to a node.
pub type Edge = (usize, usize, Weight);

fn sum(a: Weight, b: Weight) -> Weight {
    std::array::from_fn(|i| a[i] + b[i])
}

/// Weight of the best path from `source` to every node; `None` where there is none.
pub fn best_paths(nodes: usize, edges: &[Edge], source: usize) -> Vec<Option<Weight>> {
    let mut best = vec![None; nodes];
    best[source] = Some([0; 4]);
    let mut changed = true;
    while changed {
        changed = false;
        for &(from, to, weight) in edges {
            let Some(so_far) = best[from] else { continue };
            let path = sum(so_far, weight);
            if best[to].is_none_or(|known| path < known) {
                best[to] = Some(path);
                changed = true;
            }
        }
    }
    best
}
