//! The plan of the region, before anything is drawn.
//!
//! Counties lie on a lattice. Each has 4 × 3 cells with one settlement each: a city, three towns, eight villages. A
//! county is drawn alone, with its own random stream; what it shares with its neighbours are *portals*, nodes on the
//! common border whose ids follow from their position. So the map is written county by county in bounded memory, and
//! has the hierarchy of real maps (blocks, towns, counties) at any size.

use super::canvas::Spot;
use super::pbf::MapNode;
use super::plane::{Place, Projection, at};
use super::rng::{Rng, Stream};
use crate::lonlat::{Bounds, LonLat};

/// Cells of a county from west to east and from south to north.
pub(super) const COLUMNS: usize = 4;
pub(super) const ROWS: usize = 3;
/// Settlements of a county.
pub(super) const CELLS: usize = COLUMNS * ROWS;
/// The city's cell.
pub(super) const CITY_COLUMN: usize = 1;
pub(super) const CITY_ROW: usize = 1;
const CITY_CELL: usize = CITY_ROW * COLUMNS + CITY_COLUMN;

/// Length of a block of streets in metres.
pub(super) const BLOCK: f64 = 110.0;
/// Half the distance between the carriageways of a motorway.
pub(super) const HALF_MEDIAN: f64 = 12.0;
/// From the city's southern edge to its motorway.
const CITY_TO_MOTORWAY: f64 = 500.0;
/// Open land around the largest settlement of a cell.
const OPEN_LAND: f64 = 4_000.0;

/// Junctions of a county at full size: a city of 10,000, three towns of 2,500, eight villages of 400 and the roads
/// between them.
const FULL_COUNTY: f64 = 20_700.0;
/// Junctions of a county that do not shrink with its settlements: rural junctions, ramps, yards.
const RURAL: f64 = 150.0;

/// What a settlement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Village,
    Town,
    City,
}

/// A settlement of the plan.
#[derive(Clone, Debug)]
pub(super) struct Settlement {
    pub(super) rank: Rank,
    pub(super) middle: Place,
    /// Blocks from the middle to each edge; it has `2 × half + 1` streets in both directions.
    pub(super) half: usize,
}

/// The plan of the region.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) seed: u64,
    /// Counties from west to east and from south to north.
    pub(super) wide: usize,
    pub(super) high: usize,
    /// Side of a cell in metres.
    pub(super) cell: f64,
    half_city: usize,
    half_town: usize,
    half_village: usize,
    pub(super) projection: Projection,
}

/// A county by its place on the lattice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct County {
    pub(super) east: usize,
    pub(super) north: usize,
}

/// Middle of the invented region: the plains of the central United States, Central Time.
pub(super) const MIDDLE: LonLat = LonLat { lon_e7: -983_000_000, lat_e7: 384_000_000 };
/// Its clock.
pub(super) const TIME_ZONE: &str = "America/Chicago";
/// The state its ZIP codes are written for.
pub(super) const STATE: &str = "KS";

/// Half the number of streets of a square settlement with so many junctions.
fn half_side(junctions: f64, least: usize) -> usize {
    let side = junctions.max(1.0).sqrt();
    let mut half = least;
    while (2 * half + 2) as f64 <= side {
        half += 1;
    }
    half
}

impl Plan {
    pub(super) fn new(seed: u64, junctions: u32) -> Self {
        let wanted = f64::from(junctions);
        let mut counties = 1_usize;
        while (counties as f64 + 0.5) * FULL_COUNTY < wanted {
            counties += 1;
        }
        // Nearly square in metres: counties are 4 cells wide and 3 high.
        let mut high = 1_usize;
        while (high + 1) * (high + 1) * ROWS <= counties * COLUMNS {
            high += 1;
        }
        let wide = counties.div_ceil(high);
        let share = ((wanted / (wide * high) as f64 - RURAL) / FULL_COUNTY).max(0.03);
        let half_city = half_side(10_000.0 * share, 10);
        let half_town = half_side(2_500.0 * share, 4);
        let half_village = half_side(400.0 * share, 2);
        let cell = 2.0 * half_city as f64 * BLOCK + OPEN_LAND;
        let projection = Projection::around(MIDDLE);
        Self { seed, wide, high, cell, half_city, half_town, half_village, projection }
    }

    /// Counties in the order they are drawn.
    pub(super) fn counties(&self) -> impl Iterator<Item = County> + use<> {
        let wide = self.wide;
        (0..self.high).flat_map(move |north| (0..wide).map(move |east| County { east, north }))
    }

    /// Position of a county in that order.
    pub(super) fn county_index(&self, county: County) -> usize {
        county.north * self.wide + county.east
    }

    /// Settlements of the region.
    pub(super) fn settlement_count(&self) -> usize {
        self.wide * self.high * CELLS
    }

    /// Ranks of a county's cells, west to east, then south to north.
    pub(super) fn ranks(&self, county: County) -> [Rank; CELLS] {
        let mut rng = Rng::new(self.seed, Stream::Names, self.county_index(county) as u64);
        let mut others: Vec<usize> = (0..CELLS).filter(|c| *c != CITY_CELL).collect();
        rng.shuffle(&mut others);
        let mut ranks = [Rank::Village; CELLS];
        for (cell, rank) in ranks.iter_mut().enumerate() {
            if cell == CITY_CELL {
                *rank = Rank::City;
            } else if others.iter().take(3).any(|c| *c == cell) {
                *rank = Rank::Town;
            }
        }
        ranks
    }

