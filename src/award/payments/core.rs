//! Discounts in the core, by constraint generation (Day and Raghavan, Management Science 2007).
//!
//! With discounts `u`, a coalition `C` blocks when it could offer more than the winners pay: `V(C)` less what its winners
//! would give up, `Σ u_b` over winners in `C`, exceeds `V(N) − Σ u_b` over all winners. So for every `C`
//! `Σ u_b over winners outside C ≤ V(N) − V(C)`. The most violated is found by winner determination in which each winner
//! costs its discount if it wins anything: an offer of value `−u_b` that a rule makes win with any offer of the bidder.

use super::super::AwardError;
use super::super::model::{Linear, Model, Offer, Piece, Presence, Rule, RuleKind, Term};
use super::super::solve::{Plan, solve};
use super::Setting;
use super::nearest::{Coalitions, nearest};
use crate::ids::BidderIx;
use crate::progress::{Progress, Quiet};

/// Discounts that no coalition found blocks.
pub(super) struct Core {
    /// One per winner, micro-dollars.
    pub(super) discounts: Vec<i64>,
    pub(super) coalitions: usize,
    /// What a coalition might offer more at most, as far as the last award is not proven.
    pub(super) unproven: i128,
}

/// Discounts of winners who have a VCG discount, given with it; `None` when the user stopped it.
///
/// Winners who are pivotal are in every coalition that has an award, so they appear in no constraint.
pub(super) fn discounts(
    setting: &Setting<'_>,
    caps: &[(BidderIx, i64)],
    progress: &dyn Progress,
) -> Result<Option<Core>, AwardError> {
    let most: Vec<i64> = caps.iter().map(|(_, cap)| *cap).collect();
    let mut coalitions = Coalitions::new();
    loop {
        if progress.cancelled() {
            return Ok(None);
        }
        let discounts = nearest(&most, &coalitions)?;
        let bidders: Vec<(BidderIx, i64)> = caps.iter().map(|(b, _)| *b).zip(discounts.iter().copied()).collect();
        let found = best_coalition(setting, &bidders, progress)?;
        if progress.cancelled() {
            return Ok(None);
        }
        let given: i128 = found.outside.iter().filter_map(|w| discounts.get(*w)).map(|u| i128::from(*u)).sum();
        let room = (setting.award.value - found.value).max(0);
        if given <= room {
            let paid = setting.award.value - discounts.iter().map(|u| i128::from(*u)).sum::<i128>();
            let unproven = (found.bound - paid).max(0);
            return Ok(Some(Core { discounts, coalitions: coalitions.len(), unproven }));
        }
        let known = coalitions.entry(found.outside).or_insert(room);
        *known = room.min(*known);
    }
}

struct Coalition {
    /// Positions of the winners outside.
    outside: Vec<usize>,
    /// Value of its award.
    value: i128,
    /// No coalition's value less the discounts of its winners exceeds this.
    bound: i128,
}

/// The coalition that could offer most.
fn best_coalition(
    setting: &Setting<'_>,
    bidders: &[(BidderIx, i64)],
    progress: &dyn Progress,
) -> Result<Coalition, AwardError> {
    let Setting { model, award, plan, .. } = setting;
    let costly: Vec<(BidderIx, i64)> = bidders.iter().copied().filter(|(_, u)| *u > 0).collect();
    let with_fees = with_fees(model, &costly);
    let mut start = award.quantities.clone();
    start.resize(with_fees.offers.len(), 1);
    let fees = costly.iter().map(|(b, _)| RuleKind::Fee(*b));
    let assumed: Vec<RuleKind> = plan.assumed.iter().cloned().chain(fees).collect();
    let plan = Plan { start: &start, assumed: &assumed, ..(*plan).clone() };
    // The award itself is one of those compared.
    let found = solve(&with_fees, &plan, &Quiet(progress))?.ok_or(AwardError::NothingFound)?;
    let wins = |bidder: BidderIx| {
        model.offers.iter().zip(&found.quantities).any(|(offer, q)| offer.bidder == bidder && *q > 0)
    };
    let outside = |(position, (bidder, _)): (usize, &(BidderIx, i64))| (!wins(*bidder)).then_some(position);
    let fees: i128 = costly.iter().filter(|(b, _)| wins(*b)).map(|(_, u)| i128::from(*u)).sum();
    Ok(Coalition {
        outside: bidders.iter().enumerate().filter_map(outside).collect(),
        value: found.value + fees,
        bound: found.bound,
    })
}

/// The model in which each of these bidders costs so much if it wins anything; their fees come behind its offers.
fn with_fees(model: &Model, costly: &[(BidderIx, i64)]) -> Model {
    let (mut offers, mut rules) = (model.offers.clone(), model.rules.clone());
    for &(bidder, fee) in costly {
        let of_bidder = |(index, offer): (usize, &Offer)| (offer.bidder == bidder).then_some(index);
        let presence = Presence { offers: model.offers.iter().enumerate().filter_map(of_bidder).collect(), weight: 1 };
        let term = Term { offer: offers.len(), per_win: -1, per_unit: 0 };
        rules.push(Rule {
            kind: RuleKind::Fee(bidder),
            terms: vec![term],
            common: 0,
            presences: vec![presence],
            at_most: 0,
        });
        let value = Linear { fixed: -fee, per_unit: 0 };
        let pieces = vec![Piece { lo: 1, hi: 1, value, scores: Vec::new() }];
        offers.push(Offer {
            bids: Vec::new(),
            bidder,
            is_package: true,
            ddus: Vec::new(),
            volumes: Vec::new(),
            most: 1,
            pieces,
        });
    }
    Model::new(offers, rules)
}
