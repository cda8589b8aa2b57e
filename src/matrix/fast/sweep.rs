//! The downward sweep of a batch: ancestors of targets in preorder, labels on a stack addressed by depth.
//!
//! Arcs come only from ancestors, and of those exactly one is alive at each depth: the working set is one row of lanes a
//! depth and stays in the second-level cache. A first pass over a node's arcs finds the least cost in each lane, a second
//! one the arc that gives it; length, time and toll are added along that arc only. Where several arcs give the least
//! cost, the rest decides lane by lane: the label is the lexicographic minimum always.

use super::climb::{Climb, Rows, no_path};
use super::select::Selection;
use crate::hierarchy::{Kernel, Lanes, Packed, Row, SimdPath, dispatch};

/// Lanes of a vector.
pub(super) const LANES: usize = 16;
/// Every lane of a vector.
const ALL: u32 = u32::MAX >> LANES;

/// Sources that are swept together. The cells do not depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Batch {
    /// 16.
    Small,
    /// 64.
    Medium,
    /// 128.
    Large,
}

impl Batch {
    /// The batch that wastes few lanes on so many sources.
    #[must_use]
    pub fn for_sources(count: usize) -> Self {
        match count {
            0..=16 => Self::Small,
            17..=64 => Self::Medium,
            _ => Self::Large,
        }
    }
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
                    let (j, i) = (lane / LANES, lane % LANES);
                    let unreached = out[0][j][i] >= Packed::CAP;
                    *cell = if unreached { [Packed::CAP; 4] } else { std::array::from_fn(|field| out[field][j][i]) };
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

impl<const V: usize, const F: usize> Kernel for Run<'_, V, F> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { sweep, selection, climb } = self;
        let no_path = [[Packed::CAP; LANES]; V];
        let (mut arcs_start, mut ends_start) = (0, 0);
        for (node, &slot) in selection.targets_down.iter().zip(&climb.slot) {
            let arcs = &selection.down[arcs_start as usize..node.arcs_end as usize];
            let ends = &selection.ends[ends_start as usize..node.ends_end as usize];
            (arcs_start, ends_start) = (node.arcs_end, node.ends_end);
            let start = climb.rows.get(slot as usize);
            let (cost_above, cost_here) = sweep.cost.split_at_mut(node.depth as usize);
            let (rest_above, rest_here) = sweep.rest.split_at_mut(node.depth as usize);
            let (Some(cost), Some(rest)) = (cost_here.first_mut(), rest_here.first_mut()) else { continue };

            let start_cost = start.map_or(&no_path, |rows| &rows[0]);
            let mut best: [L::Vector; V] = std::array::from_fn(|j| l.load(&start_cost[j]));
            for arc in arcs {
                let weight = l.splat(arc.weight[0]);
                let Some(from) = cost_above.get(arc.depth as usize) else { continue };
                for j in 0..V {
                    best[j] = l.min(best[j], l.add(l.load(&from[j]), weight));
                }
            }
            let mut settled = [0_u32; V];
            for j in 0..V {
                l.store(&mut cost[j], best[j]);
                if let Some(start) = start {
                    settled[j] = l.bits(l.equal(l.load(&start[0][j]), best[j]));
                    (0..F).for_each(|field| rest[field][j] = start[field + 1][j]);
                }
            }
            for arc in arcs {
                let weight = l.splat(arc.weight[0]);
                let (Some(from), Some(rests)) =
                    (cost_above.get(arc.depth as usize), rest_above.get(arc.depth as usize))
                else {
                    continue;
                };
                let gap: [L::Vector; V] = std::array::from_fn(|j| l.xor(l.add(l.load(&from[j]), weight), best[j]));
                let least_gap = gap.iter().fold(l.splat(u32::MAX), |least, g| l.min(least, *g));
                if l.bits(l.equal(least_gap, l.splat(0))) == 0 {
                    continue;
                }
                for j in 0..V {
                    settled[j] = follow::<L, V, F>(l, gap[j], settled[j], rests, &arc.weight, rest, j);
                }
            }
            for end in ends {
                deliver::<L, V, F>(l, cost, rest, &end.weight, end.first, &mut sweep.out[end.target as usize]);
            }
        }
    }
}

/// Length, time and toll along an arc that gives the least cost where `gap` is zero; where another arc did so before,
/// only if they are less. Returns the lanes that have a label now.
#[inline(always)]
fn follow<L: Lanes, const V: usize, const F: usize>(
    l: L,
    gap: L::Vector,
    settled: u32,
    from: &[[Row; V]; 3],
    weight: &[u32; 4],
    rest: &mut [[Row; V]; 3],
    j: usize,
) -> u32 {
    let mut mask = l.equal(gap, l.splat(0));
    let bits = l.bits(mask);
    if bits == 0 {
        return settled;
    }
    let sums: [L::Vector; F] = std::array::from_fn(|field| {
        let sum = l.add(l.load(&from[field][j]), l.splat(weight[field + 1]));
        l.min(sum, l.splat(Packed::CAP))
    });
    if bits == ALL && settled == 0 {
        (0..F).for_each(|field| l.store(&mut rest[field][j], sums[field]));
        return ALL;
    }
    let known: [L::Vector; F] = std::array::from_fn(|field| l.load(&rest[field][j]));
    if bits & settled != 0 {
        mask = l.and(mask, l.or(l.mask(!settled), l.before(&sums, &known)));
    }
    for field in 0..F {
        l.store(&mut rest[field][j], l.select(mask, sums[field], known[field]));
    }
    settled | bits
}

/// Offers the labels of a node to a target there; `first` when nothing was offered before.
#[inline(always)]
fn deliver<L: Lanes, const V: usize, const F: usize>(
    l: L,
    cost: &[Row; V],
    rest: &[[Row; V]; 3],
    weight: &[u32; 4],
    first: bool,
    out: &mut Rows<V>,
) {
    let cap = l.splat(Packed::CAP);
    for j in 0..V {
        let mut sum = [l.splat(0); 4];
        for field in 0..=F {
            let label = if field == 0 { &cost[j] } else { &rest[field - 1][j] };
            sum[field] = l.min(l.add(l.load(label), l.splat(weight[field])), cap);
        }
        if !first {
            let known: [L::Vector; 4] = std::array::from_fn(|field| l.load(&out[field][j]));
            let less = l.before(&sum, &known);
            sum = std::array::from_fn(|field| l.select(less, sum[field], known[field]));
        }
        (0..4).for_each(|field| l.store(&mut out[field][j], sum[field]));
    }
}
