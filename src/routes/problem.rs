//! What is to be routed from one depot, validated.
//!
//! Points: 0 is the depot, stop `s` is point `s + 1`. Times are milliseconds after the depot's midnight of the operating day, so
//! that a dock that opens the next morning has a window beyond 24 h. The cost of a route is
//!
//! ```text
//! fixed + Σ leg cost (the return leg at the deadhead share) + Σ (stop fee + handling × pieces + dwell rate × service time)
//!       + waiting rate × waiting time
//! ```
//!
//! where each product of a rate is rounded once. Vehicles leave when [`schedule`](super::schedule) says: as late as they can
//! without ending later than by leaving at once, so that waiting is least.

use super::error::ProblemError;
use crate::units::{MicroDollars, Millis, Pieces, Ppm};

/// Greatest cost of one leg, stop or vehicle-day in micro-dollars: a million dollars.
const MOST_MONEY: i64 = 1_000_000_000_000;
/// Greatest time: 24 days. Sums of a route's times fit `i64` by far.
const MOST_TIME: u32 = 2_100_000_000;
/// Most stops of a problem; a table of legs then has a hundred million entries.
const MOST_STOPS: usize = 10_000;

/// What happens after the last stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReturnRule {
    /// Share of the return leg's cost that the route bears: 0 is an open route, [`Ppm::ONE`] a closed one.
    pub share: Ppm,
    /// The duty lasts until the vehicle is back; otherwise until it leaves the last stop.
    pub on_duty: bool,
    /// When vehicles must be back; none: no limit.
    pub by: Option<Millis>,
}

impl ReturnRule {
    /// Nothing of the return is charged, timed or even needs a road.
    pub const OPEN: Self = Self { share: Ppm(0), on_duty: false, by: None };
    /// The return is charged in full and belongs to the duty.
    pub const CLOSED: Self = Self { share: Ppm::ONE, on_duty: true, by: None };

    /// True when the leg back must exist.
    #[must_use]
    pub fn needs_leg(&self) -> bool {
        self.share.0 > 0 || self.on_duty || self.by.is_some()
    }
}

/// A vehicle class at this depot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteClass {
    /// The caller's index of the class (`VehicleIx` in a scenario).
    pub name: u32,
    /// Pieces that fit.
    pub capacity: Pieces,
    /// Cost of a vehicle-day, borne by each route.
    pub fixed: MicroDollars,
    /// Routes that may be driven with this class; none: any number.
    pub available: Option<u32>,
    /// Before this time no vehicle leaves (the hub's release time).
    pub leave_from: Millis,
    /// Longest time from leaving the depot to the end of duty ([`ReturnRule::on_duty`]); none: any.
    pub duty: Option<Millis>,
    /// Cost of an hour spent waiting for a window.
    pub waiting_per_hour: MicroDollars,
    /// Cost of an hour of service at a dock.
    pub dwell_per_hour: MicroDollars,
    /// What happens after the last stop.
    pub back: ReturnRule,
}

/// How a class unloads at a stop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dock {
    /// Service time of a visit, whatever the load.
    pub setup: Millis,
    /// Further service time per piece.
    pub per_piece: Millis,
    /// Cost of a visit.
    pub fee: MicroDollars,
    /// Cost of a piece.
    pub handling: MicroDollars,
}

/// A place that wants pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The caller's index of the place (`DduIx` in a scenario).
    pub name: u32,
    /// Pieces it wants.
    pub demand: Pieces,
    /// Service begins at this time or later; who comes earlier waits.
    pub ready: Millis,
    /// Service begins at this time or earlier.
    pub due: Millis,
    /// For each class how it unloads; none where it may not dock.
    pub docks: Vec<Option<Dock>>,
}

/// Driving from one point to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Leg {
    /// Money of driving it.
    pub cost: MicroDollars,
    /// Driving time.
    pub time: Millis,
}

/// Legs of a class between all points, row by row: the leg from `a` to `b` is at `a × points + b`; none where there is no way.
/// Entries on the diagonal are not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegTable(pub Vec<Option<Leg>>);

/// A validated problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    classes: Vec<RouteClass>,
    stops: Vec<Stop>,
    legs: Vec<LegTable>,
}

