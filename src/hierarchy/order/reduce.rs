//! Nodes of degree at most two come first in the order: trees, then chains and what they leave behind.
//!
//! Eliminating a node of degree two joins its neighbours, so no degree ever grows and rows never need more room.
//! Trees are peeled from their tips (one arc a node); chains in rounds of nodes that are not neighbours, so that a
//! chain of k nodes adds O(log k) to the depth of the elimination tree. What is left has degree three or more.

use super::view::UndirectedView;

/// Nodes in the order of their elimination, and the rows of the nodes that are left.
pub(super) struct Reduced {
    pub eliminated: Vec<u32>,
    rows: Rows,
}

struct Rows {
    first: Vec<u32>,
    len: Vec<u32>,
    head: Vec<u32>,
}

impl Rows {
    fn of(&self, v: u32) -> &[u32] {
        let start = self.first[v as usize] as usize;
        &self.head[start..start + self.len[v as usize] as usize]
    }

    fn remove(&mut self, v: u32, gone: u32) {
        let start = self.first[v as usize] as usize;
        let end = start + self.len[v as usize] as usize;
        if let Some(at) = self.head[start..end].iter().position(|&w| w == gone) {
            self.head[start + at] = self.head[end - 1];
            self.len[v as usize] -= 1;
        }
    }

    fn replace(&mut self, v: u32, gone: u32, by: u32) {
        let start = self.first[v as usize] as usize;
        let end = start + self.len[v as usize] as usize;
        if let Some(slot) = self.head[start..end].iter_mut().find(|w| **w == gone) {
            *slot = by;
        }
    }

    /// Eliminates a node of degree at most two and tells whose degree fell.
    fn eliminate(&mut self, v: u32) -> [Option<u32>; 2] {
        let fell = match *self.of(v) {
            [] => [None, None],
            [a] => {
                self.remove(a, v);
                [Some(a), None]
            }
            [a, b, ..] if self.of(a).contains(&b) => {
                self.remove(a, v);
                self.remove(b, v);
                [Some(a), Some(b)]
            }
            [a, b, ..] => {
                self.replace(a, v, b);
                self.replace(b, v, a);
                [None, None]
            }
        };
        self.len[v as usize] = 0;
        fell
    }
}

impl Reduced {
    /// Eliminates while a node of degree at most two is left.
    pub(super) fn new(graph: &UndirectedView) -> Self {
        let n = graph.node_count() as u32;
        let mut rows = Rows {
            first: Vec::with_capacity(n as usize),
            len: Vec::with_capacity(n as usize),
            head: Vec::with_capacity(graph.edge_count() * 2),
        };
        for v in 0..n {
            rows.first.push(rows.head.len() as u32);
            rows.len.push(graph.neighbours(v).len() as u32);
            rows.head.extend_from_slice(graph.neighbours(v));
        }
        let mut gone = vec![false; n as usize];
        let mut eliminated = Vec::new();
        for start in 0..n {
            let mut tip = Some(start);
            while let Some(v) = tip.filter(|&v| !gone[v as usize] && rows.len[v as usize] <= 1) {
                gone[v as usize] = true;
                eliminated.push(v);
                tip = rows.eliminate(v)[0];
            }
        }
        let mut waiting: Vec<u32> = (0..n).filter(|&v| !gone[v as usize] && rows.len[v as usize] == 2).collect();
        let mut resting = vec![0u32; n as usize];
        let mut round = 0;
        while !waiting.is_empty() {
            round += 1;
            let mut later = Vec::new();
            for v in waiting {
                if gone[v as usize] {
                    continue;
                }
                if resting[v as usize] == round {
                    later.push(v);
                    continue;
                }
                rows.of(v).iter().for_each(|&w| resting[w as usize] = round);
                gone[v as usize] = true;
                eliminated.push(v);
                later.extend(rows.eliminate(v).into_iter().flatten().filter(|&w| rows.len[w as usize] <= 2));
            }
            waiting = later;
        }
        Self { eliminated, rows }
    }

    /// Neighbours of a node that is left.
    pub(super) fn neighbours(&self, v: u32) -> &[u32] {
        self.rows.of(v)
    }
}
