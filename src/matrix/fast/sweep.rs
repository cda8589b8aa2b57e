//! The downward sweep of a batch: ancestors of targets in preorder, labels on a stack addressed by depth.
//!
//! Arcs come only from ancestors, and of those exactly one is alive at each depth: the working set is one row of lanes a
//! depth and stays in the second-level cache. One pass over a node's arcs finds the least cost in each lane and the arc
//! that gives it; length, time and toll are added along the winning arcs only, few of many. Where an arc equals the least
//! cost so far, all arcs are looked at again and the rest decides: the label is the lexicographic minimum always.

use super::Aligned;
use super::climb::Climb;
use super::prune::PrunedArc;
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

/// Lanes of `V` vectors: cost, length, time, toll.
pub(super) type Rows<const V: usize> = [[Row; V]; 4];

/// No path in any lane.
const fn no_path<const V: usize>() -> Rows<V> {
    [[[Packed::CAP; LANES]; V], [[0; LANES]; V], [[0; LANES]; V], [[0; LANES]; V]]
}

/// Working memory of a sweep: the labels of the ancestors of the node in turn, by depth.
pub(super) struct Sweep<const V: usize> {
    cost: Vec<Aligned<[Row; V]>>,
    rest: Vec<Aligned<[[Row; V]; 3]>>,
}

impl<const V: usize> Sweep<V> {
    pub(super) fn new(selection: &Selection) -> Self {
        Self {
            cost: vec![Aligned([[Packed::CAP; LANES]; V]); selection.height],
            rest: vec![Aligned([[[0; LANES]; V]; 3]); selection.height],
        }
    }

    /// Fills a block of cells: a [`Rows`] per target.
    pub(super) fn run(&mut self, path: SimdPath, selection: &Selection, climb: &Climb<V>, out: &mut [Rows<V>]) {
        if selection.tolls {
            dispatch(path, Run::<V, 3> { sweep: self, selection, climb, out });
        } else {
            dispatch(path, Run::<V, 2> { sweep: self, selection, climb, out });
        }
    }
}

/// A sweep that carries cost and the first `F` of length, time and toll; tolls are all zero where `F` is 2.
struct Run<'a, const V: usize, const F: usize> {
    sweep: &'a mut Sweep<V>,
    selection: &'a Selection,
    climb: &'a Climb<V>,
    out: &'a mut [Rows<V>],
}

/// Arcs that are looked at together: as many as a word has bits.
const CHUNK: usize = 32;

