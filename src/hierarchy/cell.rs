//! How the triangles of one row are relaxed, for one profile or sixteen.
//!
//! The first pass lowers the costs of the row's arcs. What a cost does not tell by itself, which triangles give it, is
//! noted by a second one when all triangles of the row have been relaxed.

use super::arcs::{Arcs, ArcsMut, Done, Over};
use super::contract::Lower;
use super::lanes::Lanes;
use super::subtrees::Part;
use bytemuck::Pod;
use std::fmt::Debug;

/// Weight of an arc for one profile or several at once.
pub trait Cell: Pod + Send + Sync + Debug + Eq {
    /// Which triangles give an arc its cost.
    type Note: Pod + Send + Sync + Debug + Eq;
    /// What the first pass leaves for the second.
    type Trail: Send;
    /// What is left of it where a row's triangles are relaxed in two parts.
    type Open: Send;

    /// No path for any profile.
    const NO_PATH: Self;

    /// Memory of the trail for rows of higher ends of less than this depth.
    fn trail(height: usize) -> Self::Trail;

    /// The lesser of both, for each profile.
    fn lesser<L: Lanes>(self, l: L, other: Self) -> Self;

    /// First pass over triangles: lowers `best`, by depth of the higher end, to the least cost.
    fn lower<L: Lanes>(l: L, triangles: &Triangles<Self>, best: &mut [Self], trail: &mut Self::Trail);

    /// Leaves off before the row is done.
    fn pause<L: Lanes>(l: L, triangles: &Triangles<Self>, best: &[Self], trail: &mut Self::Trail) -> Self::Open;

    /// Goes on.
    fn resume(trail: &mut Self::Trail, open: Self::Open);

    /// Second pass: writes the notes of `row`, with higher ends of these depths.
    fn settle<L: Lanes>(
        l: L,
        triangles: &Triangles<Self>,
        best: &[Self],
        trail: &mut Self::Trail,
        row: ArcsMut<Self>,
        row_depth: &[u32],
        several: &mut Vec<Over>,
    );

    /// Files the triangles that notes could not name, given in parts of consecutive rows.
    fn file(_arcs: &mut Arcs<Self>, _parts: Vec<Vec<Over>>) {}
}

/// Lower triangles of one row.
#[derive(Clone, Copy)]
pub struct Triangles<'a, C: Cell> {
    pub(super) lower: &'a [Lower],
    /// Depths of all arcs of the row's half.
    pub(super) depth: &'a [u32],
    /// Arcs down to the triangles' lowest nodes, in the other half.
    pub(super) first: Done<'a, C>,
    /// Arcs up from there, in the row's half.
    pub(super) second: Done<'a, C>,
}

impl<'a, C: Cell> Triangles<'a, C> {
    /// The triangles over one lowest node: cost of the arc down to it, depths of the higher ends, costs of the arcs up.
    #[inline(always)]
    pub(super) fn over(&self, lower: &Lower) -> (&'a C, &'a [u32], &'a [C]) {
        let Self { depth, first, second, .. } = *self;
        let up = lower.start as usize..lower.end as usize;
        let (down, base) = (lower.arc as usize - first.base, second.base);
        (&first.cost[down], &depth[up.clone()], &second.cost[up.start - base..up.end - base])
    }
}

/// Memory of one thread.
pub(super) struct Scratch<C: Cell> {
    /// Least cost so far, by depth.
    best: Vec<C>,
    trail: C::Trail,
    /// What notes could not name, for each half.
    pub(super) several: [Vec<Over>; 2],
}

impl<C: Cell> Scratch<C> {
    pub(super) fn new(height: usize) -> Self {
        Self { best: vec![C::NO_PATH; height], trail: C::trail(height), several: Default::default() }
    }
}

/// Relaxes triangles of a row. It starts with its input arcs, given by position in the row, or, when it was left off
/// before, with what it holds.
#[inline(always)]
pub(super) fn relax<C: Cell, L: Lanes>(
    l: L,
    half: usize,
    triangles: &Triangles<C>,
    inputs: impl Iterator<Item = (usize, C)>,
    row: ArcsMut<C>,
    part: &mut Part<'_, [Option<C::Open>; 2]>,
    scratch: &mut Scratch<C>,
) {
    let Scratch { best, trail, several } = scratch;
    let row_depth = &triangles.depth[row.base..][..row.cost.len()];
    if let Part::From(_, open) = part {
        for (&d, cost) in row_depth.iter().zip(&*row.cost) {
            best[d as usize] = *cost;
        }
        if let Some(open) = open[half].take() {
            C::resume(trail, open);
        }
    } else {
        for &d in row_depth {
            best[d as usize] = C::NO_PATH;
        }
        for (at, weight) in inputs {
            let known = &mut best[row_depth[at] as usize];
            *known = weight.lesser(l, *known);
        }
    }
    C::lower(l, triangles, best, trail);
    for (&d, cost) in row_depth.iter().zip(&mut *row.cost) {
        *cost = best[d as usize];
    }
    if let Part::Below(_, open) = part {
        open[half] = Some(C::pause(l, triangles, best, trail));
    } else {
        C::settle(l, triangles, best, trail, row, row_depth, &mut several[half]);
    }
}
