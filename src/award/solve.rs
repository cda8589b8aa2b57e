//! From the model to a proven award.
//!
//! Rules that span distant units are left out at first, so that the rest falls into small components, solved in parallel.
//! Each rule the joint award then breaks is put in force and the components are solved again. An award that breaks none
//! is optimal, because every round solved a relaxation. Small components go to the exact search, the others to the
//! mixed-integer solver; [`solve_part`] is the one place that chooses. [`ties`] tells equal awards apart.

use super::components::components;
use super::dual::{self, Leaf};
use super::exact;
use super::feasible;
use super::mip::{self, Goal, Limits, Settled};
use super::model::{Model, Rank, RuleKind};
use super::subproblem::Subproblem;
use super::ties;
use super::{AwardError, EngineOptions};
use crate::progress::Progress;
use crate::scenario::{AwardSettings, Criterion};
use crate::solver::Stop;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Nodes the exact search may open before a component goes to the mixed-integer solver.
const EXACT_NODES: u32 = 200_000;

/// How to solve.
#[derive(Clone, Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) limits: Limits<'a>,
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

impl<'a> Plan<'a> {
    /// What the settings ask for, from nothing.
    pub(crate) fn of(settings: &'a AwardSettings, options: EngineOptions, progress: &'a dyn Progress) -> Self {
        let (nodes, seconds) = (settings.node_limit, settings.time_limit_s);
        Self {
            limits: Limits { nodes, seconds, gap_ppm: settings.gap_tolerance.0, stop: Stop::when(progress) },
            criteria: &settings.criteria,
            ties: true,
            exact_offers: options.exact_offers,
            dual_offers: options.dual_offers,
            assumed: &[],
            start: &[],
        }
    }
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

    /// The gap in parts per million of the value, rounded up; `None` when the value is 0 and the bound is not.
    pub(crate) fn gap_ppm(&self) -> Option<u64> {
        match (self.bound - self.value, self.value) {
            (0, _) => Some(0),
            (_, ..=0) => None,
            (gap, value) => u64::try_from((gap * 1_000_000 + value - 1) / value).ok(),
        }
    }
}

/// A component with its award.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) offers: Vec<usize>,
    pub(super) quantities: Vec<u32>,
    pub(super) rank: Rank,
    pub(super) bound: i128,
    pub(super) tolerance: i128,
    pub(super) stopped: bool,
    pub(super) method: Method,
    /// No other choice of offers and pieces has the same value.
    pub(super) unique: bool,
    /// Wide rules that had a price, where that is known.
    pub(super) priced: Option<Vec<usize>>,
    pub(super) certificate: Option<(i128, Vec<Leaf>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
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
    // Every round bounds the award, because it solves a relaxation.
    let mut ceiling = i128::MAX;
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
                    None if progress.cancelled() => Ok(Some(skipped(model, offers, &in_force, &warm))),
                    None => solve_part(model, offers, &in_force, &warm, plan, progress),
                };
                progress.advance(1);
                part
            })
            .collect::<Result<_, _>>()?;
        let Some(solved) = solved else { return Ok(None) };
        let solved = ties::more_bidders(model, solved, &in_force, plan)?;
        let mut quantities = vec![0; model.offers.len()];
        for part in &solved {
            for (&offer, &q) in part.offers.iter().zip(&part.quantities) {
                quantities[offer] = q;
            }
        }
        let broken = model.broken(&quantities);
        // Even if all parts are proven, ties may not be settled.
        let interrupted = progress.cancelled();
        ceiling = ceiling.min(solved.iter().map(|p| p.bound).sum());
        if interrupted {
            quantities = feasible::filled(model, &quantities);
        }
        if broken.is_empty() || interrupted || broken.iter().all(|&r| in_force[r]) {
            let found = finish(model, solved, quantities, interrupted, &in_force, plan);
            return Ok(found.map(|s| Solution { bound: s.bound.min(ceiling).max(s.value), ..s }));
        }
        // A component stays as it is while none of its offers meets a rule newly in force.
        known = solved.into_iter().map(|p| (p.offers.clone(), p)).collect();
        for &rule in &broken {
            in_force[rule] = true;
            known.retain(|offers, _| {
                model.rules[rule].common == 0 && !offers.iter().any(|o| model.rules_of(*o).contains(&rule))
            });
        }
        feasible::drop_until_feasible(model, &mut quantities);
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
    feasible::drop_until_feasible(model, &mut quantities);
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

/// A component whose search the user stopped before it began keeps what is known of it.
fn skipped(model: &Model, offers: Vec<usize>, in_force: &[bool], warm: &[u32]) -> Part {
    let sub = Subproblem::new(model, offers.clone(), &[], |r| in_force[r]);
    let known: Vec<u32> = offers.iter().map(|&o| warm.get(o).copied().unwrap_or(0)).collect();
    let rank = sub.rank(&known).filter(|_| sub.broken(&known).is_empty());
    let (quantities, rank) = match rank {
        Some(rank) => (known, rank),
        None => (vec![0; offers.len()], Rank { value: 0, scores: vec![0; sub.scores] }),
    };
    Part {
        bound: sub.trivial_bound(),
        offers,
        quantities,
        rank,
        tolerance: 0,
        stopped: true,
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
    if offers.len() > plan.dual_offers {
        if let Some(part) = decomposed(model, &offers, in_force, warm, plan, progress)? {
            return Ok(Some(part));
        }
        if progress.cancelled() {
            return Ok(Some(skipped(model, offers, in_force, warm)));
        }
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
        (quantities, rank) = ties::unit_by_unit(model, &sub, (quantities, rank), in_force);
    } else if plan.ties {
        (quantities, rank) = ties::separable(model, &sub, (quantities, rank), plan)?;
    }
    let bound = first.bound.max(rank.value);
    Ok(Some(Part {
        offers,
        quantities,
        rank,
        bound,
        tolerance: first.tolerance,
        stopped: first.stopped,
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
    let all = if plan.ties && !found.interrupted {
        ties::at_units(model, offers, found.quantities, in_force)
    } else {
        found.quantities
    };
    let rank = model.rank(offers, &all);
    let quantities: Vec<u32> = offers.iter().map(|o| all[*o]).collect();
    Ok(Some(Part {
        offers: offers.to_vec(),
        quantities,
        bound: found.bound.max(rank.value),
        rank,
        tolerance: found.tolerance,
        stopped: found.stopped,
        method: Method::Dual,
        unique: true,
        priced: Some(found.priced),
        certificate: Some((found.multiplier_bound, found.leaves)),
    }))
}
