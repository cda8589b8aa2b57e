//! A quote worked out by hand: two units of one hub, a van and a truck.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, dead_code, unreachable_pub)]

#[path = "support/tiny_scenario.rs"]
mod tiny_scenario;

use ddu::cost::{self, Hauls};
use ddu::ids::{DduIx, HubIx, VehicleIx};
use ddu::matrix::{Leg, Matrix, NoPath};
use ddu::progress::Silent;
use ddu::quote::assign::{AssignProblem, assign};
use ddu::quote::{
    Alternative, Bundler, Factor, Offer, Plan, Served, ServedCase, Verdict, VolumeCase, WhyNotServed, alternative,
    bids, bundles, neighbours, offers, serve, tornado,
};
use ddu::routes::day::{ClassLegs, HubCase, HubDay, HubStops, Stop, plan_day};
use ddu::scenario::{EntryRate, QuoteVolume, QuoteVolumes, Scenario, Service};
use ddu::units::{ClockTime, Decimetres, MicroDollars, Millis, Pieces};
use jiff::civil::Date;
use tiny_scenario::{MILE_X100, back, ddu, matrices, out, path, plain_day, scenario, usd};

fn rate(level: &str, from: u64, to: u64, rate: &str, haul: &str) -> EntryRate {
    EntryRate {
        entry_level: level.to_owned(),
        from_millilb: from,
        to_millilb: to,
        effective_from: Date::MIN,
        effective_to: Date::MAX,
        rate: usd(rate),
        haul: usd(haul),
    }
}

/// Two units, 100 miles and 2 hours away each, half of the way back charged; 100 and 200 pieces; 2.5 lb a piece.
fn two_units() -> Scenario {
    let mut scenario = scenario(plain_day());
    scenario.ddus = vec![ddu("D1"), ddu("D2")];
    scenario.settings.quote.service = Service::SameDay;
    let volume = |pieces| QuoteVolume { low: Pieces(pieces / 2), planned: Pieces(pieces), high: Pieces(pieces * 8) };
    let units = [("D1".to_owned(), volume(100)), ("D2".to_owned(), volume(200))].into_iter().collect();
    scenario.quote.volumes = Some(QuoteVolumes { units, without_unit: Vec::new() });
    scenario.quote.rates = vec![
        rate("far", 0, 5_000, "4.10", "0.15"),
        rate("heavy", 5_000, 9_000, "1", "0"),
        rate("other", 0, 5_000, "4.30", "0"),
    ];
    scenario
}

struct Worked {
    plan: Plan,
    served: Vec<Served>,
    assigned: Vec<Option<ServedCase>>,
    offers: Vec<Offer>,
}

fn worked(scenario: &Scenario, matrices: &[Matrix]) -> Worked {
    let hauls: Hauls<'_> = cost::hauls(scenario, matrices).unwrap();
    let plan = Plan::of(scenario).unwrap();
    let served = serve(&plan, &hauls).unwrap();
    let problem = AssignProblem::of(scenario, &plan, &served);
    let found = assign(&problem.units, &problem.limits, None, &Silent).unwrap();
    let assigned: Vec<Option<ServedCase>> = plan
        .units
        .iter()
        .zip(&served)
        .zip(found.chosen.iter().zip(&problem.units))
        .map(|((unit, served), (chosen, choices))| {
            served.from(unit, choices.choices[(*chosen)?].hub, unit.volume.planned)
        })
        .collect();
    let offers = offers(scenario, &plan, &served, &assigned, &vec![None; plan.units.len()]).unwrap();
    Worked { plan, served, assigned, offers }
}

