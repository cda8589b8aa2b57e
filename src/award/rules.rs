//! The rules of an award, from the tables and settings of a scenario.
//!
//! A rule that all offers together cannot break is left out: it would only tie components together.

use super::model::{Model, Offer, Presence, Rule, RuleKind, Term};
use super::prepare::{Prepared, lines, volume_of};
use crate::ids::{BidderIx, DduIx};
use crate::scenario::{
    BidLine, Bidder, Override, OverrideAction, OverrideTarget, Scenario, Scope, SetAside, ShareBase,
};
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
    MinimumVolume,
    MinimumWinners,
    SetAside,
}

impl Family {
    pub(crate) const ALL: [Self; 10] = [
        Self::ShareCap,
        Self::BidderCapacity,
        Self::Budget,
        Self::HubCapacity,
        Self::DockSlots,
        Self::OneAward,
        Self::Xor,
        Self::MinimumVolume,
        Self::MinimumWinners,
        Self::SetAside,
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
                | (Self::MinimumVolume, RuleKind::MinimumVolume(_))
                | (Self::MinimumWinners, RuleKind::MinimumWinners(..))
                | (Self::SetAside, RuleKind::SetAside(..))
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
            Self::MinimumVolume => "bidders.min_volume_pieces",
            Self::MinimumWinners => "award.minimum_winners",
            Self::SetAside => "award.set_aside",
        }
    }
}

/// Builds the model of prepared bids.
pub(crate) fn model(scenario: &Scenario, prepared: &Prepared) -> Model {
    let mut collected = Collected::default();
    for (index, offer) in prepared.offers.iter().enumerate() {
        add_offer(scenario, index, offer, &mut collected);
    }
    let bounded = |(kind, rule): (RuleKind, Terms)| {
        let at_most = limit(scenario, &kind).or(rule.at_most)?;
        Some(Rule { kind, terms: rule.terms.into_values().collect(), common: 0, presences: Vec::new(), at_most })
    };
    let mut all: Vec<Rule> = collected
        .0
        .into_iter()
        .filter_map(bounded)
        .filter(|rule| matches!(rule.kind, RuleKind::Budget(_)) || can_break(rule, prepared))
        .collect();
    let counted = Counted { scenario, prepared };
    all.extend(share_caps(&counted));
    all.extend(minimum_volumes(&counted));
    all.extend(scenario.settings.award.minimum_winners.iter().map(|m| minimum_winners(&counted, &m.scope, m.at_least)));
    all.extend(scenario.settings.award.set_asides.iter().map(|s| set_aside(&counted, s)));
    all.extend(forced(&counted));
    Model::new(prepared.offers.clone(), all)
}

#[derive(Default)]
struct Terms {
    terms: BTreeMap<usize, Term>,
    at_most: Option<i128>,
}

#[derive(Default)]
struct Collected(BTreeMap<RuleKind, Terms>);

impl Collected {
    fn add(&mut self, kind: RuleKind, offer: usize, per_win: i64, per_unit: i64) -> &mut Terms {
        let rule = self.0.entry(kind).or_default();
        let term = rule.terms.entry(offer).or_insert(Term { offer, per_win: 0, per_unit: 0 });
        term.per_win = term.per_win.saturating_add(per_win);
        term.per_unit = term.per_unit.saturating_add(per_unit);
        rule
    }
}

fn add_offer(scenario: &Scenario, index: usize, offer: &Offer, rules: &mut Collected) {
    let mut groups: Vec<(&String, u32)> = Vec::new();
    for (bid_ix, bid) in offer.bids.iter().zip(lines(scenario, &offer.bids)) {
        let volume = i64::from(volume_of(scenario, offer, *bid_ix, 1));
        let (per_win, per_unit) = if offer.is_package { (volume, 0) } else { (0, 1) };
        rules.add(RuleKind::Capacity(bid.ddu), index, per_win, per_unit);
        rules.add(RuleKind::HubCapacity(bid.hub), index, per_win, per_unit);
        rules.add(RuleKind::BidderCapacity(bid.bidder), index, per_win, per_unit);
        let (price, offset) = (bid.price.0, bid.offset().0);
        let spend = price.saturating_mul(per_win).saturating_add(offset);
        rules.add(RuleKind::Budget(bid.bidder), index, spend, price.saturating_mul(per_unit));
        rules.add(RuleKind::DockSlots(bid.ddu, window(scenario, bid)), index, 1, 0);
        rules.add(RuleKind::OneAward(bid.bidder, bid.ddu, bid.service), index, 1, 0);
        if let Some(tier) = &bid.tier {
            rules.add(RuleKind::Tiers(bid.bidder, tier.group.clone()), index, 1, 0);
        }
        groups.extend(bid.xor_group.as_ref().map(|group| (group, bid.group_at_most)));
    }
    groups.sort();
    groups.dedup();
    for (group, at_most) in groups {
        rules.add(RuleKind::Xor(offer.bidder, group.clone()), index, 1, 0).at_most = Some(i128::from(at_most));
    }
}

