//! Cost to serve by direct trips: every hub and class that could bring a unit's pieces, and the best of them by volume.

use super::{Plan, QuoteError, UnitPlan};
use crate::cost::{CostError, Hauls, InjectionCost, NoHaul, TripCost, VehicleOption, VehicleTrip, cheapest};
use crate::ids::HubIx;
use crate::units::{MicroDollars, Pieces};
use rayon::prelude::*;

/// Which day a cost is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum VolumeCase {
    /// A weak day.
    Low,
    /// As planned.
    Planned,
    /// A strong day.
    High,
}

impl VolumeCase {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Low, Self::Planned, Self::High];

    /// The word used in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Planned => "planned",
            Self::High => "high",
        }
    }

    /// A unit's pieces on such a day.
    #[must_use]
    pub const fn pieces(self, unit: &UnitPlan) -> Pieces {
        match self {
            Self::Low => unit.volume.low,
            Self::Planned => unit.volume.planned,
            Self::High => unit.volume.high,
        }
    }
}

/// Why a unit is not served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNotServed {
    /// No pieces are wanted there.
    NoVolume,
    /// The unit does not offer the service.
    NoService,
    /// No hub has a haul; the reason that came farthest.
    NoHaul(NoHaul),
    /// Every vehicle comes too late, the first one by so many minutes.
    Late(i32),
    /// Hubs and fleets are taken by other units.
    Limits,
}

impl WhyNotServed {
    /// The word used in tables.
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            Self::NoVolume => "no_volume".to_owned(),
            Self::NoService => "service_not_offered".to_owned(),
            Self::NoHaul(reason) => reason.word(),
            Self::Late(minutes) => format!("arrives_late({minutes})"),
            Self::Limits => "limits".to_owned(),
        }
    }
}

/// A hub from which a unit can be reached, in time or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The hub.
    pub hub: HubIx,
    /// Classes that can make the haul, in order of their index; at least one.
    pub options: Vec<VehicleOption>,
}

/// A haul with what it costs on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServedCase {
    /// From where.
    pub hub: HubIx,
    /// The haul's class, load and arrival.
    pub option: VehicleOption,
    /// Trips and money.
    pub cost: InjectionCost,
}

/// How a unit can be served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// Hubs with a haul, ascending, in time or not.
    pub reach: Vec<Reach>,
    /// The cheapest hub and class in time on each day, by [`VolumeCase::ALL`]; of equal ones fewer trips, then the first hub
    /// and class. `None` where nothing is wanted on that day.
    pub best: Result<[Option<ServedCase>; 3], WhyNotServed>,
}

impl Served {
    /// The best haul from one hub on a day.
    #[must_use]
    pub fn from(&self, unit: &UnitPlan, hub: HubIx, pieces: Pieces) -> Option<ServedCase> {
        let reach = self.reach.iter().find(|reach| reach.hub == hub)?;
        best_of(reach, unit, pieces)
    }

    /// Classes of a hub that are in time.
    #[must_use]
    pub fn in_time(&self, unit: &UnitPlan, hub: HubIx) -> Vec<VehicleOption> {
        let reach = self.reach.iter().find(|reach| reach.hub == hub);
        let options = reach.map_or(&[][..], |reach| &reach.options);
        options.iter().filter(|option| unit.by.is_some_and(|by| option.feasible_by(by))).copied().collect()
    }
}

fn best_of(reach: &Reach, unit: &UnitPlan, pieces: Pieces) -> Option<ServedCase> {
    let by = unit.by?;
    let in_time = || reach.options.iter().filter(|option| option.feasible_by(by));
    let cost = cheapest(in_time(), pieces)?;
    let option = in_time().find(|option| option.vehicle == cost.vehicle)?;
    Some(ServedCase { hub: reach.hub, option: *option, cost })
}

/// What direct trips to every unit cost, by its index. Runs in the current rayon pool.
///
/// # Errors
/// When a haul cannot be worked out.
pub fn serve(plan: &Plan, hauls: &dyn crate::cost::HaulSource) -> Result<Vec<Served>, QuoteError> {
    let of = |unit: &UnitPlan| -> Result<Served, CostError> {
        let mut reach = Vec::new();
        let mut gravest: Option<NoHaul> = None;
        for &hub in &plan.hubs {
            match hauls.get(hub, unit.ddu)?.options {
                Ok(options) => reach.push(Reach { hub, options }),
                Err(reason) if gravest.is_none_or(|known| known.progress() < reason.progress()) => {
                    gravest = Some(reason);
                }
                Err(_) => {}
            }
        }
        let best = best(unit, &reach, gravest);
        Ok(Served { reach, best })
    };
    Ok(plan.units.par_iter().map(of).collect::<Result<_, _>>()?)
}

fn best(unit: &UnitPlan, reach: &[Reach], gravest: Option<NoHaul>) -> Result<[Option<ServedCase>; 3], WhyNotServed> {
    if unit.volume.planned.0 == 0 {
        return Err(WhyNotServed::NoVolume);
    }
    let by = unit.by.ok_or(WhyNotServed::NoService)?;
    if reach.is_empty() {
        return Err(WhyNotServed::NoHaul(gravest.unwrap_or(NoHaul::NotInTable)));
    }
    let on = |case: VolumeCase| {
        let all = reach.iter().filter_map(|reach| best_of(reach, unit, case.pieces(unit)));
        all.min_by_key(|s| (s.cost.total, s.cost.trips, s.hub, s.option.vehicle))
    };
    let cases = VolumeCase::ALL.map(on);
    if cases[1].is_none() {
        let arrivals = reach.iter().flat_map(|reach| &reach.options).map(|option| option.arrival.0);
        return Err(WhyNotServed::Late(arrivals.min().unwrap_or(by.0).saturating_sub(by.0)));
    }
    Ok(cases)
}

impl ServedCase {
    /// The waterfall of a day: the parts of all trips, then handling; they sum to the cost of the day exactly.
    ///
    /// # Errors
    /// When the haul cannot be worked out again, or money does not fit.
    pub fn waterfall(&self, hauls: &Hauls<'_>, unit: &UnitPlan) -> Result<(VehicleTrip, TripCost), QuoteError> {
        let classes = hauls.by_class(self.hub, unit.ddu)?;
        let trip = classes.into_iter().find(|(vehicle, _)| *vehicle == self.option.vehicle);
        let trip = trip.and_then(|(_, trip)| trip.ok()).ok_or(QuoteError::TooLarge)?;
        let times = |part: MicroDollars| part.checked_mul(i64::from(self.cost.trips)).ok_or(QuoteError::TooLarge);
        let parts = TripCost {
            distance: times(trip.trip.distance)?,
            driving_time: times(trip.trip.driving_time)?,
            tolls: times(trip.trip.tolls)?,
            dwell: times(trip.trip.dwell)?,
            stop: times(trip.trip.stop)?,
            vehicle_day: times(trip.trip.vehicle_day)?,
            total: times(trip.trip.total)?,
        };
        Ok((trip, parts))
    }
}
