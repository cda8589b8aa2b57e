//! What a set of nodes can see of the hierarchy, without the arcs that no best path needs.
//!
//! The ancestors of all nodes are closed upward, so all triangles above an arc are among them. Perfect customization
//! (Dibbelt, Strasser, Wagner 2016, section 6.3), for costs only: an arc is dropped when some path is strictly cheaper;
//! an arc of a best path never is. Nodes are numbered in preorder, which is by descending rank, and read once in that
//! order: a node's costs follow from those between its ancestors ([`Ancestors`]). Any stretch of the order can be pruned
//! on its own once the ancestors of its first node have been gone through, so stretches are pruned in parallel.

use super::ancestors::{Above, Ancestors};
use crate::hierarchy::{Cch, Customized, Half, Kernel, Lanes, Packed, SimdPath, dispatch, prefetch};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::Arc;

/// No node.
pub(super) const NONE: u32 = u32::MAX;

/// A pruned, upward-closed part of the hierarchy.
pub(super) struct Pruned {
    /// Rank of each node, descending.
    ranks: Vec<u32>,
    /// Parent in the elimination tree; a root's parent is itself.
    pub(super) parent: Vec<u32>,
    pub(super) depth: Vec<u32>,
    pub(super) up: Arc<Rows>,
    pub(super) down: Arc<Rows>,
}

/// The arcs of one half that are left, by their lower end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rows {
    first: Vec<u32>,
    pub(super) arcs: Vec<PrunedArc>,
    /// Length, time and toll of each arc.
    pub(super) rest: Vec<[u32; 3]>,
    /// True when one of them has a toll.
    pub(super) tolls: bool,
}

/// An arc between a node and an ancestor, which is addressed by its depth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PrunedArc {
    pub(super) depth: u32,
    pub(super) cost: u32,
}

impl Rows {
    fn with_capacity(rows: usize, arcs: usize) -> Self {
        let mut first = Vec::with_capacity(rows + 1);
        first.push(0);
        Self { first, arcs: Vec::with_capacity(arcs), rest: Vec::with_capacity(arcs), tolls: false }
    }

    /// The arcs of a node.
    pub(super) fn row(&self, x: usize) -> Range<usize> {
        self.first[x] as usize..self.first[x + 1] as usize
    }

    #[inline(always)]
    fn push(&mut self, arc: Above, weight: Packed) {
        let [cost, rest @ ..] = weight.fields();
        self.arcs.push(PrunedArc { depth: arc.depth, cost });
        self.rest.push(rest);
        self.tolls |= rest[2] != 0;
    }

    #[allow(clippy::cast_possible_truncation)] // no more arcs than in the half
    fn end_row(&mut self) {
        self.first.push(self.arcs.len() as u32);
    }

    /// The rows of all parts, one after the other.
    #[allow(clippy::cast_possible_truncation)] // no more arcs than in the half
    fn concat(mut parts: Vec<Self>) -> Self {
        if parts.len() == 1
            && let Some(mut only) = parts.pop()
        {
            only.arcs.shrink_to_fit();
            only.rest.shrink_to_fit();
            return only;
        }
        let count = |of: fn(&Self) -> usize| parts.iter().map(of).sum::<usize>();
        let mut all = Self::with_capacity(count(|p| p.first.len()), count(|p| p.arcs.len()));
        for part in parts {
            let base = all.arcs.len() as u32;
            all.first.extend(part.first[1..].iter().map(|end| base + end));
            all.arcs.extend_from_slice(&part.arcs);
            all.rest.extend_from_slice(&part.rest);
            all.tolls |= part.tolls;
        }
        all
    }
}

impl Pruned {
    /// The ancestors of some ranks and the arcs among them that best paths can use: arcs up from ancestors of the
    /// `starts`, arcs down to ancestors of the `ends`.
    pub(super) fn new(cch: &Cch, weights: &Customized, [starts, ends]: [&[u32]; 2]) -> Self {
        let threads = rayon::current_num_threads();
        let most = if threads == 1 { 1 } else { threads * TASKS_A_THREAD };
        let ancestors = closure(cch, [starts, ends]);
        let stretches = (ancestors.0.len() / GRAIN).clamp(1, most);
        Self::in_stretches(SimdPath::best(), stretches, cch, weights, ancestors)
    }

    /// The result depends neither on the instructions nor on the number of stretches.
    fn in_stretches(
        path: SimdPath,
        stretches: usize,
        cch: &Cch,
        weights: &Customized,
        (ranks, wanted): (Vec<u32>, Vec<[bool; 2]>),
    ) -> Self {
        let depth: Vec<u32> = ranks.iter().map(|&r| cch.depth_of(r)).collect();
        let height = height(&depth);
        let mut stack = vec![0; height];
        let parents = depth.iter().zip(0_u32..).map(|(&depth, x)| {
            stack[depth as usize] = x;
            stack[(depth as usize).saturating_sub(1)]
        });
        let parent: Vec<u32> = parents.collect();
        let stage = Stage { cch, weights, ranks: &ranks, wanted: &wanted, parent: &parent, depth: &depth };
        let cut = |i: usize| ranks.len() * i / stretches;
        let prune = |ancestors: &mut Ancestors, i| {
            dispatch(path, Prune { stage: &stage, ancestors, nodes: cut(i)..cut(i + 1) })
        };
        let stretches = (0..stretches).into_par_iter().with_max_len(1);
        let parts: Vec<[Rows; 2]> = stretches.map_init(|| Ancestors::new(height), prune).collect();
        let (up, down) = parts.into_iter().map(|[up, down]| (up, down)).unzip();
        let (up, down) = rayon::join(|| Rows::concat(up), || Rows::concat(down));
        Self { ranks, parent, depth, up: Arc::new(up), down: Arc::new(down) }
    }

