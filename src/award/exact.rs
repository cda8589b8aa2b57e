//! Exact search in integers for small subproblems.
//!
//! Depth first over the offers: each loses or takes one of its pieces at the least quantity; at a leaf the quantities are
//! raised greedily by value and scores per unit. That is exact when each offer with a choice of quantity meets one rule
//! that counts its units, which holds wherever only the unit's capacity does; else it is a feasible award.
//! Branches are cut by the sum of the best values that remain.

use super::model::{Piece, Rank};
use super::subproblem::{Limit, Subproblem};

/// Result of a search.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) quantities: Vec<u32>,
    pub(crate) rank: Rank,
    /// No other choice of offers and pieces has the same value.
    pub(crate) unique: bool,
    /// The search ended by itself and its leaves are exact: the result is the optimum.
    pub(crate) proven: bool,
}

struct Search<'a> {
    sub: &'a Subproblem,
    /// Limits by position of the offer: (limit, index of its term).
    touches: Vec<Vec<(usize, usize)>>,
    monotone: Vec<bool>,
    /// Best values of this offer and all later ones.
    rest: Vec<i128>,
    forced: Option<usize>,
    chosen: Vec<Option<usize>>,
    used: Vec<i128>,
    best: Option<(Vec<u32>, Rank)>,
    unique: bool,
    nodes_left: u32,
}

/// Best award of the free offers, with `forced` among the winners if given; `None` when there is none.
pub(crate) fn search(sub: &Subproblem, forced: Option<usize>, node_limit: u32) -> Option<Found> {
    let mut search = Search::new(sub, forced, node_limit);
    search.descend(0, 0);
    let proven = search.nodes_left > 0 && leaves_are_exact(sub);
    let unique = search.unique;
    search.best.map(|(quantities, rank)| Found { quantities, rank, unique, proven })
}

/// The best quantities when each offer keeps the piece that holds its quantity; `None` when no quantities fit.
pub(crate) fn refill(sub: &Subproblem, quantities: &[u32]) -> Option<(Vec<u32>, Rank)> {
    let mut search = Search::new(sub, None, 0);
    for (position, (pieces, q)) in sub.pieces.iter().zip(quantities).enumerate() {
        let index = pieces.iter().position(|p| (p.lo..=p.hi).contains(q));
        search.chosen[position] = index;
        if let Some(piece) = index.and_then(|i| pieces.get(i)) {
            search.place(position, piece.lo, 1);
        }
    }
    search.leaf();
    search.best
}

/// Each offer with a choice of quantity is counted by units in at most one limit, with the weight 1.
pub(crate) fn leaves_are_exact(sub: &Subproblem) -> bool {
    let mut counted = vec![0_u32; sub.pieces.len()];
    for limit in &sub.limits {
        for term in &limit.terms {
            let ranged = sub.pieces.get(term.offer).is_some_and(|ps| ps.iter().any(|p| p.lo < p.hi));
            if ranged && !(0..=1).contains(&term.per_unit) {
                return false;
            }
            if ranged && term.per_unit != 0 {
                counted[term.offer] += 1;
            }
        }
    }
    counted.iter().all(|&c| c <= 1)
}

impl<'a> Search<'a> {
    fn new(sub: &'a Subproblem, forced: Option<usize>, node_limit: u32) -> Self {
        let n = sub.pieces.len();
        let mut touches = vec![Vec::new(); n];
        for (l, limit) in sub.limits.iter().enumerate() {
            for (t, term) in limit.terms.iter().enumerate() {
                if let Some(list) = touches.get_mut(term.offer) {
                    list.push((l, t));
                }
            }
        }
        let best = |ps: &Vec<Piece>| ps.iter().map(Piece::best_value).max().unwrap_or(0).max(0);
        let mut rest = vec![0; n + 1];
        for (i, pieces) in sub.pieces.iter().enumerate().rev() {
            rest[i] = rest[i + 1] + best(pieces);
        }
        let monotone = |l: &Limit| {
            l.terms.iter().all(|t| t.per_win >= 0 && t.per_unit >= 0) && l.presences.iter().all(|p| p.weight >= 0)
        };
        let monotone = sub.limits.iter().map(monotone).collect();
        Search {
            sub,
            touches,
            monotone,
            rest,
            forced,
            chosen: vec![None; n],
            used: vec![0; sub.limits.len()],
            best: None,
            unique: true,
            nodes_left: node_limit,
        }
    }

