//! `bidders.csv`: one row a bidder, by id: bids, awards, volume, share and money per operating day.
//!
//! `share_percent` is the share of all pieces awarded, rounded once; `group_share_percent` adds affiliates up.

use super::ReportError;
use super::award_report::{AwardReport, MISMATCH, Totals, percent};
use super::table::{Cell, Column, Kind, Sink};
use crate::award::Won;
use crate::ids::DduIx;
use std::collections::BTreeSet;

pub(crate) const COLUMNS: [Column; 17] = [
    Column::new("bidder_id", Kind::Text),
    Column::new("name", Kind::Text),
    Column::new("class", Kind::Text),
    Column::new("affiliate_group", Kind::Text),
    Column::new("bids", Kind::Count),
    Column::new("awards", Kind::Count),
    Column::new("ddus", Kind::Count),
    Column::new("volume_pieces", Kind::Count),
    Column::new("share_percent", Kind::Text),
    Column::new("group_share_percent", Kind::Text),
    Column::new("capacity_pieces", Kind::Count),
    Column::new("min_volume_pieces", Kind::Count),
    Column::new("budget_usd", Kind::Usd),
    Column::new("spend_usd", Kind::Usd),
    Column::new("injection_usd", Kind::Usd),
    Column::new("revenue_usd", Kind::Usd),
    Column::new("value_usd", Kind::Usd),
];

#[derive(Clone, Default)]
struct Use<'a> {
    bids: u32,
    won: Vec<&'a Won>,
    ddus: BTreeSet<DduIx>,
}

pub(crate) fn rows(report: &AwardReport<'_>, sink: &mut impl Sink) -> Result<(), ReportError> {
    let s = report.scenario;
    let mut uses = vec![Use::default(); s.bidders.len()];
    for outcome in &report.award.lines {
        let line = s.bids.get(outcome.bid.index()).ok_or(MISMATCH)?;
        let of = uses.get_mut(line.bidder.index()).ok_or(MISMATCH)?;
        of.bids = of.bids.saturating_add(1);
        if let Some(won) = outcome.won() {
            of.won.push(won);
            of.ddus.insert(line.ddu);
        }
    }
    let totals = uses.iter().map(|of| Totals::of(of.won.iter().copied())).collect::<Result<Vec<_>, _>>()?;
    let all: u64 = totals.iter().map(|t| t.volume).sum();
    for ((bidder, of), own) in s.bidders.iter().zip(&uses).zip(&totals) {
        let group = &bidder.affiliate_group;
        let affiliates = s.bidders.iter().zip(&totals).filter(|(b, _)| b.affiliate_group == *group);
        let together = if group.is_empty() { own.volume } else { affiliates.map(|(_, t)| t.volume).sum() };
        let optional = |text| if group.is_empty() { Cell::Empty } else { Cell::Text(text) };
        sink.row(&[
            Cell::Text(&bidder.id),
            Cell::Text(&bidder.name),
            if bidder.class.is_empty() { Cell::Empty } else { Cell::Text(&bidder.class) },
            optional(group),
            of.bids.into(),
            own.awards.into(),
            Cell::Count(i64::try_from(of.ddus.len()).unwrap_or(i64::MAX)),
            Cell::Count(i64::try_from(own.volume).unwrap_or(i64::MAX)),
            percent(own.volume, all).map_or(Cell::Empty, Cell::Owned),
            percent(together, all).map_or(Cell::Empty, Cell::Owned),
            bidder.capacity.map(|c| c.0).into(),
            bidder.min_volume.map(|v| v.0).into(),
            bidder.budget.into(),
            own.spend.into(),
            own.injection.into(),
            own.revenue.into(),
            own.value.into(),
        ])?;
    }
    Ok(())
}
