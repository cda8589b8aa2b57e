//! Edge cuts by inertial flow with growing terminals.
//!
//! Inertial flow (Schild, Sommer, SEA 2015): along a direction the first nodes are the source, the last the sink, a
//! minimum cut separates them. As in InertialFlowCutter (Gottesbüren, Hamann, Uhl, Wagner, Algorithms 2019) the
//! smaller side of the cut then becomes terminal, is pierced by the next nodes along the direction, and the flow
//! goes on: every step yields a better balanced cut. Of all cuts of all directions the one with the least
//! expansion, edges per node of the smaller side, wins; a direction ends when its flow can no longer win.

use super::cell::Cell;
use super::flow::{Flow, Side};
use super::grid;

/// How cuts are searched.
#[derive(Clone, Copy, Debug)]
pub(super) struct Search {
    /// Directions tried, at most 16.
    pub directions: usize,
    /// Per mille of the nodes on each side at the start: no side is ever smaller.
    pub terminals: usize,
    /// Per mille of the nodes that pierce the smaller side in each step.
    pub pierce: usize,
}

impl Default for Search {
    fn default() -> Self {
        let p = |k: &str, d: usize| std::env::var(k).ok().and_then(|s| s.parse().ok()).unwrap_or(d);
        Self { directions: p("DIRS", 8), terminals: p("TERM", 200), pierce: p("PIERCE", 50) }
    }
}

/// A cut: edges and nodes of the smaller side, and who lies on the source side.
struct Cut {
    edges: u64,
    smaller: u64,
    source: Vec<bool>,
}

impl Cut {
    /// Fewer edges per node of the smaller side; among equals the better balance.
    fn beaten_by(&self, edges: u64, smaller: u64) -> bool {
        (edges * self.smaller).cmp(&(self.edges * smaller)).then(self.smaller.cmp(&smaller)).is_lt()
    }
}

/// Splits a cell of at least two nodes: true for nodes of the source side. Neither side is empty.
pub(super) fn bisect(cell: &Cell, search: Search) -> Vec<bool> {
    let n = cell.len();
    let mut best: Option<Cut> = None;
    let mut flow = Flow::new(cell);
    let mut keys: Vec<u64> = Vec::with_capacity(n);
    for &direction in grid::DIRECTIONS.iter().take(search.directions.max(1)) {
        sort_along(cell, direction, &mut keys);
        try_direction(&mut flow, &keys, search, &mut best);
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

fn node(key: u64) -> usize {
    (key & 0xFFFF_FFFF) as usize
}

/// Runs one direction and keeps its best cut if it wins.
fn try_direction(flow: &mut Flow, keys: &[u64], search: Search, best: &mut Option<Cut>) {
    let n = keys.len();
    let start = (n * search.terminals / 1000).clamp(1, n / 2);
    let step = (n * search.pierce / 1000).max(1);
    let (mut low, mut high) = (start, n - start);
    flow.reset();
    flow.add(Side::Source, keys[..low].iter().map(|&key| node(key) as u32));
    flow.add(Side::Sink, keys[high..].iter().map(|&key| node(key) as u32));
    flow.trim();
    let (mut source_nodes, mut sink_nodes) = (low, n - high);
    loop {
        let limit = match best {
            // edges / (n / 2) must stay below the best expansion.
            Some(cut) => (cut.edges * (n as u64 / 2)).div_ceil(cut.smaller),
            None => n as u64 * 4,
        };
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
        // Grow the smaller side, so that balance can only improve; half the nodes are enough.
        if from_source <= to_sink {
            if 2 * from_source >= n {
                return;
            }
            flow.add(Side::Source, reach);
            let target = (from_source + step).min(n / 2);
            source_nodes = from_source;
            while source_nodes < target && low < n {
                let v = node(keys[low]) as u32;
                low += 1;
                if flow.side(v) == Side::Free {
                    flow.add(Side::Source, [v]);
                    source_nodes += 1;
                }
            }
            if source_nodes == from_source {
                return;
            }
        } else {
            if 2 * to_sink >= n {
                return;
            }
            let reach: Vec<u32> = (0..n as u32).filter(|&v| flow.reaches_sink(v)).collect();
            flow.add(Side::Sink, reach);
            let target = (to_sink + step).min(n / 2);
            sink_nodes = to_sink;
            while sink_nodes < target && high > 0 {
                high -= 1;
                let v = node(keys[high]) as u32;
                if flow.side(v) == Side::Free {
                    flow.add(Side::Sink, [v]);
                    sink_nodes += 1;
                }
            }
            if sink_nodes == to_sink {
                return;
            }
        }
        flow.trim();
    }
}
