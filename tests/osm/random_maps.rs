//! Random maps, written as files and read back: the file gives what the same elements give in memory, and both give what
//! a plain reading of the rules gives.

use crate::encode::{Block, Packing, TempFile, file, usual_header};
use crate::hostile::Dice;
use ddu::lonlat::LonLat;
use ddu::osm::{
    Extract, MemberKind, RawMap, RawMember, RawNode, RawRelation, RawTags, RawWay, Via, assemble, read_extract,
};
use ddu::progress::Silent;
use std::collections::{BTreeMap, BTreeSet};

const WAY_TAGS: &[(&str, &str)] = &[
    ("highway", "residential"),
    ("highway", "motorway"),
    ("highway", "primary"),
    ("highway", "service"),
    ("highway", "footway"),
    ("oneway", "-1"),
    ("hgv", "no"),
    ("maxspeed", "35 mph"),
    ("maxheight", "12'6\""),
    ("name", "Elm"),
    ("access", "odd"),
    ("toll", "yes"),
];
const NODE_TAGS: &[(&str, &str)] =
    &[("highway", "traffic_signals"), ("barrier", "bollard"), ("motor_vehicle", "private"), ("name", "Elm")];
const TURN_TAGS: &[(&str, &str)] =
    &[("restriction", "no_left_turn"), ("restriction", "no_entry"), ("restriction", "?"), ("except", "hgv")];

fn some_tags(dice: &mut Dice, choice: &[(&str, &str)]) -> RawTags {
    let mut tags = BTreeMap::new();
    for _ in 0..dice.below(4) {
        let (key, value) = choice[dice.below(choice.len())];
        tags.insert(key.to_owned(), value.to_owned());
    }
    tags.into_iter().collect()
}

/// Relations from this id on have two `via` members.
const LONG: i64 = 100;

/// A map over few ids, so that duplicates and missing elements are common.
fn random_map(dice: &mut Dice) -> RawMap {
    let id = |dice: &mut Dice| dice.below(13) as i64 - 5;
    let mut map = RawMap::default();
    for _ in 0..dice.below(40) {
        let at = LonLat { lon_e7: dice.below(1_000) as i32 - 500, lat_e7: dice.below(1_000) as i32 - 500 };
        map.nodes.push(RawNode { id: id(dice), at, tags: some_tags(dice, NODE_TAGS) });
    }
    for _ in 0..3 + dice.below(15) {
        let refs = (0..dice.below(7)).map(|_| id(dice)).collect();
        map.ways.push(RawWay { id: id(dice), refs, tags: some_tags(dice, WAY_TAGS) });
    }
    for _ in 0..dice.below(20) {
        let member = |dice: &mut Dice, role: &str| RawMember {
            role: role.to_owned(),
            kind: if role == "via" && dice.below(3) > 0 { MemberKind::Node } else { MemberKind::Way },
            id: id(dice),
        };
        let long = dice.below(4) == 0;
        let roles = ["from", "via", "to", "via"];
        let members = roles.iter().take(if long { 4 } else { 3 }).map(|role| member(dice, role)).collect();
        let mut tags = some_tags(dice, TURN_TAGS);
        tags.push(("type".to_owned(), "restriction".to_owned()));
        let id = id(dice) + if long { LONG } else { 0 };
        map.relations.push(RawRelation { id, tags, members });
    }
    map
}

/// Writes the map in blocks of random length and order of kinds (the order within a kind stays).
fn write(map: &RawMap, dice: &mut Dice) -> TempFile {
    let (mut nodes, mut ways, mut relations) = (map.nodes.iter(), map.ways.iter(), map.relations.iter());
    let mut parts = vec![usual_header()];
    while nodes.len() + ways.len() + relations.len() > 0 {
        let mut block = Block::new();
        for _ in 0..dice.below(8) {
            let pairs = |tags: &'_ RawTags| tags.clone();
            match dice.below(4) {
                0 => {
                    let run: Vec<_> = nodes.by_ref().take(dice.below(9)).map(|n| (n, pairs(&n.tags))).collect();
                    let tags: Vec<Vec<(&str, &str)>> = run.iter().map(|(_, tags)| borrowed(tags)).collect();
                    let dense = run
                        .iter()
                        .zip(&tags)
                        .map(|((n, _), tags)| (n.id, i64::from(n.at.lon_e7), i64::from(n.at.lat_e7), tags.as_slice()));
                    block.dense(&dense.collect::<Vec<_>>());
                }
                1 => nodes.by_ref().take(2).for_each(|n| {
                    block.plain((n.id, n.at.lon_e7.into(), n.at.lat_e7.into(), &borrowed(&n.tags)));
                }),
                2 => ways.by_ref().take(3).for_each(|w| {
                    block.way(w.id, &w.refs, &borrowed(&w.tags));
                }),
                _ => relations.by_ref().take(3).for_each(|r| {
                    let members: Vec<_> = r.members.iter().map(|m| (m.role.as_str(), m.kind as u64, m.id)).collect();
                    block.relation(r.id, &members, &borrowed(&r.tags));
                }),
            }
        }
        parts.push(block.data(if dice.below(2) == 0 { Packing::Raw } else { Packing::Zlib }));
    }
    file(&parts)
}

