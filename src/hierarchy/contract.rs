//! Contraction: the chordal completion of a graph along its elimination tree, as two directed halves.
//!
//! Eliminating a node joins its higher neighbours to a clique; a row is the union of its own higher neighbours and its
//! children's rows, so building all rows is linear in their total length (but for sorting short rows). An arc `y → z`
//! exists only if `y → x → z` exists below it: arcs that can never become finite, whatever the weights, are dropped,
//! each direction for itself. Nodes are renumbered by the postorder of the tree; a node's arcs lead only to its
//! ancestors, so a target is also addressed by its depth.

use super::elimination_tree::{self as tree, NONE};
use super::error::HierarchyError;
use std::ops::Range;

/// One direction of the arcs between each node and its ancestors; rows by rank of the lower end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Half {
    pub(crate) first: Vec<u32>,
    /// Rank of the higher end, ascending in each row.
    pub(crate) head: Vec<u32>,
    /// Depth of the higher end.
    pub(crate) depth: Vec<u32>,
    /// Lower triangles of row `y`: `lower[lower_first[y]..lower_first[y + 1]]`, by ascending lowest node.
    pub(crate) lower_first: Vec<u32>,
    pub(crate) lower: Vec<Lower>,
    /// Input arcs of row `y`: `(arc of this half, input arc)`.
    pub(crate) input_first: Vec<u32>,
    pub(crate) input: Vec<(u32, u32)>,
}

/// All lower triangles over one arc between `y` and a lower node `x`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lower {
    /// Arc between `x` and `y` in the *other* half.
    pub(crate) arc: u32,
    /// Arcs between `x` and nodes above `y` in *this* half.
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Half {
    /// Number of arcs.
    #[must_use]
    pub fn arc_count(&self) -> usize {
        self.head.len()
    }

    pub(crate) fn row(&self, x: u32) -> Range<usize> {
        self.first[x as usize] as usize..self.first[x as usize + 1] as usize
    }

    pub(crate) fn lower(&self, y: u32) -> &[Lower] {
        &self.lower[self.lower_first[y as usize] as usize..self.lower_first[y as usize + 1] as usize]
    }

    pub(crate) fn inputs(&self, y: u32) -> &[(u32, u32)] {
        &self.input[self.input_first[y as usize] as usize..self.input_first[y as usize + 1] as usize]
    }

    /// Arc of row `x` whose higher end is `y`.
    pub(crate) fn find(&self, x: u32, y: u32) -> Option<u32> {
        let row = self.row(x);
        let at = self.head[row.clone()].binary_search(&y).ok()?;
        u32::try_from(row.start + at).ok()
    }
}

/// The contracted topology, shared by all weights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cch {
    /// Rank by node: a postorder of the elimination tree.
    pub(crate) rank: Vec<u32>,
    /// Node by rank.
    pub(crate) node: Vec<u32>,
    /// Elimination tree by rank; `NONE` for roots.
    pub(crate) parent: Vec<u32>,
    pub(crate) depth: Vec<u32>,
    pub(crate) height: usize,
    /// Lowest rank in the subtree of each rank.
    pub(crate) subtree: Vec<u32>,
    /// Arcs from the lower to the higher end.
    pub(crate) up: Half,
    /// Arcs from the higher to the lower end, kept at the lower one.
    pub(crate) down: Half,
}

impl Cch {
    /// Contracts a graph along an order of its nodes (`rank[node]`, a permutation).
    ///
    /// # Errors
    /// When the rows, heads or ranks are inconsistent, or when more than 2^32 - 2 arcs result.
    pub fn new(first_out: &[u32], head: &[u32], rank: &[u32]) -> Result<Self, HierarchyError> {
        check(first_out, head, rank)?;
        let n = rank.len();
        let by_old_rank = inverse(rank);
        let links = neighbours(first_out, head, rank);
        let around = |x: u32| links.row(x).iter().copied();
        let old_parent = tree::parents(n, around);
        let renumbered = tree::postorder(&old_parent);
        let mut parent = vec![NONE; n];
        for (old, &p) in old_parent.iter().enumerate() {
            if p != NONE {
                parent[renumbered[old] as usize] = renumbered[p as usize];
            }
        }
        let old_rank = inverse(&renumbered);
        let rank: Vec<u32> = rank.iter().map(|&r| renumbered[r as usize]).collect();
        let node: Vec<u32> = old_rank.iter().map(|&r| by_old_rank[r as usize]).collect();
        let depth = tree::depths(&parent);
        let size = tree::subtree_sizes(&parent);
        let subtree: Vec<u32> = (0_u32..).zip(&size).map(|(x, s)| x + 1 - s).collect();
        let own = |x: u32| links.row(old_rank[x as usize]).iter().map(|&y| renumbered[y as usize]);
        let rows = complete(&subtree, own)?;
        drop(links);
        let present = presence(&rows, &depth, first_out, head, &rank);
        let mut up = rows.half(&present, UP, &depth);
        let mut down = rows.half(&present, DOWN, &depth);
        drop((rows, present));
        up.add_lower(&down)?;
        down.add_lower(&up)?;
        add_inputs(&mut up, &mut down, first_out, head, &rank);
        let height = depth.iter().max().map_or(0, |d| *d as usize + 1);
        Ok(Self { rank, node, parent, depth, height, subtree, up, down })
    }

