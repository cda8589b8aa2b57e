//! Totals of a quote, its assignment, and the parts of what a unit costs.

use super::CODE;
use super::units::{Quoted, Served};
use crate::diagnostics::Code;
use crate::verify::findings::{Fault, Findings};
use crate::verify::manifest::Manifest;
use crate::verify::money::usd;
use crate::verify::table::Table;
use serde_json::Value;
use std::path::Path;

const PARTS: [&str; 7] =
    ["distance_usd", "driving_time_usd", "tolls_usd", "dwell_usd", "stop_usd", "vehicle_day_usd", "handling_usd"];

/// The manifest's totals.
pub(super) fn totals(manifest: &Manifest, quoted: &Quoted<'_>, findings: &mut Findings) {
    let served: Vec<&Served> = quoted.values().filter_map(|(_, served)| served.as_ref()).collect();
    let sum = |amount: fn(&Served) -> i128| served.iter().map(|served| amount(served)).sum::<i128>();
    let stand_alone = usd(sum(|served| served.stand_alone));
    for (key, expected) in [
        ("stand_alone_usd", stand_alone.as_str()),
        ("allocated_usd", &usd(sum(|served| served.allocated))),
        ("routes_usd", &usd(sum(|served| served.proportional))),
    ] {
        manifest.expect(findings, CODE, &["quote", key], &expected.into(), "the sum over quote.csv");
    }
    let keys = ["quote", "assignment", "cost_usd"];
    manifest.expect(findings, CODE, &keys, &stand_alone.into(), "what the assignment costs by direct trips");
    let alike = manifest.text(&["quote", "allocated_usd"]) == manifest.text(&["quote", "routes_usd"]);
    findings.check(alike, CODE, &manifest.file, || {
        Fault::whole("allocated costs are not those of the routes".to_owned(), "they sum to the routes exactly")
    });
    let count = |n: usize| Value::from(n);
    for (key, expected) in [
        ("units_served", count(served.len())),
        ("units_not_served", count(quoted.len() - served.len())),
        ("pieces", Value::from(served.iter().map(|served| u64::from(served.pieces)).sum::<u64>())),
        ("worth_bidding", count(served.iter().filter(|served| served.bid.is_some()).count())),
    ] {
        manifest.expect(findings, Code::CountDiffers, &["quote", key], &expected, "rows of quote.csv");
    }
}

/// `assignment.csv` names the hauls of `quote.csv`.
pub(super) fn assignment(folder: &Path, quoted: &Quoted<'_>, findings: &mut Findings) {
    let columns = ["ddu_id", "pieces", "hub_id", "vehicle", "trips", "cost_usd"];
    let Some(table) = Table::open(folder, "assignment.csv", &columns, findings) else { return };
    let by_id: std::collections::BTreeMap<&str, &Served> =
        quoted.values().filter_map(|(id, served)| Some((*id, served.as_ref()?))).collect();
    let mut rows = 0;
    table.rows(findings, |row, found| {
        let served = by_id.get(row.cell("ddu_id"));
        rows += usize::from(served.is_some());
        let haul = served.map_or_else(Default::default, |served| served.haul.clone());
        for (column, expected) in ["hub_id", "vehicle", "trips", "cost_usd"].into_iter().zip(haul) {
            row.expect(found, CODE, column, &expected, "as quote.csv has it");
        }
    });
    table.check(findings, rows == by_id.len(), Code::RunRowMissing, || {
        Fault::whole(format!("{rows} of {} units that are served have a row", by_id.len()), "a row for each")
    });
}

/// Parts sum to the day's cost, and trips carry the pieces.
pub(super) fn cost_to_serve(folder: &Path, findings: &mut Findings) {
    let columns: Vec<&str> =
        ["pieces", "reason", "pieces_per_trip", "trips", "injection_usd"].into_iter().chain(PARTS).collect();
    let Some(table) = Table::open(folder, "cost_to_serve.csv", &columns, findings) else { return };
    table.rows(findings, |row, found| {
        if !row.cell("reason").is_empty() {
            return;
        }
        let parts: Option<i128> = PARTS.iter().map(|part| row.usd(found, part)).sum();
        if let Some(sum) = parts {
            row.expect(found, CODE, "injection_usd", &usd(sum), "the sum of its parts");
        }
        let (pieces, load) = (row.count::<u32>(found, "pieces"), row.count::<u32>(found, "pieces_per_trip"));
        if let (Some(pieces), Some(load)) = (pieces, load) {
            let trips = pieces.div_ceil(load.max(1)).to_string();
            row.expect(found, CODE, "trips", &trips, "pieces / pieces a trip, rounded up");
        }
    });
}
