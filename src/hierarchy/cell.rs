//! How the triangles of one row are relaxed: two passes over them, for one profile or sixteen.
//!
//! Costs of all arcs lie densely in one array, length, time and toll in another. The first pass looks at costs only and
//! finds the least one of each arc; the second one goes on to the rest where a triangle attains that cost, and compares
//! it where several do. So nearly every triangle touches a quarter of the weights' bytes, and every arc's rest is
//! written about once. The result is the lexicographic minimum all the same.

use super::arcs::{ArcsMut, Done};
use super::contract::Lower;
use super::lanes::{Kernel, Lanes};
use std::fmt::Debug;

/// Weight of an arc for one profile or several at once, in two parts.
pub trait Cell: Copy + Send + Sync {
    /// What the first pass looks at.
    type Cost: Copy + Send + Sync + Debug + Eq;
    /// What only the second pass looks at: nothing where the first one does it all.
    type Rest: Copy + Send + Sync + Debug + Eq;

    /// No path for any profile.
    const NO_PATH: (Self::Cost, Self::Rest);
    /// Whether there is a second pass.
    const HAS_REST: bool;

    /// Keeps the lesser of the stored weight and this one; a profile without path has any rest.
    fn improve<L: Lanes>(&self, l: L, cost: &mut Self::Cost, rest: &mut Self::Rest);

    /// First pass: lowers `best[depth[i]]` to the cost of the path over `first` and `row[i]`.
    fn lower<L: Lanes>(l: L, best: &mut [Self::Cost], depth: &[u32], first: &Self::Cost, row: &[Self::Cost]);

    /// Where costs are equal: a bit per profile.
    fn equal<L: Lanes>(l: L, a: &Self::Cost, b: &Self::Cost) -> u32;

    /// Second pass: calls `hit` with `i` and a bit per profile where that path costs exactly `best[depth[i]]`.
    fn attaining<L: Lanes>(
        l: L,
        best: &[Self::Cost],
        depth: &[u32],
        first: &Self::Cost,
        row: &[Self::Cost],
        hit: impl FnMut(usize, u32),
    );

    /// Takes the sum of `first` and `second` for the profiles in `bits`; for those in `settled` only if it is less.
    fn follow<L: Lanes>(l: L, bits: u32, settled: u32, rest: &mut Self::Rest, first: &Self::Rest, second: &Self::Rest);

    /// Gives profiles without path the rest of [`Cell::NO_PATH`].
    fn clear<L: Lanes>(l: L, cost: &Self::Cost, rest: &mut Self::Rest);
}

/// Memory of one thread.
pub(super) struct Scratch<C: Cell> {
    /// By depth: least cost so far, and position in the row.
    best: Vec<C::Cost>,
    place: Vec<u32>,
    /// By position in the row: profiles whose rest belongs to the least cost.
    settled: Vec<u32>,
}

impl<C: Cell> Scratch<C> {
    pub(super) fn new(height: usize) -> Self {
        let (best, place) = (vec![C::NO_PATH.0; height], vec![0; height]);
        Self { best, place, settled: Vec::with_capacity(height) }
    }
}

/// One row and the lower triangles that are to be relaxed.
pub(super) struct Relax<'a, C: Cell, I> {
    /// Input arcs, by position in the row; `None` goes on with what the row holds.
    pub(super) inputs: Option<I>,
    pub(super) row: ArcsMut<'a, C>,
    /// Depths of the row's higher ends.
    pub(super) row_depth: &'a [u32],
    pub(super) lower: &'a [Lower],
    /// Depths of all arcs of the row's half.
    pub(super) depth: &'a [u32],
    /// Arcs down to the triangles' lowest nodes, in the other half.
    pub(super) first: Done<'a, C>,
    /// Arcs up from there, in the row's half.
    pub(super) second: Done<'a, C>,
    pub(super) scratch: &'a mut Scratch<C>,
}

impl<C: Cell, I: Iterator<Item = (usize, C)>> Kernel for Relax<'_, C, I> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { inputs, row: ArcsMut { cost, rest, .. }, row_depth, lower, depth, first, second, scratch } = self;
        let Scratch { best, place, settled } = scratch;
        if let Some(inputs) = inputs {
            cost.iter_mut().for_each(|cost| *cost = C::NO_PATH.0);
            for (at, weight) in inputs {
                weight.improve(l, &mut cost[at], &mut rest[at]);
            }
        }
        for (&d, cost) in row_depth.iter().zip(&*cost) {
            best[d as usize] = *cost;
        }
        let above = |t: &Lower| t.start as usize - second.base..t.end as usize - second.base;
        for t in lower {
            let first = &first.cost[t.arc as usize - first.base];
            C::lower(l, best, &depth[t.start as usize..t.end as usize], first, &second.cost[above(t)]);
        }
        if !C::HAS_REST {
            for (&d, cost) in row_depth.iter().zip(cost) {
                *cost = best[d as usize];
            }
            return;
        }
        settled.clear();
        for ((&d, cost), i) in row_depth.iter().zip(&mut *cost).zip(0_u32..) {
            let least = &best[d as usize];
            place[d as usize] = i;
            settled.push(C::equal(l, cost, least));
            *cost = *least;
        }
        for t in lower {
            let (depth, at) = (&depth[t.start as usize..t.end as usize], t.arc as usize - first.base);
            let (first_rest, rests) = (&first.rest[at], &second.rest[above(t)]);
            C::attaining(l, best, depth, &first.cost[at], &second.cost[above(t)], |i, bits| {
                let place = place[depth[i] as usize] as usize;
                C::follow(l, bits, settled[place], &mut rest[place], first_rest, &rests[i]);
                settled[place] |= bits;
            });
        }
        for (cost, rest) in cost.iter().zip(rest) {
            C::clear(l, cost, rest);
        }
    }
}
