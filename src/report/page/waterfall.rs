//! What injection costs are made of: one row an award, and one a unit without award for its cheapest hub at the planned
//! volume, per operating day.
//!
//! `distance + driving time + tolls + dwell + stop + vehicle day + haul (undivided) + handling = injection`, exactly; the
//! undivided haul is that of a table of costs, whose parts are not known.

use super::MOST_ROWS;
use super::map::cheapest_hub;
use super::table::{PageCell, PageColumn, PageTable};
use crate::cost::{HaulSource, Hauls};
use crate::ids::{DduIx, HubIx, VehicleIx};
use crate::report::ReportError;
use crate::report::award_report::{AwardReport, MISMATCH};
use crate::report::table::{Cell, Column, Kind};
use crate::units::{MicroDollars, Pieces};
use std::collections::BTreeSet;

const COLUMNS: [Column; 16] = [
    Column::new("ddu_id", Kind::Text),
    Column::new("hub_id", Kind::Text),
    Column::new("bid_id", Kind::Text),
    Column::new("basis", Kind::Text),
    Column::new("vehicle", Kind::Text),
    Column::new("volume_pieces", Kind::Count),
    Column::new("trips", Kind::Count),
    Column::new("distance_usd", Kind::Usd),
    Column::new("driving_time_usd", Kind::Usd),
    Column::new("tolls_usd", Kind::Usd),
    Column::new("dwell_usd", Kind::Usd),
    Column::new("stop_usd", Kind::Usd),
    Column::new("vehicle_day_usd", Kind::Usd),
    Column::new("undivided_usd", Kind::Usd),
    Column::new("handling_usd", Kind::Usd),
    Column::new("injection_usd", Kind::Usd),
];

/// One haul of a day.
struct Brought<'a> {
    hub: HubIx,
    ddu: DduIx,
    bid: Option<&'a str>,
    vehicle: VehicleIx,
    volume: Pieces,
}

/// Where the parts of hauls come from.
#[derive(Clone, Copy)]
pub struct PageHauls<'a> {
    /// Every haul.
    pub all: &'a dyn HaulSource,
    /// Their parts, where they were worked out on a map.
    pub parts: Option<&'a Hauls<'a>>,
}

/// The table of what injection costs are made of.
pub(super) fn waterfall(report: &AwardReport<'_>, hauls: PageHauls<'_>) -> Result<PageTable, ReportError> {
    let s = report.scenario;
    let mut brought = Vec::new();
    let mut served: BTreeSet<DduIx> = BTreeSet::new();
    for (bid, won) in report.award.winners() {
        let line = s.bids.get(bid.index()).ok_or(MISMATCH)?;
        served.insert(line.ddu);
        let (bid, vehicle, volume) = (Some(line.id.as_str()), won.vehicle, won.volume);
        brought.push(Brought { hub: line.hub, ddu: line.ddu, bid, vehicle, volume });
    }
    let planned = Pieces(s.settings.cost.planned_volume);
    for ddu in (0..s.ddus.len()).map(DduIx::from_index).filter(|ddu| !served.contains(ddu)) {
        let Some((hub, _, _)) = cheapest_hub(s, hauls.all, ddu, planned)? else { continue };
        let Some(cost) = hauls.all.get(hub, ddu)?.injection_cost(planned) else { continue };
        brought.push(Brought { hub, ddu, bid: None, vehicle: cost.vehicle, volume: planned });
    }
    brought.sort_by_key(|haul| (haul.ddu, haul.bid));
    let left_out = brought.len().saturating_sub(MOST_ROWS);
    let mut rows = Vec::new();
    for haul in brought.iter().take(MOST_ROWS) {
        let cells = row(report, hauls, haul)?;
        rows.push(cells.iter().map(PageCell::from).collect());
    }
    Ok(PageTable {
        name: "waterfall".to_owned(),
        title: "What injection costs are made of".to_owned(),
        columns: COLUMNS.iter().map(PageColumn::from).collect(),
        rows,
        left_out: u64::try_from(left_out).unwrap_or(u64::MAX),
        totals: None,
    })
}

fn row<'a>(report: &AwardReport<'a>, hauls: PageHauls<'_>, haul: &Brought<'a>) -> Result<Vec<Cell<'a>>, ReportError> {
    let s = report.scenario;
    let options = hauls.all.get(haul.hub, haul.ddu)?.options.map_err(|_| MISMATCH)?;
    let option = options.iter().find(|option| option.vehicle == haul.vehicle).ok_or(MISMATCH)?;
    let cost = option.injection_cost(haul.volume).ok_or(MISMATCH)?;
    let trips = i64::from(cost.trips);
    let times = |part: MicroDollars| {
        part.checked_mul(trips).ok_or(ReportError::TooLarge { column: "injection_usd", amount: part })
    };
    let parts = match hauls.parts {
        Some(hauls) => {
            let classes = hauls.by_class(haul.hub, haul.ddu)?;
            let trip = classes.into_iter().find(|(vehicle, _)| *vehicle == haul.vehicle);
            let trip = trip.and_then(|(_, trip)| trip.ok()).ok_or(MISMATCH)?.trip;
            let parts = [trip.distance, trip.driving_time, trip.tolls, trip.dwell, trip.stop, trip.vehicle_day];
            let mut cells = Vec::with_capacity(7);
            for part in parts {
                cells.push(Cell::Usd(times(part)?));
            }
            cells.push(Cell::Empty);
            cells
        }
        None => {
            let mut cells = vec![Cell::Empty; 6];
            cells.push(Cell::Usd(times(option.trip)?));
            cells
        }
    };
    let mut cells = vec![
        Cell::Text(&s.ddus.get(haul.ddu.index()).ok_or(MISMATCH)?.id),
        Cell::Text(&s.hubs.get(haul.hub.index()).ok_or(MISMATCH)?.id),
        haul.bid.map_or(Cell::Empty, Cell::Text),
        Cell::Text(if haul.bid.is_some() { "awarded" } else { "planned" }),
        Cell::Text(&s.vehicles.get(haul.vehicle.index()).ok_or(MISMATCH)?.name),
        haul.volume.0.into(),
        cost.trips.into(),
    ];
    cells.extend(parts);
    cells.extend([cost.handling.into(), cost.total.into()]);
    Ok(cells)
}
