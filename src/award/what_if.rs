//! Awards besides the award: those of variants, and those without a winner.
//!
//! Both start from the award at hand: a variant's search from its winners and from the wide rules that bound it
//! ([`Basis`]), a drop-out's from the winners that stay. Neither answers losers, so both cost little more than the search.
//!
//! Drop-out: the bids of a winner and its affiliates, who count as one for the share cap, are taken out as for a VCG
//! payment ([`super::payments`]), and with them what forces them by hand. Everyone else's bids and all other rules stay.

use super::model::{Model, RuleKind};
use super::outcome::{Award, Status, Won};
use super::prepare::{self, Prepared, Relaxed, volume_of};
use super::rules::{self, share_group};
use super::solve::{Plan, Solution};
use super::{AwardError, EngineOptions, binding, conflicts, method, policy, solve, won};
use crate::cost::Haul;
use crate::ids::{BidIx, BidderIx, DduIx, HubIx};
use crate::progress::{Progress, Quiet};
use crate::scenario::Scenario;
use crate::units::MicroDollars;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// An award without answers to losers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// How far it is proven; `None` when a limit ended the search before any award was found.
    pub status: Option<Status>,
    /// Exact objective.
    pub value: MicroDollars,
    /// No such award is worth more; `None` where no award is known.
    pub bound: Option<MicroDollars>,
    /// As [`Award::gap_ppm`].
    pub gap_ppm: Option<u64>,
    /// Rules that contradict each other, as [`Award::conflicts`].
    pub conflicts: Vec<String>,
    /// Which method proved what, in words.
    pub method: String,
    /// Lines that win, in order of the scenario's bids.
    pub won: Vec<(BidIx, Won)>,
}

impl From<&Award> for Alternative {
    fn from(award: &Award) -> Self {
        Self {
            status: Some(award.status),
            value: award.value,
            bound: (award.status != Status::Infeasible).then_some(award.bound),
            gap_ppm: award.gap_ppm.filter(|_| award.status != Status::Infeasible),
            conflicts: award.conflicts.clone(),
            method: award.method.clone(),
            won: award.winners().map(|(bid, won)| (bid, *won)).collect(),
        }
    }
}

/// What happens when a winner hands everything back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropOut {
    /// The winner as the share cap counts it: `bidder B`, or `affiliate group G`.
    pub group: String,
    /// Its bidders, ascending.
    pub bidders: Vec<BidderIx>,
    /// The best award without them.
    pub after: Alternative,
}

/// What the search for another award may start from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Basis {
    /// Pieces by bid line.
    volumes: Vec<u32>,
    /// Wide rules that were put in force.
    binding: Vec<RuleKind>,
}

impl Basis {
    pub(super) fn new(scenario: &Scenario, model: &Model, solution: &Solution) -> Self {
        let mut volumes = vec![0; scenario.bids.len()];
        for (offer, quantity) in model.offers.iter().zip(&solution.quantities) {
            for bid in &offer.bids {
                if let Some(volume) = volumes.get_mut(bid.index()) {
                    *volume = volume_of(scenario, offer, *bid, *quantity);
                }
            }
        }
        Self { volumes, binding: binding(model, solution) }
    }

    /// By offer, the quantity nearest to what its bids won; where it is no award the search does without. Empty when
    /// there is no award to start from.
    pub(super) fn start(&self, model: &Model) -> Vec<u32> {
        if self.volumes.is_empty() {
            return Vec::new();
        }
        let of = |bid: &BidIx| self.volumes.get(bid.index()).copied().unwrap_or(0);
        let nearest = model.offers.iter().map(|offer| {
            let least = offer.bids.iter().map(of).min().unwrap_or(0);
            let near = offer.pieces.iter().map(|piece| least.clamp(piece.lo, piece.hi));
            if least == 0 { 0 } else { near.min_by_key(|q| q.abs_diff(least)).unwrap_or(0) }
        });
        nearest.collect()
    }

    /// A plan whose search starts here.
    pub(super) fn plan<'p>(&'p self, start: &'p [u32], plan: Plan<'p>) -> Plan<'p> {
        Plan { assumed: &self.binding, start, ..plan }
    }
}

/// The award of a scenario that differs from another in settings, volumes or costs but not in its rows, searched for from
/// the other's award.
///
/// # Errors
/// As [`super::award`].
pub fn alternative<E: std::fmt::Display + Send>(
    scenario: &Scenario,
    haul_of: &(dyn Fn(HubIx, DduIx) -> Result<Haul, E> + Sync),
    options: EngineOptions,
    basis: &Basis,
    progress: &dyn Progress,
) -> Result<Alternative, AwardError> {
    let prepared = prepare::prepare(scenario, &super::by_line(scenario, haul_of), Relaxed::Nothing)?;
    let model = rules::model(scenario, &prepared);
    let start = basis.start(&model);
    let plan = basis.plan(&start, Plan::of(&scenario.settings.award, options, progress));
    found(scenario, &prepared, &model, &plan, &Quiet(progress))
}

