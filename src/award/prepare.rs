//! From bid lines to offers: which volumes may win at a price, and what they are worth.
//!
//! A line takes part when a vehicle class reaches the dock in time. Its injection cost is cut into steps
//! ([`super::step_cost`]); on each step the reserve (`v·(price − reserve) ≥ injection cost` on hub basis) and a
//! non-negative net value are linear in the volume, so they cut the step to an exact range of integers.

use super::AwardError;
use super::model::{Linear, Offer, Piece};
use super::reason::Ineligible;
use super::step_cost::{MAX_STEPS, Step, StepError, steps};
use crate::cost::{Haul, VehicleOption};
use crate::ids::{BidIx, DduIx};
use crate::scenario::{BidLine, Criterion, Objective, Override, OverrideAction, OverrideTarget, PriceBasis, Scenario};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A line that can be brought to its dock in time.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    /// Injection cost on `volume_min..=min(volume_max, capacity + 1)`.
    pub(crate) steps: Vec<Step>,
    /// Least price the dock must get, micro-dollars per piece.
    reserve: i64,
    attributable: i64,
    /// Minutes from tender to critical entry time.
    lead: i64,
    /// Number drawn from seed and bid id.
    draw: i64,
    /// The reserve holds and the value is not negative; otherwise each step is a piece of its own, whatever it is worth.
    floors: bool,
}

impl Candidate {
    /// Least volume the line may win.
    pub(crate) fn volume_min(&self) -> u32 {
        self.steps.first().map_or(0, |s| s.lo)
    }

    /// Greatest volume the line may win.
    pub(crate) fn volume_max(&self) -> u32 {
        self.steps.last().map_or(0, |s| s.hi)
    }
}

/// A line's standing before anyone is compared.
#[derive(Clone, Debug)]
pub(crate) enum Standing {
    Out(Ineligible),
    In(Box<Candidate>),
}

/// All lines prepared, and the offers made of them.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    /// By bid line.
    pub(crate) standing: Vec<Standing>,
    /// Ascending by first bid line. Offers that cannot win at their price are kept, without pieces.
    pub(crate) offers: Vec<Offer>,
    /// By bid line: its offer, if it has one.
    pub(crate) offer_of: Vec<Option<usize>>,
    /// Lines of each package by bid line, for lines in packages.
    pub(crate) packages: BTreeMap<BidIx, Vec<BidIx>>,
    /// Bids that must win, whatever they are worth.
    forced: BTreeSet<BidIx>,
}

/// What depends on settings only.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Valuation<'a> {
    pub(crate) objective: Objective,
    pub(crate) criteria: &'a [Criterion],
}

/// A rule of eligibility that is left out, to price it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relaxed {
    Nothing,
    /// Every reserve is the attributable cost.
    Reserves,
    /// The override of this number in the scenario neither forces nor forbids.
    Override(usize),
}

/// Injection costs by ranges of the volume, in place of those of a line's haul.
#[derive(Clone, Debug, Default)]
pub(crate) struct Repriced {
    /// Ascending and without gaps, over all volumes that the line may win.
    pub(crate) steps: BTreeMap<BidIx, Vec<Step>>,
    /// Whether reserves and a value from 0 still hold for these lines.
    pub(crate) floors: bool,
}

/// Prepares all lines.
pub(crate) fn prepare<E: std::fmt::Display + Send>(
    scenario: &Scenario,
    haul_of: &(dyn Fn(BidIx) -> Result<Haul, E> + Sync),
    relaxed: Relaxed,
) -> Result<Prepared, AwardError> {
    prepare_repriced(scenario, haul_of, relaxed, &Repriced::default())
}

