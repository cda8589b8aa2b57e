//! The matrix of all classes and departures, written tile by tile of hubs while the next tile is computed.
//!
//! Held in memory: what the paths need of the hierarchy, once a class and departure, and two tiles. A tile has a SIMD batch
//! of hubs or several, fewer where there are so many units that its cells would take more than a bound.

use super::lanes::{Class, Lane};
use super::run::RunError;
use crate::matrix::fast::SelectedRoads;
use crate::matrix::{Matrix, MatrixError};
use crate::progress::Progress;
use crate::report::{MatrixPart, MatrixTable, Snaps};
use crate::scenario::Scenario;
use rayon::prelude::*;
use std::io::Write;
use std::ops::Range;

/// Hubs of a full batch.
const BATCH: usize = 128;
/// Most cells of a tile, all classes and departures together (24 bytes each); a tile has at least one hub.
const MOST_CELLS: usize = 1 << 24;

/// The matrix of a scenario, ready to be written.
pub struct MatrixTiles<'a> {
    scenario: &'a Scenario,
    classes: Vec<Class<'a>>,
    lanes: Vec<Lane>,
    source: Source,
    hubs_at_once: usize,
}

/// Where rows come from.
enum Source {
    /// Computed already, by plain searches.
    Matrices(Vec<Matrix>),
    /// Computed when their turn comes.
    Roads(Vec<SelectedRoads>),
}

impl<'a> MatrixTiles<'a> {
    pub(super) fn of_matrices(scenario: &'a Scenario, classes: Vec<Class<'a>>, matrices: Vec<Matrix>) -> Self {
        let lane = |m: &Matrix| {
            Some(Lane { class: classes.iter().position(|c| c.vehicle == m.vehicle)?, departure: m.departure })
        };
        let lanes = matrices.iter().filter_map(lane).collect();
        Self { scenario, classes, lanes, source: Source::Matrices(matrices), hubs_at_once: usize::MAX }
    }

    pub(super) fn of_roads(
        scenario: &'a Scenario,
        classes: Vec<Class<'a>>,
        lanes: Vec<Lane>,
        roads: Vec<SelectedRoads>,
    ) -> Self {
        // Each lane gives two batches of work.
        let batches = rayon::current_num_threads().div_ceil((2 * lanes.len()).max(1));
        let row = scenario.ddus.len().saturating_mul(lanes.len()).max(1);
        let hubs_at_once = (MOST_CELLS / row).clamp(1, BATCH * batches);
        Self { scenario, classes, lanes, source: Source::Roads(roads), hubs_at_once }
    }

    /// The same in tiles of another size, at least one hub; the file does not depend on it.
    #[must_use]
    pub fn with_hubs_at_once(mut self, hubs: usize) -> Self {
        self.hubs_at_once = hubs.max(1);
        self
    }

    /// Writes `matrix.parquet`.
    ///
    /// # Errors
    /// When interrupted (looked at between tiles), when writing fails, or when a path's totals overflow.
    pub fn write(&self, out: &mut (impl Write + Send), progress: &dyn Progress) -> Result<(), RunError> {
        self.fill(MatrixTable::new(out, self.scenario, self.parts())?, progress)
    }

    /// Writes the same rows as CSV.
    ///
    /// # Errors
    /// As [`MatrixTiles::write`].
    pub fn write_csv(&self, out: &mut (impl Write + Send), progress: &dyn Progress) -> Result<(), RunError> {
        self.fill(MatrixTable::csv(out, self.scenario, self.parts())?, progress)
    }

    fn parts(&self) -> Vec<MatrixPart<'_>> {
        let part = |lane: &Lane| {
            let class = &self.classes[lane.class];
            let snaps = Snaps { hubs: &class.hubs, ddus: &class.ddus };
            MatrixPart { vehicle: class.vehicle, departure: lane.departure, snaps }
        };
        self.lanes.iter().map(part).collect()
    }

    fn fill<W: Write + Send>(&self, mut table: MatrixTable<'_, W>, progress: &dyn Progress) -> Result<(), RunError> {
        let roads = match &self.source {
            Source::Matrices(matrices) => {
                table.tile(matrices)?;
                return Ok(table.finish()?);
            }
            Source::Roads(roads) => roads,
        };
        let (hubs, units) = (self.scenario.hubs.len(), self.scenario.ddus.len());
        progress.begin("matrix", u64::try_from(hubs).ok());
        let mut tiles =
            (0..hubs).step_by(self.hubs_at_once).map(|first| first..hubs.min(first.saturating_add(self.hubs_at_once)));
        let mut missing = 0;
        let mut ready = tiles.next().map(|tile| self.tile(roads, tile, progress)).transpose()?;
        while let Some(tile) = ready {
            let next = tiles.next();
            let (written, computed) =
                rayon::join(|| table.tile(&tile), || next.map(|tile| self.tile(roads, tile, progress)).transpose());
            written?;
            missing += tile.iter().map(Matrix::missing).sum::<usize>();
            progress.advance(tile.first().map_or(0, |m| m.cells().checked_div(units).unwrap_or(0) as u64));
            ready = computed?;
        }
        if progress.cancelled() {
            return Err(RunError::Interrupted);
        }
        table.finish()?;
        progress.finish(&format!(
            "{hubs} hubs x {units} units x {} classes and departures, {missing} legs without path",
            self.lanes.len()
        ));
        Ok(())
    }

    fn tile(
        &self,
        roads: &[SelectedRoads],
        hubs: Range<usize>,
        progress: &dyn Progress,
    ) -> Result<Vec<Matrix>, MatrixError> {
        let of_lane = |(lane, roads): (&Lane, &SelectedRoads)| {
            let mut matrix = roads.tile(hubs.clone(), progress)?;
            matrix.departure = lane.departure;
            Ok(matrix)
        };
        let all: Vec<Result<Matrix, MatrixError>> = self.lanes.par_iter().zip(roads).map(of_lane).collect();
        all.into_iter().collect()
    }
}
