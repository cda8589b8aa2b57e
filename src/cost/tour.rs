//! One vehicle from a hub through several docks and back, in the best order.
//!
//! Idea: dynamic programming over the set of docks visited and the last of them (Held and Karp 1962, "A dynamic programming
//! approach to sequencing problems"). Docks have opening times and deadlines, so a state keeps every partial tour that no
//! other beats in money, time charged and clock alike.
//!
//! Invariants: a tour through one dock costs what a direct trip costs, to the micro-dollar: the dwell of a full vehicle is
//! charged, waiting is not. Roads in free flow; exact. `O(2ⁿ n²)` states and extensions times the tours kept, for
//! [`MOST_STOPS`] docks at most.

use super::CostError;
use super::arrival::{arrival, first_instant};
use super::hauls::{Class, Hauls, Release, fits_dock};
use crate::ids::{DduIx, DepartureIx, HubIx, VehicleIx};
use crate::matrix::{Leg, Matrix, PathTotals};
use crate::scenario::Ddu;
use crate::units::{ClockTime, MicroDollars, Millis, Pieces};

/// Most docks of a tour whose best order is sought.
pub const MOST_STOPS: usize = 12;

/// A dock that a tour must visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TourStop {
    /// The unit; each once a tour.
    pub ddu: DduIx,
    /// Pieces unloaded there.
    pub pieces: Pieces,
    /// Latest arrival, the unit's clock.
    pub by: ClockTime,
}

/// The cheapest tour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tour {
    /// Its vehicle class.
    pub vehicle: VehicleIx,
    /// Its docks in order.
    pub order: Vec<DduIx>,
    /// Trip and handling, per operating day.
    pub total: MicroDollars,
}

/// Why there is no tour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoTour {
    /// More than [`MOST_STOPS`] docks.
    TooManyStops,
    /// No class carries all pieces at once, or fits every dock.
    DoesNotFitOneVehicle,
    /// A class carries them, but no order is possible, and paths between some of the places are missing.
    NoPath,
    /// No order reaches every dock in time.
    NotInTime,
}

impl NoTour {
    /// The word used in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::TooManyStops => "too_many_stops",
            Self::DoesNotFitOneVehicle => "does_not_fit_one_vehicle",
            Self::NoPath => "no_path",
            Self::NotInTime => "not_in_time",
        }
    }
}

/// Paths between units in free flow, by vehicle class.
#[derive(Clone, Debug)]
pub struct UnitLegs {
    units: Vec<DduIx>,
    matrices: Vec<Matrix>,
}

impl UnitLegs {
    /// Paths of matrices whose hubs and units both are `units`, which ascend.
    #[must_use]
    pub const fn new(units: Vec<DduIx>, matrices: Vec<Matrix>) -> Self {
        Self { units, matrices }
    }

    /// Whether paths from and to a unit are known.
    #[must_use]
    pub fn hold(&self, unit: DduIx) -> bool {
        self.units.binary_search(&unit).is_ok()
    }

    fn leg(&self, vehicle: VehicleIx, from: DduIx, to: DduIx) -> Option<Leg> {
        let free = |m: &&Matrix| (m.vehicle, m.departure) == (vehicle, DepartureIx::default());
        let matrix = self.matrices.iter().find(free)?;
        let at = |ddu: DduIx| self.units.binary_search(&ddu).ok();
        Some(matrix.outbound(HubIx::from_index(at(from)?), DduIx::from_index(at(to)?)))
    }
}

/// A tour as far as it has come.
#[derive(Clone, Copy, Debug)]
struct Partial {
    money: i64,
    /// Driving time, milliseconds.
    driven: u64,
    /// From the hub's release until the vehicle leaves the dock, milliseconds.
    elapsed: i64,
    /// State and tour that it goes on from.
    from: Option<(usize, usize)>,
}

impl Partial {
    fn beats(&self, other: &Self) -> bool {
        self.money <= other.money && self.driven <= other.driven && self.elapsed <= other.elapsed
    }
}

