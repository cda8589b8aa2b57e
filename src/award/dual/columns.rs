//! The columns and rows of the master, and what their values mean.
//!
//! A binary for each choice of a unit and each package; choices that differ in pieces alone may be mixed and have one binary
//! for their sum. Of a way that gains by more pieces some may be taken back; of one that does not, some may be added.

use super::block::Pick;
use super::problem::{NONE, Place, Problem};
use highs::{Col, RowProblem};
use std::collections::BTreeMap;

/// Rows with larger coefficients are scaled down to this.
const LARGE: f64 = 1_000.0;
/// What wins at a unit, by item.
pub(super) type Picks = Vec<Pick>;

/// Whether two choices differ in pieces alone.
pub(super) fn same(a: &Picks, b: &Picks) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(x, y)| (x.item, x.way) == (y.item, y.way))
}

/// The choice that an award makes at a block.
pub(super) fn choice_of(problem: &Problem<'_>, block: usize, quantities: &[u32]) -> Picks {
    let range = problem.blocks[block].items.clone();
    let mut picks = Picks::new();
    for index in range {
        let item = &problem.items[index];
        let quantity = quantities[item.offer as usize];
        if quantity == 0 {
            continue;
        }
        let way = |w: &u32| (problem.ways[*w as usize].lo..=problem.ways[*w as usize].hi).contains(&quantity);
        let way = item.ways.clone().find(way).unwrap_or(NONE);
        let extra = problem.ways.get(way as usize).map_or(0, |w| quantity - w.lo);
        picks.push(Pick { item: index as u32, way, extra });
    }
    picks
}

/// The columns, with the rows as they are built.
pub(super) struct Columns<'p, 'm> {
    problem: &'p Problem<'m>,
    pub(super) rows: RowProblem,
    /// How many there are.
    pub(super) columns: usize,
    /// By block: the column of each choice.
    chosen: Vec<Vec<(Col, Picks)>>,
    /// By way: pieces more, or less, than its choice has.
    change: Vec<Option<Col>>,
    /// By package.
    packages: Vec<Option<Col>>,
    /// By way: its choices, with pieces beyond the least.
    of_way: Vec<Vec<(Col, u32)>>,
    /// Choices that differ in pieces alone: their sum, the first of them, the block.
    twins: Vec<(Col, Col, usize)>,
    /// All pieces of the award, where a rule counts them.
    pieces: Option<Col>,
    /// Presences with the offers they ask for.
    present: Vec<(Col, Vec<usize>)>,
    /// Pieces that may be taken back or added, in all.
    pub(super) range: i128,
}

fn dollars(value: i128) -> f64 {
    value as f64 * 1e-6
}

impl<'p, 'm> Columns<'p, 'm> {
    pub(super) fn new(problem: &'p Problem<'m>, choices: Vec<Vec<Picks>>, slopes: &[(i64, i64)]) -> Self {
        let mut master = Self {
            problem,
            rows: RowProblem::default(),
            columns: 0,
            chosen: Vec::with_capacity(choices.len()),
            change: vec![None; problem.ways.len()],
            packages: vec![None; problem.packages.len()],
            of_way: vec![Vec::new(); problem.ways.len()],
            twins: Vec::new(),
            pieces: None,
            present: Vec::new(),
            range: 0,
        };
        master.add_packages(&choices);
        for (block, picks) in choices.into_iter().enumerate() {
            master.add_block(block, picks, slopes);
        }
        for link in 0..problem.links.len() {
            master.add_link(link);
        }
        master
    }

    fn column(&mut self, value: f64, whole: bool, most: f64) -> Col {
        self.columns += 1;
        self.rows.add_column_with_integrality(value, 0.0..=most, whole)
    }

    /// A binary for each package that stands in a choice of each of its blocks.
    fn add_packages(&mut self, choices: &[Vec<Picks>]) {
        let mut seen = vec![false; self.problem.copies.len()];
        for pick in choices.iter().flatten().flatten() {
            if let Some(slot) = seen.get_mut(self.problem.items[pick.item as usize].copy as usize) {
                *slot = true;
            }
        }
        for (k, package) in self.problem.packages.iter().enumerate() {
            if !package.copies.clone().all(|c| seen[c]) {
                continue;
            }
            let value = self.value_of(package.offer, 0, 1);
            self.packages[k] = Some(self.column(dollars(value), true, 1.0));
        }
    }

