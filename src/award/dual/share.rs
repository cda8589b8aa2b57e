//! Dealing out a package's value over its units, one package at a time.
//!
//! The *marginal* of a copy is what its block gains when the copy must win, against when it must not. Their sum is what the
//! package is worth beyond what its units would earn otherwise. Dealing the value out so that all marginals are equal
//! lowers the bound as far as this package alone can. Packages without a common unit are treated at the same time; the
//! result is that of treating one after another.

use super::block::{Search, Stand};
use super::prices::Values;
use super::problem::Problem;
use rayon::prelude::*;

/// Packages by colour: those of one colour share no block.
pub(super) fn classes(problem: &Problem<'_>) -> Vec<Vec<u32>> {
    let mut order: Vec<u32> = (0..problem.packages.len() as u32).collect();
    order.sort_by_key(|k| (std::cmp::Reverse(problem.packages[*k as usize].copies.len()), *k));
    let blocks = |k: u32| problem.blocks_of(problem.packages[k as usize].offer);
    coloured(problem.blocks.len(), order, blocks)
}

/// Greedy colouring: things of one colour share no block.
pub(super) fn coloured(block_count: usize, order: Vec<u32>, blocks: impl Fn(u32) -> Vec<u32>) -> Vec<Vec<u32>> {
    let mut used: Vec<Vec<bool>> = vec![Vec::new(); block_count];
    let mut classes: Vec<Vec<u32>> = Vec::new();
    for thing in order {
        let blocks = blocks(thing);
        let free = |c: &usize| blocks.iter().all(|b| !used[*b as usize].get(*c).copied().unwrap_or(false));
        let colour = (0..).find(free).unwrap_or(0);
        for block in blocks {
            let list = &mut used[block as usize];
            if list.len() <= colour {
                list.resize(colour + 1, false);
            }
            list[colour] = true;
        }
        if classes.len() <= colour {
            classes.resize(colour + 1, Vec::new());
        }
        classes[colour].push(thing);
    }
    classes
}

/// What an item is worth to its block beyond doing without it; `None` when it does not fit.
pub(super) fn marginal_of_item(
    problem: &Problem<'_>,
    values: &Values,
    stand: &(dyn Fn(u32) -> Stand + Sync),
    search: &mut Search,
    block: u32,
    item: u32,
) -> Option<i64> {
    search.load(problem, block as usize, values, stand);
    let at = search.candidate(item)?;
    let with = search.run(Some(at), None, None)?;
    let without = search.run(None, Some(at), None)?;
    Some(with - without)
}

/// One pass over all packages.
pub(super) fn pass(
    problem: &Problem<'_>,
    classes: &[Vec<u32>],
    stand: &(dyn Fn(u32) -> Stand + Sync),
    dealt: &mut [i64],
    values: &mut Values,
) {
    for class in classes {
        let shifts: Vec<Vec<i64>> = class
            .par_iter()
            .map_init(Search::default, |search, k| {
                let copies = problem.packages[*k as usize].copies.clone();
                let marginals: Option<Vec<i64>> = copies
                    .map(|at| {
                        let copy = &problem.copies[at];
                        marginal_of_item(problem, values, stand, search, copy.block, copy.item)
                    })
                    .collect();
                marginals.map(|m| levelled(&m)).unwrap_or_default()
            })
            .collect();
        for (k, shifts) in class.iter().zip(shifts) {
            for (at, shift) in problem.packages[*k as usize].copies.clone().zip(shifts) {
                dealt[at] += shift;
                values.shares[at] += shift;
            }
        }
    }
}

/// Shifts that sum to zero and make all marginals equal, up to a unit.
fn levelled(marginals: &[i64]) -> Vec<i64> {
    let sum: i128 = marginals.iter().map(|m| i128::from(*m)).sum();
    let n = marginals.len() as i128;
    let mut rest = sum.rem_euclid(n);
    let each = sum.div_euclid(n);
    marginals
        .iter()
        .map(|m| {
            let one = i128::from(rest > 0);
            rest -= one;
            (each + one - i128::from(*m)) as i64
        })
        .collect()
}
