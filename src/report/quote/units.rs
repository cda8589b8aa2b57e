//! `quote.csv`: one row a unit, by id: what it costs from the hub assigned to it, three ways, and what to bid.

use super::{QuoteReport, count, per_piece, to_spare};
use crate::quote::{Verdict, ranked};
use crate::report::ReportError;
use crate::report::award_report::MISMATCH;
use crate::report::table::{Cell, Column, Kind, Sink};

pub(crate) const COLUMNS: [Column; 40] = [
    Column::new("ddu_id", Kind::Text),
    Column::new("name", Kind::Text),
    Column::new("zip5", Kind::Text),
    Column::new("verdict", Kind::Text),
    Column::new("reason", Kind::Text),
    Column::new("rank", Kind::Count),
    Column::new("bundle", Kind::Count),
    Column::new("low_pieces", Kind::Count),
    Column::new("planned_pieces", Kind::Count),
    Column::new("high_pieces", Kind::Count),
    Column::new("beyond_capacity_pieces", Kind::Count),
    Column::new("hub_id", Kind::Text),
    Column::new("vehicle", Kind::Text),
    Column::new("trips", Kind::Count),
    Column::new("arrival_local", Kind::Text),
    Column::new("minutes_to_spare_same_day", Kind::Count),
    Column::new("minutes_to_spare_next_day", Kind::Count),
    Column::new("stand_alone_usd", Kind::Usd),
    Column::new("stand_alone_usd_per_piece", Kind::Usd),
    Column::new("marginal_usd", Kind::Usd),
    Column::new("marginal_usd_per_piece", Kind::Usd),
    Column::new("marginal_uncertainty_usd", Kind::Usd),
    Column::new("allocated_usd", Kind::Usd),
    Column::new("allocated_usd_per_piece", Kind::Usd),
    Column::new("allocated_error_usd", Kind::Usd),
    Column::new("proportional_usd", Kind::Usd),
    Column::new("alternative_usd_per_piece", Kind::Usd),
    Column::new("break_even_usd_per_piece", Kind::Usd),
    Column::new("break_even_allocated_usd_per_piece", Kind::Usd),
    Column::new("break_even_marginal_usd_per_piece", Kind::Usd),
    Column::new("reserve_usd_per_piece", Kind::Usd),
    Column::new("bid_usd_per_piece", Kind::Usd),
    Column::new("room_usd", Kind::Usd),
    Column::new("break_even_volume_pieces", Kind::Count),
    Column::new("bid_from_pieces", Kind::Count),
    Column::new("tender_local", Kind::Text),
    Column::new("neighbour_ddu_id", Kind::Text),
    Column::new("alone_on_route_usd", Kind::Usd),
    Column::new("beside_neighbour_usd", Kind::Usd),
    Column::new("neighbour_saving_usd", Kind::Usd),
];

pub(super) fn rows(report: &QuoteReport<'_>, sink: &mut dyn Sink) -> Result<(), ReportError> {
    let ranks = ranked(report.offers);
    for (plan, offer) in report.plan.units.iter().zip(report.offers) {
        let unit = report.unit(plan.ddu)?;
        let rank = ranks.iter().position(|ranked| ranked.ddu == plan.ddu).map(|at| at + 1);
        let pieces = plan.volume.planned;
        let reason = if let Verdict::NotServed(why) = offer.verdict { Cell::Owned(why.word()) } else { Cell::Empty };
        let mut row = vec![
            Cell::Text(&unit.id),
            Cell::Text(&unit.name),
            unit.zip5.as_deref().map_or(Cell::Empty, Cell::Text),
            Cell::Text(offer.verdict.word()),
            reason,
            rank.map_or(Cell::Empty, count),
            report.bundle_of(plan.ddu).map_or(Cell::Empty, count),
            plan.volume.low.0.into(),
            pieces.0.into(),
            plan.volume.high.0.into(),
            plan.beyond_capacity.0.into(),
        ];
        match offer.haul {
            Some(haul) => {
                let arrival = haul.option.arrival;
                row.extend([report.hub_id(haul.hub)?, report.vehicle(haul.option.vehicle)?, haul.cost.trips.into()]);
                row.push(arrival.into());
                row.extend([to_spare(unit.cet_same_day, arrival), to_spare(unit.cet_next_day, arrival)]);
                row.extend([haul.cost.total.into(), haul.cost.per_piece.into()]);
            }
            None => row.resize(19, Cell::Empty),
        }
        match &offer.on_routes {
            Some(routes) => {
                let (cost, share) = (routes.cost, routes.cost.share);
                row.extend([cost.marginal.into(), per_piece(cost.marginal, pieces), cost.marginal_uncertainty.into()]);
                row.extend([share.shapley.into(), per_piece(share.shapley, pieces), share.shapley_error.into()]);
                row.push(share.proportional.into());
            }
            None => row.resize(26, Cell::Empty),
        }
        row.push(report.alternative.map(|alternative| alternative.total).into());
        row.extend(offer.break_even.map(Cell::from));
        row.extend([unit.reserve_price.into(), offer.price.into(), offer.room.into()]);
        row.extend([offer.lasting_volume, offer.volume_from].map(|pieces| pieces.map(|pieces| pieces.0).into()));
        row.push(offer.tender.into());
        match offer.on_routes.and_then(|routes| routes.neighbour) {
            Some((ddu, neighbour)) => {
                let saving = neighbour.alone.checked_sub(neighbour.marginal).ok_or(MISMATCH)?;
                row.push(Cell::Text(&report.unit(ddu)?.id));
                row.extend([neighbour.alone.into(), neighbour.marginal.into(), saving.into()]);
            }
            None => row.resize(COLUMNS.len(), Cell::Empty),
        }
        sink.row(&row)?;
    }
    Ok(())
}
