//! `ddus.csv`: delivery units, and which of them take part on the operating date.

use super::shared::{Intake, read_point, read_state_and_zone, shared_coordinates};
use crate::diagnostics::Code;
use crate::scenario::rules::{
    Finding, Zones, count, date, feet_as_mm, id, money, redirect, remark, time, word, zip_list, zip5,
};
use crate::scenario::table::{Column, Place, RowReader, Table, TableSpec, columns};
use crate::scenario::{DataSettings, Ddu, DduStatus, FacilityType};
use crate::units::{ClockTime, MicroDollars, Pieces};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

columns! {
    DduId = "ddu_id" required;
    Name = "name" optional;
    Zip5 = "zip5" optional;
    Zips = "zips" optional;
    State = "state" optional;
    Region = "region" optional;
    Lat = "lat" required;
    Lon = "lon" required;
    Status = "status" optional;
    FacilityType = "facility_type" optional;
    Timezone = "timezone" optional;
    DockOpen = "dock_open" optional;
    DockClose = "dock_close" optional;
    CetSameDay = "cet_same_day" optional;
    CetNextDay = "cet_next_day" optional;
    DockSlots = "dock_slots" optional;
    CapacityPieces = "capacity_pieces" optional;
    MaxVehicleLengthFt = "max_vehicle_length_ft" optional;
    MaxVehicleHeightFt = "max_vehicle_height_ft" optional;
    AttributableCost = "attributable_cost" optional;
    ReservePrice = "reserve_price" optional;
    EffectiveFrom = "effective_from" optional;
    EffectiveTo = "effective_to" optional;
    SuccessorId = "successor_id" optional;
    Comment = "comment" optional;
    Notes = "notes" optional;
}

/// Columns of the table.
pub(crate) fn columns() -> &'static [Column] {
    COLUMNS
}

/// Why a unit takes no part, and which one does instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoPart {
    pub(crate) why: Code,
    pub(crate) successor: Option<String>,
}

/// Units that take part (sorted by id), those that do not, and those whose rows have errors.
#[derive(Debug)]
pub(crate) struct Units {
    pub(crate) table: Arc<Table>,
    pub(crate) open: Vec<(Ddu, Place)>,
    pub(crate) no_part: BTreeMap<String, NoPart>,
    pub(crate) rejected: BTreeSet<String>,
    /// ZIPs that units which take part say they serve, with the unit.
    pub(crate) zips: BTreeSet<(String, String)>,
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq)]
struct DduRow {
    id: String,
    comment: Option<String>,
    /// ZIPs it serves besides its own.
    zips: Vec<String>,
    /// The unit; for one that takes no part, why.
    unit: Result<Ddu, NoPart>,
}

/// Reads the units.
pub(crate) fn ddus(
    spec: &TableSpec,
    data: &DataSettings,
    day: Date,
    zones: &mut Zones,
    intake: &mut Intake,
) -> Option<Units> {
    let mut rows = intake.table("ddus", spec, COLUMNS, Col::DduId.into(), |row| ddu_row(row, data, day, zones))?;
    let all_ids: BTreeSet<String> =
        rows.rows.iter().map(|(row, _)| row.id.clone()).chain(rows.rejected.iter().cloned()).collect();
    let mut no_part = BTreeMap::new();
    // Rows of other periods may share their id with the one that is effective.
    rows.rows.retain(|(row, place)| match &row.unit {
        Err(reason) if reason.why == Code::NotEffective => {
            leave_out(&rows.table, *place, &row.id, reason, columns_of(&rows.table, reason.why), &all_ids, intake);
            no_part.insert(row.id.clone(), reason.clone());
            false
        }
        _ => true,
    });
    rows.settle(Col::DduId, data.duplicates, |r| &r.id, intake);
    let (mut open, mut zips) = (Vec::new(), BTreeSet::new());
    for (row, place) in std::mem::take(&mut rows.rows) {
        if let Some(finding) = row.comment.as_deref().and_then(|c| redirect_comment(&row.id, c, &all_ids)) {
            let column = if rows.table.has(Col::Comment) { Col::Comment } else { Col::Notes };
            intake.report(&rows.table, place, column, finding);
        }
        match row.unit {
            Ok(ddu) => {
                zips.extend(row.zips.into_iter().map(|zip| (zip, row.id.clone())));
                open.push((ddu, place));
            }
            Err(ref reason) => {
                leave_out(&rows.table, place, &row.id, reason, columns_of(&rows.table, reason.why), &all_ids, intake);
                no_part.insert(row.id.clone(), reason.clone());
            }
        }
    }
    let points = open.iter().map(|(ddu, place)| (ddu.id.as_str(), ddu.at, *place));
    shared_coordinates(points, &rows.table, Col::Lat, intake);
    intake.accepted("ddus", open.len());
    intake.nothing_left(&rows, open.len(), "delivery unit that takes part");
    Some(Units { table: rows.table, open, no_part, rejected: rows.rejected, zips })
}

