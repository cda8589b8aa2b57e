//! Lines for single units: so many a unit, by bidders that reach it, some with alternatives.

use super::reach::Reaches;
use super::{Market, other, worth};
use crate::sample::rng::{Rng, Stream};
use crate::sample::tables::bids::Reach;
use crate::sample::tables::{BidRow, Class, DduRow};
use crate::scenario::{PriceBasis, Service};
use crate::units::MicroDollars;
use rayon::prelude::*;

/// Lines for a unit, from and to: 207,000 for 18,000 units.
const LINES: (i64, i64) = (7, 16);
/// Chances in a hundred.
const BELOW_RESERVE: usize = 2;
const HUB_BASIS: usize = 40;
const BOTH_SERVICES: usize = 15;
const XOR_OF_BOTH: usize = 60;

/// Which of a bidder's lines for a unit: for the service it prefers, for the other one, or less of the first at a
/// better price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Variant {
    Preferred,
    OtherService,
    Smaller,
}

/// Lines of all units, unit by unit; `groups` counts XOR groups.
pub(super) fn lines(market: &Market, reaches: &Reaches, groups: &mut usize) -> Vec<BidRow> {
    let by_unit: Vec<Vec<BidRow>> =
        (0..market.ddus.len()).into_par_iter().map(|ddu| of_unit(market, reaches.of(ddu), ddu)).collect();
    let mut all = Vec::new();
    for mut lines in by_unit {
        let made = lines.iter().filter_map(|line| line.xor_group).max().unwrap_or(0);
        for group in lines.iter_mut().filter_map(|line| line.xor_group.as_mut()) {
            *group += *groups;
        }
        *groups += made;
        all.append(&mut lines);
    }
    all
}

/// Lines of a unit; its groups count from 1.
fn of_unit(market: &Market, reaches: &[Reach], ddu: usize) -> Vec<BidRow> {
    let mut rng = Rng::new(market.seed, Stream::Bids, ddu as u64);
    let Some(unit) = market.ddus.get(ddu) else { return Vec::new() };
    let mut reaches = reaches.to_vec();
    rng.shuffle(&mut reaches);
    // The largest shipper bids everywhere.
    reaches.sort_by_key(|reach| reach.bidder != 0);
    let wanted = usize::try_from(rng.between(LINES.0, LINES.1)).unwrap_or(1);
    let mut lines: Vec<(Variant, BidRow)> = Vec::new();
    for variant in [Variant::Preferred, Variant::OtherService, Variant::Smaller] {
        for reach in &reaches {
            if lines.len() >= wanted {
                break;
            }
            let has = |v: Variant| lines.iter().any(|(known, line)| *known == v && line.bidder == reach.bidder);
            if has(variant) {
                continue;
            }
            lines.extend(line(market, &mut rng, ddu, unit, *reach, variant).map(|line| (variant, line)));
            if variant == Variant::Preferred && lines.len() < wanted && rng.percent(BOTH_SERVICES) {
                let also = line(market, &mut rng, ddu, unit, *reach, Variant::OtherService);
                lines.extend(also.map(|line| (Variant::OtherService, line)));
            }
        }
    }
    let mut groups = 0;
    for reach in &reaches {
        let own: Vec<usize> = (0..lines.len()).filter(|i| lines[*i].1.bidder == reach.bidder).collect();
        let smaller = own.iter().any(|i| lines[*i].0 == Variant::Smaller);
        if own.len() > 1 && (smaller || rng.percent(XOR_OF_BOTH)) {
            groups += 1;
            own.iter().for_each(|i| lines[*i].1.xor_group = Some(groups));
        }
    }
    lines.into_iter().map(|(_, line)| line).collect()
}

/// Per cent of a unit's capacity that a bidder asks for.
fn share(rng: &mut Rng, bidder: usize, class: Class) -> i64 {
    match class {
        Class::National if bidder == 0 => rng.between(25, 60),
        Class::National => rng.between(15, 40),
        Class::Regional => rng.between(10, 32),
        Class::Local => rng.between(8, 26),
    }
}

fn line(market: &Market, rng: &mut Rng, ddu: usize, unit: &DduRow, reach: Reach, variant: Variant) -> Option<BidRow> {
    let desk = market.desk();
    let class = market.bidders.get(reach.bidder)?.class;
    // Half of a bidder's units get their mail in the morning, if that can be.
    let wish = if (ddu + reach.bidder).is_multiple_of(2) { Service::SameDay } else { Service::NextDay };
    let can = |service| desk.tender(reach, unit, service).map(|tender| (service, tender));
    let preferred = can(wish).or_else(|| can(other(wish)))?;
    let (service, tender) = if variant == Variant::OtherService { can(other(preferred.0))? } else { preferred };
    let share = share(rng, reach.bidder, class) / if variant == Variant::Smaller { 2 } else { 1 };
    let volume_max = u32::try_from(i64::from(unit.capacity) * share / 100).unwrap_or(1).max(1);
    let volume_min = u32::try_from(i64::from(volume_max) * rng.between(20, 60) / 100).unwrap_or(1).max(1);
    let reserve = unit.reserve.0 / 10_000;
    let premium = if service == Service::SameDay { 3 } else { 0 } + if variant == Variant::Smaller { 2 } else { 0 };
    let cents = if rng.percent(BELOW_RESERVE) {
        reserve * rng.between(84, 97) / 100
    } else {
        reserve + premium + worth(market, reach.bidder, ddu)
    };
    let basis = if rng.percent(HUB_BASIS) { PriceBasis::Hub } else { PriceBasis::Dock };
    let price = desk.price(rng, basis, cents, reach.miles, volume_max);
    Some(BidRow {
        bidder: reach.bidder,
        package: None,
        xor_group: None,
        ddu,
        hub: reach.hub,
        service,
        tender,
        volume_min,
        volume_max,
        // Tenths of a cent keep ties rare.
        price: MicroDollars(price.0 + rng.between(0, 9) * 1_000),
        basis,
    })
}
