//! The bound of some prices: all blocks solved, in integers.

use super::block::{Search, Solved, Stand};
use super::prices::{PRICE_BITS, Prices, VALUE_BITS, Values};
use super::problem::{NONE, Problem};
use rayon::prelude::*;

/// Blocks solved one after another by one thread.
const CHUNK: usize = 64;

/// What all blocks choose under some prices, each on its own.
#[derive(Clone, Debug, Default)]
pub(super) struct Relaxed {
    /// Micro-dollars that no award exceeds.
    pub(super) bound: i128,
    /// By block, in `1/256` micro-dollars.
    pub(super) optima: Vec<i64>,
    /// By offer: quantity of lines; 0 for packages.
    pub(super) quantities: Vec<u32>,
    /// By copy: whether its block takes it.
    pub(super) taken: Vec<bool>,
}

/// Solves every block. `stand` says which items take part.
pub(super) fn relax(
    problem: &Problem<'_>,
    prices: &Prices,
    values: &mut Values,
    stand: &(dyn Fn(u32) -> Stand + Sync),
    relaxed: &mut Relaxed,
) {
    prices.values(problem, values);
    let solved: Vec<Vec<Solved>> = (0..problem.blocks.len())
        .into_par_iter()
        .chunks(CHUNK)
        .map_init(Search::default, |search, blocks| {
            // Where what must win does not fit, no award does; the sum of nothing is as good a bound as any.
            blocks.into_iter().map(|b| search.solve(problem, values, stand, b).unwrap_or_default()).collect()
        })
        .collect();
    relaxed.optima.clear();
    relaxed.quantities.clear();
    relaxed.quantities.resize(problem.offers.len(), 0);
    relaxed.taken.clear();
    relaxed.taken.resize(problem.copies.len(), false);
    for (best, picks) in solved.into_iter().flatten() {
        relaxed.optima.push(best);
        for (item, quantity) in picks {
            let item = &problem.items[item as usize];
            if item.copy == NONE {
                relaxed.quantities[item.offer as usize] = quantity;
            } else {
                relaxed.taken[item.copy as usize] = true;
            }
        }
    }
    let optima: i128 = relaxed.optima.iter().map(|v| i128::from(*v)).sum();
    relaxed.bound = if values.overflow {
        i128::MAX
    } else {
        ((optima << (PRICE_BITS - VALUE_BITS)) + prices.rights() + prices.activated(problem)) >> PRICE_BITS
    };
}
