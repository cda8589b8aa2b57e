//! The main roads of a map as context: joined where a road just goes on, simplified, on a coarse grid, bounded in size.
//!
//! Large maps are simplified more, then lose their lower classes, until what is left has at most [`MOST_POINTS`] points.

use crate::ids::{JunctionIx, SegmentIx};
use crate::lonlat::LonLat;
use crate::network::RoadNetwork;
use crate::road_class::RoadClass;
use geo::{Coord, LineString, SimplifyIdx};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// Points that the page holds of roads: about 300 kB in it.
const MOST_POINTS: usize = 60_000;

/// Classes of roads that are shown, from the most to the least important.
const CLASSES: [RoadClass; 4] = [RoadClass::Motorway, RoadClass::Trunk, RoadClass::Primary, RoadClass::Secondary];

/// Part of the map's extent that a simplified line may be off: under half a pixel of a wide screen.
const FINEST: f64 = 1.0 / 4_000.0;

/// Position on the page's grid.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn grid(at: LonLat) -> [i32; 2] {
    let coarse = |e7: i32| crate::units::round_div(i128::from(e7), 100) as i32;
    [coarse(at.lon_e7), coarse(at.lat_e7)]
}

/// A line as its first position and the steps to the next ones; steps of no length are left out.
pub(super) fn steps(line: impl IntoIterator<Item = LonLat>) -> Vec<i32> {
    let mut out = Vec::new();
    let mut last = [0, 0];
    for at in line.into_iter().map(grid) {
        let step = [at[0] - last[0], at[1] - last[1]];
        if out.is_empty() || step != [0, 0] {
            out.extend(step);
        }
        last = at;
    }
    out
}

/// Roads of one class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageRoadLayer {
    /// Class.
    pub class: String,
    /// Lines, each its first position and then steps.
    pub lines: Vec<Vec<i32>>,
}

/// Roads by class, the most important last so that they are drawn on top.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRoads(pub Vec<PageRoadLayer>);

impl PageRoads {
    /// The main roads of a network.
    #[must_use]
    pub fn of(network: &RoadNetwork) -> Self {
        let Some(bounds) = network.bounds() else { return Self::default() };
        let stretch = f64::midpoint(bounds.min.lat(), bounds.max.lat()).to_radians().cos();
        let extent = ((bounds.max.lon() - bounds.min.lon()) * stretch).max(bounds.max.lat() - bounds.min.lat());
        let joined: Vec<(RoadClass, Vec<Vec<LonLat>>)> =
            CLASSES.into_iter().map(|class| (class, joined(network, class))).collect();
        let mut layers = Vec::new();
        for (kept, coarseness) in (1..=CLASSES.len()).rev().flat_map(|kept| [1.0, 2.0, 4.0].map(|c| (kept, c))) {
            let tolerance = extent * FINEST * coarseness;
            let shown = joined.iter().take(kept).map(|(class, lines)| (*class, simplified(lines, stretch, tolerance)));
            layers = shown.collect();
            if layers.iter().flat_map(|(_, lines)| lines).map(Vec::len).sum::<usize>() <= 2 * MOST_POINTS {
                break;
            }
        }
        Self(layers.into_iter().rev().filter(|(_, lines)| !lines.is_empty()).map(bounded).collect())
    }
}

/// The longest lines of a layer, in their order, as far as there is room.
fn bounded((class, mut lines): (RoadClass, Vec<Vec<i32>>)) -> PageRoadLayer {
    if lines.iter().map(Vec::len).sum::<usize>() > 2 * MOST_POINTS {
        lines.sort_by_key(|line| std::cmp::Reverse(line.len()));
        let mut room = 2 * MOST_POINTS;
        lines.retain(|line| {
            let fits = line.len() <= room;
            room = room.saturating_sub(line.len());
            fits
        });
    }
    PageRoadLayer { class: class.name().to_owned(), lines }
}

fn simplified(lines: &[Vec<LonLat>], stretch: f64, tolerance: f64) -> Vec<Vec<i32>> {
    let simple = |line: &Vec<LonLat>| {
        let flat: LineString<f64> = line.iter().map(|at| Coord { x: at.lon() * stretch, y: at.lat() }).collect();
        let kept = flat.simplify_idx(tolerance);
        steps(kept.into_iter().filter_map(|position| line.get(position).copied()))
    };
    lines.iter().map(simple).filter(|line| line.len() > 2).collect()
}

/// Lines of a class, joined at junctions where exactly two of its segments meet.
fn joined(network: &RoadNetwork, class: RoadClass) -> Vec<Vec<LonLat>> {
    let own = (0..network.segments().len()).map(SegmentIx::from_index);
    let own: Vec<SegmentIx> = own.filter(|segment| network.segment(*segment).class == class).collect();
    let mut meeting: FxHashMap<JunctionIx, Vec<SegmentIx>> = FxHashMap::default();
    for &segment in &own {
        let ends = network.segment(segment);
        meeting.entry(ends.from).or_default().push(segment);
        meeting.entry(ends.to).or_default().push(segment);
    }
    let mut used = fixedbitset::FixedBitSet::with_capacity(network.segments().len());
    let mut lines = Vec::new();
    let goes_on = |at: JunctionIx| meeting.get(&at).is_some_and(|there| there.len() == 2);
    // Lines begin where they do not just go on; what is then left are rings.
    for rings in [false, true] {
        for &first in &own {
            let ends = network.segment(first);
            let starts = [(ends.from, ends.to), (ends.to, ends.from)];
            let Some(&(start, _)) = starts.iter().find(|(start, _)| rings || !goes_on(*start)) else { continue };
            if used.contains(first.index()) {
                continue;
            }
            let (mut at, mut next, mut line) = (start, Some(first), Vec::new());
            while let Some(segment) = next {
                used.insert(segment.index());
                let ends = network.segment(segment);
                let shape = network.shape(segment);
                if ends.from == at {
                    line.extend_from_slice(shape);
                    at = ends.to;
                } else {
                    line.extend(shape.iter().rev());
                    at = ends.from;
                }
                let there = meeting.get(&at).filter(|there| there.len() == 2);
                next = there.and_then(|there| there.iter().copied().find(|other| !used.contains(other.index())));
            }
            line.dedup();
            lines.push(line);
        }
    }
    lines
}
