//! How cheaply a partial route can be completed: labels from the depot backwards.
//!
//! Waiting and the duty limit are left out and stops may come again as ng-routes allow, so what comes out is a lower bound.

use super::labels::Pricing;
use super::set::Set;
use crate::routes::span::NEVER;

/// A partial route from a stop back to the depot.
#[derive(Clone, Copy, Debug)]
struct Tail {
    /// Reduced cost behind the stop.
    cost: i64,
    /// Load with the stop.
    load: i64,
    /// Latest begin at the stop.
    latest: i64,
    memory: Set,
    point: usize,
    dominated: bool,
}

/// Completions of each point, cheapest first.
#[derive(Clone, Debug)]
pub(super) struct Backward(Vec<Vec<Tail>>);

impl Backward {
    /// None when there are too many labels.
    pub(super) fn new(pricing: &Pricing<'_>) -> Option<Self> {
        let points = pricing.demand.len();
        let mut tails: Vec<Tail> = Vec::new();
        let mut at: Vec<Vec<usize>> = vec![Vec::new(); points];
        let mut queue = std::collections::BinaryHeap::new();
        let mut offer = |tail: Tail, tails: &mut Vec<Tail>, queue: &mut std::collections::BinaryHeap<(i64, usize)>| {
            let Some(here) = at.get_mut(tail.point) else { return };
            let better = |a: &Tail, b: &Tail| {
                a.cost <= b.cost && a.load <= b.load && a.latest >= b.latest && a.memory.within(&b.memory)
            };
            if here.iter().any(|&i| tails.get(i).is_some_and(|old| better(old, &tail))) {
                return;
            }
            here.retain(|&i| {
                let Some(old) = tails.get_mut(i) else { return false };
                old.dominated |= better(&tail, old);
                !old.dominated
            });
            here.push(tails.len());
            queue.push((tail.latest, tails.len()));
            tails.push(tail);
        };
        for point in 1..points {
            let Some(cost) = pricing.prices.arc(pricing.class, pricing.net, point, 0) else { continue };
            let closes = pricing.net.last_due.get(point).copied().unwrap_or(NEVER);
            let latest = pricing.net.window(point).latest_start.min(closes);
            let tail = Tail {
                cost,
                load: *pricing.demand.get(point)?,
                latest,
                memory: Set::of(&[point]),
                point,
                dominated: false,
            };
            if latest >= pricing.net.window(point).earliest_end {
                offer(tail, &mut tails, &mut queue);
            }
        }
        while let Some((_, index)) = queue.pop() {
            let tail = *tails.get(index)?;
            if tail.dominated {
                continue;
            }
            if tails.len() > pricing.most {
                return None;
            }
            for from in (1..points).filter(|from| !tail.memory.has(*from)) {
                let Some(arc) = pricing.prices.arc(pricing.class, pricing.net, from, tail.point) else { continue };
                let load = tail.load + pricing.demand.get(from)?;
                let window = pricing.net.window(from);
                let latest = window.latest_start.min(tail.latest - pricing.net.time(from, tail.point));
                if load > pricing.net.capacity || latest < window.earliest_end {
                    continue;
                }
                let memory = tail.memory.and(pricing.near.get(from)?).with(from);
                offer(
                    Tail { cost: tail.cost + arc, load, latest, memory, point: from, dominated: false },
                    &mut tails,
                    &mut queue,
                );
            }
        }
        let mut of: Vec<Vec<Tail>> = vec![Vec::new(); points];
        for tail in tails.into_iter().filter(|t| !t.dominated) {
            of.get_mut(tail.point)?.push(tail);
        }
        of.iter_mut().for_each(|tails| tails.sort_by_key(|t| t.cost));
        Some(Self(of))
    }

    /// Lower bound on the reduced cost behind a point for a route that has visited `visited`, itself included; none if nothing fits.
    pub(super) fn completion(&self, point: usize, demand: i64, begin: i64, room: i64, visited: &Set) -> Option<i64> {
        let others = |tail: &Tail| tail.memory.and(visited) == Set::of(&[point]);
        let fits = |tail: &&Tail| tail.latest >= begin && tail.load - demand <= room && others(tail);
        self.0.get(point)?.iter().find(fits).map(|tail| tail.cost)
    }
}
