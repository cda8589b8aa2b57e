//! `routes.csv`: every route, stop by stop, from leaving the hub to being back.
//!
//! Rows of a route come in order: `depart`, a `stop` a visit, `return`. `*_s` are seconds after the hub's release, exact;
//! `*_local` read the clock of the row's place, rounded up to the minute. `money_usd` is the sum of the other amounts of
//! its row, and rows sum to the route.

use super::RoutesReport;
use crate::cost::reading;
use crate::matrix::PathTotals;
use crate::report::ReportError;
use crate::report::award_report::MISMATCH;
use crate::report::table::{Cell, Column, Kind, Sink};
use crate::routes::day::{HubDay, TimedRoute, Visit};
use crate::units::MicroDollars;
use jiff::tz::TimeZone;

pub(crate) const COLUMNS: [Column; 26] = [
    Column::new("route", Kind::Text),
    Column::new("hub_id", Kind::Text),
    Column::new("vehicle", Kind::Text),
    Column::new("seq", Kind::Count),
    Column::new("kind", Kind::Text),
    Column::new("ddu_id", Kind::Text),
    Column::new("by_local", Kind::Text),
    Column::new("arrive_local", Kind::Text),
    Column::new("begin_local", Kind::Text),
    Column::new("leave_local", Kind::Text),
    Column::new("arrive_s", Kind::Seconds),
    Column::new("begin_s", Kind::Seconds),
    Column::new("leave_s", Kind::Seconds),
    Column::new("wait_s", Kind::Seconds),
    Column::new("unload_s", Kind::Seconds),
    Column::new("pieces", Kind::Count),
    Column::new("leg_metres", Kind::Metres),
    Column::new("leg_s", Kind::Seconds),
    Column::new("leg_tolls_usd", Kind::Usd),
    Column::new("leg_usd", Kind::Usd),
    Column::new("dock_usd", Kind::Usd),
    Column::new("stop_usd", Kind::Usd),
    Column::new("handling_usd", Kind::Usd),
    Column::new("vehicle_day_usd", Kind::Usd),
    Column::new("money_usd", Kind::Usd),
    Column::new("route_usd", Kind::Usd),
];

/// Cells of a row that only some kinds have.
#[derive(Default)]
struct Rest<'a> {
    ddu: Option<&'a str>,
    by: Option<crate::units::ClockTime>,
    times: [Option<i64>; 3],
    wait: Option<i64>,
    unload: Option<i64>,
    pieces: Option<u32>,
    leg: Option<(PathTotals, MicroDollars)>,
    at_dock: Option<[MicroDollars; 3]>,
    vehicle_day: Option<MicroDollars>,
    route: Option<MicroDollars>,
}

pub(super) fn rows(report: &RoutesReport<'_>, sink: &mut impl Sink) -> Result<(), ReportError> {
    for day in report.hubs {
        for (number, route) in (1..).zip(&day.routes) {
            route_rows(report, day, number, route, sink)?;
        }
    }
    Ok(())
}

fn route_rows(
    report: &RoutesReport<'_>,
    day: &HubDay<'_>,
    number: usize,
    route: &TimedRoute,
    sink: &mut impl Sink,
) -> Result<(), ReportError> {
    let hub = report.hub(day)?;
    let id = super::route_id(&hub.id, number);
    let vehicle = &day.case.classes.get(route.class).ok_or(MISMATCH)?.class.name;
    let mut write = |seq: usize, kind: &'static str, zone: &TimeZone, rest: Rest<'_>| {
        let local = |at: Option<i64>| {
            let at = at.map(|at| reading(at + day.case.release, zone, report.scenario.settings.operating_date));
            at.flatten().map_or(Cell::Empty, Cell::from)
        };
        let seconds = |at: Option<i64>| at.map_or(Cell::Empty, |at| Cell::Seconds(at.unsigned_abs()));
        let amounts = [
            rest.leg.map(|leg| leg.1),
            rest.at_dock.map(|m| m[0]),
            rest.at_dock.map(|m| m[1]),
            rest.at_dock.map(|m| m[2]),
            rest.vehicle_day,
        ];
        let sum = MicroDollars::sum(amounts.into_iter().flatten()).ok_or(MISMATCH)?;
        let [leg, dock, fee, handling, vehicle_day] = amounts.map(Cell::from);
        sink.row(&[
            Cell::Text(&id),
            Cell::Text(&hub.id),
            Cell::Text(vehicle),
            Cell::Count(i64::try_from(seq).unwrap_or(i64::MAX)),
            Cell::Text(kind),
            rest.ddu.map_or(Cell::Empty, Cell::Text),
            rest.by.into(),
            local(rest.times[0]),
            local(rest.times[1]),
            local(rest.times[2]),
            seconds(rest.times[0]),
            seconds(rest.times[1]),
            seconds(rest.times[2]),
            seconds(rest.wait),
            seconds(rest.unload),
            rest.pieces.into(),
            rest.leg.map(|leg| leg.0.length).into(),
            rest.leg.map(|leg| leg.0.time).into(),
            rest.leg.map(|leg| leg.0.tolls).into(),
            leg,
            dock,
            fee,
            handling,
            vehicle_day,
            sum.into(),
            rest.route.into(),
        ])
    };
    let depart = Rest {
        times: [None, None, Some(route.depart)],
        pieces: Some(route.pieces()),
        vehicle_day: Some(route.vehicle_day),
        route: Some(route.total),
        ..Rest::default()
    };
    write(0, "depart", &hub.timezone, depart)?;
    for (seq, visit) in (1..).zip(&route.visits) {
        let stop = day.case.stops.get(visit.stop).ok_or(MISMATCH)?;
        let unit = report.scenario.ddus.get(stop.ddu.index()).ok_or(MISMATCH)?;
        let Visit { leg, arrive, begin, leave, dock, fee, handling, pieces, .. } = *visit;
        let row = Rest {
            ddu: Some(&unit.id),
            by: Some(stop.by),
            times: [Some(arrive), Some(begin), Some(leave)],
            wait: Some(begin - arrive),
            unload: Some(leave - begin),
            pieces: Some(pieces.0),
            leg: Some((leg, leg.money)),
            at_dock: Some([dock, fee, handling]),
            ..Rest::default()
        };
        write(seq, "stop", &unit.timezone, row)?;
    }
    let last =
        Rest { times: [Some(route.home), None, None], leg: Some((route.back, route.back_money)), ..Rest::default() };
    write(route.visits.len() + 1, "return", &hub.timezone, last)
}
