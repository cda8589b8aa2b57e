//! Winning bids of a CATS auction as CSV: `bid_id`, `value` in the unit of the file, `goods` without dummy goods; where
//! payments were asked for, `bidder` (its first bid) and what it would pay for all it wins, on the first of its rows.

use super::ReportError;
use super::csv::CsvSink;
use super::table::{Cell, Column, Kind, Sink};
use crate::award::{CatsAuction, CatsAward};
use std::io::Write;

const COLUMNS: [Column; 7] = [
    Column::new("bid_id", Kind::Text),
    Column::new("value", Kind::Text),
    Column::new("goods", Kind::Text),
    Column::new("bidder", Kind::Text),
    Column::new("vcg_payment", Kind::Text),
    Column::new("vcg_uncertainty", Kind::Text),
    Column::new("core_payment", Kind::Text),
];
/// Columns of an award without payments.
const BIDS: usize = 3;

/// Writes the winning bids.
///
/// # Errors
/// When writing fails, or the award is of another auction.
pub fn write_cats_csv(out: &mut impl Write, auction: &CatsAuction, award: &CatsAward) -> Result<(), ReportError> {
    const MISMATCH: ReportError = ReportError::Mismatch("a winner is of another auction");
    let columns = if award.payments.is_empty() { BIDS } else { COLUMNS.len() };
    let mut sink = CsvSink::new(out, COLUMNS.get(..columns).unwrap_or(&COLUMNS))?;
    for winner in &award.winners {
        let bid = auction.bids.get(*winner).ok_or(MISMATCH)?;
        let goods: Vec<String> = bid.goods.iter().filter(|g| **g < auction.goods).map(u32::to_string).collect();
        let value = decimal(bid.value.into(), auction.decimals);
        let mut cells = vec![Cell::Owned(bid.id.to_string()), Cell::Owned(value), Cell::Owned(goods.join(" "))];
        if let Some(payment) = award.payments.iter().find(|payment| payment.winners.contains(winner)) {
            let bidder = auction.bids.get(payment.bidder).ok_or(MISMATCH)?;
            let first = payment.winners.first() == Some(winner);
            let amount = |amount: Option<i128>| match amount.filter(|_| first) {
                Some(units) => Cell::Owned(shortest(units, award.payment_decimals, auction.decimals)),
                None => Cell::Empty,
            };
            cells.push(Cell::Owned(bidder.id.to_string()));
            cells.extend([payment.vcg, payment.uncertainty, payment.core].map(amount));
        }
        sink.row(&cells)?;
    }
    sink.finish()
}

/// What came out, for people.
#[must_use]
pub fn cats_summary(auction: &CatsAuction, award: &CatsAward) -> String {
    let amount = |units| decimal(units, auction.decimals);
    format!(
        "{} of {} bids win; value {}, bound {}, status {}{}",
        award.winners.len(),
        auction.bids.len(),
        amount(award.value),
        amount(award.bound),
        award.status.word(),
        if award.interrupted { ", interrupted" } else { "" }
    )
}

/// Without the zeros behind the decimals that amounts of the auction have.
fn shortest(mut units: i128, mut decimals: u32, least: u32) -> String {
    while decimals > least && units % 10 == 0 {
        (units, decimals) = (units / 10, decimals - 1);
    }
    decimal(units, decimals)
}

fn decimal(units: i128, decimals: u32) -> String {
    let one = 10_i128.pow(decimals);
    let fraction = (units % one).unsigned_abs();
    let sign = if units < 0 { "-" } else { "" };
    match decimals {
        0 => units.to_string(),
        _ => format!("{sign}{}.{fraction:0width$}", (units / one).unsigned_abs(), width = decimals as usize),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_their_decimals() {
        assert_eq!(decimal(1205, 2), "12.05");
        assert_eq!(decimal(-5, 3), "-0.005");
        assert_eq!(decimal(7, 0), "7");
        assert_eq!(shortest(7_500_000, 6, 2), "7.50");
        assert_eq!(shortest(7_512_300, 6, 2), "7.5123");
        assert_eq!(shortest(0, 6, 0), "0");
    }
}