    /// Number of nodes.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.rank.len()
    }

    /// Rank of a node, if it exists.
    pub(crate) fn rank_of(&self, node: u32) -> Option<u32> {
        self.rank.get(node as usize).copied()
    }

    /// Parent of a rank in the elimination tree.
    pub(crate) fn parent_of(&self, x: u32) -> Option<u32> {
        Some(self.parent[x as usize]).filter(|p| *p != NONE)
    }

    /// Ancestors of a rank.
    pub(crate) fn depth_of(&self, x: u32) -> u32 {
        self.depth[x as usize]
    }

    /// Arcs to higher nodes.
    #[must_use]
    pub fn up(&self) -> &Half {
        &self.up
    }

    /// Arcs from higher nodes.
    #[must_use]
    pub fn down(&self) -> &Half {
        &self.down
    }

    /// Nodes on the longest path from a root of the elimination tree to a leaf.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }
}

const UP: u8 = 1;
const DOWN: u8 = 2;

/// Compressed rows of ranks.
struct Rows {
    first: Vec<u32>,
    head: Vec<u32>,
}

impl Rows {
    fn row(&self, x: u32) -> &[u32] {
        &self.head[self.first[x as usize] as usize..self.first[x as usize + 1] as usize]
    }

    /// The arcs whose flags hold `direction`.
    #[allow(clippy::cast_possible_truncation)] // no more arcs than in these rows, which fit
    fn half(&self, present: &[u8], direction: u8, depth: &[u32]) -> Half {
        let mut half = Half { first: Vec::with_capacity(self.first.len()), ..Half::default() };
        half.first.push(0);
        for ends in self.first.windows(2) {
            let row = ends[0] as usize..ends[1] as usize;
            let kept = self.head[row.clone()].iter().zip(&present[row]).filter(|(_, p)| **p & direction != 0);
            half.head.extend(kept.map(|(y, _)| *y));
            half.first.push(half.head.len() as u32);
        }
        half.depth = half.head.iter().map(|&y| depth[y as usize]).collect();
        half
    }
}

fn check(first_out: &[u32], head: &[u32], rank: &[u32]) -> Result<(), HierarchyError> {
    let n = rank.len();
    let ends = first_out.first() == Some(&0) && first_out.last().is_some_and(|l| *l as usize == head.len());
    if first_out.len() != n + 1 || !ends || first_out.windows(2).any(|w| w[0] > w[1]) {
        return Err(HierarchyError::Rows { expected: n + 1, arcs: head.len() });
    }
    if let Some(arc) = head.iter().position(|h| *h as usize >= n) {
        return Err(HierarchyError::Head { arc, head: head[arc], nodes: n });
    }
    let mut used = vec![false; n];
    for (node, &r) in rank.iter().enumerate() {
        match used.get_mut(r as usize) {
            Some(slot) if !*slot => *slot = true,
            _ => return Err(HierarchyError::Order { node, rank: r }),
        }
    }
    // Both directions of all arcs are held at once.
    limit(2 * head.len() as u64)
}

fn limit(arcs: u64) -> Result<(), HierarchyError> {
    if arcs >= u64::from(u32::MAX) { Err(HierarchyError::TooLarge { arcs }) } else { Ok(()) }
}

#[allow(clippy::cast_possible_truncation)] // positions of a checked permutation
fn inverse(permutation: &[u32]) -> Vec<u32> {
    let mut inverse = vec![0; permutation.len()];
    for (from, &to) in permutation.iter().enumerate() {
        inverse[to as usize] = from as u32;
    }
    inverse
}

/// Turns counts (at `first[row + 1]`) into the first position of each row.
fn accumulate(first: &mut [u32]) {
    let mut sum = 0;
    for f in first {
        sum += *f;
        *f = sum;
    }
}

