//! Minimum volumes of bidders who may win or lose.
//!
//! Whether a bidder `j` with a minimum volume wins at all is a choice `w` of 0 or 1: its pieces are at least `least·w`, and
//! in each block it wins nothing unless `w = 1`. Both are priced: the minimum volume by a price ν a piece, the other by a
//! *charge* σ that a block pays once when `j` wins anything there. The choice then earns `max(0, Σ σ − ν·least)`. With
//! the best ν and σ that is the larger of two bounds, `j` wins and `j` loses, for every such bidder at once: branching
//! over them would need a node for each set of winners. The best pair is found bidder by bidder: ν by bisection on
//! the pieces its blocks choose, σ from what each block gains by it.

use super::block::{Search, Stand};
use super::prices::{PRICE_BITS, Prices, VALUE_BITS, Values};
use super::problem::{LinkKind, NONE, Problem};
use rayon::prelude::*;

/// Evaluations of all blocks of a bidder that a pass spends on its price.
const PROBES: u32 = 10;

/// What a block pays once when a bidder wins anything there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Charge {
    pub(super) block: u32,
    pub(super) activation: u32,
}

/// A bidder that wins at least its minimum volume, or nothing.
#[derive(Clone, Debug)]
pub(super) struct Activation {
    /// Its minimum volume among the links.
    pub(super) link: u32,
    pub(super) least: i64,
    /// First step of its price: a part of what a piece of its offers is worth.
    step: i64,
    /// Offers that count as winning, by position.
    pub(super) offers: Vec<u32>,
    /// Charges of its blocks, by block.
    pub(super) charges: Vec<u32>,
}

impl Problem<'_> {
    /// Finds the bidders with a minimum volume and their blocks. A rule of another shape stays without a price until it is
    /// decided.
    pub(super) fn add_activations(&mut self) {
        for link in 0..self.links.len() as u32 {
            let rule = &self.links[link as usize];
            let (LinkKind::IfWins, [presence]) = (rule.kind, rule.presences.as_slice()) else { continue };
            let offers: Vec<u32> = presence.offers.iter().map(|o| *o as u32).collect();
            let mut items: Vec<(u32, u32)> = offers.iter().flat_map(|o| self.items_of(*o)).collect();
            if presence.weight <= 0 || items.iter().any(|(_, item)| self.items[*item as usize].charge != NONE) {
                continue;
            }
            let (least, activation) = (presence.weight, self.activations.len() as u32);
            items.sort_unstable();
            let mut charges: Vec<u32> = Vec::new();
            for (block, item) in items {
                if charges.last().is_none_or(|c| self.charges[*c as usize].block != block) {
                    charges.push(self.charges.len() as u32);
                    self.charges.push(Charge { block, activation });
                }
                self.items[item as usize].charge = self.charges.len() as u32 - 1;
            }
            let step = self.step(&offers);
            self.activations.push(Activation { link, least, step, offers, charges });
        }
    }

    /// An eighth of what a piece of some offers is worth on average, as a price.
    fn step(&self, offers: &[u32]) -> i64 {
        let offer = |o: &u32| &self.model.offers[self.offers[*o as usize]];
        let value: i128 = offers.iter().map(|o| offer(o).best_value()).sum();
        let pieces: i128 = offers.iter().map(|o| offer(o).size().at(offer(o).most)).sum();
        i64::try_from((value << PRICE_BITS) / pieces.max(1) / 8).unwrap_or(1).max(1)
    }
}

impl Prices {
    /// What the choices to win earn, in `2^-20` micro-dollars. A bidder known to win or to lose has no charges, so that it
    /// earns nothing.
    pub(super) fn activated(&self, problem: &Problem<'_>) -> i128 {
        problem.activations.iter().map(|a| self.earned(a).max(0)).sum()
    }

    /// Charges less the price of the minimum volume.
    fn earned(&self, activation: &Activation) -> i128 {
        let charged: i128 = activation.charges.iter().map(|c| i128::from(self.charges[*c as usize])).sum();
        let price = i128::from(self.lambda[activation.link as usize]);
        (charged << (PRICE_BITS - VALUE_BITS)) - price * i128::from(activation.least)
    }
}

/// What the blocks of a bidder gain by it at a price of its minimum volume, without charges.
struct Gains {
    by_block: Vec<i64>,
    /// Gains less the price of the minimum volume, in `1/256` micro-dollars.
    net: i128,
    /// Pieces its blocks choose.
    pieces: i64,
}

