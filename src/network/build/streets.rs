//! Cuts ways into segments.
//!
//! A segment ends where a way ends, where ways meet (a node used twice, by one way or several), and at nodes where
//! something happens to the driver: a signal, a stop sign, a barrier. So all of these are costs or bans of turns.
//! A barrier's size limits hold for every segment that touches it: a vehicle too large does not drive up to it.

use super::{NetworkError, narrow};
use crate::ids::JunctionIx;
use crate::lonlat::{LonLat, decimetres};
use crate::network::{NetworkCounts, Segment};
use crate::osm::{Access, Extract, Node, Way, WayLimits};
use crate::scenario::Mode;
use rustc_hash::FxHashMap;

/// A directed road: twice its segment, plus one against the segment's direction.
pub(super) type Road = u32;

/// The segment of a directed road.
pub(super) const fn segment_of(road: Road) -> usize {
    (road >> 1) as usize
}

/// The other direction.
pub(super) const fn reversed(road: Road) -> Road {
    road ^ 1
}

/// What a driver meets at a junction.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Crossing {
    pub(super) signal: bool,
    pub(super) stop: bool,
    /// Modes that may not pass.
    pub(super) closed: u8,
    /// Modes that may pass only as destination traffic.
    pub(super) gated: u8,
}

/// Segments and junctions, before there are turns.
#[derive(Debug, Default)]
pub(super) struct Streets {
    pub(super) junctions: Vec<LonLat>,
    pub(super) crossings: Vec<Crossing>,
    /// Junction of each node of the extract, if it is one.
    pub(super) junction_of: Vec<Option<JunctionIx>>,
    /// Sorted by way.
    pub(super) segments: Vec<Segment>,
    pub(super) first_shape: Vec<u32>,
    pub(super) shape: Vec<LonLat>,
    pub(super) limits: Vec<WayLimits>,
    pub(super) counts: NetworkCounts,
}

impl Streets {
    /// Directed roads, open or not.
    pub(super) fn roads(&self) -> impl Iterator<Item = Road> + use<> {
        0..u32::try_from(2 * self.segments.len()).unwrap_or(u32::MAX)
    }

    /// Access along a directed road, by mode.
    pub(super) fn access(&self, road: Road) -> [Access; Mode::ALL.len()] {
        let segment = &self.segments[segment_of(road)];
        if road & 1 == 0 { segment.forward.access } else { segment.backward.access }
    }

    pub(super) fn is_open(&self, road: Road) -> bool {
        self.access(road).iter().any(|access| *access != Access::No)
    }

    /// Where a directed road begins and ends.
    pub(super) fn ends(&self, road: Road) -> (JunctionIx, JunctionIx) {
        let segment = &self.segments[segment_of(road)];
        if road & 1 == 0 { (segment.from, segment.to) } else { (segment.to, segment.from) }
    }

    /// Geometry of a segment.
    pub(super) fn shape(&self, segment: usize) -> &[LonLat] {
        &self.shape[self.first_shape[segment] as usize..self.first_shape[segment + 1] as usize]
    }
}

/// Modes whose access is `wanted`, as a mask.
pub(super) fn modes_with(access: [Access; Mode::ALL.len()], wanted: Access) -> u8 {
    Mode::ALL.iter().filter(|m| access[**m as usize] == wanted).fold(0, |mask, m| mask | m.bit())
}

/// Cuts the ways of an extract.
pub(super) fn cut(extract: &Extract) -> Result<Streets, NetworkError> {
    let mut ways: Vec<&Way> = extract.ways.iter().filter(|w| w.forward.is_open() || w.backward.is_open()).collect();
    ways.sort_by_key(|way| way.id);
    let nodes = checked_nodes(&ways, extract.nodes.len())?;
    narrow(nodes.saturating_mul(2), "road pieces")?;

    let mut streets = Streets { first_shape: vec![0], limits: vec![WayLimits::NONE], ..Streets::default() };
    number_junctions(extract, &ways, &mut streets);
    let mut numbers = FxHashMap::from_iter([(WayLimits::NONE, 0_u16)]);
    for way in ways {
        Cutter { extract, way, streets: &mut streets, numbers: &mut numbers }.cut()?;
    }
    if streets.segments.is_empty() { Err(NetworkError::NoRoads) } else { Ok(streets) }
}

/// Node references in all; an error when one is not in the extract.
fn checked_nodes(ways: &[&Way], present: usize) -> Result<usize, NetworkError> {
    for way in ways {
        if way.nodes.iter().any(|node| *node as usize >= present) {
            return Err(NetworkError::MissingNode { way: way.id });
        }
    }
    Ok(ways.iter().map(|way| way.nodes.len()).sum())
}

