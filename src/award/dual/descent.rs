//! Lowering the bound of one node of the search: prices of wide rules, then shares of packages, then counted rules, in
//! rounds, until a round gains next to nothing.
//!
//! A *node* says of some bidders with a minimum volume that they win (then the minimum is a plain rule with a price) or
//! that they do not (then their offers are out). Undecided, the minimum is left out of the bound.

use super::block::{Search, Stand};
use super::bound::{Relaxed, relax};
use super::prices::{PRICE_BITS, Prices, Values};
use super::problem::{LinkKind, Place, Problem};
use super::share;
use super::{charges, links};

/// Steps of the prices of wide rules in a round.
const STEPS: u32 = 6;
/// The first distance at which wide prices aim below the best bound, as a share of it.
const FIRST_AIM: f64 = 0.01;
/// A round that lowers the bound by less than this share ends the descent.
const ENOUGH: f64 = 1e-6;

/// What stays the same for a whole search.
pub(super) struct Ground<'p, 'm> {
    pub(super) problem: &'p Problem<'m>,
    pub(super) packages: Vec<Vec<u32>>,
    pub(super) counts: Vec<Vec<u32>>,
    scales: Vec<f64>,
}

impl<'p, 'm> Ground<'p, 'm> {
    pub(super) fn new(problem: &'p Problem<'m>) -> Self {
        Self {
            problem,
            packages: share::classes(problem),
            counts: links::classes(problem),
            scales: links::scales(problem),
        }
    }

    /// A thousandth of a dollar by a rule's typical coefficient, as a price.
    pub(super) fn cent(&self, link: usize) -> i64 {
        (1_000.0 / self.scales[link] * f64::from(1_u32 << PRICE_BITS)).max(1.0) as i64
    }
}

/// Decisions with the prices that prove their bound.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// (link of a minimum volume, whether its bidder wins), in order of decision.
    pub(super) decisions: Vec<(u32, bool)>,
    pub(super) prices: Prices,
    pub(super) bound: i128,
    /// The distance at which wide prices aim below the best bound, as a share of it.
    aim: f64,
}

impl Node {
    pub(super) fn root(problem: &Problem<'_>) -> Self {
        Self { decisions: Vec::new(), prices: Prices::start(problem), bound: i128::MAX, aim: FIRST_AIM }
    }

    /// This node with one more decision.
    pub(super) fn decided(&self, problem: &Problem<'_>, link: u32, wins: bool) -> Self {
        let mut node = self.clone();
        node.decisions.push((link, wins));
        let rule = &problem.links[link as usize];
        let least: i128 = rule.presences.iter().map(|p| i128::from(p.weight)).sum();
        node.prices.at_most[link as usize] = rule.at_most - if wins { least } else { 0 };
        if !wins {
            node.prices.lambda[link as usize] = 0;
        }
        for activation in problem.activations.iter().filter(|a| a.link == link) {
            activation.charges.iter().for_each(|c| node.prices.charges[*c as usize] = 0);
        }
        node.aim = FIRST_AIM / 8.0;
        node
    }

    /// What is asked of each item.
    pub(super) fn stands(&self, problem: &Problem<'_>) -> Vec<Stand> {
        let mut by_offer: Vec<Stand> =
            problem.forced.iter().map(|f| if *f { Stand::Must } else { Stand::Free }).collect();
        for (link, _) in self.decisions.iter().filter(|(_, wins)| !wins) {
            for offer in problem.links[*link as usize].presences.iter().flat_map(|p| &p.offers) {
                by_offer[*offer] = Stand::Out;
            }
        }
        problem.items.iter().map(|i| by_offer[i.offer as usize]).collect()
    }

    /// This node with every minimum volume decided as its blocks choose: won by who reaches half of it.
    pub(super) fn settled(&self, problem: &Problem<'_>, relaxed: &Relaxed) -> Self {
        let mut node = self.clone();
        for activation in problem.activations.iter().filter(|a| self.is_undecided(a.link as usize)) {
            let pieces = |offer: &u32| match problem.place[*offer as usize] {
                Place::Item(..) => i64::from(relaxed.quantities[*offer as usize]),
                Place::Package(k) => {
                    let copies = problem.packages[k as usize].copies.clone();
                    copies.filter(|c| relaxed.taken[*c]).map(|c| i64::from(problem.copies[c].volume)).sum()
                }
            };
            let own: i64 = activation.offers.iter().map(pieces).sum();
            node = node.decided(problem, activation.link, 2 * own >= activation.least);
        }
        node
    }

