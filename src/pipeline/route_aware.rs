//! An award that knows what its routes cost: award and routes in turn, until the award repeats.
//!
//! The first award is determined at stand-alone costs. Its volumes are routed, and each line's haul is scaled to what its stop
//! bears of the routes (`routes.award_cost`); a line that did not win takes the scale of its hub, which is what routes
//! save there on the whole. At these costs the next award is determined, and so on. Every award is valued on its own routes, and
//! the one that is worth most there is kept: never less than the stand-alone award. This is a heuristic: each award is proven
//! at the costs it was given, no bound is known over awards and routes together.

use super::matrices::Prepared;
use super::routes::{RoutedDay, costs_of, route_orders};
use super::run::RunError;
use crate::award::{self, Award, EngineOptions, Status};
use crate::cost::{CostError, Haul, HaulSource};
use crate::ids::{BidIx, BidderIx};
use crate::progress::Progress;
use crate::report::{AwareBidder, AwareRound};
use crate::routes::day::{self, StopCost, proportional};
use crate::scenario::{Objective, PaymentRule, PriceBasis, RouteCost, Scenario, VehicleOption};
use crate::units::{MicroDollars, Pieces, round_div};
use std::collections::BTreeMap;

/// The award that is worth most on routes, with the way to it.
pub(super) struct Aware<'s> {
    pub(super) status: Status,
    pub(super) conflicts: Vec<String>,
    pub(super) rounds: Vec<AwareRound>,
    pub(super) bidders: Vec<AwareBidder>,
    pub(super) routed: RoutedDay<'s>,
    pub(super) costs: Vec<Vec<StopCost>>,
}

/// What a line costs at its volume: on routes, and by direct trips.
type LineCosts = BTreeMap<BidIx, [MicroDollars; 2]>;

type Winners = Vec<(BidIx, Pieces)>;

/// An award with its routes.
struct Round<'s> {
    winners: Winners,
    status: Status,
    conflicts: Vec<String>,
    routed: RoutedDay<'s>,
    costs: Vec<Vec<StopCost>>,
    lines: LineCosts,
    told: AwareRound,
}

/// Alternates between award and routes.
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
    let options = EngineOptions { policy_prices: false, ..EngineOptions::default() };
    let mut rounds: Vec<Round<'s>> = Vec::new();
    let most = usize::try_from(scenario.settings.routes.award_rounds).unwrap_or(usize::MAX);
    while rounds.len() <= most {
        let scales = rounds.last().map(|round| Scales::of(scenario, round));
        let haul_of = |bid: BidIx| -> Result<Haul, CostError> {
            let Some(line) = scenario.bids.get(bid.index()) else { return Err(CostError::NoVehicle) };
            let haul = hauls.get(line.hub, line.ddu)?;
            Ok(match &scales {
                Some(scales) => scales.scaled(bid, haul),
                None => haul,
            })
        };
        let award = award::award_by_line(&lean, &haul_of, options, progress)?;
        if award.interrupted || progress.cancelled() {
            return Err(RunError::Interrupted);
        }
        let winners: Winners = award.winners().map(|(bid, won)| (bid, won.volume)).collect();
        if rounds.iter().any(|round| round.winners == winners) {
            break;
        }
        let changed = rounds.last().map(|round| differing(&round.winners, &winners));
        let round = evaluate(prepared, scenario, hauls, &award, winners, progress)?;
        rounds.push(Round { told: AwareRound { changed_lines: changed.unwrap_or(0), ..round.told }, ..round });
    }
    // Of equal values the first: with fewer changes from the stand-alone award.
    let best = (0..rounds.len()).max_by_key(|at| (rounds[*at].told.on_routes, std::cmp::Reverse(*at))).unwrap_or(0);
    let bidders = bidders(scenario, &rounds[0], &rounds[best]);
    let told = rounds.iter().enumerate();
    let told = told.map(|(at, round)| AwareRound { chosen: at == best, ..round.told.clone() }).collect();
    let Round { status, conflicts, routed, costs, .. } = rounds.swap_remove(best);
    Ok(Aware { status, conflicts, rounds: told, bidders, routed, costs })
}

