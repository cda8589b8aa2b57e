//! Whether a set of routes serves each stop once at less than a given cost: exact search in integers.
//!
//! Reduced costs of an optimum add up to no more than the gap, so little of the tree is left: branch on the stop with the fewest routes,
//! cheapest reduced cost first, and stop where their sum exceeds the budget. Unlike a floating-point solver's answer, an exhausted
//! search is a proof to the micro-dollar.

use super::set::Set;
use crate::routes::net::Net;

/// A route, or a stop left unserved.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    /// None: unserved.
    pub(super) class: Option<usize>,
    pub(super) points: Vec<usize>,
    /// Exact, or the price of an unserved stop; micro-dollars.
    pub(super) cost: i64,
    /// Reduced, from 0, scaled.
    pub(super) reduced: i64,
}

/// Outcome of a search.
#[derive(Clone, Debug, Default)]
pub(super) struct Covered {
    /// The cheapest cover below the limit: positions of choices.
    pub(super) best: Option<Vec<usize>>,
    /// False when the limit of nodes ended it.
    pub(super) complete: bool,
}

struct Search<'c> {
    net: &'c Net,
    choices: &'c [Choice],
    sets: Vec<Set>,
    /// Choices of each point, least reduced cost first.
    of: Vec<Vec<usize>>,
    everything: Set,
    /// Micro-dollars below which a cover counts.
    below: i64,
    /// What reduced costs may add up to, given `below`.
    budget: i64,
    scale: i64,
    taken: Vec<usize>,
    driven: Vec<usize>,
    best: Option<Vec<usize>>,
    nodes: u64,
}

/// Searches for covers that cost less than `below`. `base` scaled: what costs are beyond reduced costs.
pub(super) fn cover(net: &Net, choices: &[Choice], below: i64, base: i64, scale: i64, nodes: u64) -> Covered {
    let mut of: Vec<Vec<usize>> = vec![Vec::new(); net.points];
    for (index, choice) in choices.iter().enumerate() {
        for point in &choice.points {
            if let Some(list) = of.get_mut(*point) {
                list.push(index);
            }
        }
    }
    of.iter_mut().for_each(|list| list.sort_by_key(|&i| (choices.get(i).map_or(0, |c| c.reduced), i)));
    let mut search = Search {
        net,
        choices,
        sets: choices.iter().map(|c| Set::of(&c.points)).collect(),
        of,
        everything: net.stops().fold(Set::default(), Set::with),
        below,
        budget: (below - 1) * scale - base,
        scale,
        taken: Vec::new(),
        driven: vec![0; net.classes.len()],
        best: None,
        nodes,
    };
    let complete = search.node(Set::default(), 0, 0);
    Covered { best: search.best, complete }
}

impl Search<'_> {
    /// False when nodes ran out.
    fn node(&mut self, covered: Set, cost: i64, reduced: i64) -> bool {
        if covered == self.everything {
            if cost < self.below {
                self.budget -= (self.below - cost) * self.scale;
                self.below = cost;
                self.best = Some(self.taken.clone());
            }
            return true;
        }
        if self.nodes == 0 {
            return false;
        }
        self.nodes -= 1;
        let Some(options) = self.fewest(&covered, reduced) else { return true };
        for index in options {
            let Some(choice) = self.choices.get(index) else { continue };
            let spent = reduced + choice.reduced;
            if spent > self.budget {
                break;
            }
            if let Some(class) = choice.class {
                let available = self.net.classes.get(class).map_or(0, |c| c.available);
                let Some(driven) = self.driven.get_mut(class) else { continue };
                if *driven >= available {
                    continue;
                }
                *driven += 1;
            }
            let (own, class) = (choice.cost, choice.class);
            let set = self.sets.get(index).copied().unwrap_or_default();
            self.taken.push(index);
            let complete = self.node(covered.or(&set), cost + own, spent);
            self.taken.pop();
            if let Some(driven) = class.and_then(|class| self.driven.get_mut(class)) {
                *driven -= 1;
            }
            if !complete {
                return false;
            }
        }
        true
    }

    /// Choices that fit, of the uncovered point that has the fewest; none when a point has none.
    fn fewest(&self, covered: &Set, reduced: i64) -> Option<Vec<usize>> {
        let mut best: Option<Vec<usize>> = None;
        for point in self.net.stops().filter(|p| !covered.has(*p)) {
            let most = best.as_ref().map_or(usize::MAX, Vec::len);
            let mut fitting = Vec::new();
            for &index in self.of.get(point).into_iter().flatten() {
                if self.choices.get(index).is_none_or(|c| reduced + c.reduced > self.budget) || fitting.len() >= most {
                    break;
                }
                if self.sets.get(index).is_some_and(|set| set.disjoint(covered)) {
                    fitting.push(index);
                }
            }
            if fitting.is_empty() {
                return None;
            }
            if fitting.len() < most {
                best = Some(fitting);
            }
        }
        best
    }
}
