//! One unit solved exactly: which of its items win, and with how many pieces.
//!
//! Depth first over the items by value per piece. Each node is a choice of ways at their least quantities; the capacity
//! left is filled by the steepest first, which is exact because inside a block only the capacity counts pieces. Branches
//! are cut by the same filling with whole items taken as divisible, and by the best values the dock slots allow.
//! The bound is in floating point with an allowance above its rounding error, so it cuts nothing it should not.

use super::fill::Filling;
use super::prices::Values;
use super::problem::{NONE, Problem};

/// Nodes of one search; beyond it the block's bound is that of its relaxation.
const NODES: u32 = 2_000_000;

/// What is asked of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    Free,
    Out,
    Must,
}

/// A way that wins, with its pieces beyond the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pick {
    pub(super) item: u32,
    /// Index of the way; [`NONE`] for a copy.
    pub(super) way: u32,
    pub(super) extra: u32,
}

/// Choices that are worth enough, as they are found.
#[derive(Debug)]
struct Listed {
    /// Least value that is still of interest.
    floor: i64,
    most: usize,
    /// Value, and winners by item.
    choices: Vec<(i64, Vec<Pick>)>,
    all: bool,
}

impl Listed {
    /// Keeps the best; what is worth no more than they is of no interest any longer.
    fn trim(&mut self) {
        self.choices.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        self.choices.dedup();
        if self.choices.len() > self.most {
            self.choices.truncate(self.most);
            self.floor = self.choices.last().map_or(self.floor, |c| c.0 + 1);
            self.all = false;
        }
    }
}

fn sorted(picks: &[Pick]) -> Vec<Pick> {
    let mut picks = picks.to_vec();
    picks.sort_unstable();
    picks
}

/// Value of a block, and its winners as (item, quantity).
pub(super) type Solved = (i64, Vec<(u32, u32)>);

#[derive(Clone, Copy, Debug)]
struct Choice {
    way: u32,
    weight: i64,
    base: i64,
    slope: i64,
    /// Pieces that may be added, each worth `slope`; they take capacity.
    extra: i64,
    /// Pieces that are added in any case, because they take no capacity.
    free: u32,
}

#[derive(Clone, Debug)]
struct Candidate {
    item: u32,
    density: f64,
    /// Most it can be worth.
    top: f64,
    options: (u32, u32),
    counts: (u32, u32),
    /// Index among the block's charges, or [`NONE`].
    charge: u32,
    skip: bool,
}

/// What is paid once when any of some candidates wins.
#[derive(Clone, Copy, Debug)]
struct Fee {
    charge: u32,
    amount: i64,
    /// Items it is paid for, and how many of them win.
    items: u32,
    winning: u32,
}

/// Buffers of a search, reused from block to block.
#[derive(Debug, Default)]
pub(super) struct Search {
    candidates: Vec<Candidate>,
    options: Vec<Choice>,
    counts: Vec<(u32, i64)>,
    must: Vec<u32>,
    room: Vec<i64>,
    fees: Vec<Fee>,
    capacity: i64,
    slots: Vec<u32>,
    /// `by_slots[from][k]`: most that `k` of the candidates from `from` on are worth.
    by_slots: Vec<f64>,
    most_slots: usize,
    picked: Vec<(u32, u32)>,
    fills: Vec<(i64, i64, u32)>,
    listed: Option<Listed>,
    best: Option<i64>,
    best_picks: Vec<Pick>,
    allowance: f64,
    nodes: u32,
}

