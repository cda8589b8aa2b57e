//! `cost_to_serve.csv`: three rows a unit, a weak, a planned and a strong day: the cheapest hub and class by direct trips in time, without
//! regard to limits. The parts of the day sum to `injection_usd` exactly.

use super::{QuoteReport, to_spare};
use crate::quote::VolumeCase;
use crate::report::ReportError;
use crate::report::table::{Cell, Column, Kind, Sink};

pub(crate) const COLUMNS: [Column; 22] = [
    Column::new("ddu_id", Kind::Text),
    Column::new("case", Kind::Text),
    Column::new("pieces", Kind::Count),
    Column::new("reason", Kind::Text),
    Column::new("hub_id", Kind::Text),
    Column::new("vehicle", Kind::Text),
    Column::new("pieces_per_trip", Kind::Count),
    Column::new("trips", Kind::Count),
    Column::new("outbound_metres", Kind::Metres),
    Column::new("distance_usd", Kind::Usd),
    Column::new("driving_time_usd", Kind::Usd),
    Column::new("tolls_usd", Kind::Usd),
    Column::new("dwell_usd", Kind::Usd),
    Column::new("stop_usd", Kind::Usd),
    Column::new("vehicle_day_usd", Kind::Usd),
    Column::new("handling_usd", Kind::Usd),
    Column::new("injection_usd", Kind::Usd),
    Column::new("injection_usd_per_piece", Kind::Usd),
    Column::new("arrival_local", Kind::Text),
    Column::new("minutes_to_spare_same_day", Kind::Count),
    Column::new("minutes_to_spare_next_day", Kind::Count),
    Column::new("in_time", Kind::Flag),
];

pub(super) fn rows(report: &QuoteReport<'_>, sink: &mut dyn Sink) -> Result<(), ReportError> {
    for (plan, served) in report.plan.units.iter().zip(report.served) {
        let unit = report.unit(plan.ddu)?;
        for (at, case) in VolumeCase::ALL.into_iter().enumerate() {
            let mut row = vec![Cell::Text(&unit.id), Cell::Text(case.word()), case.pieces(plan).0.into()];
            match served.best.map(|cases| cases[at]) {
                Ok(Some(haul)) => {
                    let (trip, parts) = haul.waterfall(report.hauls, plan)?;
                    row.extend([Cell::Empty, report.hub_id(haul.hub)?, report.vehicle(haul.option.vehicle)?]);
                    row.extend([haul.option.pieces_per_trip.0.into(), haul.cost.trips.into()]);
                    row.push(trip.outbound.length.into());
                    row.extend([parts.distance, parts.driving_time, parts.tolls].map(Cell::from));
                    row.extend([parts.dwell, parts.stop, parts.vehicle_day].map(Cell::from));
                    row.extend([haul.cost.handling, haul.cost.total, haul.cost.per_piece].map(Cell::from));
                    let arrival = haul.option.arrival;
                    row.push(arrival.into());
                    row.extend([to_spare(unit.cet_same_day, arrival), to_spare(unit.cet_next_day, arrival)]);
                    row.push(plan.by.map(|by| arrival <= by).into());
                }
                Ok(None) => row.push(Cell::Text("no_volume")),
                Err(why) => row.push(Cell::Owned(why.word())),
            }
            row.resize(COLUMNS.len(), Cell::Empty);
            sink.row(&row)?;
        }
    }
    Ok(())
}
