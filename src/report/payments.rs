//! `payments.csv`: what each winner would pay under other rules, by id, per operating day. Bidders pay `spend_usd`, what
//! they bid: the other columns are diagnostics.
//!
//! A cell is empty where a payment was not asked for, or where no award without the bidder is known.

use super::ReportError;
use super::award_report::{AwardReport, MISMATCH, Totals};
use super::table::{Cell, Column, Kind, Sink};
use crate::units::MicroDollars;

pub(crate) const COLUMNS: [Column; 8] = [
    Column::new("bidder_id", Kind::Text),
    Column::new("spend_usd", Kind::Usd),
    Column::new("vcg_discount_usd", Kind::Usd),
    Column::new("vcg_payment_usd", Kind::Usd),
    Column::new("vcg_uncertainty_usd", Kind::Usd),
    Column::new("core_discount_usd", Kind::Usd),
    Column::new("core_payment_usd", Kind::Usd),
    Column::new("status", Kind::Text),
];

pub(crate) fn rows(report: &AwardReport<'_>, sink: &mut impl Sink) -> Result<(), ReportError> {
    let (scenario, award) = (report.scenario, report.award);
    for payment in award.payments.iter().flat_map(|p| &p.bidders) {
        let bidder = scenario.bidders.get(payment.bidder.index()).ok_or(MISMATCH)?;
        let own = |(bid, won)| {
            let line = scenario.bids.get(crate::ids::BidIx::index(bid))?;
            (line.bidder == payment.bidder).then_some(won)
        };
        let spend = Totals::of(award.winners().filter_map(own))?.spend;
        let paid = |discount: Option<MicroDollars>| {
            let paid =
                |amount| spend.checked_sub(amount).ok_or(ReportError::TooLarge { column: "payment_usd", amount });
            discount.map(paid).transpose()
        };
        sink.row(&[
            Cell::Text(&bidder.id),
            spend.into(),
            payment.vcg.into(),
            paid(payment.vcg)?.into(),
            payment.uncertainty.into(),
            payment.core.into(),
            paid(payment.core)?.into(),
            Cell::Text(payment.status.word()),
        ])?;
    }
    Ok(())
}
