//! What is on a map besides roads, and what is odd about real extracts: water, rails, footpaths, an island whose only
//! link is a passenger boat, and a road that the extract's edge cuts twice.

use super::canvas::{Canvas, Spot, tag};
use super::pbf::Tags;
use super::plan::{BLOCK, COLUMNS, County, Plan, Rank, Settlement};
use super::plane::{Place, at};
use super::streets::Streets;

fn line(canvas: &mut Canvas, places: &[Place], tags: Tags) {
    let refs = places.iter().map(|p| canvas.shape(*p, Vec::new()).id).collect();
    canvas.way(refs, tags);
}

/// A closed outline.
fn area(canvas: &mut Canvas, middle: Place, half: Place, tags: Tags) {
    let corners = [at(-half.x, -half.y), at(half.x, -half.y), at(half.x, half.y), at(-half.x, half.y)];
    let mut refs: Vec<i64> = corners.iter().map(|c| canvas.shape(middle.plus(*c), Vec::new()).id).collect();
    refs.extend(refs.first().copied());
    canvas.way(refs, tags);
}

/// Line of the river north of the settlements beside the city.
pub(super) fn river_y(plan: &Plan, county: County) -> f64 {
    plan.cell_middle(county, 0, 1).y + plan.cell / 2.0
}

/// The river along a county, through its city, and the railway, a footpath and some houses of the city.
pub(super) fn draw(canvas: &mut Canvas, plan: &Plan, county: County, city: &Settlement, streets: &Streets) {
    let beside = |row: usize| city.middle.y + (row as f64 + 0.5 - city.half as f64) * BLOCK;
    let reach = city.half as f64 * BLOCK + 400.0;
    let west = plan.corner(county).x;
    let open_y = river_y(plan, county);
    if let Some(row) = streets.river_row() {
        let y = beside(row);
        let course = [
            at(west, open_y),
            at(city.middle.x - reach - 600.0, open_y),
            at(city.middle.x - reach, y),
            at(city.middle.x + reach, y),
            at(city.middle.x + reach + 600.0, open_y),
            at(west + COLUMNS as f64 * plan.cell, open_y),
        ];
        line(canvas, &course, vec![tag("waterway", "river"), tag("name", "Sable River")]);
    }
    if let Some(row) = streets.rail_row() {
        let y = beside(row);
        let track = [at(city.middle.x - reach, y), at(city.middle.x, y), at(city.middle.x + reach, y)];
        line(canvas, &track, vec![tag("railway", "rail")]);
    }
    let green = city.middle.plus(at(1.5 * BLOCK, 1.5 * BLOCK));
    line(canvas, &[green, green.plus(at(35.0, 20.0))], vec![tag("highway", "footway")]);
    line(canvas, &[green, green.plus(at(-30.0, 25.0))], vec![tag("highway", "cycleway")]);
    for k in 0..12 {
        let house = city.middle.plus(at((k as f64 - 6.0) * BLOCK + 50.0, -1.5 * BLOCK + 30.0));
        area(canvas, house, at(9.0, 7.0), vec![tag("building", "yes")]);
    }
}

/// An island with streets, in a lake; its only link is a boat for people on foot.
pub(super) fn island(canvas: &mut Canvas, middle: Place, landing: Option<Spot>) -> Streets {
    let settlement = Settlement { rank: Rank::Village, middle, half: 2 };
    area(canvas, middle, at(700.0, 600.0), vec![tag("natural", "water"), tag("name", "Heron Lake")]);
    let streets = Streets::draw(canvas, &settlement);
    if let (Some(pier), Some(landing)) = (streets.spot(0, 2), landing) {
        let boat = [("route", "ferry"), ("foot", "yes"), ("motor_vehicle", "no"), ("name", "Heron Island Launch")];
        canvas.way(vec![pier.id, landing.id], boat.map(|(k, v)| tag(k, v)).to_vec());
    }
    streets
}

/// A road from one settlement to the next that leaves the extract on its way: the nodes outside are not in the file.
pub(super) fn clipped_road(canvas: &mut Canvas, from: Spot, to: Spot, edge_y: f64) {
    let before_edge = |spot: Spot| at(spot.place.x, edge_y + 60.0);
    let mut refs = vec![from.id];
    refs.extend(canvas.curve(from.place, before_edge(from), 0.0, 400.0));
    refs.push(canvas.shape(before_edge(from), Vec::new()).id);
    refs.extend(canvas.missing_nodes(3));
    refs.push(canvas.shape(before_edge(to), Vec::new()).id);
    refs.extend(canvas.curve(before_edge(to), to.place, 0.0, 400.0));
    refs.push(to.id);
    canvas.way(refs, vec![tag("highway", "tertiary"), tag("name", "Border Road")]);
}
