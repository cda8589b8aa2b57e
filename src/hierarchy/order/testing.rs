//! Random cells for the unit tests of this folder.

use super::cell::Cell;

/// A linear congruential generator (Knuth's MMIX constants): the same numbers everywhere.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66)
    }

    pub(super) fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(end)) as u32
    }
}

/// Up to `nodes` nodes (at least 2) and `edges` edges, some parallel, some missing a component.
pub(super) fn random_cell(random: &mut Random, nodes: u32, edges: u32) -> Cell {
    let n = 2 + random.below(nodes - 1);
    let edges: Vec<(u32, u32, u32)> =
        (0..random.below(edges + 1)).map(|name| (random.below(n), random.below(n), name)).collect();
    let xy = (0..n).map(|_| (random.below(100) as i32, random.below(100) as i32)).collect();
    Cell::new(xy, (0..n).collect(), &edges)
}