/// As [`prepare`], with other injection costs for some lines.
pub(crate) fn prepare_repriced<E: std::fmt::Display + Send>(
    scenario: &Scenario,
    haul_of: &(dyn Fn(BidIx) -> Result<Haul, E> + Sync),
    relaxed: Relaxed,
    repriced: &Repriced,
) -> Result<Prepared, AwardError> {
    let stand = |(at, (bid, forbidden)): (usize, (&BidLine, bool))| {
        let haul = || haul_of(BidIx::from_index(at));
        if forbidden {
            return Ok::<_, AwardError>(Standing::Out(Ineligible::Forbidden));
        }
        let mut standing = stand(scenario, bid, &haul, relaxed)?;
        if let (Standing::In(candidate), Some(steps)) = (&mut standing, repriced.steps.get(&BidIx::from_index(at))) {
            (candidate.steps, candidate.floors) = (steps.clone(), repriced.floors);
        }
        Ok(standing)
    };
    let forbidden = forbidden(scenario, relaxed);
    let standing = scenario.bids.par_iter().zip(forbidden).enumerate().map(stand).collect::<Result<Vec<_>, _>>()?;
    let forced = forced(scenario, relaxed);
    let mut by_package: BTreeMap<(u32, &str), Vec<BidIx>> = BTreeMap::new();
    for (index, bid) in scenario.bids.iter().enumerate() {
        if let Some(package) = &bid.package {
            by_package.entry((bid.bidder.0, package)).or_default().push(BidIx::from_index(index));
        }
    }
    let packages: BTreeMap<BidIx, Vec<BidIx>> =
        by_package.into_values().flat_map(|lines| lines.clone().into_iter().map(move |b| (b, lines.clone()))).collect();
    let mut prepared = Prepared {
        offer_of: vec![None; standing.len()],
        standing,
        offers: Vec::new(),
        packages: packages.clone(),
        forced,
    };
    for (index, bid) in scenario.bids.iter().enumerate() {
        let this = BidIx::from_index(index);
        let lines = packages.get(&this).cloned().unwrap_or_else(|| vec![this]);
        if lines.first() != Some(&this) || prepared.candidates(&lines).len() != lines.len() {
            continue;
        }
        let mut ddus: Vec<DduIx> = self::lines(scenario, &lines).map(|line| line.ddu).collect();
        ddus.sort_unstable();
        ddus.dedup();
        let is_package = bid.package.is_some();
        let mut volumes = vec![u32::from(!is_package); ddus.len()];
        for line in self::lines(scenario, &lines).filter(|_| is_package) {
            if let Some(slot) = ddus.binary_search(&line.ddu).ok().and_then(|at| volumes.get_mut(at)) {
                *slot = slot.saturating_add(line.volume_max.0);
            }
        }
        let largest = prepared.candidates(&lines).iter().map(|c| c.volume_max()).max().unwrap_or(0);
        let most = if is_package { 1 } else { largest };
        let mut offer = Offer { is_package, bids: lines, bidder: bid.bidder, ddus, volumes, most, pieces: Vec::new() };
        offer.pieces = prepared.pieces(scenario, &offer, 0)?;
        for line in &offer.bids {
            if let Some(slot) = prepared.offer_of.get_mut(line.index()) {
                *slot = Some(prepared.offers.len());
            }
        }
        prepared.offers.push(offer);
    }
    Ok(prepared)
}

impl Prepared {
    pub(crate) fn candidate(&self, bid: BidIx) -> Option<&Candidate> {
        match self.standing.get(bid.index()) {
            Some(Standing::In(candidate)) => Some(candidate),
            _ => None,
        }
    }

    pub(crate) fn candidates(&self, bids: &[BidIx]) -> Vec<&Candidate> {
        bids.iter().filter_map(|b| self.candidate(*b)).collect()
    }

    /// Why a bid cannot win whatever the others bid.
    pub(crate) fn fault(&self, scenario: &Scenario, bid: BidIx) -> Option<Ineligible> {
        let lines = self.packages.get(&bid).map_or_else(|| vec![bid], Clone::clone);
        lines.into_iter().find_map(|line| match self.standing.get(line.index()) {
            Some(Standing::Out(reason)) => Some(reason.clone()),
            _ => self.price_fault(scenario, line),
        })
    }

