//! Where hubs and units stand: first the settlement, by plan; then the place, when its streets are drawn.

use super::canvas::{Canvas, tag};
use super::pbf::Tags;
use super::plan::{CELLS, Plan, Rank};
use super::plane::{Place, at};
use super::rng::Rng;
use super::streets::{SQUARE, Streets};
use std::collections::BTreeMap;

/// Whose place it is, by position in its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Hub(usize),
    Ddu(usize),
}

/// Where something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Home {
    pub(super) county: usize,
    pub(super) cell: usize,
    pub(super) rank: Rank,
    /// On the island instead of in the settlement.
    pub(super) island: bool,
    /// In a yard behind a service road instead of beside a street.
    pub(super) yard: bool,
}

/// Least number of units for which one stands on the island.
const ISLAND_FROM: usize = 10;

fn weight(rank: Rank) -> usize {
    match rank {
        Rank::City => 10,
        Rank::Town => 3,
        Rank::Village => 1,
    }
}

/// Homes of the units: settlements get them by their size, the first unit stands on the island.
pub(super) fn ddu_homes(plan: &Plan, count: usize, rng: &mut Rng) -> Vec<Home> {
    let cells: Vec<(usize, usize, Rank)> = plan
        .counties()
        .flat_map(|county| {
            let index = plan.county_index(county);
            plan.ranks(county).into_iter().enumerate().map(move |(cell, rank)| (index, cell, rank)).collect::<Vec<_>>()
        })
        .collect();
    let all: usize = cells.iter().map(|(_, _, rank)| weight(*rank)).sum();
    let mut homes = Vec::with_capacity(count);
    if count >= ISLAND_FROM {
        homes.push(Home { county: 0, cell: 2, rank: Rank::Village, island: true, yard: false });
    }
    let rest = count - homes.len();
    let mut before = 0;
    for (county, cell, rank) in cells {
        let after = before + weight(rank);
        for _ in rest * before / all.max(1)..rest * after / all.max(1) {
            // The first unit of the first city always stands behind a private road.
            let first = rank == Rank::City && !homes.iter().take(64).any(|h: &Home| h.yard);
            homes.push(Home { county, cell, rank, island: false, yard: first || rng.percent(8) });
        }
        before = after;
    }
    homes
}

/// A home in one of the counties' larger settlements.
pub(super) fn hub_home(plan: &Plan, county: usize, local: bool, rng: &mut Rng) -> Home {
    let ranks = plan.counties().nth(county).map(|c| plan.ranks(c)).unwrap_or([Rank::City; CELLS]);
    let fits = |rank: Rank| if local { rank <= Rank::Town } else { rank >= Rank::Town };
    let cells: Vec<usize> = (0..CELLS).filter(|c| ranks.get(*c).is_some_and(|r| fits(*r))).collect();
    let cell = rng.pick(&cells).copied().unwrap_or(0);
    Home { county, cell, rank: ranks.get(cell).copied().unwrap_or(Rank::City), island: false, yard: true }
}

/// Owners by county, units first, each in the order of its table.
pub(super) fn by_county(ddus: &[Home], hubs: &[Home]) -> BTreeMap<usize, Vec<(Owner, Home)>> {
    let mut counties: BTreeMap<usize, Vec<(Owner, Home)>> = BTreeMap::new();
    for (i, home) in ddus.iter().enumerate() {
        counties.entry(home.county).or_default().push((Owner::Ddu(i), *home));
    }
    for (i, home) in hubs.iter().enumerate() {
        counties.entry(home.county).or_default().push((Owner::Hub(i), *home));
    }
    counties
}

/// A place beside a through street, where a building's dock may be.
pub(super) fn roadside(streets: &Streets, canvas: &mut Canvas) -> Place {
    let squares = streets.half / SQUARE;
    let row = streets.half + SQUARE * canvas.rng.below(2 * squares + 1) - SQUARE * squares;
    let column = canvas.rng.below(streets.side() - 1);
    let (Some(a), Some(b)) = (streets.spot(row, column), streets.spot(row, column + 1)) else {
        return Place::default();
    };
    let along = b.place.minus(a.place);
    let aside = along.left().times(18.0 / along.length().max(1.0));
    a.place.towards(b.place, 0.25 + 0.5 * canvas.rng.unit()).plus(aside)
}

/// A yard inside a block, with a service road to it; the place at its end.
pub(super) fn yard(streets: &Streets, canvas: &mut Canvas, access: Tags) -> Place {
    let squares = streets.half / SQUARE;
    let row = streets.half + SQUARE * canvas.rng.below(2 * squares + 1) - SQUARE * squares;
    let column = canvas.rng.below(streets.side() - 1);
    let Some(gate) = streets.spot(row, column) else { return Place::default() };
    let depth = 35.0 + 20.0 * canvas.rng.unit();
    let end = gate.place.plus(at(depth, depth));
    let dock = canvas.junction(end, Vec::new());
    let mut tags = vec![tag("highway", "service")];
    tags.extend(access);
    canvas.way(vec![gate.id, dock.id], tags);
    end.plus(at(4.0, 4.0))
}
