//! `hauls.csv`: what an award took for the hauls that are bid on, one row a hub, unit and vehicle class, by their ids.
//!
//! Its columns are those of `costs.csv` that an award needs, so that it can be named as `inputs.costs` and gives the same
//! award without a map. Hauls of which nothing is known have no row.

use super::ReportError;
use super::cost_table::reason_cells;
use super::csv::CsvSink;
use super::table::{Cell, Column, Kind, Sink};
use crate::cost::HaulSource;
use crate::ids::{DduIx, HubIx};
use crate::scenario::Scenario;
use std::collections::BTreeSet;
use std::io::Write;

const COLUMNS: [Column; 10] = [
    Column::new("hub_id", Kind::Text),
    Column::new("ddu_id", Kind::Text),
    Column::new("vehicle", Kind::Text),
    Column::new("status", Kind::Text),
    Column::new("status_at", Kind::Text),
    Column::new("pieces_per_trip", Kind::Count),
    Column::new("outbound_metres", Kind::Metres),
    Column::new("trip_usd", Kind::Usd),
    Column::new("handling_usd_per_piece", Kind::Usd),
    Column::new("arrival_local", Kind::Text),
];

/// Writes `hauls.csv`.
///
/// # Errors
/// When writing fails, or a haul cannot be worked out.
pub fn write_hauls_csv(out: &mut impl Write, scenario: &Scenario, hauls: &dyn HaulSource) -> Result<(), ReportError> {
    const MISMATCH: ReportError = ReportError::Mismatch("a haul is of another scenario");
    let mut sink = CsvSink::new(out, &COLUMNS)?;
    let bid_on: BTreeSet<(HubIx, DduIx)> = scenario.bids.iter().map(|bid| (bid.hub, bid.ddu)).collect();
    let mut row = Vec::with_capacity(COLUMNS.len());
    for (h, d) in bid_on {
        let (Some(hub), Some(ddu)) = (scenario.hubs.get(h.index()), scenario.ddus.get(d.index())) else {
            return Err(MISMATCH);
        };
        for (vehicle, option) in hauls.options(h, d)? {
            let class = scenario.vehicles.get(vehicle.index()).ok_or(MISMATCH)?;
            row.clear();
            row.extend([Cell::Text(&hub.id), Cell::Text(&ddu.id), Cell::Text(&class.name)]);
            match &option {
                Ok(option) => {
                    row.extend([Cell::Text("ok"), Cell::Empty]);
                    row.extend([option.pieces_per_trip.0.into(), option.outbound.into(), option.trip.into()]);
                    row.extend([option.handling_per_piece.into(), option.arrival.into()]);
                }
                Err(reason) => {
                    row.extend(reason_cells(reason));
                    row.resize(COLUMNS.len(), Cell::Empty);
                }
            }
            sink.row(&row)?;
        }
    }
    sink.finish()
}
