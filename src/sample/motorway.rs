//! A divided motorway: two one-way carriageways, diamond interchanges, and ends where it becomes a street.

use super::canvas::{Canvas, Spot, tag};
use super::pbf::{Member, Tags};
use super::plan::HALF_MEDIAN;
use super::plane::{Place, at};

/// From the crossing to where ramps leave and join, along the motorway.
const RAMP: f64 = 450.0;
/// From the motorway to where ramps meet the crossing road.
pub(super) const RAMP_TERMINAL: f64 = 150.0;
const SHAPE: f64 = 900.0;

/// Where a county's stretch of motorway begins or ends.
#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    /// It goes on in the next county: eastbound, westbound.
    Portal([Spot; 2]),
    /// Both carriageways meet a road.
    Junction(Spot),
}

/// A diamond interchange with a road that crosses on a bridge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interchange {
    /// Where the road crosses.
    pub(super) x: f64,
    /// Ramp terminal south and north of the motorway.
    pub(super) south: Spot,
    pub(super) north: Spot,
    /// The bridge between both terminals.
    pub(super) bridge: i64,
}

/// Draws both carriageways along `y` from west to east.
pub(super) fn draw(canvas: &mut Canvas, y: f64, west: End, east: End, interchanges: &[Interchange]) {
    let ends = |end: End, westbound: usize| match end {
        End::Portal(spots) => spots[westbound.min(1)],
        End::Junction(spot) => spot,
    };
    let eastbound = (y - HALF_MEDIAN, 1.0);
    let westbound = (y + HALF_MEDIAN, -1.0);
    let off_on = carriageway(canvas, ends(west, 0), ends(east, 0), eastbound, interchanges.iter());
    let on_off = carriageway(canvas, ends(east, 1), ends(west, 1), westbound, interchanges.iter().rev());
    let westbound_pairs = on_off.into_iter().rev();
    for ((crossing, east_pair), west_pair) in interchanges.iter().zip(off_on).zip(westbound_pairs) {
        let south = at(0.0, -RAMP_TERMINAL + 40.0);
        let north = at(0.0, RAMP_TERMINAL - 40.0);
        let middle = at(crossing.x, y);
        let corner = |side: Place, dx: f64| middle.plus(side).plus(at(dx, 0.0));
        let exit_east = ramp(canvas, east_pair[0], corner(south, -140.0), crossing.south);
        ramp(canvas, crossing.south, corner(south, 140.0), east_pair[1]);
        ramp(canvas, west_pair[0], corner(north, 140.0), crossing.north);
        let enter_west = ramp(canvas, crossing.north, corner(north, -140.0), west_pair[1]);
        // Off one carriageway, over the bridge and back on the other one.
        canvas.restriction(exit_east, Member::Way(crossing.bridge), enter_west, vec![tag("restriction", "no_u_turn")]);
    }
}

/// Draws one carriageway; the nodes where ramps leave and join it, one pair an interchange in driving order.
fn carriageway<'a>(
    canvas: &mut Canvas,
    from: Spot,
    to: Spot,
    (y, direction): (f64, f64),
    interchanges: impl Iterator<Item = &'a Interchange>,
) -> Vec<[Spot; 2]> {
    let mut pairs = Vec::new();
    let mut last = from;
    for crossing in interchanges {
        let leave = canvas.junction(at(crossing.x - direction * RAMP, y), vec![tag("highway", "motorway_junction")]);
        let join = canvas.junction(at(crossing.x + direction * RAMP, y), Vec::new());
        stretch(canvas, last, leave);
        stretch(canvas, leave, join);
        pairs.push([leave, join]);
        last = join;
    }
    stretch(canvas, last, to);
    pairs
}

fn stretch(canvas: &mut Canvas, from: Spot, to: Spot) {
    let mut refs = vec![from.id];
    refs.extend(canvas.curve(from.place, to.place, 0.0, SHAPE));
    refs.push(to.id);
    let mut tags: Tags = vec![tag("highway", "motorway"), tag("name", "Grand Prairie Freeway"), tag("oneway", "yes")];
    if canvas.rng.percent(70) {
        tags.push(tag("maxspeed", "70 mph"));
    }
    tags.push(tag("lanes", "2"));
    canvas.way(refs, tags);
}

fn ramp(canvas: &mut Canvas, from: Spot, corner: Place, to: Spot) -> i64 {
    let bend = canvas.shape(corner, Vec::new());
    canvas.way(vec![from.id, bend.id, to.id], vec![tag("highway", "motorway_link"), tag("oneway", "yes")])
}