    /// Value of an offer at a quantity.
    fn value_of(&self, offer: u32, piece: u32, quantity: u32) -> i128 {
        let offer = &self.problem.model.offers[self.problem.offers[offer as usize]];
        offer.pieces.get(piece as usize).map_or(0, |p| p.value.at(quantity))
    }

    fn add_block(&mut self, block: usize, choices: Vec<Picks>, slopes: &[(i64, i64)]) {
        let problem = self.problem;
        let b = &problem.blocks[block];
        let open = |p: &Picks| {
            p.iter().all(|pick| {
                let copy = problem.items[pick.item as usize].copy;
                copy == NONE || self.packages[problem.copies[copy as usize].package as usize].is_some()
            })
        };
        let choices: Vec<Picks> = choices.into_iter().filter(open).collect();
        let mut columns: Vec<(Col, Picks)> = Vec::with_capacity(choices.len());
        let mut room: Vec<(Col, f64)> = Vec::new();
        let mut copies: Vec<(u32, Col)> = Vec::new();
        let mut ways: Vec<u32> = Vec::new();
        // Choices that differ in pieces alone may be mixed; together they are taken or not.
        let twin = |p: &Picks| choices.iter().filter(|q| same(p, q)).count() > 1;
        let twins: Vec<bool> = choices.iter().map(twin).collect();
        for (at, picks) in choices.into_iter().enumerate() {
            let (mut value, mut weight) = (0, 0);
            for pick in &picks {
                let item = &problem.items[pick.item as usize];
                weight += item.weight.0;
                if let Some(w) = problem.ways.get(pick.way as usize) {
                    value += self.value_of(item.offer, w.piece, w.lo + pick.extra);
                    weight += item.weight.1 * i64::from(w.lo + pick.extra);
                }
            }
            let column = self.column(dollars(value), !twins[at], 1.0);
            for pick in &picks {
                if pick.way == NONE {
                    copies.push((problem.items[pick.item as usize].copy, column));
                } else {
                    self.of_way[pick.way as usize].push((column, pick.extra));
                    ways.push(pick.way);
                }
            }
            if let Some(capacity) = b.capacity {
                room.push((column, -((capacity - weight).max(0) as f64)));
            }
            columns.push((column, picks));
        }
        for at in (0..columns.len()).filter(|at| twins[*at]) {
            if columns[..at].iter().any(|(_, p)| same(p, &columns[at].1)) {
                continue;
            }
            let whole = self.column(0.0, true, 1.0);
            let mut row: Vec<(Col, f64)> = vec![(whole, -1.0)];
            row.extend(columns[at..].iter().filter(|(_, p)| same(p, &columns[at].1)).map(|(c, _)| (*c, 1.0)));
            self.rows.add_row(0.0..=0.0, row);
            self.twins.push((whole, columns[at].0, self.chosen.len()));
        }
        self.rows.add_row(1.0..=1.0, columns.iter().map(|(c, _)| (*c, 1.0)).collect::<Vec<_>>());
        ways.sort_unstable();
        ways.dedup();
        for index in b.items.clone() {
            let item = &problem.items[index];
            for way in item.ways.clone().filter(|w| ways.binary_search(w).is_ok()) {
                let w = problem.ways[way as usize];
                if w.lo == w.hi {
                    continue;
                }
                let offer = &problem.model.offers[problem.offers[item.offer as usize]];
                let slope = offer.pieces.get(w.piece as usize).map_or(0, |p| p.value.per_unit);
                // What gains by more pieces is filled as far as it can be, in one of the choices.
                let rising = slopes[way as usize].1 > 0;
                let range = f64::from(w.hi - w.lo);
                let most = if rising { 0.0 } else { range };
                let change = self.rows.add_column(dollars(i128::from(slope)), -range..=most);
                self.columns += 1;
                self.range += i128::from(w.hi - w.lo);
                self.change[way as usize] = Some(change);
                let less = self.of_way[way as usize].iter().map(|(c, extra)| (*c, -f64::from(*extra)));
                self.rows.add_row(..=0.0, less.chain([(change, -1.0)]).collect::<Vec<_>>());
                if rising {
                    continue;
                }
                let more = self.of_way[way as usize].iter().map(|(c, extra)| (*c, -f64::from(w.hi - w.lo - extra)));
                self.rows.add_row(..=0.0, more.chain([(change, 1.0)]).collect::<Vec<_>>());
                if item.weight.1 > 0 {
                    room.push((change, item.weight.1 as f64));
                }
            }
        }
        if b.capacity.is_some() && room.iter().any(|(_, k)| *k > 0.0) {
            self.rows.add_row(..=0.0, room);
        }
        // All copies of the block that have a column, those that no choice holds included.
        for index in b.items.clone() {
            let copy = problem.items[index].copy;
            let Some(package) = problem.copies.get(copy as usize).and_then(|c| self.packages[c.package as usize])
            else {
                continue;
            };
            let mut row: Vec<(Col, f64)> = copies.iter().filter(|(c, _)| *c == copy).map(|(_, c)| (*c, 1.0)).collect();
            row.push((package, -1.0));
            self.rows.add_row(0.0..=0.0, row);
        }
        self.chosen.push(columns);
    }

