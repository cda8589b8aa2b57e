//! `costs.csv` and `costs.parquet`: one row a hub, unit and vehicle class, by their ids. `hauls.csv` ([`super::haul_table`])
//! has those of its columns that an award needs.
//!
//! | column | meaning |
//! | --- | --- |
//! | `hub_id`, `ddu_id`, `vehicle` | which haul |
//! | `status` | `ok`, or the reason why this class cannot make it; the columns behind are then empty |
//! | `status_at` | `hub` or `unit`, where the reason lies at one end |
//! | `pieces_per_trip` | load of a full vehicle |
//! | `outbound_metres` | length of the loaded path |
//! | `trip_…_usd` | waterfall of one trip; the parts sum to `trip_usd` exactly |
//! | `trip_seconds` | outbound, charged share of the return, dwell |
//! | `volume_pieces`, `trips` | `cost.planned_volume`, trips per day at that volume |
//! | `handling_usd_per_piece` | handling, for all pieces |
//! | `handling_usd`, `injection_usd`, `injection_usd_per_piece` | per operating day at that volume; per piece rounded once |
//! | `cheapest` | `true` for the class that is cheapest at that volume |
//! | `arrival_local` | the unit's clock when a vehicle arrives that leaves at the hub's release time |
//! | `meets_cet_same_day`, `meets_cet_next_day` | arrives by the critical entry time; empty where the service is not offered |
//! | `minutes_to_spare_same_day`, `…_next_day` | critical entry time − arrival; negative when late |

use super::ReportError;
use super::csv::CsvSink;
use super::parquet::ParquetSink;
use super::table::{Cell, Column, Kind, Sink};
use crate::cost::{Hauls, InjectionCost, NoHaul, VehicleOption, VehicleTrip, cheapest};
use crate::ids::{DduIx, HubIx};
use crate::scenario::{Ddu, Scenario};
use crate::units::Pieces;
use std::io::Write;

const COLUMNS: [Column; 27] = [
    Column::new("hub_id", Kind::Text),
    Column::new("ddu_id", Kind::Text),
    Column::new("vehicle", Kind::Text),
    Column::new("status", Kind::Text),
    Column::new("status_at", Kind::Text),
    Column::new("pieces_per_trip", Kind::Count),
    Column::new("outbound_metres", Kind::Metres),
    Column::new("trip_distance_usd", Kind::Usd),
    Column::new("trip_driving_time_usd", Kind::Usd),
    Column::new("trip_tolls_usd", Kind::Usd),
    Column::new("trip_dwell_usd", Kind::Usd),
    Column::new("trip_stop_usd", Kind::Usd),
    Column::new("trip_vehicle_day_usd", Kind::Usd),
    Column::new("trip_usd", Kind::Usd),
    Column::new("trip_seconds", Kind::Seconds),
    Column::new("volume_pieces", Kind::Count),
    Column::new("trips", Kind::Count),
    Column::new("handling_usd_per_piece", Kind::Usd),
    Column::new("handling_usd", Kind::Usd),
    Column::new("injection_usd", Kind::Usd),
    Column::new("injection_usd_per_piece", Kind::Usd),
    Column::new("cheapest", Kind::Flag),
    Column::new("arrival_local", Kind::Text),
    Column::new("meets_cet_same_day", Kind::Flag),
    Column::new("minutes_to_spare_same_day", Kind::Count),
    Column::new("meets_cet_next_day", Kind::Flag),
    Column::new("minutes_to_spare_next_day", Kind::Count),
];

/// Writes `costs.csv`.
///
/// # Errors
/// When writing fails, or a cost cannot be computed.
pub fn write_costs_csv(out: &mut impl Write, scenario: &Scenario, hauls: &Hauls<'_>) -> Result<(), ReportError> {
    let mut sink = CsvSink::new(out, &COLUMNS)?;
    rows(scenario, hauls, &mut sink)?;
    sink.finish()
}

/// Writes `costs.parquet`: the rows of `costs.csv`.
///
/// # Errors
/// As [`write_costs_csv`], and when an amount has more than 12 digits before the point.
pub fn write_costs_parquet(
    out: &mut (impl Write + Send),
    scenario: &Scenario,
    hauls: &Hauls<'_>,
) -> Result<(), ReportError> {
    let mut sink = ParquetSink::new(out, &COLUMNS)?;
    rows(scenario, hauls, &mut sink)?;
    sink.finish()
}

fn rows(scenario: &Scenario, hauls: &Hauls<'_>, sink: &mut impl Sink) -> Result<(), ReportError> {
    let volume = Pieces(scenario.settings.cost.planned_volume);
    let mut row = Vec::with_capacity(COLUMNS.len());
    for (h, hub) in scenario.hubs.iter().enumerate() {
        for (d, ddu) in scenario.ddus.iter().enumerate() {
            let classes = hauls.by_class(HubIx::from_index(h), DduIx::from_index(d))?;
            let trips = classes.iter().filter_map(|(_, trip)| trip.as_ref().ok());
            let options: Vec<VehicleOption> = trips.map(VehicleTrip::option).collect();
            let cheapest = cheapest(&options, volume).map(|cost| cost.vehicle);
            for (vehicle, trip) in &classes {
                let class = scenario.vehicles.get(vehicle.index());
                let class = class.ok_or(ReportError::Mismatch("a haul belongs to no vehicle class of the scenario"))?;
                row.clear();
                row.extend([Cell::Text(&hub.id), Cell::Text(&ddu.id), Cell::Text(&class.name)]);
                match trip {
                    Ok(trip) => {
                        row.extend([Cell::Text("ok"), Cell::Empty]);
                        trip_cells(trip, volume, cheapest == Some(*vehicle), ddu, &mut row);
                    }
                    Err(reason) => {
                        row.extend(reason_cells(reason));
                        row.resize(COLUMNS.len(), Cell::Empty);
                    }
                }
                sink.row(&row)?;
            }
        }
    }
    Ok(())
}

/// `status` and `status_at` of a class that cannot make a haul.
pub(super) fn reason_cells(reason: &NoHaul) -> [Cell<'static>; 2] {
    [Cell::Owned(reason.word()), reason.end().map_or(Cell::Empty, Cell::Text)]
}

fn trip_cells(trip: &VehicleTrip, volume: Pieces, cheapest: bool, ddu: &Ddu, row: &mut Vec<Cell<'_>>) {
    let (option, money) = (trip.option(), &trip.trip);
    row.push(option.pieces_per_trip.0.into());
    row.push(option.outbound.into());
    row.extend([money.distance, money.driving_time, money.tolls].map(Cell::from));
    row.extend([money.dwell, money.stop, money.vehicle_day, money.total].map(Cell::from));
    row.push(Cell::Seconds(trip.duration.0));
    row.push(volume.0.into());
    let cost = option.injection_cost(volume);
    let of = |part: fn(InjectionCost) -> Cell<'static>| cost.map_or(Cell::Empty, part);
    row.push(of(|c| c.trips.into()));
    row.push(option.handling_per_piece.into());
    row.push(of(|c| c.handling.into()));
    row.push(of(|c| c.total.into()));
    row.push(of(|c| c.per_piece.into()));
    row.push(cheapest.into());
    row.push(option.arrival.into());
    for cet in [ddu.cet_same_day, ddu.cet_next_day] {
        row.push(cet.map(|cet| option.feasible_by(cet)).into());
        row.push(cet.map_or(Cell::Empty, |cet| Cell::Count(i64::from(cet.0) - i64::from(option.arrival.0))));
    }
}
