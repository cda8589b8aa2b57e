//! What may follow a directed road, apart from restrictions.
//!
//! A *dead end* for a mode is the end of a road from which no other road leads on that is at least as open to it (a
//! free road that goes on only as private ends for through traffic) and not barred there. Only at dead ends may the
//! mode turn back. Size limits of single vehicles do not make dead ends: topology is the same for all of them.
//! A second road over the same shape (a duplicate) is no way to turn round either: entering it backwards is a u-turn.

use super::streets::{Road, Streets, modes_with, reversed, segment_of};
use super::{NetworkError, narrow};
use crate::ids::JunctionIx;
use crate::lonlat::LonLat;
use crate::network::{TurnByte, TurnKind};
use crate::osm::Access;
use crate::scenario::Mode;

/// All modes.
pub(super) const ALL_MODES: u8 = (1 << Mode::ALL.len()) - 1;
/// tan 40°: directions that differ by less are straight on.
const STRAIGHT: f64 = 0.839_099_631;
/// The direction of a road at its end is taken over this distance, metres.
const SIGHT: f64 = 15.0;

/// Road ends at one junction. Real maps have a dozen; without a limit a small hostile map has billions of turns.
const MOST_ENDS: u32 = 1_000;

/// Roads that leave each junction, and how roads follow each other.
pub(super) struct Turns<'a> {
    streets: &'a Streets,
    /// Open roads that leave junction `j`, ascending: `leaving[first[j]..first[j + 1]]`.
    first: Vec<u32>,
    leaving: Vec<Road>,
    /// Ends of segments at each junction.
    degree: Vec<u32>,
    /// Where each road leads from its beginning.
    sight: Vec<(f64, f64)>,
}

impl<'a> Turns<'a> {
    pub(super) fn new(streets: &'a Streets) -> Result<Self, NetworkError> {
        let mut degree = vec![0_u32; streets.junctions.len()];
        for segment in &streets.segments {
            degree[segment.from.index()] += 1;
            degree[segment.to.index()] += 1;
        }
        for (ends, at) in degree.iter().zip(&streets.junctions) {
            if *ends > MOST_ENDS {
                let (lat, lon) = (format!("{:.5}", at.lat()), format!("{:.5}", at.lon()));
                return Err(NetworkError::CrowdedJunction { roads: *ends, lat, lon });
            }
        }
        let mut leaving: Vec<Road> = streets.roads().filter(|road| streets.is_open(*road)).collect();
        leaving.sort_by_key(|road| (streets.ends(*road).0, *road));
        narrow(leaving.len(), "directed roads")?;
        let mut first = vec![0_u32; streets.junctions.len() + 1];
        for road in &leaving {
            first[streets.ends(*road).0.index() + 1] += 1;
        }
        for j in 0..streets.junctions.len() {
            first[j + 1] += first[j];
        }
        let sight = streets.roads().map(|road| sight(streets, road)).collect();
        Ok(Self { streets, first, leaving, degree, sight })
    }

    /// Open roads that leave a junction, ascending.
    pub(super) fn leaving(&self, junction: JunctionIx) -> &[Road] {
        let j = junction.index();
        &self.leaving[self.first[j] as usize..self.first[j + 1] as usize]
    }

    /// Open roads that may come after one, u-turn included, ascending.
    pub(super) fn after(&self, road: Road) -> &[Road] {
        self.leaving(self.streets.ends(road).1)
    }

    /// Kind of the turn from `a` into `b`, what it passes, and the modes that may not make it.
    pub(super) fn turn(&self, a: Road, b: Road) -> TurnByte {
        let crossing = self.streets.crossings[self.streets.ends(a).1.index()];
        let (kind, banned) = if self.retraces(a, b) {
            (TurnKind::UTurn, self.no_u_turn(a, b))
        } else {
            (self.kind(a, b), self.not_passing(a, b))
        };
        TurnByte::new(kind, crossing.signal, crossing.stop, banned)
    }

    /// True when `b` leads back over the shape of `a`.
    fn retraces(&self, a: Road, b: Road) -> bool {
        if b == reversed(a) {
            return true;
        }
        let (s, t) = (segment_of(a), segment_of(b));
        if s == t || self.streets.ends(b).1 != self.streets.ends(a).0 {
            return false;
        }
        let (mine, other) = (self.streets.shape(s), self.streets.shape(t));
        if a & 1 == b & 1 { mine.iter().eq(other.iter().rev()) } else { mine == other }
    }

    /// Modes that cannot go from `a` on to `b`, another road.
    fn not_passing(&self, a: Road, b: Road) -> u8 {
        let crossing = self.streets.crossings[self.streets.ends(a).1.index()];
        let (from, to) = (self.streets.access(a), self.streets.access(b));
        let shut = modes_with(from, Access::No) | modes_with(to, Access::No);
        let free = modes_with(from, Access::Yes) & modes_with(to, Access::Yes);
        shut | crossing.closed | crossing.gated & free
    }

    /// Modes that cannot turn back from `a` into `b`.
    fn no_u_turn(&self, a: Road, b: Road) -> u8 {
        let (from, back) = (self.streets.access(a), self.streets.access(b));
        let mut banned = modes_with(from, Access::No) | modes_with(back, Access::No);
        for &c in self.after(a) {
            if !self.retraces(a, c) {
                let onward = self.streets.access(c);
                let as_open = |m: &&Mode| onward[**m as usize] as u8 >= from[**m as usize] as u8;
                let goes_on = Mode::ALL.iter().filter(as_open).fold(0, |mask, m| mask | m.bit());
                banned |= goes_on & !self.not_passing(a, c);
            }
        }
        banned
    }

    fn kind(&self, a: Road, b: Road) -> TurnKind {
        let junction = self.streets.ends(a).1;
        if self.degree[junction.index()] == 2 {
            return TurnKind::Straight;
        }
        let (came, goes) = (self.sight[reversed(a) as usize], self.sight[b as usize]);
        // Direction of travel before the turn is from `came` to the junction.
        let (x, y) = (-came.0, -came.1);
        let (along, across) = (x * goes.0 + y * goes.1, x * goes.1 - y * goes.0);
        if along > 0.0 && across.abs() <= STRAIGHT * along {
            TurnKind::Straight
        } else if across < 0.0 {
            TurnKind::Right
        } else {
            TurnKind::Left
        }
    }
}

/// Where a road leads from its beginning: the vector to its first shape point beyond [`SIGHT`], else to its end.
fn sight(streets: &Streets, road: Road) -> (f64, f64) {
    let shape = streets.shape(segment_of(road));
    let from = streets.junctions[streets.ends(road).0.index()];
    let (mut sum, mut last) = (0.0, from);
    let mut reach = |p: &LonLat| {
        sum += last.metres_to(*p);
        last = *p;
        sum >= SIGHT
    };
    let found = if road & 1 == 0 {
        shape.iter().find(|p| reach(p)).or(shape.last())
    } else {
        shape.iter().rev().find(|p| reach(p)).or(shape.first())
    };
    let to = found.copied().unwrap_or(from);
    let x = (f64::from(to.lon_e7) - f64::from(from.lon_e7)) * from.lat().to_radians().cos();
    (x, f64::from(to.lat_e7) - f64::from(from.lat_e7))
}