    /// Why a line without pieces may not win at its price.
    pub(crate) fn price_fault(&self, scenario: &Scenario, bid: BidIx) -> Option<Ineligible> {
        let (candidate, line) = (self.candidate(bid)?, scenario.bids.get(bid.index())?);
        let award = &scenario.settings.award;
        let valuation = Valuation { objective: award.objective, criteria: &award.criteria };
        let (lo, hi) = (candidate.volume_min(), candidate.volume_max());
        candidate.pieces(line, line.price.0, valuation, if line.package.is_some() { hi } else { lo }, true).err()
    }

    /// Pieces of an offer when every price is `raise` micro-dollars higher; empty when no volume may win.
    pub(crate) fn pieces(&self, scenario: &Scenario, offer: &Offer, raise: i64) -> Result<Vec<Piece>, AwardError> {
        let award = &scenario.settings.award;
        let valuation = Valuation { objective: award.objective, criteria: &award.criteria };
        let too_large = |bid: &BidLine| AwardError::TooLarge { bid: bid.id.clone() };
        let (mut value, mut scores): (i128, Vec<i128>) = (0, Vec::new());
        let forced = offer.bids.iter().any(|b| self.forced.contains(b));
        for (candidate, bid) in self.candidates(&offer.bids).into_iter().zip(lines(scenario, &offer.bids)) {
            let price = bid.price.0.checked_add(raise).ok_or_else(|| too_large(bid))?;
            let least = if offer.is_package { candidate.volume_max() } else { candidate.volume_min() };
            let with_value_floor = !offer.is_package && !forced;
            let pieces = candidate.pieces(bid, price, valuation, least, with_value_floor).unwrap_or_default();
            let safe = |p: &Piece| {
                std::iter::once(&p.value).chain(&p.scores).all(|l| l.at(p.lo).abs().max(l.at(p.hi).abs()) < 1 << 53)
            };
            if !pieces.iter().all(safe) {
                return Err(too_large(bid));
            }
            if !offer.is_package {
                return Ok(pieces);
            }
            let Some(piece) = pieces.first() else { return Ok(Vec::new()) };
            value += piece.value.at(piece.hi);
            scores.resize(piece.scores.len(), 0);
            scores.iter_mut().zip(&piece.scores).for_each(|(sum, s)| *sum += s.at(piece.hi));
        }
        let constant = |v: i128| i64::try_from(v).map(|fixed| Linear { fixed, per_unit: 0 });
        let Some(first) = lines(scenario, &offer.bids).next() else { return Ok(Vec::new()) };
        let value = constant(value).map_err(|_| too_large(first))?;
        let scores = scores.into_iter().map(constant).collect::<Result<_, _>>().map_err(|_| too_large(first))?;
        let floors = forced || self.candidates(&offer.bids).iter().any(|c| !c.floors);
        Ok(if value.fixed < 0 && !floors { Vec::new() } else { vec![Piece { lo: 1, hi: 1, value, scores }] })
    }
}

/// The lines of an offer.
pub(crate) fn lines<'a>(scenario: &'a Scenario, bids: &[BidIx]) -> impl Iterator<Item = &'a BidLine> {
    bids.iter().filter_map(|b| scenario.bids.get(b.index()))
}

/// Volume of one line of an offer at a quantity of the offer.
pub(crate) fn volume_of(scenario: &Scenario, offer: &Offer, bid: BidIx, quantity: u32) -> u32 {
    match (quantity, offer.is_package) {
        (0, _) => 0,
        (q, false) => q,
        (_, true) => scenario.bids.get(bid.index()).map_or(0, |b| b.volume_max.0),
    }
}

