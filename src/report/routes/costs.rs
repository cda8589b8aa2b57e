//! `route_costs.csv`: what each order costs, alone, at the margin, and allocated. A stop's amounts are cut to its orders by their
//! pieces, by the largest remainder; the allocated columns sum to the cost of all routes, to the micro-dollar.

use super::RoutesReport;
use crate::report::ReportError;
use crate::report::award_report::MISMATCH;
use crate::report::table::{Cell, Column, Kind, Sink};
use crate::routes::day::proportional;
use crate::units::MicroDollars;

pub(crate) const COLUMNS: [Column; 16] = [
    Column::new("hub_id", Kind::Text),
    Column::new("ddu_id", Kind::Text),
    Column::new("by_local", Kind::Text),
    Column::new("bid_id", Kind::Text),
    Column::new("bidder_id", Kind::Text),
    Column::new("pieces", Kind::Count),
    Column::new("direct_usd", Kind::Usd),
    Column::new("direct_usd_per_piece", Kind::Usd),
    Column::new("marginal_usd", Kind::Usd),
    Column::new("marginal_usd_per_piece", Kind::Usd),
    Column::new("marginal_uncertainty_usd", Kind::Usd),
    Column::new("shapley_usd", Kind::Usd),
    Column::new("shapley_usd_per_piece", Kind::Usd),
    Column::new("shapley_error_usd", Kind::Usd),
    Column::new("proportional_usd", Kind::Usd),
    Column::new("proportional_usd_per_piece", Kind::Usd),
];

pub(super) fn rows(report: &RoutesReport<'_>, sink: &mut impl Sink) -> Result<(), ReportError> {
    let s = report.scenario;
    for (day, costs) in report.hubs.iter().zip(report.costs) {
        let hub = report.hub(day)?;
        for cost in costs {
            let share = &cost.share;
            let stop = day.case.stops.get(share.stop).ok_or(MISMATCH)?;
            let unit = s.ddus.get(stop.ddu.index()).ok_or(MISMATCH)?;
            let brought = day.brought_orders(share.stop);
            let pieces: Vec<i64> = brought.iter().map(|(_, pieces)| i64::from(*pieces)).collect();
            let cut = |amount: MicroDollars| proportional(amount.0, &pieces);
            let of_stop = [share.direct, cost.marginal, share.shapley, share.proportional].map(cut);
            for (at, (order, pieces)) in brought.iter().enumerate() {
                let line = order.bid.and_then(|bid| s.bids.get(bid.index()));
                let bidder = line.and_then(|line| s.bidders.get(line.bidder.index()));
                let amount = |way: usize| MicroDollars(of_stop[way].get(at).copied().unwrap_or(0));
                let per_piece = |way: usize| amount(way).divided_by(u64::from(*pieces)).map_or(Cell::Empty, Cell::Usd);
                sink.row(&[
                    Cell::Text(&hub.id),
                    Cell::Text(&unit.id),
                    stop.by.into(),
                    line.map_or(Cell::Empty, |line| Cell::Text(&line.id)),
                    bidder.map_or(Cell::Empty, |bidder| Cell::Text(&bidder.id)),
                    (*pieces).into(),
                    amount(0).into(),
                    per_piece(0),
                    amount(1).into(),
                    per_piece(1),
                    cost.marginal_uncertainty.into(),
                    amount(2).into(),
                    per_piece(2),
                    share.shapley_error.into(),
                    amount(3).into(),
                    per_piece(3),
                ])?;
            }
        }
    }
    Ok(())
}
