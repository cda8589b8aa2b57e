//! Local search: moves between neighbouring stops until none improves.
//!
//! It runs on plans that are new bests only, so a move is priced by pricing the one or two routes it changes.

mod relocate;
mod swap;
mod swap_star;
mod two_opt;

use super::neighbours::Neighbours;
use super::state::{NOWHERE, State};

/// Neighbours that a move looks at (granular neighbourhood).
const GRANULAR: usize = 20;

/// A stop on its route.
#[derive(Clone, Copy, Debug)]
struct Place {
    tour: usize,
    position: usize,
}

/// Applies improving moves until there is none.
pub(super) fn descend(state: &mut State<'_>, neighbours: &Neighbours) {
    loop {
        let mut improved = false;
        for point in state.net.stops() {
            for &near in neighbours.of(point).iter().take(GRANULAR) {
                improved |= relocate::relocate(state, point, near);
                improved |= swap::swap(state, point, near);
                improved |= two_opt::two_opt(state, point, near);
            }
        }
        if !improved && !swap_star::swap_star(state) {
            return;
        }
    }
}

fn place(state: &State<'_>, point: usize) -> Option<Place> {
    let tour = *state.tour_of.get(point).filter(|t| **t != NOWHERE)?;
    let position = state.tours.get(tour)?.points.iter().position(|p| *p == point)?;
    Some(Place { tour, position })
}

/// Points of a tour.
fn points<'s>(state: &'s State<'_>, tour: usize) -> &'s [usize] {
    state.tours.get(tour).map_or(&[], |t| t.points.as_slice())
}

/// Gives one tour other points, in its cheapest class, if that costs less.
fn improve_one(state: &mut State<'_>, index: usize, points: &[usize]) -> bool {
    let Some(tour) = state.tours.get(index) else { return false };
    let (old, own) = (tour.cost, tour.class);
    match state.cheapest_class(points, Some(own)) {
        Some((cost, class)) if cost < old => state.set(index, class, points),
        _ => false,
    }
}

/// Gives two tours other points, each in its cheapest class, if both together cost less. An empty tour costs nothing.
fn improve_two(state: &mut State<'_>, a: usize, a_points: &[usize], b: usize, b_points: &[usize]) -> bool {
    let (Some(tour_a), Some(tour_b)) = (state.tours.get(a), state.tours.get(b)) else { return false };
    let (old, own_a, own_b) = (tour_a.cost + tour_b.cost, tour_a.class, tour_b.class);
    let own = |points: &[usize], class| {
        if points.is_empty() { Some((0, class)) } else { state.cheapest_class(points, Some(class)) }
    };
    let Some((cost_a, class_a)) = own(a_points, own_a).filter(|(cost, _)| *cost < old) else { return false };
    let Some((cost_b, mut class_b)) = own(b_points, own_b) else { return false };
    let mut new = cost_a + cost_b;
    // Both may want the last free vehicle of one class: then the second stays with its own.
    if class_a == class_b && class_a != own_a && class_b != own_b && state.free.get(class_a).is_none_or(|f| *f < 2) {
        let Some(cost) = state.net.cost(own_b, b_points) else { return false };
        (new, class_b) = (cost_a + cost, own_b);
    }
    if new >= old {
        return false;
    }
    state.set(a, class_a, a_points) && state.set(b, class_b, b_points)
}