    /// `upper` bounds the value of what is chosen so far.
    fn descend(&mut self, position: usize, upper: i128) {
        if self.nodes_left == 0 {
            return;
        }
        self.nodes_left -= 1;
        let reach = upper + self.rest.get(position).copied().unwrap_or(0);
        if self.best.as_ref().is_some_and(|(_, rank)| reach < rank.value) {
            return;
        }
        let sub = self.sub;
        let Some(pieces) = sub.pieces.get(position) else { return self.leaf() };
        for (index, piece) in pieces.iter().enumerate().rev() {
            self.place(position, piece.lo, 1);
            if self.fits(position) {
                self.chosen[position] = Some(index);
                self.descend(position + 1, upper + piece.best_value());
                self.chosen[position] = None;
            }
            self.place(position, piece.lo, -1);
        }
        if self.forced != Some(position) {
            self.descend(position + 1, upper);
        }
    }

    fn place(&mut self, position: usize, quantity: u32, sign: i128) {
        for &(limit, term) in &self.touches[position] {
            self.used[limit] += sign * self.sub.limits[limit].terms[term].at(quantity);
        }
    }

    fn fits(&self, position: usize) -> bool {
        self.touches[position].iter().all(|&(l, _)| !self.monotone[l] || self.used[l] <= self.sub.limits[l].room)
    }

    fn leaf(&mut self) {
        let mut quantities = vec![0; self.chosen.len()];
        let mut raisable: Vec<(usize, &Piece)> = Vec::new();
        for (position, index) in self.chosen.iter().enumerate() {
            let Some(piece) = index.and_then(|i| self.sub.pieces[position].get(i)) else { continue };
            quantities[position] = piece.lo;
            if piece.lo < piece.hi && per_unit(piece) > vec![0; 1 + piece.scores.len()] {
                raisable.push((position, piece));
            }
        }
        raisable.sort_by(|a, b| per_unit(b.1).cmp(&per_unit(a.1)).then(a.0.cmp(&b.0)));
        let mut used = self.used.clone();
        for (limit, sum) in self.sub.limits.iter().zip(&mut used) {
            *sum += limit.presences_at(|o| quantities.get(o).copied().unwrap_or(0) > 0);
        }
        for (position, piece) in raisable {
            let mut raise = i128::from(piece.hi - piece.lo);
            for &(l, t) in &self.touches[position] {
                let unit = i128::from(self.sub.limits[l].terms[t].per_unit);
                if unit > 0 {
                    raise = raise.min((self.sub.limits[l].room - used[l]).max(0) / unit);
                }
            }
            for &(l, t) in &self.touches[position] {
                used[l] += i128::from(self.sub.limits[l].terms[t].per_unit) * raise;
            }
            quantities[position] += u32::try_from(raise).unwrap_or(0);
        }
        if self.sub.limits.iter().zip(&used).any(|(l, u)| *u > l.room) {
            return;
        }
        let Some(rank) = self.sub.rank(&quantities) else { return };
        match &self.best {
            Some((_, best)) if rank < *best => self.unique &= rank.value < best.value,
            Some((_, best)) if rank == *best => self.unique = false,
            _ => {
                self.unique = self.best.as_ref().is_none_or(|(_, b)| b.value < rank.value);
                self.best = Some((quantities, rank));
            }
        }
    }
}

fn per_unit(piece: &Piece) -> Vec<i64> {
    std::iter::once(piece.value.per_unit).chain(piece.scores.iter().map(|s| s.per_unit)).collect()
}
