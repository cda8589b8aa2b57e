//! Combinatorial auctions in the text format of CATS (Leyton-Brown, Pearson, Shoham, EC 2000), solved by the engine of
//! the award: a good is a unit that takes one bid, a dummy good makes its bids exclude each other. Bids that share a
//! dummy good are of one bidder, directly or by way of others; every other bid is a bidder of its own.

mod bidders;
mod read;

pub use read::{CatsAuction, CatsBid, CatsDefect};

use super::mip::Limits;
use super::model::{Linear, Model, Offer, Piece, Rule, RuleKind, Term};
use super::outcome::Status;
use super::payments::{BidderPayment, payments};
use super::solve::{Plan, solve};
use super::{AwardError, EXACT_OFFERS};
use crate::ids::{BidIx, BidderIx, DduIx};
use crate::progress::Progress;
use crate::scenario::PaymentRule;
use crate::solver::Stop;
use crate::units::MicroDollars;
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
    /// What winning bidders would pay, where that was asked for; ascending by their first bid.
    pub payments: Vec<CatsPayment>,
    /// Payments are multiples of `10^-payment_decimals`.
    pub payment_decimals: u32,
}

/// What a winning bidder of a CATS auction would pay under other rules than what it bids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatsPayment {
    /// Position of the bidder's first bid.
    pub bidder: usize,
    /// Positions of its winning bids, ascending.
    pub winners: Vec<usize>,
    /// VCG payment; none where a limit ended the search for an award without it.
    pub vcg: Option<i128>,
    /// The true VCG payment differs by at most this.
    pub uncertainty: Option<i128>,
    /// Core payment of least revenue nearest to VCG; none unless asked for.
    pub core: Option<i128>,
}

/// Determines the winners of a CATS auction, to the last unit.
///
/// `node_limit`, `time_limit_s` and `rule` as in the award's settings.
///
/// # Errors
/// [`AwardError`]: values out of range, a failing solver, or a stop before any award was found.
pub fn award_cats(
    auction: &CatsAuction,
    node_limit: Option<u32>,
    time_limit_s: Option<u32>,
    rule: PaymentRule,
    progress: &dyn Progress,
) -> Result<CatsAward, AwardError> {
    let plan = Plan {
        limits: Limits { nodes: node_limit, seconds: time_limit_s, gap_ppm: 0, stop: Stop::when(progress) },
        criteria: &[],
        ties: false,
        exact_offers: EXACT_OFFERS,
        // Few bids and dense packages: no unit by itself says much.
        dual_offers: usize::MAX,
        assumed: &[],
        start: &[],
    };
    let micros = scale(auction);
    let model = model(auction, micros);
    let solution = solve(&model, &plan, progress)?.ok_or(AwardError::NothingFound)?;
    let wins = |(bid, quantity): (usize, &u32)| (*quantity > 0).then_some(bid);
    let winners: Vec<usize> = solution.quantities.iter().enumerate().filter_map(wins).collect();
    let scale = i128::from(micros);
    // Values are whole units, so a bound within the next one is a proof.
    let (value, bound) = (solution.value / scale, solution.bound.div_euclid(scale));
    let award = CatsAward {
        winners,
        value,
        bound,
        status: if bound == value { Status::Optimal } else { Status::GapLimit },
        interrupted: solution.interrupted,
        payments: Vec::new(),
        payment_decimals: auction.decimals.saturating_add(micros.ilog10()),
    };
    let gap = award.bound - award.value;
    progress.finish(&format!("{} of {} bids win, gap {gap}", award.winners.len(), auction.bids.len()));
    if award.interrupted {
        return Ok(award);
    }
    let plan = Plan { start: &solution.quantities, ..plan };
    let found = match payments(&model, &solution, &plan, rule, micros, progress) {
        // Payments are worked out wholly or left out.
        _ if progress.cancelled() => return Ok(CatsAward { interrupted: rule != PaymentRule::None, ..award }),
        found => found?.map(|found| found.bidders).unwrap_or_default(),
    };
    let payments = found.iter().map(|paid| payment(auction, &model, &award.winners, scale, paid)).collect();
    Ok(CatsAward { payments, ..award })
}

/// Discounts as payments, of a bidder's winning bids together.
fn payment(auction: &CatsAuction, model: &Model, winners: &[usize], scale: i128, found: &BidderPayment) -> CatsPayment {
    let own = |bid: &&usize| model.offers.get(**bid).is_some_and(|offer| offer.bidder == found.bidder);
    let winners: Vec<usize> = winners.iter().filter(own).copied().collect();
    let bids = winners.iter().filter_map(|bid| auction.bids.get(*bid));
    let spend = bids.map(|bid| i128::from(bid.value)).sum::<i128>() * scale;
    let paid = |discount: Option<MicroDollars>| discount.map(|d| spend - i128::from(d.0));
    CatsPayment {
        bidder: found.bidder.index(),
        winners,
        vcg: paid(found.vcg),
        uncertainty: found.uncertainty.map(|u| i128::from(u.0)),
        core: paid(found.core),
    }
}

/// What the engine's micro-dollars are made of a unit: as many as sums allow, so that its numerical tolerance is less.
fn scale(auction: &CatsAuction) -> i64 {
    let sum: i128 = auction.bids.iter().map(|bid| i128::from(bid.value)).sum();
    (0..=6).rev().map(|digits| 10_i64.pow(digits)).find(|scale| sum * i128::from(*scale) < 1 << 52).unwrap_or(1)
}

fn model(auction: &CatsAuction, scale: i64) -> Model {
    let bidders = bidders::bidders(auction);
    let mut offers = Vec::with_capacity(auction.bids.len());
    let mut takers: BTreeMap<u32, Vec<Term>> = BTreeMap::new();
    for (index, bid) in auction.bids.iter().enumerate() {
        for good in &bid.goods {
            takers.entry(*good).or_default().push(Term { offer: index, per_win: 1, per_unit: 0 });
        }
        let value = Linear { fixed: bid.value.saturating_mul(scale), per_unit: 0 };
        let ddus: Vec<DduIx> =
            bid.goods.iter().filter(|good| **good < auction.goods).map(|good| DduIx(*good)).collect();
        offers.push(Offer {
            bids: vec![BidIx::from_index(index)],
            bidder: BidderIx::from_index(bidders.get(index).copied().unwrap_or(index)),
            is_package: true,
            volumes: vec![1; ddus.len()],
            most: 1,
            ddus,
            pieces: vec![Piece { lo: 1, hi: 1, value, scores: Vec::new() }],
        });
    }
    let rule = |(good, terms): (u32, Vec<Term>)| {
        let dummy = good >= auction.goods;
        let kind = if dummy { RuleKind::Xor(BidderIx(0), good.to_string()) } else { RuleKind::Capacity(DduIx(good)) };
        (terms.len() > 1).then_some(Rule { kind, terms, common: 0, presences: Vec::new(), at_most: 1 })
    };
    Model::new(offers, takers.into_iter().filter_map(rule).collect())
}
