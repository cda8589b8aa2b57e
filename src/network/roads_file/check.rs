//! Whether all indices of a network are in range and its rows belong together.

use crate::ids::JunctionIx;
use crate::lonlat::LonLat;
use crate::network::{RoadNetwork, TurnByte};
use crate::osm::WayLimits;

/// The first thing that is wrong.
pub(super) fn check(network: &RoadNetwork) -> Result<(), &'static str> {
    let on_globe = |p: &LonLat| p.lon_e7.unsigned_abs() <= 1_800_000_000 && p.lat_e7.unsigned_abs() <= 900_000_000;
    let points =
        network.junctions.iter().chain(&network.shape).chain(network.bounds.iter().flat_map(|b| [&b.min, &b.max]));
    require(points.into_iter().all(on_globe), "position")?;
    require(network.limits.first() == Some(&WayLimits::NONE), "limits")?;

    let segments = network.segments.len();
    let rows = |first: &[u32], rows: usize, entries: usize| {
        first.len() == rows + 1
            && first.first() == Some(&0)
            && first.last().is_some_and(|last| *last as usize == entries)
            && first.is_sorted()
    };
    require(rows(&network.first_shape, segments, network.shape.len()), "shape rows")?;
    require(rows(&network.first_arc, segments, network.arcs.len()), "arc rows")?;
    require(rows(&network.first_out, network.arcs.len(), network.head.len()), "turn rows")?;
    require(network.turn.len() == network.head.len(), "turns")?;
    for (s, segment) in network.segments.iter().enumerate() {
        let junction = |j: JunctionIx| network.junctions.get(j.index());
        let row = &network.first_shape[s..=s + 1];
        let shape = &network.shape[row[0] as usize..row[1] as usize];
        require(junction(segment.from).is_some() && junction(segment.to).is_some(), "junction of a segment")?;
        let joined =
            shape.len() >= 2 && shape.first() == junction(segment.from) && shape.last() == junction(segment.to);
        require(joined, "shape of a segment")?;
        require(usize::from(segment.limits) < network.limits.len(), "limits of a segment")?;
        let arcs = &network.arcs[network.first_arc[s] as usize..network.first_arc[s + 1] as usize];
        require(arcs.iter().all(|arc| arc.segment.index() == s), "segment of an arc")?;
    }
    for arc in network.arcs() {
        for (turn, head) in network.turns_from(arc) {
            require(head.index() < network.arcs.len(), "arc of a turn")?;
            require(network.ends_of(arc).1 == network.ends_of(head).0, "junction of a turn")?;
            let TurnByte(byte) = network.turn(turn);
            require(byte & 0x80 == 0, "kind of a turn")?;
        }
    }
    Ok(())
}

fn require(holds: bool, what: &'static str) -> Result<(), &'static str> {
    if holds { Ok(()) } else { Err(what) }
}
