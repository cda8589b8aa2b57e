//! Post offices of a file: nodes of both kinds, outlines, and what is left out.

use crate::encode::{Block, Packing, file, usual_header};
use ddu::lonlat::LonLat;
use ddu::osm::{MemberKind, PostOffice, read_post_offices};
use ddu::progress::Silent;

const OFFICE: &[(&str, &str)] = &[
    ("amenity", "post_office"),
    ("name", "Main"),
    ("operator", "United States Postal Service"),
    ("addr:postcode", "43215"),
];

#[test]
fn nodes_and_outlines_are_found() {
    let mut nodes = Block::new();
    nodes
        .dense(&[
            (1, 0, 0, &[("highway", "stop")]),
            (2, 100, 200, OFFICE),
            (3, 1_000, 0, &[]),
            (4, 1_020, 0, &[]),
            (5, 1_020, 40, &[]),
            (6, 1_000, 40, &[("amenity", "cafe")]),
        ])
        .plain((
            7,
            -50,
            -60,
            &[("amenity", "post_depot"), ("brand", "Parcels"), ("addr:street", "Elm"), ("addr:housenumber", "5")],
        ));
    let mut ways = Block::new();
    ways.way(20, &[3, 4, 5, 6, 3], OFFICE)
        .way(21, &[90, 91], OFFICE)
        .way(22, &[3, 4], &[("amenity", "cafe")])
        .relation(30, &[("outer", 1, 20)], OFFICE)
        .relation(31, &[("outer", 1, 20)], &[("amenity", "cafe")]);
    for packing in [Packing::Raw, Packing::Zlib] {
        // Ways may stand before the nodes they name.
        for parts in [[nodes.data(packing), ways.data(packing)], [ways.data(packing), nodes.data(packing)]] {
            let map = file(&[vec![usual_header()], parts.to_vec()].concat());
            let found = read_post_offices(&map.path, &Silent).unwrap();
            let told: Vec<_> = found.offices.iter().map(|o| (o.kind, o.id, o.at.lon_e7, o.at.lat_e7)).collect();
            let expected = [
                (MemberKind::Node, 2, 100, 200),
                (MemberKind::Node, 7, -50, -60),
                (MemberKind::Way, 20, 1_010, 20), // the middle of its four corners
            ];
            assert_eq!(told, expected);
            assert_eq!((found.relations_left_out, found.ways_left_out), (1, 1));
            let depot = &found.offices[1];
            assert_eq!(
                (depot.operator.as_str(), depot.street.as_str(), depot.amenity.as_str()),
                ("Parcels", "5 Elm", "post_depot")
            );
            let PostOffice { name, operator, postcode, at, .. } = found.offices[0].clone();
            assert_eq!(
                (name.as_str(), operator.as_str(), postcode.as_str()),
                ("Main", "United States Postal Service", "43215")
            );
            assert_eq!(at, LonLat { lon_e7: 100, lat_e7: 200 });
        }
    }
}

#[test]
fn a_cut_file_is_an_error() {
    let mut block = Block::new();
    block.dense(&[(2, 100, 200, OFFICE)]);
    let whole = [usual_header(), block.data(Packing::Zlib)].concat();
    for length in [0, 10, whole.len() - 1] {
        let map = file(&[whole[..length].to_vec()]);
        assert!(read_post_offices(&map.path, &Silent).is_err(), "{length}");
    }
    // A node that names a string the block does not have.
    let mut odd = Block::new();
    odd.string(b"amenity");
    odd.plain((1, 0, 0, &[]));
    let mut bytes = odd.message();
    let group = crate::encode::bytes(
        2,
        &crate::encode::bytes(
            1,
            &[crate::encode::number(1, 2), crate::encode::packed(2, &[1]), crate::encode::packed(3, &[99])].concat(),
        ),
    );
    bytes.extend(group);
    let data = crate::encode::frame("OSMData", &crate::encode::blob(&bytes, Packing::Raw));
    assert!(read_post_offices(&file(&[usual_header(), data]).path, &Silent).is_err());
}
