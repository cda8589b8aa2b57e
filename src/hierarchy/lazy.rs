//! Distances from any node to fixed targets, each computed when it is asked for.
//!
//! Strasser, Zeitz: A Fast and Tight Heuristic for A* in Road Networks (SEA 2021), section 3 (lazy RPHAST), on the
//! elimination tree. The targets climb once. A best path from a node first goes up, so its distance is the least of what
//! the targets' climb left there and of arc + distance over its arcs to ancestors; these are computed first and kept.
//! All queries together cost no more than one look at each arc of the ancestors of the nodes asked for.

use super::contract::Cch;
use super::customize::{Customized, ancestors};
use super::packed::Packed;
use super::query::{Side, climb};
use crate::network::Weight;
use fixedbitset::FixedBitSet;

/// Best distances to a set of targets.
pub struct DistancesTo<'a> {
    cch: &'a Cch,
    weights: &'a Customized,
    /// By rank; final where `known`.
    label: Vec<Packed>,
    known: FixedBitSet,
}

impl<'a> DistancesTo<'a> {
    /// Prepares for targets, each given as a node and the weight behind it.
    #[must_use]
    pub fn new(cch: &'a Cch, weights: &'a Customized, targets: &[(u32, Weight)]) -> Self {
        let mut side = Side::new(cch.node_count());
        side.start(cch, targets);
        climb(&mut side, |x| cch.down.row(x), &cch.down.head, |arc| weights.down(arc));
        Self { cch, weights, label: side.label, known: FixedBitSet::with_capacity(cch.node_count()) }
    }

    /// Weight of the best path from a node to any target; infinite when there is none or no such node.
    pub fn from(&mut self, node: u32) -> Packed {
        let Some(&rank) = self.cch.rank.get(node as usize) else { return Packed::INFINITE };
        let unknown: Vec<u32> = ancestors(self.cch, rank).take_while(|x| !self.known.contains(*x as usize)).collect();
        for x in unknown.into_iter().rev() {
            let row = self.cch.up.row(x);
            let over = row.map(|arc| self.weights.up(arc).plus(self.label[self.cch.up.head[arc] as usize]));
            let best = over.min().unwrap_or(Packed::INFINITE);
            self.label[x as usize] = self.label[x as usize].min(best);
            self.known.insert(x as usize);
        }
        self.label[rank as usize]
    }
}
