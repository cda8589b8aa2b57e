//! A table of facilities of another maker, read leniently: what it holds, and what a carrier should look at before it relies on it.

use super::ddus::{NoPart, leave_out, redirect_comment};
use super::shared::{Intake, shared_coordinates};
use crate::diagnostics::Code;
use crate::lonlat::LonLat;
use crate::scenario::rules::{Axis, Finding, id, plausible_zip5, point, remark, state, word, zip5};
use crate::scenario::table::{Place, RowReader, Table, TableSpec, columns};
use crate::scenario::{DduStatus, Duplicates, Facility, FacilityType};
use std::collections::{BTreeMap, BTreeSet};

columns! {
    DduId = "ddu_id" required;
    Name = "name" optional;
    LocaleName = "locale_name" optional;
    Zip5 = "zip5" optional;
    Zip = "zip" optional;
    State = "state" optional;
    Lat = "lat" optional;
    Lon = "lon" optional;
    LocSrc = "loc_src" optional;
    Status = "status" optional;
    FacilityType = "facility_type" optional;
    SuccessorId = "successor_id" optional;
    Comment = "comment" optional;
    Notes = "notes" optional;
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq)]
struct FacilityRow {
    facility: Facility,
    no_part: Option<NoPart>,
    successor: Option<String>,
    comment: Option<String>,
}

/// Reads the facilities, sorted by id, and reports all that the linter knows of.
pub(crate) fn facilities(spec: &TableSpec, intake: &mut Intake) -> Option<Vec<Facility>> {
    const ROLE: &str = "facilities";
    let mut read = intake.table(ROLE, spec, COLUMNS, Col::DduId.into(), facility)?;
    read.settle(Col::DduId, Duplicates::Reject, |row| &row.facility.id, intake);
    let ids: BTreeSet<String> = read.rows.iter().map(|(row, _)| row.facility.id.clone()).collect();
    let closed: BTreeMap<&str, Code> =
        read.rows.iter().filter_map(|(row, _)| Some((row.facility.id.as_str(), row.no_part.as_ref()?.why))).collect();
    let columns = |why| match why {
        Code::ClosedUnit => Col::Status.into(),
        _ => Col::FacilityType.into(),
    };
    for (row, place) in &read.rows {
        let id = &row.facility.id;
        if let Some(reason) = &row.no_part {
            leave_out(&read.table, *place, id, reason, (columns(reason.why), Col::SuccessorId.into()), &ids, intake);
        }
        if let Some(successor) = row.successor.as_deref() {
            stale(&read.table, *place, id, successor, &closed, intake);
        }
        if let Some(finding) = row.comment.as_deref().and_then(|comment| redirect_comment(id, comment, &ids)) {
            let column = if read.table.has(Col::Comment) { Col::Comment } else { Col::Notes };
            intake.report(&read.table, *place, column, finding);
        }
    }
    let points = read.rows.iter().filter_map(|(row, place)| Some((row.facility.id.as_str(), row.facility.at?, *place)));
    shared_coordinates(points, &read.table, Col::Lat, intake);
    intake.accepted(ROLE, read.rows.len());
    intake.nothing_left(&read, read.rows.len(), "facility");
    Some(read.rows.into_iter().map(|(row, _)| row.facility).collect())
}

/// A successor that takes no part itself leads nowhere.
fn stale(table: &Table, place: Place, id: &str, successor: &str, closed: &BTreeMap<&str, Code>, intake: &mut Intake) {
    if let Some(why) = closed.get(successor) {
        let message = format!("the successor `{successor}` of `{id}`: {}", why.title());
        intake.report(table, place, Col::SuccessorId, Finding::plain(Code::StaleSuccessor, message));
    }
}

fn facility(row: &mut RowReader<'_, '_>) -> Option<FacilityRow> {
    let ddu_id = row.required(Col::DduId, id);
    let name = row.optional(Col::Name, remark).or_else(|| row.optional(Col::LocaleName, remark));
    let known = row.optional(Col::State, state);
    let zip_column = if row.has(Col::Zip5) { Col::Zip5 } else { Col::Zip };
    let zip = row.optional(zip_column, |t| match known {
        Some(state) => zip5(t, Some(state)),
        None => plausible_zip5(t),
    });
    let statuses = [("open", DduStatus::Open), ("closed", DduStatus::Closed)];
    let status = row.optional(Col::Status, |t| word(t, &statuses)).unwrap_or(DduStatus::Open);
    let types = FacilityType::ALL.map(|t| (t.word(), t));
    let kind = row.optional(Col::FacilityType, |t| word(t, &types)).unwrap_or(FacilityType::DeliveryUnit);
    let successor = row.optional(Col::SuccessorId, id);
    let comment = row.optional(Col::Comment, remark).or_else(|| row.optional(Col::Notes, remark));
    let why = match (status, kind) {
        (DduStatus::Closed, _) => Some(Code::ClosedUnit),
        (_, FacilityType::Phantom) => Some(Code::PhantomUnit),
        (_, FacilityType::FinanceOnly) => Some(Code::FinanceOnlyUnit),
        _ => None,
    };
    let at = place_of(row);
    let source = row.optional(Col::LocSrc, remark);
    if at.is_some() && source.as_deref().is_some_and(of_an_area) {
        let message = format!("the coordinate is that of an area: `{}`", source.unwrap_or_default());
        row.report(Col::LocSrc, Finding::plain(Code::AreaCoordinate, message));
    }
    let no_part = why.map(|why| NoPart { why, successor: successor.clone() });
    let ddu_id = ddu_id?;
    let facility = Facility {
        name: name.unwrap_or_else(|| ddu_id.clone()),
        id: ddu_id,
        zip5: zip,
        state: known.map(|state| state.code.to_owned()),
        at,
        takes_part: no_part.is_none(),
    };
    Some(FacilityRow { facility, no_part, successor, comment })
}

/// Words of a source that stand for a ZIP, a town or another area.
fn of_an_area(source: &str) -> bool {
    let lower = source.to_lowercase();
    ["zip", "zcta", "centroid", "place", "city", "county"].iter().any(|word| lower.contains(word))
}

/// The coordinate; none is told, few decimals are warned about.
fn place_of(row: &mut RowReader<'_, '_>) -> Option<LonLat> {
    let (lat, lon) = (row.optional(Col::Lat, id), row.optional(Col::Lon, id));
    let (Some(lat), Some(lon)) = (lat, lon) else {
        row.report(Col::Lat, Finding::plain(Code::NoCoordinate, "the facility has no coordinate"));
        return None;
    };
    let decimals = |text: &str| text.split_once('.').map_or(0, |(_, part)| part.trim_end_matches('0').len());
    match point(&lat, &lon) {
        Ok(at) => {
            if decimals(&lat).max(decimals(&lon)) < 3 {
                let message = format!("{lat}, {lon} is known to a kilometre at best");
                row.report(Col::Lat, Finding::plain(Code::CoarseCoordinate, message));
            }
            Some(at)
        }
        Err((axis, finding)) => {
            row.report(if axis == Axis::Lat { Col::Lat } else { Col::Lon }, finding);
            None
        }
    }
}
