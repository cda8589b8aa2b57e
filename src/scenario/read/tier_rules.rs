//! Rules over the tiers of a bid with prices by volume, and what a volume costs beside its tier's price.
//!
//! The first tier begins at piece 1, whatever its least volume: an incremental bid pays for its first pieces at the
//! first tier's price.

use super::bid_rules::{Bundle, Found};
use super::bids::at;
use crate::diagnostics::Code;
use crate::scenario::rules::Finding;
use crate::scenario::table::Place;
use crate::scenario::{BidLine, TierKind};
use crate::units::MicroDollars;
use std::collections::{BTreeMap, BTreeSet};

/// Tiers of a group by rising volume: line and kind.
type Groups<'a> = BTreeMap<&'a str, (TierKind, Vec<usize>)>;

/// Lines by tier group, each by rising volume.
fn groups<'a>(lines: &[&'a BidLine]) -> Groups<'a> {
    let mut groups = Groups::new();
    for (i, line) in lines.iter().enumerate() {
        if let Some(tier) = &line.tier {
            groups.entry(&tier.group).or_insert((tier.kind, Vec::new())).1.push(i);
        }
    }
    for (_, members) in groups.values_mut() {
        members.sort_by_key(|i| lines.get(*i).map(|l| (l.volume_min, l.volume_max, l.id.as_str())));
    }
    groups
}

/// Tiers that differ, overlap or leave gaps. A gap in a bid that lost a tier before says nothing.
pub(super) fn check(lines: &[&BidLine], broken: &BTreeSet<Bundle>) -> Vec<Found> {
    let mut found = Vec::new();
    for (group, (kind, members)) in groups(lines) {
        let differ = differ(lines, group, &members);
        if differ.is_empty() {
            let whole = !broken.contains(&Bundle::Tiers(group.to_owned()));
            let gap = |f: &Found| matches!(f.2.code, Code::TierGap | Code::TierGapIncremental);
            found.extend(ranges(lines, group, kind, &members).into_iter().filter(|f| whole || !gap(f)));
        }
        found.extend(differ);
    }
    found
}

/// Every tier of a group, where they do not share what they must.
fn differ(lines: &[&BidLine], group: &str, members: &[usize]) -> Vec<Found> {
    let of = |i: &usize| lines.get(*i);
    let Some(first) = members.first().and_then(of) else { return Vec::new() };
    let kind = |l: &BidLine| l.tier.as_ref().map(|t| t.kind);
    let mut what = Vec::new();
    for other in members.iter().filter_map(of) {
        let same = [
            ("bidder", other.bidder == first.bidder),
            ("unit", other.ddu == first.ddu),
            ("hub", other.hub == first.hub),
            ("service", other.service == first.service),
            ("tender time", other.tender == first.tender),
            ("basis", other.basis == first.basis),
            ("XOR group", other.xor_group == first.xor_group),
            ("kind", kind(other) == kind(first)),
        ];
        what.extend(same.into_iter().filter(|(_, same)| !same).map(|(word, _)| word));
    }
    what.sort_unstable();
    what.dedup();
    if what.is_empty() {
        return Vec::new();
    }
    let message = format!("tiers of `{group}` differ in {}", what.join(", "));
    let finding = Finding::plain(Code::TiersDiffer, message);
    members.iter().map(|i| (*i, at::TIER_GROUP, finding.clone())).collect()
}

