//! Closed roads on drawn maps.

use crate::drawn::{Drawing, Town};
use crate::towns::{close, region, scenario};
use ddu::diagnostics::Code;
use ddu::matrix::{Leg, NoPath};
use ddu::pipeline::matrices;
use ddu::progress::Silent;
use ddu::scenario::{ClosedDirection, ClosedRoad, Scenario};

/// One block of 200 m with a stub at every corner; clockwise is cheaper, as right turns are.
const BLOCK: &str = "
E-A---B-F
  |   |
G-C---D-H";

/// A hub on AC and a unit on BD.
fn block() -> (Town, Scenario) {
    let town = Drawing::new(BLOCK).build();
    let scenario = scenario(&[town.midway("AC")], &[town.midway("BD")]);
    (town, scenario)
}

/// Legs there and back of truck and van.
fn legs(town: &Town, mut scenario: Scenario, closed: &[ClosedRoad]) -> [[Leg; 2]; 2] {
    scenario.closed_roads = closed.to_vec();
    scenario.closed_roads.sort();
    let region = region(town, &mut scenario);
    assert!(!region.findings.counts().contains_key(&Code::NothingClosed));
    let matrices = matrices(&scenario, &region, &Silent).unwrap();
    [0, 1].map(|class| matrices[class].legs().next().unwrap())
}

/// Milliseconds there and back; 400 m at 25 mph (11.176 m/s) are 35,791, each right turn 3,750, each left one 7,500.
#[track_caller]
fn turns(legs: [Leg; 2]) -> [&'static str; 2] {
    legs.map(|leg| {
        let path = leg.unwrap();
        assert!((3_998..=4_002).contains(&path.length.0), "{path:?}");
        match path.time.0.checked_sub(35_791 - 20) {
            Some(7_500..=7_540) => "right",
            Some(15_000..=15_040) => "left",
            _ => panic!("{path:?}"),
        }
    })
}

#[test]
fn a_closed_road_is_driven_around() {
    let (town, scenario) = block();
    // There over AB, back over DC: two right turns each.
    let open = legs(&town, scenario.clone(), &[]);
    assert_eq!(open.map(turns), [["right", "right"]; 2]);
    // Without AB both ways lead over CD: two left turns there.
    let closed = legs(&town, scenario.clone(), &[close(&town, "AB", ClosedDirection::Both, None)]);
    assert_eq!(closed.map(turns), [["left", "right"]; 2]);
    let closed = legs(&town, scenario, &[close(&town, "DC", ClosedDirection::Both, None)]);
    assert_eq!(closed.map(turns), [["right", "left"]; 2]);
}

#[test]
fn one_direction_is_that_of_the_ways_nodes() {
    let (town, scenario) = block();
    // Drawn streets lead right and down: AB from A to B, CD from C to D.
    let forward = |road| close(&town, road, ClosedDirection::Forward, None);
    let backward = |road| close(&town, road, ClosedDirection::Backward, None);
    let van = |closed: &[ClosedRoad]| turns(legs(&town, scenario.clone(), closed)[1]);
    assert_eq!(van(&[forward("AB")]), ["left", "right"]);
    assert_eq!(van(&[backward("AB")]), ["right", "right"]);
    assert_eq!(van(&[backward("CD")]), ["right", "left"]);
    assert_eq!(van(&[forward("AB"), backward("CD")]), ["left", "left"]);
}

#[test]
fn a_road_is_closed_for_one_class() {
    let (town, scenario) = block();
    let closed = legs(&town, scenario, &[close(&town, "AB", ClosedDirection::Both, Some(0))]);
    assert_eq!(closed.map(turns), [["left", "right"], ["right", "right"]]);
}

#[test]
fn a_point_beside_a_closed_road_meets_the_next_one() {
    let (town, mut scenario) = block();
    scenario.closed_roads = vec![close(&town, "AC", ClosedDirection::Both, None)];
    let region = region(&town, &mut scenario);
    let snap = region.vehicles[0].hubs[0].as_ref().unwrap();
    assert_ne!(snap.segment, town.segment("AC"));
    // Half of AC's 200 m away from the nearest corner.
    assert!((990..=1_010).contains(&snap.distance.0), "{snap:?}");
}

#[test]
fn a_hub_that_is_cut_off_says_so() {
    let town = Drawing::new(
        "
S---A---B---C---X---Y
    |   |       |   |
T---D---E       W---Z---V",
    )
    .build();
    let mut scenario = scenario(&[town.midway("YZ"), town.midway("AD")], &[town.midway("BE")]);
    let cells = |scenario: &mut Scenario| {
        let region = region(&town, scenario);
        let matrices = matrices(scenario, &region, &Silent).unwrap();
        let isolated = region.findings.counts().get(&Code::IsolatedPoint).copied().unwrap_or(0);
        (matrices.iter().map(|m| m.legs().collect::<Vec<_>>()).collect::<Vec<_>>(), isolated)
    };
    let (open, isolated) = cells(&mut scenario.clone());
    assert!(isolated == 0 && open.iter().flatten().flatten().all(Result::is_ok));
    // Five roads in both directions are left; at V vehicles turn, so that all are linked.
    scenario.closed_roads = vec![close(&town, "CX", ClosedDirection::Both, None)];
    let (closed, isolated) = cells(&mut scenario.clone());
    assert_eq!(isolated, 1);
    for (class, open) in closed.iter().zip(&open) {
        assert_eq!(class[0], [Err(NoPath::IsolatedComponent { at_hub: true, arcs: 10 }); 2]);
        assert_eq!(class[1], open[1], "the other hub sees nothing of it");
    }
    // For one class only: the other still finds its way, and so the point is no finding.
    scenario.closed_roads = vec![close(&town, "CX", ClosedDirection::Both, Some(0))];
    let (closed, isolated) = cells(&mut scenario);
    assert_eq!(
        (isolated, closed[0][0][0], closed[1][0]),
        (0, Err(NoPath::IsolatedComponent { at_hub: true, arcs: 10 }), open[1][0])
    );
    // One direction is enough: what can be left but not reached is not linked.
    scenario.closed_roads = vec![close(&town, "CX", ClosedDirection::Forward, None)];
    assert_eq!(cells(&mut scenario).1, 1);
}

#[test]
fn rows_that_close_nothing_are_warned_about() {
    let town = Drawing::new(BLOCK).way("AB", "oneway=yes").build();
    let mut scenario = scenario(&[town.midway("AC")], &[town.midway("BD")]);
    let close = |direction| close(&town, "AB", direction, None);
    let absent = ClosedRoad { way: 4_711, ..close(ClosedDirection::Both) };
    scenario.closed_roads = vec![close(ClosedDirection::Forward), close(ClosedDirection::Backward), absent];
    let region = region(&town, &mut scenario);
    let found: Vec<&str> = region
        .findings
        .sorted()
        .into_iter()
        .filter(|d| d.code == Code::NothingClosed)
        .map(|d| d.message.as_str())
        .collect();
    let expected =
        ["way 1 has no road on the map in direction backward", "way 4711 has no road on the map in direction both"];
    assert_eq!(found, expected);
}