/// The day of the hub: from the first unit on to the second it is 50 miles and 1 hour, and there is no way from the second to the first.
fn day(scenario: &Scenario) -> HubDay<'_> {
    let stop = |unit: u32, pieces: u32| Stop {
        ddu: DduIx(unit),
        by: ClockTime(480),
        pieces: Pieces(pieces),
        orders: Vec::new(),
        direct: Ok(usd("1000")),
    };
    let on = path(Decimetres(MILE_X100 / 2), Millis(3_600_000));
    let none: Leg = Err(NoPath::Unreachable);
    let legs = [none, Ok(out()), Ok(out()), Ok(back()), none, Ok(on), Ok(back()), none, none];
    let of = |class: u32| ClassLegs { vehicle: VehicleIx(class), points: 3, legs: legs.to_vec() };
    let stops = HubStops { hub: HubIx(0), stops: vec![stop(0, 100), stop(1, 200)] };
    let case = HubCase::new(scenario, stops, &[DduIx(0), DduIx(1)], vec![of(0), of(1)]).unwrap();
    plan_day(vec![case], &Silent).unwrap().pop().unwrap()
}

/// A trip of the van: 155 out, 38.75 for half of the way back, 2,040 s of unloading 720 pieces at 36 USD an hour, 20.40, a stop for 5,
/// 96 USD a day over 8 hours for 2 h + 1/2 h + 2,040 s, 36.80: 255.95; and 0.02 a piece. The truck's is 354.08.
#[test]
fn break_even_by_hand() {
    let scenario = two_units();
    let matrices = matrices(&scenario, Ok(out()), Ok(back()));
    let found = worked(&scenario, &matrices);
    // The cheapest rate for 2.5 lb: 4.10 + 0.15; a tenth is kept.
    let Alternative { entry_level, total, budget } = alternative(&scenario).unwrap();
    assert_eq!((entry_level.as_str(), total, budget), ("far", usd("4.25"), usd("3.825")));
    let [first, second] = &found.offers[..] else { panic!() };
    let costs = found.assigned.iter().map(|haul| haul.unwrap().cost.total).collect::<Vec<_>>();
    assert_eq!(costs, [usd("257.95"), usd("259.95")]);
    // (425 - 257.95) / 100; with the margin (382.50 - 257.95) / 100 = 1.2455, in cents; room 124.55.
    assert_eq!((first.break_even[0], first.price), (Some(usd("1.6705")), Some(usd("1.24"))));
    assert_eq!((first.room, first.verdict), (Some(usd("124.55")), Verdict::Bid));
    // (850 - 259.95) / 200; (765 - 259.95) / 200 = 2.52525.
    assert_eq!((second.break_even[0], second.price), (Some(usd("2.95025")), Some(usd("2.52"))));
    // 255.95 / (3.825 - 0.02) = 67.3 pieces pay a trip, and more trips need fewer pieces each than a van holds.
    assert_eq!(first.lasting_volume, Some(Pieces(68)));
    // At 1.24: 255.95 / (3.825 - 0.02 - 1.24) = 99.8.
    assert_eq!(first.volume_from, Some(Pieces(100)));
    // There at 05:00, promised half an hour later.
    assert_eq!(first.tender, Some(ClockTime(330)));
    // D2 at 2.52: 255.95 / 1.285 = 199.2. The one with more room comes first.
    let bids = bids(&found.plan, &found.offers, &[]);
    assert_eq!(
        bids.iter().map(|b| (b.ddu, b.least, b.most)).collect::<Vec<_>>(),
        [(DduIx(1), Pieces(200), Pieces(200)), (DduIx(0), Pieces(100), Pieces(100)),]
    );
}

/// The strong day of D2 has 1,600 pieces: three trips of the van or one of the truck, 354.08… + 32.
#[test]
fn the_waterfall_of_a_strong_day_by_hand() {
    let scenario = two_units();
    let matrices = matrices(&scenario, Ok(out()), Ok(back()));
    let found = worked(&scenario, &matrices);
    let hauls = cost::hauls(&scenario, &matrices).unwrap();
    let case =
        found.served[1].best.unwrap()[VolumeCase::ALL.iter().position(|c| *c == VolumeCase::High).unwrap()].unwrap();
    assert_eq!((case.option.vehicle, case.cost.trips), (VehicleIx(0), 1));
    let (_, parts) = case.waterfall(&hauls, &found.plan.units[1]).unwrap();
    assert_eq!(parts.sum_of_parts().unwrap().0 + case.cost.handling.0, case.cost.total.0);
    // 75 + half of 37.50; 72 + half of 36; 8 + half of 4; 36 x 5,720 s; a stop; 24 x (2.5 h + 5,720 s).
    let by_hand = ["93.75", "90", "10", "57.2", "5", "98.133333"].map(usd);
    assert_eq!([parts.distance, parts.driving_time, parts.tolls, parts.dwell, parts.stop, parts.vehicle_day], by_hand);
    assert_eq!(case.cost.handling, usd("32"));
}

