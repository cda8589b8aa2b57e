//! `matrix.parquet`: one row a hub, unit and vehicle class, by their ids.
//!
//! | column | meaning |
//! | --- | --- |
//! | `hub_id`, `ddu_id`, `vehicle` | which cell |
//! | `outbound_status`, `return_status` | `ok`, or the reason why there is no path |
//! | `outbound_usd`, `return_usd` | money of the path: distance-driven, time-driven and tolls |
//! | `outbound_metres`, `outbound_seconds`, `outbound_tolls_usd`, `return_…` | measures of the same path; tolls are part of the money |
//! | `hub_snap_metres`, `ddu_snap_metres` | distance from the point to the road its route starts or ends on |
//!
//! Cells without a path are empty, never 0.

use super::ReportError;
use super::parquet::ParquetSink;
use super::table::{Cell, Column, Kind, Sink};
use crate::matrix::{Leg, Matrix};
use crate::network::{NoSnap, Snap};
use crate::scenario::{Scenario, VehicleClass};
use crate::units::Decimetres;
use std::io::Write;

/// Where the points of a matrix met the network, for its vehicle class.
#[derive(Clone, Copy, Debug)]
pub struct Snaps<'a> {
    /// Hubs of the scenario.
    pub hubs: &'a [Result<Snap, NoSnap>],
    /// Units of the scenario.
    pub ddus: &'a [Result<Snap, NoSnap>],
}

const COLUMNS: [Column; 15] = [
    Column::new("hub_id", Kind::Text),
    Column::new("ddu_id", Kind::Text),
    Column::new("vehicle", Kind::Text),
    Column::new("outbound_status", Kind::Text),
    Column::new("outbound_usd", Kind::Usd),
    Column::new("outbound_metres", Kind::Metres),
    Column::new("outbound_seconds", Kind::Seconds),
    Column::new("outbound_tolls_usd", Kind::Usd),
    Column::new("return_status", Kind::Text),
    Column::new("return_usd", Kind::Usd),
    Column::new("return_metres", Kind::Metres),
    Column::new("return_seconds", Kind::Seconds),
    Column::new("return_tolls_usd", Kind::Usd),
    Column::new("hub_snap_metres", Kind::Metres),
    Column::new("ddu_snap_metres", Kind::Metres),
];

/// Writes `matrix.parquet`. `snaps` belong to `matrices` one by one; rows are sorted whatever their order.
///
/// # Errors
/// When writing fails, or when matrices, snaps and scenario do not belong together.
pub fn write_matrix(
    out: &mut (impl Write + Send),
    scenario: &Scenario,
    matrices: &[Matrix],
    snaps: &[Snaps<'_>],
) -> Result<(), ReportError> {
    let tables = paired(scenario, matrices, snaps)?;
    let columns = scenario.ddus.len();
    let mut sink = ParquetSink::new(out, &COLUMNS)?;
    for (h, hub) in scenario.hubs.iter().enumerate() {
        for (d, ddu) in scenario.ddus.iter().enumerate() {
            for table in &tables {
                let cell = h * columns + d;
                let mut row = Vec::with_capacity(COLUMNS.len());
                row.extend([Cell::Text(&hub.id), Cell::Text(&ddu.id), Cell::Text(&table.class.name)]);
                // In range: `paired` has checked the lengths.
                row.extend(leg(&table.matrix.outbound[cell]));
                row.extend(leg(&table.matrix.inbound[cell]));
                row.push(distance(&table.snaps.hubs[h]).into());
                row.push(distance(&table.snaps.ddus[d]).into());
                sink.row(&row)?;
            }
        }
    }
    sink.finish()
}

/// A matrix with what belongs to it.
struct Table<'a> {
    class: &'a VehicleClass,
    matrix: &'a Matrix,
    snaps: &'a Snaps<'a>,
}

/// Matrices in order of their class, after a check that everything has the scenario's shape.
fn paired<'a>(
    scenario: &'a Scenario,
    matrices: &'a [Matrix],
    snaps: &'a [Snaps<'a>],
) -> Result<Vec<Table<'a>>, ReportError> {
    let (hubs, ddus) = (scenario.hubs.len(), scenario.ddus.len());
    if matrices.len() != snaps.len() {
        return Err(ReportError::Mismatch("there is not one set of snapped points for each matrix"));
    }
    let mut tables = Vec::with_capacity(matrices.len());
    for (matrix, snaps) in matrices.iter().zip(snaps) {
        let Some(class) = scenario.vehicles.get(matrix.vehicle.index()) else {
            return Err(ReportError::Mismatch("a matrix belongs to no vehicle class of the scenario"));
        };
        let cells = Some(matrix.outbound.len()) == hubs.checked_mul(ddus)
            && matrix.outbound.len() == matrix.inbound.len()
            && matrix.columns == ddus;
        if !cells || snaps.hubs.len() != hubs || snaps.ddus.len() != ddus {
            return Err(ReportError::Mismatch("a matrix or its snapped points have other hubs or units"));
        }
        tables.push(Table { class, matrix, snaps });
    }
    tables.sort_by_key(|table| table.matrix.vehicle);
    Ok(tables)
}

fn leg(leg: &Leg) -> [Cell<'static>; 5] {
    match leg {
        Ok(path) => [Cell::Text("ok"), path.money.into(), path.length.into(), path.time.into(), path.tolls.into()],
        Err(reason) => [Cell::Owned(reason.word()), Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty],
    }
}

/// Distance to the road, where there is one: also to an isolated road, or to the nearest beyond the limit.
fn distance(snapped: &Result<Snap, NoSnap>) -> Option<Decimetres> {
    match snapped {
        Ok(snap) => Some(snap.distance),
        Err(NoSnap::Isolated { distance, .. }) => Some(*distance),
        Err(NoSnap::VehicleNotAllowed { nearest }) => Some(*nearest),
        Err(NoSnap::NoRoadWithinLimit { nearest }) => *nearest,
        Err(NoSnap::OutsideMap) => None,
    }
}
