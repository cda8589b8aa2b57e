//! Prices of linking rules.
//!
//! A rule that counts awards is priced alone: between the best member it must turn away and the worst it may keep, as the
//! members' marginals stand. Rules that count pieces or money are priced together by subgradient steps of Polyak's length
//! (towards the incumbent's value), each measured in its own typical coefficient.

use super::block::{Search, Stand};
use super::bound::Relaxed;
use super::prices::{PRICE_BITS, Prices, VALUE_BITS, Values};
use super::problem::{LinkKind, Problem};
use super::share::{coloured, marginal_of_item};
use rayon::prelude::*;

/// Rules that count awards by colour: those of one colour meet in no block.
pub(super) fn classes(problem: &Problem<'_>) -> Vec<Vec<u32>> {
    let counts = |l: &u32| problem.links[*l as usize].kind == LinkKind::Count;
    let links: Vec<u32> = (0..problem.links.len() as u32).filter(counts).collect();
    let blocks = |l: u32| {
        let terms = &problem.links[l as usize].terms;
        let mut blocks: Vec<u32> = terms.iter().flat_map(|t| problem.blocks_of(t.offer)).collect();
        blocks.sort_unstable();
        blocks.dedup();
        blocks
    };
    coloured(problem.blocks.len(), links, blocks)
}

/// One pass over the rules that count awards.
pub(super) fn pass(
    problem: &Problem<'_>,
    classes: &[Vec<u32>],
    stand: &(dyn Fn(u32) -> Stand + Sync),
    prices: &mut Prices,
    values: &mut Values,
) {
    for class in classes {
        let found: Vec<i64> = class
            .par_iter()
            .map_init(Search::default, |search, link| price(problem, *link, stand, prices, values, search))
            .collect();
        for (link, price) in class.iter().zip(found) {
            prices.lambda[*link as usize] = price;
        }
        let common = prices.common(problem);
        for link in class {
            for term in &problem.links[*link as usize].terms {
                prices.values_of(problem, term.offer, common, values);
            }
        }
    }
}

/// The price at which as many members want to win as may.
fn price(
    problem: &Problem<'_>,
    link: u32,
    stand: &(dyn Fn(u32) -> Stand + Sync),
    prices: &Prices,
    values: &Values,
    search: &mut Search,
) -> i64 {
    let rule = &problem.links[link as usize];
    let now = prices.lambda[link as usize];
    let mut worth: Vec<i128> = Vec::with_capacity(rule.terms.len());
    for term in rule.terms.iter().filter(|t| t.per_win > 0) {
        let items = problem.items_of(term.offer);
        let marginals: Option<i128> = items
            .map(|(block, item)| marginal_of_item(problem, values, stand, search, block, item).map(i128::from))
            .sum();
        if let Some(marginal) = marginals {
            let free = (marginal << (PRICE_BITS - VALUE_BITS)) + i128::from(now) * i128::from(term.per_win);
            worth.push(free / i128::from(term.per_win));
        }
    }
    worth.sort_unstable_by(|a, b| b.cmp(a));
    let kept = usize::try_from(rule.at_most).unwrap_or(0);
    let turned_away = worth.get(kept).copied().unwrap_or(0).max(0);
    let last_kept = kept.checked_sub(1).and_then(|k| worth.get(k)).copied().unwrap_or(turned_away).max(turned_away);
    let low = if turned_away == 0 { 0 } else { (turned_away + last_kept) / 2 };
    i64::try_from(low.min(1 << 58)).unwrap_or(now)
}

/// Left side less right side of each rule under what the blocks chose; packages count by the copies taken.
pub(super) fn excess(problem: &Problem<'_>, prices: &Prices, relaxed: &Relaxed) -> Vec<f64> {
    let mut taken: Vec<f64> = vec![0.0; problem.offers.len()];
    let quantities = &relaxed.quantities;
    for (copy, _) in problem.copies.iter().zip(&relaxed.taken).filter(|(_, t)| **t) {
        let package = &problem.packages[copy.package as usize];
        taken[package.offer as usize] += f64::from(copy.volume) / package.volume.max(1) as f64;
    }
    let wins = |o: usize| if quantities[o] > 0 { 1.0 } else { taken[o] };
    let pieces: f64 = (0..problem.offers.len())
        .map(|o| problem.size[o].0 as f64 * wins(o) + problem.size[o].1 as f64 * f64::from(quantities[o]))
        .sum();
    let left = |(link, at_most): (&super::problem::Link, &i128)| {
        let terms = link.terms.iter().map(|t| {
            let o = t.offer as usize;
            t.per_win as f64 * wins(o) + t.per_unit as f64 * f64::from(quantities[o])
        });
        terms.sum::<f64>() + link.common as f64 * pieces - *at_most as f64
    };
    problem.links.par_iter().zip(&prices.at_most).map(left).collect()
}

/// Typical coefficient of each rule by piece.
pub(super) fn scales(problem: &Problem<'_>) -> Vec<f64> {
    let scale = |link: &super::problem::Link| {
        let by_piece = |t: &super::problem::LinkTerm| {
            let (win, unit) = problem.size[t.offer as usize];
            if unit != 0 { t.per_unit.abs() as f64 } else { t.per_win.abs() as f64 / win.max(1) as f64 }
        };
        let sum: f64 = link.terms.iter().map(by_piece).sum();
        (sum / link.terms.len().max(1) as f64).max(link.common.abs() as f64).max(1.0)
    };
    problem.links.iter().map(scale).collect()
}

/// One step of the prices of rules that count pieces or money. `open` tells whether a rule may be priced. `length` is
/// Polyak's factor; the step aims at `target`.
pub(super) fn step(
    prices: &mut Prices,
    excess: &[f64],
    scales: &[f64],
    open: &dyn Fn(usize) -> bool,
    length: f64,
    gap: f64,
) -> bool {
    let direction = |l: usize| {
        let e = excess[l] / scales[l];
        if !open(l) || (prices.lambda[l] == 0 && e <= 0.0) { 0.0 } else { e }
    };
    let directions: Vec<f64> = (0..excess.len()).map(direction).collect();
    let norm: f64 = directions.iter().map(|d| d * d).sum();
    if norm <= 0.0 {
        return false;
    }
    let stride = length * gap / norm;
    for (l, d) in directions.iter().enumerate().filter(|(_, d)| **d != 0.0) {
        let moved = prices.lambda[l] as f64 + stride * d / scales[l] * f64::from(1_u32 << PRICE_BITS);
        prices.lambda[l] = moved.clamp(0.0, 1e17).round() as i64;
    }
    true
}
