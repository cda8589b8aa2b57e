//! Customization: the weight of every arc becomes that of the best path over lower nodes.
//!
//! Row `y` is final once all lower triangles `y → x → z` have been relaxed, `x` below `y`: they only read rows of `y`'s
//! subtree. So subtrees are independent tasks (no barriers), each owning the contiguous arcs of its ranks; the chain of
//! separators above them is done in blocks whose nodes first take in everything below the block, in parallel. A row is
//! spread out by the depth of its higher ends while it is worked on: no searching. The least weight is unique, so the
//! result does not depend on the number of threads.

use super::arcs::{Arcs, ArcsMut, Done};
use super::cell::{Cell, Relax, Scratch};
use super::contract::{Cch, Half, Lower};
use super::elimination_tree::NONE;
use super::lanes::{Path, dispatch};
use super::packed::Packed;
use rayon::prelude::*;
use std::ops::Range;

/// Weights of all arcs of a [`Cch`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customized<C: Cell = Packed> {
    pub(super) up: Arcs<C>,
    pub(super) down: Arcs<C>,
}

/// Weights of one profile, however they are stored. Arcs that do not exist are no path.
pub trait ArcWeights: Sync {
    /// Weight of an arc to a higher node.
    fn up(&self, arc: usize) -> Packed;
    /// Weight of an arc from a higher node.
    fn down(&self, arc: usize) -> Packed;
    /// Tells that [`ArcWeights::up`] will be asked soon.
    fn prefetch_up(&self, _arc: usize) {}
    /// Tells that [`ArcWeights::down`] will be asked soon.
    fn prefetch_down(&self, _arc: usize) {}
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
        let mut weights = Self { up: Arcs::none(0), down: Arcs::none(0) };
        weights.renew(cch, weight);
        weights
    }

    /// Customizes anew in the memory of the old weights.
    pub fn renew(&mut self, cch: &Cch, weight: impl Fn(u32) -> C + Sync) {
        self.renew_on(Path::best(), cch, weight);
    }

    /// Like [`Customized::renew`], with these instructions. The weights do not depend on them.
    pub fn renew_on(&mut self, path: Path, cch: &Cch, weight: impl Fn(u32) -> C + Sync) {
        self.up.resize(cch.up.arc_count());
        self.down.resize(cch.down.arc_count());
        #[allow(clippy::cast_possible_truncation)] // ranks fit 32 bits
        let n = cch.node_count() as u32;
        let stage = Stage { cch, weight: &weight, path, grain: (n / 64).max(LEAST_GRAIN) };
        stage.solve(Task { ranks: 0..n, up: self.up.all(), down: self.down.all() });
    }
}

/// Ranks that form whole subtrees, with their arcs.
struct Task<'a, C: Cell> {
    ranks: Range<u32>,
    up: ArcsMut<'a, C>,
    down: ArcsMut<'a, C>,
}

struct Stage<'a, W> {
    cch: &'a Cch,
    weight: &'a W,
    path: Path,
    grain: u32,
}