impl Problem {
    /// Checks the parts: shapes agree, windows are not empty, no number is negative or beyond a million dollars or 24 days.
    ///
    /// `legs` has a table for each class.
    ///
    /// # Errors
    /// The first [`ProblemError`].
    pub fn new(classes: Vec<RouteClass>, stops: Vec<Stop>, legs: Vec<LegTable>) -> Result<Self, ProblemError> {
        if classes.is_empty() {
            return Err(ProblemError::NoClass);
        }
        range(
            "number of stops",
            i64::try_from(stops.len()).unwrap_or(i64::MAX),
            0,
            i64::try_from(MOST_STOPS).unwrap_or(i64::MAX),
        )?;
        shape("tables of legs", legs.len(), classes.len())?;
        for (c, class) in classes.iter().enumerate() {
            let what = |what: &str| format!("class {c}: {what}");
            money(&what("fixed cost"), class.fixed)?;
            money(&what("waiting cost per hour"), class.waiting_per_hour)?;
            money(&what("dwell cost per hour"), class.dwell_per_hour)?;
            time(&what("earliest departure"), class.leave_from)?;
            for limit in class.duty.iter().chain(&class.back.by) {
                time(&what("time limit"), *limit)?;
            }
            range(&what("deadhead share"), i64::from(class.back.share.0), 0, i64::from(Ppm::ONE.0))?;
        }
        for (s, stop) in stops.iter().enumerate() {
            shape(&format!("stop {s}: docks"), stop.docks.len(), classes.len())?;
            if stop.due < stop.ready {
                return Err(ProblemError::Window { stop: s, ready: stop.ready.0, due: stop.due.0 });
            }
            time(&format!("stop {s}: end of the window"), stop.due)?;
            for (dock, class) in stop.docks.iter().zip(&classes) {
                let Some(dock) = dock else { continue };
                let service = i64::from(dock.setup.0) + i64::from(dock.per_piece.0) * i64::from(stop.demand.0);
                range(&format!("stop {s}: service time of the whole demand"), service, 0, i64::from(MOST_TIME))?;
                money(&format!("stop {s}: fee"), dock.fee)?;
                let most = MicroDollars(MOST_MONEY + 1);
                money(&format!("stop {s}: handling"), dock.handling.times_pieces(stop.demand).unwrap_or(most))?;
                let dwell = class.dwell_per_hour.per_hour_over(Millis(u32::try_from(service).unwrap_or(u32::MAX)));
                money(&format!("stop {s}: dwell"), dwell.unwrap_or(most))?;
            }
        }
        let points = stops.len() + 1;
        for (c, table) in legs.iter().enumerate() {
            shape(&format!("class {c}: legs"), table.0.len(), points * points)?;
            for leg in table.0.iter().flatten() {
                money(&format!("class {c}: cost of a leg"), leg.cost)?;
                time(&format!("class {c}: time of a leg"), leg.time)?;
            }
        }
        Ok(Self { classes, stops, legs })
    }

    /// Vehicle classes.
    #[must_use]
    pub fn classes(&self) -> &[RouteClass] {
        &self.classes
    }

    /// Stops.
    #[must_use]
    pub fn stops(&self) -> &[Stop] {
        &self.stops
    }

    /// Number of points: the depot and the stops.
    #[must_use]
    pub fn points(&self) -> usize {
        self.stops.len() + 1
    }

    /// A leg between points (0 is the depot, stop `s` is `s + 1`), with its full cost whatever the deadhead share.
    #[must_use]
    pub fn leg(&self, class: usize, from: usize, to: usize) -> Option<Leg> {
        let points = self.points();
        if from >= points || to >= points {
            return None;
        }
        *self.legs.get(class)?.0.get(from * points + to)?
    }

    /// What a route pays for a leg: a leg to the depot costs its deadhead share.
    #[must_use]
    pub fn charged(&self, class: usize, from: usize, to: usize) -> Option<MicroDollars> {
        let leg = self.leg(class, from, to)?;
        if to > 0 { Some(leg.cost) } else { leg.cost.share(self.classes.get(class)?.back.share) }
    }

    /// How a class unloads at a stop; none where it may not.
    #[must_use]
    pub fn dock(&self, class: usize, stop: usize) -> Option<&Dock> {
        self.stops.get(stop)?.docks.get(class)?.as_ref()
    }

    /// Service time of a visit with so many pieces; none where the class may not dock.
    #[must_use]
    pub fn service(&self, class: usize, stop: usize, pieces: Pieces) -> Option<Millis> {
        let dock = self.dock(class, stop)?;
        dock.per_piece.0.checked_mul(pieces.0).and_then(|t| t.checked_add(dock.setup.0)).map(Millis)
    }

    /// Fee, handling and dwell of a visit with so many pieces; none where the class may not dock.
    #[must_use]
    pub fn visit_cost(&self, class: usize, stop: usize, pieces: Pieces) -> Option<MicroDollars> {
        let dock = self.dock(class, stop)?;
        let dwell = self.classes.get(class)?.dwell_per_hour.per_hour_over(self.service(class, stop, pieces)?)?;
        dock.handling.times_pieces(pieces)?.checked_add(dock.fee)?.checked_add(dwell)
    }

    /// The same depot and roads with other demands and numbers of vehicles; stops left out have `None`. Positions of the stops
    /// that stay are returned beside the problem.
    #[must_use]
    pub fn with(&self, demands: &[Option<Pieces>], available: &[Option<u32>]) -> (Self, Vec<usize>) {
        let kept: Vec<usize> = (0..self.stops.len()).filter(|s| demands.get(*s).is_some_and(Option::is_some)).collect();
        let stops = kept.iter().filter_map(|&s| {
            let demand = demands.get(s).copied().flatten()?;
            Some(Stop { demand, ..self.stops.get(s)?.clone() })
        });
        let points: Vec<usize> = std::iter::once(0).chain(kept.iter().map(|s| s + 1)).collect();
        let legs = (0..self.classes.len()).map(|class| {
            let pairs = points.iter().flat_map(|&a| points.iter().map(move |&b| (a, b)));
            LegTable(pairs.map(|(a, b)| self.leg(class, a, b)).collect())
        });
        let classes = self.classes.iter().zip(available).map(|(class, &available)| RouteClass { available, ..*class });
        (Self { classes: classes.collect(), stops: stops.collect(), legs: legs.collect() }, kept)
    }
}

fn range(what: &str, value: i64, least: i64, most: i64) -> Result<(), ProblemError> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(ProblemError::Range { what: what.to_owned(), value, least, most })
}

fn money(what: &str, value: MicroDollars) -> Result<(), ProblemError> {
    range(what, value.0, 0, MOST_MONEY)
}

fn time(what: &str, value: Millis) -> Result<(), ProblemError> {
    range(what, i64::from(value.0), 0, i64::from(MOST_TIME))
}

fn shape(what: &str, found: usize, expected: usize) -> Result<(), ProblemError> {
    if found == expected {
        return Ok(());
    }
    Err(ProblemError::Shape { what: what.to_owned(), found, expected })
}
