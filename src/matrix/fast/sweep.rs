//! The downward sweep of a batch: ancestors of targets in preorder, labels on a stack addressed by depth.
//!
//! Arcs come only from ancestors, and of those exactly one is alive at each depth: the working set is one row of lanes a
//! depth and stays in the second-level cache. The hot loop finds the least cost and which arc gives it; length, time and
//! toll are then added along the winning arc only. Where two arcs tie in cost, that vector is done again with whole
//! tuples, so the answer is the lexicographic minimum always.

use super::climb::{Climb, Rows, no_path};
use super::select::{DownArc, NONE, Selection};
use crate::hierarchy::{Kernel, Lanes, Packed, Row, SimdPath, dispatch};

/// Lanes of a vector.
pub(super) const LANES: usize = 16;

/// Sources that are swept together. The cells do not depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Batch {
    /// 16: for few sources.
    Small,
    /// 64.
    Large,
}

/// Working memory of a sweep and its result.
pub(super) struct Sweep<const V: usize> {
    cost: Vec<[Row; V]>,
    rest: Vec<[[Row; V]; 3]>,
    /// By target.
    out: Vec<Rows<V>>,
}

impl<const V: usize> Sweep<V> {
    pub(super) fn new(selection: &Selection) -> Self {
        Self {
            cost: vec![[[Packed::CAP; LANES]; V]; selection.height],
            rest: vec![[[[0; LANES]; V]; 3]; selection.height],
            out: vec![no_path(); selection.target_count()],
        }
    }

    pub(super) fn run(&mut self, path: SimdPath, selection: &Selection, climb: &Climb<V>) {
        if selection.tolls {
            dispatch(path, Run::<V, 3> { sweep: self, selection, climb });
        } else {
            dispatch(path, Run::<V, 2> { sweep: self, selection, climb });
        }
    }

    /// Writes the result to the batch's rows, four cells (a cache line) at a time.
    pub(super) fn write(&self, rows: &mut [(u32, &mut [[u32; 4]])]) {
        for (block, targets) in self.out.chunks(4).enumerate() {
            for (lane, (_, row)) in rows.iter_mut().enumerate() {
                let cells = &mut row[block * 4..block * 4 + targets.len()];
                for (cell, out) in cells.iter_mut().zip(targets) {
                    *cell = std::array::from_fn(|field| out[field][lane / LANES][lane % LANES]);
                }
            }
        }
    }
}

/// A sweep that carries cost and the first `F` of length, time and toll; tolls are all zero where `F` is 2.
struct Run<'a, const V: usize, const F: usize> {
    sweep: &'a mut Sweep<V>,
    selection: &'a Selection,
    climb: &'a Climb<V>,
}

/// Cost, length, time, toll of sixteen labels.
#[derive(Clone, Copy)]
struct Label<L: Lanes>([L::Vector; 4]);

impl<L: Lanes> Label<L> {
    /// Component-wise sum; all but the cost saturate (sums fit 32 bits, see `Packed`).
    #[inline(always)]
    fn plus<const F: usize>(self, l: L, weight: &[u32; 4]) -> Self {
        let cap = l.splat(Packed::CAP);
        let mut sum = self.0;
        sum[0] = l.add(sum[0], l.splat(weight[0]));
        for field in 1..=F {
            sum[field] = l.min(l.add(sum[field], l.splat(weight[field])), cap);
        }
        Self(sum)
    }

    /// The lexicographic minimum.
    #[inline(always)]
    fn least<const F: usize>(self, l: L, other: Self) -> Self {
        let mut less = l.less(other.0[F], self.0[F]);
        for field in (0..F).rev() {
            let (a, b) = (other.0[field], self.0[field]);
            less = l.or(l.less(a, b), l.and(l.equal(a, b), less));
        }
        let mut least = self.0;
        for field in 0..=F {
            least[field] = l.select(less, other.0[field], self.0[field]);
        }
        Self(least)
    }
}

