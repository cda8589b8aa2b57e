//! Splits the model into parts that share no rule.

use super::model::Model;

/// Offers that rules in force tie together, each ascending; parts in order of their first offer. Offers that cannot win
/// at their price belong to none.
pub(crate) fn components(model: &Model, in_force: &[bool]) -> Vec<Vec<usize>> {
    let mut parent: Vec<usize> = (0..model.offers.len()).collect();
    let can_win = |o: usize| model.offers.get(o).is_some_and(|x| !x.pieces.is_empty());
    for (rule, _) in model.rules.iter().zip(in_force).filter(|(_, on)| **on) {
        let everyone = if rule.common == 0 { 0..0 } else { 0..model.offers.len() };
        let mut members = rule.offers().chain(everyone).filter(|o| can_win(*o));
        let Some(first) = members.next() else { continue };
        for other in members {
            let (a, b) = (root(&mut parent, first), root(&mut parent, other));
            parent[a.max(b)] = a.min(b);
        }
    }
    let mut parts: Vec<Vec<usize>> = vec![Vec::new(); parent.len()];
    for offer in (0..parent.len()).filter(|o| can_win(*o)) {
        let top = root(&mut parent, offer);
        parts[top].push(offer);
    }
    parts.retain(|p| !p.is_empty());
    parts
}

/// Root of an offer's tree, with path halving. Indices come from `0..parent.len()`.
fn root(parent: &mut [usize], mut offer: usize) -> usize {
    while parent[offer] != offer {
        parent[offer] = parent[parent[offer]];
        offer = parent[offer];
    }
    offer
}
