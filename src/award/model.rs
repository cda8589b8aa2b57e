//! The award as one declarative integer model.
//!
//! An *offer* is what wins or loses as a whole: a bid line with a quantity within its pieces, or a package with quantity 1.
//! A *rule* bounds `Σ per_win·[won] + per_unit·quantity + Σ weight·[any of some offers won]` from above; what must be
//! reached is bounded from above with negative signs. An award is a quantity per offer, 0 if it loses.
//! The solver's model, the exact search and the exact evaluation are all derived from these types; there is no second
//! statement of a rule.

use crate::ids::{BidIx, BidderIx, DduIx, HubIx};
use crate::scenario::{Scenario, Scope, Service};
use std::ops::Range;

/// `fixed + per_unit × quantity`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Linear {
    pub(crate) fixed: i64,
    pub(crate) per_unit: i64,
}

impl Linear {
    pub(crate) fn at(self, quantity: u32) -> i128 {
        i128::from(self.fixed) + i128::from(self.per_unit) * i128::from(quantity)
    }
}

/// Quantities `lo..=hi` on which the value and all tie-break scores are linear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) lo: u32,
    pub(crate) hi: u32,
    /// Micro-dollars under the objective.
    pub(crate) value: Linear,
    /// Scores of the separable tie-break criteria, in order, and of the draw; more is better.
    pub(crate) scores: Vec<Linear>,
}

impl Piece {
    /// Greatest value on the piece.
    pub(crate) fn best_value(&self) -> i128 {
        self.value.at(self.lo).max(self.value.at(self.hi))
    }
}

/// What wins or loses as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    /// One line, or all lines of a package.
    pub(crate) bids: Vec<BidIx>,
    pub(crate) bidder: BidderIx,
    pub(crate) is_package: bool,
    /// Units of its lines, ascending, each once.
    pub(crate) ddus: Vec<DduIx>,
    /// Pieces it brings to each of `ddus`, at quantity 1.
    pub(crate) volumes: Vec<u32>,
    /// Greatest quantity it may win at any price.
    pub(crate) most: u32,
    /// Disjoint, ascending; empty when no quantity may win at its price.
    pub(crate) pieces: Vec<Piece>,
}

impl Offer {
    pub(crate) fn piece_at(&self, quantity: u32) -> Option<&Piece> {
        self.pieces.iter().find(|p| (p.lo..=p.hi).contains(&quantity))
    }

    /// Pieces by quantity, over all its units.
    pub(crate) fn size(&self) -> Linear {
        let pieces = self.volumes.iter().map(|v| i64::from(*v)).sum();
        if self.is_package { Linear { fixed: pieces, per_unit: 0 } } else { Linear { fixed: 0, per_unit: pieces } }
    }

    /// Greatest value any quantity has; 0 when none may win.
    pub(crate) fn best_value(&self) -> i128 {
        self.pieces.iter().map(Piece::best_value).max().unwrap_or(0).max(0)
    }
}

/// Which rule it is, with whom it concerns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RuleKind {
    Forced(BidIx),
    Tiers(BidderIx, String),
    Xor(BidderIx, String),
    OneAward(BidderIx, DduIx, Service),
    BidderCapacity(BidderIx),
    Budget(BidderIx),
    ShareCap(String),
    MinimumVolume(BidderIx),
    MinimumWinners(Scope, u32),
    SetAside(Scope, String),
    HubCapacity(HubIx),
    DockSlots(DduIx, u32),
    Capacity(DduIx),
    /// No rule of an award: what a bidder costs a coalition that takes it in ([`super::payments`]).
    Fee(BidderIx),
}

impl RuleKind {
    /// True for rules that span units far apart; they are left out until an award breaks them.
    pub(crate) const fn is_wide(&self) -> bool {
        match self {
            Self::BidderCapacity(_)
            | Self::Budget(_)
            | Self::ShareCap(_)
            | Self::HubCapacity(_)
            | Self::Fee(_)
            | Self::MinimumVolume(_) => true,
            Self::MinimumWinners(scope, _) | Self::SetAside(scope, _) => !matches!(scope, Scope::Ddu(_)),
            _ => false,
        }
    }

