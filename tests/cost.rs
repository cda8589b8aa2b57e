//! Injection cost, worked out by hand.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, dead_code, unreachable_pub)]

#[path = "support/tiny_scenario.rs"]
mod tiny_scenario;

use ddu::cost::{CostError, Haul, HaulSource, Hauls, NoHaul, VehicleTrip, hauls};
use ddu::ids::{DduIx, HubIx, VehicleIx};
use ddu::matrix::{NoPath, PathTotals};
use ddu::scenario::Scenario;
use ddu::units::{ClockTime, Decimetres, MicroDollars, Millis, Pieces, Ppm};
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use tiny_scenario::{back, matrices, matrices_but, out, path, plain_day, scenario, usd};

const TRUCK: VehicleIx = VehicleIx(0);
const VAN: VehicleIx = VehicleIx(1);

fn haul(scenario: &Scenario) -> Haul {
    let matrices = matrices(scenario, Ok(out()), Ok(back()));
    hauls(scenario, &matrices).unwrap().get(HubIx(0), DduIx(0)).unwrap()
}

fn trip_of(hauls: &Hauls<'_>, vehicle: VehicleIx) -> VehicleTrip {
    let classes = hauls.by_class(HubIx(0), DduIx(0)).unwrap();
    classes.into_iter().find(|(class, _)| *class == vehicle).unwrap().1.unwrap()
}

fn trip(scenario: &Scenario, vehicle: VehicleIx) -> VehicleTrip {
    trip_of(&hauls(scenario, &matrices(scenario, Ok(out()), Ok(back()))).unwrap(), vehicle)
}

#[test]
fn an_award_is_told_what_the_waterfall_gives() {
    let s = scenario(plain_day());
    for option in haul(&s).options.unwrap() {
        let trip = trip(&s, option.vehicle);
        assert_eq!((option.pieces_per_trip, option.trip), (trip.pieces_per_trip, trip.trip.total));
        assert_eq!((option.handling_per_piece, option.arrival), (usd("0.02"), trip.arrival));
        assert_eq!(option.outbound, out().length);
    }
}

#[test]
fn waterfall_of_a_trip() {
    let van = trip(&scenario(plain_day()), VAN);
    // Cube: 450 cu ft x 80 % / 0.5 = 720 pieces; weight: 3,500 / 2.5 = 1,400.
    assert_eq!(van.pieces_per_trip, Pieces(720));
    // 600 s + 720 x 2 s = 2,040 s = 34 min.
    assert_eq!(van.dwell, Millis(2_040_000));
    assert_eq!(van.trip.distance, usd("93.75")); // 100 mi x 0.75 + 50 % of 50 mi x 0.75 = 75 + 18.75
    assert_eq!(van.trip.driving_time, usd("90")); // 2 h x 36 + 50 % of 1 h x 36 = 72 + 18
    assert_eq!(van.trip.tolls, usd("10")); // 8 + 50 % of 4
    assert_eq!(van.trip.dwell, usd("20.4")); // 34 min x 36/h
    assert_eq!(van.trip.stop, usd("5"));
    assert_eq!(van.duration.0, 184 * 60_000); // 120 + 30 + 34 min
    assert_eq!(van.trip.vehicle_day, usd("36.8")); // 96 x 184 min / 480 min
    assert_eq!(van.trip.total, usd("255.95"));
    assert_eq!(van.trip.sum_of_parts(), Some(van.trip.total));
}

#[test]
fn full_deadhead_reconciles_with_the_matrix() {
    let mut s = scenario(plain_day());
    s.settings.cost.deadhead_share = Ppm::ONE;
    let van = trip(&s, VAN);
    let driving = MicroDollars::sum([van.trip.distance, van.trip.driving_time, van.trip.tolls]);
    assert_eq!(driving, out().money.checked_add(back().money)); // 155 + 77.50
    s.settings.cost.deadhead_share = Ppm(0);
    assert_eq!(trip(&s, VAN).trip.distance, usd("75"));
    assert_eq!(trip(&s, VAN).duration.0, 154 * 60_000);
}

