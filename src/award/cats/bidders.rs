//! Which bids are of one bidder.

use super::CatsAuction;
use crate::award::disjoint::Disjoint;
use std::collections::BTreeMap;

/// The first bid of each bid's bidder, by position.
pub(super) fn bidders(auction: &CatsAuction) -> Vec<usize> {
    let mut same = Disjoint::new(auction.bids.len());
    let mut of_dummy: BTreeMap<u32, usize> = BTreeMap::new();
    for (bid, goods) in auction.bids.iter().map(|bid| &bid.goods).enumerate() {
        for dummy in goods.iter().filter(|good| **good >= auction.goods) {
            same.join(bid, *of_dummy.entry(*dummy).or_insert(bid));
        }
    }
    (0..auction.bids.len()).map(|bid| same.least(bid)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::award::CatsBid;

    #[test]
    fn bids_that_share_dummy_goods_are_of_one_bidder() {
        let goods = [&[0][..], &[0, 3], &[1, 4], &[1, 3, 4], &[2], &[2, 5]];
        let bid = |(id, goods): (u64, &&[u32])| CatsBid { id, value: 1, goods: goods.to_vec() };
        let bids = (0..).zip(&goods).map(bid).collect();
        let auction = CatsAuction { goods: 3, dummies: 3, decimals: 0, bids };
        assert_eq!(bidders(&auction), [0, 1, 1, 1, 4, 5]);
    }
}
