//! The rules of an award, from the tables and settings of a scenario.
//!
//! A rule that all offers together cannot break is left out: it would only tie components together.

use super::model::{Model, Offer, Rule, RuleKind, Term};
use super::prepare::{Prepared, lines, volume_of};
use crate::scenario::{Scenario, ShareBase};
use crate::units::Ppm;
use std::collections::BTreeMap;

/// Which kinds of rules are left out, to price them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    ShareCap,
    BidderCapacity,
    Budget,
    HubCapacity,
    DockSlots,
    OneAward,
    Xor,
}

impl Family {
    pub(crate) const ALL: [Self; 7] = [
        Self::ShareCap,
        Self::BidderCapacity,
        Self::Budget,
        Self::HubCapacity,
        Self::DockSlots,
        Self::OneAward,
        Self::Xor,
    ];

    pub(crate) const fn holds(self, kind: &RuleKind) -> bool {
        matches!(
            (self, kind),
            (Self::ShareCap, RuleKind::ShareCap(_))
                | (Self::BidderCapacity, RuleKind::BidderCapacity(_))
                | (Self::Budget, RuleKind::Budget(_))
                | (Self::HubCapacity, RuleKind::HubCapacity(_))
                | (Self::DockSlots, RuleKind::DockSlots(..))
                | (Self::OneAward, RuleKind::OneAward(..))
                | (Self::Xor, RuleKind::Xor(..))
        )
    }

    /// The rule as the user wrote it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ShareCap => "award.share_cap",
            Self::BidderCapacity => "bidders.capacity_pieces",
            Self::Budget => "bidders.budget",
            Self::HubCapacity => "hubs.capacity_pieces",
            Self::DockSlots => "ddus.dock_slots",
            Self::OneAward => "one award per bidder, unit and service",
            Self::Xor => "bids.xor_group",
        }
    }
}

/// Builds the model of prepared bids.
pub(crate) fn model(scenario: &Scenario, prepared: &Prepared) -> Model {
    let mut rules = Collected::default();
    for (index, offer) in prepared.offers.iter().enumerate() {
        add_offer(scenario, index, offer, &mut rules);
    }
    let mut all: Vec<Rule> = rules
        .0
        .into_iter()
        .filter_map(|(kind, terms)| {
            let at_most = limit(scenario, &kind)?;
            Some(Rule { kind, terms: terms.into_values().collect(), at_most })
        })
        .filter(|rule| matches!(rule.kind, RuleKind::Budget(_)) || can_break(rule, prepared))
        .collect();
    all.extend(share_caps(scenario, prepared));
    Model::new(prepared.offers.clone(), all)
}

#[derive(Default)]
struct Collected(BTreeMap<RuleKind, BTreeMap<usize, Term>>);

impl Collected {
    fn add(&mut self, kind: RuleKind, offer: usize, per_win: i64, per_unit: i64) {
        let term = self.0.entry(kind).or_default().entry(offer).or_insert(Term { offer, per_win: 0, per_unit: 0 });
        term.per_win = term.per_win.saturating_add(per_win);
        term.per_unit = term.per_unit.saturating_add(per_unit);
    }
}

fn add_offer(scenario: &Scenario, index: usize, offer: &Offer, rules: &mut Collected) {
    let mut groups: Vec<&String> = Vec::new();
    for (bid_ix, bid) in offer.bids.iter().zip(lines(scenario, &offer.bids)) {
        let volume = i64::from(volume_of(scenario, offer, *bid_ix, 1));
        let (per_win, per_unit) = if offer.is_package { (volume, 0) } else { (0, 1) };
        rules.add(RuleKind::Capacity(bid.ddu), index, per_win, per_unit);
        rules.add(RuleKind::HubCapacity(bid.hub), index, per_win, per_unit);
        rules.add(RuleKind::BidderCapacity(bid.bidder), index, per_win, per_unit);
        let price = bid.price.0;
        rules.add(RuleKind::Budget(bid.bidder), index, price.saturating_mul(per_win), price.saturating_mul(per_unit));
        rules.add(RuleKind::DockSlots(bid.ddu, window(scenario, bid)), index, 1, 0);
        rules.add(RuleKind::OneAward(bid.bidder, bid.ddu, bid.service), index, 1, 0);
        groups.extend(&bid.xor_group);
    }
    groups.sort();
    groups.dedup();
    for group in groups {
        rules.add(RuleKind::Xor(offer.bidder, group.clone()), index, 1, 0);
    }
}

