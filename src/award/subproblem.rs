//! A part of the model: some offers are free, the others keep their quantity.
//!
//! The rules that touch a free offer keep the room that the fixed offers leave. Both engines, the exact search and the
//! mixed-integer solver, work on this type.

use super::model::{Linear, Model, Piece, Presence, Rank, RuleKind, Term};
use crate::ids::BidderIx;
use std::collections::BTreeMap;

/// Rules with larger coefficients, such as micro-dollars a piece, go to the solver divided by a million.
const MILLIONTHS_FROM: i64 = 100_000;

/// What one rule means for the free offers. `Term::offer` is a position among them here.
#[derive(Clone, Debug)]
pub(crate) struct Limit {
    pub(crate) rule: usize,
    pub(crate) terms: Vec<Term>,
    /// Presences that no fixed offer decides; positions among the free offers, ascending.
    pub(crate) presences: Vec<Presence>,
    /// Room the fixed offers leave; may be negative where a rule has negative terms.
    pub(crate) room: i128,
    pub(crate) millionths: bool,
    is_budget: bool,
}

impl Limit {
    /// Left side under quantities of the free offers.
    pub(crate) fn used(&self, quantities: &[u32]) -> i128 {
        let counted: i128 = self.terms.iter().map(|t| t.at(quantities.get(t.offer).copied().unwrap_or(0))).sum();
        counted + self.presences_at(|o| quantities.get(o).copied().unwrap_or(0) > 0)
    }

    /// What presences count when some free offers win.
    pub(crate) fn presences_at(&self, wins: impl Fn(usize) -> bool) -> i128 {
        let present = |p: &&Presence| p.offers.iter().any(|o| wins(*o));
        self.presences.iter().filter(present).map(|p| i128::from(p.weight)).sum()
    }
}

/// Left sides of all rules under an award, and how many offers of each presence win.
#[derive(Clone, Debug)]
pub(crate) struct Sides {
    used: Vec<i128>,
    winners: Vec<Vec<u32>>,
}

impl Sides {
    pub(crate) fn new(model: &Model, quantities: &[u32]) -> Self {
        let wins = |o: &&usize| quantities.get(**o).copied().unwrap_or(0) > 0;
        let count = |p: &Presence| u32::try_from(p.offers.iter().filter(wins).count()).unwrap_or(u32::MAX);
        let winners = model.rules.iter().map(|r| r.presences.iter().map(count).collect()).collect();
        Self { used: model.used(quantities), winners }
    }

    pub(crate) fn used(&self, rule: usize) -> i128 {
        self.used.get(rule).copied().unwrap_or(0)
    }

    /// Offers of a presence that win.
    pub(crate) fn winners(&self, rule: usize, presence: usize) -> u32 {
        self.winners.get(rule).and_then(|w| w.get(presence)).copied().unwrap_or(0)
    }

    /// Follows an offer from one quantity to another.
    pub(crate) fn change(&mut self, model: &Model, offer: usize, from: u32, to: u32) {
        let (own, all) = (model.rules_of(offer), model.rules_of_all());
        for &r in own.iter().chain(all.iter().filter(|r| own.binary_search(r).is_err())) {
            let (Some(rule), Some(used)) = (model.rules.get(r), self.used.get_mut(r)) else { continue };
            let effect = model.effect(rule, offer);
            *used += effect.at(to) - effect.at(from);
            if (from > 0) == (to > 0) {
                continue;
            }
            for (presence, count) in rule.presences.iter().zip(self.winners.get_mut(r).into_iter().flatten()) {
                if presence.offers.binary_search(&offer).is_err() {
                    continue;
                }
                let before = *count > 0;
                *count = if to > 0 { *count + 1 } else { count.saturating_sub(1) };
                *used += i128::from(presence.weight) * (i128::from(*count > 0) - i128::from(before));
            }
        }
    }
}

/// A rule as it binds the free offers; `None` for one that counts every piece and that they cannot break.
fn limit(
    model: &Model,
    index: usize,
    free: &BTreeMap<usize, usize>,
    most: &[u32],
    fixed: &[u32],
    sides: &Sides,
) -> Option<Limit> {
    let rule = model.rules.get(index)?;
    let quantity = |o: usize| fixed.get(o).copied().unwrap_or(0);
    let mut room = rule.at_most - sides.used(index);
    let mut add = |term: Term, position: usize, terms: &mut Vec<Term>| {
        room += term.at(quantity(term.offer));
        if term.per_win != 0 || term.per_unit != 0 {
            terms.push(Term { offer: position, ..term });
        }
    };
    let mut terms = Vec::new();
    if rule.common == 0 && rule.terms.len() < free.len() {
        for term in &rule.terms {
            if let Some(&position) = free.get(&term.offer) {
                add(*term, position, &mut terms);
            }
        }
    } else {
        for (&offer, &position) in free {
            add(model.effect(rule, offer), position, &mut terms);
        }
    }
    terms.sort_unstable_by_key(|t| t.offer);
    let mut presences = Vec::new();
    for (k, presence) in rule.presences.iter().enumerate() {
        let mut positions: Vec<usize> = if presence.offers.len() < free.len() {
            presence.offers.iter().filter_map(|o| free.get(o)).copied().collect()
        } else {
            let mine = free.iter().filter(|(o, _)| presence.offers.binary_search(o).is_ok());
            mine.map(|(_, position)| *position).collect()
        };
        positions.sort_unstable();
        let of_free = free.iter().filter(|(o, _)| quantity(**o) > 0 && presence.offers.binary_search(o).is_ok());
        let winning = u32::try_from(of_free.count()).unwrap_or(u32::MAX);
        let all = sides.winners(index, k);
        if all > winning || positions.is_empty() {
            continue;
        }
        room += if all > 0 { i128::from(presence.weight) } else { 0 };
        presences.push(Presence { offers: positions, weight: presence.weight });
    }
    let greatest = |t: &Term| t.at(most.get(t.offer).copied().unwrap_or(0)).max(0);
    if rule.common != 0 && presences.is_empty() && terms.iter().map(greatest).sum::<i128>() <= room {
        return None;
    }
    let size = |t: &Term| if t.per_unit == 0 { t.per_win.abs() } else { t.per_unit.abs() };
    let millionths = terms.iter().map(size).max().unwrap_or(0) >= MILLIONTHS_FROM;
    let is_budget = matches!(rule.kind, RuleKind::Budget(_));
    Some(Limit { rule: index, terms, presences, room, millionths, is_budget })
}

