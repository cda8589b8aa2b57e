//! Edge cuts by inertial flow with growing terminals.
//!
//! Inertial flow (Schild, Sommer, SEA 2015): along a direction the first nodes are the source, the last the sink, a
//! minimum cut separates them. As in InertialFlowCutter (Gottesbüren, Hamann, Uhl, Wagner, Algorithms 2019) the
//! smaller side of the cut then becomes terminal, is pierced by the next nodes along the direction, and the flow
//! goes on: every step yields a better balanced cut. Of all cuts of all directions the one with the least ratio of
//! edges to parted pairs of nodes wins; a direction ends when its flow can no longer win.

use super::cell::Cell;
use super::flow::{Flow, Side};
use super::grid;

/// Per mille of the nodes that are terminals of each side at the start: no side is ever smaller.
const TERMINALS: usize = 200;
/// Per mille of the nodes that pierce the smaller side in each step.
const PIERCE: usize = 50;

/// Cells of at most so many nodes are searched in half the directions.
const SMALL: usize = 1000;

/// A cut: its edges, the nodes of its smaller side, and who lies on the source side.
struct Cut {
    edges: u64,
    smaller: u64,
    source: Vec<bool>,
}

impl Cut {
    /// Pairs of nodes that a cut parts.
    fn pairs(&self, smaller: u64) -> u128 {
        u128::from(smaller) * u128::from(self.source.len() as u64 - smaller)
    }

    /// Fewer edges per parted pair; among equals the better balance.
    fn beaten_by(&self, edges: u64, smaller: u64) -> bool {
        let (theirs, mine) =
            (u128::from(edges) * self.pairs(self.smaller), u128::from(self.edges) * self.pairs(smaller));
        (theirs, self.smaller) < (mine, smaller)
    }

    /// Edges from which on no cut of the same cell can win, however balanced.
    fn limit(&self) -> u64 {
        let most = u128::from(self.edges) * self.pairs(self.source.len() as u64 / 2);
        most.div_ceil(self.pairs(self.smaller)) as u64
    }
}

/// Splits a cell of at least two nodes: true for nodes of the source side. Neither side is empty.
pub(super) fn bisect(cell: &Cell) -> Vec<bool> {
    let n = cell.len();
    let mut best: Option<Cut> = None;
    let mut flow = Flow::new(cell);
    let mut keys: Vec<u64> = Vec::with_capacity(n);
    // In small cells further directions find the same cuts again.
    let directions = if n > SMALL { grid::DIRECTIONS.len() } else { grid::DIRECTIONS.len() / 2 };
    for &direction in &grid::DIRECTIONS[..directions] {
        sort_along(cell, direction, &mut keys);
        try_direction(&mut flow, &keys, &mut best);
    }
    // Once more, with the best cut's own shape as the direction: terminals far from it, everything near it free.
    if let Some(cut) = &best {
        sort_from_cut(cell, &cut.source, &mut keys);
        try_direction(&mut flow, &keys, &mut best);
    }
    match best {
        Some(cut) => cut.source,
        // No direction was below the limit, which only the first can miss: halve along it.
        None => {
            sort_along(cell, grid::DIRECTIONS[0], &mut keys);
            let mut source = vec![false; n];
            keys.iter().take(n / 2).for_each(|&key| source[node(key)] = true);
            source
        }
    }
}

/// Nodes along a direction; ties keep the cell's own (spatial) order.
fn sort_along(cell: &Cell, direction: (i32, i32), keys: &mut Vec<u64>) {
    keys.clear();
    // Grid coordinates are below 2^20 and direction parts at most 2^10, so that the key fits 32 bits.
    keys.extend(cell.xy.iter().enumerate().map(|(v, &p)| {
        let key = (grid::along(p, direction) + (1 << 31)).clamp(0, i64::from(u32::MAX)) as u64;
        key << 32 | v as u64
    }));
    keys.sort_unstable();
}

/// Nodes by their distance in edges from a cut: the farthest of the source side first, the farthest of the other last.
fn sort_from_cut(cell: &Cell, source: &[bool], keys: &mut Vec<u64>) {
    let n = cell.len();
    let mut distance = vec![u32::MAX; n];
    let mut queue: Vec<u32> = (0..n as u32)
        .filter(|&v| cell.neighbours(v).iter().any(|&w| source[w as usize] != source[v as usize]))
        .collect();
    queue.iter().for_each(|&v| distance[v as usize] = 1);
    let mut at = 0;
    while let Some(&v) = queue.get(at) {
        at += 1;
        for &w in cell.neighbours(v) {
            if distance[w as usize] == u32::MAX {
                distance[w as usize] = distance[v as usize] + 1;
                queue.push(w);
            }
        }
    }
    keys.clear();
    keys.extend((0..n).map(|v| {
        let far = i64::from(distance[v].min(1 << 30));
        let key = (1 << 31) + if source[v] { -far } else { far };
        (key as u64) << 32 | v as u64
    }));
    keys.sort_unstable();
}

