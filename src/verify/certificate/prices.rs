//! Prices of rules: what lines pay for what they add to the left sides, and what the right sides are worth.

use crate::ids::{BidIx, BidderIx};
use crate::scenario::ShareBase;
use crate::units::Ppm;
use crate::verify::case::Case;
use crate::verify::rules::{Limit, Used, allowed, group, limit_name, place, within};
use std::collections::BTreeMap;

/// Prices of a leaf by rule, in 2⁻²⁰ micro-dollars per unit of the left side; none is negative.
#[derive(Debug, Default)]
pub(super) struct Prices<'s> {
    limits: BTreeMap<Limit<'s>, i128>,
    groups: BTreeMap<String, i128>,
    /// Sum over all groups.
    of_groups: i128,
    /// By set-aside of the scenario.
    set_asides: Vec<i128>,
    minimum_volumes: BTreeMap<BidderIx, i128>,
    right_sides: i128,
}

/// A share as a fraction in its lowest terms.
fn fraction(Ppm(share): Ppm) -> (i128, i128) {
    let (mut a, mut b) = (share, Ppm::ONE.0);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    (i128::from(share / a.max(1)), i128::from(Ppm::ONE.0 / a.max(1)))
}

impl<'s> Prices<'s> {
    /// Finds the rules by their names.
    ///
    /// # Errors
    /// What is wrong, in words: a negative price, or a rule that does not exist or does not hold in the leaf.
    pub(super) fn new(
        case: &Case<'s>,
        named: &BTreeMap<String, i128>,
        decided: &BTreeMap<BidderIx, bool>,
    ) -> Result<Self, String> {
        let award = &case.scenario.settings.award;
        let mut prices = Self { set_asides: vec![0; award.set_asides.len()], ..Self::default() };
        let mut open = named.clone();
        if let Some((name, _)) = open.iter().find(|(_, price)| **price < 0) {
            return Err(format!("the price of `{name}` is negative"));
        }
        let every = Used::by(case, &case.bids().map(|(bid, _)| (bid, 1)).collect());
        for limit in every.limits.keys() {
            let Some(most) = allowed(case, limit) else { continue };
            if let Some(price) = open.remove(&limit_name(case, limit).0) {
                prices.limits.insert(*limit, price);
                prices.right_sides += price * most;
            }
        }
        if let Some(cap) = award.share_cap.filter(|cap| *cap < Ppm::ONE) {
            let whole: i128 = case.scenario.ddus.iter().map(|ddu| i128::from(ddu.capacity.0)).sum();
            for group in every.groups.keys() {
                let Some(price) = open.remove(&format!("award.share_cap on {group}")) else { continue };
                prices.of_groups += price;
                prices.groups.insert(group.clone(), price);
                prices.right_sides +=
                    if award.share_base == ShareBase::Capacity { price * fraction(cap).0 * whole } else { 0 };
            }
        }
        for (rule, slot) in award.set_asides.iter().zip(&mut prices.set_asides) {
            let name = format!("award.set_aside for {}{}", rule.class, place(case, &rule.scope));
            *slot = open.remove(&name).unwrap_or(0);
        }
        for bidder in every.bidders.keys() {
            let of = case.bidder(*bidder);
            let Some(price) = open.remove(&format!("bidders.min_volume_pieces of {}", of.id)) else { continue };
            let Some(least) = of.min_volume.filter(|_| decided.get(bidder) != Some(&false)) else {
                return Err(format!("the minimum volume of `{}` does not hold in the leaf", of.id));
            };
            prices.minimum_volumes.insert(*bidder, price);
            // Of a bidder that may win or lose the leaf's charges pay for it.
            prices.right_sides -= if decided.contains_key(bidder) { price * i128::from(least.0) } else { 0 };
        }
        match open.into_keys().next() {
            Some(name) => Err(format!("there is no rule `{name}` that can have a price")),
            None => Ok(prices),
        }
    }

    /// What the minimum volume of a bidder that may win or lose costs if it wins.
    pub(super) fn of_undecided(&self, case: &Case<'s>, bidder: BidderIx) -> i128 {
        let least = case.bidder(bidder).min_volume.map_or(0, |least| i128::from(least.0));
        self.minimum_volumes.get(&bidder).copied().unwrap_or(0) * least
    }

    /// Σ price × right side.
    pub(super) fn right_sides(&self) -> i128 {
        self.right_sides
    }

    /// What an offer pays with its lines at these volumes.
    pub(super) fn of_lines(&self, case: &Case<'s>, volumes: &[(BidIx, u32)]) -> i128 {
        let award = &case.scenario.settings.award;
        let used = Used::by(case, &volumes.iter().copied().collect());
        let mut paid: i128 =
            used.limits.iter().filter_map(|(limit, amount)| Some(self.limits.get(limit)? * amount)).sum();
        for (bid, volume) in volumes {
            let (line, pieces) = (case.line(*bid), i128::from(*volume));
            let bidder = case.bidder(line.bidder);
            if let Some(cap) = award.share_cap.filter(|_| self.of_groups > 0) {
                let (a, b) = fraction(cap);
                let all = if award.share_base == ShareBase::Awarded { self.of_groups * a } else { 0 };
                paid += pieces * (self.groups.get(&group(bidder)).copied().unwrap_or(0) * b - all);
            }
            for (rule, price) in award.set_asides.iter().zip(&self.set_asides).filter(|(_, price)| **price > 0) {
                if within(case, &rule.scope, line.ddu) {
                    let (a, b) = fraction(rule.share);
                    paid += price * pieces * if bidder.class == rule.class { a - b } else { a };
                }
            }
            paid -= pieces * self.minimum_volumes.get(&line.bidder).copied().unwrap_or(0);
        }
        paid
    }
}
