//! Columns and rows of a subproblem: a binary a piece, a quantity for a piece with a range, a row a rule.

use super::super::model::{Linear, Piece, Presence};
use super::super::subproblem::Subproblem;
use super::{Goal, Settled};
use crate::ids::BidderIx;
use highs::{Col, RowProblem};
use std::collections::BTreeMap;

/// Columns of a piece.
pub(super) struct Columns {
    pub(super) won: Col,
    quantity: Option<Col>,
}

/// The model, with the columns of every piece of every offer. Room is less by `tighter`; `whole` asks for whole quantities.
pub(super) fn build(
    sub: &Subproblem,
    goal: Goal,
    settled: &Settled,
    tighter: &[i128],
    whole: bool,
) -> (RowProblem, Vec<Vec<Columns>>) {
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
    (problem, columns)
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

/// The start as values of all columns.
pub(super) fn start_values(sub: &Subproblem, columns: &[Vec<Columns>], start: &[u32], count: usize) -> Vec<f64> {
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
pub(super) fn read(sub: &Subproblem, columns: &[Vec<Columns>], values: &[f64]) -> Vec<u32> {
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

/// Exact for what `prepare` lets through (below 2⁵³).
#[allow(clippy::cast_precision_loss)]
pub(super) fn to_f64(value: i128) -> f64 {
    value as f64
}
