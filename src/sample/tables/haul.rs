//! What a haul may cost and how long it may take, from the straight line alone.
//!
//! Bidders of the sample price their bids by this rule of thumb, as people do before they have a routing engine.

use crate::lonlat::LonLat;
use crate::sample::plane::{Place, cosine};

/// Metres in a mile.
const MILE: f64 = 1_609.344;
/// Roads are longer than the straight line; 1.2 to 1.4 is usual in the United States (assumption).
const DETOUR: f64 = 1.25;
const METRES_PER_DEGREE: f64 = 111_195.08;

/// Miles by road, estimated.
pub(in crate::sample) fn road_miles(a: LonLat, b: LonLat) -> f64 {
    let step = Place {
        x: (a.lon() - b.lon()) * METRES_PER_DEGREE * cosine((a.lat() + b.lat()) / 2.0),
        y: (a.lat() - b.lat()) * METRES_PER_DEGREE,
    };
    step.length() / MILE * DETOUR
}

/// Minutes on the road, estimated: 38 mph and ten minutes for streets and gates.
pub(in crate::sample) fn minutes(miles: f64) -> i32 {
    rounded_up(miles / 38.0 * 60.0 + 10.0, 1.0)
}

/// A vehicle class of the sample's `vehicles.toml`, by rule of thumb.
#[derive(Clone, Copy, Debug)]
pub(in crate::sample) struct Vehicle {
    pub(in crate::sample) name: &'static str,
    /// Pieces of the sample's mean parcel that fill it.
    pub(in crate::sample) pieces: u32,
    pub(in crate::sample) length_ft: f64,
    pub(in crate::sample) height_ft: f64,
    /// Time on the road relative to [`minutes`].
    pub(in crate::sample) slowness: f64,
    per_mile: f64,
    per_hour: f64,
    per_trip: f64,
}

/// Dollars a piece for handling.
pub(in crate::sample) const HANDLING: f64 = 0.04;

const VAN: Vehicle = Vehicle {
    name: "cargo_van",
    pieces: 765,
    length_ft: 20.0,
    height_ft: 9.0,
    slowness: 1.0,
    per_mile: 0.35,
    per_hour: 33.0,
    per_trip: 18.0,
};
const TRUCK: Vehicle = Vehicle {
    name: "box_truck_26ft",
    pieces: 2_720,
    length_ft: 34.0,
    height_ft: 12.5,
    slowness: 1.06,
    per_mile: 0.62,
    per_hour: 38.0,
    per_trip: 30.0,
};
const TRAILER: Vehicle = Vehicle {
    name: "trailer_53ft",
    pieces: 6_460,
    length_ft: 70.0,
    height_ft: 13.5,
    slowness: 1.12,
    per_mile: 0.95,
    per_hour: 44.0,
    per_trip: 52.0,
};

/// All classes, by name.
pub(in crate::sample) const VEHICLES: [Vehicle; 3] = [TRUCK, VAN, TRAILER];

impl Vehicle {
    /// Dollars of a trip there and back, 45 minutes at the dock included.
    pub(in crate::sample) fn trip_dollars(&self, miles: f64) -> f64 {
        let hours = 2.0 * miles / 38.0 + 0.75;
        2.0 * miles * self.per_mile + hours * self.per_hour + self.per_trip
    }
}

/// Dollars per piece for a volume, estimated: the cheaper of cargo vans (700 pieces a trip) and box trucks (2,400).
pub(in crate::sample) fn dollars_per_piece(miles: f64, volume: u32) -> f64 {
    let volume = f64::from(volume.max(1));
    let by_van = VAN.trip_dollars(miles) * (volume / 700.0).ceil();
    let by_truck = TRUCK.trip_dollars(miles) * (volume / 2_400.0).ceil();
    by_van.min(by_truck) / volume + HANDLING
}

/// The next multiple of `step` at or above a number, as a whole number.
#[allow(clippy::cast_possible_truncation)]
pub(in crate::sample) fn rounded_up(value: f64, step: f64) -> i32 {
    ((value / step).ceil() * step).clamp(-1e9, 1e9) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degree_of_latitude() {
        // 111.195 km = 69.09 miles, times 1.25.
        let at = |lat| LonLat::from_degrees(-98.0, lat).unwrap();
        assert!((road_miles(at(38.0), at(39.0)) - 86.37).abs() < 0.05);
        assert_eq!(minutes(38.0), 70);
        assert_eq!(rounded_up(61.0, 15.0), 75);
    }
}