impl<C: Cell, W: Fn(u32) -> C + Sync> Stage<'_, W> {
    /// Depth of the recursion: one per branching of the tree into large subtrees, at most `n / grain`.
    fn solve(&self, mut task: Task<C>) {
        if task.ranks.end - task.ranks.start <= self.grain {
            return self.sequential(task);
        }
        let (chain, parts) = self.split(task.ranks.clone());
        let mut tasks = Vec::with_capacity(parts.len());
        let (mut up, mut down) = (task.up.borrow(), task.down.borrow());
        for ranks in parts {
            // Nodes of the chain lie between the parts.
            let (own_up, own_down);
            (own_up, up) = up.part(arcs(&self.cch.up, &ranks));
            (own_down, down) = down.part(arcs(&self.cch.down, &ranks));
            tasks.push(Task { ranks, up: own_up, down: own_down });
        }
        tasks.into_par_iter().for_each(|part| self.solve(part));
        self.chain(&chain, task.up, task.down);
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

    fn sequential(&self, mut task: Task<C>) {
        let (up_half, down_half) = (&self.cch.up, &self.cch.down);
        let mut scratch = Scratch::new(self.cch.height());
        for y in task.ranks {
            let (below_up, rest) = task.up.borrow().split(up_half.row(y).start);
            let (row_up, _) = rest.split(up_half.row(y).end);
            let (below_down, rest) = task.down.borrow().split(down_half.row(y).start);
            let (row_down, _) = rest.split(down_half.row(y).end);
            let (below_up, below_down) = (below_up.done(), below_down.done());
            self.relax((up_half, y, true), up_half.lower(y), [below_up, below_down], row_up, &mut scratch);
            self.relax((down_half, y, true), down_half.lower(y), [below_down, below_up], row_down, &mut scratch);
        }
    }

    /// Nodes whose subtrees are done but for each other.
    fn chain(&self, chain: &[u32], mut up: ArcsMut<C>, mut down: ArcsMut<C>) {
        let (up_half, down_half) = (&self.cch.up, &self.cch.down);
        let mut scratch = Scratch::new(self.cch.height());
        for block in chain.chunks(BLOCK) {
            let lowest = block[0];
            let cut = |half: &Half, other: &Half, y: u32| {
                let first = other.row(lowest).start;
                half.lower(y).partition_point(|l| (l.arc as usize) < first)
            };
            let done = [up.done(), down.done()];
            let below_block = |scratch: &mut Scratch<C>, y: u32| {
                let row = |half: &Half, other: &Half, done, scratch: &mut Scratch<C>| {
                    let mut row = Arcs::none(half.row(y).len());
                    self.relax((half, y, true), &half.lower(y)[..cut(half, other, y)], done, row.all(), scratch);
                    row
                };
                (row(up_half, down_half, done, scratch), row(down_half, up_half, [done[1], done[0]], scratch))
            };
            let work: usize = block.iter().map(|&y| up_half.lower(y).len() + down_half.lower(y).len()).sum();
            let rows: Vec<(Arcs<C>, Arcs<C>)> = if work < WORTH_SHARING {
                block.iter().map(|&y| below_block(&mut scratch, y)).collect()
            } else {
                let fresh = || Scratch::new(self.cch.height());
                block.par_iter().with_max_len(1).map_init(fresh, |scratch, &y| below_block(scratch, y)).collect()
            };
            for (&y, (mut row_up, mut row_down)) in block.iter().zip(rows) {
                let done = [up.done(), down.done()];
                let lower = &up_half.lower(y)[cut(up_half, down_half, y)..];
                self.relax((up_half, y, false), lower, done, row_up.all(), &mut scratch);
                let lower = &down_half.lower(y)[cut(down_half, up_half, y)..];
                self.relax((down_half, y, false), lower, [done[1], done[0]], row_down.all(), &mut scratch);
                up.put(up_half.row(y).start, &row_up);
                down.put(down_half.row(y).start, &row_down);
            }
        }
    }

    /// Relaxes lower triangles of row `y` of `half`, from its input arcs or, if not `fresh`, from what it holds; `done` are
    /// the finished arcs of this half and of the other one.
    fn relax(
        &self,
        (half, y, fresh): (&Half, u32, bool),
        lower: &[Lower],
        [second, first]: [Done<C>; 2],
        row: ArcsMut<C>,
        scratch: &mut Scratch<C>,
    ) {
        let arcs = half.row(y);
        let inputs = half.inputs(y).iter().map(|&[arc, input]| (arc as usize - arcs.start, (self.weight)(input)));
        let (inputs, row_depth) = (fresh.then_some(inputs), &half.depth[arcs.clone()]);
        dispatch(self.path, Relax { inputs, row, row_depth, lower, depth: &half.depth, first, second, scratch });
    }
}

/// The arcs of consecutive rows.
fn arcs(half: &Half, ranks: &Range<u32>) -> Range<usize> {
    half.first[ranks.start as usize] as usize..half.first[ranks.end as usize] as usize
}

/// Ancestors of a rank, itself first.
pub(crate) fn ancestors(cch: &Cch, rank: u32) -> impl Iterator<Item = u32> + '_ {
    std::iter::successors(Some(rank), |&x| Some(cch.parent[x as usize]).filter(|p| *p != NONE))
}
