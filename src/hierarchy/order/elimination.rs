//! The elimination tree of an order: its shape tells what contraction, customization and queries will cost.
//!
//! Parent of a node: the lowest-ranked of its higher neighbours after chordal completion. Liu: A compact row storage
//! scheme for Cholesky factors using elimination trees (TOMS 1986). Numbering in postorder changes no fill and makes
//! each subtree an interval of ranks.

use super::{Order, UndirectedView};
use crate::hierarchy::elimination_tree as tree;

/// No parent: the root of a component.
pub const ROOT: u32 = tree::NONE;

/// Size of the chordal completion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Undirected arcs after completion.
    pub arcs: u64,
    /// Lower triangles: what a customization relaxes.
    pub triangles: u64,
    /// Most nodes on a path to a root, both ends included: the largest search space.
    pub depth: u32,
    /// Nodes on the path to the root, summed over all nodes: divided by their number, the mean search space.
    pub ancestors: u64,
    /// Most higher neighbours of a node.
    pub widest: u32,
}

/// Parent of each rank, or [`ROOT`].
#[must_use]
pub fn elimination_tree(graph: &UndirectedView, order: &Order) -> Vec<u32> {
    let ranks = |high: u32| graph.neighbours(order.node[high as usize]).iter().map(|v| order.rank[*v as usize]);
    tree::parents(order.node.len(), ranks)
}

/// Counts the chordal completion without building it: O(arcs of the completion) time, O(nodes) memory.
#[must_use]
pub fn completion(graph: &UndirectedView, order: &Order) -> Completion {
    let parent = elimination_tree(graph, order);
    let n = parent.len();
    let mut higher = vec![0u32; n];
    let mut seen = vec![ROOT; n];
    for high in 0..n as u32 {
        seen[high as usize] = high;
        for &neighbour in graph.neighbours(order.node[high as usize]) {
            let mut low = order.rank[neighbour as usize];
            while low < high && std::mem::replace(&mut seen[low as usize], high) != high {
                higher[low as usize] += 1;
                low = parent[low as usize];
            }
        }
    }
    let mut sum = Completion::default();
    let depths = tree::depths(&parent);
    for low in (0..n).rev() {
        let count = u64::from(higher[low]);
        sum.arcs += count;
        sum.triangles += count * count.saturating_sub(1) / 2;
        sum.widest = sum.widest.max(higher[low]);
        let depth = depths[low] + 1;
        sum.depth = sum.depth.max(depth);
        sum.ancestors += u64::from(depth);
    }
    sum
}
