//! Paths over the routing graph against walks over the raw map, on thousands of tiny random maps.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    unreachable_pub,
    clippy::print_stdout,
    clippy::cast_possible_truncation
)]

#[path = "oracles/walks.rs"]
mod walks;

use ddu::ids::ArcIx;
use ddu::lonlat::LonLat;
use ddu::network::{ArcRole, Components, PathWeight, Profile, ProfiledGraph, RoadNetwork, build};
use ddu::osm::{Access, Extract, Node, Restriction, RestrictionKind, Via, Way, WayDirection, WayLimits};
use ddu::progress::Silent;
use ddu::road_class::RoadClass;
use ddu::scenario::Mode;
use petgraph::algo::dijkstra;
use petgraph::visit::EdgeRef;
use std::collections::BTreeMap;
use walks::{Step, Walks};

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn access(&mut self, destination: usize, no: usize) -> [Access; 3] {
        let usual = if self.chance(destination) {
            Access::Destination
        } else if self.chance(no) {
            Access::No
        } else {
            Access::Yes
        };
        Mode::ALL.map(|_| {
            if self.chance(90) { usual } else { [Access::No, Access::Destination, Access::Yes][self.below(3)] }
        })
    }
}

/// A map of 4-7 nodes. Restrictions that fit in several ways are left to the drawn maps.
fn random_map(seed: u64) -> Extract {
    let r = &mut Random(seed);
    let count = 4 + r.below(4);
    // Maps with gates have ways of two nodes, so that counting ways is counting segments.
    let gates = r.chance(30);
    let (destination, no) = ([0, 15, 40][r.below(3)], [0, 20][r.below(2)]);
    let nodes = (0..count)
        .map(|i| Node {
            id: i as i64,
            at: LonLat {
                lon_e7: -830_000_000 + ((i % 3) * 12_000 + r.below(4_000)) as i32,
                lat_e7: 400_000_000 + ((i / 3) * 10_000 + r.below(4_000)) as i32,
            },
            signal: r.chance(10),
            stop: false,
            barrier: match r.below(10) {
                0 => r.access(0, 60).map(|a| if a == Access::Destination && !gates { Access::Yes } else { a }),
                1 if gates => [Access::Destination; 3],
                _ => [Access::Yes; 3],
            },
            limits: WayLimits::NONE,
        })
        .collect();
    let ways = (0..3 + r.below(7))
        .map(|i| {
            let mut all: Vec<u32> = (0..count as u32).collect();
            let length = if gates { 2 } else { 2 + r.below(2) };
            let nodes = (0..length).map(|_| all.swap_remove(r.below(all.len()))).collect();
            let forward = WayDirection { access: r.access(destination, no), speed_centimph: 0 };
            let mut backward = if r.chance(70) { forward } else { WayDirection::default() };
            if r.chance(10) {
                backward.access = r.access(destination, no);
            }
            let (class, limits) = (RoadClass::Residential, WayLimits::NONE);
            Way { id: i as i64, nodes, class, forward, backward, limits, toll: 0, duration_ms: 0 }
        })
        .collect();
    let mut extract = Extract { nodes, ways, ..Extract::default() };
    let wanted = r.below(7);
    for id in 0..wanted {
        let way = |r: &mut Random| r.below(extract.ways.len()) as i64;
        for _ in 0..40 {
            let via = match r.below(4) {
                0 => Via::Node(r.below(count) as u32),
                1 => Via::Ways(vec![way(r), way(r)]),
                _ => Via::Ways(vec![way(r)]),
            };
            let (from, to) = (way(r), way(r));
            let words = Walks::new(&extract).words(from, &via, to);
            let u_turn = matches!(via, Via::Node(_)) && from == to;
            // A via way that is also another member makes no sense: which part of it is meant?
            let twice =
                |ways: &[i64]| ways.contains(&from) || ways.contains(&to) || ways.len() > 1 && ways[0] == ways[1];
            if matches!(&via, Via::Ways(ways) if twice(ways)) {
                continue;
            }
            if words.len() == 1 || u_turn && !words.is_empty() {
                let kind = if u_turn || r.chance(60) { RestrictionKind::No } else { RestrictionKind::Only };
                let modes = [1, 2, 4, 7, 7][r.below(5)];
                extract.restrictions.push(Restriction { id: id as i64, kind, from, via, to, modes });
                break;
            }
        }
    }
    extract
}

/// The first step of an arc.
fn step_of(network: &RoadNetwork, extract: &Extract, arc: ArcIx) -> Step {
    let road = network.arc(arc);
    let segment = network.segment(road.segment);
    let mut shape = network.shape(road.segment).to_vec();
    if road.reverse {
        shape.reverse();
    }
    let node = |at: LonLat| extract.nodes.iter().position(|n| n.at == at).unwrap() as u32;
    let way = extract.ways.iter().position(|w| w.id == segment.way).unwrap();
    Step { way, from: node(shape[0]), to: node(shape[1]) }
}

