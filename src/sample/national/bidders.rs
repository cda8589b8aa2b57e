//! Bidders and their hubs: national, regional and local shippers, spread over the towns.

use super::geography::{Nation, Town};
use crate::sample::names;
use crate::sample::plan::Rank;
use crate::sample::plane::{Place, at};
use crate::sample::rng::{Rng, Stream};
use crate::sample::tables::{self, BidderRow, Class, HubRow};

/// Metres from the middle of a town to a hub.
const OUTSKIRTS: f64 = 6_000.0;

/// All bidders, and all hubs in their order. Bidders are as many as the root of the units allows: 200 of 18,000.
pub(super) fn bidders(seed: u64, nation: &Nation, units: usize) -> (Vec<BidderRow>, Vec<HubRow>) {
    let count = (units * 20 / 9).isqrt().max(20);
    let seats: Vec<&Town> = nation.towns.iter().filter(|town| town.rank > Rank::Village).collect();
    let of_class = |class: Class| (0..count).filter(|i| tables::class(*i, count) == class).count();
    let sizes = [Class::National, Class::Regional, Class::Local].map(|class| (class, of_class(class)));
    let (mut rows, mut hubs) = (Vec::with_capacity(count), Vec::new());
    for index in 0..count {
        let class = tables::class(index, count);
        let before: usize = sizes.iter().filter(|(earlier, _)| *earlier < class).map(|(_, size)| size).sum();
        let size = sizes.iter().find(|(same, _)| *same == class).map_or(1, |(_, size)| *size).max(1);
        let mut rng = Rng::new(seed, Stream::Bidders, index as u64);
        // Bidders of a class are spread over the country; towns are listed state by state.
        let seat = ((index - before) * seats.len() / size + rng.below(seats.len() / size + 1)) % seats.len().max(1);
        let homes = homes(class, seat, units, &seats, &mut rng);
        let id = format!("B{:03}", index + 1);
        let name = names::shipper(seed, index);
        let first = hubs.len();
        for (k, place) in homes.into_iter().enumerate() {
            hubs.push(HubRow {
                id: format!("{id}-H{:02}", k + 1),
                shipper: id.clone(),
                name: format!("{name} {}", k + 1),
                at: nation.to_earth(place),
                release: tables::release(seed, first + k),
                capacity: None,
            });
        }
        // The first regional and the first local bidder belong together.
        let affiliates = if index == before && class != Class::National { "prairie-holdings" } else { "" };
        let hubs = (first..hubs.len()).collect();
        rows.push(BidderRow { id, name, class, affiliates, capacity: None, budget: None, min_volume: None, hubs });
    }
    (rows, hubs)
}

/// Where a bidder's hubs are: everywhere, in the towns around its seat, or at its seat.
fn homes(class: Class, seat: usize, units: usize, seats: &[&Town], rng: &mut Rng) -> Vec<Place> {
    let Some(home) = seats.get(seat) else { return vec![at(0.0, 0.0)] };
    let towns: Vec<Place> = match class {
        Class::National => {
            let hubs = (units / 225).max(2);
            (0..hubs)
                .filter_map(|k| seats.get((seat + k * seats.len() / hubs) % seats.len()))
                .map(|t| t.middle)
                .collect()
        }
        Class::Regional | Class::Local => {
            let (hubs, stride) = if class == Class::Regional {
                ((units.isqrt() / 8).clamp(4, 12), 4)
            } else {
                (1 + usize::from(units >= 1_000), 2)
            };
            let mut near: Vec<(f64, usize)> =
                seats.iter().enumerate().map(|(i, town)| (town.middle.minus(home.middle).length(), i)).collect();
            near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let pick = |k: usize| near.get((k * stride).min(near.len().saturating_sub(1)));
            (0..hubs).filter_map(pick).filter_map(|(_, i)| seats.get(*i)).map(|town| town.middle).collect()
        }
    };
    towns.into_iter().map(|town| town.plus(at(rng.signed() * OUTSKIRTS, rng.signed() * OUTSKIRTS))).collect()
}
