//! Storage of the weights of a half's arcs: costs densely in one array, lengths and times in another, tolls aside.
//!
//! Few arcs have tolls. Those of the others are neither written nor read, so that their memory is not even there.

use super::cell::Cell;
use bytemuck::zeroed_vec;
use std::ops::Range;

/// Weights of the arcs of one half.
#[derive(Clone, Debug)]
pub(super) struct Arcs<C: Cell> {
    pub(super) cost: Vec<C::Cost>,
    pub(super) rest: Vec<C::Rest>,
    /// Whether any profile pays a toll.
    pub(super) tolled: Vec<C::Tolled>,
    /// Anything where none does.
    pub(super) toll: Vec<C::Toll>,
}

impl<C: Cell> Arcs<C> {
    /// So many arcs, whose weights are to be written.
    pub(super) fn unknown(count: usize) -> Self {
        Self { cost: zeroed_vec(count), rest: zeroed_vec(count), tolled: zeroed_vec(count), toll: zeroed_vec(count) }
    }

    /// All of them.
    pub(super) fn all(&mut self) -> ArcsMut<'_, C> {
        let Self { cost, rest, tolled, toll } = self;
        ArcsMut { base: 0, cost, rest, tolled, toll }
    }
}

impl<C: Cell> PartialEq for Arcs<C> {
    fn eq(&self, other: &Self) -> bool {
        let same = (&self.cost, &self.rest, &self.tolled) == (&other.cost, &other.rest, &other.tolled);
        let mut tolls = self.tolled.iter().zip(self.toll.iter().zip(&other.toll));
        same && tolls.all(|(tolled, (a, b))| *tolled == C::Tolled::default() || a == b)
    }
}

impl<C: Cell> Eq for Arcs<C> {}

/// Consecutive arcs of one half, from arc `base` on.
pub struct ArcsMut<'a, C: Cell> {
    pub(super) base: usize,
    pub(super) cost: &'a mut [C::Cost],
    pub(super) rest: &'a mut [C::Rest],
    pub(super) tolled: &'a mut [C::Tolled],
    pub(super) toll: &'a mut [C::Toll],
}

/// The same, finished.
#[derive(Clone, Copy)]
pub(super) struct Done<'a, C: Cell> {
    pub(super) base: usize,
    pub(super) cost: &'a [C::Cost],
    pub(super) rest: &'a [C::Rest],
    pub(super) tolled: &'a [C::Tolled],
    pub(super) toll: &'a [C::Toll],
}

impl<'a, C: Cell> ArcsMut<'a, C> {
    /// The arcs before `arc`, and the others.
    #[inline(always)]
    pub(super) fn split(self, arc: usize) -> (Self, Self) {
        let Self { base, cost, rest, tolled, toll } = self;
        let ((cost, later_cost), (rest, later_rest)) = (cost.split_at_mut(arc - base), rest.split_at_mut(arc - base));
        let (tolled, later_tolled) = tolled.split_at_mut(arc - base);
        let (toll, later_toll) = toll.split_at_mut(arc - base);
        let later = Self { base: arc, cost: later_cost, rest: later_rest, tolled: later_tolled, toll: later_toll };
        (Self { base, cost, rest, tolled, toll }, later)
    }

    /// The arcs of a range, and those behind it.
    pub(super) fn part(self, range: Range<usize>) -> (Self, Self) {
        self.split(range.start).1.split(range.end)
    }

    /// All arcs before a range, finished, and those of the range.
    #[inline(always)]
    pub(super) fn before(self, range: Range<usize>) -> (Done<'a, C>, Self) {
        let (Self { base, cost, rest, tolled, toll }, later) = self.split(range.start);
        (Done { base, cost, rest, tolled, toll }, later.split(range.end).0)
    }

    /// For a while.
    #[inline(always)]
    pub(super) fn borrow(&mut self) -> ArcsMut<'_, C> {
        ArcsMut { base: self.base, cost: self.cost, rest: self.rest, tolled: self.tolled, toll: self.toll }
    }

    /// To read.
    #[inline(always)]
    pub(super) fn done(&self) -> Done<'_, C> {
        Done { base: self.base, cost: self.cost, rest: self.rest, tolled: self.tolled, toll: self.toll }
    }
}
