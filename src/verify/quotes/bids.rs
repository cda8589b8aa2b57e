//! `bundles.csv`, and `bids.csv`, which follows from it and from `quote.csv`.

use super::units::Quoted;
use super::{Alternative, CODE, known, line_price};
use crate::diagnostics::Code;
use crate::scenario::Scenario;
use crate::verify::case::Ids;
use crate::verify::findings::{Fault, Findings};
use crate::verify::manifest::Manifest;
use crate::verify::money::usd;
use crate::verify::table::Table;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// A line of a bundle: its number, and hub, pieces and price as they stand in the table.
pub(super) type Bundled = BTreeMap<String, (u32, [String; 3])>;

/// Sums of a bundle, micro-dollars a day, and what its rows tell: alone, joint, saving, and how many units.
#[derive(Default)]
struct Bundle {
    rows: u32,
    alone: i128,
    shares: i128,
    told: [i128; 3],
    units: u32,
}

const COLUMNS: [&str; 11] = [
    "bundle",
    "hub_id",
    "units",
    "bundle_alone_usd",
    "bundle_joint_usd",
    "bundle_saving_usd",
    "ddu_id",
    "pieces",
    "alone_usd",
    "share_usd",
    "bid_usd_per_piece",
];

pub(super) fn bundles(
    folder: &Path,
    s: &Scenario,
    ids: &Ids<'_>,
    alternative: Option<Alternative>,
    findings: &mut Findings,
) -> Bundled {
    let (mut bundled, mut bundles) = (Bundled::new(), BTreeMap::<u32, Bundle>::new());
    let Some(table) = Table::open(folder, "bundles.csv", &COLUMNS, findings) else { return bundled };
    table.rows(findings, |row, found| {
        let ddu = ids.ddus.get(row.cell("ddu_id")).filter(|_| !bundled.contains_key(row.cell("ddu_id")));
        known(row, found, ddu.is_some() && ids.hubs.contains_key(row.cell("hub_id")), "ddu_id");
        let (Some(ddu), Some(number)) = (ddu, row.count::<u32>(found, "bundle")) else { return };
        let (Some(units), Some(pieces)) = (row.count(found, "units"), row.count::<u32>(found, "pieces")) else {
            return;
        };
        let mut usd_of = |column: &str| row.usd(found, column).unwrap_or_default();
        let told = ["bundle_alone_usd", "bundle_joint_usd", "bundle_saving_usd"].map(&mut usd_of);
        let (alone, share) = (usd_of("alone_usd"), usd_of("share_usd"));
        let bundle = bundles.entry(number).or_insert_with(|| Bundle { told, units, ..Bundle::default() });
        let alike = bundle.told == told && bundle.units == units;
        bundle.rows += 1;
        bundle.alone += alone;
        bundle.shares += share;
        row.check(found, alike, CODE, || {
            Fault::whole("the rows of a bundle tell different sums".to_owned(), "each row repeats those of its bundle")
        });
        let reserve = i128::from(s.ddus[ddu.index()].reserve_price.0);
        let price = alternative.filter(|_| pieces > 0).and_then(|a| line_price(s, a.budget, reserve, share, pieces));
        let rule = "the most that keeps share and price within the budget";
        row.expect(found, CODE, "bid_usd_per_piece", &price.map_or_else(String::new, usd), rule);
        let cells = ["hub_id", "pieces", "bid_usd_per_piece"].map(|column| row.cell(column).to_owned());
        bundled.insert(row.cell("ddu_id").to_owned(), (number, cells));
    });
    for (number, bundle) in &bundles {
        let [alone, joint, saving] = bundle.told;
        let whole = bundle.rows == bundle.units && bundle.alone == alone && bundle.shares == joint;
        table.check(findings, whole && saving == alone - joint, CODE, || {
            Fault::whole(
                format!("bundle {number} does not sum up"),
                "shares sum to the joint cost, units to their number",
            )
        });
    }
    bundled
}

/// Every bid is one of a bundle or of a unit that is worth one, and none is missing.
pub(super) fn check(
    folder: &Path,
    manifest: &Manifest,
    quoted: &Quoted<'_>,
    bundled: &Bundled,
    findings: &mut Findings,
) {
    let columns = ["bidder_id", "package_id", "ddu_id", "hub_id", "volume_min", "volume_max", "price_per_piece"];
    let Some(table) = Table::open(folder, "bids.csv", &columns, findings) else { return };
    // Package, hub, least and most pieces, price.
    let mut expected: BTreeMap<&str, [String; 5]> = BTreeMap::new();
    for (id, served) in quoted.values() {
        let Some(served) = served else { continue };
        if let Some((number, [hub, pieces, price])) = bundled.get(*id) {
            let package = format!("P{number:05}");
            expected.insert(id, [package, hub.clone(), pieces.clone(), pieces.clone(), price.clone()]);
        } else if let Some([price, least, _]) = &served.bid {
            let (hub, most) = (served.haul[0].clone(), served.pieces.to_string());
            expected.insert(id, [String::new(), hub, least.clone(), most, price.clone()]);
        }
    }
    let bidder = manifest.text(&["quote", "bidder"]).to_owned();
    let all = expected.len();
    table.rows(findings, |row, found| {
        let line = expected.remove(row.cell("ddu_id"));
        if known(row, found, line.is_some(), "ddu_id").is_none() {
            return;
        }
        row.expect(found, CODE, "bidder_id", &bidder, "the bidder of the manifest");
        let columns = ["package_id", "hub_id", "volume_min", "volume_max", "price_per_piece"];
        for (column, expected) in columns.into_iter().zip(line.unwrap_or_default()) {
            row.expect(found, CODE, column, &expected, "as quote.csv and bundles.csv have it");
        }
    });
    let file = Arc::new(folder.join("bids.csv"));
    findings.check(expected.is_empty(), Code::RunRowMissing, &file, || {
        Fault::whole(format!("{} units worth a bid have none", expected.len()), "a line for each, alone or in a bundle")
    });
    manifest.expect(findings, Code::CountDiffers, &["quote", "bid_lines"], &Value::from(all), "rows of bids.csv");
    let bundles = bundled.values().map(|(number, _)| *number).collect::<std::collections::BTreeSet<_>>().len();
    manifest.expect(findings, Code::CountDiffers, &["quote", "bundles"], &Value::from(bundles), "rows of bundles.csv");
}
