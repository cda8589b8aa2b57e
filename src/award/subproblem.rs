//! A part of the model: some offers are free, the others keep their quantity.
//!
//! The rules that touch a free offer keep the room that the fixed offers leave. Both engines, the exact search and the
//! mixed-integer solver, work on this type.

use super::model::{Linear, Model, Piece, Presence, Rule, RuleKind, Term};
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

/// Presences that the fixed offers leave open, by position of the free ones, and what those of them count now.
fn undecided(rule: &Rule, free: &BTreeMap<usize, usize>, fixed: &[u32]) -> (Vec<Presence>, i128) {
    let wins = |o: &usize| fixed.get(*o).copied().unwrap_or(0) > 0;
    let (mut open, mut counted) = (Vec::new(), 0);
    for presence in &rule.presences {
        let mut positions = Vec::new();
        let (mut decided, mut now) = (false, false);
        for offer in &presence.offers {
            match free.get(offer) {
                Some(&position) => {
                    positions.push(position);
                    now |= wins(offer);
                }
                None => decided |= wins(offer),
            }
        }
        if !decided && !positions.is_empty() {
            positions.sort_unstable();
            counted += if now { i128::from(presence.weight) } else { 0 };
            open.push(Presence { offers: positions, weight: presence.weight });
        }
    }
    (open, counted)
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
        Self::within(model, offers, fixed, |r| model.rules.get(r).map_or(0, |rule| rule.used(fixed)), keep)
    }

    /// As [`Subproblem::new`], with the left side of each rule under `fixed` already known.
    pub(crate) fn within(
        model: &Model,
        offers: Vec<usize>,
        fixed: &[u32],
        used: impl Fn(usize) -> i128,
        keep: impl Fn(usize) -> bool,
    ) -> Self {
        let mut rules: Vec<usize> =
            offers.iter().flat_map(|&o| model.rules_of(o)).copied().filter(|&r| keep(r)).collect();
        rules.sort_unstable();
        rules.dedup();
        let free: BTreeMap<usize, usize> = offers.iter().copied().zip(0..).collect();
        let limits = rules
            .into_iter()
            .filter_map(|index| {
                let rule = model.rules.get(index)?;
                let (presences, mut freed) = undecided(rule, &free, fixed);
                let mut terms = Vec::new();
                for (position, &offer) in offers.iter().enumerate() {
                    if let Some(term) = rule.term_of(offer) {
                        freed += term.at(fixed.get(offer).copied().unwrap_or(0));
                        terms.push(Term { offer: position, ..*term });
                    }
                }
                let room = rule.at_most - used(index) + freed;
                let size = |t: &Term| if t.per_unit == 0 { t.per_win.abs() } else { t.per_unit.abs() };
                let millionths = terms.iter().map(size).max().unwrap_or(0) >= MILLIONTHS_FROM;
                Some(Limit {
                    rule: index,
                    terms,
                    presences,
                    room,
                    millionths,
                    is_budget: matches!(rule.kind, RuleKind::Budget(_)),
                })
            })
            .collect();
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

/// Awards compare by value, then by the scores in order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    pub(crate) value: i128,
    pub(crate) scores: Vec<i128>,
}

impl Rank {
    pub(crate) fn add(&mut self, piece: &Piece, quantity: u32) {
        self.value += piece.value.at(quantity);
        for (sum, score) in self.scores.iter_mut().zip(&piece.scores) {
            *sum += score.at(quantity);
        }
    }
}
