//! Closed roads and traffic on real maps: weights arc by arc, and matrices equal to plain Dijkstra on the changed profile.

use crate::shared::shared;
use crate::tiny_scenario;
use crate::towns::{plain, scenario, traffic, window};
use ddu::ids::VehicleIx;
use ddu::lonlat::LonLat;
use ddu::network::{Closures, Profile, RoadNetwork};
use ddu::osm::ImportCounts;
use ddu::pipeline::{Prepared, ReadNetwork, Region};
use ddu::progress::Silent;
use ddu::road_class::RoadClass;
use ddu::scenario::{ClosedDirection, ClosedRoad, Scenario};
use ddu::units::Ppm;

/// One way in nine is closed, in turn for everybody, for trucks, and in one direction.
fn closed(network: &RoadNetwork) -> Vec<ClosedRoad> {
    let mut ways: Vec<i64> = network.segments().iter().map(|s| s.way).collect();
    ways.sort_unstable();
    ways.dedup();
    let close = |(i, way): (usize, i64)| ClosedRoad {
        way,
        direction: ClosedDirection::ALL[i % 3],
        vehicle: [None, Some(VehicleIx(0)), None, None][i % 4],
        note: String::new(),
    };
    ways.into_iter().step_by(9).enumerate().map(close).collect()
}

fn example(network: &RoadNetwork) -> Scenario {
    let count = network.junctions().len();
    let at: Vec<LonLat> = (0..40).map(|i| network.junctions()[i * (count / 40)]).collect();
    let mut scenario = scenario(&at[..9], &at[9..35]);
    let mut am = window("am", 6, 9, 700_000);
    am.by_class[RoadClass::Motorway as usize] = Some(Ppm(300_000));
    am.by_class[RoadClass::Residential as usize] = Some(Ppm(1_000_000));
    scenario.settings.traffic = traffic([am, window("pm", 16, 19, 500_000)]);
    scenario.closed_roads = closed(network);
    scenario
}

/// What is closed, looked up for every arc on its own.
#[track_caller]
fn check_arcs(network: &RoadNetwork, scenario: &Scenario) {
    let closures = Closures::new(network, &scenario.closed_roads);
    let turns = &scenario.settings.turns;
    for (v, class) in scenario.vehicles.iter().enumerate() {
        let open = Profile::new(network, class, turns).unwrap();
        let mut changed = open.clone();
        changed.close(closures.arcs(VehicleIx::from_index(v)));
        for arc in network.arcs() {
            let road = network.arc(arc);
            let way = network.segment(road.segment).way;
            let closed = scenario.closed_roads.iter().find(|c| c.way == way).is_some_and(|c| {
                let direction = match c.direction {
                    ClosedDirection::Both => true,
                    ClosedDirection::Forward => !road.reverse,
                    ClosedDirection::Backward => road.reverse,
                };
                direction && c.vehicle.is_none_or(|only| only.index() == v)
            });
            assert_eq!(changed.arc(arc), open.arc(arc).filter(|_| !closed), "way {way}");
        }
    }
}

#[test]
fn matrices_equal_plain_searches_on_the_changed_profiles() {
    for extract in ["columbus-oh.osm.pbf", "portland-or.osm.pbf"] {
        let Some(file) = shared(extract) else { return };
        let network = ddu::network::build(&ddu::osm::read_extract(&file, &Silent).unwrap(), &Silent).unwrap();
        let mut scenario = example(&network);
        check_arcs(&network, &scenario);
        let read = ReadNetwork { network: network.clone(), hierarchy: None, counts: ImportCounts::default() };
        let region = Region::place(read, &mut scenario, &Silent).unwrap();
        let prepared = Prepared::new(&scenario, &region);
        // All departures at a release time: two hubs a window, the last hubs in free flow.
        for (hub, release) in scenario.hubs.iter_mut().zip([7, 8, 17, 18, 3, 4, 5, 20, 21]) {
            hub.release = ddu::units::ClockTime(release * 60);
        }
        let found = prepared.matrices(&scenario, &Silent).unwrap().matrices;
        assert_eq!(found.len(), 6, "two classes, three departures");
        for matrix in found {
            let (expected, _) = plain(&network, &scenario, matrix.vehicle, matrix.departure);
            assert!(expected.missing() < expected.cells(), "{extract}: most cells have a path");
            assert!(matrix == expected, "{extract}, {:?} at {:?}", matrix.vehicle, matrix.departure);
        }
    }
}

#[test]
fn together_and_one_by_one_give_the_same() {
    let Some(file) = shared("columbus-oh.osm.pbf") else { return };
    let network = ddu::network::build(&ddu::osm::read_extract(&file, &Silent).unwrap(), &Silent).unwrap();
    let mut scenario = example(&network);
    scenario.settings.traffic.windows.push(window("late", 22, 2, 400_007));
    let class = |i: u32| {
        let mut class = if i.is_multiple_of(2) { tiny_scenario::truck() } else { tiny_scenario::van() };
        class.name = format!("class {i}");
        class.speed_factor = Ppm(500_000 + 50_000 * i);
        class
    };
    scenario.vehicles = (0..5).map(class).collect();
    let region = Region::place(
        ReadNetwork { network, hierarchy: None, counts: ImportCounts::default() },
        &mut scenario,
        &Silent,
    )
    .unwrap();
    let all = |bytes| {
        let prepared = Prepared::new(&scenario, &region).with_most_bytes_together(bytes);
        let mut file = Vec::new();
        prepared.tiles(&scenario, &Silent).unwrap().write(&mut file, &Silent).unwrap();
        file
    };
    // Five classes at four departures: sixteen and four together, or twenty one by one.
    assert!(all(usize::MAX) == all(0));
    assert_eq!(scenario.settings.traffic.departures().count(), 4);
}
