//! Weights of sixteen profiles at once, one SIMD lane each.
//!
//! The costs of an arc fill one cache line, its lengths and times two others in an array of their own, and its tolls, if
//! any profile pays one, another.

use super::arcs::{Arcs, ArcsMut, Done};
use super::cell::{Cell, Triangles};
use super::customize::{ArcWeights, Customized};
use super::lanes::{Lanes, Row};
use super::packed::Packed;
use std::hint::select_unpredictable;

/// Cost, length, time and toll of sixteen profiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Sixteen([Row; 4]);

/// A number per profile, in a cache line of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
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
    type Rest = [Lane16; 2];
    type Tolled = u8;
    type Toll = Lane16;
    type Trail = Trail;
    const NO_PATH: Lane16 = Lane16([Packed::CAP; 16]);

    fn trail(height: usize) -> Trail {
        let (winner, place) = (vec![NOBODY; height], vec![0; height]);
        Trail { winner, place, contested: Vec::new(), count: 0, settled: Vec::new() }
    }

    #[inline(always)]
    fn improve<L: Lanes>(&self, l: L, row: &mut ArcsMut<Self>, at: usize) {
        let [cost, length, time, toll] = &self.0;
        let (cost, length, time, toll) = (l.load(cost), l.load(length), l.load(time), l.load(toll));
        let known_cost = l.load(&row.cost[at].0);
        let mut least = cost;
        let mut rest = Remainder::of(l, [length, time, toll]);
        if l.bits(l.less(known_cost, l.splat(Packed::CAP))) != 0 {
            let known = Remainder::at(l, &row.done(), at);
            let same = l.and(l.equal(cost, known_cost), l.before(&rest.of, &known.of));
            let less = l.or(l.less(cost, known_cost), same);
            least = l.select(less, cost, known_cost);
            rest = Remainder::of(l, rest.select(l, less, &known).of);
        }
        let path = l.less(least, l.splat(Packed::CAP));
        if l.bits(path) != ALL {
            rest = Remainder::of(l, rest.select(l, path, &Remainder::none(l)).of);
        }
        l.store(&mut row.cost[at].0, least);
        rest.store(l, row, at);
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
                let from = u64::from(t) << 32 | u64::from(arc);
                let winner = &mut winner[d as usize];
                *winner = select_unpredictable(less == ALL, from, *winner);
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
        mut row: ArcsMut<Self>,
        row_depth: &[u32],
    ) {
        let Trail { winner, place, contested, count, settled } = trail;
        let contested = &contested[..*count];
        let cap = l.splat(Packed::CAP);
        settled.clear();
        let mut all = ALL;
        for (&d, i) in row_depth.iter().zip(0_u32..) {
            let (at, d) = (i as usize, d as usize);
            let least = l.load(&best[d].0);
            let from = std::mem::replace(&mut winner[d], NOBODY);
            place[d] = i;
            let mut known = l.less(least, cap);
            if from == NOBODY {
                known = l.and(known, l.equal(l.load(&row.cost[at].0), least));
            } else {
                let from = Over::new(triangles, from);
                from.rest(l).store(l, &mut row, at);
                if !contested.is_empty() {
                    known = l.and(known, l.equal(from.cost(l), least));
                }
            }
            l.store(&mut row.cost[at].0, least);
            settled.push(l.bits(known));
            all &= l.bits(known);
        }
        for &from in contested {
            let from = Over::new(triangles, from);
            let d = from.depth as usize;
            let least = l.load(&best[d].0);
            let mut taken = l.and(l.less(least, cap), l.equal(from.cost(l), least));
            let bits = l.bits(taken);
            if bits == 0 {
                continue;
            }
            let at = place[d] as usize;
            let (rest, known) = (from.rest(l), Remainder::at(l, &row.done(), at));
            if bits & settled[at] != 0 {
                taken = l.and(taken, l.or(l.mask(!settled[at]), l.before(&rest.of, &known.of)));
            }
            rest.select(l, taken, &known).store(l, &mut row, at);
            settled[at] |= bits;
        }
        if all == ALL && contested.is_empty() {
            return;
        }
        for (at, &settled) in settled.iter().enumerate() {
            if settled != ALL || row.tolled[at] != 0 {
                let rest = Remainder::at(l, &row.done(), at).select(l, l.mask(settled), &Remainder::none(l));
                Remainder::of(l, rest.of).store(l, &mut row, at);
            }
        }
    }
}

