//! Rules over the lines of XOR groups.

use super::bid_rules::Found;
use super::bids::at;
use crate::diagnostics::Code;
use crate::ids::BidderIx;
use crate::scenario::BidLine;
use crate::scenario::rules::Finding;
use std::collections::{BTreeMap, BTreeSet};

/// A group of a bidder: its lines, and how many bids they are: a package is one, and so are the tiers of a bid.
#[derive(Default)]
struct Group<'a> {
    lines: Vec<usize>,
    bids: BTreeSet<(u8, &'a str)>,
}

fn groups<'a>(lines: &[&'a BidLine], counts: impl Fn(usize) -> bool) -> BTreeMap<(BidderIx, &'a str), Group<'a>> {
    let mut groups: BTreeMap<(BidderIx, &str), Group<'_>> = BTreeMap::new();
    for (i, line) in lines.iter().enumerate().filter(|(i, _)| counts(*i)) {
        let Some(name) = &line.xor_group else { continue };
        let group = groups.entry((line.bidder, name)).or_default();
        group.lines.push(i);
        group.bids.insert(match (&line.package, &line.tier) {
            (Some(package), _) => (1, package),
            (None, Some(tier)) => (2, &tier.group),
            (None, None) => (0, &line.id),
        });
    }
    groups
}

/// All lines of a group whose lines give different limits.
pub(super) fn at_most_differs(lines: &[&BidLine]) -> Vec<Found> {
    let mut found = Vec::new();
    for ((_, name), group) in groups(lines, |_| true) {
        let limits: BTreeSet<u32> =
            group.lines.iter().filter_map(|i| lines.get(*i)).map(|line| line.group_at_most).collect();
        if limits.len() > 1 {
            let shown: Vec<String> = limits.iter().take(3).map(u32::to_string).collect();
            let message = format!("lines of XOR group `{name}` give different limits: {}", shown.join(", "));
            let finding = Finding::plain(Code::GroupAtMostDiffers, message);
            found.extend(group.lines.iter().map(|i| (*i, at::GROUP_AT_MOST, finding.clone())));
        }
    }
    found
}

/// Groups of one bidder in which only one bid or package is left.
pub(super) fn lonely_groups(lines: &[&BidLine], errors: &BTreeMap<usize, Vec<Code>>) -> Vec<Found> {
    let mut found = Vec::new();
    for ((_, name), group) in groups(lines, |i| !errors.contains_key(&i)) {
        if let (1, Some(first)) = (group.bids.len(), group.lines.first()) {
            let finding = Finding::plain(Code::LonelyXorGroup, format!("XOR group `{name}` has one member"));
            found.push((*first, at::XOR_GROUP, finding));
        }
    }
    found
}

/// Groups that have no more bids than may win.
pub(super) fn idle_limits(lines: &[&BidLine], errors: &BTreeMap<usize, Vec<Code>>) -> Vec<Found> {
    let mut found = Vec::new();
    for ((_, name), group) in groups(lines, |i| !errors.contains_key(&i)) {
        let Some((first, line)) = group.lines.first().and_then(|i| Some((*i, lines.get(*i)?))) else { continue };
        let (limit, members) = (line.group_at_most, group.bids.len());
        // A group of one is reported as such.
        if members > 1 && usize::try_from(limit).is_ok_and(|limit| limit >= members) {
            let message = format!("{limit} bids of XOR group `{name}` may win, and it has {members}");
            found.push((first, at::GROUP_AT_MOST, Finding::plain(Code::GroupAtMostIdle, message)));
        }
    }
    found
}
