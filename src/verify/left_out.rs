//! Hubs and units that a run on a map left out because their point does not lie on it.
//!
//! Without the map that cannot be found out again: which units are missing is read from `ddus.csv`, which hubs from
//! `hauls.csv`, and their numbers must be those of the manifest. What is taken as given is noted.

use super::findings::{Fault, Findings};
use super::hauls::Hauls;
use super::manifest::Manifest;
use super::table::Table;
use crate::diagnostics::Code;
use crate::ids::HubIx;
use crate::scenario::{BidLine, Scenario};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// Takes out of the scenario what the run left out, as far as the manifest accounts for it.
pub(super) fn retain(folder: &Path, s: &mut Scenario, manifest: &Manifest, findings: &mut Findings) {
    let count = |what: &str| {
        let [dropped, rejected] =
            [format!("{what} outside the map, dropped"), format!("{what} rejected for their point")];
        usize::try_from(manifest.import(&dropped) + manifest.import(&rejected)).unwrap_or(usize::MAX)
    };
    let (hubs, ddus) = (count("hubs"), count("units"));
    if s.hauls.map().is_none() || (hubs, ddus) == (0, 0) {
        return;
    }
    let mut listed = BTreeSet::new();
    if let Some(table) = Table::open(folder, "ddus.csv", &["ddu_id"], &mut Findings::default()) {
        table.rows(&mut Findings::default(), |row, _| _ = listed.insert(row.cell("ddu_id").to_owned()));
    }
    let keep_ddus: Vec<bool> = s.ddus.iter().map(|ddu| listed.contains(&ddu.id)).collect();
    let missing = keep_ddus.iter().filter(|keep| !**keep).count();
    findings.check(missing == ddus, Code::CountDiffers, &manifest.file, || {
        let message = format!("the manifest says that {ddus} units were left out, and ddus.csv lacks {missing}");
        Fault::whole(message, "units that take no part are counted in `import`")
    });
    if missing != ddus {
        return;
    }
    let known = Hauls::hubs(folder, s);
    let gone = |bid: &&BidLine| !keep_ddus[bid.ddu.index()];
    let packages: BTreeSet<&str> = s.bids.iter().filter(gone).filter_map(|bid| bid.package.as_deref()).collect();
    let stays = |bid: &&BidLine| !gone(bid) && bid.package.as_deref().is_none_or(|package| !packages.contains(package));
    let bidding: BTreeSet<HubIx> = s.bids.iter().filter(stays).map(|bid| bid.hub).collect();
    // A hub without bids may have been left out too: that changes nothing.
    let unknown: Vec<HubIx> = bidding.difference(&known).copied().collect();
    let mut keep_hubs = vec![true; s.hubs.len()];
    for hub in unknown.iter().take(hubs) {
        keep_hubs[hub.index()] = false;
    }
    let idle = (0..s.hubs.len()).rev().filter(|at| !bidding.contains(&HubIx::from_index(*at)));
    let spare: Vec<usize> = idle.take(hubs.saturating_sub(unknown.len())).collect();
    spare.into_iter().for_each(|at| keep_hubs[at] = false);
    let bids = s.retain(&keep_hubs, &keep_ddus).bids;
    let expected = Value::from(bids);
    let key = ["import", "bid lines left out with their hub or unit"];
    manifest.expect(findings, Code::CountDiffers, &key, &expected, "bids at hubs and units that were left out");
    findings.notes.push(format!(
        "{hubs} hubs and {ddus} units left out for their point on the map, with {bids} bid lines, as the manifest says"
    ));
}
