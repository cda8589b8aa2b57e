//! The steps of a leg: a way of the map each, with the turn into it by its angle. Names of roads are not kept, so a step
//! tells the way's number and class in their place.

use super::geometry::{Format, Geometry};
use super::place::position;
use crate::lonlat::LonLat;
use crate::matrix::Route;
use crate::network::RoadNetwork;
use crate::serve::error::ApiError;
use crate::units::{Decimetres, MicroDollars, Millis};
use geo::{Bearing, Haversine, Point};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Step {
    distance: f64,
    duration: f64,
    weight: f64,
    geometry: Geometry,
    name: &'static str,
    mode: &'static str,
    driving_side: &'static str,
    maneuver: Maneuver,
    intersections: [Intersection; 1],
    /// Way of the map, and its class.
    way: i64,
    road_class: &'static str,
}

#[derive(Serialize)]
struct Maneuver {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    modifier: Option<&'static str>,
    location: [f64; 2],
    bearing_before: u16,
    bearing_after: u16,
}

/// The roads of the route where a step begins; others that meet there are not told.
#[derive(Serialize)]
struct Intersection {
    location: [f64; 2],
    bearings: Vec<u16>,
    entry: Vec<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#in: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    out: Option<u8>,
}

/// A step for each way, and one at the end without length.
pub(super) fn steps(route: &Route, network: &RoadNetwork, format: Format) -> Result<Vec<Step>, ApiError> {
    let mut all = Vec::with_capacity(route.legs.len() + 1);
    let (mut before, mut last) = (None, None);
    for leg in &route.legs {
        let line = route.line(network, leg.stretches.clone());
        let (Some(first), Some(end)) = (line.first(), line.last()) else { continue };
        let after = bearing(line.first(), line.get(1)).or(before).unwrap_or(0);
        let share = (leg.share.length, leg.share.time, leg.share.money);
        let maneuver = match before {
            None => maneuver("depart", None, *first, 0, after),
            Some(before) => {
                let modifier = modifier(before, after);
                let kind = if modifier == "straight" { "new name" } else { "turn" };
                maneuver(kind, Some(modifier), *first, before, after)
            }
        };
        let crossing = intersection(*first, before, Some(after));
        all.push(step(share, format.line(&line)?, maneuver, crossing, (leg.way, leg.class.name())));
        let near_end = line.len().checked_sub(2).and_then(|at| line.get(at));
        before = bearing(near_end, line.last()).or(Some(after));
        last = Some((*end, leg));
    }
    if let Some((end, leg)) = last {
        let arrives = before.unwrap_or(0);
        let none = (Decimetres(0), Millis(0), MicroDollars::ZERO);
        let maneuver = maneuver("arrive", None, end, arrives, 0);
        let crossing = intersection(end, before, None);
        all.push(step(none, format.line(&[end, end])?, maneuver, crossing, (leg.way, leg.class.name())));
    }
    Ok(all)
}

fn step(
    (length, time, money): (Decimetres, Millis, MicroDollars),
    geometry: Geometry,
    maneuver: Maneuver,
    intersection: Intersection,
    (way, road_class): (i64, &'static str),
) -> Step {
    Step {
        distance: length.as_metres_f64(),
        duration: f64::from(time.0) / 1_000.0,
        weight: money.as_dollars_f64(),
        geometry,
        name: "",
        mode: if road_class == "ferry" { "ferry" } else { "driving" },
        driving_side: "right",
        maneuver,
        intersections: [intersection],
        way,
        road_class,
    }
}

fn maneuver(kind: &'static str, modifier: Option<&'static str>, at: LonLat, before: u16, after: u16) -> Maneuver {
    Maneuver { r#type: kind, modifier, location: position(at), bearing_before: before, bearing_after: after }
}

fn intersection(at: LonLat, before: Option<u16>, after: Option<u16>) -> Intersection {
    let back = before.map(|bearing| (bearing + 180) % 360);
    Intersection {
        location: position(at),
        bearings: back.into_iter().chain(after).collect(),
        entry: back.map(|_| after.is_none()).into_iter().chain(after.map(|_| true)).collect(),
        r#in: back.map(|_| 0),
        out: after.map(|_| u8::from(back.is_some())),
    }
}

/// Whole degrees clockwise from north; `None` where both are one point.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn bearing(from: Option<&LonLat>, to: Option<&LonLat>) -> Option<u16> {
    let (from, to) = (from?, to?);
    let point = |at: &LonLat| Point::new(at.lon(), at.lat());
    (from != to).then(|| (Haversine.bearing(point(from), point(to)).round().rem_euclid(360.0)) as u16 % 360)
}

/// The turn by its angle, in OSRM's words.
fn modifier(before: u16, after: u16) -> &'static str {
    match (after + 360 - before) % 360 {
        0..=20 | 340..=359 => "straight",
        21..=60 => "slight right",
        61..=120 => "right",
        121..=170 => "sharp right",
        171..=189 => "uturn",
        190..=239 => "sharp left",
        240..=299 => "left",
        _ => "slight left",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_by_their_angle() {
        let words =
            [(0, 90, "right"), (90, 0, "left"), (350, 5, "straight"), (10, 190, "uturn"), (180, 150, "slight left")];
        for (before, after, word) in words {
            assert_eq!(modifier(before, after), word, "{before} {after}");
        }
        let [north, east] = [(0, 10), (10, 0)].map(|(lon_e7, lat_e7)| LonLat { lon_e7, lat_e7 });
        let zero = LonLat::default();
        assert_eq!([bearing(Some(&zero), Some(&north)), bearing(Some(&zero), Some(&east))], [Some(0), Some(90)]);
        assert_eq!(bearing(Some(&zero), Some(&zero)), None);
    }
}