    /// `per_win` of an offer as it wins and `per_unit` of its quantity.
    fn terms(&self, offer: u32, per_win: i64, per_unit: i64, row: &mut Vec<(Col, f64)>) {
        match self.problem.place[offer as usize] {
            Place::Package(k) => {
                if let Some(column) = self.packages[k as usize] {
                    row.push((column, (per_win + per_unit) as f64));
                }
            }
            Place::Item(_, item) if self.problem.items[item as usize].ways.is_empty() => {}
            Place::Item(_, item) => {
                for way in self.problem.items[item as usize].ways.clone() {
                    let least = i128::from(self.problem.ways[way as usize].lo);
                    let each =
                        |extra: u32| (i128::from(per_win) + i128::from(per_unit) * (least + i128::from(extra))) as f64;
                    row.extend(self.of_way[way as usize].iter().map(|(c, extra)| (*c, each(*extra))));
                    if let Some(change) = self.change[way as usize] {
                        row.push((change, per_unit as f64));
                    }
                }
            }
        }
    }

    fn wins(&self, offer: u32, row: &mut Vec<(Col, f64)>, sign: f64) {
        let mut own = Vec::new();
        self.terms(offer, 1, 0, &mut own);
        row.extend(own.into_iter().filter(|(_, k)| *k != 0.0).map(|(c, k)| (c, k * sign)));
    }

    fn add_link(&mut self, link: usize) {
        let problem = self.problem;
        let rule = &problem.links[link];
        let mut row = Vec::new();
        for term in &rule.terms {
            self.terms(term.offer, term.per_win, term.per_unit, &mut row);
        }
        if rule.common != 0 {
            row.push((self.all_pieces(), rule.common as f64));
        }
        for presence in &rule.presences {
            let any = self.column(0.0, true, 1.0);
            if presence.weight > 0 {
                self.add_activation(&presence.offers, any);
            } else {
                let mut at_most = vec![(any, 1.0)];
                presence.offers.iter().for_each(|o| self.wins(*o as u32, &mut at_most, -1.0));
                self.rows.add_row(..=0.0, joined(at_most));
            }
            row.push((any, presence.weight as f64));
            self.present.push((any, presence.offers.clone()));
        }
        let row = joined(row);
        let largest = row.iter().map(|(_, k)| k.abs()).fold(1.0, f64::max);
        let scale = if largest > LARGE { LARGE / largest } else { 1.0 };
        if !row.is_empty() {
            self.rows.add_row(
                ..=rule.at_most as f64 * scale,
                row.into_iter().map(|(c, k)| (c, k * scale)).collect::<Vec<_>>(),
            );
        }
    }

    /// `any` is 1 where a choice holds one of the offers: a row a block, and one a package.
    fn add_activation(&mut self, offers: &[usize], any: Col) {
        let mut of_block: BTreeMap<u32, Vec<(Col, f64)>> = BTreeMap::new();
        for &offer in offers {
            match self.problem.place[offer] {
                Place::Item(block, _) => self.wins(offer as u32, of_block.entry(block).or_default(), 1.0),
                Place::Package(k) => {
                    if let Some(column) = self.packages[k as usize] {
                        self.rows.add_row(..=0.0, vec![(column, 1.0), (any, -1.0)]);
                    }
                }
            }
        }
        for row in of_block.into_values() {
            // A choice with two of them counts once.
            let mut row = joined(row);
            row.iter_mut().for_each(|(_, k)| *k = 1.0);
            row.push((any, -1.0));
            self.rows.add_row(..=0.0, row);
        }
    }