fn borrowed(tags: &RawTags) -> Vec<(&str, &str)> {
    tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}

/// Pieces of all road ways, by node ids, as the rules say in plain words; all `highway` values here but `footway` are roads.
fn plain_pieces(map: &RawMap) -> Vec<(i64, Vec<i64>)> {
    let present: BTreeSet<i64> = map.nodes.iter().map(|n| n.id).collect();
    let mut roads: BTreeMap<i64, &RawWay> = BTreeMap::new();
    for way in &map.ways {
        if way.tags.iter().any(|(k, v)| k == "highway" && v != "footway") {
            roads.entry(way.id).or_insert(way);
        }
    }
    let mut pieces = vec![];
    for (id, way) in roads {
        for run in way.refs.split(|node| !present.contains(node)) {
            let mut run = run.to_vec();
            run.dedup();
            if run.len() > 1 {
                pieces.push((id, run));
            }
        }
    }
    pieces
}

/// Ids of the restrictions with one `from`, `via` node and `to` that hold, by the rules in plain words.
fn plain_turns(map: &RawMap, pieces: &[(i64, Vec<i64>)]) -> BTreeSet<i64> {
    let on = |way: i64, node: i64| pieces.iter().any(|(id, nodes)| *id == way && nodes.contains(&node));
    let holds = |r: &&RawRelation| match r.members.as_slice() {
        [from, via, to] if via.kind == MemberKind::Node => on(from.id, via.id) && on(to.id, via.id),
        _ => false,
    };
    let understood = |r: &&RawRelation| r.tags.iter().any(|(k, v)| k == "restriction" && v != "?");
    let mut first = BTreeMap::new();
    for relation in map.relations.iter().filter(understood) {
        first.entry(relation.id).or_insert(relation);
    }
    first.values().copied().filter(holds).map(|r| r.id).collect()
}

fn ids_of_pieces(extract: &Extract) -> Vec<(i64, Vec<i64>)> {
    let id = |position: &u32| extract.nodes[*position as usize].id;
    extract.ways.iter().map(|way| (way.id, way.nodes.iter().map(id).collect())).collect()
}

#[test]
fn files_and_memory_and_plain_rules_agree() {
    let (mut dice, mut with_roads, mut with_turns) = (Dice(11), 0, 0);
    for round in 0..400 {
        let map = random_map(&mut dice);
        let file = write(&map, &mut dice);
        let pieces = plain_pieces(&map);
        match (read_extract(&file.path, &Silent), assemble(&map)) {
            (Ok(read), Ok(assembled)) => {
                assert_eq!(read, assembled, "round {round}: {map:#?}");
                assert_eq!(ids_of_pieces(&read), pieces, "round {round}: {map:#?}");
                let by_node = read.restrictions.iter().filter(|r| matches!(r.via, Via::Node(_)) && r.id < LONG);
                assert!(by_node.map(|r| r.id).eq(plain_turns(&map, &pieces)), "round {round}: {map:#?}");
                crate::assembling::adds_up(&read.counts);
                let used: BTreeSet<i64> = pieces.iter().flat_map(|(_, nodes)| nodes.iter().copied()).collect();
                assert!(read.nodes.iter().map(|n| n.id).eq(used), "round {round}: {map:#?}");
                for node in &read.nodes {
                    let first = map.nodes.iter().find(|n| n.id == node.id).unwrap();
                    assert_eq!(node.at, first.at, "round {round}: {map:#?}");
                }
                with_roads += 1;
                with_turns += usize::from(!read.restrictions.is_empty());
            }
            (Err(_), Err(_)) => assert!(pieces.is_empty(), "round {round}: {map:#?}"),
            (read, assembled) => panic!("round {round}: {read:?} but {assembled:?} for {map:#?}"),
        }
    }
    assert!(with_roads > 200 && with_turns > 5, "{with_roads} maps with roads, {with_turns} with restrictions");
}
