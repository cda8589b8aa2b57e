//! Each bidder under the stand-alone award and under the chosen one.

use super::round::{LineCosts, Winners};
use crate::ids::BidderIx;
use crate::report::AwareBidder;
use crate::scenario::Scenario;
use crate::units::MicroDollars;

/// Pieces and costs of every bidder, from winners and what they cost on the routes of all of them: first and chosen.
pub(super) fn bidders(scenario: &Scenario, awards: [(&Winners, &LineCosts); 2]) -> Vec<AwareBidder> {
    let of = |(winners, lines): (&Winners, &LineCosts), bidder: BidderIx| {
        let (mut pieces, mut sums) = (0_u64, [0_i64; 2]);
        for &(bid, volume) in winners {
            if scenario.bids.get(bid.index()).map(|line| line.bidder) != Some(bidder) {
                continue;
            }
            pieces += u64::from(volume.0);
            if let Some(costs) = lines.get(&bid) {
                sums.iter_mut().zip(costs).for_each(|(sum, cost)| *sum = sum.saturating_add(cost.0));
            }
        }
        (pieces, MicroDollars(sums[0]), MicroDollars(sums[1]))
    };
    let bidder = |at: usize| {
        let bidder = BidderIx::from_index(at);
        let [(first_pieces, first_routes, first_direct), (pieces, routes, direct)] =
            awards.map(|award| of(award, bidder));
        AwareBidder {
            bidder,
            pieces: [first_pieces, pieces],
            direct: [first_direct, direct],
            routes: [first_routes, routes],
        }
    };
    (0..scenario.bidders.len()).map(bidder).collect()
}