/// Dock window of a line, counted from the opening of the dock.
pub(crate) fn window(scenario: &Scenario, bid: &BidLine) -> u32 {
    let (Some(length), Some(ddu)) = (scenario.settings.award.dock_window, scenario.ddus.get(bid.ddu.index())) else {
        return 0;
    };
    let after = i64::from(bid.tender.0) - i64::from(ddu.dock_open.0);
    u32::try_from(after.max(0) * 60_000 / i64::from(length.0.max(1))).unwrap_or(u32::MAX)
}

/// Right side of a rule; `None` when the user set none.
fn limit(scenario: &Scenario, kind: &RuleKind) -> Option<i128> {
    match kind {
        RuleKind::Tiers(..) | RuleKind::OneAward(..) => Some(1),
        RuleKind::BidderCapacity(b) => scenario.bidders.get(b.index())?.capacity.map(|c| i128::from(c.0)),
        RuleKind::Budget(b) => scenario.bidders.get(b.index())?.budget.map(|m| i128::from(m.0.max(0))),
        RuleKind::HubCapacity(h) => scenario.hubs.get(h.index())?.capacity.map(|c| i128::from(c.0)),
        RuleKind::DockSlots(d, _) => scenario.ddus.get(d.index())?.dock_slots.map(i128::from),
        RuleKind::Capacity(d) => scenario.ddus.get(d.index()).map(|x| i128::from(x.capacity.0)),
        _ => None,
    }
}

/// True when all offers at their greatest volume together exceed the rule. Prices may be raised later, so what counts is
/// the volume that may be brought, not the one that may win at the bid's price.
fn can_break(rule: &Rule, prepared: &Prepared) -> bool {
    let most = |t: &Term| t.at(prepared.offers.get(t.offer).map_or(0, |offer| offer.most));
    rule.terms.iter().map(most).sum::<i128>() > rule.at_most
}

/// Offers counted by pieces.
struct Counted<'a> {
    scenario: &'a Scenario,
    prepared: &'a Prepared,
}

impl Counted<'_> {
    fn offers(&self) -> impl Iterator<Item = (usize, &Offer)> {
        self.prepared.offers.iter().enumerate()
    }

    /// `weight` per piece of an offer within a scope; `None` where it has none.
    fn pieces(&self, (index, offer): (usize, &Offer), scope: &Scope, weight: i64) -> Option<Term> {
        let within = |d: DduIx| match scope {
            Scope::All => true,
            Scope::Region(region) => self.scenario.ddus.get(d.index()).is_some_and(|ddu| ddu.region == *region),
            Scope::Ddu(only) => d == *only,
        };
        let counted = offer.bids.iter().zip(lines(self.scenario, &offer.bids)).filter(|(_, line)| within(line.ddu));
        let volumes: Vec<i64> = counted.map(|(bid, _)| i64::from(volume_of(self.scenario, offer, *bid, 1))).collect();
        let pieces = volumes.iter().sum::<i64>().saturating_mul(weight);
        let (per_win, per_unit) = if offer.is_package { (pieces, 0) } else { (0, weight) };
        (!volumes.is_empty() && weight != 0).then_some(Term { offer: index, per_win, per_unit })
    }

    fn by_bidder(&self) -> BTreeMap<BidderIx, Vec<usize>> {
        let mut all: BTreeMap<BidderIx, Vec<usize>> = BTreeMap::new();
        self.offers().for_each(|(index, offer)| all.entry(offer.bidder).or_default().push(index));
        all
    }
}

/// Shares in their lowest terms: `share` of the whole is `own / whole` of small numbers.
fn lowest_terms(Ppm(share): Ppm) -> (i64, i64) {
    let (mut a, mut b) = (share, Ppm::ONE.0);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    (i64::from(share / a.max(1)), i64::from(Ppm::ONE.0 / a.max(1)))
}

/// One rule per bidder or group of affiliates, with the cap as a fraction `cap / one`: of all capacity `one·own ≤ cap·Q`,
/// of the award `one·own ≤ cap·all`.
fn share_caps(counted: &Counted<'_>) -> Vec<Rule> {
    let scenario = counted.scenario;
    let award = &scenario.settings.award;
    let Some(share) = award.share_cap.filter(|c| *c < Ppm::ONE) else { return Vec::new() };
    let (cap, one) = lowest_terms(share);
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, offer) in counted.offers() {
        groups.entry(share_group(scenario, offer.bidder)).or_default().push(index);
    }
    let of_award = award.share_base == ShareBase::Awarded;
    let capacity: i128 = scenario.ddus.iter().map(|d| i128::from(d.capacity.0)).sum();
    let rule = |(group, members): (String, Vec<usize>)| {
        let own = members.iter().filter_map(|o| Some((*o, counted.prepared.offers.get(*o)?)));
        let terms = own.filter_map(|o| counted.pieces(o, &Scope::All, one)).collect();
        let common = if of_award { -cap } else { 0 };
        let at_most = if of_award { 0 } else { i128::from(cap) * capacity };
        Rule { kind: RuleKind::ShareCap(group), terms, common, presences: Vec::new(), at_most }
    };
    groups.into_iter().map(rule).collect()
}

