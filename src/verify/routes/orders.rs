//! `orders.csv`: what was to be brought follows from the scenario, and from the award where one is named.

use super::together::Place;
use super::winners::winners;
use crate::artefact::fingerprint;
use crate::diagnostics::Code;
use crate::ids::{BidIx, DduIx};
use crate::scenario::Scenario;
use crate::units::{ClockTime, Pieces};
use crate::verify::case::Ids;
use crate::verify::findings::{Fault, Findings};
use crate::verify::manifest::Manifest;
use crate::verify::table::{Row, Table};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const COLUMNS: [&str; 10] = [
    "hub_id",
    "ddu_id",
    "by_local",
    "bid_id",
    "bidder_id",
    "service",
    "tender_time",
    "pieces",
    "brought_pieces",
    "reason",
];

/// An order that is brought, if only in part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    pub(super) place: Place,
    pub(super) bid: Option<BidIx>,
    pub(super) brought: u32,
}

/// All orders.
#[derive(Debug)]
pub(super) struct Orders {
    pub(super) file: Arc<PathBuf>,
    pub(super) rows: Vec<Order>,
}

impl Orders {
    /// Pieces brought by place, where there are any.
    pub(super) fn brought(&self) -> BTreeMap<Place, u64> {
        let mut brought: BTreeMap<Place, u64> = BTreeMap::new();
        for order in self.rows.iter().filter(|order| order.brought > 0) {
            *brought.entry(order.place).or_default() += u64::from(order.brought);
        }
        brought
    }
}

pub(super) fn read(folder: &Path, manifest: &Manifest, s: &Scenario, ids: &Ids<'_>, findings: &mut Findings) -> Orders {
    let mut orders = Orders { file: Arc::new(folder.join("orders.csv")), rows: Vec::new() };
    let Some(table) = Table::open(folder, "orders.csv", &COLUMNS, findings) else { return orders };
    let planned = manifest.text(&["routes", "volumes"]) == "planned";
    let (mut won, mut units): (BTreeMap<BidIx, Pieces>, BTreeSet<DduIx>) = (BTreeMap::new(), BTreeSet::new());
    let (mut brought_in_all, mut left_in_all) = (0, 0);
    table.rows(findings, |row, found| {
        let ddu = ids.ddus.get(row.cell("ddu_id")).copied();
        let bid = ids.bids.get(row.cell("bid_id")).copied();
        let known = match bid {
            Some(bid) => !planned && !won.contains_key(&bid),
            None => planned && row.cell("bid_id").is_empty() && ddu.is_some_and(|ddu| units.insert(ddu)),
        };
        row.check(found, known && ddu.is_some(), Code::RunRowUnknown, || {
            let rule = "one row a bid that won, or a unit of planned volumes";
            Fault::differs("bid_id", row.cell("bid_id"), "an order, once", rule)
        });
        let (Some(ddu), true) = (ddu, known) else { return };
        let pieces = row.count::<u32>(found, "pieces");
        let brought = row.count::<u32>(found, "brought_pieces");
        let by = row.read(found, "by_local", |text| {
            if planned && text.is_empty() { Some(ClockTime(0)) } else { ClockTime::parse_any_day(text) }
        });
        let (Some(pieces), Some(brought), Some(by)) = (pieces, brought, by) else { return };
        row.check(found, brought <= pieces, Code::PiecesDiffer, || {
            Fault::differs("brought_pieces", &brought.to_string(), &format!("at most {pieces}"), "no more than ordered")
        });
        row.check(found, (brought < pieces) != row.cell("reason").is_empty(), Code::OrderDiffers, || {
            Fault::differs("reason", row.cell("reason"), "a reason where pieces are left", "only those have a reason")
        });
        brought_in_all += u64::from(brought);
        left_in_all += u64::from(pieces.saturating_sub(brought));
        follows(row, s, ddu, bid, pieces, by, found);
        if let Some(bid) = bid {
            won.insert(bid, Pieces(pieces));
        }
        let hub = ids.hubs.get(row.cell("hub_id")).copied();
        row.check(found, hub.is_some() || brought == 0, Code::RunRowUnknown, || {
            Fault::differs("hub_id", row.cell("hub_id"), "a hub", "what is brought comes from a hub")
        });
        orders.rows.extend(hub.map(|hub| Order { place: (hub, ddu, by), bid, brought }));
    });
    let rule = "sum over orders.csv";
    manifest.expect(findings, Code::CountDiffers, &["routes", "pieces"], &brought_in_all.into(), rule);
    manifest.expect(findings, Code::CountDiffers, &["routes", "not_brought_pieces"], &left_in_all.into(), rule);
    if manifest.at(&["routes", "award"]).is_object() {
        against_award(manifest, s, ids, &orders.file, &won, findings);
    } else if planned {
        let expected = manifest.at(&["rows", "ddus"]).as_u64();
        table.check(findings, u64::try_from(units.len()).ok() == expected, Code::RunRowMissing, || {
            let message = format!("{} units have an order", units.len());
            Fault::whole(message, "every unit that takes part has one, brought or not")
        });
        findings.notes.push("hubs of planned volumes are taken as they stand".to_owned());
    } else {
        findings.notes.push("the award was determined with its routes: its orders are taken as they stand".to_owned());
    }
    orders
}

