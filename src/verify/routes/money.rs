//! Money of a route, part by part, from the rates of its class and the measures of its legs.

use super::stops::{Cells, Leg, Route};
use crate::diagnostics::Code;
use crate::scenario::Scenario;
use crate::units::{Decimetres, Millis, round_div};
use crate::verify::findings::Findings;
use crate::verify::money::usd;

const CODE: Code = Code::RouteMoneyDiffers;

/// A rate a mile over a length, and a rate an hour over a time: micro-dollars, rounded once.
fn over(per_mile: i128, length: Decimetres, per_hour: i128, time: Millis) -> [i128; 2] {
    // A mile is 16,093.44 decimetres.
    [round_div(per_mile * i128::from(length.0) * 100, 1_609_344), hours(per_hour, time.0.into())]
}

fn hours(per_hour: i128, millis: i128) -> i128 {
    round_div(per_hour * millis, 3_600_000)
}

/// Checks every amount; what the route costs.
pub(super) fn check(s: &Scenario, route: &Route, findings: &mut Findings) -> i128 {
    let class = &s.vehicles[route.vehicle.index()];
    let rates = &class.rates;
    let sum = |rates: &[crate::units::MicroDollars]| rates.iter().map(|rate| i128::from(rate.0)).sum::<i128>();
    let per_mile = sum(&[rates.fuel_per_mile, rates.repair_per_mile, rates.tires_per_mile]);
    let per_hour = sum(&[rates.wages_per_hour, rates.benefits_per_hour]);
    let share = i128::from(s.settings.cost.deadhead_share.0);
    let charged = |amount: i128| round_div(amount * share, 1_000_000);
    let mut expect = |cells: &Cells, column: &str, amount: i128, rule: &str| {
        cells.expect(findings, CODE, column, &usd(amount), rule);
        amount
    };
    let mut total = 0;
    for stop in &route.stops {
        let Leg { length, time, tolls } = stop.leg;
        let leg = over(per_mile, length, per_hour, time).iter().sum::<i128>() + i128::from(tolls.0);
        let parts = [
            expect(&stop.cells, "leg_usd", leg, "rates of the class over the leg, and tolls"),
            expect(
                &stop.cells,
                "dock_usd",
                hours(per_hour, i128::from(stop.leave - stop.arrive)),
                "time-driven rate over waiting and unloading",
            ),
            expect(&stop.cells, "stop_usd", rates.per_stop.0.into(), "the class's fee a stop"),
            expect(
                &stop.cells,
                "handling_usd",
                i128::from(rates.per_piece.0) * i128::from(stop.pieces.0),
                "handling × pieces",
            ),
        ];
        total += expect(&stop.cells, "money_usd", parts.iter().sum(), "the row's other amounts together");
    }
    let Leg { length, time, tolls } = route.back;
    let back = over(per_mile, length, per_hour, time).map(charged).iter().sum::<i128>() + charged(tolls.0.into());
    expect(&route.last, "leg_usd", back, "the deadhead share of the way back");
    total += expect(&route.last, "money_usd", back, "the row's other amounts together");
    let last = route.stops.last().map_or(route.depart, |stop| stop.leave);
    let counted = i128::from(last - route.depart) + charged(time.0.into());
    let day = round_div(i128::from(rates.fixed_per_day.0) * counted, i128::from(class.day.0.max(1)));
    expect(&route.first, "vehicle_day_usd", day, "the vehicle-day × charged time / its hours");
    total += expect(&route.first, "money_usd", day, "the row's other amounts together");
    expect(&route.first, "route_usd", total, "all rows of the route together")
}
