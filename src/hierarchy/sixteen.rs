//! Weights of sixteen profiles at once, one SIMD lane each.
//!
//! The costs of an arc fill one cache line, its lengths, times and tolls three others in an array of their own.

use super::arcs::{Arcs, ArcsMut};
use super::cell::{Cell, Triangles};
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
    #[inline]
    pub fn new(weights: &[Packed; 16]) -> Self {
        let fields = weights.map(Packed::fields);
        Self(std::array::from_fn(|field| std::array::from_fn(|lane| fields[lane][field])))
    }

    /// Costs, lengths, times and tolls; they saturate at [`Packed::CAP`].
    #[must_use]
    #[inline]
    pub fn of_components(components: [[u32; 16]; 4]) -> Self {
        let mut components = components;
        for row in &mut components {
            for c in row {
                *c = (*c).min(Packed::CAP);
            }
        }
        Self(components)
    }
}

impl Cell for Sixteen {
    type Cost = Lane16;
    type Rest = [Lane16; 3];
    type Trail = Trail;
    const NO_PATH: (Lane16, [Lane16; 3]) = (Lane16([Packed::CAP; 16]), [Lane16([0; 16]); 3]);

    fn trail(height: usize) -> Trail {
        Trail { winner: vec![NOBODY; height], place: vec![0; height], contested: Vec::new(), count: 0, settled: Vec::new() }
    }

    #[inline(always)]
    fn improve<L: Lanes>(&self, l: L, cost: &mut Lane16, rest: &mut [Lane16; 3]) {
        let own_cost = l.load(&self.0[0]);
        let own_rest: [L::Vector; 3] = std::array::from_fn(|f| l.load(&self.0[f + 1]));
        let known_cost = l.load(&cost.0);
        if l.bits(l.less(known_cost, l.splat(Packed::CAP))) == 0 {
            l.store(&mut cost.0, own_cost);
            (0..3).for_each(|f| l.store(&mut rest[f].0, own_rest[f]));
            return;
        }
        let known: [L::Vector; 3] = std::array::from_fn(|f| l.load(&rest[f].0));
        let same = l.and(l.equal(own_cost, known_cost), l.before(&own_rest, &known));
        let less = l.or(l.less(own_cost, known_cost), same);
        l.store(&mut cost.0, l.select(less, own_cost, known_cost));
        (0..3).for_each(|f| l.store(&mut rest[f].0, l.select(less, own_rest[f], known[f])));
    }

    #[inline(always)]
    fn lower<L: Lanes>(l: L, triangles: &Triangles<Self>, best: &mut [Lane16], trail: &mut Trail) {
        let cap = l.splat(Packed::CAP);
        let winner = &mut trail.winner[..best.len()];
        let mut contested = 0;
        for (lower, t) in triangles.lower.iter().zip(0_u32..) {
            let (first, depth, row) = triangles.over(lower);
            let first = l.load(&first.0);
            if l.bits(l.less(first, cap)) == 0 {
                continue;
            }
            if trail.contested.len() < contested + depth.len() {
                trail.contested.resize(2 * (contested + depth.len()), NOBODY);
            }
            for ((&d, second), arc) in depth.iter().zip(row).zip(lower.start..) {
                let least = &mut best[d as usize].0;
                let (known, sum) = (l.load(least), l.add(first, l.load(&second.0)));
                l.store(least, l.min(known, sum));
                let less = l.bits(l.less(sum, known));
                let more = l.bits(l.less(known, sum));
                let from = [t, arc];
                let winner = &mut winner[d as usize];
                *winner = if less == ALL { from } else { *winner };
                trail.contested[contested] = from;
                contested += usize::from(less != ALL && more != ALL);
            }
        }
        trail.count = contested;
    }

    #[inline(always)]
    fn settle<L: Lanes>(
        l: L,
        triangles: &Triangles<Self>,
        best: &[Lane16],
        trail: &mut Trail,
        row: ArcsMut<Self>,
        row_depth: &[u32],
    ) {
        let Trail { winner, place, contested, count, settled } = trail;
        let contested = &contested[..*count];
        let Triangles { lower, depth, first, second } = triangles;
        let cap = l.splat(Packed::CAP);
        let ends = |[t, arc]: [u32; 2]| (lower[t as usize].arc as usize - first.base, arc as usize - second.base);
        let over = |from| {
            let (down, up) = ends(from);
            l.add(l.load(&first.cost[down].0), l.load(&second.cost[up].0))
        };
        let rest_over = |from| -> [L::Vector; 3] {
            let (down, up) = ends(from);
            let (first, second) = (&first.rest[down], &second.rest[up]);
            std::array::from_fn(|f| l.min(l.add(l.load(&first[f].0), l.load(&second[f].0)), cap))
        };
        settled.clear();
        for (((&d, cost), rest), i) in row_depth.iter().zip(&mut *row.cost).zip(&mut *row.rest).zip(0_u32..) {
            let least = l.load(&best[d as usize].0);
            let from = std::mem::replace(&mut winner[d as usize], NOBODY);
            place[d as usize] = i;
            let mut known = l.less(least, cap);
            if from == NOBODY {
                known = l.and(known, l.equal(l.load(&cost.0), least));
            } else {
                let sums = rest_over(from);
                (0..3).for_each(|f| l.store(&mut rest[f].0, sums[f]));
                if !contested.is_empty() {
                    known = l.and(known, l.equal(over(from), least));
                }
            }
            settled.push(l.bits(known));
            l.store(&mut cost.0, least);
        }
        for &from in contested {
            let d = depth[from[1] as usize] as usize;
            let least = l.load(&best[d].0);
            let mut taken = l.and(l.less(least, cap), l.equal(over(from), least));
            let bits = l.bits(taken);
            if bits == 0 {
                continue;
            }
            let place = place[d] as usize;
            let (sums, rest) = (rest_over(from), &mut row.rest[place]);
            let known: [L::Vector; 3] = std::array::from_fn(|f| l.load(&rest[f].0));
            if bits & settled[place] != 0 {
                taken = l.and(taken, l.or(l.mask(!settled[place]), l.before(&sums, &known)));
            }
            (0..3).for_each(|f| l.store(&mut rest[f].0, l.select(taken, sums[f], known[f])));
            settled[place] |= bits;
        }
        for (&settled, rest) in settled.iter().zip(row.rest).filter(|(settled, _)| **settled != ALL) {
            for row in rest {
                let kept = l.select(l.mask(settled), l.load(&row.0), l.splat(0));
                l.store(&mut row.0, kept);
            }
        }
    }
}

/// What one row's first pass over triangles leaves: each by number of its lowest node and its arc up.
pub struct Trail {
    /// By depth: the last one that was cheaper than all before it for every profile. [`NOBODY`] between rows.
    winner: Vec<[u32; 2]>,
    /// By depth: position in the row.
    place: Vec<u32>,
    /// Those that were cheaper, or as cheap, for some profiles only.
    contested: Vec<[u32; 2]>,
    /// So many of them are in use.
    count: usize,
    /// By position in the row: profiles whose rest belongs to the least cost.
    settled: Vec<u32>,
}

/// No triangle.
const NOBODY: [u32; 2] = [u32::MAX; 2];

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
