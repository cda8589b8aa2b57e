//! Winning bids of a CATS auction as CSV: `bid_id`, `value` in the unit of the file, `goods` without dummy goods.

use super::ReportError;
use super::csv::CsvSink;
use super::table::{Cell, Column, Kind, Sink};
use crate::award::{CatsAuction, CatsAward};
use std::io::Write;

const COLUMNS: [Column; 3] =
    [Column::new("bid_id", Kind::Text), Column::new("value", Kind::Text), Column::new("goods", Kind::Text)];

/// Writes the winning bids.
///
/// # Errors
/// When writing fails, or the award is of another auction.
pub fn write_cats_csv(out: &mut impl Write, auction: &CatsAuction, award: &CatsAward) -> Result<(), ReportError> {
    let mut sink = CsvSink::new(out, &COLUMNS)?;
    for winner in &award.winners {
        let bid = auction.bids.get(*winner).ok_or(ReportError::Mismatch("a winner is of another auction"))?;
        let goods: Vec<String> = bid.goods.iter().filter(|g| **g < auction.goods).map(u32::to_string).collect();
        let value = decimal(bid.value.into(), auction.decimals);
        sink.row(&[Cell::Owned(bid.id.to_string()), Cell::Owned(value), Cell::Owned(goods.join(" "))])?;
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
    }
}