    /// The node of a rank that is among them.
    #[allow(clippy::cast_possible_truncation)] // no more nodes than ranks
    pub(super) fn number(&self, rank: u32) -> Option<u32> {
        self.ranks.binary_search_by(|r| rank.cmp(r)).ok().map(|at| at as u32)
    }

    /// Nodes of a path from a root to a leaf, at most.
    pub(super) fn height(&self) -> usize {
        height(&self.depth)
    }
}

fn height(depth: &[u32]) -> usize {
    depth.iter().max().map_or(0, |d| *d as usize + 1)
}

/// All ancestors of the ranks of each set, descending, and of which sets each is an ancestor.
fn closure(cch: &Cch, sets: [&[u32]; 2]) -> (Vec<u32>, Vec<[bool; 2]>) {
    let mut seen = vec![[false; 2]; cch.node_count()];
    let mut starts: Vec<u32> = sets.concat();
    starts.sort_unstable();
    for (set, ranks) in sets.into_iter().enumerate() {
        for &rank in ranks {
            let mut next = Some(rank);
            while let Some(x) = next.filter(|x| !seen[*x as usize][set]) {
                seen[x as usize][set] = true;
                next = cch.parent_of(x);
            }
        }
    }
    // Ranks are a postorder: what the next lower start adds lies below everything before.
    let (mut all, mut wanted) = (Vec::new(), Vec::new());
    for rank in starts.into_iter().rev() {
        let from = all.len();
        let mut next = Some(rank);
        while let Some(x) = next.filter(|x| seen[*x as usize] != [false; 2]) {
            all.push(x);
            wanted.push(std::mem::take(&mut seen[x as usize]));
            next = cch.parent_of(x);
        }
        all[from..].reverse();
        wanted[from..].reverse();
    }
    (all, wanted)
}

/// Stretches of the order a thread, so that none keeps the others waiting.
const TASKS_A_THREAD: usize = 4;
/// Nodes that are worth another stretch.
const GRAIN: usize = 2048;

/// Nodes whose weights are on their way while one is worked on.
const AHEAD: usize = 3;

/// What all stretches share.
struct Stage<'a> {
    cch: &'a Cch,
    weights: &'a Customized,
    ranks: &'a [u32],
    wanted: &'a [[bool; 2]],
    parent: &'a [u32],
    depth: &'a [u32],
}

impl Stage<'_> {
    /// Asks for what nodes soon after `x` need; their rows are far apart in memory.
    #[inline(always)]
    fn prefetch(&self, x: usize) {
        let (up, down) = (self.cch.up(), self.cch.down());
        if let Some(&next) = self.ranks.get(x + 2 * AHEAD) {
            prefetch(&up.first, next as usize);
            prefetch(&down.first, next as usize);
        }
        let Some(&next) = self.ranks.get(x + AHEAD) else { return };
        up.row(next).step_by(16).for_each(|arc| prefetch(&up.depth, arc));
        down.row(next).step_by(16).for_each(|arc| prefetch(&down.depth, arc));
        up.row(next).step_by(4).for_each(|arc| self.weights.prefetch_up(arc));
        down.row(next).step_by(4).for_each(|arc| self.weights.prefetch_down(arc));
    }
}

/// A stretch of the order.
struct Prune<'a, 'b> {
    stage: &'a Stage<'b>,
    ancestors: &'a mut Ancestors,
    nodes: Range<usize>,
}

impl Kernel for Prune<'_, '_> {
    type Output = [Rows; 2];

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) -> [Rows; 2] {
        let Self { stage, ancestors, nodes } = self;
        let &Stage { cch, weights, ranks, wanted, parent, depth, .. } = stage;
        let arcs = [cch.up(), cch.down()].map(|half| ranks[nodes.clone()].iter().map(|x| half.row(*x).len()).sum());
        let mut rows = arcs.map(|arcs| Rows::with_capacity(nodes.len(), arcs));
        let mut above = Vec::new();
        let mut at = nodes.start;
        while at < ranks.len() && parent[at] as usize != at {
            at = parent[at] as usize;
            above.push(at);
        }
        ancestors.leave(0);
        for x in above.into_iter().rev().chain(nodes.clone()) {
            let rank = ranks[x];
            stage.prefetch(x);
            ancestors.leave(depth[x] as usize);
            let ups = finite(cch.up(), rank, |arc| weights.up(arc));
            let downs = finite(cch.down(), rank, |arc| weights.down(arc));
            ancestors.enter(l, ups, downs);
            if !nodes.contains(&x) {
                continue;
            }
            let [up, down] = &mut rows;
            if wanted[x][0] {
                for arc in ancestors.kept(0) {
                    up.push(arc, weights.up(arc.arc));
                }
            }
            if wanted[x][1] {
                for arc in ancestors.kept(1) {
                    down.push(arc, weights.down(arc.arc));
                }
            }
            rows.iter_mut().for_each(Rows::end_row);
        }
        rows
    }
}

