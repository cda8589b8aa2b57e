//! A part of the model: some offers are free, the others keep their quantity.
//!
//! The rules that touch a free offer keep the room that the fixed offers leave. Both engines, the exact search and the
//! mixed-integer solver, work on this type.

use super::model::{Linear, Model, Piece, RuleKind, Term};
use crate::ids::BidderIx;

/// What one rule means for the free offers. `Term::offer` is a position among them here.
#[derive(Clone, Debug)]
pub(crate) struct Limit {
    pub(crate) rule: usize,
    pub(crate) terms: Vec<Term>,
    /// Room the fixed offers leave; may be negative where a rule has negative terms.
    pub(crate) room: i128,
    pub(crate) millionths: bool,
    is_budget: bool,
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
        let limits = rules
            .into_iter()
            .filter_map(|index| {
                let rule = model.rules.get(index)?;
                let (mut terms, mut freed) = (Vec::new(), 0);
                for (position, &offer) in offers.iter().enumerate() {
                    if let Some(term) = rule.term_of(offer) {
                        freed += term.at(fixed.get(offer).copied().unwrap_or(0));
                        terms.push(Term { offer: position, ..*term });
                    }
                }
                let room = rule.at_most - used(index) + freed;
                let millionths = rule.kind.in_millionths();
                Some(Limit {
                    rule: index,
                    terms,
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
        let used =
            |l: &Limit| l.terms.iter().map(|t| t.at(quantities.get(t.offer).copied().unwrap_or(0))).sum::<i128>();
        self.limits.iter().enumerate().map(|(i, l)| (i, used(l) - l.room)).filter(|(_, over)| *over > 0).collect()
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
