//! Units that are worth more together: parts of the hubs' routes whose joint cost lies below what their stops cost apart.
//!
//! Candidates are the runs of consecutive stops of each planned route, each driven on its own by the class that is cheapest for it. They are
//! taken by what they gain over bids for the units alone, most first, and among equal ones those of more units; a unit is in one bundle
//! at most. Each joint cost is that of a whole timetabled route, so every bundle can be driven for it while docks are free; that no
//! other set of bundles gains more is not claimed.

use super::neighbours::{cheapest_route, lone_route};
use super::offer::{bearable, line_price, tender};
use super::{Plan, QuoteError, Served};
use crate::cost;
use crate::ids::{DduIx, HubIx};
use crate::routes::day::{Docks, HubDay, TimedRoute, proportional};
use crate::scenario::Scenario;
use crate::units::{ClockTime, MicroDollars, Pieces};
use rayon::prelude::*;

/// A unit of a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BundleLine {
    /// The unit.
    pub ddu: DduIx,
    /// Its pieces a day.
    pub pieces: Pieces,
    /// One vehicle to it alone, a day.
    pub alone: MicroDollars,
    /// What it bears of the joint cost.
    pub share: MicroDollars,
    /// Price to bid, a piece.
    pub price: MicroDollars,
    /// When the bid promises its parcels, on the unit's clock.
    pub tender: ClockTime,
}

/// Units to bid for as a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// The hub that serves them.
    pub hub: HubIx,
    /// Its units in the order of the route.
    pub lines: Vec<BundleLine>,
    /// What one vehicle to each alone costs, together.
    pub alone: MicroDollars,
    /// What one vehicle through all of them costs.
    pub joint: MicroDollars,
    /// Room between budget and reserves beyond the joint cost, a day.
    pub room: MicroDollars,
    /// How much more that is than the room of those units that are worth a bid alone.
    pub gain: MicroDollars,
}

/// What bundles are made from.
#[derive(Clone, Copy, Debug)]
pub struct Bundler<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The plan.
    pub plan: &'a Plan,
    /// How units can be served.
    pub served: &'a [Served],
    /// What may be spent on haul and price together, a piece.
    pub budget: MicroDollars,
}

/// Suggests bundles, most gain first. Runs in the current rayon pool.
///
/// # Errors
/// When money does not fit.
pub fn bundles(bundler: &Bundler<'_>, days: &[HubDay<'_>]) -> Result<Vec<Bundle>, QuoteError> {
    let of_day = |day: &HubDay<'_>| -> Result<Vec<Bundle>, QuoteError> {
        let docks = Docks::of(bundler.scenario);
        let mut found = Vec::new();
        for route in &day.routes {
            for run in bundler.runs(day, route) {
                found.extend(bundler.bundle(day, &docks, &run)?);
            }
        }
        Ok(found)
    };
    let all: Vec<Result<Vec<Bundle>, QuoteError>> = days.par_iter().map(of_day).collect();
    let mut all: Vec<Bundle> = all.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    let units = |bundle: &Bundle| bundle.lines.iter().map(|line| line.ddu).collect::<Vec<_>>();
    all.sort_by(|a, b| {
        let of = |bundle: &Bundle| (std::cmp::Reverse((bundle.gain, bundle.lines.len())), bundle.hub);
        of(a).cmp(&of(b)).then_with(|| units(a).cmp(&units(b)))
    });
    let mut taken = vec![false; bundler.scenario.ddus.len()];
    let most = usize::try_from(bundler.scenario.settings.quote.bundles).unwrap_or(usize::MAX);
    let mut kept = Vec::new();
    for bundle in all {
        if kept.len() == most {
            break;
        }
        if bundle.lines.iter().all(|line| !taken[line.ddu.index()]) {
            bundle.lines.iter().for_each(|line| taken[line.ddu.index()] = true);
            kept.push(bundle);
        }
    }
    Ok(kept)
}