fn ddu_row(row: &mut RowReader<'_, '_>, data: &DataSettings, day: Date, zones: &mut Zones) -> Option<DduRow> {
    let ddu_id = row.required(Col::DduId, id);
    let statuses = [("open", DduStatus::Open), ("closed", DduStatus::Closed)];
    let status = row.optional(Col::Status, |t| word(t, &statuses)).unwrap_or(DduStatus::Open);
    let types = FacilityType::ALL.map(|t| (t.word(), t));
    let facility = row.optional(Col::FacilityType, |t| word(t, &types)).unwrap_or(FacilityType::DeliveryUnit);
    let effective = effective(row, day);
    let successor = row.optional(Col::SuccessorId, id);
    let zips = row.optional(Col::Zips, zip_list).unwrap_or_default();
    let comment = row.optional(Col::Comment, remark).or_else(|| row.optional(Col::Notes, remark));
    let why = match (effective, status, facility) {
        (false, ..) => Some(Code::NotEffective),
        (_, DduStatus::Closed, _) => Some(Code::ClosedUnit),
        (_, _, FacilityType::Phantom) => Some(Code::PhantomUnit),
        (_, _, FacilityType::FinanceOnly) => Some(Code::FinanceOnlyUnit),
        _ => None,
    };
    // What takes no part needs no dock, nor a coordinate.
    let unit = match why {
        Some(why) => Some(Err(NoPart { why, successor })),
        None => ddu(row, ddu_id.clone(), data, zones).map(Ok),
    };
    Some(DduRow { id: ddu_id?, comment, zips, unit: unit? })
}

fn ddu(row: &mut RowReader<'_, '_>, ddu_id: Option<String>, data: &DataSettings, zones: &mut Zones) -> Option<Ddu> {
    let name = row.optional(Col::Name, remark);
    let at = read_point(row, Col::Lat, Col::Lon);
    let (state, timezone) = read_state_and_zone(row, zones, Col::State, Col::Timezone, data.default_timezone.as_ref());
    let zip = row.optional(Col::Zip5, |t| zip5(t, state));
    let (dock_open, dock_close) = dock_window(row, data);
    let window = (dock_open, dock_close);
    let cet_same_day = critical_entry_time(row, Col::CetSameDay, data.default_cet_same_day, window);
    let cet_next_day = critical_entry_time(row, Col::CetNextDay, data.default_cet_next_day, window);
    let dock_slots = row.optional(Col::DockSlots, |t| count(t, 0..=u32::MAX));
    let capacity = row.or_default(Col::CapacityPieces, data.default_capacity, |t| count(t, 0..=u32::MAX));
    let max_length_mm = row.optional(Col::MaxVehicleLengthFt, feet_as_mm);
    let max_height_mm = row.optional(Col::MaxVehicleHeightFt, feet_as_mm);
    let attributable_cost = row.or_default(Col::AttributableCost, data.default_attributable_cost, money);
    let reserve_price = reserve_price(row, attributable_cost);
    let region = row.optional(Col::Region, id).or_else(|| state.map(|s| s.code.to_owned())).unwrap_or_default();
    let ddu_id = ddu_id?;
    Some(Ddu {
        region,
        name: name.unwrap_or_else(|| ddu_id.clone()),
        id: ddu_id,
        zip5: zip,
        state: state.map(|s| s.code.to_owned()),
        at: at?,
        timezone: timezone?,
        dock_open,
        dock_close,
        cet_same_day,
        cet_next_day,
        dock_slots,
        capacity: Pieces(capacity?),
        max_length_mm,
        max_height_mm,
        attributable_cost: attributable_cost?,
        reserve_price: reserve_price?,
    })
}

