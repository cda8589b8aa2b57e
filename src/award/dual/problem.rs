//! The award cut into blocks, one per unit.
//!
//! A block holds the lines at its unit and a *copy* of each package that needs the unit. Rules whose offers all stand in
//! one block and that only count pieces or awards stay in the block; every other rule *links* blocks. A rule that counts
//! awards (an XOR group over units, dock slots at another unit) is also kept, cut to its items, in every block where two
//! of them meet: what counts from zero up holds for any part of it.

use super::charges::{Activation, Charge};
use crate::award::model::{Model, Presence, Rule, RuleKind};
use std::collections::BTreeMap;
use std::ops::Range;

/// No copy: the item is a line.
pub(super) const NONE: u32 = u32::MAX;

/// Something that can win in a block.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// Position of its offer.
    pub(super) offer: u32,
    /// Its copy, or [`NONE`].
    pub(super) copy: u32,
    /// What it takes of the block's capacity as it wins, and by piece.
    pub(super) weight: (i64, i64),
    /// Its ways, or empty for a copy.
    pub(super) ways: Range<u32>,
    /// Its counts in [`Problem::counts`].
    pub(super) counts: Range<u32>,
    /// What its block pays when it wins, once for all items of the charge, or [`NONE`].
    pub(super) charge: u32,
}

/// Quantities of a line on which everything is linear.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    /// Index among the pieces of the offer.
    pub(super) piece: u32,
    pub(super) lo: u32,
    pub(super) hi: u32,
}

/// What an item adds to a row that counts awards.
#[derive(Clone, Copy, Debug)]
pub(super) struct Count {
    /// Index within the block's rows.
    pub(super) row: u32,
    pub(super) by: i64,
}

#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) unit: u32,
    pub(super) items: Range<usize>,
    pub(super) capacity: Option<i64>,
    /// Room of each row that counts awards.
    pub(super) rows: Vec<i64>,
    /// Rows of dock slots, when every item counts in one of them.
    pub(super) slots: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Copy {
    pub(super) package: u32,
    pub(super) block: u32,
    pub(super) item: u32,
    pub(super) volume: u32,
}

#[derive(Clone, Debug)]
pub(super) struct Package {
    pub(super) offer: u32,
    pub(super) copies: Range<usize>,
    pub(super) volume: i64,
}

/// A term by offer position.
#[derive(Clone, Copy, Debug)]
pub(super) struct LinkTerm {
    pub(super) offer: u32,
    pub(super) per_win: i64,
    pub(super) per_unit: i64,
}

/// How a linking rule is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LinkKind {
    /// Counts awards; priced by coordinate steps.
    Count,
    /// Counts pieces or money; priced by subgradient steps.
    Wide,
    /// A minimum volume: priced together with whether its bidder wins ([`super::charges`]).
    IfWins,
    /// Not priced: the bound holds without it, the award obeys it.
    Unpriced,
}

/// `Σ terms + common × pieces ≤ at_most`.
#[derive(Clone, Debug)]
pub(super) struct Link {
    /// Index of the rule in the model.
    pub(super) rule: usize,
    pub(super) kind: LinkKind,
    pub(super) terms: Vec<LinkTerm>,
    /// What every piece of every offer counts besides.
    pub(super) common: i64,
    pub(super) at_most: i128,
    pub(super) presences: Vec<Presence>,
}

/// The part of a model that is solved, by position of its offers.
#[derive(Debug)]
pub(super) struct Problem<'a> {
    pub(super) model: &'a Model,
    /// Index in the model of each position.
    pub(super) offers: Vec<usize>,
    pub(super) blocks: Vec<Block>,
    pub(super) items: Vec<Item>,
    pub(super) ways: Vec<Way>,
    pub(super) counts: Vec<Count>,
    pub(super) packages: Vec<Package>,
    pub(super) copies: Vec<Copy>,
    pub(super) links: Vec<Link>,
    /// Bidders with a minimum volume, and what their blocks are charged for them.
    pub(super) activations: Vec<Activation>,
    pub(super) charges: Vec<Charge>,
    /// By offer: (link, index of its term).
    pub(super) links_of: Vec<Vec<(u32, u32)>>,
    /// By offer: pieces as it wins and by quantity.
    pub(super) size: Vec<(i64, i64)>,
    /// By offer: its item when all of it stands in one block, else its package.
    pub(super) place: Vec<Place>,
    /// Offers that an override forces, by position.
    pub(super) forced: Vec<bool>,
}

/// Where an offer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Item(u32, u32),
    Package(u32),
}

