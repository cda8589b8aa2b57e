//! `awards.csv`: one row a bid line that won, by bid id. Money is per operating day.
//!
//! `spend − injection (hub basis) = revenue`, `revenue − attributable = contribution`, exactly; `value` is under the
//! objective of the scenario. `viable` tells for dock-basis bids whether price and injection cost stay within
//! `award.alternative_rate`; it is empty without that setting.

use super::ReportError;
use super::award_report::{AwardReport, MISMATCH};
use super::table::{Cell, Column, Kind, Sink};

pub(crate) const COLUMNS: [Column; 21] = [
    Column::new("bid_id", Kind::Text),
    Column::new("bidder_id", Kind::Text),
    Column::new("package_id", Kind::Text),
    Column::new("ddu_id", Kind::Text),
    Column::new("hub_id", Kind::Text),
    Column::new("service", Kind::Text),
    Column::new("tender_time", Kind::Text),
    Column::new("volume_pieces", Kind::Count),
    Column::new("price_usd_per_piece", Kind::Usd),
    Column::new("price_basis", Kind::Text),
    Column::new("dock_price_usd_per_piece", Kind::Usd),
    Column::new("vehicle", Kind::Text),
    Column::new("trips", Kind::Count),
    Column::new("loaded_metres", Kind::Metres),
    Column::new("spend_usd", Kind::Usd),
    Column::new("injection_usd", Kind::Usd),
    Column::new("revenue_usd", Kind::Usd),
    Column::new("attributable_usd", Kind::Usd),
    Column::new("contribution_usd", Kind::Usd),
    Column::new("value_usd", Kind::Usd),
    Column::new("viable", Kind::Flag),
];

pub(crate) fn rows(report: &AwardReport<'_>, sink: &mut impl Sink) -> Result<(), ReportError> {
    let s = report.scenario;
    for (bid, won) in report.award.winners() {
        let line = s.bids.get(bid.index()).ok_or(MISMATCH)?;
        let bidder = s.bidders.get(line.bidder.index()).ok_or(MISMATCH)?;
        let ddu = s.ddus.get(line.ddu.index()).ok_or(MISMATCH)?;
        let hub = s.hubs.get(line.hub.index()).ok_or(MISMATCH)?;
        let vehicle = s.vehicles.get(won.vehicle.index()).ok_or(MISMATCH)?;
        sink.row(&[
            Cell::Text(&line.id),
            Cell::Text(&bidder.id),
            line.package.as_deref().map_or(Cell::Empty, Cell::Text),
            Cell::Text(&ddu.id),
            Cell::Text(&hub.id),
            Cell::Text(line.service.word()),
            line.tender.into(),
            won.volume.0.into(),
            line.price.into(),
            Cell::Text(line.basis.word()),
            won.dock_price.into(),
            Cell::Text(&vehicle.name),
            won.trips.into(),
            won.miles.into(),
            won.spend.into(),
            won.injection.into(),
            won.revenue.into(),
            won.attributable.into(),
            won.contribution.into(),
            won.value.into(),
            won.viable.into(),
        ])?;
    }
    Ok(())
}
