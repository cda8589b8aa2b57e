//! The rules of an award, counted from the lines that won: what each uses, what each allows.
//!
//! *Limits* count pieces, awards or money of each line. *Shares and minima* compare sums of several bidders. Both are
//! stated here anew from `docs/formats.md`, as plain sums.

use super::case::Case;
use crate::ids::{BidIx, BidderIx, DduIx, HubIx};
use crate::scenario::{BidLine, Bidder, Scope, Service, ShareBase};
use crate::units::Ppm;
use std::collections::{BTreeMap, BTreeSet};

/// Lines with the volumes they win.
pub(super) type Volumes = BTreeMap<BidIx, u32>;

/// A limit that lines use up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Limit<'s> {
    Tiers(BidderIx, &'s str),
    Xor(BidderIx, &'s str, u32),
    OneAward(BidderIx, DduIx, Service),
    BidderCapacity(BidderIx),
    Budget(BidderIx),
    HubCapacity(HubIx),
    DockSlots(DduIx, u32),
    Capacity(DduIx),
}

/// A rule that does not hold, or would not with a bid more.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Broken {
    /// As the user wrote it.
    pub(super) name: String,
    /// The reason of a bid that it keeps out.
    pub(super) word: &'static str,
    /// The unit it holds at, for docks and capacities of units.
    pub(super) at: Option<DduIx>,
    /// What it counts, and what it asks for.
    pub(super) told: String,
}

/// What some lines use up, as sums.
#[derive(Clone, Debug, Default)]
pub(super) struct Used<'s> {
    pub(super) limits: BTreeMap<Limit<'s>, i128>,
    pub(super) bidders: BTreeMap<BidderIx, i128>,
    /// By bidder, or group of affiliates.
    pub(super) groups: BTreeMap<String, i128>,
    pieces: i128,
    /// By set-aside: pieces of its class, and all pieces there.
    set_asides: Vec<(i128, i128)>,
    /// By rule of minimum winners: who wins there.
    winners: Vec<BTreeSet<BidderIx>>,
}

/// Dock window of a line, counted from the opening of the dock.
fn window(case: &Case<'_>, line: &BidLine) -> u32 {
    let Some(length) = case.scenario.settings.award.dock_window else { return 0 };
    let open = i64::from(line.tender.0) - i64::from(case.ddu(line.ddu).dock_open.0);
    u32::try_from(open.max(0) * 60_000 / i64::from(length.0.max(1))).unwrap_or(u32::MAX)
}

impl<'s> Used<'s> {
    pub(super) fn by(case: &Case<'s>, volumes: &Volumes) -> Self {
        let award = &case.scenario.settings.award;
        let mut used = Self {
            set_asides: vec![(0, 0); award.set_asides.len()],
            winners: vec![BTreeSet::new(); award.minimum_winners.len()],
            ..Self::default()
        };
        for (bid, volume) in volumes {
            used.line(case, case.line(*bid), *volume);
        }
        // A package counts once in a group, with all its lines.
        for ((bidder, group, most), offers) in groups(case, volumes.keys()) {
            used.limits.insert(Limit::Xor(bidder, group, most), i128::try_from(offers.len()).unwrap_or(i128::MAX));
        }
        used
    }

    /// How many rules these sums are held against.
    pub(super) fn rules(&self) -> u64 {
        let all = [self.limits.len(), self.groups.len(), self.bidders.len(), self.set_asides.len(), self.winners.len()];
        u64::try_from(all.iter().sum::<usize>()).unwrap_or(u64::MAX)
    }

    fn line(&mut self, case: &Case<'s>, line: &'s BidLine, volume: u32) {
        let (bidder, pieces) = (case.bidder(line.bidder), i128::from(volume));
        let offset = line.tier.as_ref().map_or(0, |tier| i128::from(tier.offset.0));
        let mut add = |limit, amount| *self.limits.entry(limit).or_default() += amount;
        add(Limit::Capacity(line.ddu), pieces);
        add(Limit::HubCapacity(line.hub), pieces);
        add(Limit::BidderCapacity(line.bidder), pieces);
        add(Limit::Budget(line.bidder), i128::from(line.price.0) * pieces + offset);
        add(Limit::DockSlots(line.ddu, window(case, line)), 1);
        add(Limit::OneAward(line.bidder, line.ddu, line.service), 1);
        if let Some(tier) = &line.tier {
            add(Limit::Tiers(line.bidder, &tier.group), 1);
        }
        *self.groups.entry(group(bidder)).or_default() += pieces;
        *self.bidders.entry(line.bidder).or_default() += pieces;
        self.pieces += pieces;
        let award = &case.scenario.settings.award;
        for (rule, (own, whole)) in award.set_asides.iter().zip(&mut self.set_asides) {
            if within(case, &rule.scope, line.ddu) {
                *whole += pieces;
                *own += if bidder.class == rule.class { pieces } else { 0 };
            }
        }
        for (rule, winners) in award.minimum_winners.iter().zip(&mut self.winners) {
            if within(case, &rule.scope, line.ddu) {
                winners.insert(line.bidder);
            }
        }
    }
}

