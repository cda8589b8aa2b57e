//! Which arcs a list of closed roads takes away, by vehicle class.
//!
//! A closed road is a way of the map; its arcs are all copies of all its pieces in the directions that are closed. They
//! become forbidden in profiles ([`Profile::close`](super::Profile::close)): the network stays as it is.

use super::RoadNetwork;
use crate::ids::{ArcIx, SegmentIx, VehicleIx};
use crate::scenario::ClosedRoad;

/// Closed arcs of a network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closures {
    /// Arcs with the class that they are closed for; `None` is all.
    arcs: Vec<(ArcIx, Option<VehicleIx>)>,
    idle: Vec<usize>,
}

impl Closures {
    /// Finds the arcs of closed roads, in one pass over the segments.
    #[must_use]
    pub fn new(network: &RoadNetwork, closed: &[ClosedRoad]) -> Self {
        let mut by_way: Vec<(i64, usize)> = closed.iter().enumerate().map(|(i, road)| (road.way, i)).collect();
        by_way.sort_unstable();
        let mut closes = vec![false; closed.len()];
        let mut arcs = Vec::new();
        let segments = if closed.is_empty() { 0 } else { network.segments().len() };
        for segment in (0..segments).map(SegmentIx::from_index) {
            let way = network.segment(segment).way;
            let first = by_way.partition_point(|(other, _)| *other < way);
            for &(_, i) in by_way[first..].iter().take_while(|(other, _)| *other == way) {
                let road = &closed[i];
                let taken = network.arcs_of(segment).filter(|arc| road.direction.closes(network.arc(*arc).reverse));
                let before = arcs.len();
                arcs.extend(taken.map(|arc| (arc, road.vehicle)));
                closes[i] |= arcs.len() > before;
            }
        }
        let idle = (0..closed.len()).filter(|i| !closes[*i]).collect();
        Self { arcs, idle }
    }

    /// Arcs that are closed for a vehicle class.
    pub fn arcs(&self, vehicle: VehicleIx) -> impl Iterator<Item = ArcIx> + '_ {
        let concerned = move |class: Option<VehicleIx>| class.is_none_or(|class| class == vehicle);
        self.arcs.iter().filter(move |(_, class)| concerned(*class)).map(|(arc, _)| *arc)
    }

    /// Positions in the list of roads that close nothing: their way has no arc, or none in that direction.
    #[must_use]
    pub fn idle(&self) -> &[usize] {
        &self.idle
    }
}
