//! An award and its routes in one model, bounded.
//!
//! ```text
//! max  Σ spend − attributable cost of the winners − Σ cost of the routes that bring them
//! s.t. the rules of the award; a line whose haul counts is brought by routes from its hub
//! ```
//! Routes are columns: where a line wins a range of its volume ([`items`]), some route must come by ([`crate::routes::day::PricedHub`]).
//! Relaxing that with *prices* of the lines leaves an award in which a line's haul costs its price, and for each hub the question
//! whether a route costs less than the prices of its lines: column generation (Dantzig and Wolfe, *Operations Research* 8, 1960)
//! over the award's linear relaxation and labelling with ng-routes finds prices at which none does. At such prices the bound of the
//! award is a bound on award and routes together; it is that of the award engine, in integers.
//!
//! The reserve depends on what a line bears of its route, which no price tells before the routes are chosen: the bound holds whatever
//! the reserves of these lines are. So it does for awards that all of its lines are brought for.

mod items;

pub use items::counts_haul;

use super::mip::{Link, Linked};
use super::prepare::{Prepared, Relaxed, Repriced, prepare, prepare_repriced, volume_of};
use super::rules;
use super::solve::{self, Plan};
use super::subproblem::Subproblem;
use super::{AwardError, EngineOptions};
use crate::cost::Haul;
use crate::ids::BidIx;
use crate::progress::{Progress, Quiet};
use crate::routes::day::{HubCase, ItemRoute, PayingRoutes};
use crate::scenario::Scenario;
use crate::solver::Stop;
use crate::units::{MicroDollars, Pieces};
use items::{Breaks, HubItems, items};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Solutions of the linear programme.
const MOST_ROUNDS: u32 = 300;
/// Micro-dollars by which exact money of a route may lie below that of the problem it was found in: each part is rounded once, and a route
/// has at most 255 visits.
const ROUNDING: i64 = 1_100;
/// Times that ranges of volumes are refined.
const REFINEMENTS: u32 = 2;
/// Refining ends when it lowers the bound by less than this part of it.
const LEAST_GAIN: i64 = 4_000;
/// Micro-dollars by which a route may cost less than its prices when column generation ends.
const NEGLIGIBLE: i64 = 1_000;

/// What award and routes together come to at most, and an award at the prices that prove it.
#[derive(Clone, Debug)]
pub struct Integrated {
    /// No award is worth more on routes; `None` when the user stopped the search or no award obeys the policy.
    pub bound: Option<MicroDollars>,
    /// The award at the prices, where reserves hold.
    pub award: Option<PricedAward>,
    /// Routes in the programme.
    pub columns: usize,
    /// Solutions of the programme.
    pub rounds: u32,
}

/// An award of the model.
#[derive(Clone, Debug)]
pub struct PricedAward {
    /// Lines that win, with their pieces; ascending.
    pub winners: Vec<(BidIx, Pieces)>,
    /// Its objective when each line's haul costs its price.
    pub value: MicroDollars,
    /// Its proven gap at the prices.
    pub gap_ppm: Option<u64>,
}

