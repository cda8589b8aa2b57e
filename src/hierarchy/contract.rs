//! Contraction: the arcs between nodes and their ancestors in the elimination tree, as two directed halves.
//!
//! Eliminating a node joins those with an arc to it to those it has an arc to ([`super::fill`]). Nodes are renumbered by
//! the postorder of the tree, so a subtree is an interval of ranks; a node's arcs lead only to its ancestors, so a target
//! is also addressed by its depth. The result depends on the graph and the order alone, not on threads.

use super::elimination_tree::{self as tree, Ancestry, NONE};
use super::error::HierarchyError;
use super::fill::fill;
use super::half::Lists;
pub(crate) use super::half::{Half, Lower};
use super::links::{Links, limit};
use crate::flat_file::Array;

/// The contracted topology, shared by all weights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cch {
    /// Rank by node: a postorder of the elimination tree.
    pub(crate) rank: Array<u32>,
    /// Node by rank.
    pub(crate) node: Array<u32>,
    /// Elimination tree by rank; `NONE` for roots.
    pub(crate) parent: Array<u32>,
    pub(crate) depth: Array<u32>,
    pub(crate) height: usize,
    /// Lowest rank in the subtree of each rank.
    pub(crate) subtree: Array<u32>,
    /// Arcs from the lower to the higher end.
    pub(crate) up: Half,
    /// Arcs from the higher to the lower end, kept at the lower one.
    pub(crate) down: Half,
}

impl Cch {
    /// Contracts a graph along an order of its nodes (`rank[node]`, a permutation).
    ///
    /// # Errors
    /// When the rows, heads or ranks are inconsistent, or when more than 2^32 - 2 arcs result.
    pub fn new(first_out: &[u32], head: &[u32], rank: &[u32]) -> Result<Self, HierarchyError> {
        check(first_out, head, rank)?;
        let n = rank.len();
        let by_old_rank = inverse(rank);
        let below = Links::filed(n, || links(first_out, head, rank).map(|(a, b, _)| (a.max(b), a.min(b))));
        let old_parent = tree::parents(n, |x| below.row(x).iter().copied());
        drop(below);
        let renumbered = tree::postorder(&old_parent);
        let mut parent = vec![NONE; n];
        for (old, &p) in old_parent.iter().enumerate() {
            if p != NONE {
                parent[renumbered[old] as usize] = renumbered[p as usize];
            }
        }
        drop(old_parent);
        let node: Vec<u32> = inverse(&renumbered).iter().map(|&r| by_old_rank[r as usize]).collect();
        let rank: Vec<u32> = rank.iter().map(|&r| renumbered[r as usize]).collect();
        drop((renumbered, by_old_rank));
        let depth = tree::depths(&parent);
        let subtree: Vec<u32> = (0_u32..).zip(tree::subtree_sizes(&parent)).map(|(x, s)| x + 1 - s).collect();
        let height = depth.iter().max().map_or(0, |d| *d as usize + 1);

        // Each input arc at its lower end.
        let upward = || links(first_out, head, &rank).filter(|(a, b, _)| a < b);
        let downward = || links(first_out, head, &rank).filter(|(a, b, _)| a > b).map(|(a, b, input)| (b, a, input));
        let pair = |(low, high, _)| (low, high);
        let (own_up, own_down) =
            rayon::join(|| Links::filed(n, || upward().map(pair)), || Links::filed(n, || downward().map(pair)));
        let ancestry = Ancestry { parent: &parent, depth: &depth, subtree: &subtree, height };
        let [up, down] = fill(ancestry, [&own_up, &own_down])?;
        drop((own_up, own_down));
        let (up_lists, down_lists) =
            rayon::join(|| Lists::new(&up, &down, upward), || Lists::new(&down, &up, downward));
        let (up, down) = (Half::new(up, up_lists?), Half::new(down, down_lists?));
        Ok(Self {
            rank: rank.into(),
            node: node.into(),
            parent: parent.into(),
            depth: depth.into(),
            height,
            subtree: subtree.into(),
            up,
            down,
        })
    }

