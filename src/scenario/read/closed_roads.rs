//! `closed_roads.csv`.

use super::shared::Intake;
use super::vehicles::unknown_class;
use crate::diagnostics::Code;
use crate::ids::VehicleIx;
use crate::scenario::rules::{Finding, id, remark, way_id, word};
use crate::scenario::table::{Column, Place, RowReader, Table, TableSpec, columns};
use crate::scenario::{ClosedDirection, ClosedRoad, VehicleClass};
use std::sync::Arc;

columns! {
    WayId = "way_id" required;
    Direction = "direction" optional;
    Vehicle = "vehicle" optional;
    Note = "note" optional;
}

/// Columns of the table.
pub(crate) fn columns() -> &'static [Column] {
    COLUMNS
}

/// Closed roads with their rows.
pub(crate) type Closed = (Arc<Table>, Vec<(ClosedRoad, Place)>);

/// Reads the closed roads, sorted. Classes that could not be read (`None`) are not looked up.
pub(crate) fn closed_roads(spec: &TableSpec, classes: Option<&[VehicleClass]>, intake: &mut Intake) -> Option<Closed> {
    const ROLE: &str = "closed_roads";
    let mut read = intake.table(ROLE, spec, COLUMNS, Col::WayId.into(), |row| closed_road(row, classes))?;
    // Which of two equal rows stays must not depend on their order, hence the note.
    read.rows.sort();
    let mut rows: Vec<(ClosedRoad, Place)> = Vec::with_capacity(read.rows.len());
    for (road, place) in read.rows {
        match rows.last() {
            Some((known, first))
                if (known.way, known.direction, known.vehicle) == (road.way, road.direction, road.vehicle) =>
            {
                let message = format!("way {} is already closed by line {}", road.way, first.line);
                intake.report(&read.table, place, Col::WayId, Finding::plain(Code::ClosedTwice, message));
            }
            _ => rows.push((road, place)),
        }
    }
    intake.accepted(ROLE, rows.len());
    Some((read.table, rows))
}

fn closed_road(row: &mut RowReader<'_, '_>, classes: Option<&[VehicleClass]>) -> Option<ClosedRoad> {
    let words = ClosedDirection::ALL.map(|d| (d.word(), d));
    let way = row.required(Col::WayId, way_id);
    let direction = row.optional(Col::Direction, |t| word(t, &words)).unwrap_or(ClosedDirection::Both);
    let named = row.optional(Col::Vehicle, id);
    let note = row.optional(Col::Note, remark).unwrap_or_default();
    let vehicle = match (named, classes) {
        (Some(name), Some(classes)) => match classes.iter().position(|class| class.name == name) {
            Some(position) => Some(VehicleIx::from_index(position)),
            None => {
                let message = format!("vehicle class `{name}` is not known");
                row.report(Col::Vehicle, unknown_class(Code::ClosedForUnknownVehicle, message, &name, classes));
                return None;
            }
        },
        _ => None,
    };
    Some(ClosedRoad { way: way?, direction, vehicle, note })
}
