//! Orders roads by contracting junctions: the elimination game on the edge-based graph.
//!
//! Roads that meet at a junction are all joined in the edge-based graph. To eliminate a road is to contract it: the
//! roads of its two ends are joined from then on as if they met at one junction. So no edge-based graph has to be
//! built. A road adds (roads at one end only) × (roads at the other end only) pairs.

use super::cell::{Cell, NONE};

/// Orders the roads of a small cell greedily, counting cut roads at their junctions: local edge numbers. Next
/// come the roads whose contraction leaves the fewest roads at the joint junction; among equals least fill decides.
/// `degree` gives the roads at a junction by its outside name, cut roads included.
pub(super) fn fewest_roads(cell: &Cell, degree: impl Fn(u32) -> usize) -> Vec<u32> {
    let mut degrees: Vec<u64> = cell.node.iter().map(|&v| degree(v) as u64).collect();
    let mut bundles = bundles(cell);
    let mut order = Vec::with_capacity(cell.name.len());
    let mut with = vec![NONE; cell.len()];
    while let Some(at) = (0..bundles.len()).min_by_key(|&at| {
        let Bundle { ends: (a, b), roads } = &bundles[at];
        let (a, b) = (degrees[*a as usize], degrees[*b as usize]);
        let both = roads.len() as u64;
        let (at_a, at_b) = (a.saturating_sub(both), b.saturating_sub(both));
        (at_a + at_b, at_a * at_b, roads[0])
    }) {
        let Bundle { ends: (a, b), roads } = bundles.swap_remove(at);
        let both = roads.len() as u64;
        order.extend(roads);
        degrees[a as usize] = (degrees[a as usize] + degrees[b as usize]).saturating_sub(2 * both);
        // Junction b becomes a; roads of both to the same third junction become one bundle.
        let mut kept: Vec<Bundle> = Vec::with_capacity(bundles.len());
        let mut far = Vec::new();
        for mut bundle in bundles {
            let (x, y) = bundle.ends;
            let (x, y) = (if x == b { a } else { x }, if y == b { a } else { y });
            let other = if x == a { y } else { x };
            bundle.ends = (x, y);
            if x == a || y == a {
                if let Some(same) = kept.get_mut(with[other as usize] as usize) {
                    same.roads.extend(bundle.roads);
                    same.roads.sort_unstable();
                    continue;
                }
                with[other as usize] = kept.len() as u32;
                far.push(other);
            }
            kept.push(bundle);
        }
        far.into_iter().for_each(|v| with[v as usize] = NONE);
        bundles = kept;
    }
    order
}

/// Roads between the same two junctions.
struct Bundle {
    ends: (u32, u32),
    roads: Vec<u32>,
}

fn bundles(cell: &Cell) -> Vec<Bundle> {
    let mut roads: Vec<(u32, u32, u32)> = (0..cell.len() as u32)
        .flat_map(|v| cell.arcs(v).map(move |arc| (v, cell.head[arc], cell.edge[arc])).filter(|(v, w, _)| v < w))
        .collect();
    roads.sort_unstable();
    roads
        .chunk_by(|a, b| (a.0, a.1) == (b.0, b.1))
        .map(|same| Bundle { ends: (same[0].0, same[0].1), roads: same.iter().map(|r| r.2).collect() })
        .collect()
}

/// Roads that come first in any good order: loops, dead ends and chains.
///
/// A junction of two roads is contracted with one of them, so no junction ever gets more roads. As for nodes, trees
/// are peeled from their tips and chains in rounds of roads that do not meet, for a depth of O(log length).
pub(super) struct ReducedRoads {
    /// Roads in the order of their elimination.
    pub eliminated: Vec<u32>,
    /// Ends of the roads that are left, `(NONE, NONE)` for the others.
    pub ends: Vec<(u32, u32)>,
    first: Vec<u32>,
    len: Vec<u32>,
    row: Vec<u32>,
}

impl ReducedRoads {
    /// Eliminates while a junction has at most two roads. Every end must be below `junctions`.
    pub(super) fn new(junctions: usize, roads: &[(u32, u32)]) -> Self {
        let mut first = vec![0u32; junctions + 1];
        let proper = || (0u32..).zip(roads).filter(|(_, (a, b))| a != b);
        for (_, &(a, b)) in proper() {
            first[a as usize + 1] += 1;
            first[b as usize + 1] += 1;
        }
        for v in 0..junctions {
            first[v + 1] += first[v];
        }
        let mut this = Self {
            eliminated: (0u32..).zip(roads).filter(|(_, (a, b))| a == b).map(|(r, _)| r).collect(),
            ends: roads.iter().map(|&(a, b)| if a == b { (NONE, NONE) } else { (a, b) }).collect(),
            row: vec![0; first[junctions] as usize],
            len: vec![0; junctions],
            first,
        };
        for (road, &(a, b)) in proper() {
            for v in [a as usize, b as usize] {
                this.row[(this.first[v] + this.len[v]) as usize] = road;
                this.len[v] += 1;
            }
        }
        for start in 0..junctions as u32 {
            let mut tip = Some(start);
            while let Some(v) = tip {
                tip = match *this.roads_at(v) {
                    [road] => Some(this.remove(road, v)),
                    _ => None,
                };
            }
        }
        this.contract_chains(junctions);
        this
    }