/// Alone on a route D1 costs 155 + 8 + 5 + 2 + 38.75 + 12 x (2.5 h + 800 s) = 241.416667, D2 246.083333, both together 349.25 (as
/// `tests/route_day.rs` has it): together 138.25 less. The joint cost is borne in proportion.
#[test]
fn allocation_of_a_bundle_by_hand() {
    let scenario = two_units();
    let matrices = matrices(&scenario, Ok(out()), Ok(back()));
    let found = worked(&scenario, &matrices);
    let day = day(&scenario);
    let beside = neighbours(&day);
    let told: Vec<_> = beside.iter().map(|n| n.map(|n| (n.stop, n.alone, n.marginal)).unwrap()).collect();
    let expected = [(1, usd("241.416667"), usd("103.166667")), (0, usd("246.083333"), usd("107.833333"))];
    assert_eq!(told, expected);
    let bundler = Bundler { scenario: &scenario, plan: &found.plan, served: &found.served, budget: usd("3.825") };
    let suggested = bundles(&bundler, std::slice::from_ref(&day)).unwrap();
    let [bundle] = &suggested[..] else { panic!("{suggested:?}") };
    assert_eq!((bundle.alone, bundle.joint), (usd("487.5"), usd("349.25")));
    assert_eq!((bundle.room, bundle.gain), (usd("798.25"), usd("138.25")));
    // 349.25 x 241.416667 / 487.5 = 172.953376, the rest is D2's.
    let shares: Vec<_> = bundle.lines.iter().map(|line| (line.ddu, line.share, line.price)).collect();
    assert_eq!(
        shares,
        [
            (DduIx(0), usd("172.953376"), usd("2.09")), // (382.5 - 172.95…) / 100
            (DduIx(1), usd("176.296624"), usd("2.94")), // (765 - 176.29…) / 200
        ]
    );
    // 05:00 and 06:13:20, read as 06:14, each half an hour later.
    assert_eq!(bundle.lines.iter().map(|line| line.tender.0).collect::<Vec<_>>(), [330, 404]);
    // Both are in the package, so neither has a line of its own.
    let rows = bids(&found.plan, &found.offers, &suggested);
    assert!(rows.len() == 2 && rows.iter().all(|row| row.package == Some(1) && row.least == row.most), "{rows:?}");
}

/// D1 cannot bear its share: D2 bears more, and no price falls below a reserve; or together they bear too little.
#[test]
fn who_can_bear_less_bears_less() {
    let mut scenario = two_units();
    scenario.ddus[0].reserve_price = usd("3.325");
    let matrices = matrices(&scenario, Ok(out()), Ok(back()));
    let found = worked(&scenario, &matrices);
    assert_eq!(found.offers[0].verdict, Verdict::BelowReserve);
    let one = day(&scenario);
    let bundler = Bundler { scenario: &scenario, plan: &found.plan, served: &found.served, budget: usd("3.825") };
    // Together they can bear 50 + 765.
    let bundle = bundles(&bundler, std::slice::from_ref(&one)).unwrap().pop();
    // D2 alone has 765 - 246.083333 of room; both have 815 - 349.25, which is less: no bundle.
    assert_eq!(bundle, None);
    // At reserves of 2.20 and 1.825 D1 can bear 162.50, less than its 172.95, and D2 400: both bear in proportion to that.
    scenario.ddus[0].reserve_price = usd("2.2");
    scenario.ddus[1].reserve_price = usd("1.825");
    let found = worked(&scenario, &matrices);
    let one = day(&scenario);
    let bundler = Bundler { scenario: &scenario, plan: &found.plan, served: &found.served, budget: usd("3.825") };
    let bundle = bundles(&bundler, std::slice::from_ref(&one)).unwrap().pop().unwrap();
    let units = &scenario.ddus;
    for line in &bundle.lines {
        assert!(line.price >= units[line.ddu.index()].reserve_price, "{line:?}");
        assert!(line.price.0 * i64::from(line.pieces.0) + line.share.0 <= 3_825_000 * i64::from(line.pieces.0));
    }
    // 349.25 x 162.5 / 562.5, and the rest.
    assert_eq!(bundle.lines.iter().map(|line| line.share).collect::<Vec<_>>(), [usd("100.894444"), usd("248.355556")]);
}

