//! Times and money of routes: worked out by hand, and against the evaluation of the route engine on random days.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, dead_code, unreachable_pub)]

#[path = "support/tiny_scenario.rs"]
mod tiny_scenario;

use ddu::ids::{DduIx, HubIx, VehicleIx};
use ddu::matrix::{Leg, NoPath};
use ddu::routes::day::{ClassLegs, Docks, HubCase, HubStops, Stop, timetable};
use ddu::routes::{Dock, LegTable, Problem, ReturnRule, Route, RouteClass, Visit, schedule};
use ddu::scenario::Scenario;
use ddu::units::{ClockTime, Decimetres, MicroDollars, Millis, Pieces};
use tiny_scenario::{MILE_X100, back, ddu, out, path, plain_day, scenario, usd};

const VAN: usize = 1;
const HOUR: i64 = 3_600_000;

fn stop(unit: u32, by: i32, pieces: u32) -> Stop {
    Stop { ddu: DduIx(unit), by: ClockTime(by), pieces: Pieces(pieces), orders: Vec::new(), direct: Ok(usd("1000")) }
}

/// The day of the hub with the same legs for both classes.
fn case<'s>(scenario: &'s Scenario, stops: Vec<Stop>, legs: &[Leg]) -> HubCase<'s> {
    let units: Vec<DduIx> = (0..scenario.ddus.len()).map(DduIx::from_index).collect();
    let points = units.len() + 1;
    let of = |class: u32| ClassLegs { vehicle: VehicleIx(class), points, legs: legs.to_vec() };
    HubCase::new(scenario, HubStops { hub: HubIx(0), stops }, &units, vec![of(0), of(1)]).unwrap()
}

/// Two units: 100 miles and 2 hours to each, 50 miles and 1 hour from the first on to the second, 50 miles and 1 hour back.
fn two_units() -> (Scenario, Vec<Leg>) {
    let mut scenario = scenario(plain_day());
    scenario.ddus = vec![ddu("D1"), ddu("D2")];
    let on = path(Decimetres(MILE_X100 / 2), Millis(3_600_000));
    let none = Err(NoPath::Unreachable);
    (scenario, vec![none, Ok(out()), Ok(out()), Ok(back()), none, Ok(on), Ok(back()), none, none])
}

#[test]
fn money_and_times_by_hand() {
    let (scenario, legs) = two_units();
    let case = case(&scenario, vec![stop(0, 480, 100), stop(1, 480, 200)], &legs);
    let visits = [(0, Pieces(100)), (1, Pieces(200))];
    let route = timetable(&case, &Docks::of(&scenario), VAN, &visits).unwrap();
    // Released at 03:00; 05:00 at D1, 800 s there; 06:13:20 at D2, 1,000 s there; 06:30, home at 07:30.
    assert_eq!((route.depart, route.home), (0, 9 * HOUR / 2));
    let times: Vec<_> = route.visits.iter().map(|v| (v.arrive, v.begin, v.leave)).collect();
    let second = 3 * HOUR + 800_000;
    assert_eq!(times, [(2 * HOUR, 2 * HOUR, 2 * HOUR + 800_000), (second, second, second + 1_000_000)]);
    // 155 + 36 x 800 s + 5 + 2; 37.5 + 36, + 36 x 1,000 s + 5 + 4; half of 37.5 + 36 + 4; 96 / 8 h x (3.5 h + half of 1 h).
    let of = |at: usize| {
        let visit = &route.visits[at];
        [visit.leg.money, visit.dock, visit.fee, visit.handling]
    };
    assert_eq!(of(0), ["155", "8", "5", "2"].map(usd));
    assert_eq!(of(1), ["73.5", "10", "5", "4"].map(usd));
    assert_eq!((route.back_money, route.vehicle_day, route.total), (usd("38.75"), usd("48"), usd("349.25")));
}

