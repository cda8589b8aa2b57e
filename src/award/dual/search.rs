//! The whole search: bound, award, branching over minimum volumes.

use super::bound::Relaxed;
use super::certificate::{Leaf, leaf};
use super::descent::{Ground, Node, worth};
use super::incumbent::Incumbent;
use super::links;
use super::prices::{Prices, VALUE_BITS};
use super::problem::{LinkKind, Problem};
use super::{master, proof, recreate, repair};
use crate::award::AwardError;
use crate::award::model::Model;
use crate::award::solve::Plan;
use crate::progress::Progress;
use rayon::prelude::*;

/// Rounds of the descent at the root and at further nodes.
const ROOT_ROUNDS: u32 = 60;
const NODE_ROUNDS: std::ops::RangeInclusive<usize> = 6..=16;
/// Items times rounds of a further node.
const NODE_WORK: usize = 60_000;
/// Rounds at the root, and nodes, when equal awards need not be told apart: then only a price of a rule is sought.
const PROBE_ROUNDS: u32 = 8;
const PROBE_NODES: usize = 4;
/// With no more offers than this nothing is saved by looking less closely.
const PROBE_OFFERS: usize = 3_000;
/// Nodes of the search over minimum volumes.
const NODES: usize = 40;
/// Less than any award is worth.
const NOTHING: i128 = -(1 << 100);
/// Rounds of ruin and recreate.
const RECREATE_ROUNDS: u32 = 3;
/// Times that prices of missed rules are raised.
const REACHING: u32 = 8;
/// Choices of all units that HiGHS chooses from, least and most of a unit, rounds, and nodes it may open.
const MASTER_CHOICES: usize = 24_000;
const MASTER_LEAST: usize = 4;
const MASTER_MOST: usize = 100;
const PROOF_CHOICES: usize = 40_000;
/// The first round looks at choices that lose no more than one part in so many of what a unit is worth on average.
const NEAR: i128 = 100;
const MASTER_ROUNDS: u32 = 3;
const MASTER_NODES: u32 = 500;

/// What the engine found.
#[derive(Clone, Debug)]
pub(crate) struct DualSolution {
    /// By offer of the model.
    pub(crate) quantities: Vec<u32>,
    #[cfg(test)]
    pub(crate) value: i128,
    pub(crate) bound: i128,
    /// What the multipliers of the leaves prove; the bound may be lower by the solver's proof.
    pub(crate) multiplier_bound: i128,
    /// The certificate: every award belongs to one of these.
    pub(crate) leaves: Vec<Leaf>,
    /// Part of the bound due to numerical tolerance.
    pub(crate) tolerance: i128,
    /// A limit ended the search.
    pub(crate) stopped: bool,
    pub(crate) interrupted: bool,
    /// Rules that had a price.
    pub(crate) priced: Vec<usize>,
}

struct State<'p, 'm> {
    ground: Ground<'p, 'm>,
    /// Equal awards are told apart: then packages are exchanged as well. Else only the price of a rule is sought.
    thorough: bool,
    best: Option<(Vec<u32>, i128)>,
}