impl<'a> Problem<'a> {
    /// `offers` ascending, each with pieces; `keep` tells which rules are in force.
    pub(super) fn new(model: &'a Model, offers: Vec<usize>, keep: impl Fn(usize) -> bool) -> Self {
        let mut position = vec![NONE; model.offers.len()];
        for (at, &offer) in offers.iter().enumerate() {
            position[offer] = at as u32;
        }
        let pick = |at: usize| &model.offers[offers[at]];
        let mut block_of: BTreeMap<u32, u32> = BTreeMap::new();
        for at in 0..offers.len() {
            for unit in &pick(at).ddus {
                let next = block_of.len() as u32;
                block_of.entry(unit.0).or_insert(next);
            }
        }
        // Blocks in order of units.
        for (order, block) in block_of.values_mut().enumerate() {
            *block = order as u32;
        }
        let mut problem = Self {
            model,
            blocks: Vec::with_capacity(block_of.len()),
            items: Vec::new(),
            ways: Vec::new(),
            counts: Vec::new(),
            packages: Vec::new(),
            copies: Vec::new(),
            links: Vec::new(),
            activations: Vec::new(),
            charges: Vec::new(),
            links_of: vec![Vec::new(); offers.len()],
            size: Vec::with_capacity(offers.len()),
            place: vec![Place::Package(NONE); offers.len()],
            forced: vec![false; offers.len()],
            offers: Vec::new(),
        };
        let mut members: Vec<Vec<(u32, u32)>> = vec![Vec::new(); block_of.len()];
        for at in 0..offers.len() {
            let offer = pick(at);
            let pieces: i64 = offer.volumes.iter().map(|v| i64::from(*v)).sum();
            problem.size.push(if offer.is_package { (pieces, 0) } else { (0, 1) });
            if let [unit] = offer.ddus.as_slice() {
                members[block_of[&unit.0] as usize].push((at as u32, NONE));
                continue;
            }
            let first = problem.copies.len();
            for (unit, &volume) in offer.ddus.iter().zip(&offer.volumes) {
                let block = block_of[&unit.0];
                members[block as usize].push((at as u32, problem.copies.len() as u32));
                problem.copies.push(Copy { package: problem.packages.len() as u32, block, item: NONE, volume });
            }
            problem.place[at] = Place::Package(problem.packages.len() as u32);
            let copies = first..problem.copies.len();
            problem.packages.push(Package { offer: at as u32, copies, volume: pieces });
        }
        for ((&unit, block), members) in block_of.keys().zip(0_u32..).zip(members) {
            let first = problem.items.len();
            for (offer, copy) in members {
                let item = problem.items.len() as u32;
                let ways = problem.ways.len() as u32;
                if copy == NONE {
                    problem.place[offer as usize] = Place::Item(block, item);
                    for (piece, p) in pick(offer as usize).pieces.iter().enumerate() {
                        problem.ways.push(Way { piece: piece as u32, lo: p.lo, hi: p.hi });
                    }
                } else {
                    problem.copies[copy as usize].item = item;
                }
                let ways = ways..problem.ways.len() as u32;
                problem.items.push(Item { offer, copy, weight: (0, 0), ways, counts: 0..0, charge: NONE });
            }
            let items = first..problem.items.len();
            problem.blocks.push(Block { unit, items, capacity: None, rows: Vec::new(), slots: Vec::new() });
        }
        problem.offers = offers;
        problem.add_rules(&position, keep);
        problem.add_activations();
        problem
    }

    pub(super) fn is_package(&self, offer: u32) -> bool {
        matches!(self.place.get(offer as usize), Some(Place::Package(_)))
    }

    /// Blocks and items of an offer.
    pub(super) fn items_of(&self, offer: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        let (one, copies) = match self.place[offer as usize] {
            Place::Item(block, item) => (Some((block, item)), 0..0),
            Place::Package(k) => (None, self.packages[k as usize].copies.clone()),
        };
        one.into_iter().chain(copies.map(|at| (self.copies[at].block, self.copies[at].item)))
    }

    /// Blocks of an offer.
    pub(super) fn blocks_of(&self, offer: u32) -> Vec<u32> {
        match self.place[offer as usize] {
            Place::Item(block, _) => vec![block],
            Place::Package(k) => self.packages[k as usize].copies.clone().map(|c| self.copies[c].block).collect(),
        }
    }

    /// The item of an offer in a block.
    fn item_in(&self, offer: u32, block: u32) -> Option<u32> {
        match self.place[offer as usize] {
            Place::Item(b, item) => (b == block).then_some(item),
            Place::Package(k) => {
                let copies = self.copies.get(self.packages[k as usize].copies.clone())?;
                copies.binary_search_by_key(&block, |c| c.block).ok().map(|i| copies[i].item)
            }
        }
    }

