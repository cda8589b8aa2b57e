//! What each rule costs: the objective with and without it.

use super::AwardError;
use super::model::Model;
use super::outcome::{PolicyPrice, Status};
use super::rules::Family;
use super::solve::{Plan, Solution, solve};
use crate::progress::{Progress, Quiet};
use crate::units::MicroDollars;
use rayon::prelude::*;

/// Prices every family of rules that the model holds, and what `others` leave out. A wide rule that the optimum keeps of
/// itself costs nothing, which needs no further run: the award was optimal without it.
pub(crate) fn prices(
    model: &Model,
    others: &[(String, Model)],
    solution: &Solution,
    plan: &Plan<'_>,
    progress: &dyn Progress,
) -> Result<Vec<PolicyPrice>, AwardError> {
    let families: Vec<&Family> = Family::ALL.iter().filter(|f| model.rules.iter().any(|r| f.holds(&r.kind))).collect();
    // With fewer rules the award itself stays possible. But a bid that is no longer forced may be of too little value to
    // win, and others' rules out of reach without it.
    let without = |name: &str, model: &Model| {
        let found = solve(model, plan, &Quiet(progress))?;
        Ok(found.as_ref().map_or_else(
            || PolicyPrice { status: Status::Infeasible, ..price(name, &Solution::nothing(model), solution) },
            |found| price(name, found, solution),
        ))
    };
    let one = |family: &&Family| {
        let mut held = model.rules.iter().enumerate().filter(|(_, r)| family.holds(&r.kind));
        let idle = !solution.stopped && held.all(|(i, r)| r.kind.is_wide() && !solution.binding.contains(&i));
        if idle {
            return Ok(price(family.name(), solution, solution));
        }
        let rules = model.rules.iter().filter(|r| !family.holds(&r.kind)).cloned().collect();
        without(family.name(), &Model::new(model.offers.clone(), rules))
    };
    let (families, others) = rayon::join(
        || families.par_iter().map(one).collect::<Result<Vec<_>, AwardError>>(),
        || others.par_iter().map(|(name, model)| without(name, model)).collect::<Result<Vec<_>, AwardError>>(),
    );
    Ok([families?, others?].concat())
}

fn price(rule: &str, without: &Solution, with: &Solution) -> PolicyPrice {
    let money = |v: i128| MicroDollars(i64::try_from(v).unwrap_or(i64::MAX));
    PolicyPrice {
        rule: rule.to_owned(),
        value_without: money(without.value),
        bound_without: money(without.bound),
        difference: money(without.value - with.value),
        status: status(without),
    }
}

/// Optimal when nothing stopped the search and the bound exceeds the value by the tolerances at most: the solver's
/// numerical one and the share of the bound that the scenario accepts.
pub(crate) fn status(solution: &Solution) -> Status {
    let proven = !solution.stopped && solution.bound - solution.value <= solution.tolerance + solution.accepted;
    if proven { Status::Optimal } else { Status::GapLimit }
}
