//! Positions on an integer grid: projections and comparisons are exact, hence the same everywhere.

use crate::lonlat::{Bounds, LonLat};

/// Bits of a grid coordinate.
const BITS: u32 = 20;

/// Directions over a half turn, 22.5° apart, scaled by 1024; right angles first, so that a good cut is known early.
pub(super) const DIRECTIONS: [(i32, i32); 8] =
    [(1024, 0), (0, 1024), (724, 724), (-724, 724), (946, 392), (-392, 946), (392, 946), (-946, 392)];

/// Longitude and latitude as points of a plane, in degrees of latitude: longitudes shrink by the cosine of the mean
/// latitude of the box.
#[must_use]
pub fn planar(points: &[LonLat]) -> Vec<(f64, f64)> {
    let middle = Bounds::around(points.iter().copied()).map_or(0.0, |b| (b.min.lat() + b.max.lat()) / 2.0);
    let shrink = middle.to_radians().cos();
    points.iter().map(|p| (p.lon() * shrink, p.lat())).collect()
}

/// Puts points on a grid of 2^20 steps over the longer side of their box; points that are not finite go to a corner.
pub(super) fn to_grid(points: &[(f64, f64)]) -> Vec<(i32, i32)> {
    let finite = || points.iter().filter(|p| p.0.is_finite() && p.1.is_finite());
    let low = finite().fold((f64::INFINITY, f64::INFINITY), |m, p| (m.0.min(p.0), m.1.min(p.1)));
    let high = finite().fold((f64::NEG_INFINITY, f64::NEG_INFINITY), |m, p| (m.0.max(p.0), m.1.max(p.1)));
    let extent = (high.0 - low.0).max(high.1 - low.1);
    let scale = f64::from((1u32 << BITS) - 1) / if extent > 0.0 { extent } else { 1.0 };
    // A cast from float saturates and turns NaN into 0.
    let cell = |value: f64| (value as i32).clamp(0, (1 << BITS) - 1);
    points.iter().map(|p| (cell((p.0 - low.0) * scale), cell((p.1 - low.1) * scale))).collect()
}

/// Place on the Z-order curve (Morton 1966): near in order is near in the plane.
pub(super) fn morton((x, y): (i32, i32)) -> u64 {
    let spread = |v: i32| {
        let mut v = u64::from(v.max(0) as u32);
        v = (v | v << 16) & 0x0000_FFFF_0000_FFFF;
        v = (v | v << 8) & 0x00FF_00FF_00FF_00FF;
        v = (v | v << 4) & 0x0F0F_0F0F_0F0F_0F0F;
        v = (v | v << 2) & 0x3333_3333_3333_3333;
        (v | v << 1) & 0x5555_5555_5555_5555
    };
    spread(x) | spread(y) << 1
}

/// Distance along a direction; fits since coordinates have 20 bits and directions 10.
pub(super) fn along((x, y): (i32, i32), (dx, dy): (i32, i32)) -> i64 {
    i64::from(x) * i64::from(dx) + i64::from(y) * i64::from(dy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_float_has_a_place() {
        let points = [(0.0, 0.0), (f64::NAN, 1.0), (f64::INFINITY, 5.0), (-1e300, 1e300), (3.0, 4.0)];
        for (x, y) in to_grid(&points) {
            assert!((0..1 << BITS).contains(&x) && (0..1 << BITS).contains(&y), "{x} {y}");
        }
        assert_eq!(to_grid(&[(7.5, -2.0), (7.5, -2.0)]), [(0, 0), (0, 0)]);
    }

    #[test]
    fn longitudes_shrink_at_sixty_degrees() {
        // cos 60° = 0.5; the box's mean latitude is 60°.
        let at = |lon, lat| LonLat::from_degrees(lon, lat).unwrap();
        let points = planar(&[at(10.0, 59.0), at(12.0, 61.0)]);
        assert!((points[1].0 - points[0].0 - 1.0).abs() < 1e-9, "{points:?}");
        assert!((points[1].1 - points[0].1 - 2.0).abs() < 1e-9, "{points:?}");
        assert!(planar(&[]).is_empty());
    }

    #[test]
    fn z_order() {
        assert_eq!(morton((0b101, 0b011)), 0b01_10_11);
        assert_eq!(morton((-3, 0)), 0);
    }
}
