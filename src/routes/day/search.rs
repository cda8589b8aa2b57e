//! A hub's day as a [`Problem`], and the search for its routes.
//!
//! The vehicle-day is borne by the time it lasts, so it is laid on legs and docks as a rate an hour; this rounds otherwise than
//! the exact money of a route, by micro-dollars. The driver's driving limit is no part of the problem: it
//! is looked at when a route is timed.

use super::case::HubCase;
use super::docks::Docks;
use super::timetable::timetable;
use crate::progress::Progress;
use crate::routes::{
    self, Answer, Dock, ExactOptions, Leg, LegTable, Problem, ProblemError, ReturnRule, RouteClass, SearchOptions,
    SolveError, SolveOptions, Stop, solve,
};
use crate::units::{MicroDollars, Millis, Pieces, round_div};

/// Why a hub has no routes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DayError {
    /// A rate, a time or a sum is beyond what routes are computed with.
    #[error("routes cannot be found: {0}; check rates and times of the vehicle file")]
    Problem(#[from] ProblemError),
    /// The search failed.
    #[error(transparent)]
    Solve(#[from] SolveError),
    /// Money of routes exceeds 9,000,000,000,000 USD.
    #[error("the routes cost more than can be counted; check the vehicles' rates")]
    TooLarge,
}

/// When stops may be served.
#[derive(Clone, Copy)]
pub(super) enum Windows<'d> {
    /// In their own windows.
    Own,
    /// In the longest part of them in which the dock has a slot.
    Free(&'d Docks),
}

/// How hard routes are sought, relative to `routes.iterations`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effort {
    /// The plan that is driven: all of it, and the proof.
    Plan,
    /// The plan without a stop, whose start is the plan: a quarter, and the proof where that of the plan succeeded.
    Margin {
        /// Whether it is to be proven.
        proof: bool,
    },
    /// The cost of some stops in the order of a sample: a hundredth.
    Coalition,
}

impl Effort {
    const fn divisor(self) -> u64 {
        match self {
            Self::Plan => 1,
            Self::Margin { .. } => 4,
            Self::Coalition => 100,
        }
    }

    fn proof(self, labels: u32) -> Option<ExactOptions> {
        let wanted = labels > 0 && matches!(self, Self::Plan | Self::Margin { proof: true });
        let labels = usize::try_from(labels).unwrap_or(usize::MAX);
        wanted.then(|| ExactOptions { labels, ..ExactOptions::default() })
    }
}

/// A route as its class and its visits: stops and pieces.
pub(super) type Sequence = (usize, Vec<(usize, Pieces)>);

/// Routes, and what no routes cost less than.
pub(super) struct Found {
    pub(super) routes: Vec<Sequence>,
    pub(super) bound: Option<MicroDollars>,
}

/// A stop as it enters a problem.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub(super) stop: usize,
    pub(super) pieces: Pieces,
    /// When it may be served, in milliseconds after the release.
    pub(super) window: (Millis, Millis),
}

/// The problem of some stops, in their order. `spared` is left out of what handling a piece costs.
pub(super) fn problem(case: &HubCase<'_>, wanted: &[Wanted], spared: MicroDollars) -> Result<Problem, ProblemError> {
    let settings = &case.scenario.settings;
    let limits = &settings.routes;
    let back = ReturnRule { share: settings.cost.deadhead_share, on_duty: limits.return_counts, by: None };
    let hourly = |class: &super::case::CaseClass<'_>| {
        let day = i128::from(class.class.rates.fixed_per_day.0) * 3_600_000;
        let share = round_div(day, i128::from(class.class.day.0));
        MicroDollars(class.per_hour.0.saturating_add(i64::try_from(share).unwrap_or(i64::MAX)))
    };
    let classes = case.classes.iter().map(|class| RouteClass {
        name: class.vehicle.0,
        capacity: class.load,
        fixed: MicroDollars::ZERO,
        available: None,
        leave_from: Millis(0),
        duty: Some(limits.duty_limit),
        waiting_per_hour: hourly(class),
        dwell_per_hour: hourly(class),
        back,
    });
    let stop = |&Wanted { stop, pieces, window: (ready, due) }: &Wanted| {
        let docks = (0..case.classes.len()).map(|class| {
            let vehicle = case.classes[class].class;
            case.serves(class, stop).then_some(Dock {
                setup: vehicle.dwell_fixed,
                per_piece: vehicle.unload_per_piece,
                fee: vehicle.rates.per_stop,
                handling: MicroDollars(vehicle.rates.per_piece.0 - spared.0),
            })
        });
        Stop { name: case.stops[stop].ddu.0, demand: pieces, ready, due, docks: docks.collect() }
    };
    let points: Vec<Option<usize>> = std::iter::once(None).chain(wanted.iter().map(|w| Some(w.stop))).collect();
    let leg = |class: usize, from: Option<usize>, to: Option<usize>| {
        let path = case.leg(class, from, to)?;
        let of = case.classes[class].class;
        let day = round_div(i128::from(of.rates.fixed_per_day.0) * i128::from(path.time.0), i128::from(of.day.0));
        let cost = path.money.checked_add(MicroDollars(i64::try_from(day).ok()?))?;
        Some(Leg { cost, time: path.time })
    };
    let table = |class: usize| {
        let pairs = points.iter().flat_map(|from| points.iter().map(move |to| (*from, *to)));
        LegTable(pairs.map(|(from, to)| leg(class, from, to)).collect())
    };
    let legs = (0..case.classes.len()).map(table).collect();
    Problem::new(classes.collect(), wanted.iter().map(stop).collect(), legs)
}