    /// A column that is all pieces of the award.
    fn all_pieces(&mut self) -> Col {
        if let Some(all) = self.pieces {
            return all;
        }
        let all = self.rows.add_column(0.0, 0.0..);
        self.columns += 1;
        let mut row = vec![(all, -1.0)];
        for offer in 0..self.problem.offers.len() as u32 {
            let (win, unit) = self.problem.size[offer as usize];
            self.terms(offer, win, unit, &mut row);
        }
        self.rows.add_row(0.0..=0.0, joined(row));
        self.pieces = Some(all);
        all
    }
}

impl Columns<'_, '_> {
    /// An award as values of the columns; `None` when a choice of it has no column.
    pub(super) fn values(&self, quantities: &[u32]) -> Option<Vec<f64>> {
        let mut values = vec![0.0; self.columns];
        for (block, columns) in self.chosen.iter().enumerate() {
            let own = choice_of(self.problem, block, quantities);
            let most = |p: &Picks| p.iter().zip(&own).all(|(x, y)| x.extra >= y.extra);
            let (column, picks) = columns.iter().find(|(_, p)| same(p, &own) && most(p))?;
            values[column.index()] = 1.0;
            for (pick, own) in picks.iter().zip(own) {
                if let Some(change) = self.change.get(pick.way as usize).copied().flatten() {
                    values[change.index()] = f64::from(own.extra) - f64::from(pick.extra);
                }
            }
        }
        for (package, column) in self.problem.packages.iter().zip(&self.packages) {
            let wins = quantities[package.offer as usize] > 0;
            match column {
                Some(column) => values[column.index()] = f64::from(u8::from(wins)),
                None if wins => return None,
                None => {}
            }
        }
        for (whole, first, block) in &self.twins {
            let columns = &self.chosen[*block];
            let Some((_, picks)) = columns.iter().find(|(c, _)| c.index() == first.index()) else { continue };
            let alike = columns.iter().filter(|(_, p)| same(p, picks));
            values[whole.index()] = alike.map(|(c, _)| values[c.index()]).sum();
        }
        for (column, offers) in &self.present {
            values[column.index()] = f64::from(u8::from(offers.iter().any(|o| quantities[*o] > 0)));
        }
        if let Some(all) = self.pieces {
            let size = |(o, q): (usize, &u32)| {
                let (win, unit) = self.problem.size[o];
                if *q == 0 { 0 } else { win + unit * i64::from(*q) }
            };
            values[all.index()] = quantities.iter().enumerate().map(size).sum::<i64>() as f64;
        }
        Some(values)
    }

    /// Whole pieces of a solution; rules over several units may be missed by the rounding.
    pub(super) fn read(&self, values: &[f64]) -> Vec<u32> {
        let problem = self.problem;
        let value = |c: Col| values.get(c.index()).copied().unwrap_or(0.0);
        let mut quantities = vec![0; problem.offers.len()];
        for (package, column) in problem.packages.iter().zip(&self.packages) {
            quantities[package.offer as usize] = u32::from(column.is_some_and(|c| value(c) > 0.5));
        }
        for columns in &self.chosen {
            let weight =
                |picks: &Picks| -> f64 { columns.iter().filter(|(_, p)| same(p, picks)).map(|(c, _)| value(*c)).sum() };
            let Some((_, picks)) = columns.iter().find(|(c, picks)| value(*c) > 0.0 && weight(picks) > 0.5) else {
                continue;
            };
            for (at, pick) in picks.iter().enumerate() {
                let Some(w) = problem.ways.get(pick.way as usize) else { continue };
                let alike = columns.iter().filter(|(_, p)| same(p, picks));
                let mixed: f64 = alike.map(|(c, p)| value(*c) * p.get(at).map_or(0.0, |x| f64::from(x.extra))).sum();
                let extra = mixed + self.change[pick.way as usize].map_or(0.0, value);
                let extra = ((extra + 1e-6).floor().max(0.0) as u32).min(w.hi - w.lo);
                quantities[problem.items[pick.item as usize].offer as usize] = w.lo + extra;
            }
        }
        quantities
    }
}

/// A row with each column once.
fn joined(mut row: Vec<(Col, f64)>) -> Vec<(Col, f64)> {
    row.sort_by_key(|(c, _)| c.index());
    let mut joined: Vec<(Col, f64)> = Vec::with_capacity(row.len());
    for (column, k) in row {
        match joined.last_mut() {
            Some((last, sum)) if last.index() == column.index() => *sum += k,
            _ => joined.push((column, k)),
        }
    }
    joined.retain(|(_, k)| *k != 0.0);
    joined
}