fn stand<E: std::fmt::Display>(
    scenario: &Scenario,
    bid: &BidLine,
    haul: &dyn Fn() -> Result<Haul, E>,
    relaxed: Relaxed,
) -> Result<Standing, AwardError> {
    let out = |reason| Ok(Standing::Out(reason));
    let Some(ddu) = scenario.ddus.get(bid.ddu.index()) else { return out(Ineligible::ServiceNotOffered) };
    let Some(cet) = ddu.critical_entry_time(bid.service) else { return out(Ineligible::ServiceNotOffered) };
    if bid.tender < ddu.dock_open || bid.tender > ddu.dock_close {
        return out(Ineligible::TenderOutsideDock);
    }
    if bid.tender > cet {
        return out(Ineligible::TenderAfterCet { cet });
    }
    let haul = haul().map_err(|e| AwardError::Cost { detail: e.to_string() })?;
    let options = match haul.options {
        Ok(options) => options,
        Err(reason) => return out(Ineligible::NoHaul(reason)),
    };
    let by = bid.tender.min(cet).min(ddu.dock_close);
    let timely: Vec<&VehicleOption> = options.iter().filter(|o| o.feasible_by(by)).collect();
    if timely.is_empty() {
        let earliest = options.iter().map(|o| o.arrival).min().unwrap_or(by);
        return out(Ineligible::ArrivesLate { minutes: earliest.0.saturating_sub(by.0) });
    }
    if bid.volume_min > ddu.capacity || (bid.package.is_some() && bid.volume_max > ddu.capacity) {
        return out(Ineligible::ExceedsCapacity { capacity: ddu.capacity });
    }
    // One piece beyond the capacity, so that the worth of one more piece can be told; the capacity rule holds anyway.
    let most = bid.volume_max.0.min(ddu.capacity.0.saturating_add(1));
    let steps = steps(&timely, bid.volume_min.0, most).map_err(|e| match e {
        StepError::TooMany => AwardError::TooManyTrips { bid: bid.id.clone(), limit: MAX_STEPS },
        StepError::Overflow => AwardError::TooLarge { bid: bid.id.clone() },
    })?;
    let attributable = ddu.attributable_cost;
    let reserve = if relaxed == Relaxed::Reserves { attributable } else { ddu.reserve_price.max(attributable) };
    Ok(Standing::In(Box::new(Candidate {
        steps,
        reserve: reserve.0,
        attributable: ddu.attributable_cost.0,
        lead: i64::from(cet.0) - i64::from(bid.tender.0),
        draw: draw(scenario.settings.seed, &bid.id),
        floors: true,
    })))
}

/// Bids that overrides force.
fn forced(scenario: &Scenario, relaxed: Relaxed) -> BTreeSet<BidIx> {
    let in_force = |(i, o): &(usize, &Override)| o.action == OverrideAction::Force && relaxed != Relaxed::Override(*i);
    let force = scenario.overrides.iter().enumerate().filter(in_force);
    force.filter_map(|(_, o)| if let OverrideTarget::Bid(bid) = o.target { Some(bid) } else { None }).collect()
}

/// By bid line, whether an override forbids it.
fn forbidden(scenario: &Scenario, relaxed: Relaxed) -> Vec<bool> {
    let mut forbidden = vec![false; scenario.bids.len()];
    let in_force = |(i, o): &(usize, &Override)| o.action == OverrideAction::Forbid && relaxed != Relaxed::Override(*i);
    for (_, rule) in scenario.overrides.iter().enumerate().filter(in_force) {
        for (index, bid) in scenario.bids.iter().enumerate() {
            let meant = match rule.target {
                OverrideTarget::Bid(one) => one.index() == index,
                OverrideTarget::Bidder(bidder) => bid.bidder == bidder,
                OverrideTarget::BidderAt(bidder, ddu) => bid.bidder == bidder && bid.ddu == ddu,
            };
            if let Some(slot) = forbidden.get_mut(index).filter(|_| meant) {
                *slot = true;
            }
        }
    }
    forbidden
}

/// A number in `1..=2^20` from seed and bid id.
fn draw(seed: u64, bid: &str) -> i64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&seed.to_le_bytes());
    hasher.update(bid.as_bytes());
    let bytes = *hasher.finalize().as_bytes();
    1 + i64::from(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0]) & 0xF_FFFF)
}

