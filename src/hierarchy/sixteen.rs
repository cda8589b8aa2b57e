//! Costs of sixteen profiles at once, one SIMD lane each.
//!
//! The costs of an arc fill one cache line, and they are all that the triangles are relaxed for. They tell which triangles
//! can matter to any profile: those that give the least cost, of which most arcs have one for all profiles. These are
//! noted, ties included; each profile's weights are then customized over them alone ([`super::noted`]).

use super::arcs::{Arcs, ArcsMut, Over};
use super::cell::{Cell, Triangles};
use super::lanes::{Lanes, Row};
use super::packed::Packed;

/// Costs of sixteen profiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C, align(64))]
pub struct Sixteen(pub(super) Row);

impl Sixteen {
    /// Memory that an arc takes while sixteen profiles are customized together and one after the other.
    pub const BYTES_PER_ARC: usize = size_of::<Self>() + size_of::<Note>() + size_of::<Packed>();

    /// Costs of one weight a profile; unused lanes are best left [`Packed::INFINITE`].
    #[must_use]
    #[inline]
    pub fn new(weights: &[Packed; 16]) -> Self {
        Self(weights.map(Packed::cost))
    }

    /// One cost a profile; they saturate at [`Packed::CAP`].
    #[must_use]
    #[inline]
    pub fn of_costs(costs: [u32; 16]) -> Self {
        Self(costs.map(|cost| cost.min(Packed::CAP)))
    }
}

/// Which triangle gives an arc its costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub struct Note {
    /// Arc between the lower end and the lowest node, in the other half; [`Note::SEVERAL`] where there are several.
    pub(super) first: u32,
    /// Arc between the lowest node and the higher end, in the same half; of several triangles, where their list starts.
    pub(super) second: u32,
}

impl Note {
    /// No triangle: the costs are those of input arcs.
    pub(super) const NONE: Self = Self { first: u32::MAX, second: u32::MAX };
    /// Of several triangles, for one profile or for different ones. No arc has this number, nor that of [`Note::NONE`].
    pub(super) const SEVERAL: u32 = u32::MAX - 1;
}

impl Arcs<Sixteen> {
    /// The triangles over an arc that are no lone one.
    #[inline(always)]
    pub(super) fn several_over(&self, arc: usize) -> impl Iterator<Item = &Over> {
        let start = self.note[arc].second as usize;
        self.several[start..].iter().take_while(move |over| over.arc as usize == arc)
    }
}

impl Cell for Sixteen {
    type Note = Note;
    type Trail = Trail;
    type Open = Vec<u64>;
    const NO_PATH: Self = Self([Packed::CAP; 16]);

    fn trail(height: usize) -> Trail {
        Trail { open: Vec::new(), count: 0, note: vec![Note::NONE; height], place: vec![0; height] }
    }

    #[inline(always)]
    fn lesser<L: Lanes>(self, l: L, other: Self) -> Self {
        let mut lesser = self;
        l.store(&mut lesser.0, l.min(l.load(&self.0), l.load(&other.0)));
        lesser
    }

    #[inline(always)]
    fn lower<L: Lanes>(l: L, triangles: &Triangles<Self>, best: &mut [Self], trail: &mut Trail) {
        let cap = l.splat(Packed::CAP);
        let mut full = FULL;
        for lower in triangles.lower {
            let (first, depth, row) = triangles.over(lower);
            if !l.any(l.less(l.load(&first.0), cap)) {
                continue;
            }
            if trail.count > full {
                trail.filter(l, triangles, best);
                full = FULL.max(2 * trail.count);
            }
            let open = trail.room(depth.len());
            // Anew, so that it stays in registers.
            let first = l.load(&first.0);
            let mut count = 0;
            let from = u64::from(lower.arc) << 32 | u64::from(lower.start);
            for ((&d, second), over) in depth.iter().zip(row).zip(from..) {
                let least = &mut best[d as usize].0;
                let (known, sum) = (l.load(least), l.add(first, l.load(&second.0)));
                let less = l.min(known, sum);
                l.store(least, less);
                open[count] = over;
                count += usize::from(l.any(l.equal(less, sum)));
            }
            trail.count += count;
        }
    }

