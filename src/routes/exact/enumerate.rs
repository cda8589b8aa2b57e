//! All elementary routes whose reduced cost is at most a limit (Baldacci, Christofides, Mingozzi, *Mathematical Programming* 115, 2008).
//!
//! Any plan better than the incumbent uses only such routes. Of two orders of the same stops that end alike, one that is no worse
//! stands for both.

use super::backward::Backward;
use super::labels::{Label, Priced, Pricing, ROOT, trace};
use super::set::Set;
use rustc_hash::FxHashMap;

/// Routes within `limit`; none when there are more labels than the pricing's limit.
pub(super) fn enumerate(pricing: &Pricing<'_>, limit: i64) -> Option<Vec<Priced>> {
    let points = pricing.demand.len();
    let backward = Backward::new(pricing)?;
    let everything = vec![Set::below(points); points];
    let elementary = Pricing { near: &everything, ..*pricing };
    let rounding = pricing.prices.rounding(pricing.net);
    let mut labels: Vec<Label> = Vec::new();
    let mut alike: FxHashMap<(usize, Set), Vec<u32>> = FxHashMap::default();
    let mut dropped: Vec<bool> = Vec::new();
    let mut layer: Vec<u32> = Vec::new();
    let mut add = |label: Label, labels: &mut Vec<Label>, dropped: &mut Vec<bool>, layer: &mut Vec<u32>| {
        let demand = pricing.demand.get(label.point).copied().unwrap_or(0);
        let room = pricing.net.capacity - label.load;
        let behind = backward.completion(label.point, demand, label.span.earliest_end, room, &label.memory);
        // Waiting so far is not lost by going on: it only grows.
        let so_far = label.cost + pricing.waiting(label.span.waiting());
        if behind.is_none_or(|behind| so_far + behind - rounding > limit) {
            return;
        }
        let same = alike.entry((label.point, label.memory)).or_default();
        if same.iter().any(|&i| labels.get(i as usize).is_some_and(|old| elementary.no_worse(old, &label))) {
            return;
        }
        same.retain(|&i| {
            let worse = labels.get(i as usize).is_some_and(|old| elementary.no_worse(&label, old));
            if let Some(gone) = dropped.get_mut(i as usize).filter(|_| worse) {
                *gone = true;
            }
            !worse
        });
        let index = u32::try_from(labels.len()).unwrap_or(ROOT);
        same.push(index);
        layer.push(index);
        labels.push(label);
        dropped.push(false);
    };
    for to in 1..points {
        if let Some(label) = elementary.extend(None, ROOT, to) {
            add(label, &mut labels, &mut dropped, &mut layer);
        }
    }
    // Layer by number of stops: a label is extended when all orders of its stops are known.
    while !layer.is_empty() {
        let mut next = Vec::new();
        for index in layer {
            let Some(label) = labels.get(index as usize).copied() else { continue };
            if dropped.get(index as usize) == Some(&true) {
                continue;
            }
            if labels.len() > pricing.most {
                return None;
            }
            for to in 1..points {
                if let Some(further) = elementary.extend(Some(&label), index, to) {
                    add(further, &mut labels, &mut dropped, &mut next);
                }
            }
        }
        layer = next;
    }
    let mut best: FxHashMap<Set, (i64, u32)> = FxHashMap::default();
    for (index, label) in labels.iter().enumerate().filter(|(i, _)| dropped.get(*i) == Some(&false)) {
        let Some(reduced) = elementary.close(label).filter(|r| r - rounding <= limit) else { continue };
        let index = u32::try_from(index).unwrap_or(ROOT);
        // Waiting is rounded once a route: the true cost decides between orders.
        let reduced = if rounding == 0 {
            reduced
        } else {
            let points = trace(&labels, index);
            let Some(cost) = pricing.net.route_cost(&points) else { continue };
            pricing.prices.route(pricing.class, &points, cost)
        };
        let entry = best.entry(label.memory).or_insert((reduced, index));
        *entry = (*entry).min((reduced, index));
    }
    let mut routes: Vec<Priced> =
        best.into_values().map(|(reduced, index)| Priced { reduced, points: trace(&labels, index) }).collect();
    routes.sort();
    Some(routes)
}
