//! From elements to an extract: clipped ways, restrictions and their members, and counts that add up.

use ddu::lonlat::LonLat;
use ddu::osm::{
    Extract, ImportCounts, MemberKind, OsmError, RawMap, RawMember, RawNode, RawRelation, RawTags, RawWay,
    RestrictionKind, Via, assemble,
};

fn tags(pairs: &[(&str, &str)]) -> RawTags {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn node(id: i64) -> RawNode {
    RawNode { id, at: LonLat { lon_e7: id as i32 * 1_000, lat_e7: 0 }, tags: vec![] }
}

fn way(id: i64, refs: &[i64]) -> RawWay {
    RawWay { id, refs: refs.to_vec(), tags: tags(&[("highway", "residential")]) }
}

fn restriction(id: i64, members: &[(&str, i64)], pairs: &[(&str, &str)]) -> RawRelation {
    // Ids below 100 are nodes in these maps.
    let member = |(role, id): &(&str, i64)| RawMember {
        role: (*role).to_owned(),
        kind: if *id < 100 { MemberKind::Node } else { MemberKind::Way },
        id: *id,
    };
    let members = members.iter().map(member).collect();
    RawRelation { id, tags: [tags(&[("type", "restriction")]), tags(pairs)].concat(), members }
}

/// Ways 101 (1-2), 102 (2-3), 103 (3-4), 104 (4-5), 105 (2-6), 106 (3-7): a street with two side streets.
fn street(relations: Vec<RawRelation>) -> Extract {
    let ways = vec![
        way(101, &[1, 2]),
        way(102, &[2, 3]),
        way(103, &[3, 4]),
        way(104, &[4, 5]),
        way(105, &[2, 6]),
        way(106, &[3, 7]),
    ];
    assemble(&RawMap { nodes: (1..=7).map(node).collect(), ways, relations, bounds: None }).unwrap()
}

/// Every way and restriction read is in exactly one row.
pub fn adds_up(counts: &ImportCounts) {
    let sum = |prefixes: &[&str]| -> u64 {
        let rows = counts.rows.iter().filter(|(name, _)| prefixes.iter().any(|p| name.starts_with(p)));
        rows.map(|(_, count)| count).sum()
    };
    assert_eq!(Some(sum(&["road ways kept", "ways dropped"])), counts.get("ways read"), "{counts:#?}");
    let restrictions = sum(&["restrictions kept", "restrictions dropped", "restrictions left out"]);
    assert_eq!(Some(restrictions), counts.get("restrictions read"), "{counts:#?}");
}

#[test]
fn clipped_ways_are_cut_into_pieces() {
    let map = RawMap {
        nodes: [1, 2, 4, 5, 7, 8].map(node).to_vec(),
        ways: vec![
            way(101, &[1, 2, 3, 4, 5, 6, 7]), // 3 and 6 are missing: 1-2, 4-5, and 7 alone
            way(102, &[2, 9]),
            way(103, &[2]),
            way(104, &[2, 2]),
            way(105, &[4, 4, 5, 5, 4]),
            way(106, &[]),
        ],
        ..RawMap::default()
    };
    let extract = assemble(&map).unwrap();
    // Node 7 and 8 are used by no piece: the nodes are 1, 2, 4, 5.
    assert_eq!(extract.nodes.iter().map(|n| n.id).collect::<Vec<_>>(), [1, 2, 4, 5]);
    let ways: Vec<_> = extract.ways.iter().map(|w| (w.id, w.nodes.clone())).collect();
    assert_eq!(ways, [(101, vec![0, 1]), (101, vec![2, 3]), (105, vec![2, 3, 2])]);
    let counts = &extract.counts;
    adds_up(counts);
    for (row, count) in [
        ("road ways kept", 2),
        ("road way pieces kept", 3),
        ("ways clipped: missing nodes", 1),
        ("ways dropped: no two neighbouring nodes present", 1),
        ("ways dropped: fewer than two nodes", 3),
        ("way nodes dropped: repeated in a row", 3),
        ("nodes missing: named by a road way", 3),
        ("nodes kept", 4),
    ] {
        assert_eq!(counts.get(row), Some(count), "{row}");
    }
}

#[test]
fn a_clipped_ferry_loses_its_duration() {
    let ferry = |id, refs: &[i64]| RawWay {
        id,
        refs: refs.to_vec(),
        tags: tags(&[("route", "ferry"), ("motor_vehicle", "yes"), ("duration", "00:10")]),
    };
    let map = RawMap {
        nodes: vec![node(1), node(2)],
        ways: vec![ferry(101, &[1, 2]), ferry(102, &[1, 2, 3])],
        ..RawMap::default()
    };
    let extract = assemble(&map).unwrap();
    assert_eq!(extract.ways.iter().map(|w| w.duration_ms).collect::<Vec<_>>(), [600_000, 0]);
    assert_eq!(extract.counts.get("ferry durations left out: way clipped"), Some(1));
}

#[test]
fn restrictions_with_their_members() {
    let no_left: &[(&str, &str)] = &[("restriction", "no_left_turn")];
    let extract = street(vec![
        restriction(9, &[("to", 105), ("via", 2), ("from", 101)], no_left),
        restriction(3, &[("from", 101), ("via", 102), ("to", 106)], &[("restriction", "only_right_turn")]),
        // Via ways in the wrong order.
        restriction(
            4,
            &[("from", 104), ("via", 102), ("via", 103), ("to", 101)],
            &[("restriction:hgv", "no_straight_on")],
        ),
        restriction(5, &[("from", 101), ("from", 105), ("via", 2), ("to", 102)], &[("restriction", "no_entry")]),
        restriction(
            6,
            &[("from", 102), ("via", 3), ("to", 103), ("to", 106)],
            &[("restriction", "no_exit"), ("except", "hgv")],
        ),
        restriction(7, &[("from", 101), ("via", 2), ("to", 101)], &[("restriction", "no_u_turn")]),
    ]);
    let (no, only) = (RestrictionKind::No, RestrictionKind::Only);
    let read: Vec<_> =
        extract.restrictions.iter().map(|r| (r.id, r.kind, r.from, r.via.clone(), r.to, r.modes)).collect();
    let expected = [
        (3, only, 101, Via::Ways(vec![102]), 106, 7),
        (4, no, 104, Via::Ways(vec![103, 102]), 101, 4),
        (5, no, 101, Via::Node(1), 102, 7),
        (5, no, 105, Via::Node(1), 102, 7),
        (6, no, 102, Via::Node(2), 103, 3),
        (6, no, 102, Via::Node(2), 106, 3),
        (7, no, 101, Via::Node(1), 101, 7),
        (9, no, 101, Via::Node(1), 105, 7),
    ];
    assert_eq!(read, expected);
    assert_eq!(extract.counts.get("restrictions kept"), Some(6));
    adds_up(&extract.counts);
}

#[test]
fn broken_restrictions_are_counted_by_reason() {
    let no_left: &[(&str, &str)] = &[("restriction", "no_left_turn")];
    let whole: &[(&str, i64)] = &[("from", 101), ("via", 2), ("to", 105)];
    let cases: Vec<(RawRelation, &str)> = vec![
        (restriction(1, whole, &[("restriction:conditional", "no_left_turn @ (Mo-Fr)")]), "left out: conditional"),
        (restriction(1, whole, &[("restriction:bus", "no_left_turn")]), "dropped: concern no motor vehicle"),
        (restriction(1, whole, &[("restriction", "no_fun")]), "dropped: value not understood"),
        (restriction(1, &[("from", 101), ("to", 105)], no_left), "dropped: from, via or to not given"),
        (restriction(1, &[("via", 2), ("to", 105)], no_left), "dropped: from, via or to not given"),
        (restriction(1, &[("from", 2), ("via", 2), ("to", 105)], no_left), "dropped: from, via or to not given"),
        (
            restriction(1, &[("from", 101), ("via", 2), ("to", 105), ("to", 102)], no_left),
            "dropped: too many from, via or to",
        ),
        (
            restriction(1, &[("from", 101), ("via", 2), ("via", 3), ("to", 105)], no_left),
            "dropped: too many from, via or to",
        ),
        (
            restriction(1, &[("from", 101), ("via", 2), ("via", 102), ("to", 105)], no_left),
            "dropped: too many from, via or to",
        ),
        (restriction(1, &[("from", 999), ("via", 2), ("to", 105)], no_left), "dropped: member missing"),
        (restriction(1, &[("from", 101), ("via", 77), ("to", 105)], no_left), "dropped: member missing"),
        (restriction(1, &[("from", 101), ("via", 999), ("to", 105)], no_left), "dropped: member missing"),
        (restriction(1, &[("from", 101), ("via", 3), ("to", 105)], no_left), "dropped: members not connected"),
        (restriction(1, &[("from", 101), ("via", 104), ("to", 105)], no_left), "dropped: members not connected"),
    ];
    for (relation, reason) in cases {
        let shown = format!("{relation:?}");
        let extract = street(vec![relation]);
        assert!(extract.restrictions.is_empty(), "{shown}");
        assert_eq!(extract.counts.get(&format!("restrictions {reason}")), Some(1), "{shown}");
        adds_up(&extract.counts);
    }
    let twice = street(vec![restriction(1, whole, no_left), restriction(1, whole, no_left)]);
    assert_eq!((twice.restrictions.len(), twice.counts.get("restrictions dropped: given twice")), (1, Some(1)));
    adds_up(&twice.counts);
}

#[test]
fn a_huge_relation_is_refused_quickly() {
    let members: Vec<(&str, i64)> = (0..200_000).map(|i| ("via", 1_000 + i)).collect();
    let extract = street(vec![restriction(1, &members, &[("restriction", "no_left_turn")])]);
    assert_eq!(extract.counts.get("restrictions dropped: too many from, via or to"), Some(1));
}

#[test]
fn elements_in_any_order_give_the_same_extract() {
    let mut map = RawMap {
        nodes: (1..=7).map(node).collect(),
        ways: vec![way(101, &[1, 2, 3]), way(102, &[7, 3, 9, 4, 5]), way(-5, &[6, 1])],
        relations: vec![
            restriction(8, &[("from", 101), ("via", 3), ("to", 102)], &[("restriction", "no_left_turn")]),
            restriction(2, &[("from", 102), ("via", 3), ("to", 101)], &[("restriction", "no_right_turn")]),
        ],
        bounds: None,
    };
    let sorted = assemble(&map).unwrap();
    map.nodes.reverse();
    map.ways.reverse();
    map.relations.reverse();
    assert_eq!(assemble(&map).unwrap(), sorted);
    assert_eq!(sorted.ways.iter().map(|w| w.id).collect::<Vec<_>>(), [-5, 101, 102, 102]);
}

#[test]
fn a_map_without_roads() {
    let error = assemble(&RawMap::default()).unwrap_err();
    assert!(matches!(error, OsmError::NoRoads { ways: 0, .. }), "{error}");
}