#[test]
fn each_part_is_rounded_once() {
    // 1 dm at 0.75 USD/mile = 750,000 / 16,093.44 = 46.6 micro-dollars; half of the return's 47 is 23.5 -> 24.
    let one = path(Decimetres(1), Millis(0));
    let s = scenario(plain_day());
    let cells = matrices(&s, Ok(one), Ok(one));
    assert_eq!(trip_of(&hauls(&s, &cells).unwrap(), VAN).trip.distance, MicroDollars(47 + 24));
}

#[test]
fn a_trip_longer_than_the_vehicle_day_bears_more_than_one() {
    let s = scenario(plain_day());
    let long = path(out().length, Millis(16 * 3_600_000));
    let cells = matrices(&s, Ok(long), Ok(PathTotals::default()));
    let van = trip_of(&hauls(&s, &cells).unwrap(), VAN);
    // 16 h + 34 min = 994 min of days of 480 min: 96 x 994 / 480 = 198.80.
    assert_eq!(van.trip.vehicle_day, usd("198.8"));
}

#[test]
fn trips_are_a_step_function_of_volume() {
    let van = trip(&scenario(plain_day()), VAN).option();
    let full = van.injection_cost(Pieces(720)).unwrap();
    // 255.95 + 720 x 0.02 = 270.35; / 720 = 0.375486111...
    assert_eq!((full.trips, full.total, full.handling), (1, usd("270.35"), usd("14.4")));
    assert_eq!(full.per_piece, usd("0.375486"));
    let step = van.injection_cost(Pieces(721)).unwrap();
    // 2 x 255.95 + 721 x 0.02 = 526.32; / 721 = 0.7299861...
    assert_eq!((step.trips, step.total, step.per_piece), (2, usd("526.32"), usd("0.729986")));
    assert_eq!(van.injection_cost(Pieces(0)), None);
}

#[test]
fn the_cheapest_class_depends_on_the_volume() {
    let s = scenario(plain_day());
    let haul = haul(&s);
    // Truck: 1,600 x 80 % / 0.5 = 2,560 pieces. Dwell 600 + 5,120 s = 57.20 USD; duration 9,000 + 5,720 = 14,720 s,
    // of a day 192 x 14,720 / 28,800 = 98.133333; total 93.75 + 90 + 10 + 57.20 + 5 + 98.133333 = 354.083333.
    assert_eq!(trip(&s, TRUCK).trip.total, usd("354.083333"));
    let at = |volume| haul.injection_cost(Pieces(volume)).map(|c| (c.vehicle, c.trips)).unwrap();
    assert_eq!(at(720), (VAN, 1)); // 255.95 < 354.08
    assert_eq!(at(721), (TRUCK, 1)); // 511.90 > 354.08
    assert_eq!(at(2_560), (TRUCK, 1));
    assert_eq!(at(2_561), (TRUCK, 2)); // 4 vans 1,023.80; 2 trucks 708.17
    assert_eq!(haul.injection_cost(Pieces(0)), None);
}

#[test]
fn equal_cost_goes_to_fewer_trips_then_lower_index() {
    let mut s = scenario(plain_day());
    s.vehicles[0] = tiny_scenario::van();
    "a van".clone_into(&mut s.vehicles[0].name);
    assert_eq!(haul(&s).injection_cost(Pieces(1)).unwrap().vehicle, VehicleIx(0));
    // Class 1 costs nothing and carries 720; class 0 costs nothing and carries 360: at 720, one trip beats two.
    for class in &mut s.vehicles {
        class.rates = ddu::scenario::Rates::default();
    }
    s.vehicles[0].cube_millicuft /= 2;
    let cells = matrices(&s, Ok(PathTotals::default()), Ok(PathTotals::default()));
    let haul = hauls(&s, &cells).unwrap().get(HubIx(0), DduIx(0)).unwrap();
    let cost = haul.injection_cost(Pieces(720)).unwrap();
    assert_eq!((cost.total, cost.trips, cost.vehicle), (MicroDollars::ZERO, 1, VehicleIx(1)));
}