    fn is_undecided(&self, link: usize) -> bool {
        self.decisions.iter().all(|(l, _)| *l as usize != link)
    }

    pub(super) fn is_open(&self, problem: &Problem<'_>, link: usize) -> bool {
        match problem.links[link].kind {
            LinkKind::Wide => true,
            LinkKind::IfWins => self.decisions.iter().any(|(l, wins)| *l as usize == link && *wins),
            LinkKind::Count | LinkKind::Unpriced => false,
        }
    }

    /// Lowers the bound; `relaxed` is left as the best prices give it. Ends early once the bound is below `enough`.
    pub(super) fn descend(
        &mut self,
        ground: &Ground<'_, '_>,
        rounds: u32,
        enough: i128,
        relaxed: &mut Relaxed,
        go_on: &dyn Fn() -> bool,
    ) {
        let problem = ground.problem;
        let stands = self.stands(problem);
        let stand = |item: u32| stands[item as usize];
        let mut values = Values::default();
        relax(problem, &self.prices, &mut values, &stand, relaxed);
        self.bound = relaxed.bound;
        for _ in 0..rounds {
            let before = self.bound;
            self.wide(ground, &stand, &mut values, relaxed);
            let mut tried = self.prices.clone();
            tried.values(problem, &mut values);
            charges::pass(problem, &|l| self.is_undecided(l), &stand, &mut tried, &mut values);
            share::pass(problem, &ground.packages, &stand, &mut tried.dealt, &mut values);
            links::pass(problem, &ground.counts, &stand, &mut tried, &mut values);
            let mut next = Relaxed::default();
            relax(problem, &tried, &mut values, &stand, &mut next);
            if next.bound <= self.bound {
                self.bound = next.bound;
                self.prices = tried;
                *relaxed = next;
            }
            let gain = (before - self.bound) as f64;
            if !go_on() || self.bound < enough || gain <= ENOUGH * self.bound.unsigned_abs() as f64 {
                break;
            }
        }
    }

    /// Some steps of the prices of wide rules, from the best prices each time a step fails twice.
    fn wide(
        &mut self,
        ground: &Ground<'_, '_>,
        stand: &(dyn Fn(u32) -> Stand + Sync),
        values: &mut Values,
        relaxed: &mut Relaxed,
    ) {
        let problem = ground.problem;
        let open: Vec<bool> = (0..problem.links.len()).map(|l| self.is_open(problem, l)).collect();
        if !open.contains(&true) {
            return;
        }
        let mut here = self.prices.clone();
        let mut now = relaxed.clone();
        let mut failed = 0;
        for _ in 0..STEPS {
            let excess = links::excess(problem, &here, &now);
            let aim = self.aim * self.bound.unsigned_abs() as f64;
            let gap = (now.bound - self.bound) as f64 + aim;
            if !links::step(&mut here, &excess, &ground.scales, &|l| open[l], 1.0, gap) {
                break;
            }
            relax(problem, &here, values, stand, &mut now);
            if now.bound < self.bound {
                if ((self.bound - now.bound) as f64) < 0.1 * aim {
                    self.aim /= 1.5;
                }
                self.bound = now.bound;
                self.prices.lambda.clone_from(&here.lambda);
                *relaxed = now.clone();
                failed = 0;
            } else {
                failed += 1;
                if failed == 2 {
                    failed = 0;
                    self.aim /= 2.5;
                    here.lambda.clone_from(&self.prices.lambda);
                    now = relaxed.clone();
                }
            }
        }
    }
}

/// Sum of an offer's marginals over its blocks; `None` when it does not fit.
pub(super) fn worth(
    problem: &Problem<'_>,
    values: &Values,
    stand: &(dyn Fn(u32) -> Stand + Sync),
    search: &mut Search,
    offer: u32,
) -> Option<i128> {
    let each = problem
        .items_of(offer)
        .map(|(block, item)| share::marginal_of_item(problem, values, stand, search, block, item).map(i128::from));
    each.sum()
}
