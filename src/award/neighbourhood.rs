//! The surroundings of one bid or unit, re-optimised exactly while the rest of the award stays as it is.
//!
//! *Winning level*: the bid is forced in at a higher price and the offers around it are chosen anew by the exact search.
//! When that award is worth more than the optimum, every optimum at that price holds the bid, because awards without it
//! are worth what they were. So the level suffices; it is the least multiple of the step for which these surroundings
//! suffice, and the least of all where they hold the bid's whole component.

use super::exact;
use super::model::{Linear, Model, Offer, RuleKind};
use super::outcome::{DduPrice, Status};
use super::prepare::{Prepared, lines, volume_of};
use super::raise;
use super::subproblem::{Sides, Subproblem};
use crate::ids::DduIx;
use crate::scenario::Scenario;
use crate::units::MicroDollars;

/// Free offers of a neighbourhood, and nodes of a search in it.
const NEIGHBOURS: usize = 12;
const NODES: u32 = 4_000;
/// No level is sought beyond this rise, in micro-dollars per piece.
const MAX_RAISE: i64 = 1_000_000_000;

/// An award with what is needed to look at one bid.
pub(crate) struct Neighbourhoods<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) prepared: &'a Prepared,
    pub(super) model: &'a Model,
    quantities: &'a [u32],
    pub(super) status: Status,
    pub(super) sides: Sides,
    at_ddu: Vec<Vec<usize>>,
    /// Winning offers by bidder.
    won_by: Vec<Vec<usize>>,
}

impl<'a> Neighbourhoods<'a> {
    pub(crate) fn new(
        scenario: &'a Scenario,
        prepared: &'a Prepared,
        model: &'a Model,
        quantities: &'a [u32],
        status: Status,
    ) -> Self {
        let mut at_ddu = vec![Vec::new(); scenario.ddus.len()];
        for (index, offer) in model.offers.iter().enumerate() {
            for ddu in &offer.ddus {
                if let Some(list) = at_ddu.get_mut(ddu.index()) {
                    list.push(index);
                }
            }
        }
        let mut won_by = vec![Vec::new(); scenario.bidders.len()];
        for (index, offer) in
            model.offers.iter().enumerate().filter(|(o, _)| quantities.get(*o).is_some_and(|q| *q > 0))
        {
            if let Some(list) = won_by.get_mut(offer.bidder.index()) {
                list.push(index);
            }
        }
        let sides = Sides::new(model, quantities);
        Self { scenario, prepared, model, quantities, status, sides, at_ddu, won_by }
    }

    /// A rise of every price of the offer, micro-dollars per piece, at which it wins; `None` when none is known.
    pub(crate) fn winning_raise(&self, index: usize) -> Option<i64> {
        let offer = self.model.offers.get(index)?;
        let step = self.scenario.settings.award.winning_level_step.0.max(1);
        // A line's level is a multiple of the step; a package's rise is.
        let off = match lines(self.scenario, &offer.bids).next() {
            Some(line) if !offer.is_package => line.price.0.rem_euclid(step),
            _ => 0,
        };
        let raise = |k: i64| k.checked_mul(step).map(|r| r - off).filter(|r| *r <= MAX_RAISE.max(step));
        let mut sub = self.around(index, offer);
        let before = self.value_of(&sub);
        let most = MAX_RAISE.max(step).saturating_add(off) / step;
        let least = raise::least(most, step, |k| {
            let rise = raise(k)?;
            // A price beyond exact money wins nothing.
            let pieces = self.prepared.pieces(self.scenario, offer, rise).unwrap_or_default();
            if pieces.is_empty() {
                return None;
            }
            sub.reprice(0, pieces, self.spend(offer, rise));
            let found = exact::search(&sub, Some(0), NODES)?;
            let quantity = found.quantities.first().copied().unwrap_or(0);
            let pieces = i64::try_from(offer.size().at(quantity)).unwrap_or(0);
            Some(raise::At { over: found.rank.value - before, pieces })
        })?;
        raise(least)
    }

    /// The bid, the winners it may displace, and the best losers at its units.
    fn around(&self, index: usize, offer: &Offer) -> Subproblem {
        let nearby = || offer.ddus.iter().filter_map(|d| self.at_ddu.get(d.index())).flatten();
        let bound: Vec<usize> = self
            .model
            .rules_of(index)
            .iter()
            .filter_map(|&r| self.model.rules.get(r))
            .filter(|r| matches!(r.kind, RuleKind::Tiers(..) | RuleKind::Xor(..) | RuleKind::OneAward(..)))
            .flat_map(|r| r.terms.iter().map(|t| t.offer))
            .collect();
        let mut free = vec![index];
        let mut add = |more: Vec<usize>| {
            for o in more {
                if free.len() < NEIGHBOURS && !free.contains(&o) {
                    free.push(o);
                }
            }
        };
        let wins = |o: &usize| self.wins(*o);
        add(bound.into_iter().filter(wins).collect());
        let beside: Vec<usize> = nearby().copied().filter(wins).collect();
        add(beside.clone());
        // A displaced package leaves room at its other units, for whoever is there.
        let ring = beside.iter().filter_map(|&o| self.model.offers.get(o)).flat_map(|o| &o.ddus);
        let mut ring: Vec<usize> = ring.filter_map(|d| self.at_ddu.get(d.index())).flatten().copied().collect();
        ring.extend(nearby());
        self.sort_by_promise(&mut ring);
        add(ring);
        add(self.won_by.get(offer.bidder.index()).cloned().unwrap_or_default());
        self.subproblem(free)
    }

    /// Offers that can win, by their greatest value.
    fn sort_by_promise(&self, offers: &mut Vec<usize>) {
        offers.sort_by_key(|&o| (std::cmp::Reverse(self.model.offers.get(o).map_or(0, Offer::best_value)), o));
        offers.retain(|&o| self.model.offers.get(o).is_some_and(|x| !x.pieces.is_empty()));
    }

    pub(super) fn wins(&self, offer: usize) -> bool {
        self.quantities.get(offer).copied().unwrap_or(0) > 0
    }

    fn subproblem(&self, free: Vec<usize>) -> Subproblem {
        Subproblem::within(self.model, free, self.quantities, &self.sides, |_| true)
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
                spend = Linear { fixed: line.offset().0, per_unit: price };
            }
        }
        spend
    }

    /// Worth of one more piece and of one more slot at a unit, the awards elsewhere unchanged.
    pub(crate) fn ddu_price(&self, ddu: DduIx) -> DduPrice {
        let mut free: Vec<usize> = self.at_ddu.get(ddu.index()).cloned().unwrap_or_default();
        self.sort_by_promise(&mut free);
        free.sort_by_key(|o| !self.wins(*o));
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
