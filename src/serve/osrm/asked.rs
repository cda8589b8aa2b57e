//! What every service is asked: a profile and coordinates, and how far a road may be from them.

use super::options::{Pairs, invalid};
use crate::lonlat::LonLat;
use crate::serve::error::ApiError;

/// The common part of a request.
pub(super) struct Asked {
    pub(super) profile: String,
    pub(super) points: Vec<LonLat>,
    /// Metres by point; `None` is the scenario's own limit alone.
    radiuses: Vec<Option<f64>>,
    /// Whether waypoints are left out of the answer.
    pub(super) skip_waypoints: bool,
}

impl Asked {
    pub(super) fn read(profile: String, coordinates: &str, pairs: &mut Pairs, most: usize) -> Result<Self, ApiError> {
        let text = coordinates.strip_suffix(".json").unwrap_or(coordinates);
        let points = points(text, most)?;
        let radiuses = radiuses(pairs.take("radiuses"), points.len())?;
        // Hints only save time, and none are given out.
        pairs.flag("generate_hints", true)?;
        let _ = pairs.take("hints");
        for (name, harmless) in
            [("bearings", &[""] as &[&str]), ("exclude", &[]), ("snapping", &["default"]), ("access_token", &[])]
        {
            pairs.not_done(name, harmless)?;
        }
        if let Some(approaches) = pairs.take("approaches")
            && !approaches.split(';').all(|word| matches!(word, "" | "unrestricted"))
        {
            return Err(ApiError::osrm("NotImplemented", "the option `approaches` knows `unrestricted` alone"));
        }
        let skip_waypoints = pairs.flag("skip_waypoints", false)?;
        Ok(Self { profile, points, radiuses, skip_waypoints })
    }

    /// How far the road of a point may be, metres.
    pub(super) fn radius(&self, point: usize) -> Option<f64> {
        self.radiuses.get(point).copied().flatten()
    }
}

/// `LON,LAT;LON,LAT`, `polyline(…)` or `polyline6(…)`.
fn points(text: &str, most: usize) -> Result<Vec<LonLat>, ApiError> {
    let degrees: Vec<(f64, f64)> = if let Some(rest) = text.strip_prefix("polyline(") {
        decoded(rest, 5)?
    } else if let Some(rest) = text.strip_prefix("polyline6(") {
        decoded(rest, 6)?
    } else {
        text.split(';').take(most.saturating_add(1)).map(pair).collect::<Result<_, _>>()?
    };
    if degrees.len() > most {
        let message = format!("more than {most} coordinates; --max-coordinates raises the limit");
        return Err(ApiError::osrm("TooBig", message));
    }
    let outside = || ApiError::osrm("InvalidValue", "a coordinate lies outside the globe; write LON,LAT in degrees");
    degrees.into_iter().map(|(lon, lat)| LonLat::from_degrees(lon, lat).ok_or_else(outside)).collect()
}

fn pair(text: &str) -> Result<(f64, f64), ApiError> {
    let shown: String = text.chars().take(40).collect();
    let wrong = || ApiError::osrm("InvalidQuery", format!("`{shown}` is no coordinate; write LON,LAT in degrees"));
    let (lon, lat) = text.split_once(',').ok_or_else(wrong)?;
    Ok((degrees(lon).ok_or_else(wrong)?, degrees(lat).ok_or_else(wrong)?))
}

/// A plain decimal number; `inf` and `nan` are none.
fn degrees(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    text.parse().ok().filter(|value: &f64| plain && value.is_finite())
}

fn decoded(text: &str, precision: u32) -> Result<Vec<(f64, f64)>, ApiError> {
    let wrong = || ApiError::osrm("InvalidQuery", format!("the coordinates are no polyline{precision}"));
    let line = polyline::decode_polyline(text.strip_suffix(')').ok_or_else(wrong)?, precision).map_err(|_| wrong())?;
    Ok(line.0.into_iter().map(|at| (at.x, at.y)).collect())
}

fn radiuses(text: Option<String>, points: usize) -> Result<Vec<Option<f64>>, ApiError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(Vec::new()) };
    let radius = |word: &str| match word {
        "" | "unlimited" => Ok(None),
        word => match word.parse::<f64>() {
            Ok(metres) if metres >= 0.0 => Ok(Some(metres)),
            _ => Err(invalid("radiuses", "holds something that is neither metres nor `unlimited`")),
        },
    };
    let all = text.split(';').map(radius).collect::<Result<Vec<_>, _>>()?;
    if all.len() != points {
        let message = format!("{} radiuses for {points} coordinates", all.len());
        return Err(ApiError::osrm("InvalidOptions", message));
    }
    Ok(all)
}
