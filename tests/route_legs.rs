//! Legs among hubs and units over the hierarchy equal plain searches, and their lines are roads from point to point.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]

use ddu::ids::{DduIx, HubIx};
use ddu::matrix::compute;
use ddu::pipeline::{Prepared, Region, WantedLine};
use ddu::progress::Silent;
use ddu::routes::day::StopSet;
use ddu::scenario::{LoadOptions, Scenario, load};
use std::path::Path;

fn sample() -> (Scenario, Region) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/scenario.toml");
    let mut scenario = load(&path, &LoadOptions { lenient: false }).scenario.unwrap();
    let region = Region::open(&mut scenario, &Silent).unwrap();
    (scenario, region)
}

fn sets(scenario: &Scenario) -> Vec<StopSet> {
    let units = |from: usize, step: usize| (from..scenario.ddus.len()).step_by(step).map(DduIx::from_index).collect();
    vec![
        StopSet { hub: HubIx(0), units: units(0, 3) },
        StopSet { hub: HubIx(2), units: units(1, 2) },
        StopSet { hub: HubIx(0), units: Vec::new() },
    ]
}

#[test]
fn every_leg_is_that_of_a_plain_search() {
    let (scenario, region) = sample();
    let sets = sets(&scenario);
    let found = Prepared::new(&scenario, &region).legs(&scenario, &sets, &Silent).unwrap();
    assert_eq!(found.len(), sets.len());
    for (set, classes) in sets.iter().zip(&found) {
        assert_eq!(classes.len(), region.vehicles.len());
        for (class, of) in classes.iter().zip(&region.vehicles) {
            assert_eq!(class.vehicle, of.vehicle);
            let hub = std::iter::once(of.hubs[set.hub.index()].clone());
            let points: Vec<_> = hub.chain(set.units.iter().map(|ddu| of.ddus[ddu.index()].clone())).collect();
            let plain = compute(&region.network, &of.profile, of.vehicle, &points, &points, &Silent).unwrap();
            let mut paths = 0;
            for from in 0..points.len() {
                for to in 0..points.len() {
                    let expected = plain.outbound(HubIx::from_index(from), DduIx::from_index(to));
                    assert_eq!(class.leg(from, to).ok(), expected.ok(), "{from} to {to}");
                    paths += usize::from(expected.is_ok());
                }
            }
            assert!(paths > points.len() || points.len() == 1);
        }
    }
}

#[test]
fn lines_lead_from_point_to_point() {
    let (scenario, region) = sample();
    let sets = sets(&scenario);
    let prepared = Prepared::new(&scenario, &region);
    let legs = prepared.legs(&scenario, &sets, &Silent).unwrap();
    let (set, of) = (1, &region.vehicles[0]);
    let points = sets[set].units.len() + 1;
    let wanted: Vec<WantedLine> = (0..points)
        .flat_map(|from| (0..points).filter(move |to| *to != from).map(move |to| (from, to)))
        .map(|(from, to)| WantedLine { set, vehicle: of.vehicle, from, to })
        .collect();
    let lines = prepared.lines(&scenario, &sets, &wanted, &Silent).unwrap();
    let place = |point: usize| match point {
        0 => of.hubs[sets[set].hub.index()].as_ref().unwrap().at,
        _ => of.ddus[sets[set].units[point - 1].index()].as_ref().unwrap().at,
    };
    let mut drawn = 0;
    for (leg, line) in wanted.iter().zip(&lines) {
        let Ok(path) = legs[set][0].leg(leg.from, leg.to) else {
            assert!(line.is_empty());
            continue;
        };
        assert_eq!((line[0], *line.last().unwrap()), (place(leg.from), place(leg.to)));
        let metres: f64 = line.windows(2).map(|pair| pair[0].metres_to(pair[1])).sum();
        // Lengths of road arcs are rounded to the decimetre one by one.
        let off = (metres - path.length.as_metres_f64()).abs();
        assert!(off <= 0.2 * line.len() as f64, "{metres} beside {}", path.length);
        drawn += 1;
    }
    assert!(drawn > points);
}
