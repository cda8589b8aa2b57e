//! The mixed-integer model of a subproblem, solved by HiGHS.
//!
//! A binary per piece, an integer quantity per piece with a range. Money is handed over in dollars, with tolerances of
//! 1e-9, so a solution that the solver takes for optimal is so to the micro-dollar unless quantities are huge; the
//! difference is in [`Outcome::tolerance`]. What comes back is rounded and checked in integers; solver floats leave this
//! file only as a bound that is rounded outward.

use super::AwardError;
use super::exact;
use super::model::{Linear, Model, Piece, Presence, Rank};
use super::subproblem::Subproblem;
use crate::ids::BidderIx;
use highs::{Col, HighsModelStatus, RowProblem, Sense};
use std::collections::{BTreeMap, BTreeSet};

const TOLERANCE: f64 = 1e-9;
const REPAIRS: u32 = 3;
/// HiGHS's number for a feasible solution (`kHighsSolutionStatusFeasible`).
const FEASIBLE: i64 = 2;

/// Limits of one solver run.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits {
    pub(crate) nodes: Option<u32>,
    pub(crate) seconds: Option<u32>,
    /// Share of the bound, in millionths, within which a search for value may stop.
    pub(crate) gap_ppm: u32,
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

struct Columns {
    won: Col,
    quantity: Option<Col>,
}

