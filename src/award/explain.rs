//! Every losing bid gets the cheapest truthful reason.
//!
//! The bid's least volume is added to the award, all else fixed, and the rules it breaks are read off exactly. A bid that
//! breaks none adds nothing to a proven optimum: it lost a tie.

use super::model::{Offer, Presence, Rule, RuleKind};
use super::neighbourhood::Neighbourhoods;
use super::outcome::{Lost, Status};
use super::prepare::Standing;
use super::reason::{Ineligible, LostReason};
use crate::ids::{BidIx, DduIx};

impl<'a> Neighbourhoods<'a> {
    /// Outcome of a line that lost.
    pub(crate) fn lost(&self, bid: BidIx) -> Lost {
        let offer = self.prepared.offer_of.get(bid.index()).copied().flatten();
        let Some((index, offer)) = offer.and_then(|o| Some((o, self.model.offers.get(o)?))) else {
            return Lost { reason: self.ineligible(bid), rules: Vec::new(), winning_level: None };
        };
        if offer.pieces.is_empty() {
            return Lost { reason: self.price_fault(bid, offer), rules: Vec::new(), winning_level: None };
        }
        if self.status == Status::Infeasible {
            // Nothing won, so what this bid would break beside the award is not why it lost.
            return Lost { reason: LostReason::Infeasible, rules: Vec::new(), winning_level: None };
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
                let added = rule.term_of(index).map_or(0, |t| t.at(least)) + self.presences_added(rule, index);
                added > 0 && self.used.get(*r).copied().unwrap_or(0) + added > rule.at_most
            })
            .map(|(_, rule)| &rule.kind)
            .collect();
        broken.sort();
        broken
    }

    /// What a losing offer would count in a rule as the first of its groups to win.
    fn presences_added(&self, rule: &Rule, index: usize) -> i128 {
        let first = |p: &&Presence| p.offers.binary_search(&index).is_ok() && !p.offers.iter().any(|o| self.wins(*o));
        rule.presences.iter().filter(first).map(|p| i128::from(p.weight)).sum()
    }

    fn reason(&self, bid: BidIx, offer: &Offer, broken: &[&RuleKind]) -> LostReason {
        let Some(first) = broken.first() else {
            return match self.status {
                Status::Optimal => LostReason::TieBreak,
                Status::GapLimit | Status::Infeasible => LostReason::NotSettled,
            };
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
}
