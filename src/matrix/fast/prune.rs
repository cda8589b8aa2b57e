//! What a set of nodes can see of the hierarchy, without the arcs that no best path needs.
//!
//! The ancestors of all nodes are closed upward, so all triangles above an arc are among them. Perfect customization
//! (Dibbelt, Strasser, Wagner 2016, section 6.3), for costs only: an arc is dropped when some path is strictly cheaper;
//! an arc of a best path never is. Nodes are renumbered by rank: descending numbers are a preorder of the tree. Rows
//! depend on those of ancestors alone, so separate subtrees are pruned in parallel.

use crate::hierarchy::{ArcWeights, Cch, Half, Packed, accumulate};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// No node.
pub(super) const NONE: u32 = u32::MAX;

/// A pruned, upward-closed part of the hierarchy.
pub(super) struct Pruned {
    /// Rank of each node, ascending.
    ranks: Vec<u32>,
    /// Parent in the elimination tree; a root's parent is itself.
    pub(super) parent: Vec<u32>,
    pub(super) depth: Vec<u32>,
    pub(super) up: Arc<Rows>,
    pub(super) down: Arc<Rows>,
}

/// The arcs of one half that are left, by their lower end.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) first: Vec<u32>,
    /// The higher end and its depth.
    pub(super) head: Vec<u32>,
    pub(super) depth: Vec<u32>,
    pub(super) cost: Vec<u32>,
    /// Length, time and toll.
    pub(super) rest: Vec<[u32; 3]>,
}

impl Rows {
    pub(super) fn row(&self, x: usize) -> Range<usize> {
        self.first[x] as usize..self.first[x + 1] as usize
    }
}

impl Pruned {
    /// The ancestors of some ranks and the arcs among them that best paths can use.
    pub(super) fn new(cch: &Cch, weights: &impl ArcWeights, ranks: &[u32]) -> Self {
        let ranks = closure(cch, ranks);
        let mut number_of = vec![NONE; cch.node_count()];
        ranks.iter().zip(0_u32..).for_each(|(&rank, i)| number_of[rank as usize] = i);
        let number = |rank: u32| number_of[rank as usize];
        let parent: Vec<u32> = ranks.iter().map(|&r| number(cch.parent_of(r).unwrap_or(r))).collect();
        let depth: Vec<u32> = ranks.iter().map(|&r| cch.depth_of(r)).collect();
        let (mut up, mut down) = rayon::join(
            || Part::new(cch.up(), &ranks, number, |arc| weights.up(arc)),
            || Part::new(cch.down(), &ranks, number, |arc| weights.down(arc)),
        );
        drop(number_of);
        perfect(&mut up, &mut down, &parent, height(&depth));
        let (up, down) = rayon::join(|| up.kept(|arc| weights.up(arc)), || down.kept(|arc| weights.down(arc)));
        Self { ranks, parent, depth, up: Arc::new(up), down: Arc::new(down) }
    }

    /// The node of a rank that is among them.
    #[allow(clippy::cast_possible_truncation)] // no more nodes than ranks
    pub(super) fn number(&self, rank: u32) -> Option<u32> {
        self.ranks.binary_search(&rank).ok().map(|at| at as u32)
    }

    /// Nodes of a path from a root to a leaf, at most.
    pub(super) fn height(&self) -> usize {
        height(&self.depth)
    }
}

