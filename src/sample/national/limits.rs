//! What bidders can supply at most, and must win at least to win at all.
//!
//! Both are shares of what a bidder bids for: a capacity below it binds where its bids are good, a minimum volume binds
//! where they win less than it, which at three times the capacity bid for is the rule.

use crate::sample::rng::{Rng, Stream};
use crate::sample::tables::{BidRow, BidderRow, Class};
use std::collections::BTreeMap;

/// Gives every fourth regional and local bidder a capacity, every third other local bidder and every fifth other
/// regional one a minimum volume.
pub(super) fn limit(seed: u64, bidders: &mut [BidderRow], bids: &[BidRow]) {
    // One award a unit and service: the largest line of each counts.
    let mut largest: BTreeMap<(usize, usize), u64> = BTreeMap::new();
    for bid in bids {
        let most = largest.entry((bid.bidder, bid.ddu)).or_default();
        *most = (*most).max(u64::from(bid.volume_max));
    }
    let mut volume = vec![0_u64; bidders.len()];
    for ((bidder, _), most) in largest {
        if let Some(sum) = volume.get_mut(bidder) {
            *sum += most;
        }
    }
    for (index, (row, volume)) in bidders.iter_mut().zip(volume).enumerate() {
        let mut rng = Rng::new(seed, Stream::Limits, index as u64);
        let mut share = |low: i64, high: i64| (volume * rng.between(low, high).unsigned_abs() / 100).max(1);
        match row.class {
            Class::National => {}
            _ if index % 4 == 1 => row.capacity = Some(share(15, 35)),
            Class::Local if index % 3 == 0 => row.min_volume = Some(share(30, 60)),
            Class::Regional if index % 5 == 0 => row.min_volume = Some(share(15, 30)),
            _ => {}
        }
    }
}
