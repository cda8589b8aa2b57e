//! From the model to a proven award.
//!
//! Rules that span distant units are left out at first, so that the rest falls into small components, solved in parallel.
//! Each rule the joint award then breaks is put in force and the components are solved again. An award that breaks none
//! is optimal, because every round solved a relaxation. Small components go to the exact search, the others to the
//! mixed-integer solver; [`solve_part`] is the one place that chooses.

use super::AwardError;
use super::components::components;
use super::dual::{self, Leaf};
use super::exact;
use super::mip::{self, Goal, Limits, Settled};
use super::model::{Model, RuleKind};
use super::subproblem::{Rank, Sides, Subproblem};
use crate::ids::BidderIx;
use crate::progress::Progress;
use crate::scenario::Criterion;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Passes over all units when equal awards are told apart one by one.
const SETTLING_ROUNDS: usize = 8;
/// Offers settled together, and nodes that may be opened for them.
const SETTLED_TOGETHER: usize = 14;
const SETTLING_NODES: u32 = 20_000;
/// The same at each unit of a national award, where only units are gone through, once.
const UNITS_TOGETHER: usize = 9;

/// Nodes the exact search may open before a component goes to the mixed-integer solver.
const EXACT_NODES: u32 = 200_000;

/// How to solve.
#[derive(Clone, Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) limits: Limits,
    /// Tie-break criteria in order; empty together with `ties = false`.
    pub(crate) criteria: &'a [Criterion],
    /// Whether equal awards are told apart at all.
    pub(crate) ties: bool,
    /// Components with at most this many offers go to the exact search.
    pub(crate) exact_offers: usize,
    /// Components with more offers than this go to the decomposition by unit ([`super::dual`]).
    pub(crate) dual_offers: usize,
    /// Wide rules to put in force from the start, because they are known to bind.
    pub(crate) assumed: &'a [RuleKind],
    /// An award to start from, by offer; used where it is feasible.
    pub(crate) start: &'a [u32],
}

/// How components were solved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Methods {
    pub(crate) exact: usize,
    pub(crate) mip: usize,
    pub(crate) dual: usize,
}

/// An award with its proof.
#[derive(Clone, Debug)]
pub(crate) struct Solution {
    /// By offer.
    pub(crate) quantities: Vec<u32>,
    pub(crate) value: i128,
    pub(crate) bound: i128,
    /// Part of the bound due to numerical tolerance of the solver.
    pub(crate) tolerance: i128,
    /// Part of the gap that the scenario accepts.
    pub(crate) accepted: i128,
    /// A limit or the user ended the search.
    pub(crate) stopped: bool,
    pub(crate) interrupted: bool,
    pub(crate) methods: Methods,
    /// Wide rules that had to be put in force.
    pub(crate) binding: Vec<usize>,
    /// What the multipliers in the certificate prove by themselves, with the certificate.
    pub(crate) certificate: Option<(i128, Vec<Leaf>)>,
}

impl Solution {
    /// No award at all, where none obeys the rules.
    pub(crate) fn nothing(model: &Model) -> Self {
        Self {
            quantities: vec![0; model.offers.len()],
            value: 0,
            bound: 0,
            tolerance: 0,
            accepted: 0,
            stopped: false,
            interrupted: false,
            methods: Methods::default(),
            binding: Vec::new(),
            certificate: None,
        }
    }
}

