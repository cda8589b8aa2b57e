//! Finds every fault of a plan, by code of its own.
//!
//! It works on nothing but the numbers of the [`Problem`] and shares no function with [`schedule`](super::schedule) or the engines:
//! a route is driven as written from every departure that could be best.

use super::plan::{Plan, Route};
use super::problem::{Problem, RouteClass, Stop};
use super::schedule::Schedule;
use std::fmt;

/// A fault of a plan. Positions are those of the problem and the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Violation {
    /// A route names no class, or has no visits.
    NoRoute {
        /// Position of the route.
        route: usize,
    },
    /// A visit names no stop of the problem.
    NoStop {
        /// Position of the route.
        route: usize,
        /// What it names.
        stop: usize,
    },
    /// The class may not dock there.
    MayNotDock {
        /// Position of the route.
        route: usize,
        /// Position of the stop.
        stop: usize,
    },
    /// There is no road from one point to the next (0 is the depot, stop `s` is `s + 1`).
    NoRoad {
        /// Position of the route.
        route: usize,
        /// Where it comes from.
        from: usize,
        /// Where it goes.
        to: usize,
    },
    /// Service begins after the window.
    Late {
        /// Position of the route.
        route: usize,
        /// Position of the stop.
        stop: usize,
        /// Milliseconds too late.
        by: i128,
    },
    /// The vehicle is back too late.
    BackLate {
        /// Position of the route.
        route: usize,
        /// Milliseconds too late.
        by: i128,
    },
    /// The duty is too long whenever the vehicle leaves.
    DutyTooLong {
        /// Position of the route.
        route: usize,
        /// Milliseconds too long.
        by: i128,
    },
    /// More pieces than fit.
    Overloaded {
        /// Position of the route.
        route: usize,
        /// Pieces too many.
        by: i128,
    },
    /// A route comes twice to one stop.
    Twice {
        /// Position of the route.
        route: usize,
        /// Position of the stop.
        stop: usize,
    },
    /// More routes of a class than vehicles.
    TooManyVehicles {
        /// Position of the class.
        class: usize,
        /// Vehicles too many.
        by: u64,
    },
    /// Pieces served and unserved are not what the stop wants.
    WrongPieces {
        /// Position of the stop.
        stop: usize,
        /// Served and unserved together.
        found: u64,
        /// Wanted.
        wanted: u64,
    },
    /// A stop that wants nothing but a visit has none, and is not listed as unserved.
    NotVisited {
        /// Position of the stop.
        stop: usize,
    },
    /// A time or an amount of a route's schedule is not what it must be.
    WrongSchedule {
        /// Position of the route.
        route: usize,
        /// Which.
        what: &'static str,
        /// In the schedule.
        found: i128,
        /// By the checker.
        expected: i128,
    },
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRoute { route } => write!(f, "route {route} has no class or no visits"),
            Self::NoStop { route, stop } => write!(f, "route {route} visits stop {stop}, which is none"),
            Self::MayNotDock { route, stop } => write!(f, "route {route}: its class may not dock at stop {stop}"),
            Self::NoRoad { route, from, to } => write!(f, "route {route}: no road from point {from} to point {to}"),
            Self::Late { route, stop, by } => write!(f, "route {route}: stop {stop} begins {by} ms after its window"),
            Self::BackLate { route, by } => write!(f, "route {route} is back {by} ms too late"),
            Self::DutyTooLong { route, by } => write!(f, "route {route}: the duty is {by} ms too long"),
            Self::Overloaded { route, by } => write!(f, "route {route} carries {by} pieces too many"),
            Self::Twice { route, stop } => write!(f, "route {route} comes twice to stop {stop}"),
            Self::TooManyVehicles { class, by } => write!(f, "class {class}: {by} vehicles more than there are"),
            Self::WrongPieces { stop, found, wanted } => {
                write!(f, "stop {stop} is given {found} pieces and wants {wanted}")
            }
            Self::NotVisited { stop } => write!(f, "stop {stop} is neither visited nor listed as unserved"),
            Self::WrongSchedule { route, what, found, expected } => {
                write!(f, "route {route}: {what} is {found}, must be {expected}")
            }
        }
    }
}