/// All neighbours of each rank, both directions, without loops, duplicates kept.
fn neighbours(first_out: &[u32], head: &[u32], rank: &[u32]) -> Rows {
    let pairs = || {
        (0..rank.len()).flat_map(move |v| {
            let row = &head[first_out[v] as usize..first_out[v + 1] as usize];
            row.iter().map(move |&w| (rank[v], rank[w as usize])).filter(|(a, b)| a != b)
        })
    };
    let mut first = vec![0_u32; rank.len() + 1];
    for (a, b) in pairs() {
        first[a as usize + 1] += 1;
        first[b as usize + 1] += 1;
    }
    accumulate(&mut first);
    let mut next = first.clone();
    let mut link = vec![0; first[rank.len()] as usize];
    for (a, b) in pairs() {
        for (from, to) in [(a, b), (b, a)] {
            link[next[from as usize] as usize] = to;
            next[from as usize] += 1;
        }
    }
    Rows { first, head: link }
}

/// Rows of the chordal completion: a node's own higher neighbours and those of its children in the tree.
#[allow(clippy::cast_possible_truncation)] // lengths are checked by `limit`
fn complete<I: Iterator<Item = u32>>(subtree: &[u32], own: impl Fn(u32) -> I) -> Result<Rows, HierarchyError> {
    let n = subtree.len();
    let mut rows = Rows { first: Vec::with_capacity(n + 1), head: Vec::new() };
    rows.first.push(0);
    let mut seen_by = vec![NONE; n];
    let mut row = Vec::new();
    for x in 0..n as u32 {
        row.clear();
        let mut add = |y: u32| {
            if y > x && seen_by[y as usize] != x {
                seen_by[y as usize] = x;
                row.push(y);
            }
        };
        own(x).for_each(&mut add);
        // Children in postorder: the last one is just below x, the one before just below that one's subtree.
        let mut end = x;
        while end > subtree[x as usize] {
            rows.row(end - 1).iter().copied().for_each(&mut add);
            end = subtree[end as usize - 1];
        }
        row.sort_unstable();
        rows.head.extend_from_slice(&row);
        limit(2 * rows.head.len() as u64)?;
        rows.first.push(rows.head.len() as u32);
    }
    Ok(rows)
}

/// Which directions of each arc of the completion can become finite: customization with bits for weights.
fn presence(rows: &Rows, depth: &[u32], first_out: &[u32], head: &[u32], rank: &[u32]) -> Vec<u8> {
    let mut present = vec![0_u8; rows.head.len()];
    for v in 0..rank.len() {
        for &w in &head[first_out[v] as usize..first_out[v + 1] as usize] {
            let (a, b) = (rank[v], rank[w as usize]);
            let (low, high, direction) = if a < b { (a, b, UP) } else { (b, a, DOWN) };
            if let Ok(at) = rows.row(low).binary_search(&high) {
                present[rows.first[low as usize] as usize + at] |= direction;
            }
        }
    }
    if present.iter().all(|p| *p == UP | DOWN) {
        return present;
    }
    let n = rank.len();
    let mut lower_first = vec![0_u32; n + 1];
    for &y in &rows.head {
        lower_first[y as usize + 1] += 1;
    }
    accumulate(&mut lower_first);
    let mut next = lower_first.clone();
    let mut lower = vec![(0_u32, 0_u32); rows.head.len()];
    for ends in rows.first.windows(2) {
        for at in ends[0]..ends[1] {
            let slot = &mut next[rows.head[at as usize] as usize];
            lower[*slot as usize] = (at, ends[1]);
            *slot += 1;
        }
    }
    let height = depth.iter().max().map_or(0, |d| *d as usize + 1);
    let mut by_depth = vec![0_u8; height];
    for y in 0..n {
        let row = rows.first[y] as usize..rows.first[y + 1] as usize;
        row.clone().for_each(|at| by_depth[depth[rows.head[at] as usize] as usize] = present[at]);
        for &(at, end) in &lower[lower_first[y] as usize..lower_first[y + 1] as usize] {
            // y → x → z needs the downward bit here and the upward bit there; z → x → y the reverse.
            let swapped = (present[at as usize] >> 1 | present[at as usize] << 1) & (UP | DOWN);
            for above in at as usize + 1..end as usize {
                by_depth[depth[rows.head[above] as usize] as usize] |= present[above] & swapped;
            }
        }
        row.for_each(|at| present[at] = by_depth[depth[rows.head[at] as usize] as usize]);
    }
    present
}

