//! An award that knows what its routes cost: award and routes in turn, then both in one model.
//!
//! The first award is determined at stand-alone costs. The lines whose haul the objective counts are routed, and each line's haul is
//! scaled to what its stop bears of the routes (`routes.award_cost`); a line that did not win takes the scale of its hub, which is what
//! routes save there on the whole. At these costs the next award is determined, and so on until an award repeats. Then column
//! generation over award and routes ([`award::integrated`]) gives a bound that no award on its routes exceeds, and the award at
//! its prices. Every award is valued on its own routes, and the one that is worth most there is kept: never less
//! than the stand-alone award.

mod bidders;
mod round;
mod scales;

use super::matrices::Prepared;
use super::routes::{RoutedDay, cases_of, costs_of, route_orders, shares_of};
use super::run::RunError;
use crate::award::{self, EngineOptions, Integrated, PricedAward, Status};
use crate::cost::{CostError, Haul, HaulSource};
use crate::ids::BidIx;
use crate::progress::Progress;
use crate::report::{AwareBidder, AwareBound, AwareKind, AwareRound};
use crate::routes::day::{self, StopCost};
use crate::scenario::{PaymentRule, Scenario};
use bidders::bidders;
use round::{Determined, Round, Winners, allocated, counted, line_costs, stopped};
use scales::Scales;

/// The award that is worth most on routes, with the way to it.
pub(super) struct Aware<'s> {
    pub(super) status: Status,
    pub(super) conflicts: Vec<String>,
    pub(super) rounds: Vec<AwareRound>,
    pub(super) bound: AwareBound,
    pub(super) bidders: Vec<AwareBidder>,
    pub(super) routed: RoutedDay<'s>,
    pub(super) costs: Vec<Vec<StopCost>>,
}

/// Alternates between award and routes, then bounds both together.
pub(super) fn route_aware<'s>(
    prepared: &Prepared<'_>,
    scenario: &'s Scenario,
    hauls: &dyn HaulSource,
    progress: &dyn Progress,
) -> Result<Aware<'s>, RunError> {
    // What is told to losers is of no use between rounds.
    let mut lean = scenario.clone();
    lean.settings.award.winning_levels = false;
    lean.settings.award.payments = PaymentRule::None;
    let most = scenario.settings.routes.award_rounds;
    let mut rounds: Vec<Round<'s>> = Vec::new();
    let take = |award: Determined, rounds: &mut Vec<Round<'s>>| -> Result<bool, RunError> {
        let new = rounds.iter().all(|round| round.award.winners != award.winners);
        if new {
            rounds.push(Round::of(prepared, scenario, hauls, award, rounds.last(), progress)?);
        }
        Ok(new)
    };
    take(alternate(&lean, hauls, None, progress)?, &mut rounds)?;
    let mut left = most;
    while left > 0 && take(alternate(&lean, hauls, rounds.last(), progress)?, &mut rounds)? {
        left -= 1;
    }
    let wanted = scenario.settings.routes.labels > 0;
    let integrated = if wanted { Some(integrate(prepared, &lean, hauls, progress)?) } else { None };
    let (columns, programmes) = integrated.as_ref().map_or((0, 0), |found| (found.columns, found.rounds));
    let most_worth = integrated.as_ref().and_then(|found| found.bound);
    if let Some(PricedAward { winners, value, gap_ppm }) = integrated.and_then(|found| found.award) {
        let (status, conflicts) = (rounds[0].award.status, Vec::new());
        let award = Determined { kind: AwareKind::Integrated, winners, status, conflicts, value, gap_ppm };
        let mut left = if take(award, &mut rounds)? { most } else { 0 };
        while left > 0 && take(alternate(&lean, hauls, rounds.last(), progress)?, &mut rounds)? {
            left -= 1;
        }
    }
    // A later award must keep the reserves at what its lines bear. Of equal values the first: with fewer changes from the stand-alone award.
    let keeps = |at: &usize| *at == 0 || rounds[*at].told.under_reserve_lines == 0;
    let worth = |at: &usize| (rounds[*at].told.on_routes, std::cmp::Reverse(*at));
    let best = (0..rounds.len()).filter(keeps).max_by_key(worth).unwrap_or(0);
    // All lines that win, on the routes that are driven.
    let rule = scenario.settings.routes.award_cost;
    let whole = |winners: &Winners| route_orders(prepared, scenario, hauls, &day::awarded(scenario, winners), progress);
    let routed = whole(&rounds[best].award.winners)?;
    let costs = costs_of(&routed.hubs, progress)?;
    let lines =
        line_costs(&routed.hubs, &costs, |cost| (cost.share.stop, allocated(rule, &cost.share), cost.share.direct));
    let alone = if best == 0 {
        lines.clone()
    } else {
        let hubs = whole(&rounds[0].award.winners)?.hubs;
        line_costs(&hubs, &shares_of(&hubs, progress)?, |s| (s.stop, allocated(rule, s), s.direct))
    };
    let bidders = bidders(scenario, [(&rounds[0].award.winners, &alone), (&rounds[best].award.winners, &lines)]);
    let told = rounds.iter().enumerate();
    let told: Vec<AwareRound> =
        told.map(|(at, round)| AwareRound { chosen: at == best, ..round.told.clone() }).collect();
    let bound = AwareBound {
        // An award that leaves a line behind is outside the model.
        bound: most_worth.filter(|_| told[best].not_brought_lines == 0),
        value: told[best].on_routes,
        columns,
        rounds: programmes,
    };
    let Determined { status, conflicts, .. } = rounds.swap_remove(best).award;
    Ok(Aware { status, conflicts, rounds: told, bound, bidders, routed, costs })
}

