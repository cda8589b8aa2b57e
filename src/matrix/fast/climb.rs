//! Upward searches: each source of a batch, one lane each, along its ancestors.
//!
//! A search visits the ancestors of its starts in order of rank. Labels at nodes that are also ancestors of targets are
//! handed to the downward sweep in rows of lanes.

use super::select::{NONE, Selection};
use super::sweep::LANES;
use crate::hierarchy::{Packed, Row};

/// Lanes of `V` vectors: cost, length, time, toll.
pub(super) type Rows<const V: usize> = [[Row; V]; 4];

/// No path in any lane.
pub(super) const fn no_path<const V: usize>() -> Rows<V> {
    [[[Packed::CAP; LANES]; V], [[0; LANES]; V], [[0; LANES]; V], [[0; LANES]; V]]
}

/// Working memory of the searches and their result.
pub(super) struct Climb<const V: usize> {
    label: Vec<Packed>,
    visited: Vec<u32>,
    /// Row of each node in `Selection::targets_down`, or `NONE`.
    pub(super) slot: Vec<u32>,
    used: Vec<u32>,
    pub(super) rows: Vec<Rows<V>>,
}

impl<const V: usize> Climb<V> {
    pub(super) fn new(selection: &Selection) -> Self {
        Self {
            label: vec![Packed::INFINITE; selection.parent.len()],
            visited: Vec::new(),
            slot: vec![NONE; selection.targets_down.len()],
            used: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// Searches from up to `V × 16` sources.
    pub(super) fn run(&mut self, selection: &Selection, sources: impl Iterator<Item = u32>) {
        self.used.drain(..).for_each(|place| self.slot[place as usize] = NONE);
        self.rows.clear();
        for (lane, source) in sources.enumerate() {
            self.search(selection, &selection.sources[source as usize]);
            self.hand_over(selection, lane);
        }
    }

    fn search(&mut self, selection: &Selection, starts: &[(u32, Packed)]) {
        for &(x, weight) in starts {
            // Ancestors already visited carry a mark: the label of a visited node is reset only after the search.
            let mut at = x;
            loop {
                self.visited.push(at);
                let parent = selection.parent[at as usize];
                if parent == at {
                    break;
                }
                at = parent;
            }
            self.label[x as usize] = self.label[x as usize].min(weight);
        }
        if starts.len() > 1 {
            // A few ascending runs.
            self.visited.sort();
            self.visited.dedup();
        }
        for &x in &self.visited {
            let label = self.label[x as usize];
            if label.is_finite() {
                let row = selection.up_first[x as usize] as usize..selection.up_first[x as usize + 1] as usize;
                for &(head, weight) in &selection.up[row] {
                    let slot = &mut self.label[head as usize];
                    *slot = (*slot).min(label.plus(weight));
                }
            }
        }
    }

    /// Moves the labels of the last search to its lane.
    fn hand_over(&mut self, selection: &Selection, lane: usize) {
        for x in self.visited.drain(..) {
            let label = std::mem::replace(&mut self.label[x as usize], Packed::INFINITE);
            let place = selection.down_place[x as usize];
            if place == NONE || !label.is_finite() {
                continue;
            }
            let slot = &mut self.slot[place as usize];
            if *slot == NONE {
                #[allow(clippy::cast_possible_truncation)] // no more rows than nodes
                let next = self.rows.len() as u32;
                *slot = next;
                self.used.push(place);
                self.rows.push(no_path());
            }
            let rows = &mut self.rows[*slot as usize];
            for (row, value) in rows.iter_mut().zip(label.fields()) {
                row[lane / LANES][lane % LANES] = value;
            }
        }
    }
}