type Group<'s> = (BidderIx, &'s str, u32);

/// Offers by XOR group, each by its first line.
fn groups<'s, 'b>(case: &Case<'s>, bids: impl Iterator<Item = &'b BidIx>) -> BTreeMap<Group<'s>, BTreeSet<BidIx>> {
    let mut groups: BTreeMap<Group<'s>, BTreeSet<BidIx>> = BTreeMap::new();
    for bid in bids {
        let line = case.line(*bid);
        if let Some(group) = &line.xor_group {
            let offer = case.offer(*bid).into_iter().min().unwrap_or(*bid);
            groups.entry((line.bidder, group, line.group_at_most)).or_default().insert(offer);
        }
    }
    groups
}

/// What a limit allows; `None` where the user set none.
pub(super) fn allowed(case: &Case<'_>, limit: &Limit<'_>) -> Option<i128> {
    match limit {
        Limit::Tiers(..) | Limit::OneAward(..) => Some(1),
        Limit::Xor(_, _, most) => Some(i128::from(*most)),
        Limit::BidderCapacity(b) => case.bidder(*b).capacity.map(|most| i128::from(most.0)),
        Limit::Budget(b) => case.bidder(*b).budget.map(|most| i128::from(most.0.max(0))),
        Limit::HubCapacity(h) => case.scenario.hubs[h.index()].capacity.map(|most| i128::from(most.0)),
        Limit::DockSlots(d, _) => case.ddu(*d).dock_slots.map(i128::from),
        Limit::Capacity(d) => Some(i128::from(case.ddu(*d).capacity.0)),
    }
}

/// A limit as the user wrote it, the reason of a bid that it keeps out, and the unit it holds at.
pub(super) fn limit_name(case: &Case<'_>, limit: &Limit<'_>) -> (String, &'static str, Option<DduIx>) {
    let bidder = |b: &BidderIx| &case.bidder(*b).id;
    let ddu = |d: &DduIx| &case.ddu(*d).id;
    match limit {
        Limit::Tiers(b, group) => {
            (format!("bids.tier_group {group} of bidder {}", bidder(b)), "tier_sibling_won", None)
        }
        Limit::Xor(b, group, _) => (format!("bids.xor_group {group} of bidder {}", bidder(b)), "xor_sibling_won", None),
        Limit::OneAward(b, d, service) => {
            let name = format!("one {} award of bidder {} at {}", service.word(), bidder(b), ddu(d));
            (name, "one_award_per_bidder", Some(*d))
        }
        Limit::BidderCapacity(b) => (format!("bidders.capacity_pieces of {}", bidder(b)), "bidder_capacity", None),
        Limit::Budget(b) => (format!("bidders.budget of {}", bidder(b)), "budget", None),
        Limit::HubCapacity(h) => {
            (format!("hubs.capacity_pieces of {}", case.scenario.hubs[h.index()].id), "hub_capacity", None)
        }
        Limit::DockSlots(d, window) => {
            (format!("ddus.dock_slots of {} in window {}", ddu(d), window + 1), "dock_slot_taken", Some(*d))
        }
        Limit::Capacity(d) => (format!("ddus.capacity_pieces of {}", ddu(d)), "capacity_taken", Some(*d)),
    }
}

fn broken(case: &Case<'_>, limit: &Limit<'_>, used: i128, most: i128) -> Broken {
    let (name, word, at) = limit_name(case, limit);
    let told = match limit {
        Limit::Budget(_) => format!("{} USD, at most {}", super::money::usd(used), super::money::usd(most)),
        _ => format!("{used}, at most {most}"),
    };
    Broken { name, word, at, told }
}

