//! Files written by hand: each freedom of the format, with the values that must come out.

use crate::encode::{Block, Packing, blob, bytes, crossing, file, frame, header, number, usual_header, zigzag};
use ddu::lonlat::{Bounds, LonLat};
use ddu::osm::{Access, Extract, OsmError, RestrictionKind, Via, read_extract};
use ddu::progress::Silent;
use ddu::road_class::RoadClass;

const STREET: &[(&str, &str)] = &[("highway", "residential")];

fn read(parts: &[Vec<u8>]) -> Result<Extract, OsmError> {
    read_extract(&file(parts).path, &Silent)
}

fn at(lon_e7: i32, lat_e7: i32) -> LonLat {
    LonLat { lon_e7, lat_e7 }
}

#[test]
fn a_crossing_element_by_element() {
    let extract = read(&crossing(Packing::Zlib)).unwrap();
    assert_eq!(extract, read(&crossing(Packing::Raw)).unwrap());
    let nodes: Vec<_> = extract.nodes.iter().map(|n| (n.id, n.at, n.signal)).collect();
    let expected =
        [(1, at(0, 0), false), (2, at(10_000, 0), true), (3, at(20_000, 0), false), (4, at(10_000, 10_000), false)];
    assert_eq!(nodes, expected);
    assert_eq!(extract.nodes[3].barrier, [Access::Destination; 3]);
    let ways: Vec<_> = extract.ways.iter().map(|w| (w.id, w.nodes.as_slice(), w.class)).collect();
    let (street, service) = (RoadClass::Residential, RoadClass::Service);
    assert_eq!(ways, [(10, &[0, 1][..], street), (11, &[1, 2], street), (12, &[1, 3], service)]);
    assert_eq!(extract.ways[0].backward.speed_centimph, 2_500);
    assert_eq!(extract.ways[2].backward.access, [Access::No; 3]);
    let ban = &extract.restrictions[0];
    assert_eq!((ban.id, ban.kind, ban.from, ban.to, ban.modes), (20, RestrictionKind::No, 10, 12, 7));
    assert_eq!(ban.via, Via::Node(1));
    assert_eq!(extract.bounds, Some(Bounds { min: at(0, 0), max: at(20_000, 10_000) }));
    assert_eq!(extract.counts.get("nodes read"), Some(5));
    assert_eq!(extract.counts.get("ways dropped: not a road"), Some(1));
}

#[test]
fn granularity_and_offsets() {
    let mut block = Block::new();
    // 1,000 nanodegrees a unit, shifted: lon = 5e8 + 1000 x 7 nanodegrees = 5,000,070 e-7.
    (block.granularity, block.lon_offset, block.lat_offset) = (1_000, 500_000_000, -300_000_049);
    block.dense(&[(1, 7, 0, &[])]).plain((2, -7, 1, &[])).way(5, &[1, 2], STREET);
    let extract = read(&[usual_header(), block.data(Packing::Zlib)]).unwrap();
    let places: Vec<LonLat> = extract.nodes.iter().map(|n| n.at).collect();
    // Rounded to the nearest 1e-7: -300,000,049 -> -3,000,000; -299,999,049 -> -2,999,990.
    assert_eq!(places, [at(5_000_070, -3_000_000), at(4_999_930, -2_999_990)]);
}

#[test]
fn the_box_of_the_header() {
    let features = ["OsmSchema-V0.6", "DenseNodes"];
    let data = crossing(Packing::Raw).remove(1);
    let boxed = |sides| read(&[header(&features, Some(sides)), data.clone()]).unwrap().bounds;
    let around = Some(Bounds { min: at(0, 0), max: at(20_000, 10_000) });
    // Sides are left, right, top, bottom.
    let wide = boxed([-1_000_000_000, 1_000_000_000, 2_000_000_000, -2_000_000_000]);
    assert_eq!(wide, Some(Bounds { min: at(-10_000_000, -20_000_000), max: at(10_000_000, 20_000_000) }));
    assert_eq!(boxed([1_000_000_000, -1_000_000_000, 0, 0]), around, "inside out");
    assert_eq!(boxed([0, i64::MAX, 0, 0]), around, "off the globe");
    let joined = [header(&features, Some([0; 4])), data.clone(), header(&features, Some([0; 4]))];
    assert_eq!(read(&joined).unwrap().bounds, around, "two headers");
}

