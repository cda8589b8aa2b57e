//! One run of HiGHS: options, limits, and what comes back, rounded.

use super::super::AwardError;
use super::super::subproblem::Subproblem;
use super::build::{build, read, start_values, to_f64};
use super::{Goal, Limits, Settled};
use crate::solver::{self, Ended, Setup, SolverError};
use highs::Sense;

const TOLERANCE: f64 = 1e-9;

/// What a run came to; quantities are whole, but rules are not checked.
pub(super) struct Raw {
    pub(super) quantities: Vec<u32>,
    pub(super) bound: i128,
    pub(super) tolerance: i128,
    /// A limit or the user ended the run.
    pub(super) stopped: bool,
}

/// `Ok(None)`: nothing satisfies what is settled.
pub(super) fn run(
    sub: &Subproblem,
    goal: Goal,
    settled: &Settled,
    start: Option<&[u32]>,
    limits: Limits<'_>,
    tighter: &[i128],
    whole: bool,
) -> Result<Option<Raw>, AwardError> {
    let nothing = vec![0; sub.pieces.len()];
    let nothing_obeys = sub.broken(&nothing).is_empty();
    if sub.pieces.iter().all(Vec::is_empty) {
        let none = Raw { quantities: nothing, bound: 0, tolerance: 0, stopped: false };
        return Ok(nothing_obeys.then_some(none));
    }
    let (problem, columns) = build(sub, goal, settled, tighter, whole);
    let count = problem.num_cols();
    let mut solver = problem.try_optimise(Sense::Maximise).map_err(SolverError::from)?;
    // Half of the gap is left to what whole quantities cost.
    let relative_gap = if goal == Goal::Value { f64::from(limits.gap_ppm) * 0.5e-6 } else { 0.0 };
    let Limits { nodes, seconds, .. } = limits;
    Setup { relative_gap, nodes, seconds, ..Setup::to_the_end(TOLERANCE) }.apply(&mut solver)?;
    if let (Some(start), Goal::Value) = (start, goal) {
        let values = start_values(sub, &columns, start, count);
        let _ = solver.try_set_solution(Some(&values), None, None, None);
    }
    let (solved, ended) = solver::solve(solver, limits.stop)?;
    if ended == Ended::Infeasible {
        return Ok(None);
    }
    let quantities = if solver::has_solution(&solved) {
        let values = solved.get_solution();
        read(sub, &columns, values.columns())
    } else if goal == Goal::Value {
        match start {
            Some(start) => start.to_vec(),
            None if nothing_obeys => nothing,
            None if limits.stop.wanted() => return Err(AwardError::Interrupted),
            None => return Err(AwardError::NothingFound),
        }
    } else {
        return Ok(None);
    };
    let thousandths = tolerance_thousandths(sub, &quantities);
    let bound = outward(solver::dual_bound(&solved), thousandths)
        .map_or_else(|| sub.trivial_bound(), |b| b.min(sub.trivial_bound()));
    let tolerance = if goal == Goal::Value { (thousandths + 999) / 1_000 } else { 0 };
    Ok(Some(Raw { quantities, bound, tolerance, stopped: ended == Ended::Stopped }))
}

/// Allowance for the rows that tie a quantity to its choice: their right side is zero, so their duals are not bounded by
/// the objective.
const RANGED: i128 = 4;

/// Thousandths of a micro-dollar by which the solver's bound may be wrong: each reduced cost by [`TOLERANCE`] over its
/// column's range, and each row or bound by [`TOLERANCE`] times its dual. Duals times right sides, which are at least 1,
/// are the objective, so the latter is at most what the winners' coefficients add up to.
fn tolerance_thousandths(sub: &Subproblem, quantities: &[u32]) -> i128 {
    let reduced: i128 = sub.pieces.iter().flatten().map(|p| 2 + i128::from(p.hi)).sum();
    let gross = |(position, q): (usize, &u32)| {
        let piece = sub.piece_at(position, *q).filter(|_| *q > 0);
        piece.map_or(0, |p| match p.lo < p.hi {
            true => RANGED * (p.value.at(p.hi).abs() + i128::from(p.value.fixed).abs()),
            false => p.value.at(p.hi).abs(),
        })
    };
    reduced + quantities.iter().enumerate().map(gross).sum::<i128>() / 1_000_000
}

/// Dollars and the tolerance as micro-dollars. Every award is worth a whole number of them, so the fraction goes.
#[allow(clippy::cast_possible_truncation)]
fn outward(dollars: f64, thousandths: i128) -> Option<i128> {
    let micros = (dollars * 1e6 + to_f64(thousandths) * 1e-3).floor();
    micros.is_finite().then_some(micros as i128)
}
