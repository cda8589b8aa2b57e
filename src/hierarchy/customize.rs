//! Customization: the weight of every arc becomes that of the best path over lower nodes.
//!
//! Row `y` is final once all lower triangles `y → x → z` have been relaxed, `x` below `y`: they only read rows of `y`'s
//! subtree. So subtrees are independent tasks (no barriers), each owning the contiguous arcs of its ranks; the chain of
//! separators above them is done in blocks whose nodes first take in everything below the block, in parallel. A row is
//! spread out by the depth of its higher ends while it is worked on: no searching. The least weight is unique, so the
//! result does not depend on the number of threads.

use super::contract::{Cch, Half, Lower};
use super::elimination_tree::NONE;
use super::packed::Packed;
use rayon::prelude::*;
use std::ops::Range;

/// Weight of an arc for one profile or several at once.
pub trait Cell: Copy + Send + Sync {
    /// No path.
    const INFINITE: Self;

    /// Keeps the lesser of both.
    fn improve(&mut self, other: &Self);

    /// For each `(first, depth, row)`, relaxes the paths over `first` and each arc of the row; `by_depth[depth[i]]`
    /// belongs to `row[i]`.
    fn relax<'a>(by_depth: &mut [Self], triangles: impl Iterator<Item = (&'a Self, &'a [u32], &'a [Self])>)
    where
        Self: 'a;
}

impl Cell for Packed {
    const INFINITE: Self = Self::INFINITE;

    #[inline]
    fn improve(&mut self, other: &Self) {
        *self = (*self).min(*other);
    }

    #[inline]
    fn relax<'a>(by_depth: &mut [Self], triangles: impl Iterator<Item = (&'a Self, &'a [u32], &'a [Self])>) {
        for (first, depth, row) in triangles.filter(|t| t.0.is_finite()) {
            for (&d, second) in depth.iter().zip(row) {
                by_depth[d as usize].improve(&first.plus(*second));
            }
        }
    }
}

/// Weights of all arcs of a [`Cch`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customized<C = Packed> {
    pub(crate) up: Vec<C>,
    pub(crate) down: Vec<C>,
}

/// Weights of one profile, however they are stored. Arcs that do not exist are no path.
pub trait ArcWeights: Sync {
    /// Weight of an arc to a higher node.
    fn up(&self, arc: usize) -> Packed;
    /// Weight of an arc from a higher node.
    fn down(&self, arc: usize) -> Packed;
}

impl ArcWeights for Customized<Packed> {
    fn up(&self, arc: usize) -> Packed {
        self.up.get(arc).copied().unwrap_or(Packed::INFINITE)
    }

    fn down(&self, arc: usize) -> Packed {
        self.down.get(arc).copied().unwrap_or(Packed::INFINITE)
    }
}

/// Subtrees of at most this many nodes are one task.
const LEAST_GRAIN: u32 = 512;
/// Nodes of a chain that are worked on together.
const BLOCK: usize = 16;
/// Rows with fewer lower arcs are not worth another thread.
const WORTH_SHARING: usize = 512;

impl<C: Cell> Customized<C> {
    /// Customizes; `weight` gives the weight of each input arc.
    #[must_use]
    pub fn new(cch: &Cch, weight: impl Fn(u32) -> C + Sync) -> Self {
        let mut weights = Self { up: Vec::new(), down: Vec::new() };
        weights.renew(cch, weight);
        weights
    }

    /// Customizes anew in the memory of the old weights.
    pub fn renew(&mut self, cch: &Cch, weight: impl Fn(u32) -> C + Sync) {
        self.up.resize(cch.up.arc_count(), C::INFINITE);
        self.down.resize(cch.down.arc_count(), C::INFINITE);
        #[allow(clippy::cast_possible_truncation)] // ranks fit 32 bits
        let n = cch.node_count() as u32;
        let stage = Stage { cch, weight: &weight, grain: (n / 64).max(LEAST_GRAIN) };
        stage.solve(Task { ranks: 0..n, up: &mut self.up, down: &mut self.down });
    }
}

/// Ranks that form whole subtrees, with their arcs.
struct Task<'a, C> {
    ranks: Range<u32>,
    up: &'a mut [C],
    down: &'a mut [C],
}

struct Stage<'a, W> {
    cch: &'a Cch,
    weight: &'a W,
    grain: u32,
}

