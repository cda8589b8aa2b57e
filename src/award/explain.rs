//! Every losing bid gets the cheapest truthful reason and a price at which it would have won.
//!
//! *Reason*: the bid's least volume is added to the award, all else fixed, and the rules it breaks are read off exactly.
//! *Winning level*: the bid is forced in at a higher price and the offers at its units are chosen anew by the exact
//! search, all others fixed. When that award is worth more than the optimum, every optimum at that price holds the bid,
//! because awards without it are worth what they were. So the level suffices; it is the least multiple of the step for
//! which this neighbourhood suffices.

use super::AwardError;
use super::exact;
use super::model::{Linear, Model, Offer, RuleKind};
use super::outcome::{DduPrice, Lost};
use super::prepare::{Prepared, Standing, lines, volume_of};
use super::reason::{Ineligible, LostReason};
use super::subproblem::Subproblem;
use crate::ids::{BidIx, DduIx};
use crate::scenario::Scenario;
use crate::units::MicroDollars;

/// Free offers of a neighbourhood, and nodes of a search in it.
const NEIGHBOURS: usize = 12;
const NODES: u32 = 4_000;
/// No level is sought beyond this rise, in micro-dollars per piece.
const MAX_RAISE: i64 = 1_000_000_000;

/// An award with what is needed to look at one bid.
pub(crate) struct Neighbourhoods<'a> {
    scenario: &'a Scenario,
    prepared: &'a Prepared,
    model: &'a Model,
    quantities: &'a [u32],
    settled: bool,
    used: Vec<i128>,
    at_ddu: Vec<Vec<usize>>,
}

impl<'a> Neighbourhoods<'a> {
    pub(crate) fn new(
        scenario: &'a Scenario,
        prepared: &'a Prepared,
        model: &'a Model,
        quantities: &'a [u32],
        settled: bool,
    ) -> Self {
        let mut at_ddu = vec![Vec::new(); scenario.ddus.len()];
        for (index, offer) in model.offers.iter().enumerate() {
            for ddu in ddus_of(scenario, offer) {
                if let Some(list) = at_ddu.get_mut(ddu.index()) {
                    list.push(index);
                }
            }
        }
        let used = model.rules.iter().map(|r| r.used(quantities)).collect();
        Self { scenario, prepared, model, quantities, settled, used, at_ddu }
    }

    /// Outcome of a line that lost.
    pub(crate) fn lost(&self, bid: BidIx) -> Lost {
        let offer = self.prepared.offer_of.get(bid.index()).copied().flatten();
        let Some((index, offer)) = offer.and_then(|o| Some((o, self.model.offers.get(o)?))) else {
            return Lost { reason: self.ineligible(bid), rules: Vec::new(), winning_level: None };
        };
        if offer.pieces.is_empty() {
            return Lost { reason: self.price_fault(bid, offer), rules: Vec::new(), winning_level: None };
        }
        let broken = self.broken_by(index, offer);
        let mut rules: Vec<String> = broken.iter().map(|k| k.name(self.scenario)).collect();
        rules.sort();
        Lost { reason: self.reason(bid, offer, &broken), rules, winning_level: None }
    }

    fn ineligible(&self, bid: BidIx) -> LostReason {
        if let Some(Standing::Out(reason)) = self.prepared.standing.get(bid.index()) {
            return LostReason::Ineligible(reason.clone());
        }
        let partners = self.prepared.packages.get(&bid).into_iter().flatten();
        for partner in partners {
            if let (Some(Standing::Out(reason)), Some(line)) =
                (self.prepared.standing.get(partner.index()), self.scenario.bids.get(partner.index()))
            {
                return LostReason::PackagePartnerIneligible { ddu: line.ddu, reason: reason.clone() };
            }
        }
        LostReason::NotSettled
    }

    /// A line's own price fault first, then a partner's; else the package as a whole is worth less than nothing.
    fn price_fault(&self, bid: BidIx, offer: &Offer) -> LostReason {
        if let Some(reason) = self.prepared.price_fault(self.scenario, bid) {
            return LostReason::Ineligible(reason);
        }
        let partner = offer.bids.iter().find_map(|b| {
            Some((self.scenario.bids.get(b.index())?.ddu, self.prepared.price_fault(self.scenario, *b)?))
        });
        match partner {
            Some((ddu, reason)) => LostReason::PackagePartnerIneligible { ddu, reason },
            None => LostReason::Ineligible(Ineligible::NegativeValue),
        }
    }