/// Solves the part of a model that `offers` make, under the rules that `keep` accepts. `Ok(None)`: nothing was found that
/// obeys the rules.
pub(crate) fn solve(
    model: &Model,
    offers: Vec<usize>,
    keep: &dyn Fn(usize) -> bool,
    start: &[u32],
    plan: &Plan<'_>,
    progress: &dyn Progress,
) -> Result<Option<DualSolution>, AwardError> {
    let problem = Problem::new(model, offers, keep);
    let thorough = plan.ties || problem.offers.len() <= PROBE_OFFERS;
    let mut state = State { ground: Ground::new(&problem), thorough, best: None };
    let mut start = start.to_vec();
    start.resize(model.offers.len(), 0);
    state.offer(start, keep);
    progress.begin("award: bound", None);
    let mut root = Node::root(&problem);
    let mut relaxed = Relaxed::default();
    let rounds = if thorough { ROOT_ROUNDS } else { PROBE_ROUNDS };
    root.descend(&state.ground, rounds, i128::MIN, &mut relaxed, &|| !progress.cancelled());
    progress.finish(&format!("no award is worth more than {:.2}", usd(root.bound)));
    progress.begin("award: packages", None);
    state.build(&root, &relaxed, keep, progress);
    let value = state.best.as_ref().map_or(0, |b| b.1);
    progress.finish(&format!("value {:.2}, bound {:.2}", usd(value), usd(root.bound)));
    let priced = priced(&problem, &root);
    let mut mastered = None;
    if thorough {
        mastered = state.master(&root, plan, keep, progress)?;
    }
    let leaves = branch(&mut state, root, relaxed, plan, keep, progress);
    let Some((mut quantities, mut value)) = state.best else { return Ok(None) };
    let multiplier_bound = leaves.iter().map(|n| n.bound).max().unwrap_or(value).max(value);
    let (mut bound, mut tolerance) = (multiplier_bound, 0);
    if let Some((proven, allowance)) = mastered.filter(|m| m.0 < bound) {
        (bound, tolerance) = (proven.max(value), allowance);
    }
    if thorough && !accepts(plan, bound, value) && !progress.cancelled() {
        progress.begin("award: proof", None);
        let open: Vec<Node> = leaves.iter().filter(|n| n.bound > value).cloned().collect();
        if let Some((better, outcome)) = proof::close(&problem, &open, (&quantities, value), keep, plan.limits)? {
            if outcome.rank.value > value && !model.broken(&better).into_iter().any(keep) {
                (quantities, value) = (better, outcome.rank.value);
            }
            if outcome.bound.max(value) < bound {
                (bound, tolerance) = (outcome.bound.max(value), outcome.tolerance);
            }
        }
        progress.finish(&format!("value {:.2}, bound {:.2}", usd(value), usd(bound)));
    }
    let interrupted = progress.cancelled();
    let leaves = leaves.iter().map(|n| leaf(&problem, n)).collect();
    let stopped = interrupted || !(accepts(plan, bound, value) || bound - value <= tolerance);
    Ok(Some(DualSolution {
        quantities,
        #[cfg(test)]
        value,
        bound,
        tolerance,
        multiplier_bound,
        leaves,
        stopped,
        interrupted,
        priced,
    }))
}

/// Whether a bound is near enough to a value.
fn accepts(plan: &Plan<'_>, bound: i128, value: i128) -> bool {
    bound - value <= bound * i128::from(plan.limits.gap_ppm) / 1_000_000
}

/// Micro-dollars as dollars, for lines of progress.
fn usd(value: i128) -> f64 {
    value as f64 * 1e-6
}

/// Rules of the model that have a price.
fn priced(problem: &Problem<'_>, node: &Node) -> Vec<usize> {
    let links = problem.links.iter().zip(&node.prices.lambda);
    links.filter(|(_, p)| **p > 0).map(|(l, _)| l.rule).collect()
}

/// Best bound first over whether bidders with a minimum volume win; the leaves, which together hold every award.
fn branch(
    state: &mut State<'_, '_>,
    root: Node,
    relaxed: Relaxed,
    plan: &Plan<'_>,
    keep: &dyn Fn(usize) -> bool,
    progress: &dyn Progress,
) -> Vec<Node> {
    let problem = state.ground.problem;
    let mut open = vec![(root, relaxed)];
    // Leaves that nothing splits any further, or that hold no better award.
    let mut closed: Vec<Node> = Vec::new();
    let mut visited = 0;
    let rounds = (NODE_WORK / problem.items.len().max(1)).clamp(*NODE_ROUNDS.start(), *NODE_ROUNDS.end());
    let rounds = u32::try_from(rounds).unwrap_or(1);
    progress.begin("award: minimum volumes", None);
    loop {
        let value = state.best.as_ref().map_or(NOTHING, |b| b.1);
        let next = (0..open.len()).max_by_key(|i| (open[*i].0.bound, std::cmp::Reverse(*i)));
        let highest = closed.iter().map(|n| n.bound).max().unwrap_or(value).max(value);
        let Some(next) = next.filter(|n| open[*n].0.bound > highest) else { break };
        let accepted = open[next].0.bound * i128::from(plan.limits.gap_ppm) / 1_000_000;
        let most = if state.thorough { NODES } else { PROBE_NODES };
        if visited >= most || progress.cancelled() || open[next].0.bound - value <= accepted {
            break;
        }
        let (node, relaxed) = open.swap_remove(next);
        let Some(link) = undecided(problem, &node, &relaxed) else {
            closed.push(node);
            continue;
        };
        for wins in [true, false] {
            visited += 1;
            let mut child = node.decided(problem, link, wins);
            let mut relaxed = Relaxed::default();
            child.descend(&state.ground, rounds, value, &mut relaxed, &|| !progress.cancelled());
            if child.bound > value {
                state.build(&child, &relaxed, keep, progress);
                open.push((child, relaxed));
            } else {
                closed.push(child);
            }
        }
    }
    closed.extend(open.into_iter().map(|(node, _)| node));
    let bound = closed.iter().map(|n| n.bound).max().unwrap_or(0);
    let value = state.best.as_ref().map_or(0, |b| b.1);
    progress.finish(&format!("value {:.2}, bound {:.2} after {visited} nodes", usd(value), usd(bound)));
    closed
}

