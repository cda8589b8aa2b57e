//! The best choice at each unit by reduced values, by an exact search in integers.
//!
//! Each bid at a unit is a few ranges of volumes on which its value is linear. The search decides bid by bid; where all are
//! decided, volumes are raised from their least by slope, which is exact because only the unit's capacity binds them.
//! Branches are cut by the fractional knapsack over concave hulls (Sinha and Zoltners 1979) and by the best bids of each
//! dock window.

use super::prices::Prices;
use super::{MICRO, SHARE};
use crate::ids::{BidIx, BidderIx, DduIx};
use crate::verify::case::Case;
use crate::verify::money::money;
use crate::verify::rules::{Limit, Used, allowed};
use crate::verify::standing::{Chance, Standing};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Nodes of a search at one unit.
const NODES: u64 = 20_000_000;

/// Volumes `lo..=hi` with a linear value: micro-dollars at `lo`, and for each piece more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Range {
    lo: u32,
    hi: u32,
    at_lo: i128,
    slope: i128,
}

/// A package over several units.
pub(super) struct Spread {
    pub(super) ddus: BTreeSet<DduIx>,
    pub(super) volumes: Vec<(BidIx, u32)>,
    pub(super) value: i128,
}

/// What stands at a unit and wins or loses as a whole there: lines with their volumes if these are fixed.
struct Standee {
    first: BidIx,
    lines: Vec<(BidIx, u32)>,
    /// All lines that win with them, here and at other units.
    with: Vec<(BidIx, u32)>,
    ranges: Vec<Range>,
    spread: bool,
}

/// All that can win, by unit.
pub(super) struct Market {
    at: BTreeMap<DduIx, Vec<Standee>>,
    pub(super) spread: BTreeMap<BidIx, Spread>,
}

impl Market {
    pub(super) fn new(case: &Case<'_>, standings: &[Standing], chances: &[Chance]) -> Self {
        let value = |bid: BidIx, volume| match &standings[bid.index()] {
            Standing::In(timely) => money(case, bid, timely, volume),
            Standing::Out(..) => None,
        };
        let of = |(at, chance): (usize, &Chance)| {
            let Chance::From(lines) = chance else { return None };
            let bid = BidIx::from_index(at);
            let line = case.line(bid);
            if line.package.is_none() {
                let from = lines.first().map_or(u32::MAX, |(_, least)| *least);
                let most = line.volume_max.0.min(case.ddu(line.ddu).capacity.0);
                let forced = case.forced.contains(&bid);
                let may = |volume| {
                    let money = value(bid, volume).filter(|money| money.over_reserve)?;
                    (money.value >= 0 || forced).then_some((volume, money.value))
                };
                return Some((bid, lines.clone(), ranges((from..=most).filter_map(may))));
            }
            let sum = lines.iter().filter_map(|(bid, volume)| Some(value(*bid, *volume)?.value)).sum();
            let first = lines.iter().map(|(bid, _)| *bid).min()?;
            (first == bid).then(|| (bid, lines.clone(), vec![Range { lo: 0, hi: 0, at_lo: sum, slope: 0 }]))
        };
        let all: Vec<_> = chances.par_iter().enumerate().filter_map(of).collect();
        let mut market = Self { at: BTreeMap::new(), spread: BTreeMap::new() };
        for (first, lines, ranges) in all {
            let ddus: BTreeSet<DduIx> = lines.iter().map(|(bid, _)| case.line(*bid).ddu).collect();
            let package = case.line(first).package.is_some();
            let value = ranges.first().map_or(0, |range| range.at_lo);
            for ddu in &ddus {
                let here: Vec<_> = lines.iter().copied().filter(|(bid, _)| case.line(*bid).ddu == *ddu).collect();
                let pieces = here.iter().map(|(_, volume)| *volume).fold(0, u32::saturating_add);
                let whole = vec![Range { lo: pieces, hi: pieces, at_lo: value, slope: 0 }];
                let ranges = if package { whole } else { ranges.clone() };
                let standee = Standee { first, lines: here, with: lines.clone(), ranges, spread: ddus.len() > 1 };
                market.at.entry(*ddu).or_default().push(standee);
            }
            if ddus.len() > 1 {
                market.spread.insert(first, Spread { ddus, volumes: lines, value });
            }
        }
        market
    }

