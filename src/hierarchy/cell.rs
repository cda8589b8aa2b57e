//! How the triangles of one row are relaxed, for one profile or sixteen.
//!
//! Costs of all arcs lie densely in one array, lengths and times in another, tolls aside. The first pass looks at costs
//! only: it finds the least one of each arc, and which triangles may give it. The second one adds up the rest of those,
//! and compares it where several triangles give the same cost. So nearly every triangle touches a third of the weights'
//! bytes, and every arc's rest is written about once. The result is the lexicographic minimum all the same.

use super::arcs::{ArcsMut, Done};
use super::contract::Lower;
use super::lanes::Lanes;
use bytemuck::Pod;
use std::fmt::Debug;

/// Weight of an arc for one profile or several at once, in parts.
pub trait Cell: Copy + Send + Sync {
    /// What the first pass looks at.
    type Cost: Pod + Send + Sync + Debug + Eq;
    /// What only the second pass looks at: nothing where the first one does it all.
    type Rest: Pod + Send + Sync + Debug + Eq;
    /// Whether there are tolls.
    type Tolled: Pod + Send + Sync + Debug + Eq + Default;
    /// What is looked at only where there are.
    type Toll: Pod + Send + Sync + Debug + Eq;
    /// What the first pass leaves for the second.
    type Trail: Send;

    /// No path for any profile.
    const NO_PATH: Self::Cost;

    /// Memory of the trail for rows of higher ends of less than this depth.
    fn trail(height: usize) -> Self::Trail;

    /// Keeps the lesser of the weight at this place of a row and this one.
    fn improve<L: Lanes>(&self, l: L, row: &mut ArcsMut<Self>, at: usize);

    /// First pass over triangles: lowers `best`, by depth of the higher end, to the least cost.
    fn lower<L: Lanes>(l: L, triangles: &Triangles<Self>, best: &mut [Self::Cost], trail: &mut Self::Trail);

    /// Second pass over them: `row`, with higher ends of these depths, takes over the least costs and gets their rest.
    fn settle<L: Lanes>(
        l: L,
        triangles: &Triangles<Self>,
        best: &[Self::Cost],
        trail: &mut Self::Trail,
        row: ArcsMut<Self>,
        row_depth: &[u32],
    );
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
    pub(super) fn over(&self, lower: &Lower) -> (&'a C::Cost, &'a [u32], &'a [C::Cost]) {
        let Self { depth, first, second, .. } = *self;
        let up = lower.start as usize..lower.end as usize;
        let (down, base) = (lower.arc as usize - first.base, second.base);
        (&first.cost[down], &depth[up.clone()], &second.cost[up.start - base..up.end - base])
    }
}

/// Memory of one thread.
pub(super) struct Scratch<C: Cell> {
    /// Least cost so far, by depth.
    best: Vec<C::Cost>,
    trail: C::Trail,
}

impl<C: Cell> Scratch<C> {
    pub(super) fn new(height: usize) -> Self {
        Self { best: vec![C::NO_PATH; height], trail: C::trail(height) }
    }
}

/// Arcs down to lowest nodes that are relaxed together: bounds the length of a trail.
const TOGETHER: usize = 256;

/// Relaxes triangles of a row whose higher ends have these depths. It starts with its input arcs, given by position in
/// the row, ascending, or, if there are `None`, with what it holds.
#[inline(always)]
pub(super) fn relax<C: Cell, L: Lanes>(
    l: L,
    triangles: Triangles<C>,
    inputs: Option<impl Iterator<Item = (usize, C)>>,
    mut row: ArcsMut<C>,
    row_depth: &[u32],
    scratch: &mut Scratch<C>,
) {
    if let Some(inputs) = inputs {
        row.cost.fill(C::NO_PATH);
        for (at, weight) in inputs {
            weight.improve(l, &mut row, at);
        }
    }
    for lower in triangles.lower.chunks(TOGETHER) {
        for (&d, cost) in row_depth.iter().zip(&*row.cost) {
            scratch.best[d as usize] = *cost;
        }
        let triangles = Triangles { lower, ..triangles };
        C::lower(l, &triangles, &mut scratch.best, &mut scratch.trail);
        C::settle(l, &triangles, &scratch.best, &mut scratch.trail, row.borrow(), row_depth);
    }
}
