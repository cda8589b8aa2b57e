//! `drop_outs.csv`: what is lost when a large winner hands everything back, one row a winner with its affiliates, by
//! falling volume; and `drop_out_bidders.csv`: who steps in and who steps back, one row a bidder whose volume changes.
//! Per operating day; for the planner.
//!
//! `pieces_after = pieces_before − pieces_dropped + pieces_gained − pieces_given_up`: the award is determined anew, so
//! others may give up pieces too. `taken_over` counts what a bidder brings beyond its award to units that the winner
//! served.

use super::ReportError;
use super::award_report::{AwardReport, MISMATCH};
use super::scenarios::{Brought, brought, count, status_word};
use super::table::{Cell, Column, Kind, Sink};
use crate::award::{Alternative, DropOut};
use crate::ids::{BidderIx, DduIx};
use crate::scenario::Scenario;
use std::collections::BTreeSet;

pub(crate) const COLUMNS: [Column; 16] = [
    Column::new("group", Kind::Text),
    Column::new("bidder_ids", Kind::Text),
    Column::new("status", Kind::Text),
    Column::new("value_usd", Kind::Usd),
    Column::new("value_after_usd", Kind::Usd),
    Column::new("bound_after_usd", Kind::Usd),
    Column::new("value_lost_usd", Kind::Usd),
    Column::new("pieces_before", Kind::Count),
    Column::new("pieces_dropped", Kind::Count),
    Column::new("pieces_gained", Kind::Count),
    Column::new("pieces_given_up", Kind::Count),
    Column::new("pieces_after", Kind::Count),
    Column::new("units_dropped", Kind::Count),
    Column::new("units_unserved", Kind::Count),
    Column::new("taken_over_pieces", Kind::Count),
    Column::new("bidders_stepping_in", Kind::Count),
];

pub(crate) const BIDDER_COLUMNS: [Column; 6] = [
    Column::new("group", Kind::Text),
    Column::new("bidder_id", Kind::Text),
    Column::new("pieces_before", Kind::Count),
    Column::new("pieces_after", Kind::Count),
    Column::new("difference_pieces", Kind::Count),
    Column::new("taken_over_pieces", Kind::Count),
];

/// What a bidder has to do with a drop-out.
struct Step {
    bidder: BidderIx,
    before: u64,
    after: u64,
    taken_over: u64,
}

impl Step {
    fn gained(&self) -> u64 {
        self.after.saturating_sub(self.before)
    }

    fn given_up(&self) -> u64 {
        self.before.saturating_sub(self.after)
    }
}

/// What a drop-out changes.
struct Change {
    dropped: u64,
    units_dropped: BTreeSet<DduIx>,
    units_unserved: usize,
    /// The other bidders that gain, give up, or take over.
    steps: Vec<Step>,
}

impl Change {
    fn of(scenario: &Scenario, before: &Brought, drop_out: &DropOut) -> Result<Self, ReportError> {
        let after = brought(scenario, &drop_out.after.won)?;
        let gone = |bidder: &BidderIx| drop_out.bidders.contains(bidder);
        let theirs = || before.iter().filter(|((bidder, _), _)| gone(bidder));
        let units_dropped: BTreeSet<DduIx> = theirs().map(|((_, ddu), _)| *ddu).collect();
        let served = |brought: &Brought| brought.keys().map(|(_, ddu)| *ddu).collect::<BTreeSet<DduIx>>();
        let of = |brought: &Brought, bidder: BidderIx| -> u64 {
            brought.iter().filter(|((of, _), _)| *of == bidder).map(|(_, pieces)| pieces).sum()
        };
        let bidders: BTreeSet<BidderIx> =
            before.keys().chain(after.keys()).map(|(bidder, _)| *bidder).filter(|bidder| !gone(bidder)).collect();
        let step = |bidder: BidderIx| {
            let there = after.iter().filter(|((of, ddu), _)| *of == bidder && units_dropped.contains(ddu));
            let more = there.map(|(key, pieces)| pieces.saturating_sub(before.get(key).copied().unwrap_or(0)));
            Step { bidder, before: of(before, bidder), after: of(&after, bidder), taken_over: more.sum() }
        };
        Ok(Self {
            dropped: theirs().map(|(_, pieces)| pieces).sum(),
            units_unserved: served(before).difference(&served(&after)).count(),
            steps: bidders.into_iter().map(step).filter(|s| s.before != s.after || s.taken_over > 0).collect(),
            units_dropped,
        })
    }
}

pub(crate) fn rows(report: &AwardReport<'_>, sink: &mut impl Sink) -> Result<(), ReportError> {
    let (s, award) = (report.scenario, report.award);
    let before = brought(s, &Alternative::from(award).won)?;
    let all: u64 = before.values().sum();
    for drop_out in &award.drop_outs {
        let change = Change::of(s, &before, drop_out)?;
        let after: u64 = drop_out.after.won.iter().map(|(_, won)| u64::from(won.volume.0)).sum();
        let mut ids = Vec::new();
        for bidder in &drop_out.bidders {
            ids.push(s.bidders.get(bidder.index()).ok_or(MISMATCH)?.id.as_str());
        }
        let number = |n: usize| count(u64::try_from(n).unwrap_or(u64::MAX));
        let sum = |of: fn(&Step) -> u64| count(change.steps.iter().map(of).sum());
        sink.row(&[
            Cell::Text(&drop_out.group),
            Cell::Owned(ids.join(" ")),
            Cell::Text(status_word(drop_out.after.status)),
            award.value.into(),
            drop_out.after.value.into(),
            drop_out.after.bound.into(),
            award.value.checked_sub(drop_out.after.value).into(),
            count(all),
            count(change.dropped),
            sum(Step::gained),
            sum(Step::given_up),
            count(after),
            number(change.units_dropped.len()),
            number(change.units_unserved),
            sum(|step| step.taken_over),
            number(change.steps.iter().filter(|step| step.gained() > 0).count()),
        ])?;
    }
    Ok(())
}

pub(crate) fn bidder_rows(report: &AwardReport<'_>, sink: &mut impl Sink) -> Result<(), ReportError> {
    let (s, award) = (report.scenario, report.award);
    let before = brought(s, &Alternative::from(award).won)?;
    for drop_out in &award.drop_outs {
        for step in Change::of(s, &before, drop_out)?.steps {
            let signed = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
            sink.row(&[
                Cell::Text(&drop_out.group),
                Cell::Text(&s.bidders.get(step.bidder.index()).ok_or(MISMATCH)?.id),
                count(step.before),
                count(step.after),
                Cell::Count(signed(step.after) - signed(step.before)),
                count(step.taken_over),
            ])?;
        }
    }
    Ok(())
}