#[test]
fn order_does_not_matter() {
    let mut nodes = Block::new();
    nodes.dense(&[(4, 40, 0, &[]), (2, 20, 0, &[]), (3, 30, 0, &[]), (1, 10, 0, &[])]);
    let mut ways = Block::new();
    ways.relation(
        9,
        &[("to", 1, 6), ("via", 0, 2), ("from", 1, 7)],
        &[("type", "restriction"), ("restriction", "no_u_turn")],
    )
    .way(7, &[1, 2], STREET)
    .way(6, &[4, 3, 2], STREET);
    let (nodes, ways) = (nodes.data(Packing::Zlib), ways.data(Packing::Raw));
    let sorted = read(&[usual_header(), nodes.clone(), ways.clone()]).unwrap();
    assert_eq!(sorted, read(&[usual_header(), ways, nodes]).unwrap());
    assert_eq!(sorted.nodes.iter().map(|n| n.id).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(
        sorted.ways.iter().map(|w| (w.id, w.nodes.clone())).collect::<Vec<_>>(),
        [(6, vec![3, 2, 1]), (7, vec![0, 1])]
    );
    assert_eq!(sorted.restrictions.len(), 1);
}

#[test]
fn elements_given_twice() {
    let mut block = Block::new();
    block.dense(&[(1, 10, 0, &[]), (2, 20, 0, &[]), (1, 99, 0, &[]), (3, 30, 0, &[])]).way(5, &[1, 2], STREET).way(
        5,
        &[2, 3],
        STREET,
    );
    let extract = read(&[usual_header(), block.data(Packing::Raw), block.data(Packing::Raw)]).unwrap();
    assert_eq!((extract.nodes.len(), extract.nodes[0].at), (2, at(10, 0)));
    assert_eq!((extract.ways.len(), extract.ways[0].nodes.as_slice()), (1, &[0, 1][..]));
    assert_eq!(extract.counts.get("nodes dropped: given twice"), Some(4)); // 1, then 1, 2, 1; nobody needs 3
    assert_eq!(extract.counts.get("ways dropped: given twice"), Some(3));
}

#[test]
fn nodes_off_the_globe_are_missing() {
    let mut block = Block::new();
    let far = i64::MAX / 2;
    block.plain((1, 0, 0, &[])).plain((2, 10, 0, &[])).plain((3, 0, 900_000_001, &[])).plain((4, far, 0, &[])).way(
        5,
        &[3, 1, 2, 4],
        STREET,
    );
    let extract = read(&[usual_header(), block.data(Packing::Raw)]).unwrap();
    assert_eq!(extract.ways[0].nodes, [0, 1]);
    assert_eq!(extract.counts.get("nodes dropped: off the globe"), Some(2));
    assert_eq!(extract.counts.get("nodes missing: named by a road way"), Some(2));
    assert_eq!(extract.counts.get("ways clipped: missing nodes"), Some(1));
}

#[test]
fn unknown_blobs_and_fields_are_passed_over() {
    let mut parts = crossing(Packing::Zlib);
    parts.insert(1, frame("OSMFuture", b"anything"));
    let mut block = Block::new();
    block.dense(&[(1, 10, 0, &[]), (2, 20, 0, &[])]).group(&number(99, 7)).way(5, &[1, 2], STREET);
    parts.push(frame("OSMData", &blob(&[block.message(), bytes(77, b"news")].concat(), Packing::Raw)));
    assert_eq!(read(&parts).unwrap().ways.len(), 4);
}

#[test]
fn lists_may_be_unpacked() {
    let mut block = Block::new();
    let (key, value) = (block.string(b"highway"), block.string(b"primary"));
    let node = |id: i64, lon| [number(1, zigzag(id)), number(8, 0), number(9, zigzag(lon))].concat();
    let way = [number(1, 5), number(2, key), number(3, value), number(8, zigzag(1)), number(8, zigzag(1))].concat();
    block.group(&bytes(1, &node(1, 10))).group(&bytes(1, &node(2, 20))).group(&bytes(3, &way));
    let extract = read(&[usual_header(), block.data(Packing::Raw)]).unwrap();
    assert_eq!((extract.ways[0].class, extract.ways[0].nodes.as_slice()), (RoadClass::Primary, &[0, 1][..]));
}

#[test]
fn a_tag_that_is_not_utf8_is_dropped() {
    let mut block = Block::new();
    let (highway, primary, name, access, bad) = (
        block.string(b"highway"),
        block.string(b"primary"),
        block.string(b"name"),
        block.string(b"access"),
        block.string(&[0xff, 0xfe]),
    );
    let keys = crate::encode::packed(2, &[highway, name, access]);
    let values = crate::encode::packed(3, &[primary, bad, bad]);
    let way = [number(1, 5), keys, values, crate::encode::deltas(8, &[1, 2])].concat();
    block.dense(&[(1, 10, 0, &[]), (2, 20, 0, &[])]).group(&bytes(3, &way));
    let extract = read(&[usual_header(), block.data(Packing::Raw)]).unwrap();
    assert_eq!(extract.ways[0].forward.access, [Access::Yes; 3]);
    assert_eq!(extract.counts.get("tags dropped: not UTF-8"), Some(1));
}
