//! One hub's day: its stops with their windows, the vehicles that may serve them, and exact money of whole routes.
//!
//! Times are milliseconds after the hub's release. Money of a route is counted as that of a direct trip, part by part, each
//! product rounded once: legs as in the matrix, the way back at the deadhead share, time at docks (waiting for them
//! included) at the time-driven rate, a fee a stop, handling a piece, and the share of the vehicle-day that the
//! charged duration has. A direct trip unloads a full vehicle; a route unloads what it brings.

use super::legs::ClassLegs;
use super::orders::{HubStops, Stop};
use crate::cost::{self, CostError};
use crate::ids::{HubIx, VehicleIx};
use crate::matrix::PathTotals;
use crate::scenario::{Scenario, VehicleClass};
use crate::units::{MicroDollars, Millis, Pieces, round_div};
use std::ops::RangeInclusive;

/// A vehicle class that may be used.
#[derive(Clone, Debug)]
pub struct CaseClass<'s> {
    /// Its index.
    pub vehicle: VehicleIx,
    /// What it carries and costs.
    pub class: &'s VehicleClass,
    /// Pieces a vehicle carries; at least 1.
    pub load: Pieces,
    /// Distance-driven rate per mile.
    pub per_mile: MicroDollars,
    /// Time-driven rate per hour.
    pub per_hour: MicroDollars,
    /// Legs among hub and units.
    legs: ClassLegs,
}

/// One hub's day.
#[derive(Clone, Debug)]
pub struct HubCase<'s> {
    /// The scenario.
    pub scenario: &'s Scenario,
    /// The hub.
    pub hub: HubIx,
    /// Its release, in milliseconds of the Unix epoch.
    pub release: i64,
    /// What is to be brought.
    pub stops: Vec<Stop>,
    /// By stop: when a vehicle may begin to unload, in milliseconds after the release; empty when never.
    pub windows: Vec<RangeInclusive<i64>>,
    /// Classes that can carry a piece, in order of their index.
    pub classes: Vec<CaseClass<'s>>,
    /// By stop: its point among those of the legs.
    point: Vec<usize>,
}

/// A visit of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The stop.
    pub stop: usize,
    /// Pieces brought.
    pub pieces: Pieces,
    /// The leg that leads here.
    pub leg: PathTotals,
    /// When the vehicle is there.
    pub arrive: i64,
    /// When it begins to unload.
    pub begin: i64,
    /// When it is empty of these pieces and leaves.
    pub leave: i64,
    /// Money of waiting and unloading.
    pub dock: MicroDollars,
    /// Stop fee.
    pub fee: MicroDollars,
    /// Handling of the pieces.
    pub handling: MicroDollars,
}

/// A route with its timetable and its money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimedRoute {
    /// Position in [`HubCase::classes`].
    pub class: usize,
    /// When it leaves the hub.
    pub depart: i64,
    /// Its visits in order.
    pub visits: Vec<Visit>,
    /// The way back.
    pub back: PathTotals,
    /// What of its money is charged.
    pub back_money: MicroDollars,
    /// When it is back at the hub.
    pub home: i64,
    /// Share of the vehicle-day.
    pub vehicle_day: MicroDollars,
    /// All money.
    pub total: MicroDollars,
}

impl TimedRoute {
    /// Pieces on board when it leaves.
    #[must_use]
    pub fn pieces(&self) -> u32 {
        self.visits.iter().fold(0, |sum, visit| sum.saturating_add(visit.pieces.0))
    }

    /// Length in decimetres, the way back included.
    #[must_use]
    pub fn decimetres(&self) -> u64 {
        self.visits.iter().map(|visit| u64::from(visit.leg.length.0)).sum::<u64>() + u64::from(self.back.length.0)
    }

    /// Time on the road in milliseconds, the way back included.
    #[must_use]
    pub fn driving(&self) -> u64 {
        self.visits.iter().map(|visit| u64::from(visit.leg.time.0)).sum::<u64>() + u64::from(self.back.time.0)
    }
}

impl<'s> HubCase<'s> {
    /// The day of a hub; `units` are the points of the legs behind the hub.
    ///
    /// # Errors
    /// When a rate is out of range or the release outside the calendar.
    pub fn new(
        scenario: &'s Scenario,
        stops: HubStops,
        units: &[crate::ids::DduIx],
        legs: Vec<ClassLegs>,
    ) -> Result<Self, CostError> {
        let HubStops { hub, stops } = stops;
        let settings = &scenario.settings;
        let release = match scenario.hubs.get(hub.index()) {
            Some(row) => cost::release(row, settings.operating_date)?.as_millisecond(),
            None => return Err(CostError::UnknownPair { hub: hub.0, ddu: 0 }),
        };
        let mut windows = Vec::with_capacity(stops.len());
        let mut point = Vec::with_capacity(stops.len());
        for stop in &stops {
            let unknown = CostError::UnknownPair { hub: hub.0, ddu: stop.ddu.0 };
            let unit = scenario.ddus.get(stop.ddu.index()).ok_or_else(|| unknown.clone())?;
            let at = |reading| cost::instant(reading, &unit.timezone, settings.operating_date);
            let outside = || CostError::Calendar { hub: scenario.hubs[hub.index()].id.clone() };
            let open = at(unit.dock_open).ok_or_else(outside)? - release;
            let last = at(stop.by).ok_or_else(outside)? - release;
            windows.push(open.max(0)..=last);
            point.push(1 + units.binary_search(&stop.ddu).map_err(|_| unknown)?);
        }
        let mut classes = Vec::new();
        for legs in legs {
            let Some(class) = scenario.vehicles.get(legs.vehicle.index()) else { continue };
            let wrong = |what| CostError::Vehicle { vehicle: class.name.clone(), what };
            let parcel = settings.parcel;
            let load = class.pieces_per_trip(parcel.mean_cube_millicuft, parcel.mean_weight_millilb);
            if load.0 == 0 {
                continue;
            }
            let per_mile = class.rates.per_mile().ok_or_else(|| wrong("distance-driven rates are too large"))?;
            let per_hour = class.rates.per_hour().ok_or_else(|| wrong("time-driven rates are too large"))?;
            if class.day.0 == 0 {
                return Err(wrong("the vehicle-day has no length"));
            }
            classes.push(CaseClass { vehicle: legs.vehicle, class, load, per_mile, per_hour, legs });
        }
        Ok(Self { scenario, hub, release, stops, windows, classes, point })
    }

