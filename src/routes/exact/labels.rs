//! Elementary and ng-route labelling for one class.
//!
//! A label is a partial route from the depot, extended stop by stop; of two labels at one stop the worse is dropped when
//! everything that can follow it can follow the better at no greater cost (*label setting*: Desrochers 1988; Feillet et al., *Networks*
//! 44, 2004). A label remembers only stops that are near to all later ones (*ng-routes*: Baldacci, Mingozzi, Roberti, *Operations
//! Research* 59, 2011); when every stop is near, routes are elementary. Where waiting costs or the duty is limited, labels are
//! compared by what they can become: least duration is the greater of driving time and `end - latest departure` (Tilk and Irnich,
//! *Transportation Science* 51, 2017).

use super::prices::Prices;
use super::set::Set;
use crate::routes::net::ClassNet;
use crate::routes::span::{NEVER, Span};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

const MILLIS_PER_HOUR: i128 = 3_600_000;
/// Parent of labels at the first stop.
pub(super) const ROOT: u32 = u32::MAX;

/// A partial route.
#[derive(Clone, Copy, Debug)]
pub(super) struct Label {
    /// Reduced cost without waiting, scaled.
    pub(super) cost: i64,
    pub(super) load: i64,
    pub(super) span: Span,
    pub(super) memory: Set,
    pub(super) point: usize,
    pub(super) parent: u32,
    dominated: bool,
}

/// What is priced: a class under prices.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pricing<'a> {
    pub(super) class: usize,
    pub(super) net: &'a ClassNet,
    pub(super) demand: &'a [i64],
    pub(super) prices: &'a Prices,
    /// What a label at each point remembers.
    pub(super) near: &'a [Set],
    /// What no route that visits a point may visit again: the point itself, and others that stand for the same.
    pub(super) same: &'a [Set],
    /// Labels at which a run gives up.
    pub(super) most: usize,
}

/// A route with its reduced cost, rounded down.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Priced {
    pub(super) reduced: i64,
    pub(super) points: Vec<usize>,
}

/// Result of a run.
#[derive(Clone, Debug, Default)]
pub(super) struct Run {
    /// The best route that ends at each stop, those with negative reduced cost only, best first.
    pub(super) routes: Vec<Priced>,
    /// Least reduced cost of all routes; at most 0.
    pub(super) least: i64,
    /// False when the run gave up.
    pub(super) complete: bool,
}

