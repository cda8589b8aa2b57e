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

/// Dollars per piece for a volume, estimated: the cheaper of cargo vans (700 pieces a trip) and box trucks (2,400).
pub(in crate::sample) fn dollars_per_piece(miles: f64, volume: u32) -> f64 {
    let volume = f64::from(volume.max(1));
    let hours = 2.0 * miles / 38.0 + 0.75;
    let by_van = (2.0 * miles * 0.35 + hours * 33.0 + 18.0) * (volume / 700.0).ceil();
    let by_truck = (2.0 * miles * 0.62 + hours * 38.0 + 30.0) * (volume / 2_400.0).ceil();
    by_van.min(by_truck) / volume + 0.04
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
