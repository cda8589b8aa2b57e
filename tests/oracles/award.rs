//! Exhaustive search over all volumes of all bids.

use super::auction::Auction;
use super::award_rules::{feasible, rank, value};
use std::collections::BTreeMap;

/// Whole packages or single lines, each with the volumes of non-negative value it may win.
pub fn choices(a: &Auction) -> Vec<(Vec<usize>, Vec<u32>)> {
    let bids = &a.scenario.bids;
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (i, b) in bids.iter().enumerate() {
        let key = b.package.as_ref().map_or_else(|| format!("line {i}"), |p| format!("package {} {p}", b.bidder.0));
        groups.entry(key).or_default().push(i);
    }
    let at = |lines: &[usize], v: Option<u32>| {
        lines.iter().map(|&i| value(a, &bids[i], v.unwrap_or(bids[i].volume_max.0))).sum::<Option<i128>>()
    };
    let of = |lines: Vec<usize>| {
        let first = &bids[lines[0]];
        let range = if first.package.is_some() { 1..=1 } else { first.volume_min.0..=first.volume_max.0 };
        let wins = |v: &u32| at(&lines, first.package.is_none().then_some(*v)).is_some_and(|x| x >= 0);
        (lines.clone(), range.filter(wins).collect())
    };
    groups.into_values().map(of).collect()
}

/// The best rank and all volumes that reach it.
pub fn exhaustive(a: &Auction) -> (Vec<i128>, Vec<Vec<u32>>) {
    let mut best = (Vec::new(), Vec::new());
    descend(a, &choices(a), &mut vec![0; a.scenario.bids.len()], &mut best);
    best
}

fn descend(
    a: &Auction,
    rest: &[(Vec<usize>, Vec<u32>)],
    volumes: &mut Vec<u32>,
    best: &mut (Vec<i128>, Vec<Vec<u32>>),
) {
    let Some(((lines, wins), rest)) = rest.split_first() else {
        let Some(rank) = feasible(a, volumes).then(|| rank(a, volumes)).flatten() else { return };
        match rank.cmp(&best.0) {
            std::cmp::Ordering::Greater => *best = (rank, vec![volumes.clone()]),
            std::cmp::Ordering::Equal => best.1.push(volumes.clone()),
            std::cmp::Ordering::Less => {}
        }
        return;
    };
    for &v in std::iter::once(&0).chain(wins) {
        for &i in lines {
            let whole = a.scenario.bids[i].package.is_some() && v > 0;
            volumes[i] = if whole { a.scenario.bids[i].volume_max.0 } else { v };
        }
        descend(a, rest, volumes, best);
    }
}
