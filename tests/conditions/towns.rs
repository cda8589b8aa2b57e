//! Scenarios on drawn maps.

use crate::drawn::Town;
use crate::tiny_scenario;
use ddu::ids::{DepartureIx, VehicleIx};
use ddu::lonlat::LonLat;
use ddu::matrix::{Matrix, compute};
use ddu::network::{Closures, Components, Locator, NoSnap, Profile, RoadNetwork, Snap};
use ddu::osm::ImportCounts;
use ddu::pipeline::{ReadNetwork, Region};
use ddu::progress::Silent;
use ddu::scenario::{ClosedDirection, ClosedRoad, Scenario, Traffic, TrafficWindow};
use ddu::units::Ppm;

/// The tiny scenario with hubs and units at these points; the border of a drawn map is near everywhere.
pub fn scenario(hubs: &[LonLat], ddus: &[LonLat]) -> Scenario {
    let mut scenario = tiny_scenario::scenario(tiny_scenario::plain_day());
    let id = |i: usize| char::from(b'a' + u8::try_from(i).unwrap()).to_string();
    let hub = |(i, at): (usize, &LonLat)| ddu::scenario::Hub { at: *at, ..tiny_scenario::hub(&id(i)) };
    let unit = |(i, at): (usize, &LonLat)| ddu::scenario::Ddu { at: *at, ..tiny_scenario::ddu(&id(i)) };
    scenario.hubs = hubs.iter().enumerate().map(hub).collect();
    scenario.ddus = ddus.iter().enumerate().map(unit).collect();
    scenario.settings.map.border_buffer_m = 0;
    scenario
}

pub fn region(town: &Town, scenario: &mut Scenario) -> Region {
    let read = ReadNetwork { network: town.network.clone(), hierarchy: None, counts: ImportCounts::default() };
    Region::place(read, scenario, &Silent).unwrap()
}

pub type Snapped = Vec<Result<Snap, NoSnap>>;

/// The matrix of a class at a departure by plain searches, with the points on its roads: everything from the scenario.
pub fn plain(
    network: &RoadNetwork,
    scenario: &Scenario,
    vehicle: VehicleIx,
    departure: DepartureIx,
) -> (Matrix, [Snapped; 2]) {
    let settings = &scenario.settings;
    let class = &scenario.vehicles[vehicle.index()];
    let factors = settings.traffic.factors(departure);
    let mut profile = Profile::in_traffic(network, class, &settings.turns, &factors).unwrap();
    profile.close(Closures::new(network, &scenario.closed_roads).arcs(vehicle));
    let (components, locator) = (Components::new(network, &profile), Locator::new(network));
    let snap = |at| locator.snap(at, &profile, &components, &settings.map);
    let hubs: Snapped = scenario.hubs.iter().map(|hub| snap(hub.at)).collect();
    let ddus: Snapped = scenario.ddus.iter().map(|ddu| snap(ddu.at)).collect();
    let mut matrix = compute(network, &profile, vehicle, &hubs, &ddus, &Silent).unwrap();
    matrix.departure = departure;
    (matrix, [hubs, ddus])
}

pub fn close(town: &Town, road: &str, direction: ClosedDirection, vehicle: Option<u32>) -> ClosedRoad {
    let way = town.network.segment(town.segment(road)).way;
    ClosedRoad { way, direction, vehicle: vehicle.map(VehicleIx), note: String::new() }
}

/// A window from and to these hours.
pub fn window(name: &str, from: u16, to: u16, factor: u32) -> TrafficWindow {
    TrafficWindow {
        name: name.to_owned(),
        from: from * 60,
        to: to * 60,
        speed_factor: Ppm(factor),
        by_class: [None; ddu::road_class::RoadClass::ALL.len()],
    }
}

pub fn traffic<const N: usize>(windows: [TrafficWindow; N]) -> Traffic {
    Traffic { windows: windows.into() }
}