/// Decimetres from the entry of a road to the entries of others, over all arcs on which routes start and end.
fn over_the_graph(network: &RoadNetwork, profile: &Profile, from: &[ArcIx]) -> BTreeMap<ArcIx, PathWeight> {
    let mut best = BTreeMap::new();
    for &start in from {
        let graph = ProfiledGraph { network, profile };
        for (arc, weight) in dijkstra(graph, start, None, |turn| *turn.weight()) {
            if network.arc(arc).role.ends() && profile.arc(arc).is_some() {
                let entry = best.entry(main_of(network, arc)).or_insert(weight);
                *entry = weight.min(*entry);
            }
        }
    }
    best
}

fn main_of(network: &RoadNetwork, arc: ArcIx) -> ArcIx {
    let road = network.arc(arc);
    let same = |a: &ArcIx| network.arc(*a).reverse == road.reverse && network.arc(*a).role == ArcRole::Main;
    network.arcs_of(road.segment).find(same).unwrap()
}

#[test]
fn every_path_is_a_shortest_legal_walk() {
    let (mut maps, mut restricted, mut private, mut compared) = (0, 0, 0, 0);
    for seed in 0..2_000 {
        let extract = random_map(seed);
        let Ok(network) = build(&extract, &Silent) else { continue };
        let walks = Walks::new(&extract);
        maps += 1;
        restricted += usize::from(network.arcs().any(|a| network.arc(a).role == ArcRole::Restricted));
        private += usize::from(network.arcs().any(|a| network.arc(a).role == ArcRole::RestrictedStart));
        let mode = Mode::ALL[(seed % 3) as usize];
        let profile = Profile::metres_only(&network, mode).unwrap();
        for from in network.arcs().filter(|a| network.arc(*a).role == ArcRole::Main) {
            let road = network.arc(from);
            let starts: Vec<ArcIx> = network
                .arcs_of(road.segment)
                .filter(|a| network.arc(*a).reverse == road.reverse && network.arc(*a).role.starts())
                .filter(|a| profile.arc(*a).is_some())
                .collect();
            let got = over_the_graph(&network, &profile, &starts);
            let expected = walks.shortest(step_of(&network, &extract, from), mode);
            for to in network.arcs().filter(|a| network.arc(*a).role == ArcRole::Main) {
                let (got, expected) = (got.get(&to), expected.get(&step_of(&network, &extract, to)));
                // Each segment is rounded to the decimetre once; a path here has fewer than 40.
                let same = match (got, expected) {
                    (None, None) => true,
                    (Some(got), Some(metres)) => (got.length * 100_000).abs_diff(*metres) < 40 * 50_000,
                    _ => false,
                };
                compared += usize::from(expected.is_some());
                assert!(
                    same,
                    "seed {seed}, {mode:?}: from {:?} to {:?}: graph {got:?}, walks {expected:?}\n{extract:#?}",
                    step_of(&network, &extract, from),
                    step_of(&network, &extract, to),
                );
            }
        }
        check_components(seed, &network, &profile);
    }
    println!(
        "{maps} maps, {restricted} with via-way restrictions, {private} of them on private roads, {compared} paths"
    );
    assert!(maps > 1_900 && restricted > 500 && private > 100 && compared > 100_000);
}

/// Two segments of one component reach each other, and no segment beside the main component does both with all of it.
fn check_components(seed: u64, network: &RoadNetwork, profile: &Profile) {
    let components = Components::new(network, profile);
    let segments: Vec<_> = (0..network.segments().len()).map(ddu::ids::SegmentIx::from_index).collect();
    let reach: Vec<Vec<bool>> = segments
        .iter()
        .map(|s| {
            let usable = |a: &ArcIx| network.arc(*a).role.starts() && profile.arc(*a).is_some();
            let starts: Vec<ArcIx> = network.arcs_of(*s).filter(usable).collect();
            let reached = over_the_graph(network, profile, &starts);
            segments.iter().map(|t| reached.keys().any(|a| network.arc(*a).segment == *t)).collect()
        })
        .collect();
    for (i, s) in segments.iter().enumerate() {
        let usable = network.arcs_of(*s).any(|a| profile.arc(a).is_some());
        assert_eq!(components.rank(*s).is_some(), usable, "seed {seed}: {s:?}");
        for (j, t) in segments.iter().enumerate() {
            if components.rank(*s).is_some() && components.rank(*s) == components.rank(*t) {
                assert!(reach[i][j], "seed {seed}: {s:?} and {t:?} share a component, but there is no path");
            }
        }
        let joined = usable
            && segments.iter().enumerate().any(|(j, t)| components.is_main(*t) && reach[i][j])
            && segments.iter().enumerate().all(|(j, t)| !components.is_main(*t) || (reach[i][j] && reach[j][i]));
        if components.is_main(*s) {
            assert!(joined, "seed {seed}: {s:?}");
        }
    }
    let most = segments.iter().map(|s| components.size(*s)).max().unwrap_or(0);
    assert!(most == 0 || components.main_size() > 0, "seed {seed}");
}
