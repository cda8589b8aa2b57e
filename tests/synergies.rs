//! Discounts of packages and the tours that explain them: worked by hand, and every order of every class tried.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    clippy::cast_possible_truncation,
    dead_code,
    unreachable_pub
)]

#[path = "support/auction.rs"]
mod auction;
#[path = "support/tiny_scenario.rs"]
mod tiny_scenario;

use auction::{Rng, bid, bidder};
use ddu::cost::{HaulSource, NoSaving, NoTour, Tour, TourStop, UnitLegs, hauls, synergies, tour_units};
use ddu::ids::{DduIx, HubIx, VehicleIx};
use ddu::matrix::{Leg, Matrix, NoPath, PathTotals};
use ddu::scenario::Scenario;
use ddu::units::{ClockTime, Decimetres, MicroDollars, Millis, Pieces, Ppm, round_div};
use tiny_scenario::{ddu as unit, path, plain_day, rates, scenario, usd, van};

/// One hub and `n` units; legs from the hub, to the hub, and from row to column between units.
struct Place {
    scenario: Scenario,
    out: Vec<Leg>,
    back: Vec<Leg>,
    between: Vec<Leg>,
}

impl Place {
    fn matrices(&self) -> (Vec<Matrix>, UnitLegs) {
        let n = self.scenario.ddus.len();
        let classes = || (0..self.scenario.vehicles.len()).map(VehicleIx::from_index);
        let made = |out: &[Leg], back: &[Leg]| {
            classes().map(|class| Matrix::from_legs(class, rates(&van()), n, out, back).unwrap()).collect()
        };
        let units = (0..n).map(DduIx::from_index).collect();
        (made(&self.out, &self.back), UnitLegs::new(units, made(&self.between, &self.between)))
    }

    fn tour(&self, stops: &[TourStop]) -> Result<Tour, NoTour> {
        let (matrices, legs) = self.matrices();
        hauls(&self.scenario, &matrices).unwrap().tour(HubIx(0), stops, &legs).unwrap()
    }
}

fn minutes(m: u32) -> Millis {
    Millis(m * 60_000)
}

/// A hundred miles and 20 minutes to and from each unit, 25 miles and 10 minutes between them.
fn two_units() -> Place {
    let mut s = scenario(plain_day());
    s.ddus = vec![unit("D1"), unit("D2")];
    s.bidders = vec![bidder("B")];
    let mut bids = vec![
        bid("A1", 0, 0, (100, 300), 1_800_000),
        bid("A2", 0, 1, (100, 250), 1_700_000),
        bid("P1", 0, 0, (200, 200), 1_500_000),
        bid("P2", 0, 1, (300, 300), 1_600_000),
    ];
    for line in bids.iter_mut().skip(2) {
        line.package = Some("P".to_owned());
    }
    s.bids = bids;
    let far: Leg = Ok(path(Decimetres(1_609_344), minutes(20)));
    let near: Leg = Ok(path(Decimetres(402_336), minutes(10)));
    Place { scenario: s, out: vec![far; 2], back: vec![far; 2], between: vec![near; 4] }
}

/// Van, 0.75 a mile, 36 an hour, half of the return charged, 34 min to unload a full one, 5 a stop, 96 for 480 min.
///
/// - A direct trip: 75 + 37.50 miles, 12 + 6 driving, 20.40 dwell, 5 stop, 64 min of the day 12.80: 168.70. Two of them and
///   handling of 500 pieces at 0.02: 347.40.
/// - The tour: 125 miles 93.75, 30 min 18, home 37.50 + 6, dwell of 34 + 10 min 26.40, two stops 10, 84 min of the day 16.80:
///   208.45, and handling: 218.45. It saves 128.95.
/// - Outside the package 200 pieces bring 1.80 and 300 (above the range of 250) 1.70: 360 + 510 = 870. The package brings
///   300 + 480 = 780: a discount of 90, less than the tour saves.
#[test]
fn a_discount_and_its_tour() {
    let place = two_units();
    let (matrices, legs) = place.matrices();
    let hauls = hauls(&place.scenario, &matrices).unwrap();
    assert_eq!(tour_units(&place.scenario), [DduIx(0), DduIx(1)]);
    let all = synergies(&place.scenario, &hauls, Some((&hauls, &legs))).unwrap();
    let [one] = &all[..] else { panic!("{all:?}") };
    assert_eq!((one.spend, one.priced_lines), (usd("780"), 2));
    assert_eq!((one.priced_spend, one.stand_alone, one.direct), (usd("780"), usd("870"), Some(usd("347.4"))));
    let tour = one.tour.as_ref().unwrap();
    assert_eq!((tour.total, tour.vehicle, tour.order.len()), (usd("218.45"), VehicleIx(1), 2));
}

