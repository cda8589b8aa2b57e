//! All pairs: one search forward and one backward from each point of the smaller side.

use super::MatrixError;
use super::NoPath;
use super::graph::{Graph, Reversed};
use super::queue::Queue;
use super::search::{Targets, search};
use super::table::{Matrix, PackedLeg};
use crate::ids::{ArcIx, DepartureIx, SegmentIx, VehicleIx};
use crate::network::{NoSnap, PathWeight, Profile, RoadNetwork, Snap, Weight};
use crate::progress::Progress;
use rayon::prelude::*;
use std::sync::{Mutex, PoisonError};

pub(super) type Snapped = Result<Snap, NoSnap>;

/// The best path from every hub to every unit and back, for one vehicle class.
///
/// The matrix says free flow; where the profile is that of another departure, set [`Matrix::departure`].
///
/// A path is best by generalised cost, then length, then time, then tolls, so that each cell is unique: it depends
/// neither on other points nor on the number of threads. Runs in the current rayon pool; memory is the result plus
/// about 50 bytes an arc for each thread.
///
/// # Errors
/// [`MatrixError`] when interrupted, when the arguments do not belong together, and when totals overflow.
pub fn compute(
    network: &RoadNetwork,
    profile: &Profile,
    vehicle: VehicleIx,
    hubs: &[Snapped],
    ddus: &[Snapped],
    progress: &dyn Progress,
) -> Result<Matrix, MatrixError> {
    check(network, profile, hubs, ddus)?;
    let by_hub = hubs.len() <= ddus.len();
    let (few, many) = if by_hub { (hubs, ddus) } else { (ddus, hubs) };
    progress.begin("matrix", u64::try_from(few.len() * 2).ok());
    let reversed = Reversed::of(network);
    let job = Job {
        network,
        profile,
        away: Side::new(Graph::forward(network, profile), many, |snap| &snap.ends),
        home: Side::new(Graph::backward(&reversed, profile), many, |snap| &snap.starts),
        few,
        many,
        by_hub,
        same_segment: same_segment(many),
        queues: Mutex::new(Vec::new()),
        progress,
    };
    let away = job.rows(Direction::Away)?;
    let home = job.rows(Direction::Home)?;
    let (outbound, inbound) = if by_hub {
        (away.concat(), home.concat())
    } else {
        (transposed(&home, hubs.len()), transposed(&away, hubs.len()))
    };
    let (departure, columns, rates) = (DepartureIx::default(), ddus.len(), profile.rates());
    let matrix = Matrix { vehicle, departure, columns, rates, outbound, inbound };
    progress.finish(&format!("{} hubs x {columns} units, {} legs without path", hubs.len(), matrix.missing()));
    Ok(matrix)
}

/// From the few to the many, or back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Away,
    Home,
}

/// What a search in one direction needs.
struct Side<'a> {
    graph: Graph<'a>,
    targets: Targets,
}

impl<'a> Side<'a> {
    fn new(graph: Graph<'a>, many: &'a [Snapped], partials: impl Fn(&'a Snap) -> &'a Vec<(ArcIx, Weight)>) -> Self {
        let points = many.iter().flatten().map(|snap| partials(snap).as_slice());
        Self { targets: Targets::new(graph.arc_count(), points), graph }
    }
}

struct Job<'a> {
    network: &'a RoadNetwork,
    profile: &'a Profile,
    away: Side<'a>,
    home: Side<'a>,
    few: &'a [Snapped],
    many: &'a [Snapped],
    by_hub: bool,
    /// Snapped points of `many` by segment, each with its position among the snapped ones.
    same_segment: Vec<(SegmentIx, usize, &'a Snap)>,
    /// Workspaces that no thread uses at the moment.
    queues: Mutex<Vec<Queue>>,
    progress: &'a dyn Progress,
}

impl Job<'_> {
    /// One row a point of `few`. Of several errors the first by position is returned, whichever came first in time.
    fn rows(&self, direction: Direction) -> Result<Vec<Vec<PackedLeg>>, MatrixError> {
        let rows: Vec<_> = (0..self.few.len()).into_par_iter().map(|source| self.row(direction, source)).collect();
        rows.into_iter().collect()
    }

