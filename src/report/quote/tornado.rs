//! `tornado.csv`: three rows a unit that is served, widest swing first; before them three rows `all`, of sums over units that are served at both ends.

use super::QuoteReport;
use crate::quote::{Factor, Swing, price};
use crate::report::ReportError;
use crate::report::table::{Cell, Column, Kind, Sink};
use crate::units::{MicroDollars, Pieces, Ppm};

pub(crate) const COLUMNS: [Column; 13] = [
    Column::new("ddu_id", Kind::Text),
    Column::new("place", Kind::Count),
    Column::new("factor", Kind::Text),
    Column::new("low_percent", Kind::Text),
    Column::new("high_percent", Kind::Text),
    Column::new("low_pieces", Kind::Count),
    Column::new("high_pieces", Kind::Count),
    Column::new("low_usd", Kind::Usd),
    Column::new("high_usd", Kind::Usd),
    Column::new("low_usd_per_piece", Kind::Usd),
    Column::new("high_usd_per_piece", Kind::Usd),
    Column::new("low_break_even_usd_per_piece", Kind::Usd),
    Column::new("high_break_even_usd_per_piece", Kind::Usd),
];

/// Pieces and money at an end.
type End = (u64, i64);

pub(super) fn rows(report: &QuoteReport<'_>, sink: &mut dyn Sink) -> Result<(), ReportError> {
    let mut sums: Vec<(Factor, [End; 2])> = Factor::ALL.map(|factor| (factor, [(0, 0); 2])).to_vec();
    for swing in report.swings.iter().flatten().flatten() {
        let [Some(low), Some(high)] = swing.ends else { continue };
        let Some((_, sum)) = sums.iter_mut().find(|(factor, _)| *factor == swing.factor) else { continue };
        for (sum, (pieces, cost)) in sum.iter_mut().zip([low, high]) {
            *sum = (sum.0 + u64::from(pieces.0), sum.1.saturating_add(cost.total.0));
        }
    }
    // Widest first, as for units; a piece of no piece is none.
    let width = |ends: &[End; 2]| {
        let [low, high] = ends.map(|(pieces, cost)| MicroDollars(cost).divided_by(pieces).map(|cost| cost.0));
        low.zip(high).map(|(low, high)| high.abs_diff(low))
    };
    sums.sort_by_key(|(factor, ends)| (std::cmp::Reverse(width(ends)), *factor));
    for (place, (factor, ends)) in (1_i64..).zip(sums) {
        row(report, sink, Cell::Text("all"), place, factor, ends.map(Some))?;
    }
    for (plan, swings) in report.plan.units.iter().zip(report.swings) {
        for (place, Swing { factor, ends }) in (1_i64..).zip(swings.iter().flatten()) {
            let ends = ends.map(|end| end.map(|(pieces, cost)| (u64::from(pieces.0), cost.total.0)));
            row(report, sink, Cell::Text(&report.unit(plan.ddu)?.id), place, *factor, ends)?;
        }
    }
    Ok(())
}

fn row(
    report: &QuoteReport<'_>,
    sink: &mut dyn Sink,
    unit: Cell<'_>,
    place: i64,
    factor: Factor,
    ends: [Option<End>; 2],
) -> Result<(), ReportError> {
    let quote = &report.scenario.settings.quote;
    let of = match factor {
        Factor::Volume => quote.volume,
        Factor::Fuel => quote.fuel,
        Factor::Wage => quote.wage,
    };
    let mut row = vec![unit, Cell::Count(place), Cell::Text(factor.word())];
    row.extend(of.map(|factor: Ppm| Cell::Owned(factor.to_string())));
    row.extend(ends.map(|end| end.map_or(Cell::Empty, |(pieces, _)| super::wide(pieces))));
    row.extend(ends.map(|end| Cell::from(end.map(|(_, cost)| MicroDollars(cost)))));
    row.extend(ends.map(|end| Cell::from(end.and_then(|(pieces, cost)| MicroDollars(cost).divided_by(pieces)))));
    let break_even = |(pieces, cost): End| {
        let pieces = Pieces(u32::try_from(pieces).ok()?);
        price(report.alternative?.total, MicroDollars(cost), pieces, MicroDollars(1))
    };
    row.extend(ends.map(|end| Cell::from(end.and_then(break_even))));
    sink.row(&row)
}