impl<const V: usize, const F: usize> Kernel for Run<'_, V, F> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { sweep, selection, climb, out } = self;
        let (cap, nothing) = (l.splat(Packed::CAP), l.splat(0));
        let mut ends_start = 0;
        for node in &selection.targets_down {
            let row = selection.down.row(node.number as usize);
            let (arcs, weights) = (&selection.down.arcs[row.clone()], &selection.down.rest[row]);
            let ends = &selection.ends[ends_start as usize..node.ends_end as usize];
            ends_start = node.ends_end;
            let (cost_above, cost_here) = sweep.cost.split_at_mut(node.depth as usize);
            let (rest_above, rest_here) = sweep.rest.split_at_mut(node.depth as usize);
            let (Some(cost), Some(rest)) = (cost_here.first_mut(), rest_here.first_mut()) else { continue };

            let start = climb.row(node.number);
            let mut best = [cap; V];
            let mut known = start.is_some();
            if let Some(row) = start {
                best = std::array::from_fn(|j| l.load(&climb.cost[row][j]));
                rest[..F].copy_from_slice(&climb.rest[row][..F]);
            }
            // Zero where an arc equals the least cost so far; two of them, so that no vector waits for the one before.
            let mut gap = [l.splat(u32::MAX); 2];
            for (arcs, weights) in arcs.chunks(CHUNK).zip(weights.chunks(CHUNK)) {
                let mut winner = [l.splat(u32::MAX); V];
                for (arc, number) in arcs.iter().zip(0_u32..) {
                    let (weight, number) = (l.splat(arc.cost), l.splat(number));
                    let Some(from) = cost_above.get(arc.depth as usize) else { continue };
                    for j in 0..V {
                        let sum = l.add(l.load(&from[j]), weight);
                        gap[j % 2] = l.min(gap[j % 2], l.xor(sum, best[j]));
                        winner[j] = l.select(l.less(sum, best[j]), number, winner[j]);
                        best[j] = l.min(best[j], sum);
                    }
                }
                let mut winners = l.union((0..V).fold(nothing, |all, j| l.merge(all, l.bit(winner[j]))));
                if winners == 0 {
                    continue;
                }
                let mut sums = [[nothing; V]; F];
                if known {
                    sums = std::array::from_fn(|field| std::array::from_fn(|j| l.load(&rest[field][j])));
                }
                known = true;
                while winners != 0 {
                    let number = winners.trailing_zeros();
                    winners &= winners - 1;
                    let (arc, weight) = (&arcs[number as usize], &weights[number as usize]);
                    let Some(from) = rest_above.get(arc.depth as usize) else { continue };
                    let number = l.splat(number);
                    for j in 0..V {
                        let wins = l.equal(winner[j], number);
                        for field in 0..F {
                            let sum = l.add(l.load(&from[field][j]), l.splat(weight[field]));
                            sums[field][j] = l.select(wins, sum, sums[field][j]);
                        }
                    }
                }
                for field in 0..F {
                    (0..V).for_each(|j| l.store(&mut rest[field][j], l.min(sums[field][j], cap)));
                }
            }
            (0..V).for_each(|j| l.store(&mut cost[j], best[j]));
            if l.bits(l.equal(l.min(gap[0], gap[1]), nothing)) != 0 {
                let start = start.map(|row| (&*climb.cost[row], &*climb.rest[row]));
                break_ties::<L, V, F>(l, (arcs, weights), cost_above, rest_above, start, cost, rest);
            }
            for end in ends {
                if let Some(out) = out.get_mut(end.target as usize) {
                    deliver::<L, V, F>(l, cost, rest, &end.weight, end.first, out);
                }
            }
        }
        for &target in &selection.without_end {
            if let Some(out) = out.get_mut(target as usize) {
                *out = no_path();
            }
        }
    }
}

/// Length, time and toll of a node where several arcs may give the least cost: all that do are compared.
#[inline(always)]
fn break_ties<L: Lanes, const V: usize, const F: usize>(
    l: L,
    (arcs, weights): (&[PrunedArc], &[[u32; 3]]),
    cost_above: &[Aligned<[Row; V]>],
    rest_above: &[Aligned<[[Row; V]; 3]>],
    start: Option<(&[Row; V], &[[Row; V]; 3])>,
    cost: &[Row; V],
    rest: &mut [[Row; V]; 3],
) {
    let mut settled = [0_u32; V];
    if let Some((start_cost, start_rest)) = start {
        for j in 0..V {
            settled[j] = l.bits(l.equal(l.load(&start_cost[j]), l.load(&cost[j])));
        }
        rest[..F].copy_from_slice(&start_rest[..F]);
    }
    for (arc, weight) in arcs.iter().zip(weights) {
        let depth = arc.depth as usize;
        let (Some(from), Some(rests)) = (cost_above.get(depth), rest_above.get(depth)) else { continue };
        for j in 0..V {
            let gap = l.xor(l.add(l.load(&from[j]), l.splat(arc.cost)), l.load(&cost[j]));
            settled[j] = follow::<L, V, F>(l, gap, settled[j], rests, weight, rest, j);
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
    weight: &[u32; 3],
    rest: &mut [[Row; V]; 3],
    j: usize,
) -> u32 {
    let mut mask = l.equal(gap, l.splat(0));
    let bits = l.bits(mask);
    if bits == 0 {
        return settled;
    }
    let sums: [L::Vector; F] = std::array::from_fn(|field| {
        let sum = l.add(l.load(&from[field][j]), l.splat(weight[field]));
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
