//! Speeds of a departure, arc by arc and route by route.

use crate::drawn::{Drawing, Town, van};
use crate::towns::{region, scenario, traffic, window};
use ddu::matrix::Leg;
use ddu::network::Profile;
use ddu::pipeline::Prepared;
use ddu::progress::Silent;
use ddu::road_class::RoadClass;
use ddu::scenario::{Scenario, Traffic, TurnCosts, VehicleClass};
use ddu::units::{ClockTime, Ppm};

/// A slow street and a fast way round.
fn town() -> Town {
    Drawing::new(
        "
E-A-------------------B-F
  |                   |
G-C-------------------D-H",
    )
    .way("ACDB", "highway=primary")
    .build()
}

#[test]
fn times_follow_from_speed_caps_and_both_factors() {
    let town = town();
    let mut am = window("am", 6, 9, 800_000);
    am.by_class[RoadClass::Primary as usize] = Some(Ppm(500_000));
    let vehicle = VehicleClass { speed_factor: Ppm(900_000), ..van() };
    let mut capped = vehicle.clone();
    capped.speed_caps_millimph[RoadClass::Primary as usize] = Some(40_000);
    let of = |vehicle, factors| Profile::in_traffic(&town.network, vehicle, &TurnCosts::default(), factors).unwrap();
    let am = am.factors();
    let free = of(&vehicle, &Traffic::FREE);
    let slow = of(&vehicle, &am);
    let capped = of(&capped, &am);
    // Residential 25 mph × 0.9 × 0.8, primary 45 mph (or the cap of 40) × 0.9 × 0.5; a mile per hour is 0.44704 m/s.
    for (road, profile, mph) in
        [("AB", &free, 22.5), ("AB", &slow, 18.0), ("CD", &free, 40.5), ("CD", &slow, 20.25), ("CD", &capped, 18.0)]
    {
        let weight = profile.arc(town.arc(road)).unwrap();
        let expected = f64::from(weight.length) * 100.0 / (mph * 0.447_04);
        assert!((f64::from(weight.time) - expected).abs() <= 0.501, "{road} at {mph}: {weight:?}, {expected}");
        // 1 USD a mile and 36 USD an hour, in 10 micro-dollars.
        let cost = f64::from(weight.length) * 100_000.0 / 1_609.344 / 10.0 + f64::from(weight.time);
        assert!((f64::from(weight.cost) - cost).abs() <= 0.51, "{road}: {weight:?}, {cost}");
        assert_eq!(weight.length, free.arc(town.arc(road)).unwrap().length);
    }
    // Turns take their time whatever the traffic.
    let turns = |profile: &Profile| {
        town.network.arcs().flat_map(|a| profile.turns_from(&town.network, a).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    assert_eq!(turns(&free), turns(&slow));
    assert!(free.same_roads(&slow, &town.network));
}

/// A hub on AC and a unit on BD that leave at these clocks.
fn haul(town: &Town, windows: Traffic, release: &str) -> (Scenario, Vec<(String, [Leg; 2])>) {
    let mut scenario = scenario(&[town.midway("AC")], &[town.midway("BD")]);
    scenario.vehicles.truncate(1);
    scenario.hubs[0].release = ClockTime::parse(release).unwrap();
    scenario.settings.traffic = windows;
    let region = region(town, &mut scenario);
    let answer = Prepared::new(&scenario, &region).matrices(&scenario, &Silent).unwrap();
    let named =
        |m: &ddu::matrix::Matrix| (scenario.settings.traffic.name(m.departure).to_owned(), m.legs().next().unwrap());
    let legs = answer.matrices.iter().map(named).collect();
    (scenario, legs)
}

#[test]
fn traffic_changes_the_route() {
    let town = town();
    // There and back by the primary road: 100 m, 1,000 m of CD, 100 m.
    let (_, free) = haul(&town, Traffic::default(), "03:00");
    assert_eq!(free.len(), 1);
    let [out, back] = free[0].1.map(|leg| leg.unwrap());
    assert!((11_995..=12_005).contains(&out.length.0) && out.length == back.length, "{out:?} {back:?}");
    // 1,200 m at 45 mph (20.1168 m/s) are 59,652 ms; two left turns there, two right turns back.
    assert!(out.time.0.abs_diff(59_652 + 15_000) <= 20, "{out:?}");
    assert!(back.time.0.abs_diff(59_652 + 7_500) <= 20, "{back:?}");
    // At a tenth of its speed the primary road is left for the street of 25 mph.
    let mut jam = window("jam", 2, 4, 1_000_000);
    jam.by_class[RoadClass::Primary as usize] = Some(Ppm(100_000));
    let (_, slow) = haul(&town, traffic([jam]), "03:00");
    assert_eq!(
        slow.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["jam", "free_flow"],
        "home after the jam"
    );
    let out = slow[0].1[0].unwrap();
    // 2 × 100 m at 4.5 mph (2.01168 m/s) = 99,419 ms, 1,000 m at 25 mph (11.176 m/s) = 89,477 ms, two right turns.
    assert!(out.time.0.abs_diff(99_419 + 89_477 + 7_500) <= 60, "{out:?}");
    assert_eq!(slow[1].1, free[0].1);
}

#[test]
fn only_the_departures_that_costs_need_are_computed() {
    let town = town();
    let windows = || traffic([window("a", 3, 5, 500_000), window("b", 5, 8, 500_000), window("c", 20, 23, 500_000)]);
    let names = |release| haul(&town, windows(), release).1.into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    // A truck is unloaded after 600 s + 2,560 pieces × 2 s = 95 minutes.
    assert_eq!(names("03:00"), ["a"], "there and back in one window");
    assert_eq!(names("04:00"), ["a", "b"]);
    assert_eq!(names("07:00"), ["b", "free_flow"]);
    assert_eq!(names("12:00"), ["free_flow"]);
    assert_eq!(names("19:00"), ["free_flow", "c"]);
    assert_eq!(names("21:00-1d"), ["c"]);
    assert_eq!(names("22:00-1d"), ["c", "free_flow"]);
}
