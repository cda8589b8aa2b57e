//! The best plan of a small problem by trying everything: all orders of all subsets for all classes, every departure to the
//! millisecond, then dynamic programming over subsets and vehicles. Shares nothing with the engines.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use ddu::routes::Problem;
use std::collections::BTreeMap;

/// Latest departure tried after the earliest; test problems are over by then.
const HORIZON: i64 = 140;

/// Cost of one route with the whole demands; none if no departure makes it feasible.
pub fn route_cost(problem: &Problem, class: usize, stops: &[usize]) -> Option<i64> {
    let visits: Vec<(usize, u32)> = stops.iter().map(|s| (*s, problem.stops()[*s].demand.0)).collect();
    visits_cost(problem, class, &visits)
}

/// True when a stop fits no vehicle in one visit, but a part of it would.
pub fn needs_split(problem: &Problem) -> bool {
    let classes = || (0..problem.classes().len()).filter(|c| problem.classes()[*c].available != Some(0));
    let fits = |stop: usize, pieces: u32| classes().any(|c| visits_cost(problem, c, &[(stop, pieces)]).is_some());
    let split = |s: usize| {
        let demand = problem.stops()[s].demand.0;
        !fits(s, demand) && demand > 0 && fits(s, 1)
    };
    (0..problem.stops().len()).any(split)
}

/// The same with so many pieces at each stop.
pub fn visits_cost(problem: &Problem, class: usize, visits: &[(usize, u32)]) -> Option<i64> {
    let of = &problem.classes()[class];
    let load: i64 = visits.iter().map(|(_, pieces)| i64::from(*pieces)).sum();
    if load > i64::from(of.capacity.0) {
        return None;
    }
    let hours = |rate: i64, ms: i64| {
        let (n, d) = (i128::from(rate) * i128::from(ms), 3_600_000_i128);
        i64::try_from((n + d / 2) / d).unwrap()
    };
    let mut money = of.fixed.0;
    let mut from = 0;
    let mut services = Vec::new();
    for &(s, pieces) in visits {
        let stop = &problem.stops()[s];
        let dock = stop.docks[class]?;
        let pieces = i64::from(pieces);
        let service = i64::from(dock.setup.0) + i64::from(dock.per_piece.0) * pieces;
        money += problem.leg(class, from, s + 1)?.cost.0 + dock.fee.0 + dock.handling.0 * pieces;
        money += hours(of.dwell_per_hour.0, service);
        services.push(service);
        from = s + 1;
    }
    let back = problem.leg(class, from, 0);
    let needs = of.back.share.0 > 0 || of.back.on_duty || of.back.by.is_some();
    let home = match back {
        None if needs => return None,
        None => 0,
        Some(leg) => {
            let share = i128::from(leg.cost.0) * i128::from(of.back.share.0);
            money += i64::try_from((share + 500_000) / 1_000_000).unwrap();
            i64::from(leg.time.0)
        }
    };
    // The earliest end; of the departures that keep it the least waiting.
    let drive = |depart: i64| {
        let (mut now, mut waited, mut at) = (depart, 0, 0);
        for (&(s, _), service) in visits.iter().zip(&services) {
            let stop = &problem.stops()[s];
            now += i64::from(problem.leg(class, at, s + 1)?.time.0);
            let begin = now.max(i64::from(stop.ready.0));
            if begin > i64::from(stop.due.0) {
                return None;
            }
            waited += begin - now;
            now = begin + service;
            at = s + 1;
        }
        Some((now, waited, depart))
    };
    let first = i64::from(of.leave_from.0);
    let (end, waited, depart) = (first..first + HORIZON).filter_map(drive).min()?;
    if of.back.by.is_some_and(|by| end + home > i64::from(by.0)) {
        return None;
    }
    let duty = end - depart + if of.back.on_duty { home } else { 0 };
    if of.duty.is_some_and(|limit| duty > i64::from(limit.0)) {
        return None;
    }
    Some(money + hours(of.waiting_per_hour.0, waited))
}

/// Cheapest order of each subset (by bit mask) for a class.
fn subsets(problem: &Problem, class: usize) -> BTreeMap<usize, i64> {
    fn grow(problem: &Problem, class: usize, order: &mut Vec<usize>, best: &mut BTreeMap<usize, i64>) {
        for stop in 0..problem.stops().len() {
            if order.contains(&stop) {
                continue;
            }
            order.push(stop);
            if let Some(cost) = route_cost(problem, class, order) {
                let mask = order.iter().map(|s| 1 << s).sum();
                let entry = best.entry(mask).or_insert(cost);
                *entry = cost.min(*entry);
            }
            grow(problem, class, order, best);
            order.pop();
        }
    }
    let mut best = BTreeMap::new();
    grow(problem, class, &mut Vec::new(), &mut best);
    best
}

/// Fewest unserved stops, and the least cost with so many.
pub fn best(problem: &Problem) -> (usize, i64) {
    let stops = problem.stops().len();
    // State: served subset, vehicles used of each class.
    let mut states: BTreeMap<(usize, Vec<u32>), i64> = BTreeMap::from([((0, vec![0; problem.classes().len()]), 0)]);
    let routes: Vec<BTreeMap<usize, i64>> = (0..problem.classes().len()).map(|c| subsets(problem, c)).collect();
    let mut open: Vec<(usize, Vec<u32>)> = states.keys().cloned().collect();
    while let Some(state) = open.pop() {
        let cost = states[&state];
        for (class, of) in routes.iter().enumerate() {
            if problem.classes()[class].available.is_some_and(|a| state.1[class] >= a) {
                continue;
            }
            for (mask, route) in of {
                if mask & state.0 != 0 {
                    continue;
                }
                let mut used = state.1.clone();
                // Only limited classes need counting.
                used[class] += u32::from(problem.classes()[class].available.is_some());
                let next = (state.0 | mask, used);
                if states.get(&next).is_none_or(|old| cost + route < *old) {
                    states.insert(next.clone(), cost + route);
                    open.push(next);
                }
            }
        }
    }
    let value = |((mask, _), cost): (&(usize, Vec<u32>), &i64)| (stops - mask.count_ones() as usize, *cost);
    states.iter().map(value).min().unwrap()
}