/// `least·[wins anything] ≤ own`.
fn minimum_volumes(counted: &Counted<'_>) -> Vec<Rule> {
    let rule = |(bidder, offers): (BidderIx, Vec<usize>)| {
        let least = counted.scenario.bidders.get(bidder.index())?.min_volume?;
        let of = |o: &usize| Some((*o, counted.prepared.offers.get(*o)?));
        let terms = offers.iter().filter_map(|o| counted.pieces(of(o)?, &Scope::All, -1)).collect();
        let presences = vec![Presence { offers, weight: i64::from(least.0) }];
        Some(Rule { kind: RuleKind::MinimumVolume(bidder), terms, common: 0, presences, at_most: 0 })
    };
    counted.by_bidder().into_iter().filter_map(rule).collect()
}

/// `at_least ≤ Σ [bidder wins there]`.
fn minimum_winners(counted: &Counted<'_>, scope: &Scope, at_least: u32) -> Rule {
    let there = |o: &usize| {
        counted.prepared.offers.get(*o).is_some_and(|offer| counted.pieces((*o, offer), scope, 1).is_some())
    };
    let presence = |offers: Vec<usize>| {
        let offers: Vec<usize> = offers.into_iter().filter(there).collect();
        (!offers.is_empty()).then_some(Presence { offers, weight: -1 })
    };
    let presences = counted.by_bidder().into_values().filter_map(presence).collect();
    let kind = RuleKind::MinimumWinners(scope.clone(), at_least);
    Rule { kind, terms: Vec::new(), common: 0, presences, at_most: -i128::from(at_least) }
}

/// `share·all ≤ one·own` there.
fn set_aside(counted: &Counted<'_>, rule: &SetAside) -> Rule {
    let (share, one) = lowest_terms(rule.share);
    let of_class = |offer: &Offer| {
        counted.scenario.bidders.get(offer.bidder.index()).is_some_and(|bidder| bidder.class == rule.class)
    };
    // Where all offers count, the share of all is what every piece counts.
    let common = if rule.scope == Scope::All { share } else { 0 };
    let weight = |offer: &Offer| (if of_class(offer) { share - one } else { share }) - common;
    let terms = counted.offers().filter_map(|o| counted.pieces(o, &rule.scope, weight(o.1))).collect();
    let kind = RuleKind::SetAside(rule.scope.clone(), rule.class.clone());
    Rule { kind, terms, common, presences: Vec::new(), at_most: 0 }
}

/// Each forced bid's offer wins. A bid without an offer leaves a rule that nothing can meet.
fn forced<'a>(counted: &'a Counted<'_>) -> impl Iterator<Item = Rule> + 'a {
    let forced = counted.scenario.overrides.iter().filter(|o| o.action == OverrideAction::Force);
    forced.filter_map(|o| match o.target {
        OverrideTarget::Bid(bid) => {
            let offer = counted.prepared.offer_of.get(bid.index()).copied().flatten();
            let terms = offer.map(|offer| Term { offer, per_win: -1, per_unit: 0 }).into_iter().collect();
            Some(Rule { kind: RuleKind::Forced(bid), terms, common: 0, presences: Vec::new(), at_most: -1 })
        }
        _ => None,
    })
}

/// An override, as the user wrote it.
pub(crate) fn override_name(scenario: &Scenario, decided: &Override) -> String {
    let bidder = |b: BidderIx| scenario.bidders.get(b.index()).map_or("?", |x| x.id.as_str());
    let ddu = |d: DduIx| scenario.ddus.get(d.index()).map_or("?", |x| x.id.as_str());
    let target = match decided.target {
        OverrideTarget::Bid(bid) => scenario.bids.get(bid.index()).map_or_else(|| "?".to_owned(), |x| x.id.clone()),
        OverrideTarget::Bidder(b) => format!("bidder {}", bidder(b)),
        OverrideTarget::BidderAt(b, d) => format!("bidder {} at {}", bidder(b), ddu(d)),
    };
    format!("overrides: {} {target} ({}: {})", decided.action.word(), decided.who, decided.why)
}

/// Who counts as one bidder for the share cap.
pub(crate) fn share_group(scenario: &Scenario, bidder: crate::ids::BidderIx) -> String {
    scenario.bidders.get(bidder.index()).map_or_else(String::new, Bidder::share_group)
}
