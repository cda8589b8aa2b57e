//! From the bound to the optimum: enumeration within the gap and exact cover.

use super::cover::{Choice, cover};
use super::enumerate::enumerate;
use super::generate::{Generated, generate, singletons};
use super::labels::Pricing;
use super::master::{Column, Master, choose};
use super::prices::{Prices, routes_at_most};
use super::set::Set;
use super::{ExactError, ExactOptions, Proven, trivial_bound};
use crate::progress::Progress;
use crate::routes::net::Net;
use crate::routes::search::Found;

/// Routes up to which HiGHS looks for a better plan among them.
const MOST_COLUMNS: usize = 200_000;

pub(super) fn prove(
    net: &Net,
    start: Found,
    options: ExactOptions,
    progress: &dyn Progress,
) -> Result<Proven, ExactError> {
    let penalty = net.penalty();
    let mut best = start;
    let columns: Vec<Column> = best
        .routes
        .iter()
        .filter_map(|(class, points)| {
            Some(Column { class: *class, cost: net.cost(*class, points)?, points: points.clone() })
        })
        .collect();
    let Some(generated) = generate(net, &columns, penalty, options, progress)? else {
        return Ok(Proven { found: best, bound: trivial_bound(net), columns: 0 });
    };
    let mut bound = generated.bound.max(trivial_bound(net));
    let nodes = u32::try_from(options.nodes / 1_000).unwrap_or(u32::MAX);
    let mean = columns.iter().map(|c| c.cost).sum::<i64>() / i64::try_from(columns.len().max(1)).unwrap_or(1);
    let mut known = generated.columns.clone();
    if value(&best, penalty) > bound {
        improve(net, &mut best, &known, penalty, mean, nodes)?;
    }
    if value(&best, penalty) > bound
        && !progress.cancelled()
        && let Some(all) = within_gap(net, &generated, value(&best, penalty), options)
    {
        known = all;
        if known.len() <= MOST_COLUMNS {
            improve(net, &mut best, &known, penalty, mean, nodes)?;
        }
        let choices = choices(net, &known, penalty, mean, &generated.prices)?;
        let below = value(&best, penalty);
        let covered = cover(net, &choices.0, below, choices.1, generated.prices.scale, options.nodes);
        if let Some(taken) = covered.best {
            let routes = taken.iter().filter_map(|i| choices.0.get(*i));
            best = found(routes.map(|c| (c.class, c.points.clone(), c.cost)));
        }
        if covered.complete {
            bound = value(&best, penalty);
        }
    }
    Ok(Proven { bound: bound.min(value(&best, penalty)), found: best, columns: known.len() })
}

fn value(found: &Found, penalty: i64) -> i64 {
    found.cost + penalty * i64::try_from(found.unserved.len()).unwrap_or(i64::MAX)
}

fn found(chosen: impl Iterator<Item = (Option<usize>, Vec<usize>, i64)>) -> Found {
    let mut found = Found::default();
    for (class, points, cost) in chosen {
        match class {
            Some(class) => {
                found.cost += cost;
                found.routes.push((class, points));
            }
            None => found.unserved.extend(points),
        }
    }
    found.routes.sort();
    found.unserved.sort_unstable();
    found
}

/// Lets HiGHS choose among routes; what it chooses is checked.
fn improve(
    net: &Net,
    best: &mut Found,
    columns: &[Column],
    penalty: i64,
    mean: i64,
    nodes: u32,
) -> Result<(), ExactError> {
    let Some(taken) = choose(net, columns, penalty, mean, nodes)? else { return Ok(()) };
    let mut served = Set::default();
    let mut driven = vec![0; net.classes.len()];
    let mut routes = Vec::new();
    for column in taken.iter().filter_map(|i| columns.get(*i)) {
        let set = Set::of(&column.points);
        let Some(count) = driven.get_mut(column.class) else { return Ok(()) };
        *count += 1;
        if !set.disjoint(&served) || net.classes.get(column.class).is_none_or(|c| *count > c.available) {
            return Ok(());
        }
        served = served.or(&set);
        routes.push((Some(column.class), column.points.clone(), column.cost));
    }
    let left = net.stops().filter(|p| !served.has(*p)).map(|p| (None, vec![p], penalty));
    let plan = found(routes.into_iter().chain(left.collect::<Vec<_>>()));
    if value(&plan, penalty) < value(best, penalty) {
        *best = plan;
    }
    Ok(())
}

/// All routes that a plan cheaper than `value` can use. None when there are too many.
fn within_gap(net: &Net, generated: &Generated, value: i64, options: ExactOptions) -> Option<Vec<Column>> {
    let prices = &generated.prices;
    let negative: i64 = net
        .classes
        .iter()
        .zip(&generated.least)
        .map(|(class, least)| routes_at_most(net, class) * (*least).min(0))
        .sum();
    // The others' reduced costs may be that far below 0.
    let limit = (value - 1) * prices.scale - prices.base(net) - negative;
    let (mut columns, same) = (Vec::new(), singletons(net));
    for (class, of) in net.classes.iter().enumerate() {
        let near = &generated.near;
        let pricing = Pricing { class, net: of, demand: &net.demand, prices, near, same: &same, most: options.labels };
        for route in enumerate(&pricing, limit)? {
            let Some(cost) = net.cost(class, &route.points) else { continue };
            columns.push(Column { class, points: route.points, cost });
        }
    }
    Some(columns)
}

/// Routes with reduced costs from 0 at the prices of the programme over just these, and the scaled base that goes with them.
fn choices(
    net: &Net,
    columns: &[Column],
    penalty: i64,
    mean: i64,
    fallback: &Prices,
) -> Result<(Vec<Choice>, i64), ExactError> {
    let mut master = Master::new(net, penalty, mean)?;
    for column in columns {
        master.add(column.clone())?;
    }
    let prices = match master.solve(penalty, fallback.scale) {
        Ok(solved) => solved.prices,
        Err(_) => fallback.clone(),
    };
    let reduced = |c: &Column| prices.route(c.class, &c.points, c.cost);
    let mut base = prices.base(net);
    // Reduced costs below 0 by rounding are lifted to 0; the base sinks by as much as a plan may have of them.
    for (class, of) in net.classes.iter().enumerate() {
        let least = columns.iter().filter(|c| c.class == class).map(reduced).min().unwrap_or(0);
        base += routes_at_most(net, of) * least.min(0);
    }
    let mut choices: Vec<Choice> = columns
        .iter()
        .map(|c| Choice { class: Some(c.class), points: c.points.clone(), cost: c.cost, reduced: reduced(c).max(0) })
        .collect();
    for point in net.stops() {
        let price = prices.points.get(point).copied().unwrap_or(0);
        choices.push(Choice {
            class: None,
            points: vec![point],
            cost: penalty,
            reduced: penalty * prices.scale - price,
        });
    }
    Ok((choices, base))
}
