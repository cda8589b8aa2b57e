//! `routes.csv`, read row by row and put together to routes.

use crate::diagnostics::{Code, Span};
use crate::ids::{DduIx, HubIx, VehicleIx};
use crate::scenario::Scenario;
use crate::units::{ClockTime, Decimetres, MicroDollars, Millis, Pieces};
use crate::verify::case::Ids;
use crate::verify::findings::{Fault, Findings};
use crate::verify::table::{Row, Table};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const COLUMNS: [&str; 26] = [
    "route",
    "hub_id",
    "vehicle",
    "seq",
    "kind",
    "ddu_id",
    "by_local",
    "arrive_local",
    "begin_local",
    "leave_local",
    "arrive_s",
    "begin_s",
    "leave_s",
    "wait_s",
    "unload_s",
    "pieces",
    "leg_metres",
    "leg_s",
    "leg_tolls_usd",
    "leg_usd",
    "dock_usd",
    "stop_usd",
    "handling_usd",
    "vehicle_day_usd",
    "money_usd",
    "route_usd",
];

/// A row as it stands, with the place of each of its cells.
#[derive(Clone, Debug)]
pub(super) struct Cells {
    file: Arc<PathBuf>,
    spans: BTreeMap<&'static str, Span>,
    texts: BTreeMap<&'static str, String>,
}

/// A leg as a row tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Leg {
    pub(super) length: Decimetres,
    pub(super) time: Millis,
    pub(super) tolls: MicroDollars,
}

/// A visit.
#[derive(Clone, Debug)]
pub(super) struct Stop {
    pub(super) cells: Cells,
    pub(super) ddu: DduIx,
    pub(super) by: ClockTime,
    /// Milliseconds after the release.
    pub(super) arrive: i64,
    pub(super) begin: i64,
    pub(super) leave: i64,
    pub(super) pieces: Pieces,
    pub(super) leg: Leg,
}

/// A route with all its rows.
#[derive(Clone, Debug)]
pub(super) struct Route {
    pub(super) hub: HubIx,
    pub(super) vehicle: VehicleIx,
    pub(super) first: Cells,
    pub(super) depart: i64,
    pub(super) load: Pieces,
    pub(super) stops: Vec<Stop>,
    pub(super) last: Cells,
    pub(super) home: i64,
    pub(super) back: Leg,
}

impl Cells {
    fn of(row: &Row<'_>) -> Self {
        let spans = COLUMNS.iter().map(|column| (*column, row.span(column))).collect();
        let texts = COLUMNS.iter().map(|column| (*column, row.cell(column).to_owned())).collect();
        Self { file: row.file(), spans, texts }
    }

    pub(super) fn text(&self, column: &str) -> &str {
        self.texts.get(column).map_or("", String::as_str)
    }

    /// A check of the row, shown at the fault's column.
    pub(super) fn check(&self, findings: &mut Findings, holds: bool, code: Code, fault: impl FnOnce() -> Fault) {
        findings.check_at(holds, code, &self.file, || {
            let fault = fault();
            let span = self.spans.get(fault.field.as_str()).or_else(|| self.spans.get("route"));
            (span.cloned(), fault)
        });
    }

    /// Checks that a cell holds what follows, to the letter.
    pub(super) fn expect(&self, findings: &mut Findings, code: Code, column: &str, expected: &str, rule: &str) {
        let found = self.text(column);
        self.check(findings, found == expected, code, || Fault::differs(column, found, expected, rule));
    }
}

/// Seconds with three decimals, in milliseconds.
pub(super) fn millis(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() != 3 {
        return None;
    }
    whole.parse::<i64>().ok()?.checked_mul(1_000)?.checked_add(part.parse().ok()?)
}

/// Milliseconds as seconds with three decimals.
pub(super) fn seconds(millis: i64) -> String {
    let sign = if millis < 0 { "-" } else { "" };
    format!("{sign}{}.{:03}", millis.unsigned_abs() / 1_000, millis.unsigned_abs() % 1_000)
}

/// Metres with one decimal.
fn decimetres(text: &str) -> Option<Decimetres> {
    let (whole, part) = text.split_once('.')?;
    let value = whole
        .parse::<u32>()
        .ok()?
        .checked_mul(10)?
        .checked_add(part.parse::<u32>().ok().filter(|_| part.len() == 1)?)?;
    Some(Decimetres(value))
}

fn usd(text: &str) -> Option<MicroDollars> {
    MicroDollars::parse(text).ok().filter(|parsed| !parsed.repaired).map(|parsed| parsed.amount)
}

fn leg(row: &Row<'_>, found: &mut Findings) -> Option<Leg> {
    let length = row.read(found, "leg_metres", decimetres);
    let time = row.read(found, "leg_s", |text| u32::try_from(millis(text)?).ok().map(Millis));
    let tolls = row.read(found, "leg_tolls_usd", usd);
    Some(Leg { length: length?, time: time?, tolls: tolls? })
}

