//! The winners of a finished award, as `awards.csv` tells them.

use crate::artefact::fingerprint;
use crate::diagnostics::{Code, Diagnostics};
use crate::ids::BidIx;
use crate::scenario::Scenario;
use crate::units::Pieces;
use crate::verify::case::Ids;
use crate::verify::findings::{Fault, Findings};
use crate::verify::table::Table;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Winners that were read, or what forbids to use them.
#[derive(Debug)]
pub struct ReadWinners {
    /// Lines that won, with their pieces a day.
    pub winners: Vec<(BidIx, Pieces)>,
    /// BLAKE3 of the table; empty when it cannot be read.
    pub blake3: String,
    /// What is wrong.
    pub findings: Diagnostics,
}

/// Reads the winners of the award in a folder: each is a bid of the scenario, with a volume within its range.
#[must_use]
pub fn read_winners(folder: &Path, scenario: &Scenario) -> ReadWinners {
    let mut findings = Findings::default();
    let winners = winners(folder, scenario, &Ids::new(scenario), &mut findings);
    let blake3 = fingerprint(&folder.join("awards.csv")).unwrap_or_default();
    ReadWinners { winners: winners.into_iter().collect(), blake3, findings: findings.all }
}

/// Winners by bid; rows that cannot be understood are findings and left out.
pub(super) fn winners(folder: &Path, s: &Scenario, ids: &Ids<'_>, findings: &mut Findings) -> BTreeMap<BidIx, Pieces> {
    const COLUMNS: [&str; 4] = ["bid_id", "ddu_id", "hub_id", "volume_pieces"];
    let file = Arc::new(folder.join("awards.csv"));
    findings.check(file.is_file(), Code::RunFileMissing, &file, || {
        Fault::whole("there is no awards.csv".to_owned(), "an award is read from its awards.csv")
    });
    let mut winners = BTreeMap::new();
    let Some(table) = Table::open(folder, "awards.csv", &COLUMNS, findings) else { return winners };
    table.rows(findings, |row, found| {
        let bid = ids.bids.get(row.cell("bid_id")).copied().filter(|bid| !winners.contains_key(bid));
        row.check(found, bid.is_some(), Code::RunRowUnknown, || {
            Fault::differs("bid_id", row.cell("bid_id"), "a bid, once", "winners are bids of the scenario")
        });
        let Some(bid) = bid else { return };
        let line = &s.bids[bid.index()];
        let places = [("ddu_id", &s.ddus[line.ddu.index()].id), ("hub_id", &s.hubs[line.hub.index()].id)];
        for (column, expected) in places {
            row.expect(found, Code::AwardFieldDiffers, column, expected, "as the scenario has it");
        }
        let Some(volume) = row.count::<u32>(found, "volume_pieces") else { return };
        let fits = (line.volume_min.0..=line.volume_max.0).contains(&volume);
        row.check(found, fits, Code::AwardNotAllowed, || {
            let range = format!("{} to {}", line.volume_min, line.volume_max);
            Fault::differs("volume_pieces", &volume.to_string(), &range, "a line wins within its range")
        });
        if fits {
            winners.insert(bid, Pieces(volume));
        }
    });
    winners
}
