//! What is needed to work out the bound again: the prices and shares of every leaf.

use super::descent::Node;
use super::prices::Values;
use super::problem::Problem;
use crate::ids::DduIx;

/// One leaf of the search over minimum volumes. Together the leaves hold every award.
#[derive(Clone, Debug)]
pub(crate) struct Leaf {
    /// Micro-dollars that no award of the leaf exceeds.
    pub(crate) bound: i128,
    /// Rules of minimum volumes, and whether their bidders win.
    pub(crate) decided: Vec<(usize, bool)>,
    /// Rules with their prices, in `2^-20` micro-dollars per unit of the left side.
    pub(crate) prices: Vec<(usize, i64)>,
    /// Offer, unit, and the part of the offer's value less its priced terms that the unit counts, in `1/256` micro-dollars.
    pub(crate) shares: Vec<(usize, DduIx, i64)>,
    /// Rule of a minimum volume whose bidder may win or lose, unit, and what the unit pays once when the bidder wins anything
    /// there, in `1/256` micro-dollars.
    pub(crate) charges: Vec<(usize, DduIx, i64)>,
}

/// The leaf that a node is.
pub(super) fn leaf(problem: &Problem<'_>, node: &Node) -> Leaf {
    let mut values = Values::default();
    node.prices.values(problem, &mut values);
    let share = |(copy, share): (&super::problem::Copy, &i64)| {
        let package = &problem.packages[copy.package as usize];
        let unit = problem.blocks[copy.block as usize].unit;
        (problem.offers[package.offer as usize], DduIx(unit), *share)
    };
    let rule = |link: u32| problem.links[link as usize].rule;
    let charge = |(charge, amount): (&super::charges::Charge, &i64)| {
        let unit = problem.blocks[charge.block as usize].unit;
        (rule(problem.activations[charge.activation as usize].link), DduIx(unit), *amount)
    };
    let priced = problem.links.iter().zip(&node.prices.lambda).filter(|(_, p)| **p > 0);
    Leaf {
        bound: node.bound,
        decided: node.decisions.iter().map(|(link, wins)| (rule(*link), *wins)).collect(),
        prices: priced.map(|(l, p)| (l.rule, *p)).collect(),
        shares: problem.copies.iter().zip(&values.shares).map(share).collect(),
        charges: problem.charges.iter().zip(&values.charges).filter(|(_, c)| **c > 0).map(charge).collect(),
    }
}
