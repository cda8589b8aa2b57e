//! `orders.csv`: what was to be brought, and how much of it is. Pieces of a stop that its routes leave behind are those of its
//! last orders.

use super::RoutesReport;
use crate::ids::DduIx;
use crate::report::ReportError;
use crate::report::award_report::MISMATCH;
use crate::report::table::{Cell, Column, Kind, Sink};
use crate::units::ClockTime;

pub(crate) const COLUMNS: [Column; 10] = [
    Column::new("hub_id", Kind::Text),
    Column::new("ddu_id", Kind::Text),
    Column::new("by_local", Kind::Text),
    Column::new("bid_id", Kind::Text),
    Column::new("bidder_id", Kind::Text),
    Column::new("service", Kind::Text),
    Column::new("tender_time", Kind::Text),
    Column::new("pieces", Kind::Count),
    Column::new("brought_pieces", Kind::Count),
    Column::new("reason", Kind::Text),
];

pub(super) fn rows(report: &RoutesReport<'_>, sink: &mut impl Sink) -> Result<(), ReportError> {
    let s = report.scenario;
    for day in report.hubs {
        let hub = report.hub(day)?;
        for (position, stop) in day.case.stops.iter().enumerate() {
            let unit = s.ddus.get(stop.ddu.index()).ok_or(MISMATCH)?;
            let mut left = day.brought(position);
            let reason = day.not_brought.iter().find(|none| none.stop == position).map(|none| none.why.word());
            for order in &stop.orders {
                let brought = order.pieces.0.min(left);
                left -= brought;
                let line = order.bid.and_then(|bid| s.bids.get(bid.index()));
                let bidder = line.and_then(|line| s.bidders.get(line.bidder.index()));
                let missing = brought < order.pieces.0;
                sink.row(&[
                    Cell::Text(&hub.id),
                    Cell::Text(&unit.id),
                    stop.by.into(),
                    line.map_or(Cell::Empty, |line| Cell::Text(&line.id)),
                    bidder.map_or(Cell::Empty, |bidder| Cell::Text(&bidder.id)),
                    line.map_or(Cell::Empty, |line| Cell::Text(line.service.word())),
                    line.map(|line| line.tender).into(),
                    order.pieces.0.into(),
                    brought.into(),
                    reason.clone().filter(|_| missing).map_or(Cell::Empty, Cell::Owned),
                ])?;
            }
        }
    }
    for (ddu, why) in report.no_hub {
        let unit = s.ddus.get(DduIx::index(*ddu)).ok_or(MISMATCH)?;
        let by = unit.cet_same_day.max(unit.cet_next_day).map(|cet: ClockTime| cet.min(unit.dock_close));
        let mut row = vec![Cell::Empty; COLUMNS.len()];
        row[1] = Cell::Text(&unit.id);
        row[2] = by.into();
        row[7] = s.settings.cost.planned_volume.into();
        row[8] = 0.into();
        row[9] = Cell::Owned(why.word());
        sink.row(&row)?;
    }
    Ok(())
}
