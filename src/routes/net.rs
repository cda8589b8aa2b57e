//! A problem as the engines read it: flat arrays of `i64` for each class.
//!
//! The arc `a → b` costs its leg, the visit at `b`, and the fixed cost when `a` is the depot; it takes the service at `a` and the
//! drive. Arcs that no route can use are [`CLOSED`]. Demands must fit a vehicle ([`split`](super::split) sees to it).

use super::problem::Problem;
use super::span::{NEVER, Span};

/// Cost of an arc that cannot be driven; no sum of real costs comes near it.
pub(crate) const CLOSED: i64 = 1 << 55;
const MILLIS_PER_HOUR: i64 = 3_600_000;

/// One class.
#[derive(Clone, Debug)]
pub(crate) struct ClassNet {
    points: usize,
    cost: Vec<i64>,
    drive: Vec<i64>,
    time: Vec<i64>,
    service: Vec<i64>,
    /// Windows of the points for this class; the depot's is open.
    windows: Vec<Span>,
    pub(crate) capacity: i64,
    pub(crate) available: usize,
    pub(crate) leave_from: i64,
    /// Longest time from departure to end of duty.
    pub(crate) duty: i64,
    /// From the begin of service at a point to the end of duty, if it is the last.
    pub(crate) end_time: Vec<i64>,
    /// Latest begin of service at a point, if it is the last before the depot closes.
    pub(crate) last_due: Vec<i64>,
    /// Micro-dollars per hour of waiting.
    pub(crate) waiting_per_hour: i64,
}

impl ClassNet {
    /// Cost of an arc, [`CLOSED`] where there is none.
    pub(crate) fn cost(&self, from: usize, to: usize) -> i64 {
        self.cost.get(from * self.points + to).copied().unwrap_or(CLOSED)
    }

    /// Cost of driving an arc, without visits and fixed cost; [`CLOSED`] where there is none.
    pub(crate) fn drive(&self, from: usize, to: usize) -> i64 {
        self.drive.get(from * self.points + to).copied().unwrap_or(CLOSED)
    }

    /// From the begin of service at one point to the arrival at the next.
    pub(crate) fn time(&self, from: usize, to: usize) -> i64 {
        self.time.get(from * self.points + to).copied().unwrap_or(NEVER)
    }

    /// Time at a point's dock.
    fn service(&self, point: usize) -> i64 {
        self.service.get(point).copied().unwrap_or(0)
    }

    /// Window of a point.
    pub(crate) fn window(&self, point: usize) -> Span {
        self.windows.get(point).copied().unwrap_or(Span::stop(0, -1))
    }

    /// The depot at the begin of a route.
    pub(crate) const fn depart(&self) -> Span {
        Span::depot(self.leave_from)
    }

    /// True when cost depends on waiting or the duty is limited: then a route's whole span matters.
    pub(crate) fn timed(&self) -> bool {
        self.waiting_per_hour > 0 || self.duty < NEVER
    }

    /// Cost of so much waiting, rounded once.
    pub(crate) fn waiting_cost(&self, waiting: i64) -> i64 {
        if waiting == 0 || self.waiting_per_hour == 0 {
            return 0;
        }
        let money = i128::from(self.waiting_per_hour) * i128::from(waiting);
        i64::try_from(crate::units::round_div(money, i128::from(MILLIS_PER_HOUR))).unwrap_or(CLOSED)
    }

    /// Cost of waiting of a route whose span from the depot to its last stop is given; none if it ends too late
    /// or lasts too long.
    pub(crate) fn ending(&self, span: &Span, last: usize) -> Option<i64> {
        let end = self.end_time.get(last).copied().unwrap_or(NEVER);
        let closes = self.last_due.get(last).copied().unwrap_or(-1);
        let ends = span.earliest_end <= closes && span.duration() + end <= self.duty;
        ends.then(|| self.waiting_cost(span.waiting()))
    }

    /// Exact cost of a route over points, whatever its load; none if a window, the duty or an arc forbids it.
    pub(crate) fn route_cost(&self, points: &[usize]) -> Option<i64> {
        let (mut span, mut cost, mut from) = (self.depart(), 0_i64, 0);
        for &point in points {
            let arc = self.cost(from, point);
            let time = self.time(from, point);
            let window = self.window(point);
            if arc >= CLOSED || !span.meets(time, &window) {
                return None;
            }
            (span, cost, from) = (span.then(time, window), cost + arc, point);
        }
        let back = self.cost(from, 0);
        if back >= CLOSED {
            return None;
        }
        Some(cost + back + self.ending(&span, from)?)
    }
}

/// All classes.
#[derive(Clone, Debug)]
pub(crate) struct Net {
    pub(crate) points: usize,
    /// Pieces a point wants; 0 for the depot.
    pub(crate) demand: Vec<i64>,
    pub(crate) classes: Vec<ClassNet>,
}

impl Net {
    pub(crate) fn new(problem: &Problem) -> Self {
        let points = problem.points();
        let demand = std::iter::once(0).chain(problem.stops().iter().map(|s| i64::from(s.demand.0))).collect();
        let classes = (0..problem.classes().len()).filter_map(|c| class_net(problem, c)).collect();
        Self { points, demand, classes }
    }

    /// Stops, as points.
    pub(crate) fn stops(&self) -> std::ops::Range<usize> {
        1..self.points
    }

    pub(crate) fn demand(&self, point: usize) -> i64 {
        self.demand.get(point).copied().unwrap_or(0)
    }

    /// Pieces of a route.
    pub(crate) fn load(&self, points: &[usize]) -> i64 {
        points.iter().map(|p| self.demand(*p)).sum()
    }