/// The awards without each of the largest winners, by falling volume.
pub(super) fn drop_outs(
    (scenario, prepared, model): (&Scenario, &Prepared, &Model),
    solution: &Solution,
    plan: &Plan<'_>,
    most: u32,
    progress: &dyn Progress,
) -> Result<Vec<DropOut>, AwardError> {
    let mut pieces: BTreeMap<String, u64> = BTreeMap::new();
    for (offer, quantity) in model.offers.iter().zip(&solution.quantities).filter(|(_, q)| **q > 0) {
        let volume = u64::try_from(offer.size().at(*quantity)).unwrap_or(0);
        *pieces.entry(share_group(scenario, offer.bidder)).or_default() += volume;
    }
    let mut largest: Vec<(String, u64)> = pieces.into_iter().collect();
    largest.sort_by(|a, b| (Reverse(a.1), &a.0).cmp(&(Reverse(b.1), &b.0)));
    largest.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    if largest.is_empty() {
        return Ok(Vec::new());
    }
    progress.begin("drop-outs", u64::try_from(largest.len()).ok());
    let of = |(group, _): (String, u64)| {
        let all = (0..scenario.bidders.len()).map(BidderIx::from_index);
        let bidders: Vec<BidderIx> = all.filter(|b| share_group(scenario, *b) == group).collect();
        let without = without(scenario, model, &bidders);
        let stays = |(offer, quantity): (&super::model::Offer, &u32)| {
            if bidders.contains(&offer.bidder) { 0 } else { *quantity }
        };
        let start: Vec<u32> = model.offers.iter().zip(&solution.quantities).map(stays).collect();
        let plan = Plan { start: &start, ..plan.clone() };
        let after = found(scenario, prepared, &without, &plan, &Quiet(progress));
        progress.advance(1);
        Ok(DropOut { group, bidders, after: after? })
    };
    let all = largest.into_par_iter().map(of).collect::<Result<Vec<_>, AwardError>>()?;
    progress.finish(&format!("{} winners taken out, one at a time", all.len()));
    Ok(all)
}

/// The model without bidders and without what forces their bids.
fn without(scenario: &Scenario, model: &Model, bidders: &[BidderIx]) -> Model {
    let mut without = model.without(|bidder| bidders.contains(&bidder));
    let theirs = |bid: &BidIx| scenario.bids.get(bid.index()).is_some_and(|line| bidders.contains(&line.bidder));
    if without.rules.iter().any(|rule| matches!(&rule.kind, RuleKind::Forced(bid) if theirs(bid))) {
        without.rules.retain(|rule| !matches!(&rule.kind, RuleKind::Forced(bid) if theirs(bid)));
        without = Model::new(without.offers, without.rules);
    }
    without
}

/// Solves a model and works out what its winners pay.
fn found(
    scenario: &Scenario,
    prepared: &Prepared,
    model: &Model,
    plan: &Plan<'_>,
    progress: &dyn Progress,
) -> Result<Alternative, AwardError> {
    let nothing = |status, method: &str, conflicts| Alternative {
        status,
        value: MicroDollars::ZERO,
        bound: None,
        gap_ppm: None,
        conflicts,
        method: method.to_owned(),
        won: Vec::new(),
    };
    let solution = match solve::solve(model, plan, progress) {
        Ok(Some(solution)) => solution,
        Ok(None) => {
            let conflicts = conflicts(scenario, prepared, model, plan, progress)?;
            let status = (!conflicts.is_empty()).then_some(Status::Infeasible);
            return Ok(nothing(status, "no award obeys the policy", conflicts));
        }
        Err(AwardError::NothingFound) => return Ok(nothing(None, "limit reached before any award", Vec::new())),
        Err(error) => return Err(error),
    };
    let mut winners = Vec::new();
    for (offer, quantity) in model.offers.iter().zip(&solution.quantities).filter(|(_, q)| **q > 0) {
        for bid in &offer.bids {
            let line = won(scenario, prepared, *bid, volume_of(scenario, offer, *bid, *quantity));
            let id = || scenario.bids.get(bid.index()).map_or_else(String::new, |b| b.id.clone());
            winners.push((*bid, line.ok_or_else(|| AwardError::TooLarge { bid: id() })?));
        }
    }
    winners.sort_by_key(|(bid, _)| *bid);
    Ok(Alternative {
        status: Some(policy::status(&solution)),
        value: super::money(solution.value),
        bound: Some(super::money(solution.bound)),
        gap_ppm: solution.gap_ppm(),
        conflicts: Vec::new(),
        method: method(scenario, model, &solution),
        won: winners,
    })
}