/// Maximises `goal`. `Ok(None)`: nothing satisfies what is settled.
pub(crate) fn maximise(
    model: &Model,
    sub: &Subproblem,
    goal: Goal,
    settled: &Settled,
    start: Option<&[u32]>,
    limits: Limits,
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
    limits: Limits,
) -> Result<Option<Outcome>, AwardError> {
    let no_room = vec![0_i128; sub.limits.len()];
    let Some(raw) = run(sub, Goal::Value, &Settled::default(), start, limits, &no_room, false)? else {
        return Ok(None);
    };
    let chosen = sub.keeping(&raw.quantities);
    let whole = exactly(model, &chosen, Goal::Value, &Settled::default(), None, limits)?;
    // What must be reached may be out of reach of that choice in whole pieces.
    let Some(mut outcome) = whole else {
        return exactly(model, sub, Goal::Value, &Settled::default(), start, limits);
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
    limits: Limits,
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

struct Raw {
    quantities: Vec<u32>,
    bound: i128,
    tolerance: i128,
    stopped: bool,
}

fn run(
    sub: &Subproblem,
    goal: Goal,
    settled: &Settled,
    start: Option<&[u32]>,
    limits: Limits,
    tighter: &[i128],
    whole: bool,
) -> Result<Option<Raw>, AwardError> {
    let nothing = vec![0; sub.pieces.len()];
    let nothing_obeys = sub.broken(&nothing).is_empty();
    if sub.pieces.iter().all(Vec::is_empty) {
        let none = Raw { quantities: nothing, bound: 0, tolerance: 0, stopped: false };
        return Ok(nothing_obeys.then_some(none));
    }
    let mut problem = RowProblem::default();
    let columns = add_offers(&mut problem, sub, goal, whole);
    for (limit, tight) in sub.limits.iter().zip(tighter) {
        let scale = if limit.millionths { 1e-6 } else { 1.0 };
        let mut row = Vec::new();
        for term in &limit.terms {
            let linear = Linear { fixed: term.per_win, per_unit: term.per_unit };
            add_terms(&mut row, sub, &columns, term.offer, |_| linear, scale);
        }
        for presence in &limit.presences {
            let any = add_presence(&mut problem, presence, &columns);
            row.push((any, to_f64(i128::from(presence.weight)) * scale));
        }
        problem.add_row(..=to_f64(limit.room - tight) * scale, row);
    }
    add_settled(&mut problem, sub, &columns, goal, settled);
    let count = problem.num_cols();
    let mut solver = problem.try_optimise(Sense::Maximise).map_err(|s| failed(&format!("{s:?}")))?;
    // Half of the gap is left to what whole quantities cost.
    let gap = if goal == Goal::Value { f64::from(limits.gap_ppm) * 0.5e-6 } else { 0.0 };
    let options = [
        ("mip_rel_gap", gap),
        ("mip_abs_gap", TOLERANCE),
        ("mip_feasibility_tolerance", TOLERANCE),
        ("primal_feasibility_tolerance", TOLERANCE),
        ("dual_feasibility_tolerance", TOLERANCE),
    ];
    let option_failed = |_| failed("option refused");
    for (name, value) in options {
        solver.try_set_option(name, value).map_err(option_failed)?;
    }
    solver.try_set_option("threads", 1).map_err(option_failed)?;
    solver.try_set_option("parallel", "off").map_err(option_failed)?;
    solver.try_set_option("random_seed", 1).map_err(option_failed)?;
    if let Some(nodes) = limits.nodes {
        solver.try_set_option("mip_max_nodes", i32::try_from(nodes).unwrap_or(i32::MAX)).map_err(option_failed)?;
    }
    if let Some(seconds) = limits.seconds {
        solver.try_set_option("time_limit", f64::from(seconds)).map_err(option_failed)?;
    }
    if let (Some(start), Goal::Value) = (start, goal) {
        let values = start_values(sub, &columns, start, count);
        let _ = solver.try_set_solution(Some(&values), None, None, None);
    }
    let solved = solver.try_solve().map_err(|s| failed(&format!("{s:?}")))?;
    let status = solved.status();
    if matches!(status, HighsModelStatus::Infeasible | HighsModelStatus::UnboundedOrInfeasible) {
        return Ok(None);
    }
    let optimal = matches!(status, HighsModelStatus::Optimal | HighsModelStatus::ModelEmpty);
    let limit_hit = matches!(
        status,
        HighsModelStatus::ReachedTimeLimit
            | HighsModelStatus::ReachedSolutionLimit
            | HighsModelStatus::ReachedIterationLimit
            | HighsModelStatus::ReachedInterrupt
            | HighsModelStatus::ReachedMemoryLimit
    );
    if !optimal && !limit_hit {
        return Err(failed(&format!("{status:?}")));
    }
    // Read as a number: a run that ends before it has any status gives -1, which the binding's own reader panics on.
    let has_solution = solved.int_info_value(c"primal_solution_status").is_ok_and(|s| s == FEASIBLE);
    let quantities = if has_solution {
        let values = solved.get_solution();
        read(sub, &columns, values.columns())
    } else if goal == Goal::Value {
        match start {
            Some(start) => start.to_vec(),
            None if nothing_obeys => nothing,
            None => return Err(AwardError::NothingFound),
        }
    } else {
        return Ok(None);
    };
    let thousandths = tolerance_thousandths(sub, &quantities);
    let dual = solved.double_info_value(c"mip_dual_bound").unwrap_or(f64::INFINITY);
    let bound = outward(dual, thousandths).map_or_else(|| sub.trivial_bound(), |b| b.min(sub.trivial_bound()));
    let tolerance = if goal == Goal::Value { (thousandths + 999) / 1_000 } else { 0 };
    Ok(Some(Raw { quantities, bound, tolerance, stopped: !optimal }))
}

fn failed(detail: &str) -> AwardError {
    AwardError::Solver { detail: detail.to_owned() }
}

fn add_offers(problem: &mut RowProblem, sub: &Subproblem, goal: Goal, whole: bool) -> Vec<Vec<Columns>> {
    let mut all = Vec::with_capacity(sub.pieces.len());
    for pieces in &sub.pieces {
        let mut columns = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let gain = match goal {
                Goal::Value => piece.value,
                Goal::Score(k) => piece.scores.get(k).copied().unwrap_or_default(),
                Goal::Bidders => Linear::default(),
            };
            let ranged = piece.lo < piece.hi;
            let at_win = if ranged { i128::from(gain.fixed) } else { gain.at(piece.lo) };
            let won = problem.add_integer_column(to_f64(at_win) * 1e-6, 0.0..=1.0);
            let quantity = ranged.then(|| {
                let hi = f64::from(piece.hi);
                let q = problem.add_column_with_integrality(to_f64(i128::from(gain.per_unit)) * 1e-6, 0.0..=hi, whole);
                problem.add_row(..=0.0, [(q, 1.0), (won, -hi)]);
                problem.add_row(0.0.., [(q, 1.0), (won, -f64::from(piece.lo))]);
                q
            });
            columns.push(Columns { won, quantity });
        }
        if columns.len() > 1 {
            problem.add_row(..=1.0, columns.iter().map(|c| (c.won, 1.0)).collect::<Vec<_>>());
        }
        all.push(columns);
    }
    all
}

/// 1 when any of the offers wins: forced up by each where it counts against the rule, held down by all where it counts
/// for it. Whole of itself, because choices are.
fn add_presence(problem: &mut RowProblem, presence: &Presence, columns: &[Vec<Columns>]) -> Col {
    let any = problem.add_column(0.0, 0.0..=1.0);
    let won = |offer: &usize| columns.get(*offer).into_iter().flatten().map(|c| c.won);
    if presence.weight > 0 {
        for offer in &presence.offers {
            let mut row: Vec<(Col, f64)> = won(offer).map(|c| (c, 1.0)).collect();
            row.push((any, -1.0));
            problem.add_row(..=0.0, row);
        }
    } else {
        let mut row: Vec<(Col, f64)> = presence.offers.iter().flat_map(won).map(|c| (c, -1.0)).collect();
        row.push((any, 1.0));
        problem.add_row(..=0.0, row);
    }
    any
}

fn add_terms(
    row: &mut Vec<(Col, f64)>,
    sub: &Subproblem,
    columns: &[Vec<Columns>],
    position: usize,
    linear: impl Fn(&Piece) -> Linear,
    scale: f64,
) {
    for (column, piece) in
        columns.get(position).into_iter().flatten().zip(sub.pieces.get(position).into_iter().flatten())
    {
        let line = linear(piece);
        match column.quantity {
            Some(q) => row.extend(
                [(column.won, line.fixed), (q, line.per_unit)].map(|(c, k)| (c, to_f64(i128::from(k)) * scale)),
            ),
            None => row.push((column.won, to_f64(line.at(piece.lo)) * scale)),
        }
    }
    row.retain(|(_, k)| *k != 0.0);
}

fn add_settled(problem: &mut RowProblem, sub: &Subproblem, columns: &[Vec<Columns>], goal: Goal, settled: &Settled) {
    let mut floor = |least: i128, linear: &dyn Fn(&Piece) -> Linear| {
        let mut row = Vec::new();
        for position in 0..columns.len() {
            add_terms(&mut row, sub, columns, position, linear, 1e-6);
        }
        problem.add_row(to_f64(least) * 1e-6.., row);
    };
    if let Some(value) = settled.value {
        floor(value, &|p| p.value);
    }
    for (&k, &least) in &settled.scores {
        floor(least, &|p| p.scores.get(k).copied().unwrap_or_default());
    }
    for excluded in &settled.excluded {
        // At least one piece changes between taken and not.
        let (mut row, mut taken) = (Vec::new(), 0.0);
        for ((columns, pieces), quantity) in columns.iter().zip(&sub.pieces).zip(excluded) {
            for (column, piece) in columns.iter().zip(pieces) {
                let is_taken = (piece.lo..=piece.hi).contains(quantity);
                taken += f64::from(u8::from(is_taken));
                row.push((column.won, if is_taken { -1.0 } else { 1.0 }));
            }
        }
        problem.add_row(1.0 - taken.., row);
    }
    if goal != Goal::Bidders && settled.bidders.is_none() {
        return;
    }
    let mut of_bidder: BTreeMap<BidderIx, Vec<Col>> = BTreeMap::new();
    for (position, bidder) in sub.bidders.iter().enumerate().filter(|(_, b)| !settled.elsewhere.contains(b)) {
        of_bidder.entry(*bidder).or_default().extend(columns.get(position).into_iter().flatten().map(|c| c.won));
    }
    let gain = if goal == Goal::Bidders { 1.0 } else { 0.0 };
    let mut wins = Vec::new();
    for won in of_bidder.into_values() {
        let any = problem.add_integer_column(gain, 0.0..=1.0);
        let mut row: Vec<(Col, f64)> = won.into_iter().map(|c| (c, -1.0)).collect();
        row.push((any, 1.0));
        problem.add_row(..=0.0, row);
        wins.push((any, 1.0));
    }
    if let Some(least) = settled.bidders {
        problem.add_row(to_f64(i128::try_from(least).unwrap_or(0)).., wins);
    }
}

fn start_values(sub: &Subproblem, columns: &[Vec<Columns>], start: &[u32], count: usize) -> Vec<f64> {
    let mut values = vec![0.0; count];
    for ((columns, pieces), &quantity) in columns.iter().zip(&sub.pieces).zip(start) {
        for (column, _piece) in columns.iter().zip(pieces).filter(|(_, p)| (p.lo..=p.hi).contains(&quantity)) {
            let mut set = |c: Col, v| {
                if let Some(x) = values.get_mut(c.index()) {
                    *x = v;
                }
            };
            set(column.won, 1.0);
            column.quantity.into_iter().for_each(|c| set(c, f64::from(quantity)));
        }
    }
    values
}

/// Rounds to integers within the pieces; the caller checks the rules.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn read(sub: &Subproblem, columns: &[Vec<Columns>], values: &[f64]) -> Vec<u32> {
    let value = |c: Col| values.get(c.index()).copied().unwrap_or(0.0);
    let quantity = |(column, piece): (&Columns, &Piece)| {
        if value(column.won) < 0.5 {
            0
        } else {
            column.quantity.map_or(piece.lo, |q| (value(q).round().max(0.0) as u32).clamp(piece.lo, piece.hi))
        }
    };
    columns.iter().zip(&sub.pieces).map(|(cs, ps)| cs.iter().zip(ps).map(quantity).max().unwrap_or(0)).collect()
}

