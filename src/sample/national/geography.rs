//! States on a lattice, towns in them, delivery units in towns.
//!
//! A unit has as much land as one of 18,000 in the contiguous United States, at any size of the auction, so that hauls
//! are as long and neighbours as near. States carry real codes, because regions of an award are states; where they lie
//! is invented, and ZIP codes are left empty.

use crate::lonlat::{Bounds, LonLat};
use crate::sample::names;
use crate::sample::plan::{MIDDLE, Rank};
use crate::sample::plane::{Place, Projection, at};
use crate::sample::rng::{Rng, Stream};
use crate::sample::tables::{self, DduRow, UnitSeed};

const CODES: [&str; 48] = [
    "AL", "AR", "AZ", "CA", "CO", "CT", "DE", "FL", "GA", "IA", "ID", "IL", "IN", "KS", "KY", "LA", "MA", "MD", "ME",
    "MI", "MN", "MO", "MS", "MT", "NC", "ND", "NE", "NH", "NJ", "NM", "NV", "NY", "OH", "OK", "OR", "PA", "RI", "SC",
    "SD", "TN", "TX", "UT", "VA", "VT", "WA", "WI", "WV", "WY",
];

/// Square metres a unit: 2,800 × 1,580 miles for 18,000.
const LAND: f64 = 2_800.0 * 1_580.0 / 18_000.0 * 1_609.344 * 1_609.344;
/// Metres around the middle of a settlement within which its units lie.
const CITY: f64 = 14_000.0;
const TOWN: f64 = 5_000.0;
const VILLAGE: f64 = 1_500.0;

/// A settlement with its units.
#[derive(Clone, Copy, Debug)]
pub(super) struct Town {
    pub(super) rank: Rank,
    pub(super) middle: Place,
    pub(super) state: usize,
    pub(super) units: usize,
}

/// Where everything is.
pub(super) struct Nation {
    pub(super) towns: Vec<Town>,
    projection: Projection,
    half: Place,
}

impl Nation {
    /// Places so many units.
    pub(super) fn new(seed: u64, units: usize) -> Self {
        let states = (units * CODES.len() / 18_000).clamp(2, CODES.len());
        // Nearly as wide as the country: states of 4 by 3, and 4 of them to 3.
        let mut high = 1;
        while (high + 1) * (high + 1) * 4 <= states * 3 {
            high += 1;
        }
        let wide = states.div_ceil(high);
        let height = (LAND * units as f64 / states as f64 * 3.0 / 4.0).sqrt();
        let width = height * 4.0 / 3.0;
        let half = at(width * wide as f64 / 2.0, height * high as f64 / 2.0);
        let mut towns = Vec::new();
        for state in 0..states {
            let corner = at((state % wide) as f64 * width, (state / wide) as f64 * height).minus(half);
            let mut rng = Rng::new(seed, Stream::Places, state as u64);
            let mut left = units * (state + 1) / states - units * state / states;
            while left > 0 {
                let (rank, size) = match rng.below(100) {
                    0..12 => (Rank::City, rng.between(8, 30)),
                    12..50 => (Rank::Town, rng.between(3, 8)),
                    _ => (Rank::Village, rng.between(1, 2)),
                };
                let size = usize::try_from(size).unwrap_or(1).min(left);
                let inside = at((0.05 + 0.9 * rng.unit()) * width, (0.05 + 0.9 * rng.unit()) * height);
                towns.push(Town { rank, middle: corner.plus(inside), state, units: size });
                left -= size;
            }
        }
        Self { towns, projection: Projection::around(MIDDLE), half }
    }

    /// A place on the earth.
    pub(super) fn to_earth(&self, place: Place) -> LonLat {
        self.projection.to_earth(place)
    }

    /// The nation's box.
    pub(super) fn bounds(&self) -> Bounds {
        Bounds { min: self.to_earth(self.half.times(-1.0)), max: self.to_earth(self.half) }
    }

    /// All units, town by town.
    pub(super) fn units(&self, seed: u64) -> Vec<DduRow> {
        let mut rows = Vec::new();
        for (number, town) in self.towns.iter().enumerate() {
            let (radius, kind) = match town.rank {
                Rank::City => (CITY, "Annex"),
                Rank::Town => (TOWN, "Carrier Station"),
                Rank::Village => (VILLAGE, "Post Office"),
            };
            let mut rng = Rng::new(seed, Stream::Places, 1_000_000 + number as u64);
            for _ in 0..town.units {
                // Denser towards the middle.
                let reach = radius * rng.unit();
                let place = town.middle.plus(at(rng.signed() * reach, rng.signed() * reach));
                let index = rows.len();
                let row = tables::unit(
                    seed,
                    index,
                    UnitSeed {
                        id: format!("D{:05}", index + 1),
                        name: format!("{} {kind} {}", names::town(number), index + 1),
                        zip5: String::new(),
                        state: CODES.get(town.state).copied().unwrap_or_default().to_owned(),
                        at: self.to_earth(place),
                        rank: town.rank,
                        points: None,
                        island: false,
                    },
                );
                rows.push(roomier(row, town.rank, &mut rng));
            }
        }
        rows
    }
}

/// More bidders meet here than in a region, so docks have more slots; no dock is too small for a van.
fn roomier(row: DduRow, rank: Rank, rng: &mut Rng) -> DduRow {
    let more = match rank {
        Rank::City => rng.between(0, 4),
        Rank::Town => rng.between(0, 3),
        Rank::Village => rng.between(0, 2),
    };
    let slots = row.slots + u32::try_from(more).unwrap_or(0);
    let (max_length_ft, max_height_ft) = match row.max_length_ft {
        Some(length) if length < 24 => (Some(24), Some("10.5")),
        length => (length, row.max_height_ft),
    };
    DduRow { slots, max_length_ft, max_height_ft, ..row }
}
