//! Swap: one or two stops in a row change places with one or two of another route, or of the same.

use super::{State, improve_one, improve_two, place, points};

/// Longest chain on each side.
const LONGEST: usize = 2;

/// Swaps the chain that begins at `point` with the one that begins at `near`.
pub(super) fn swap(state: &mut State<'_>, point: usize, near: usize) -> bool {
    (1..=LONGEST).any(|a| (1..=LONGEST).any(|b| chains(state, point, a, near, b)))
}

fn chains(state: &mut State<'_>, point: usize, length: usize, near: usize, other: usize) -> bool {
    let (Some(a), Some(b)) = (place(state, point), place(state, near)) else { return false };
    let mut first = points(state, a.tour).to_vec();
    if a.tour == b.tour {
        // Within a route: whichever comes first, and no overlap.
        let (lo, lo_length, hi, hi_length) = if a.position < b.position {
            (a.position, length, b.position, other)
        } else {
            (b.position, other, a.position, length)
        };
        if lo + lo_length > hi || hi + hi_length > first.len() {
            return false;
        }
        let late: Vec<usize> = first.drain(hi..hi + hi_length).collect();
        let early: Vec<usize> = first.splice(lo..lo + lo_length, late).collect();
        let back = hi + hi_length - lo_length;
        first.splice(back..back, early);
        return improve_one(state, a.tour, &first);
    }
    let mut second = points(state, b.tour).to_vec();
    if a.position + length > first.len() || b.position + other > second.len() {
        return false;
    }
    let from_second: Vec<usize> = second.get(b.position..b.position + other).unwrap_or_default().to_vec();
    let from_first: Vec<usize> = first.splice(a.position..a.position + length, from_second).collect();
    second.splice(b.position..b.position + other, from_first);
    improve_two(state, a.tour, &first, b.tour, &second)
}