    /// The rule as the user wrote it: table or setting, and the row.
    pub(crate) fn name(&self, scenario: &Scenario) -> String {
        let bidder = |b: &BidderIx| scenario.bidders.get(b.index()).map_or("?", |x| x.id.as_str()).to_owned();
        let ddu = |d: &DduIx| scenario.ddus.get(d.index()).map_or("?", |x| x.id.as_str()).to_owned();
        let within = |scope: &Scope| match scope {
            Scope::All => String::new(),
            Scope::Region(region) => format!(" in region {region}"),
            Scope::Ddu(d) => format!(" at {}", ddu(d)),
        };
        match self {
            Self::Forced(b) => {
                format!("overrides: force {}", scenario.bids.get(b.index()).map_or("?", |x| x.id.as_str()))
            }
            Self::Tiers(b, group) => format!("bids.tier_group {group} of bidder {}", bidder(b)),
            Self::MinimumVolume(b) => format!("bidders.min_volume_pieces of {}", bidder(b)),
            Self::MinimumWinners(scope, least) => format!("award.minimum_winners {least}{}", within(scope)),
            Self::SetAside(scope, class) => format!("award.set_aside for {class}{}", within(scope)),
            Self::Xor(b, group) => format!("bids.xor_group {group} of bidder {}", bidder(b)),
            Self::OneAward(b, d, s) => format!("one {} award of bidder {} at {}", s.word(), bidder(b), ddu(d)),
            Self::BidderCapacity(b) => format!("bidders.capacity_pieces of {}", bidder(b)),
            Self::Budget(b) => format!("bidders.budget of {}", bidder(b)),
            Self::ShareCap(group) => format!("award.share_cap on {group}"),
            Self::HubCapacity(h) => {
                format!("hubs.capacity_pieces of {}", scenario.hubs.get(h.index()).map_or("?", |x| x.id.as_str()))
            }
            Self::DockSlots(d, window) => format!("ddus.dock_slots of {} in window {}", ddu(d), window + 1),
            Self::Fee(b) => format!("discount of {}", bidder(b)),
            Self::Capacity(d) => format!("ddus.capacity_pieces of {}", ddu(d)),
        }
    }
}

/// What an offer adds to the left side of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    pub(crate) offer: usize,
    pub(crate) per_win: i64,
    pub(crate) per_unit: i64,
}

impl Term {
    pub(crate) fn at(&self, quantity: u32) -> i128 {
        if quantity == 0 { 0 } else { i128::from(self.per_win) + i128::from(self.per_unit) * i128::from(quantity) }
    }
}

/// Counts `weight` once when any of some offers wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Presence {
    /// Ascending.
    pub(crate) offers: Vec<usize>,
    pub(crate) weight: i64,
}

/// `Σ terms + common·all pieces + Σ presences ≤ at_most`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) kind: RuleKind,
    /// One per offer, ascending by offer.
    pub(crate) terms: Vec<Term>,
    /// What every piece of every offer counts besides its term. Shares of the award need it: spelled out as terms, one rule
    /// a bidder over all offers would be most of the model.
    pub(crate) common: i64,
    pub(crate) presences: Vec<Presence>,
    pub(crate) at_most: i128,
}

impl Rule {
    pub(crate) fn term_of(&self, offer: usize) -> Option<&Term> {
        self.terms.binary_search_by_key(&offer, |t| t.offer).ok().and_then(|i| self.terms.get(i))
    }

    /// Left side under an award that brings `pieces` in all.
    pub(crate) fn used(&self, quantities: &[u32], pieces: i128) -> i128 {
        let quantity = |o: usize| quantities.get(o).copied().unwrap_or(0);
        let present = |p: &&Presence| p.offers.iter().any(|o| quantity(*o) > 0);
        self.terms.iter().map(|t| t.at(quantity(t.offer))).sum::<i128>()
            + i128::from(self.common) * pieces
            + self.presences.iter().filter(present).map(|p| i128::from(p.weight)).sum::<i128>()
    }

    /// All that an offer adds as it wins and by quantity, presences apart.
    pub(crate) fn effect(&self, offer: usize, size: Linear) -> Term {
        let term = self.term_of(offer).copied().unwrap_or(Term { offer, per_win: 0, per_unit: 0 });
        Term {
            offer,
            per_win: term.per_win.saturating_add(self.common.saturating_mul(size.fixed)),
            per_unit: term.per_unit.saturating_add(self.common.saturating_mul(size.per_unit)),
        }
    }

