//! Lines as GeoJSON or encoded polylines, whole or simplified.

use super::options::Pairs;
use super::place::position;
use crate::lonlat::LonLat;
use crate::serve::error::ApiError;
use geo::{Coord, LineString, Simplify};
use serde::Serialize;

/// A simplified line strays from the whole one by at most this share of its longer side.
const STRAYS: f64 = 1.0 / 1_000.0;

/// How lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Polyline,
    Polyline6,
    GeoJson,
}

impl Format {
    pub(super) fn read(pairs: &mut Pairs) -> Result<Self, ApiError> {
        let words = [("polyline", Self::Polyline), ("polyline6", Self::Polyline6), ("geojson", Self::GeoJson)];
        pairs.word("geometries", Self::Polyline, &words)
    }

    pub(super) fn line(self, points: &[LonLat]) -> Result<Geometry, ApiError> {
        let encoded = |precision| {
            let points = points.iter().map(|at| Coord { x: at.lon(), y: at.lat() });
            polyline::encode_coordinates(points, precision).map(Geometry::Encoded).map_err(|_| ApiError::bug())
        };
        match self {
            Self::Polyline => encoded(5),
            Self::Polyline6 => encoded(6),
            Self::GeoJson => Ok(Geometry::Line(Line::LineString(points.iter().map(|at| position(*at)).collect()))),
        }
    }
}

/// A line as it is written.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Geometry {
    Encoded(String),
    Line(Line),
}

#[derive(Serialize)]
#[serde(tag = "type", content = "coordinates")]
pub(super) enum Line {
    LineString(Vec<[f64; 2]>),
}

/// Fewer points of a line, its ends among them (Ramer, Douglas and Peucker).
pub(super) fn simplified(points: &[LonLat]) -> Vec<LonLat> {
    let side = |part: fn(&LonLat) -> f64| {
        let all = || points.iter().map(part);
        all().fold(f64::NEG_INFINITY, f64::max) - all().fold(f64::INFINITY, f64::min)
    };
    let strays = side(|at| at.lon()).max(side(|at| at.lat())) * STRAYS;
    let line: LineString<f64> = points.iter().map(|at| Coord { x: at.lon(), y: at.lat() }).collect();
    let kept = line.simplify(strays);
    kept.0.into_iter().filter_map(|at| LonLat::from_degrees(at.x, at.y)).collect()
}