#[test]
fn a_dock_that_is_taken_is_waited_for_at_the_hub() {
    let (mut scenario, legs) = two_units();
    scenario.ddus[0].dock_slots = Some(1);
    let case = case(&scenario, vec![stop(0, 480, 100)], &legs);
    let mut docks = Docks::of(&scenario);
    // From 05:00 to 05:30.
    docks.take(DduIx(0), case.release + 2 * HOUR, case.release + 5 * HOUR / 2);
    let route = timetable(&case, &docks, VAN, &[(0, Pieces(100))]).unwrap();
    assert_eq!((route.depart, route.visits[0].arrive, route.visits[0].begin), (HOUR / 2, 5 * HOUR / 2, 5 * HOUR / 2));
    // Until the latest time: no way.
    docks.take(DduIx(0), case.release + 5 * HOUR / 2, case.release + 6 * HOUR);
    assert_eq!(timetable(&case, &docks, VAN, &[(0, Pieces(100))]), None);
    // With a second slot it goes at once.
    scenario.ddus[0].dock_slots = Some(2);
}

#[test]
fn limits_forbid_a_route() {
    let (mut scenario, legs) = two_units();
    let visits = [(0, Pieces(100)), (1, Pieces(200))];
    let stops = || vec![stop(0, 480, 100), stop(1, 480, 200)];
    let found = |scenario: &Scenario, stops, visits: &[(usize, Pieces)]| {
        timetable(&case(scenario, stops, &legs), &Docks::of(scenario), VAN, visits).is_some()
    };
    assert!(found(&scenario, stops(), &visits));
    // In time to the millisecond: D1 at 05:00, and not a minute earlier; 720 pieces fit, no more.
    assert!(found(&scenario, vec![stop(0, 300, 100)], &visits[..1]));
    assert!(!found(&scenario, vec![stop(0, 299, 100)], &visits[..1]));
    assert!(found(&scenario, vec![stop(0, 480, 720)], &[(0, Pieces(720))]));
    assert!(!found(&scenario, vec![stop(0, 480, 721)], &[(0, Pieces(721))]));
    // Driving takes 4 h with the way back, duty 4.5 h.
    scenario.settings.routes.driving_limit = Millis(4 * 3_600_000);
    scenario.settings.routes.duty_limit = Millis(9 * 1_800_000);
    assert!(found(&scenario, stops(), &visits));
    scenario.settings.routes.driving_limit = Millis(4 * 3_600_000 - 1);
    assert!(!found(&scenario, stops(), &visits));
    scenario.settings.routes.return_counts = false;
    assert!(found(&scenario, stops(), &visits));
    scenario.settings.routes.duty_limit = Millis(7 * 1_800_000 - 1);
    assert!(!found(&scenario, stops(), &visits));
    scenario.settings.routes.duty_limit = Millis(7 * 1_800_000);
    scenario.ddus[1].max_height_mm = Some(2_799);
    assert!(!found(&scenario, stops(), &visits));
}

/// The same days as problems of the route engine.
fn problem(case: &HubCase<'_>) -> Option<Problem> {
    let limits = &case.scenario.settings.routes;
    let classes = case.classes.iter().map(|class| RouteClass {
        name: class.vehicle.0,
        capacity: class.load,
        fixed: MicroDollars::ZERO,
        available: None,
        leave_from: Millis(0),
        duty: Some(limits.duty_limit),
        waiting_per_hour: MicroDollars::ZERO,
        dwell_per_hour: MicroDollars::ZERO,
        back: ReturnRule { on_duty: limits.return_counts, ..ReturnRule::CLOSED },
    });
    let millis = |time: i64| u32::try_from(time).ok().map(Millis);
    let stops = (0..case.stops.len()).map(|at| {
        let dock = |class: usize| {
            let vehicle = case.classes[class].class;
            let (fee, handling) = (MicroDollars::ZERO, MicroDollars::ZERO);
            Some(Dock { setup: vehicle.dwell_fixed, per_piece: vehicle.unload_per_piece, fee, handling })
        };
        Some(ddu::routes::Stop {
            name: case.stops[at].ddu.0,
            demand: case.stops[at].pieces,
            ready: millis(*case.windows[at].start())?,
            due: millis(*case.windows[at].end())?,
            docks: (0..case.classes.len()).map(dock).collect(),
        })
    });
    let points: Vec<Option<usize>> = std::iter::once(None).chain((0..case.stops.len()).map(Some)).collect();
    let leg = |class: usize, from: Option<usize>, to: Option<usize>| {
        let path = case.leg(class, from, to)?;
        Some(ddu::routes::Leg { cost: path.money, time: path.time })
    };
    let table = |class: usize| {
        LegTable(
            points.iter().flat_map(|a| points.iter().map(move |b| (*a, *b))).map(|(a, b)| leg(class, a, b)).collect(),
        )
    };
    let stops = stops.collect::<Option<Vec<_>>>()?;
    Problem::new(classes.collect(), stops, (0..case.classes.len()).map(table).collect()).ok()
}

