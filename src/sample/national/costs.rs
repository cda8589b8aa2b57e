//! The hauls that are bid on, as an earlier run over maps of regions would have written them.

use super::Market;
use crate::sample::tables::haul::{HANDLING, VEHICLES, Vehicle, minutes, road_miles, rounded_up};
use crate::sample::tables::{BidRow, DduRow, HubRow, writer};
use crate::units::{ClockTime, Decimetres, MicroDollars};
use std::collections::BTreeSet;
use std::io::{self, Write};

/// Decimetres in a mile.
const MILE: f64 = 16_093.44;

/// Writes a row for each hub and unit with a bid, and each vehicle class.
pub(super) fn write(out: impl Write, market: &Market, bids: &[BidRow]) -> io::Result<()> {
    let mut csv = writer(out);
    csv.write_record([
        "hub_id",
        "ddu_id",
        "vehicle",
        "status",
        "status_at",
        "pieces_per_trip",
        "outbound_metres",
        "trip_usd",
        "handling_usd_per_piece",
        "arrival_local",
    ])?;
    let hauls: BTreeSet<(usize, usize)> = bids.iter().map(|bid| (bid.hub, bid.ddu)).collect();
    let handling = dollars(HANDLING).to_string();
    for (hub, ddu) in hauls {
        let (Some(hub), Some(unit)) = (market.hubs.get(hub), market.ddus.get(ddu)) else { continue };
        let miles = road_miles(hub.at, unit.at);
        for vehicle in &VEHICLES {
            let names = [hub.id.as_str(), &unit.id, vehicle.name];
            if !fits(vehicle, unit) {
                let empty = ["vehicle_too_large_for_dock", "", "", "", "", "", ""];
                csv.write_record(names.into_iter().chain(empty))?;
                continue;
            }
            let length = Decimetres(u32::try_from(rounded_up(miles * MILE, 1.0)).unwrap_or(0));
            let cells = [
                vehicle.pieces.to_string(),
                length.to_string(),
                dollars(vehicle.trip_dollars(miles)).to_string(),
                handling.clone(),
                arrival(hub, vehicle, miles).to_string(),
            ];
            csv.write_record(names.into_iter().chain(["ok", ""]).chain(cells.iter().map(String::as_str)))?;
        }
    }
    csv.flush()
}

fn fits(vehicle: &Vehicle, unit: &DduRow) -> bool {
    let height = unit.max_height_ft.and_then(|text| text.parse().ok());
    unit.max_length_ft.is_none_or(|most| vehicle.length_ft <= f64::from(most))
        && height.is_none_or(|most: f64| vehicle.height_ft <= most)
}

/// Whole cents, rounded up.
fn dollars(amount: f64) -> MicroDollars {
    MicroDollars(i64::from(rounded_up(amount * 100.0, 1.0)) * 10_000)
}

/// All clocks are the same.
fn arrival(hub: &HubRow, vehicle: &Vehicle, miles: f64) -> ClockTime {
    ClockTime(hub.release.0 + rounded_up(f64::from(minutes(miles)) * vehicle.slowness, 1.0))
}
