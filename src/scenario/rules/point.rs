//! Coordinates, and the mistakes they are known for.

use super::text::shown;
use super::{Finding, Rule, as_is};
use crate::diagnostics::Code;
use crate::lonlat::LonLat;

/// Which of the two cells a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Axis {
    Lat,
    Lon,
}

/// Both coordinates of a point in decimal degrees.
pub(crate) fn point(lat_text: &str, lon_text: &str) -> Result<LonLat, (Axis, Finding)> {
    let lat = degrees(lat_text).map_err(|f| (Axis::Lat, f))?.value;
    let lon = degrees(lon_text).map_err(|f| (Axis::Lon, f))?.value;
    not_zero(lat, lon).and_then(|()| not_metres(lat, lon)).and_then(|()| not_swapped(lat, lon)).map_err(at_lat)?;
    let axis = if (-90.0..=90.0).contains(&lat) { Axis::Lon } else { Axis::Lat };
    LonLat::from_degrees(lon, lat).ok_or_else(|| {
        let (name, text) = if axis == Axis::Lat { ("latitude", lat_text) } else { ("longitude", lon_text) };
        (axis, Finding::plain(Code::NotACoordinate, format!("{name} {} is outside the globe", shown(text))))
    })
}

/// A point typed as `LAT,LON` in decimal degrees; else what is wrong with it, and what to do.
pub(crate) fn typed_point(text: &str) -> Result<LonLat, String> {
    let cells = text.split_once(',').map(|(lat, lon)| (lat.trim(), lon.trim()));
    let (lat, lon) = cells.ok_or_else(|| format!("`{}` is no point; write LAT,LON in decimal degrees", shown(text)))?;
    point(lat, lon).map_err(|(_, finding)| format!("{}; {}", finding.message, finding.help))
}

fn at_lat(finding: Finding) -> (Axis, Finding) {
    (Axis::Lat, finding)
}

/// A plain decimal number.
fn degrees(text: &str) -> Rule<f64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
    match text.parse::<f64>() {
        Ok(value) if plain && value.is_finite() => as_is(value),
        _ => Err(Finding::plain(Code::NotACoordinate, format!("`{}` is not a number of degrees", shown(text)))),
    }
}

/// 0,0 lies in the sea off Africa: it is what a geocoder returns when it found nothing.
fn not_zero(lat: f64, lon: f64) -> Result<(), Finding> {
    if lat == 0.0 && lon == 0.0 {
        return Err(Finding::plain(Code::ZeroCoordinates, "the point is 0,0: no coordinate was found"));
    }
    Ok(())
}

/// Numbers far beyond any degree are metres.
fn not_metres(lat: f64, lon: f64) -> Result<(), Finding> {
    const FAR_BEYOND: f64 = 1_000.0;
    if lat.abs() < FAR_BEYOND && lon.abs() < FAR_BEYOND {
        return Ok(());
    }
    let help = match (web_mercator(lon, lat), web_mercator(lat, lon)) {
        (Some((lat, lon)), _) | (_, Some((lat, lon))) => {
            format!("read as Web Mercator (EPSG:3857) the point is lat {lat:.6}, lon {lon:.6}; convert to EPSG:4326")
        }
        _ => Code::ProjectedCoordinates.action().to_owned(),
    };
    Err(Finding::new(Code::ProjectedCoordinates, "the coordinates are metres, not degrees", help))
}

/// Degrees of Web Mercator metres (spherical Mercator on the radius 6,378,137 m), if they lie in the United States.
fn web_mercator(x: f64, y: f64) -> Option<(f64, f64)> {
    const RADIUS: f64 = 6_378_137.0;
    let lon = (x / RADIUS).to_degrees();
    let lat = (y / RADIUS).sinh().atan().to_degrees();
    in_united_states(lat, lon).then_some((lat, lon))
}

/// The exchanged point lies in the United States, or only it lies on the globe.
fn not_swapped(lat: f64, lon: f64) -> Result<(), Finding> {
    let on_globe = |lat: f64, lon: f64| lat.abs() <= 90.0 && lon.abs() <= 180.0;
    let better = !in_united_states(lat, lon) && in_united_states(lon, lat);
    if better || (!on_globe(lat, lon) && on_globe(lon, lat)) {
        let message = "latitude and longitude are exchanged";
        return Err(Finding::new(Code::SwappedCoordinates, message, format!("write lat {lon}, lon {lat}")));
    }
    Ok(())
}

/// Boxes around the states and territories: generous, since they only tell a likely point from an unlikely one.
fn in_united_states(lat: f64, lon: f64) -> bool {
    const BOXES: [(f64, f64, f64, f64); 5] = [
        (24.0, 50.0, -125.5, -66.0),  // contiguous states
        (51.0, 72.0, -180.0, -129.0), // Alaska
        (17.5, 29.0, -179.0, -154.0), // Hawaii
        (17.0, 19.0, -68.5, -64.0),   // Puerto Rico, Virgin Islands
        (13.0, 21.0, 144.0, 147.0),   // Guam, Northern Marianas
    ];
    BOXES.iter().any(|(south, north, west, east)| (*south..=*north).contains(&lat) && (*west..=*east).contains(&lon))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(lat: &str, lon: &str) -> (Axis, Code) {
        let (axis, finding) = point(lat, lon).unwrap_err();
        (axis, finding.code)
    }

    #[test]
    fn good_points() {
        assert_eq!(point("39.9612", "-82.9988").unwrap(), LonLat::from_degrees(-82.9988, 39.9612).unwrap());
        assert!(point("13.44", "144.79").is_ok());
        assert!(point("-14.27", "-170.7").is_ok()); // American Samoa: in no box, and not better when exchanged
    }

    #[test]
    fn known_mistakes() {
        assert_eq!(code("-82.9988", "39.9612"), (Axis::Lat, Code::SwappedCoordinates));
        assert_eq!(code("-122.6", "45.5"), (Axis::Lat, Code::SwappedCoordinates));
        assert_eq!(code("0", "0.000"), (Axis::Lat, Code::ZeroCoordinates));
        assert_eq!(code("4862000", "-9239000"), (Axis::Lat, Code::ProjectedCoordinates));
        assert_eq!(code("39.9612", "-190"), (Axis::Lon, Code::NotACoordinate));
        assert_eq!(code("95", "200"), (Axis::Lat, Code::NotACoordinate));
        assert_eq!(code("39°57'", "-82"), (Axis::Lat, Code::NotACoordinate));
        assert_eq!(code("39.9", "nan"), (Axis::Lon, Code::NotACoordinate));
        let (_, finding) = point("-82.9988", "39.9612").unwrap_err();
        assert_eq!(finding.help, "write lat 39.9612, lon -82.9988");
    }

    #[test]
    fn typed_points() {
        assert_eq!(typed_point("39.9612, -82.9988").unwrap(), point("39.9612", "-82.9988").unwrap());
        for text in ["", "39.9", "39.9,", ",-82.9", "39.9,-82.9,3", "39.9;-82.9", "here,there", "-82.9,39.9", "0,0"] {
            assert!(typed_point(text).unwrap_err().contains(';'), "{text}");
        }
    }

    #[test]
    fn metres_are_read_back() {
        // lon -82.9988 → x = R·rad(lon) = -9,239,384; lat 39.9612 → y = R·asinh(tan lat) = 4,860,306.
        let (_, finding) = point("4860306", "-9239384").unwrap_err();
        assert!(finding.help.contains("lat 39.9612") && finding.help.contains("lon -82.99879"), "{}", finding.help);
    }
}
