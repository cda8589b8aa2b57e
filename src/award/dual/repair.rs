//! From prices to whole pieces: lines shrink or go until every wide rule holds in integers, then grow where there is room.

use super::incumbent::Incumbent;
use super::problem::{LinkKind, Problem};
use std::cmp::Reverse;

/// Left sides under quantities, kept up to date.
struct Sides<'p, 'm> {
    problem: &'p Problem<'m>,
    used: Vec<i128>,
    /// Pieces a block has left.
    left: Vec<i64>,
}

impl<'p, 'm> Sides<'p, 'm> {
    fn new(problem: &'p Problem<'m>, quantities: &[u32]) -> Self {
        let mut sides = Self {
            problem,
            used: vec![0; problem.links.len()],
            left: problem.blocks.iter().map(|b| b.capacity.unwrap_or(i64::MAX / 4)).collect(),
        };
        let wins = |o: &usize| quantities[*o] > 0;
        for (used, link) in sides.used.iter_mut().zip(&problem.links) {
            let present = link.presences.iter().filter(|p| p.offers.iter().any(&wins));
            *used = present.map(|p| i128::from(p.weight)).sum();
        }
        for (offer, &quantity) in quantities.iter().enumerate().filter(|(_, q)| **q > 0) {
            sides.add(offer as u32, 1, i64::from(quantity));
        }
        sides
    }

    /// Adds wins and pieces of an offer; not presences.
    fn add(&mut self, offer: u32, wins: i64, pieces: i64) {
        let at = |win: i64, unit: i64| i128::from(win) * i128::from(wins) + i128::from(unit) * i128::from(pieces);
        let (size_win, size_unit) = self.problem.size[offer as usize];
        let size = at(size_win, size_unit);
        for (used, link) in self.used.iter_mut().zip(&self.problem.links).filter(|(_, l)| l.common != 0) {
            *used += i128::from(link.common) * size;
        }
        for &(link, term) in &self.problem.links_of[offer as usize] {
            let term = &self.problem.links[link as usize].terms[term as usize];
            self.used[link as usize] += at(term.per_win, term.per_unit);
        }
        for (block, item) in self.problem.items_of(offer) {
            let (win, unit) = self.problem.items[item as usize].weight;
            self.left[block as usize] -= win * wins + unit * pieces;
        }
    }

    fn over(&self, link: usize) -> i128 {
        self.used[link] - self.problem.links[link].at_most
    }

    /// What one piece, and winning as such, adds to a rule.
    fn per(&self, link: usize, offer: u32) -> (i128, i128) {
        let rule = &self.problem.links[link];
        let (win, unit) = self.problem.size[offer as usize];
        let (mut win, mut unit) = (i128::from(rule.common * win), i128::from(rule.common * unit));
        if let Some((_, term)) = self.problem.links_of[offer as usize].iter().find(|(l, _)| *l as usize == link) {
            let term = &rule.terms[*term as usize];
            win += i128::from(term.per_win);
            unit += i128::from(term.per_unit);
        }
        (win, unit)
    }
}

/// Rules that count pieces or money and that the award breaks as it is; minimum volumes only of bidders who win.
pub(super) fn missed(incumbent: &Incumbent<'_, '_>) -> Vec<usize> {
    let sides = Sides::new(incumbent.problem, &incumbent.quantities);
    let counted = |l: &usize| matches!(incumbent.problem.links[*l].kind, LinkKind::Wide | LinkKind::IfWins);
    (0..incumbent.problem.links.len()).filter(counted).filter(|l| sides.over(*l) > 0).collect()
}

/// Whole quantities that keep every wide rule as far as shrinking and dropping lines can; minimum volumes of bidders who
/// win too little make them lose all, unless their lines have room to grow.
pub(super) fn repaired(problem: &Problem<'_>, mut quantities: Vec<u32>) -> Vec<u32> {
    let sides = Sides::new(problem, &quantities);
    let short = |l: &usize| problem.links[*l].kind == LinkKind::IfWins && sides.over(*l) > 0;
    for link in (0..problem.links.len()).filter(short) {
        let mut own = vec![false; problem.offers.len()];
        problem.links[link].presences.iter().flat_map(|p| &p.offers).for_each(|o| own[*o] = true);
        grow(problem, &mut quantities, &|offer| own[offer]);
    }
    // Dropping a bidder may break a share of the rest, so both are looked at until nothing changes.
    for _ in 0..8 {
        let mut sides = Sides::new(problem, &quantities);
        let mut changed = false;
        for link in 0..problem.links.len() {
            let rule = &problem.links[link];
            if rule.kind == LinkKind::IfWins && sides.over(link) > 0 {
                for offer in rule.presences.iter().flat_map(|p| &p.offers) {
                    if quantities[*offer] > 0 && !problem.forced[*offer] {
                        sides.add(*offer as u32, -1, -i64::from(quantities[*offer]));
                        quantities[*offer] = 0;
                        changed = true;
                    }
                }
            }
        }
        for link in 0..problem.links.len() {
            if problem.links[link].kind == LinkKind::Wide && sides.over(link) > 0 {
                changed |= relieve(problem, &mut sides, link, &mut quantities);
            }
        }
        if !changed {
            break;
        }
    }
    grow(problem, &mut quantities, &|_| true);
    quantities
}

