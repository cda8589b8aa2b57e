//! The decoder against another reader, on real extracts.

use crate::shared::shared;
use ddu::lonlat::LonLat;
use ddu::osm::{Extract, MemberKind, RawMap, RawMember, RawNode, RawRelation, RawTags, RawWay, assemble, read_extract};
use ddu::progress::Silent;
use osmpbfreader::{OsmId, OsmObj, OsmPbfReader, Tags};
use std::fs::File;
use std::path::Path;

const EXTRACTS: [&str; 3] = ["columbus-oh.osm.pbf", "portland-or.osm.pbf", "ny-metro.osm.pbf"];

fn tags(tags: &Tags) -> RawTags {
    tags.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

/// The whole file as another reader sees it.
pub fn raw_map(path: &Path) -> RawMap {
    let mut map = RawMap::default();
    for object in OsmPbfReader::new(File::open(path).unwrap()).iter() {
        match object.unwrap() {
            OsmObj::Node(node) => {
                let at = LonLat { lon_e7: node.decimicro_lon, lat_e7: node.decimicro_lat };
                map.nodes.push(RawNode { id: node.id.0, at, tags: tags(&node.tags) });
            }
            OsmObj::Way(way) => {
                let refs = way.nodes.iter().map(|id| id.0).collect();
                map.ways.push(RawWay { id: way.id.0, refs, tags: tags(&way.tags) });
            }
            OsmObj::Relation(relation) => {
                let member = |member: &osmpbfreader::Ref| {
                    let (kind, id) = match member.member {
                        OsmId::Node(id) => (MemberKind::Node, id.0),
                        OsmId::Way(id) => (MemberKind::Way, id.0),
                        OsmId::Relation(id) => (MemberKind::Relation, id.0),
                    };
                    RawMember { role: member.role.to_string(), kind, id }
                };
                let members = relation.refs.iter().map(member).collect();
                map.relations.push(RawRelation { id: relation.id.0, tags: tags(&relation.tags), members });
            }
        }
    }
    map
}

fn read(path: &Path, threads: usize) -> Extract {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| read_extract(path, &Silent)).unwrap()
}

#[test]
fn equals_another_reader_for_any_number_of_threads() {
    for name in EXTRACTS {
        let Some(path) = shared(name) else { return };
        let mine = read(&path, 2);
        let mut map = raw_map(&path);
        map.bounds = mine.bounds; // the other reader does not show the header's box
        let theirs = assemble(&map).unwrap();
        assert_eq!(mine.counts, theirs.counts, "{name}");
        assert!(mine == theirs, "{name}: other elements");
        assert!(mine == read(&path, 1), "{name}: depends on threads");
    }
}

/// Facts of these extracts that were counted by other means.
#[test]
fn known_facts() {
    let Some(path) = shared("columbus-oh.osm.pbf") else { return };
    let (map, columbus) = (raw_map(&path), read(&path, 2));
    let count = |key: &str, value: Option<&str>| {
        let tag = |way: &&RawWay| way.tags.iter().any(|(k, v)| k == key && value.is_none_or(|value| v == value));
        map.ways.iter().filter(tag).count()
    };
    assert_eq!((count("maxspeed", None), count("hgv", None), count("hgv", Some("designated"))), (728, 657, 657));
    // Two of the 728 are on a footway and on a street closed to motor vehicles.
    let posted = columbus.ways.iter().filter(|way| way.forward.speed_centimph.max(way.backward.speed_centimph) > 0);
    assert_eq!(posted.count(), 726);
    let row = |extract: &Extract, name: &str| extract.counts.get(name).unwrap();
    assert_eq!(row(&columbus, "restrictions read"), 30);
    // 21 of the 30 restrictions name ways that this extract does not hold.
    assert_eq!((row(&columbus, "restrictions kept"), row(&columbus, "restrictions dropped: member missing")), (9, 21));
    // 11,145 ways have one of our highway values; 11,166 are counted drivable where paths for farm traffic are too.
    let (kept, closed, areas) = (
        row(&columbus, "road ways kept"),
        row(&columbus, "ways dropped: closed to motor vehicles"),
        row(&columbus, "ways dropped: area"),
    );
    assert_eq!((kept, closed, areas, kept + closed + areas), (11_103, 34, 8, 11_145));

    let Some(path) = shared("portland-or.osm.pbf") else { return };
    let portland = read(&path, 2);
    assert_eq!((row(&portland, "restrictions read"), row(&portland, "restrictions kept")), (779, 710));
    // All five heights there have their marks swapped (16"12'): not understood, so counted.
    assert_eq!(row(&portland, "size limit values not understood"), 5);

    let Some(path) = shared("ny-metro.osm.pbf") else { return };
    let ny = read(&path, 2);
    assert_eq!((ny.nodes.len(), ny.ways.len()), (264_346, 324_808));
}
