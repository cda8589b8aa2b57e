//! What-if questions: one prepared region, many scenarios; each answer is that of a fresh run.

use crate::tiles::invented;
use ddu::ids::VehicleIx;
use ddu::matrix::Matrix;
use ddu::network::RoadNetwork;
use ddu::osm::ImportCounts;
use ddu::pipeline::{Prepared, ReadNetwork, Region, matrices};
use ddu::progress::Silent;
use ddu::scenario::{ClosedDirection, ClosedRoad, Mode, Scenario};
use ddu::units::{MicroDollars, Ppm};

/// Everything anew, network included.
fn fresh(network: &RoadNetwork, scenario: &Scenario) -> Vec<Matrix> {
    let mut scenario = scenario.clone();
    let read = ReadNetwork { network: network.clone(), hierarchy: None, counts: ImportCounts::default() };
    let region = Region::place(read, &mut scenario, &Silent).unwrap();
    matrices(&scenario, &region, &Silent).unwrap()
}

#[test]
fn a_change_is_a_customization() {
    let (scenario, region) = invented();
    let prepared = Prepared::new(&scenario, &region);
    let before = prepared.matrices(&scenario, &Silent).unwrap();
    assert!(before.snapped_again.is_empty() && before.matrices == fresh(&region.network, &scenario));

    let ask = |what: &str, change: &dyn Fn(&mut Scenario)| {
        let mut changed = scenario.clone();
        change(&mut changed);
        let answer = prepared.matrices(&changed, &Silent).unwrap();
        assert!(answer.matrices != before.matrices, "{what} changes nothing");
        assert!(answer.matrices == fresh(&region.network, &changed), "{what}");
        answer.snapped_again
    };
    let nobody: Vec<VehicleIx> = vec![];
    let fuel = |s: &mut Scenario| s.vehicles[0].rates.fuel_per_mile = MicroDollars(2_000_000);
    assert_eq!(ask("fuel price", &fuel), nobody);
    let wage = |s: &mut Scenario| s.vehicles.iter_mut().for_each(|v| v.rates.wages_per_hour = MicroDollars(99_000_000));
    assert_eq!(ask("wage", &wage), nobody);
    assert_eq!(ask("speed factor", &|s: &mut Scenario| s.vehicles[1].speed_factor = Ppm(400_000)), nobody);
    assert_eq!(ask("traffic", &|s: &mut Scenario| s.settings.traffic.windows[0].speed_factor = Ppm(400_000)), nobody);
    assert_eq!(ask("turn costs", &|s: &mut Scenario| s.settings.turns.left.0 *= 10), nobody);

    // Roads closed for one class: its points may meet other roads now, those of the others not.
    let way = region.network.segment(region.vehicles[1].hubs[0].as_ref().unwrap().segment).way;
    let close = |vehicle| ClosedRoad { way, direction: ClosedDirection::Both, vehicle, note: String::new() };
    let closed = |vehicle: Option<VehicleIx>| move |s: &mut Scenario| s.closed_roads.push(close(vehicle));
    assert_eq!(ask("closed for one", &closed(Some(VehicleIx(1)))), [VehicleIx(1)]);
    assert_eq!(ask("closed for all", &closed(None)), [VehicleIx(0), VehicleIx(1), VehicleIx(2)]);
    assert_eq!(ask("all open", &|s: &mut Scenario| s.closed_roads.clear()).len(), 3);
    // A limit on the vehicle changes what it may use as well.
    let tall = |s: &mut Scenario| {
        s.vehicles[0].mode = if s.vehicles[0].mode == Mode::Hgv { Mode::Motorcar } else { Mode::Hgv }
    };
    assert_eq!(ask("mode", &tall), [VehicleIx(0)]);
    // A way that is not on the map closes nothing, and nothing is snapped again.
    let mut elsewhere = scenario.clone();
    elsewhere.closed_roads.push(ClosedRoad { way: i64::MAX, ..close(None) });
    let answer = prepared.matrices(&elsewhere, &Silent).unwrap();
    assert!(answer.snapped_again.is_empty() && answer.matrices == before.matrices);
    // A hub that moves is snapped again, for all classes.
    let moved = |s: &mut Scenario| s.hubs[0].at = s.hubs[1].at;
    assert_eq!(ask("another place", &moved).len(), 3);
}