/// Allowance for the rows that tie a quantity to its choice: their right side is zero, so their duals are not bounded by
/// the objective.
const RANGED: i128 = 4;

/// Thousandths of a micro-dollar by which the solver's bound may be wrong: each reduced cost by [`TOLERANCE`] over its
/// column's range, and each row or bound by [`TOLERANCE`] times its dual. Duals times right sides, which are at least 1,
/// are the objective, so the latter is at most what the winners' coefficients add up to.
fn tolerance_thousandths(sub: &Subproblem, quantities: &[u32]) -> i128 {
    let reduced: i128 = sub.pieces.iter().flatten().map(|p| 2 + i128::from(p.hi)).sum();
    let gross = |(position, q): (usize, &u32)| {
        let piece = sub.piece_at(position, *q).filter(|_| *q > 0);
        piece.map_or(0, |p| match p.lo < p.hi {
            true => RANGED * (p.value.at(p.hi).abs() + i128::from(p.value.fixed).abs()),
            false => p.value.at(p.hi).abs(),
        })
    };
    reduced + quantities.iter().enumerate().map(gross).sum::<i128>() / 1_000_000
}

/// Dollars and the tolerance as micro-dollars. Every award is worth a whole number of them, so the fraction goes.
#[allow(clippy::cast_possible_truncation)]
fn outward(dollars: f64, thousandths: i128) -> Option<i128> {
    let micros = (dollars * 1e6 + to_f64(thousandths) * 1e-3).floor();
    micros.is_finite().then_some(micros as i128)
}

/// Exact for what `prepare` lets through (below 2⁵³).
#[allow(clippy::cast_precision_loss)]
fn to_f64(value: i128) -> f64 {
    value as f64
}
