//! The elimination tree of an order: its shape tells what contraction, customization and queries will cost.
//!
//! Parent of a node: the lowest-ranked of its higher neighbours after chordal completion. Liu: A compact row storage
//! scheme for Cholesky factors using elimination trees (TOMS 1986). Numbering in postorder changes no fill and makes
//! each subtree an interval of ranks.

use super::{Order, UndirectedView};

/// No parent: the root of a component.
pub const ROOT: u32 = u32::MAX;

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
    let n = order.node.len();
    let mut parent = vec![ROOT; n];
    let mut shortcut = vec![ROOT; n];
    for high in 0..n as u32 {
        for &neighbour in graph.neighbours(order.node[high as usize]) {
            let mut low = order.rank[neighbour as usize];
            // Climb from each lower neighbour to its root so far, and hang that below this node.
            while low < high {
                let up = std::mem::replace(&mut shortcut[low as usize], high);
                if up == ROOT {
                    parent[low as usize] = high;
                    break;
                }
                low = up;
            }
        }
    }
    parent
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
    let mut depth = vec![0u32; n];
    for low in (0..n).rev() {
        let count = u64::from(higher[low]);
        sum.arcs += count;
        sum.triangles += count * count.saturating_sub(1) / 2;
        sum.widest = sum.widest.max(higher[low]);
        depth[low] = 1 + if parent[low] == ROOT { 0 } else { depth[parent[low] as usize] };
        sum.depth = sum.depth.max(depth[low]);
        sum.ancestors += u64::from(depth[low]);
    }
    sum
}

/// New rank of each rank in a postorder of the tree: children before parents, each subtree an interval, children and
/// roots in their present order.
pub(super) fn postorder(parent: &[u32]) -> Vec<u32> {
    let n = parent.len();
    // A subtree ends just before the place its parent takes; going down the ranks, each node takes the last free
    // place of its parent's interval.
    let mut size = vec![1u32; n];
    for v in 0..n {
        if parent[v] != ROOT {
            size[parent[v] as usize] += size[v];
        }
    }
    let mut place = vec![0u32; n];
    let mut free_end = vec![0u32; n];
    let mut root_end = n as u32;
    for v in (0..n).rev() {
        let end = if parent[v] == ROOT { &mut root_end } else { &mut free_end[parent[v] as usize] };
        let last = *end - 1;
        *end -= size[v];
        place[v] = last;
        free_end[v] = last;
    }
    place
}
