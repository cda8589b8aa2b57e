//! Matrix engine on the hierarchy: best paths from sets of sources to sets of targets.
//!
//! Delling, Goldberg, Nowatzyk, Werneck: PHAST (2011) and Delling, Goldberg, Werneck: RPHAST (2011), on a customizable
//! hierarchy: only ancestors of the sources and targets matter ([`Selection`]); perfect customization drops the arcs
//! among them that no best path needs; then batches of sources climb one by one and sweep down together, one SIMD lane
//! each, with labels kept on a stack addressed by depth. All four components belong to one and the same path.

mod climb;
mod roads;
mod select;
mod sweep;

pub use roads::{Roads, SelectedRoads};
pub use select::Selection;
pub use sweep::Batch;

use crate::hierarchy::{ArcWeights, Cch, Packed, SimdPath};
use crate::network::Weight;
use climb::Climb;
use rayon::prelude::*;
use std::ops::Range;
use sweep::{LANES, Sweep};

/// Ends of paths: nodes, each with the weight before (source) or behind it (target).
pub type Ends = Vec<(u32, Weight)>;

/// Weights of all pairs, row-major: a row per source, a column per target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cells {
    columns: usize,
    cells: Vec<[u32; 4]>,
}

impl Cells {
    /// Weight of the best path; `None` when there is none.
    #[must_use]
    pub fn get(&self, source: usize, target: usize) -> Option<Weight> {
        let [cost, length, time, toll] = *self.row(source).get(target)?;
        let fits = cost < Packed::CAP && length < Packed::CAP && time < Packed::CAP && toll < Packed::CAP;
        fits.then_some(Weight { cost, length, time, toll })
    }

    /// True where there is a path, but its length, time or tolls do not fit.
    #[must_use]
    pub fn is_too_large(&self, source: usize, target: usize) -> bool {
        self.row(source).get(target).is_some_and(|cell| cell[0] < Packed::CAP) && self.get(source, target).is_none()
    }

    fn row(&self, source: usize) -> &[[u32; 4]] {
        let start = source.saturating_mul(self.columns).min(self.cells.len());
        &self.cells[start..(start + self.columns).min(self.cells.len())]
    }

    /// Number of targets.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }
}

/// All pairs, row-major. Nodes that do not exist are no ends.
#[must_use]
pub fn many_to_many(cch: &Cch, weights: &impl ArcWeights, sources: &[Ends], targets: &[Ends]) -> Vec<Option<Weight>> {
    let cells =
        Selection::new(cch, weights, sources, targets).compute(Batch::for_sources(sources.len()), SimdPath::best());
    (0..sources.len()).flat_map(|s| (0..targets.len()).map(move |t| (s, t))).map(|(s, t)| cells.get(s, t)).collect()
}

impl Selection {
    /// All pairs, in parallel over batches of sources. The cells depend neither on the batch nor on the path.
    #[must_use]
    pub fn compute(&self, batch: Batch, path: SimdPath) -> Cells {
        let columns = self.target_count();
        let mut result = Cells { columns, cells: Vec::new() };
        self.compute_into(batch, path, &mut result);
        result
    }

    /// Like [`Selection::compute`], into cells whose memory is used again.
    pub fn compute_into(&self, batch: Batch, path: SimdPath, result: &mut Cells) {
        self.compute_rows(0..self.source_count(), batch, path, result);
    }

    /// Like [`Selection::compute_into`], for some of the sources: the first of them has row 0.
    pub fn compute_rows(&self, sources: Range<usize>, batch: Batch, path: SimdPath, result: &mut Cells) {
        let columns = self.target_count();
        let sources = sources.start.min(self.source_count())..sources.end.min(self.source_count());
        result.columns = columns;
        result.cells.resize(sources.len() * columns, [0; 4]);
        if columns == 0 {
            return;
        }
        let mut rows: Vec<Option<&mut [[u32; 4]]>> = result.cells.chunks_exact_mut(columns).map(Some).collect();
        // Sources that are close in rank share ancestors and best arcs.
        let mut by_rank: Vec<(u32, &mut [[u32; 4]])> = Vec::with_capacity(rows.len());
        for &source in self.sources_by_rank() {
            let row = (source as usize).checked_sub(sources.start).and_then(|row| rows.get_mut(row)?.take());
            if let Some(row) = row {
                by_rank.push((source, row));
            }
        }
        match batch {
            Batch::Small => self.batches::<1>(path, by_rank),
            Batch::Medium => self.batches::<4>(path, by_rank),
            Batch::Large => self.batches::<8>(path, by_rank),
        }
    }

    fn batches<const V: usize>(&self, path: SimdPath, mut by_rank: Vec<(u32, &mut [[u32; 4]])>) {
        let workspace = || (Climb::<V>::new(self), Sweep::<V>::new(self));
        by_rank.par_chunks_mut(V * LANES).for_each_init(workspace, |(climb, sweep), batch| {
            climb.run(self, batch.iter().map(|(source, _)| *source));
            sweep.run(path, self, climb);
            sweep.write(batch);
        });
    }
}