    /// Offers with a term or a presence, with repetitions.
    pub(crate) fn offers(&self) -> impl Iterator<Item = usize> + '_ {
        self.terms.iter().map(|t| t.offer).chain(self.presences.iter().flat_map(|p| p.offers.iter().copied()))
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

/// All offers and rules.
#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    pub(crate) offers: Vec<Offer>,
    pub(crate) rules: Vec<Rule>,
    /// Rules that hold a term or presence of the offer, ascending.
    rules_of: Vec<Vec<usize>>,
    /// Rules that count every piece, ascending.
    of_all: Vec<usize>,
    /// Number of scores a piece carries.
    scores: usize,
}

impl Model {
    /// The same rules, where no bid of some bidders may win.
    pub(crate) fn without(&self, out: impl Fn(BidderIx) -> bool) -> Self {
        let mut offers = self.offers.clone();
        for offer in offers.iter_mut().filter(|offer| out(offer.bidder)) {
            offer.pieces.clear();
        }
        Self::new(offers, self.rules.clone())
    }

    pub(crate) fn new(offers: Vec<Offer>, rules: Vec<Rule>) -> Self {
        let mut rules_of = vec![Vec::new(); offers.len()];
        for (index, rule) in rules.iter().enumerate() {
            for offer in rule.offers() {
                if let Some(list) = rules_of.get_mut(offer).filter(|list| list.last() != Some(&index)) {
                    list.push(index);
                }
            }
        }
        let of_all = (0..rules.len()).filter(|r| rules[*r].common != 0).collect();
        let scores = offers.iter().flat_map(|o| &o.pieces).map(|p| p.scores.len()).max().unwrap_or(0);
        Self { offers, rules, rules_of, of_all, scores }
    }

    /// Rules that count every piece of every offer, ascending.
    pub(crate) fn rules_of_all(&self) -> &[usize] {
        &self.of_all
    }

    /// What an offer adds to a rule as it wins and by quantity, presences apart.
    pub(crate) fn effect(&self, rule: &Rule, offer: usize) -> Term {
        rule.effect(offer, self.offers.get(offer).map(Offer::size).unwrap_or_default())
    }

    /// Pieces of an award.
    fn pieces(&self, quantities: &[u32]) -> i128 {
        if self.of_all.is_empty() {
            return 0;
        }
        self.offers.iter().zip(quantities).filter(|(_, q)| **q > 0).map(|(o, q)| o.size().at(*q)).sum()
    }

    /// Left side of each rule under an award.
    pub(crate) fn used(&self, quantities: &[u32]) -> Vec<i128> {
        let pieces = self.pieces(quantities);
        self.rules.iter().map(|r| r.used(quantities, pieces)).collect()
    }

    pub(crate) fn rules_of(&self, offer: usize) -> &[usize] {
        self.rules_of.get(offer).map_or(&[], Vec::as_slice)
    }

    /// Number of scores a piece carries.
    pub(crate) fn scores(&self) -> Range<usize> {
        0..self.scores
    }

    /// Exact objective in micro-dollars; `None` when a quantity lies outside its offer's pieces.
    pub(crate) fn value(&self, quantities: &[u32]) -> Option<i128> {
        self.offers.iter().zip(quantities).try_fold(0_i128, |sum, (offer, &q)| {
            if q == 0 { Some(sum) } else { offer.piece_at(q).map(|p| sum + p.value.at(q)) }
        })
    }

    /// Exact value and scores of some offers under an award; quantities outside their pieces count for nothing.
    pub(crate) fn rank(&self, offers: &[usize], quantities: &[u32]) -> Rank {
        let mut rank = Rank { value: 0, scores: vec![0; self.scores().end] };
        for &offer in offers {
            let quantity = quantities.get(offer).copied().unwrap_or(0);
            if let Some(piece) = self.offers.get(offer).and_then(|o| o.piece_at(quantity)) {
                rank.add(piece, quantity);
            }
        }
        rank
    }

    /// Rules that an award breaks, ascending.
    pub(crate) fn broken(&self, quantities: &[u32]) -> Vec<usize> {
        let used = self.used(quantities);
        let broken = |(i, (r, u)): (usize, (&Rule, i128))| (u > r.at_most).then_some(i);
        self.rules.iter().zip(used).enumerate().filter_map(broken).collect()
    }
}