    fn add_rules(&mut self, position: &[u32], keep: impl Fn(usize) -> bool) {
        let mut counts: Vec<(u32, Count)> = Vec::new();
        for (index, rule) in self.model.rules.iter().enumerate().filter(|(i, _)| keep(*i)) {
            let terms: Vec<LinkTerm> = rule
                .terms
                .iter()
                .filter(|t| position[t.offer] != NONE)
                .map(|t| LinkTerm { offer: position[t.offer], per_win: t.per_win, per_unit: t.per_unit })
                .collect();
            let presences = Self::presences(rule, position);
            if terms.is_empty() && presences.is_empty() && rule.common == 0 {
                continue;
            }
            if let (RuleKind::Forced(_), [term]) = (&rule.kind, terms.as_slice()) {
                self.forced[term.offer as usize] = true;
                continue;
            }
            let of_awards = matches!(
                rule.kind,
                RuleKind::DockSlots(..) | RuleKind::OneAward(..) | RuleKind::Xor(..) | RuleKind::Tiers(..)
            );
            let counting = of_awards
                && presences.is_empty()
                && rule.common == 0
                && rule.at_most >= 0
                && terms.iter().all(|t| t.per_unit == 0 && t.per_win >= 0);
            let common = self.common_blocks(&terms);
            let by_pieces =
                || presences.is_empty() && terms.iter().all(|t| matches!(t.per_unit, 0 | 1) && t.per_win >= 0);
            if let RuleKind::Capacity(unit) = &rule.kind
                && let Some(&block) = common.iter().find(|b| self.blocks[**b as usize].unit == unit.0)
                && by_pieces()
            {
                self.set_capacity(block, rule, &terms);
                continue;
            }
            if counting {
                self.count_in_blocks(rule, &terms, &common, &mut counts);
                if !common.is_empty() {
                    continue;
                }
            }
            self.add_link(index, rule, terms, presences, counting);
        }
        counts.sort_by_key(|(item, count)| (*item, count.row));
        for (item, count) in counts {
            let at = self.counts.len() as u32;
            let range = &mut self.items[item as usize].counts;
            if range.start == range.end {
                *range = at..at;
            }
            range.end = at + 1;
            self.counts.push(count);
        }
        for block in &mut self.blocks {
            let slots = std::mem::take(&mut block.slots);
            let covered = |item: &Item| {
                let counts = &self.counts[item.counts.start as usize..item.counts.end as usize];
                counts.iter().any(|c| c.by > 0 && slots.contains(&c.row))
            };
            if self.items[block.items.clone()].iter().all(covered) {
                block.slots = slots;
            }
        }
    }

    fn presences(rule: &Rule, position: &[u32]) -> Vec<Presence> {
        let here = |p: &Presence| {
            let offers: Vec<usize> =
                p.offers.iter().map(|&o| position[o]).filter(|at| *at != NONE).map(|at| at as usize).collect();
            (!offers.is_empty()).then_some(Presence { offers, weight: p.weight })
        };
        rule.presences.iter().filter_map(here).collect()
    }

    /// Blocks where every offer of the terms stands.
    fn common_blocks(&self, terms: &[LinkTerm]) -> Vec<u32> {
        let mut terms = terms.iter();
        let Some(first) = terms.next() else { return Vec::new() };
        let mut common = self.blocks_of(first.offer);
        for term in terms {
            common.retain(|b| self.item_in(term.offer, *b).is_some());
            if common.is_empty() {
                break;
            }
        }
        common
    }

    fn set_capacity(&mut self, block: u32, rule: &Rule, terms: &[LinkTerm]) {
        self.blocks[block as usize].capacity = Some(i64::try_from(rule.at_most).unwrap_or(i64::MAX / 4));
        for term in terms {
            if let Some(item) = self.item_in(term.offer, block) {
                self.items[item as usize].weight = (term.per_win, term.per_unit);
            }
        }
    }

    /// Keeps a rule that counts awards in the blocks where all of it, or two of its items, stand.
    fn count_in_blocks(&mut self, rule: &Rule, terms: &[LinkTerm], common: &[u32], counts: &mut Vec<(u32, Count)>) {
        let mut meeting: BTreeMap<u32, Vec<(u32, i64)>> = BTreeMap::new();
        for term in terms.iter().filter(|t| t.per_win > 0) {
            for block in self.blocks_of(term.offer) {
                if let Some(item) = self.item_in(term.offer, block) {
                    meeting.entry(block).or_default().push((item, term.per_win));
                }
            }
        }
        let room = i64::try_from(rule.at_most).unwrap_or(i64::MAX / 4);
        for (block, items) in meeting {
            let total: i128 = items.iter().map(|(_, by)| i128::from(*by)).sum();
            if total <= i128::from(room) && !common.contains(&block) {
                continue;
            }
            let rows = &mut self.blocks[block as usize].rows;
            let row = rows.len() as u32;
            rows.push(room);
            if matches!(rule.kind, RuleKind::DockSlots(unit, _) if unit.0 == self.blocks[block as usize].unit) {
                self.blocks[block as usize].slots.push(row);
            }
            counts.extend(items.into_iter().map(|(item, by)| (item, Count { row, by })));
        }
    }

    fn add_link(
        &mut self,
        rule_index: usize,
        rule: &Rule,
        terms: Vec<LinkTerm>,
        presences: Vec<Presence>,
        counting: bool,
    ) {
        let kind = match &rule.kind {
            RuleKind::MinimumVolume(_) => LinkKind::IfWins,
            _ if !presences.is_empty() => LinkKind::Unpriced,
            _ if counting => LinkKind::Count,
            _ => LinkKind::Wide,
        };
        let link = self.links.len() as u32;
        for (at, term) in terms.iter().enumerate() {
            self.links_of[term.offer as usize].push((link, at as u32));
        }
        let (common, at_most) = (rule.common, rule.at_most);
        self.links.push(Link { rule: rule_index, kind, terms, common, at_most, presences });
    }
}
