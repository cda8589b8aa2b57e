//! Splits the model into parts that share no rule.

use super::disjoint::Disjoint;
use super::model::Model;

/// Offers that rules in force tie together, each ascending; parts in order of their first offer. Offers that cannot win
/// at their price belong to none.
pub(crate) fn components(model: &Model, in_force: &[bool]) -> Vec<Vec<usize>> {
    let count = model.offers.len();
    let mut tied = Disjoint::new(count);
    let can_win = |o: usize| model.offers.get(o).is_some_and(|x| !x.pieces.is_empty());
    for (rule, _) in model.rules.iter().zip(in_force).filter(|(_, on)| **on) {
        let everyone = if rule.common == 0 { 0..0 } else { 0..count };
        let mut members = rule.offers().chain(everyone).filter(|o| can_win(*o));
        let Some(first) = members.next() else { continue };
        members.for_each(|other| tied.join(first, other));
    }
    let mut parts: Vec<Vec<usize>> = vec![Vec::new(); count];
    for offer in (0..count).filter(|o| can_win(*o)) {
        parts[tied.least(offer)].push(offer);
    }
    parts.retain(|p| !p.is_empty());
    parts
}