    /// Number of nodes.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.rank.len()
    }

    /// Rank of a node, if it exists.
    pub(crate) fn rank_of(&self, node: u32) -> Option<u32> {
        self.rank.get(node as usize).copied()
    }

    /// Parent of a rank in the elimination tree.
    pub(crate) fn parent_of(&self, x: u32) -> Option<u32> {
        Some(self.parent[x as usize]).filter(|p| *p != NONE)
    }

    /// Ancestors of a rank.
    pub(crate) fn depth_of(&self, x: u32) -> u32 {
        self.depth[x as usize]
    }

    /// Arcs to higher nodes.
    #[must_use]
    pub fn up(&self) -> &Half {
        &self.up
    }

    /// Arcs from higher nodes.
    #[must_use]
    pub fn down(&self) -> &Half {
        &self.down
    }

    /// Nodes on the longest path from a root of the elimination tree to a leaf.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }
}

fn check(first_out: &[u32], head: &[u32], rank: &[u32]) -> Result<(), HierarchyError> {
    let n = rank.len();
    let ends = first_out.first() == Some(&0) && first_out.last().is_some_and(|l| *l as usize == head.len());
    if first_out.len() != n + 1 || !ends || first_out.windows(2).any(|w| w[0] > w[1]) {
        return Err(HierarchyError::Rows { expected: n + 1, arcs: head.len() });
    }
    if let Some(arc) = head.iter().position(|h| *h as usize >= n) {
        return Err(HierarchyError::Head { arc, head: head[arc], nodes: n });
    }
    let mut used = vec![false; n];
    for (node, &r) in rank.iter().enumerate() {
        match used.get_mut(r as usize) {
            Some(slot) if !*slot => *slot = true,
            _ => return Err(HierarchyError::Order { node, rank: r }),
        }
    }
    limit(head.len() as u64)
}

#[allow(clippy::cast_possible_truncation)] // positions of a checked permutation
fn inverse(permutation: &[u32]) -> Vec<u32> {
    let mut inverse = vec![0; permutation.len()];
    for (from, &to) in permutation.iter().enumerate() {
        inverse[to as usize] = from as u32;
    }
    inverse
}

