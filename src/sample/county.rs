//! One county of the region: settlements, the roads between them, the motorway, and the places of hubs and units.

use super::canvas::{Canvas, NextIds, Spot, tag};
use super::highway::{self, Mark};
use super::motorway::{self, End, Interchange, RAMP_TERMINAL};
use super::pbf::{MapNode, MapRelation, MapWay, Tags};
use super::plan::{CELLS, CITY_COLUMN, CITY_ROW, COLUMNS, County, Plan, ROWS};
use super::plane::{Place, at};
use super::rng::{Rng, Stream};
use super::sites::{self, Home, Owner};
use super::streets::Streets;
use super::{restrictions, scenery};
use crate::lonlat::LonLat;
use crate::road_class::RoadClass;

/// A county, drawn.
pub(super) struct CountyMap {
    pub(super) nodes: Vec<MapNode>,
    pub(super) ways: Vec<MapWay>,
    pub(super) relations: Vec<MapRelation>,
    pub(super) next_ids: NextIds,
    pub(super) junctions: u64,
    /// Where the hubs and units of this county stand.
    pub(super) sites: Vec<(Owner, LonLat)>,
}

/// Sides of a settlement where highways arrive.
#[derive(Clone, Copy)]
enum Gate {
    North,
    East,
    South,
    West,
}

struct Drawing<'a> {
    plan: &'a Plan,
    county: County,
    canvas: Canvas,
    towns: Vec<Streets>,
    interchanges: Vec<Interchange>,
    west_end: Option<End>,
    east_end: Option<End>,
}

/// Draws a county and finds places for its hubs and units.
pub(super) fn draw(plan: &Plan, county: County, ids: NextIds, homes: &[(Owner, Home)]) -> CountyMap {
    let rng = Rng::new(plan.seed, Stream::County, plan.county_index(county) as u64);
    let mut canvas = Canvas::new(rng, ids, plan.projection);
    let settlements = plan.settlements(county);
    let towns: Vec<Streets> = settlements.iter().map(|s| Streets::draw(&mut canvas, s)).collect();
    let city = CITY_ROW * COLUMNS + CITY_COLUMN;
    if let (Some(settlement), Some(streets)) = (settlements.get(city), towns.get(city)) {
        scenery::draw(&mut canvas, plan, county, settlement, streets);
        restrictions::draw(&mut canvas, streets);
    }
    let west_end = plan.west_of(county).and_then(|west| plan.motorway_portal(west)).map(End::Portal);
    let east_end = plan.motorway_portal(county).map(End::Portal);
    let mut drawing = Drawing { plan, county, canvas, towns, interchanges: Vec::new(), west_end, east_end };
    drawing.roads_north();
    drawing.roads_east();
    drawing.motorway();
    let island = (plan.county_index(county) == 0).then(|| drawing.edges_of_the_map());
    let Drawing { mut canvas, towns, .. } = drawing;
    let mut sites = Vec::with_capacity(homes.len());
    for (owner, home) in homes {
        let streets = match &island {
            Some(island) if home.island => Some(island),
            _ => towns.get(home.cell.min(CELLS - 1)),
        };
        let Some(streets) = streets else { continue };
        let place = match (home.yard, owner) {
            (false, _) => sites::roadside(streets, &mut canvas),
            (true, Owner::Ddu(_)) => sites::yard(streets, &mut canvas, vec![tag("access", "private")]),
            (true, Owner::Hub(_)) => sites::yard(streets, &mut canvas, vec![tag("access", "destination")]),
        };
        sites.push((*owner, plan.projection.to_earth(place)));
    }
    CountyMap {
        next_ids: canvas.ids,
        junctions: canvas.junctions,
        nodes: canvas.nodes,
        ways: canvas.ways,
        relations: canvas.relations,
        sites,
    }
}