/// Shrinks and drops what counts in a rule, least loss for its relief first.
fn relieve(problem: &Problem<'_>, sides: &mut Sides<'_, '_>, link: usize, quantities: &mut [u32]) -> bool {
    // (loss per unit of relief in dollars, offer, whether it goes altogether)
    let mut steps: Vec<(f64, u32, bool)> = Vec::new();
    for (offer, &quantity) in quantities.iter().enumerate().filter(|(_, q)| **q > 0) {
        let (win, unit) = sides.per(link, offer as u32);
        let relief = win + unit * i128::from(quantity);
        let Some(piece) = problem.model.offers[problem.offers[offer]].piece_at(quantity) else { continue };
        if unit > 0 && quantity > piece.lo {
            steps.push((piece.value.per_unit as f64 / unit as f64, offer as u32, false));
        }
        if relief > 0 && !problem.forced[offer] {
            steps.push((piece.value.at(quantity) as f64 / relief as f64, offer as u32, true));
        }
    }
    steps.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut changed = false;
    for (_, offer, goes) in steps {
        let over = sides.over(link);
        if over <= 0 {
            break;
        }
        let quantity = quantities[offer as usize];
        if quantity == 0 {
            continue;
        }
        let Some(piece) = problem.model.offers[problem.offers[offer as usize]].piece_at(quantity) else { continue };
        let (win, unit) = sides.per(link, offer);
        let most = i128::from(quantity - piece.lo);
        let enough = if unit > 0 { (over + unit - 1) / unit } else { i128::MAX };
        if enough <= most || !goes {
            let less = enough.min(most) as u32;
            sides.add(offer, 0, -i64::from(less));
            quantities[offer as usize] -= less;
            changed |= less > 0;
        } else if win + unit * i128::from(quantity) > 0 {
            sides.add(offer, -1, -i64::from(quantity));
            quantities[offer as usize] = 0;
            changed = true;
        }
    }
    changed
}

/// Raises quantities of some offers within their pieces, steepest first, as far as blocks and rules allow.
fn grow(problem: &Problem<'_>, quantities: &mut [u32], of: &dyn Fn(usize) -> bool) {
    let mut sides = Sides::new(problem, quantities);
    let mut order: Vec<(Reverse<i64>, u32, u32)> = Vec::new();
    for (offer, &quantity) in quantities.iter().enumerate().filter(|(o, q)| **q > 0 && of(*o)) {
        if let Some(piece) = problem.model.offers[problem.offers[offer]].piece_at(quantity)
            && piece.value.per_unit > 0
            && quantity < piece.hi
        {
            order.push((Reverse(piece.value.per_unit), offer as u32, piece.hi));
        }
    }
    order.sort_unstable();
    let dense: Vec<usize> = (0..problem.links.len()).filter(|l| problem.links[*l].common != 0).collect();
    for (_, offer, hi) in order {
        let mut more = i128::from(hi - quantities[offer as usize]);
        for (block, item) in problem.items_of(offer) {
            let unit = i128::from(problem.items[item as usize].weight.1);
            if unit > 0 {
                more = more.min(i128::from(sides.left[block as usize].max(0)) / unit);
            }
        }
        let own = problem.links_of[offer as usize].iter().map(|(l, _)| *l as usize);
        for link in own.chain(dense.iter().copied()) {
            let (_, unit) = sides.per(link, offer);
            if unit > 0 {
                more = more.min((-sides.over(link)).max(0) / unit);
            }
        }
        if more > 0 {
            sides.add(offer, 0, more as i64);
            quantities[offer as usize] += more as u32;
        }
    }
}