/// Bounds award and routes together. `cases` hold the stops of all lines whose haul counts ([`counts_haul`]), each with its bid.
///
/// Ranges of volumes are refined where the award at the prices profits from them (Boland, Hewitt, Marshall, Savelsbergh, *Operations
/// Research* 65, 2017, discover time points in this way).
///
/// # Errors
/// As [`super::award`].
pub fn integrated<E: std::fmt::Display + Send>(
    scenario: &Scenario,
    haul_of: &(dyn Fn(BidIx) -> Result<Haul, E> + Sync),
    cases: &[HubCase<'_>],
    progress: &dyn Progress,
) -> Result<Integrated, AwardError> {
    let stand_alone = prepare(scenario, haul_of, Relaxed::Nothing)?;
    // Unit by unit under prices: with several pieces a line that is the faster way to a bound.
    let options = EngineOptions { dual_offers: super::POLICY_DUAL_OFFERS, ..EngineOptions::default() };
    let plan = Plan { ties: false, criteria: &[], ..Plan::of(&scenario.settings.award, options, progress) };
    let mut breaks = Breaks::new();
    let mut found = Integrated { bound: None, award: None, columns: 0, rounds: 0 };
    for refinement in 0..=REFINEMENTS {
        let hubs = items(scenario, &stand_alone, cases, &breaks)?;
        let at = |prices: &[Vec<i64>], floors: bool| {
            let steps = hubs.iter().zip(prices).flat_map(|(hub, prices)| hub.steps(prices)).collect();
            prepare_repriced(scenario, haul_of, Relaxed::Nothing, &Repriced { steps, floors })
        };
        progress.begin("award and routes", None);
        let free: Vec<Vec<i64>> = hubs.iter().map(|hub| vec![0; hub.items.len()]).collect();
        let mut generation = Generation::new(scenario, &at(&free, false)?, &hubs)?;
        let prices = generation.run(progress)?;
        let determine = |floors: bool| {
            let prepared = at(&prices, floors)?;
            let solution = solve::solve(&rules::model(scenario, &prepared), &plan, &Quiet(progress))?;
            if solution.as_ref().is_some_and(|solution| solution.interrupted) || progress.cancelled() {
                return Err(AwardError::Interrupted);
            }
            Ok(solution.map(|solution| (winners(scenario, &prepared, &solution.quantities), solution)))
        };
        found.columns = generation.columns.len();
        found.rounds += generation.rounds;
        let Some((winners, above)) = determine(false)? else { break };
        let bound = super::money(above.bound);
        let before = found.bound.replace(found.bound.map_or(bound, |known| known.min(bound)));
        progress.finish(&format!("bound {bound}, {} routes", found.columns));
        let gained = before.map_or(i64::MAX, |before| before.0 - bound.0);
        let refined = refinement < REFINEMENTS && gained > bound.0 / LEAST_GAIN && refine(&hubs, &winners, &mut breaks);
        if !refined {
            found.award = determine(true)?.map(|(winners, solution)| PricedAward {
                winners,
                value: super::money(solution.value),
                gap_ppm: solution.gap_ppm(),
            });
            break;
        }
    }
    Ok(found)
}

/// Lets ranges begin at the volumes that win within a range; false when there are none.
fn refine(hubs: &[HubItems], winners: &[(BidIx, Pieces)], breaks: &mut Breaks) -> bool {
    let mut any = false;
    for (bid, Pieces(volume)) in winners {
        let levels = hubs.iter().find_map(|hub| hub.lines.get(bid));
        if levels.is_some_and(|levels| levels.len() > 1 && levels.iter().all(|level| level.lo != *volume)) {
            any |= breaks.entry(*bid).or_default().insert(*volume);
        }
    }
    any
}

fn winners(scenario: &Scenario, prepared: &Prepared, quantities: &[u32]) -> Vec<(BidIx, Pieces)> {
    let winners = prepared.offers.iter().zip(quantities).flat_map(|(offer, &quantity)| {
        let volume = move |bid: &BidIx| (*bid, Pieces(volume_of(scenario, offer, *bid, quantity)));
        offer.bids.iter().map(volume).filter(|(_, volume)| volume.0 > 0)
    });
    let mut winners: Vec<(BidIx, Pieces)> = winners.collect();
    winners.sort_unstable();
    winners
}

/// Column generation.
struct Generation<'h> {
    hubs: &'h [HubItems],
    linked: Linked,
    /// First link of each hub.
    first: Vec<usize>,
    columns: BTreeSet<(usize, ItemRoute)>,
    rounds: u32,
}

