//! Elimination tree of a graph under an order, and its postorder.
//!
//! The parent of a node is its lowest higher neighbour in the chordal completion. Liu's algorithm finds it without the
//! completion, by path compression (near-linear). Numbering nodes in postorder leaves the completion unchanged and
//! makes every subtree a contiguous range of ranks.

use std::ops::Range;

/// No node.
pub(crate) const NONE: u32 = u32::MAX;

/// Parents by rank, from the neighbours (by rank, in any order) of each rank.
#[allow(clippy::cast_possible_truncation)] // ranks fit 32 bits
pub(crate) fn parents<I: Iterator<Item = u32>>(n: usize, neighbours: impl Fn(u32) -> I) -> Vec<u32> {
    let mut parent = vec![NONE; n];
    let mut shortcut = vec![NONE; n];
    for x in 0..n as u32 {
        for lower in neighbours(x) {
            let mut at = lower;
            // Climb from each lower neighbour to its current root, bending all shortcuts to x on the way.
            while at < x {
                let next = shortcut[at as usize];
                shortcut[at as usize] = x;
                if next == NONE {
                    parent[at as usize] = x;
                    break;
                }
                at = next;
            }
        }
    }
    parent
}

/// New rank of each rank: a postorder in which siblings keep their order.
#[allow(clippy::cast_possible_truncation)] // ranks fit 32 bits
pub(crate) fn postorder(parent: &[u32]) -> Vec<u32> {
    let n = parent.len();
    // Sizes bottom-up, then each parent hands the ranges of its subtree to its children in ascending order.
    let size = subtree_sizes(parent);
    let mut next_free = vec![0_u32; n];
    let mut renumbered = vec![0_u32; n];
    let mut roots_end = n as u32;
    for x in (0..n).rev() {
        // Parents come before children here, so siblings are met from the last to the first: fill from the top.
        let end = match parent[x] {
            NONE => &mut roots_end,
            p => &mut next_free[p as usize],
        };
        let own = *end - 1;
        *end -= size[x];
        renumbered[x] = own;
        next_free[x] = own;
    }
    renumbered
}

/// Nodes in the subtree of each rank, itself included.
pub(crate) fn subtree_sizes(parent: &[u32]) -> Vec<u32> {
    let mut size = vec![1_u32; parent.len()];
    for x in 0..parent.len() {
        if parent[x] != NONE {
            size[parent[x] as usize] += size[x];
        }
    }
    size
}

/// Ancestors of each rank; parents have higher ranks.
pub(crate) fn depths(parent: &[u32]) -> Vec<u32> {
    let mut depth = vec![0_u32; parent.len()];
    for x in (0..parent.len()).rev() {
        if parent[x] != NONE {
            depth[x] = depth[parent[x] as usize] + 1;
        }
    }
    depth
}

/// An elimination tree numbered in postorder.
#[derive(Clone, Copy)]
pub(crate) struct Ancestry<'a> {
    pub(crate) parent: &'a [u32],
    pub(crate) depth: &'a [u32],
    /// Lowest rank in the subtree of each rank.
    pub(crate) subtree: &'a [u32],
    /// Nodes on the longest path from a root to a leaf.
    pub(crate) height: usize,
}

/// Consecutive ranks.
pub(crate) struct Band {
    pub(crate) ranks: Range<u32>,
    /// True for a run of whole subtrees; else these are nodes above such.
    pub(crate) whole: bool,
}

/// Subtrees of at most so many nodes are kept in one band.
const LEAST_GRAIN: u32 = 512;

impl Ancestry<'_> {
    #[allow(clippy::cast_possible_truncation)] // ranks fit 32 bits
    pub(crate) const fn node_count(&self) -> u32 {
        self.subtree.len() as u32
    }

    /// All ranks in ascending bands, those of whole subtrees large enough for a task and small enough for many tasks.
    pub(crate) fn bands(&self) -> Vec<Band> {
        let grain = (self.node_count() / 64).max(LEAST_GRAIN);
        let mut bands: Vec<Band> = Vec::new();
        let mut end = self.node_count();
        while end > 0 {
            let subtree = self.subtree[end as usize - 1];
            let whole = end - subtree <= grain;
            let start = if whole { subtree } else { end - 1 };
            match bands.last_mut() {
                Some(band) if band.whole == whole && (!whole || band.ranks.end - start <= grain) => {
                    band.ranks.start = start;
                }
                _ => bands.push(Band { ranks: start..end, whole }),
            }
            end = start;
        }
        bands.reverse();
        bands
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tree_of_a_path_in_bisection_order() {
        // Path a-b-c-d-e with ranks a0 b3 c4 d2 e1: the chain hangs below its middle.
        let neighbours = |x: u32| -> std::vec::IntoIter<u32> {
            match x {
                0 => vec![3],
                1 => vec![2],
                2 => vec![1, 4],
                3 => vec![0, 4],
                _ => vec![2, 3],
            }
            .into_iter()
        };
        let parent = parents(5, neighbours);
        assert_eq!(parent, [3, 2, 4, 4, NONE]);
        assert_eq!(postorder(&parent), [2, 0, 1, 3, 4]);
        assert_eq!(depths(&parent), [2, 2, 1, 1, 0]);
    }
}