    fn row(&self, direction: Direction, source: usize) -> Result<Vec<PackedLeg>, MatrixError> {
        if self.progress.cancelled() {
            return Err(MatrixError::Interrupted);
        }
        let from = &self.few[source];
        let best = match from {
            Ok(snap) => self.paths(direction, snap)?,
            Err(_) => Vec::new(),
        };
        let mut paths = best.into_iter();
        let mut row = Vec::with_capacity(self.many.len());
        for (target, to) in self.many.iter().enumerate() {
            // Paths are listed for snapped targets only, in the order of `many`.
            let path = if to.is_ok() { paths.next().flatten() } else { None };
            let (hub, ddu) = if self.by_hub { (from, to) } else { (to, from) };
            row.push(match (hub, ddu, path) {
                (Err(no_snap), _, _) => PackedLeg::none(reason(*no_snap, true)),
                (_, Err(no_snap), _) => PackedLeg::none(reason(*no_snap, false)),
                (Ok(_), Ok(_), None) => PackedLeg::none(NoPath::Unreachable),
                (Ok(_), Ok(_), Some(path)) => {
                    PackedLeg::path(path, &self.profile.rates()).ok_or_else(|| self.too_large(source, target))?
                }
            });
        }
        self.progress.advance(1);
        Ok(row)
    }

    /// Best paths between a point and each snapped point of `many`.
    fn paths(&self, direction: Direction, point: &Snap) -> Result<Vec<Option<PathWeight>>, MatrixError> {
        let (side, starts) = match direction {
            Direction::Away => (&self.away, &point.starts),
            Direction::Home => (&self.home, &point.ends),
        };
        let mut best = vec![None; side.targets.len()];
        let first = self.same_segment.partition_point(|(segment, ..)| *segment < point.segment);
        for (_, target, other) in self.same_segment[first..].iter().take_while(|(s, ..)| *s == point.segment) {
            let (from, to) = if direction == Direction::Away { (point, *other) } else { (*other, point) };
            best[*target] = from.direct(to, self.network, self.profile).map(PathWeight::from);
        }
        if !best.is_empty() {
            let idle = self.queues.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut queue = idle.unwrap_or_else(|| Queue::new(side.graph.arc_count()));
            search(&side.graph, &mut queue, starts, &side.targets, &mut best, self.progress)?;
            self.queues.lock().unwrap_or_else(PoisonError::into_inner).push(queue);
        }
        Ok(best)
    }

    fn too_large(&self, source: usize, target: usize) -> MatrixError {
        let (hub, ddu) = if self.by_hub { (source, target) } else { (target, source) };
        let narrow = |position| u32::try_from(position).unwrap_or(u32::MAX);
        MatrixError::TooLarge { hub: narrow(hub), ddu: narrow(ddu) }
    }
}

pub(super) fn same_segment(many: &[Snapped]) -> Vec<(SegmentIx, usize, &Snap)> {
    let mut points: Vec<_> = many.iter().flatten().enumerate().map(|(i, snap)| (snap.segment, i, snap)).collect();
    points.sort_by_key(|(segment, i, _)| (*segment, *i));
    points
}

pub(super) fn reason(no_snap: NoSnap, at_hub: bool) -> NoPath {
    match no_snap {
        NoSnap::OutsideMap => NoPath::OutsideMap { at_hub },
        NoSnap::NoRoadWithinLimit { .. } => NoPath::NoRoadWithinLimit { at_hub },
        NoSnap::VehicleNotAllowed { .. } => NoPath::VehicleNotAllowed { at_hub },
        NoSnap::Isolated { arcs, .. } => NoPath::IsolatedComponent { at_hub, arcs },
    }
}

/// Columns of equally long rows, one after the other.
fn transposed(rows: &[Vec<PackedLeg>], columns: usize) -> Vec<PackedLeg> {
    (0..columns).flat_map(|column| rows.iter().filter_map(move |row| row.get(column).copied())).collect()
}

/// Everything the searches index must be in range.
pub(super) fn check(
    network: &RoadNetwork,
    profile: &Profile,
    hubs: &[Snapped],
    ddus: &[Snapped],
) -> Result<(), MatrixError> {
    if profile.arc.len() != network.arc_count() {
        return Err(MatrixError::Mismatch("the profile is"));
    }
    let on_segment =
        |snap: &Snap, arc: &ArcIx| arc.index() < network.arc_count() && network.arc(*arc).segment == snap.segment;
    let points = hubs.iter().chain(ddus).flatten();
    let fits = |snap: &Snap| snap.starts.iter().chain(&snap.ends).all(|(arc, _)| on_segment(snap, arc));
    if points.into_iter().all(|snap| snap.segment.index() < network.segments().len() && fits(snap)) {
        Ok(())
    } else {
        Err(MatrixError::Mismatch("a snapped point is"))
    }
}
