//! Networks of the real extracts: they build, hang together, and come back from their files.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, unreachable_pub, clippy::print_stdout)]

mod support;
#[path = "support/drawn.rs"]
mod drawn;

use ddu::ids::SegmentIx;
use ddu::lonlat::LonLat;
use ddu::network::{ArcRole, Components, Locator, NetworkCounts, Profile, RoadNetwork, build};
use ddu::osm::{Extract, read_extract};
use ddu::progress::Silent;
use ddu::scenario::{MapSettings, Mode, TurnCosts};
use support::shared::shared;

fn extract(name: &str) -> Option<Extract> {
    shared(name).map(|path| read_extract(&path, &Silent).unwrap())
}

/// Prints what the map has become and returns the share of usable segments that are in the main component.
fn describe(name: &str, network: &RoadNetwork) -> f64 {
    let metres: f64 = network.segments().iter().map(|s| s.length.as_metres_f64()).sum();
    let copies = network.arcs().filter(|a| network.arc(*a).role != ArcRole::Main).count();
    println!(
        "{name}: {} junctions, {} segments ({:.0} km), {} arcs ({copies} copies), {} turns, {:?}",
        network.junctions().len(),
        network.segments().len(),
        metres / 1000.0,
        network.arc_count(),
        network.turn_count(),
        network.counts()
    );
    let mut shares = Vec::new();
    for vehicle in [drawn::van(), drawn::truck()] {
        let profile = Profile::new(network, &vehicle, &TurnCosts::default()).unwrap();
        let components = Components::new(network, &profile);
        let segments = (0..network.segments().len()).map(SegmentIx::from_index);
        let usable = segments.clone().filter(|s| components.rank(*s).is_some()).count();
        let main = segments.filter(|s| components.is_main(*s)).count();
        let (count, size) = (components.count(), components.main_size());
        println!("  {}: {usable} usable segments, {main} main ({size} roads), {count} components", vehicle.name);
        shares.push(main as f64 / usable as f64);
    }
    shares.into_iter().fold(1.0, f64::min)
}

/// Built again on another number of threads, and from ways in another order: all the same.
fn reproducible(extract: &Extract, network: &RoadNetwork) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert!(pool.install(|| build(extract, &Silent)).unwrap() == *network);
    let mut shuffled = extract.clone();
    shuffled.ways.sort_by_key(|way| std::cmp::Reverse(way.id));
    shuffled.restrictions.reverse();
    assert!(build(&shuffled, &Silent).unwrap() == *network, "order of ways");
}

/// Every 500th segment's midpoint lies on the segment; a point beside it snaps as the plain search over all segments.
fn snaps_like_a_plain_search(network: &RoadNetwork) {
    let profile = Profile::metres_only(network, Mode::Motorcar).unwrap();
    let components = Components::new(network, &profile);
    let locator = Locator::new(network);
    let settings = MapSettings::default();
    let mut compared = 0;
    for s in (0..network.segments().len()).step_by(network.segments().len() / 60 + 1) {
        let shape = network.shape(SegmentIx::from_index(s));
        let corner = shape[shape.len() / 2];
        // About 60 m aside.
        let point = LonLat { lon_e7: corner.lon_e7 + 5_000, lat_e7: corner.lat_e7 - 4_000 };
        let Ok(snap) = locator.snap(point, &profile, &components, &settings) else { continue };
        let nearest = (0..network.segments().len())
            .map(SegmentIx::from_index)
            .filter(|t| components.is_main(*t))
            .flat_map(|t| network.shape(t).windows(2).map(|piece| plain_metres(point, piece)))
            .fold(f64::INFINITY, f64::min);
        compared += 1;
        assert!((snap.distance.as_metres_f64() - nearest).abs() < 0.2, "{s}: {snap:?}, plain {nearest}");
        assert!((point.metres_to(snap.at) - nearest).abs() < 0.2);
        let length = network.segment(snap.segment).length;
        for (arc, rest) in &snap.starts {
            let driven = snap.ends.iter().find(|(end, _)| end == arc);
            if let Some((_, driven)) = driven {
                assert_eq!(rest.length + driven.length, length.0);
                assert_eq!(rest.checked_add(*driven), profile.arc(*arc));
            }
        }
    }
    assert!(compared > 30);
}

/// Distance from a point to a piece of road: the least over points of the piece 0.1 m apart at most, by ternary search.
fn plain_metres(point: LonLat, piece: &[LonLat]) -> f64 {
    // Too far to be the nearest: spares the search.
    let ends = point.metres_to(piece[0]).min(point.metres_to(piece[1]));
    if ends > 500.0 + piece[0].metres_to(piece[1]) {
        return ends - piece[0].metres_to(piece[1]);
    }
    let on = |share: f64| {
        let between = |a: i32, b: i32| (f64::from(a) + share * (f64::from(b) - f64::from(a))) / 1e7;
        let at =
            LonLat::from_degrees(between(piece[0].lon_e7, piece[1].lon_e7), between(piece[0].lat_e7, piece[1].lat_e7));
        point.metres_to(at.unwrap())
    };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
        if on(a) < on(b) { high = b } else { low = a }
    }
    on(low).min(ends)
}

#[test]
fn columbus() {
    let Some(extract) = extract("columbus-oh.osm.pbf") else { return };
    let network = build(&extract, &Silent).unwrap();
    assert!(describe("Columbus", &network) > 0.9);
    reproducible(&extract, &network);
    snaps_like_a_plain_search(&network);
}

#[test]
fn portland() {
    let Some(extract) = extract("portland-or.osm.pbf") else { return };
    let network = build(&extract, &Silent).unwrap();
    assert!(describe("Portland", &network) > 0.9);
    let NetworkCounts { restrictions, restrictions_unmatched, restrictions_ambiguous, .. } = network.counts();
    assert!(restrictions > 20 * (restrictions_unmatched + restrictions_ambiguous));
    reproducible(&extract, &network);
    snaps_like_a_plain_search(&network);
}

#[test]
fn new_york() {
    let Some(extract) = extract("ny-metro.osm.pbf") else { return };
    let network = build(&extract, &Silent).unwrap();
    describe("New York", &network);
    // The DIMACS graph has 264,346 nodes and 733,846 arcs in one component; u-turns apart, nothing is forbidden.
    let profile = Profile::metres_only(&network, Mode::Motorcar).unwrap();
    let components = Components::new(&network, &profile);
    assert_eq!(components.count(), 1);
    // Its edges, the shortest of parallel ones, are 47,210,082 m long in all.
    let metres: f64 = network.segments().iter().map(|s| s.length.as_metres_f64()).sum();
    assert!((metres / 47_210_082.0 - 1.0).abs() < 0.001, "{metres}");
}