/// When a stop may be served, in milliseconds after the release.
pub(super) fn window(case: &HubCase<'_>, stop: usize, windows: Windows<'_>) -> Option<(Millis, Millis)> {
    let own = &case.windows[stop];
    let (from, until) = match windows {
        Windows::Own => (*own.start(), *own.end()),
        Windows::Free(docks) => {
            // As long as any class that may come needs for what it carries.
            let needs = |class: usize| {
                let load = case.stops[stop].pieces.min(case.classes[class].load);
                case.serves(class, stop).then(|| case.unloading(class, load))
            };
            let length = (0..case.classes.len()).filter_map(needs).max()?;
            let (ddu, release) = (case.stops[stop].ddu, case.release);
            let (from, until) = docks.longest_free(ddu, own.start() + release, own.end() + release, length)?;
            (from - release, until - release)
        }
    };
    let millis = |time: i64| u32::try_from(time).ok().map(Millis);
    if from > until { None } else { Some((millis(from)?, millis(until)?)) }
}

/// The cheapest routes that are found for some stops, the same for the same stops, windows and effort.
pub(super) fn search(
    case: &HubCase<'_>,
    stops: &[usize],
    windows: Windows<'_>,
    effort: Effort,
    progress: &dyn Progress,
) -> Result<Found, DayError> {
    // Stops whose window is empty are left out.
    let wanted = stops.iter().filter_map(|&stop| {
        Some(Wanted { stop, pieces: case.stops[stop].pieces, window: window(case, stop, windows)? })
    });
    let wanted: Vec<Wanted> = wanted.collect();
    let problem = problem(case, &wanted, MicroDollars::ZERO)?;
    let settings = &case.scenario.settings;
    let iterations = u64::from(settings.routes.iterations) / effort.divisor();
    let search = SearchOptions { iterations, runs: 1, seed: settings.seed };
    let options = SolveOptions { search, exact: effort.proof(settings.routes.labels) };
    let Answer { plan, bound, .. } = solve(&problem, options, progress)?;
    let visit = |visit: &routes::Visit| Some((wanted.get(visit.stop)?.stop, visit.pieces));
    let found = plan.routes.iter().map(|route| (route.class, route.visits.iter().filter_map(visit).collect()));
    // A bound without proof is that of the cheapest legs, which says nothing.
    Ok(Found { routes: found.collect(), bound: bound.filter(|_| options.exact.is_some()) })
}

/// What some stops cost, found quickly: an upper bound of the least cost, the same for the same stops.
pub(super) fn quick_cost(case: &HubCase<'_>, stops: &[usize], progress: &dyn Progress) -> Result<i64, DayError> {
    let free = Docks::of(case.scenario).without_limits();
    let found = search(case, stops, Windows::Own, Effort::Coalition, progress)?.routes;
    let cost = |(class, visits): &Sequence| {
        // A route beyond the driver's hours goes stop by stop.
        let whole = timetable(case, &free, *class, visits).map(|route| route.total.0);
        let alone = |visit: &(usize, Pieces)| Some(timetable(case, &free, *class, &[*visit])?.total.0);
        whole.unwrap_or_else(|| visits.iter().filter_map(alone).sum())
    };
    Ok(found.iter().map(cost).sum())
}
