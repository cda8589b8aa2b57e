//! `synergies.csv`: one row a package, by bidder and package: its discount against the routing saving that explains it, per
//! operating day. Information for the planner; nothing of it changes an award.
//!
//! `discount = stand_alone − priced_spend` over the lines that the bidder also bids for outside packages; `saving = direct −
//! tour`; `unexplained = discount − saving` where both are of all lines.

use super::ReportError;
use super::award_report::{AwardReport, MISMATCH};
use super::scenarios::count;
use super::table::{Cell, Column, Kind, Sink};
use crate::ids::{DduIx, HubIx};
use crate::scenario::BidLine;
use crate::units::MicroDollars;
use std::collections::BTreeSet;

pub(crate) const COLUMNS: [Column; 20] = [
    Column::new("bidder_id", Kind::Text),
    Column::new("package_id", Kind::Text),
    Column::new("won", Kind::Flag),
    Column::new("lines", Kind::Count),
    Column::new("units", Kind::Count),
    Column::new("hub_id", Kind::Text),
    Column::new("pieces", Kind::Count),
    Column::new("spend_usd", Kind::Usd),
    Column::new("lines_priced", Kind::Count),
    Column::new("priced_spend_usd", Kind::Usd),
    Column::new("stand_alone_usd", Kind::Usd),
    Column::new("discount_usd", Kind::Usd),
    Column::new("discount_note", Kind::Text),
    Column::new("direct_usd", Kind::Usd),
    Column::new("tour_usd", Kind::Usd),
    Column::new("saving_usd", Kind::Usd),
    Column::new("saving_note", Kind::Text),
    Column::new("vehicle", Kind::Text),
    Column::new("tour", Kind::Text),
    Column::new("unexplained_usd", Kind::Usd),
];

pub(crate) fn rows(report: &AwardReport<'_>, sink: &mut impl Sink) -> Result<(), ReportError> {
    let s = report.scenario;
    for synergy in report.synergies {
        let lines: Option<Vec<&BidLine>> = synergy.lines.iter().map(|bid| s.bids.get(bid.index())).collect();
        let lines = lines.ok_or(MISMATCH)?;
        let first = *lines.first().ok_or(MISMATCH)?;
        let outcome = synergy.lines.first().and_then(|bid| report.award.lines.get(bid.index())).ok_or(MISMATCH)?;
        let units: BTreeSet<DduIx> = lines.iter().map(|line| line.ddu).collect();
        let hubs: BTreeSet<HubIx> = lines.iter().map(|line| line.hub).collect();
        let hub = s.hubs.get(first.hub.index()).ok_or(MISMATCH)?;
        let number = |n: usize| count(u64::try_from(n).unwrap_or(u64::MAX));
        let less = |a: MicroDollars, b: MicroDollars| {
            a.checked_sub(b).ok_or(ReportError::TooLarge { column: "unexplained_usd", amount: a })
        };
        let some = synergy.priced_lines > 0;
        let discount = some.then(|| less(synergy.stand_alone, synergy.priced_spend)).transpose()?;
        let note = match synergy.priced_lines {
            0 => "no_stand_alone_line",
            n if n == lines.len() => "complete",
            _ => "partial",
        };
        let tour = synergy.tour.as_ref().ok();
        let saving = match (synergy.direct, tour) {
            (Some(direct), Some(tour)) => Some(less(direct, tour.total)?),
            _ => None,
        };
        let mut order = Vec::new();
        for ddu in tour.iter().flat_map(|tour| &tour.order) {
            order.push(s.ddus.get(ddu.index()).ok_or(MISMATCH)?.id.as_str());
        }
        let vehicle = tour.map(|tour| s.vehicles.get(tour.vehicle.index()).ok_or(MISMATCH)).transpose()?;
        let unexplained = match (discount.filter(|_| note == "complete"), saving) {
            (Some(discount), Some(saving)) => Some(less(discount, saving)?),
            _ => None,
        };
        sink.row(&[
            Cell::Text(&s.bidders.get(first.bidder.index()).ok_or(MISMATCH)?.id),
            first.package.as_deref().map_or(Cell::Empty, Cell::Text),
            outcome.won().is_some().into(),
            number(lines.len()),
            number(units.len()),
            if hubs.len() == 1 { Cell::Text(&hub.id) } else { Cell::Empty },
            count(lines.iter().map(|line| u64::from(line.volume_max.0)).sum()),
            synergy.spend.into(),
            number(synergy.priced_lines),
            some.then_some(synergy.priced_spend).into(),
            some.then_some(synergy.stand_alone).into(),
            discount.into(),
            Cell::Text(note),
            synergy.direct.into(),
            tour.map(|tour| tour.total).into(),
            saving.into(),
            Cell::Text(synergy.note()),
            vehicle.map_or(Cell::Empty, |vehicle| Cell::Text(&vehicle.name)),
            if order.is_empty() { Cell::Empty } else { Cell::Owned(order.join(" ")) },
            unexplained.into(),
        ])?;
    }
    Ok(())
}
