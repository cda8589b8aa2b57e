//! Closing the gap: what cannot be in a better award goes, and the solver settles the rest.
//!
//! With the bound `U` of a node and an award worth `L`, an offer whose winning would cost its blocks more than `U − L`
//! under the node's prices is in no better award of that node. What is left over all open nodes is handed to HiGHS with
//! every rule as it is, when it is little enough.

use super::block::Search;
use super::descent::Node;
use super::prices::{VALUE_BITS, Values};
use super::problem::Problem;
use crate::award::AwardError;
use crate::award::mip::{self, Goal, Limits, Outcome, Settled};
use crate::award::subproblem::Subproblem;
use rayon::prelude::*;

/// Most offers that are handed to the solver, and nodes it may open for them.
const SURVIVORS: usize = 2_500;
const SOLVER_NODES: u32 = 1_000;

/// By offer: whether it may be in an award of the node that is worth more than `value`.
fn survivors(problem: &Problem<'_>, node: &Node, value: i128) -> Vec<bool> {
    let stands = node.stands(problem);
    let mut values = Values::default();
    node.prices.values(problem, &mut values);
    let gap = i64::try_from((node.bound - value + 1) << VALUE_BITS).unwrap_or(i64::MAX / 4);
    // By block: (offer, loss when it wins), the loss cut off beyond the gap.
    let losses: Vec<Vec<(u32, i64)>> = (0..problem.blocks.len())
        .into_par_iter()
        .map_init(Search::default, |search, b| {
            search.load(problem, b, &values, |item| stands[item as usize]);
            let Some(best) = search.run(None, None, None) else { return Vec::new() };
            let items = problem.blocks[b].items.clone();
            let loss = |i: usize, search: &mut Search| {
                let at = search.candidate(i as u32)?;
                let with = search.run(Some(at), None, Some(best.saturating_sub(gap).saturating_sub(1)))?;
                Some((problem.items[i].offer, best - with))
            };
            items.filter_map(|i| loss(i, search)).collect()
        })
        .collect();
    let mut total = vec![0_i64; problem.offers.len()];
    let mut found = vec![0_u32; problem.offers.len()];
    for (offer, loss) in losses.into_iter().flatten() {
        total[offer as usize] = total[offer as usize].saturating_add(loss);
        found[offer as usize] += 1;
    }
    let needed = |offer: usize| problem.items_of(offer as u32).count() as u32;
    (0..problem.offers.len()).map(|o| found[o] == needed(o) && total[o] <= gap).collect()
}

/// Best award that the open nodes may hold beyond `value`; `None` when too much is left to look at, or nothing is.
pub(super) fn close(
    problem: &Problem<'_>,
    open: &[Node],
    (start, value): (&[u32], i128),
    keep: &dyn Fn(usize) -> bool,
    limits: Limits,
) -> Result<Option<(Vec<u32>, Outcome)>, AwardError> {
    let mut alive: Vec<bool> = start.iter().map(|quantity| *quantity > 0).collect();
    for node in open {
        for (offer, survives) in problem.offers.iter().zip(survivors(problem, node, value)) {
            alive[*offer] |= survives;
        }
    }
    let offers: Vec<usize> = problem.offers.iter().copied().filter(|o| alive[*o]).collect();
    if offers.len() > SURVIVORS {
        return Ok(None);
    }
    let sub = Subproblem::new(problem.model, offers.clone(), &[], keep);
    let limits = Limits { nodes: limits.nodes.or(Some(SOLVER_NODES)), ..limits };
    let mine: Vec<u32> = offers.iter().map(|o| start[*o]).collect();
    let found = mip::maximise(problem.model, &sub, Goal::Value, &Settled::default(), Some(&mine), limits)?;
    Ok(found.map(|outcome| {
        let mut quantities = vec![0; problem.model.offers.len()];
        for (offer, quantity) in offers.iter().zip(&outcome.quantities) {
            quantities[*offer] = *quantity;
        }
        (quantities, outcome)
    }))
}