/// Who counts as one bidder for the share cap.
pub(super) fn group(bidder: &Bidder) -> String {
    match bidder.affiliate_group.as_str() {
        "" => format!("bidder {}", bidder.id),
        group => format!("affiliate group {group}"),
    }
}

/// Every rule that the winners break, minima included.
pub(super) fn violations(case: &Case<'_>, used: &Used<'_>) -> Vec<Broken> {
    let mut all = without_room(case, &Used::default(), used);
    for (rule, winners) in case.scenario.settings.award.minimum_winners.iter().zip(&used.winners) {
        let count = winners.len();
        if count < usize::try_from(rule.at_least).unwrap_or(usize::MAX) {
            let name = format!("award.minimum_winners {}{}", rule.at_least, place(case, &rule.scope));
            all.push(Broken { name, word: "policy", at: None, told: format!("{count} winners") });
        }
    }
    all
}

/// Rules that have no room for these lines beside the winners.
pub(super) fn blocking(case: &Case<'_>, used: &Used<'_>, lines: &[(BidIx, u32)]) -> Vec<Broken> {
    without_room(case, used, &Used::by(case, &lines.iter().copied().collect()))
}

/// Rules that do not hold with both together, and that `more` counts against.
fn without_room(case: &Case<'_>, used: &Used<'_>, more: &Used<'_>) -> Vec<Broken> {
    let award = &case.scenario.settings.award;
    let one = i128::from(Ppm::ONE.0);
    let mut all = Vec::new();
    for (limit, amount) in &more.limits {
        let sum = amount + used.limits.get(limit).copied().unwrap_or(0);
        if let Some(most) = allowed(case, limit).filter(|most| *amount > 0 && sum > *most) {
            all.push(broken(case, limit, sum, most));
        }
    }
    if let Some(cap) = award.share_cap.filter(|cap| *cap < Ppm::ONE) {
        let whole = match award.share_base {
            ShareBase::Awarded => used.pieces + more.pieces,
            ShareBase::Capacity => case.scenario.ddus.iter().map(|ddu| i128::from(ddu.capacity.0)).sum(),
        };
        for (group, pieces) in &more.groups {
            let own = pieces + used.groups.get(group).copied().unwrap_or(0);
            if own * one > whole * i128::from(cap.0) {
                let told = format!("{own} of {whole} pieces, at most {cap} %");
                all.push(Broken { name: format!("award.share_cap on {group}"), word: "share_cap", at: None, told });
            }
        }
    }
    for (at, rule) in award.set_asides.iter().enumerate() {
        let of = |used: &Used<'_>| used.set_asides.get(at).copied().unwrap_or_default();
        let short = |(own, whole): (i128, i128)| own * one < whole * i128::from(rule.share.0);
        let ((own, whole), (more_own, more_whole)) = (of(used), of(more));
        let (own, whole) = (own + more_own, whole + more_whole);
        if short((own, whole)) && short((more_own, more_whole)) {
            let name = format!("award.set_aside for {}{}", rule.class, place(case, &rule.scope));
            let told = format!("{own} of {whole} pieces, at least {} %", rule.share);
            all.push(Broken { name, word: "set_aside", at: None, told });
        }
    }
    for (bidder, own) in more.bidders.iter().filter(|(bidder, _)| !used.bidders.contains_key(bidder)) {
        let least = case.bidder(*bidder).min_volume.map_or(0, |least| i128::from(least.0));
        if *own < least {
            let name = format!("bidders.min_volume_pieces of {}", case.bidder(*bidder).id);
            all.push(Broken { name, word: "minimum_volume", at: None, told: format!("{own}, at least {least}") });
        }
    }
    all
}

pub(super) fn within(case: &Case<'_>, scope: &Scope, ddu: DduIx) -> bool {
    match scope {
        Scope::All => true,
        Scope::Region(region) => case.ddu(ddu).region == *region,
        Scope::Ddu(only) => ddu == *only,
    }
}

pub(super) fn place(case: &Case<'_>, scope: &Scope) -> String {
    match scope {
        Scope::All => String::new(),
        Scope::Region(region) => format!(" in region {region}"),
        Scope::Ddu(ddu) => format!(" at {}", case.ddu(*ddu).id),
    }
}