/// The arcs of a node that are a path at all.
#[inline(always)]
fn finite(half: &Half, rank: u32, weight: impl Fn(usize) -> Packed) -> impl Iterator<Item = Above> {
    let row = half.row(rank);
    row.clone().zip(&half.depth[row]).filter_map(move |(arc, &depth)| {
        let cost = weight(arc).cost();
        (cost < Packed::CAP).then_some(Above { depth, cost, arc })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hierarchy::Customized;
    use crate::network::Weight;

    /// A random graph, its hierarchy, and the costs of best paths between all ranks.
    fn random(seed: u64, two_way: bool) -> (Cch, Customized, Vec<Vec<u64>>) {
        let mut state = seed;
        let mut below = |n: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % n
        };
        let n = 2 + below(60);
        let mut arcs = Vec::new();
        for _ in 0..n + below(2 * n) {
            let (a, b) = (below(n), below(n));
            arcs.push((a, b, 1 + below(9)));
            if two_way {
                arcs.push((b, a, 1 + below(9)));
            }
        }
        arcs.sort_unstable();
        let first: Vec<u32> = (0..=n).map(|v| arcs.partition_point(|a| a.0 < v) as u32).collect();
        let head: Vec<u32> = arcs.iter().map(|a| a.1 as u32).collect();
        let mut rank: Vec<u32> = (0..n as u32).collect();
        (1..n).for_each(|i| rank.swap(i, below(i + 1)));
        let cch = Cch::new(&first, &head, &rank).unwrap();
        let weight = |i: u32| Packed::new(Weight { cost: arcs[i as usize].2 as u32, ..Weight::ZERO });
        let weights = Customized::new(&cch, weight);
        let mut best = vec![vec![u64::from(Packed::CAP); n]; n];
        let at = |v: usize| cch.rank_of(v as u32).unwrap() as usize;
        for &(a, b, cost) in &arcs {
            let known = &mut best[at(a)][at(b)];
            *known = (*known).min(cost as u64);
        }
        for y in 0..n {
            for x in 0..n {
                for z in 0..n {
                    best[x][z] = best[x][z].min(best[x][y] + best[y][z]);
                }
            }
        }
        (cch, weights, best)
    }

    #[test]
    fn arcs_go_when_a_path_is_cheaper() {
        for seed in 0..400 {
            let two_way = seed % 2 == 0;
            let (cch, weights, best) = random(seed, two_way);
            let n = cch.node_count() as u32;
            let (starts, ends): (Vec<u32>, Vec<u32>) = ((0..n).step_by(3).collect(), (1..n).step_by(4).collect());
            let pruned = Pruned::new(&cch, &weights, [&starts, &ends]);
            assert!(pruned.ranks.is_sorted_by(|a, b| a > b));
            for (set, rows) in [(&starts, &pruned.up), (&ends, &pruned.down)] {
                for (x, &rank) in pruned.ranks.iter().enumerate() {
                    let above = |r: &u32| std::iter::successors(Some(*r), |r| cch.parent_of(*r)).any(|a| a == rank);
                    let (half, up) = if std::ptr::eq(set, &starts) { (cch.up(), true) } else { (cch.down(), false) };
                    let mut left = rows.arcs[rows.row(x)].iter();
                    for arc in half.row(rank).filter(|_| set.iter().any(above)) {
                        let (high, low) = (half.head[arc] as usize, rank as usize);
                        let (cost, least) = if up {
                            (weights.up(arc).cost(), best[low][high])
                        } else {
                            (weights.down(arc).cost(), best[high][low])
                        };
                        let same = |kept: &&PrunedArc| **kept == PrunedArc { depth: half.depth[arc], cost };
                        let kept = left.as_slice().first().filter(same).is_some();
                        if kept {
                            left.next();
                        }
                        // One-way arcs may lack a triangle: then an arc is kept that could go, never the other way round.
                        let needed = cost < Packed::CAP && u64::from(cost) == least;
                        assert!(
                            kept == needed || (kept && !two_way && cost < Packed::CAP),
                            "seed {seed}: {low} {high}"
                        );
                    }
                    assert!(left.next().is_none(), "seed {seed}: arcs of rank {rank} from nowhere");
                }
            }
            for path in SimdPath::available() {
                let stretches = 1 + seed as usize % 7;
                let again = Pruned::in_stretches(path, stretches, &cch, &weights, closure(&cch, [&starts, &ends]));
                assert!(again.up == pruned.up && again.down == pruned.down, "seed {seed}: {path:?}, {stretches}");
            }
        }
    }
}
