//! Hubs × delivery units over the hierarchy: the same cells as [`crate::matrix::compute`].
//!
//! A route from a snapped point first takes a turn out of one of its arcs, so a source's nodes are the arcs behind those
//! turns; a target's nodes are its own arcs. The stretch between two points of one segment needs no turn and is compared
//! at the end. Two runs over the same weights give both directions.

use super::{Batch, Cells, Ends, Selection};
use crate::hierarchy::{ArcWeights, RoadHierarchy, SimdPath};
use crate::ids::{SegmentIx, VehicleIx};
use crate::matrix::compute::{Snapped, check, reason, same_segment};
use crate::matrix::weight::totals;
use crate::matrix::{Leg, Matrix, MatrixError, NoPath};
use crate::network::{PathWeight, Profile, RoadNetwork, Snap, Weight};
use crate::progress::Progress;
use rayon::prelude::*;

/// A network with its hierarchy and the weights of one vehicle class.
#[derive(Clone, Copy, Debug)]
pub struct Roads<'a, W> {
    /// The map.
    pub network: &'a RoadNetwork,
    /// Vehicle class.
    pub profile: &'a Profile,
    /// Hierarchy of the network.
    pub hierarchy: &'a RoadHierarchy,
    /// Customized for the profile.
    pub weights: &'a W,
}

impl<W: ArcWeights> Roads<'_, W> {
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
        check(self.network, self.profile, hubs, ddus)?;
        if !self.hierarchy.fits(self.network) {
            return Err(MatrixError::Mismatch("the hierarchy is"));
        }
        progress.begin("matrix", Some(2));
        let outbound = self.cells(hubs, ddus, progress)?;
        let inbound = self.cells(ddus, hubs, progress)?;
        let near = same_segment(ddus);
        // Positions among the snapped units, as `same_segment` counts, to columns.
        let columns: Vec<usize> = (0..ddus.len()).filter(|d| ddus[*d].is_ok()).collect();
        let rows: Vec<_> = (0..hubs.len())
            .into_par_iter()
            .map(|h| {
                let direct = self.direct(&hubs[h], &near, &columns);
                let row = |away: bool| -> Result<Vec<Leg>, MatrixError> {
                    let mut direct = direct.iter().peekable();
                    (0..ddus.len())
                        .map(|d| {
                            let stretch = direct.next_if(|(column, _)| *column == d).map(|(_, both)| both);
                            let (cells, s, t) = if away { (&outbound, h, d) } else { (&inbound, d, h) };
                            let stretch = stretch.and_then(|both| both[usize::from(!away)]);
                            self.leg(&hubs[h], &ddus[d], cells, [s, t], stretch, [h, d])
                        })
                        .collect()
                };
                Ok((row(true)?, row(false)?))
            })
            .collect();
        let rows = rows.into_iter().collect::<Result<Vec<_>, MatrixError>>()?;
        let (outbound, inbound): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let (outbound, inbound) = (outbound.concat(), inbound.concat());
        let missing = outbound.iter().chain(&inbound).filter(|leg| leg.is_err()).count();
        progress.finish(&format!("{} hubs x {} units, {missing} legs without path", hubs.len(), ddus.len()));
        Ok(Matrix { vehicle, columns: ddus.len(), outbound, inbound })
    }

    fn cells(&self, from: &[Snapped], to: &[Snapped], progress: &dyn Progress) -> Result<Cells, MatrixError> {
        if progress.cancelled() {
            return Err(MatrixError::Interrupted);
        }
        let sources: Vec<Ends> = from.iter().map(|snap| self.starts(snap)).collect();
        let targets: Vec<Ends> = to.iter().map(ends).collect();
        let selection = Selection::new(self.hierarchy.cch(), self.weights, &sources, &targets);
        let cells = selection.compute(Batch::for_sources(sources.len()), SimdPath::best());
        progress.advance(1);
        Ok(cells)
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

    /// Stretches without a turn to and from units on the hub's segment, by column.
    fn direct(
        &self,
        hub: &Snapped,
        near: &[(SegmentIx, usize, &Snap)],
        columns: &[usize],
    ) -> Vec<(usize, [Option<Weight>; 2])> {
        let Ok(hub) = hub else { return Vec::new() };
        let first = near.partition_point(|(segment, ..)| *segment < hub.segment);
        let here = near[first..].iter().take_while(|(segment, ..)| *segment == hub.segment);
        here.map(|(_, position, unit)| {
            let both = [hub.direct(unit, self.network, self.profile), unit.direct(hub, self.network, self.profile)];
            (columns[*position], both)
        })
        .collect()
    }

    fn leg(
        &self,
        hub: &Snapped,
        ddu: &Snapped,
        cells: &Cells,
        [source, target]: [usize; 2],
        stretch: Option<Weight>,
        [h, d]: [usize; 2],
    ) -> Result<Leg, MatrixError> {
        if let Err(no_snap) = hub {
            return Ok(Err(reason(*no_snap, true)));
        }
        if let Err(no_snap) = ddu {
            return Ok(Err(reason(*no_snap, false)));
        }
        let narrow = |position| u32::try_from(position).unwrap_or(u32::MAX);
        let too_large = MatrixError::TooLarge { hub: narrow(h), ddu: narrow(d) };
        let over_turns = cells.get(source, target);
        if over_turns.is_none() && cells.is_too_large(source, target) {
            return Err(too_large);
        }
        match [over_turns, stretch].into_iter().flatten().min() {
            None => Ok(Err(NoPath::Unreachable)),
            Some(path) => totals(PathWeight::from(path), self.profile).map(Ok).ok_or(too_large),
        }
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