/// The award at the costs that the routes of the last one give, or at stand-alone costs.
fn alternate(
    lean: &Scenario,
    hauls: &dyn HaulSource,
    last: Option<&Round<'_>>,
    progress: &dyn Progress,
) -> Result<Determined, RunError> {
    let scales = last.map(|round| Scales::of(lean, round));
    let haul_of = |bid: BidIx| -> Result<Haul, CostError> {
        let haul = stand_alone(lean, hauls, bid)?;
        Ok(match &scales {
            Some(scales) => scales.scaled(bid, haul),
            None => haul,
        })
    };
    let options = EngineOptions { policy_prices: false, ..EngineOptions::default() };
    let award = award::award_by_line(lean, &haul_of, options, progress).map_err(stopped)?;
    if award.interrupted || progress.cancelled() {
        return Err(RunError::Interrupted);
    }
    Ok(Determined {
        kind: if last.is_some() { AwareKind::Alternating } else { AwareKind::StandAlone },
        winners: award.winners().map(|(bid, won)| (bid, won.volume)).collect(),
        status: award.status,
        conflicts: award.conflicts,
        value: award.value,
        gap_ppm: award.gap_ppm,
    })
}

fn stand_alone(scenario: &Scenario, hauls: &dyn HaulSource, bid: BidIx) -> Result<Haul, CostError> {
    let Some(line) = scenario.bids.get(bid.index()) else { return Err(CostError::NoVehicle) };
    hauls.get(line.hub, line.ddu)
}

/// Award and routes in one model.
fn integrate(
    prepared: &Prepared<'_>,
    lean: &Scenario,
    hauls: &dyn HaulSource,
    progress: &dyn Progress,
) -> Result<Integrated, RunError> {
    let all: Winners =
        lean.bids.iter().enumerate().map(|(at, line)| (BidIx::from_index(at), line.volume_max)).collect();
    let orders = day::awarded(lean, &counted(lean, &all));
    let (cases, _) = cases_of(prepared, lean, hauls, &orders, progress)?;
    award::integrated(lean, &|bid| stand_alone(lean, hauls, bid), &cases, progress).map_err(stopped)
}