    fn contract_chains(&mut self, junctions: usize) {
        let mut waiting: Vec<u32> = (0..junctions as u32).filter(|&v| self.len[v as usize] == 2).collect();
        let mut resting = vec![0u32; junctions];
        let mut round = 0;
        while !waiting.is_empty() {
            round += 1;
            let mut later = Vec::new();
            for v in waiting {
                match *self.roads_at(v) {
                    [road] => later.push(self.remove(road, v)),
                    [r, s] => {
                        let (b, c) = (self.far_end(r, v), self.far_end(s, v));
                        let ((r, b), (s, c)) = if self.len[b as usize] <= self.len[c as usize] {
                            ((r, b), (s, c))
                        } else {
                            ((s, c), (r, b))
                        };
                        if [v, b].iter().any(|&end| resting[end as usize] == round) {
                            later.push(v);
                            continue;
                        }
                        resting[v as usize] = round;
                        resting[b as usize] = round;
                        if b == c {
                            // Once r is gone, s is a loop.
                            self.remove(r, v);
                            self.remove(s, v);
                            later.push(b);
                        } else {
                            self.contract(r, v, b, s);
                            later.push(b);
                        }
                    }
                    _ => {}
                }
            }
            waiting = later;
        }
    }

    /// Roads left at a junction.
    pub(super) fn roads_at(&self, v: u32) -> &[u32] {
        let start = self.first[v as usize] as usize;
        &self.row[start..start + self.len[v as usize] as usize]
    }

    fn far_end(&self, road: u32, v: u32) -> u32 {
        let (a, b) = self.ends[road as usize];
        if a == v { b } else { a }
    }

    /// Eliminates a road that joins nothing new; gives its end other than `v`.
    fn remove(&mut self, road: u32, v: u32) -> u32 {
        let far = self.far_end(road, v);
        for end in [v, far] {
            let start = self.first[end as usize] as usize;
            let len = self.len[end as usize] as usize;
            if let Some(at) = self.row[start..start + len].iter().position(|&r| r == road) {
                self.row[start + at] = self.row[start + len - 1];
                self.len[end as usize] -= 1;
            }
        }
        self.ends[road as usize] = (NONE, NONE);
        self.eliminated.push(road);
        far
    }

    /// Eliminates road `r` between `v` and `b`, where `s` is the only other road of `v`: `s` now ends at `b`.
    fn contract(&mut self, r: u32, v: u32, b: u32, s: u32) {
        let start = self.first[b as usize] as usize;
        let row = &mut self.row[start..start + self.len[b as usize] as usize];
        row.iter_mut().filter(|road| **road == r).for_each(|road| *road = s);
        let ends = &mut self.ends[s as usize];
        *ends = if ends.0 == v { (b, ends.1) } else { (ends.0, b) };
        self.len[v as usize] = 0;
        self.ends[r as usize] = (NONE, NONE);
        self.eliminated.push(r);
    }
}

/// Elimination tree of the roads, by place in `order`: the parent is the first later road that meets the cluster of
/// junctions that a road's elimination made.
pub(super) fn road_tree(junctions: usize, roads: &[(u32, u32)], order: &[u32]) -> Vec<u32> {
    let mut parent = vec![super::ROOT; order.len()];
    let mut cluster: Vec<u32> = (0..junctions as u32).collect();
    let mut size = vec![1u32; junctions];
    let mut top = vec![NONE; junctions];
    for (rank, &road) in (0u32..).zip(order) {
        let (a, b) = roads[road as usize];
        let (a, b) = (find(&mut cluster, a), find(&mut cluster, b));
        for end in [a, b] {
            if top[end as usize] != NONE {
                parent[top[end as usize] as usize] = rank;
            }
        }
        let (small, large) = if size[a as usize] < size[b as usize] { (a, b) } else { (b, a) };
        if small != large {
            cluster[small as usize] = large;
            size[large as usize] += size[small as usize];
        }
        top[large as usize] = rank;
    }
    parent
}

/// The cluster of a junction, with path halving.
fn find(cluster: &mut [u32], mut v: u32) -> u32 {
    while cluster[v as usize] != v {
        let up = cluster[cluster[v as usize] as usize];
        cluster[v as usize] = up;
        v = up;
    }
    v
}
