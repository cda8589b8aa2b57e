//! Work on all rows of both halves, lower ones before higher ones, in parallel.
//!
//! A row reads only rows of its node's subtree. So subtrees are independent tasks (no barriers), each owning the contiguous
//! arcs of its ranks; the chain of separators above them is done in blocks whose nodes first take in everything below the
//! block, in parallel.

use super::arcs::{ArcsMut, Done};
use super::cell::Cell;
use super::contract::{Cch, Half};
use super::lanes::{Kernel, Lanes, Path, dispatch};
use rayon::prelude::*;
use std::ops::Range;

/// What is done to each row.
pub(super) trait Job: Sync {
    /// What rows hold.
    type Cell: Cell;
    /// Memory of one thread.
    type Scratch: Send;
    /// What is kept of a row that was left off.
    type Open: Send + Default;

    /// Memory of one more thread.
    fn scratch(&self) -> Self::Scratch;

    /// About how much there is to do in the rows of a node that may be left off.
    fn work(&self, y: u32) -> usize;

    /// Works on the rows of a node, up and down, given the finished arcs before them.
    fn rows<L: Lanes>(
        &self,
        l: L,
        y: u32,
        part: Part<'_, Self::Open>,
        done: [Done<'_, Self::Cell>; 2],
        rows: [ArcsMut<'_, Self::Cell>; 2],
        scratch: &mut Self::Scratch,
    );

    /// Consecutive rows are done.
    fn put(&self, _scratch: &mut Self::Scratch) {}
}

/// Which part of a node's work is done.
pub(super) enum Part<'a, O> {
    /// Everything.
    All,
    /// First what has to do with nodes below a rank: then it is left off.
    Below(u32, &'a mut O),
    /// The rest.
    From(u32, &'a mut O),
}

/// Subtrees of at most this many nodes are one task.
const LEAST_GRAIN: u32 = 512;
/// Nodes of a chain that are worked on together.
const BLOCK: usize = 16;
/// Rows with less work are not worth another thread.
const WORTH_SHARING: usize = 512;

/// Does a job on all rows.
pub(super) fn work_on<J: Job>(path: Path, cch: &Cch, job: &J, [up, down]: [ArcsMut<J::Cell>; 2]) {
    #[allow(clippy::cast_possible_truncation)] // ranks fit 32 bits
    let n = cch.node_count() as u32;
    let stage = Stage { cch, job, path, grain: (n / 64).max(LEAST_GRAIN) };
    stage.solve(Task { ranks: 0..n, up, down });
}

/// Ranks that form whole subtrees, with their arcs.
struct Task<'a, C: Cell> {
    ranks: Range<u32>,
    up: ArcsMut<'a, C>,
    down: ArcsMut<'a, C>,
}

struct Stage<'a, J> {
    cch: &'a Cch,
    job: &'a J,
    path: Path,
    grain: u32,
}

impl<J: Job> Stage<'_, J> {
    /// Depth of the recursion: one per branching of the tree into large subtrees, at most `n / grain`.
    fn solve(&self, mut task: Task<J::Cell>) {
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
    fn chain(&self, chain: &[u32], mut up: ArcsMut<J::Cell>, mut down: ArcsMut<J::Cell>) {
        let mut scratch = self.job.scratch();
        for block in chain.chunks(BLOCK) {
            let lowest = block[0];
            let (below_up, mut up_rows) = up.borrow().split(self.cch.up.row(lowest).start);
            let (below_down, mut down_rows) = down.borrow().split(self.cch.down.row(lowest).start);
            let done = [below_up.done(), below_down.done()];
            let mut open: Vec<J::Open> = block.iter().map(|_| J::Open::default()).collect();
            let mut rows = Vec::with_capacity(block.len());
            for (&y, open) in block.iter().zip(&mut open) {
                let (up, down);
                (up, up_rows) = up_rows.part(self.cch.up.row(y));
                (down, down_rows) = down_rows.part(self.cch.down.row(y));
                rows.push((y, open, [up, down]));
            }
            let below_block = |scratch: &mut J::Scratch, (y, open, rows)| {
                let part = Part::Below(lowest, open);
                dispatch(self.path, Node { job: self.job, y, part, done, rows, scratch });
            };
            if block.iter().map(|y| self.job.work(*y)).sum::<usize>() < WORTH_SHARING {
                rows.into_iter().for_each(|row| below_block(&mut scratch, row));
            } else {
                rows.into_par_iter().with_max_len(1).for_each_init(|| self.job.scratch(), below_block);
            }
            for (&y, open) in block.iter().zip(&mut open) {
                let (done, rows) = at(self.cch, y, &mut up, &mut down);
                let part = Part::From(lowest, open);
                dispatch(self.path, Node { job: self.job, y, part, done, rows, scratch: &mut scratch });
                self.job.put(&mut scratch);
            }
        }
    }
}

/// Nodes one after the other.
struct Sequential<'a, 'b, J: Job> {
    stage: &'a Stage<'a, J>,
    task: Task<'b, J::Cell>,
}

impl<J: Job> Kernel for Sequential<'_, '_, J> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { stage: Stage { cch, job, .. }, task: Task { ranks, mut up, mut down } } = self;
        let mut scratch = job.scratch();
        for y in ranks {
            let (done, rows) = at(cch, y, &mut up, &mut down);
            job.rows(l, y, Part::All, done, rows, &mut scratch);
        }
        job.put(&mut scratch);
    }
}

/// One node.
struct Node<'a, 'b, J: Job> {
    job: &'a J,
    y: u32,
    part: Part<'a, J::Open>,
    done: [Done<'b, J::Cell>; 2],
    rows: [ArcsMut<'b, J::Cell>; 2],
    scratch: &'a mut J::Scratch,
}

impl<J: Job> Kernel for Node<'_, '_, J> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        self.job.rows(l, self.y, self.part, self.done, self.rows, self.scratch);
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
