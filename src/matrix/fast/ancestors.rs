//! Least costs between the ancestors of the node in turn, and the row of each node from them.
//!
//! A path from `x` to an ancestor `z` first climbs along an arc to some ancestor `y`, and goes on from there: the costs of
//! `x` are the minimum over its own arcs of arc plus row `y`, and the same backwards. Ancestors are addressed by depth, so
//! this is dense arithmetic on blocks of sixteen depths, of which only those that hold an arc of `x` are looked at. Rows
//! lie in both directions, so that every step reads a whole block.

use super::Aligned;
use crate::hierarchy::{Lanes, Packed, Row};

/// Sixteen consecutive depths.
type Block = Aligned<Row>;

/// Depths of a block.
const DEPTHS: usize = 16;
const NO_PATHS: Block = Aligned([Packed::CAP; DEPTHS]);

/// An arc to an ancestor.
#[derive(Clone, Copy)]
pub(super) struct Above {
    /// Depth of the ancestor.
    pub(super) depth: u32,
    /// Its own cost.
    pub(super) cost: u32,
    /// Arc of the half.
    pub(super) arc: usize,
}

/// A node's arcs in one half, and the blocks that they are in.
#[derive(Clone, Default)]
struct Level {
    arcs: Vec<Above>,
    blocks: Vec<usize>,
}

/// The path from a root to the node in turn. Costs are those of some path always, so an arc may go where they are less.
pub(super) struct Ancestors {
    /// Blocks of a row.
    stride: usize,
    /// For each half: least costs from the node at a depth to those at all depths along it (down: back).
    costs: [Vec<Block>; 2],
    levels: Vec<[Level; 2]>,
    /// Nodes on the path.
    depth: usize,
}

impl Ancestors {
    /// No nodes; for depths below `height`.
    pub(super) fn new(height: usize) -> Self {
        // An odd number of cache lines spreads equal columns over the cache.
        let stride = height.div_ceil(DEPTHS) | 1;
        Self {
            stride,
            costs: [(); 2].map(|()| vec![NO_PATHS; stride * height]),
            levels: vec![Default::default(); height],
            depth: 0,
        }
    }

    /// Leaves the nodes from this depth on.
    pub(super) fn leave(&mut self, depth: usize) {
        while self.depth > depth {
            self.depth -= 1;
            let (at, row) = (self.depth, self.depth * self.stride);
            for half in 0..2 {
                let level = &self.levels[at][half];
                for &block in &level.blocks {
                    self.costs[half][row + block] = NO_PATHS;
                }
                for arc in &level.arcs {
                    self.costs[1 - half][arc.depth as usize * self.stride + at / DEPTHS].0[at % DEPTHS] = Packed::CAP;
                }
            }
        }
    }

    /// Goes down to a child of the last node, given its finite arcs in both halves by descending depth.
    #[inline(always)]
    pub(super) fn enter<L: Lanes>(&mut self, l: L, up: impl Iterator<Item = Above>, down: impl Iterator<Item = Above>) {
        self.take(0, up);
        self.take(1, down);
        self.relax(l, 0);
        self.relax(l, 1);
        let (at, row) = (self.depth, self.depth * self.stride);
        for half in 0..2 {
            let [along, back] = &mut self.costs;
            let (from, to) = if half == 0 { (along, back) } else { (back, along) };
            let here = &from[row..row + self.stride];
            for arc in &self.levels[at][half].arcs {
                let depth = arc.depth as usize;
                let cost = here[depth / DEPTHS].0[depth % DEPTHS];
                to[depth * self.stride + at / DEPTHS].0[at % DEPTHS] = cost;
            }
        }
        self.depth += 1;
    }

    /// Arcs of the last node in a half that no path is cheaper than.
    #[inline(always)]
    pub(super) fn kept(&self, half: usize) -> impl Iterator<Item = Above> {
        let at = self.depth - 1;
        let here = &self.costs[half][at * self.stride..][..self.stride];
        let best = |depth: usize| here[depth / DEPTHS].0[depth % DEPTHS];
        self.levels[at][half].arcs.iter().copied().filter(move |arc| best(arc.depth as usize) == arc.cost)
    }

    #[inline(always)]
    fn take(&mut self, half: usize, arcs: impl Iterator<Item = Above>) {
        let here = &mut self.costs[half][self.depth * self.stride..][..self.stride];
        let level = &mut self.levels[self.depth][half];
        level.arcs.clear();
        level.blocks.clear();
        for arc in arcs {
            let (block, lane) = (arc.depth as usize / DEPTHS, arc.depth as usize % DEPTHS);
            here[block].0[lane] = arc.cost;
            if level.blocks.last() != Some(&block) {
                level.blocks.push(block);
            }
            level.arcs.push(arc);
        }
    }

    #[inline(always)]
    fn relax<L: Lanes>(&mut self, l: L, half: usize) {
        let level = &self.levels[self.depth][half];
        let (above, here) = self.costs[half].split_at_mut(self.depth * self.stride);
        let mut blocks = &level.blocks[..];
        while let Some((four, more)) = blocks.split_first_chunk::<4>() {
            relax_blocks(l, above, self.stride, &level.arcs, four, here);
            blocks = more;
        }
        match *blocks {
            [a, b, c] => relax_blocks(l, above, self.stride, &level.arcs, &[a, b, c], here),
            [a, b] => relax_blocks(l, above, self.stride, &level.arcs, &[a, b], here),
            [a] => relax_blocks(l, above, self.stride, &level.arcs, &[a], here),
            _ => {}
        }
    }
}

/// Lowers some blocks of a row to the least costs over the ends of its arcs.
#[inline(always)]
fn relax_blocks<L: Lanes, const N: usize>(
    l: L,
    above: &[Block],
    stride: usize,
    arcs: &[Above],
    blocks: &[usize; N],
    here: &mut [Block],
) {
    let mut best: [L::Vector; N] = std::array::from_fn(|i| l.load(&here[blocks[i]].0));
    for arc in arcs {
        let row = &above[arc.depth as usize * stride..][..stride];
        let cost = l.splat(arc.cost);
        for i in 0..N {
            best[i] = l.min(best[i], l.add(cost, l.load(&row[blocks[i]].0)));
        }
    }
    for i in 0..N {
        l.store(&mut here[blocks[i]].0, best[i]);
    }
}
