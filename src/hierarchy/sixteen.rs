//! Weights of sixteen profiles at once, one SIMD lane each.
//!
//! The costs of an arc fill one cache line, its lengths, times and tolls three others in an array of their own.

use super::arcs::Arcs;
use super::cell::Cell;
use super::customize::{ArcWeights, Customized};
use super::lanes::{Lanes, Row};
use super::packed::Packed;

/// Cost, length, time and toll of sixteen profiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Sixteen([Row; 4]);

/// A number per profile, in a cache line of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Lane16(Row);

impl Sixteen {
    /// One weight per profile; unused lanes are best left [`Packed::INFINITE`].
    #[must_use]
    pub fn new(weights: &[Packed; 16]) -> Self {
        let fields = weights.map(Packed::fields);
        Self(std::array::from_fn(|field| std::array::from_fn(|lane| fields[lane][field])))
    }

    /// Costs, lengths, times and tolls; they saturate at [`Packed::CAP`].
    #[must_use]
    pub fn of_components(components: [[u32; 16]; 4]) -> Self {
        Self(components.map(|row| row.map(|c| c.min(Packed::CAP))))
    }
}

impl Cell for Sixteen {
    type Cost = Lane16;
    type Rest = [Lane16; 3];
    const NO_PATH: (Lane16, [Lane16; 3]) = (Lane16([Packed::CAP; 16]), [Lane16([0; 16]); 3]);

    const HAS_REST: bool = true;

    #[inline(always)]
    fn improve<L: Lanes>(&self, l: L, cost: &mut Lane16, rest: &mut [Lane16; 3]) {
        let own_cost = l.load(&self.0[0]);
        let own_rest: [L::Vector; 3] = std::array::from_fn(|f| l.load(&self.0[f + 1]));
        let known_cost = l.load(&cost.0);
        let mut less = l.less(own_cost, known_cost);
        if l.bits(less) == ALL {
            l.store(&mut cost.0, own_cost);
            (0..3).for_each(|f| l.store(&mut rest[f].0, own_rest[f]));
            return;
        }
        let known: [L::Vector; 3] = std::array::from_fn(|f| l.load(&rest[f].0));
        less = l.or(less, l.and(l.equal(own_cost, known_cost), l.before(&own_rest, &known)));
        l.store(&mut cost.0, l.select(less, own_cost, known_cost));
        (0..3).for_each(|f| l.store(&mut rest[f].0, l.select(less, own_rest[f], known[f])));
    }

    #[inline(always)]
    fn equal<L: Lanes>(l: L, a: &Lane16, b: &Lane16) -> u32 {
        l.bits(l.equal(l.load(&a.0), l.load(&b.0)))
    }

    #[inline(always)]
    fn lower<L: Lanes>(l: L, best: &mut [Lane16], depth: &[u32], first: &Lane16, row: &[Lane16]) {
        let first = l.load(&first.0);
        if l.bits(l.less(first, l.splat(Packed::CAP))) == 0 {
            return;
        }
        for (&d, second) in depth.iter().zip(row) {
            let least = &mut best[d as usize].0;
            let sum = l.min(l.load(least), l.add(first, l.load(&second.0)));
            l.store(least, sum);
        }
    }

    #[inline(always)]
    fn attaining<L: Lanes>(
        l: L,
        best: &[Lane16],
        depth: &[u32],
        first: &Lane16,
        row: &[Lane16],
        mut hit: impl FnMut(usize, u32),
    ) {
        let first = l.load(&first.0);
        if l.bits(l.less(first, l.splat(Packed::CAP))) == 0 {
            return;
        }
        for (i, (&d, second)) in depth.iter().zip(row).enumerate() {
            let bits = l.bits(l.equal(l.add(first, l.load(&second.0)), l.load(&best[d as usize].0)));
            if bits != 0 {
                hit(i, bits);
            }
        }
    }

    #[inline(always)]
    fn follow<L: Lanes>(
        l: L,
        bits: u32,
        settled: u32,
        rest: &mut [Lane16; 3],
        first: &[Lane16; 3],
        second: &[Lane16; 3],
    ) {
        let cap = l.splat(Packed::CAP);
        let sum: [L::Vector; 3] = std::array::from_fn(|f| l.min(l.add(l.load(&first[f].0), l.load(&second[f].0)), cap));
        if settled == 0 && bits == ALL {
            (0..3).for_each(|f| l.store(&mut rest[f].0, sum[f]));
            return;
        }
        let known: [L::Vector; 3] = std::array::from_fn(|f| l.load(&rest[f].0));
        let mut taken = l.mask(bits);
        if bits & settled != 0 {
            taken = l.and(taken, l.or(l.mask(!settled), l.before(&sum, &known)));
        }
        (0..3).for_each(|f| l.store(&mut rest[f].0, l.select(taken, sum[f], known[f])));
    }

    #[inline(always)]
    fn clear<L: Lanes>(l: L, cost: &Lane16, rest: &mut [Lane16; 3]) {
        let finite = l.less(l.load(&cost.0), l.splat(Packed::CAP));
        if l.bits(finite) != ALL {
            for row in rest {
                let kept = l.select(finite, l.load(&row.0), l.splat(0));
                l.store(&mut row.0, kept);
            }
        }
    }
}

/// All sixteen profiles.
const ALL: u32 = 0xFFFF;

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

impl Lane<'_> {
    fn of(&self, arcs: &Arcs<Sixteen>, arc: usize) -> Packed {
        let lane = self.lane % 16;
        arcs.cost.get(arc).zip(arcs.rest.get(arc)).map_or(Packed::INFINITE, |(cost, [length, time, toll])| {
            Packed::of_fields([cost, length, time, toll].map(|row| row.0[lane]))
        })
    }
}

impl ArcWeights for Lane<'_> {
    fn up(&self, arc: usize) -> Packed {
        self.of(&self.weights.up, arc)
    }

    fn down(&self, arc: usize) -> Packed {
        self.of(&self.weights.down, arc)
    }
}
