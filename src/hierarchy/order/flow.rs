//! Maximum flow between two growing terminal sets over edges of capacity one.
//!
//! Dinic's blocking flows (1970), with distances to the sink, on undirected unit edges: an edge carries nothing or
//! one unit in one direction. The flow survives when terminals are added, as in FlowCutter (Hamann, Strasser, JEA
//! 2018), so a sequence of ever more balanced cuts costs little more than its last one.

use super::cell::Cell;

/// Terminal set of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    Free,
    Source,
    Sink,
}

const FAR: u32 = u32::MAX;

/// A flow in one cell, with its terminals.
pub(super) struct Flow<'c> {
    cell: &'c Cell,
    side: Vec<Side>,
    /// Per edge: 0 carries nothing, 1 towards the higher node, 2 towards the lower.
    carried: Vec<u8>,
    /// Distance to the sink in the residual graph; `FAR` when it cannot be reached.
    level: Vec<u32>,
    next: Vec<u32>,
    queue: Vec<u32>,
    /// Terminals that may still have a neighbour outside their set.
    source_rim: Vec<u32>,
    sink_rim: Vec<u32>,
    value: u64,
}

/// The carried code of a unit from `v` to `w`.
fn towards(v: u32, w: u32) -> u8 {
    if v < w { 1 } else { 2 }
}

impl<'c> Flow<'c> {
    pub(super) fn new(cell: &'c Cell) -> Self {
        let n = cell.len();
        Self {
            cell,
            side: vec![Side::Free; n],
            carried: vec![0; cell.name.len()],
            level: vec![FAR; n],
            next: vec![0; n],
            queue: Vec::with_capacity(n),
            source_rim: Vec::new(),
            sink_rim: Vec::new(),
            value: 0,
        }
    }

    /// Forgets flow and terminals.
    pub(super) fn reset(&mut self) {
        self.side.fill(Side::Free);
        self.carried.fill(0);
        self.source_rim.clear();
        self.sink_rim.clear();
        self.value = 0;
    }

    /// Units that flow: the size of the cut once [`Self::maximise`] has succeeded.
    pub(super) fn value(&self) -> u64 {
        self.value
    }

    pub(super) fn side(&self, v: u32) -> Side {
        self.side[v as usize]
    }

    /// Makes free nodes terminals.
    pub(super) fn add(&mut self, side: Side, nodes: impl IntoIterator<Item = u32>) {
        let rim = if side == Side::Source { &mut self.source_rim } else { &mut self.sink_rim };
        for v in nodes {
            if self.side[v as usize] == Side::Free {
                self.side[v as usize] = side;
                rim.push(v);
            }
        }
    }

    /// Drops terminals without a neighbour outside their set from the rims: work, not result, depends on it.
    pub(super) fn trim(&mut self) {
        let (cell, sides) = (self.cell, &self.side);
        for (rim, side) in [(&mut self.source_rim, Side::Source), (&mut self.sink_rim, Side::Sink)] {
            rim.retain(|&v| cell.neighbours(v).iter().any(|&w| sides[w as usize] != side));
        }
    }

    /// Augments until the flow is maximum; false as soon as its value reaches `limit`.
    pub(super) fn maximise(&mut self, limit: u64) -> bool {
        loop {
            if self.value >= limit {
                return false;
            }
            if !self.measure() {
                return true;
            }
            self.block(limit);
        }
    }

    /// Distances to the sink; true when the source reaches it.
    fn measure(&mut self) -> bool {
        self.level.fill(FAR);
        self.queue.clear();
        self.queue.extend_from_slice(&self.sink_rim);
        let mut reached = false;
        let mut at = 0;
        while let Some(&w) = self.queue.get(at) {
            at += 1;
            let distance = if self.side[w as usize] == Side::Sink { 0 } else { self.level[w as usize] };
            for arc in self.cell.arcs(w) {
                let v = self.cell.head[arc];
                if self.level[v as usize] != FAR || self.side[v as usize] == Side::Sink {
                    continue;
                }
                if self.carried[self.cell.edge[arc] as usize] != towards(v, w) {
                    if self.side[v as usize] == Side::Source {
                        reached = true;
                    } else {
                        self.level[v as usize] = distance + 1;
                        self.queue.push(v);
                    }
                }
            }
        }
        reached
    }

    /// Pushes units along paths of falling distance until none is left, or the limit is reached.
    fn block(&mut self, limit: u64) {
        for &v in self.queue.iter().chain(&self.source_rim) {
            self.next[v as usize] = self.cell.first[v as usize];
        }
        let mut path: Vec<u32> = Vec::new(); // arcs
        let mut tails: Vec<u32> = Vec::new();
        for at in 0..self.source_rim.len() {
            let mut v = self.source_rim[at];
            loop {
                let end = self.cell.first[v as usize + 1];
                let height = if tails.is_empty() { FAR } else { self.level[v as usize] };
                let mut found = None;
                while self.next[v as usize] < end {
                    let arc = self.next[v as usize] as usize;
                    let w = self.cell.head[arc];
                    let open = self.carried[self.cell.edge[arc] as usize] != towards(v, w);
                    let down = match self.side[w as usize] {
                        Side::Sink => true,
                        Side::Free => self.level[w as usize] < height,
                        Side::Source => false,
                    };
                    if open && down {
                        found = Some((arc, w));
                        break;
                    }
                    self.next[v as usize] += 1;
                }
                let Some((arc, w)) = found else {
                    // Dead end: step back over the arc that led here.
                    let Some(tail) = tails.pop() else { break };
                    path.pop();
                    self.next[tail as usize] += 1;
                    v = tail;
                    continue;
                };
                path.push(arc as u32);
                tails.push(v);
                v = w;
                if self.side[w as usize] == Side::Sink {
                    for (&arc, &tail) in path.iter().zip(&tails) {
                        let head = self.cell.head[arc as usize];
                        let carried = &mut self.carried[self.cell.edge[arc as usize] as usize];
                        *carried = if *carried == 0 { towards(tail, head) } else { 0 };
                    }
                    self.value += 1;
                    if self.value >= limit {
                        return;
                    }
                    v = tails[0];
                    path.clear();
                    tails.clear();
                }
            }
        }
    }