impl Half {
    /// Lists the lower triangles of each row of this half.
    fn add_lower(&mut self, other: &Half) -> Result<(), HierarchyError> {
        let n = self.first.len() - 1;
        let mut count = vec![0_u64; n];
        self.each_lower(other, |y, _| count[y as usize] += 1);
        limit(count.iter().sum())?;
        self.lower_first = vec![0; n + 1];
        self.each_lower_count(&count);
        let mut next = self.lower_first.clone();
        let mut lower = vec![Lower { arc: 0, start: 0, end: 0 }; self.lower_first[n] as usize];
        self.each_lower(other, |y, triangles| {
            lower[next[y as usize] as usize] = triangles;
            next[y as usize] += 1;
        });
        self.lower = lower;
        Ok(())
    }

    #[allow(clippy::cast_possible_truncation)] // the sum was checked to fit
    fn each_lower_count(&mut self, count: &[u64]) {
        for (first, c) in self.lower_first[1..].iter_mut().zip(count) {
            *first = *c as u32;
        }
        accumulate(&mut self.lower_first);
    }

    #[allow(clippy::cast_possible_truncation)] // arcs fit 32 bits
    fn each_lower(&self, other: &Half, mut visit: impl FnMut(u32, Lower)) {
        for x in 0..self.first.len() as u32 - 1 {
            let end = self.first[x as usize + 1];
            let mut start = self.first[x as usize];
            for arc in other.row(x) {
                let y = other.head[arc];
                while start < end && self.head[start as usize] <= y {
                    start += 1;
                }
                if start == end {
                    break;
                }
                visit(y, Lower { arc: arc as u32, start, end });
            }
        }
    }
}

/// Files each input arc under its arc of the hierarchy. Loops are on no best path and have none.
#[allow(clippy::cast_possible_truncation)] // positions fit 32 bits
fn add_inputs(up: &mut Half, down: &mut Half, first_out: &[u32], head: &[u32], rank: &[u32]) {
    let n = rank.len();
    up.input_first = vec![0; n + 1];
    down.input_first = vec![0; n + 1];
    let each = |visit: &mut dyn FnMut(u32, u32, u32)| {
        for v in 0..n {
            for input in first_out[v]..first_out[v + 1] {
                visit(rank[v], rank[head[input as usize] as usize], input);
            }
        }
    };
    each(&mut |a, b, _| match a.cmp(&b) {
        std::cmp::Ordering::Less => up.input_first[a as usize + 1] += 1,
        std::cmp::Ordering::Greater => down.input_first[b as usize + 1] += 1,
        std::cmp::Ordering::Equal => {}
    });
    for half in [&mut *up, &mut *down] {
        accumulate(&mut half.input_first);
        half.input = vec![(0, 0); half.input_first[n] as usize];
    }
    let (mut next_up, mut next_down) = (up.input_first.clone(), down.input_first.clone());
    each(&mut |a, b, input| {
        let (half, next, low, high) =
            if a < b { (&mut *up, &mut next_up, a, b) } else { (&mut *down, &mut next_down, b, a) };
        if let Some(arc) = half.find(low, high) {
            half.input[next[low as usize] as usize] = (arc, input);
            next[low as usize] += 1;
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Diamond 0 → {1, 2} → 3 with one-way arcs, eliminated 0, 1, 2, 3.
    #[test]
    fn one_way_arcs_give_one_way_shortcuts() {
        let cch = Cch::new(&[0, 2, 3, 4, 4], &[1, 2, 3, 3], &[0, 1, 2, 3]).unwrap();
        // 1 and 2 are joined by the elimination of 0, but no path 1 → 0 → 2 exists: the arc is dropped.
        assert_eq!(cch.up.head, [1, 2, 3, 3]);
        assert!(cch.down.head.is_empty());
        assert_eq!(cch.height(), 4);
        let two_way = Cch::new(&[0, 2, 4, 6, 8], &[1, 2, 0, 3, 0, 3, 1, 2], &[0, 1, 2, 3]).unwrap();
        assert_eq!(two_way.up.head, [1, 2, 2, 3, 3]);
        assert_eq!(two_way.down.head, two_way.up.head);
    }

    #[test]
    fn refuses_nonsense() {
        assert!(matches!(Cch::new(&[0, 1], &[0], &[0, 1]), Err(HierarchyError::Rows { .. })));
        assert!(matches!(Cch::new(&[0, 1, 1], &[7], &[0, 1]), Err(HierarchyError::Head { head: 7, .. })));
        assert!(matches!(Cch::new(&[0, 1, 1], &[1], &[1, 1]), Err(HierarchyError::Order { .. })));
        assert!(Cch::new(&[0], &[], &[]).is_ok());
    }
}
