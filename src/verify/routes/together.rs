//! All routes together: the same leg is the same everywhere, docks have room, and what was ordered is brought.

use super::orders::Orders;
use super::stops::{Cells, Leg, Route};
use crate::diagnostics::Code;
use crate::ids::{DduIx, HubIx, VehicleIx};
use crate::scenario::Scenario;
use crate::units::ClockTime;
use crate::verify::findings::{Fault, Findings};
use std::collections::BTreeMap;

/// A leg of a class in a hub's routes between two places; `None` is the hub.
type Between = (HubIx, VehicleIx, Option<DduIx>, Option<DduIx>);

/// A leg that several routes drive has one length, time and toll; within a place it has none.
pub(super) fn legs(routes: &[Route], findings: &mut Findings) {
    let mut known: BTreeMap<Between, Leg> = BTreeMap::new();
    for route in routes {
        let mut here = None;
        let stops = route.stops.iter().map(|stop| (Some(stop.ddu), stop.leg, &stop.cells));
        for (to, leg, cells) in stops.chain([(None, route.back, &route.last)]) {
            let first = if here == to { Leg::default() } else { leg };
            let same = *known.entry((route.hub, route.vehicle, here, to)).or_insert(first);
            cells.check(findings, leg == same, Code::RouteTimesDiffer, || Fault {
                field: "leg_s".to_owned(),
                found: cells.text("leg_s").to_owned(),
                message: format!(
                    "the leg is another in a route before: {} m, {} s, {} USD of tolls",
                    same.length, same.time, same.tolls
                ),
                rule: "one leg of a class has one length, time and toll".to_owned(),
            });
            here = to;
        }
    }
}

/// At no time more vehicles unload at a unit than its dock has slots.
pub(super) fn docks(s: &Scenario, routes: &[Route], findings: &mut Findings) {
    let mut at: BTreeMap<DduIx, Vec<(i64, i64, &Cells)>> = BTreeMap::new();
    for route in routes {
        let hub = &s.hubs[route.hub.index()];
        let Some(release) = super::clock::release(s.settings.operating_date, hub.release, &hub.timezone) else {
            continue;
        };
        for stop in &route.stops {
            at.entry(stop.ddu).or_default().push((stop.begin + release, stop.leave + release, &stop.cells));
        }
    }
    for (ddu, mut visits) in at {
        let Some(slots) = s.ddus[ddu.index()].dock_slots else { continue };
        visits.sort_by_key(|visit| (visit.0, visit.1));
        for (position, visit) in visits.iter().enumerate() {
            // Those that came before and are still there.
            let there = visits[..position].iter().filter(|other| other.1 > visit.0 && other.1 > other.0).count();
            let room = there < slots as usize || visit.1 <= visit.0;
            visit.2.check(findings, room, Code::DockOverfull, || Fault {
                field: "begin_s".to_owned(),
                found: visit.2.text("begin_s").to_owned(),
                message: format!(
                    "{} vehicles unload at `{}`, which has {slots} slots",
                    there + 1,
                    s.ddus[ddu.index()].id
                ),
                rule: "at most dock_slots vehicles unload at a unit at the same time".to_owned(),
            });
        }
    }
}

/// A hub, a unit and a time.
pub(super) type Place = (HubIx, DduIx, ClockTime);

/// Pieces of each place.
pub(super) fn brought(routes: &[Route]) -> BTreeMap<Place, u64> {
    let mut brought: BTreeMap<Place, u64> = BTreeMap::new();
    for route in routes {
        for stop in &route.stops {
            *brought.entry((route.hub, stop.ddu, stop.by)).or_default() += u64::from(stop.pieces.0);
        }
    }
    brought
}

/// What orders say is brought is what the routes bring.
pub(super) fn pieces(s: &Scenario, routes: &[Route], orders: &Orders, findings: &mut Findings) {
    let (brought, told) = (brought(routes), orders.brought());
    for place in brought.keys().chain(told.keys().filter(|place| !brought.contains_key(place))) {
        let [found, expected] = [&brought, &told].map(|of| of.get(place).copied().unwrap_or(0));
        findings.check(found == expected, Code::PiecesDiffer, &orders.file, || {
            let (hub, unit) = (&s.hubs[place.0.index()].id, &s.ddus[place.1.index()].id);
            let message = format!(
                "from `{hub}` to `{unit}` by {}: routes bring {found} pieces, orders.csv tells {expected}",
                place.2
            );
            Fault::whole(message, "what is brought is on the routes, piece by piece")
        });
    }
}
