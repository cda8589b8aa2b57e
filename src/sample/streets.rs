//! The streets of one settlement: a grid with the irregularities of a grown town.
//!
//! Every fourth line is a through street and always complete. The squares between them lose some of their inner
//! streets, either those from west to east or those from south to north, never both: so every house stays connected
//! while the blocks differ. A city has besides a one-way core, a river and a railway that few streets cross, and a
//! parkway closed to trucks along the river.

use super::canvas::{Canvas, Spot, tag, tag_text};
use super::names;
use super::pbf::Tags;
use super::plan::{BLOCK, Rank, Settlement};
use super::plane::at;
use crate::road_class::RoadClass;

/// Lines between through streets, and half the width of the one-way core.
pub(super) const SQUARE: usize = 4;

/// A piece of street between two neighbouring junctions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// No street.
    Missing,
    /// Both ways.
    Plain,
    /// One way; true towards east or north.
    OneWay(bool),
    /// Along the river, closed to trucks.
    Parkway,
    /// Over the river.
    Bridge,
    /// Over the river, for a toll.
    TollBridge,
    /// Over the river, for light vehicles.
    WeakBridge,
    /// Under the railway, for low vehicles.
    Underpass,
}

/// A settlement's streets, drawn.
pub(super) struct Streets {
    pub(super) half: usize,
    rank: Rank,
    spots: Vec<Spot>,
    /// Way of the street from a junction to its eastern neighbour; 0 where there is none.
    east_ways: Vec<i64>,
    /// Way of the street from a junction to its northern neighbour; 0 where there is none.
    north_ways: Vec<i64>,
    row_names: Vec<String>,
    column_names: Vec<String>,
    squares: Vec<Square>,
}

/// Which streets inside a square may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Square {
    Complete,
    LosesEastWest,
    LosesNorthSouth,
}

/// Where a street leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heading {
    East,
    North,
}

impl Streets {
    /// Draws a settlement.
    pub(super) fn draw(canvas: &mut Canvas, settlement: &Settlement) -> Self {
        let side = 2 * settlement.half + 1;
        let squares_a_side = side / SQUARE + 2;
        let mut streets = Self {
            half: settlement.half,
            rank: settlement.rank,
            spots: Vec::with_capacity(side * side),
            east_ways: vec![0; side * side],
            north_ways: vec![0; side * side],
            row_names: (0..side).map(|_| names::street(&mut canvas.rng)).collect(),
            column_names: (0..side).map(|_| names::street(&mut canvas.rng)).collect(),
            squares: Vec::with_capacity(squares_a_side * squares_a_side),
        };
        for _ in 0..squares_a_side * squares_a_side {
            streets.squares.push(match canvas.rng.below(5) {
                0 => Square::Complete,
                1 | 2 => Square::LosesEastWest,
                _ => Square::LosesNorthSouth,
            });
        }
        let turn = if settlement.rank == Rank::City { 0.0 } else { canvas.rng.signed() * 0.12 };
        for row in 0..side {
            for column in 0..side {
                let wobble = at(canvas.rng.signed() * 9.0, canvas.rng.signed() * 9.0);
                let from_middle =
                    at((column as f64 - settlement.half as f64) * BLOCK, (row as f64 - settlement.half as f64) * BLOCK);
                let place = settlement.middle.plus(from_middle.turned(turn)).plus(wobble);
                let tags = streets.junction_tags(canvas, row, column);
                streets.spots.push(canvas.junction(place, tags));
            }
        }
        for line in 0..side {
            streets.draw_line(canvas, line, Heading::East);
            streets.draw_line(canvas, line, Heading::North);
        }
        streets
    }

    /// Streets in each direction.
    pub(super) fn side(&self) -> usize {
        2 * self.half + 1
    }

    /// The row north of which the river runs, in a city.
    pub(super) fn river_row(&self) -> Option<usize> {
        (self.rank == Rank::City).then(|| self.half + self.reach() * SQUARE - 1)
    }

    /// The row north of which the railway runs, in a city.
    pub(super) fn rail_row(&self) -> Option<usize> {
        (self.rank == Rank::City).then(|| (self.half - self.reach() * SQUARE).saturating_sub(1))
    }

    /// Squares from the middle to the river and the railway.
    pub(super) fn reach(&self) -> usize {
        (self.half / (3 * SQUARE)).max(2)
    }

    /// A junction.
    pub(super) fn spot(&self, row: usize, column: usize) -> Option<Spot> {
        (row < self.side() && column < self.side()).then(|| self.spots.get(row * self.side() + column).copied())?
    }

    /// The street from a junction towards the east.
    pub(super) fn east_of(&self, row: usize, column: usize) -> Option<i64> {
        self.way(&self.east_ways, row, Some(column))
    }

    /// The street from a junction towards the west.
    pub(super) fn west_of(&self, row: usize, column: usize) -> Option<i64> {
        self.way(&self.east_ways, row, column.checked_sub(1))
    }

