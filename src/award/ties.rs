//! Telling equal awards apart, by the criteria of the scenario and the draw.
//!
//! Scores that add up over offers are optimised one after another with all earlier ones fixed ([`separable`]), or, where
//! the whole is proven only within a tolerance, rule by rule and unit by unit ([`unit_by_unit`], [`at_units`]). "More
//! bidders" couples components ([`more_bidders`]).

use super::AwardError;
use super::exact;
use super::mip::{self, Goal, Settled};
use super::model::{Model, Rank, RuleKind};
use super::solve::{Method, Part, Plan};
use super::subproblem::{Sides, Subproblem};
use crate::ids::BidderIx;
use crate::scenario::Criterion;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Passes over all units when equal awards are told apart one by one.
const SETTLING_ROUNDS: usize = 8;
/// Offers settled together, and nodes that may be opened for them.
const SETTLED_TOGETHER: usize = 14;
const SETTLING_NODES: u32 = 20_000;
/// The same at each unit of a national award, where only units are gone through, once.
const UNITS_TOGETHER: usize = 9;

/// Settles each unit again, the rest as it is, once; `quantities` are by offer of the model.
pub(super) fn at_units(model: &Model, offers: &[usize], quantities: Vec<u32>, in_force: &[bool]) -> Vec<u32> {
    let units = |r: &usize| in_force[*r] && matches!(model.rules[*r].kind, RuleKind::Capacity(_));
    let units: Vec<usize> = (0..model.rules.len()).filter(units).collect();
    let mut settled = quantities.clone();
    settle(model, &mut settled, &units, in_force, UNITS_TOGETHER, 1);
    let better = model.rank(offers, &settled) > model.rank(offers, &quantities);
    if better && !model.broken(&settled).into_iter().any(|r| in_force[r]) { settled } else { quantities }
}

/// Settles each unit, each group and each bidder's awards again with all else as it is, by value and then by scores,
/// until nothing changes. So equal bids at a unit are told apart by the criteria even where the whole is proven only
/// within a tolerance.
pub(super) fn unit_by_unit(
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
pub(super) fn separable(
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
pub(super) fn more_bidders(
    model: &Model,
    parts: Vec<Part>,
    in_force: &[bool],
    plan: &Plan<'_>,
) -> Result<Vec<Part>, AwardError> {
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
