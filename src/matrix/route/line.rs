//! The geometry of a route: shapes of its roads, cut where it starts and ends.

use super::{Route, Stretch};
use crate::lonlat::{LonLat, decimetres};
use crate::network::RoadNetwork;
use crate::units::Decimetres;
use std::ops::Range;

impl Route {
    /// Points along some of its stretches (all: `0..stretches.len()`) in the order of travel, at least two; equal
    /// neighbours are left out, unless they are all there is. The network is the one it was found on.
    #[must_use]
    pub fn line(&self, network: &RoadNetwork, stretches: Range<usize>) -> Vec<LonLat> {
        let mut line = Vec::new();
        let last = self.stretches.len().saturating_sub(1);
        for (at, stretch) in self.stretches.iter().enumerate().take(stretches.end).skip(stretches.start) {
            let start = (at == 0).then_some(self.start);
            let end = (at == last).then_some(self.end);
            draw(network, stretch, start, end, &mut line);
        }
        line.dedup();
        if let [only] = line[..] {
            line.push(only);
        }
        line
    }
}

/// Adds a road from one point to another on it, or to its ends.
fn draw(network: &RoadNetwork, stretch: &Stretch, start: Option<LonLat>, end: Option<LonLat>, line: &mut Vec<LonLat>) {
    let road = network.arc(stretch.arc);
    let shape = network.shape(road.segment);
    let length = network.segment(road.segment).length;
    let mut metres = 0.0;
    let mut points = Vec::with_capacity(shape.len());
    for (at, point) in shape.iter().enumerate() {
        if at > 0 {
            metres += shape[at - 1].metres_to(*point);
        }
        let along = decimetres(metres).min(length);
        let offset = if road.reverse { Decimetres(length.0 - along.0) } else { along };
        points.push((offset, *point));
    }
    if road.reverse {
        points.reverse();
    }
    let [entry, exit] = [points.first(), points.last()].map(|point| point.map(|(_, at)| *at));
    points.retain(|(offset, _)| (start.is_none() || *offset > stretch.from) && (end.is_none() || *offset < stretch.to));
    line.extend(start.or(entry));
    line.extend(points.into_iter().map(|(_, point)| point));
    line.extend(end.or(exit));
}
