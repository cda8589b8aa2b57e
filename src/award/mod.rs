//! Winner determination: which bids win, proven, in exact money, with an answer for every loser.
//!
//! ```text
//! max  Σ value of lines and packages                     contribution, revenue or surplus
//! s.t. a line wins a volume within its range, or nothing; a package all its lines, or nothing
//!      pieces at a unit ≤ capacity;  awards in a dock window ≤ slots
//!      one award per bidder, unit and service;  one bid of an XOR group
//!      bidder capacity, bidder budget, hub capacity, share cap with affiliates
//!      minimum volume of a bidder that wins, minimum number of winners, set-asides, overrides by hand
//! ```
//! [`prepare`] turns bids into offers, [`rules`] the tables into rules, [`solve`] finds and proves the award,
//! [`dual`] does so at national scale, [`explain`] answers the losers, [`neighbourhood`] finds what they should have bid,
//! [`policy`] prices the rules, [`payments`] diagnoses what winners pay, [`what_if`] asks for other awards. Solver floats never reach a result: every award is
//! evaluated in integer micro-dollars from the same declarative [`model`].
//!
//! Awards compare by value, then by the criteria of the scenario, then by a draw: each bid draws a number from
//! BLAKE3(seed, bid id), and the award whose winners' pieces times numbers sum highest wins. "Fewer miles" sums loaded
//! miles of all trips, "earlier tender" sums pieces × minutes from tender to the critical entry time.
//! Where the policy asks for something that no award reaches, [`conflict`] names a minimal set of rules that contradict
//! each other.

mod cats;
mod components;
mod conflict;
mod disjoint;
mod dual;
mod error;
mod exact;
mod explain;
mod feasible;
mod integrated;
mod mip;
mod model;
mod neighbourhood;
mod outcome;
mod payments;
mod policy;
mod prepare;
mod raise;
mod reason;
mod rules;
mod solve;
mod step_cost;
mod subproblem;
mod ties;
mod what_if;

pub use cats::{CatsAuction, CatsAward, CatsBid, CatsDefect, CatsPayment, award_cats};
pub use error::AwardError;
pub use integrated::{Integrated, PricedAward, counts_haul, integrated};
pub use outcome::{Award, CertificateLeaf, DduPrice, LineOutcome, Lost, Outcome, PolicyPrice, Status, Won};
pub use payments::{BidderPayment, PaymentStatus, Payments};
pub use reason::{Ineligible, LostReason};
pub use what_if::{Alternative, Basis, DropOut, alternative};

use crate::cost::Haul;
use crate::ids::{BidIx, DduIx, HubIx};
use crate::progress::Progress;
use crate::scenario::{Objective, OverrideAction, OverrideTarget, PaymentRule, PriceBasis, Scenario};
use crate::units::{Decimetres, MicroDollars, Pieces};
use model::{Model, RuleKind};
use neighbourhood::Neighbourhoods;
use prepare::{Prepared, Relaxed, volume_of};
use rayon::prelude::*;
use solve::{Plan, Solution};

/// Components with at most this many offers go to the exact search.
const EXACT_OFFERS: usize = 14;

/// Components with more offers than this are solved unit by unit under prices: general solvers stall on them.
const DUAL_OFFERS: usize = 1_500;

/// Prices of rules are differences of two awards: the second is proven within this many times the gap tolerance, and
/// its bound is reported beside its value.
const POLICY_GAP_FACTOR: u32 = 10;

/// Prices of rules solve components with more offers than this unit by unit under prices: within the wider gap that is
/// the faster way.
const POLICY_DUAL_OFFERS: usize = 100;

/// How the engine works; the defaults are right unless engines are to be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EngineOptions {
    /// Components with at most this many offers are searched exactly in integers; larger ones go to HiGHS.
    pub exact_offers: usize,
    /// Components with more offers than this are solved unit by unit under prices.
    pub dual_offers: usize,
    /// Whether rules and room at units are priced (several further awards).
    pub policy_prices: bool,
}