/// One pass over the bidders that `open` accepts: the best price and charges of each, all else as it is.
pub(super) fn pass(
    problem: &Problem<'_>,
    open: &dyn Fn(usize) -> bool,
    stand: &(dyn Fn(u32) -> Stand + Sync),
    prices: &mut Prices,
    values: &mut Values,
) {
    for activation in problem.activations.iter().filter(|a| open(a.link as usize)) {
        for charge in &activation.charges {
            values.charges[*charge as usize] = 0;
        }
        let without: Vec<i64> = activation
            .charges
            .par_iter()
            .map_init(Search::default, |search, c| {
                let charge = &problem.charges[*c as usize];
                let others = |item: u32| match problem.items[item as usize].charge {
                    own if own == *c => Stand::Out,
                    _ => stand(item),
                };
                search.load(problem, charge.block as usize, values, others);
                search.run(None, None, None).unwrap_or(0)
            })
            .collect();
        let (price, gains) = best_price(problem, activation, &without, stand, prices, values);
        prices.lambda[activation.link as usize] = price;
        revalue(problem, activation, prices, values);
        let sum: i128 = gains.by_block.iter().map(|g| i128::from(*g)).sum();
        let count = gains.by_block.len().max(1) as i128;
        // Where it loses, what is to spare goes to all blocks alike; where it wins, blocks keep the same part of their gains.
        let due = sum - gains.net;
        for (charge, gain) in activation.charges.iter().zip(&gains.by_block) {
            let gain = i128::from(*gain);
            let amount = if gains.net <= 0 { gain + (-gains.net) / count } else { gain * due / sum.max(1) };
            let amount = amount.clamp(0, 1 << 56) as i64;
            prices.charges[*charge as usize] = amount;
            values.charges[*charge as usize] = amount;
        }
    }
}

/// Reduced values of a bidder's offers after its price moved.
fn revalue(problem: &Problem<'_>, activation: &Activation, prices: &Prices, values: &mut Values) {
    let common = prices.common(problem);
    for term in &problem.links[activation.link as usize].terms {
        prices.values_of(problem, term.offer, common, values);
    }
}

/// The price of a minimum volume at which its bidder's gains net of it are least, or so low that it loses: they are
/// convex in the price, and their slope is the pieces chosen less the minimum.
fn best_price(
    problem: &Problem<'_>,
    activation: &Activation,
    without: &[i64],
    stand: &(dyn Fn(u32) -> Stand + Sync),
    prices: &mut Prices,
    values: &mut Values,
) -> (i64, Gains) {
    let link = activation.link as usize;
    let mut price = prices.lambda[link];
    let mut step = (price / 8).max(activation.step);
    let (mut low, mut high): (Option<i64>, Option<i64>) = (None, None);
    let mut best: Option<(i64, Gains)> = None;
    for _ in 0..PROBES {
        prices.lambda[link] = price;
        revalue(problem, activation, prices, values);
        let found = gains(problem, activation, without, stand, price, values);
        let enough = found.pieces >= activation.least;
        if best.as_ref().is_none_or(|(_, known)| found.net < known.net) {
            best = Some((price, found));
        }
        if best.as_ref().is_some_and(|(_, known)| known.net <= 0) {
            break;
        }
        if enough {
            high = Some(price);
        } else {
            low = Some(price);
        }
        price = match (low, high) {
            (Some(low), Some(high)) if high - low <= 1 => break,
            (Some(low), Some(high)) => low + (high - low) / 2,
            (Some(low), None) => low.saturating_add(step).min(1 << 56),
            (None, Some(0)) => break,
            (None, high) => high.map_or(0, |high| (high - step).max(0)),
        };
        step = step.saturating_mul(2);
    }
    best.unwrap_or((price, Gains { by_block: vec![0; activation.charges.len()], net: 0, pieces: 0 }))
}

fn gains(
    problem: &Problem<'_>,
    activation: &Activation,
    without: &[i64],
    stand: &(dyn Fn(u32) -> Stand + Sync),
    price: i64,
    values: &Values,
) -> Gains {
    let found: Vec<(i64, i64)> = activation
        .charges
        .par_iter()
        .zip(without)
        .map_init(Search::default, |search, (c, without)| {
            let block = problem.charges[*c as usize].block as usize;
            let Some((best, picks)) = search.solve(problem, values, stand, block) else { return (0, 0) };
            let own = picks.iter().filter(|(item, _)| problem.items[*item as usize].charge == *c);
            let pieces = own.map(|(item, quantity)| {
                let item = &problem.items[*item as usize];
                problem.copies.get(item.copy as usize).map_or(i64::from(*quantity), |copy| i64::from(copy.volume))
            });
            (best - without, pieces.sum())
        })
        .collect();
    let sum: i128 = found.iter().map(|(gain, _)| i128::from(*gain)).sum();
    let due = (i128::from(price) * i128::from(activation.least)) >> (PRICE_BITS - VALUE_BITS);
    Gains {
        net: sum - due,
        pieces: found.iter().map(|(_, pieces)| *pieces).sum(),
        by_block: found.into_iter().map(|(gain, _)| gain).collect(),
    }
}
