//! A route as the search holds it, with the spans of all its beginnings and endings.

use crate::routes::net::{CLOSED, ClassNet, Net};
use crate::routes::span::{NEVER, Span};

/// One route; empty ones are kept as free slots.
#[derive(Clone, Debug, Default)]
pub(super) struct Tour {
    pub(super) class: usize,
    pub(super) points: Vec<usize>,
    pub(super) load: i64,
    pub(super) cost: i64,
    /// Span from the depot to each position; the first is the depot alone.
    before: Vec<Span>,
    /// Span from each position to the last.
    after: Vec<Span>,
    waiting_cost: i64,
}

impl Tour {
    pub(super) fn assign(&mut self, other: &Self) {
        self.class = other.class;
        (self.load, self.cost, self.waiting_cost) = (other.load, other.cost, other.waiting_cost);
        self.points.clone_from(&other.points);
        self.before.clone_from(&other.before);
        self.after.clone_from(&other.after);
    }

    /// Works everything out again from `class` and `points`. False if it is no route.
    pub(super) fn refresh(&mut self, net: &Net) -> bool {
        self.before.clear();
        self.after.clear();
        (self.load, self.cost, self.waiting_cost) = (0, 0, 0);
        let Some(class) = net.classes.get(self.class) else { return false };
        let Some(&last) = self.points.last() else { return true };
        let (mut from, mut span) = (0, class.depart());
        self.before.push(span);
        for &point in &self.points {
            let (arc, time, window) = (class.cost(from, point), class.time(from, point), class.window(point));
            if arc >= CLOSED || !span.meets(time, &window) {
                return false;
            }
            self.cost += arc;
            self.load += net.demand(point);
            span = span.then(time, window);
            self.before.push(span);
            from = point;
        }
        let back = class.cost(last, 0);
        let Some(waiting_cost) = class.ending(&span, last) else { return false };
        if back >= CLOSED || self.load > class.capacity {
            return false;
        }
        self.waiting_cost = waiting_cost;
        self.cost += back + waiting_cost;
        let mut next: Option<(usize, Span)> = None;
        for &point in self.points.iter().rev() {
            let window = class.window(point);
            let span = next.map_or(closing(class, point), |(to, span)| window.then(class.time(point, to), span));
            self.after.push(span);
            next = Some((point, span));
        }
        self.after.reverse();
        true
    }

    /// Change of cost by putting a point before a position; none if that is not feasible. The load is the caller's.
    pub(super) fn insertion(&self, class: &ClassNet, point: usize, position: usize) -> Option<i64> {
        let from = if position == 0 { 0 } else { *self.points.get(position - 1)? };
        let to = self.points.get(position).copied().unwrap_or(0);
        let (arc_in, arc_out) = (class.cost(from, point), class.cost(point, to));
        if arc_in >= CLOSED || arc_out >= CLOSED {
            return None;
        }
        let before = self.before.get(position)?;
        let time = class.time(from, point);
        let last = self.points.len() == position;
        let window = if last { closing(class, point) } else { class.window(point) };
        if !before.meets(time, &window) {
            return None;
        }
        let old = if self.points.is_empty() { 0 } else { class.cost(from, to) };
        let mut delta = arc_in + arc_out - old;
        let span = before.then(time, window);
        if last {
            if class.timed() {
                delta += class.ending(&span, point)? - self.waiting_cost;
            }
            return Some(delta);
        }
        let time = class.time(point, to);
        let after = self.after.get(position)?;
        if !span.meets(time, after) {
            return None;
        }
        if class.timed() {
            delta += class.ending(&span.then(time, *after), *self.points.last()?)? - self.waiting_cost;
        }
        Some(delta)
    }
}

/// Window of the last point of a route.
pub(super) fn closing(class: &ClassNet, point: usize) -> Span {
    let window = class.window(point);
    let closes = class.last_due.get(point).copied().unwrap_or(NEVER);
    Span { latest_start: window.latest_start.min(closes), ..window }
}