#[test]
fn timetables_at_free_docks_are_those_of_the_route_engine() {
    let (mut both, mut neither, mut waiting) = (0, 0, 0);
    for day in 0_u64..4_000 {
        let mut state = day.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut draw = |most: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % most
        };
        let mut scenario = scenario(plain_day());
        let units = 2 + draw(4) as u32;
        scenario.ddus = (0..units).map(|unit| ddu(&format!("D{unit}"))).collect();
        for unit in &mut scenario.ddus {
            unit.dock_open = ClockTime(180 + draw(240) as i32);
            unit.dock_close = ClockTime(900);
        }
        scenario.settings.routes.driving_limit = Millis(168 * 3_600_000);
        scenario.settings.routes.duty_limit = Millis(3_600_000 * (2 + draw(8) as u32));
        scenario.settings.routes.return_counts = draw(2) == 0;
        let legs: Vec<Leg> = (0..(units + 1) * (units + 1))
            .map(|_| match draw(15) {
                0 => Err(NoPath::Unreachable),
                _ => Ok(path(Decimetres(1_000 + draw(500_000) as u32), Millis(60_000 + draw(5_400_000) as u32))),
            })
            .collect();
        let stops: Vec<Stop> = (0..units)
            .map(|unit| {
                let open = scenario.ddus[unit as usize].dock_open.0;
                stop(unit, open + draw(180) as i32, 1 + draw(300) as u32)
            })
            .collect();
        let case = case(&scenario, stops, &legs);
        let Some(problem) = problem(&case) else { continue };
        let mut left: Vec<usize> = (0..units as usize).collect();
        let mut visits = Vec::new();
        for _ in 0..1 + draw(u64::from(units)) {
            let at = left.swap_remove(draw(left.len() as u64) as usize);
            visits.push((at, case.stops[at].pieces));
        }
        let route = Route { class: VAN, visits: visits.iter().map(|&(stop, pieces)| Visit { stop, pieces }).collect() };
        // The engine asks for a way back of the last stop alone, we for one of each.
        if !visits.iter().all(|visit| case.serves(VAN, visit.0)) {
            continue;
        }
        match (timetable(&case, &Docks::of(&scenario), VAN, &visits), schedule(&problem, &route)) {
            (Some(ours), Ok(theirs)) => {
                both += 1;
                assert_eq!(ours.depart, i64::from(theirs.depart.0), "day {day}");
                assert_eq!(ours.home, i64::from(theirs.back.unwrap().0), "day {day}");
                let waited: i64 = ours.visits.iter().map(|visit| visit.begin - visit.arrive).sum();
                assert_eq!(waited, i64::from(theirs.waiting.0), "day {day}");
                waiting += usize::from(waited > 0);
            }
            (None, Err(_)) => neither += 1,
            (ours, theirs) => panic!("day {day}: {ours:?} beside {theirs:?}"),
        }
    }
    assert!(both > 300 && neither > 300 && waiting > 30, "{both} {neither} {waiting}");
}