impl Search {
    /// Loads a block under reduced values. Copies without value are kept, so that they can be forced.
    pub(super) fn load(&mut self, problem: &Problem<'_>, block: usize, values: &Values, stand: impl Fn(u32) -> Stand) {
        let b = &problem.blocks[block];
        self.candidates.clear();
        self.options.clear();
        self.counts.clear();
        self.must.clear();
        self.capacity = b.capacity.unwrap_or(i64::MAX / 4);
        self.room.clear();
        self.room.extend_from_slice(&b.rows);
        self.slots.clear();
        self.slots.extend_from_slice(&b.slots);
        self.load_fees(problem, b.items.clone(), values, &stand);
        let mut sum = 0.0;
        for index in b.items.clone() {
            let item = &problem.items[index];
            let stand = stand(index as u32);
            if stand == Stand::Out {
                continue;
            }
            let fee = self.fees.iter().position(|f| f.charge == item.charge);
            // What a single item pays is part of its price.
            let (charge, own) = match fee {
                Some(at) if self.fees[at].items > 1 => (at as u32, 0),
                Some(at) => (NONE, self.fees[at].amount),
                None => (NONE, 0),
            };
            let first = self.options.len() as u32;
            let (mut density, mut top) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
            let mut consider = |option: Choice, options: &mut Vec<Choice>| {
                if option.weight > self.capacity {
                    return;
                }
                let full = option.base + option.slope * option.extra;
                let per = |value: i64, weight: i64| match (weight, value > 0) {
                    (0, true) => f64::INFINITY,
                    (w, _) => value as f64 / w.max(1) as f64,
                };
                density = density.max(per(option.base, option.weight)).max(per(full, option.weight + option.extra));
                top = top.max(full as f64);
                options.push(option);
            };
            if item.copy == NONE {
                for way in item.ways.clone() {
                    let w = problem.ways[way as usize];
                    let (base, slope) = values.ways[way as usize];
                    let base = base - own;
                    let weight = item.weight.0 + item.weight.1 * i64::from(w.lo);
                    let extra = if slope > 0 { i64::from(w.hi - w.lo) } else { 0 };
                    let option = if item.weight.1 == 0 {
                        let free = u32::try_from(extra).unwrap_or(0);
                        Choice { way, weight, base: base + slope * extra, slope: 0, extra: 0, free }
                    } else {
                        let extra = extra.min(self.capacity - weight).max(0);
                        Choice { way, weight, base, slope, extra, free: 0 }
                    };
                    consider(option, &mut self.options);
                }
            } else {
                let base = values.shares[item.copy as usize] - own;
                let option = Choice { way: NONE, weight: item.weight.0, base, slope: 0, extra: 0, free: 0 };
                consider(option, &mut self.options);
            }
            let options = (first, self.options.len() as u32);
            if options.0 < options.1 {
                sum += top.abs();
            }
            let first = self.counts.len() as u32;
            let counts = &problem.counts[item.counts.start as usize..item.counts.end as usize];
            self.counts.extend(counts.iter().map(|c| (c.row, c.by)));
            let counts = (first, self.counts.len() as u32);
            let skip = stand == Stand::Must;
            self.candidates.push(Candidate { item: index as u32, density, top, options, counts, charge, skip });
        }
        self.allowance = sum * 1e-12 + 0.5;
        self.candidates.sort_unstable_by(|a, b| {
            b.density.total_cmp(&a.density).then(b.top.total_cmp(&a.top)).then(a.item.cmp(&b.item))
        });
        self.must.extend((0..self.candidates.len() as u32).filter(|&c| self.candidates[c as usize].skip));
        self.table_of_slots();
    }

    /// Charges of a block, with the items that take part.
    fn load_fees(
        &mut self,
        problem: &Problem<'_>,
        items: std::ops::Range<usize>,
        values: &Values,
        stand: &impl Fn(u32) -> Stand,
    ) {
        self.fees.clear();
        for index in items {
            let charge = problem.items[index].charge;
            let Some(&amount) = values.charges.get(charge as usize).filter(|amount| **amount > 0) else { continue };
            if stand(index as u32) == Stand::Out {
                continue;
            }
            match self.fees.iter_mut().find(|f| f.charge == charge) {
                Some(fee) => fee.items += 1,
                None => self.fees.push(Fee { charge, amount, items: 1, winning: 0 }),
            }
        }
    }

    fn table_of_slots(&mut self) {
        self.most_slots = 0;
        self.by_slots.clear();
        let slots: i64 = self.slots.iter().map(|r| self.room[*r as usize].max(0)).sum();
        let useful = self.candidates.iter().filter(|c| c.top > 0.0).count();
        if self.slots.is_empty() || slots as usize >= useful {
            return;
        }
        self.most_slots = slots as usize;
        let width = self.most_slots + 1;
        self.by_slots.resize((self.candidates.len() + 1) * width, 0.0);
        let mut best: Vec<f64> = vec![0.0; self.most_slots];
        for from in (0..self.candidates.len()).rev() {
            let mut top = self.candidates[from].top.max(0.0);
            for slot in &mut best {
                if top > *slot {
                    std::mem::swap(slot, &mut top);
                }
            }
            let mut sum = 0.0;
            for (k, value) in best.iter().enumerate() {
                sum += value;
                self.by_slots[from * width + k + 1] = sum;
            }
        }
    }

