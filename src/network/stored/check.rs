//! Whether all indices of a network are in range and its rows belong together.

use crate::flat_file::Fault;
use crate::ids::{ArcIx, JunctionIx};
use crate::lonlat::LonLat;
use crate::network::{RoadNetwork, TurnByte};
use crate::osm::WayLimits;
use rayon::prelude::*;

/// Something that is wrong, if anything is.
pub(super) fn check(network: &RoadNetwork) -> Result<(), Fault> {
    let on_globe = |p: &LonLat| p.lon_e7.unsigned_abs() <= 1_800_000_000 && p.lat_e7.unsigned_abs() <= 900_000_000;
    let box_on_globe = network.bounds.iter().flat_map(|b| [&b.min, &b.max]).all(on_globe);
    let all_on_globe = box_on_globe
        && network.junctions.par_iter().with_min_len(GRAIN).all(on_globe)
        && network.shape.par_iter().with_min_len(GRAIN).all(on_globe);
    require(all_on_globe, "position")?;
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
    (0..segments).into_par_iter().with_min_len(GRAIN).try_for_each(|s| check_segment(network, s))?;
    // Turns need arcs and these segments that are known to exist.
    (0..network.arcs.len()).into_par_iter().with_min_len(GRAIN).try_for_each(|a| check_turns(network, a))
}

/// Fewer rows are not worth another thread.
const GRAIN: usize = 4096;

fn check_segment(network: &RoadNetwork, s: usize) -> Result<(), Fault> {
    let segment = &network.segments[s];
    let junction = |j: JunctionIx| network.junctions.get(j.index());
    require(junction(segment.from).is_some() && junction(segment.to).is_some(), "junction of a segment")?;
    let shape = &network.shape[network.first_shape[s] as usize..network.first_shape[s + 1] as usize];
    let joined = shape.len() >= 2 && shape.first() == junction(segment.from) && shape.last() == junction(segment.to);
    require(joined, "shape of a segment")?;
    require(usize::from(segment.limits) < network.limits.len(), "limits of a segment")?;
    let arcs = &network.arcs[network.first_arc[s] as usize..network.first_arc[s + 1] as usize];
    require(arcs.iter().all(|arc| arc.segment.index() == s), "segment of an arc")
}

fn check_turns(network: &RoadNetwork, arc: usize) -> Result<(), Fault> {
    let arc = ArcIx::from_index(arc);
    let end = network.ends_of(arc).1;
    for (turn, head) in network.turns_from(arc) {
        require(head.index() < network.arcs.len(), "arc of a turn")?;
        require(end == network.ends_of(head).0, "junction of a turn")?;
        let TurnByte(byte) = network.turn(turn);
        require(byte & 0x80 == 0, "kind of a turn")?;
    }
    Ok(())
}

fn require(holds: bool, what: Fault) -> Result<(), Fault> {
    if holds { Ok(()) } else { Err(what) }
}
