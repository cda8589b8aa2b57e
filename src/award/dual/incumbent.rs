//! An award in the making: packages that are in or out, and every block solved for the lines beside them.
//!
//! Wide rules are kept through their prices until [`super::repair`]; rules that count awards are kept by taking the
//! members out that may not win any more.

use super::block::{Search, Solved, Stand};
use super::prices::{Prices, Values};
use super::problem::{LinkKind, NONE, Problem};
use rayon::prelude::*;

pub(super) struct Incumbent<'p, 'm> {
    pub(super) problem: &'p Problem<'m>,
    pub(super) values: Values,
    /// By item. Copies are `Must` or `Out`.
    pub(super) stand: Vec<Stand>,
    /// Items that may never win.
    barred: Vec<bool>,
    /// By offer.
    pub(super) quantities: Vec<u32>,
    /// By block, in reduced value; copies count with their shares.
    pub(super) optima: Vec<i64>,
    search: Search,
    /// Blocks solved since the last mark, as they were.
    journal: Vec<Saved>,
    journalled: Vec<bool>,
}

struct Saved {
    block: u32,
    optimum: i64,
    /// Quantities of the block's lines, and stands of its items.
    lines: Vec<(u32, u32)>,
    stands: Vec<Stand>,
}

impl<'p, 'm> Incumbent<'p, 'm> {
    /// No package in but the forced ones; lines under the prices.
    pub(super) fn new(problem: &'p Problem<'m>, prices: &Prices, stands: &[Stand]) -> Self {
        let mut values = Values::default();
        prices.values(problem, &mut values);
        let free = |(item, stand): (&super::problem::Item, &Stand)| match stand {
            Stand::Free if item.copy != NONE => Stand::Out,
            other => *other,
        };
        let mut quantities = vec![0; problem.offers.len()];
        for package in &problem.packages {
            quantities[package.offer as usize] = u32::from(problem.forced[package.offer as usize]);
        }
        let mut incumbent = Self {
            values,
            stand: problem.items.iter().zip(stands).map(free).collect(),
            barred: stands.iter().map(|s| *s == Stand::Out).collect(),
            quantities,
            optima: vec![0; problem.blocks.len()],
            search: Search::default(),
            journal: Vec::new(),
            journalled: vec![false; problem.blocks.len()],
            problem,
        };
        incumbent.solve_all();
        incumbent
    }

    /// Solves every block anew.
    pub(super) fn solve_all(&mut self) {
        let (problem, values, stand) = (self.problem, &self.values, &self.stand);
        let solved: Vec<Option<Solved>> = (0..problem.blocks.len())
            .into_par_iter()
            .map_init(Search::default, |search, b| search.solve(problem, values, |item| stand[item as usize], b))
            .collect();
        for (block, solved) in solved.into_iter().enumerate() {
            if let Some(solved) = solved {
                self.put(block, &solved);
            }
        }
    }

    /// Under other prices, packages as they are.
    pub(super) fn reprice(&mut self, prices: &Prices) {
        prices.values(self.problem, &mut self.values);
        self.solve_all();
    }

    fn put(&mut self, block: usize, (best, picks): &Solved) {
        self.optima[block] = *best;
        for item in &self.problem.items[self.problem.blocks[block].items.clone()] {
            if item.copy == NONE {
                self.quantities[item.offer as usize] = 0;
            }
        }
        for (item, quantity) in picks {
            let item = &self.problem.items[*item as usize];
            if item.copy == NONE {
                self.quantities[item.offer as usize] = *quantity;
            }
        }
    }

    /// Solves a block anew; false when what must win does not fit.
    pub(super) fn solve_block(&mut self, block: usize) -> bool {
        match self.search.solve(self.problem, &self.values, |item| self.stand[item as usize], block) {
            Some(solved) => {
                self.put(block, &solved);
                true
            }
            None => false,
        }
    }