/// The minimum volume that the node's blocks miss by most, in parts of the minimum.
fn undecided(problem: &Problem<'_>, node: &Node, relaxed: &Relaxed) -> Option<u32> {
    let excess = links::excess(problem, &node.prices, relaxed);
    let any = |l: usize| {
        let mut offers = problem.links[l].presences.iter().flat_map(|p| &p.offers);
        let copies = |k: u32| problem.packages[k as usize].copies.clone();
        offers.any(|o| {
            relaxed.quantities[*o] > 0
                || matches!(problem.place[*o], super::problem::Place::Package(k) if copies(k).any(|c| relaxed.taken[c]))
        })
    };
    let missing = |l: &u32| {
        let rule = &problem.links[*l as usize];
        let least: f64 = rule.presences.iter().map(|p| p.weight as f64).sum();
        let undecided = node.decisions.iter().all(|(d, _)| d != l);
        // What is missing is `least − own`, and the excess here is `−own`.
        (rule.kind == LinkKind::IfWins && undecided && any(*l as usize)).then(|| least + excess[*l as usize])
    };
    let all = (0..problem.links.len() as u32).filter_map(|l| Some((missing(&l)?, l)));
    all.filter(|(m, _)| *m > 0.0).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))).map(|(_, l)| l)
}

impl State<'_, '_> {
    /// Takes an award by offer of the model, if it obeys the rules and is better.
    fn offer(&mut self, mut quantities: Vec<u32>, keep: &dyn Fn(usize) -> bool) {
        let problem = self.ground.problem;
        let mut mine = vec![false; problem.model.offers.len()];
        problem.offers.iter().for_each(|o| mine[*o] = true);
        quantities.iter_mut().zip(&mine).filter(|(_, m)| !**m).for_each(|(q, _)| *q = 0);
        let Some(value) = problem.model.value(&quantities) else { return };
        if self.best.as_ref().is_none_or(|b| b.1 < value) && !problem.model.broken(&quantities).into_iter().any(keep) {
            self.best = Some((quantities, value));
        }
    }

    /// An award under the prices of a node.
    fn build(&mut self, node: &Node, relaxed: &Relaxed, keep: &dyn Fn(usize) -> bool, progress: &dyn Progress) {
        let problem = self.ground.problem;
        let node = &node.settled(problem, relaxed);
        let stands = &node.stands(problem);
        let mut incumbent = Incumbent::new(problem, &node.prices, stands);
        let stand = |item: u32| stands[item as usize];
        let values = &incumbent.values;
        let worths: Vec<Option<i128>> = problem
            .packages
            .par_iter()
            .map_init(super::block::Search::default, |search, p| worth(problem, values, &stand, search, p.offer))
            .collect();
        let agreed = |k: &u32| problem.packages[*k as usize].copies.clone().all(|c| relaxed.taken[c]);
        let mut order: Vec<u32> =
            (0..problem.packages.len() as u32).filter(|k| worths[*k as usize].is_some()).collect();
        order.sort_by_key(|k| (!agreed(k), std::cmp::Reverse(worths[*k as usize]), *k));
        let mut rank = vec![u32::MAX; problem.packages.len()];
        order.iter().enumerate().for_each(|(at, k)| rank[*k as usize] = at as u32);
        // Packages whose opportunity cost exceeds what is still open cannot win in a better award.
        let value = self.best.as_ref().map_or(0, |b| b.1);
        let slack = if self.thorough { (node.bound - value).max(node.bound / 100) << VALUE_BITS } else { 0 };
        let promising = |k: &&u32| worths[**k as usize].is_some_and(|w| w > -slack);
        let order: Vec<u32> = order.iter().filter(promising).copied().collect();
        incumbent.insert(&order);
        incumbent.keep();
        // From here on counted rules are kept, not priced.
        let mut prices = node.prices.clone();
        for (link, price) in problem.links.iter().zip(&mut prices.lambda) {
            if link.kind == LinkKind::Count {
                *price = 0;
            }
        }
        let priced = incumbent.quantities.clone();
        prices.values(problem, &mut incumbent.values);
        incumbent.quantities = priced;
        incumbent.settle_counts();
        self.take(&incumbent, keep);
        self.reach(&mut incumbent, &mut prices, node, keep);
        for _ in 0..if self.thorough { RECREATE_ROUNDS } else { 0 } {
            if progress.cancelled() {
                break;
            }
            let gain = recreate::round(&mut incumbent, &order, &rank, &|| !progress.cancelled());
            incumbent.settle_counts();
            self.take(&incumbent, keep);
            if gain <= 0 {
                break;
            }
        }
    }