/// The finished arcs of one half from arc `base` on.
#[derive(Clone, Copy)]
struct Done<'a, C> {
    base: usize,
    arcs: &'a [C],
}

impl<C: Cell, W: Fn(u32) -> C + Sync> Stage<'_, W>
where
    C: Cell,
{
    /// Depth of the recursion: one per branching of the tree into large subtrees, at most `n / grain`.
    fn solve(&self, task: Task<C>) {
        if task.ranks.end - task.ranks.start <= self.grain {
            return self.sequential(task);
        }
        let (chain, parts) = self.split(task.ranks.clone());
        let (mut tasks, mut at) = (Vec::with_capacity(parts.len()), task.ranks.start);
        let base = [self.cch.up.row(at).start, self.cch.down.row(at).start];
        let (mut up, mut down) = (&mut *task.up, &mut *task.down);
        for ranks in parts {
            let skipped = at..ranks.start;
            (_, up) = up.split_at_mut(arcs(&self.cch.up, &skipped));
            (_, down) = down.split_at_mut(arcs(&self.cch.down, &skipped));
            let (own_up, own_down);
            (own_up, up) = up.split_at_mut(arcs(&self.cch.up, &ranks));
            (own_down, down) = down.split_at_mut(arcs(&self.cch.down, &ranks));
            at = ranks.end;
            tasks.push(Task { ranks, up: own_up, down: own_down });
        }
        tasks.into_par_iter().for_each(|part| self.solve(part));
        self.chain(&chain, base, task.up, task.down);
    }

    /// The chain of nodes on top of the ranks, ascending, and the ranges of whole subtrees that hang from it.
    fn split(&self, ranks: Range<u32>) -> (Vec<u32>, Vec<Range<u32>>) {
        let mut chain = Vec::new();
        let mut parts = Vec::new();
        let mut roots = ranks;
        loop {
            let groups = self.group(&roots);
            let mut large = groups.iter().filter(|g| g.end - g.start > self.grain);
            match (large.next().cloned(), large.next()) {
                // A single large subtree: its root joins the chain, the walk goes on among the children.
                (Some(only), None) => {
                    parts.extend(groups.into_iter().filter(|g| *g != only));
                    chain.push(only.end - 1);
                    roots = only.start..only.end - 1;
                }
                _ => {
                    parts.extend(groups);
                    break;
                }
            }
        }
        chain.reverse();
        parts.sort_unstable_by_key(|p| p.start);
        (chain, parts)
    }

    /// Cuts a range of whole subtrees into single large ones and runs of small ones.
    fn group(&self, roots: &Range<u32>) -> Vec<Range<u32>> {
        let mut groups = Vec::new();
        let mut end = roots.end;
        let mut run_end = end;
        while end > roots.start {
            let start = self.cch.subtree[end as usize - 1];
            if end - start > self.grain {
                if run_end > end {
                    groups.push(end..run_end);
                }
                groups.push(start..end);
                run_end = start;
            } else if run_end - start > self.grain {
                groups.push(end..run_end);
                run_end = end;
            }
            end = start;
        }
        if run_end > end {
            groups.push(end..run_end);
        }
        groups
    }

    fn sequential(&self, task: Task<C>) {
        let (up_half, down_half) = (&self.cch.up, &self.cch.down);
        let (up_base, down_base) = (up_half.row(task.ranks.start).start, down_half.row(task.ranks.start).start);
        let mut by_depth = vec![C::INFINITE; self.cch.height()];
        for y in task.ranks {
            let (below_up, rest) = task.up.split_at_mut(up_half.row(y).start - up_base);
            let row_up = &mut rest[..up_half.row(y).len()];
            let (below_down, rest) = task.down.split_at_mut(down_half.row(y).start - down_base);
            let row_down = &mut rest[..down_half.row(y).len()];
            let below_up = Done { base: up_base, arcs: &*below_up };
            let below_down = Done { base: down_base, arcs: &*below_down };
            self.inputs(up_half, y, row_up);
            relax(up_half, y, up_half.lower(y), below_up, below_down, row_up, &mut by_depth);
            self.inputs(down_half, y, row_down);
            relax(down_half, y, down_half.lower(y), below_down, below_up, row_down, &mut by_depth);
        }
    }

    /// Nodes whose subtrees are done but for each other.
    fn chain(&self, chain: &[u32], base: [usize; 2], up: &mut [C], down: &mut [C]) {
        let (up_half, down_half) = (&self.cch.up, &self.cch.down);
        let mut scratch = vec![C::INFINITE; self.cch.height()];
        for block in chain.chunks(BLOCK) {
            let lowest = block[0];
            let cut = |half: &Half, other: &Half, y: u32| {
                let first = other.row(lowest).start;
                half.lower(y).partition_point(|l| (l.arc as usize) < first)
            };
            let done_up = Done { base: base[0], arcs: &*up };
            let done_down = Done { base: base[1], arcs: &*down };
            let below_block = |by_depth: &mut Vec<C>, y: u32| {
                let mut row_up = vec![C::INFINITE; up_half.row(y).len()];
                self.inputs(up_half, y, &mut row_up);
                let lower = &up_half.lower(y)[..cut(up_half, down_half, y)];
                relax(up_half, y, lower, done_up, done_down, &mut row_up, by_depth);
                let mut row_down = vec![C::INFINITE; down_half.row(y).len()];
                self.inputs(down_half, y, &mut row_down);
                let lower = &down_half.lower(y)[..cut(down_half, up_half, y)];
                relax(down_half, y, lower, done_down, done_up, &mut row_down, by_depth);
                (row_up, row_down)
            };
            let work: usize = block.iter().map(|&y| up_half.lower(y).len() + down_half.lower(y).len()).sum();
            let rows: Vec<(Vec<C>, Vec<C>)> = if work < WORTH_SHARING {
                block.iter().map(|&y| below_block(&mut scratch, y)).collect()
            } else {
                let fresh = || vec![C::INFINITE; self.cch.height()];
                block.par_iter().with_max_len(1).map_init(fresh, |by_depth, &y| below_block(by_depth, y)).collect()
            };
            for (&y, (mut row_up, mut row_down)) in block.iter().zip(rows) {
                let done_up = Done { base: base[0], arcs: &*up };
                let done_down = Done { base: base[1], arcs: &*down };
                let lower = &up_half.lower(y)[cut(up_half, down_half, y)..];
                relax(up_half, y, lower, done_up, done_down, &mut row_up, &mut scratch);
                let lower = &down_half.lower(y)[cut(down_half, up_half, y)..];
                relax(down_half, y, lower, done_down, done_up, &mut row_down, &mut scratch);
                let at = up_half.row(y).start - base[0];
                up[at..at + row_up.len()].copy_from_slice(&row_up);
                let at = down_half.row(y).start - base[1];
                down[at..at + row_down.len()].copy_from_slice(&row_down);
            }
        }
    }

    fn inputs(&self, half: &Half, y: u32, row: &mut [C]) {
        let start = half.row(y).start;
        row.fill(C::INFINITE);
        for &[arc, input] in half.inputs(y) {
            row[arc as usize - start].improve(&(self.weight)(input));
        }
    }
}

