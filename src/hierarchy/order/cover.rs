//! From an edge cut to a node separator: a smallest vertex cover of the cut edges.
//!
//! König's theorem: in the bipartite graph of the cut edges a maximum matching is as large as a smallest cover, and
//! alternating paths from the unmatched nodes of one side tell the cover.

use super::cell::{Cell, NONE};
use rustc_hash::FxHashMap;

/// Nodes whose removal parts the `true` nodes from the `false` ones, in ascending order.
pub(super) fn separator(cell: &Cell, source: &[bool]) -> Vec<u32> {
    // Rows of the nodes on the source side of a cut edge, and their partners numbered by first sight.
    let mut left: Vec<u32> = Vec::new();
    let mut rows: Vec<Vec<u32>> = Vec::new();
    let mut right: Vec<u32> = Vec::new();
    let mut number: FxHashMap<u32, u32> = FxHashMap::default();
    for v in (0..cell.len() as u32).filter(|&v| source[v as usize]) {
        let row: Vec<u32> = cell
            .neighbours(v)
            .iter()
            .filter(|&&w| !source[w as usize])
            .map(|&w| {
                *number.entry(w).or_insert_with(|| {
                    right.push(w);
                    right.len() as u32 - 1
                })
            })
            .collect();
        if !row.is_empty() {
            left.push(v);
            rows.push(row);
        }
    }
    let (partner_of_left, partner_of_right) = matching(&rows, right.len());
    // What unmatched left nodes reach by alternating paths: left nodes outside it and right nodes in it cover all.
    let mut left_seen: Vec<bool> = partner_of_left.iter().map(|&p| p == NONE).collect();
    let mut right_seen = vec![false; right.len()];
    let mut stack: Vec<u32> = (0..left.len() as u32).filter(|&l| left_seen[l as usize]).collect();
    while let Some(l) = stack.pop() {
        for &r in &rows[l as usize] {
            if !std::mem::replace(&mut right_seen[r as usize], true) {
                let back = partner_of_right[r as usize];
                if back != NONE && !std::mem::replace(&mut left_seen[back as usize], true) {
                    stack.push(back);
                }
            }
        }
    }
    let mut cover: Vec<u32> = left.iter().zip(&left_seen).filter(|(_, seen)| !**seen).map(|(&v, _)| v).collect();
    cover.extend(right.iter().zip(&right_seen).filter(|(_, seen)| **seen).map(|(&v, _)| v));
    cover.sort_unstable();
    cover
}

/// Cover of an edge cut, then smoothed: the separator is moved to either side of the cut and covered anew while that
/// makes it smaller for the balance (Ashcraft, Liu 1998).
pub(super) fn smooth(cell: &Cell, mut source: Vec<bool>) -> (Vec<bool>, Vec<u32>) {
    let mut best = separator(cell, &source);
    let mut smaller = smaller_side(&source, &best);
    loop {
        let mut better = false;
        for to in [false, true] {
            let mut moved = source.clone();
            best.iter().for_each(|&v| moved[v as usize] = to);
            let next = separator(cell, &moved);
            let balance = smaller_side(&moved, &next);
            // next / balance < best / smaller; never an empty side, which would part nothing.
            if balance > 0 && next.len() * smaller < best.len() * balance {
                (best, smaller, source, better) = (next, balance, moved, true);
            }
        }
        if !better {
            return (source, best);
        }
    }
}

/// Nodes of the smaller side without the separator.
fn smaller_side(source: &[bool], separator: &[u32]) -> usize {
    let mut sides = [0usize; 2];
    source.iter().for_each(|&s| sides[usize::from(s)] += 1);
    separator.iter().for_each(|&v| sides[usize::from(source[v as usize])] -= 1);
    sides[0].min(sides[1])
}

/// A maximum matching by alternating breadth-first searches, one for each left node.
fn matching(rows: &[Vec<u32>], right: usize) -> (Vec<u32>, Vec<u32>) {
    let (mut of_left, mut of_right) = (vec![NONE; rows.len()], vec![NONE; right]);
    let mut seen_by = vec![NONE; right];
    let mut reached_from = vec![NONE; right];
    for root in 0..rows.len() as u32 {
        let mut queue = vec![root];
        let mut at = 0;
        'search: while let Some(&l) = queue.get(at) {
            at += 1;
            for &r in &rows[l as usize] {
                if std::mem::replace(&mut seen_by[r as usize], root) == root {
                    continue;
                }
                reached_from[r as usize] = l;
                let next = of_right[r as usize];
                if next != NONE {
                    queue.push(next);
                    continue;
                }
                // A free right node: flip the path back to the root.
                let mut r = r;
                while r != NONE {
                    let l = reached_from[r as usize];
                    of_right[r as usize] = l;
                    r = std::mem::replace(&mut of_left[l as usize], r);
                }
                break 'search;
            }
        }
    }
    (of_left, of_right)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, random_cell};
    use super::*;

    fn parts(cell: &Cell, source: &[bool], separator: &[u32]) -> bool {
        let kept = |v: u32| !separator.contains(&v);
        (0..cell.len() as u32)
            .filter(|&v| kept(v))
            .all(|v| cell.neighbours(v).iter().filter(|&&w| kept(w)).all(|&w| source[v as usize] == source[w as usize]))
    }

    #[test]
    fn cover_is_smallest_and_parts_the_sides() {
        for seed in 0..200 {
            let mut random = Random::new(seed);
            let cell = random_cell(&mut random, 11, 20);
            let n = cell.len();
            let source: Vec<bool> = (0..n).map(|_| random.below(2) == 0).collect();
            let found = separator(&cell, &source);
            assert!(parts(&cell, &source, &found), "seed {seed}: {cell:?} {source:?} {found:?}");
            let nodes = |mask: u32| (0..n as u32).filter(|v| mask >> v & 1 == 1).collect::<Vec<u32>>();
            let smallest =
                (0..1u32 << n).filter(|&mask| parts(&cell, &source, &nodes(mask))).map(u32::count_ones).min();
            assert_eq!(Some(found.len() as u32), smallest, "seed {seed}: {cell:?} {source:?}");
            let (sides, smoothed) = smooth(&cell, source.clone());
            assert!(smoothed.len() <= n && parts(&cell, &sides, &smoothed), "seed {seed}: {cell:?} {smoothed:?}");
            let emptied = smaller_side(&sides, &smoothed) == 0 && smaller_side(&source, &found) > 0;
            assert!(!emptied, "seed {seed}: {cell:?} {source:?} {smoothed:?}");
        }
    }
}
