//! From a point to its place on the network.
//!
//! An R-tree ([`super::box_tree`]) holds the box of every segment. A search asks it for boxes that meet a square around
//! the point, measures the exact distance to their shapes, and doubles the square until the nearest lies within its
//! inscribed circle.
//! Distances are taken in the equirectangular projection at the point (error below 0.1 % within 10 km) and compared in
//! whole millimetres, ties by segment, so the answer does not depend on the tree's layout.
//! A map that crosses the 180th meridian is not wrapped around it.

use super::box_tree::BoxTree;
use super::profile::usable;
use super::{Components, NoSnap, Profile, RoadNetwork, Snap};
use crate::ids::SegmentIx;
use crate::lonlat::{Bounds, LonLat, decimetres};
use crate::scenario::MapSettings;
use crate::units::Decimetres;
use rayon::prelude::*;

/// Metres in a degree of latitude on the mean earth radius (6,371,008.8 m, as in [`LonLat::metres_to`]).
const METRES_PER_DEGREE: f64 = 6_371_008.8 * std::f64::consts::PI / 180.0;
/// First half side of the search square, metres.
const FIRST_REACH: f64 = 64.0;
/// Half the earth's circumference, metres: beyond it there is nothing more to find.
const LAST_REACH: f64 = 20_100_000.0;

/// Finds the nearest roads of a network.
pub struct Locator<'a> {
    network: &'a RoadNetwork,
    tree: BoxTree,
}

/// The place on a segment nearest to a point.
#[derive(Clone, Copy, Debug)]
struct Foot {
    segment: SegmentIx,
    millimetres: u64,
    along: Decimetres,
    at: LonLat,
}

/// Nearest roads of three kinds, each contained in the one before.
#[derive(Default)]
struct Nearest {
    any: Option<Foot>,
    usable: Option<Foot>,
    main: Option<Foot>,
}

impl<'a> Locator<'a> {
    /// Builds the R-tree over all segments. Runs in the current rayon pool.
    #[must_use]
    pub fn new(network: &'a RoadNetwork) -> Self {
        let boxes = (0..network.segments.len())
            .into_par_iter()
            .map(SegmentIx::from_index)
            .filter_map(|segment| Some((segment.0, Bounds::around(network.shape(segment).iter().copied())?)));
        Self { network, tree: BoxTree::new(boxes.collect()) }
    }

    /// Puts a point on the nearest segment that the vehicle may use.
    ///
    /// When that segment is not in the main component, the nearest one that is takes its place if it is at most
    /// `island_tolerance_m` farther away ([`Snap::passed_island`] says so). Nothing farther than `snap_limit_m` is used.
    ///
    /// # Errors
    /// [`NoSnap`] is the reason why there is no such segment.
    pub fn snap(
        &self,
        point: LonLat,
        profile: &Profile,
        components: &Components,
        settings: &MapSettings,
    ) -> Result<Snap, NoSnap> {
        let inside = self.network.bounds.is_some_and(|b| b.contains(point));
        if self.network.bounds.is_some() && !inside {
            return Err(NoSnap::OutsideMap);
        }
        let limit = f64::from(settings.snap_limit_m);
        let nearest = self.nearest(point, limit, profile, components);
        let Some(foot) = nearest.usable else {
            let any = nearest.any.or_else(|| self.nearest_beyond(point, limit)).map(|f| (f, f.distance()));
            return Err(match any {
                Some((foot, nearest)) if foot.within(settings.snap_limit_m) => NoSnap::VehicleNotAllowed { nearest },
                other => NoSnap::NoRoadWithinLimit { nearest: other.map(|(_, nearest)| nearest) },
            });
        };
        let tolerated = foot.millimetres + u64::from(settings.island_tolerance_m) * 1000;
        match nearest.main {
            Some(main) if main.millimetres <= tolerated => {
                Ok(self.place(main, profile, main.segment != foot.segment && !components.is_main(foot.segment)))
            }
            _ => Err(NoSnap::Isolated { arcs: components.size(foot.segment), distance: foot.distance() }),
        }
    }

    /// Puts a point on a given segment, however far it is and whatever component it belongs to; `None` when the vehicle
    /// may not use the segment.
    #[must_use]
    pub fn snap_on(&self, segment: SegmentIx, point: LonLat, profile: &Profile) -> Option<Snap> {
        let foot = self.foot(&Plane::at(point), segment);
        usable(self.network, profile, segment).then(|| self.place(foot, profile, false))
    }

    /// Nearest roads within a limit in metres.
    fn nearest(&self, point: LonLat, limit: f64, profile: &Profile, components: &Components) -> Nearest {
        let mut reach = FIRST_REACH.min(limit);
        loop {
            let mut nearest = Nearest::default();
            for foot in self.feet(point, reach) {
                foot.improve(&mut nearest.any);
                if usable(self.network, profile, foot.segment) {
                    foot.improve(&mut nearest.usable);
                    if components.is_main(foot.segment) {
                        foot.improve(&mut nearest.main);
                    }
                }
            }
            if nearest.main.is_some() || reach >= limit {
                return nearest;
            }
            reach = (2.0 * reach).min(limit);
        }
    }

