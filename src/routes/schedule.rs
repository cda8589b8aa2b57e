//! When a route is where, and what it costs: the one evaluation that everything reported comes from.
//!
//! A vehicle that leaves at the earliest allowed time, and begins each service as soon as it is there and the window is open,
//! ends as early as any. Leaving later by as much as it would wait anyway, limited by the slack of the windows before, ends no
//! later and waits least: *forward time slack* (Savelsbergh, *ORSA Journal on Computing* 4, 1992). So the vehicle leaves at the
//! latest time that keeps the earliest end; a vehicle that never waits leaves at the earliest time. Duty and waiting are then
//! least among all departures. `O(visits)`.

use super::error::RouteFault;
use super::plan::Route;
use super::problem::Problem;
use crate::units::{MicroDollars, Millis, Pieces};

/// When a vehicle is at a stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StopTimes {
    /// It comes.
    pub arrive: Millis,
    /// It begins to unload; the difference is waiting.
    pub begin: Millis,
    /// It leaves.
    pub leave: Millis,
}

/// A route with its times and its money part by part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// It leaves the depot.
    pub depart: Millis,
    /// For each visit.
    pub stops: Vec<StopTimes>,
    /// It is back, where there is a leg back.
    pub back: Option<Millis>,
    /// From leaving to the end of duty.
    pub duty: Millis,
    /// Waiting before windows.
    pub waiting: Millis,
    /// Pieces aboard at the start.
    pub load: Pieces,
    /// Cost of the vehicle-day.
    pub fixed: MicroDollars,
    /// Legs to the stops.
    pub driving: MicroDollars,
    /// Share of the leg back that is charged.
    pub deadhead: MicroDollars,
    /// Fees, handling and dwell at the docks.
    pub docks: MicroDollars,
    /// Cost of waiting.
    pub waiting_cost: MicroDollars,
    /// Sum of the parts.
    pub cost: MicroDollars,
}

/// Times and prices a route.
///
/// # Errors
/// The first [`RouteFault`] along the route.
pub fn schedule(problem: &Problem, route: &Route) -> Result<Schedule, RouteFault> {
    let class = problem.classes().get(route.class).ok_or(RouteFault::Malformed)?;
    let last = route.visits.last().ok_or(RouteFault::Malformed)?;
    let load: u64 = route.visits.iter().map(|v| u64::from(v.pieces.0)).sum();
    let (mut driving, mut docks) = (MicroDollars::ZERO, MicroDollars::ZERO);
    // Earliest times, and the slack by which the departure may move without moving the last begin.
    let first = i64::from(class.leave_from.0);
    let (mut time, mut from) = (first, 0);
    let (mut slack, mut waited, mut delay) = (i64::MAX, 0_i64, 0_i64);
    let mut drives = Vec::with_capacity(route.visits.len());
    for visit in &route.visits {
        let stop = problem.stops().get(visit.stop).ok_or(RouteFault::Malformed)?;
        let (point, no_dock) = (visit.stop + 1, RouteFault::NoDock { stop: visit.stop });
        problem.dock(route.class, visit.stop).ok_or(no_dock)?;
        let leg = problem.leg(route.class, from, point).ok_or(RouteFault::NoLeg { from, to: point })?;
        let service = problem.service(route.class, visit.stop, visit.pieces).ok_or(RouteFault::Overflow)?;
        let money = problem.visit_cost(route.class, visit.stop, visit.pieces).ok_or(RouteFault::Overflow)?;
        driving = driving.checked_add(leg.cost).ok_or(RouteFault::Overflow)?;
        docks = docks.checked_add(money).ok_or(RouteFault::Overflow)?;
        let arrive = time + i64::from(leg.time.0);
        let begin = arrive.max(i64::from(stop.ready.0));
        waited += begin - arrive;
        let late = begin - i64::from(stop.due.0);
        if late > 0 {
            return Err(RouteFault::Late { stop: visit.stop, late });
        }
        // A departure later by x begins here max(0, x - waited) later; that must not exceed what is left to the window's end.
        slack = slack.min(waited - late);
        delay = waited.min(slack);
        time = begin + i64::from(service.0);
        from = point;
        drives.push((leg.time, service, stop.ready));
    }
    if load > u64::from(class.capacity.0) {
        return Err(RouteFault::Capacity { load });
    }
    let depart = first + delay;
    let mut now = depart;
    let mut stops = Vec::with_capacity(drives.len());
    let mut waiting = 0;
    for (drive, service, ready) in drives {
        let arrive = now + i64::from(drive.0);
        let begin = arrive.max(i64::from(ready.0));
        now = begin + i64::from(service.0);
        waiting += begin - arrive;
        stops.push(StopTimes { arrive: millis(arrive)?, begin: millis(begin)?, leave: millis(now)? });
    }
    let home = problem.leg(route.class, last.stop + 1, 0);
    if class.back.needs_leg() && home.is_none() {
        return Err(RouteFault::NoLeg { from: last.stop + 1, to: 0 });
    }
    let back = home.map(|leg| now + i64::from(leg.time.0));
    if let (Some(by), Some(back)) = (class.back.by, back)
        && back > i64::from(by.0)
    {
        return Err(RouteFault::BackLate { late: back - i64::from(by.0) });
    }
    let end = back.filter(|_| class.back.on_duty).unwrap_or(now);
    let duty = end - depart;
    if let Some(over) = class.duty.map(|limit| duty - i64::from(limit.0)).filter(|over| *over > 0) {
        return Err(RouteFault::Duty { over });
    }
    let waiting = millis(waiting)?;
    let mut schedule = Schedule {
        depart: millis(depart)?,
        stops,
        back: back.map(millis).transpose()?,
        duty: millis(duty)?,
        waiting,
        load: Pieces(u32::try_from(load).map_err(|_| RouteFault::Overflow)?),
        fixed: class.fixed,
        driving,
        deadhead: problem.charged(route.class, last.stop + 1, 0).unwrap_or(MicroDollars::ZERO),
        docks,
        waiting_cost: class.waiting_per_hour.per_hour_over(waiting).ok_or(RouteFault::Overflow)?,
        cost: MicroDollars::ZERO,
    };
    let parts = [schedule.fixed, driving, schedule.deadhead, docks, schedule.waiting_cost];
    schedule.cost = MicroDollars::sum(parts).ok_or(RouteFault::Overflow)?;
    Ok(schedule)
}

fn millis(time: i64) -> Result<Millis, RouteFault> {
    u32::try_from(time).map(Millis).map_err(|_| RouteFault::Overflow)
}