    /// The leg between two stops, `None` being the hub; `None` where there is no path or the dock takes no such vehicle.
    #[must_use]
    pub fn leg(&self, class: usize, from: Option<usize>, to: Option<usize>) -> Option<PathTotals> {
        let of = &self.classes[class];
        let point = |stop: Option<usize>| stop.map_or(0, |stop| self.point[stop]);
        if from == to || point(from) == point(to) {
            return Some(PathTotals::default());
        }
        of.legs.leg(point(from), point(to)).ok()
    }

    /// A stop's point among those of the legs.
    #[must_use]
    pub fn point(&self, stop: usize) -> usize {
        self.point[stop]
    }

    /// Whether the class may dock at the stop, and has a way there and back.
    #[must_use]
    pub fn serves(&self, class: usize, stop: usize) -> bool {
        let unit = &self.scenario.ddus[self.stops[stop].ddu.index()];
        cost::fits_dock(self.classes[class].class, unit)
            && self.leg(class, None, Some(stop)).is_some()
            && self.leg(class, Some(stop), None).is_some()
    }

    /// Time at the dock for some pieces, in milliseconds.
    #[must_use]
    pub fn unloading(&self, class: usize, pieces: Pieces) -> i64 {
        let class = self.classes[class].class;
        i64::from(class.dwell_fixed.0) + i64::from(class.unload_per_piece.0) * i64::from(pieces.0)
    }

    /// A route with its money, when its visits begin as given; `None` when a leg is missing or a sum does not fit.
    #[must_use]
    pub fn timed(&self, class: usize, visits: &[(usize, Pieces)], begins: &[i64]) -> Option<TimedRoute> {
        let of = &self.classes[class];
        let deadhead = self.scenario.settings.cost.deadhead_share;
        let first = visits.first()?;
        let depart = begins.first()? - i64::from(self.leg(class, None, Some(first.0))?.time.0);
        let (mut here, mut now) = (None, depart);
        let mut timed = Vec::with_capacity(visits.len());
        let mut total = MicroDollars::ZERO;
        for (&(stop, pieces), &begin) in visits.iter().zip(begins) {
            let leg = self.leg(class, here, Some(stop))?;
            let arrive = now + i64::from(leg.time.0);
            let leave = begin + self.unloading(class, pieces);
            let at_dock = Millis(u32::try_from(leave - arrive).ok()?);
            let dock = of.per_hour.per_hour_over(at_dock)?;
            let (fee, handling) = (of.class.rates.per_stop, of.class.rates.per_piece.times_pieces(pieces)?);
            total = MicroDollars::sum([total, leg.money, dock, fee, handling])?;
            timed.push(Visit { stop, pieces, leg, arrive, begin, leave, dock, fee, handling });
            (here, now) = (Some(stop), leave);
        }
        let back = self.leg(class, here, None)?;
        let driven = of.per_mile.per_mile_over(back.length)?.share(deadhead)?;
        let hours = of.per_hour.per_hour_over(back.time)?.share(deadhead)?;
        let back_money = MicroDollars::sum([driven, hours, back.tolls.share(deadhead)?])?;
        let charged_back = round_div(i128::from(back.time.0) * i128::from(deadhead.0), 1_000_000);
        let charged = i128::from(now - depart) + charged_back;
        let day = round_div(i128::from(of.class.rates.fixed_per_day.0) * charged, i128::from(of.class.day.0));
        let vehicle_day = MicroDollars(i64::try_from(day).ok()?);
        total = MicroDollars::sum([total, back_money, vehicle_day])?;
        let home = now + i64::from(back.time.0);
        Some(TimedRoute { class, depart, visits: timed, back, back_money, home, vehicle_day, total })
    }

    /// Whether driving and duty of a route stay within the driver's hours.
    #[must_use]
    pub fn within_hours(&self, route: &TimedRoute) -> bool {
        let limits = &self.scenario.settings.routes;
        let back = if limits.return_counts { i64::from(route.back.time.0) } else { 0 };
        let driving: i64 = route.visits.iter().map(|visit| i64::from(visit.leg.time.0)).sum();
        let last = route.visits.last().map_or(route.depart, |visit| visit.leave);
        driving + back <= i64::from(limits.driving_limit.0)
            && last + back - route.depart <= i64::from(limits.duty_limit.0)
    }
}
