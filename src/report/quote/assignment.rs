//! `assignment.csv`: which hub serves a unit, and what the limits cost it. `limit_prices.csv`: what each limit costs in all.

use super::{QuoteReport, wide};
use crate::quote::assign::LimitKind;
use crate::report::ReportError;
use crate::report::table::{Cell, Column, Kind, Sink};

pub(crate) const COLUMNS: [Column; 10] = [
    Column::new("ddu_id", Kind::Text),
    Column::new("pieces", Kind::Count),
    Column::new("hub_id", Kind::Text),
    Column::new("vehicle", Kind::Text),
    Column::new("trips", Kind::Count),
    Column::new("cost_usd", Kind::Usd),
    Column::new("cheapest_hub_id", Kind::Text),
    Column::new("cheapest_vehicle", Kind::Text),
    Column::new("cheapest_cost_usd", Kind::Usd),
    Column::new("limits_cost_usd", Kind::Usd),
];

pub(crate) const LIMIT_COLUMNS: [Column; 10] = [
    Column::new("limit", Kind::Text),
    Column::new("hub_id", Kind::Text),
    Column::new("vehicle", Kind::Text),
    Column::new("most", Kind::Count),
    Column::new("used", Kind::Count),
    Column::new("cost_usd", Kind::Usd),
    Column::new("cost_without_usd", Kind::Usd),
    Column::new("difference_usd", Kind::Usd),
    Column::new("pieces_gained", Kind::Count),
    Column::new("status", Kind::Text),
];

pub(super) fn rows(report: &QuoteReport<'_>, sink: &mut dyn Sink) -> Result<(), ReportError> {
    let chosen = report.problem.units.iter().zip(&report.assignment.chosen);
    for ((plan, served), (unit, chosen)) in report.plan.units.iter().zip(report.served).zip(chosen) {
        let choice = chosen.and_then(|at| unit.choices.get(at));
        let best = served.best.ok().and_then(|cases| cases[1]);
        let mut row = vec![Cell::Text(&report.unit(plan.ddu)?.id), unit.pieces.0.into()];
        match choice {
            Some(choice) => {
                row.extend([report.hub_id(choice.hub)?, report.vehicle(choice.vehicle)?, choice.trips.into()]);
                row.push(choice.cost.into());
            }
            None => row.resize(6, Cell::Empty),
        }
        if let Some(best) = best {
            row.extend([report.hub_id(best.hub)?, report.vehicle(best.option.vehicle)?, best.cost.total.into()]);
            row.push(choice.and_then(|choice| choice.cost.checked_sub(best.cost.total)).into());
        }
        row.resize(COLUMNS.len(), Cell::Empty);
        sink.row(&row)?;
    }
    Ok(())
}

pub(super) fn limit_rows(report: &QuoteReport<'_>, sink: &mut dyn Sink) -> Result<(), ReportError> {
    let found = report.assignment;
    for price in report.limits {
        let (word, hub, vehicle) = match price.limit {
            LimitKind::HubCapacity(hub) => ("hub_capacity", hub, Cell::Empty),
            LimitKind::Fleet(hub, vehicle) => ("fleet", hub, report.vehicle(vehicle)?),
            LimitKind::Release(hub) => ("release_time", hub, Cell::Empty),
        };
        let gained =
            i64::try_from(price.without.pieces).unwrap_or(i64::MAX) - i64::try_from(found.pieces).unwrap_or(i64::MAX);
        sink.row(&[
            Cell::Text(word),
            report.hub_id(hub)?,
            vehicle,
            price.most.map_or(Cell::Empty, wide),
            wide(price.used),
            found.cost.into(),
            price.without.cost.into(),
            found.cost.checked_sub(price.without.cost).into(),
            Cell::Count(gained),
            Cell::Text(price.without.status.word()),
        ])?;
    }
    Ok(())
}