impl Pricing<'_> {
    fn points(&self) -> usize {
        self.demand.len()
    }

    /// Cost of waiting so long, scaled, rounded down.
    pub(super) fn waiting(&self, waiting: i64) -> i64 {
        if self.net.waiting_per_hour == 0 || waiting == 0 {
            return 0;
        }
        let rate = i128::from(self.net.waiting_per_hour) * i128::from(self.prices.scale);
        i64::try_from((rate * i128::from(waiting)).div_euclid(MILLIS_PER_HOUR)).unwrap_or(i64::MAX / 4)
    }

    /// The label one stop further; none if that is not feasible.
    pub(super) fn extend(&self, label: Option<&Label>, parent: u32, to: usize) -> Option<Label> {
        let (from, cost, load, span, memory) = match label {
            Some(l) => (l.point, l.cost, l.load, l.span, l.memory),
            None => (0, 0, 0, self.net.depart(), Set::default()),
        };
        let arc = self.prices.arc(self.class, self.net, from, to)?;
        let load = load + self.demand.get(to)?;
        let (time, window) = (self.net.time(from, to), self.net.window(to));
        if memory.has(to) || load > self.net.capacity || !span.meets(time, &window) {
            return None;
        }
        let span = span.then(time, window);
        // More stops only make the duty longer.
        if span.duration() > self.net.duty {
            return None;
        }
        let memory = memory.and(self.near.get(to)?).or(self.same.get(to)?);
        Some(Label { cost: cost + arc, load, span, memory, point: to, parent, dominated: false })
    }

    /// Reduced cost of the route that ends here, rounded down; none if it may not.
    pub(super) fn close(&self, label: &Label) -> Option<i64> {
        let back = self.prices.arc(self.class, self.net, label.point, 0)?;
        self.net.ending(&label.span, label.point)?;
        Some(label.cost + back + self.waiting(label.span.waiting()))
    }

    /// True when whatever follows `b` may follow `a` and costs no more, memories aside.
    pub(super) fn no_worse(&self, a: &Label, b: &Label) -> bool {
        if a.cost > b.cost || a.load > b.load || a.span.earliest_end > b.span.earliest_end {
            return false;
        }
        if !self.net.timed() {
            return true;
        }
        let slack = |l: &Label| {
            let rate = i128::from(self.net.waiting_per_hour) * i128::from(self.prices.scale);
            i128::from(l.cost) * MILLIS_PER_HOUR - rate * i128::from(l.span.pure + l.span.latest_start)
        };
        if self.net.waiting_per_hour > 0 && slack(a) > slack(b) {
            return false;
        }
        self.net.duty >= NEVER || (a.span.pure <= b.span.pure && a.span.latest_start >= b.span.latest_start)
    }

    /// All labels that count. `exact`: memories decide whether a label is dropped; without, it is a heuristic.
    pub(super) fn run(&self, exact: bool) -> Run {
        let mut labels: Vec<Label> = Vec::new();
        let mut at: Vec<Vec<u32>> = vec![Vec::new(); self.points()];
        let mut queue = BinaryHeap::new();
        let mut complete = true;
        for to in 1..self.points() {
            if let Some(label) = self.extend(None, ROOT, to) {
                self.offer(label, exact, &mut labels, &mut at, &mut queue);
            }
        }
        while let Some(Reverse((_, index))) = queue.pop() {
            let Some(label) = labels.get(index as usize).copied().filter(|l| !l.dominated) else { continue };
            if labels.len() > self.most {
                complete = false;
                break;
            }
            for to in 1..self.points() {
                if let Some(next) = self.extend(Some(&label), index, to) {
                    self.offer(next, exact, &mut labels, &mut at, &mut queue);
                }
            }
        }
        let mut routes = Vec::new();
        for of in &at {
            let ends = of.iter().filter_map(|&i| Some((self.close(labels.get(i as usize)?)?, i)));
            if let Some((reduced, index)) = ends.min().filter(|(reduced, _)| *reduced < 0) {
                routes.push(Priced { reduced, points: trace(&labels, index) });
            }
        }
        routes.sort();
        Run { least: routes.first().map_or(0, |r| r.reduced), routes, complete }
    }

    fn offer(
        &self,
        label: Label,
        exact: bool,
        labels: &mut Vec<Label>,
        at: &mut [Vec<u32>],
        queue: &mut BinaryHeap<Reverse<((i64, i64), u32)>>,
    ) {
        let Some(here) = at.get_mut(label.point) else { return };
        let better = |a: &Label, b: &Label| (!exact || a.memory.within(&b.memory)) && self.no_worse(a, b);
        if here.iter().any(|&i| labels.get(i as usize).is_some_and(|old| better(old, &label))) {
            return;
        }
        here.retain(|&i| {
            let Some(old) = labels.get_mut(i as usize) else { return false };
            if better(&label, old) {
                old.dominated = true;
            }
            !old.dominated
        });
        let index = u32::try_from(labels.len()).unwrap_or(ROOT);
        here.push(index);
        queue.push(Reverse(((label.span.earliest_end, label.load), index)));
        labels.push(label);
    }
}

/// Stops of a label from the first.
pub(super) fn trace(labels: &[Label], mut index: u32) -> Vec<usize> {
    let mut points = Vec::new();
    while let Some(label) = labels.get(index as usize) {
        points.push(label.point);
        index = label.parent;
    }
    points.reverse();
    points
}
