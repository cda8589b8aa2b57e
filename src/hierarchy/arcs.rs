//! Storage of the weights of a half's arcs: costs densely in one array, what is known of the paths in others.

use super::cell::Cell;
use bytemuck::zeroed_vec;
use std::ops::Range;

/// Weights of the arcs of one half.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arcs<C: Cell> {
    pub(super) cost: Vec<C>,
    pub(super) note: Vec<C::Note>,
    /// Where a note cannot name them all: the triangles over an arc that give its cost, by arc and lowest node.
    pub(super) several: Vec<Over>,
}

/// A lower triangle over an arc.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Over {
    pub(super) arc: u32,
    /// Arc between the lower end and the lowest node, in the other half.
    pub(super) first: u32,
    /// Arc between the lowest node and the higher end, in the same half.
    pub(super) second: u32,
}

impl<C: Cell> Arcs<C> {
    /// So many arcs, whose weights are to be written.
    pub(super) fn unknown(count: usize) -> Self {
        Self { cost: zeroed_vec(count), note: zeroed_vec(count), several: Vec::new() }
    }

    /// All of them.
    pub(super) fn all(&mut self) -> ArcsMut<'_, C> {
        ArcsMut { base: 0, cost: &mut self.cost, note: &mut self.note }
    }
}

/// Consecutive arcs of one half, from arc `base` on.
pub struct ArcsMut<'a, C: Cell> {
    pub(super) base: usize,
    pub(super) cost: &'a mut [C],
    pub(super) note: &'a mut [C::Note],
}

/// Costs of the same, finished.
#[derive(Clone, Copy)]
pub(super) struct Done<'a, C: Cell> {
    pub(super) base: usize,
    pub(super) cost: &'a [C],
}

impl<'a, C: Cell> ArcsMut<'a, C> {
    /// The arcs before `arc`, and the others.
    #[inline(always)]
    pub(super) fn split(self, arc: usize) -> (Self, Self) {
        let Self { base, cost, note } = self;
        let (cost, later_cost) = cost.split_at_mut(arc - base);
        let (note, later_note) = note.split_at_mut(arc - base);
        (Self { base, cost, note }, Self { base: arc, cost: later_cost, note: later_note })
    }

    /// The arcs of a range, and those behind it.
    pub(super) fn part(self, range: Range<usize>) -> (Self, Self) {
        self.split(range.start).1.split(range.end)
    }

    /// All arcs before a range, finished, and those of the range.
    #[inline(always)]
    pub(super) fn before(self, range: Range<usize>) -> (Done<'a, C>, Self) {
        let Self { base, cost, note } = self;
        let row = range.start - base..range.end - base;
        let (done, later) = cost.split_at_mut(row.start);
        let own = Self { base: range.start, cost: &mut later[..row.len()], note: &mut note[row] };
        (Done { base, cost: done }, own)
    }

    /// For a while.
    #[inline(always)]
    pub(super) fn borrow(&mut self) -> ArcsMut<'_, C> {
        ArcsMut { base: self.base, cost: self.cost, note: self.note }
    }

    /// To read.
    #[inline(always)]
    pub(super) fn done(&self) -> Done<'_, C> {
        Done { base: self.base, cost: self.cost }
    }
}