    /// Nearest road of any kind farther than a limit.
    fn nearest_beyond(&self, point: LonLat, limit: f64) -> Option<Foot> {
        let mut reach = limit.max(FIRST_REACH);
        while reach < LAST_REACH {
            reach *= 2.0;
            let mut nearest = None;
            self.feet(point, reach).for_each(|foot| foot.improve(&mut nearest));
            if nearest.is_some() {
                return nearest;
            }
        }
        None
    }

    /// All segments within `reach` metres, each at its nearest place.
    fn feet(&self, point: LonLat, reach: f64) -> impl Iterator<Item = Foot> + '_ {
        let plane = Plane::at(point);
        let window = plane.square(reach);
        let near = self.tree.meeting(&window).into_iter();
        near.map(move |segment| self.foot(&plane, SegmentIx(segment)))
            .filter(move |foot| millimetres(reach) >= foot.millimetres)
    }

    fn foot(&self, plane: &Plane, segment: SegmentIx) -> Foot {
        let shape = self.network.shape(segment);
        let mut best = (u64::MAX, 0.0, plane.origin);
        let mut before = 0.0;
        for piece in shape.windows(2) {
            let length = piece[0].metres_to(piece[1]);
            let (share, distance, at) = plane.nearest_on(piece[0], piece[1]);
            let distance = millimetres(distance);
            if distance < best.0 {
                best = (distance, before + share * length, at);
            }
            before += length;
        }
        let along = decimetres(best.1).min(self.network.segment(segment).length);
        Foot { segment, millimetres: best.0, along, at: best.2 }
    }

    fn place(&self, foot: Foot, profile: &Profile, passed_island: bool) -> Snap {
        let place = Snap {
            segment: foot.segment,
            along: foot.along,
            at: foot.at,
            distance: foot.distance(),
            starts: Vec::new(),
            ends: Vec::new(),
            passed_island,
        };
        place.weighed(self.network, profile)
    }
}

impl Foot {
    fn distance(&self) -> Decimetres {
        Decimetres(u32::try_from((self.millimetres + 50) / 100).unwrap_or(u32::MAX))
    }

    fn within(&self, limit_m: u32) -> bool {
        self.millimetres <= u64::from(limit_m) * 1000
    }

    fn improve(self, best: &mut Option<Self>) {
        if best.is_none_or(|b| (self.millimetres, self.segment) < (b.millimetres, b.segment)) {
            *best = Some(self);
        }
    }
}

/// Metres are at most half the earth's circumference, so they fit.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn millimetres(metres: f64) -> u64 {
    (metres * 1000.0).round() as u64
}

/// The equirectangular projection at a point.
struct Plane {
    origin: LonLat,
    metres_per_lon: f64,
}

impl Plane {
    fn at(origin: LonLat) -> Self {
        // At the poles a degree of longitude has no length; a millimetre keeps the division finite.
        let metres_per_lon = (METRES_PER_DEGREE * origin.lat().to_radians().cos()).max(1e-3);
        Self { origin, metres_per_lon }
    }

    /// A box around all points within `reach` metres.
    fn square(&self, reach: f64) -> Bounds {
        // One unit more than needed covers all rounding; a float beyond `i64` becomes its end.
        #[allow(clippy::cast_possible_truncation)]
        let half = |metres_per_degree: f64| (reach / metres_per_degree * 1e7) as i64 + 1;
        #[allow(clippy::cast_possible_truncation)] // clamped
        let beside = |at: i32, by: i64| i64::from(at).saturating_add(by).clamp(i32::MIN.into(), i32::MAX.into()) as i32;
        let corner = |lon_e7, lat_e7| LonLat {
            lon_e7: beside(self.origin.lon_e7, lon_e7),
            lat_e7: beside(self.origin.lat_e7, lat_e7),
        };
        let (lon, lat) = (half(self.metres_per_lon), half(METRES_PER_DEGREE));
        Bounds { min: corner(-lon, -lat), max: corner(lon, lat) }
    }

    fn project(&self, p: LonLat) -> (f64, f64) {
        let x = (f64::from(p.lon_e7) - f64::from(self.origin.lon_e7)) / 1e7 * self.metres_per_lon;
        let y = (f64::from(p.lat_e7) - f64::from(self.origin.lat_e7)) / 1e7 * METRES_PER_DEGREE;
        (x, y)
    }

    /// Share of the way from `a` to `b` at which the line is nearest to the origin, its distance in metres, the place.
    #[allow(clippy::cast_possible_truncation)]
    fn nearest_on(&self, a: LonLat, b: LonLat) -> (f64, f64, LonLat) {
        let ((ax, ay), (bx, by)) = (self.project(a), self.project(b));
        let (dx, dy) = (bx - ax, by - ay);
        let square = dx * dx + dy * dy;
        let share = if square > 0.0 { (-(ax * dx + ay * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
        let (x, y) = (ax + share * dx, ay + share * dy);
        let between = |a: i32, b: i32| (f64::from(a) + share * (f64::from(b) - f64::from(a))).round() as i32;
        let at = LonLat { lon_e7: between(a.lon_e7, b.lon_e7), lat_e7: between(a.lat_e7, b.lat_e7) };
        (share, x.hypot(y), at)
    }
}
