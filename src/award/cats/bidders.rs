//! Which bids are of one bidder.

use super::CatsAuction;
use std::collections::BTreeMap;

/// The first bid of each bid's bidder, by position.
pub(super) fn bidders(auction: &CatsAuction) -> Vec<usize> {
    let mut first: Vec<usize> = (0..auction.bids.len()).collect();
    let mut of_dummy: BTreeMap<u32, usize> = BTreeMap::new();
    for (bid, goods) in auction.bids.iter().map(|bid| &bid.goods).enumerate() {
        for dummy in goods.iter().filter(|good| **good >= auction.goods) {
            let other = *of_dummy.entry(*dummy).or_insert(bid);
            let (a, b) = (root(&first, bid), root(&first, other));
            if let Some(above) = first.get_mut(a.max(b)) {
                *above = a.min(b);
            }
        }
    }
    // Links point to earlier bids, which know theirs already.
    for bid in 0..first.len() {
        let top = root(&first, bid);
        if let Some(own) = first.get_mut(bid) {
            *own = top;
        }
    }
    first
}

fn root(first: &[usize], mut bid: usize) -> usize {
    while let Some(&above) = first.get(bid).filter(|above| **above != bid) {
        bid = above;
    }
    bid
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