    /// Where an item stands among the candidates.
    pub(super) fn candidate(&self, item: u32) -> Option<usize> {
        self.candidates.iter().position(|c| c.item == item)
    }

    /// The best value with `forced` among the winners and without `without`; `None` when nothing fits. Values up to
    /// `floor` are not told apart from `None`.
    pub(super) fn run(&mut self, forced: Option<usize>, without: Option<usize>, floor: Option<i64>) -> Option<i64> {
        self.best = floor;
        self.best_picks.clear();
        self.nodes = NODES;
        let plain = self.must.len();
        if let Some(c) = forced.filter(|c| !self.candidates[*c].skip) {
            self.must.push(c as u32);
            self.candidates[c].skip = true;
        }
        let hidden = without.filter(|c| !self.candidates[*c].skip);
        if let Some(c) = hidden {
            self.candidates[c].skip = true;
        }
        self.descend(0, 0, self.capacity, 0);
        if let Some(c) = hidden {
            self.candidates[c].skip = false;
        }
        for c in self.must.drain(plain..) {
            self.candidates[c as usize].skip = false;
        }
        if self.nodes == 0 {
            // Rare: the relaxation bounds what the search did not finish.
            let relaxed: f64 = self.candidates.iter().map(|c| c.top.max(0.0)).sum();
            return Some((relaxed + self.allowance) as i64 + 1);
        }
        if self.best == floor && floor.is_some() { None } else { self.best }
    }

    /// The choices worth at least `floor` when filled, best first and at most `most`, winners by item; and whether these
    /// are all of them.
    pub(super) fn choices(&mut self, floor: i64, most: usize) -> (Vec<Vec<Pick>>, bool) {
        self.listed = Some(Listed { floor, most, choices: Vec::new(), all: true });
        self.best = Some(floor.saturating_sub(1));
        self.nodes = NODES;
        self.descend(0, 0, self.capacity, 0);
        let Some(mut listed) = self.listed.take() else { return (Vec::new(), false) };
        listed.trim();
        (listed.choices.into_iter().map(|(_, picks)| picks).collect(), listed.all && self.nodes > 0)
    }

    /// Best value of a block, with its winners as (item, quantity); `None` when what must win does not fit.
    pub(super) fn solve(
        &mut self,
        problem: &Problem<'_>,
        values: &Values,
        stand: impl Fn(u32) -> Stand,
        block: usize,
    ) -> Option<Solved> {
        self.load(problem, block, values, stand);
        let best = self.run(None, None, None)?;
        let quantity = |way: u32, extra: u32| problem.ways.get(way as usize).map_or(1, |w| w.lo + extra);
        Some((best, self.best_picks.iter().map(|p| (p.item, quantity(p.way, p.extra))).collect()))
    }

    fn descend(&mut self, must_at: usize, from: usize, left: i64, base: i64) {
        if self.nodes == 0 {
            return;
        }
        self.nodes -= 1;
        if let Some(&c) = self.must.get(must_at) {
            return self.take_each(c as usize, must_at + 1, 0, left, base);
        }
        self.settle(left, base);
        for c in from..self.candidates.len() {
            if self.candidates[c].skip {
                continue;
            }
            if self.best.is_some_and(|best| self.bound(c, left, base) <= best as f64) {
                return;
            }
            self.take_each(c, must_at, c + 1, left, base);
        }
    }

    /// Tries each way of a candidate that fits.
    fn take_each(&mut self, c: usize, must_at: usize, from: usize, left: i64, mut base: i64) {
        let counts = self.candidates[c].counts;
        let counts = counts.0 as usize..counts.1 as usize;
        if self.counts[counts.clone()].iter().any(|(row, by)| self.room[*row as usize] < *by) {
            return;
        }
        for at in counts.clone() {
            let (row, by) = self.counts[at];
            self.room[row as usize] -= by;
        }
        let charge = self.candidates[c].charge as usize;
        if let Some(fee) = self.fees.get_mut(charge) {
            base -= if fee.winning == 0 { fee.amount } else { 0 };
            fee.winning += 1;
        }
        let (first, end) = self.candidates[c].options;
        for o in first..end {
            let option = self.options[o as usize];
            if option.weight > left {
                continue;
            }
            self.picked.push((c as u32, o));
            let fill = (option.extra > 0).then(|| {
                let at = self.fills.partition_point(|f| f.0 >= option.slope);
                self.fills.insert(at, (option.slope, option.extra, o));
                at
            });
            self.descend(must_at, from, left - option.weight, base + option.base);
            if let Some(at) = fill {
                self.fills.remove(at);
            }
            self.picked.pop();
        }
        if let Some(fee) = self.fees.get_mut(charge) {
            fee.winning -= 1;
        }
        for at in counts {
            let (row, by) = self.counts[at];
            self.room[row as usize] += by;
        }
    }

