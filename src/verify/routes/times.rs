//! Times of a route: they follow from its legs, lie in the windows, and keep the driver's hours; and the vehicle can make it.

use super::clock;
use super::stops::{Route, Stop, seconds};
use crate::diagnostics::Code;
use crate::scenario::Scenario;
use crate::verify::findings::{Fault, Findings};

pub(super) fn check(s: &Scenario, route: &Route, findings: &mut Findings) {
    let (hub, date) = (&s.hubs[route.hub.index()], s.settings.operating_date);
    let class = &s.vehicles[route.vehicle.index()];
    let Some(release) = clock::release(date, hub.release, &hub.timezone) else { return };
    let shown = |at: i64, zone| clock::shown(at + release, date, zone).unwrap_or_default();
    let code = Code::RouteTimesDiffer;
    let loaded: u64 = route.stops.iter().map(|stop| u64::from(stop.pieces.0)).sum();
    let parcel = s.settings.parcel;
    let load = class.pieces_per_trip(parcel.mean_cube_millicuft, parcel.mean_weight_millilb);
    route.first.expect(findings, Code::PiecesDiffer, "pieces", &loaded.to_string(), "pieces of all its stops");
    route.first.check(findings, u64::from(route.load.0) <= u64::from(load.0), Code::RouteOverloaded, || {
        Fault::differs("pieces", &route.load.to_string(), &format!("at most {load}"), "what the vehicle carries")
    });
    route.first.expect(findings, code, "leave_local", &shown(route.depart, &hub.timezone), "the hub's clock");
    let mut now = route.depart;
    let mut driving = 0;
    for stop in &route.stops {
        let unit = &s.ddus[stop.ddu.index()];
        let Stop { cells, arrive, begin, leave, .. } = stop;
        let (drive, unload) = (
            i64::from(stop.leg.time.0),
            i64::from(class.dwell_fixed.0) + i64::from(class.unload_per_piece.0) * i64::from(stop.pieces.0),
        );
        cells.expect(findings, code, "arrive_s", &seconds(now + drive), "leaving the place before, and the leg");
        cells.check(findings, begin >= arrive, code, || {
            Fault::differs("begin_s", &seconds(*begin), &format!("{} or later", seconds(*arrive)), "after arriving")
        });
        cells.expect(findings, code, "wait_s", &seconds(begin - arrive), "from arriving to unloading");
        cells.expect(findings, code, "unload_s", &seconds(unload), "dwell of the class, and its time a piece");
        cells.expect(findings, code, "leave_s", &seconds(begin + unload), "when it is unloaded");
        for (column, at) in [("arrive_local", *arrive), ("begin_local", *begin), ("leave_local", *leave)] {
            cells.expect(
                findings,
                code,
                column,
                &shown(at, &unit.timezone),
                "the unit's clock, rounded up to the minute",
            );
        }
        let hours = [unit.dock_open, stop.by.min(unit.dock_close)];
        let inside = clock::within(begin + release, date, hours, &unit.timezone);
        cells.check(findings, inside, Code::RouteOutOfWindow, || {
            let expected = format!("{} to {}", hours[0], hours[1]);
            Fault::differs(
                "begin_s",
                &shown(*begin, &unit.timezone),
                &expected,
                "unloading begins while the dock is open, and in time",
            )
        });
        let docks = |size: u32, limit: Option<u32>| limit.is_none_or(|limit| size <= limit);
        let fits = docks(class.length_mm, unit.max_length_mm) && docks(class.height_mm, unit.max_height_mm);
        cells.check(findings, fits, Code::RouteOverloaded, || {
            Fault::differs("vehicle", &class.name, "a class that may dock", "vehicle limits of the unit")
        });
        cells.check(findings, stop.pieces.0 > 0, Code::PiecesDiffer, || {
            Fault::differs("pieces", "0", "1 or more", "a stop brings something")
        });
        driving += drive;
        now = *leave;
    }
    let back = i64::from(route.back.time.0);
    route.last.expect(findings, code, "arrive_s", &seconds(now + back), "leaving the last stop, and the way back");
    route.last.expect(findings, code, "arrive_local", &shown(route.home, &hub.timezone), "the hub's clock");
    let limits = &s.settings.routes;
    let counted = if limits.return_counts { back } else { 0 };
    for (what, time, limit) in [
        ("driving", driving + counted, limits.driving_limit),
        ("duty", now + counted - route.depart, limits.duty_limit),
    ] {
        route.first.check(findings, time <= i64::from(limit.0), Code::RouteHoursExceeded, || {
            let message =
                format!("{what} takes {} s, at most {} s are allowed", seconds(time), seconds(limit.0.into()));
            Fault::whole(message, "limits of [routes]")
        });
    }
}