/// Junctions in order of the extract's nodes.
fn number_junctions(extract: &Extract, ways: &[&Way], streets: &mut Streets) {
    let mut uses = vec![0_u8; extract.nodes.len()];
    for way in ways {
        for node in &way.nodes {
            uses[*node as usize] = uses[*node as usize].saturating_add(1);
        }
        for end in [way.nodes.first(), way.nodes.last()].into_iter().flatten() {
            uses[*end as usize] = u8::MAX;
        }
    }
    for (node, uses) in extract.nodes.iter().zip(&uses) {
        let junction = *uses > 1 || *uses == 1 && is_event(node);
        streets.junction_of.push(junction.then(|| JunctionIx::from_index(streets.junctions.len())));
        if junction {
            streets.junctions.push(node.at);
            streets.crossings.push(Crossing {
                signal: node.signal,
                stop: node.stop,
                closed: modes_with(node.barrier, Access::No),
                gated: modes_with(node.barrier, Access::Destination),
            });
        }
    }
}

/// True where something happens to the driver.
fn is_event(node: &Node) -> bool {
    node.signal || node.stop || node.limits != WayLimits::NONE || node.barrier.iter().any(|a| *a != Access::Yes)
}

/// Cuts one way.
struct Cutter<'a> {
    extract: &'a Extract,
    way: &'a Way,
    streets: &'a mut Streets,
    numbers: &'a mut FxHashMap<WayLimits, u16>,
}

impl Cutter<'_> {
    fn cut(mut self) -> Result<(), NetworkError> {
        let at = |node: u32| self.extract.nodes[node as usize].at;
        let total: f64 = self.way.nodes.windows(2).map(|pair| at(pair[0]).metres_to(at(pair[1]))).sum();
        let (mut begin, mut before) = (0, 0.0);
        for end in 1..self.way.nodes.len() {
            if self.streets.junction_of[self.way.nodes[end] as usize].is_some() {
                before = self.segment(begin, end, before, total)?;
                begin = end;
            }
        }
        Ok(())
    }

    /// Adds the segment between two positions of the way; `before` metres of the way lie behind it.
    fn segment(&mut self, begin: usize, end: usize, before: f64, total: f64) -> Result<f64, NetworkError> {
        let (way, nodes) = (self.way, &self.way.nodes[begin..=end]);
        let mut shape: Vec<LonLat> = nodes.iter().map(|node| self.extract.nodes[*node as usize].at).collect();
        let metres: f64 = shape.windows(2).map(|pair| pair[0].metres_to(pair[1])).sum();
        let after = before + metres;
        let junction = |node: usize| self.streets.junction_of[way.nodes[node] as usize];
        let (Some(from), Some(to)) = (junction(begin), junction(end)) else { return Ok(after) };
        let length = decimetres(metres);
        if length.0 == 0 {
            if from == to {
                self.streets.counts.empty_loops += 1;
                return Ok(after);
            }
            self.streets.counts.zero_length += 1;
        }
        let limits = [begin, end]
            .map(|node| self.extract.nodes[way.nodes[node] as usize].limits)
            .into_iter()
            .fold(way.limits, WayLimits::stricter);
        // A ferry's duration is shared out by length; the shares of a way add up to it.
        let time_at = |metres: f64| {
            let share = if total > 0.0 { metres / total } else { 1.0 };
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let time = (f64::from(way.duration_ms) * share).round() as u32;
            time.min(way.duration_ms)
        };
        let segment = Segment {
            from,
            to,
            length,
            class: way.class,
            forward: way.forward,
            backward: way.backward,
            limits: self.number(limits)?,
            toll: way.toll & 7,
            duration_ms: time_at(after).saturating_sub(time_at(before)),
            way: way.id,
        };
        self.streets.segments.push(segment);
        self.streets.shape.append(&mut shape);
        self.streets.first_shape.push(narrow(self.streets.shape.len(), "shape points")?);
        Ok(after)
    }

    fn number(&mut self, limits: WayLimits) -> Result<u16, NetworkError> {
        if let Some(number) = self.numbers.get(&limits) {
            return Ok(*number);
        }
        let number = u16::try_from(self.streets.limits.len()).map_err(|_| NetworkError::TooManyLimits)?;
        self.numbers.insert(limits, number);
        self.streets.limits.push(limits);
        Ok(number)
    }
}
