//! A good plan fast: iterated ruin and recreate under simulated annealing, then local search.
//!
//! Each iteration removes strings of neighbouring stops from neighbouring routes and puts them back greedily with blinks
//! (*slack induction by string removals*, SISR: Christiaens and Vanden Berghe, *Transportation Science* 54, 2020); routes may
//! change their class on the way. Whatever improves the best plan is polished by the moves of hybrid genetic search (Vidal,
//! *Computers & Operations Research* 140, 2022) over granular neighbourhoods (Toth and Vigo 2003): relocate, swap, 2-opt*,
//! SWAP*. Plans are feasible throughout; a stop without room waits unserved at a price above any plan's. Costs, temperature
//! and acceptance are integers, randomness is a stream by seed, the limit is a number of iterations.

mod anneal;
mod moves;
mod neighbours;
mod recreate;
mod ruin;
mod state;
mod tour;

use super::net::Net;
use crate::progress::Progress;
use rayon::prelude::*;

/// Effort and seed of the heuristic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchOptions {
    /// Iterations of a run; each removes and returns about ten stops.
    pub iterations: u64,
    /// Independent runs, of which the best counts (ties: the first); they may go in parallel.
    pub runs: u32,
    /// Seed.
    pub seed: u64,
}

impl Default for SearchOptions {
    fn default() -> Self {
        Self { iterations: 100_000, runs: 1, seed: 1 }
    }
}

/// Routes as class and points; points on none of them are unserved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) routes: Vec<(usize, Vec<usize>)>,
    /// Cost of the routes, without any price of unserved stops.
    pub(crate) cost: i64,
    pub(crate) unserved: Vec<usize>,
}

/// The best plan of all runs.
pub(crate) fn search(net: &Net, options: SearchOptions, progress: &dyn Progress) -> Found {
    let neighbours = neighbours::Neighbours::new(net);
    let runs: Vec<Found> = (0..u64::from(options.runs.max(1)))
        .into_par_iter()
        .map(|run| anneal::run(net, &neighbours, options.iterations, options.seed, run, progress))
        .collect();
    runs.into_iter().min_by_key(|found| (found.unserved.len(), found.cost)).unwrap_or_default()
}
