//! Hubs × delivery units over the hierarchy: the same cells as [`crate::matrix::compute`].
//!
//! A route from a snapped point first takes a turn out of one of its arcs, so a source's nodes are the arcs behind those
//! turns; a target's nodes are its own arcs. The stretch between two points of one segment needs no turn and is compared
//! at the end. Hubs are the batched side of both directions: the way back is a search on the reversed graph. What both
//! directions need of the hierarchy is selected once ([`SelectedRoads`]), then any tile of hubs can be computed from it.

use super::{Batch, Cells, Ends, Selection};
use crate::hierarchy::{Customized, RoadHierarchy, SimdPath};
use crate::ids::{DepartureIx, VehicleIx};
use crate::matrix::compute::{Snapped, check, reason, same_segment};
use crate::matrix::table::PackedLeg;
use crate::matrix::{Matrix, MatrixError, NoPath};
use crate::network::{NoSnap, PathRates, PathWeight, Profile, RoadNetwork, Weight};
use crate::progress::Progress;
use rayon::prelude::*;
use std::ops::Range;

/// Cells that [`Roads::compute`] works on at once, before they are packed (16 bytes each and direction).
const CELLS_AT_ONCE: usize = 1 << 23;

/// A network with its hierarchy and the weights of one vehicle class.
#[derive(Clone, Copy, Debug)]
pub struct Roads<'a> {
    /// The map.
    pub network: &'a RoadNetwork,
    /// Vehicle class.
    pub profile: &'a Profile,
    /// Hierarchy of the network.
    pub hierarchy: &'a RoadHierarchy,
    /// Customized for the profile.
    pub weights: &'a Customized,
}

/// What the paths of one vehicle class between hubs and units can use; network and hierarchy are no longer needed.
#[derive(Clone, Debug)]
pub struct SelectedRoads {
    vehicle: VehicleIx,
    rates: PathRates,
    /// Why a point has no place on the roads, by hub and by unit.
    hubs: Vec<Option<NoSnap>>,
    ddus: Vec<Option<NoSnap>>,
    /// From hubs to units, and back (reversed).
    ways: [Selection; 2],
    stretches: Vec<Stretch>,
}

/// Hub and unit on one segment: both directions without a turn. Sorted by hub and unit.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    hub: usize,
    ddu: usize,
    both: [Option<Weight>; 2],
}

impl Roads<'_> {
    /// The best path from every hub to every unit and back, as [`crate::matrix::compute`] finds it.
    ///
    /// Differs from it in one bound: a path that costs 21,474 USD or more counts as none, see
    /// [`Packed`](crate::hierarchy::Packed). Runs in the current rayon pool.
    ///
    /// # Errors
    /// [`MatrixError`] when interrupted, when the arguments do not belong together, and when totals exceed 214,748 km,
    /// 24 days or 2,147 USD of tolls.
    pub fn compute(
        &self,
        vehicle: VehicleIx,
        hubs: &[Snapped],
        ddus: &[Snapped],
        progress: &dyn Progress,
    ) -> Result<Matrix, MatrixError> {
        self.select(vehicle, hubs, ddus)?.compute(progress)
    }

    /// Selects what paths between these points can use, both ways.
    ///
    /// # Errors
    /// [`MatrixError::Mismatch`] when the arguments do not belong together.
    pub fn select(&self, vehicle: VehicleIx, hubs: &[Snapped], ddus: &[Snapped]) -> Result<SelectedRoads, MatrixError> {
        check(self.network, self.profile, hubs, ddus)?;
        if !self.hierarchy.fits(self.network) {
            return Err(MatrixError::Mismatch("the hierarchy is"));
        }
        let cch = self.hierarchy.cch();
        let starts = |points: &[Snapped]| points.iter().map(|snap| self.starts(snap)).collect::<Vec<Ends>>();
        let ends = |points: &[Snapped]| points.iter().map(ends).collect::<Vec<Ends>>();
        let (hub_starts, hub_ends, unit_starts, unit_ends) = (starts(hubs), ends(hubs), starts(ddus), ends(ddus));
        let ways = Selection::both_ways(cch, self.weights, [&hub_starts, &unit_ends], [&hub_ends, &unit_starts]);
        let no_snaps = |points: &[Snapped]| points.iter().map(|snap| snap.as_ref().err().copied()).collect();
        Ok(SelectedRoads {
            vehicle,
            rates: self.profile.rates(),
            hubs: no_snaps(hubs),
            ddus: no_snaps(ddus),
            ways,
            stretches: self.stretches(hubs, ddus),
        })
    }

    /// Arcs behind the first turn, with the weight up to their entry.
    fn starts(&self, snap: &Snapped) -> Ends {
        let starts = snap.iter().flat_map(|snap| &snap.starts);
        let turns = starts.flat_map(|&(arc, partial)| {
            self.network.turns_from(arc).filter_map(move |(turn, next)| {
                let turn = self.profile.turn(self.network, turn)?;
                Some((next.0, saturating_sum(partial, turn)))
            })
        });
        turns.collect()
    }

    fn stretches(&self, hubs: &[Snapped], ddus: &[Snapped]) -> Vec<Stretch> {
        let near = same_segment(ddus);
        // `same_segment` counts snapped units only.
        let position: Vec<usize> = (0..ddus.len()).filter(|d| ddus[*d].is_ok()).collect();
        let mut all = Vec::new();
        for (hub, snap) in hubs.iter().enumerate().filter_map(|(h, snap)| Some((h, snap.as_ref().ok()?))) {
            let first = near.partition_point(|(segment, ..)| *segment < snap.segment);
            for (_, ddu, unit) in near[first..].iter().take_while(|(segment, ..)| *segment == snap.segment) {
                let both =
                    [snap.direct(unit, self.network, self.profile), unit.direct(snap, self.network, self.profile)];
                all.push(Stretch { hub, ddu: position[*ddu], both });
            }
        }
        all
    }
}