/// What is known of a dock.
struct Dock<'a> {
    unit: &'a Ddu,
    by: ClockTime,
    /// Opening, milliseconds from the hub's release.
    opens: i64,
    /// Unloading, milliseconds.
    unload: i64,
    out: Option<PathTotals>,
    back: Option<PathTotals>,
}

impl Hauls<'_> {
    /// The cheapest tour of one vehicle from a hub through all stops and back, by any class that carries all pieces.
    ///
    /// # Errors
    /// [`CostError`] when an index is not of this scenario, or money or calendar overflow.
    pub fn tour(&self, hub: HubIx, stops: &[TourStop], legs: &UnitLegs) -> Result<Result<Tour, NoTour>, CostError> {
        if stops.len() > MOST_STOPS {
            return Ok(Err(NoTour::TooManyStops));
        }
        let mut best: Result<Tour, NoTour> = Err(NoTour::DoesNotFitOneVehicle);
        for class in &self.classes {
            match (self.tour_by(class, hub, stops, legs)?, &mut best) {
                (Ok(tour), Ok(known)) if tour.total >= known.total => {}
                (Ok(tour), best) => *best = Ok(tour),
                (Err(reason), Err(known)) => *known = reason.max(*known),
                (Err(_), Ok(_)) => {}
            }
        }
        Ok(best)
    }

    fn tour_by(
        &self,
        class: &Class<'_>,
        hub: HubIx,
        stops: &[TourStop],
        legs: &UnitLegs,
    ) -> Result<Result<Tour, NoTour>, CostError> {
        let unknown = |ddu: DduIx| CostError::UnknownPair { hub: hub.0, ddu: ddu.0 };
        let pieces: u64 = stops.iter().map(|stop| u64::from(stop.pieces.0)).sum();
        if pieces > u64::from(class.pieces_per_trip.0) {
            return Ok(Err(NoTour::DoesNotFitOneVehicle));
        }
        let release = *self.releases.get(hub.index()).ok_or_else(|| unknown(DduIx(0)))?;
        let hub_id = || self.scenario.hubs.get(hub.index()).map(|hub| hub.id.clone()).unwrap_or_default();
        let mut docks = Vec::with_capacity(stops.len());
        for stop in stops {
            let unit = self.scenario.ddus.get(stop.ddu.index()).ok_or_else(|| unknown(stop.ddu))?;
            if !fits_dock(class.class, unit) {
                return Ok(Err(NoTour::DoesNotFitOneVehicle));
            }
            let matrix = class.matrices.first().copied().flatten();
            let ends = matrix.map(|m| (m.outbound(hub, stop.ddu), m.inbound(hub, stop.ddu)));
            let (out, back) = ends.map_or((None, None), |(out, back)| (out.ok(), back.ok()));
            let date = self.scenario.settings.operating_date;
            let opens = first_instant(unit.dock_open, &unit.timezone, date)
                .ok_or_else(|| CostError::Calendar { hub: hub_id() })?
                .as_millisecond()
                .saturating_sub(release.at.as_millisecond());
            let unload = i64::from(class.class.dwell_fixed.0)
                .saturating_add(i64::from(class.class.unload_per_piece.0).saturating_mul(i64::from(stop.pieces.0)));
            docks.push(Dock { unit, by: stop.by, opens, unload, out, back });
        }
        let mut between = vec![vec![None; stops.len()]; stops.len()];
        for (i, from) in stops.iter().enumerate() {
            for (j, to) in stops.iter().enumerate().filter(|(j, _)| *j != i) {
                between[i][j] = legs.leg(class.vehicle, from.ddu, to.ddu).and_then(Result::ok);
            }
        }
        let too_large = || CostError::TooLarge {
            hub: hub_id(),
            ddu: docks.first().map(|dock| dock.unit.id.clone()).unwrap_or_default(),
            vehicle: class.class.name.clone(),
        };
        let states = self.states(release, &docks, &between).ok_or_else(too_large)?;
        let all = (1_usize << stops.len()) - 1;
        let mut best: Option<(MicroDollars, usize, usize)> = None;
        for (last, dock) in docks.iter().enumerate() {
            let Some(back) = &dock.back else { continue };
            let state = all * stops.len() + last;
            for (position, tour) in states[state].iter().enumerate() {
                let trip = class.rates.tour((tour.money, tour.driven), back, stops.len()).ok_or_else(too_large)?;
                if best.is_none_or(|(known, ..)| trip < known) {
                    best = Some((trip, state, position));
                }
            }
        }
        let Some((trip, state, position)) = best else {
            let whole = docks.iter().all(|dock| dock.out.is_some() && dock.back.is_some())
                && between.iter().enumerate().all(|(i, row)| (0..row.len()).all(|j| i == j || row[j].is_some()));
            return Ok(Err(if whole { NoTour::NotInTime } else { NoTour::NoPath }));
        };
        let mut order = Vec::with_capacity(stops.len());
        let mut at = Some((state, position));
        while let Some((state, position)) = at {
            order.push(stops[state % stops.len()].ddu);
            at = states[state][position].from;
        }
        order.reverse();
        let handling = class.class.rates.per_piece.checked_mul(i64::try_from(pieces).unwrap_or(i64::MAX));
        let total = handling.and_then(|handling| trip.checked_add(handling)).ok_or_else(too_large)?;
        Ok(Ok(Tour { vehicle: class.vehicle, order, total }))
    }

    /// Partial tours by state, which is set × number of docks + last dock; `None` when a sum does not fit.
    fn states(
        &self,
        release: Release,
        docks: &[Dock<'_>],
        between: &[Vec<Option<PathTotals>>],
    ) -> Option<Vec<Vec<Partial>>> {
        let n = docks.len();
        let mut states: Vec<Vec<Partial>> = vec![Vec::new(); (1 << n) * n];
        let nothing = Partial { money: 0, driven: 0, elapsed: 0, from: None };
        for (first, dock) in docks.iter().enumerate() {
            let Some(out) = &dock.out else { continue };
            let tour = self.extended(release, nothing, out, dock)?;
            states[(1 << first) * n + first].extend(tour);
        }
        for set in 1_usize..1 << n {
            for last in (0..n).filter(|last| (set >> last) & 1 == 1) {
                let state = set * n + last;
                for (position, tour) in states[state].clone().into_iter().enumerate() {
                    for next in (0..n).filter(|next| (set >> next) & 1 == 0) {
                        let Some(leg) = &between[last][next] else { continue };
                        let Some(more) = self.extended(release, tour, leg, &docks[next])? else { continue };
                        let more = Partial { from: Some((state, position)), ..more };
                        let known = &mut states[(set | (1 << next)) * n + next];
                        if !known.iter().any(|other| other.beats(&more)) {
                            known.retain(|other| !more.beats(other));
                            known.push(more);
                        }
                    }
                }
            }
        }
        Some(states)
    }

    /// A tour that goes on to a dock; `Some(None)` when that is too late, `None` when a sum does not fit.
    fn extended(&self, release: Release, tour: Partial, leg: &PathTotals, dock: &Dock<'_>) -> Option<Option<Partial>> {
        let arrives = tour.elapsed.checked_add(i64::from(leg.time.0))?;
        let travel = Millis(u32::try_from(arrives).ok()?);
        let clock = arrival(release.at, travel, dock.unit, self.scenario.settings.operating_date)?;
        if clock > dock.by {
            return Some(None);
        }
        Some(Some(Partial {
            money: tour.money.checked_add(leg.money.0)?,
            driven: tour.driven.checked_add(u64::from(leg.time.0))?,
            elapsed: arrives.max(dock.opens).checked_add(dock.unload)?,
            from: tour.from,
        }))
    }
}
