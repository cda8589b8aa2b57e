//! From what a file says to a [`Problem`].

use super::text::{InstanceDefect, SCALE};
use super::{Instance, Rounding};
use crate::routes::problem::{Dock, Leg, LegTable, Problem, ReturnRule, RouteClass, Stop};
use crate::units::{MicroDollars, Millis, Pieces, Ppm};
use std::collections::BTreeMap;

/// A depot or customer. Numbers in millionths.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) demand: u32,
    /// Begin and end of the window.
    pub(super) window: Option<(i64, i64)>,
    pub(super) service: i64,
}

/// A vehicle; those that are alike become one class.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Vehicle {
    pub(super) capacity: u32,
    pub(super) fixed: i64,
    /// Cost per unit of distance.
    pub(super) per_distance: i64,
    pub(super) duration: Option<i64>,
    /// Customers it may serve; none: all.
    pub(super) allowed: Option<Vec<usize>>,
}

/// Everything a file says. The first node is the depot.
#[derive(Clone, Debug, Default)]
pub(super) struct Raw {
    pub(super) name: String,
    pub(super) nodes: Vec<Node>,
    /// How many of each vehicle; none: any number.
    pub(super) vehicles: Vec<(Vehicle, Option<u32>)>,
    /// Distances in millionths where the file gives them, row by row.
    pub(super) distances: Option<Vec<i64>>,
}

/// Groups vehicles that are alike.
pub(super) fn classes(vehicles: Vec<Vehicle>) -> Vec<(Vehicle, Option<u32>)> {
    let mut counts: BTreeMap<Vehicle, u32> = BTreeMap::new();
    for vehicle in vehicles {
        *counts.entry(vehicle).or_default() += 1;
    }
    counts.into_iter().map(|(vehicle, count)| (vehicle, Some(count))).collect()
}

/// A square root of a sum of squares of millionths, rounded.
fn euclidean(a: &Node, b: &Node, rounding: Rounding) -> i64 {
    let square = |d: i64| i128::from(d) * i128::from(d);
    let sum = square(a.x - b.x) + square(a.y - b.y);
    let unit = i128::from(SCALE) * i128::from(SCALE);
    let root = match rounding {
        // floor(sqrt + 1/2) = floor((floor(2 sqrt) + 1) / 2).
        Rounding::Nearest => ((4 * sum / unit).isqrt() + 1) / 2,
        Rounding::Tenths => (100 * sum / unit).isqrt(),
    };
    i64::try_from(root).unwrap_or(i64::MAX)
}

/// Millionths in units of the rounding; cut off towards the safe side by the caller.
fn units(millionths: i64, rounding: Rounding) -> i64 {
    millionths / (SCALE / 10_i64.pow(rounding.decimals()))
}

/// Makes the instance. `line` is where defects of the whole are reported.
pub(super) fn build(raw: &Raw, rounding: Option<Rounding>, line: usize) -> Result<Instance, Vec<InstanceDefect>> {
    let windows = raw.nodes.iter().any(|n| n.window.is_some());
    let rounding = rounding.unwrap_or(if windows { Rounding::Tenths } else { Rounding::Nearest });
    let defect = |problem: String| vec![InstanceDefect { line, column: 1, problem }];
    let Some((depot, customers)) = raw.nodes.split_first() else { return Err(defect("no depot".to_owned())) };
    let time = |value: i64| {
        u32::try_from(units(value, rounding))
            .map(Millis)
            .map_err(|_| defect(format!("time {} does not fit", value / SCALE)))
    };
    let horizon = depot.window;
    let closed = ReturnRule { share: Ppm::ONE, on_duty: true, by: horizon.map(|(_, due)| time(due)).transpose()? };
    let mut classes = Vec::with_capacity(raw.vehicles.len());
    for (k, (vehicle, available)) in raw.vehicles.iter().enumerate() {
        classes.push(RouteClass {
            name: u32::try_from(k).unwrap_or(u32::MAX),
            capacity: Pieces(vehicle.capacity),
            fixed: MicroDollars(units(vehicle.fixed, rounding)),
            available: *available,
            leave_from: horizon.map_or(Ok(Millis(0)), |(ready, _)| time(ready))?,
            duty: vehicle.duration.map(time).transpose()?,
            waiting_per_hour: MicroDollars::ZERO,
            dwell_per_hour: MicroDollars::ZERO,
            back: closed,
        });
    }
    let mut stops = Vec::with_capacity(customers.len());
    for (c, node) in (1..).zip(customers) {
        let (ready, due) = node.window.or(horizon).unwrap_or((0, 2_000_000 * SCALE));
        let dock = Dock { setup: time(node.service)?, ..Dock::default() };
        let may = |vehicle: &Vehicle| vehicle.allowed.as_ref().is_none_or(|a| a.contains(&c));
        stops.push(Stop {
            name: u32::try_from(c).unwrap_or(u32::MAX),
            demand: Pieces(node.demand),
            ready: time(ready)?,
            due: time(due)?,
            docks: raw.vehicles.iter().map(|(v, _)| may(v).then_some(dock)).collect(),
        });
    }
    let count = raw.nodes.len();
    let distance = |a: usize, b: usize| match (&raw.distances, raw.nodes.get(a), raw.nodes.get(b)) {
        (Some(table), ..) => units(table.get(a * count + b).copied().unwrap_or(0), rounding),
        (None, Some(a), Some(b)) => euclidean(a, b, rounding),
        _ => 0,
    };
    let table: Vec<i64> =
        (0..count).flat_map(|a| (0..count).map(move |b| (a, b))).map(|(a, b)| distance(a, b)).collect();
    let mut legs = Vec::with_capacity(raw.vehicles.len());
    for (vehicle, _) in &raw.vehicles {
        let leg = |&d: &i64| {
            let cost = d.checked_mul(vehicle.per_distance)?;
            Some(Some(Leg { cost: MicroDollars(cost), time: Millis(u32::try_from(d).ok()?) }))
        };
        let all: Option<Vec<Option<Leg>>> = table.iter().map(leg).collect();
        legs.push(LegTable(all.ok_or_else(|| defect("a distance does not fit".to_owned()))?));
    }
    let problem = Problem::new(classes, stops, legs).map_err(|e| defect(format!("{e}; scale the numbers down")))?;
    Ok(Instance { name: raw.name.clone(), problem, rounding })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_round_as_their_literature_does() {
        let at = |x: i64, y: i64| Node { x: x * SCALE, y: y * SCALE, ..Node::default() };
        let near = |a, b| euclidean(&at(0, 0), &at(a, b), Rounding::Nearest);
        let cut = |a, b| euclidean(&at(0, 0), &at(a, b), Rounding::Tenths);
        // sqrt 2 = 1.414.., sqrt 8 = 2.828.., sqrt 18 = 4.2426.
        assert_eq!((near(1, 1), near(2, 2), near(3, 3), near(3, 4), near(0, 0)), (1, 3, 4, 5, 0));
        assert_eq!((cut(1, 1), cut(2, 2), cut(3, 3), cut(3, 4)), (14, 28, 42, 50));
        // Exactly a half goes up.
        let half = Node { x: SCALE / 2, ..Node::default() };
        assert_eq!(euclidean(&at(0, 0), &half, Rounding::Nearest), 1);
    }
}
