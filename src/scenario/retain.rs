//! Leaving out hubs and units after reading, such as those outside the map.

use super::{BidLine, HaulInput, Scenario};
use crate::ids::{DduIx, HubIx};
use std::collections::BTreeSet;

/// What [`Scenario::retain`] left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Hubs.
    pub hubs: usize,
    /// Delivery units.
    pub ddus: usize,
    /// Bid lines that referred to them, and the other lines of their packages.
    pub bids: usize,
}

impl Scenario {
    /// Keeps the hubs and units whose flag is true (a missing flag keeps), renumbers all indices, and drops bid lines
    /// that refer to what is gone: a package goes as a whole.
    pub fn retain(&mut self, keep_hubs: &[bool], keep_ddus: &[bool]) -> Dropped {
        let before = (self.hubs.len(), self.ddus.len(), self.bids.len());
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
        let broken: BTreeSet<String> =
            self.bids.iter().filter(|line| moved(line).is_none()).filter_map(|line| line.package.clone()).collect();
        self.bids.retain_mut(|line| match moved(line) {
            Some((hub, ddu)) if line.package.as_ref().is_none_or(|p| !broken.contains(p)) => {
                (line.hub, line.ddu) = (hub, ddu);
                true
            }
            _ => false,
        });
        Dropped { hubs: before.0 - self.hubs.len(), ddus: before.1 - self.ddus.len(), bids: before.2 - self.bids.len() }
    }
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
