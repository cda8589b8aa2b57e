//! Combinatorial auctions in the text format of CATS (Leyton-Brown, Pearson, Shoham, EC 2000), solved by the engine of
//! the award: a good is a unit that takes one bid, a dummy good makes its bids exclude each other.

mod read;

pub use read::{CatsAuction, CatsBid, CatsDefect};

use super::mip::Limits;
use super::model::{Linear, Model, Offer, Piece, Rule, RuleKind, Term};
use super::outcome::Status;
use super::solve::{Plan, solve};
use super::{AwardError, EXACT_OFFERS};
use crate::ids::{BidIx, BidderIx, DduIx};
use crate::progress::Progress;
use std::collections::BTreeMap;

/// Which bids of a CATS auction win.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatsAward {
    /// Positions of the winning bids, ascending.
    pub winners: Vec<usize>,
    /// Sum of their values, in the auction's unit.
    pub value: i128,
    /// No set of compatible bids is worth more, in the auction's unit.
    pub bound: i128,
    /// How far the award is proven.
    pub status: Status,
    /// The user stopped the search.
    pub interrupted: bool,
}

/// Determines the winners of a CATS auction, to the last unit.
///
/// `node_limit` and `time_limit_s` as in the award's settings.
///
/// # Errors
/// [`AwardError`]: values out of range, or a failing solver.
pub fn award_cats(
    auction: &CatsAuction,
    node_limit: Option<u32>,
    time_limit_s: Option<u32>,
    progress: &dyn Progress,
) -> Result<CatsAward, AwardError> {
    let plan = Plan {
        limits: Limits { nodes: node_limit, seconds: time_limit_s, gap_ppm: 0 },
        criteria: &[],
        ties: false,
        exact_offers: EXACT_OFFERS,
        assumed: &[],
        start: &[],
    };
    let scale = scale(auction);
    let solution = solve(&model(auction, scale), &plan, progress)?.ok_or(AwardError::NothingFound)?;
    let wins = |(bid, quantity): (usize, &u32)| (*quantity > 0).then_some(bid);
    let scale = i128::from(scale);
    // Values are whole units, so a bound within the next one is a proof.
    let (value, bound) = (solution.value / scale, solution.bound.div_euclid(scale));
    let award = CatsAward {
        winners: solution.quantities.iter().enumerate().filter_map(wins).collect(),
        value,
        bound,
        status: if bound == value { Status::Optimal } else { Status::GapLimit },
        interrupted: solution.interrupted,
    };
    let gap = award.bound - award.value;
    progress.finish(&format!("{} of {} bids win, gap {gap}", award.winners.len(), auction.bids.len()));
    Ok(award)
}

/// What the engine's micro-dollars are made of a unit: as many as sums allow, so that its numerical tolerance is less.
fn scale(auction: &CatsAuction) -> i64 {
    let sum: i128 = auction.bids.iter().map(|bid| i128::from(bid.value)).sum();
    (0..=6).rev().map(|digits| 10_i64.pow(digits)).find(|scale| sum * i128::from(*scale) < 1 << 52).unwrap_or(1)
}

fn model(auction: &CatsAuction, scale: i64) -> Model {
    let mut offers = Vec::with_capacity(auction.bids.len());
    let mut takers: BTreeMap<u32, Vec<Term>> = BTreeMap::new();
    for (index, bid) in auction.bids.iter().enumerate() {
        for good in &bid.goods {
            takers.entry(*good).or_default().push(Term { offer: index, per_win: 1, per_unit: 0 });
        }
        let value = Linear { fixed: bid.value.saturating_mul(scale), per_unit: 0 };
        offers.push(Offer {
            bids: vec![BidIx::from_index(index)],
            bidder: BidderIx::from_index(index),
            is_package: true,
            ddus: bid.goods.iter().filter(|good| **good < auction.goods).map(|good| DduIx(*good)).collect(),
            pieces: vec![Piece { lo: 1, hi: 1, value, scores: Vec::new() }],
        });
    }
    let rule = |(good, terms): (u32, Vec<Term>)| {
        let dummy = good >= auction.goods;
        let kind = if dummy { RuleKind::Xor(BidderIx(0), good.to_string()) } else { RuleKind::Capacity(DduIx(good)) };
        (terms.len() > 1).then_some(Rule { kind, terms, presences: Vec::new(), at_most: 1 })
    };
    Model::new(offers, takers.into_iter().filter_map(rule).collect())
}
