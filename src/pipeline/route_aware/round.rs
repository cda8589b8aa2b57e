//! An award on its routes: what each line that the objective counts costs there, and what the award is worth.

use crate::award::{AwardError, Status, counts_haul};
use crate::cost::HaulSource;
use crate::ids::BidIx;
use crate::pipeline::matrices::Prepared;
use crate::pipeline::routes::{costs_of, route_orders, shares_of};
use crate::pipeline::run::RunError;
use crate::progress::Progress;
use crate::report::{AwareKind, AwareRound};
use crate::routes::day::{self, HubDay, StopCost, StopShare, proportional};
use crate::scenario::{Objective, PriceBasis, RouteCost, Scenario};
use crate::units::{MicroDollars, Pieces};
use std::collections::BTreeMap;

/// What a line costs at its volume: on routes, and by direct trips.
pub(super) type LineCosts = BTreeMap<BidIx, [MicroDollars; 2]>;

/// Lines that win, with their pieces; ascending.
pub(super) type Winners = Vec<(BidIx, Pieces)>;

/// An award as it was determined.
pub(super) struct Determined {
    pub(super) kind: AwareKind,
    pub(super) winners: Winners,
    pub(super) status: Status,
    pub(super) conflicts: Vec<String>,
    /// At the costs it was determined at.
    pub(super) value: MicroDollars,
    pub(super) gap_ppm: Option<u64>,
}

/// An award with the routes of the lines whose haul the objective counts: what others pay for their hauls is their own affair.
pub(super) struct Round<'s> {
    pub(super) award: Determined,
    pub(super) hubs: Vec<HubDay<'s>>,
    /// What lines bear at which the next award is determined, and by direct trips.
    pub(super) bears: LineCosts,
    pub(super) told: AwareRound,
}

impl<'s> Round<'s> {
    /// Routes an award and values it on its routes.
    pub(super) fn of(
        prepared: &Prepared<'_>,
        scenario: &'s Scenario,
        hauls: &dyn HaulSource,
        award: Determined,
        before: Option<&Round<'_>>,
        progress: &dyn Progress,
    ) -> Result<Self, RunError> {
        let counted = counted(scenario, &award.winners);
        let hubs = route_orders(prepared, scenario, hauls, &day::awarded(scenario, &counted), progress)?.hubs;
        // Marginal costs do not sum to the routes: awards are then valued in proportion.
        let rule = scenario.settings.routes.award_cost;
        let (lines, bears) = if rule == RouteCost::Marginal {
            let costs = costs_of(&hubs, progress)?;
            let bear = |way: fn(&StopCost) -> MicroDollars| {
                line_costs(&hubs, &costs, |cost| (cost.share.stop, way(cost), cost.share.direct))
            };
            (bear(|cost| cost.share.proportional), bear(|cost| cost.marginal))
        } else {
            let shares = shares_of(&hubs, progress)?;
            let lines = line_costs(&hubs, &shares, |share| (share.stop, allocated(rule, share), share.direct));
            (lines.clone(), lines)
        };
        let too_large = || RunError::Routes(day::DayError::TooLarge);
        let (mut alone, mut on_routes) = (MicroDollars::ZERO, MicroDollars::ZERO);
        let (mut under_reserve, mut not_brought) = (0, 0);
        let orders = day::awarded(scenario, &award.winners);
        for (order, &(bid, volume)) in orders.iter().zip(&award.winners) {
            let value = |injection| value(scenario, bid, volume, injection).ok_or_else(too_large);
            if counted.binary_search(&(bid, volume)).is_err() {
                let (worth, _) = value(MicroDollars::ZERO)?;
                alone = alone.checked_add(worth).ok_or_else(too_large)?;
                on_routes = on_routes.checked_add(worth).ok_or_else(too_large)?;
                continue;
            }
            let direct = hauls.get(order.hub, order.ddu)?.injection_cost_by(order.by, volume);
            let direct = direct.map_or(MicroDollars::ZERO, |cost| cost.total);
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
            kind: award.kind,
            lines: award.winners.len(),
            changed_lines: before.map_or(0, |before| differing(&before.award.winners, &award.winners)),
            value: award.value,
            gap_ppm: award.gap_ppm,
            stand_alone: alone,
            on_routes,
            routes: sum(hubs.iter().map(|hub| hub.total()).collect())?,
            direct: sum(hubs.iter().map(|hub| hub.direct()).collect())?,
            under_reserve_lines: under_reserve,
            not_brought_lines: not_brought,
            chosen: false,
        };
        Ok(Self { award, hubs, bears, told })
    }
}

/// The lines whose haul the objective counts.
pub(super) fn counted(scenario: &Scenario, winners: &[(BidIx, Pieces)]) -> Winners {
    let counts =
        |(bid, _): &&(BidIx, Pieces)| scenario.bids.get(bid.index()).is_some_and(|line| counts_haul(scenario, line));
    winners.iter().filter(counts).copied().collect()
}

/// An award that the user stopped is of no use between rounds.
pub(super) fn stopped(error: AwardError) -> RunError {
    match error {
        AwardError::Interrupted => RunError::Interrupted,
        other => RunError::from(other),
    }
}

/// Lines that win in one award only, or another volume.
fn differing(a: &Winners, b: &Winners) -> usize {
    let (a, b): (BTreeMap<_, _>, BTreeMap<_, _>) = (a.iter().copied().collect(), b.iter().copied().collect());
    let mut bids: Vec<&BidIx> = a.keys().chain(b.keys()).collect();
    bids.sort_unstable();
    bids.dedup();
    bids.into_iter().filter(|bid| a.get(bid) != b.get(bid)).count()
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

/// The allocation by which lines bear routes.
pub(super) fn allocated(rule: RouteCost, share: &StopShare) -> MicroDollars {
    if rule == RouteCost::Shapley { share.shapley } else { share.proportional }
}

/// The cost of each line that is brought and that of direct trips, from those of its stop.
pub(super) fn line_costs<T>(
    hubs: &[HubDay<'_>],
    costs: &[Vec<T>],
    of_stop: impl Fn(&T) -> (usize, MicroDollars, MicroDollars),
) -> LineCosts {
    let mut lines = LineCosts::new();
    for (hub, costs) in hubs.iter().zip(costs) {
        for (stop, on_routes, direct) in costs.iter().map(&of_stop) {
            let orders = hub.brought_orders(stop);
            let pieces: Vec<i64> = orders.iter().map(|(_, pieces)| i64::from(*pieces)).collect();
            let [shares, direct] = [on_routes, direct].map(|amount| proportional(amount.0, &pieces));
            for ((order, _), (share, direct)) in orders.iter().zip(shares.into_iter().zip(direct)) {
                if let Some(bid) = order.bid {
                    lines.insert(bid, [MicroDollars(share), MicroDollars(direct)]);
                }
            }
        }
    }
    lines
}
