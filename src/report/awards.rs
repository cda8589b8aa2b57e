//! `awards.csv`: one row a bid line that won, by bid id. Money is per operating day.
//!
//! `spend − injection (hub basis) = revenue`, `revenue − attributable = contribution`, exactly; `value` is under the
//! objective of the scenario. `viable` tells for dock-basis bids whether price and injection cost stay within
//! `award.alternative_rate`; it is empty without that setting. `override` says who forced the award by hand, and why; it
//! is empty for the others.

use super::ReportError;
use super::award_report::{AwardReport, MISMATCH};
use super::table::{Cell, Column, Kind, Sink};
use crate::ids::BidIx;
use crate::scenario::{BidLine, Override, OverrideAction, OverrideTarget, Scenario};
use std::collections::BTreeMap;

pub(crate) const COLUMNS: [Column; 22] = [
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
    Column::new("override", Kind::Text),
];

pub(crate) fn rows(report: &AwardReport<'_>, sink: &mut impl Sink) -> Result<(), ReportError> {
    let s = report.scenario;
    let forced = Forced::of(s);
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
            forced.by(bid, line).map_or(Cell::Empty, |o| Cell::Owned(format!("{}: {}", o.who, o.why))),
        ])?;
    }
    Ok(())
}

/// What overrides force, by bid and by package, which wins as a whole.
#[derive(Default)]
struct Forced<'a> {
    bids: BTreeMap<BidIx, &'a Override>,
    packages: BTreeMap<&'a str, &'a Override>,
}

impl<'a> Forced<'a> {
    fn of(scenario: &'a Scenario) -> Self {
        let mut forced = Self::default();
        for decided in scenario.overrides.iter().filter(|o| o.action == OverrideAction::Force) {
            let OverrideTarget::Bid(bid) = decided.target else { continue };
            forced.bids.insert(bid, decided);
            if let Some(package) = scenario.bids.get(bid.index()).and_then(|line| line.package.as_deref()) {
                forced.packages.entry(package).or_insert(decided);
            }
        }
        forced
    }

    fn by(&self, bid: BidIx, line: &BidLine) -> Option<&'a Override> {
        self.bids.get(&bid).or_else(|| self.packages.get(line.package.as_deref()?)).copied()
    }
}
