//! One search: the best paths from one point to many.
//!
//! Dijkstra (1959) over the edge-based graph. A label stands at the *entry* of an arc: it holds the path up to there,
//! the turn into the arc included. Taking arc `a` offers label + arc(a) + turn(a, b) to each `b`. The source offers its
//! partial arc and the turns out of it; a target closes with its own partial arc. In a backward graph "entry" is the
//! arc's end and everything else reads the same. The search ends when no label left can be part of a best path to any
//! target.

use super::MatrixError;
use super::graph::Graph;
use super::queue::Queue;
use crate::ids::ArcIx;
use crate::network::{PathWeight, Weight};
use crate::progress::Progress;
use fixedbitset::FixedBitSet;

/// Labels taken between two looks at the wish to stop.
const LABELS_PER_LOOK: u32 = 1 << 16;

/// Arcs on which paths end, of many points.
pub(super) struct Targets {
    count: usize,
    marked: FixedBitSet,
    /// Arc, target, weight of the last partial arc; sorted.
    closings: Vec<(ArcIx, u32, Weight)>,
}

impl Targets {
    /// Points by their partial arcs; a point without any is never reached.
    pub(super) fn new<'p>(arcs: usize, points: impl IntoIterator<Item = &'p [(ArcIx, Weight)]>) -> Self {
        let mut targets = Self { count: 0, marked: FixedBitSet::with_capacity(arcs), closings: Vec::new() };
        for (target, partials) in (0u32..).zip(points) {
            targets.count += 1;
            for &(arc, weight) in partials {
                targets.marked.insert(arc.index());
                targets.closings.push((arc, target, weight));
            }
        }
        targets.closings.sort_unstable();
        targets
    }

    /// Number of points.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    fn closings_of(&self, arc: ArcIx) -> &[(ArcIx, u32, Weight)] {
        let from = self.closings.partition_point(|closing| closing.0 < arc);
        let rest = &self.closings[from..];
        &rest[..rest.partition_point(|closing| closing.0 == arc)]
    }
}

/// Improves `best` (one entry a target; what is there already is a path known otherwise) by all paths from `starts`.
///
/// Targets that cannot be reached stay `None`.
pub(super) fn search(
    graph: &Graph<'_>,
    queue: &mut Queue,
    starts: &[(ArcIx, Weight)],
    targets: &Targets,
    best: &mut [Option<PathWeight>],
    progress: &dyn Progress,
) -> Result<(), MatrixError> {
    queue.clear();
    for &(arc, partial) in starts {
        for (next, turn) in graph.turns(arc) {
            queue.offer(next, PathWeight::from(partial) + turn.into());
        }
    }
    let mut missing = best.iter().filter(|known| known.is_none()).count();
    let mut ceiling = ceiling_of(missing, best);
    let mut taken = 0u32;
    while let Some((arc, label)) = queue.least() {
        if ceiling.is_some_and(|ceiling| label > ceiling) {
            break;
        }
        queue.take_least();
        taken = taken.wrapping_add(1);
        if taken.is_multiple_of(LABELS_PER_LOOK) && progress.cancelled() {
            return Err(MatrixError::Interrupted);
        }
        if targets.marked.contains(arc.index()) {
            for &(_, target, last) in targets.closings_of(arc) {
                let path = label + last.into();
                let known = &mut best[target as usize];
                missing -= usize::from(known.is_none());
                if known.is_none_or(|known| path < known) {
                    *known = Some(path);
                }
            }
            if ceiling.is_none() {
                ceiling = ceiling_of(missing, best);
            }
        }
        if let Some(whole) = graph.arc(arc) {
            let end = label + whole.into();
            for (next, turn) in graph.turns(arc) {
                queue.offer(next, end + turn.into());
            }
        }
    }
    Ok(())
}

/// The worst path known, once every target has one: labels beyond it improve nothing. Equal ones do not either, but
/// best paths may lead on through them over arcs that weigh nothing, so that routes need them.
fn ceiling_of(missing: usize, best: &[Option<PathWeight>]) -> Option<PathWeight> {
    if missing == 0 { best.iter().copied().max().flatten() } else { None }
}
