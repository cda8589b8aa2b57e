//! Points on the earth in OpenStreetMap's fixed-point degrees.

use crate::units::Decimetres;
use geo::{Distance, Haversine, Point};
use serde::Serialize;

/// Longitude and latitude (WGS 84) in units of 1e-7 degrees, the resolution of OpenStreetMap.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, bytemuck::Pod, bytemuck::Zeroable,
)]
#[repr(C)]
pub struct LonLat {
    /// Longitude × 1e7, east positive.
    pub lon_e7: i32,
    /// Latitude × 1e7, north positive.
    pub lat_e7: i32,
}

impl LonLat {
    /// Rounds degrees to the grid; `None` outside ±180, ±90 or not finite.
    #[must_use]
    #[allow(clippy::cast_possible_truncation)]
    pub fn from_degrees(lon: f64, lat: f64) -> Option<Self> {
        let inside = (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat);
        inside.then(|| Self { lon_e7: (lon * 1e7).round() as i32, lat_e7: (lat * 1e7).round() as i32 })
    }

    /// Longitude in degrees.
    #[must_use]
    pub fn lon(self) -> f64 {
        f64::from(self.lon_e7) / 1e7
    }

    /// Latitude in degrees.
    #[must_use]
    pub fn lat(self) -> f64 {
        f64::from(self.lat_e7) / 1e7
    }

    /// Great-circle distance in metres (haversine on the mean earth radius, as in [`geo::Haversine`]).
    #[must_use]
    pub fn metres_to(self, other: Self) -> f64 {
        Haversine.distance(Point::new(self.lon(), self.lat()), Point::new(other.lon(), other.lat()))
    }
}

/// Rounds a length in metres to decimetres; saturates at `u32::MAX` (beyond the earth's circumference).
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn decimetres(metres: f64) -> Decimetres {
    Decimetres((metres * 10.0).round() as u32)
}

/// A box in fixed-point degrees, both corners inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Bounds {
    /// South-west corner.
    pub min: LonLat,
    /// North-east corner.
    pub max: LonLat,
}

impl Bounds {
    /// The smallest box around the points; `None` when there are none.
    pub fn around(points: impl IntoIterator<Item = LonLat>) -> Option<Self> {
        let mut points = points.into_iter();
        let first = points.next()?;
        Some(points.fold(Self { min: first, max: first }, |b, p| Self {
            min: LonLat { lon_e7: b.min.lon_e7.min(p.lon_e7), lat_e7: b.min.lat_e7.min(p.lat_e7) },
            max: LonLat { lon_e7: b.max.lon_e7.max(p.lon_e7), lat_e7: b.max.lat_e7.max(p.lat_e7) },
        }))
    }

    /// True when the point lies in the box or on its edge.
    #[must_use]
    pub fn contains(&self, p: LonLat) -> bool {
        (self.min.lon_e7..=self.max.lon_e7).contains(&p.lon_e7)
            && (self.min.lat_e7..=self.max.lat_e7).contains(&p.lat_e7)
    }

    /// Metres from a point inside to the nearest side of the box.
    #[must_use]
    pub fn metres_to_border(&self, p: LonLat) -> f64 {
        let at = |lon_e7, lat_e7| LonLat { lon_e7, lat_e7 };
        [
            at(self.min.lon_e7, p.lat_e7),
            at(self.max.lon_e7, p.lat_e7),
            at(p.lon_e7, self.min.lat_e7),
            at(p.lon_e7, self.max.lat_e7),
        ]
        .into_iter()
        .map(|side| p.metres_to(side))
        .fold(f64::INFINITY, f64::min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_degree_of_latitude() {
        // Mean earth radius 6,371,008.8 m (IUGG): one degree is 111,195.08 m.
        let a = LonLat::from_degrees(-83.0, 39.0).unwrap();
        let b = LonLat::from_degrees(-83.0, 40.0).unwrap();
        assert!((a.metres_to(b) - 111_195.08).abs() < 1.0);
    }

    #[test]
    fn refuses_points_off_the_globe() {
        assert_eq!(LonLat::from_degrees(f64::NAN, 0.0), None);
        assert_eq!(LonLat::from_degrees(39.0, -183.0), None);
    }
}
