//! Whether a bid can win at all, whatever the others bid: dock, haul, reserve, overrides.

use super::case::Case;
use super::money::{Money, money};
use crate::ids::BidIx;
use crate::no_haul::NoHaul;
use crate::scenario::VehicleOption;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Before prices are looked at.
#[derive(Clone, Debug)]
pub(super) enum Standing {
    /// Words of all reasons that hold, and by how many minutes it is late, if it is.
    Out(BTreeSet<&'static str>, Option<i32>),
    /// The classes that are at the dock in time.
    In(Vec<VehicleOption>),
}

/// What a bid may win.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Chance {
    /// With each line of its offer at this volume at least.
    From(Vec<(BidIx, u32)>),
    /// Nothing, for these reasons.
    Never(BTreeSet<&'static str>),
}

/// Standing of every line.
pub(super) fn standings(case: &Case<'_>) -> Vec<Standing> {
    (0..case.scenario.bids.len()).into_par_iter().map(|at| standing(case, BidIx::from_index(at))).collect()
}

fn standing(case: &Case<'_>, bid: BidIx) -> Standing {
    let line = case.line(bid);
    let (ddu, mut words, mut late) = (case.ddu(line.ddu), BTreeSet::new(), None);
    if case.forbidden.contains(&bid) {
        words.insert("forbidden");
    }
    if line.tender < ddu.dock_open || line.tender > ddu.dock_close {
        words.insert("tender_outside_dock_window");
    }
    let needed = if line.package.is_some() { line.volume_max } else { line.volume_min };
    if needed > ddu.capacity {
        words.insert("exceeds_capacity");
    }
    let classes = || case.hauls.classes(line.hub, line.ddu);
    let options: Vec<VehicleOption> = classes().filter_map(|class| class.ok()).collect();
    if options.is_empty() {
        let farthest = classes().filter_map(|class| class.err()).max_by_key(NoHaul::progress);
        words.insert(match farthest.unwrap_or(NoHaul::NotInTable) {
            NoHaul::NotInTable => "no_haul_known",
            NoHaul::NoPath(_) => "no_path",
            NoHaul::VehicleTooLargeForDock => "vehicle_cannot_dock",
            NoHaul::PieceDoesNotFit => "piece_does_not_fit",
        });
    }
    let Some(cet) = ddu.critical_entry_time(line.service) else {
        words.insert("service_not_offered");
        return Standing::Out(words, None);
    };
    if line.tender > cet {
        words.insert("tender_after_cet");
    }
    let by = line.tender.min(cet).min(ddu.dock_close);
    let earliest = options.iter().map(|option| option.arrival).min();
    if let Some(first) = earliest.filter(|first| *first > by) {
        words.insert("arrives_late");
        late = first.0.checked_sub(by.0);
    }
    if words.is_empty() {
        Standing::In(options.into_iter().filter(|option| option.arrival <= by).collect())
    } else {
        Standing::Out(words, late)
    }
}

/// The least volumes at which an offer may win at its price, looked for piece by piece.
pub(super) fn chance(case: &Case<'_>, standings: &[Standing], bid: BidIx) -> Chance {
    let timely = |bid: BidIx| match &standings[bid.index()] {
        Standing::In(timely) => Ok(timely),
        Standing::Out(words, _) => Err(words),
    };
    let own = match timely(bid) {
        Ok(own) => own,
        Err(words) => return Chance::Never(words.clone()),
    };
    let line = case.line(bid);
    if line.package.is_none() {
        let most = line.volume_max.0.min(case.ddu(line.ddu).capacity.0.saturating_add(1));
        let at = (line.volume_min.0..=most).map(|volume| (volume, money(case, bid, own, volume)));
        return alone(at, case.forced.contains(&bid), bid);
    }
    let lines = case.offer(bid);
    let at = |bid: BidIx| money(case, bid, timely(bid).ok()?, case.line(bid).volume_max.0);
    let (mut barred, mut lowering, mut total) = (BTreeSet::new(), BTreeSet::new(), 0);
    for other in &lines {
        let word = |own| if *other == bid { own } else { "package_partner" };
        match at(*other) {
            Some(money) if money.over_reserve => {
                total += money.value;
                if money.value < 0 {
                    lowering.insert(word("negative_value"));
                }
            }
            _ => _ = barred.insert(word("below_reserve")),
        }
    }
    if barred.is_empty() && (total >= 0 || case.forced.contains(&bid)) {
        return Chance::From(lines.into_iter().map(|bid| (bid, case.line(bid).volume_max.0)).collect());
    }
    barred.extend(lowering);
    Chance::Never(barred)
}

fn alone(volumes: impl Iterator<Item = (u32, Option<Money>)>, forced: bool, bid: BidIx) -> Chance {
    let mut word = "below_reserve";
    for (volume, money) in volumes {
        let Some(money) = money.filter(|money| money.over_reserve) else { continue };
        if money.value >= 0 || forced {
            return Chance::From(vec![(bid, volume)]);
        }
        word = "negative_value";
    }
    Chance::Never(BTreeSet::from([word]))
}