    /// Sum over units of the best choice, and how many units were too large to search.
    pub(super) fn best(
        &self,
        case: &Case<'_>,
        prices: &Prices<'_>,
        loses: &(dyn Fn(BidIx) -> bool + Sync),
        shares: &BTreeMap<(BidIx, DduIx), i128>,
        charge: &(dyn Fn(BidderIx, DduIx) -> i128 + Sync),
    ) -> (i128, usize) {
        let at = |(ddu, standees): (&DduIx, &Vec<Standee>)| {
            let reduced = |standee: &&Standee| {
                let mut item = Item::of(case, standee);
                item.charge = charge(item.bidder, *ddu);
                for range in &standee.ranges {
                    let paid = |volume| match case.line(standee.first).package {
                        None => prices.of_lines(case, &[(standee.first, volume)]),
                        Some(_) => prices.of_lines(case, &standee.lines),
                    };
                    let at =
                        |volume| (range.at_lo + range.slope * i128::from(volume - range.lo)) * MICRO - paid(volume);
                    let share = shares.get(&(standee.first, *ddu)).copied().unwrap_or(0) * SHARE;
                    let at_lo = if standee.spread { share } else { at(range.lo) };
                    let slope = if range.lo < range.hi { at(range.lo + 1) - at_lo } else { 0 };
                    item.ranges.push(Range { at_lo, slope, ..*range });
                }
                item
            };
            let items = standees.iter().filter(|standee| !loses(standee.first)).map(|s| reduced(&s)).collect();
            Search::new(case, *ddu, items).run()
        };
        let found: Vec<Option<i128>> = self.at.par_iter().map(at).collect();
        (found.iter().flatten().sum(), found.iter().filter(|best| best.is_none()).count())
    }
}

/// Joins volumes in order to ranges of a constant slope.
fn ranges(volumes: impl Iterator<Item = (u32, i128)>) -> Vec<Range> {
    let mut all: Vec<Range> = Vec::new();
    for (volume, value) in volumes {
        if let Some(last) = all.last_mut().filter(|last| last.hi + 1 == volume) {
            let next = value - (last.at_lo + last.slope * i128::from(last.hi - last.lo));
            if last.lo == last.hi || next == last.slope {
                (last.hi, last.slope) = (volume, next);
                continue;
            }
        }
        all.push(Range { lo: volume, hi: volume, at_lo: value, slope: 0 });
    }
    all
}

/// What can be taken at a unit.
struct Item<'s> {
    ranges: Vec<Range>,
    forced: bool,
    bidder: BidderIx,
    /// Paid once for all items of the bidder.
    charge: i128,
    uses: Vec<(Limit<'s>, i128)>,
    /// Increments of the concave hull of its value: pieces, and what they add.
    hull: Vec<(u32, i128)>,
    best: i128,
}

impl<'s> Item<'s> {
    /// What it counts in rules that count awards, wherever these are: two packages that meet at another unit's dock may
    /// not both win here either. Capacity is kept apart.
    fn of(case: &Case<'s>, standee: &Standee) -> Self {
        let here = |limit: &Limit<'_>| {
            matches!(limit, Limit::DockSlots(..) | Limit::OneAward(..) | Limit::Xor(..) | Limit::Tiers(..))
        };
        let used = Used::by(case, &standee.with.iter().copied().collect());
        let uses = used.limits.into_iter().filter(|(limit, _)| here(limit) && allowed(case, limit).is_some()).collect();
        let forced = case.forced.contains(&standee.first);
        let bidder = case.line(standee.first).bidder;
        Self { ranges: Vec::new(), forced, bidder, charge: 0, uses, hull: Vec::new(), best: 0 }
    }

    /// Leaves out what is never better, and draws the hull.
    fn trim(&mut self) {
        for range in self.ranges.iter_mut().filter(|range| range.slope <= 0) {
            (range.hi, range.slope) = (range.lo, 0);
        }
        let top = |range: &Range| range.at_lo + range.slope * i128::from(range.hi - range.lo);
        if !self.forced {
            self.ranges.retain(|range| top(range) > 0);
        }
        self.best = self.ranges.iter().map(top).max().unwrap_or(0);
        let mut points: Vec<(u32, i128)> = vec![(0, 0)];
        let ends = self.ranges.iter().flat_map(|range| [(range.lo, range.at_lo), (range.hi, top(range))]);
        for (pieces, value) in ends {
            while let [.., a, b] = points[..] {
                let turns = (b.1 - a.1) * i128::from(pieces - a.0) <= (value - a.1) * i128::from(b.0 - a.0);
                if !turns {
                    break;
                }
                points.pop();
            }
            if points.last().is_none_or(|last| value > last.1) {
                points.push((pieces, value));
            }
        }
        self.hull = points.windows(2).map(|pair| (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1)).collect();
    }
}

struct Search<'s> {
    items: Vec<Item<'s>>,
    /// Increments of all hulls by falling slope, with their item.
    hulls: Vec<(usize, u32, i128)>,
    /// Items by falling best value.
    by_best: Vec<usize>,
    room: BTreeMap<Limit<'s>, i128>,
    capacity: u32,
    chosen: Vec<Range>,
    /// Bidders of what is chosen, with repetitions.
    present: Vec<BidderIx>,
    best: Option<i128>,
    nodes: u64,
}

