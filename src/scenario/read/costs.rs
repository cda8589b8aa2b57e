//! `costs.csv`: hauls as an earlier run wrote them, in place of a map. Only the columns that an award needs are read.

use super::ddus::Units;
use super::shared::{Intake, Known, Rows};
use super::vehicles::unknown_class;
use crate::csv_out::unescape_formula;
use crate::diagnostics::Code;
use crate::ids::{DduIx, HubIx, VehicleIx};
use crate::no_haul::{NoHaul, NoHaulDefect, WORDS};
use crate::scenario::rules::{Finding, Rule, arrival, as_is, count, metres, money, noted, word};
use crate::scenario::table::{Column, RowReader, TableSpec, columns};
use crate::scenario::{DataSettings, HaulTable, Hub, VehicleClass, VehicleOption};
use crate::units::Pieces;

columns! {
    HubId = "hub_id" required;
    DduId = "ddu_id" required;
    Vehicle = "vehicle" required;
    Status = "status" required;
    StatusAt = "status_at" optional;
    PiecesPerTrip = "pieces_per_trip" required;
    OutboundMetres = "outbound_metres" required;
    TripUsd = "trip_usd" required;
    HandlingUsdPerPiece = "handling_usd_per_piece" required;
    ArrivalLocal = "arrival_local" required;
}

/// Columns of `costs.csv`, and of costs merged of regions, that an award has no use for.
const NOT_NEEDED: [&str; 18] = [
    "trip_distance_usd",
    "trip_driving_time_usd",
    "trip_tolls_usd",
    "trip_dwell_usd",
    "trip_stop_usd",
    "trip_vehicle_day_usd",
    "trip_seconds",
    "volume_pieces",
    "trips",
    "handling_usd",
    "injection_usd",
    "injection_usd_per_piece",
    "cheapest",
    "meets_cet_same_day",
    "minutes_to_spare_same_day",
    "meets_cet_next_day",
    "minutes_to_spare_next_day",
    "region",
];

/// Columns of the table.
pub(crate) fn columns() -> &'static [Column] {
    COLUMNS
}

/// What rows refer to; what could not be read is absent, and rows are checked without it.
pub(crate) struct Ends<'a> {
    pub(crate) hubs: Option<&'a Rows<Hub>>,
    pub(crate) units: Option<&'a Units>,
    pub(crate) classes: Option<&'a [VehicleClass]>,
}

/// A row; the names it refers to are of the tables that were read.
#[derive(Clone, Debug, PartialEq)]
struct HaulRow {
    hub: HubIx,
    ddu: DduIx,
    vehicle: VehicleIx,
    option: Result<VehicleOption, NoHaul>,
}

struct Context<'a> {
    hubs: Option<(&'a Rows<Hub>, Known<'a>)>,
    units: Option<(&'a Units, Known<'a>)>,
    classes: Option<(&'a [VehicleClass], Known<'a>)>,
}

/// Reads the hauls.
pub(crate) fn costs(spec: &TableSpec, data: &DataSettings, ends: &Ends<'_>, intake: &mut Intake) -> Option<HaulTable> {
    const ROLE: &str = "costs";
    let context = Context {
        hubs: ends.hubs.map(|h| (h, Known::new(h.rows.iter().map(|(h, _)| h.id.as_str())))),
        units: ends.units.map(|u| (u, Known::new(u.open.iter().map(|(d, _)| d.id.as_str())))),
        classes: ends.classes.map(|c| (c, Known::new(c.iter().map(|c| c.name.as_str())))),
    };
    let mut spec = spec.clone();
    spec.ignore.extend(NOT_NEEDED.map(str::to_owned));
    // Rows that refer to what takes no part are no errors: they are passed over.
    let read = intake.table(ROLE, &spec, COLUMNS, Col::HubId.into(), |row| haul(row, &context))?;
    let rows = read.rows.into_iter().filter_map(|(row, place)| Some((row?, place))).collect();
    let mut read = Rows { table: read.table, rows, rejected: read.rejected };
    let key = |row: &HaulRow| (row.hub, row.ddu, row.vehicle);
    let name = |row: &HaulRow| {
        let hub = ends.hubs.and_then(|h| h.rows.get(row.hub.index())).map_or("", |(hub, _)| hub.id.as_str());
        let ddu = ends.units.and_then(|u| u.open.get(row.ddu.index())).map_or("", |(ddu, _)| ddu.id.as_str());
        let class = ends.classes.and_then(|c| c.get(row.vehicle.index())).map_or("", |class| class.name.as_str());
        format!("{hub}, {ddu}, {class}")
    };
    read.settle_by(Col::HubId, data.duplicates, |a, b| key(a).cmp(&key(b)), name, intake);
    intake.accepted(ROLE, read.rows.len());
    let rows = read.rows.into_iter().map(|(row, _)| (row.hub, row.ddu, (row.vehicle, row.option)));
    Some(HaulTable::new(rows))
}