    /// The choice as it is, with the capacity left filled.
    fn settle(&mut self, left: i64, base: i64) {
        let value = base + self.filled(left);
        if self.best.is_some_and(|best| value <= best) {
            return;
        }
        if self.listed.is_none() {
            self.best = Some(value);
        }
        if self.listed.is_some() {
            self.list(base, left);
        } else {
            let mut room = left;
            let greedy = |(_, extra, _): &(i64, i64, u32)| {
                let more = (*extra).min(room);
                room -= more;
                more
            };
            let pieces: Vec<i64> = self.fills.iter().map(greedy).collect();
            self.best_picks = self.picks_with(&pieces);
        }
    }

    /// Lists what is picked, once for each way to fill the capacity left that is worth enough: some ways are full, at most
    /// one is filled in part.
    fn list(&mut self, base: i64, left: i64) {
        let Some(mut listed) = self.listed.take() else { return };
        let filling = Filling { fills: &self.fills, part: 0, floor: listed.floor - base };
        for (worth, pieces) in filling.corners(left) {
            listed.choices.push((base + worth, sorted(&self.picks_with(&pieces))));
        }
        if listed.choices.len() >= 4 * listed.most {
            listed.trim();
            self.best = Some(listed.floor - 1);
        }
        self.listed = Some(listed);
    }

    /// What filling the capacity left is worth.
    fn filled(&self, mut room: i64) -> i64 {
        let mut value = 0;
        for (slope, extra, _) in &self.fills {
            let more = (*extra).min(room);
            value += slope * more;
            room -= more;
        }
        value
    }

    /// What is picked, with pieces beyond the least for each of the fills.
    fn picks_with(&self, pieces: &[i64]) -> Vec<Pick> {
        let pick = |&(c, o): &(u32, u32)| {
            let option = self.options[o as usize];
            let more = self.fills.iter().zip(pieces).filter(|(f, _)| f.2 == o).map(|(_, p)| *p as u32).sum::<u32>();
            Pick { item: self.candidates[c as usize].item, way: option.way, extra: option.free + more }
        };
        self.picked.iter().map(pick).collect()
    }

    /// No less than any choice below this node is worth, when candidates before `from` are decided.
    fn bound(&self, from: usize, left: i64, base: i64) -> f64 {
        let mut sum = base as f64;
        let mut room = left as f64;
        let mut fills = self.fills.iter().peekable();
        let mut candidates = self.candidates[from..].iter().filter(|c| !c.skip);
        let mut next = candidates.next();
        while room >= 0.0 {
            let fill = fills.peek().map_or(f64::NEG_INFINITY, |f| f.0 as f64);
            match next {
                Some(c) if c.density >= fill && c.top > 0.0 => {
                    let weight = c.top / c.density;
                    if weight <= room {
                        sum += c.top;
                        room -= weight;
                    } else {
                        sum += c.density * room;
                        break;
                    }
                    next = candidates.next();
                }
                _ if fill > 0.0 => {
                    let extra = fills.next().map_or(0, |f| f.1) as f64;
                    sum += fill * extra.min(room);
                    room -= extra;
                }
                _ => break,
            }
        }
        if self.most_slots > 0 || !self.by_slots.is_empty() {
            let open: i64 = self.slots.iter().map(|r| self.room[*r as usize].max(0)).sum();
            let open = (open as usize).min(self.most_slots);
            let filled: f64 = self.fills.iter().map(|f| f.0 as f64 * f.1 as f64).sum();
            sum = sum.min(base as f64 + filled + self.by_slots[from * (self.most_slots + 1) + open]);
        }
        sum + self.allowance
    }
}
