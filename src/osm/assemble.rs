//! From elements to an [`Extract`]: the part that files and maps in memory share.
//!
//! [`Roads`] collects ways and restrictions, names the nodes they need, and, once these are found, cuts clipped ways
//! into pieces and looks up the members of restrictions. Everything is sorted by id first, so the order of the elements
//! does not matter (except that of an id given twice the first counts).

use super::node_table::{Cursor, Found, NodeTable};
use super::raw::{RawMap, RawTags};
use super::tags::{self, Tags, WayFacts};
use super::tally::{Row, Tally};
use super::turn::Turn;
use super::{Extract, OsmError, Way};
use crate::lonlat::{Bounds, LonLat};
use crate::road_class::RoadClass;
use rayon::prelude::*;

/// A way that is a road, with the ids of its nodes.
#[derive(Clone, Debug)]
pub(super) struct RoadWay {
    pub(super) id: i64,
    pub(super) refs: Vec<i64>,
    pub(super) facts: WayFacts,
}

/// Road ways and restrictions of a map, or of a part of it.
#[derive(Debug, Default)]
pub(super) struct Roads {
    pub(super) ways: Vec<RoadWay>,
    pub(super) turns: Vec<Turn>,
    pub(super) tally: Tally,
}

impl Roads {
    /// Takes over another part of the map, which stands behind this one.
    pub(super) fn absorb(&mut self, mut other: Self) {
        self.ways.append(&mut other.ways);
        self.turns.append(&mut other.turns);
        self.tally.absorb(&other.tally);
    }

    /// Sorts by id, drops what is given twice, and returns a table of the nodes that are needed.
    pub(super) fn node_table(&mut self, map: &str) -> Result<NodeTable, OsmError> {
        // Both sorts are stable: of an id given twice, the first in the map stays.
        self.ways.par_sort_by_key(|way| way.id);
        self.turns.sort_by_key(|turn| turn.id);
        let before = (self.ways.len(), self.turns.len());
        self.ways.dedup_by_key(|way| way.id);
        self.turns.dedup_by_key(|turn| turn.id);
        self.tally.add_many(Row::WaysTwice, before.0 - self.ways.len());
        self.tally.add_many(Row::RestrictionsTwice, before.1 - self.turns.len());

        let mut ids: Vec<i64> = Vec::with_capacity(self.ways.iter().map(|way| way.refs.len()).sum());
        ids.extend(self.ways.iter().flat_map(|way| &way.refs));
        ids.par_sort_unstable();
        ids.dedup();
        ids.shrink_to_fit();
        if u32::try_from(ids.len()).is_err() {
            return Err(OsmError::TooManyNodes { map: map.to_owned(), nodes: ids.len() as u64 });
        }
        Ok(NodeTable::new(ids))
    }

    /// The extract, once the table holds all nodes that the map has.
    pub(super) fn finish(self, table: NodeTable, bounds: Option<Bounds>, map: &str) -> Result<Extract, OsmError> {
        let Self { ways, turns, mut tally } = self;
        tally.add_many(Row::NodesMissing, table.missing());
        let cut: Vec<(Vec<Way>, Tally)> = ways.par_chunks(4096).map(|chunk| cut_all(chunk, &table)).collect();
        let road_ways = ways.len();
        drop(ways);
        let mut extract = Extract::default();
        for (mut pieces, counts) in cut {
            extract.ways.append(&mut pieces);
            tally.absorb(&counts);
        }
        if extract.ways.is_empty() {
            let (ways, complete) = (tally.get(Row::WaysRead), road_ways as u64);
            return Err(OsmError::NoRoads { map: map.to_owned(), ways, complete });
        }
        table.compact_into(&mut extract);
        for turn in &turns {
            turn.resolve(&mut extract, &mut tally);
        }
        tally.add_many(Row::NodesKept, extract.nodes.len());
        tally.add_many(Row::PiecesKept, extract.ways.len());
        extract.bounds = bounds.or_else(|| Bounds::around(extract.nodes.iter().map(|node| node.at)));
        extract.counts = tally.table();
        Ok(extract)
    }
}

fn cut_all(ways: &[RoadWay], table: &NodeTable) -> (Vec<Way>, Tally) {
    let (mut pieces, mut tally) = (Vec::with_capacity(ways.len()), Tally::default());
    for way in ways {
        cut(way, table, &mut pieces, &mut tally);
    }
    (pieces, tally)
}