impl<const V: usize, const F: usize> Kernel for Run<'_, V, F> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { sweep, selection, climb } = self;
        sweep.out.fill(no_path());
        let empty = no_path();
        let (mut arcs_start, mut ends_start) = (0, 0);
        for (node, &slot) in selection.targets_down.iter().zip(&climb.slot) {
            let arcs = &selection.down[arcs_start as usize..node.arcs_end as usize];
            let ends = &selection.ends[ends_start as usize..node.ends_end as usize];
            (arcs_start, ends_start) = (node.arcs_end, node.ends_end);
            let start = if slot == NONE { &empty } else { &climb.rows[slot as usize] };
            let depth = node.depth as usize;

            let mut best: [L::Vector; V] = std::array::from_fn(|j| l.load(&start[0][j]));
            let mut winner = [l.splat(0); V];
            let mut tie = [l.mask(0); V];
            for (arc, name) in arcs.iter().zip(1_u32..) {
                let (weight, name) = (l.splat(arc.weight[0]), l.splat(name));
                let from = &sweep.cost[arc.depth as usize];
                for j in 0..V {
                    let sum = l.add(l.load(&from[j]), weight);
                    tie[j] = l.or(tie[j], l.equal(sum, best[j]));
                    winner[j] = l.select(l.less(sum, best[j]), name, winner[j]);
                    best[j] = l.min(sum, best[j]);
                }
            }
            for j in 0..V {
                if l.bits(tie[j]) == 0 {
                    l.store(&mut sweep.cost[depth][j], best[j]);
                    follow::<L, V, F>(l, &mut sweep.rest, depth, j, winner[j], start, arcs);
                } else {
                    let label = compare::<L, V, F>(l, sweep, j, start, arcs);
                    l.store(&mut sweep.cost[depth][j], label.0[0]);
                    for field in 0..F {
                        l.store(&mut sweep.rest[depth][field][j], label.0[field + 1]);
                    }
                }
            }
            for (target, weight) in ends {
                let out = &mut sweep.out[*target as usize];
                for j in 0..V {
                    let known = Label::<L>(std::array::from_fn(|field| l.load(&out[field][j])));
                    let here = label_at::<L, V, F>(l, &sweep.cost, &sweep.rest, depth, j);
                    let least = known.least::<F>(l, here.plus::<F>(l, &weight.fields()));
                    (0..=F).for_each(|field| l.store(&mut out[field][j], least.0[field]));
                }
            }
        }
    }
}

#[inline(always)]
fn label_at<L: Lanes, const V: usize, const F: usize>(
    l: L,
    cost: &[[Row; V]],
    rest: &[[[Row; V]; 3]],
    depth: usize,
    j: usize,
) -> Label<L> {
    let mut label = [l.splat(0); 4];
    label[0] = l.load(&cost[depth][j]);
    for field in 0..F {
        label[field + 1] = l.load(&rest[depth][field][j]);
    }
    Label(label)
}

/// Length, time and toll along the winning arcs; winner 0 is the label from the upward search.
#[inline(always)]
fn follow<L: Lanes, const V: usize, const F: usize>(
    l: L,
    rest: &mut [[[Row; V]; 3]],
    depth: usize,
    j: usize,
    winner: L::Vector,
    start: &Rows<V>,
    arcs: &[DownArc],
) {
    let cap = l.splat(Packed::CAP);
    let mut names = [0; LANES];
    l.store(&mut names, winner);
    let mut sums = [l.splat(0); F];
    let mut left = u32::MAX >> LANES;
    while left != 0 {
        // Neighbouring sources mostly come the same way: one round.
        let name = names[left.trailing_zeros() as usize % LANES];
        let mask = l.equal(winner, l.splat(name));
        let arc = (name as usize).checked_sub(1).and_then(|i| arcs.get(i));
        for field in 0..F {
            let sum = match arc {
                Some(arc) => {
                    let from = l.load(&rest[arc.depth as usize][field][j]);
                    l.min(l.add(from, l.splat(arc.weight[field + 1])), cap)
                }
                None => l.load(&start[field + 1][j]),
            };
            sums[field] = l.select(mask, sum, sums[field]);
        }
        left &= !l.bits(mask);
    }
    for field in 0..F {
        l.store(&mut rest[depth][field][j], sums[field]);
    }
}

/// Labels by comparing whole tuples.
#[inline(always)]
fn compare<L: Lanes, const V: usize, const F: usize>(
    l: L,
    sweep: &Sweep<V>,
    j: usize,
    start: &Rows<V>,
    arcs: &[DownArc],
) -> Label<L> {
    let mut best = Label::<L>(std::array::from_fn(|field| l.load(&start[field][j])));
    for arc in arcs {
        let from = label_at::<L, V, F>(l, &sweep.cost, &sweep.rest, arc.depth as usize, j);
        best = best.least::<F>(l, from.plus::<F>(l, &arc.weight));
    }
    best
}
