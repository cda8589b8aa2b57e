//! Why a bid lost, worked out anew: it cannot win at all, rules have no room for its least volume beside the award, or it
//! would fit.

use super::awards::Winners;
use super::case::Case;
use super::money::money;
use super::rules::{Broken, Used, blocking};
use super::standing::{Chance, Standing, chance};
use crate::ids::BidIx;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// What became of a bid.
#[derive(Clone, Debug)]
pub(super) enum Verdict {
    Won(u32),
    /// Words of all reasons that hold.
    Never(BTreeSet<&'static str>),
    /// Rules without room.
    Blocked(Vec<Broken>),
    /// It would fit; what the award would gain by its least volume.
    Fits(i128),
}

/// Verdicts by bid line.
pub(super) fn verdicts(case: &Case<'_>, standings: &[Standing], winners: &Winners, used: &Used<'_>) -> Vec<Verdict> {
    let of = |at: usize| {
        let bid = BidIx::from_index(at);
        if let Some(volume) = winners.volumes.get(&bid) {
            return Verdict::Won(*volume);
        }
        let lines = match chance(case, standings, bid) {
            Chance::Never(words) => return Verdict::Never(words),
            Chance::From(lines) => lines,
        };
        let mut broken = blocking(case, used, &lines);
        if broken.is_empty() {
            let value = |(bid, volume): &(BidIx, u32)| match &standings[bid.index()] {
                Standing::In(timely) => money(case, *bid, timely, *volume).map_or(0, |money| money.value),
                Standing::Out(..) => 0,
            };
            return Verdict::Fits(lines.iter().map(value).sum());
        }
        broken.sort_by(|a, b| a.name.cmp(&b.name));
        Verdict::Blocked(broken)
    };
    (0..case.scenario.bids.len()).into_par_iter().map(of).collect()
}