impl Drawing<'_> {
    fn gate(&self, column: usize, row: usize, gate: Gate) -> Option<Spot> {
        let streets = self.towns.get(row * COLUMNS + column)?;
        let (middle, last) = (streets.half, streets.side() - 1);
        match gate {
            Gate::North => streets.spot(last, middle),
            Gate::East => streets.spot(middle, last),
            Gate::South => streets.spot(0, middle),
            Gate::West => streets.spot(middle, 0),
        }
    }

    /// Marks on both sides of a line that the road crosses on a bridge.
    fn bridge(ends: [Spot; 2], y: f64, half: f64, tags: Tags) -> Vec<Mark> {
        let [from, to] = ends;
        let share = |y: f64| (y - from.place.y) / (to.place.y - from.place.y);
        let mut bridge = vec![tag("bridge", "yes"), tag("layer", "1")];
        bridge.extend(tags);
        vec![
            Mark { share: share(y - half), tags: bridge, plain: true },
            Mark { share: share(y + half), tags: Vec::new(), plain: false },
        ]
    }

    fn bend(&mut self) -> f64 {
        self.canvas.rng.signed() * self.plan.cell * 0.03
    }

    /// Highways from south to north, one for each column of cells.
    fn roads_north(&mut self) {
        for column in 0..COLUMNS {
            let class = if column == CITY_COLUMN { RoadClass::Trunk } else { RoadClass::Secondary };
            let name = format!("County Highway {}", 10 + column * 2);
            let from_south = self.plan.south_of(self.county).and_then(|south| self.plan.north_portal(south, column));
            if let (Some(portal), Some(gate)) = (from_south, self.gate(column, 0, Gate::South)) {
                highway::draw(&mut self.canvas, [portal, gate], 0.0, class, &name, &[]);
            }
            if let (Some(from), Some(to)) = (self.gate(column, 0, Gate::North), self.gate(column, 1, Gate::South)) {
                self.road_over_motorway(column, [from, to], class, &name);
            }
            if let (Some(from), Some(to)) = (self.gate(column, 1, Gate::North), self.gate(column, 2, Gate::South)) {
                self.road_over_river(column, [from, to], class, &name);
            }
            let to_north = self.plan.north_portal(self.county, column);
            if let (Some(gate), Some(portal)) = (self.gate(column, ROWS - 1, Gate::North), to_north) {
                highway::draw(&mut self.canvas, [gate, portal], 0.0, class, &name, &[]);
            }
        }
    }

    fn road_over_motorway(&mut self, column: usize, ends: [Spot; 2], class: RoadClass, name: &str) {
        let y = self.plan.motorway_y(self.county);
        let sag = self.bend();
        let first = column == 0 && self.west_end.is_none();
        let last = column + 1 == COLUMNS && self.east_end.is_none();
        if first || last {
            let [from, to] = ends;
            let share = (y - from.place.y) / (to.place.y - from.place.y);
            let mark = Mark { share, tags: Vec::new(), plain: false };
            let drawn = highway::draw(&mut self.canvas, ends, sag, class, name, &[mark]);
            let end = drawn.marks.first().map(|spot| End::Junction(*spot));
            if first {
                self.west_end = end;
            } else {
                self.east_end = end;
            }
            return;
        }
        let marks = Self::bridge(ends, y, RAMP_TERMINAL, Vec::new());
        let drawn = highway::draw(&mut self.canvas, ends, sag, class, name, &marks);
        let linked = column == CITY_COLUMN || (column != 2 && self.canvas.rng.percent(50));
        if let (true, [south, north], Some(bridge)) = (linked, drawn.marks.as_slice(), drawn.after.first()) {
            let x = (south.place.x + north.place.x) / 2.0;
            self.interchanges.push(Interchange { x, south: *south, north: *north, bridge: *bridge });
        }
    }

    /// The city has its bridges inside; beside it, two of three roads cross the river, one of them on a weak bridge.
    fn road_over_river(&mut self, column: usize, ends: [Spot; 2], class: RoadClass, name: &str) {
        let sag = self.bend();
        let y = scenery::river_y(self.plan, self.county);
        let marks = match column {
            CITY_COLUMN => Vec::new(),
            0 => Self::bridge(ends, y, 60.0, Vec::new()),
            3 => Self::bridge(ends, y, 60.0, vec![tag("maxweight", "6 st")]),
            _ => return,
        };
        highway::draw(&mut self.canvas, ends, sag, class, name, &marks);
    }

    /// Highways from west to east, one for each row of cells; some stretches away from the city are missing.
    fn roads_east(&mut self) {
        for row in 0..ROWS {
            let class = if row == CITY_ROW { RoadClass::Primary } else { RoadClass::Secondary };
            let name = format!("County Highway {}", 11 + row * 2);
            let from_west = self.plan.west_of(self.county).and_then(|west| self.plan.east_portal(west, row));
            if let (Some(portal), Some(gate)) = (from_west, self.gate(0, row, Gate::West)) {
                highway::draw(&mut self.canvas, [portal, gate], 0.0, class, &name, &[]);
            }
            for column in 0..COLUMNS - 1 {
                if row != CITY_ROW && self.canvas.rng.percent(25) {
                    continue;
                }
                let ends = self.gate(column, row, Gate::East).zip(self.gate(column + 1, row, Gate::West));
                let sag = self.bend();
                if let Some((from, to)) = ends {
                    highway::draw(&mut self.canvas, [from, to], sag, class, &name, &[]);
                }
            }
            let to_east = self.plan.east_portal(self.county, row);
            if let (Some(gate), Some(portal)) = (self.gate(COLUMNS - 1, row, Gate::East), to_east) {
                highway::draw(&mut self.canvas, [gate, portal], 0.0, class, &name, &[]);
            }
        }
    }

    fn motorway(&mut self) {
        let y = self.plan.motorway_y(self.county);
        if let (Some(west), Some(east)) = (self.west_end, self.east_end) {
            motorway::draw(&mut self.canvas, y, west, east, &self.interchanges);
        }
    }

    /// The island and the road cut by the map's edge, in the first county only; the island's streets.
    fn edges_of_the_map(&mut self) -> Streets {
        let corner = self.plan.corner(self.county);
        if let (Some(from), Some(to)) = (self.gate(0, 0, Gate::South), self.gate(1, 0, Gate::South)) {
            scenery::clipped_road(&mut self.canvas, from, to, corner.y);
        }
        let middle: Place = corner.plus(at(3.0 * self.plan.cell, self.plan.cell));
        let landing = self.gate(2, 0, Gate::East);
        scenery::island(&mut self.canvas, middle, landing)
    }
}
