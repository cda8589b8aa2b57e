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

const SINK: u32 = 0;
const SOURCE: u32 = u32::MAX;
/// A free node no search has seen.
const UNSEEN: u32 = 1;

/// A flow in one cell, with its terminals.
pub(super) struct Flow<'c> {
    cell: &'c Cell,
    /// Head and edge of each arc, side by side: they are always read together.
    arcs: Vec<(u32, u32)>,
    /// `SINK`, `SOURCE`, or for free nodes `epoch` + distance to the sink - 1 in the residual graph; less than `epoch`
    /// when the last search did not reach the node.
    place: Vec<u32>,
    epoch: u32,
    /// The next epoch: above all places given so far.
    above: u32,
    /// Per edge: 0 carries nothing, 1 towards the higher node, 2 towards the lower.
    carried: Vec<u8>,
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
            arcs: cell.head.iter().copied().zip(cell.edge.iter().copied()).collect(),
            place: vec![UNSEEN; n],
            epoch: UNSEEN + 1,
            above: UNSEEN + 1,
            carried: vec![0; cell.name.len()],
            next: vec![0; n],
            queue: Vec::with_capacity(n),
            source_rim: Vec::new(),
            sink_rim: Vec::new(),
            value: 0,
        }
    }

    /// Forgets flow and terminals.
    pub(super) fn reset(&mut self) {
        self.place.fill(UNSEEN);
        (self.epoch, self.above) = (UNSEEN + 1, UNSEEN + 1);
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
        match self.place[v as usize] {
            SINK => Side::Sink,
            SOURCE => Side::Source,
            _ => Side::Free,
        }
    }

    /// Makes free nodes terminals.
    pub(super) fn add(&mut self, side: Side, nodes: impl IntoIterator<Item = u32>) {
        let (rim, mark) = match side {
            Side::Source => (&mut self.source_rim, SOURCE),
            Side::Sink => (&mut self.sink_rim, SINK),
            Side::Free => return,
        };
        for v in nodes {
            let place = &mut self.place[v as usize];
            if *place != SOURCE && *place != SINK {
                *place = mark;
                rim.push(v);
            }
        }
    }

    /// Drops terminals without a neighbour outside their set from the rims: work, not result, depends on it.
    pub(super) fn trim(&mut self) {
        let (cell, place) = (self.cell, &self.place);
        for (rim, mark) in [(&mut self.source_rim, SOURCE), (&mut self.sink_rim, SINK)] {
            rim.retain(|&v| cell.neighbours(v).iter().any(|&w| place[w as usize] != mark));
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
        if self.above as usize > u32::MAX as usize - 2 - self.place.len() {
            self.place.iter_mut().filter(|p| **p != SOURCE && **p != SINK).for_each(|p| *p = UNSEEN);
            self.above = UNSEEN + 1;
        }
        let epoch = self.above;
        self.epoch = epoch;
        self.queue.clear();
        self.queue.extend_from_slice(&self.sink_rim);
        let mut reached = false;
        let mut at = 0;
        while let Some(&w) = self.queue.get(at) {
            at += 1;
            let place = self.place[w as usize];
            let farther = if place == SINK { epoch } else { place + 1 };
            self.above = self.above.max(farther);
            for &(v, edge) in &self.arcs[self.cell.arcs(w)] {
                let place = &mut self.place[v as usize];
                if *place == SINK || (*place >= epoch && *place != SOURCE) {
                    continue;
                }
                if self.carried[edge as usize] != towards(v, w) {
                    if *place == SOURCE {
                        reached = true;
                    } else {
                        *place = farther;
                        self.queue.push(v);
                    }
                }
            }
        }
        self.above += 1;
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
                let height = self.place[v as usize]; // a source is above all
                let mut found = None;
                while self.next[v as usize] < end {
                    let arc = self.next[v as usize] as usize;
                    let (w, edge) = self.arcs[arc];
                    let open = self.carried[edge as usize] != towards(v, w);
                    let place = self.place[w as usize];
                    let down = place == SINK || (self.epoch..height).contains(&place);
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
                if self.place[w as usize] == SINK {
                    for (&arc, &tail) in path.iter().zip(&tails) {
                        let (head, edge) = self.arcs[arc as usize];
                        let carried = &mut self.carried[edge as usize];
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
        // `next` serves as the mark: 1 reached. Places stay: they tell the other side.
        self.next.fill(0);
        self.queue.clear();
        self.queue.extend_from_slice(&self.source_rim);
        let mut at = 0;
        while let Some(&v) = self.queue.get(at) {
            at += 1;
            for &(w, edge) in &self.arcs[self.cell.arcs(v)] {
                let place = self.place[w as usize];
                if place != SINK
                    && place != SOURCE
                    && self.next[w as usize] == 0
                    && self.carried[edge as usize] != towards(v, w)
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
        let place = self.place[v as usize];
        place == SINK || (place >= self.epoch && place != SOURCE)
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