#[derive(Clone, Debug)]
struct Part {
    offers: Vec<usize>,
    quantities: Vec<u32>,
    rank: Rank,
    bound: i128,
    tolerance: i128,
    stopped: bool,
    skipped: bool,
    method: Method,
    unique: bool,
    /// Wide rules that had a price, where that is known.
    priced: Option<Vec<usize>>,
    certificate: Option<(i128, Vec<Leaf>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    Exact,
    Mip,
    Dual,
}

/// Solves the model; `None` when no award obeys its rules.
pub(crate) fn solve(model: &Model, plan: &Plan<'_>, progress: &dyn Progress) -> Result<Option<Solution>, AwardError> {
    if model.offers.iter().map(|o| o.best_value()).sum::<i128>() >= 1 << 53 {
        return Err(AwardError::TotalTooLarge);
    }
    let mut in_force: Vec<bool> =
        model.rules.iter().map(|r| !r.kind.is_wide() || plan.assumed.contains(&r.kind)).collect();
    let mut known: BTreeMap<Vec<usize>, Part> = BTreeMap::new();
    let mut warm = plan.start.to_vec();
    warm.resize(model.offers.len(), 0);
    loop {
        let mut parts = components(model, &in_force);
        // What is large needs all rules at once: their prices are found together.
        if parts.iter().any(|p| p.len() > plan.dual_offers) && in_force.contains(&false) {
            in_force.fill(true);
            parts = components(model, &in_force);
        }
        // Together, so that one certificate bounds all of the award.
        if parts.len() > 1 && parts.iter().any(|p| p.len() > plan.dual_offers) {
            let mut all = parts.concat();
            all.sort_unstable();
            parts = vec![all];
        }
        progress.begin("award", u64::try_from(parts.len()).ok());
        let solved: Option<Vec<Part>> = parts
            .into_par_iter()
            .map(|offers| {
                let part = match known.get(&offers) {
                    Some(part) => Ok(Some(part.clone())),
                    None if progress.cancelled() => Ok(Some(skipped(model, offers, &in_force))),
                    None => solve_part(model, offers, &in_force, &warm, plan, progress),
                };
                progress.advance(1);
                part
            })
            .collect::<Result<_, _>>()?;
        let Some(solved) = solved else { return Ok(None) };
        let solved = more_bidders(model, solved, &in_force, plan)?;
        let mut quantities = vec![0; model.offers.len()];
        for part in &solved {
            for (&offer, &q) in part.offers.iter().zip(&part.quantities) {
                quantities[offer] = q;
            }
        }
        let broken = model.broken(&quantities);
        let interrupted = solved.iter().any(|p| p.skipped);
        if broken.is_empty() || interrupted || broken.iter().all(|&r| in_force[r]) {
            return Ok(finish(model, solved, quantities, interrupted, &in_force, plan));
        }
        // A component stays as it is while none of its offers meets a rule newly in force.
        known = solved.into_iter().map(|p| (p.offers.clone(), p)).collect();
        for &rule in &broken {
            in_force[rule] = true;
            known.retain(|offers, _| {
                model.rules[rule].common == 0 && !offers.iter().any(|o| model.rules_of(*o).contains(&rule))
            });
        }
        drop_until_feasible(model, &mut quantities);
        warm = quantities;
    }
}

fn finish(
    model: &Model,
    parts: Vec<Part>,
    mut quantities: Vec<u32>,
    interrupted: bool,
    in_force: &[bool],
    plan: &Plan<'_>,
) -> Option<Solution> {
    drop_until_feasible(model, &mut quantities);
    // A rule that no part can meet, such as one that concerns no offer; or one that a search cut short did not reach.
    if !model.broken(&quantities).is_empty() {
        return None;
    }
    let value = model.value(&quantities)?;
    let bound: i128 = parts.iter().map(|p| p.bound).sum();
    // Parts proven to the micro-dollar need no allowance.
    let open: i128 = parts.iter().filter(|p| p.bound > p.rank.value).map(|p| p.bound).sum();
    let by = |method| parts.iter().filter(|p| p.method == method).count();
    let methods = Methods { exact: by(Method::Exact), mip: by(Method::Mip), dual: by(Method::Dual) };
    let idle = |r: usize| {
        let mut known = parts.iter().filter_map(|p| p.priced.as_ref()).peekable();
        known.peek().is_some() && known.all(|priced| !priced.contains(&r))
    };
    let certificate = match parts.as_slice() {
        [one] => one.certificate.clone(),
        _ => None,
    };
    Some(Solution {
        value,
        bound: bound.max(value),
        tolerance: parts.iter().map(|p| p.tolerance).sum(),
        accepted: open * i128::from(plan.limits.gap_ppm) / 1_000_000,
        stopped: interrupted || parts.iter().any(|p| p.stopped),
        interrupted,
        methods,
        binding: (0..model.rules.len()).filter(|&r| in_force[r] && model.rules[r].kind.is_wide() && !idle(r)).collect(),
        quantities,
        certificate,
    })
}

/// Takes the least valuable offer of a broken rule out until none is broken, or none is left that counts against it.
fn drop_until_feasible(model: &Model, quantities: &mut [u32]) {
    while let Some(rule) = model.broken(quantities).first().and_then(|&r| model.rules.get(r)) {
        let value = |o: usize| model.offers.get(o)?.piece_at(quantities[o]).map(|p| p.value.at(quantities[o]));
        let adds = |o: &usize| quantities[*o] > 0 && model.effect(rule, *o).at(quantities[*o]) > 0;
        let everyone = if rule.common > 0 { 0..model.offers.len() } else { 0..0 };
        let counted = rule.terms.iter().map(|t| t.offer).chain(everyone).filter(adds);
        let present = rule.presences.iter().filter(|p| p.weight > 0).flat_map(|p| p.offers.iter().copied());
        let losers = counted.chain(present.filter(|o| quantities[*o] > 0));
        let Some(worst) = losers.min_by_key(|o| (value(*o), *o)) else { return };
        quantities[worst] = 0;
    }
}

fn skipped(model: &Model, offers: Vec<usize>, in_force: &[bool]) -> Part {
    let sub = Subproblem::new(model, offers.clone(), &[], |r| in_force[r]);
    Part {
        quantities: vec![0; offers.len()],
        offers,
        rank: Rank { value: 0, scores: vec![0; sub.scores] },
        bound: sub.trivial_bound(),
        tolerance: 0,
        stopped: true,
        skipped: true,
        method: Method::Mip,
        priced: None,
        certificate: None,
        unique: true,
    }
}

/// Solves one component by the engine that fits it: value first, then the separable tie-break scores in order.
fn solve_part(
    model: &Model,
    offers: Vec<usize>,
    in_force: &[bool],
    warm: &[u32],
    plan: &Plan<'_>,
    progress: &dyn Progress,
) -> Result<Option<Part>, AwardError> {
    if offers.len() > plan.dual_offers
        && let Some(part) = decomposed(model, &offers, in_force, warm, plan, progress)?
    {
        return Ok(Some(part));
    }
    let sub = Subproblem::new(model, offers.clone(), &[], |r| in_force[r]);
    if offers.len() <= plan.exact_offers
        && let Some(found) = exact::search(&sub, None, EXACT_NODES).filter(|f| f.proven)
    {
        return Ok(Some(Part {
            offers,
            bound: found.rank.value,
            quantities: found.quantities,
            rank: found.rank,
            tolerance: 0,
            stopped: false,
            skipped: false,
            method: Method::Exact,
            priced: None,
            certificate: None,
            unique: found.unique,
        }));
    }
    let start: Vec<u32> = offers.iter().map(|&o| warm.get(o).copied().unwrap_or(0)).collect();
    let usable = sub.broken(&start).is_empty() && sub.rank(&start).is_some();
    let start = usable.then_some(start.as_slice());
    let Some(first) = mip::maximise(model, &sub, Goal::Value, &Settled::default(), start, plan.limits)? else {
        return Ok(None);
    };
    let (mut quantities, mut rank) = (first.quantities, first.rank);
    if plan.limits.gap_ppm > 0 {
        (quantities, rank) = unit_by_unit(model, &sub, (quantities, rank), in_force);
    } else if plan.ties {
        (quantities, rank) = separable_ties(model, &sub, (quantities, rank), plan)?;
    }
    let bound = first.bound.max(rank.value);
    Ok(Some(Part {
        offers,
        quantities,
        rank,
        bound,
        tolerance: first.tolerance,
        stopped: first.stopped,
        skipped: false,
        method: Method::Mip,
        priced: None,
        certificate: None,
        unique: plan.limits.gap_ppm > 0,
    }))
}

/// Solves a large component unit by unit under prices; `None` when that found no award.
fn decomposed(
    model: &Model,
    offers: &[usize],
    in_force: &[bool],
    warm: &[u32],
    plan: &Plan<'_>,
    progress: &dyn Progress,
) -> Result<Option<Part>, AwardError> {
    let Some(found) = dual::solve(model, offers.to_vec(), &|r| in_force[r], warm, plan, progress)? else {
        return Ok(None);
    };
    let (mut all, ranked) = (found.quantities, |all: &[u32]| {
        let mut rank = Rank { value: 0, scores: vec![0; model.scores().end] };
        for &offer in offers {
            let quantity = all.get(offer).copied().unwrap_or(0);
            if let Some(piece) = model.offers.get(offer).and_then(|o| o.piece_at(quantity)) {
                rank.add(piece, quantity);
            }
        }
        rank
    });
    let mut rank = ranked(&all);
    if plan.ties && !found.interrupted {
        let units = |r: &usize| in_force[*r] && matches!(model.rules[*r].kind, RuleKind::Capacity(_));
        let units: Vec<usize> = (0..model.rules.len()).filter(units).collect();
        let mut settled = all.clone();
        settle(model, &mut settled, &units, in_force, UNITS_TOGETHER, 1);
        let better = ranked(&settled);
        if better > rank && !model.broken(&settled).into_iter().any(|r| in_force[r]) {
            (all, rank) = (settled, better);
        }
    }
    let quantities: Vec<u32> = offers.iter().map(|o| all[*o]).collect();
    Ok(Some(Part {
        offers: offers.to_vec(),
        quantities,
        bound: found.bound.max(rank.value),
        rank,
        tolerance: found.tolerance,
        stopped: found.stopped,
        skipped: found.interrupted,
        method: Method::Dual,
        unique: true,
        priced: Some(found.priced),
        certificate: Some((found.multiplier_bound, found.leaves)),
    }))
}

/// Settles each unit, each group and each bidder's awards again with all else as it is, by value and then by scores,
/// until nothing changes. So equal bids at a unit are told apart by the criteria even where the whole is proven only
/// within a tolerance.
fn unit_by_unit(
    model: &Model,
    sub: &Subproblem,
    (quantities, mut rank): (Vec<u32>, Rank),
    in_force: &[bool],
) -> (Vec<u32>, Rank) {
    let mut all = vec![0; model.offers.len()];
    for (&offer, &q) in sub.offers.iter().zip(&quantities) {
        all[offer] = q;
    }
    let rules: Vec<usize> = sub.limits.iter().map(|l| l.rule).filter(|r| !model.rules[*r].kind.is_wide()).collect();
    settle(model, &mut all, &rules, in_force, SETTLED_TOGETHER, SETTLING_ROUNDS);
    let settled: Vec<u32> = sub.offers.iter().map(|&o| all[o]).collect();
    match sub.rank(&settled) {
        Some(better) if better > rank && sub.broken(&settled).is_empty() => {
            rank = better;
            (settled, rank)
        }
        _ => (quantities, rank),
    }
}

/// Settles the offers of each rule again, at most `together` of them at a time, until nothing changes.
fn settle(model: &Model, all: &mut [u32], rules: &[usize], in_force: &[bool], together: usize, rounds: usize) {
    let mut sides = Sides::new(model, all);
    for _ in 0..rounds {
        let mut changed = false;
        for rule in rules.iter().filter_map(|r| model.rules.get(*r)) {
            let mut near: Vec<usize> = rule.offers().collect::<BTreeSet<_>>().into_iter().collect();
            // Losers of little worth are left out where there are too many to search.
            near.sort_by_key(|&o| (all[o] == 0, -model.offers[o].best_value(), o));
            near.truncate(together);
            near.sort_unstable();
            let local = Subproblem::within(model, near.clone(), all, &sides, |r| in_force[r]);
            let now: Vec<u32> = near.iter().map(|&o| all[o]).collect();
            let (Some(before), Some(found)) = (local.rank(&now), exact::search(&local, None, SETTLING_NODES)) else {
                continue;
            };
            if found.rank > before {
                for (&offer, &q) in near.iter().zip(&found.quantities) {
                    sides.change(model, offer, all[offer], q);
                    all[offer] = q;
                }
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
}

/// Successive optimisation of the scores with all earlier ones fixed. A run counts only if its exact rank is higher.
///
/// Most optima are unique. One run that asks for the best other choice of offers and pieces shows it, and then only
/// quantities are left to settle, which is done exactly.
fn separable_ties(
    model: &Model,
    sub: &Subproblem,
    mut best: (Vec<u32>, Rank),
    plan: &Plan<'_>,
) -> Result<(Vec<u32>, Rank), AwardError> {
    if exact::leaves_are_exact(sub) {
        let settled = Settled { excluded: vec![best.0.clone()], ..Settled::default() };
        let other = mip::maximise(model, sub, Goal::Value, &settled, None, plan.limits)?;
        if other.is_none_or(|o| o.bound < best.1.value) {
            let refilled = exact::refill(sub, &best.0).filter(|r| r.1 > best.1);
            return Ok(refilled.unwrap_or(best));
        }
    }
    for k in 0..sub.scores {
        let settled = Settled {
            value: Some(best.1.value),
            scores: best.1.scores.iter().copied().enumerate().take(k).collect(),
            ..Settled::default()
        };
        if let Some(next) = mip::maximise(model, sub, Goal::Score(k), &settled, None, plan.limits)?
            && next.rank > best.1
        {
            best = (next.quantities, next.rank);
        }
    }
    Ok(best)
}

/// The criterion "more bidders" couples components: those with several optimal winner sets are settled together.
fn more_bidders(model: &Model, parts: Vec<Part>, in_force: &[bool], plan: &Plan<'_>) -> Result<Vec<Part>, AwardError> {
    if !plan.ties || !plan.criteria.contains(&Criterion::MoreBidders) || parts.iter().any(|p| p.stopped) {
        return Ok(parts);
    }
    let tied: Vec<bool> =
        parts.par_iter().map(|p| has_other_winners(model, p, in_force, plan)).collect::<Result<_, _>>()?;
    let (mut open, mut rest) = (Vec::new(), Vec::new());
    for (part, tied) in parts.into_iter().zip(tied) {
        if tied { open.push(part) } else { rest.push(part) }
    }
    if open.is_empty() {
        return Ok(rest);
    }
    let elsewhere: BTreeSet<BidderIx> = rest.iter().flat_map(|p| winners(model, p)).collect();
    let offers: Vec<usize> = open.iter().flat_map(|p| p.offers.iter().copied()).collect();
    let sub = Subproblem::new(model, offers.clone(), &[], |r| in_force[r]);
    let mut quantities: Vec<u32> = open.iter().flat_map(|p| p.quantities.iter().copied()).collect();
    let count = |q: &[u32]| {
        let all: BTreeSet<_> = sub.bidders.iter().zip(q).filter(|(_, q)| **q > 0).map(|(b, _)| *b).collect();
        all.difference(&elsewhere).count()
    };
    let Some(mut rank) = sub.rank(&quantities) else {
        return Err(AwardError::Unverified { rule: "volume range".into() });
    };
    let mut settled = Settled { value: Some(rank.value), elsewhere: elsewhere.clone(), ..Settled::default() };
    // Scores that were settled before this stage are settled on other grounds: all goals are run again, in order.
    let mut score = 0;
    let mut goals: Vec<Goal> = Vec::new();
    for criterion in plan.criteria {
        if *criterion == Criterion::MoreBidders {
            goals.push(Goal::Bidders);
        } else {
            goals.push(Goal::Score(score));
            score += 1;
        }
    }
    goals.push(Goal::Score(score));
    for goal in goals {
        let worth = |q: &[u32], r: &Rank| match goal {
            Goal::Score(k) => r.scores.get(k).copied().unwrap_or(0),
            _ => i128::try_from(count(q)).unwrap_or(0),
        };
        if let Some(next) = mip::maximise(model, &sub, goal, &settled, None, plan.limits)? {
            let kept = settled.value == Some(next.rank.value)
                && settled.scores.iter().all(|(k, v)| next.rank.scores.get(*k) == Some(v))
                && settled.bidders.is_none_or(|b| count(&next.quantities) == b);
            if kept && worth(&next.quantities, &next.rank) > worth(&quantities, &rank) {
                (quantities, rank) = (next.quantities, next.rank);
            }
        }
        match goal {
            Goal::Score(k) => drop(settled.scores.insert(k, worth(&quantities, &rank))),
            _ => settled.bidders = Some(count(&quantities)),
        }
    }
    rest.push(Part {
        offers,
        quantities,
        bound: open.iter().map(|p| p.bound).sum(),
        tolerance: open.iter().map(|p| p.tolerance).sum(),
        rank,
        stopped: false,
        skipped: false,
        method: Method::Mip,
        priced: None,
        certificate: None,
        unique: true,
    });
    Ok(rest)
}

fn winners<'a>(model: &'a Model, part: &'a Part) -> impl Iterator<Item = BidderIx> {
    part.offers
        .iter()
        .zip(&part.quantities)
        .filter(|(_, q)| **q > 0)
        .filter_map(|(o, _)| Some(model.offers.get(*o)?.bidder))
}

/// True when another set of winners has the same value, or may have as far as the solver can tell.
fn has_other_winners(model: &Model, part: &Part, in_force: &[bool], plan: &Plan<'_>) -> Result<bool, AwardError> {
    if part.method == Method::Exact || plan.limits.gap_ppm > 0 {
        return Ok(!part.unique);
    }
    let sub = Subproblem::new(model, part.offers.clone(), &[], |r| in_force[r]);
    let settled = Settled { excluded: vec![part.quantities.clone()], ..Settled::default() };
    let other = mip::maximise(model, &sub, Goal::Value, &settled, None, plan.limits)?;
    Ok(other.is_some_and(|o| o.bound >= part.rank.value))
}