#[test]
fn weight_limits_where_parcels_are_heavy() {
    let mut s = scenario(plain_day());
    s.settings.parcel.mean_weight_millilb = 10_000;
    // 3,500 / 10 = 350 < 720; 10,000 / 10 = 1,000 < 2,560.
    assert_eq!(trip(&s, VAN).pieces_per_trip, Pieces(350));
    assert_eq!(trip(&s, TRUCK).pieces_per_trip, Pieces(1_000));
}

#[test]
fn reasons_for_no_haul() {
    let reason = |s: &Scenario| haul(s).options.unwrap_err();
    let mut s = scenario(plain_day());
    s.ddus[0].max_height_mm = Some(3_000);
    assert_eq!(haul(&s).options.unwrap().iter().map(|o| o.vehicle).collect::<Vec<_>>(), [VAN]);
    s.ddus[0].max_length_mm = Some(6_000);
    assert!(haul(&s).options.is_ok(), "a limit equal to the vehicle lets it in");
    s.ddus[0].max_length_mm = Some(5_999);
    assert_eq!(reason(&s), NoHaul::VehicleTooLargeForDock);
    s.ddus[0].max_length_mm = None;
    s.settings.parcel.mean_weight_millilb = 20_000_000;
    assert_eq!(reason(&s), NoHaul::PieceDoesNotFit);

    let s = scenario(plain_day());
    let no_way = NoPath::OutsideMap { at_hub: false };
    let cells = matrices_but(&s, Err(no_way), Ok(back()), |class, [out, _]| {
        if class == 1 {
            out[0] = Err(NoPath::Unreachable);
        }
    });
    let table = hauls(&s, &cells).unwrap();
    assert_eq!(table.get(HubIx(0), DduIx(0)).unwrap().options, Err(NoHaul::NoPath(no_way)), "first class by name");
    assert_eq!(table.get(HubIx(0), DduIx(0)).unwrap().injection_cost(Pieces(1)), None);
    let cells = matrices(&s, Ok(out()), Err(NoPath::Unreachable));
    let there_only = hauls(&s, &cells).unwrap().get(HubIx(0), DduIx(0)).unwrap();
    assert_eq!(there_only.options, Err(NoHaul::NoPath(NoPath::Unreachable)), "a vehicle must come back");
}

#[test]
fn only_the_vehicles_of_the_settings() {
    let mut s = scenario(plain_day());
    s.settings.cost.vehicles = vec!["van".to_owned()];
    assert_eq!(haul(&s).options.unwrap().len(), 1);
    let van_only = &matrices(&s, Ok(out()), Ok(back()))[1..];
    assert!(hauls(&s, van_only).is_ok(), "no matrix is asked of a class that is not used");
    s.settings.cost.vehicles = vec!["tram".to_owned()];
    assert_eq!(hauls(&s, van_only).unwrap_err(), CostError::UnknownVehicle { name: "tram".to_owned() });
}

#[test]
fn hostile_input_is_an_error() {
    let mut s = scenario(plain_day());
    let cells = matrices(&s, Ok(out()), Ok(back()));
    assert!(matches!(hauls(&s, &cells[..1]), Err(CostError::NoMatrix { .. })));
    assert!(matches!(
        hauls(&s, &cells).unwrap().get(HubIx(1), DduIx(0)),
        Err(CostError::UnknownPair { hub: 1, ddu: 0 })
    ));
    s.vehicles[0].rates.fuel_per_mile = MicroDollars(i64::MAX - 1_000_000);
    assert!(matches!(hauls(&s, &cells).unwrap().get(HubIx(0), DduIx(0)), Err(CostError::TooLarge { .. })));
    s.vehicles[0].rates.fuel_per_mile = MicroDollars(i64::MAX);
    assert!(matches!(hauls(&s, &cells), Err(CostError::Vehicle { .. })));
    let mut s = scenario(plain_day());
    s.vehicles[1].day = Millis(0);
    assert!(matches!(hauls(&s, &cells), Err(CostError::Vehicle { .. })));
    s.vehicles[1] = tiny_scenario::van();
    s.vehicles[1].unload_per_piece = Millis(u32::MAX);
    assert!(matches!(hauls(&s, &cells), Err(CostError::Vehicle { .. })));
    let mut s = scenario(Date::MAX);
    assert!(matches!(hauls(&s, &cells).and_then(|h| h.get(HubIx(0), DduIx(0))), Err(CostError::Calendar { .. })));
    s.hubs[0].release = ClockTime(i32::MAX);
    assert!(matches!(hauls(&s, &cells), Err(CostError::Calendar { .. })));
    s.ddus.clear();
    assert!(matches!(hauls(&s, &cells), Err(CostError::MatrixShape { .. })));
}

