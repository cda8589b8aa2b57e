//! What a set of sources and targets needs of the hierarchy, laid out for the searches: upward rows for the climb, the
//! ancestors of the targets in preorder with their arcs by depth for the sweep.

use super::Ends;
use super::prune::{NONE, Pruned, Rows};
use crate::hierarchy::{Cch, Customized, Packed};
use std::sync::Arc;

/// A selected part of the hierarchy.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Parent in the elimination tree; a root's parent is itself.
    pub(super) parent: Vec<u32>,
    pub(super) height: usize,
    pub(super) depth: Vec<u32>,
    /// Arcs to higher nodes.
    pub(super) up: Arc<Rows>,
    /// Arcs from higher nodes.
    pub(super) down: Arc<Rows>,
    /// Ancestors of targets in preorder.
    pub(super) targets_down: Vec<DownNode>,
    /// Targets at nodes, in the order of `targets_down`.
    pub(super) ends: Vec<End>,
    /// Targets at no node.
    pub(super) without_end: Vec<u32>,
    /// True when an arc, source or target has a toll.
    pub(super) tolls: bool,
    /// Nodes at which each source starts, with the weight before.
    pub(super) sources: Vec<Vec<(u32, Packed)>>,
    by_rank: Vec<u32>,
    targets: usize,
}

/// An ancestor of a target.
#[derive(Clone, Copy, Debug)]
pub(super) struct DownNode {
    pub(super) number: u32,
    pub(super) depth: u32,
    /// End of its targets; they start where the previous node's end.
    pub(super) ends_end: u32,
}

/// A target at a node.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    pub(super) target: u32,
    /// Cost, length, time, toll behind the node.
    pub(super) weight: [u32; 4],
    /// True at the first of the target's nodes in preorder.
    pub(super) first: bool,
}

impl Selection {
    /// Selects what paths between these ends can use. Nodes that do not exist are ignored.
    #[must_use]
    pub fn new(cch: &Cch, weights: &Customized, sources: &[Ends], targets: &[Ends]) -> Self {
        let ends = [ranks(cch, &[sources]), ranks(cch, &[targets])];
        let pruned = Pruned::new(cch, weights, ends.each_ref().map(Vec::as_slice));
        Self::of(cch, &pruned, [&pruned.up, &pruned.down], sources, targets)
    }

    /// The same for paths both ways: from the first to the second of `away`, and from the second to the first of `home`
    /// on the reversed graph, whose hierarchy has its halves exchanged.
    #[must_use]
    pub fn both_ways(cch: &Cch, weights: &Customized, away: [&[Ends]; 2], home: [&[Ends]; 2]) -> [Self; 2] {
        let ends = [ranks(cch, &[away[0], home[1]]), ranks(cch, &[away[1], home[0]])];
        let pruned = Pruned::new(cch, weights, ends.each_ref().map(Vec::as_slice));
        let (away, home) = rayon::join(
            || Self::of(cch, &pruned, [&pruned.up, &pruned.down], away[0], away[1]),
            || Self::of(cch, &pruned, [&pruned.down, &pruned.up], home[0], home[1]),
        );
        [away, home]
    }

    #[allow(clippy::cast_possible_truncation)] // no more of anything than in the hierarchy, which fits 32 bits
    fn of(cch: &Cch, pruned: &Pruned, [up, down]: [&Arc<Rows>; 2], sources: &[Ends], targets: &[Ends]) -> Self {
        let nodes = pruned.depth.len();
        let number = |node: u32| cch.rank_of(node).and_then(|rank| pruned.number(rank));
        let mut at: Vec<Vec<(u32, Packed)>> = Vec::new();
        let mut ends_at = vec![NONE; nodes];
        let mut wanted = vec![false; nodes];
        for (t, ends) in targets.iter().enumerate() {
            for &(node, weight) in ends {
                let Some(x) = number(node) else { continue };
                let slot = &mut ends_at[x as usize];
                if *slot == NONE {
                    *slot = at.len() as u32;
                    at.push(Vec::new());
                }
                at[*slot as usize].push((t as u32, Packed::new(weight)));
                let mut x = x as usize;
                while !std::mem::replace(&mut wanted[x], true) {
                    // A root's parent is itself.
                    x = pruned.parent[x] as usize;
                }
            }
        }
        let mut targets_down = Vec::new();
        let mut ends = Vec::new();
        let mut met = vec![false; targets.len()];
        for x in (0..nodes).filter(|x| wanted[*x]) {
            if ends_at[x] != NONE {
                ends.extend(at[ends_at[x] as usize].iter().map(|&(target, weight)| {
                    let first = !std::mem::replace(&mut met[target as usize], true);
                    End { target, weight: weight.fields(), first }
                }));
            }
            targets_down.push(DownNode { number: x as u32, depth: pruned.depth[x], ends_end: ends.len() as u32 });
        }
        let without_end = (0_u32..).zip(&met).filter(|(_, met)| !**met).map(|(t, _)| t).collect();
        let start = |ends: &Ends| -> Vec<(u32, Packed)> {
            let known = ends.iter().filter_map(|(v, w)| number(*v).map(|x| (x, Packed::new(*w))));
            let mut known: Vec<_> = known.filter(|(_, w)| w.is_finite()).collect();
            known.sort_unstable();
            known
        };
        let sources: Vec<_> = sources.iter().map(start).collect();
        let mut by_rank: Vec<u32> = (0..sources.len() as u32).collect();
        by_rank.sort_by_key(|s| sources[*s as usize].first().map(|f| f.0));
        let toll = |w: &Packed| w.is_finite() && w.fields()[3] != 0;
        let tolls = [up, down].iter().any(|rows| rows.tolls)
            || ends.iter().any(|e| e.weight[3] != 0)
            || sources.iter().flatten().any(|(_, w)| toll(w));
        Self {
            parent: pruned.parent.clone(),
            depth: pruned.depth.clone(),
            height: pruned.height(),
            up: Arc::clone(up),
            down: Arc::clone(down),
            targets_down,
            ends,
            without_end,
            tolls,
            sources,
            by_rank,
            targets: targets.len(),
        }
    }

    /// Number of sources.
    #[must_use]
    pub fn source_count(&self) -> usize {
        self.sources.len()
    }

    /// Number of targets.
    #[must_use]
    pub fn target_count(&self) -> usize {
        self.targets
    }

    /// Nodes and arcs that are left: ancestors of targets, arcs down to them, and arcs up from ancestors of sources. When
    /// both ways are selected, the arcs include those of the other way.
    #[must_use]
    pub fn size(&self) -> [usize; 3] {
        [self.targets_down.len(), self.down.arcs.len(), self.up.arcs.len()]
    }

    pub(super) fn sources_by_rank(&self) -> &[u32] {
        &self.by_rank
    }
}

/// Ranks of the nodes of all ends.
fn ranks(cch: &Cch, ends: &[&[Ends]]) -> Vec<u32> {
    ends.iter().copied().flatten().flatten().filter_map(|(node, _)| cch.rank_of(*node)).collect()
}
