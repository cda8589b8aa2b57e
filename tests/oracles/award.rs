//! Exhaustive search over all volumes of all bids.

use super::auction::Auction;
use super::award_rules::{self, feasible, is_forced, rank, value};
use std::collections::{BTreeMap, BTreeSet};

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
        let forced = lines.iter().any(|&i| is_forced(a, i));
        let forbidden = lines.iter().any(|&i| award_rules::is_forbidden(a, i));
        // What a forced award is worth does not matter.
        let floor = if forced { i128::MIN } else { 0 };
        let wins =
            |v: &u32| !forbidden && at(&lines, first.package.is_none().then_some(*v)).is_some_and(|x| x >= floor);
        // A line that its unit can never take is out; a piece more than it can is worth something only without that rule.
        let room = |i: &usize| a.scenario.ddus[bids[*i].ddu.index()].capacity.0;
        let fits = lines.iter().all(|i| {
            if first.package.is_some() { bids[*i].volume_max.0 <= room(i) } else { bids[*i].volume_min.0 <= room(i) }
        });
        let most = if first.package.is_some() { 1 } else { room(&lines[0]) + 1 };
        (lines.clone(), range.filter(|v| fits && *v <= most).filter(wins).collect())
    };
    groups.into_values().map(of).collect()
}

/// Whether any volumes break no rule that is kept, by name.
pub fn possible(a: &Auction, kept: &BTreeSet<&str>) -> bool {
    any(a, &choices(a), &mut vec![0; a.scenario.bids.len()], kept)
}

fn any(a: &Auction, rest: &[(Vec<usize>, Vec<u32>)], volumes: &mut Vec<u32>, kept: &BTreeSet<&str>) -> bool {
    let Some(((lines, wins), rest)) = rest.split_first() else {
        return !award_rules::broken(a, volumes).into_iter().any(|r| kept.contains(award_rules::name(a, r).as_str()));
    };
    std::iter::once(&0).chain(wins).any(|&v| {
        set(a, volumes, lines, v);
        any(a, rest, volumes, kept)
    })
}

fn set(a: &Auction, volumes: &mut [u32], lines: &[usize], v: u32) {
    for &i in lines {
        let whole = a.scenario.bids[i].package.is_some() && v > 0;
        volumes[i] = if whole { a.scenario.bids[i].volume_max.0 } else { v };
    }
}

/// The best rank and all volumes that reach it; an empty rank where nothing obeys the rules.
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
        set(a, volumes, lines, v);
        descend(a, rest, volumes, best);
    }
}
