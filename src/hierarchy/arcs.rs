//! Storage of the weights of a half's arcs: costs densely in one array, the rest in another.

use super::cell::Cell;
use std::ops::Range;

/// Weights of the arcs of one half.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Arcs<C: Cell> {
    pub(super) cost: Vec<C::Cost>,
    pub(super) rest: Vec<C::Rest>,
}

impl<C: Cell> Arcs<C> {
    /// So many arcs that are no path.
    pub(super) fn none(count: usize) -> Self {
        Self { cost: vec![C::NO_PATH.0; count], rest: vec![C::NO_PATH.1; count] }
    }

    /// Changes the number of arcs.
    pub(super) fn resize(&mut self, count: usize) {
        self.cost.resize(count, C::NO_PATH.0);
        self.rest.resize(count, C::NO_PATH.1);
    }

    /// All of them.
    pub(super) fn all(&mut self) -> ArcsMut<'_, C> {
        ArcsMut { base: 0, cost: &mut self.cost, rest: &mut self.rest }
    }
}

/// Consecutive arcs of one half, from arc `base` on.
pub struct ArcsMut<'a, C: Cell> {
    pub(super) base: usize,
    pub(super) cost: &'a mut [C::Cost],
    pub(super) rest: &'a mut [C::Rest],
}

/// The same, finished.
#[derive(Clone, Copy)]
pub struct Done<'a, C: Cell> {
    pub(super) base: usize,
    pub(super) cost: &'a [C::Cost],
    pub(super) rest: &'a [C::Rest],
}

impl<'a, C: Cell> ArcsMut<'a, C> {
    /// The arcs before `arc`, and the others.
    pub(super) fn split(self, arc: usize) -> (Self, Self) {
        let (cost, later_cost) = self.cost.split_at_mut(arc - self.base);
        let (rest, later_rest) = self.rest.split_at_mut(arc - self.base);
        (Self { base: self.base, cost, rest }, Self { base: arc, cost: later_cost, rest: later_rest })
    }

    /// The arcs of a range, and those behind it.
    pub(super) fn part(self, range: Range<usize>) -> (Self, Self) {
        self.split(range.start).1.split(range.end)
    }

    /// All arcs before a range, finished, and those of the range.
    #[inline(always)]
    pub(super) fn before(self, range: Range<usize>) -> (Done<'a, C>, Self) {
        let (below, rest) = self.split(range.start);
        (Done { base: below.base, cost: below.cost, rest: below.rest }, rest.split(range.end).0)
    }

    /// For a while.
    pub(super) fn borrow(&mut self) -> ArcsMut<'_, C> {
        ArcsMut { base: self.base, cost: self.cost, rest: self.rest }
    }

    /// To read.
    pub(super) fn done(&self) -> Done<'_, C> {
        Done { base: self.base, cost: self.cost, rest: self.rest }
    }
}
