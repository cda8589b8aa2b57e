//! The post offices of a file: a pass for them, and one for the corners of those that are ways.

use super::block::{Block, Offices};
use super::frame::{Kind, MapFile, Place};
use super::{Reader, bytes};
use crate::lonlat::LonLat;
use crate::osm::OsmError;
use crate::osm::node_table::NodeTable;
use crate::osm::post_office::{PostOffices, middle};
use crate::osm::tally::Tally;
use crate::progress::Progress;
use std::path::Path;

/// Reads the post offices of an `.osm.pbf` file, whether it holds roads or not.
///
/// Uses the threads of the current rayon pool; the result is the same for any number of them.
///
/// # Errors
/// As [`super::read_extract`], but for a file without roads.
pub fn read_post_offices(path: &Path, progress: &dyn Progress) -> Result<PostOffices, OsmError> {
    let mut file = MapFile::open(path)?;
    let places = file.index()?;
    let mut reader = Reader { path, file, progress };
    reader.headers(&places)?;
    let data: Vec<Place> = places.into_iter().filter(|place| place.kind == Kind::Data).collect();
    progress.begin("reading post offices", Some(bytes(&data)));
    let mut pass = (Offices::default(), Vec::new());
    let decode = |_: &(Offices, Vec<Place>), contents: &[u8]| Block::parse(contents)?.offices();
    reader.for_each(&data, &mut pass, decode, |(all, with_nodes), place, part| {
        with_nodes.extend(part.has_nodes.then_some(*place));
        all.nodes.extend(part.nodes);
        all.ways.extend(part.ways);
        all.relations += part.relations;
    })?;
    let (Offices { mut nodes, ways, relations, .. }, with_nodes) = pass;

    let mut ids: Vec<i64> = ways.iter().flat_map(|way| &way.refs).copied().collect();
    ids.sort_unstable();
    ids.dedup();
    let mut table = NodeTable::new(ids);
    if !ways.is_empty() {
        let decode = |table: &NodeTable, contents: &[u8]| Block::parse(contents)?.nodes(table, &mut Tally::default());
        reader.for_each(&with_nodes, &mut table, decode, |table, _, found| {
            for node in &found {
                table.enter(node);
            }
        })?;
    }
    let mut ways_left_out = 0;
    for mut way in ways {
        let corners: Vec<LonLat> = way.refs.iter().filter_map(|id| table.place(*id)).collect();
        match middle(&corners) {
            Some(at) => {
                way.office.at = at;
                nodes.push(way.office);
            }
            None => ways_left_out += 1,
        }
    }
    nodes.sort_by_key(|office| (office.kind, office.id));
    // Of an id given twice, the first in the map stays.
    nodes.dedup_by_key(|office| (office.kind, office.id));
    progress.finish(&format!("{} post offices", nodes.len()));
    Ok(PostOffices { offices: nodes, relations_left_out: relations, ways_left_out })
}