    /// The street from a junction towards the south.
    pub(super) fn south_of(&self, row: usize, column: usize) -> Option<i64> {
        self.way(&self.north_ways, row.checked_sub(1)?, Some(column))
    }

    fn way(&self, ways: &[i64], row: usize, column: Option<usize>) -> Option<i64> {
        let column = column.filter(|c| *c < self.side())?;
        ways.get(row * self.side() + column).copied().filter(|id| *id != 0)
    }

    /// True for the lines that are never interrupted.
    fn is_through(&self, line: usize) -> bool {
        line.abs_diff(self.half).is_multiple_of(SQUARE) || line == 0 || line + 1 == self.side()
    }

    fn is_complete_row(&self, row: usize) -> bool {
        self.is_through(row) || Some(row) == self.river_row() || Some(row) == self.rail_row()
    }

    /// Class of a line of streets by its distance from the middle.
    fn class(&self, line: usize) -> RoadClass {
        let offset = line.abs_diff(self.half);
        match (self.rank, offset) {
            (Rank::City, 0) => RoadClass::Primary,
            (Rank::Town, 0) => RoadClass::Secondary,
            (Rank::Village, 0) => RoadClass::Tertiary,
            (Rank::City, o) if o % (2 * SQUARE) == 0 => RoadClass::Secondary,
            (Rank::City | Rank::Town, o) if o % SQUARE == 0 => RoadClass::Tertiary,
            _ => RoadClass::Residential,
        }
    }

    fn is_core(&self, line: usize) -> bool {
        self.rank == Rank::City && line.abs_diff(self.half) < SQUARE
    }

    fn junction_tags(&self, canvas: &mut Canvas, row: usize, column: usize) -> Tags {
        let (a, b) = (self.class(row), self.class(column));
        let core = self.is_core(row) && self.is_core(column);
        let arterial = a.max(b) <= RoadClass::Tertiary && a.min(b) <= RoadClass::Secondary;
        if arterial || (core && canvas.rng.percent(60)) {
            vec![tag("highway", "traffic_signals")]
        } else if a == RoadClass::Tertiary && b == RoadClass::Tertiary && canvas.rng.percent(50) {
            vec![tag("highway", "stop"), tag("stop", "all")]
        } else {
            Vec::new()
        }
    }

    fn square(&self, row: usize, column: usize) -> Square {
        if self.is_core(row) && self.is_core(column) {
            return Square::Complete;
        }
        // Adding 3 × half makes the through line of the middle a multiple of 4, without negative numbers.
        let base = 3 * self.half / SQUARE;
        let index = |line: usize| (line + 3 * self.half) / SQUARE - base;
        let a_side = self.side() / SQUARE + 2;
        self.squares.get(index(row) * a_side + index(column)).copied().unwrap_or(Square::Complete)
    }

    /// What lies between a junction and its neighbour.
    fn style(&self, canvas: &mut Canvas, row: usize, column: usize, heading: Heading) -> Style {
        let one_way = |line: usize, along: usize| {
            let reach = self.half.saturating_sub(SQUARE)..self.half + SQUARE;
            self.is_core(line) && line != self.half && reach.contains(&along)
        };
        match heading {
            Heading::East => {
                if Some(row) == self.river_row() {
                    Style::Parkway
                } else if one_way(row, column) {
                    Style::OneWay(row.is_multiple_of(2))
                } else if !self.is_complete_row(row) && self.square(row, column) == Square::LosesEastWest {
                    Self::perhaps(canvas)
                } else {
                    Style::Plain
                }
            }
            Heading::North => {
                if Some(row) == self.river_row() {
                    self.river_crossing(column)
                } else if Some(row) == self.rail_row() {
                    self.rail_crossing(column)
                } else if one_way(column, row) {
                    Style::OneWay(column.is_multiple_of(2))
                } else if !self.is_through(column) && self.square(row, column) == Square::LosesNorthSouth {
                    Self::perhaps(canvas)
                } else {
                    Style::Plain
                }
            }
        }
    }

    fn perhaps(canvas: &mut Canvas) -> Style {
        if canvas.rng.percent(20) { Style::Missing } else { Style::Plain }
    }

    /// Three bridges, and one more every 32 streets in large cities.
    fn river_crossing(&self, column: usize) -> Style {
        let reach = self.reach() * SQUARE;
        if column == self.half {
            Style::Bridge
        } else if column == self.half + reach {
            Style::TollBridge
        } else if column + reach == self.half {
            Style::WeakBridge
        } else if column.abs_diff(self.half).is_multiple_of(32) {
            Style::Bridge
        } else {
            Style::Missing
        }
    }

    /// The main street goes under the railway, every other through street crosses it, the rest end at it.
    fn rail_crossing(&self, column: usize) -> Style {
        match column.abs_diff(self.half) {
            0 => Style::Underpass,
            offset if offset % SQUARE == 0 => Style::Plain,
            _ => Style::Missing,
        }
    }