    /// Exact cost of a route; none if it is none.
    pub(crate) fn cost(&self, class: usize, points: &[usize]) -> Option<i64> {
        let class = self.classes.get(class)?;
        if self.load(points) > class.capacity { None } else { class.route_cost(points) }
    }

    /// More than any set of routes costs: what an unserved stop costs in the search, so that as many as possible are served.
    pub(crate) fn penalty(&self) -> i64 {
        let dearest = |point: usize| {
            let arcs = self.classes.iter().flat_map(|class| {
                (0..self.points).flat_map(move |from| [class.cost(from, point), class.cost(point, from)])
            });
            arcs.filter(|c| *c < CLOSED).max().unwrap_or(0)
        };
        let waiting = self.classes.iter().map(|c| c.waiting_cost(longest_wait(c))).max().unwrap_or(0);
        1 + self.stops().map(|p| 2 * dearest(p) + waiting).sum::<i64>()
    }
}

/// No route of the class waits longer.
fn longest_wait(class: &ClassNet) -> i64 {
    let last = class.windows.iter().skip(1).map(|w| w.earliest_end).max().unwrap_or(0);
    (last - class.leave_from).max(0)
}

fn class_net(problem: &Problem, c: usize) -> Option<ClassNet> {
    let class = problem.classes().get(c)?;
    let points = problem.points();
    let visit = |point: usize| {
        let stop = problem.stops().get(point.checked_sub(1)?)?;
        let service = problem.service(c, point - 1, stop.demand)?;
        let fits = stop.demand <= class.capacity;
        fits.then_some((i64::from(service.0), problem.visit_cost(c, point - 1, stop.demand)?.0, stop))
    };
    let mut net = ClassNet {
        points,
        cost: vec![CLOSED; points * points],
        drive: vec![CLOSED; points * points],
        time: vec![NEVER; points * points],
        service: vec![0; points],
        windows: vec![Span::stop(0, NEVER); points],
        capacity: i64::from(class.capacity.0),
        available: class.available.map_or(usize::MAX, |a| a as usize),
        leave_from: i64::from(class.leave_from.0),
        duty: class.duty.map_or(NEVER, |d| i64::from(d.0)),
        end_time: vec![0; points],
        last_due: vec![NEVER; points],
        waiting_per_hour: class.waiting_per_hour.0,
    };
    for point in 1..points {
        let Some((service, _, stop)) = visit(point) else {
            set(&mut net.windows, point, Span::stop(0, -1));
            continue;
        };
        let back = problem.leg(c, point, 0).map(|leg| i64::from(leg.time.0));
        set(&mut net.service, point, service);
        let open = !class.back.needs_leg();
        let home = back.filter(|_| class.back.on_duty).unwrap_or(0);
        set(&mut net.end_time, point, service + home);
        if open || back.is_some() {
            let money = problem.charged(c, point, 0).map_or(0, |m| m.0);
            set(&mut net.cost, point * points, money);
            set(&mut net.drive, point * points, money);
            set(&mut net.time, point * points, service + home);
        }
        let closes = class.back.by.zip(back).map_or(NEVER, |(by, drive)| i64::from(by.0) - service - drive);
        set(&mut net.last_due, point, closes);
        set(&mut net.windows, point, Span::stop(i64::from(stop.ready.0), i64::from(stop.due.0)));
    }
    for from in 0..points {
        let start = if from == 0 { Some((0, class.fixed.0)) } else { visit(from).map(|(service, ..)| (service, 0)) };
        let Some((service, fixed)) = start else { continue };
        for to in (1..points).filter(|to| *to != from) {
            let (Some((_, money, stop)), Some(leg)) = (visit(to), problem.leg(c, from, to)) else { continue };
            let together = problem.stops().get(from.wrapping_sub(1)).map_or(0, |s| u64::from(s.demand.0));
            if together + u64::from(stop.demand.0) > u64::from(class.capacity.0) {
                continue;
            }
            let time = service + i64::from(leg.time.0);
            let earliest = if from == 0 { net.leave_from } else { net.window(from).earliest_end };
            if earliest + time > net.window(to).latest_start {
                continue;
            }
            set(&mut net.cost, from * points + to, leg.cost.0 + money + fixed);
            set(&mut net.drive, from * points + to, leg.cost.0);
            set(&mut net.time, from * points + to, time);
        }
    }
    Some(net)
}

impl Net {
    /// Lets a route serve a point right after another as part of the same visit, at no further cost: for lower bounds. `setup` is the
    /// time that a visit takes whatever its pieces, by class.
    pub(crate) fn join(&mut self, from: usize, to: usize, setup: &[i64]) {
        let pieces = self.demand(from) + self.demand(to);
        for (class, setup) in self.classes.iter_mut().zip(setup) {
            let both = [from, to].map(|point| class.window(point)).iter().all(|w| w.earliest_end <= w.latest_start);
            if both && pieces <= class.capacity {
                let (at, unloading) = (from * class.points + to, (class.service(from) - setup).max(0));
                set(&mut class.cost, at, 0);
                set(&mut class.drive, at, 0);
                set(&mut class.time, at, unloading);
            }
        }
    }

    /// Forbids to serve a point right after another.
    pub(crate) fn part(&mut self, from: usize, to: usize) {
        for class in &mut self.classes {
            set(&mut class.cost, from * class.points + to, CLOSED);
        }
    }
}

fn set<T>(values: &mut [T], at: usize, value: T) {
    if let Some(slot) = values.get_mut(at) {
        *slot = value;
    }
}
