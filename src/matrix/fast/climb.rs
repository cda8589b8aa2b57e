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
    cost: Vec<u32>,
    /// Length, time and toll; valid for visited nodes once their turn has come.
    rest: Vec<[u32; 3]>,
    /// Arc and node that gave the least cost; `NONE` at a start.
    from: Vec<(u32, u32)>,
    visited: Vec<u32>,
    /// Row of each node in `Selection::targets_down`, or `NONE`.
    pub(super) slot: Vec<u32>,
    used: Vec<u32>,
    pub(super) rows: Vec<Rows<V>>,
}

impl<const V: usize> Climb<V> {
    pub(super) fn new(selection: &Selection) -> Self {
        Self {
            cost: vec![Packed::CAP; selection.parent.len()],
            rest: vec![[0; 3]; selection.parent.len()],
            from: vec![(NONE, NONE); selection.parent.len()],
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
            let mut at = x;
            loop {
                self.visited.push(at);
                let parent = selection.parent[at as usize];
                if parent == at {
                    break;
                }
                at = parent;
            }
            // Starts are sorted by node and weight: the first one of a node is its best.
            let [cost, rest @ ..] = weight.fields();
            if self.cost[x as usize] == Packed::CAP {
                self.cost[x as usize] = cost;
                self.rest[x as usize] = rest;
                self.from[x as usize] = (NONE, NONE);
            }
        }
        if starts.len() > 1 {
            // A few ascending runs.
            self.visited.sort();
            self.visited.dedup();
        }
        let visited = std::mem::take(&mut self.visited);
        for &x in &visited {
            let cost = self.cost[x as usize];
            if cost >= Packed::CAP {
                continue;
            }
            let (arc, below) = self.from[x as usize];
            if below != NONE {
                self.rest[x as usize] = rest_over(selection, &self.rest, arc, below);
            }
            for arc in selection.up_first[x as usize]..selection.up_first[x as usize + 1] {
                let (head, weight) = selection.up[arc as usize];
                let (sum, known) = (cost + weight, self.cost[head as usize]);
                if sum < known {
                    self.cost[head as usize] = sum;
                    self.from[head as usize] = (arc, x);
                } else if sum == known && sum < Packed::CAP {
                    self.break_tie(selection, arc, x, head);
                }
            }
        }
        self.visited = visited;
    }

    /// Takes the arc from `x` if it gives the same cost with less of the rest.
    #[cold]
    fn break_tie(&mut self, selection: &Selection, arc: u32, x: u32, head: u32) {
        let (other_arc, other) = self.from[head as usize];
        let known = match other {
            NONE => self.rest[head as usize],
            _ => rest_over(selection, &self.rest, other_arc, other),
        };
        if rest_over(selection, &self.rest, arc, x) < known {
            self.from[head as usize] = (arc, x);
        }
    }

    /// Moves the labels of the last search to its lane.
    fn hand_over(&mut self, selection: &Selection, lane: usize) {
        for x in self.visited.drain(..) {
            let cost = std::mem::replace(&mut self.cost[x as usize], Packed::CAP);
            let place = selection.down_place[x as usize];
            if place == NONE || cost >= Packed::CAP {
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
            let [length, time, toll] = self.rest[x as usize];
            for (row, value) in rows.iter_mut().zip([cost, length, time, toll]) {
                row[lane / LANES][lane % LANES] = value;
            }
        }
    }
}

/// Length, time and toll over an arc from a node; each saturates.
fn rest_over(selection: &Selection, rest: &[[u32; 3]], arc: u32, from: u32) -> [u32; 3] {
    let (weight, label) = (&selection.up_rest[arc as usize], &rest[from as usize]);
    std::array::from_fn(|i| (weight[i] + label[i]).min(Packed::CAP))
}
