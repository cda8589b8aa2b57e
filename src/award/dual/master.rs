//! The best award made of good choices of every unit.
//!
//! A *choice* of a unit says which items win there, and by which way. Under the prices of a node, a unit that leaves its
//! best choice for one that is worth `g` less lowers the bound by `g`: in an award worth more than `L`, no unit makes a
//! choice worth less than its best by more than bound − L. The master has a binary for each choice that is left and for
//! each package, one choice a unit, every rule as it is, and pieces beyond the least as they may be. Its relaxation is as
//! strong as the prices are, so that it is nearly whole of itself; HiGHS settles it. Where not all choices that are left
//! can be listed, the best of each unit are, and the result is an award without a proof.

use super::block::Search;
use super::columns::{Columns, Picks, choice_of, same};
use super::descent::Node;
use super::prices::{VALUE_BITS, Values};
use super::problem::Problem;
use crate::award::AwardError;
use crate::solver::{self, Ended, Setup, SolverError, Stop};
use highs::Sense;
use rayon::prelude::*;

/// Feasibility and optimality within this.
const TOLERANCE: f64 = 1e-7;
/// Tolerances in billionths.
const BILLIONTHS: i128 = 100;
/// Allowance for rows whose right side is zero: their duals are not bounded by the objective.
const RANGED: i128 = 4;

/// How much is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'a> {
    /// Choices of a unit that are worth less than its best by more than this many micro-dollars are left out.
    pub(super) loss: i128,
    /// Most choices of a unit, and of all units: beyond it nothing is solved.
    pub(super) choices: usize,
    pub(super) all: usize,
    /// Nodes HiGHS may open.
    pub(super) nodes: u32,
    /// Seconds the user grants, if any.
    pub(super) seconds: Option<u32>,
    /// Share of the bound, in millionths, within which HiGHS may stop.
    pub(super) gap_ppm: u32,
    /// The user's wish to stop.
    pub(super) stop: Stop<'a>,
}

/// What came out.
#[derive(Debug)]
pub(super) struct Mastered {
    /// By offer position: an award in whole pieces that may break rules by rounding.
    pub(super) quantities: Option<Vec<u32>>,
    /// Micro-dollars that no award made of the listed choices exceeds, and the part of it that is numerical tolerance.
    pub(super) bound: Option<(i128, i128)>,
    /// Every choice within the loss is listed.
    pub(super) complete: bool,
    pub(super) choices: usize,
}

/// The choices of each unit, and whether these are all within the loss.
fn choices(problem: &Problem<'_>, node: &Node, values: &Values, scope: Scope<'_>) -> (Vec<Vec<Picks>>, bool) {
    let stands = node.stands(problem);
    let loss = i64::try_from(scope.loss << VALUE_BITS).unwrap_or(i64::MAX / 4);
    let found: Vec<(Vec<Picks>, bool)> = (0..problem.blocks.len())
        .into_par_iter()
        .map_init(Search::default, |search, block| {
            search.load(problem, block, values, |item| stands[item as usize]);
            match search.run(None, None, None) {
                Some(best) => search.choices(best.saturating_sub(loss), scope.choices),
                None => (Vec::new(), true),
            }
        })
        .collect();
    let complete = found.iter().all(|(_, all)| *all);
    (found.into_iter().map(|(picks, _)| picks).collect(), complete)
}

/// Solves the master of a node, from an award by offer position.
pub(super) fn solve(
    problem: &Problem<'_>,
    node: &Node,
    start: Option<&[u32]>,
    scope: Scope<'_>,
) -> Result<Mastered, AwardError> {
    let mut values = Values::default();
    node.prices.values(problem, &mut values);
    let (mut listed, complete) = choices(problem, node, &values, scope);
    if let Some(start) = start {
        for (block, picks) in listed.iter_mut().enumerate() {
            let own = choice_of(problem, block, start);
            if !picks.iter().any(|p| same(p, &own) && p.iter().zip(&own).all(|(x, y)| x.extra >= y.extra)) {
                picks.push(own);
            }
        }
    }
    let count = listed.iter().map(Vec::len).sum();
    if count > scope.all {
        return Ok(Mastered { quantities: None, bound: None, complete: false, choices: count });
    }
    let mut master = Columns::new(problem, listed, &values.ways);
    let from = start.and_then(|s| master.values(s));
    let rows = std::mem::take(&mut master.rows);
    let mut solver = rows.try_optimise(Sense::Maximise).map_err(SolverError::from)?;
    let (nodes, seconds) = (Some(scope.nodes), scope.seconds);
    let relative_gap = f64::from(scope.gap_ppm) * 0.5e-6;
    // HiGHS's presolve was seen to go round in circles on such rows, and saves nothing on them.
    Setup { relative_gap, nodes, seconds, presolve: false, ..Setup::to_the_end(TOLERANCE) }.apply(&mut solver)?;
    if let Some(values) = &from {
        let _ = solver.try_set_solution(Some(values), None, None, None);
    }
    let (solved, ended) = solver::solve(solver, scope.stop)?;
    let none = Mastered { quantities: None, bound: None, complete, choices: count };
    if ended == Ended::Infeasible || !solver::has_solution(&solved) {
        return Ok(none);
    }
    let dual = solver::dual_bound(&solved);
    let values = solved.get_solution();
    let quantities = master.read(values.columns());
    let gross = |(offer, q): (usize, &u32)| {
        let offer = &problem.model.offers[problem.offers[offer]];
        offer.piece_at(*q).map_or(0, |p| p.value.at(*q).abs() + i128::from(p.value.fixed).abs())
    };
    let gross: i128 = quantities.iter().enumerate().filter(|(_, q)| **q > 0).map(gross).sum();
    let tolerance = BILLIONTHS * (2 * master.columns as i128 + master.range + RANGED * gross / 1_000_000 + 999) / 1_000;
    let bound = (dual * 1e6).is_finite().then(|| ((dual * 1e6).floor() as i128 + 1 + tolerance, tolerance));
    Ok(Mastered { quantities: Some(quantities), bound, ..none })
}
