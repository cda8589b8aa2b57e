//! Weights of sixteen profiles at once, one SIMD lane each.
//!
//! A cell holds costs first, in a cache line of their own: most triangles improve no lane and end after looking at it.
//! Where some lane is cheaper or ties, the other components are compared and taken over in that lane.

use super::customize::{ArcWeights, Cell, Customized};
use super::lanes::{Kernel, Lanes, Path, Row, dispatch};
use super::packed::Packed;

/// Cost, length, time and toll of sixteen profiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Sixteen([Row; 4]);

impl Sixteen {
    /// One weight per profile; unused lanes are best left [`Packed::INFINITE`].
    #[must_use]
    pub fn new(weights: &[Packed; 16]) -> Self {
        let fields = weights.map(Packed::fields);
        Self(std::array::from_fn(|field| std::array::from_fn(|lane| fields[lane][field])))
    }

    /// Weight of one profile (`lane` below 16).
    #[must_use]
    pub fn lane(&self, lane: usize) -> Packed {
        let [cost, length, time, toll] = std::array::from_fn(|field| self.0[field][lane % 16]);
        Packed::of_fields([cost, length, time, toll])
    }
}

impl Cell for Sixteen {
    const INFINITE: Self = Self([[Packed::CAP; 16]; 4]);

    #[inline]
    fn improve(&mut self, other: &Self) {
        for lane in 0..16 {
            let order = |cell: &Self| -> [u32; 4] { std::array::from_fn(|field| cell.0[field][lane]) };
            if order(other) < order(self) {
                (0..4).for_each(|field| self.0[field][lane] = other.0[field][lane]);
            }
        }
    }

    fn relax<'a>(by_depth: &mut [Self], triangles: impl Iterator<Item = (&'a Self, &'a [u32], &'a [Self])>) {
        dispatch(Path::best(), Relax { by_depth, triangles });
    }
}

struct Relax<'b, I> {
    by_depth: &'b mut [Sixteen],
    triangles: I,
}

impl<'a, I: Iterator<Item = (&'a Sixteen, &'a [u32], &'a [Sixteen])>> Kernel for Relax<'_, I> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let cap = l.splat(Packed::CAP);
        for (first, depth, row) in self.triangles {
            let cost = l.load(&first.0[0]);
            if l.bits(l.less(cost, cap)) == 0 {
                continue;
            }
            for (&d, second) in depth.iter().zip(row) {
                let Some(known) = self.by_depth.get_mut(d as usize) else { continue };
                let sum = l.add(cost, l.load(&second.0[0]));
                let least = l.load(&known.0[0]);
                if l.bits(l.or(l.less(sum, least), l.equal(sum, least))) == 0 {
                    continue;
                }
                // Costs are compared with those below the cap, so they may be capped as well.
                let saturated = |field: usize| l.min(l.add(l.load(&first.0[field]), l.load(&second.0[field])), cap);
                let sums: [L::Vector; 4] = std::array::from_fn(saturated);
                let less = l.before(&sums, &known.0.map(|row| l.load(&row)));
                for (row, sum) in known.0.iter_mut().zip(sums) {
                    let taken = l.select(less, sum, l.load(row));
                    l.store(row, taken);
                }
            }
        }
    }
}

/// Weights of one of sixteen profiles.
#[derive(Clone, Copy, Debug)]
pub struct Lane<'a> {
    weights: &'a Customized<Sixteen>,
    lane: usize,
}

impl Customized<Sixteen> {
    /// Weights of one profile (`lane` below 16).
    #[must_use]
    pub fn lane(&self, lane: usize) -> Lane<'_> {
        Lane { weights: self, lane }
    }
}

impl ArcWeights for Lane<'_> {
    fn up(&self, arc: usize) -> Packed {
        self.weights.up.get(arc).map_or(Packed::INFINITE, |cell| cell.lane(self.lane))
    }

    fn down(&self, arc: usize) -> Packed {
        self.weights.down.get(arc).map_or(Packed::INFINITE, |cell| cell.lane(self.lane))
    }
}
