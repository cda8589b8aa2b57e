//! HiGHS, set up the same way everywhere: one thread, a fixed seed, limits in nodes, so that the same model gives the same answer.
//!
//! Its floats are guesses and prices; who uses them checks or rounds them outward.

mod stop;

pub(crate) use stop::Stop;

use highs::{HighsModelStatus, HighsStatus, Model, SolvedModel};

/// HiGHS's number for a feasible solution (`kHighsSolutionStatusFeasible`).
const FEASIBLE: i64 = 2;

/// The solver refused a model or failed; nothing of it depends on the user's input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct SolverError(String);

impl From<HighsStatus> for SolverError {
    fn from(status: HighsStatus) -> Self {
        Self(format!("{status:?}"))
    }
}

/// How a model is solved.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setup {
    /// Of feasibility, optimality and whole numbers, in the units of the model.
    pub(crate) tolerance: f64,
    /// Share of the bound within which a search may stop.
    pub(crate) relative_gap: f64,
    /// Nodes it may open.
    pub(crate) nodes: Option<u32>,
    /// Seconds the user grants.
    pub(crate) seconds: Option<u32>,
    /// Whether it may simplify the model first.
    pub(crate) presolve: bool,
    /// Whether whole numbers may be fractions.
    pub(crate) relaxed: bool,
}

impl Setup {
    /// To the end, within a tolerance.
    pub(crate) const fn to_the_end(tolerance: f64) -> Self {
        Self { tolerance, relative_gap: 0.0, nodes: None, seconds: None, presolve: true, relaxed: false }
    }

    /// Tells the solver.
    pub(crate) fn apply(&self, model: &mut Model) -> Result<(), SolverError> {
        let tolerances =
            ["primal_feasibility_tolerance", "dual_feasibility_tolerance", "mip_feasibility_tolerance", "mip_abs_gap"];
        for name in tolerances {
            option(model, name, self.tolerance)?;
        }
        option(model, "mip_rel_gap", self.relative_gap)?;
        option(model, "threads", 1)?;
        option(model, "parallel", "off")?;
        option(model, "random_seed", 1)?;
        if let Some(nodes) = self.nodes {
            option(model, "mip_max_nodes", i32::try_from(nodes).unwrap_or(i32::MAX))?;
        }
        if let Some(seconds) = self.seconds {
            option(model, "time_limit", f64::from(seconds))?;
        }
        if !self.presolve {
            option(model, "presolve", "off")?;
        }
        option(model, "solve_relaxation", self.relaxed)?;
        Ok(())
    }
}

fn option<V: highs::HighsOptionValue>(model: &mut Model, name: &str, value: V) -> Result<(), SolverError> {
    model.try_set_option(name, value).map_err(|_| SolverError(format!("option {name} refused")))
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// With the optimum, within the gap.
    Optimal,
    /// Nothing satisfies the model.
    Infeasible,
    /// At a limit, or by the user.
    Stopped,
}

/// Solves a model; a run that the user stops ends with what it has found.
pub(crate) fn solve(model: Model, stop: Stop<'_>) -> Result<(SolvedModel, Ended), SolverError> {
    let solved = stop::solve(model, stop)?;
    let ended = match solved.status() {
        HighsModelStatus::Optimal | HighsModelStatus::ModelEmpty => Ended::Optimal,
        HighsModelStatus::Infeasible | HighsModelStatus::UnboundedOrInfeasible => Ended::Infeasible,
        HighsModelStatus::ReachedTimeLimit
        | HighsModelStatus::ReachedSolutionLimit
        | HighsModelStatus::ReachedIterationLimit
        | HighsModelStatus::ReachedInterrupt
        | HighsModelStatus::ReachedMemoryLimit => Ended::Stopped,
        other => return Err(SolverError(format!("{other:?}"))),
    };
    Ok((solved, ended))
}

/// Whether a run found a solution. Read as a number: a run that ends before it has any status gives -1, which the binding's own
/// reader panics on.
pub(crate) fn has_solution(solved: &SolvedModel) -> bool {
    solved.int_info_value(c"primal_solution_status").is_ok_and(|status| status == FEASIBLE)
}

/// The best bound of a search, infinite when there is none.
pub(crate) fn dual_bound(solved: &SolvedModel) -> f64 {
    solved.double_info_value(c"mip_dual_bound").unwrap_or(f64::INFINITY)
}