    /// Raises the prices of rules that the award misses until it meets them, or not.
    fn reach(
        &mut self,
        incumbent: &mut Incumbent<'_, '_>,
        prices: &mut Prices,
        node: &Node,
        keep: &dyn Fn(usize) -> bool,
    ) {
        let problem = self.ground.problem;
        for step in 0..REACHING {
            let missed = repair::missed(incumbent);
            let missed: Vec<usize> = missed.into_iter().filter(|l| node.is_open(problem, *l)).collect();
            if missed.is_empty() {
                break;
            }
            for link in missed {
                let least = self.ground.cent(link);
                let price = &mut prices.lambda[link];
                *price += (*price / 50).max(least << step);
            }
            incumbent.reprice(prices);
            incumbent.settle_counts();
            self.take(incumbent, keep);
        }
    }

    fn take(&mut self, incumbent: &Incumbent<'_, '_>, keep: &dyn Fn(usize) -> bool) {
        self.take_repaired(incumbent.quantities.clone(), keep);
    }

    /// Takes an award by offer position, made whole.
    fn take_repaired(&mut self, quantities: Vec<u32>, keep: &dyn Fn(usize) -> bool) {
        let problem = self.ground.problem;
        let mut all = vec![0; problem.model.offers.len()];
        for (offer, quantity) in problem.offers.iter().zip(repair::repaired(problem, quantities)) {
            all[*offer] = quantity;
        }
        self.offer(all, keep);
    }

    /// Awards made of good choices under the prices of a node, and the bound where all choices are looked at.
    fn master(
        &mut self,
        node: &Node,
        plan: &Plan<'_>,
        keep: &dyn Fn(usize) -> bool,
        progress: &dyn Progress,
    ) -> Result<Option<(i128, i128)>, AwardError> {
        let problem = self.ground.problem;
        progress.begin("award: choices", None);
        let mut proven = None;
        for round in 0..MASTER_ROUNDS {
            let value = self.best.as_ref().map_or(0, |b| b.1);
            if accepts(plan, node.bound, value) || progress.cancelled() {
                break;
            }
            // First good choices alone, for a good award; then all that may be better.
            let blocks = problem.blocks.len().max(1);
            let open = node.bound - value + 1;
            let near = node.bound / blocks as i128 / NEAR;
            let (loss, choices) = match round {
                0 => (open.min(near), (MASTER_CHOICES / blocks).clamp(MASTER_LEAST, MASTER_MOST)),
                _ => (open, PROOF_CHOICES),
            };
            let scope = master::Scope {
                loss,
                choices,
                all: PROOF_CHOICES,
                nodes: plan.limits.nodes.unwrap_or(MASTER_NODES),
                seconds: plan.limits.seconds,
                gap_ppm: plan.limits.gap_ppm,
                stop: plan.limits.stop,
            };
            let start: Option<Vec<u32>> =
                self.best.as_ref().map(|(q, _)| problem.offers.iter().map(|o| q[*o]).collect());
            let found = master::solve(problem, node, start.as_deref(), scope)?;
            if let Some(quantities) = found.quantities {
                self.take_repaired(quantities, keep);
            }
            let better = self.best.as_ref().map_or(0, |b| b.1);
            progress.finish(&format!(
                "round {}: value {:.2}, bound {:.2} of {} choices{}",
                round + 1,
                usd(better),
                found.bound.map_or(f64::NAN, |b| usd(b.0)),
                found.choices,
                if found.complete { ", all that may be better" } else { "" }
            ));
            if found.complete && loss == open {
                proven = found.bound;
                break;
            }
            if round > 0 && better <= value {
                break;
            }
        }
        Ok(proven)
    }
}