impl SelectedRoads {
    /// Number of hubs.
    #[must_use]
    pub fn hub_count(&self) -> usize {
        self.hubs.len()
    }

    /// Number of units.
    #[must_use]
    pub fn ddu_count(&self) -> usize {
        self.ddus.len()
    }

    /// All rows.
    ///
    /// # Errors
    /// As [`Roads::compute`].
    pub fn compute(&self, progress: &dyn Progress) -> Result<Matrix, MatrixError> {
        let (hubs, columns) = (self.hub_count(), self.ddu_count());
        progress.begin("matrix", u64::try_from(hubs).ok());
        let mut matrix = self.tile(0..0, progress)?;
        let step = (CELLS_AT_ONCE / columns.max(1)).max(1);
        for first in (0..hubs).step_by(step) {
            let tile = first..hubs.min(first + step);
            progress.advance(u64::try_from(tile.len()).unwrap_or(u64::MAX));
            let mut tile = self.tile(tile, progress)?;
            matrix.outbound.append(&mut tile.outbound);
            matrix.inbound.append(&mut tile.inbound);
        }
        progress.finish(&format!("{hubs} hubs x {columns} units, {} legs without path", matrix.missing()));
        Ok(matrix)
    }

    /// The rows of some hubs. The cells do not depend on the tile.
    ///
    /// # Errors
    /// As [`Roads::compute`].
    pub fn tile(&self, hubs: Range<usize>, progress: &dyn Progress) -> Result<Matrix, MatrixError> {
        let hubs = hubs.start.min(self.hub_count())..hubs.end.min(self.hub_count());
        let legs = |way: usize| -> Result<Vec<PackedLeg>, MatrixError> {
            if progress.cancelled() {
                return Err(MatrixError::Interrupted);
            }
            let selection = &self.ways[way];
            let mut cells = Cells::EMPTY;
            selection.compute_rows(hubs.clone(), Batch::for_sources(hubs.len()), SimdPath::best(), &mut cells);
            let rows: Vec<_> =
                hubs.clone().into_par_iter().map(|hub| self.row(way, hub, hub - hubs.start, &cells)).collect();
            // Of several errors the first by position, whichever came first in time.
            let rows = rows.into_iter().collect::<Result<Vec<_>, _>>()?;
            Ok(rows.concat())
        };
        let (outbound, inbound) = rayon::join(|| legs(0), || legs(1));
        Ok(Matrix {
            vehicle: self.vehicle,
            departure: DepartureIx::default(),
            columns: self.ddu_count(),
            rates: self.rates,
            outbound: outbound?,
            inbound: inbound?,
        })
    }

    /// One direction between a hub and all units.
    fn row(&self, way: usize, hub: usize, row: usize, cells: &Cells) -> Result<Vec<PackedLeg>, MatrixError> {
        if let Some(no_snap) = self.hubs[hub] {
            return Ok(vec![PackedLeg::none(reason(no_snap, true)); self.ddu_count()]);
        }
        let first = self.stretches.partition_point(|stretch| stretch.hub < hub);
        let mut stretches = self.stretches[first..].iter().take_while(|stretch| stretch.hub == hub).peekable();
        let leg = |(ddu, no_snap): (usize, &Option<NoSnap>)| {
            let stretch = stretches.next_if(|stretch| stretch.ddu == ddu).and_then(|stretch| stretch.both[way]);
            if let Some(no_snap) = no_snap {
                return Ok(PackedLeg::none(reason(*no_snap, false)));
            }
            let narrow = |position| u32::try_from(position).unwrap_or(u32::MAX);
            let too_large = MatrixError::TooLarge { hub: narrow(hub), ddu: narrow(ddu) };
            let over_turns = cells.get(row, ddu);
            if over_turns.is_none() && cells.is_too_large(row, ddu) {
                return Err(too_large);
            }
            match [over_turns, stretch].into_iter().flatten().min() {
                None => Ok(PackedLeg::none(NoPath::Unreachable)),
                Some(path) => PackedLeg::path(PathWeight::from(path), &self.rates).ok_or(too_large),
            }
        };
        self.ddus.iter().enumerate().map(leg).collect()
    }
}

/// Arcs on which a route may end, with the weight from their entry.
fn ends(snap: &Snapped) -> Ends {
    snap.iter().flat_map(|snap| &snap.ends).map(|(arc, partial)| (arc.0, *partial)).collect()
}

fn saturating_sum(a: Weight, b: Weight) -> Weight {
    Weight {
        cost: a.cost.saturating_add(b.cost),
        length: a.length.saturating_add(b.length),
        time: a.time.saturating_add(b.time),
        toll: a.toll.saturating_add(b.toll),
    }
}
