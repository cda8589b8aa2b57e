//! `hubs.csv`.

use super::shared::{Intake, Rows, read_point, read_state_and_zone, shared_coordinates};
use crate::scenario::rules::{Zones, count, id, remark, time};
use crate::scenario::table::{Column, RowReader, TableSpec, columns};
use crate::scenario::{DataSettings, Hub};
use crate::units::Pieces;

columns! {
    HubId = "hub_id" required;
    ShipperId = "shipper_id" required;
    Name = "name" optional;
    State = "state" optional;
    Lat = "lat" required;
    Lon = "lon" required;
    ReleaseTime = "release_time" optional;
    Timezone = "timezone" optional;
    CapacityPieces = "capacity_pieces" optional;
}

/// Columns of the table.
pub(crate) fn columns() -> &'static [Column] {
    COLUMNS
}

/// Reads the hubs, sorted by id.
pub(crate) fn hubs(spec: &TableSpec, data: &DataSettings, zones: &mut Zones, intake: &mut Intake) -> Option<Rows<Hub>> {
    let mut hubs = intake.table("hubs", spec, COLUMNS, Col::HubId.into(), |row| hub(row, data, zones))?;
    hubs.settle(Col::HubId, data.duplicates, |h| &h.id, intake);
    let points = hubs.rows.iter().map(|(hub, place)| (hub.id.as_str(), hub.at, *place));
    shared_coordinates(points, &hubs.table, Col::Lat, intake);
    intake.accepted("hubs", hubs.rows.len());
    intake.nothing_left(&hubs, hubs.rows.len(), "hub");
    Some(hubs)
}

fn hub(row: &mut RowReader<'_, '_>, data: &DataSettings, zones: &mut Zones) -> Option<Hub> {
    let hub_id = row.required(Col::HubId, id);
    let shipper = row.required(Col::ShipperId, id);
    let name = row.optional(Col::Name, remark);
    let at = read_point(row, Col::Lat, Col::Lon);
    let release = row.optional(Col::ReleaseTime, time).unwrap_or(data.default_release);
    let (_, timezone) = read_state_and_zone(row, zones, Col::State, Col::Timezone, data.default_timezone.as_ref());
    let capacity = row.optional(Col::CapacityPieces, |t| count(t, 0..=u32::MAX)).map(Pieces);
    let hub_id = hub_id?;
    Some(Hub {
        name: name.unwrap_or_else(|| hub_id.clone()),
        id: hub_id,
        shipper: shipper?,
        at: at?,
        release,
        timezone: timezone?,
        capacity,
    })
}