impl<'s> Search<'s> {
    fn new(case: &Case<'s>, ddu: DduIx, mut items: Vec<Item<'s>>) -> Self {
        items.iter_mut().for_each(Item::trim);
        items.retain(|item| item.forced || !item.ranges.is_empty());
        items.sort_by_key(|item| (!item.forced, std::cmp::Reverse(item.best)));
        let mut hulls: Vec<(usize, u32, i128)> = Vec::new();
        for (at, item) in items.iter().enumerate() {
            hulls.extend(item.hull.iter().map(|(pieces, gain)| (at, *pieces, *gain)));
        }
        hulls.sort_by(|a, b| (b.2 * i128::from(a.1)).cmp(&(a.2 * i128::from(b.1))));
        let limits = items.iter().flat_map(|item| item.uses.iter().map(|(limit, _)| *limit));
        let room = limits.filter_map(|limit| Some((limit, allowed(case, &limit)?))).collect();
        let mut by_best: Vec<usize> = (0..items.len()).collect();
        by_best.sort_by_key(|at| std::cmp::Reverse(items[*at].best));
        let capacity = case.ddu(ddu).capacity.0;
        Self { items, hulls, by_best, room, capacity, chosen: Vec::new(), present: Vec::new(), best: None, nodes: 0 }
    }

    /// The best choice; `None` when the search is too long.
    fn run(mut self) -> Option<i128> {
        self.descend(0, self.capacity, 0);
        // Forced bids that find no room leave no award at all, which no bound need hold for.
        (self.nodes <= NODES).then_some(self.best.unwrap_or(0))
    }

    /// `value` is that of what is chosen at its least volumes; `left` are pieces beside these.
    fn descend(&mut self, at: usize, left: u32, value: i128) {
        self.nodes += 1;
        if self.nodes > NODES {
            return;
        }
        if self.items.len() == at {
            let reached = value + self.raised(left);
            self.best = Some(self.best.map_or(reached, |best| best.max(reached)));
            return;
        }
        if self.best.is_some_and(|best| value + self.rest(at, left) <= best) {
            return;
        }
        let uses = self.items[at].uses.clone();
        if uses.iter().all(|(limit, amount)| self.room.get(limit).is_none_or(|room| room >= amount)) {
            self.book(&uses, -1);
            let bidder = self.items[at].bidder;
            let charge = if self.present.contains(&bidder) { 0 } else { self.items[at].charge };
            self.present.push(bidder);
            for index in (0..self.items[at].ranges.len()).rev() {
                let range = self.items[at].ranges[index];
                if let Some(left) = left.checked_sub(range.lo) {
                    self.chosen.push(range);
                    self.descend(at + 1, left, value + range.at_lo - charge);
                    self.chosen.pop();
                }
            }
            self.present.pop();
            self.book(&uses, 1);
        }
        if !self.items[at].forced {
            self.descend(at + 1, left, value);
        }
    }

    fn book(&mut self, uses: &[(Limit<'s>, i128)], sign: i128) {
        for (limit, amount) in uses {
            if let Some(room) = self.room.get_mut(limit) {
                *room += sign * amount;
            }
        }
    }

    /// What chosen volumes gain when they are raised into the pieces left, by falling slope.
    fn raised(&self, mut left: u32) -> i128 {
        let mut slopes: Vec<(i128, u32)> = self.chosen.iter().map(|range| (range.slope, range.hi - range.lo)).collect();
        slopes.sort_unstable_by(|a, b| b.cmp(a));
        let mut gain = 0;
        for (slope, width) in slopes {
            let pieces = width.min(left);
            left -= pieces;
            gain += slope * i128::from(pieces);
        }
        gain
    }

    /// No choice of the items from `at`, with what raising the chosen ones gains, is worth more.
    fn rest(&self, at: usize, left: u32) -> i128 {
        let (mut fractional, mut free) = (0, left);
        for (_, pieces, gain) in self.hulls.iter().filter(|(item, ..)| *item >= at) {
            if *pieces > free {
                // Rounded up: a bound.
                fractional += (gain * i128::from(free)).div_euclid(i128::from(*pieces)) + 1;
                break;
            }
            free -= pieces;
            fractional += gain;
        }
        let mut windows: BTreeMap<Limit<'s>, i128> = BTreeMap::new();
        let mut by_slots = 0;
        for item in self.by_best.iter().filter(|item| **item >= at).map(|item| &self.items[*item]) {
            let slots = item.uses.iter().find(|(limit, _)| matches!(limit, Limit::DockSlots(..)));
            let free = slots.is_none_or(|(limit, _)| {
                let taken = windows.entry(*limit).or_default();
                *taken += 1;
                self.room.get(limit).is_none_or(|room| *taken <= *room)
            });
            by_slots += if free { item.best.max(0) } else { 0 };
        }
        fractional.min(by_slots) + self.raised(left)
    }
}