impl Default for EngineOptions {
    fn default() -> Self {
        Self { exact_offers: EXACT_OFFERS, dual_offers: DUAL_OFFERS, policy_prices: true }
    }
}

/// Determines the winners of a scenario.
///
/// `haul_of` gives the ways from a hub to a unit; it is asked once per bid line. A user who stops it gets the best award
/// found so far with its bound; winning levels, prices of rules and payments are worked out wholly or left out.
///
/// # Errors
/// [`AwardError`]: money out of range, a haul that cannot be worked out, a failing solver, or a stop before any award was
/// found. Bad bids are no errors.
pub fn award<E: std::fmt::Display + Send>(
    scenario: &Scenario,
    haul_of: &(dyn Fn(HubIx, DduIx) -> Result<Haul, E> + Sync),
    options: EngineOptions,
    progress: &dyn Progress,
) -> Result<Award, AwardError> {
    // Called for lines of the scenario only.
    award_by_line(scenario, &by_line(scenario, haul_of), options, progress)
}

/// Hauls by bid line, from those by hub and unit.
fn by_line<E>(
    scenario: &Scenario,
    haul_of: &(dyn Fn(HubIx, DduIx) -> Result<Haul, E> + Sync),
) -> impl Fn(BidIx) -> Result<Haul, E> + Sync {
    let of_line = |bid: BidIx| scenario.bids.get(bid.index()).map_or((HubIx(0), DduIx(0)), |line| (line.hub, line.ddu));
    move |bid| {
        let (hub, ddu) = of_line(bid);
        haul_of(hub, ddu)
    }
}

/// As [`award`], where lines from one hub to one unit may have different hauls, such as shares of the cost of routes.
///
/// # Errors
/// As [`award`].
pub fn award_by_line<E: std::fmt::Display + Send>(
    scenario: &Scenario,
    haul_of: &(dyn Fn(BidIx) -> Result<Haul, E> + Sync),
    options: EngineOptions,
    progress: &dyn Progress,
) -> Result<Award, AwardError> {
    award_with(scenario, haul_of, options, None, progress)
}

/// As [`award`], for a scenario that differs from another in settings, volumes or costs but not in its rows, and soon: the
/// search starts from the other's award, by the engine that is faster within a gap, and equal awards are not told apart.
///
/// # Errors
/// As [`award`].
pub fn award_from<E: std::fmt::Display + Send>(
    scenario: &Scenario,
    haul_of: &(dyn Fn(HubIx, DduIx) -> Result<Haul, E> + Sync),
    options: EngineOptions,
    basis: &Basis,
    progress: &dyn Progress,
) -> Result<Award, AwardError> {
    award_with(scenario, &by_line(scenario, haul_of), options, Some(basis), progress)
}