/// A triangle, named as in a [`Trail`].
struct Over<'a> {
    /// Of the higher end.
    depth: u32,
    down: usize,
    up: usize,
    first: Done<'a, Sixteen>,
    second: Done<'a, Sixteen>,
}

// Methods, not closures: these are always inlined into code compiled for the lanes' instructions.
impl<'a> Over<'a> {
    #[inline(always)]
    #[allow(clippy::cast_possible_truncation)] // the two halves of the name
    fn new(triangles: &Triangles<'a, Sixteen>, name: u64) -> Self {
        let Triangles { lower, depth, first, second } = *triangles;
        let (down, up) = (lower[(name >> 32) as usize].arc as usize, name as u32 as usize);
        Self { depth: depth[up], down: down - first.base, up: up - second.base, first, second }
    }

    #[inline(always)]
    fn cost<L: Lanes>(&self, l: L) -> L::Vector {
        l.add(l.load(&self.first.cost[self.down].0), l.load(&self.second.cost[self.up].0))
    }

    #[inline(always)]
    fn rest<L: Lanes>(&self, l: L) -> Remainder<L> {
        Remainder::at(l, &self.first, self.down).plus(l, &Remainder::at(l, &self.second, self.up))
    }
}

/// Length, time and toll of sixteen profiles. Tolls are zero unless `tolled`, and often are then.
struct Remainder<L: Lanes> {
    of: [L::Vector; 3],
    tolled: u8,
}

impl<L: Lanes> Remainder<L> {
    /// That of no path.
    #[inline(always)]
    fn none(l: L) -> Self {
        Self { of: [l.splat(0); 3], tolled: 0 }
    }

    #[inline(always)]
    fn of(l: L, of: [L::Vector; 3]) -> Self {
        let tolled = u8::from(l.bits(l.less(l.splat(0), of[2])) != 0);
        Self { of, tolled }
    }

    #[inline(always)]
    fn at(l: L, arcs: &Done<Sixteen>, at: usize) -> Self {
        let ([length, time], tolled) = (&arcs.rest[at], arcs.tolled[at]);
        let toll = if tolled == 0 { l.splat(0) } else { l.load(&arcs.toll[at].0) };
        Self { of: [l.load(&length.0), l.load(&time.0), toll], tolled }
    }

    #[inline(always)]
    fn store(&self, l: L, row: &mut ArcsMut<Sixteen>, at: usize) {
        let [length, time] = &mut row.rest[at];
        l.store(&mut length.0, self.of[0]);
        l.store(&mut time.0, self.of[1]);
        row.tolled[at] = self.tolled;
        if self.tolled != 0 {
            l.store(&mut row.toll[at].0, self.of[2]);
        }
    }

    /// Of a path of two arcs.
    #[inline(always)]
    fn plus(&self, l: L, other: &Self) -> Self {
        let cap = l.splat(Packed::CAP);
        let ([a, b, c], [x, y, z]) = (self.of, other.of);
        let of = [l.min(l.add(a, x), cap), l.min(l.add(b, y), cap), l.min(l.add(c, z), cap)];
        Self { of, tolled: self.tolled | other.tolled }
    }

    /// This where the mask is set, else the other one.
    #[inline(always)]
    fn select(&self, l: L, mask: L::Mask, other: &Self) -> Self {
        let ([a, b, c], [x, y, z]) = (self.of, other.of);
        let of = [l.select(mask, a, x), l.select(mask, b, y), l.select(mask, c, z)];
        Self { of, tolled: self.tolled | other.tolled }
    }
}

/// What one row's first pass over triangles leaves: each by number of its lowest node and its arc up.
pub struct Trail {
    /// By depth: the last one that was cheaper than all before it for every profile. [`NOBODY`] between rows.
    winner: Vec<u64>,
    /// By depth: position in the row.
    place: Vec<u32>,
    /// Those that were cheaper, or as cheap, for some profiles only.
    contested: Vec<u64>,
    /// So many of them are in use.
    count: usize,
    /// By position in the row: profiles whose rest belongs to the least cost.
    settled: Vec<u32>,
}

/// No triangle.
const NOBODY: u64 = u64::MAX;

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
        let Some((cost, [length, time])) = arcs.cost.get(arc).zip(arcs.rest.get(arc)) else { return Packed::INFINITE };
        let toll = if arcs.tolled[arc] == 0 { 0 } else { arcs.toll[arc].0[lane] };
        Packed::of_fields([cost.0[lane], length.0[lane], time.0[lane], toll])
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
