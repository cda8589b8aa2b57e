//! A part of the graph with nodes and edges of its own numbering, so that work on it stays in cache.

use rayon::prelude::*;
use std::ops::Range;

/// "No label": the node belongs to the separator.
pub(super) const NONE: u32 = u32::MAX;

/// An undirected multigraph without loops, with positions on a grid and the names of its nodes and edges outside.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    /// Row of node `v`: `first[v]..first[v + 1]`.
    pub first: Vec<u32>,
    /// Neighbour on each arc.
    pub head: Vec<u32>,
    /// Edge of each arc; both arcs of an edge carry the same.
    pub edge: Vec<u32>,
    /// Grid position of each node.
    pub xy: Vec<(i32, i32)>,
    /// Name of each node outside.
    pub node: Vec<u32>,
    /// Name of each edge outside.
    pub name: Vec<u32>,
}

impl Cell {
    /// Builds rows from edges `(tail, head, name)`; loops are left out.
    pub(super) fn new(xy: Vec<(i32, i32)>, node: Vec<u32>, edges: &[(u32, u32, u32)]) -> Self {
        let n = xy.len();
        let mut first = vec![0u32; n + 1];
        let proper = || edges.iter().filter(|(a, b, _)| a != b);
        for &(a, b, _) in proper() {
            first[a as usize + 1] += 1;
            first[b as usize + 1] += 1;
        }
        for v in 0..n {
            first[v + 1] += first[v];
        }
        let mut next = first.clone();
        let arcs = first[n] as usize;
        let (mut head, mut edge) = (vec![0u32; arcs], vec![0u32; arcs]);
        let mut name = Vec::with_capacity(arcs / 2);
        for &(a, b, outside) in proper() {
            for (tail, to) in [(a, b), (b, a)] {
                let slot = next[tail as usize] as usize;
                next[tail as usize] += 1;
                head[slot] = to;
                edge[slot] = name.len() as u32;
            }
            name.push(outside);
        }
        Self { first, head, edge, xy, node, name }
    }

    /// Nodes.
    pub(super) fn len(&self) -> usize {
        self.node.len()
    }

    /// Arcs of a node.
    pub(super) fn arcs(&self, v: u32) -> Range<usize> {
        self.first[v as usize] as usize..self.first[v as usize + 1] as usize
    }

    /// Neighbours of a node.
    pub(super) fn neighbours(&self, v: u32) -> &[u32] {
        &self.head[self.arcs(v)]
    }

    /// Labels the connected components of the nodes with `part != NONE`, where edges join only equal parts.
    /// Components are numbered by their first node. Returns labels and their number.
    pub(super) fn components(&self, part: &[u32]) -> (Vec<u32>, usize) {
        let mut label = vec![NONE; self.len()];
        let mut stack = Vec::new();
        let mut count = 0;
        for start in 0..self.len() as u32 {
            if label[start as usize] != NONE || part[start as usize] == NONE {
                continue;
            }
            label[start as usize] = count;
            stack.push(start);
            while let Some(v) = stack.pop() {
                for &w in self.neighbours(v) {
                    if label[w as usize] == NONE && part[w as usize] == part[v as usize] {
                        label[w as usize] = count;
                        stack.push(w);
                    }
                }
            }
            count += 1;
        }
        (label, count as usize)
    }

    /// One cell per label, each with its nodes in the present order; edges between labels are dropped.
    pub(super) fn split(&self, label: &[u32], parts: usize) -> Vec<Self> {
        let mut cells = vec![Self::default(); parts];
        let mut local = vec![0u32; self.len()];
        for v in 0..self.len() {
            if let Some(cell) = cells.get_mut(label[v] as usize) {
                local[v] = cell.node.len() as u32;
                cell.node.push(self.node[v]);
                cell.xy.push(self.xy[v]);
            }
        }
        let mut edge_local = vec![NONE; self.name.len()];
        for v in 0..self.len() {
            let Some(cell) = cells.get_mut(label[v] as usize) else { continue };
            cell.first.push(cell.head.len() as u32);
            for arc in self.arcs(v as u32) {
                let w = self.head[arc] as usize;
                if label[w] == label[v] {
                    let edge = &mut edge_local[self.edge[arc] as usize];
                    if *edge == NONE {
                        *edge = cell.name.len() as u32;
                        cell.name.push(self.name[self.edge[arc] as usize]);
                    }
                    cell.head.push(local[w]);
                    cell.edge.push(*edge);
                }
            }
        }
        for cell in &mut cells {
            cell.first.push(cell.head.len() as u32);
        }
        cells
    }
}

/// Cells with fewer entries in all than this are ordered by one thread.
const PARALLEL: usize = 1024;

/// Orders cells, each of `size` entries, into consecutive pieces of a slice.
pub(super) fn in_parallel(
    cells: Vec<Cell>,
    mut slice: &mut [u32],
    size: impl Fn(&Cell) -> usize,
    order: &(dyn Fn(&Cell, &mut [u32]) + Sync),
) {
    let parallel = slice.len() > PARALLEL;
    let mut work = Vec::with_capacity(cells.len());
    for cell in cells {
        let (mine, rest) = slice.split_at_mut(size(&cell));
        work.push((cell, mine));
        slice = rest;
    }
    if parallel {
        work.into_par_iter().for_each(|(cell, mine)| order(&cell, mine));
    } else {
        work.into_iter().for_each(|(cell, mine)| order(&cell, mine));
    }
}
