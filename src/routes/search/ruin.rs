//! Adjacent string removal (SISR, section 4.1), and routes that try another class.

use super::neighbours::Neighbours;
use super::state::{NOWHERE, State};
use crate::rng::Rng;

/// Stops removed in an iteration, on average.
const REMOVED: usize = 10;
/// Longest string.
const LONGEST: usize = 10;
/// Chance in a hundred that a string leaves stops in its middle.
const SPLIT: usize = 50;
/// Chance in a hundred that a ruined route tries another class, where there are several.
const RECLASS: usize = 20;

/// Removes strings around a random stop.
pub(super) fn ruin(state: &mut State<'_>, neighbours: &Neighbours, rng: &mut Rng) {
    let stops = state.net.points - 1;
    let used: Vec<usize> = state.tours.iter().map(|t| t.points.len()).filter(|l| *l > 0).collect();
    if used.is_empty() {
        return;
    }
    let mean = (stops - state.absent.len()).div_ceil(used.len());
    let longest = LONGEST.min(mean).max(1);
    // Strings: uniform below 4 × removed / (1 + longest) - 1, as a whole number from 1.
    let most = (4 * REMOVED / (1 + longest)).saturating_sub(1).max(1);
    let strings = 1 + rng.below(most);
    let seed = 1 + rng.below(stops);
    let mut ruined: Vec<usize> = Vec::with_capacity(strings);
    for &near in std::iter::once(&seed).chain(neighbours.of(seed)) {
        if ruined.len() >= strings {
            break;
        }
        let index = state.tour_of.get(near).copied().unwrap_or(NOWHERE);
        if index == NOWHERE || ruined.contains(&index) {
            continue;
        }
        ruined.push(index);
        remove(state, index, near, longest, rng);
    }
    if state.net.classes.len() > 1 {
        for index in ruined {
            reclass(state, index, rng);
        }
    }
}

fn remove(state: &mut State<'_>, index: usize, near: usize, longest: usize, rng: &mut Rng) {
    let Some(tour) = state.tours.get(index) else { return };
    let (class, mut points) = (tour.class, tour.points.clone());
    let length = 1 + rng.below(longest.min(points.len()));
    let at = points.iter().position(|p| *p == near).unwrap_or(0);
    let split = length > 1 && length < points.len() && rng.percent(SPLIT);
    // A split string is longer by what it leaves in the middle.
    let mut kept = 0;
    while split && length + kept < points.len() && (kept == 0 || !rng.percent(1)) && kept < longest {
        kept += 1;
        if rng.percent(50) {
            break;
        }
    }
    let total = length + kept;
    let first = at.saturating_sub(total - 1);
    let last = at.min(points.len() - total);
    let start = first + rng.below(last.saturating_sub(first) + 1);
    let mut removed: Vec<usize> = points.drain(start..start + total).collect();
    if kept > 0 {
        let from = 1 + rng.below(length - 1);
        let stay: Vec<usize> = removed.drain(from..from + kept).collect();
        points.splice(start..start, stay);
    }
    if state.set(index, class, &points) {
        state.absent.extend(removed);
        return;
    }
    // Without the triangle inequality what stays may be no route: then all of it goes.
    let all = state.tours.get(index).map(|t| t.points.clone()).unwrap_or_default();
    if state.set(index, class, &[]) {
        state.absent.extend(all);
    }
}

fn reclass(state: &mut State<'_>, index: usize, rng: &mut Rng) {
    let class = rng.below(state.net.classes.len());
    let Some(tour) = state.tours.get(index) else { return };
    if tour.points.is_empty() || tour.class == class || !rng.percent(RECLASS) {
        return;
    }
    if state.free.get(class).is_some_and(|f| *f > 0) {
        let points = tour.points.clone();
        state.set(index, class, &points);
    }
}