fn award_with<E: std::fmt::Display + Send>(
    scenario: &Scenario,
    haul_of: &(dyn Fn(BidIx) -> Result<Haul, E> + Sync),
    options: EngineOptions,
    basis: Option<&Basis>,
    progress: &dyn Progress,
) -> Result<Award, AwardError> {
    let settings = &scenario.settings.award;
    let prepared = prepare::prepare(scenario, haul_of, Relaxed::Nothing)?;
    let model = rules::model(scenario, &prepared);
    let start = basis.map_or_else(Vec::new, |basis| basis.start(&model));
    let plan = Plan::of(settings, options, progress);
    let plan = match basis {
        None => plan,
        Some(basis) => Plan { ties: false, criteria: &[], ..soon(basis.plan(&start, plan)) },
    };
    let (solution, conflicts) = match solve::solve(&model, &plan, progress)? {
        Some(solution) => (solution, Vec::new()),
        None => (Solution::nothing(&model), conflicts(scenario, &prepared, &model, &plan, progress)?),
    };
    if solution.interrupted && solution.quantities.iter().all(|q| *q == 0) {
        return Err(AwardError::Interrupted);
    }
    let status = if conflicts.is_empty() { policy::status(&solution) } else { Status::Infeasible };
    let method = method(scenario, &model, &solution);
    let won = solution.quantities.iter().filter(|q| **q > 0).count();
    progress.finish(&match conflicts.len() {
        0 => format!("{won} of {} offers won; {method}", model.offers.len()),
        n => format!("no award obeys the policy; {n} rules contradict each other"),
    });

    progress.begin("reasons", u64::try_from(model.offers.len()).ok());
    let near = Neighbourhoods::new(scenario, &prepared, &model, &solution.quantities, status);
    let mut interrupted = solution.interrupted;
    let seek_levels = settings.winning_levels && !interrupted && status != Status::Infeasible;
    let mut raises: Vec<Option<i64>> = (0..model.offers.len())
        .into_par_iter()
        .map(|o| {
            progress.advance(1);
            let lost = solution.quantities.get(o).copied() == Some(0);
            if seek_levels && lost && !progress.cancelled() { near.winning_raise(o) } else { None }
        })
        .collect();
    if seek_levels && progress.cancelled() {
        interrupted = true;
        raises.fill(None);
    }
    let lines = (0..scenario.bids.len())
        .map(|b| line_outcome(scenario, &prepared, &model, &solution, &near, &raises, BidIx::from_index(b)))
        .collect::<Result<Vec<_>, _>>()?;
    progress.finish(&format!("{} bid lines explained", lines.len()));

    let assumed = binding(&model, &solution);
    let (mut policy_prices, mut ddu_prices) = (Vec::new(), Vec::new());
    if options.policy_prices && !interrupted && status != Status::Infeasible {
        progress.begin("prices of rules", None);
        let others = without_others(scenario, haul_of)?;
        let limits = mip::Limits { gap_ppm: plan.limits.gap_ppm.saturating_mul(POLICY_GAP_FACTOR), ..plan.limits };
        let start = &solution.quantities;
        let plan = Plan { limits, ties: false, criteria: &[], assumed: &assumed, start, ..soon(plan.clone()) };
        let priced = unless_stopped(policy::prices(&model, &others, &solution, &plan, progress), progress)?;
        let all = (0..scenario.ddus.len()).into_par_iter();
        match priced {
            Some(rules) => {
                (policy_prices, ddu_prices) = (rules, all.map(|d| near.ddu_price(DduIx::from_index(d))).collect());
            }
            None => interrupted = true,
        }
        progress.finish(&format!("{} rules priced", policy_prices.len()));
    }
    let (mut payments, mut drop_outs) = (None, Vec::new());
    if !interrupted && status != Status::Infeasible {
        let plan = Plan { assumed: &assumed, start: &solution.quantities, ..plan };
        let (most, all) = (settings.drop_outs, (scenario, &prepared, &model));
        let found = unless_stopped(what_if::drop_outs(all, &solution, &plan, most, progress), progress)?;
        interrupted |= found.is_none();
        drop_outs = found.unwrap_or_default();
        if settings.payments != PaymentRule::None && !interrupted {
            let plan = Plan { ties: false, criteria: &[], ..plan };
            let found = payments::payments(&model, &solution, &plan, settings.payments, 1, progress);
            payments = unless_stopped(found, progress)?.flatten();
            interrupted |= payments.is_none();
        }
    }
    let award = Award {
        status,
        interrupted,
        time_limited: settings.time_limit_s.is_some(),
        value: money(solution.value),
        bound: money(solution.bound),
        multiplier_bound: solution.certificate.as_ref().map(|c| money(c.0)),
        certificate: certificate(scenario, &model, &solution),
        tolerance: money(solution.tolerance),
        gap_ppm: solution.gap_ppm(),
        conflicts,
        method,
        lines,
        policy_prices,
        ddu_prices,
        payments,
        drop_outs,
        basis: Basis::new(scenario, &model, &solution),
    };
    Ok(award)
}