    #[inline(always)]
    fn pause<L: Lanes>(l: L, triangles: &Triangles<Self>, best: &[Self], trail: &mut Trail) -> Vec<u64> {
        trail.filter(l, triangles, best);
        let open = trail.open[..trail.count].to_vec();
        trail.count = 0;
        open
    }

    fn resume(trail: &mut Trail, open: Vec<u64>) {
        trail.room(open.len())[..open.len()].copy_from_slice(&open);
        trail.count = open.len();
    }

    #[inline(always)]
    fn settle<L: Lanes>(
        l: L,
        triangles: &Triangles<Self>,
        best: &[Self],
        trail: &mut Trail,
        row: ArcsMut<Self>,
        row_depth: &[u32],
        several: &mut Vec<Over>,
    ) {
        trail.filter(l, triangles, best);
        let Trail { open, count, note, place } = trail;
        let from = several.len();
        let own = u32::try_from(row.base).unwrap_or(u32::MAX);
        for (&d, arc) in row_depth.iter().zip(own..) {
            (note[d as usize], place[d as usize]) = (Note::NONE, arc);
        }
        for over in &open[..*count] {
            let over = named(*over);
            let d = triangles.depth[over.second as usize] as usize;
            let (known, arc) = (&mut note[d], place[d]);
            if *known == Note::NONE {
                *known = over;
                continue;
            }
            if known.first != Note::SEVERAL {
                several.push(Over { arc, first: known.first, second: known.second });
                known.first = Note::SEVERAL;
            }
            several.push(Over { arc, first: over.first, second: over.second });
        }
        if several.len() > from {
            // Stable: by lowest node for each arc.
            several[from..].sort_by_key(|over| over.arc);
        }
        for (&d, known) in row_depth.iter().zip(row.note) {
            *known = note[d as usize];
        }
        *count = 0;
    }

    fn file(arcs: &mut Arcs<Self>, mut parts: Vec<Vec<Over>>) {
        parts.sort_unstable_by_key(|part| part.first().map(|over| over.arc));
        arcs.several.clear();
        arcs.several.reserve_exact(parts.iter().map(Vec::len).sum());
        parts.into_iter().for_each(|part| arcs.several.extend(part));
        let mut last = None;
        for (over, start) in arcs.several.iter().zip(0..) {
            if last != Some(over.arc) {
                last = Some(over.arc);
                arcs.note[over.arc as usize].second = start;
            }
        }
    }
}

/// A triangle of a trail.
#[inline(always)]
#[allow(clippy::cast_possible_truncation)] // the two halves of the name
fn named(over: u64) -> Note {
    Note { first: (over >> 32) as u32, second: over as u32 }
}

/// A trail of more triangles than this is gone through early, to forget those that no longer matter.
const FULL: usize = 1 << 10;

/// What one row's first pass over triangles leaves.
pub struct Trail {
    /// Those that were cheaper, or as cheap, for some profile when they were relaxed; by lowest node. Each is named by its
    /// arcs, the first one in the upper half of the number.
    open: Vec<u64>,
    /// So many of them are in use.
    count: usize,
    /// By depth.
    note: Vec<Note>,
    /// By depth: arc of the row.
    place: Vec<u32>,
}

impl Trail {
    /// Memory for one more than so many triangles behind those in use.
    #[inline(always)]
    fn room(&mut self, more: usize) -> &mut [u64] {
        if self.open.len() <= self.count + more {
            self.open.resize(2 * (self.count + more) + 1, 0);
        }
        &mut self.open[self.count..]
    }

    /// Forgets those that give no finite cost of `best`.
    #[inline(always)]
    fn filter<L: Lanes>(&mut self, l: L, triangles: &Triangles<Sixteen>, best: &[Sixteen]) {
        let Triangles { depth, first, second, .. } = *triangles;
        // Sums are no less than the least cost, so those of lanes without a path differ from this bound.
        let finite = l.splat(Packed::CAP - 1);
        let mut kept = 0;
        for i in 0..self.count {
            let name = self.open[i];
            let over = named(name);
            let (down, up) = (over.first as usize - first.base, over.second as usize - second.base);
            let sum = l.add(l.load(&first.cost[down].0), l.load(&second.cost[up].0));
            let least = l.load(&best[depth[over.second as usize] as usize].0);
            self.open[kept] = name;
            kept += usize::from(l.any(l.equal(sum, l.min(least, finite))));
        }
        self.count = kept;
    }
}
