//! Disjoint sets of numbers, each named by its least member.

/// A forest in which links point to lesser numbers.
pub(super) struct Disjoint(Vec<usize>);

impl Disjoint {
    /// Each number below `count` on its own.
    pub(super) fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    /// The least member of a number's set; paths are halved on the way. Numbers are below `count`.
    pub(super) fn least(&mut self, mut of: usize) -> usize {
        while self.0[of] != of {
            self.0[of] = self.0[self.0[of]];
            of = self.0[of];
        }
        of
    }

    /// Makes one set of those of two numbers.
    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.least(a), self.least(b));
        self.0[a.max(b)] = a.min(b);
    }
}
