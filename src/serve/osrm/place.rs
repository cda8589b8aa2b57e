//! Coordinates on the roads, and how they are told.

use super::{Asked, Found, failed};
use crate::lonlat::LonLat;
use crate::network::{NoSnap, Snap};
use crate::serve::error::ApiError;
use crate::units::Decimetres;
use serde::Serialize;

/// A coordinate on its road.
#[derive(Serialize)]
pub(super) struct Waypoint {
    /// Metres from the coordinate given.
    distance: f64,
    /// Names of roads are not kept.
    name: &'static str,
    location: [f64; 2],
}

impl Waypoint {
    /// Where the road is cut off from the rest, its place is not told: then that of the coordinate.
    pub(super) fn new(given: LonLat, snapped: &Result<Snap, NoSnap>) -> Self {
        let (at, distance) = match snapped {
            Ok(snap) => (snap.at, snap.distance),
            Err(NoSnap::Isolated { distance, .. }) => (given, *distance),
            Err(_) => (given, Decimetres(0)),
        };
        Self { distance: distance.as_metres_f64(), name: "", location: position(at) }
    }
}

/// Longitude and latitude: degrees of at most ten digits, whose shortest decimal form is exact.
pub(super) fn position(at: LonLat) -> [f64; 2] {
    [at.lon(), at.lat()]
}

/// All coordinates on their roads. One on a road without link to the rest is kept: nothing is reached from it.
pub(super) fn placed(found: &Found<'_, '_>, asked: &Asked) -> Result<Vec<Result<Snap, NoSnap>>, ApiError> {
    let placed = found.roads.snap(found.class, &asked.points).map_err(|error| failed(error.into()))?;
    for (at, snapped) in placed.iter().enumerate() {
        let within = |distance: &Decimetres| asked.radius(at).is_none_or(|most| distance.as_metres_f64() <= most);
        let why = match snapped {
            Ok(Snap { distance, .. }) | Err(NoSnap::Isolated { distance, .. }) if within(distance) => continue,
            Ok(_) | Err(NoSnap::Isolated { .. }) => "no road within its radius".to_owned(),
            Err(NoSnap::OutsideMap) => "it lies outside the map".to_owned(),
            Err(NoSnap::NoRoadWithinLimit { .. }) => "no road within map.snap_limit_m".to_owned(),
            Err(NoSnap::VehicleNotAllowed { .. }) => "no road near it that the vehicle class may use".to_owned(),
        };
        return Err(ApiError::osrm("NoSegment", format!("coordinate {at} (counted from 0): {why}")));
    }
    Ok(placed)
}