/// Lines that win in one award only, or another volume.
fn differing(a: &Winners, b: &Winners) -> usize {
    let (a, b): (BTreeMap<_, _>, BTreeMap<_, _>) = (a.iter().copied().collect(), b.iter().copied().collect());
    let mut bids: Vec<&BidIx> = a.keys().chain(b.keys()).collect();
    bids.sort_unstable();
    bids.dedup();
    bids.into_iter().filter(|bid| a.get(bid) != b.get(bid)).count()
}

fn evaluate<'s>(
    prepared: &Prepared<'_>,
    scenario: &'s Scenario,
    hauls: &dyn HaulSource,
    award: &Award,
    winners: Winners,
    progress: &dyn Progress,
) -> Result<Round<'s>, RunError> {
    let orders = day::awarded(scenario, &winners);
    let routed = route_orders(prepared, scenario, hauls, &orders, progress)?;
    let costs = costs_of(&routed.hubs, progress)?;
    let lines = line_costs(scenario, &routed, &costs);
    let too_large = || RunError::Routes(day::DayError::TooLarge);
    let (mut alone, mut on_routes) = (MicroDollars::ZERO, MicroDollars::ZERO);
    let (mut under_reserve, mut not_brought) = (0, 0);
    for (order, &(bid, volume)) in orders.iter().zip(&winners) {
        let direct = hauls.get(order.hub, order.ddu)?.injection_cost_by(order.by, volume);
        let direct = direct.map_or(MicroDollars::ZERO, |cost| cost.total);
        let value = |injection| value(scenario, bid, volume, injection).ok_or_else(too_large);
        alone = alone.checked_add(value(direct)?.0).ok_or_else(too_large)?;
        let Some([cost, _]) = lines.get(&bid) else {
            not_brought += 1;
            continue;
        };
        let (worth, over_reserve) = value(*cost)?;
        under_reserve += usize::from(!over_reserve);
        on_routes = on_routes.checked_add(worth).ok_or_else(too_large)?;
    }
    let sum = |amounts: Vec<Option<MicroDollars>>| {
        amounts.into_iter().collect::<Option<Vec<_>>>().and_then(MicroDollars::sum).ok_or_else(too_large)
    };
    let told = AwareRound {
        lines: winners.len(),
        changed_lines: 0,
        value: award.value,
        gap_ppm: award.gap_ppm,
        stand_alone: alone,
        on_routes,
        routes: sum(routed.hubs.iter().map(|hub| hub.total()).collect())?,
        direct: sum(routed.hubs.iter().map(|hub| hub.direct()).collect())?,
        under_reserve_lines: under_reserve,
        not_brought_lines: not_brought,
        chosen: false,
    };
    let (status, conflicts) = (award.status, award.conflicts.clone());
    Ok(Round { winners, status, conflicts, routed, costs, lines, told })
}

/// What a line is worth under the objective when its haul costs so much, and whether the unit gets its reserve.
fn value(scenario: &Scenario, bid: BidIx, volume: Pieces, injection: MicroDollars) -> Option<(MicroDollars, bool)> {
    let line = scenario.bids.get(bid.index())?;
    let unit = scenario.ddus.get(line.ddu.index())?;
    let spend = line.spend(volume)?;
    let revenue = if line.basis == PriceBasis::Hub { spend.checked_sub(injection)? } else { spend };
    let attributable = unit.attributable_cost.times_pieces(volume)?;
    let worth = match scenario.settings.award.objective {
        Objective::Contribution => revenue.checked_sub(attributable)?,
        Objective::Revenue => revenue,
        Objective::Surplus => spend.checked_sub(injection)?.checked_sub(attributable)?,
    };
    let reserve = unit.reserve_price.max(unit.attributable_cost).times_pieces(volume)?;
    Some((worth, revenue >= reserve))
}

