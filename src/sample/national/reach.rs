//! Which units a bidder's hubs reach.

use super::Market;
use crate::lonlat::LonLat;
use crate::sample::tables::Class;
use crate::sample::tables::bids::Reach;
use crate::sample::tables::haul::road_miles;
use rayon::prelude::*;

/// Miles by road that a bidder of a class goes.
const fn limit(class: Class) -> f64 {
    match class {
        Class::National => 300.0,
        Class::Regional => 130.0,
        Class::Local => 75.0,
    }
}

/// Degrees of latitude, in 1e-7, beyond which a road of so many miles cannot lead.
fn farthest(miles: f64) -> f64 {
    // A degree is 69.09 miles, and roads are longer than the straight line.
    miles / 69.0 * 1e7
}

/// For each unit, the nearest hub of each bidder that reaches it; by bidder.
pub(super) struct Reaches(Vec<Vec<Reach>>);

impl Reaches {
    pub(super) fn new(market: &Market) -> Self {
        let of_unit = |at: LonLat| {
            let nearest = |(bidder, row): (usize, &crate::sample::tables::BidderRow)| {
                let most = limit(row.class);
                let beyond = farthest(most);
                let mut best: Option<Reach> = None;
                for &hub in &row.hubs {
                    let from = market.hubs.get(hub)?.at;
                    if f64::from(from.lat_e7.abs_diff(at.lat_e7)) > beyond {
                        continue;
                    }
                    let miles = road_miles(from, at);
                    if miles <= most && best.is_none_or(|known| miles < known.miles) {
                        best = Some(Reach { bidder, hub, miles });
                    }
                }
                best
            };
            market.bidders.iter().enumerate().filter_map(nearest).collect()
        };
        Self(market.ddus.par_iter().map(|unit| of_unit(unit.at)).collect())
    }

    /// Bidders that reach a unit.
    pub(super) fn of(&self, ddu: usize) -> &[Reach] {
        self.0.get(ddu).map_or(&[], Vec::as_slice)
    }

    /// How a bidder reaches a unit, if it does.
    pub(super) fn by(&self, bidder: usize, ddu: usize) -> Option<Reach> {
        let all = self.of(ddu);
        all.binary_search_by_key(&bidder, |reach| reach.bidder).ok().and_then(|i| all.get(i)).copied()
    }
}