    pub(super) fn wins(&self, package: u32) -> bool {
        self.quantities[self.problem.packages[package as usize].offer as usize] > 0
    }

    pub(super) fn is_barred(&self, package: u32) -> bool {
        let copies = self.problem.packages[package as usize].copies.clone();
        copies.into_iter().any(|c| self.barred[self.problem.copies[c].item as usize])
    }

    /// Left side of a rule that counts awards; of packages only, or of all.
    pub(super) fn counted(&self, link: u32, packages_only: bool) -> i128 {
        let terms = self.problem.links[link as usize].terms.iter();
        let counts = terms.filter(|t| self.quantities[t.offer as usize] > 0);
        counts.filter(|t| !packages_only || self.problem.is_package(t.offer)).map(|t| i128::from(t.per_win)).sum()
    }

    /// Whether every rule that counts awards leaves room for an offer.
    fn has_room(&self, offer: u32, packages_only: bool) -> bool {
        self.problem.links_of[offer as usize].iter().all(|&(link, term)| {
            let rule = &self.problem.links[link as usize];
            rule.kind != LinkKind::Count
                || self.counted(link, packages_only) + i128::from(rule.terms[term as usize].per_win) <= rule.at_most
        })
    }

    fn save(&mut self, block: usize) {
        if std::mem::replace(&mut self.journalled[block], true) {
            return;
        }
        let range = self.problem.blocks[block].items.clone();
        let lines = self.problem.items[range.clone()].iter().filter(|i| i.copy == NONE);
        self.journal.push(Saved {
            block: block as u32,
            optimum: self.optima[block],
            lines: lines.map(|i| (i.offer, self.quantities[i.offer as usize])).collect(),
            stands: self.stand[range].to_vec(),
        });
    }

    /// Forgets what was saved: the blocks stay as they are.
    pub(super) fn keep(&mut self) {
        for saved in self.journal.drain(..) {
            self.journalled[saved.block as usize] = false;
        }
    }

    /// Puts all blocks back as they were when the journal was last empty; quantities of packages are the caller's.
    pub(super) fn undo(&mut self) {
        for saved in std::mem::take(&mut self.journal) {
            let block = saved.block as usize;
            self.journalled[block] = false;
            self.optima[block] = saved.optimum;
            for (offer, quantity) in saved.lines {
                self.quantities[offer as usize] = quantity;
            }
            let range = self.problem.blocks[block].items.clone();
            self.stand[range].copy_from_slice(&saved.stands);
        }
    }

    /// Puts a package in or out and solves its blocks; the change of the total, or `None` when it does not fit, and then
    /// nothing has changed but the journal.
    pub(super) fn turn(&mut self, package: u32, wins: bool) -> Option<i128> {
        let problem = self.problem;
        let p = &problem.packages[package as usize];
        if wins && (!self.has_room(p.offer, true) || self.is_barred(package)) {
            return None;
        }
        let mut change = 0;
        let before = self.quantities[p.offer as usize];
        self.quantities[p.offer as usize] = u32::from(wins);
        let mut done = 0;
        for copy in &problem.copies[p.copies.clone()] {
            let block = copy.block as usize;
            self.save(block);
            self.stand[copy.item as usize] = if wins { Stand::Must } else { Stand::Out };
            let was = self.optima[block];
            if !self.solve_block(block) {
                break;
            }
            change += i128::from(self.optima[block]) - i128::from(was);
            done += 1;
        }
        if done == p.copies.len() {
            return Some(change);
        }
        self.quantities[p.offer as usize] = before;
        for copy in &problem.copies[p.copies.clone()].iter().take(done + 1).collect::<Vec<_>>() {
            self.stand[copy.item as usize] = if before > 0 { Stand::Must } else { Stand::Out };
            self.solve_block(copy.block as usize);
        }
        None
    }

