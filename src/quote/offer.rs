//! What is worth bidding, unit by unit: prices that cost no more than the best alternative.

use super::break_even::{least_lasting_volume, price};
use super::{Neighbour, Plan, QuoteError, Served, ServedCase, UnitPlan, WhyNotServed};
use crate::ids::DduIx;
use crate::routes::day::StopCost;
use crate::scenario::{Ddu, Scenario};
use crate::units::{ClockTime, MicroDollars, Pieces, Ppm};

/// Prices that are told exactly.
const EXACT: MicroDollars = MicroDollars(1);
/// Volumes up to which a break-even is sought, as of a row of the volumes.
const MOST: Pieces = Pieces(10_000_000);

/// The best alternative to a bid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// Its entry level, or `alternative_rate` for that of `[award]`.
    pub entry_level: String,
    /// All of it, a piece.
    pub total: MicroDollars,
    /// What of it may be spent on haul and price together, once the margin is taken off, a piece.
    pub budget: MicroDollars,
}

/// The cheapest rate for the mean parcel on the operating date (ties: the first level by name); without a table of rates
/// `award.alternative_rate`.
#[must_use]
pub fn alternative(scenario: &Scenario) -> Option<Alternative> {
    let settings = &scenario.settings;
    let (weight, day) = (settings.parcel.mean_weight_millilb, settings.operating_date);
    let rates = scenario.quote.rates.iter().filter(|rate| rate.holds(weight, day));
    let best = rates.filter_map(|rate| Some((rate.total()?, rate.entry_level.as_str()))).min();
    let general = settings.award.alternative_rate.filter(|_| scenario.quote.rates.is_empty());
    let (total, entry_level) = best.or_else(|| Some((general?, "alternative_rate")))?;
    let kept = Ppm(Ppm::ONE.0 - settings.quote.margin.0);
    Some(Alternative { entry_level: entry_level.to_owned(), total, budget: total.share(kept)? })
}

/// Whether a unit is worth a bid of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A bid at the unit's reserve or above costs less than the alternative, with the margin asked.
    Bid,
    /// What is left for the price lies below the reserve: such a bid cannot win.
    BelowReserve,
    /// There is nothing to compare with.
    NoAlternative,
    /// It is not served.
    NotServed(WhyNotServed),
}

impl Verdict {
    /// The word used in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Bid => "bid",
            Self::BelowReserve => "below_reserve",
            Self::NoAlternative => "no_alternative",
            Self::NotServed(_) => "not_served",
        }
    }
}

/// What a unit costs on the routes of its hub.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnRoutes {
    /// Marginal and allocated cost.
    pub cost: StopCost,
    /// The neighbour that lowers it most.
    pub neighbour: Option<(DduIx, Neighbour)>,
}

/// What to bid for a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The unit.
    pub ddu: DduIx,
    /// Haul from the hub that is assigned to it.
    pub haul: Option<ServedCase>,
    /// Cost on routes; `None` where no route serves it.
    pub on_routes: Option<OnRoutes>,
    /// Price at which a bid costs as much as the alternative, a piece, without margin: by direct trips, at the allocated, and
    /// at the marginal cost. Negative where even a free dock costs more.
    pub break_even: [Option<MicroDollars>; 3],
    /// Price to bid, a piece, by direct trips and with the margin.
    pub price: Option<MicroDollars>,
    /// Room between that and the reserve, a day: what the bid is worth beyond the margin; negative where it is not.
    pub room: Option<MicroDollars>,
    /// From this volume up to the unit's capacity a bid at the reserve keeps the margin.
    pub lasting_volume: Option<Pieces>,
    /// From this volume up to the planned one the bid's price keeps the margin.
    pub volume_from: Option<Pieces>,
    /// When the bid promises its parcels, on the unit's clock.
    pub tender: Option<ClockTime>,
    /// Whether to bid.
    pub verdict: Verdict,
}

/// Money that a unit may cost to bring, a day: what the budget leaves above the reserve. `None` when it does not fit.
pub(super) fn bearable(budget: MicroDollars, unit: &Ddu, pieces: Pieces) -> Option<MicroDollars> {
    budget.checked_sub(unit.reserve_price)?.times_pieces(pieces)
}

