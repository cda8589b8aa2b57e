//! Relocate: one, two or three stops in a row move behind a neighbour, in either direction (Or-opt within a route).

use super::{State, improve_one, improve_two, place, points};

/// Longest chain that moves.
const LONGEST: usize = 3;

/// Moves the chain that begins at `point` to behind or before `near`.
pub(super) fn relocate(state: &mut State<'_>, point: usize, near: usize) -> bool {
    (1..=LONGEST).any(|length| [false, true].into_iter().any(|reversed| chain(state, point, near, length, reversed)))
}

fn chain(state: &mut State<'_>, point: usize, near: usize, length: usize, reversed: bool) -> bool {
    let (Some(from), Some(to)) = (place(state, point), place(state, near)) else { return false };
    if reversed && length == 1 {
        return false;
    }
    let mut left = points(state, from.tour).to_vec();
    if from.position + length > left.len() {
        return false;
    }
    let mut moved: Vec<usize> = left.drain(from.position..from.position + length).collect();
    if moved.contains(&near) {
        return false;
    }
    if reversed {
        moved.reverse();
    }
    let same = from.tour == to.tour;
    let base = if same { left.clone() } else { points(state, to.tour).to_vec() };
    let Some(at) = base.iter().position(|p| *p == near) else { return false };
    [at, at + 1].into_iter().any(|position| {
        let mut joined = base.clone();
        joined.splice(position..position, moved.iter().copied());
        if same {
            improve_one(state, from.tour, &joined)
        } else {
            improve_two(state, to.tour, &joined, from.tour, &left)
        }
    })
}
