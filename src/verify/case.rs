//! A scenario with what several checks look up in it.

use super::hauls::Hauls;
use crate::ids::{BidIx, BidderIx, DduIx, HubIx, VehicleIx};
use crate::scenario::{BidLine, Bidder, Ddu, OverrideAction, OverrideTarget, Scenario};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Positions by id.
pub(super) struct Ids<'s> {
    pub(super) bids: HashMap<&'s str, BidIx>,
    pub(super) bidders: HashMap<&'s str, BidderIx>,
    pub(super) ddus: HashMap<&'s str, DduIx>,
    pub(super) hubs: HashMap<&'s str, HubIx>,
    pub(super) vehicles: HashMap<&'s str, VehicleIx>,
}

fn by_id<T, I>(rows: &[T], id: fn(&T) -> &str, index: fn(usize) -> I) -> HashMap<&str, I> {
    rows.iter().enumerate().map(|(at, row)| (id(row), index(at))).collect()
}

impl<'s> Ids<'s> {
    pub(super) fn new(s: &'s Scenario) -> Self {
        Self {
            bids: by_id(&s.bids, |row| row.id.as_str(), BidIx::from_index),
            bidders: by_id(&s.bidders, |row| row.id.as_str(), BidderIx::from_index),
            ddus: by_id(&s.ddus, |row| row.id.as_str(), DduIx::from_index),
            hubs: by_id(&s.hubs, |row| row.id.as_str(), HubIx::from_index),
            vehicles: by_id(&s.vehicles, |row| row.name.as_str(), VehicleIx::from_index),
        }
    }
}

/// The scenario of a run, with the hauls that the run took.
pub(super) struct Case<'s> {
    pub(super) scenario: &'s Scenario,
    pub(super) hauls: Arc<Hauls>,
    pub(super) ids: Ids<'s>,
    packages: BTreeMap<(BidderIx, &'s str), Vec<BidIx>>,
    /// Lines that must win: those that an override forces, with the other lines of their packages.
    pub(super) forced: BTreeSet<BidIx>,
    /// Lines that an override forbids by themselves.
    pub(super) forbidden: BTreeSet<BidIx>,
}

impl<'s> Case<'s> {
    pub(super) fn new(scenario: &'s Scenario, ids: Ids<'s>, hauls: Arc<Hauls>) -> Self {
        let (forced, forbidden) = (BTreeSet::new(), BTreeSet::new());
        let mut case = Self { scenario, hauls, ids, packages: BTreeMap::new(), forced, forbidden };
        for (bid, line) in case.bids() {
            if let Some(package) = &line.package {
                case.packages.entry((line.bidder, package)).or_default().push(bid);
            }
        }
        for decided in &scenario.overrides {
            let meant = |(bid, line): &(BidIx, &BidLine)| match decided.target {
                OverrideTarget::Bid(one) => *bid == one,
                OverrideTarget::Bidder(bidder) => line.bidder == bidder,
                OverrideTarget::BidderAt(bidder, ddu) => line.bidder == bidder && line.ddu == ddu,
            };
            for (bid, _) in case.bids().filter(meant) {
                match decided.action {
                    OverrideAction::Forbid => _ = case.forbidden.insert(bid),
                    OverrideAction::Force => case.forced.extend(case.offer(bid)),
                }
            }
        }
        case
    }

    /// Bid lines in order.
    pub(super) fn bids(&self) -> impl Iterator<Item = (BidIx, &'s BidLine)> + use<'s> {
        self.scenario.bids.iter().enumerate().map(|(at, line)| (BidIx::from_index(at), line))
    }

    /// The lines that win or lose together with a line, itself among them.
    pub(super) fn offer(&self, bid: BidIx) -> Vec<BidIx> {
        let line = self.line(bid);
        let package = line.package.as_deref().and_then(|package| self.packages.get(&(line.bidder, package)));
        package.cloned().unwrap_or_else(|| vec![bid])
    }

    pub(super) fn line(&self, bid: BidIx) -> &'s BidLine {
        &self.scenario.bids[bid.index()]
    }

    pub(super) fn ddu(&self, ddu: DduIx) -> &'s Ddu {
        &self.scenario.ddus[ddu.index()]
    }

    pub(super) fn bidder(&self, bidder: BidderIx) -> &'s Bidder {
        &self.scenario.bidders[bidder.index()]
    }

    /// Id of a vehicle class.
    pub(super) fn vehicle(&self, vehicle: VehicleIx) -> &'s str {
        &self.scenario.vehicles[vehicle.index()].name
    }
}