/// The cost of each line that is brought. Marginal costs do not sum to the routes: awards are then valued in proportion.
fn line_costs(scenario: &Scenario, routed: &RoutedDay<'_>, costs: &[Vec<StopCost>]) -> LineCosts {
    let rule = scenario.settings.routes.award_cost;
    let mut lines = LineCosts::new();
    for (hub, costs) in routed.hubs.iter().zip(costs) {
        for cost in costs {
            let orders = hub.brought_orders(cost.stop);
            let pieces: Vec<i64> = orders.iter().map(|(_, pieces)| i64::from(*pieces)).collect();
            let on_routes = if rule == RouteCost::Shapley { cost.shapley } else { cost.proportional };
            let [shares, direct] = [on_routes, cost.direct].map(|amount| proportional(amount.0, &pieces));
            for ((order, _), (share, direct)) in orders.iter().zip(shares.into_iter().zip(direct)) {
                if let Some(bid) = order.bid {
                    lines.insert(bid, [MicroDollars(share), MicroDollars(direct)]);
                }
            }
        }
    }
    lines
}

/// By how much hauls are cheaper on routes: numerator and denominator.
struct Scales {
    lines: BTreeMap<BidIx, (i128, i128)>,
    /// By hub.
    hubs: Vec<(i128, i128)>,
    of_line: Vec<usize>,
}

impl Scales {
    fn of(scenario: &Scenario, round: &Round<'_>) -> Self {
        let fraction = |cost: MicroDollars, direct: MicroDollars| {
            if direct.0 > 0 { (i128::from(cost.0.max(0)), i128::from(direct.0)) } else { (1, 1) }
        };
        let mut hubs = vec![(1, 1); scenario.hubs.len()];
        let mut lines = BTreeMap::new();
        let marginal = scenario.settings.routes.award_cost == RouteCost::Marginal;
        for (hub, costs) in round.routed.hubs.iter().zip(&round.costs) {
            if let (Some(total), Some(direct)) = (hub.total(), hub.direct()) {
                hubs[hub.case.hub.index()] = fraction(total, direct);
            }
            for cost in costs {
                for (order, _) in hub.brought_orders(cost.stop) {
                    let Some(bid) = order.bid else { continue };
                    let scale = match round.lines.get(&bid) {
                        _ if marginal => fraction(cost.marginal, cost.direct),
                        Some([cost, direct]) => fraction(*cost, *direct),
                        None => continue,
                    };
                    lines.insert(bid, scale);
                }
            }
        }
        let of_line = scenario.bids.iter().map(|line| line.hub.index()).collect();
        Self { lines, hubs, of_line }
    }

    /// A line's haul at its scale.
    fn scaled(&self, bid: BidIx, mut haul: Haul) -> Haul {
        let hub = self.of_line.get(bid.index()).and_then(|hub| self.hubs.get(*hub)).copied();
        let (num, den) = self.lines.get(&bid).copied().or(hub).unwrap_or((1, 1));
        let scaled = |amount: MicroDollars| {
            MicroDollars(i64::try_from(round_div(i128::from(amount.0) * num, den)).unwrap_or(amount.0))
        };
        let option = |option: VehicleOption| VehicleOption {
            trip: scaled(option.trip),
            handling_per_piece: scaled(option.handling_per_piece),
            ..option
        };
        haul.options = haul.options.map(|options| options.into_iter().map(option).collect());
        haul
    }
}

/// Each bidder under the stand-alone award and under the chosen one.
fn bidders(scenario: &Scenario, first: &Round<'_>, best: &Round<'_>) -> Vec<AwareBidder> {
    let of = |round: &Round<'_>, bidder: usize| {
        let (mut pieces, mut sums) = (0_u64, [0_i64; 2]);
        for &(bid, volume) in &round.winners {
            if scenario.bids.get(bid.index()).map(|line| line.bidder) != Some(BidderIx::from_index(bidder)) {
                continue;
            }
            pieces += u64::from(volume.0);
            if let Some(costs) = round.lines.get(&bid) {
                sums.iter_mut().zip(costs).for_each(|(sum, cost)| *sum = sum.saturating_add(cost.0));
            }
        }
        (pieces, MicroDollars(sums[0]), MicroDollars(sums[1]))
    };
    let bidder = |at: usize| {
        let (first_pieces, first_routes, first_direct) = of(first, at);
        let (pieces, routes, direct) = of(best, at);
        AwareBidder {
            bidder: BidderIx::from_index(at),
            pieces: [first_pieces, pieces],
            direct: [first_direct, direct],
            routes: [first_routes, routes],
        }
    };
    (0..scenario.bidders.len()).map(bidder).collect()
}
