//! Compressed rows, filed by counting.

use super::error::HierarchyError;

/// Rows of entries: those of `x` are `entry[first[x]..first[x + 1]]`.
pub(super) struct Links {
    first: Vec<u32>,
    entry: Vec<u32>,
}

impl Links {
    /// Files entries under `n` rows, each in the order in which it comes; `pairs` gives `(row, entry)` twice over, at
    /// most 2^32 - 2 of them.
    pub(super) fn filed<I: Iterator<Item = (u32, u32)>>(n: usize, pairs: impl Fn() -> I) -> Self {
        let mut first = vec![0_u32; n + 1];
        pairs().for_each(|(row, _)| first[row as usize + 1] += 1);
        accumulate(&mut first);
        let mut next = first.clone();
        let mut entry = vec![0; first[n] as usize];
        for (row, value) in pairs() {
            let slot = &mut next[row as usize];
            entry[*slot as usize] = value;
            *slot += 1;
        }
        Self { first, entry }
    }

    pub(super) fn row(&self, x: u32) -> &[u32] {
        &self.entry[self.first[x as usize] as usize..self.first[x as usize + 1] as usize]
    }
}

/// Turns counts (at `first[row + 1]`) into the first position of each row.
pub(crate) fn accumulate(first: &mut [u32]) {
    let mut sum = 0;
    for f in first {
        sum += *f;
        *f = sum;
    }
}

/// Positions are 32 bits wide.
pub(super) fn limit(arcs: u64) -> Result<(), HierarchyError> {
    if arcs >= u64::from(u32::MAX) { Err(HierarchyError::TooLarge { arcs }) } else { Ok(()) }
}
