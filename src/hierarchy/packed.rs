//! A [`Weight`] in one 128-bit integer, so that sum and lexicographic comparison are one operation each.
//!
//! Bound: every component saturates at 2^31 - 1. A saturated cost (21,474 USD) means "no path"; a path whose length
//! (214,748 km), time (24 days) or tolls (2,147 USD) saturate is not reported either. Since both summands are at most
//! 2^31 - 1, no component carries into the next one. Saturating sums of non-negative numbers are associative and
//! commutative: a result does not depend on how a path was put together.

use super::arcs::{ArcsMut, Over};
use super::cell::{Cell, Triangles};
use super::customize::Customized;
use super::lanes::{Lanes, prefetch};
use crate::network::Weight;

/// Weight of an arc or a path; the derived order is that of [`Weight`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(transparent)]
pub struct Packed(pub(crate) u128);

/// The top bit of each component.
const CARRY: u128 = 0x8000_0000_8000_0000_8000_0000_8000_0000;

impl Packed {
    /// Cost of "no path"; every component saturates here.
    pub const CAP: u32 = (1 << 31) - 1;
    /// No path: larger than every path.
    pub const INFINITE: Self = Self(!CARRY);
    /// The empty path.
    pub const ZERO: Self = Self(0);

    /// Packs a weight; components saturate.
    #[inline]
    #[must_use]
    pub fn new(weight: Weight) -> Self {
        Self::of_fields([weight.cost, weight.length, weight.time, weight.toll])
    }

    /// From cost, length, time, toll; components saturate.
    #[inline]
    pub(crate) fn of_fields(fields: [u32; 4]) -> Self {
        let [cost, length, time, toll] = fields.map(|c| u128::from(c.min(Self::CAP)));
        if cost == u128::from(Self::CAP) {
            return Self::INFINITE;
        }
        Self(cost << 96 | length << 64 | time << 32 | toll)
    }

    /// The weight, or `None` where there is no path within the bounds.
    #[must_use]
    pub fn weight(self) -> Option<Weight> {
        let [cost, length, time, toll] = self.fields();
        let fits = [cost, length, time, toll].iter().all(|c| *c < Self::CAP);
        fits.then_some(Weight { cost, length, time, toll })
    }

    /// Cost, length, time, toll.
    #[inline]
    #[must_use]
    #[allow(clippy::cast_possible_truncation)] // the shifts leave the 32 bits wanted
    pub fn fields(self) -> [u32; 4] {
        [(self.0 >> 96) as u32, (self.0 >> 64) as u32, (self.0 >> 32) as u32, self.0 as u32]
    }

    /// The cost; [`Packed::CAP`] is "no path".
    #[inline]
    #[must_use]
    #[allow(clippy::cast_possible_truncation)] // 32 bits are left
    pub fn cost(self) -> u32 {
        (self.0 >> 96) as u32
    }

    /// True for a cost below the cap.
    #[inline]
    #[must_use]
    pub fn is_finite(self) -> bool {
        self.cost() < Self::CAP
    }

    /// Sum, saturating by component; no path if either is no path.
    #[inline]
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let sum = self.0 + other.0;
        if sum & CARRY == 0 { Self(sum) } else { Self::saturated(sum) }
    }

    #[cold]
    #[allow(clippy::cast_possible_truncation)] // each component is masked to 32 bits
    fn saturated(sum: u128) -> Self {
        let cap = |shift: u32| u128::from(((sum >> shift) as u32).min(Self::CAP)) << shift;
        if (sum >> 96) as u32 >= Self::CAP {
            return Self::INFINITE;
        }
        Self(cap(96) | cap(64) | cap(32) | cap(0))
    }
}

/// One profile needs one pass and no notes: sum and comparison are single operations on all components.
impl Cell for Packed {
    type Note = ();
    type Trail = ();
    type Open = ();
    const NO_PATH: Self = Self::INFINITE;

    fn trail(_: usize) {}

    #[inline(always)]
    fn lesser<L: Lanes>(self, _: L, other: Self) -> Self {
        self.min(other)
    }

    #[inline(always)]
    fn lower<L: Lanes>(_: L, triangles: &Triangles<Self>, best: &mut [Self], (): &mut ()) {
        for lower in triangles.lower {
            let (first, depth, row) = triangles.over(lower);
            if first.is_finite() {
                for (&d, second) in depth.iter().zip(row) {
                    let least = &mut best[d as usize];
                    *least = (*least).min(first.plus(*second));
                }
            }
        }
    }

    fn pause<L: Lanes>(_: L, _: &Triangles<Self>, _: &[Self], (): &mut ()) {}

    fn resume((): &mut (), (): ()) {}

    #[inline(always)]
    fn settle<L: Lanes>(
        _: L,
        _: &Triangles<Self>,
        _: &[Self],
        (): &mut (),
        _: ArcsMut<Self>,
        _: &[u32],
        _: &mut Vec<Over>,
    ) {
    }
}

impl Customized {
    /// Weight of an arc to a higher node; arcs that do not exist are no path.
    #[must_use]
    #[inline(always)]
    pub fn up(&self, arc: usize) -> Packed {
        self.up.cost.get(arc).copied().unwrap_or(Packed::INFINITE)
    }

    /// Weight of an arc from a higher node.
    #[must_use]
    #[inline(always)]
    pub fn down(&self, arc: usize) -> Packed {
        self.down.cost.get(arc).copied().unwrap_or(Packed::INFINITE)
    }

    /// Tells that [`Customized::up`] will be asked soon.
    #[inline(always)]
    pub(crate) fn prefetch_up(&self, arc: usize) {
        prefetch(&self.up.cost, arc);
    }

    /// Tells that [`Customized::down`] will be asked soon.
    #[inline(always)]
    pub(crate) fn prefetch_down(&self, arc: usize) {
        prefetch(&self.down.cost, arc);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_compare_like_tuples_and_saturate() {
        let w = |cost, length, time, toll| Packed::new(Weight { cost, length, time, toll });
        assert_eq!(w(1, 2, 3, 4).plus(w(5, 6, 7, 8)), w(6, 8, 10, 12));
        assert!(w(1, 9, 9, 9) < w(2, 0, 0, 0) && w(1, 1, 0, 0) > w(1, 0, 9, 9));
        assert_eq!(w(u32::MAX, 0, 0, 0), Packed::INFINITE);
        assert_eq!(Packed::INFINITE.plus(w(0, 0, 0, 0)), Packed::INFINITE);
        assert!(!w(Packed::CAP - 1, 0, 0, 0).plus(w(1, 0, 0, 0)).is_finite());
        let long = w(1, Packed::CAP - 1, 0, 0).plus(w(1, Packed::CAP - 1, 5, 0));
        assert_eq!(long.fields(), [2, Packed::CAP, 5, 0]);
        assert_eq!(long.weight(), None);
        assert!(long < Packed::INFINITE && long.plus(w(1, 1, 1, 1)).fields() == [3, Packed::CAP, 6, 1]);
    }
}