fn height(depth: &[u32]) -> usize {
    depth.iter().max().map_or(0, |d| *d as usize + 1)
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

/// An arc of a lower row.
#[derive(Clone, Copy)]
struct Lower {
    arc: u32,
    /// Where its row ends.
    end: u32,
    /// Its own cost.
    cost: u32,
}

/// Selected rows of one half.
struct Part {
    first: Vec<u32>,
    head: Vec<u32>,
    depth: Vec<u32>,
    /// Arc of the half.
    arc: Vec<u32>,
    /// Its cost.
    own: Vec<u32>,
    /// Least cost of a path from end to end; below the arc's own cost if it is dropped.
    cost: Vec<u32>,
    /// Arcs of lower rows that end in each node, ascending.
    by_head_first: Vec<u32>,
    by_head: Vec<Lower>,
}

impl Part {
    #[allow(clippy::cast_possible_truncation)] // no more arcs than in the half
    fn new(half: &Half, ranks: &[u32], number: impl Fn(u32) -> u32, weight: impl Fn(usize) -> Packed) -> Self {
        let arcs: usize = ranks.iter().map(|&x| half.row(x).len()).sum();
        let mut part = Self {
            first: Vec::with_capacity(ranks.len() + 1),
            head: Vec::with_capacity(arcs),
            depth: Vec::with_capacity(arcs),
            arc: Vec::with_capacity(arcs),
            own: Vec::with_capacity(arcs),
            cost: Vec::new(),
            by_head_first: Vec::new(),
            by_head: Vec::new(),
        };
        let (heads, depths) = (&half.head[..], &half.depth[..]);
        part.first.push(0);
        for &x in ranks {
            for arc in half.row(x) {
                let w = weight(arc);
                if w.is_finite() {
                    part.head.push(number(heads[arc]));
                    part.depth.push(depths[arc]);
                    part.arc.push(arc as u32);
                    part.own.push(w.cost());
                }
            }
            part.first.push(part.head.len() as u32);
        }
        part.cost.clone_from(&part.own);
        part.list_heads();
        part
    }

    fn list_heads(&mut self) {
        let n = self.first.len() - 1;
        let mut next = vec![0_u32; n + 1];
        self.head.iter().for_each(|h| next[*h as usize + 1] += 1);
        accumulate(&mut next);
        self.by_head_first = next.clone();
        self.by_head = vec![Lower { arc: 0, end: 0, cost: 0 }; self.head.len()];
        for ends in self.first.windows(2) {
            for arc in ends[0]..ends[1] {
                let slot = &mut next[self.head[arc as usize] as usize];
                self.by_head[*slot as usize] = Lower { arc, end: ends[1], cost: self.cost[arc as usize] };
                *slot += 1;
            }
        }
    }

    fn row(&self, x: usize) -> Range<usize> {
        self.first[x] as usize..self.first[x + 1] as usize
    }

    /// The arcs of some rows.
    fn arcs(&self, rows: &Range<usize>) -> Range<usize> {
        self.first[rows.start] as usize..self.first[rows.end] as usize
    }

    /// The arcs that no path is cheaper than; `weight` as when the part was made.
    #[allow(clippy::cast_possible_truncation)] // no more arcs than in the half
    fn kept(&self, weight: impl Fn(usize) -> Packed) -> Rows {
        let mut rows =
            Rows { first: Vec::new(), head: Vec::new(), depth: Vec::new(), cost: Vec::new(), rest: Vec::new() };
        rows.first.reserve(self.first.len());
        rows.first.push(0);
        for x in 0..self.first.len() - 1 {
            for arc in self.row(x).filter(|arc| self.cost[*arc] == self.own[*arc]) {
                let [cost, rest @ ..] = weight(self.arc[arc] as usize).fields();
                rows.head.push(self.head[arc]);
                rows.depth.push(self.depth[arc]);
                rows.cost.push(cost);
                rows.rest.push(rest);
            }
            rows.first.push(rows.head.len() as u32);
        }
        rows
    }

    /// Triangles whose middle is `y` over the arcs of some rows, whose costs are given: low–y–high and low–high–y.
    /// `by_depth` holds the costs from `y` to each height along this half's arcs, and back.
    fn relax(&self, y: usize, arcs: &Range<usize>, costs: &mut [u32], by_depth: &[[u32; 2]]) {
        let all = &self.by_head[self.by_head_first[y] as usize..self.by_head_first[y + 1] as usize];
        let from = all.partition_point(|lower| (lower.arc as usize) < arcs.start);
        for lower in all[from..].iter().take_while(|lower| (lower.arc as usize) < arcs.end) {
            let (arc, end) = (lower.arc as usize - arcs.start, lower.end as usize - arcs.start);
            let to_y = costs[arc];
            // A cheaper path over a higher middle serves whatever this arc would.
            if to_y < lower.cost {
                continue;
            }
            let mut best = to_y;
            let depths = &self.depth[arc + 1 + arcs.start..end + arcs.start];
            for (cost, &d) in costs[arc + 1..end].iter_mut().zip(depths) {
                let [along, back] = by_depth[d as usize];
                best = best.min(*cost + back);
                *cost = (*cost).min(to_y + along);
            }
            costs[arc] = best;
        }
    }
}

/// Subtrees are split until there are this many a thread, so that none keeps the others waiting.
const TASKS_A_THREAD: usize = 8;
/// Smaller subtrees are not split.
const GRAIN: usize = 256;

/// Lowers the cost of every arc to that of the best path between its ends over selected triangles, top-down: when `y` is
/// the middle, its own row is final. First the rows above all tasks, then each task on its own.
fn perfect(up: &mut Part, down: &mut Part, parent: &[u32], height: usize) {
    let tasks = subtrees(parent, TASKS_A_THREAD * rayon::current_num_threads());
    let mut costs = [std::mem::take(&mut up.cost), std::mem::take(&mut down.cost)];
    // The rows above the tasks lie between theirs.
    let mut tops: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    for rows in tasks.iter().chain([&(parent.len()..parent.len())]) {
        tops.push(at..rows.start);
        at = rows.end;
    }
    let parts = [&*up, &*down];
    let mut scratch = Scratch::new(height);
    for y in tops.iter().rev().flat_map(|rows| rows.clone().rev()) {
        scratch.load(parts, y, costs.each_ref().map(Vec::as_slice), [0; 2]);
        for rows in &tops {
            let arcs = parts.map(|part| part.arcs(rows));
            let [up_costs, down_costs] = &mut costs;
            scratch.relax(parts, y, &arcs, [&mut up_costs[arcs[0].clone()], &mut down_costs[arcs[1].clone()]]);
        }
        scratch.clear(parts, y);
    }
    let settled = costs.clone();
    let mut work = Vec::with_capacity(tasks.len());
    let [mut up_rest, mut down_rest] = costs.each_mut().map(Vec::as_mut_slice);
    let mut done = [0; 2];
    for rows in &tasks {
        let arcs = parts.map(|part| part.arcs(rows));
        let (up_costs, down_costs);
        (up_costs, up_rest) = up_rest[arcs[0].start - done[0]..].split_at_mut(arcs[0].len());
        (down_costs, down_rest) = down_rest[arcs[1].start - done[1]..].split_at_mut(arcs[1].len());
        done = arcs.each_ref().map(|arcs| arcs.end);
        work.push((rows, arcs, up_costs, down_costs));
    }
    work.into_par_iter().with_max_len(1).for_each_init(
        || Scratch::new(height),
        |scratch, (rows, arcs, up_costs, down_costs)| {
            let parents = |x: &usize| Some(parent[*x] as usize).filter(|p| p != x);
            let mut above: Vec<usize> = std::iter::successors(parents(&(rows.end - 1)), parents).collect();
            while let Some(y) = above.pop() {
                scratch.load(parts, y, settled.each_ref().map(Vec::as_slice), [0; 2]);
                scratch.relax(parts, y, &arcs, [&mut *up_costs, &mut *down_costs]);
                scratch.clear(parts, y);
            }
            for y in rows.clone().rev() {
                scratch.load(parts, y, [&*up_costs, &*down_costs], arcs.each_ref().map(|arcs| arcs.start));
                scratch.relax(parts, y, &arcs, [&mut *up_costs, &mut *down_costs]);
                scratch.clear(parts, y);
            }
        },
    );
    [up.cost, down.cost] = costs;
}

/// Costs of the rows of a node by the depth of the other end, for each half: along its arcs, and back.
struct Scratch([Vec<[u32; 2]>; 2]);

impl Scratch {
    fn new(height: usize) -> Self {
        Self([vec![[Packed::CAP; 2]; height], vec![[Packed::CAP; 2]; height]])
    }

    /// Takes the rows of `y`; `costs` are those from the arcs `base` on.
    fn load(&mut self, parts: [&Part; 2], y: usize, costs: [&[u32]; 2], base: [usize; 2]) {
        self.fill(parts, y, |half, arc| costs[half][arc - base[half]]);
    }

    fn clear(&mut self, parts: [&Part; 2], y: usize) {
        self.fill(parts, y, |_, _| Packed::CAP);
    }

    fn fill(&mut self, parts: [&Part; 2], y: usize, cost: impl Fn(usize, usize) -> u32) {
        for (half, part) in parts.into_iter().enumerate() {
            for arc in part.row(y) {
                let (depth, cost) = (part.depth[arc] as usize, cost(half, arc));
                self.0[half][depth][0] = cost;
                self.0[1 - half][depth][1] = cost;
            }
        }
    }

    /// Relaxes triangles over some arcs of both halves.
    fn relax(&self, [up, down]: [&Part; 2], y: usize, arcs: &[Range<usize>; 2], [away, home]: [&mut [u32]; 2]) {
        up.relax(y, &arcs[0], away, &self.0[0]);
        down.relax(y, &arcs[1], home, &self.0[1]);
    }
}

/// Disjoint subtrees, ascending, made by splitting the largest again and again.
fn subtrees(parent: &[u32], count: usize) -> Vec<Range<usize>> {
    let mut size = vec![1_usize; parent.len()];
    for x in 0..parent.len() {
        let p = parent[x] as usize;
        if p != x {
            size[p] += size[x];
        }
    }
    let add_roots = |found: &mut BTreeSet<(usize, usize)>, nodes: Range<usize>| {
        let mut end = nodes.end;
        while end > nodes.start {
            found.insert((size[end - 1], end - 1));
            end -= size[end - 1];
        }
    };
    let mut found = BTreeSet::new();
    add_roots(&mut found, 0..parent.len());
    while found.len() < count {
        match found.pop_last() {
            Some((nodes, root)) if nodes > GRAIN => add_roots(&mut found, root + 1 - nodes..root),
            small => {
                found.extend(small);
                break;
            }
        }
    }
    let mut ranges: Vec<Range<usize>> = found.into_iter().map(|(nodes, root)| root + 1 - nodes..root + 1).collect();
    ranges.sort_unstable_by_key(|range| range.start);
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subtrees_are_split_from_the_largest() {
        // Two paths of 400 nodes below one root, and a tree of its own.
        let mut parent: Vec<u32> = (1..=801).collect();
        parent[399] = 800;
        parent[800] = 800;
        parent.push(801);
        parent[801] = 801;
        parent.truncate(802);
        assert_eq!(subtrees(&parent, 1), [0..801, 801..802]);
        assert_eq!(subtrees(&parent, 3), [0..400, 400..800, 801..802]);
        // Each split takes one node off the top of a path.
        let many = subtrees(&parent, 100);
        assert_eq!(many.len(), 3);
        assert!(many[0].len() == GRAIN && many[1].len() == GRAIN, "{many:?}");
        assert!(subtrees(&[], 4).is_empty());
    }
}