    fn draw_line(&mut self, canvas: &mut Canvas, line: usize, heading: Heading) {
        let cell = |step: usize| match heading {
            Heading::East => (line, step),
            Heading::North => (step, line),
        };
        let last = self.side() - 1;
        let styles: Vec<Style> = (0..last)
            .map(|step| {
                let (row, column) = cell(step);
                self.style(canvas, row, column, heading)
            })
            .collect();
        let mut from = 0;
        while let Some(style) = styles.get(from).copied() {
            let mut to = from + 1;
            let long = matches!(style, Style::Plain | Style::OneWay(_) | Style::Parkway);
            while long && styles.get(to) == Some(&style) && to.abs_diff(self.half) % SQUARE != 0 {
                to += 1;
            }
            let run: Vec<Spot> = (from..=to).filter_map(|s| self.spot(cell(s).0, cell(s).1)).collect();
            if style == Style::Missing {
                self.dead_ends(canvas, &run, line, heading);
            } else {
                let way = self.draw_run(canvas, &run, line, heading, style);
                for step in from..to {
                    let (row, column) = cell(step);
                    let index = row * self.side() + column;
                    let ways = match heading {
                        Heading::East => &mut self.east_ways,
                        Heading::North => &mut self.north_ways,
                    };
                    if let Some(slot) = ways.get_mut(index) {
                        *slot = way;
                    }
                }
            }
            from = to;
        }
    }

    fn draw_run(&self, canvas: &mut Canvas, run: &[Spot], line: usize, heading: Heading, style: Style) -> i64 {
        let class = if style == Style::Parkway { RoadClass::Secondary } else { self.class(line) };
        let mut refs = Vec::with_capacity(run.len() * 2);
        for (i, spot) in run.iter().enumerate() {
            refs.push(spot.id);
            let Some(next) = run.get(i + 1) else { break };
            let winding = style == Style::Parkway || (class == RoadClass::Residential && canvas.rng.percent(25));
            if winding {
                let sag = canvas.rng.signed() * 14.0;
                refs.extend(canvas.curve(spot.place, next.place, sag, 40.0));
            } else if class == RoadClass::Residential && i + 2 == run.len() && canvas.rng.percent(15) {
                let before = spot.place.towards(next.place, 0.9);
                let sign = vec![tag("highway", "stop"), tag("direction", "forward")];
                refs.push(canvas.shape(before, sign).id);
            }
        }
        let names = if heading == Heading::East { &self.row_names } else { &self.column_names };
        let name = names.get(line).cloned().unwrap_or_default();
        let mut tags = vec![tag("highway", class.name()), tag_text("name", name)];
        tags.extend(posted_limit(canvas, class));
        // One street of the core is drawn against its traffic, as some are on real maps.
        let against = line == self.half + SQUARE - 1;
        match style {
            Style::OneWay(true) if !against => tags.push(tag("oneway", "yes")),
            Style::OneWay(forward) => {
                if forward == against {
                    refs.reverse();
                }
                tags.push(tag("oneway", if against { "-1" } else { "yes" }));
            }
            Style::Parkway => {
                tags.truncate(1);
                let scenic = [("name", "River Parkway"), ("maxspeed", "45 mph"), ("hgv", "no")];
                tags.extend(scenic.map(|(k, v)| tag(k, v)));
            }
            Style::Bridge => tags.extend(bridge()),
            Style::TollBridge => tags.extend(bridge().into_iter().chain([tag("toll", "yes")])),
            Style::WeakBridge => tags.extend(bridge().into_iter().chain([tag("maxweight", "15 st")])),
            Style::Underpass => tags.extend([tag("maxheight", "11'6\""), tag("layer", "-1"), tag("tunnel", "yes")]),
            Style::Plain | Style::Missing => {}
        }
        canvas.way(refs, tags)
    }

    /// Where a street is missing, half of the time a short cul-de-sac is left of it.
    fn dead_ends(&self, canvas: &mut Canvas, run: &[Spot], line: usize, heading: Heading) {
        let [a, b] = run else { return };
        if self.class(line) != RoadClass::Residential || !canvas.rng.percent(50) {
            return;
        }
        let at_barrier = heading == Heading::North && (self.rank == Rank::City);
        let share = if at_barrier { 0.3 } else { 0.5 };
        let end = canvas.junction(a.place.towards(b.place, share), vec![tag("highway", "turning_circle")]);
        canvas.way(vec![a.id, end.id], vec![tag("highway", "residential"), tag("noexit", "yes")]);
    }
}

fn bridge() -> Tags {
    vec![tag("bridge", "yes"), tag("layer", "1")]
}

/// Speed limits are tagged on some ways only, as on real maps of the United States.
fn posted_limit(canvas: &mut Canvas, class: RoadClass) -> Tags {
    let (chance, limit) = match class {
        RoadClass::Primary => (60, "40 mph"),
        RoadClass::Secondary => (45, "35 mph"),
        RoadClass::Tertiary => (25, "30 mph"),
        RoadClass::Residential => (10, "25 mph"),
        _ => (0, ""),
    };
    if canvas.rng.percent(chance) { vec![tag("maxspeed", limit)] } else { Vec::new() }
}