impl Candidate {
    /// Ranges of volumes from `least` that may win at a price; `Err` says why there are none.
    fn pieces(
        &self,
        bid: &BidLine,
        price: i64,
        valuation: Valuation<'_>,
        least: u32,
        with_value_floor: bool,
    ) -> Result<Vec<Piece>, Ineligible> {
        let reserve = Ineligible::BelowReserve { reserve: crate::units::MicroDollars(self.reserve) };
        let hub = bid.basis == PriceBasis::Hub;
        let deducted = hub || valuation.objective == Objective::Surplus;
        let attributable = if valuation.objective == Objective::Revenue { 0 } else { self.attributable };
        let (mut pieces, mut fault): (Vec<Piece>, _) = (Vec::new(), reserve);
        let offset = i128::from(bid.offset().0);
        for step in &self.steps {
            let range = (step.lo.max(least), step.hi);
            let (fixed, per_piece) = (i128::from(step.fixed), i128::from(step.per_piece));
            let over_reserve = i128::from(price) - i128::from(self.reserve);
            let range = if !self.floors {
                Some(range).filter(|(lo, hi)| lo <= hi)
            } else if hub {
                clip(range, over_reserve - per_piece, offset - fixed)
            } else {
                clip(range, over_reserve, offset)
            };
            let Some(range) = range else { continue };
            let unit = i128::from(price) - i128::from(attributable) - if deducted { per_piece } else { 0 };
            let constant = offset - if deducted { fixed } else { 0 };
            let range = if with_value_floor && self.floors { clip(range, unit, constant) } else { Some(range) };
            let Some((lo, hi)) = range else {
                fault = Ineligible::NegativeValue;
                continue;
            };
            let narrow = |v: i128| i64::try_from(v).unwrap_or(i64::MAX);
            let value = Linear { fixed: narrow(constant), per_unit: narrow(unit) };
            let scores = self.scores(step, valuation.criteria);
            match pieces.last_mut() {
                Some(last)
                    if self.floors
                        && last.hi.checked_add(1) == Some(lo)
                        && last.value == value
                        && last.scores == scores =>
                {
                    last.hi = hi;
                }
                _ => pieces.push(Piece { lo, hi, value, scores }),
            }
        }
        if pieces.is_empty() { Err(fault) } else { Ok(pieces) }
    }

    /// Separable criteria in order, then the draw; more is better.
    fn scores(&self, step: &Step, criteria: &[Criterion]) -> Vec<Linear> {
        let mut scores: Vec<Linear> = criteria
            .iter()
            .filter_map(|criterion| match criterion {
                Criterion::MoreBidders => None,
                Criterion::FewerMiles => Some(Linear { fixed: -step.decimetres, per_unit: 0 }),
                Criterion::EarlierTender => Some(Linear { fixed: 0, per_unit: self.lead }),
            })
            .collect();
        scores.push(Linear { fixed: 0, per_unit: self.draw });
        scores
    }
}

/// The volumes `v` of a range with `slope·v + constant ≥ 0`.
fn clip((lo, hi): (u32, u32), slope: i128, constant: i128) -> Option<(u32, u32)> {
    let (lo, hi) = (i128::from(lo), i128::from(hi));
    let (lo, hi) = match slope.signum() {
        1 => (lo.max((-constant).div_euclid(slope) + i128::from((-constant).rem_euclid(slope) != 0)), hi),
        0 if constant >= 0 => (lo, hi),
        0 => return None,
        _ => (lo, hi.min(constant.div_euclid(-slope))),
    };
    if lo > hi { None } else { Some((u32::try_from(lo).ok()?, u32::try_from(hi).ok()?)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clipping_equals_testing_each_volume() {
        for slope in -4..=4_i128 {
            for constant in -20..=20_i128 {
                let plain: Vec<u32> = (2..=9).filter(|v| slope * i128::from(*v) + constant >= 0).collect();
                let expected = plain.first().copied().zip(plain.last().copied());
                assert_eq!(clip((2, 9), slope, constant), expected, "{slope} v + {constant}");
            }
        }
    }

    #[test]
    fn the_draw_depends_on_seed_and_id_only() {
        assert_eq!(draw(1, "B1"), draw(1, "B1"));
        assert_ne!(draw(1, "B1"), draw(2, "B1"));
        assert_ne!(draw(1, "B1"), draw(1, "B2"));
    }
}