/// Free offers with the rules that bind them.
#[derive(Clone, Debug)]
pub(crate) struct Subproblem {
    /// Index of each free offer in the model.
    pub(crate) offers: Vec<usize>,
    pub(crate) bidders: Vec<BidderIx>,
    pub(crate) pieces: Vec<Vec<Piece>>,
    pub(crate) limits: Vec<Limit>,
    /// Number of tie-break scores.
    pub(crate) scores: usize,
}

impl Subproblem {
    /// Frees `offers`; all others stay as in `fixed` (0 beyond its end). Only rules that `keep` accepts are included.
    pub(crate) fn new(model: &Model, offers: Vec<usize>, fixed: &[u32], keep: impl Fn(usize) -> bool) -> Self {
        Self::within(model, offers, fixed, &Sides::new(model, fixed), keep)
    }

    /// As [`Subproblem::new`], with the left sides under `fixed` already known.
    pub(crate) fn within(
        model: &Model,
        offers: Vec<usize>,
        fixed: &[u32],
        sides: &Sides,
        keep: impl Fn(usize) -> bool,
    ) -> Self {
        let mut rules: Vec<usize> = offers.iter().flat_map(|&o| model.rules_of(o)).copied().collect();
        rules.extend(model.rules_of_all());
        rules.sort_unstable();
        rules.dedup();
        rules.retain(|r| keep(*r));
        let free: BTreeMap<usize, usize> = offers.iter().copied().zip(0..).collect();
        let most: Vec<u32> = offers.iter().map(|o| model.offers.get(*o).map_or(0, |x| x.most)).collect();
        let limits = rules.into_iter().filter_map(|r| limit(model, r, &free, &most, fixed, sides)).collect();
        let pick = |o: &usize| model.offers.get(*o);
        Self {
            bidders: offers.iter().filter_map(pick).map(|o| o.bidder).collect(),
            pieces: offers.iter().filter_map(pick).map(|o| o.pieces.clone()).collect(),
            offers,
            limits,
            scores: model.scores().end,
        }
    }

    /// Puts a free offer at another price: its pieces, and what it spends of its bidder's budget.
    pub(crate) fn reprice(&mut self, position: usize, pieces: Vec<Piece>, spend: Linear) {
        if let Some(own) = self.pieces.get_mut(position) {
            *own = pieces;
        }
        for limit in self.limits.iter_mut().filter(|l| l.is_budget) {
            for term in limit.terms.iter_mut().filter(|t| t.offer == position) {
                (term.per_win, term.per_unit) = (spend.fixed, spend.per_unit);
            }
        }
    }

    /// The same with the choice of offers and pieces already made: only quantities within them are free.
    pub(crate) fn keeping(&self, quantities: &[u32]) -> Self {
        let mut chosen = self.clone();
        for (pieces, &quantity) in chosen.pieces.iter_mut().zip(quantities) {
            pieces.retain(|p| quantity > 0 && (p.lo..=p.hi).contains(&quantity));
        }
        chosen
    }

    pub(crate) fn piece_at(&self, position: usize, quantity: u32) -> Option<&Piece> {
        self.pieces.get(position)?.iter().find(|p| (p.lo..=p.hi).contains(&quantity))
    }

    /// Exact value and scores of quantities; `None` when one lies outside its offer's pieces.
    pub(crate) fn rank(&self, quantities: &[u32]) -> Option<Rank> {
        let mut rank = Rank { value: 0, scores: vec![0; self.scores] };
        for (position, &q) in quantities.iter().enumerate().filter(|(_, q)| **q > 0) {
            rank.add(self.piece_at(position, q)?, q);
        }
        Some(rank)
    }

    /// Limits that quantities break, with by how much.
    pub(crate) fn broken(&self, quantities: &[u32]) -> Vec<(usize, i128)> {
        let over = |l: &Limit| l.used(quantities) - l.room;
        self.limits.iter().enumerate().map(|(i, l)| (i, over(l))).filter(|(_, over)| *over > 0).collect()
    }

    /// Sum of the greatest values: a bound that needs no solver.
    pub(crate) fn trivial_bound(&self) -> i128 {
        self.pieces.iter().map(|ps| ps.iter().map(Piece::best_value).max().unwrap_or(0).max(0)).sum()
    }
}
