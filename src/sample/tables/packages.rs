//! Packages over neighbouring units: all or nothing, some of them alternatives of one another.

use super::bids::{Market, Reach};
use super::rows::{BidRow, Class};
use crate::sample::rng::{Rng, Stream};
use crate::scenario::{PriceBasis, Service};
use rstar::RTree;
use rstar::primitives::GeomWithData;

/// Largest package.
const MOST_UNITS: usize = 200;
/// Units around a hub among which a package may start.
const AROUND_HUB: usize = 120;
/// Chances in a hundred: a second, smaller package as alternative; one line below its reserve.
const ALTERNATIVE: usize = 15;
const ONE_BELOW_RESERVE: usize = 8;

type Entry = GeomWithData<[i64; 2], usize>;

/// Packages of two to 200 units; `groups` counts XOR groups. Returns the lines and the number of packages.
pub(super) fn packages(market: &Market<'_>, wanted: usize, groups: &mut usize) -> (Vec<BidRow>, usize) {
    let entry = |(i, d): (usize, &super::rows::DduRow)| {
        // Degrees of longitude are shorter than those of latitude; 4:5 suits the middle of the United States.
        Entry::new([i64::from(d.at.lon_e7) * 4 / 5, i64::from(d.at.lat_e7)], i)
    };
    let tree = RTree::bulk_load(market.ddus.iter().enumerate().map(entry).collect());
    let mut lines = Vec::new();
    let mut made = 0;
    for attempt in 0..wanted * 3 {
        if made >= wanted {
            break;
        }
        let mut rng = Rng::new(market.seed, Stream::Packages, attempt as u64);
        if let Some(package) = one(market, &tree, &mut rng) {
            made += 1;
            add(&mut lines, &package, made, None);
            // The same bidder would also take the first half of it, but not both.
            if package.len() >= 4 && made < wanted && rng.percent(ALTERNATIVE) {
                *groups += 1;
                let whole = lines.len() - package.len();
                lines.iter_mut().skip(whole).for_each(|line| line.xor_group = Some(*groups));
                made += 1;
                add(&mut lines, package.get(..package.len() / 2).unwrap_or_default(), made, Some(*groups));
            }
        }
    }
    (lines, made)
}

fn add(lines: &mut Vec<BidRow>, package: &[BidRow], number: usize, group: Option<usize>) {
    lines.extend(package.iter().map(|l| BidRow { package: Some(number), xor_group: group, ..l.clone() }));
}

/// Most packages are small; in large markets a few reach the largest size.
fn size(rng: &mut Rng, units: usize) -> usize {
    let most = (units / 6).clamp(2, MOST_UNITS);
    let draw = rng.unit();
    let square = draw * draw;
    let skewed = if most <= 20 { square * draw } else { square * square * square * square * square * square * square };
    let mut size = 2;
    while size < most && (size - 1) as f64 <= skewed * (most - 1) as f64 {
        size += 1;
    }
    size
}

fn one(market: &Market<'_>, tree: &RTree<Entry>, rng: &mut Rng) -> Option<Vec<BidRow>> {
    let class = match rng.below(100) {
        0..50 => Class::National,
        50..85 => Class::Regional,
        _ => Class::Local,
    };
    let bidders: Vec<usize> =
        (0..market.bidders.len()).filter(|b| market.bidders.get(*b).is_some_and(|r| r.class == class)).collect();
    let bidder = *rng.pick(&bidders)?;
    let hub = *rng.pick(&market.bidders.get(bidder)?.hubs)?;
    let at = market.hubs.get(hub)?.at;
    let from_hub = [i64::from(at.lon_e7) * 4 / 5, i64::from(at.lat_e7)];
    let seed = tree.nearest_neighbor_iter(&from_hub).nth(rng.below(AROUND_HUB.min(market.ddus.len())))?;
    let size = size(rng, market.ddus.len());
    let basis = if rng.percent(40) { PriceBasis::Hub } else { PriceBasis::Dock };
    let synergy = rng.between(2, 12);
    let spoiled = rng.percent(ONE_BELOW_RESERVE).then(|| rng.below(size));
    let mut lines = Vec::new();
    for near in tree.nearest_neighbor_iter(seed.geom()).take(size * 2) {
        if lines.len() >= size {
            break;
        }
        let unit = market.ddus.get(near.data)?;
        let miles = super::haul::road_miles(at, unit.at);
        let reach = Reach { bidder, hub, miles };
        let next = market.tender(reach, unit, Service::NextDay).map(|t| (Service::NextDay, t));
        let same = market.tender(reach, unit, Service::SameDay).map(|t| (Service::SameDay, t));
        let preferred = if rng.percent(60) { next.or(same) } else { same.or(next) };
        let Some((service, tender)) = preferred else { continue };
        let volume = u32::try_from(i64::from(unit.capacity) * rng.between(10, 30) / 100).unwrap_or(1).max(1);
        let reserve = unit.reserve.0 / 10_000;
        let dock_cents = if spoiled == Some(lines.len()) {
            reserve * 9 / 10
        } else {
            reserve + synergy + market.margin(rng, bidder)
        };
        lines.push(BidRow {
            bidder,
            package: None,
            xor_group: None,
            ddu: near.data,
            hub,
            service,
            tender,
            volume_min: volume,
            volume_max: volume,
            price: market.price(rng, basis, dock_cents, miles, volume),
            basis,
        });
    }
    (lines.len() >= 2).then_some(lines)
}