/// Ranks of the ends of all input arcs but loops, which are on no best path, with the arcs.
fn links<'a>(first_out: &'a [u32], head: &'a [u32], rank: &'a [u32]) -> impl Iterator<Item = (u32, u32, u32)> + 'a {
    let rows = rank.iter().zip(first_out.windows(2));
    let all = rows
        .flat_map(move |(&a, row)| (row[0]..row[1]).map(move |input| (a, rank[head[input as usize] as usize], input)));
    all.filter(|(a, b, _)| a != b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// Diamond 0 → {1, 2} → 3 with one-way arcs, eliminated 0, 1, 2, 3.
    #[test]
    fn one_way_arcs_give_one_way_shortcuts() {
        let cch = Cch::new(&[0, 2, 3, 4, 4], &[1, 2, 3, 3], &[0, 1, 2, 3]).unwrap();
        // 1 and 2 are joined by the elimination of 0, but no path 1 → 0 → 2 exists: the arc is dropped.
        assert_eq!(*cch.up.head, [1, 2, 3, 3]);
        assert!(cch.down.head.is_empty());
        assert_eq!(cch.height(), 4);
        let two_way = Cch::new(&[0, 2, 4, 6, 8], &[1, 2, 0, 3, 0, 3, 1, 2], &[0, 1, 2, 3]).unwrap();
        assert_eq!(*two_way.up.head, [1, 2, 2, 3, 3]);
        assert_eq!(two_way.down.head, two_way.up.head);
    }

    /// Plain elimination: the higher ends of both directions by final rank.
    fn eliminated(first_out: &[u32], head: &[u32], rank: &[u32]) -> [Vec<BTreeSet<u32>>; 2] {
        let mut rows = [(); 2].map(|()| vec![BTreeSet::new(); rank.len()]);
        for (a, b, _) in links(first_out, head, rank) {
            rows[usize::from(a > b)][a.min(b) as usize].insert(a.max(b));
        }
        for x in 0..rank.len() {
            let [up, down] = [0, 1].map(|half| rows[half][x].clone());
            for (&y, &z) in down.iter().flat_map(|y| up.iter().map(move |z| (y, z))).filter(|(y, z)| y != z) {
                rows[usize::from(y > z)][y.min(z) as usize].insert(y.max(z));
            }
        }
        rows
    }

    fn check_against_elimination(n: u32, arcs: &[(u32, u32)], rank: &[u32]) {
        let rows = Links::filed(n as usize, || arcs.iter().copied());
        let first_out: Vec<u32> = (0..=n).map(|v| arcs.iter().filter(|(tail, _)| *tail < v).count() as u32).collect();
        let head: Vec<u32> = (0..n).flat_map(|v| rows.row(v).to_vec()).collect();
        let cch = Cch::new(&first_out, &head, rank).unwrap();
        let plain = eliminated(&first_out, &head, &cch.rank);
        for (half, other, rows, others) in
            [(&cch.up, &cch.down, &plain[0], &plain[1]), (&cch.down, &cch.up, &plain[1], &plain[0])]
        {
            for x in 0..n {
                let row: Vec<u32> = rows[x as usize].iter().copied().collect();
                assert_eq!(half.head[half.row(x)], row, "row {x} of {arcs:?}, order {rank:?}");
                let depth: Vec<u32> = row.iter().map(|y| cch.depth[*y as usize]).collect();
                assert_eq!(half.depth[half.row(x)], depth);
                let triangles = (0..x).filter_map(|low| {
                    let above = rows[low as usize].range(x + 1..).count() as u32;
                    let over = others[low as usize].contains(&x) && above > 0;
                    let at = others[low as usize].range(..x).count() as u32;
                    let end = half.first[low as usize + 1];
                    over.then(|| Lower { arc: other.first[low as usize] + at, start: end - above, end })
                });
                assert_eq!(half.lower(x), triangles.collect::<Vec<_>>());
            }
        }
    }

    proptest! {
        #[test]
        fn arcs_are_those_of_plain_elimination(
            (rank, arcs) in (1_u32..40).prop_flat_map(|n| {
                let rank = Just((0..n).collect::<Vec<u32>>()).prop_shuffle();
                (rank, prop::collection::vec((0..n, 0..n), 0..90))
            })
        ) {
            check_against_elimination(rank.len() as u32, &arcs, &rank);
        }
    }

    /// Enough nodes for several bands of subtrees, ordered by nested dissection of the path that they lie on.
    #[test]
    fn bands_of_subtrees_are_joined() {
        let n = 3000;
        let mut nodes: Vec<u32> = (0..n).collect();
        nodes.sort_by_key(|v| ((v + 1).trailing_zeros(), *v));
        let rank = inverse(&nodes);
        let forward = (0..n - 3).flat_map(|v| [(v, v + 1), (v, v + 3)]);
        let back = (0..n - 3).filter(|v| v % 5 != 0 && v % 7 != 3).map(|v| (v + 2, v));
        check_against_elimination(n, &forward.chain(back).collect::<Vec<_>>(), &rank);
    }

    #[test]
    fn refuses_nonsense() {
        assert!(matches!(Cch::new(&[0, 1], &[0], &[0, 1]), Err(HierarchyError::Rows { .. })));
        assert!(matches!(Cch::new(&[0, 1, 1], &[7], &[0, 1]), Err(HierarchyError::Head { head: 7, .. })));
        assert!(matches!(Cch::new(&[0, 1, 1], &[1], &[1, 1]), Err(HierarchyError::Order { .. })));
        assert!(Cch::new(&[0], &[], &[]).is_ok());
    }
}
