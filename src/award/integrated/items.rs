//! Lines whose haul the objective counts, as items of their hubs.

use crate::award::AwardError;
use crate::award::prepare::{Prepared, lines};
use crate::award::step_cost::Step;
use crate::ids::{BidIx, VehicleIx};
use crate::routes::day::{HubCase, Item, PricedHub, comes_in_parts};
use crate::scenario::{BidLine, Objective, PriceBasis, Scenario};
use crate::units::Pieces;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Where ranges of a line's volume begin, in shares of a hundred of its span; the last is its greatest volume alone, which most
/// winners get.
const BEGINS: [u64; 4] = [0, 50, 85, 100];
/// Items of a hub that can be priced.
const MOST_ITEMS: usize = 255;

/// Whether the objective counts what bringing a line costs.
#[must_use]
pub fn counts_haul(scenario: &Scenario, line: &BidLine) -> bool {
    line.basis == PriceBasis::Hub || scenario.settings.award.objective == Objective::Surplus
}

/// A range of a line's volume with its item.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level {
    pub(super) lo: u32,
    pub(super) hi: u32,
    /// Position among the items of its hub.
    pub(super) item: usize,
}

/// A hub with its items.
pub(super) struct HubItems {
    /// `None` when there are more items than can be priced: its routes then count nothing.
    pub(super) priced: Option<PricedHub>,
    pub(super) items: Vec<Item>,
    /// Micro-dollars a piece.
    pub(super) handling: i64,
    pub(super) lines: BTreeMap<BidIx, Vec<Level>>,
}

/// Volumes at which further ranges of a line begin.
pub(super) type Breaks = BTreeMap<BidIx, BTreeSet<u32>>;

/// Items of all hubs.
///
/// # Errors
/// When a rate is beyond what routes are computed with.
pub(super) fn items(
    scenario: &Scenario,
    prepared: &Prepared,
    cases: &[HubCase<'_>],
    breaks: &Breaks,
) -> Result<Vec<HubItems>, AwardError> {
    cases.par_iter().map(|case| of_hub(scenario, prepared, case, breaks)).collect()
}

fn of_hub(
    scenario: &Scenario,
    prepared: &Prepared,
    case: &HubCase<'_>,
    breaks: &Breaks,
) -> Result<HubItems, AwardError> {
    let mut wanted: Vec<(BidIx, usize, Vec<(u32, u32)>)> = Vec::new();
    for (at, stop) in case.stops.iter().enumerate() {
        let bids: Vec<BidIx> = stop.orders.iter().filter_map(|order| order.bid).collect();
        let parts = comes_in_parts(case, at, most_together(scenario, prepared, &bids));
        for bid in bids {
            let (Some(candidate), Some(line)) = (prepared.candidate(bid), scenario.bids.get(bid.index())) else {
                continue;
            };
            let (lo, hi) = (candidate.volume_min(), candidate.volume_max());
            let ranges = match (parts, line.package.is_some()) {
                (true, true) | (false, true) => vec![(hi, hi)],
                (true, false) => vec![(lo, hi)],
                (false, false) => ranges(lo, hi, breaks.get(&bid)),
            };
            wanted.push((bid, at, if parts { ranges.into_iter().map(|(_, hi)| (0, hi)).collect() } else { ranges }));
        }
    }
    if wanted.iter().map(|(_, _, ranges)| ranges.len()).sum::<usize>() > MOST_ITEMS {
        for (_, _, ranges) in &mut wanted {
            if let (Some(&(lo, _)), Some(&(_, hi))) = (ranges.first(), ranges.last()) {
                *ranges = vec![(lo, hi)];
            }
        }
    }
    let (mut items, mut lines) = (Vec::new(), BTreeMap::new());
    for (number, (bid, stop, ranges)) in wanted.into_iter().enumerate() {
        let mut levels = Vec::with_capacity(ranges.len());
        for (lo, hi) in ranges {
            // What comes in parts may come a piece at a time; its range still begins where the line's does.
            let begin = if lo == 0 { prepared.candidate(bid).map_or(1, |c| c.volume_min()).min(hi) } else { lo };
            levels.push(Level { lo: begin, hi, item: items.len() });
            items.push(Item { stop, line: number, least: Pieces(lo.max(1)) });
        }
        lines.insert(bid, levels);
    }
    let priced = PricedHub::new(case, &items).map_err(|e| AwardError::Cost { detail: e.to_string() })?;
    let handling = priced.as_ref().map_or(0, |hub| hub.handling.0);
    Ok(HubItems { priced, items, handling, lines })
}

/// Most pieces that lines may win together at a stop: a bidder has one award for each service of a unit.
fn most_together(scenario: &Scenario, prepared: &Prepared, bids: &[BidIx]) -> u64 {
    let mut most = BTreeMap::new();
    for (bid, line) in bids.iter().zip(lines(scenario, bids)) {
        let volume = prepared.candidate(*bid).map_or(0, |c| u64::from(c.volume_max()));
        let entry = most.entry((line.bidder, line.service)).or_insert(0);
        *entry = volume.max(*entry);
    }
    most.values().sum()
}

fn ranges(lo: u32, hi: u32, further: Option<&BTreeSet<u32>>) -> Vec<(u32, u32)> {
    let span = u64::from(hi.saturating_sub(lo));
    let mut begins: BTreeSet<u32> =
        BEGINS.iter().filter_map(|share| u32::try_from(u64::from(lo) + span * share / 100).ok()).collect();
    begins.extend(further.into_iter().flatten().filter(|begin| (lo..=hi).contains(begin)));
    let begins: Vec<u32> = begins.into_iter().collect();
    let ends = begins.iter().skip(1).map(|begin| begin - 1).chain([hi]);
    begins.iter().copied().zip(ends).collect()
}

impl HubItems {
    /// Injection costs of its lines by ranges of volume, at prices by item in micro-dollars.
    pub(super) fn steps(&self, prices: &[i64]) -> impl Iterator<Item = (BidIx, Vec<Step>)> {
        let step = |level: &Level| Step {
            lo: level.lo,
            hi: level.hi,
            vehicle: VehicleIx(0),
            trips: 1,
            fixed: prices.get(level.item).copied().unwrap_or(0),
            per_piece: self.handling,
            decimetres: 0,
        };
        self.lines.iter().map(move |(bid, levels)| (*bid, levels.iter().map(step).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_cover_the_span_once() {
        for lo in 1..30 {
            for hi in lo..60 {
                let further = BTreeSet::from([lo / 2, lo + (hi - lo) / 3, hi + 1]);
                let ranges = ranges(lo, hi, Some(&further));
                assert_eq!((ranges[0].0, ranges[ranges.len() - 1]), (lo, (hi, hi)), "{lo} {hi} {ranges:?}");
                assert!(ranges.windows(2).all(|w| w[0].1 + 1 == w[1].0), "{lo} {hi} {ranges:?}");
            }
        }
    }
}
