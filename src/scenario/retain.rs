//! Leaving out hubs and units after reading, such as those outside the map.

use super::{BidLine, Ddu, HaulInput, Override, OverrideTarget, Scenario, Scope, Settings};
use crate::ids::{BidIx, DduIx, HubIx};
use std::collections::BTreeSet;

/// What [`Scenario::retain`] left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Hubs.
    pub hubs: usize,
    /// Delivery units.
    pub ddus: usize,
    /// Bid lines that referred to them, the other lines of their packages and the other tiers of their bids.
    pub bids: usize,
    /// Rules for units, or for regions without any unit left, that must be reached; those of variants too.
    pub rules: usize,
    /// Overrides of those bids, or at those units.
    pub overrides: usize,
}

impl Scenario {
    /// Keeps the hubs and units whose flag is true (a missing flag keeps), renumbers all indices, and drops bid lines,
    /// rules and overrides that refer to what is gone: a package goes as a whole, and so do the tiers of a bid.
    pub fn retain(&mut self, keep_hubs: &[bool], keep_ddus: &[bool]) -> Dropped {
        let rules = |settings: &Settings| {
            let awards = std::iter::once(&settings.award).chain(settings.variants.iter().map(|v| &v.award));
            awards.map(|award| award.minimum_winners.len() + award.set_asides.len()).sum::<usize>()
        };
        let (hubs_before, ddus_before, bids_before) = (self.hubs.len(), self.ddus.len(), self.bids.len());
        let (rules_before, overrides_before) = (rules(&self.settings), self.overrides.len());
        let hubs = renumber(keep_hubs, self.hubs.len());
        let ddus = renumber(keep_ddus, self.ddus.len());
        filter(&mut self.hubs, &hubs);
        filter(&mut self.ddus, &ddus);
        self.origins.hubs.retain(keep_hubs);
        self.origins.ddus.retain(keep_ddus);
        if let HaulInput::Table(table) = &mut self.hauls {
            table.renumber(&hubs, &ddus);
        }
        let moved = |line: &BidLine| {
            let hub = hubs.get(line.hub.index()).copied().flatten()?;
            let ddu = ddus.get(line.ddu.index()).copied().flatten()?;
            Some((HubIx(hub), DduIx(ddu)))
        };
        let gone = || self.bids.iter().filter(|line| moved(line).is_none());
        let packages: BTreeSet<String> = gone().filter_map(|line| line.package.clone()).collect();
        let tiers: BTreeSet<String> = gone().filter_map(|line| Some(line.tier.as_ref()?.group.clone())).collect();
        let whole = |line: &BidLine| {
            line.package.as_ref().is_none_or(|p| !packages.contains(p))
                && line.tier.as_ref().is_none_or(|t| !tiers.contains(&t.group))
        };
        let keep_bids: Vec<bool> = self.bids.iter().map(|line| moved(line).is_some() && whole(line)).collect();
        let bids = renumber(&keep_bids, self.bids.len());
        filter(&mut self.bids, &bids);
        for line in &mut self.bids {
            if let Some((hub, ddu)) = moved(line) {
                (line.hub, line.ddu) = (hub, ddu);
            }
        }
        let variants = self.settings.variants.iter_mut().map(|variant| &mut variant.award);
        for award in std::iter::once(&mut self.settings.award).chain(variants) {
            award.minimum_winners.retain_mut(|rule| retain_scope(&mut rule.scope, &ddus, &self.ddus));
            award.set_asides.retain_mut(|rule| retain_scope(&mut rule.scope, &ddus, &self.ddus));
        }
        self.overrides.retain_mut(|decided| retain_override(decided, &bids, &ddus));
        Dropped {
            hubs: hubs_before - self.hubs.len(),
            ddus: ddus_before - self.ddus.len(),
            bids: bids_before - self.bids.len(),
            rules: rules_before - rules(&self.settings),
            overrides: overrides_before - self.overrides.len(),
        }
    }
}

/// Renumbers the unit of a rule; false when its unit, or every unit of its region, is gone.
fn retain_scope(scope: &mut Scope, new_index: &[Option<u32>], left: &[Ddu]) -> bool {
    match scope {
        Scope::All => true,
        Scope::Region(region) => left.iter().any(|ddu| ddu.region == *region),
        Scope::Ddu(ddu) => moved_ddu(ddu, new_index),
    }
}

/// Renumbers what an override names; false when that is gone.
fn retain_override(decided: &mut Override, bids: &[Option<u32>], ddus: &[Option<u32>]) -> bool {
    match &mut decided.target {
        OverrideTarget::Bid(bid) => match bids.get(bid.index()).copied().flatten() {
            Some(new) => {
                *bid = BidIx(new);
                true
            }
            None => false,
        },
        OverrideTarget::Bidder(_) => true,
        OverrideTarget::BidderAt(_, ddu) => moved_ddu(ddu, ddus),
    }
}

fn moved_ddu(ddu: &mut DduIx, new_index: &[Option<u32>]) -> bool {
    let new = new_index.get(ddu.index()).copied().flatten();
    *ddu = new.map_or(*ddu, DduIx);
    new.is_some()
}

/// The new index of each old one.
fn renumber(keep: &[bool], len: usize) -> Vec<Option<u32>> {
    let mut next = 0;
    (0..len)
        .map(|i| {
            keep.get(i).copied().unwrap_or(true).then(|| {
                next += 1;
                next - 1
            })
        })
        .collect()
}

fn filter<T>(items: &mut Vec<T>, new_index: &[Option<u32>]) {
    let mut kept = new_index.iter().map(Option::is_some);
    items.retain(|_| kept.next().unwrap_or(true));
}
