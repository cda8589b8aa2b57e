//! `matrix.parquet`, or the same as CSV: one row a hub, unit and vehicle class by their ids, and departure by its place in the day.
//!
//! | column | meaning |
//! | --- | --- |
//! | `hub_id`, `ddu_id`, `vehicle` | which cell |
//! | `departure` | window in which the vehicle leaves the hub, or the unit: `free_flow` first, then windows by their start |
//! | `outbound_status`, `return_status` | `ok`, or the reason why there is no path |
//! | `outbound_usd`, `return_usd` | money of the path: distance-driven, time-driven and tolls |
//! | `outbound_metres`, `outbound_seconds`, `outbound_tolls_usd`, `return_…` | measures of the same path; tolls are part of the money |
//! | `hub_snap_metres`, `ddu_snap_metres` | distance from the point to the road its route starts or ends on |
//!
//! Cells without a path are empty, never 0. The table can be written tile by tile of hubs ([`MatrixTable`]): the bytes do
//! not depend on the tiles.

use super::ReportError;
use super::csv::CsvSink;
use super::parquet::ParquetSink;
use super::table::{Cell, Column, Kind, Sink};
use crate::ids::{DduIx, DepartureIx, HubIx, VehicleIx};
use crate::matrix::{Leg, Matrix};
use crate::network::{NoSnap, Snap};
use crate::scenario::Scenario;
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

const COLUMNS: [Column; 16] = [
    Column::new("hub_id", Kind::Text),
    Column::new("ddu_id", Kind::Text),
    Column::new("vehicle", Kind::Text),
    Column::new("departure", Kind::Text),
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

/// What the matrices of a table are: class, departure, and where the points met the network for the class.
#[derive(Clone, Copy, Debug)]
pub struct MatrixPart<'a> {
    /// Vehicle class.
    pub vehicle: VehicleIx,
    /// Departure.
    pub departure: DepartureIx,
    /// Points.
    pub snaps: Snaps<'a>,
}

/// Where rows go.
enum Rows<W: Write + Send> {
    Parquet(ParquetSink<W>),
    Csv(CsvSink<W>),
}

impl<W: Write + Send> Sink for Rows<W> {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ReportError> {
        match self {
            Self::Parquet(sink) => sink.row(cells),
            Self::Csv(sink) => sink.row(cells),
        }
    }
}

/// The matrix while it is written, in tiles of consecutive hubs.
pub struct MatrixTable<'a, W: Write + Send> {
    sink: Rows<W>,
    scenario: &'a Scenario,
    parts: Vec<MatrixPart<'a>>,
    /// Names of class and departure of each part, and the order of parts in the file.
    names: Vec<[&'a str; 2]>,
    order: Vec<usize>,
    /// Hubs written so far.
    hubs: usize,
}

impl<'a, W: Write + Send> MatrixTable<'a, W> {
    /// Begins `matrix.parquet`. Rows are sorted whatever the order of the parts.
    ///
    /// # Errors
    /// When writing fails, or when parts and scenario do not belong together.
    pub fn new(out: W, scenario: &'a Scenario, parts: Vec<MatrixPart<'a>>) -> Result<Self, ReportError> {
        Self::into_rows(Rows::Parquet(ParquetSink::new(out, &COLUMNS)?), scenario, parts)
    }

    /// The same as CSV.
    ///
    /// # Errors
    /// As [`MatrixTable::new`].
    pub fn csv(out: W, scenario: &'a Scenario, parts: Vec<MatrixPart<'a>>) -> Result<Self, ReportError> {
        Self::into_rows(Rows::Csv(CsvSink::new(out, &COLUMNS)?), scenario, parts)
    }

