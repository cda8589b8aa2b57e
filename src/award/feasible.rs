//! Making an award obey the rules without a search: taking out what breaks them, and adding what still fits.
//!
//! Rules newly in force get a start this way, and an award whose search the user stopped what is left for the taking.
//! Both are greedy by value; ties go to the lower offer. Left sides of all rules are kept up to date ([`Sides`]), so a step
//! costs the rules of one offer and a look at all rules.

use super::model::{Model, Piece, Rule};
use super::subproblem::Sides;

/// Takes the least valuable offer of a broken rule out until none is broken, or none is left that counts against it.
pub(super) fn drop_until_feasible(model: &Model, quantities: &mut [u32]) {
    let mut sides = Sides::new(model, quantities);
    // No rule before this one is broken.
    let mut at = 0;
    while let Some(rule) = model.rules.get(at) {
        if sides.used(at) <= rule.at_most {
            at += 1;
            continue;
        }
        let value = |o: usize| model.offers.get(o)?.piece_at(quantities[o]).map(|p| p.value.at(quantities[o]));
        let adds = |o: &usize| quantities[*o] > 0 && model.effect(rule, *o).at(quantities[*o]) > 0;
        let everyone = if rule.common > 0 { 0..model.offers.len() } else { 0..0 };
        let counted = rule.terms.iter().map(|t| t.offer).chain(everyone).filter(adds);
        let present = rule.presences.iter().filter(|p| p.weight > 0).flat_map(|p| p.offers.iter().copied());
        let losers = counted.chain(present.filter(|o| quantities[*o] > 0));
        let Some(worst) = losers.min_by_key(|o| (value(*o), *o)) else { return };
        sides.change(model, worst, quantities[worst], 0);
        quantities[worst] = 0;
        let touched = model.rules_of(worst).iter().chain(model.rules_of_all()).copied();
        let newly = touched.filter(|r| *r < at && sides.used(*r) > model.rules[*r].at_most).min();
        at = newly.unwrap_or(at);
    }
}

/// The award without what breaks rules and with what still fits beside it. Where rules compare sums, such as shares of the
/// award, little fits beside little; so an award that is empty or breaks rules is also filled without those rules first, and
/// the better one is taken.
pub(super) fn filled(model: &Model, given: &[u32]) -> Vec<u32> {
    let settled = |mut quantities: Vec<u32>| {
        drop_until_feasible(model, &mut quantities);
        fill(model, &mut quantities, |_| true);
        quantities
    };
    let beside = settled(given.to_vec());
    if given.iter().any(|q| *q > 0) && model.broken(given).is_empty() {
        return beside;
    }
    let mut freely = given.to_vec();
    fill(model, &mut freely, only_limits);
    let freely = settled(freely);
    let worth = |q: &[u32]| model.value(q).filter(|_| model.broken(q).is_empty());
    if worth(&freely) > worth(&beside) { freely } else { beside }
}

/// True for rules that awards can only use up.
fn only_limits(rule: &Rule) -> bool {
    rule.common == 0 && rule.presences.is_empty() && rule.terms.iter().all(|t| t.per_win >= 0 && t.per_unit >= 0)
}

/// Adds losing offers, the most valuable first, with the greatest quantity of their best piece that the rules leave room for.
fn fill(model: &Model, quantities: &mut [u32], heeded: impl Fn(&Rule) -> bool) {
    let mut sides = Sides::new(model, quantities);
    let heeded: Vec<bool> = model.rules.iter().map(heeded).collect();
    let mut order: Vec<usize> = (0..model.offers.len()).filter(|o| quantities[*o] == 0).collect();
    order.retain(|o| model.offers[*o].best_value() > 0);
    order.sort_by_key(|o| (std::cmp::Reverse(model.offers[*o].best_value()), *o));
    for offer in order {
        let mut pieces: Vec<&Piece> = model.offers[offer].pieces.iter().collect();
        pieces.sort_by_key(|p| std::cmp::Reverse(p.best_value()));
        if let Some(quantity) = pieces.into_iter().find_map(|p| room_for(model, &sides, &heeded, offer, p)) {
            sides.change(model, offer, 0, quantity);
            quantities[offer] = quantity;
        }
    }
}

/// The greatest quantity of a piece, worth more than nothing, that breaks no heeded rule beside the award.
fn room_for(model: &Model, sides: &Sides, heeded: &[bool], offer: usize, piece: &Piece) -> Option<u32> {
    let own = model.rules_of(offer);
    let all = model.rules_of_all().iter().filter(|r| own.binary_search(r).is_err());
    let rules: Vec<usize> = own.iter().chain(all).copied().filter(|r| heeded[*r]).collect();
    let first = |r: usize| -> i128 {
        let joins = model.rules[r].presences.iter().enumerate();
        let joins = joins.filter(|(k, p)| sides.winners(r, *k) == 0 && p.offers.binary_search(&offer).is_ok());
        joins.map(|(_, p)| i128::from(p.weight)).sum()
    };
    let mut quantity = i128::from(if piece.value.per_unit > 0 { piece.hi } else { piece.lo });
    for &r in &rules {
        let effect = model.effect(&model.rules[r], offer);
        if effect.per_unit > 0 {
            let room = model.rules[r].at_most - sides.used(r) - i128::from(effect.per_win) - first(r);
            quantity = quantity.min(room.div_euclid(i128::from(effect.per_unit)));
        }
    }
    let quantity = u32::try_from(quantity).ok().filter(|q| (piece.lo..=piece.hi).contains(q))?;
    let fits = |r: &usize| {
        let added = model.effect(&model.rules[*r], offer).at(quantity) + first(*r);
        added <= 0 || sides.used(*r) + added <= model.rules[*r].at_most
    };
    (piece.value.at(quantity) > 0 && rules.iter().all(fits)).then_some(quantity)
}
