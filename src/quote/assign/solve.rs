//! The assignment of least cost among those that serve most pieces.

use super::model::{AssignUnit, Choice, Limits, taken};
use crate::progress::Progress;
use crate::quote::QuoteError;
use crate::solver::{self, Ended, Setup, SolverError, Stop};
use crate::units::MicroDollars;
use highs::{Col, HighsModelStatus, RowProblem, Sense};
use std::collections::BTreeMap;

/// Feasibility and optimality of the solver, in dollars, pieces and trips.
const TOLERANCE: f64 = 1e-9;

/// How far an assignment is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssignStatus {
    /// No assignment serves more pieces, and none that serves as many costs less by more than the tolerance.
    Optimal,
    /// A limit of nodes ended the search: the assignment holds, and the bound tells how far it may be from the best.
    GapLimit,
}

impl AssignStatus {
    /// The word used in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Optimal => "optimal",
            Self::GapLimit => "gap_limit",
        }
    }
}

/// Who serves whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// By unit: the position of its choice; `None` where it is not served.
    pub chosen: Vec<Option<usize>>,
    /// Pieces served, a day.
    pub pieces: u64,
    /// Cost a day.
    pub cost: MicroDollars,
    /// No assignment that serves as many pieces costs less; `None` when that is not known.
    pub bound: Option<MicroDollars>,
    /// What the solver's arithmetic may hide; 0 where nothing had to be decided.
    pub tolerance: MicroDollars,
    /// How far it is proven.
    pub status: AssignStatus,
}

/// The order in which choices are preferred: cost, trips, hub, class.
fn key(choice: &Choice) -> (i64, u32, u32, u32) {
    (choice.cost.0, choice.trips, choice.hub.0, choice.vehicle.0)
}

/// The best choice that may be taken, of some.
fn best(unit: &AssignUnit, may: impl Fn(&Choice) -> bool) -> Option<usize> {
    let allowed = unit.choices.iter().enumerate().filter(|(_, choice)| may(choice));
    allowed.min_by_key(|(_, choice)| key(choice)).map(|(at, _)| at)
}

/// Finds the assignment. `nodes` limits the search of the solver.
///
/// # Errors
/// When money does not fit, the solver fails, or the user stops it.
pub fn assign(
    units: &[AssignUnit],
    limits: &Limits,
    nodes: Option<u32>,
    progress: &dyn Progress,
) -> Result<Assignment, QuoteError> {
    let wanted = |unit: &AssignUnit| unit.pieces.0 > 0;
    let free: Vec<Option<usize>> =
        units.iter().map(|unit| best(unit, |choice| limits.allow(choice)).filter(|_| wanted(unit))).collect();
    if limits.hold(units, &free) {
        return finished(units, free, None);
    }
    // What uses nothing limited can always be had, so a choice that costs as much and uses something is of no use.
    let fallback: Vec<Option<usize>> = units
        .iter()
        .map(|unit| best(unit, |choice| limits.allow(choice) && limits.leave_free(choice)).filter(|_| wanted(unit)))
        .collect();
    let columns: Vec<Vec<usize>> = units
        .iter()
        .zip(&fallback)
        .map(|(unit, fallback)| {
            let spare = fallback.and_then(|at| unit.choices.get(at)).map(key);
            let useful = |choice: &Choice| {
                wanted(unit) && limits.allow(choice) && spare.is_none_or(|spare| key(choice) <= spare)
            };
            (0..unit.choices.len()).filter(|at| useful(&unit.choices[*at])).collect()
        })
        .collect();
    let model = Model { units, limits, columns };
    // Units without a way that is always open may have to stay behind: which, is decided first.
    let (mut start, mut least, mut stopped) = (fallback.clone(), pieces_of(units, &free), false);
    if free.iter().zip(&fallback).any(|(free, fallback)| free.is_some() && fallback.is_none()) {
        let most = model.solve(Goal::Pieces, start, nodes, progress)?;
        stopped |= most.stopped;
        least = pieces_of(units, &most.chosen);
        start = most.chosen;
    }
    let solved = model.solve(Goal::Cost { least }, start, nodes, progress)?;
    stopped |= solved.stopped;
    finished(units, solved.chosen, Some((solved.bound, solved.columns, stopped)))
}

fn pieces_of(units: &[AssignUnit], chosen: &[Option<usize>]) -> u64 {
    taken(units, chosen).map(|(unit, _)| u64::from(unit.pieces.0)).sum()
}

/// Evaluates choices in integers, with the solver's bound in dollars, its columns, and whether it was stopped.
fn finished(
    units: &[AssignUnit],
    chosen: Vec<Option<usize>>,
    solver: Option<(f64, usize, bool)>,
) -> Result<Assignment, QuoteError> {
    let cost = MicroDollars::sum(taken(units, &chosen).map(|(_, choice)| choice.cost)).ok_or(QuoteError::TooLarge)?;
    let pieces = pieces_of(units, &chosen);
    let Some((bound, columns, stopped)) = solver else {
        let (bound, tolerance, status) = (Some(cost), MicroDollars::ZERO, AssignStatus::Optimal);
        return Ok(Assignment { chosen, pieces, cost, bound, tolerance, status });
    };
    // Reduced costs are wrong by the tolerance a column, rows by the tolerance times their duals; duals times right sides
    // make up the objective.
    let tolerance = MicroDollars(1 + i64::try_from(columns / 500).unwrap_or(i64::MAX) + cost.0 / 250_000_000);
    let bound = whole_micros(bound).map(|bound| MicroDollars(bound.saturating_sub(tolerance.0).min(cost.0)));
    let proven = bound.is_some_and(|bound| cost.0 - bound.0 <= 2 * tolerance.0) && !stopped;
    let status = if proven { AssignStatus::Optimal } else { AssignStatus::GapLimit };
    Ok(Assignment { chosen, pieces, cost, bound, tolerance, status })
}