/// True when the operating day lies between both dates, ends included.
fn effective(row: &mut RowReader<'_, '_>, day: Date) -> bool {
    let (from, to) = (row.optional(Col::EffectiveFrom, date), row.optional(Col::EffectiveTo, date));
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        let message = format!("effective_to {to} is before effective_from {from}");
        row.report(Col::EffectiveTo, Finding::plain(Code::EffectiveReversed, message));
    }
    from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to)
}

/// The dock opens before it closes.
fn dock_window(row: &mut RowReader<'_, '_>, data: &DataSettings) -> (ClockTime, ClockTime) {
    let open = row.optional(Col::DockOpen, time).unwrap_or(data.default_dock_open);
    let close = row.optional(Col::DockClose, time).unwrap_or(data.default_dock_close);
    if open >= close {
        let message = format!("the dock closes at {close} but opens at {open}");
        row.report(Col::DockClose, Finding::plain(Code::EmptyDockWindow, message));
    }
    (open, close)
}

/// The time by column, or the default where the column is absent; an empty cell means that the service is not offered.
fn critical_entry_time(
    row: &mut RowReader<'_, '_>,
    column: Col,
    default: ClockTime,
    (open, close): (ClockTime, ClockTime),
) -> Option<ClockTime> {
    if !row.has(column) {
        return Some(default);
    }
    let cet = row.optional(column, time)?;
    if cet < open || cet > close {
        let message = format!("{cet} is outside the dock window {open} to {close}");
        row.report(column, Finding::plain(Code::CetOutsideWindow, message));
    }
    Some(cet)
}

/// The reserve is never below the attributable cost, which it equals where none is given.
fn reserve_price(row: &mut RowReader<'_, '_>, cost: Option<MicroDollars>) -> Option<MicroDollars> {
    let reserve = row.optional(Col::ReservePrice, money).or(cost)?;
    if cost.is_some_and(|cost| reserve < cost) {
        let message = format!("reserve price {reserve} is below the attributable cost {}", cost?);
        row.report(Col::ReservePrice, Finding::plain(Code::ReserveBelowCost, message));
    }
    Some(reserve)
}

/// Warns that a unit takes no part, at the first column, and names its successor, in the second.
pub(super) fn leave_out(
    table: &Table,
    place: Place,
    id: &str,
    reason: &NoPart,
    (column, successor_column): (usize, usize),
    ids: &BTreeSet<String>,
    intake: &mut Intake,
) {
    let message = format!("unit `{id}`: {}", reason.why.title());
    let help = successor_help(reason).unwrap_or_else(|| reason.why.action().to_owned());
    intake.report(table, place, column, Finding::new(reason.why, message, help));
    if let Some(successor) = reason.successor.as_deref().filter(|s| !ids.contains(*s)) {
        let message = format!("successor `{successor}` is not in the table");
        intake.report(table, place, successor_column, Finding::plain(Code::UnknownSuccessor, message));
    }
}

/// The columns that say why a unit takes no part, and which one does.
fn columns_of(table: &Table, why: Code) -> (usize, usize) {
    let column = match why {
        Code::ClosedUnit => Col::Status,
        Code::NotEffective if table.has(Col::EffectiveFrom) => Col::EffectiveFrom,
        Code::NotEffective => Col::EffectiveTo,
        _ => Col::FacilityType,
    };
    (column.into(), Col::SuccessorId.into())
}

/// Advice that names the successor.
pub(super) fn successor_help(reason: &NoPart) -> Option<String> {
    reason.successor.as_ref().map(|successor| format!("its successor is `{successor}`"))
}

/// A comment that sends the reader elsewhere, with the unit that it names, if any.
pub(super) fn redirect_comment(own: &str, comment: &str, ids: &BTreeSet<String>) -> Option<Finding> {
    let phrase = redirect(comment)?;
    let words = comment.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'));
    let named = words.into_iter().find(|w| *w != own && ids.contains(*w));
    let help = named.map_or_else(
        || Code::RedirectComment.action().to_owned(),
        |named| format!("if `{named}` is its successor, set status = closed and successor_id = {named}"),
    );
    Some(Finding::new(Code::RedirectComment, format!("unit `{own}`: the comment says \"{phrase}\""), help))
}