/// Dock window of a line, counted from the opening of the dock.
pub(crate) fn window(scenario: &Scenario, bid: &crate::scenario::BidLine) -> u32 {
    let (Some(length), Some(ddu)) = (scenario.settings.award.dock_window, scenario.ddus.get(bid.ddu.index())) else {
        return 0;
    };
    let after = i64::from(bid.tender.0) - i64::from(ddu.dock_open.0);
    u32::try_from(after.max(0) * 60_000 / i64::from(length.0.max(1))).unwrap_or(u32::MAX)
}

/// Right side of a rule; `None` when the user set none.
fn limit(scenario: &Scenario, kind: &RuleKind) -> Option<i128> {
    match kind {
        RuleKind::Xor(..) | RuleKind::OneAward(..) => Some(1),
        RuleKind::BidderCapacity(b) => scenario.bidders.get(b.index())?.capacity.map(|c| i128::from(c.0)),
        RuleKind::Budget(b) => scenario.bidders.get(b.index())?.budget.map(|m| i128::from(m.0.max(0))),
        RuleKind::HubCapacity(h) => scenario.hubs.get(h.index())?.capacity.map(|c| i128::from(c.0)),
        RuleKind::DockSlots(d, _) => scenario.ddus.get(d.index())?.dock_slots.map(i128::from),
        RuleKind::Capacity(d) => scenario.ddus.get(d.index()).map(|x| i128::from(x.capacity.0)),
        RuleKind::ShareCap(_) => None,
    }
}

/// True when all offers at their greatest volume together exceed the rule. Prices may be raised later, so what counts is
/// the volume that may be brought, not the one that may win at the bid's price.
fn can_break(rule: &Rule, prepared: &Prepared) -> bool {
    let most = |t: &Term| {
        let quantity = prepared.offers.get(t.offer).map_or(0, |offer| {
            if offer.is_package {
                1
            } else {
                prepared.candidates(&offer.bids).iter().map(|c| c.volume_max()).max().unwrap_or(0)
            }
        });
        t.at(quantity)
    };
    rule.terms.iter().map(most).sum::<i128>() > rule.at_most
}

/// One rule per bidder or group of affiliates, in parts per million of pieces:
/// of all capacity `10⁶·own ≤ cap·Q`, of the award `10⁶·own ≤ cap·all`.
fn share_caps(scenario: &Scenario, prepared: &Prepared) -> Vec<Rule> {
    let award = &scenario.settings.award;
    let Some(Ppm(cap)) = award.share_cap.filter(|c| *c < Ppm::ONE) else { return Vec::new() };
    let cap = i64::from(cap);
    let one = i64::from(Ppm::ONE.0);
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, offer) in prepared.offers.iter().enumerate() {
        groups.entry(share_group(scenario, offer.bidder)).or_default().push(index);
    }
    let of_award = award.share_base == ShareBase::Awarded;
    let term = |offer: usize, weight: i64| {
        let volume: i64 = prepared
            .offers
            .get(offer)
            .map_or(0, |o| o.bids.iter().map(|b| i64::from(volume_of(scenario, o, *b, 1))).sum());
        match prepared.offers.get(offer) {
            Some(o) if o.is_package => Term { offer, per_win: volume.saturating_mul(weight), per_unit: 0 },
            _ => Term { offer, per_win: 0, per_unit: weight },
        }
    };
    let capacity: i128 = scenario.ddus.iter().map(|d| i128::from(d.capacity.0)).sum();
    groups
        .into_iter()
        .map(|(group, members)| {
            let terms = if of_award {
                let weight = |o: usize| if members.binary_search(&o).is_ok() { one - cap } else { -cap };
                (0..prepared.offers.len()).map(|o| term(o, weight(o))).collect()
            } else {
                members.iter().map(|&o| term(o, one)).collect()
            };
            let at_most = if of_award { 0 } else { i128::from(cap) * capacity };
            Rule { kind: RuleKind::ShareCap(group), terms, at_most }
        })
        .collect()
}

/// Who counts as one bidder for the share cap.
pub(crate) fn share_group(scenario: &Scenario, bidder: crate::ids::BidderIx) -> String {
    scenario.bidders.get(bidder.index()).map_or_else(String::new, |b| {
        if b.affiliate_group.is_empty() {
            format!("bidder {}", b.id)
        } else {
            format!("affiliate group {}", b.affiliate_group)
        }
    })
}