/// Overlaps and gaps of neighbouring tiers, at the upper one; offsets that are no amount of money.
fn ranges(lines: &[&BidLine], group: &str, kind: TierKind, members: &[usize]) -> Vec<Found> {
    let mut found = Vec::new();
    let mut below: Option<&BidLine> = None;
    for &i in members {
        let Some(tier) = lines.get(i).copied() else { continue };
        if let Some(below) = below {
            let (end, begin) = (below.volume_max.0, tier.volume_min.0);
            let code = match kind {
                _ if begin <= end => Some((Code::TiersOverlap, "both hold")),
                TierKind::AllUnits if begin - 1 > end => Some((Code::TierGap, "leave out")),
                TierKind::Incremental if begin - 1 > end => Some((Code::TierGapIncremental, "leave out")),
                _ => None,
            };
            if let Some((code, verb)) = code {
                let pieces = match verb {
                    "both hold" => (begin, end.min(tier.volume_max.0)),
                    _ => (end + 1, begin - 1),
                };
                let message = format!(
                    "bids `{}` and `{}` of `{group}` {verb} {} to {} pieces",
                    below.id, tier.id, pieces.0, pieces.1
                );
                found.push((i, at::VOLUME_MIN, Finding::plain(code, message)));
            }
        }
        below = match below {
            Some(other) if other.volume_max > tier.volume_max => Some(other),
            _ => Some(tier),
        };
    }
    let tiers: Vec<&BidLine> = members.iter().filter_map(|i| lines.get(*i).copied()).collect();
    if kind == TierKind::Incremental && found.is_empty() && offsets(&tiers).is_none() {
        let finding = Finding::plain(Code::NumberOutOfRange, format!("prices of `{group}` times pieces are too large"));
        found.extend(members.iter().map(|i| (*i, at::PRICE, finding.clone())));
    }
    found
}

/// What a volume of each incremental tier costs beside `price × volume`: the pieces of every lower tier, times how much
/// more they cost than at this tier's price. `tiers` by rising volume without gaps; `None` if it is no amount of money.
fn offsets(tiers: &[&BidLine]) -> Option<Vec<MicroDollars>> {
    // With a sum below of Σ p_s·pieces_s over all pieces so far, the offset of a tier is that less its price times them.
    let (mut paid, mut pieces) = (0_i128, 0_i128);
    let mut all = Vec::with_capacity(tiers.len());
    for tier in tiers {
        let price = i128::from(tier.price.0);
        all.push(MicroDollars(i64::try_from(paid - price * pieces).ok()?));
        let upto = i128::from(tier.volume_max.0);
        paid += price * (upto - pieces);
        pieces = upto;
    }
    Some(all)
}

/// Bids of which only one tier is left.
pub(super) fn lonely(lines: &[&BidLine], errors: &BTreeMap<usize, Vec<Code>>) -> Vec<Found> {
    let mut found = Vec::new();
    for (group, (_, members)) in groups(lines) {
        if let [only] = members.as_slice()
            && !errors.contains_key(only)
        {
            let finding = Finding::plain(Code::LonelyTier, format!("`{group}` has one tier"));
            found.push((*only, at::TIER_GROUP, finding));
        }
    }
    found
}

/// What each incremental tier costs beside `price × volume`, by line; `None` where that is no amount of money.
pub(crate) fn tier_offsets(lines: &[&BidLine]) -> Vec<(usize, Option<MicroDollars>)> {
    let mut known = Vec::new();
    for (_, members) in groups(lines).into_values().filter(|(kind, _)| *kind == TierKind::Incremental) {
        let tiers: Vec<&BidLine> = members.iter().filter_map(|i| lines.get(*i).copied()).collect();
        match offsets(&tiers) {
            Some(offsets) => known.extend(members.into_iter().zip(offsets.into_iter().map(Some))),
            None => known.extend(members.into_iter().map(|member| (member, None))),
        }
    }
    known
}

/// Sets the offsets of incremental tiers, which passed [`check`].
pub(super) fn set_offsets(rows: &mut [(BidLine, Place)]) {
    let lines: Vec<&BidLine> = rows.iter().map(|(line, _)| line).collect();
    for (i, offset) in tier_offsets(&lines) {
        if let (Some(tier), Some(offset)) = (rows.get_mut(i).and_then(|(line, _)| line.tier.as_mut()), offset) {
            tier.offset = offset;
        }
    }
}
