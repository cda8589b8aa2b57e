//! `unmapped_zips.csv`: volumes that reach no unit. `assumptions.csv`: what the user did not give.

use super::QuoteReport;
use crate::report::ReportError;
use crate::report::table::{Cell, Column, Kind, Sink};
use crate::scenario::WithoutUnit;

pub(crate) const COLUMNS: [Column; 3] =
    [Column::new("place", Kind::Text), Column::new("reason", Kind::Text), Column::new("planned_pieces", Kind::Count)];

pub(crate) const ASSUMPTION_COLUMNS: [Column; 3] =
    [Column::new("name", Kind::Text), Column::new("value", Kind::Text), Column::new("note", Kind::Text)];

/// What reaches no unit: as the volumes were read, and units that lie outside the map.
pub(super) fn without_unit(report: &QuoteReport<'_>) -> Vec<WithoutUnit> {
    let Some(volumes) = &report.scenario.quote.volumes else { return Vec::new() };
    let known = |id: &str| report.scenario.ddus.binary_search_by(|unit| unit.id.as_str().cmp(id)).is_ok();
    let gone = volumes.units.iter().filter(|(id, _)| !known(id));
    let gone = gone.map(|(id, volume)| WithoutUnit { place: id.clone(), why: "not_on_map", pieces: volume.planned });
    volumes.without_unit.iter().cloned().chain(gone).collect()
}

pub(super) fn rows(report: &QuoteReport<'_>, sink: &mut dyn Sink) -> Result<(), ReportError> {
    for without in without_unit(report) {
        sink.row(&[Cell::Text(&without.place), Cell::Text(without.why), without.pieces.0.into()])?;
    }
    Ok(())
}

pub(super) fn assumption_rows(report: &QuoteReport<'_>, sink: &mut dyn Sink) -> Result<(), ReportError> {
    for assumption in report.assumptions {
        sink.row(&[Cell::Text(&assumption.name), Cell::Text(&assumption.value), Cell::Text(assumption.note)])?;
    }
    Ok(())
}
