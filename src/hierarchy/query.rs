//! Point-to-point queries: both ends climb the elimination tree, then the best meeting point's path is unpacked.
//!
//! Dibbelt, Strasser, Wagner (JEA 2016), section 7.2 (elimination tree query). No queue: a node's ancestors are all the
//! nodes it can reach upward, visited in order of rank. An arc is unpacked by looking for the lower triangle (or input
//! arc) that has exactly its weight; every step leads to a lower node, so unpacking ends.

use super::contract::Cch;
use super::customize::{Customized, ancestors};
use super::elimination_tree::NONE;
use super::packed::Packed;
use crate::network::Weight;

/// A best path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Sum over the path, initial and final weights included.
    pub weight: Weight,
    /// Node where it starts: one of the given sources.
    pub source: u32,
    /// Node where it ends: one of the given targets.
    pub target: u32,
    /// Input arcs from source to target.
    pub arcs: Vec<u32>,
}

/// Labels of a search, re-used between queries.
pub struct Query<'a, F> {
    cch: &'a Cch,
    weights: &'a Customized,
    /// Weight of an input arc, as given to [`Customized::new`].
    input: F,
    sides: [Side; 2],
}

/// One direction of a search: label, and the arc and lower node it came from (`NONE` at a source).
pub(super) struct Side {
    pub(super) label: Vec<Packed>,
    from: Vec<(u32, u32)>,
    visited: Vec<u32>,
}

impl Side {
    pub(super) fn new(n: usize) -> Self {
        Self { label: vec![Packed::INFINITE; n], from: vec![(NONE, NONE); n], visited: Vec::new() }
    }

    fn reset(&mut self) {
        for x in self.visited.drain(..) {
            self.label[x as usize] = Packed::INFINITE;
            self.from[x as usize] = (NONE, NONE);
        }
    }

    pub(super) fn start(&mut self, cch: &Cch, nodes: &[(u32, Weight)]) {
        self.reset();
        for &(node, weight) in nodes {
            if let Some(&x) = cch.rank.get(node as usize) {
                self.visited.extend(ancestors(cch, x));
                self.label[x as usize] = self.label[x as usize].min(Packed::new(weight));
            }
        }
        self.visited.sort_unstable();
        self.visited.dedup();
    }
}

impl<'a, F: Fn(u32) -> Packed> Query<'a, F> {
    /// Workspace for queries on customized weights; `input` gives the weight of each input arc as in customization.
    #[must_use]
    pub fn new(cch: &'a Cch, weights: &'a Customized, input: F) -> Self {
        let n = cch.node_count();
        Self { cch, weights, input, sides: [Side::new(n), Side::new(n)] }
    }

    /// Best path from any source to any target, each given as a node and the weight before or behind it.
    /// `None` when there is none.
    pub fn route(&mut self, sources: &[(u32, Weight)], targets: &[(u32, Weight)]) -> Option<Route> {
        let cch = self.cch;
        let [forward, backward] = &mut self.sides;
        forward.start(cch, sources);
        backward.start(cch, targets);
        let weights = self.weights;
        climb(forward, |x| cch.up.row(x), &cch.up.head, |arc| weights.up(arc));
        climb(backward, |x| cch.down.row(x), &cch.down.head, |arc| weights.down(arc));
        let both = forward.visited.iter().map(|&x| (forward.label[x as usize].plus(backward.label[x as usize]), x));
        let (total, top) = both.min()?;
        let weight = total.weight()?;
        let (mut arcs, mut source, mut target) = (Vec::new(), top, top);
        let mut pieces = Vec::new();
        while forward.from[source as usize].1 != NONE {
            let (arc, below) = forward.from[source as usize];
            pieces.push((arc, below, true));
            source = below;
        }
        pieces.reverse();
        while backward.from[target as usize].1 != NONE {
            let (arc, below) = backward.from[target as usize];
            pieces.push((arc, below, false));
            target = below;
        }
        pieces.reverse();
        self.unpack(pieces, &mut arcs)?;
        let (source, target) = (cch.node[source as usize], cch.node[target as usize]);
        Some(Route { weight, source, target, arcs })
    }

    /// Replaces arcs (last one first on the stack) by input arcs. An arc is named by half, position and lower end.
    fn unpack(&self, mut stack: Vec<(u32, u32, bool)>, out: &mut Vec<u32>) -> Option<()> {
        let cch = self.cch;
        while let Some((arc, low, is_up)) = stack.pop() {
            let at = arc as usize;
            let (half, other) = if is_up { (&cch.up, &cch.down) } else { (&cch.down, &cch.up) };
            let of = |arc: usize, up: bool| if up { self.weights.up(arc) } else { self.weights.down(arc) };
            let weight = of(at, is_up);
            if let Some(input) = self.exact_input(half.inputs(low), arc, weight) {
                out.push(input);
                continue;
            }
            let high = half.head[at];
            let found = half.lower(low).iter().find_map(|l| {
                let row = l.start as usize..l.end as usize;
                let second = row.start + half.head[row].binary_search(&high).ok()?;
                let sum = of(l.arc as usize, !is_up).plus(of(second, is_up));
                (sum == weight).then_some((l.arc, second))
            });
            // The row that holds both arcs is that of the triangle's lowest node.
            let (first, second) = found?;
            let lowest = u32::try_from(half.first.partition_point(|f| *f as usize <= second) - 1).ok()?;
            let (first, second) = ((first, lowest, !is_up), (u32::try_from(second).ok()?, lowest, is_up));
            debug_assert_eq!(other.head[first.0 as usize], low);
            // Upward: low → lowest → high. Downward: high → lowest → low.
            if is_up { stack.extend([second, first]) } else { stack.extend([first, second]) }
        }
        Some(())
    }

    /// The first input arc of this weight.
    fn exact_input(&self, inputs: &[[u32; 2]], arc: u32, weight: Packed) -> Option<u32> {
        inputs.iter().filter(|[a, _]| *a == arc).map(|[_, i]| *i).find(|i| (self.input)(*i) == weight)
    }
}

/// Relaxes all arcs out of the visited nodes, in order of rank.
pub(super) fn climb(
    side: &mut Side,
    row: impl Fn(u32) -> std::ops::Range<usize>,
    head: &[u32],
    weight: impl Fn(usize) -> Packed,
) {
    for &x in &side.visited {
        let label = side.label[x as usize];
        if !label.is_finite() {
            continue;
        }
        for arc in row(x) {
            let (y, sum) = (head[arc] as usize, label.plus(weight(arc)));
            if sum < side.label[y] {
                side.label[y] = sum;
                #[allow(clippy::cast_possible_truncation)] // arcs fit 32 bits
                let from = (arc as u32, x);
                side.from[y] = from;
            }
        }
    }
}