/// Arrival when leaving New York's clock `release` on `day`, after `travel`, at a unit in `zone`.
fn arrival(day: Date, release: &str, travel: u32, zone: &str) -> String {
    let mut s = scenario(day);
    s.hubs[0].release = ClockTime::parse(release).unwrap();
    s.ddus[0].timezone = TimeZone::get(zone).unwrap();
    let cells = matrices(&s, Ok(path(out().length, Millis(travel))), Ok(back()));
    let haul = hauls(&s, &cells).unwrap().get(HubIx(0), DduIx(0)).unwrap();
    haul.options.unwrap()[0].arrival.to_string()
}

const HOUR: u32 = 3_600_000;

#[test]
fn arrivals_on_the_unit_clock() {
    let day = plain_day();
    let (new_york, chicago) = ("America/New_York", "America/Chicago");
    assert_eq!(arrival(day, "03:00", 2 * HOUR, new_york), "05:00");
    assert_eq!(arrival(day, "03:00", 2 * HOUR + 1, new_york), "05:01", "rounded up");
    assert_eq!(arrival(day, "03:00", 2 * HOUR + 1, chicago), "04:01", "one hour west");
    assert_eq!(arrival(day, "00:30", 0, chicago), "23:30-1d", "still the day before there");
    assert_eq!(arrival(day, "22:30-1d", HOUR, new_york), "23:30-1d");
    assert_eq!(arrival(day, "22:30-1d", 2 * HOUR, new_york), "00:30");
    assert_eq!(arrival(day, "23:30", HOUR, new_york), "00:30+1d");
    assert_eq!(arrival(day, "03:00", 0, "Asia/Kolkata"), "13:30", "UTC-5 to UTC+5:30");
}

#[test]
fn arrivals_when_clocks_change() {
    let new_york = "America/New_York";
    let forward = date(2026, 3, 8); // 02:00 -> 03:00
    assert_eq!(arrival(forward, "01:30", HOUR, new_york), "03:30");
    assert_eq!(arrival(forward, "02:30", HOUR, new_york), "04:30", "02:30 does not exist: 03:30");
    assert_eq!(arrival(forward, "01:30", HOUR / 2 - 30_000, new_york), "03:00", "never a reading inside the gap");
    assert_eq!(arrival(forward, "01:30", HOUR, "America/Phoenix"), "00:30", "no daylight saving there");
    let back = date(2026, 11, 1); // 02:00 -> 01:00
    assert_eq!(arrival(back, "01:30", HOUR, new_york), "01:30", "the first 01:30 leaves, the second arrives");
    assert_eq!(arrival(back, "00:30", 3 * HOUR, new_york), "02:30");
    assert_eq!(arrival(back, "22:30-1d", 8 * HOUR, new_york), "05:30", "a night of nine hours");
}

#[test]
fn deadlines_leave_out_late_classes() {
    let s = scenario(plain_day());
    let cells = matrices_but(&s, Ok(out()), Ok(back()), |class, [out, _]| {
        if class == 1 {
            out[0] = Ok(path(out[0].unwrap().length, Millis(2 * HOUR + 60_000)));
        }
    });
    let haul = hauls(&s, &cells).unwrap().get(HubIx(0), DduIx(0)).unwrap();
    let by = |minute| haul.injection_cost_by(ClockTime(minute), Pieces(100)).map(|c| c.vehicle);
    assert_eq!(by(301), Some(VAN), "05:01: the cheaper van just makes it");
    assert_eq!(by(300), Some(TRUCK), "05:00: only the truck");
    assert_eq!(by(299), None);
    assert_eq!(haul.earliest_arrival(), Some(ClockTime(300)));
}
