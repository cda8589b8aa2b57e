//! `bids.csv` and `bidders.csv`, as a scenario reads them.

use super::QuoteReport;
use crate::report::ReportError;
use crate::report::table::{Cell, Column, Kind, Sink};
use crate::scenario::PriceBasis;

pub(crate) const COLUMNS: [Column; 13] = [
    Column::new("bid_id", Kind::Text),
    Column::new("bidder_id", Kind::Text),
    Column::new("package_id", Kind::Text),
    Column::new("xor_group", Kind::Text),
    Column::new("ddu_id", Kind::Text),
    Column::new("hub_id", Kind::Text),
    Column::new("service", Kind::Text),
    Column::new("tender_time", Kind::Text),
    Column::new("volume_min", Kind::Count),
    Column::new("volume_max", Kind::Count),
    Column::new("volume_unit", Kind::Text),
    Column::new("price_per_piece", Kind::Usd),
    Column::new("price_basis", Kind::Text),
];

pub(crate) const BIDDER_COLUMNS: [Column; 2] = [Column::new("bidder_id", Kind::Text), Column::new("name", Kind::Text)];

pub(super) fn rows(report: &QuoteReport<'_>, sink: &mut dyn Sink) -> Result<(), ReportError> {
    let service = report.scenario.settings.quote.service;
    for (number, bid) in (1..).zip(report.bids) {
        sink.row(&[
            Cell::Owned(format!("Q{number:06}")),
            Cell::Text(&report.plan.bidder),
            bid.package.map_or(Cell::Empty, |number| Cell::Owned(format!("P{number:05}"))),
            Cell::Empty,
            Cell::Text(&report.unit(bid.ddu)?.id),
            report.hub_id(bid.hub)?,
            Cell::Text(service.word()),
            bid.tender.into(),
            bid.least.0.into(),
            bid.most.0.into(),
            Cell::Text("pieces_per_day"),
            bid.price.into(),
            Cell::Text(PriceBasis::Dock.word()),
        ])?;
    }
    Ok(())
}

pub(super) fn bidder_rows(report: &QuoteReport<'_>, sink: &mut dyn Sink) -> Result<(), ReportError> {
    sink.row(&[Cell::Text(&report.plan.bidder), Cell::Text(&report.plan.bidder)])
}
