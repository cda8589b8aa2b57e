//! Sets of points in a few words.

/// Points below this can be in a set.
pub(super) const MOST_POINTS: usize = 256;

/// A set of points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Set([u64; 4]);

impl Set {
    pub(super) fn of(points: &[usize]) -> Self {
        points.iter().fold(Self::default(), |set, point| set.with(*point))
    }

    /// All points below a number.
    pub(super) fn below(points: usize) -> Self {
        (0..points).fold(Self::default(), Self::with)
    }

    pub(super) fn with(mut self, point: usize) -> Self {
        if let Some(word) = self.0.get_mut(point / 64) {
            *word |= 1 << (point % 64);
        }
        self
    }

    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub(super) fn has(&self, point: usize) -> bool {
        self.0.get(point / 64).is_some_and(|word| word >> (point % 64) & 1 == 1)
    }

    pub(super) fn and(&self, other: &Self) -> Self {
        let mut both = *self;
        both.0.iter_mut().zip(other.0).for_each(|(a, b)| *a &= b);
        both
    }

    pub(super) fn or(&self, other: &Self) -> Self {
        let mut any = *self;
        any.0.iter_mut().zip(other.0).for_each(|(a, b)| *a |= b);
        any
    }

    pub(super) fn within(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).all(|(a, b)| a & !b == 0)
    }

    pub(super) fn disjoint(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).all(|(a, b)| a & b == 0)
    }
}
