//! Orders a small cell by minimum fill, counting its links to the separators around it.
//!
//! Elimination game on bit rows: next comes the node whose elimination joins the fewest pairs that are not joined
//! yet; among equals the one of least degree, then the first. The separators' nodes around the cell (its halo) come
//! later in the order and are never eliminated here, but a node that sees many of them should come late.

use super::cell::Cell;
use rustc_hash::FxHashMap;

/// The cell's nodes (local numbers) from lowest rank to highest. `around` gives the neighbours in the whole graph of
/// a node's outside name.
pub(super) fn min_fill<'g>(cell: &Cell, around: impl Fn(u32) -> &'g [u32]) -> Vec<u32> {
    let n = cell.len();
    // Number cell nodes 0..n and halo nodes after them.
    let mut number: FxHashMap<u32, u32> = cell.node.iter().zip(0u32..).map(|(&v, i)| (v, i)).collect();
    let mut links: Vec<(u32, u32)> = Vec::new();
    for (v, &outside) in (0u32..).zip(&cell.node) {
        for &w in around(outside) {
            let next = number.len() as u32;
            links.push((v, *number.entry(w).or_insert(next)));
        }
    }
    let width = number.len().div_ceil(64);
    let mut rows = vec![0u64; n * width];
    let set = |rows: &mut [u64], v: u32, w: u32| rows[v as usize * width + w as usize / 64] |= 1 << (w % 64);
    for (v, w) in links {
        if v != w {
            set(&mut rows, v, w);
            if (w as usize) < n {
                set(&mut rows, w, v);
            }
        }
    }
    let mut left: Vec<u32> = (0..n as u32).collect();
    let mut order = Vec::with_capacity(n);
    let mut score: Vec<(u64, u64)> = (0..n as u32).map(|v| fill(&rows, width, n, v)).collect();
    while let Some(&best) = left.iter().min_by_key(|&&v| (score[v as usize], v)) {
        left.retain(|&v| v != best);
        order.push(best);
        let row: Vec<u64> = rows[best as usize * width..][..width].to_vec();
        let mut touched = vec![0u64; width];
        for v in bits(&row).filter(|&v| (v as usize) < n) {
            let mine = &mut rows[v as usize * width..][..width];
            mine.iter_mut().zip(&row).for_each(|(m, r)| *m |= r);
            mine[best as usize / 64] &= !(1 << (best % 64));
            mine[v as usize / 64] &= !(1 << (v % 64));
            touched.iter_mut().zip(mine.iter()).for_each(|(t, m)| *t |= *m);
            touched[v as usize / 64] |= 1 << (v % 64);
        }
        for v in bits(&touched).filter(|&v| (v as usize) < n) {
            score[v as usize] = fill(&rows, width, n, v);
        }
    }
    order
}

/// Pairs of neighbours that are not joined, halo pairs counted as joined, and the degree.
fn fill(rows: &[u64], width: usize, n: usize, v: u32) -> (u64, u64) {
    let row = &rows[v as usize * width..][..width];
    let degree: u64 = row.iter().map(|word| u64::from(word.count_ones())).sum();
    let mut missing = 0;
    for w in bits(row).take_while(|&w| (w as usize) < n) {
        let other = &rows[w as usize * width..][..width];
        // Pairs inside the cell are seen from both ends, pairs with the halo from one: weigh them 1 and 2.
        for (at, (mine, theirs)) in row.iter().zip(other).enumerate() {
            let open = mine & !theirs;
            let inside = open & inside_mask(at, n);
            missing += u64::from(open.count_ones()) * 2 - u64::from(inside.count_ones());
        }
        missing -= 1; // w itself is no pair
    }
    (missing, degree)
}

/// Bits of word `at` that stand for cell nodes.
fn inside_mask(at: usize, n: usize) -> u64 {
    match n.saturating_sub(at * 64) {
        0 => 0,
        rest @ 1..64 => (1 << rest) - 1,
        _ => u64::MAX,
    }
}

/// Positions of the ones.
fn bits(row: &[u64]) -> impl Iterator<Item = u32> + '_ {
    row.iter().enumerate().flat_map(|(at, &word)| {
        let mut word = word;
        std::iter::from_fn(move || {
            (word != 0).then(|| {
                let bit = word.trailing_zeros();
                word &= word - 1;
                at as u32 * 64 + bit
            })
        })
    })
}
