//! The plane the sample is drawn on: metres east and north of its middle.
//!
//! Only additions, multiplications, divisions and square roots are used, which are the same bits on every machine;
//! sines and cosines are not.

use crate::lonlat::LonLat;

/// Metres in a degree of latitude on the mean earth radius.
const METRES_PER_DEGREE: f64 = 111_195.08;

/// A place or a step on the plane, in metres.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Place {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// Shorthand for a place.
pub(super) const fn at(x: f64, y: f64) -> Place {
    Place { x, y }
}

impl Place {
    pub(super) fn plus(self, step: Self) -> Self {
        at(self.x + step.x, self.y + step.y)
    }

    pub(super) fn minus(self, other: Self) -> Self {
        at(self.x - other.x, self.y - other.y)
    }

    pub(super) fn times(self, factor: f64) -> Self {
        at(self.x * factor, self.y * factor)
    }

    pub(super) fn towards(self, other: Self, share: f64) -> Self {
        self.plus(other.minus(self).times(share))
    }

    pub(super) fn length(self) -> f64 {
        (self.x * self.x + self.y * self.y).sqrt()
    }

    /// The same length at a right angle, to the left.
    pub(super) fn left(self) -> Self {
        at(-self.y, self.x)
    }

    /// Turned by the angle whose half has this tangent.
    pub(super) fn turned(self, half_tangent: f64) -> Self {
        let square = half_tangent * half_tangent;
        let (cos, sin) = ((1.0 - square) / (1.0 + square), 2.0 * half_tangent / (1.0 + square));
        at(self.x * cos - self.y * sin, self.x * sin + self.y * cos)
    }
}

/// Cosine of degrees between -90 and 90 by its Taylor series to the 12th power (error below 1e-7).
pub(super) fn cosine(degrees: f64) -> f64 {
    let x = degrees * std::f64::consts::PI / 180.0;
    let square = x * x;
    let mut term = 1.0;
    let mut sum = 1.0;
    for k in 1..=6 {
        let k = f64::from(k);
        term *= -square / ((2.0 * k - 1.0) * (2.0 * k));
        sum += term;
    }
    sum
}

/// Where the plane touches the earth.
#[derive(Clone, Copy, Debug)]
pub(super) struct Projection {
    middle: LonLat,
    metres_per_lon_degree: f64,
}

impl Projection {
    pub(super) fn around(middle: LonLat) -> Self {
        Self { middle, metres_per_lon_degree: METRES_PER_DEGREE * cosine(middle.lat()) }
    }

    /// Position on the earth; clamped to the globe.
    pub(super) fn to_earth(self, place: Place) -> LonLat {
        let lon = self.middle.lon() + place.x / self.metres_per_lon_degree;
        let lat = self.middle.lat() + place.y / METRES_PER_DEGREE;
        LonLat::from_degrees(lon.clamp(-179.0, 179.0), lat.clamp(-89.0, 89.0)).unwrap_or(self.middle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cosine_is_close() {
        for degrees in -60..=60 {
            let exact = f64::from(degrees).to_radians().cos();
            assert!((cosine(f64::from(degrees)) - exact).abs() < 1e-7, "{degrees}");
        }
    }

    #[test]
    fn distances_are_kept() {
        let plane = Projection::around(LonLat::from_degrees(-98.3, 38.4).unwrap());
        let metres = plane.to_earth(at(0.0, 0.0)).metres_to(plane.to_earth(at(3_000.0, -4_000.0)));
        assert!((metres - 5_000.0).abs() < 3.0, "{metres}");
        assert!((at(3.0, 4.0).turned(0.2).length() - 5.0).abs() < 1e-12);
    }
}