fn arcs(half: &Half, ranks: &Range<u32>) -> usize {
    (half.first[ranks.end as usize] - half.first[ranks.start as usize]) as usize
}

/// Relaxes lower triangles of row `y` of `half`; `same` and `other` hold the finished arcs of both halves.
fn relax<C: Cell>(
    half: &Half,
    y: u32,
    lower: &[Lower],
    same: Done<C>,
    other: Done<C>,
    row: &mut [C],
    by_depth: &mut [C],
) {
    if lower.is_empty() {
        return;
    }
    let depth = &half.depth[half.row(y)];
    for (&d, weight) in depth.iter().zip(row.iter()) {
        by_depth[d as usize] = *weight;
    }
    let triangles = lower.iter().map(|l| {
        let above = l.start as usize..l.end as usize;
        let row = &same.arcs[above.start - same.base..above.end - same.base];
        (&other.arcs[l.arc as usize - other.base], &half.depth[above], row)
    });
    C::relax(by_depth, triangles);
    for (&d, weight) in depth.iter().zip(row) {
        *weight = by_depth[d as usize];
    }
}

/// Ancestors of a rank, itself first.
pub(crate) fn ancestors(cch: &Cch, rank: u32) -> impl Iterator<Item = u32> + '_ {
    std::iter::successors(Some(rank), |&x| Some(cch.parent[x as usize]).filter(|p| *p != NONE))
}
