//! `certificate.csv`: the multipliers that prove the award's bound, so that others can work it out again.
//! `docs/outputs.md` says how.

use super::ReportError;
use super::award_report::{AwardReport, MISMATCH};
use super::csv::CsvSink;
use super::table::{Cell, Column, Kind, Sink};
use std::io::Write;

const COLUMNS: [Column; 5] = [
    Column::new("leaf", Kind::Count),
    Column::new("kind", Kind::Text),
    Column::new("name", Kind::Text),
    Column::new("ddu_id", Kind::Text),
    Column::new("amount", Kind::Count),
];

/// Writes the certificate of an award that has one.
///
/// # Errors
/// When writing fails, or award and scenario do not belong together.
pub fn write_certificate_csv(out: &mut impl Write, report: &AwardReport<'_>) -> Result<(), ReportError> {
    let s = report.scenario;
    let mut sink = CsvSink::new(out, &COLUMNS)?;
    for (number, leaf) in (1_i64..).zip(&report.award.certificate) {
        let mut row = |kind: &'static str, name: Cell<'_>, ddu: Cell<'_>, amount: Cell<'_>| {
            sink.row(&[Cell::Count(number), Cell::Text(kind), name, ddu, amount])
        };
        row("bound", Cell::Empty, Cell::Empty, Cell::Count(leaf.bound.0))?;
        for (bidder, wins) in &leaf.decided {
            let bidder = s.bidders.get(bidder.index()).ok_or(MISMATCH)?;
            row(if *wins { "wins" } else { "loses" }, Cell::Text(&bidder.id), Cell::Empty, Cell::Empty)?;
        }
        for (rule, price) in &leaf.prices {
            row("price", Cell::Text(rule), Cell::Empty, Cell::Count(*price))?;
        }
        for (bid, ddu, share) in &leaf.shares {
            let bid = s.bids.get(bid.index()).ok_or(MISMATCH)?;
            let ddu = s.ddus.get(ddu.index()).ok_or(MISMATCH)?;
            row("share", Cell::Text(&bid.id), Cell::Text(&ddu.id), Cell::Count(*share))?;
        }
        for (bidder, ddu, charge) in &leaf.charges {
            let bidder = s.bidders.get(bidder.index()).ok_or(MISMATCH)?;
            let ddu = s.ddus.get(ddu.index()).ok_or(MISMATCH)?;
            row("charge", Cell::Text(&bidder.id), Cell::Text(&ddu.id), Cell::Count(*charge))?;
        }
    }
    sink.finish()
}