/// A row; `Some(None)` when it refers to a hub or unit that takes no part, or one that could not be looked up.
fn haul(row: &mut RowReader<'_, '_>, context: &Context<'_>) -> Option<Option<HaulRow>> {
    let escaped = row.is_csv();
    let plain = |text: &str| if escaped { unescape_formula(text).to_owned() } else { text.to_owned() };
    let hub = row.required(Col::HubId, |t| known_hub(&plain(t), context));
    let ddu = row.required(Col::DduId, |t| known_unit(&plain(t), context));
    let vehicle = row.required(Col::Vehicle, |t| known_class(&plain(t), context));
    let ends = [("hub", true), ("unit", false)];
    let at_hub = row.optional(Col::StatusAt, |t| word(t, &ends));
    let option = match row.required(Col::Status, |t| status(t, at_hub))? {
        Some(reason) => Err(reason),
        None => {
            let pieces = row.required(Col::PiecesPerTrip, |t| count(t, 1..=u32::MAX));
            let outbound = row.required(Col::OutboundMetres, metres);
            let trip = row.required(Col::TripUsd, money);
            let handling = row.required(Col::HandlingUsdPerPiece, money);
            let arrival = row.required(Col::ArrivalLocal, arrival);
            Ok((Pieces(pieces?), outbound?, trip?, handling?, arrival?))
        }
    };
    let (Some(hub), Some(ddu), Some(vehicle)) = (hub?, ddu?, vehicle?) else { return Some(None) };
    let option = option.map(|(pieces_per_trip, outbound, trip, handling_per_piece, arrival)| VehicleOption {
        vehicle,
        pieces_per_trip,
        trip,
        handling_per_piece,
        outbound,
        arrival,
    });
    Some(Some(HaulRow { hub, ddu, vehicle, option }))
}

/// `None` is `ok`.
fn status(text: &str, at_hub: Option<bool>) -> Rule<Option<NoHaul>> {
    if text == "ok" {
        return as_is(None);
    }
    match NoHaul::parse(text, at_hub) {
        Ok(reason) => as_is(Some(reason)),
        Err(NoHaulDefect::UnknownWord) => {
            let message = format!("`{}` is not a word of this column", text.escape_debug());
            Err(Finding::new(Code::NotAWord, message, format!("use `ok` or one of {WORDS}")))
        }
        Err(NoHaulDefect::EndMissing) => {
            let message = format!("`{text}` needs `hub` or `unit` in the column `status_at`");
            Err(Finding::plain(Code::MissingValue, message))
        }
    }
}

fn known_hub(id: &str, context: &Context<'_>) -> Rule<Option<HubIx>> {
    let Some((hubs, ids)) = &context.hubs else { return as_is(None) };
    match ids.get(id) {
        Some(ix) => as_is(Some(HubIx(ix))),
        None if hubs.rejected.contains(id) => passed_over("hub", id),
        None => Err(ids.unknown(Code::HaulFromUnknownHub, "hub", id)),
    }
}

fn known_unit(id: &str, context: &Context<'_>) -> Rule<Option<DduIx>> {
    let Some((units, ids)) = &context.units else { return as_is(None) };
    match ids.get(id) {
        Some(ix) => as_is(Some(DduIx(ix))),
        None if units.rejected.contains(id) || units.no_part.contains_key(id) => passed_over("unit", id),
        None => Err(ids.unknown(Code::HaulToUnknownDdu, "unit", id)),
    }
}

fn passed_over<T>(what: &str, id: &str) -> Rule<Option<T>> {
    noted(None, Finding::plain(Code::HaulNotUsed, format!("{what} `{id}` takes no part")))
}

fn known_class(name: &str, context: &Context<'_>) -> Rule<Option<VehicleIx>> {
    let Some((classes, names)) = &context.classes else { return as_is(None) };
    match names.get(name) {
        Some(ix) => as_is(Some(VehicleIx(ix))),
        None => {
            let message = format!("vehicle class `{name}` is not known");
            Err(unknown_class(Code::HaulByUnknownVehicle, message, name, classes))
        }
    }
}
