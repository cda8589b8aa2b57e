//! Matrix engine on the hierarchy: best paths from sets of sources to sets of targets.
//!
//! Delling, Goldberg, Nowatzyk, Werneck: PHAST (2011) and Delling, Goldberg, Werneck: RPHAST (2011), on a customizable
//! hierarchy: only ancestors of the sources and targets matter ([`Selection`]); perfect customization drops the arcs
//! among them that no best path needs; then batches of sources climb and sweep down together, one SIMD lane each, with
//! labels kept on a stack addressed by depth. All four components belong to one and the same path.

mod ancestors;
mod climb;
mod prune;
mod roads;
mod select;
mod sweep;

pub use roads::{Roads, SelectedRoads};
pub use select::Selection;
pub use sweep::Batch;

use crate::hierarchy::{Cch, Customized, Packed, Row, SimdPath};
use crate::network::Weight;
use climb::Climb;
use rayon::prelude::*;
use std::ops::{Deref, DerefMut, Range};
use sweep::{LANES, Sweep};

/// Ends of paths: nodes, each with the weight before (source) or behind it (target).
pub type Ends = Vec<(u32, Weight)>;

/// In cache lines of its own: a vector that crosses from one to the next is loaded twice.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Aligned<T>(T);

impl<T> Deref for Aligned<T> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Aligned<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

/// Weights of all pairs. Sources are kept in the batches and lanes in which they were searched.
#[derive(Clone, Debug)]
pub struct Cells {
    columns: usize,
    /// Vectors of a batch.
    vectors: usize,
    /// Position of each source among the lanes of all batches.
    lane: Vec<u32>,
    /// By batch, target, field (cost, length, time, toll) and vector.
    rows: Vec<Row>,
}

impl Cells {
    const EMPTY: Self = Self { columns: 0, vectors: 1, lane: Vec::new(), rows: Vec::new() };

    /// Weight of the best path; `None` when there is none.
    #[must_use]
    pub fn get(&self, source: usize, target: usize) -> Option<Weight> {
        let [cost, length, time, toll] = self.fields(source, target)?;
        let fits = cost < Packed::CAP && length < Packed::CAP && time < Packed::CAP && toll < Packed::CAP;
        fits.then_some(Weight { cost, length, time, toll })
    }

    /// True where there is a path, but its length, time or tolls do not fit.
    #[must_use]
    pub fn is_too_large(&self, source: usize, target: usize) -> bool {
        self.fields(source, target).is_some_and(|cell| cell[0] < Packed::CAP) && self.get(source, target).is_none()
    }

    fn fields(&self, source: usize, target: usize) -> Option<[u32; 4]> {
        let lane = *self.lane.get(source)? as usize;
        if target >= self.columns {
            return None;
        }
        let (batch, lane) = (lane / (self.vectors * LANES), lane % (self.vectors * LANES));
        let cell = &self.rows[(batch * self.columns + target) * 4 * self.vectors..][..4 * self.vectors];
        Some(std::array::from_fn(|field| cell[field * self.vectors + lane / LANES][lane % LANES]))
    }

    /// Number of sources.
    #[must_use]
    pub fn sources(&self) -> usize {
        self.lane.len()
    }

    /// Number of targets.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }
}

/// The same weights, whatever the batches.
impl PartialEq for Cells {
    fn eq(&self, other: &Self) -> bool {
        let pairs = || (0..self.sources()).flat_map(|s| (0..self.columns).map(move |t| (s, t)));
        let alike = |(s, t)| self.get(s, t) == other.get(s, t) && self.is_too_large(s, t) == other.is_too_large(s, t);
        (self.sources(), self.columns) == (other.sources(), other.columns) && pairs().all(alike)
    }
}

impl Eq for Cells {}

/// All pairs, row-major. Nodes that do not exist are no ends.
#[must_use]
pub fn many_to_many(cch: &Cch, weights: &Customized, sources: &[Ends], targets: &[Ends]) -> Vec<Option<Weight>> {
    let cells =
        Selection::new(cch, weights, sources, targets).compute(Batch::for_sources(sources.len()), SimdPath::best());
    (0..sources.len()).flat_map(|s| (0..targets.len()).map(move |t| (s, t))).map(|(s, t)| cells.get(s, t)).collect()
}

impl Selection {
    /// All pairs, in parallel over batches of sources. The cells depend neither on the batch nor on the path.
    #[must_use]
    pub fn compute(&self, batch: Batch, path: SimdPath) -> Cells {
        let mut result = Cells::EMPTY;
        self.compute_into(batch, path, &mut result);
        result
    }

    /// Like [`Selection::compute`], into cells whose memory is used again.
    pub fn compute_into(&self, batch: Batch, path: SimdPath, result: &mut Cells) {
        self.compute_rows(0..self.source_count(), batch, path, result);
    }

    /// Like [`Selection::compute_into`], for some of the sources: the first of them has row 0.
    pub fn compute_rows(&self, sources: Range<usize>, batch: Batch, path: SimdPath, result: &mut Cells) {
        match batch {
            Batch::Small => self.batches::<1>(sources, path, result),
            Batch::Medium => self.batches::<4>(sources, path, result),
            Batch::Large => self.batches::<8>(sources, path, result),
        }
    }

    /// Sources that are close in rank share ancestors and best arcs: they form the batches.
    fn batches<const V: usize>(&self, sources: Range<usize>, path: SimdPath, result: &mut Cells) {
        let wanted = |source: &u32| sources.contains(&(*source as usize));
        let by_rank: Vec<u32> = self.sources_by_rank().iter().copied().filter(wanted).collect();
        result.columns = self.target_count();
        result.vectors = V;
        result.lane.resize(by_rank.len(), 0);
        by_rank.iter().zip(0..).for_each(|(source, lane)| result.lane[*source as usize - sources.start] = lane);
        let rows = by_rank.len().div_ceil(V * LANES) * self.target_count() * 4 * V;
        result.rows.resize(rows, [0; LANES]);
        let (cells, _) = result.rows.as_chunks_mut::<V>();
        let (cells, _) = cells.as_chunks_mut::<4>();
        let workspace = || (Climb::<V>::new(self), Sweep::<V>::new(self));
        cells.par_chunks_exact_mut(self.target_count().max(1)).zip(by_rank.par_chunks(V * LANES)).for_each_init(
            workspace,
            |(climb, sweep), (cells, sources)| {
                climb.run(path, self, sources.iter().copied());
                sweep.run(path, self, climb, cells);
            },
        );
    }
}
