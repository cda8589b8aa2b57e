//! `policy_prices.csv`: what each rule in use costs, and what more room at a unit is worth, per operating day.
//!
//! `without`: the objective of the best award without the rule, with its bound and status.
//! `one_more_piece`, `one_more_slot`: exact difference at one unit, awards at other units unchanged; rows of no
//! difference are left out.

use super::ReportError;
use super::award_report::{AwardReport, MISMATCH};
use super::table::{Cell, Column, Kind, Sink};
use crate::units::MicroDollars;

pub(crate) const COLUMNS: [Column; 8] = [
    Column::new("change", Kind::Text),
    Column::new("rule", Kind::Text),
    Column::new("ddu_id", Kind::Text),
    Column::new("value_usd", Kind::Usd),
    Column::new("value_after_usd", Kind::Usd),
    Column::new("bound_after_usd", Kind::Usd),
    Column::new("difference_usd", Kind::Usd),
    Column::new("status", Kind::Text),
];

pub(crate) fn rows(report: &AwardReport<'_>, sink: &mut impl Sink) -> Result<(), ReportError> {
    let award = report.award;
    for price in &award.policy_prices {
        sink.row(&[
            Cell::Text("without"),
            Cell::Text(&price.rule),
            Cell::Empty,
            award.value.into(),
            price.value_without.into(),
            price.bound_without.into(),
            price.difference.into(),
            Cell::Text(price.status.word()),
        ])?;
    }
    for price in &award.ddu_prices {
        let ddu = report.scenario.ddus.get(price.ddu.index()).ok_or(MISMATCH)?;
        let changes =
            [("one_more_piece", "ddus.capacity_pieces", price.piece), ("one_more_slot", "ddus.dock_slots", price.slot)];
        for (change, rule, gain) in changes.into_iter().filter(|(_, _, gain)| *gain != MicroDollars::ZERO) {
            let after = award.value.checked_add(gain);
            let amount = gain;
            let after = after.ok_or(ReportError::TooLarge { column: "value_after_usd", amount })?;
            sink.row(&[
                Cell::Text(change),
                Cell::Text(rule),
                Cell::Text(&ddu.id),
                award.value.into(),
                after.into(),
                Cell::Empty,
                gain.into(),
                Cell::Text("local"),
            ])?;
        }
    }
    Ok(())
}
