//! Which stops are near which: by the cheapest way of any class there and back.

use crate::routes::net::{CLOSED, Net};

/// Neighbours kept of a stop: strings and moves look no further.
const KEPT: usize = 100;

/// Near stops of each point, nearest first (ties: lower point).
#[derive(Clone, Debug)]
pub(super) struct Neighbours(Vec<Vec<usize>>);

impl Neighbours {
    pub(super) fn new(net: &Net) -> Self {
        let distance = |a: usize, b: usize| {
            let ways = net.classes.iter().map(|class| {
                // Visits and fixed costs are the same wherever a stop is: only driving counts.
                let there = class.drive(a, b);
                let back = class.drive(b, a);
                there.min(CLOSED).min(back)
            });
            ways.min().unwrap_or(CLOSED)
        };
        let near = |a: usize| {
            let mut others: Vec<(i64, usize)> =
                net.stops().filter(|b| *b != a).map(|b| (distance(a, b), b)).filter(|(d, _)| *d < CLOSED).collect();
            others.sort_unstable();
            others.truncate(KEPT);
            others.into_iter().map(|(_, b)| b).collect()
        };
        Self((0..net.points).map(near).collect())
    }

    pub(super) fn of(&self, point: usize) -> &[usize] {
        self.0.get(point).map_or(&[], Vec::as_slice)
    }
}