    /// Free nodes the source still reaches, after [`Self::maximise`] has succeeded: with the source terminals, the
    /// smallest source side of a minimum cut.
    pub(super) fn source_reach(&mut self) -> &[u32] {
        // `next` serves as the mark: 1 reached. Levels stay: they tell the other side.
        self.next.fill(0);
        self.queue.clear();
        self.queue.extend_from_slice(&self.source_rim);
        let mut at = 0;
        while let Some(&v) = self.queue.get(at) {
            at += 1;
            for arc in self.cell.arcs(v) {
                let w = self.cell.head[arc];
                if self.side[w as usize] == Side::Free
                    && self.next[w as usize] == 0
                    && self.carried[self.cell.edge[arc] as usize] != towards(v, w)
                {
                    self.next[w as usize] = 1;
                    self.queue.push(w);
                }
            }
        }
        &self.queue[self.source_rim.len()..]
    }

    /// True for nodes that reach the sink, after [`Self::maximise`] has succeeded: the smallest sink side.
    pub(super) fn reaches_sink(&self, v: u32) -> bool {
        self.side[v as usize] == Side::Sink || self.level[v as usize] != FAR
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, random_cell};
    use super::*;

    /// Plain augmenting paths, one depth-first search each, on a capacity matrix.
    fn plain_max_flow(cell: &Cell, source: &[u32], sink: &[u32]) -> u64 {
        let n = cell.len();
        let mut room = vec![vec![0i32; n]; n];
        for v in 0..n as u32 {
            cell.neighbours(v).iter().for_each(|&w| room[v as usize][w as usize] += 1);
        }
        let mut value = 0;
        loop {
            let mut from = vec![None; n];
            let mut stack: Vec<usize> = source.iter().map(|&v| v as usize).collect();
            stack.iter().for_each(|&v| from[v] = Some(v));
            let mut end = None;
            while let Some(v) = stack.pop() {
                if sink.contains(&(v as u32)) {
                    end = Some(v);
                    break;
                }
                for w in 0..n {
                    if room[v][w] > 0 && from[w].is_none() {
                        from[w] = Some(v);
                        stack.push(w);
                    }
                }
            }
            let Some(mut v) = end else { return value };
            while let Some(u) = from[v].filter(|&u| u != v) {
                room[u][v] -= 1;
                room[v][u] += 1;
                v = u;
            }
            value += 1;
        }
    }

    fn crossing(cell: &Cell, inside: impl Fn(u32) -> bool) -> u64 {
        let out = |v: u32| cell.neighbours(v).iter().filter(|&&w| !inside(w)).count() as u64;
        (0..cell.len() as u32).filter(|&v| inside(v)).map(out).sum()
    }

    #[test]
    fn equals_plain_augmenting_paths_while_terminals_grow() {
        for seed in 0..200 {
            let mut random = Random::new(seed);
            let cell = random_cell(&mut random, 14, 24);
            let n = cell.len() as u32;
            let (mut source, mut sink) = (vec![0], vec![n - 1]);
            let mut flow = Flow::new(&cell);
            flow.add(Side::Source, [0]);
            flow.add(Side::Sink, [n - 1]);
            for _ in 0..4 {
                flow.trim();
                assert!(flow.maximise(u64::MAX));
                let expected = plain_max_flow(&cell, &source, &sink);
                assert_eq!(flow.value(), expected, "seed {seed}: {cell:?} from {source:?} to {sink:?}");
                let mut inside: Vec<u32> = flow.source_reach().to_vec();
                inside.extend(&source);
                assert_eq!(crossing(&cell, |v| inside.contains(&v)), expected, "seed {seed}: source side");
                assert_eq!(crossing(&cell, |v| flow.reaches_sink(v)), expected, "seed {seed}: sink side");
                let v = random.below(n);
                if flow.side(v) == Side::Free {
                    let (side, nodes) =
                        if random.below(2) == 0 { (Side::Source, &mut source) } else { (Side::Sink, &mut sink) };
                    flow.add(side, [v]);
                    nodes.push(v);
                }
            }
        }
    }

    #[test]
    fn stops_at_the_limit() {
        let cell = Cell::new(vec![(0, 0); 2], vec![0, 1], &[(0, 1, 0), (0, 1, 1), (0, 1, 2)]);
        let mut flow = Flow::new(&cell);
        flow.add(Side::Source, [0]);
        flow.add(Side::Sink, [1]);
        assert!(!flow.maximise(2));
        assert_eq!(flow.value(), 2);
        assert!(flow.maximise(4));
        assert_eq!(flow.value(), 3);
    }
}
