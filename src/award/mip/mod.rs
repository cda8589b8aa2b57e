//! The mixed-integer model of a subproblem, solved by HiGHS.
//!
//! A binary per piece, an integer quantity per piece with a range. Money is handed over in dollars, with tolerances of
//! 1e-9, so a solution that the solver takes for optimal is so to the micro-dollar unless quantities are huge; the
//! difference is in [`Outcome::tolerance`]. What comes back is rounded and checked in integers; solver floats leave this
//! file only as a bound that is rounded outward.

mod build;
mod linked;
mod run;

pub(crate) use linked::{Link, Linked};

use super::AwardError;
use super::exact;
use super::model::{Model, Rank};
use super::subproblem::Subproblem;
use crate::ids::BidderIx;
use crate::solver::Stop;
use run::run;
use std::collections::{BTreeMap, BTreeSet};

const REPAIRS: u32 = 3;

/// Limits of one solver run.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits<'a> {
    pub(crate) nodes: Option<u32>,
    pub(crate) seconds: Option<u32>,
    /// Share of the bound, in millionths, within which a search for value may stop.
    pub(crate) gap_ppm: u32,
    /// The user's wish to stop.
    pub(crate) stop: Stop<'a>,
}

/// What a run maximises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    Value,
    Score(usize),
    /// Number of bidders with an award, beyond those who win elsewhere.
    Bidders,
}

/// What earlier runs have settled: value, scores and number of bidders may not fall below these.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settled {
    pub(crate) value: Option<i128>,
    pub(crate) scores: BTreeMap<usize, i128>,
    pub(crate) bidders: Option<usize>,
    /// Bidders who win outside the subproblem.
    pub(crate) elsewhere: BTreeSet<BidderIx>,
    /// Awards whose choice of offers and pieces is not wanted again.
    pub(crate) excluded: Vec<Vec<u32>>,
}

/// A checked award, and what the solver proved.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) quantities: Vec<u32>,
    pub(crate) rank: Rank,
    /// Micro-dollars no award of the subproblem exceeds (for [`Goal::Value`]).
    pub(crate) bound: i128,
    /// Part of `bound` that is due to the solver's numerical tolerance.
    pub(crate) tolerance: i128,
    /// A limit ended the run.
    pub(crate) stopped: bool,
}

/// Maximises `goal`. `Ok(None)`: nothing satisfies what is settled.
pub(crate) fn maximise(
    model: &Model,
    sub: &Subproblem,
    goal: Goal,
    settled: &Settled,
    start: Option<&[u32]>,
    limits: Limits<'_>,
) -> Result<Option<Outcome>, AwardError> {
    if limits.gap_ppm > 0 && goal == Goal::Value && settled.excluded.is_empty() {
        return within_gap(model, sub, start, limits);
    }
    exactly(model, sub, goal, settled, start, limits)
}

/// Chooses offers and pieces with quantities that may be fractions, then settles whole quantities for that choice. What
/// the second step loses is less than a piece a line; the bound is that of the first.
fn within_gap(
    model: &Model,
    sub: &Subproblem,
    start: Option<&[u32]>,
    limits: Limits<'_>,
) -> Result<Option<Outcome>, AwardError> {
    let no_room = vec![0_i128; sub.limits.len()];
    let Some(raw) = run(sub, Goal::Value, &Settled::default(), start, limits, &no_room, false)? else {
        return Ok(None);
    };
    let chosen = sub.keeping(&raw.quantities);
    // The choice is made and what is left is small: it is settled for a user who wants to stop, too.
    let settling = Limits { stop: Stop::default(), ..limits };
    let whole = exactly(model, &chosen, Goal::Value, &Settled::default(), None, settling)?;
    // What must be reached may be out of reach of that choice in whole pieces.
    let Some(mut outcome) = whole else {
        let outcome = exactly(model, sub, Goal::Value, &Settled::default(), start, limits)?;
        return Ok(outcome.map(|o| Outcome { bound: o.bound.min(raw.bound), ..o }));
    };
    // The start may be better than what whole quantities left of the choice.
    if let Some((start, rank)) = start.and_then(|s| Some((s, sub.rank(s)?)))
        && rank > outcome.rank
    {
        (outcome.quantities, outcome.rank) = (start.to_vec(), rank);
    }
    // Where few lines win, a piece a line may exceed the tolerance: then the choice is made in whole pieces.
    let accepted = raw.bound * i128::from(limits.gap_ppm) / 1_000_000 + raw.tolerance;
    if !raw.stopped && !outcome.stopped && raw.bound - outcome.rank.value > accepted {
        let better = exactly(model, sub, Goal::Value, &Settled::default(), Some(&outcome.quantities), limits)?;
        if let Some(better) = better {
            return Ok(Some(Outcome { bound: better.bound.min(raw.bound), ..better }));
        }
    }
    outcome.stopped |= raw.stopped;
    (outcome.bound, outcome.tolerance) = (raw.bound, raw.tolerance);
    Ok(Some(outcome))
}

fn exactly(
    model: &Model,
    sub: &Subproblem,
    goal: Goal,
    settled: &Settled,
    start: Option<&[u32]>,
    limits: Limits<'_>,
) -> Result<Option<Outcome>, AwardError> {
    let mut tighter = vec![0_i128; sub.limits.len()];
    let mut first_bound = None;
    for attempt in 0..=REPAIRS {
        // Where only capacities count pieces, quantities are whole of themselves once the offers are chosen.
        let whole = attempt > 0 || goal != Goal::Value || !exact::leaves_are_exact(sub);
        let Some(raw) = run(sub, goal, settled, start, limits, &tighter, whole)? else {
            if attempt == 0 {
                return Ok(None);
            }
            break;
        };
        let (bound, tolerance) = *first_bound.get_or_insert((raw.bound, raw.tolerance));
        let broken = sub.broken(&raw.quantities);
        if broken.is_empty()
            && let Some(rank) = sub.rank(&raw.quantities)
        {
            return Ok(Some(Outcome { rank, quantities: raw.quantities, bound, tolerance, stopped: raw.stopped }));
        }
        if goal == Goal::Value && limits.stop.wanted() {
            let chosen = sub.keeping(&raw.quantities);
            let settled = exactly(model, &chosen, goal, settled, None, Limits { stop: Stop::default(), ..limits })?;
            return Ok(settled.map(|o| Outcome { bound, tolerance, stopped: true, ..o }));
        }
        for (limit, over) in broken {
            if let Some(t) = tighter.get_mut(limit) {
                *t += over;
            }
        }
    }
    let rule =
        tighter.iter().position(|t| *t > 0).and_then(|l| sub.limits.get(l)).and_then(|l| model.rules.get(l.rule));
    Err(AwardError::Unverified { rule: rule.map_or_else(|| "volume range".to_owned(), |r| format!("{:?}", r.kind)) })
}