    fn into_rows(sink: Rows<W>, scenario: &'a Scenario, parts: Vec<MatrixPart<'a>>) -> Result<Self, ReportError> {
        let names = |part: &MatrixPart<'_>| -> Result<[&'a str; 2], ReportError> {
            let Some(class) = scenario.vehicles.get(part.vehicle.index()) else {
                return Err(ReportError::Mismatch("a matrix belongs to no vehicle class of the scenario"));
            };
            if part.snaps.hubs.len() != scenario.hubs.len() || part.snaps.ddus.len() != scenario.ddus.len() {
                return Err(ReportError::Mismatch("the snapped points of a matrix are not those of the scenario"));
            }
            Ok([&class.name, scenario.settings.traffic.name(part.departure)])
        };
        let names = parts.iter().map(names).collect::<Result<_, _>>()?;
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|part| (parts[*part].vehicle, parts[*part].departure));
        Ok(Self { sink, scenario, parts, names, order, hubs: 0 })
    }

    /// Writes the next hubs: the rows of `matrices`, one for each part in their order.
    ///
    /// # Errors
    /// When writing fails, or when the matrices are not those of the parts or have other rows and columns.
    pub fn tile(&mut self, matrices: &[Matrix]) -> Result<(), ReportError> {
        let (all, columns) = (self.scenario.hubs.len(), self.scenario.ddus.len());
        let cells = matrices.first().map_or(0, Matrix::cells);
        let hubs = self.hubs..self.hubs + cells.checked_div(columns).unwrap_or(0);
        let fits = |(matrix, part): (&Matrix, &MatrixPart<'_>)| {
            let named = (matrix.vehicle, matrix.departure) == (part.vehicle, part.departure);
            named && matrix.columns == columns && matrix.cells() == cells && cells == hubs.len() * columns
        };
        if matrices.len() != self.parts.len() || hubs.end > all || !matrices.iter().zip(&self.parts).all(fits) {
            return Err(ReportError::Mismatch("a matrix has other hubs or units, or is of another class or departure"));
        }
        let mut row = Vec::with_capacity(COLUMNS.len());
        for (tile_hub, h) in hubs.clone().enumerate() {
            for (d, ddu) in self.scenario.ddus.iter().enumerate() {
                for &part in &self.order {
                    let (hub, unit) = (HubIx::from_index(tile_hub), DduIx::from_index(d));
                    let (matrix, snaps) = (&matrices[part], self.parts[part].snaps);
                    row.clear();
                    row.extend([Cell::Text(&self.scenario.hubs[h].id), Cell::Text(&ddu.id)]);
                    row.extend(self.names[part].map(Cell::Text));
                    row.extend(leg(&matrix.outbound(hub, unit)));
                    row.extend(leg(&matrix.inbound(hub, unit)));
                    row.push(distance(&snaps.hubs[h]).into());
                    row.push(distance(&snaps.ddus[d]).into());
                    self.sink.row(&row)?;
                }
            }
        }
        self.hubs = hubs.end;
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When writing fails, or when hubs are missing.
    pub fn finish(self) -> Result<(), ReportError> {
        if self.hubs != self.scenario.hubs.len() && !self.scenario.ddus.is_empty() && !self.parts.is_empty() {
            return Err(ReportError::Mismatch("hubs are missing in the matrix"));
        }
        match self.sink {
            Rows::Parquet(sink) => sink.finish(),
            Rows::Csv(sink) => sink.finish(),
        }
    }
}

/// Writes `matrix.parquet` at once. `snaps` belong to `matrices` one by one.
///
/// # Errors
/// When writing fails, or when matrices, snaps and scenario do not belong together.
pub fn write_matrix(
    out: &mut (impl Write + Send),
    scenario: &Scenario,
    matrices: &[Matrix],
    snaps: &[Snaps<'_>],
) -> Result<(), ReportError> {
    if matrices.len() != snaps.len() {
        return Err(ReportError::Mismatch("there is not one set of snapped points for each matrix"));
    }
    let each = matrices.iter().zip(snaps);
    let parts =
        each.map(|(m, snaps)| MatrixPart { vehicle: m.vehicle, departure: m.departure, snaps: *snaps }).collect();
    let mut table = MatrixTable::new(out, scenario, parts)?;
    table.tile(matrices)?;
    table.finish()
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