/// Dollars as micro-dollars, rounded down.
#[allow(clippy::cast_possible_truncation)]
fn whole_micros(dollars: f64) -> Option<i64> {
    let micros = (dollars * 1e6).floor();
    (micros.is_finite() && micros.abs() < 9e18).then_some(micros as i64)
}

/// What is sought.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Goal {
    /// Most pieces.
    Pieces,
    /// Least cost with at least so many pieces.
    Cost { least: u64 },
}

struct Model<'u> {
    units: &'u [AssignUnit],
    limits: &'u Limits,
    /// Choices of each unit that have a column.
    columns: Vec<Vec<usize>>,
}

struct Found {
    chosen: Vec<Option<usize>>,
    bound: f64,
    columns: usize,
    stopped: bool,
}

#[allow(clippy::cast_precision_loss)]
fn float(count: u64) -> f64 {
    count as f64
}

impl Model<'_> {
    /// What the solver chooses, or `start`, which obeys the limits, where it finds nothing within its nodes.
    fn solve(
        &self,
        goal: Goal,
        start: Vec<Option<usize>>,
        nodes: Option<u32>,
        progress: &dyn Progress,
    ) -> Result<Found, QuoteError> {
        let mut problem = RowProblem::default();
        let mut columns: Vec<Vec<(usize, Col)>> = Vec::with_capacity(self.units.len());
        let mut by_hub: BTreeMap<_, Vec<(Col, f64)>> = BTreeMap::new();
        let mut by_fleet: BTreeMap<_, Vec<(Col, f64)>> = BTreeMap::new();
        let mut served: Vec<(Col, f64)> = Vec::new();
        for (unit, choices) in self.units.iter().zip(&self.columns) {
            let pieces = f64::from(unit.pieces.0);
            let of_unit = choices.iter().map(|&at| {
                let choice = &unit.choices[at];
                let worth = if goal == Goal::Pieces { pieces } else { choice.cost.as_dollars_f64() };
                let column = problem.add_integer_column(worth, 0.0..=1.0);
                by_hub.entry(choice.hub).or_default().push((column, pieces));
                let fleet = (choice.hub, choice.vehicle);
                by_fleet.entry(fleet).or_default().push((column, f64::from(choice.trips)));
                served.push((column, pieces));
                (at, column)
            });
            let of_unit: Vec<(usize, Col)> = of_unit.collect();
            if !of_unit.is_empty() {
                problem.add_row(..=1.0, of_unit.iter().map(|(_, column)| (*column, 1.0)).collect::<Vec<_>>());
            }
            columns.push(of_unit);
        }
        for (hub, most) in &self.limits.hub_pieces {
            if let Some(row) = by_hub.remove(hub) {
                problem.add_row(..=float(*most), row);
            }
        }
        for (fleet, most) in &self.limits.trips {
            if let Some(row) = by_fleet.remove(fleet) {
                problem.add_row(..=float(*most), row);
            }
        }
        let sense = match goal {
            Goal::Pieces => Sense::Maximise,
            Goal::Cost { least } => {
                // Half a piece less, for the solver's arithmetic: pieces are whole.
                problem.add_row(float(least) - 0.5.., served);
                Sense::Minimise
            }
        };
        let count = problem.num_cols();
        let mut model = problem.try_optimise(sense).map_err(SolverError::from)?;
        Setup { nodes, ..Setup::to_the_end(TOLERANCE) }.apply(&mut model)?;
        let (solved, ended) = solver::solve(model, Stop::when(progress))?;
        if progress.cancelled() {
            return Err(QuoteError::Interrupted);
        }
        if !solver::has_solution(&solved) {
            return Ok(Found { chosen: start, bound: f64::NEG_INFINITY, columns: count, stopped: true });
        }
        let values = solved.get_solution();
        let values = values.columns();
        let mut at = 0;
        let mut chosen = Vec::with_capacity(columns.len());
        for of_unit in &columns {
            let of_values = values.get(at..at + of_unit.len()).unwrap_or_default();
            chosen.push(of_unit.iter().zip(of_values).find(|(_, value)| **value > 0.5).map(|((choice, _), _)| *choice));
            at += of_unit.len();
        }
        let least = if let Goal::Cost { least } = goal { least } else { 0 };
        if !self.limits.hold(self.units, &chosen) || pieces_of(self.units, &chosen) < least {
            return Err(QuoteError::Solver("what the solver chose breaks a limit".to_owned()));
        }
        let exact = solved.status() == HighsModelStatus::Optimal && ended == Ended::Optimal;
        Ok(Found { chosen, bound: solver::dual_bound(&solved), columns: count, stopped: !exact })
    }
}
