//! Real maps: the matrix over the hierarchy equals plain Dijkstra's, with turn costs and restrictions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs, dead_code, unreachable_pub)]

#[path = "support/ny.rs"]
mod ny;
#[path = "support/shared.rs"]
mod shared;
#[path = "support/tiny_scenario.rs"]
mod tiny_scenario;

use ddu::hierarchy::RoadHierarchy;
use ddu::ids::VehicleIx;
use ddu::lonlat::LonLat;
use ddu::matrix::compute;
use ddu::matrix::fast::Roads;
use ddu::network::{Components, Locator, NoSnap, Profile, RoadNetwork, Snap, build};
use ddu::osm::read_extract;
use ddu::progress::Silent;
use ddu::scenario::{MapSettings, TurnCosts};

type Snapped = Result<Snap, NoSnap>;

/// Compares both engines between the given points.
fn compare(network: &RoadNetwork, hierarchy: &RoadHierarchy, profile: &Profile, points: [&[Snapped]; 2]) {
    let weights = hierarchy.customize(network, profile);
    let roads = Roads { network, profile, hierarchy, weights: &weights };
    let found = roads.compute(VehicleIx(0), points[0], points[1], &Silent).unwrap();
    let expected = compute(network, profile, VehicleIx(0), points[0], points[1], &Silent).unwrap();
    assert!(expected.missing() < 2 * expected.cells(), "no path at all");
    for (cell, (found, expected)) in found.legs().zip(expected.legs()).enumerate() {
        assert_eq!(found, expected, "cell {cell}");
    }
    assert_eq!(found.cells(), expected.cells());
}

#[test]
fn columbus_and_portland_with_turn_costs() {
    for extract in ["columbus-oh.osm.pbf", "portland-or.osm.pbf"] {
        let Some(file) = shared::shared(extract) else { return };
        let network = build(&read_extract(&file, &Silent).unwrap(), &Silent).unwrap();
        let hierarchy = RoadHierarchy::new(&network).unwrap();
        let locator = Locator::new(&network);
        // Junctions all over the map, moved off the road.
        let count = network.junctions().len();
        let at: Vec<LonLat> = (0..60).map(|i| network.junctions()[i * (count / 60)]).collect();
        for vehicle in [tiny_scenario::van(), tiny_scenario::truck()] {
            let profile = Profile::new(&network, &vehicle, &TurnCosts::default()).unwrap();
            let components = Components::new(&network, &profile);
            let snap = |at: &LonLat| {
                let off = LonLat { lon_e7: at.lon_e7 + 1_700, lat_e7: at.lat_e7 - 900 };
                locator.snap(off, &profile, &components, &MapSettings::default())
            };
            let points: Vec<_> = at.iter().map(snap).collect();
            compare(&network, &hierarchy, &profile, [&points[..12], &points[12..]]);
        }
    }
}

#[test]
fn new_york_in_full() {
    let Some(ny) = ny::new_york() else { return };
    let hierarchy = RoadHierarchy::new(&ny.network).unwrap();
    println!(
        "{} road arcs, {} turns; arcs up {}, down {}; height {}",
        ny.network.arc_count(),
        ny.network.turn_count(),
        hierarchy.cch().up().arc_count(),
        hierarchy.cch().down().arc_count(),
        hierarchy.cch().height()
    );
    let profile = Profile::new(&ny.network, &tiny_scenario::truck(), &TurnCosts::default()).unwrap();
    compare(&ny.network, &hierarchy, &profile, [&ny.hubs, &ny.ddus]);
}