fn node(key: u64) -> usize {
    (key & 0xFFFF_FFFF) as usize
}

/// Runs one direction and keeps its best cut if it wins.
fn try_direction(flow: &mut Flow, keys: &[u64], best: &mut Option<Cut>) {
    let n = keys.len();
    let start = (n * TERMINALS / 1000).clamp(1, n / 2);
    let step = (n * PIERCE / 1000).max(1);
    let (mut low, mut high) = (start, n - start);
    flow.reset();
    flow.add(Side::Source, keys[..low].iter().map(|&key| node(key) as u32));
    flow.add(Side::Sink, keys[high..].iter().map(|&key| node(key) as u32));
    flow.trim();
    let mut source_nodes = low;
    loop {
        // Without a cut yet the limit only stops dense graphs, which have no good cut.
        let limit = best.as_ref().map_or(n as u64 * 4, Cut::limit);
        if !flow.maximise(limit) {
            return;
        }
        let reach: Vec<u32> = flow.source_reach().to_vec();
        let from_source = source_nodes + reach.len();
        let to_sink = (0..n as u32).filter(|&v| flow.reaches_sink(v)).count();
        let edges = flow.value();
        let smaller_at_source = from_source.min(n - from_source) as u64;
        let smaller_at_sink = to_sink.min(n - to_sink) as u64;
        let smaller = smaller_at_source.max(smaller_at_sink);
        if best.as_ref().is_none_or(|cut| cut.beaten_by(edges, smaller)) {
            let mut source = vec![false; n];
            if smaller_at_source >= smaller_at_sink {
                (0..n as u32).for_each(|v| source[v as usize] = flow.side(v) == Side::Source);
                reach.iter().for_each(|&v| source[v as usize] = true);
            } else {
                (0..n as u32).for_each(|v| source[v as usize] = !flow.reaches_sink(v));
            }
            *best = Some(Cut { edges, smaller, source });
        }
        // The smaller side becomes terminal and is pierced. With half the nodes balance cannot improve.
        let (side, grown, fixed) = if from_source <= to_sink {
            (Side::Source, from_source, reach)
        } else {
            (Side::Sink, to_sink, (0..n as u32).filter(|&v| flow.reaches_sink(v)).collect())
        };
        flow.add(side, fixed);
        let target = (grown + step).min(n / 2);
        let mut nodes = grown;
        while nodes < target && low < high {
            let key = if side == Side::Source {
                low += 1;
                keys[low - 1]
            } else {
                high -= 1;
                keys[high]
            };
            let v = node(key) as u32;
            if flow.side(v) == Side::Free {
                flow.add(side, [v]);
                nodes += 1;
            }
        }
        if nodes == grown {
            return;
        }
        if side == Side::Source {
            source_nodes = nodes;
        }
        flow.trim();
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, random_cell};
    use super::*;

    #[test]
    fn both_sides_hold_a_fifth() {
        for seed in 0..300 {
            let cell = random_cell(&mut Random::new(seed), 60, 120);
            let source = bisect(&cell).iter().filter(|&&s| s).count();
            let smaller = source.min(cell.len() - source);
            assert!(smaller >= (cell.len() * TERMINALS / 1000).max(1), "seed {seed}: {source} of {}", cell.len());
        }
    }

    #[test]
    fn finds_the_bridge() {
        // Two 6×6 grids joined by one edge: 72 nodes, cut 1.
        let at = |grid: u32, x: u32, y: u32| grid * 36 + y * 6 + x;
        let mut edges = vec![(at(0, 5, 2), at(1, 0, 3), 0)];
        let mut xy = Vec::new();
        for grid in 0..2 {
            for (x, y) in (0..36).map(|i| (i % 6, i / 6)) {
                xy.push(((grid * 8 + x) as i32, y as i32));
                edges.extend((x < 5).then(|| (at(grid, x, y), at(grid, x + 1, y), 0)));
                edges.extend((y < 5).then(|| (at(grid, x, y), at(grid, x, y + 1), 0)));
            }
        }
        let source = bisect(&Cell::new(xy, (0..72).collect(), &edges));
        assert!((0..72).all(|v| source[v] == source[v / 36 * 36]), "{source:?}");
        assert_ne!(source[0], source[36]);
    }
}