#[test]
fn what_is_not_known_says_why() {
    let note = |bend: &dyn Fn(&mut Place)| {
        let mut place = two_units();
        bend(&mut place);
        let (matrices, legs) = place.matrices();
        let hauls = hauls(&place.scenario, &matrices).unwrap();
        let all = synergies(&place.scenario, &hauls, Some((&hauls, &legs))).unwrap();
        (all[0].note(), all[0].priced_lines)
    };
    assert_eq!(note(&|_| {}), ("exact", 2));
    // Another service, basis or hub is another price.
    assert_eq!(note(&|p| p.scenario.bids[0].service = ddu::scenario::Service::SameDay), ("exact", 1));
    assert_eq!(note(&|p| p.scenario.bids[1].basis = ddu::scenario::PriceBasis::Hub), ("exact", 1));
    assert_eq!(note(&|p| _ = p.scenario.bids.drain(..2)), ("exact", 0));
    assert_eq!(note(&|p| p.scenario.bids[3].volume_max = Pieces(4_000)), ("does_not_fit_one_vehicle", 2));
    assert_eq!(note(&|p| p.between = vec![Err(NoPath::Unreachable); 4]), ("no_path", 2));
    assert_eq!(note(&|p| p.out[1] = Err(NoPath::Unreachable)), ("no_direct_haul", 2));
    // The second dock is reached 20 + 10 + 7 + 10 minutes after 03:00 at the earliest, behind the first one's opening.
    assert_eq!(note(&|p| p.scenario.bids.iter_mut().for_each(|b| b.tender = ClockTime(240))), ("not_in_time", 2));
    let place = two_units();
    let (matrices, _) = place.matrices();
    let hauls = hauls(&place.scenario, &matrices).unwrap();
    let tabled = synergies(&place.scenario, &hauls, None).unwrap();
    assert_eq!((tabled[0].tour.clone(), tabled[0].direct), (Err(NoSaving::NoMap), Some(usd("347.4"))));
    let few = UnitLegs::new(vec![DduIx(0)], Vec::new());
    let few = synergies(&place.scenario, &hauls, Some((&hauls, &few))).unwrap();
    assert_eq!(few[0].note(), "too_many_units");
}

fn drawn(rng: &mut Rng, n: usize) -> (Place, Vec<TourStop>) {
    let mut s = scenario(plain_day());
    s.ddus = (0..n).map(|d| unit(&format!("D{d}"))).collect();
    for d in &mut s.ddus {
        d.dock_open = ClockTime(150 + 30 * rng.below(5) as i32);
        d.max_length_mm = if rng.one_in(8) { Some(7_000) } else { None };
    }
    s.settings.cost.deadhead_share = Ppm(rng.below(5) * 250_000);
    let mut leg = |n: usize| -> Vec<Leg> {
        let one = |rng: &mut Rng| {
            if rng.one_in(60) {
                Err(NoPath::Unreachable)
            } else {
                Ok(path(Decimetres(rng.below(900_000)), minutes(1 + rng.below(40))))
            }
        };
        (0..n).map(|_| one(rng)).collect()
    };
    let (out, back, between) = (leg(n), leg(n), leg(n * n));
    let stops = (0..n)
        .map(|d| TourStop {
            ddu: DduIx::from_index(d),
            pieces: Pieces(1 + rng.below(400)),
            by: ClockTime(240 + 15 * rng.below(20) as i32),
        })
        .collect();
    (Place { scenario: s, out, back, between }, stops)
}