impl Bundler<'_> {
    /// Runs of consecutive stops of a route that it brings whole.
    fn runs(&self, day: &HubDay<'_>, route: &TimedRoute) -> Vec<Vec<usize>> {
        let most = usize::try_from(self.scenario.settings.quote.bundle_units).unwrap_or(usize::MAX);
        let stops: Vec<Option<usize>> = route
            .visits
            .iter()
            .map(|visit| (day.case.stops[visit.stop].pieces == visit.pieces).then_some(visit.stop))
            .collect();
        let mut runs = Vec::new();
        for first in 0..stops.len() {
            let whole: Vec<usize> = stops[first..].iter().map_while(|stop| *stop).take(most).collect();
            runs.extend((2..=whole.len()).map(|count| whole[..count].to_vec()));
        }
        runs
    }

    /// The bundle of some stops in this order, if it is worth more than its parts.
    fn bundle(&self, day: &HubDay<'_>, docks: &Docks, stops: &[usize]) -> Result<Option<Bundle>, QuoteError> {
        let case = &day.case;
        let Some(route) = cheapest_route(case, docks, stops) else { return Ok(None) };
        let joint = route.total;
        let (mut alone, mut bearables, mut apart) = (Vec::new(), Vec::new(), 0_i64);
        for &stop in stops {
            let Some(own) = lone_route(case, stop) else { return Ok(None) };
            let unit = &self.scenario.ddus[case.stops[stop].ddu.index()];
            let room = bearable(self.budget, unit, case.stops[stop].pieces).ok_or(QuoteError::TooLarge)?;
            apart = apart.saturating_add(room.0.saturating_sub(own.0).max(0));
            alone.push(own.0);
            bearables.push(room.0);
        }
        let bearable: i128 = bearables.iter().map(|b| i128::from(*b)).sum();
        let Ok(room) = i64::try_from(bearable - i128::from(joint.0)) else { return Err(QuoteError::TooLarge) };
        let gain = MicroDollars(room.saturating_sub(apart));
        // A unit whose reserve exceeds the budget could bear nothing: no line of it could win.
        if gain.0 <= 0 || room < 0 || bearables.iter().any(|b| *b < 0) {
            return Ok(None);
        }
        let mut shares = proportional(joint.0, &alone);
        if shares.iter().zip(&bearables).any(|(share, most)| share > most) {
            // In proportion to what each can bear, none bears more than that, for together they can.
            shares = proportional(joint.0, &bearables);
        }
        let begins = route.visits.iter().map(|visit| visit.begin + case.release);
        let lines = stops.iter().zip(shares).zip(&alone).zip(begins);
        let lines = lines.map(|(((&stop, share), own), begin)| self.line(day, stop, MicroDollars(share), *own, begin));
        let Some(lines) = lines.collect::<Option<Vec<BundleLine>>>() else { return Ok(None) };
        let alone = MicroDollars::sum(alone.into_iter().map(MicroDollars)).ok_or(QuoteError::TooLarge)?;
        Ok(Some(Bundle { hub: case.hub, lines, alone, joint, room: MicroDollars(room), gain }))
    }

    fn line(&self, day: &HubDay<'_>, stop: usize, share: MicroDollars, alone: i64, begin: i64) -> Option<BundleLine> {
        let stop = &day.case.stops[stop];
        let unit = self.scenario.ddus.get(stop.ddu.index())?;
        let date = self.scenario.settings.operating_date;
        let begin = cost::reading(begin, &unit.timezone, date)?;
        // Award and bid alike must see a vehicle that is there by then without the other stops.
        let plan = self.plan.units.get(stop.ddu.index())?;
        let direct = self.served.get(stop.ddu.index())?.in_time(plan, day.case.hub);
        let arrival = direct.iter().map(|option| option.arrival).min()?;
        Some(BundleLine {
            ddu: stop.ddu,
            pieces: stop.pieces,
            alone: MicroDollars(alone),
            share,
            price: line_price(self.scenario, self.budget, unit, share, stop.pieces)?,
            tender: tender(self.scenario, unit, stop.by, begin.max(arrival)),
        })
    }
}