/// An order is what the scenario says of its bid, or of the plan.
fn follows(
    row: &Row<'_>,
    s: &Scenario,
    ddu: DduIx,
    bid: Option<BidIx>,
    pieces: u32,
    by: ClockTime,
    found: &mut Findings,
) {
    let (code, unit) = (Code::OrderDiffers, &s.ddus[ddu.index()]);
    let Some(line) = bid.map(|bid| &s.bids[bid.index()]) else {
        let planned = s.settings.cost.planned_volume.to_string();
        row.expect(found, code, "pieces", &planned, "cost.planned_volume");
        if let Some(cet) = [unit.cet_same_day, unit.cet_next_day].into_iter().flatten().max() {
            let rule = "the later critical entry time, or when the dock closes";
            row.expect(found, code, "by_local", &cet.min(unit.dock_close).to_string(), rule);
        }
        return;
    };
    let cet = unit.critical_entry_time(line.service).unwrap_or(unit.dock_close);
    let cells = [
        ("hub_id", s.hubs[line.hub.index()].id.clone()),
        ("ddu_id", s.ddus[line.ddu.index()].id.clone()),
        ("bidder_id", s.bidders[line.bidder.index()].id.clone()),
        ("service", line.service.word().to_owned()),
        ("tender_time", line.tender.to_string()),
    ];
    for (column, expected) in cells {
        row.expect(found, code, column, &expected, "as the scenario has it");
    }
    let latest = [line.tender, cet, unit.dock_close].into_iter().min().unwrap_or(by);
    let rule = "the earliest of tender time, critical entry time, and when the dock closes";
    row.expect(found, code, "by_local", &latest.to_string(), rule);
    row.check(found, (line.volume_min.0..=line.volume_max.0).contains(&pieces), code, || {
        let range = format!("{} to {}", line.volume_min, line.volume_max);
        Fault::differs("pieces", &pieces.to_string(), &range, "a line wins within its range")
    });
}

/// The award that the manifest names has these winners.
fn against_award(
    manifest: &Manifest,
    s: &Scenario,
    ids: &Ids<'_>,
    file: &Arc<PathBuf>,
    won: &BTreeMap<BidIx, Pieces>,
    findings: &mut Findings,
) {
    let path = PathBuf::from(manifest.text(&["routes", "award", "path"]));
    let Ok(found) = fingerprint(&path.join("awards.csv")) else {
        findings.notes.push(format!("the award in {} is not there: orders are taken as they stand", path.display()));
        return;
    };
    let expected = manifest.text(&["routes", "award", "blake3"]);
    findings.check(found == expected, Code::InputChanged, &Arc::new(path.join("awards.csv")), || {
        Fault::differs("blake3", &found, expected, "the award is the one that was routed")
    });
    let awarded = winners(&path, s, ids, findings);
    let bids: BTreeSet<&BidIx> = awarded.keys().chain(won.keys()).collect();
    for bid in bids {
        let [ordered, awarded] = [won, &awarded].map(|of| of.get(bid).map_or(0, |pieces| pieces.0));
        findings.check(ordered == awarded, Code::PiecesDiffer, file, || {
            let message = format!("`{}` won {awarded} pieces, {ordered} are ordered", s.bids[bid.index()].id);
            Fault::whole(message, "every piece of the award is ordered")
        });
    }
}