/// All faults of a plan, and of the schedules of its routes where they are given (by position; none means not looked at).
#[must_use]
pub fn violations(problem: &Problem, plan: &Plan, schedules: Option<&[Schedule]>) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut driven = vec![0_u64; problem.classes().len()];
    let mut given = vec![0_u64; problem.stops().len()];
    let mut seen = vec![false; problem.stops().len()];
    for (r, route) in plan.routes.iter().enumerate() {
        let Some(class) = problem.classes().get(route.class).filter(|_| !route.visits.is_empty()) else {
            found.push(Violation::NoRoute { route: r });
            continue;
        };
        if let Some(count) = driven.get_mut(route.class) {
            *count += 1;
        }
        for visit in &route.visits {
            if let (Some(pieces), Some(seen)) = (given.get_mut(visit.stop), seen.get_mut(visit.stop)) {
                *pieces += u64::from(visit.pieces.0);
                *seen = true;
            }
        }
        let schedule = schedules.map(|s| s.get(r));
        Driver { problem, class, r, route }.check(schedule, &mut found);
    }
    for (class, (count, fleet)) in driven.iter().zip(problem.classes()).enumerate() {
        let available = fleet.available.map_or(u64::MAX, u64::from);
        if *count > available {
            found.push(Violation::TooManyVehicles { class, by: count - available });
        }
    }
    for unserved in &plan.unserved {
        if let (Some(pieces), Some(seen)) = (given.get_mut(unserved.stop), seen.get_mut(unserved.stop)) {
            *pieces += u64::from(unserved.pieces.0);
            *seen = true;
        }
    }
    for (stop, ((pieces, seen), wants)) in given.iter().zip(&seen).zip(problem.stops()).enumerate() {
        let wanted = u64::from(wants.demand.0);
        if *pieces != wanted {
            found.push(Violation::WrongPieces { stop, found: *pieces, wanted });
        } else if !seen {
            found.push(Violation::NotVisited { stop });
        }
    }
    found
}

struct Driver<'p> {
    problem: &'p Problem,
    class: &'p RouteClass,
    r: usize,
    route: &'p Route,
}

/// A leg and the service behind it.
struct Step<'p> {
    drive: i128,
    service: i128,
    stop: &'p Stop,
    index: usize,
}