impl<'h> Generation<'h> {
    fn new(scenario: &Scenario, prepared: &Prepared, hubs: &'h [HubItems]) -> Result<Self, AwardError> {
        let model = rules::model(scenario, prepared);
        let offers = model.offers.len();
        let sub = Subproblem::new(&model, (0..offers).collect(), &vec![0; offers], |_| true);
        let (mut first, mut links) = (Vec::with_capacity(hubs.len()), Vec::new());
        for hub in hubs {
            first.push(links.len());
            // An item whose line has no offer is linked to nothing.
            links.resize(links.len() + hub.items.len(), Link { offer: usize::MAX, piece: 0 });
            for (bid, levels) in &hub.lines {
                let Some(offer) = prepared.offer_of.get(bid.index()).copied().flatten() else { continue };
                for (piece, level) in levels.iter().enumerate() {
                    links[first[first.len() - 1] + level.item] = Link { offer, piece };
                }
            }
        }
        let linked = Linked::new(&sub, &links)?;
        let mut generation = Self { hubs, linked, first, columns: BTreeSet::new(), rounds: 0 };
        let singles = hubs.iter().map(|hub| hub.priced.as_ref().map(|p| p.singles()).unwrap_or_default()).collect();
        generation.add(singles)?;
        Ok(generation)
    }

    /// Adds what is not there yet; returns how many.
    fn add(&mut self, found: Vec<Vec<ItemRoute>>) -> Result<usize, AwardError> {
        let before = self.columns.len();
        for (hub, routes) in found.into_iter().enumerate() {
            for route in routes {
                let links: Vec<usize> = route.items.iter().map(|item| self.first[hub] + item).collect();
                let cost = route.cost.0;
                if self.columns.insert((hub, route)) {
                    self.linked.add(cost, &links)?;
                }
            }
        }
        Ok(self.columns.len() - before)
    }

    /// Prices by hub and item that no route exceeds.
    fn run(&mut self, progress: &dyn Progress) -> Result<Vec<Vec<i64>>, AwardError> {
        loop {
            let Some(all) = self.linked.prices(Stop::when(progress))? else { return Err(AwardError::Interrupted) };
            self.rounds += 1;
            let of_hub = |(hub, first): (&HubItems, &usize)| all[*first..first + hub.items.len()].to_vec();
            let prices: Vec<Vec<i64>> = self.hubs.iter().zip(&self.first).map(of_hub).collect();
            if progress.cancelled() {
                return Err(AwardError::Interrupted);
            }
            let last = self.rounds >= MOST_ROUNDS;
            let found = if last { Vec::new() } else { self.paying(&prices, false) };
            if self.add(found.into_iter().map(|found| found.routes).collect())? > 0 {
                continue;
            }
            let found = self.paying(&prices, true);
            let losses: Vec<Option<i64>> = found.iter().map(|found| found.loss.map(|loss| loss.0)).collect();
            let paid = losses.iter().all(|loss| loss.is_none_or(|loss| loss <= NEGLIGIBLE));
            if last || paid || self.add(found.into_iter().map(|found| found.routes).collect())? == 0 {
                return Ok(prices.into_iter().zip(losses).map(|(prices, loss)| lowered(prices, loss)).collect());
            }
        }
    }

    fn paying(&self, prices: &[Vec<i64>], exact: bool) -> Vec<PayingRoutes> {
        let of = |(hub, prices): (&HubItems, &Vec<i64>)| match &hub.priced {
            Some(priced) => priced.paying(prices, exact),
            None => PayingRoutes::default(),
        };
        self.hubs.par_iter().zip(prices).map(of).collect()
    }
}

/// Prices that no route exceeds: a route has at least one item, so each price sinks by what a route may cost less. Where that is not
/// known, hauls cost nothing.
fn lowered(prices: Vec<i64>, loss: Option<i64>) -> Vec<i64> {
    let Some(loss) = loss else { return vec![0; prices.len()] };
    prices.into_iter().map(|price| (price - loss - ROUNDING).max(0)).collect()
}
