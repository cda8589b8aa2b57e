//! `route_sheets.txt`: what a dispatcher prints and a driver takes along, a sheet a route.

use super::{RoutesReport, route_id};
use crate::cost::reading;
use crate::report::ReportError;
use crate::report::award_report::MISMATCH;
use crate::report::terminal::{aligned, clean};
use crate::routes::day::{HubDay, TimedRoute};
use crate::scenario::{Ddu, Hub};
use crate::units::ClockTime;
use jiff::tz::TimeZone;
use std::io::Write;

/// The minute at which something happens, on a unit's clock.
pub(super) fn local(day: &HubDay<'_>, unit: &Ddu, at: i64, report: &RoutesReport<'_>) -> String {
    shown(day, &unit.timezone, at, report)
}

fn shown(day: &HubDay<'_>, zone: &TimeZone, at: i64, report: &RoutesReport<'_>) -> String {
    let reading = reading(at + day.case.release, zone, report.scenario.settings.operating_date);
    reading.map_or_else(String::new, |time: ClockTime| time.to_string())
}

/// Tenths of a mile, rounded.
fn miles(decimetres: u64) -> String {
    let tenths = (u128::from(decimetres) * 1_000 + 804_672) / 1_609_344;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Hours and minutes, rounded up to the minute.
fn span(millis: i64) -> String {
    let minutes = millis.unsigned_abs().div_ceil(60_000);
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

/// Writes a sheet for each route, each on a page of its own (form feeds between).
///
/// # Errors
/// When writing fails.
pub fn write_route_sheets(out: &mut impl Write, report: &RoutesReport<'_>) -> Result<(), ReportError> {
    let mut first = true;
    for day in report.hubs {
        let hub = report.hub(day)?;
        for (number, route) in (1..).zip(&day.routes) {
            if !first {
                out.write_all(b"\x0c\n")?;
            }
            first = false;
            sheet(out, report, day, hub, number, route)?;
        }
    }
    Ok(())
}

fn sheet(
    out: &mut impl Write,
    report: &RoutesReport<'_>,
    day: &HubDay<'_>,
    hub: &Hub,
    number: usize,
    route: &TimedRoute,
) -> Result<(), ReportError> {
    let s = report.scenario;
    let class = day.case.classes.get(route.class).ok_or(MISMATCH)?.class;
    let id = clean(&route_id(&hub.id, number));
    let wait: i64 = route.visits.iter().map(|visit| visit.begin - visit.arrive).sum();
    let unload: i64 = route.visits.iter().map(|visit| visit.leave - visit.begin).sum();
    let driving = i64::try_from(route.driving()).unwrap_or(i64::MAX);
    writeln!(out, "ROUTE {id}    {}", s.settings.operating_date)?;
    writeln!(out, "from     {} ({})", clean(&hub.name), clean(&hub.id))?;
    writeln!(out, "vehicle  {}", clean(&class.name))?;
    writeln!(out, "load     {} pieces of at most {}", route.pieces(), day.case.classes[route.class].load)?;
    writeln!(
        out,
        "leaves   {}   back {}   ({} in all: drive {}, wait {}, unload {})",
        shown(day, &hub.timezone, route.depart, report),
        shown(day, &hub.timezone, route.home, report),
        span(route.home - route.depart),
        span(driving),
        span(wait),
        span(unload)
    )?;
    writeln!(out, "miles    {}   cost {} USD", miles(route.decimetres()), route.total)?;
    writeln!(out)?;
    let header = ["stop", "unit", "name", "arrive", "begin", "leave", "latest", "pieces", "miles"].map(str::to_owned);
    let mut rows = vec![header];
    for (seq, visit) in (1..).zip(&route.visits) {
        let stop = day.case.stops.get(visit.stop).ok_or(MISMATCH)?;
        let unit = s.ddus.get(stop.ddu.index()).ok_or(MISMATCH)?;
        let at = |time| shown(day, &unit.timezone, time, report);
        let seq: usize = seq;
        rows.push([
            seq.to_string(),
            clean(&unit.id),
            clean(&unit.name),
            at(visit.arrive),
            at(visit.begin),
            at(visit.leave),
            stop.by.to_string(),
            visit.pieces.to_string(),
            miles(u64::from(visit.leg.length.0)),
        ]);
    }
    let back = ["", "", "back at the hub", &shown(day, &hub.timezone, route.home, report), "", "", "", ""];
    let mut last = back.map(str::to_owned).to_vec();
    last.push(miles(u64::from(route.back.length.0)));
    if let Ok(last) = <[String; 9]>::try_from(last) {
        rows.push(last);
    }
    out.write_all(aligned(&rows, 7).as_bytes())?;
    writeln!(out, "\ntimes are local at each unit, rounded up to the minute; latest: when unloading must have begun")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn miles_and_spans_round_as_people_expect() {
        // 16,093.44 dm are a mile.
        assert_eq!(
            [miles(0), miles(804), miles(805), miles(16_093), miles(160_934)],
            ["0.0", "0.0", "0.1", "1.0", "10.0"]
        );
        assert_eq!([span(0), span(1), span(60_000), span(3_600_001)], ["0:00", "0:01", "0:01", "1:01"]);
    }
}
