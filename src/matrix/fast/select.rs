//! The part of the hierarchy that a set of sources and targets can see, without arcs that no best path needs.
//!
//! The ancestors of all ends are closed upward, so all triangles above an arc are among them. Perfect customization
//! (Dibbelt, Strasser, Wagner 2016, section 6.3), for costs only: an arc is dropped when some path is strictly cheaper;
//! an arc of a best path never is. Nodes are renumbered by rank: descending numbers are a preorder of the tree.

use super::Ends;
use crate::hierarchy::{ArcWeights, Cch, Half, Packed};

/// A selected part of the hierarchy.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Parent in the elimination tree; a root's parent is itself.
    pub(super) parent: Vec<u32>,
    pub(super) height: usize,
    /// Arcs to higher nodes: head and cost, and apart from them length, time, toll.
    pub(super) up_first: Vec<u32>,
    pub(super) up: Vec<(u32, u32)>,
    pub(super) up_rest: Vec<[u32; 3]>,
    /// Ancestors of targets in preorder.
    pub(super) targets_down: Vec<DownNode>,
    pub(super) down: Vec<DownArc>,
    /// Length, time and toll of each arc in `down`.
    pub(super) down_rest: Vec<[u32; 3]>,
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
    /// Ends of its arcs and of its targets; they start where the previous node's end.
    pub(super) arcs_end: u32,
    pub(super) ends_end: u32,
}

/// An arc from an ancestor, which is addressed by its depth.
#[derive(Clone, Copy, Debug)]
pub(super) struct DownArc {
    pub(super) depth: u32,
    pub(super) cost: u32,
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

pub(super) const NONE: u32 = u32::MAX;

impl Selection {
    /// Selects what paths between these ends can use. Nodes that do not exist are ignored.
    #[must_use]
    pub fn new(cch: &Cch, weights: &impl ArcWeights, sources: &[Ends], targets: &[Ends]) -> Self {
        Self::select(cch, weights, sources, targets, false)
    }

    /// The same for paths that lead *from* the targets *to* the sources: on the reversed graph, whose hierarchy has its
    /// halves exchanged.
    #[must_use]
    pub fn reversed(cch: &Cch, weights: &impl ArcWeights, sources: &[Ends], targets: &[Ends]) -> Self {
        Self::select(cch, weights, sources, targets, true)
    }