#[test]
fn reasons_why_a_unit_is_not_served() {
    let mut scenario = two_units();
    scenario.ddus[0].cet_same_day = Some(ClockTime(290));
    scenario.ddus[1].cet_same_day = None;
    let matrices = matrices(&scenario, Ok(out()), Ok(back()));
    let found = worked(&scenario, &matrices);
    // There at 05:00, ten minutes late.
    assert_eq!(found.served[0].best, Err(WhyNotServed::Late(10)));
    assert_eq!(found.served[1].best, Err(WhyNotServed::NoService));
    assert_eq!(found.offers[0].verdict, Verdict::NotServed(WhyNotServed::Late(10)));
    scenario.ddus[1] = ddu("D2");
    scenario.ddus[1].capacity = Pieces(150);
    let found = worked(&scenario, &matrices);
    assert_eq!((found.plan.units[1].volume.planned, found.plan.units[1].beyond_capacity), (Pieces(150), Pieces(50)));
    scenario.quote.volumes.as_mut().unwrap().units.remove("D2");
    assert_eq!(worked(&scenario, &matrices).served[1].best, Err(WhyNotServed::NoVolume));
    scenario.quote.rates.clear();
    scenario.ddus[0] = ddu("D1");
    assert_eq!(worked(&scenario, &matrices).offers[0].verdict, Verdict::NoAlternative);
    scenario.settings.award.alternative_rate = Some(usd("4.25"));
    assert_eq!(worked(&scenario, &matrices).offers[0].price, Some(usd("1.24")));
    scenario.settings.quote.shipper = Some("nobody".to_owned());
    assert!(Plan::of(&scenario).is_err());
}

/// Half of D1's 100 pieces cost 255.95 + 1 = 5.139 a piece, eightfold by truck 354.083333 + 16, 0.462604; fuel and wages move it less.
#[test]
fn the_tornado_by_hand() {
    let scenario = two_units();
    let matrices = matrices(&scenario, Ok(out()), Ok(back()));
    let found = worked(&scenario, &matrices);
    let hauls = cost::hauls(&scenario, &matrices).unwrap();
    // The matrices stay, so fuel at twice its price changes only what is charged for the way back: no matter, paths have their own money.
    let mut dear = scenario.clone();
    dear.vehicles.iter_mut().for_each(|class| class.rates.wages_per_hour = usd("33"));
    let dear_hauls = cost::hauls(&dear, &matrices).unwrap();
    let swings = tornado(&found.plan, &found.assigned, &hauls, [&hauls, &hauls], [&hauls, &dear_hauls]).unwrap();
    let [volume, wage, fuel] = swings[0].unwrap();
    assert_eq!([volume.factor, wage.factor, fuel.factor], [Factor::Volume, Factor::Wage, Factor::Fuel]);
    let per_piece = |swing: ddu::quote::Swing| swing.ends.map(|end| end.unwrap().1.per_piece);
    assert_eq!(per_piece(volume), [usd("5.139"), usd("0.462604")]);
    assert_eq!(fuel.width(), Some(MicroDollars::ZERO));
    assert!(wage.width().unwrap() > MicroDollars::ZERO);
}