/// The price of a line that bears some cost: a multiple of the step where that is not below the reserve, else the reserve. `None`
/// where it would have to lie below the reserve, or is not above zero.
pub(super) fn line_price(
    scenario: &Scenario,
    budget: MicroDollars,
    unit: &Ddu,
    cost: MicroDollars,
    pieces: Pieces,
) -> Option<MicroDollars> {
    price(budget, cost, pieces, EXACT).filter(|exact| *exact >= unit.reserve_price)?;
    let stepped = price(budget, cost, pieces, scenario.settings.quote.price_step)?;
    Some(stepped.max(unit.reserve_price)).filter(|price| price.0 > 0)
}

/// The time that a bid promises: some slack after the arrival, not before the dock opens, at most the latest.
pub(super) fn tender(scenario: &Scenario, unit: &Ddu, by: ClockTime, arrival: ClockTime) -> ClockTime {
    let slack = i32::try_from(scenario.settings.quote.tender_slack_min).unwrap_or(0);
    ClockTime(arrival.max(unit.dock_open).0.saturating_add(slack)).min(by)
}

/// What to bid for each unit of the plan, in its order. `hauls` are those of the assignment, `on_routes` those of the routes.
///
/// # Errors
/// When money does not fit.
pub fn offers(
    scenario: &Scenario,
    plan: &Plan,
    served: &[Served],
    hauls: &[Option<ServedCase>],
    on_routes: &[Option<OnRoutes>],
) -> Result<Vec<Offer>, QuoteError> {
    let alternative = alternative(scenario);
    let rows = plan.units.iter().zip(served).zip(hauls.iter().zip(on_routes));
    rows.map(|((unit, served), (haul, on_routes))| {
        offer(scenario, alternative.as_ref(), unit, served, *haul, *on_routes).ok_or(QuoteError::TooLarge)
    })
    .collect()
}

fn offer(
    scenario: &Scenario,
    alternative: Option<&Alternative>,
    plan: &UnitPlan,
    served: &Served,
    haul: Option<ServedCase>,
    on_routes: Option<OnRoutes>,
) -> Option<Offer> {
    let unit = scenario.ddus.get(plan.ddu.index())?;
    let mut offer = Offer {
        ddu: plan.ddu,
        haul,
        on_routes,
        break_even: [None; 3],
        price: None,
        room: None,
        lasting_volume: None,
        volume_from: None,
        tender: None,
        verdict: Verdict::NotServed(served.best.err().unwrap_or(WhyNotServed::Limits)),
    };
    let (Some(haul), Some(by)) = (haul, plan.by) else { return Some(offer) };
    offer.tender = Some(tender(scenario, unit, by, haul.option.arrival));
    let Some(Alternative { total, budget, .. }) = alternative.cloned() else {
        offer.verdict = Verdict::NoAlternative;
        return Some(offer);
    };
    let pieces = plan.volume.planned;
    let on_routes = on_routes.map(|routes| [routes.cost.share.shapley, routes.cost.marginal]);
    let costs = [Some(haul.cost.total), on_routes.map(|c| c[0]), on_routes.map(|c| c[1])];
    for (break_even, cost) in offer.break_even.iter_mut().zip(costs) {
        *break_even = cost.and_then(|cost| price(total, cost, pieces, EXACT));
    }
    let options = served.in_time(plan, haul.hub);
    let room = bearable(budget, unit, pieces)?.checked_sub(haul.cost.total)?;
    offer.room = Some(room);
    let per_piece = budget.checked_sub(unit.reserve_price)?;
    offer.lasting_volume = least_lasting_volume(&options, per_piece, unit.capacity.min(MOST));
    offer.price = line_price(scenario, budget, unit, haul.cost.total, pieces);
    offer.verdict = if offer.price.is_some() { Verdict::Bid } else { Verdict::BelowReserve };
    offer.volume_from =
        offer.price.and_then(|price| least_lasting_volume(&options, budget.checked_sub(price)?, pieces));
    Some(offer)
}
