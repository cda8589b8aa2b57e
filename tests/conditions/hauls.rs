//! Which matrix a haul takes: there by the hub's clock, back by the unit's.

use crate::tiny_scenario::{back, matrices, out, path, plain_day, scenario};
use crate::towns::{traffic, window};
use ddu::cost::{CostError, HaulSource, hauls, release_departures};
use ddu::ids::{DduIx, DepartureIx, HubIx, VehicleIx};
use ddu::matrix::Matrix;
use ddu::scenario::Scenario;
use ddu::units::{ClockTime, Millis};
use jiff::tz::TimeZone;

const HOUR: u32 = 3_600_000;

/// Matrices of free flow and one window; in the window everything takes an hour longer.
fn both(s: &Scenario) -> Vec<Matrix> {
    let slow = |p: ddu::matrix::PathTotals| path(p.length, Millis(p.time.0 + HOUR));
    let mut all = matrices(s, Ok(path(out().length, out().time)), Ok(path(back().length, back().time)));
    let mut window = matrices(s, Ok(slow(out())), Ok(slow(back())));
    window.iter_mut().for_each(|m| m.departure = DepartureIx(1));
    all.append(&mut window);
    all
}

/// Windows in which truck and van leave hub and unit, and when they arrive.
fn windows(s: &Scenario) -> Vec<(u32, u32, String)> {
    let matrices = both(s);
    let trips = hauls(s, &matrices).unwrap().by_class(HubIx(0), DduIx(0)).unwrap();
    trips
        .into_iter()
        .map(|(_, trip)| {
            let o = trip.unwrap();
            let slow = |departure: DepartureIx| departure.0 * HOUR;
            assert_eq!(o.outbound.time.0, out().time.0 + slow(o.outbound_departure));
            assert_eq!(o.inbound.time.0, back().time.0 + slow(o.return_departure));
            (o.outbound_departure.0, o.return_departure.0, o.arrival.to_string())
        })
        .collect()
}

fn example(from: u16, to: u16, release: &str) -> Scenario {
    let mut s = scenario(plain_day());
    s.settings.traffic = traffic([window("w", from, to, 500_000)]);
    s.hubs[0].release = ClockTime::parse(release).unwrap();
    s
}

#[test]
fn each_leg_takes_the_window_of_its_departure() {
    // Two hours there; a full truck unloads for 95 min 20 s, a full van for 34 min.
    // 03:00 → 05:00; home at 06:35 and 05:34.
    assert_eq!(windows(&example(6, 7, "03:00")), [(0, 1, "05:00".into()), (0, 0, "05:00".into())]);
    // 05:59 is free flow: 07:59; home at 09:34 and 08:33.
    assert_eq!(windows(&example(6, 9, "05:59")), [(0, 0, "07:59".into()), (0, 1, "07:59".into())]);
    // 06:00 is not: an hour longer, 09:00, home at 10:35 and 09:34.
    assert_eq!(windows(&example(6, 10, "06:00")), [(1, 0, "09:00".into()), (1, 1, "09:00".into())]);
    // The van leaves the dock at 05:34:00: the window that begins there holds it, the one that ends there does not.
    let mut s = example(0, 0, "03:00");
    (s.settings.traffic.windows[0].from, s.settings.traffic.windows[0].to) = (334, 335);
    assert_eq!(windows(&s)[1].1, 1);
    (s.settings.traffic.windows[0].from, s.settings.traffic.windows[0].to) = (333, 334);
    assert_eq!(windows(&s)[1].1, 0);
}

#[test]
fn over_midnight() {
    // 23:30 of the day before → 02:30, an hour late; home at 04:05 and 03:04.
    assert_eq!(windows(&example(23, 4, "23:30-1d")), [(1, 0, "02:30".into()), (1, 1, "02:30".into())]);
    assert_eq!(windows(&example(23, 4, "04:00")), [(0, 0, "06:00".into()), (0, 0, "06:00".into())]);
}

#[test]
fn each_end_has_its_own_clock() {
    // The unit's clock is an hour behind: the truck leaves it at 05:35, the van at 04:34.
    let mut s = example(5, 6, "03:00");
    s.ddus[0].timezone = TimeZone::get("America/Chicago").unwrap();
    assert_eq!(windows(&s), [(0, 1, "04:00".into()), (0, 0, "04:00".into())]);
    // The hub's clock is an hour behind: 05:30 there is 06:30 at the unit.
    let mut s = example(5, 6, "05:30");
    s.hubs[0].timezone = TimeZone::get("America/Chicago").unwrap();
    assert_eq!(windows(&s)[0].0, 1);
    s.hubs[0].release = ClockTime::parse("04:30").unwrap();
    assert_eq!(windows(&s)[0].0, 0);
}

#[test]
fn a_reading_that_does_not_exist_leaves_an_hour_later() {
    let mut s = example(3, 4, "02:30");
    s.settings.operating_date = jiff::civil::date(2026, 3, 8);
    assert_eq!(windows(&s)[0].0, 1, "02:30 does not exist on that day: 03:30");
}

#[test]
fn missing_matrices_are_named() {
    let s = example(6, 7, "03:00");
    assert_eq!(release_departures(&s).unwrap().into_iter().collect::<Vec<_>>(), [DepartureIx(0)]);
    let matrices = both(&s);
    // Only the truck comes home in the window.
    let free = hauls(&s, &matrices[..2]).unwrap();
    assert_eq!(free.missing_returns().into_iter().collect::<Vec<_>>(), [(VehicleIx(0), DepartureIx(1))]);
    let error = free.get(HubIx(0), DduIx(0)).unwrap_err();
    assert_eq!(error, CostError::NoMatrix { vehicle: "truck".into(), departure: "w".into() });
    assert!(hauls(&s, &matrices[..3]).unwrap().get(HubIx(0), DduIx(0)).is_ok());
    assert!(matches!(hauls(&s, &matrices[2..]), Err(CostError::NoMatrix { .. })), "nothing for the release time");
    assert!(hauls(&s, &matrices).unwrap().missing_returns().is_empty());
}
