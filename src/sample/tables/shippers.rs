//! The sample's bidders and their hubs: national, regional and local shippers.

use super::rows::{BidderRow, Class};
use crate::sample::names;
use crate::sample::plan::Plan;
use crate::sample::rng::{Rng, Stream};
use crate::sample::sites::{Home, hub_home};

/// Hubs of the largest shipper.
const MOST_HUBS: usize = 40;

/// A bidder and the homes of its hubs.
pub(in crate::sample) struct Shipper {
    pub(in crate::sample) row: BidderRow,
    pub(in crate::sample) homes: Vec<Home>,
}

/// Classes of so many bidders: 5 of 200 national and 30 regional, at least two of each where there are four bidders.
pub(in crate::sample) fn class(index: usize, bidders: usize) -> Class {
    let national = (bidders / 40).max(2);
    let regional = (bidders * 3 / 20).max(2);
    match index {
        i if i < national => Class::National,
        i if i < national + regional => Class::Regional,
        _ => Class::Local,
    }
}

/// Bidders of the invented region.
pub(in crate::sample) fn shippers(plan: &Plan, bidders: usize) -> Vec<Shipper> {
    let counties = plan.wide * plan.high;
    let mut next_hub = 0;
    let regional_first = (0..bidders).find(|i| class(*i, bidders) == Class::Regional);
    let local_first = (0..bidders).find(|i| class(*i, bidders) == Class::Local);
    let shipper = |index: usize| {
        let mut rng = Rng::new(plan.seed, Stream::Bidders, index as u64);
        let class = class(index, bidders);
        let seat = rng.below(counties);
        let hubs = match class {
            Class::National => (counties / 2).clamp(2, MOST_HUBS),
            Class::Regional => 2 + rng.below(counties.min(5)),
            Class::Local => 1,
        };
        let home = |k: usize| {
            let county = match class {
                Class::National => (seat + k * counties / hubs) % counties,
                // Beside its seat, then in the next row of counties.
                Class::Regional => (seat + k % 2 + (k / 2) * plan.wide) % counties,
                Class::Local => seat,
            };
            hub_home(plan, county, class == Class::Local, &mut rng)
        };
        let homes: Vec<Home> = (0..hubs).map(home).collect();
        let first = next_hub;
        next_hub += homes.len();
        let affiliated = Some(index) == regional_first || Some(index) == local_first;
        let row = BidderRow {
            id: format!("B{:03}", index + 1),
            name: names::shipper(plan.seed, index),
            class,
            affiliates: if affiliated { "prairie-holdings" } else { "" },
            capacity: None,
            budget: None,
            min_volume: None,
            hubs: (first..next_hub).collect(),
        };
        Shipper { row, homes }
    };
    (0..bidders).map(shipper).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proportions_of_two_hundred() {
        let count = |wanted| (0..200).filter(|i| class(*i, 200) == wanted).count();
        assert_eq!([count(Class::National), count(Class::Regional), count(Class::Local)], [5, 30, 165]);
    }
}
