//! Upward searches of a batch: all sources at once, one lane each, over the union of their ancestors.
//!
//! Sources that are close in rank share most ancestors. Nodes are settled in order of rank: whatever can lower a label
//! comes from below, so a node's labels are final when its turn comes, and no queue is needed. Vectors in which no lane
//! has reached a node yet are skipped. The labels are where the downward sweep starts.

use super::Aligned;
use super::prune::NONE;
use super::select::Selection;
use super::sweep::LANES;
use crate::hierarchy::{Kernel, Lanes, Packed, Row, SimdPath, dispatch};

/// Working memory of the searches and their result.
pub(super) struct Climb<const V: usize> {
    /// Row of labels of each node, or `NONE`.
    slot: Vec<u32>,
    /// Ancestors of the batch's sources, the lowest first.
    visited: Vec<u32>,
    /// Rows of the ancestors of the node in turn, by depth.
    path: Vec<u32>,
    pub(super) cost: Vec<Aligned<[Row; V]>>,
    /// Length, time and toll, where there is a cost.
    pub(super) rest: Vec<Aligned<[[Row; V]; 3]>>,
}

impl<const V: usize> Climb<V> {
    pub(super) fn new(selection: &Selection) -> Self {
        Self {
            slot: vec![NONE; selection.parent.len()],
            visited: Vec::new(),
            path: vec![NONE; selection.height],
            cost: Vec::new(),
            rest: Vec::new(),
        }
    }

    /// Searches from up to `V × 16` sources.
    pub(super) fn run(&mut self, path: SimdPath, selection: &Selection, sources: impl Iterator<Item = u32> + Clone) {
        self.visit(selection, sources.clone());
        for (lane, source) in sources.enumerate() {
            self.start(lane, &selection.sources[source as usize]);
        }
        if selection.tolls {
            dispatch(path, Run::<V, 3> { climb: self, selection });
        } else {
            dispatch(path, Run::<V, 2> { climb: self, selection });
        }
    }

    /// The row of a node of the selection.
    pub(super) fn row(&self, node: u32) -> Option<usize> {
        self.slot.get(node as usize).filter(|slot| **slot != NONE).map(|slot| *slot as usize)
    }

    /// Gives every ancestor of the sources a row without labels.
    fn visit(&mut self, selection: &Selection, sources: impl Iterator<Item = u32>) {
        self.visited.drain(..).for_each(|x| self.slot[x as usize] = NONE);
        for source in sources {
            for &(x, _) in &selection.sources[source as usize] {
                let mut at = x;
                while self.slot[at as usize] == NONE {
                    self.slot[at as usize] = 0;
                    self.visited.push(at);
                    // A root's parent is itself.
                    at = selection.parent[at as usize];
                }
            }
        }
        self.visited.sort_unstable_by(|a, b| b.cmp(a));
        self.path.fill(NONE);
        for (&x, row) in self.visited.iter().zip(0..) {
            self.slot[x as usize] = row;
        }
        let rows = self.visited.len();
        self.cost.clear();
        self.cost.resize(rows, Aligned([[Packed::CAP; LANES]; V]));
        if self.rest.len() < rows {
            self.rest.resize(rows, Aligned([[[0; LANES]; V]; 3]));
        }
    }

    /// Makes `path` that of a visited node. The nodes below an ancestor are visited one after the other, so what lies
    /// above a row that is known is known.
    fn follow(path: &mut [u32], slot: &[u32], selection: &Selection, node: u32) {
        let mut at = node;
        loop {
            let known = &mut path[selection.depth[at as usize] as usize];
            if *known == slot[at as usize] {
                return;
            }
            *known = slot[at as usize];
            at = selection.parent[at as usize];
        }
    }

    /// Labels the starts of a source. They are sorted by node and weight: the first one of a node is its best.
    fn start(&mut self, lane: usize, starts: &[(u32, Packed)]) {
        for &(x, weight) in starts {
            let row = self.slot[x as usize] as usize;
            let [cost, rest @ ..] = weight.fields();
            let label = &mut self.cost[row][lane / LANES][lane % LANES];
            if *label == Packed::CAP {
                *label = cost;
                for (field, value) in self.rest[row].iter_mut().zip(rest) {
                    field[lane / LANES][lane % LANES] = value;
                }
            }
        }
    }
}

/// A climb that carries cost and the first `F` of length, time and toll; tolls are all zero where `F` is 2.
struct Run<'a, const V: usize, const F: usize> {
    climb: &'a mut Climb<V>,
    selection: &'a Selection,
}

impl<const V: usize, const F: usize> Kernel for Run<'_, V, F> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { climb, selection } = self;
        let cap = l.splat(Packed::CAP);
        for (row, &x) in climb.visited.iter().enumerate() {
            Climb::<V>::follow(&mut climb.path, &climb.slot, selection, x);
            let arcs = selection.up.row(x as usize);
            let (arcs, rests) = (&selection.up.arcs[arcs.clone()], &selection.up.rest[arcs]);
            let (cost_below, cost_above) = climb.cost.split_at_mut(row + 1);
            let (rest_below, rest_above) = climb.rest.split_at_mut(row + 1);
            let (cost_here, rest_here) = (&cost_below[row], &rest_below[row]);
            for j in 0..V {
                let cost = l.load(&cost_here[j]);
                if l.bits(l.less(cost, cap)) == 0 {
                    continue;
                }
                let rest: [L::Vector; F] = std::array::from_fn(|field| l.load(&rest_here[field][j]));
                for (arc, more) in arcs.iter().zip(rests) {
                    let above = climb.path[arc.depth as usize] as usize - row - 1;
                    let sum = l.add(cost, l.splat(arc.cost));
                    let known = l.load(&cost_above[above][j]);
                    // Sums of unreached lanes are no less than the cap.
                    let less = l.less(sum, known);
                    let tie = l.and(l.equal(sum, known), l.less(sum, cap));
                    if l.bits(l.or(less, tie)) == 0 {
                        continue;
                    }
                    let to = &mut rest_above[above];
                    let sums: [L::Vector; F] =
                        std::array::from_fn(|field| l.min(l.add(rest[field], l.splat(more[field])), cap));
                    let old: [L::Vector; F] = std::array::from_fn(|field| l.load(&to[field][j]));
                    let taken = l.or(less, l.and(tie, l.before(&sums, &old)));
                    l.store(&mut cost_above[above][j], l.min(sum, known));
                    for field in 0..F {
                        l.store(&mut to[field][j], l.select(taken, sums[field], old[field]));
                    }
                }
            }
        }
    }
}
