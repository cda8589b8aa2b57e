//! The relaxation of an award whose offers, when they win, must be covered by columns that come one by one.
//!
//! ```text
//! max  value of offers − Σ cost of columns        s.t. the rules, and  [offer wins in a piece] ≤ Σ columns that cover it
//! ```
//! The duals of the last rows are prices: what it is worth to cover an offer a little more cheaply.

use super::super::AwardError;
use super::super::subproblem::Subproblem;
use super::build::{build, to_f64};
use super::{Goal, Settled};
use crate::solver::{self, Ended, Setup, SolverError, Stop};
use highs::{Model, Row, Sense};

const TOLERANCE: f64 = 1e-7;

/// A piece of an offer that must be covered: positions in the subproblem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) offer: usize,
    pub(crate) piece: usize,
}

/// The programme, kept between columns so that the solver starts where it was.
pub(crate) struct Linked {
    model: Option<Model>,
    rows: Vec<Row>,
}

impl Linked {
    /// The programme without columns. Links that name no piece are never needed.
    pub(crate) fn new(sub: &Subproblem, links: &[Link]) -> Result<Self, AwardError> {
        let no_room = vec![0; sub.limits.len()];
        let (problem, offers) = build(sub, Goal::Value, &Settled::default(), &no_room, false);
        let mut model = problem.try_optimise(Sense::Maximise).map_err(SolverError::from)?;
        let mut rows = Vec::with_capacity(links.len());
        for link in links {
            let won = offers.get(link.offer).and_then(|pieces| pieces.get(link.piece)).map(|c| (c.won, 1.0));
            rows.push(model.try_add_row(..=0.0, won).map_err(SolverError::from)?);
        }
        Setup { relaxed: true, ..Setup::to_the_end(TOLERANCE) }.apply(&mut model)?;
        Ok(Self { model: Some(model), rows })
    }

    /// Adds a column that covers links at a cost in micro-dollars.
    pub(crate) fn add(&mut self, cost: i64, links: &[usize]) -> Result<(), AwardError> {
        let mut terms: Vec<(Row, f64)> = Vec::with_capacity(links.len());
        for row in links.iter().filter_map(|link| self.rows.get(*link)) {
            match terms.iter_mut().find(|(known, _)| known == row) {
                Some((_, times)) => *times -= 1.0,
                None => terms.push((*row, -1.0)),
            }
        }
        let model = self.model.as_mut().ok_or(AwardError::NothingFound)?;
        model.try_add_column(-to_f64(i128::from(cost)) * 1e-6, 0.0.., terms).map_err(SolverError::from)?;
        Ok(())
    }

    /// The price of each link in micro-dollars, rounded; `None` when the user stopped the run or nothing obeys the rules.
    #[allow(clippy::cast_possible_truncation)]
    pub(crate) fn prices(&mut self, stop: Stop<'_>) -> Result<Option<Vec<i64>>, AwardError> {
        let model = self.model.take().ok_or(AwardError::NothingFound)?;
        let (solved, ended) = solver::solve(model, stop)?;
        if ended != Ended::Optimal {
            return Ok(None);
        }
        let solution = solved.get_solution();
        let duals = solution.dual_rows();
        let links = duals.get(duals.len().saturating_sub(self.rows.len())..).unwrap_or_default();
        // Any prices give a valid bound: rounding them loses nothing but tightness.
        let prices = links.iter().map(|dual| (dual.abs() * 1e6).round() as i64).collect();
        self.model = Some(solved.into());
        Ok(Some(prices))
    }
}