impl Driver<'_> {
    fn check(&self, schedule: Option<Option<&Schedule>>, found: &mut Vec<Violation>) {
        let before = found.len();
        let route = self.r;
        let load: i128 = self.route.visits.iter().map(|v| i128::from(v.pieces.0)).sum();
        if load > i128::from(self.class.capacity.0) {
            found.push(Violation::Overloaded { route, by: load - i128::from(self.class.capacity.0) });
        }
        let mut steps: Vec<Step<'_>> = Vec::new();
        let (mut driving, mut docks, mut from) = (0_i128, 0_i128, 0);
        let mut broken = false;
        for visit in &self.route.visits {
            let Some(stop) = self.problem.stops().get(visit.stop) else {
                found.push(Violation::NoStop { route, stop: visit.stop });
                broken = true;
                continue;
            };
            if steps.iter().any(|s| s.index == visit.stop) {
                found.push(Violation::Twice { route, stop: visit.stop });
            }
            let Some(Some(dock)) = stop.docks.get(self.route.class) else {
                found.push(Violation::MayNotDock { route, stop: visit.stop });
                broken = true;
                continue;
            };
            let pieces = i128::from(visit.pieces.0);
            let service = i128::from(dock.setup.0) + i128::from(dock.per_piece.0) * pieces;
            docks += i128::from(dock.fee.0) + i128::from(dock.handling.0) * pieces;
            docks += per_hour(self.class.dwell_per_hour.0, service);
            match self.problem.leg(self.route.class, from, visit.stop + 1) {
                Some(leg) => {
                    driving += i128::from(leg.cost.0);
                    steps.push(Step { drive: i128::from(leg.time.0), service, stop, index: visit.stop });
                }
                None => {
                    found.push(Violation::NoRoad { route, from, to: visit.stop + 1 });
                    broken = true;
                }
            }
            from = visit.stop + 1;
        }
        let back = self.problem.leg(self.route.class, from, 0);
        let needed = self.class.back.share.0 > 0 || self.class.back.on_duty || self.class.back.by.is_some();
        if needed && back.is_none() && from > 0 {
            found.push(Violation::NoRoad { route, from, to: 0 });
            broken = true;
        }
        if broken {
            return;
        }
        let home = back.map(|leg| i128::from(leg.time.0));
        let timing = self.best_departure(&steps);
        for (step, begin) in steps.iter().zip(&timing.begins) {
            let by = begin - i128::from(step.stop.due.0);
            if by > 0 {
                found.push(Violation::Late { route, stop: step.index, by });
            }
        }
        if let (Some(closes), Some(home)) = (self.class.back.by, home) {
            let by = timing.end + home - i128::from(closes.0);
            if by > 0 {
                found.push(Violation::BackLate { route, by });
            }
        }
        let duty = timing.end - timing.depart + if self.class.back.on_duty { home.unwrap_or(0) } else { 0 };
        if let Some(by) = self.class.duty.map(|limit| duty - i128::from(limit.0)).filter(|by| *by > 0) {
            found.push(Violation::DutyTooLong { route, by });
        }
        let Some(schedule) = schedule else { return };
        if found.len() > before {
            return;
        }
        let Some(schedule) = schedule else {
            found.push(Violation::WrongSchedule { route, what: "schedule", found: 0, expected: 1 });
            return;
        };
        let share = i128::from(self.class.back.share.0);
        let deadhead = back.map_or(0, |leg| half_up(i128::from(leg.cost.0) * share, 1_000_000));
        let waiting_cost = per_hour(self.class.waiting_per_hour.0, timing.waiting);
        let fixed = i128::from(self.class.fixed.0);
        let pairs = [
            ("departure", i128::from(schedule.depart.0), timing.depart),
            ("duty", i128::from(schedule.duty.0), duty),
            ("waiting", i128::from(schedule.waiting.0), timing.waiting),
            ("load", i128::from(schedule.load.0), load),
            ("number of stops", schedule.stops.len() as i128, steps.len() as i128),
            ("return", schedule.back.map_or(-1, |b| i128::from(b.0)), home.map_or(-1, |home| timing.end + home)),
            ("fixed cost", i128::from(schedule.fixed.0), fixed),
            ("driving", i128::from(schedule.driving.0), driving),
            ("deadhead", i128::from(schedule.deadhead.0), deadhead),
            ("docks", i128::from(schedule.docks.0), docks),
            ("waiting cost", i128::from(schedule.waiting_cost.0), waiting_cost),
            ("cost", i128::from(schedule.cost.0), fixed + driving + deadhead + docks + waiting_cost),
        ];
        let mut compare = |what, is: i128, expected| {
            if is != expected {
                found.push(Violation::WrongSchedule { route, what, found: is, expected });
            }
        };
        for (what, is, expected) in pairs {
            compare(what, is, expected);
        }
        let mut at = timing.depart;
        for ((times, step), begin) in schedule.stops.iter().zip(&steps).zip(&timing.begins) {
            compare("arrival", i128::from(times.arrive.0), at + step.drive);
            compare("begin", i128::from(times.begin.0), *begin);
            at = begin + step.service;
            compare("leaving", i128::from(times.leave.0), at);
        }
    }

    /// Drives from each departure that could be best: the earliest, and those at which a window binds without waiting before it.
    /// Of those that miss no window the least waiting counts, then the earliest.
    fn best_departure(&self, steps: &[Step<'_>]) -> Timing {
        let first = i128::from(self.class.leave_from.0);
        let mut candidates = vec![first];
        let mut pure = 0;
        for step in steps {
            pure += step.drive;
            for edge in [step.stop.ready, step.stop.due] {
                candidates.push((i128::from(edge.0) - pure).max(first));
            }
            pure += step.service;
        }
        candidates.sort_unstable();
        let feasible = |timing: &Timing| timing.begins.iter().zip(steps).all(|(b, s)| *b <= i128::from(s.stop.due.0));
        let mut best = drive(first, steps);
        for depart in candidates {
            let timing = drive(depart, steps);
            if feasible(&timing) && timing.waiting < best.waiting {
                best = timing;
            }
        }
        best
    }
}

struct Timing {
    depart: i128,
    begins: Vec<i128>,
    end: i128,
    waiting: i128,
}

fn drive(depart: i128, steps: &[Step<'_>]) -> Timing {
    let mut timing = Timing { depart, begins: Vec::with_capacity(steps.len()), end: depart, waiting: 0 };
    for step in steps {
        let arrive = timing.end + step.drive;
        let begin = arrive.max(i128::from(step.stop.ready.0));
        timing.waiting += begin - arrive;
        timing.begins.push(begin);
        timing.end = begin + step.service;
    }
    timing
}

fn per_hour(rate: i64, millis: i128) -> i128 {
    half_up(i128::from(rate) * millis, 3_600_000)
}

/// Quotient of numbers from 0, to nearest, halves up.
fn half_up(numerator: i128, denominator: i128) -> i128 {
    (2 * numerator + denominator).div_euclid(2 * denominator)
}