/// The same search by the engine that is faster within a gap.
fn soon(plan: Plan<'_>) -> Plan<'_> {
    Plan { dual_offers: plan.dual_offers.min(POLICY_DUAL_OFFERS), ..plan }
}

/// What a stage found, if the user let it come to its end; what a stopped search missed is no error.
fn unless_stopped<T>(found: Result<T, AwardError>, progress: &dyn Progress) -> Result<Option<T>, AwardError> {
    if progress.cancelled() { Ok(None) } else { found.map(Some) }
}

/// An amount within the range that inputs are checked for.
fn money(amount: i128) -> MicroDollars {
    MicroDollars(i64::try_from(amount).unwrap_or(i64::MAX))
}

/// Wide rules that had to be put in force for the award.
fn binding(model: &Model, solution: &Solution) -> Vec<RuleKind> {
    solution.binding.iter().filter_map(|&r| Some(model.rules.get(r)?.kind.clone())).collect()
}

/// Rules that contradict each other, as the user wrote them.
fn conflicts(
    scenario: &Scenario,
    prepared: &Prepared,
    model: &Model,
    plan: &Plan<'_>,
    progress: &dyn Progress,
) -> Result<Vec<String>, AwardError> {
    let rules = conflict::minimal(model, plan, progress)?;
    let name = |rule: &model::Rule| {
        let name = rule.kind.name(scenario);
        match rule.kind {
            // A forced bid that cannot win by itself: why.
            RuleKind::Forced(bid) => match prepared.fault(scenario, bid) {
                Some(fault) => format!("{name} ({})", fault.sentence()),
                None => name,
            },
            _ => name,
        }
    };
    Ok(rules.into_iter().filter_map(|r| model.rules.get(r)).map(name).collect())
}

/// The models without what is decided before offers meet: reserves above the attributable cost, and each override.
fn without_others<E: std::fmt::Display + Send>(
    scenario: &Scenario,
    haul_of: &(dyn Fn(BidIx) -> Result<Haul, E> + Sync),
) -> Result<Vec<(String, Model)>, AwardError> {
    let relaxed = |how| Ok::<_, AwardError>(rules::model(scenario, &prepare::prepare(scenario, haul_of, how)?));
    let mut others = Vec::new();
    if scenario.ddus.iter().any(|d| d.reserve_price > d.attributable_cost) {
        others.push(("ddus.reserve_price".to_owned(), relaxed(Relaxed::Reserves)?));
    }
    for (index, decided) in scenario.overrides.iter().enumerate() {
        let name = rules::override_name(scenario, decided);
        // A bid that is not forced wins only at a value of its own, so its offer changes too.
        let mut without = relaxed(Relaxed::Override(index))?;
        if let (OverrideAction::Force, OverrideTarget::Bid(bid)) = (decided.action, decided.target) {
            without.rules.retain(|r| r.kind != RuleKind::Forced(bid));
            without = Model::new(without.offers, without.rules);
        }
        others.push((name, without));
    }
    Ok(others)
}

/// The certificate with names in place of the model's numbers.
fn certificate(scenario: &Scenario, model: &Model, solution: &Solution) -> Vec<CertificateLeaf> {
    let leaf = |leaf: &dual::Leaf| CertificateLeaf {
        bound: MicroDollars(i64::try_from(leaf.bound).unwrap_or(i64::MAX)),
        decided: leaf
            .decided
            .iter()
            .filter_map(|(r, wins)| match model.rules.get(*r)?.kind {
                RuleKind::MinimumVolume(bidder) => Some((bidder, *wins)),
                _ => None,
            })
            .collect(),
        prices: leaf.prices.iter().filter_map(|(r, p)| Some((model.rules.get(*r)?.kind.name(scenario), *p))).collect(),
        shares: leaf
            .shares
            .iter()
            .filter_map(|(o, ddu, share)| Some((*model.offers.get(*o)?.bids.first()?, *ddu, *share)))
            .collect(),
        charges: leaf
            .charges
            .iter()
            .filter_map(|(r, ddu, charge)| match model.rules.get(*r)?.kind {
                RuleKind::MinimumVolume(bidder) => Some((bidder, *ddu, *charge)),
                _ => None,
            })
            .collect(),
    };
    solution.certificate.iter().flat_map(|(_, leaves)| leaves).map(leaf).collect()
}

/// Which method proved what, in words.
fn method(scenario: &Scenario, model: &Model, solution: &Solution) -> String {
    let mut parts = Vec::new();
    if solution.methods.exact > 0 {
        parts.push(format!("{} components by exact search", solution.methods.exact));
    }
    if solution.methods.mip > 0 {
        parts.push(format!("{} components by HiGHS", solution.methods.mip));
    }
    if solution.methods.dual > 0 {
        parts.push(format!("{} components unit by unit under prices", solution.methods.dual));
    }
    if parts.is_empty() {
        parts.push("no bid that can win".to_owned());
    }
    let names: Vec<String> =
        solution.binding.iter().filter_map(|&r| model.rules.get(r)).map(|r| r.kind.name(scenario)).collect();
    match names.len() {
        0 => parts.push("no bidder-wide rule in force at the optimum".to_owned()),
        1..=3 => parts.push(format!("put in force: {}", names.join(", "))),
        n => parts.push(format!("{n} bidder-wide rules put in force")),
    }
    if solution.interrupted {
        parts.push("interrupted".to_owned());
    } else if solution.stopped {
        parts.push("limit reached".to_owned());
    }
    parts.join("; ")
}

fn line_outcome(
    scenario: &Scenario,
    prepared: &Prepared,
    model: &Model,
    solution: &Solution,
    near: &Neighbourhoods<'_>,
    raises: &[Option<i64>],
    bid: BidIx,
) -> Result<LineOutcome, AwardError> {
    let index = prepared.offer_of.get(bid.index()).copied().flatten();
    let offer = index.and_then(|o| Some((model.offers.get(o)?, solution.quantities.get(o).copied()?)));
    if let Some((offer, quantity)) = offer.filter(|(_, q)| *q > 0) {
        let won = won(scenario, prepared, bid, volume_of(scenario, offer, bid, quantity));
        let id = || scenario.bids.get(bid.index()).map_or_else(String::new, |b| b.id.clone());
        return Ok(LineOutcome { bid, outcome: Outcome::Won(won.ok_or_else(|| AwardError::TooLarge { bid: id() })?) });
    }
    let mut lost = near.lost(bid);
    let raise = index.and_then(|o| raises.get(o).copied().flatten());
    lost.winning_level = raise.and_then(|r| scenario.bids.get(bid.index())?.price.checked_add(MicroDollars(r)));
    Ok(LineOutcome { bid, outcome: Outcome::Lost(lost) })
}

/// Exact money of a line that wins a volume; `None` on overflow.
fn won(scenario: &Scenario, prepared: &Prepared, bid: BidIx, volume: u32) -> Option<Won> {
    let line = scenario.bids.get(bid.index())?;
    let ddu = scenario.ddus.get(line.ddu.index())?;
    let step = prepared.candidate(bid)?.steps.iter().find(|s| (s.lo..=s.hi).contains(&volume))?;
    let pieces = Pieces(volume);
    let injection = MicroDollars(i64::try_from(step.cost(volume)).ok()?);
    let spend = line.spend(pieces)?;
    let hub = line.basis == PriceBasis::Hub;
    let revenue = if hub { spend.checked_sub(injection)? } else { spend };
    let attributable = ddu.attributable_cost.times_pieces(pieces)?;
    let contribution = revenue.checked_sub(attributable)?;
    let objective = scenario.settings.award.objective;
    let value = match objective {
        Objective::Contribution => contribution,
        Objective::Revenue => revenue,
        Objective::Surplus if hub => contribution,
        Objective::Surplus => contribution.checked_sub(injection)?,
    };
    let viable = match scenario.settings.award.alternative_rate {
        Some(rate) if !hub => Some(spend.checked_add(injection)? <= rate.times_pieces(pieces)?),
        _ => None,
    };
    Some(Won {
        volume: pieces,
        vehicle: step.vehicle,
        trips: step.trips,
        miles: Decimetres(u32::try_from(step.decimetres).ok()?),
        injection,
        spend,
        revenue,
        dock_price: revenue.divided_by(u64::from(volume))?,
        attributable,
        contribution,
        value,
        viable,
    })
}