/// Cuts a way where nodes are missing. Positions are those of the table.
fn cut(way: &RoadWay, table: &NodeTable, pieces: &mut Vec<Way>, tally: &mut Tally) {
    let kept_before = pieces.len();
    let (mut cursor, mut clipped, mut piece) = (Cursor::default(), false, Vec::with_capacity(way.refs.len()));
    let mut close = |piece: &mut Vec<u32>| {
        let nodes = std::mem::take(piece);
        if nodes.len() >= 2 {
            let WayFacts { class, forward, backward, limits, toll, duration_ms } = way.facts;
            pieces.push(Way { id: way.id, nodes, class, forward, backward, limits, toll, duration_ms });
        }
    };
    for id in &way.refs {
        let position = table.find(*id, &mut cursor).filter(|position| table.has(*position));
        match position.and_then(|position| u32::try_from(position).ok()) {
            None => {
                clipped = true;
                close(&mut piece);
            }
            Some(position) if piece.last() == Some(&position) => tally.add(Row::RepeatedRefs),
            Some(position) => piece.push(position),
        }
    }
    close(&mut piece);
    let kept = pieces.get_mut(kept_before..).unwrap_or_default();
    match (kept.is_empty(), clipped) {
        (true, true) => tally.add(Row::WaysAbsent),
        (true, false) => tally.add(Row::WaysShort),
        (false, _) => tally.add(Row::WaysKept),
    }
    if clipped && !kept.is_empty() {
        tally.add(Row::WaysClipped);
        // The duration is that of the whole way; what part of it a piece takes is not known.
        if way.facts.class == RoadClass::Ferry && way.facts.duration_ms > 0 {
            tally.add(Row::DurationsClipped);
            kept.iter_mut().for_each(|piece| piece.duration_ms = 0);
        }
    }
}

/// True for a position on the globe.
pub(super) fn on_globe(at: LonLat) -> bool {
    (-1_800_000_000..=1_800_000_000).contains(&at.lon_e7) && (-900_000_000..=900_000_000).contains(&at.lat_e7)
}

/// Reads a map in memory by the same rules as [`read_extract`](super::read_extract) reads a file.
///
/// # Errors
/// When no way is a road with two neighbouring nodes, or there are more than 4,294,967,295 road nodes.
///
/// # Examples
/// ```
/// use ddu::lonlat::LonLat;
/// use ddu::osm::{RawMap, RawNode, RawWay, assemble};
///
/// let node = |id, lon_e7| RawNode { id, at: LonLat { lon_e7, lat_e7: 0 }, tags: vec![] };
/// let tags = vec![("highway".to_owned(), "residential".to_owned())];
/// let map = RawMap {
///     nodes: vec![node(1, 0), node(2, 10_000)],
///     ways: vec![RawWay { id: 7, refs: vec![1, 2], tags }],
///     ..RawMap::default()
/// };
/// assert_eq!(assemble(&map)?.ways[0].nodes, [0, 1]);
/// # Ok::<(), ddu::osm::OsmError>(())
/// ```
pub fn assemble(map: &RawMap) -> Result<Extract, OsmError> {
    const NAME: &str = "in memory";
    let mut roads = Roads::default();
    let tally = &mut roads.tally;
    tally.add_many(Row::NodesRead, map.nodes.len());
    tally.add_many(Row::WaysRead, map.ways.len());
    tally.add_many(Row::RelationsRead, map.relations.len());
    for way in &map.ways {
        if let Some(facts) = tags::way(Tags(&borrowed(&way.tags)), tally) {
            roads.ways.push(RoadWay { id: way.id, refs: way.refs.clone(), facts });
        }
    }
    for relation in &map.relations {
        let members = relation.members.iter().map(|m| (m.role.as_str(), m.kind, m.id));
        roads.turns.extend(Turn::read(relation.id, Tags(&borrowed(&relation.tags)), members, tally));
    }
    let mut table = roads.node_table(NAME)?;
    let mut cursor = Cursor::default();
    for node in &map.nodes {
        let Some(position) = table.find(node.id, &mut cursor) else { continue };
        if !on_globe(node.at) {
            roads.tally.add(Row::NodesOffGlobe);
            continue;
        }
        let facts =
            (!node.tags.is_empty()).then(|| Box::new(tags::node(Tags(&borrowed(&node.tags)), &mut roads.tally)));
        if !table.enter(&Found { position, at: node.at, facts }) {
            roads.tally.add(Row::NodesTwice);
        }
    }
    roads.finish(table, map.bounds, NAME)
}

/// The tags that matter, without copying them.
fn borrowed(tags: &RawTags) -> Vec<(&str, &str)> {
    let pairs = tags.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    pairs.filter(|(key, _)| tags::is_relevant(key)).collect()
}
