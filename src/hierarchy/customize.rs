//! Customization: the weight of every arc becomes that of the best path over lower nodes.
//!
//! Row `y` is final once all lower triangles `y → x → z` have been relaxed, `x` below `y`: they only read rows of `y`'s
//! subtree. So subtrees are independent tasks (no barriers), each owning the contiguous arcs of its ranks; the chain of
//! separators above them is done in blocks whose nodes first take in everything below the block, in parallel. A row is
//! spread out by the depth of its higher ends while it is worked on: no searching. The least weight is unique, so the
//! result does not depend on the number of threads.

use super::arcs::{Arcs, ArcsMut, Done};
use super::cell::{Cell, Scratch, Triangles, relax};
use super::contract::{Cch, Half};
use super::elimination_tree::NONE;
use super::lanes::{Kernel, Lanes, Path, dispatch};
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
        let mut weights = Self { up: Arcs::unknown(cch.up.arc_count()), down: Arcs::unknown(cch.down.arc_count()) };
        weights.renew(cch, weight);
        weights
    }

    /// Customizes anew in the memory of the old weights.
    pub fn renew(&mut self, cch: &Cch, weight: impl Fn(u32) -> C + Sync) {
        self.renew_on(Path::best(), cch, weight);
    }

    /// Like [`Customized::renew`], with these instructions. The weights do not depend on them.
    pub fn renew_on(&mut self, path: Path, cch: &Cch, weight: impl Fn(u32) -> C + Sync) {
        for (arcs, half) in [(&mut self.up, &cch.up), (&mut self.down, &cch.down)] {
            if arcs.cost.len() != half.arc_count() {
                *arcs = Arcs::unknown(half.arc_count());
            }
        }
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
            return dispatch(self.path, Sequential { stage: self, task });
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

    /// Nodes whose subtrees are done but for each other.
    fn chain(&self, chain: &[u32], mut up: ArcsMut<C>, mut down: ArcsMut<C>) {
        let mut scratch = Scratch::new(self.cch.height());
        for block in chain.chunks(BLOCK) {
            let lowest = block[0];
            let (below_up, mut up_rows) = up.borrow().split(self.cch.up.row(lowest).start);
            let (below_down, mut down_rows) = down.borrow().split(self.cch.down.row(lowest).start);
            let done = [below_up.done(), below_down.done()];
            let mut rows = Vec::with_capacity(block.len());
            for &y in block {
                let (up, down);
                (up, up_rows) = up_rows.part(self.cch.up.row(y));
                (down, down_rows) = down_rows.part(self.cch.down.row(y));
                rows.push((y, [up, down]));
            }
            let below_block = |scratch: &mut Scratch<C>, (y, rows)| {
                dispatch(self.path, Node { stage: self, y, part: Part::Below(lowest), done, rows, scratch });
            };
            let work: usize = block.iter().map(|&y| self.cch.up.lower(y).len() + self.cch.down.lower(y).len()).sum();
            if work < WORTH_SHARING {
                rows.into_iter().for_each(|row| below_block(&mut scratch, row));
            } else {
                let fresh = || Scratch::new(self.cch.height());
                rows.into_par_iter().with_max_len(1).for_each_init(fresh, below_block);
            }
            for &y in block {
                let (done, rows) = at(self.cch, y, &mut up, &mut down);
                let part = Part::From(lowest);
                dispatch(self.path, Node { stage: self, y, part, done, rows, scratch: &mut scratch });
            }
        }
    }
}

/// Nodes one after the other.
struct Sequential<'a, 'b, C: Cell, W> {
    stage: &'a Stage<'a, W>,
    task: Task<'b, C>,
}

impl<C: Cell, W: Fn(u32) -> C + Sync> Kernel for Sequential<'_, '_, C, W> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { stage, task: Task { ranks, mut up, mut down } } = self;
        let mut scratch = Scratch::new(stage.cch.height());
        for y in ranks {
            let (done, rows) = at(stage.cch, y, &mut up, &mut down);
            Node { stage, y, part: Part::All, done, rows, scratch: &mut scratch }.run(l);
        }
    }
}

/// Which of a node's triangles are relaxed.
#[derive(Clone, Copy)]
enum Part {
    All,
    /// Those whose lowest nodes are below a rank, first.
    Below(u32),
    /// The others.
    From(u32),
}

/// The rows of node `y`, with the finished arcs before them, up and down.
struct Node<'a, 'b, C: Cell, W> {
    stage: &'a Stage<'a, W>,
    y: u32,
    part: Part,
    done: [Done<'b, C>; 2],
    rows: [ArcsMut<'b, C>; 2],
    scratch: &'a mut Scratch<C>,
}

impl<C: Cell, W: Fn(u32) -> C + Sync> Kernel for Node<'_, '_, C, W> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { stage: Stage { cch, weight, .. }, y, part, done: [up, down], rows: [up_row, down_row], scratch } =
            self;
        for (half, other, second, first, row) in
            [(&cch.up, &cch.down, up, down, up_row), (&cch.down, &cch.up, down, up, down_row)]
        {
            let arcs = half.row(y);
            let lower = half.lower(y);
            let cut = |lowest| {
                let first = other.row(lowest).start;
                lower.split_at(lower.partition_point(|l| (l.arc as usize) < first))
            };
            let (lower, fresh) = match part {
                Part::All => (lower, true),
                Part::Below(lowest) => (cut(lowest).0, true),
                Part::From(lowest) => (cut(lowest).1, false),
            };
            let inputs = half.inputs(y).iter().map(|&[arc, input]| (arc as usize - arcs.start, weight(input)));
            let triangles = Triangles { lower, depth: &half.depth, first, second };
            relax(l, triangles, fresh.then_some(inputs), row, &half.depth[arcs.clone()], scratch);
        }
    }
}

/// The finished arcs before the rows of a node, and these rows, up and down.
#[inline(always)]
fn at<'a, C: Cell>(
    cch: &Cch,
    y: u32,
    up: &'a mut ArcsMut<'_, C>,
    down: &'a mut ArcsMut<'_, C>,
) -> ([Done<'a, C>; 2], [ArcsMut<'a, C>; 2]) {
    let (below_up, up_row) = up.borrow().before(cch.up.row(y));
    let (below_down, down_row) = down.borrow().before(cch.down.row(y));
    ([below_up, below_down], [up_row, down_row])
}

/// The arcs of consecutive rows.
fn arcs(half: &Half, ranks: &Range<u32>) -> Range<usize> {
    half.first[ranks.start as usize] as usize..half.first[ranks.end as usize] as usize
}

/// Ancestors of a rank, itself first.
pub(crate) fn ancestors(cch: &Cch, rank: u32) -> impl Iterator<Item = u32> + '_ {
    std::iter::successors(Some(rank), |&x| Some(cch.parent[x as usize]).filter(|p| *p != NONE))
}
