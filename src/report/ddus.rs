//! `ddus.csv`: one row a unit, by id: how it is used and what its room is worth. Money is per operating day.
//!
//! `one_more_piece_usd` and `one_more_slot_usd` are exact differences of the objective, awards at other units unchanged
//! (the slot in the window where it is worth most). `snap_metres` is the distance from the dock to its road.

use super::ReportError;
use super::award_report::{AwardReport, MISMATCH, Totals, percent};
use super::table::{Cell, Column, Kind, Sink};
use crate::award::Won;
use crate::ids::BidderIx;
use std::collections::BTreeSet;

pub(crate) const COLUMNS: [Column; 17] = [
    Column::new("ddu_id", Kind::Text),
    Column::new("name", Kind::Text),
    Column::new("capacity_pieces", Kind::Count),
    Column::new("awarded_pieces", Kind::Count),
    Column::new("utilisation_percent", Kind::Text),
    Column::new("dock_slots_per_window", Kind::Count),
    Column::new("bids", Kind::Count),
    Column::new("awards", Kind::Count),
    Column::new("winners", Kind::Count),
    Column::new("injection_usd", Kind::Usd),
    Column::new("revenue_usd", Kind::Usd),
    Column::new("attributable_usd", Kind::Usd),
    Column::new("contribution_usd", Kind::Usd),
    Column::new("value_usd", Kind::Usd),
    Column::new("one_more_piece_usd", Kind::Usd),
    Column::new("one_more_slot_usd", Kind::Usd),
    Column::new("snap_metres", Kind::Metres),
];

#[derive(Clone, Default)]
struct Use<'a> {
    bids: u32,
    won: Vec<&'a Won>,
    winners: BTreeSet<BidderIx>,
}

pub(crate) fn rows(report: &AwardReport<'_>, sink: &mut impl Sink) -> Result<(), ReportError> {
    let (s, award) = (report.scenario, report.award);
    let mut uses = vec![Use::default(); s.ddus.len()];
    for outcome in &award.lines {
        let line = s.bids.get(outcome.bid.index()).ok_or(MISMATCH)?;
        let of = uses.get_mut(line.ddu.index()).ok_or(MISMATCH)?;
        of.bids = of.bids.saturating_add(1);
        if let Some(won) = outcome.won() {
            of.won.push(won);
            of.winners.insert(line.bidder);
        }
    }
    for (index, (ddu, of)) in s.ddus.iter().zip(&uses).enumerate() {
        let totals = Totals::of(of.won.iter().copied())?;
        let price = award.ddu_prices.get(index);
        let snap = report.ddu_snaps.and_then(|all| all.get(index)).and_then(|snap| snap.as_ref().ok());
        sink.row(&[
            Cell::Text(&ddu.id),
            Cell::Text(&ddu.name),
            ddu.capacity.0.into(),
            Cell::Count(i64::try_from(totals.volume).unwrap_or(i64::MAX)),
            percent(totals.volume, u64::from(ddu.capacity.0)).map_or(Cell::Empty, Cell::Owned),
            ddu.dock_slots.into(),
            of.bids.into(),
            totals.awards.into(),
            Cell::Count(i64::try_from(of.winners.len()).unwrap_or(i64::MAX)),
            totals.injection.into(),
            totals.revenue.into(),
            totals.attributable.into(),
            totals.contribution.into(),
            totals.value.into(),
            price.map(|p| p.piece).into(),
            price.map(|p| p.slot).into(),
            snap.map(|s| s.distance).into(),
        ])?;
    }
    Ok(())
}
