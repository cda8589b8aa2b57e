//! Turn restrictions of a city: each kind that real maps hold, at crossings of through streets.

use super::canvas::{Canvas, tag};
use super::pbf::{Member, Tags};
use super::streets::{SQUARE, Streets};

/// One of the four streets at a crossing.
#[derive(Clone, Copy)]
enum Arm {
    East,
    South,
    West,
}

fn arm(streets: &Streets, row: usize, column: usize, arm: Arm) -> Option<i64> {
    match arm {
        Arm::East => streets.east_of(row, column),
        Arm::South => streets.south_of(row, column),
        Arm::West => streets.west_of(row, column),
    }
}

/// Adds a rule where both streets exist.
fn rule(canvas: &mut Canvas, streets: &Streets, (row, column): (usize, usize), [from, to]: [Arm; 2], tags: Tags) {
    let spot = streets.spot(row, column);
    let ways = arm(streets, row, column, from).zip(arm(streets, row, column, to));
    if let (Some(spot), Some((from, to))) = (spot, ways) {
        canvas.restriction(from, Member::Node(spot.id), to, tags);
    }
}

/// Draws a city's turn restrictions.
pub(super) fn draw(canvas: &mut Canvas, streets: &Streets) {
    let m = streets.half;
    let far = streets.reach() * SQUARE;
    let (left, right, ahead) = ([Arm::South, Arm::West], [Arm::South, Arm::East], [Arm::West, Arm::East]);
    let plain = |value: &'static str| vec![tag("restriction", value)];
    rule(canvas, streets, (m, m + far), left, plain("no_left_turn"));
    rule(canvas, streets, (m, m - far), ahead, plain("only_straight_on"));
    let except = vec![tag("restriction", "no_right_turn"), tag("except", "hgv")];
    rule(canvas, streets, (m + SQUARE, m + far), right, except);
    let buses = vec![tag("restriction", "no_left_turn"), tag("except", "psv;bicycle")];
    rule(canvas, streets, (m - SQUARE, m + far), left, buses);
    rule(canvas, streets, (m - SQUARE, m - far), right, vec![tag("restriction:hgv", "no_right_turn")]);
    rule(canvas, streets, (m, m + SQUARE), [Arm::South, Arm::South], plain("no_u_turn"));
    let hours = vec![tag("restriction:conditional", "no_left_turn @ (Mo-Fr 07:00-09:00)")];
    rule(canvas, streets, (m + SQUARE, m), left, hours);
    // A member beyond the edge of the extract.
    if let (Some(spot), Some(from)) = (streets.spot(m - SQUARE, m), streets.south_of(m - SQUARE, m)) {
        canvas.restriction(from, Member::Node(spot.id), 9_000_000_000_000, plain("no_right_turn"));
    }
    // Left turns off busy streets at some of the other crossings.
    let mut row = m % SQUARE;
    while row < streets.side() {
        let mut column = m % SQUARE;
        while column < streets.side() {
            let special = row.abs_diff(m) <= far && column.abs_diff(m) <= far;
            if !special && canvas.rng.percent(6) {
                rule(canvas, streets, (row, column), left, plain("no_left_turn"));
            }
            column += SQUARE;
        }
        row += SQUARE;
    }
}