/// All orders of all classes, each added up leg by leg.
fn exhaustive(place: &Place, stops: &[TourStop]) -> Option<i64> {
    let s = &place.scenario;
    let n = s.ddus.len();
    let mut best: Option<i64> = None;
    for class in &s.vehicles {
        let load = class.pieces_per_trip(500, 2_500).0;
        let pieces: u32 = stops.iter().map(|stop| stop.pieces.0).sum();
        let fits = s.ddus.iter().all(|d| d.max_length_mm.is_none_or(|most| class.length_mm <= most));
        if pieces > load || !fits {
            continue;
        }
        let mut order: Vec<usize> = Vec::new();
        let mut orders = Vec::new();
        permute(n, &mut order, &mut orders);
        'order: for order in orders {
            let (mut money, mut driven, mut clock, mut at) = (0_i64, 0_i64, 180 * 60_000_i64, None::<usize>);
            for &d in &order {
                let leg = at.map_or(&place.out[d], |from| &place.between[from * n + d]);
                let Ok(leg) = leg else { continue 'order };
                money += leg.money.0;
                driven += i64::from(leg.time.0);
                clock += i64::from(leg.time.0);
                let minute = (clock + 59_999) / 60_000;
                if minute > i64::from(stops[d].by.0) {
                    continue 'order;
                }
                let opens = i64::from(s.ddus[d].dock_open.0) * 60_000;
                let unload = class.dwell_fixed.0 + class.unload_per_piece.0 * stops[d].pieces.0;
                clock = clock.max(opens) + i64::from(unload);
                at = Some(d);
            }
            let Ok(home) = place.back[at.unwrap()] else { continue };
            let share = |amount: MicroDollars| amount.share(s.settings.cost.deadhead_share).unwrap().0;
            let (mile, hour) = (class.rates.per_mile().unwrap(), class.rates.per_hour().unwrap());
            money += share(mile.per_mile_over(home.length).unwrap()) + share(hour.per_hour_over(home.time).unwrap());
            money += share(home.tolls);
            let dwell = class.dwell_fixed.0 * n as u32 + class.unload_per_piece.0 * load;
            money += hour.per_hour_over(Millis(dwell)).unwrap().0 + class.rates.per_stop.0 * n as i64;
            let back = round_div(i128::from(home.time.0) * i128::from(s.settings.cost.deadhead_share.0), 1_000_000);
            let time = i128::from(driven) + back + i128::from(dwell);
            money += round_div(i128::from(class.rates.fixed_per_day.0) * time, i128::from(class.day.0)) as i64;
            money += class.rates.per_piece.0 * i64::from(pieces);
            best = Some(best.map_or(money, |known| known.min(money)));
        }
    }
    best
}

fn permute(n: usize, order: &mut Vec<usize>, all: &mut Vec<Vec<usize>>) {
    if order.len() == n {
        all.push(order.clone());
    }
    for next in 0..n {
        if !order.contains(&next) {
            order.push(next);
            permute(n, order, all);
            order.pop();
        }
    }
}

#[test]
fn tours_equal_every_order() {
    let (mut found, mut none) = (0, 0);
    for seed in 0..600 {
        let mut rng = Rng(seed * 7 + 1);
        let n = 1 + rng.below(5) as usize;
        let (place, stops) = drawn(&mut rng, n);
        let tour = place.tour(&stops);
        let expected = exhaustive(&place, &stops);
        match (&tour, expected) {
            (Ok(tour), Some(best)) => {
                assert_eq!(tour.total.0, best, "seed {seed}: {tour:?}");
                let mut seen = tour.order.clone();
                seen.sort_unstable();
                assert_eq!(seen, stops.iter().map(|stop| stop.ddu).collect::<Vec<_>>());
                found += 1;
            }
            (Err(_), None) => none += 1,
            _ => panic!("seed {seed}: {tour:?} {expected:?}"),
        }
    }
    assert!(found > 200 && none > 50, "{found} {none}");
}

#[test]
fn a_tour_through_one_dock_is_a_direct_trip() {
    for seed in 0..200 {
        let mut rng = Rng(seed * 11 + 3);
        let (place, stops) = drawn(&mut rng, 1);
        let Ok(tour) = place.tour(&stops) else { continue };
        let (matrices, _) = place.matrices();
        let haul = hauls(&place.scenario, &matrices).unwrap().get(HubIx(0), DduIx(0)).unwrap();
        assert_eq!(haul.injection_cost_by(stops[0].by, stops[0].pieces).map(|cost| cost.total), Some(tour.total));
    }
}

#[test]
fn thirteen_docks_are_too_many() {
    let (place, stops) = drawn(&mut Rng(5), 13);
    assert_eq!(place.tour(&stops), Err(NoTour::TooManyStops));
    let small: Vec<TourStop> =
        stops.iter().take(12).map(|stop| TourStop { pieces: Pieces(5), by: ClockTime(1_200), ..*stop }).collect();
    let mut place = place;
    place.between.iter_mut().chain(&mut place.out).chain(&mut place.back).for_each(|leg| {
        *leg = Ok(leg.unwrap_or_else(|_| PathTotals::default()));
    });
    assert_eq!(place.tour(&small).unwrap().order.len(), 12);
}