/// Reads all routes. A route with a row that cannot be read, or whose rows are not in order, is a finding and left out.
pub(super) fn read(folder: &Path, s: &Scenario, ids: &Ids<'_>, findings: &mut Findings) -> Vec<Route> {
    let Some(table) = Table::open(folder, "routes.csv", &COLUMNS, findings) else { return Vec::new() };
    let mut routes: Vec<(String, Option<Route>, bool)> = Vec::new();
    let mut names = BTreeSet::new();
    table.rows(findings, |row, found| {
        let (name, kind) = (row.cell("route").to_owned(), row.cell("kind"));
        if kind == "depart" {
            let hub = ids.hubs.get(row.cell("hub_id")).copied();
            let known = hub.is_some() && names.insert(name.clone());
            row.check(found, known, Code::RunRowUnknown, || {
                Fault::differs("route", &name, "a route of a hub, once", "each route leaves a hub of the scenario once")
            });
            let vehicle = vehicle(row, s, ids, found);
            let depart = row.read(found, "leave_s", millis);
            let load = row.count::<u32>(found, "pieces").map(Pieces);
            row.expect(found, Code::RouteMalformed, "seq", "0", "a route begins with its departure");
            let cells = Cells::of(row);
            let route = (|| {
                let (hub, vehicle, depart, load) = (hub?, vehicle?, depart?, load?);
                let (first, last) = (cells.clone(), cells.clone());
                let (home, back) = (depart, Leg::default());
                known.then_some(Route { hub, vehicle, first, depart, load, stops: Vec::new(), last, home, back })
            })();
            routes.push((name, route, false));
            return;
        }
        let open = routes.last_mut().filter(|open| open.0 == name && !open.2);
        row.check(found, open.is_some() && matches!(kind, "stop" | "return"), Code::RouteMalformed, || {
            Fault::differs("kind", kind, "depart, stops, return", "rows of a route stand together, in this order")
        });
        let Some((_, route, closed)) = open else { return };
        *closed = kind == "return";
        let Some(known) = route else { return };
        let seq = (known.stops.len() + 1).to_string();
        row.expect(found, Code::RouteMalformed, "seq", &seq, "rows of a route are numbered in order");
        for (column, expected) in
            [("hub_id", &s.hubs[known.hub.index()].id), ("vehicle", &s.vehicles[known.vehicle.index()].name)]
        {
            row.expect(found, Code::RouteMalformed, column, expected, "a route has one hub and one vehicle");
        }
        let whole = if kind == "return" { end(row, known, found) } else { stop(row, known, ids, found) };
        if whole.is_none() {
            *route = None;
        }
    });
    for (name, _, closed) in &routes {
        table.check(findings, *closed, Code::RouteMalformed, || {
            Fault::whole(format!("route `{name}` has no return"), "a route ends with its way back")
        });
    }
    routes.into_iter().filter(|route| route.2).filter_map(|route| route.1).collect()
}

fn vehicle(row: &Row<'_>, s: &Scenario, ids: &Ids<'_>, found: &mut Findings) -> Option<VehicleIx> {
    let name = row.cell("vehicle");
    let may = |_: &VehicleIx| s.settings.cost.vehicles.is_empty() || s.settings.cost.vehicles.iter().any(|v| v == name);
    let vehicle = ids.vehicles.get(name).copied().filter(may);
    row.check(found, vehicle.is_some(), Code::RunRowUnknown, || {
        Fault::differs("vehicle", name, "a class that may be used", "classes of vehicles.toml and cost.vehicles")
    });
    vehicle
}

fn stop(row: &Row<'_>, route: &mut Route, ids: &Ids<'_>, found: &mut Findings) -> Option<()> {
    let ddu = ids.ddus.get(row.cell("ddu_id")).copied();
    row.check(found, ddu.is_some(), Code::RunRowUnknown, || {
        Fault::differs("ddu_id", row.cell("ddu_id"), "a unit", "stops are units of the scenario")
    });
    let by = row.read(found, "by_local", ClockTime::parse_any_day);
    let [arrive, begin, leave] = ["arrive_s", "begin_s", "leave_s"].map(|column| row.read(found, column, millis));
    let pieces = row.count::<u32>(found, "pieces").map(Pieces);
    let leg = leg(row, found);
    let cells = Cells::of(row);
    let (arrive, begin, leave) = (arrive?, begin?, leave?);
    route.stops.push(Stop { cells, ddu: ddu?, by: by?, arrive, begin, leave, pieces: pieces?, leg: leg? });
    Some(())
}

fn end(row: &Row<'_>, route: &mut Route, found: &mut Findings) -> Option<()> {
    let home = row.read(found, "arrive_s", millis);
    let back = leg(row, found);
    route.last = Cells::of(row);
    (route.home, route.back) = (home?, back?);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_read_exactly() {
        for value in [0, 1, 999, 1_000, 86_400_000, 123_456_789] {
            assert_eq!(millis(&seconds(value)), Some(value));
        }
        for text in ["", "1", "1.0", "1.0000", "-1.000", "1.0 0", "x.000", "1,000"] {
            assert_eq!(millis(text), None, "{text}");
        }
        assert_eq!(decimetres("12.3"), Some(Decimetres(123)));
        assert_eq!([decimetres("12"), decimetres("12.34"), decimetres("-1.0")], [None; 3]);
    }
}
