//! SWAP*: two stops of different routes change routes, each to the best place there, not to the place of the other
//! (Vidal 2022, section 3.4).

use super::{State, improve_two, points};

/// Best places of a stop that are remembered; the removal of the other stop spoils at most two.
const PLACES: usize = 3;

/// Applies the first improving exchange of any pair of routes.
pub(super) fn swap_star(state: &mut State<'_>) -> bool {
    let used: Vec<usize> = (0..state.tours.len()).filter(|t| !points(state, *t).is_empty()).collect();
    let mut improved = false;
    for (k, &a) in used.iter().enumerate() {
        for &b in used.get(k + 1..).unwrap_or_default() {
            improved |= pair(state, a, b);
        }
    }
    improved
}

fn pair(state: &mut State<'_>, a: usize, b: usize) -> bool {
    let (first, second) = (points(state, a).to_vec(), points(state, b).to_vec());
    for (i, &leaves_a) in first.iter().enumerate() {
        let in_b = best_places(state, b, leaves_a);
        for (j, &leaves_b) in second.iter().enumerate() {
            let in_a = best_places(state, a, leaves_b);
            let saved = saving(state, a, i) + saving(state, b, j);
            for (cost_b, at_b) in in_b.iter().copied().chain([(i64::MIN / 4, j)]) {
                for (cost_a, at_a) in in_a.iter().copied().chain([(i64::MIN / 4, i)]) {
                    // Where the stop that leaves was not a neighbour, this is what driving changes by.
                    if cost_a + cost_b >= saved && at_a.abs_diff(i) > 1 && at_b.abs_diff(j) > 1 {
                        continue;
                    }
                    let new_a = exchanged(&first, leaves_a, leaves_b, at_a);
                    let new_b = exchanged(&second, leaves_b, leaves_a, at_b);
                    if improve_two(state, a, &new_a, b, &new_b) {
                        return true;
                    }
                }
            }
        }
    }
    false
}

/// Driving that a tour saves without the stop at a position.
fn saving(state: &State<'_>, tour: usize, position: usize) -> i64 {
    let Some(tour) = state.tours.get(tour) else { return 0 };
    let Some(class) = state.net.classes.get(tour.class) else { return 0 };
    let at = |p: Option<usize>| p.and_then(|p| tour.points.get(p)).copied().unwrap_or(0);
    let (from, point, to) = (at(position.checked_sub(1)), at(Some(position)), at(Some(position + 1)));
    class.drive(from, point).saturating_add(class.drive(point, to)).saturating_sub(class.drive(from, to))
}

/// Positions of a tour where a stop adds least to driving, whatever windows and capacity say: the other stop still leaves.
fn best_places(state: &State<'_>, tour: usize, point: usize) -> Vec<(i64, usize)> {
    let Some(tour) = state.tours.get(tour) else { return Vec::new() };
    let Some(class) = state.net.classes.get(tour.class) else { return Vec::new() };
    let at = |position: usize| {
        let from = position.checked_sub(1).and_then(|p| tour.points.get(p)).copied().unwrap_or(0);
        let to = tour.points.get(position).copied().unwrap_or(0);
        class.drive(from, point).saturating_add(class.drive(point, to)).saturating_sub(class.drive(from, to))
    };
    let mut places: Vec<(i64, usize)> = (0..=tour.points.len()).map(|p| (at(p), p)).collect();
    places.sort_unstable();
    places.truncate(PLACES);
    places
}

/// Points without one that leaves, with another put at a position of the original.
fn exchanged(points: &[usize], leaves: usize, comes: usize, position: usize) -> Vec<usize> {
    let mut new = points.to_vec();
    new.insert(position, comes);
    new.retain(|p| *p != leaves);
    new
}