    /// A county's settlements in the order of its cells.
    pub(super) fn settlements(&self, county: County) -> Vec<Settlement> {
        let mut rng = Rng::new(self.seed, Stream::Names, 500_000 + self.county_index(county) as u64);
        let ranks = self.ranks(county);
        let settle = |(cell, rank): (usize, Rank)| {
            let (column, row) = (cell % COLUMNS, cell / COLUMNS);
            let nudge = at(rng.signed() * 200.0, rng.signed() * 200.0);
            let middle = self.cell_middle(county, column, row);
            let (half, middle) = match rank {
                Rank::City => (self.half_city, middle),
                Rank::Town => (self.half_town, middle.plus(nudge)),
                Rank::Village => (self.half_village, middle.plus(nudge)),
            };
            Settlement { rank, middle, half }
        };
        ranks.into_iter().enumerate().map(settle).collect()
    }

    /// South-west corner of a county.
    pub(super) fn corner(&self, county: County) -> Place {
        let (width, height) = (COLUMNS as f64 * self.cell, ROWS as f64 * self.cell);
        at(
            (county.east as f64 - self.wide as f64 / 2.0) * width,
            (county.north as f64 - self.high as f64 / 2.0) * height,
        )
    }

    /// Middle of a county's cell.
    pub(super) fn cell_middle(&self, county: County, column: usize, row: usize) -> Place {
        self.corner(county).plus(at((column as f64 + 0.5) * self.cell, (row as f64 + 0.5) * self.cell))
    }

    /// Line of a county's motorway, from west to east.
    pub(super) fn motorway_y(&self, county: County) -> f64 {
        self.cell_middle(county, CITY_COLUMN, CITY_ROW).y - self.half_city as f64 * BLOCK - CITY_TO_MOTORWAY
    }

    /// The box of the region.
    pub(super) fn bounds(&self) -> Bounds {
        let half = at((self.wide * COLUMNS) as f64 * self.cell / 2.0, (self.high * ROWS) as f64 * self.cell / 2.0);
        Bounds { min: self.projection.to_earth(half.times(-1.0)), max: self.projection.to_earth(half) }
    }

    /// Where the road of a column crosses the northern border of a county; `None` at the region's edge.
    pub(super) fn north_portal(&self, county: County, column: usize) -> Option<Spot> {
        let inside = county.north + 1 < self.high && column < COLUMNS;
        let index = county.north * self.wide * COLUMNS + county.east * COLUMNS + column;
        let corner = self.corner(county);
        let place = corner.plus(at((column as f64 + 0.5) * self.cell, ROWS as f64 * self.cell));
        inside.then_some(Spot { id: 1 + index as i64, place })
    }

    /// Where the road of a row crosses the eastern border of a county; `None` at the region's edge.
    pub(super) fn east_portal(&self, county: County, row: usize) -> Option<Spot> {
        let inside = county.east + 1 < self.wide && row < ROWS;
        let before = self.high.saturating_sub(1) * self.wide * COLUMNS;
        let index = before + (county.east * self.high + county.north) * ROWS + row;
        let place = self.corner(county).plus(at(COLUMNS as f64 * self.cell, (row as f64 + 0.5) * self.cell));
        inside.then_some(Spot { id: 1 + index as i64, place })
    }

    /// Where the motorway's carriageways (eastbound, westbound) cross the eastern border; `None` at the region's edge.
    pub(super) fn motorway_portal(&self, county: County) -> Option<[Spot; 2]> {
        let inside = county.east + 1 < self.wide;
        let before = self.high.saturating_sub(1) * self.wide * COLUMNS + self.wide.saturating_sub(1) * self.high * ROWS;
        let index = before + (county.east * self.high + county.north) * 2;
        let x = self.corner(county).x + COLUMNS as f64 * self.cell;
        let y = self.motorway_y(county);
        inside.then_some([
            Spot { id: 1 + index as i64, place: at(x, y - HALF_MEDIAN) },
            Spot { id: 2 + index as i64, place: at(x, y + HALF_MEDIAN) },
        ])
    }

    /// All portals, by rising id.
    pub(super) fn portals(&self) -> Vec<MapNode> {
        let mut spots: Vec<Spot> = Vec::new();
        for county in self.counties() {
            spots.extend((0..COLUMNS).filter_map(|column| self.north_portal(county, column)));
            spots.extend((0..ROWS).filter_map(|row| self.east_portal(county, row)));
            spots.extend(self.motorway_portal(county).into_iter().flatten());
        }
        spots.sort_by_key(|s| s.id);
        let node = |s: Spot| MapNode { id: s.id, at: self.projection.to_earth(s.place), tags: Vec::new() };
        spots.into_iter().map(node).collect()
    }

    /// The county to the west, if any.
    pub(super) fn west_of(&self, county: County) -> Option<County> {
        county.east.checked_sub(1).map(|east| County { east, ..county })
    }

    /// The county to the south, if any.
    pub(super) fn south_of(&self, county: County) -> Option<County> {
        county.north.checked_sub(1).map(|north| County { north, ..county })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portal_ids_are_dense_and_unique() {
        for junctions in [1_000, 100_000, 2_000_000] {
            let portals = Plan::new(1, junctions).portals();
            for (i, node) in portals.iter().enumerate() {
                assert_eq!(node.id, i as i64 + 1, "{junctions}");
            }
        }
    }

    #[test]
    fn size_follows_the_wish() {
        for wanted in [4_000_u32, 50_000, 2_000_000] {
            let plan = Plan::new(1, wanted);
            let square = |half: usize| (2 * half + 1) * (2 * half + 1);
            let county = square(plan.half_city) + 3 * square(plan.half_town) + 8 * square(plan.half_village);
            let all = (county * plan.wide * plan.high) as f64;
            assert!((all / f64::from(wanted) - 1.0).abs() < 0.15, "{wanted}: {all}");
        }
    }
}