    #[allow(clippy::cast_possible_truncation)] // no more of anything than in the hierarchy, which fits 32 bits
    fn select(cch: &Cch, weights: &impl ArcWeights, sources: &[Ends], targets: &[Ends], reversed: bool) -> Self {
        let nodes = |ends: &[Ends]| -> Vec<u32> {
            ends.iter().flatten().filter_map(|(v, _)| cch.rank_of(*v)).collect::<Vec<u32>>()
        };
        let below_targets = closure(cch, &nodes(targets));
        let ranks = union(&closure(cch, &nodes(sources)), &below_targets);
        let mut number_of = vec![NONE; cch.node_count()];
        ranks.iter().zip(0_u32..).for_each(|(&rank, i)| number_of[rank as usize] = i);
        let number = |rank: u32| number_of[rank as usize];
        let parent: Vec<u32> = ranks.iter().map(|&r| number(cch.parent_of(r).unwrap_or(r))).collect();
        let depth: Vec<u32> = ranks.iter().map(|&r| cch.depth_of(r)).collect();
        let height = depth.iter().max().map_or(0, |d| *d as usize + 1);
        let mut up = Part::new(cch.up(), &ranks, number, |arc| weights.up(arc));
        let mut down = Part::new(cch.down(), &ranks, number, |arc| weights.down(arc));
        if reversed {
            std::mem::swap(&mut up, &mut down);
        }
        up.list_heads();
        down.list_heads();
        perfect(&mut up, &mut down, height);

        let mut wanted = vec![false; ranks.len()];
        below_targets.iter().for_each(|&r| wanted[number(r) as usize] = true);
        let (up_first, up_arcs, up_rest) = up.kept_rows();
        let mut at: Vec<Vec<(u32, Packed)>> = Vec::new();
        let mut ends_at = vec![NONE; ranks.len()];
        for (t, ends) in targets.iter().enumerate() {
            for &(node, weight) in ends {
                let Some(rank) = cch.rank_of(node) else { continue };
                let slot = &mut ends_at[number(rank) as usize];
                if *slot == NONE {
                    *slot = at.len() as u32;
                    at.push(Vec::new());
                }
                at[*slot as usize].push((t as u32, Packed::new(weight)));
            }
        }
        let mut targets_down = Vec::with_capacity(below_targets.len());
        let (mut down_arcs, mut down_rest, mut ends) = (Vec::new(), Vec::new(), Vec::new());
        let mut met = vec![false; targets.len()];
        for x in (0..ranks.len()).rev().filter(|x| wanted[*x]) {
            for arc in down.kept(x) {
                let [cost, rest @ ..] = down.weight[arc].fields();
                down_arcs.push(DownArc { depth: down.depth[arc], cost });
                down_rest.push(rest);
            }
            if ends_at[x] != NONE {
                ends.extend(at[ends_at[x] as usize].iter().map(|&(target, weight)| {
                    let first = !std::mem::replace(&mut met[target as usize], true);
                    End { target, weight: weight.fields(), first }
                }));
            }
            let (arcs_end, ends_end) = (down_arcs.len() as u32, ends.len() as u32);
            targets_down.push(DownNode { number: x as u32, depth: depth[x], arcs_end, ends_end });
        }
        let without_end = (0_u32..).zip(&met).filter(|(_, met)| !**met).map(|(t, _)| t).collect();
        let start = |ends: &Ends| -> Vec<(u32, Packed)> {
            let known = ends.iter().filter_map(|(v, w)| cch.rank_of(*v).map(|r| (number(r), Packed::new(*w))));
            let mut known: Vec<_> = known.filter(|(_, w)| w.is_finite()).collect();
            known.sort_unstable();
            known
        };
        let sources: Vec<_> = sources.iter().map(start).collect();
        let mut by_rank: Vec<u32> = (0..sources.len() as u32).collect();
        by_rank.sort_by_key(|s| sources[*s as usize].first().map(|f| f.0));
        let toll = |w: &Packed| w.is_finite() && w.fields()[3] != 0;
        let tolls = up_rest.iter().any(|w| w[2] != 0)
            || down_rest.iter().any(|w| w[2] != 0)
            || ends.iter().any(|e| e.weight[3] != 0)
            || sources.iter().flatten().any(|(_, w)| toll(w));
        Self {
            parent,
            height,
            up_first,
            up: up_arcs,
            up_rest,
            targets_down,
            down: down_arcs,
            down_rest,
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

    /// Nodes and arcs that are left: ancestors of targets, their arcs, and arcs upward from all ancestors.
    #[must_use]
    pub fn size(&self) -> [usize; 3] {
        [self.targets_down.len(), self.down.len(), self.up.len()]
    }

    pub(super) fn sources_by_rank(&self) -> &[u32] {
        &self.by_rank
    }
}

/// All ancestors of some ranks, ascending.
fn closure(cch: &Cch, ranks: &[u32]) -> Vec<u32> {
    let mut seen = vec![false; cch.node_count()];
    let mut all = Vec::new();
    for &rank in ranks {
        let mut next = Some(rank);
        while let Some(x) = next.filter(|x| !seen[*x as usize]) {
            seen[x as usize] = true;
            all.push(x);
            next = cch.parent_of(x);
        }
    }
    all.sort_unstable();
    all
}

/// Union of two ascending lists.
fn union(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut all = [a, b].concat();
    all.sort_unstable();
    all.dedup();
    all
}

/// Selected rows of one half.
struct Part {
    first: Vec<u32>,
    head: Vec<u32>,
    depth: Vec<u32>,
    weight: Vec<Packed>,
    /// Least cost of a path from end to end; below the arc's own cost if it is dropped.
    cost: Vec<u32>,
    /// Arcs of lower rows that end in each node, with the end of their row.
    by_head_first: Vec<u32>,
    by_head: Vec<(u32, u32)>,
}

impl Part {
    #[allow(clippy::cast_possible_truncation)] // no more arcs than in the half
    fn new(half: &Half, ranks: &[u32], number: impl Fn(u32) -> u32, weight: impl Fn(usize) -> Packed) -> Self {
        let arcs: usize = ranks.iter().map(|&x| half.row(x).len()).sum();
        let mut part = Self {
            first: Vec::with_capacity(ranks.len() + 1),
            head: Vec::with_capacity(arcs),
            depth: Vec::with_capacity(arcs),
            weight: Vec::with_capacity(arcs),
            cost: Vec::with_capacity(arcs),
            by_head_first: Vec::new(),
            by_head: Vec::new(),
        };
        part.first.push(0);
        for &x in ranks {
            for arc in half.row(x) {
                let w = weight(arc);
                if w.is_finite() {
                    part.head.push(number(half.head[arc]));
                    part.depth.push(half.depth[arc]);
                    part.weight.push(w);
                    part.cost.push(w.cost());
                }
            }
            part.first.push(part.head.len() as u32);
        }
        part
    }

    fn list_heads(&mut self) {
        let n = self.first.len() - 1;
        let mut next = vec![0_u32; n + 1];
        self.head.iter().for_each(|h| next[*h as usize + 1] += 1);
        let mut sum = 0;
        next.iter_mut().for_each(|c| {
            sum += *c;
            *c = sum;
        });
        self.by_head_first = next.clone();
        self.by_head = vec![(0, 0); self.head.len()];
        for ends in self.first.windows(2) {
            for arc in ends[0]..ends[1] {
                let slot = &mut next[self.head[arc as usize] as usize];
                self.by_head[*slot as usize] = (arc, ends[1]);
                *slot += 1;
            }
        }
    }

    fn row(&self, x: usize) -> std::ops::Range<usize> {
        self.first[x] as usize..self.first[x + 1] as usize
    }

    fn kept(&self, x: usize) -> impl Iterator<Item = usize> + '_ {
        self.row(x).filter(|arc| self.cost[*arc] == self.weight[*arc].cost())
    }

    /// Row starts, heads and costs, and the rest of the weights.
    #[allow(clippy::cast_possible_truncation, clippy::type_complexity)] // no more arcs than in the half
    fn kept_rows(&self) -> (Vec<u32>, Vec<(u32, u32)>, Vec<[u32; 3]>) {
        let (mut first, mut arcs, mut rests) = (vec![0], Vec::new(), Vec::new());
        for x in 0..self.first.len() - 1 {
            for arc in self.kept(x) {
                let [cost, rest @ ..] = self.weight[arc].fields();
                arcs.push((self.head[arc], cost));
                rests.push(rest);
            }
            first.push(arcs.len() as u32);
        }
        (first, arcs, rests)
    }

    /// Copies the costs of row `y` to their depths, or takes them away again.
    fn spread(&self, y: usize, by_depth: &mut [u32], present: bool) {
        for arc in self.row(y) {
            by_depth[self.depth[arc] as usize] = if present { self.cost[arc] } else { Packed::CAP };
        }
    }

    /// Triangles whose middle is `y`, `along` leading the same way as this half's arcs: low–y–high and low–high–y.
    fn relax(&mut self, y: usize, along: &[u32], back: &[u32]) {
        for &(arc, end) in &self.by_head[self.by_head_first[y] as usize..self.by_head_first[y + 1] as usize] {
            let above = arc as usize + 1..end as usize;
            let to_y = self.cost[arc as usize];
            // A cheaper path over a higher middle serves whatever this arc would.
            if to_y < self.weight[arc as usize].cost() {
                continue;
            }
            let mut best = to_y;
            for (cost, &d) in self.cost[above.clone()].iter_mut().zip(&self.depth[above]) {
                best = best.min(*cost + back[d as usize]);
                *cost = (*cost).min(to_y + along[d as usize]);
            }
            self.cost[arc as usize] = best;
        }
    }
}

/// Lowers the cost of every arc to that of the best path between its ends over selected triangles, top-down: when `y` is
/// the middle, its own row is final.
fn perfect(up: &mut Part, down: &mut Part, height: usize) {
    let mut from_y = vec![Packed::CAP; height];
    let mut to_y = vec![Packed::CAP; height];
    for y in (0..up.first.len() - 1).rev() {
        up.spread(y, &mut from_y, true);
        down.spread(y, &mut to_y, true);
        up.relax(y, &from_y, &to_y);
        down.relax(y, &to_y, &from_y);
        up.spread(y, &mut from_y, false);
        down.spread(y, &mut to_y, false);
    }
}
