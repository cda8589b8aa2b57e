//! Column generation to the bound.

use super::labels::{Pricing, Run};
use super::master::{Column, Master};
use super::prices::Prices;
use super::set::Set;
use super::{ExactError, ExactOptions};
use crate::progress::Progress;
use crate::routes::net::{CLOSED, Net};
use rayon::prelude::*;

/// Near stops that a label remembers at first.
const NEAR: usize = 8;
/// Routes taken of one pricing.
const TAKEN: usize = 50;

/// What column generation ends with.
pub(super) struct Generated {
    pub(super) prices: Prices,
    /// Least reduced costs by class at these prices, at most 0.
    pub(super) least: Vec<i64>,
    pub(super) bound: i64,
    pub(super) columns: Vec<Column>,
    /// What labels remember at each point, for each class the same.
    pub(super) near: Vec<Set>,
}

/// Solves the programme. None if a limit came before any bound.
pub(super) fn generate(
    net: &Net,
    start: &[Column],
    penalty: i64,
    options: ExactOptions,
    progress: &dyn Progress,
) -> Result<Option<Generated>, ExactError> {
    let scale = Prices::scale_for(net);
    let mean = start.iter().map(|c| c.cost).sum::<i64>() / i64::try_from(start.len().max(1)).unwrap_or(1);
    let (mut near, same) = (near_sets(net, &singletons(net)), singletons(net));
    let mut columns = start.to_vec();
    for class in 0..net.classes.len() {
        columns
            .extend(net.stops().filter_map(|p| Some(Column { class, points: vec![p], cost: net.cost(class, &[p])? })));
    }
    columns.sort();
    columns.dedup();
    let mut rounds = options.rounds;
    let mut best: Option<Generated> = None;
    loop {
        let mut master = Master::new(net, penalty, mean)?;
        for column in columns.drain(..) {
            master.add(column)?;
        }
        let solved = loop {
            let solved = master.solve(penalty, scale)?;
            if rounds == 0 || progress.cancelled() {
                break None;
            }
            rounds -= 1;
            let quick = price(net, &solved.prices, [&near, &same], options.labels, false);
            if add(net, &mut master, &quick)? > 0 {
                continue;
            }
            let runs = price(net, &solved.prices, [&near, &same], options.labels, true);
            if runs.iter().any(|run| !run.complete) {
                break None;
            }
            let rounding = |(run, class): (&Run, _)| run.least - solved.prices.rounding(class);
            let least: Vec<i64> = runs.iter().zip(&net.classes).map(rounding).collect();
            let bound = solved.prices.bound(net, &least);
            if best.as_ref().is_none_or(|b| b.bound < bound) {
                let (prices, near) = (solved.prices.clone(), near.clone());
                best = Some(Generated { prices, least, bound, columns: Vec::new(), near });
            }
            if add(net, &mut master, &runs)? == 0 {
                break Some(solved);
            }
        };
        columns = std::mem::take(&mut master.columns);
        let cycles = match &solved {
            Some(solved) => tighten(&mut near, &columns, &solved.values),
            None => false,
        };
        columns.retain(|c| Set::of(&c.points).len() == c.points.len());
        if !cycles {
            return Ok(best.map(|best| Generated { columns, ..best }));
        }
    }
}

/// Each class's pricing; classes may go in parallel.
pub(super) fn price(net: &Net, prices: &Prices, [near, same]: [&[Set]; 2], most: usize, exact: bool) -> Vec<Run> {
    let one = |(class, of): (usize, &crate::routes::net::ClassNet)| {
        Pricing { class, net: of, demand: &net.demand, prices, near, same, most }.run(exact)
    };
    net.classes.par_iter().enumerate().map(one).collect()
}

/// Adds what is not there yet; returns how many.
fn add(net: &Net, master: &mut Master<'_>, runs: &[Run]) -> Result<usize, ExactError> {
    let mut added = 0;
    for (class, run) in runs.iter().enumerate() {
        for route in run.routes.iter().take(TAKEN) {
            // A route with a cycle is no route, but its cost is that of its arcs.
            let Some(cost) = net.classes.get(class).and_then(|c| c.route_cost(&route.points)) else { continue };
            let column = Column { class, points: route.points.clone(), cost };
            if !master.columns.contains(&column) {
                master.add(column)?;
                added += 1;
            }
        }
    }
    Ok(added)
}

/// Points that stand for themselves.
pub(super) fn singletons(net: &Net) -> Vec<Set> {
    (0..net.points).map(|point| Set::default().with(point)).collect()
}

/// The nearest stops of each point, with all that stand for the same, and itself.
pub(super) fn near_sets(net: &Net, same: &[Set]) -> Vec<Set> {
    let drive =
        |a: usize, b: usize| net.classes.iter().map(|c| c.drive(a, b).min(c.drive(b, a))).min().unwrap_or(CLOSED);
    let of = |a: usize| {
        let mut others: Vec<(i64, usize)> = net.stops().filter(|b| *b != a).map(|b| (drive(a, b), b)).collect();
        others.sort_unstable();
        let (mut near, mut stops) = (same.get(a).copied().unwrap_or_default(), 0);
        for (_, other) in others {
            if stops < NEAR && !near.has(other) {
                near = same.get(other).map_or(near, |same| near.or(same));
                stops += 1;
            }
        }
        near
    };
    (0..net.points).map(of).collect()
}

/// Makes every point of a cycle in the programme's solution remember where it began. False when there is no cycle.
fn tighten(near: &mut [Set], columns: &[Column], values: &[f64]) -> bool {
    let mut any = false;
    for (column, value) in columns.iter().zip(values) {
        if *value < 1e-6 {
            continue;
        }
        for (i, point) in column.points.iter().enumerate() {
            let rest = column.points.get(i + 1..).unwrap_or_default();
            let Some(length) = rest.iter().position(|p| p == point) else { continue };
            any = true;
            for between in rest.iter().take(length) {
                if let Some(set) = near.get_mut(*between) {
                    *set = set.with(*point);
                }
            }
        }
    }
    any
}
