//! Packages over neighbouring units, their alternatives, and lines that exclude them.

use super::reach::Reaches;
use super::{Market, other, worth};
use crate::lonlat::LonLat;
use crate::sample::rng::{Rng, Stream};
use crate::sample::tables::{BidRow, Class};
use crate::scenario::{PriceBasis, Service};
use crate::units::MicroDollars;
use rstar::RTree;
use rstar::primitives::GeomWithData;
use std::collections::BTreeMap;

/// Largest package.
const MOST_UNITS: usize = 200;
/// Units around a hub among which a package may start.
const AROUND_HUB: usize = 120;
/// Chances in a hundred: the first half of the package as alternative; an alternative in single lines.
const HALF_INSTEAD: usize = 12;
const LINES_INSTEAD: usize = 20;
/// Single lines that exclude a package, at most.
const MOST_LINES: usize = 3;

type Entry = GeomWithData<[i64; 2], usize>;

/// Degrees of longitude are shorter than those of latitude; 4:5 suits the middle of the United States.
fn flat(at: LonLat) -> [i64; 2] {
    [i64::from(at.lon_e7) * 4 / 5, i64::from(at.lat_e7)]
}

/// Adds so many packages to the single lines, some of which become their alternatives; `groups` counts XOR groups.
/// Gives the number of packages made.
pub(super) fn packages(
    market: &Market,
    reaches: &Reaches,
    wanted: usize,
    bids: &mut Vec<BidRow>,
    groups: &mut usize,
) -> usize {
    let entries = market.ddus.iter().enumerate().map(|(i, unit)| Entry::new(flat(unit.at), i));
    let tree = RTree::bulk_load(entries.collect());
    let mut single: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (i, line) in bids.iter().enumerate().filter(|(_, line)| line.xor_group.is_none()) {
        single.entry((line.bidder, line.ddu)).or_default().push(i);
    }
    let mut made = 0;
    for attempt in 0..wanted * 4 {
        if made >= wanted {
            break;
        }
        let mut rng = Rng::new(market.seed, Stream::Packages, attempt as u64);
        let Some(mut package) = one(market, reaches, &tree, &mut rng) else { continue };
        let half = package.len() >= 4 && made + 2 <= wanted && rng.percent(HALF_INSTEAD);
        let instead: Vec<usize> = if rng.percent(LINES_INSTEAD) {
            let own = package.iter().filter_map(|line| single.remove(&(line.bidder, line.ddu))).flatten();
            own.take(MOST_LINES).collect()
        } else {
            Vec::new()
        };
        if half || !instead.is_empty() {
            *groups += 1;
            package.iter_mut().for_each(|line| line.xor_group = Some(*groups));
            for i in instead {
                if let Some(line) = bids.get_mut(i) {
                    line.xor_group = Some(*groups);
                }
            }
        }
        made += 1;
        bids.extend(package.iter().map(|line| BidRow { package: Some(made), ..line.clone() }));
        if half {
            made += 1;
            let half = package.iter().take(package.len() / 2);
            bids.extend(half.map(|line| BidRow { package: Some(made), ..line.clone() }));
        }
    }
    made
}

/// `2 / v^(3/4)` for an even draw `v`: a Pareto law with a tail of 4/3, by square roots alone, which are the same bits on
/// every machine. Two packages of five have two units, one of two hundred has a hundred.
fn size(rng: &mut Rng, units: usize) -> usize {
    let most = (units / 3).clamp(2, MOST_UNITS);
    let draw = (1.0 - rng.unit()).sqrt();
    let wide = 2.0 / (draw * draw.sqrt());
    let mut size = 2;
    while size < most && ((size + 1) as f64) <= wide {
        size += 1;
    }
    size
}

fn one(market: &Market, reaches: &Reaches, tree: &RTree<Entry>, rng: &mut Rng) -> Option<Vec<BidRow>> {
    let desk = market.desk();
    let class = match rng.below(100) {
        0..45 => Class::National,
        45..80 => Class::Regional,
        _ => Class::Local,
    };
    let of_class = |b: &usize| market.bidders.get(*b).is_some_and(|row| row.class == class);
    let bidders: Vec<usize> = (0..market.bidders.len()).filter(of_class).collect();
    let bidder = *rng.pick(&bidders)?;
    let hub = market.hubs.get(*rng.pick(&market.bidders.get(bidder)?.hubs)?)?;
    let start = tree.nearest_neighbor_iter(&flat(hub.at)).nth(rng.below(AROUND_HUB.min(market.ddus.len())))?;
    let size = size(rng, market.ddus.len());
    let basis = if rng.percent(40) { PriceBasis::Hub } else { PriceBasis::Dock };
    // Neighbours save driving: worth a few cents a piece beyond what the same lines are worth alone.
    let synergy = rng.between(1, 5);
    let wish = if rng.percent(60) { Service::NextDay } else { Service::SameDay };
    let mut lines = Vec::with_capacity(size);
    for near in tree.nearest_neighbor_iter(start.geom()).take(size * 2) {
        if lines.len() >= size {
            break;
        }
        let unit = market.ddus.get(near.data)?;
        let Some(reach) = reaches.by(bidder, near.data) else { continue };
        let can = |service| desk.tender(reach, unit, service).map(|tender| (service, tender));
        let Some((service, tender)) = can(wish).or_else(|| can(other(wish))) else { continue };
        let volume = u32::try_from(i64::from(unit.capacity) * rng.between(8, 25) / 100).unwrap_or(1).max(1);
        let premium = if service == Service::SameDay { 3 } else { 0 };
        let cents = unit.reserve.0 / 10_000 + premium + worth(market, bidder, near.data) + synergy;
        let price = desk.price(rng, basis, cents, reach.miles, volume);
        lines.push(BidRow {
            bidder,
            package: None,
            xor_group: None,
            ddu: near.data,
            hub: reach.hub,
            service,
            tender,
            volume_min: volume,
            volume_max: volume,
            price: MicroDollars(price.0 + rng.between(0, 9) * 1_000),
            basis,
        });
    }
    (lines.len() >= 2).then_some(lines)
}