    /// Rules that the offer's least quantity breaks beside the award, gravest first.
    fn broken_by(&self, index: usize, offer: &Offer) -> Vec<&'a RuleKind> {
        let least = offer.pieces.first().map_or(0, |p| p.lo);
        let mut broken: Vec<&RuleKind> = self
            .model
            .rules_of(index)
            .iter()
            .filter_map(|&r| Some((r, self.model.rules.get(r)?)))
            .filter(|(r, rule)| {
                let term = rule.term_of(index).map_or(0, |t| t.at(least));
                term > 0 && self.used.get(*r).copied().unwrap_or(0) + term > rule.at_most
            })
            .map(|(_, rule)| &rule.kind)
            .collect();
        broken.sort();
        broken
    }

    fn reason(&self, bid: BidIx, offer: &Offer, broken: &[&RuleKind]) -> LostReason {
        let Some(first) = broken.first() else {
            return if self.settled { LostReason::TieBreak } else { LostReason::NotSettled };
        };
        let own = self.scenario.bids.get(bid.index()).map(|b| b.ddu);
        let place = |kind: &RuleKind| match kind {
            RuleKind::OneAward(_, d, _) | RuleKind::DockSlots(d, _) | RuleKind::Capacity(d) => Some(*d),
            _ => None,
        };
        let here = |kind: &&&RuleKind| place(kind).is_none_or(|d| Some(d) == own);
        if place(first).is_none() {
            return LostReason::of_rule(first);
        }
        match broken.iter().find(here) {
            Some(kind) => LostReason::of_rule(kind),
            None if offer.is_package => {
                let mut ddus: Vec<DduIx> = broken.iter().filter_map(|k| place(k)).collect();
                ddus.sort_unstable();
                ddus.dedup();
                LostReason::PackagePartner { ddus }
            }
            None => LostReason::of_rule(first),
        }
    }

    /// A rise of every price of the offer, micro-dollars per piece, at which it wins; `None` when none is known.
    pub(crate) fn winning_raise(&self, index: usize) -> Result<Option<i64>, AwardError> {
        let Some(offer) = self.model.offers.get(index) else { return Ok(None) };
        let step = self.scenario.settings.award.winning_level_step.0.max(1);
        // A line's level is a multiple of the step; a package's rise is.
        let off = match lines(self.scenario, &offer.bids).next() {
            Some(line) if !offer.is_package => line.price.0.rem_euclid(step),
            _ => 0,
        };
        let raise = |k: i64| k.checked_mul(step).map(|r| r - off).filter(|r| *r <= MAX_RAISE.max(step));
        let mut sub = self.around(index, offer);
        let before = self.value_of(&sub);
        let mut wins = |raise: i64| -> Result<bool, AwardError> {
            sub.reprice(0, self.prepared.pieces(self.scenario, offer, raise)?, self.spend(offer, raise));
            Ok(exact::search(&sub, Some(0), NODES).is_some_and(|found| found.rank.value > before))
        };
        let (mut low, mut high) = (0_i64, 1_i64);
        while !wins(match raise(high) {
            Some(r) => r,
            None => return Ok(None),
        })? {
            low = high;
            high = high.saturating_mul(2);
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            let Some(at) = raise(middle) else { return Ok(None) };
            if wins(at)? { high = middle } else { low = middle }
        }
        Ok(raise(high))
    }

    /// The bid, the winners it may displace, and the best losers at its units.
    fn around(&self, index: usize, offer: &Offer) -> Subproblem {
        let wins = |o: &usize| self.quantities.get(*o).copied().unwrap_or(0) > 0;
        let nearby = || ddus_of(self.scenario, offer).into_iter().filter_map(|d| self.at_ddu.get(d.index())).flatten();
        let bound: Vec<usize> = self
            .model
            .rules_of(index)
            .iter()
            .filter_map(|&r| self.model.rules.get(r))
            .filter(|r| matches!(r.kind, RuleKind::Xor(..) | RuleKind::OneAward(..)))
            .flat_map(|r| r.terms.iter().map(|t| t.offer))
            .collect();
        let own = || (0..self.model.offers.len()).filter(|&o| self.model.offers[o].bidder == offer.bidder);
        let mut free = vec![index];
        let mut add = |more: Vec<usize>| {
            for o in more {
                if free.len() < NEIGHBOURS && !free.contains(&o) {
                    free.push(o);
                }
            }
        };
        add(bound.into_iter().filter(wins).collect());
        add(nearby().copied().filter(wins).collect());
        let mut losers: Vec<usize> = nearby().copied().filter(|o| !wins(o)).collect();
        losers.sort_by_key(|&o| (std::cmp::Reverse(self.model.offers.get(o).map_or(0, Offer::best_value)), o));
        losers.retain(|&o| self.model.offers.get(o).is_some_and(|x| !x.pieces.is_empty()));
        add(losers);
        add(own().filter(wins).collect());
        self.subproblem(free)
    }

    fn subproblem(&self, free: Vec<usize>) -> Subproblem {
        let used = |r: usize| self.used.get(r).copied().unwrap_or(0);
        Subproblem::within(self.model, free, self.quantities, used, |_| true)
    }

    /// Value of the award's part in a subproblem.
    fn value_of(&self, sub: &Subproblem) -> i128 {
        let quantities: Vec<u32> = sub.offers.iter().map(|&o| self.quantities.get(o).copied().unwrap_or(0)).collect();
        sub.rank(&quantities).map_or(0, |r| r.value)
    }

    fn spend(&self, offer: &Offer, raise: i64) -> Linear {
        let mut spend = Linear::default();
        for (bid, line) in offer.bids.iter().zip(lines(self.scenario, &offer.bids)) {
            let price = line.price.0.saturating_add(raise);
            if offer.is_package {
                let volume = i64::from(volume_of(self.scenario, offer, *bid, 1));
                spend.fixed = spend.fixed.saturating_add(price.saturating_mul(volume));
            } else {
                spend.per_unit = price;
            }
        }
        spend
    }

    /// Worth of one more piece and of one more slot at a unit, the awards elsewhere unchanged.
    pub(crate) fn ddu_price(&self, ddu: DduIx) -> DduPrice {
        let wins = |o: &usize| self.quantities.get(*o).copied().unwrap_or(0) > 0;
        let all = || self.at_ddu.get(ddu.index()).into_iter().flatten().copied();
        let can_win = |o: &usize| self.model.offers.get(*o).is_some_and(|x| !x.pieces.is_empty());
        let mut free: Vec<usize> = all().filter(wins).collect();
        let mut losers: Vec<usize> = all().filter(|o| !wins(o) && can_win(o)).collect();
        losers.sort_by_key(|&o| (std::cmp::Reverse(self.model.offers.get(o).map_or(0, Offer::best_value)), o));
        free.extend(losers);
        free.truncate(NEIGHBOURS);
        let sub = self.subproblem(free);
        let before = self.value_of(&sub);
        let gain = |limit: usize| {
            let mut wider = sub.clone();
            if let Some(l) = wider.limits.get_mut(limit) {
                l.room += 1;
            }
            let value = exact::search(&wider, None, NODES).map_or(before, |found| found.rank.value);
            MicroDollars(i64::try_from((value - before).max(0)).unwrap_or(i64::MAX))
        };
        let (mut piece, mut slot) = (MicroDollars::ZERO, MicroDollars::ZERO);
        for (position, limit) in sub.limits.iter().enumerate() {
            match self.model.rules.get(limit.rule).map(|r| &r.kind) {
                Some(RuleKind::Capacity(d)) if *d == ddu => piece = gain(position),
                Some(RuleKind::DockSlots(d, _)) if *d == ddu => slot = slot.max(gain(position)),
                _ => {}
            }
        }
        DduPrice { ddu, piece, slot }
    }
}

/// Units of an offer, ascending.
fn ddus_of(scenario: &Scenario, offer: &Offer) -> Vec<DduIx> {
    let mut ddus: Vec<DduIx> = lines(scenario, &offer.bids).map(|l| l.ddu).collect();
    ddus.sort_unstable();
    ddus.dedup();
    ddus
}