    /// Puts packages in, one by one, where each raises the total.
    pub(super) fn insert(&mut self, order: &[u32]) -> i128 {
        let mut gain = 0;
        for &k in order.iter() {
            if self.wins(k) {
                continue;
            }
            match self.turn(k, true) {
                Some(change) if change > 0 => gain += change,
                Some(change) => gain += change + self.turn(k, false).unwrap_or(0),
                None => {}
            }
        }
        gain
    }

    /// Takes lines out until no rule that counts awards is broken, then lets others in where there is room.
    pub(super) fn settle_counts(&mut self) {
        let problem = self.problem;
        let counting = |l: &u32| problem.links[*l as usize].kind == LinkKind::Count;
        let links: Vec<u32> = (0..problem.links.len() as u32).filter(counting).collect();
        // Members beside the winners of a rule that is used up are out from the start.
        for &link in &links {
            let rule = &problem.links[link as usize];
            if self.counted(link, false) < rule.at_most {
                continue;
            }
            for term in &rule.terms {
                if self.quantities[term.offer as usize] == 0 {
                    self.bar(term.offer);
                }
            }
        }
        self.solve_all();
        let mut again = true;
        while std::mem::take(&mut again) {
            for &link in &links {
                let rule = &problem.links[link as usize];
                while self.counted(link, false) > rule.at_most {
                    let lines = rule.terms.iter().filter(|t| {
                        let free = |(_, item): (u32, u32)| self.stand[item as usize] == Stand::Free;
                        self.quantities[t.offer as usize] > 0 && problem.items_of(t.offer).all(free)
                    });
                    let Some(worst) = lines.min_by_key(|t| (self.value_of(t.offer), t.offer)) else { break };
                    let offer = worst.offer;
                    if let Some(block) = self.bar(offer) {
                        self.solve_block(block as usize);
                    }
                    again = true;
                }
            }
        }
        for &link in &links {
            let rule = &problem.links[link as usize];
            for term in &rule.terms {
                self.let_in(term.offer);
            }
        }
        self.keep();
    }

    /// Tries a line that was taken out again, if its rules have room.
    fn let_in(&mut self, offer: u32) {
        if self.quantities[offer as usize] > 0 || self.problem.is_package(offer) || !self.has_room(offer, false) {
            return;
        }
        let Some((block, item)) = self.problem.items_of(offer).next() else { return };
        if self.barred[item as usize] || self.stand[item as usize] != Stand::Out {
            return;
        }
        self.save(block as usize);
        self.stand[item as usize] = Stand::Free;
        self.solve_block(block as usize);
        let range = self.problem.blocks[block as usize].items.clone();
        let broken = self.problem.items[range].iter().any(|i| {
            self.problem.links_of[i.offer as usize].iter().any(|(l, _)| {
                let rule = &self.problem.links[*l as usize];
                rule.kind == LinkKind::Count && self.counted(*l, false) > rule.at_most
            })
        });
        if broken { self.undo() } else { self.keep() }
    }

    /// Takes a line out; its block.
    fn bar(&mut self, offer: u32) -> Option<u32> {
        if self.problem.is_package(offer) {
            return None;
        }
        let (block, item) = self.problem.items_of(offer).next()?;
        if self.stand[item as usize] != Stand::Free {
            return None;
        }
        self.stand[item as usize] = Stand::Out;
        Some(block)
    }

    /// Reduced value of a winning line.
    fn value_of(&self, offer: u32) -> i64 {
        let quantity = self.quantities[offer as usize];
        let Some((_, item)) = self.problem.items_of(offer).next() else { return 0 };
        let ways = self.problem.items[item as usize].ways.clone();
        let worth = |way: u32| {
            let w = self.problem.ways[way as usize];
            let (base, slope) = self.values.ways[way as usize];
            (w.lo..=w.hi).contains(&quantity).then(|| base + slope * i64::from(quantity - w.lo))
        };
        ways.into_iter().find_map(worth).unwrap_or(0)
    }
}
