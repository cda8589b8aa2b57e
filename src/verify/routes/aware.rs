//! `route_aware.csv` and `route_aware_bidders.csv`: which award was kept, that the bound of award and routes together exceeds all, and
//! that bidders' costs sum to those of the routes. What an award that was not kept is worth on its routes is taken as given.

use crate::diagnostics::Code;
use crate::units::MicroDollars;
use crate::verify::findings::{Fault, Findings};
use crate::verify::manifest::Manifest;
use crate::verify::money::usd;
use crate::verify::table::{Row, Table};
use serde_json::Value;
use std::path::Path;

const ROUNDS: [&str; 6] =
    ["round", "award", "value_on_routes_usd", "under_reserve_lines", "not_brought_lines", "chosen"];
const BIDDERS: [&str; 5] = ["bidder_id", "stand_alone_direct_usd", "direct_usd", "routes_usd", "change_usd"];
const CODE: Code = Code::AwareDiffers;

/// An award in turn.
struct Round {
    value: i128,
    /// It may be kept: the stand-alone award, or one whose lines keep their reserves.
    keeps: bool,
    whole: bool,
    chosen: bool,
}

/// Checks the files of a route-aware award.
pub(super) fn check(folder: &Path, manifest: &Manifest, findings: &mut Findings) {
    let Some(table) = Table::open(folder, "route_aware.csv", &ROUNDS, findings) else { return };
    let mut rounds: Vec<Round> = Vec::new();
    table.rows(findings, |row, found| {
        row.expect(found, CODE, "round", &rounds.len().to_string(), "awards are numbered in turn");
        let stand_alone = row.cell("award") == "stand_alone";
        row.check(found, stand_alone == rounds.is_empty(), CODE, || {
            Fault::differs("award", row.cell("award"), "stand_alone first and nowhere else", "docs/outputs.md")
        });
        let value = money(row, "value_on_routes_usd", found).unwrap_or(0);
        let keeps = rounds.is_empty() || row.cell("under_reserve_lines") == "0";
        let (whole, chosen) = (row.cell("not_brought_lines") == "0", row.cell("chosen") == "true");
        rounds.push(Round { value, keeps, whole, chosen });
    });
    // Of equal values the first.
    let kept = (0..rounds.len()).filter(|at| rounds[*at].keeps);
    let best = kept.max_by_key(|at| (rounds[*at].value, std::cmp::Reverse(*at)));
    let right = rounds.iter().enumerate().all(|(at, round)| round.chosen == (Some(at) == best));
    table.check(findings, right && best.is_some(), CODE, || {
        let best = best.map_or_else(|| "none".to_owned(), |at| at.to_string());
        Fault::differs("chosen", "another round", &format!("round {best}"), "the award worth most on routes is kept")
    });
    if let Some(best) = best {
        bound(manifest, &rounds, &rounds[best], findings);
    }
    bidders(folder, manifest, findings);
}

fn money(row: &Row<'_>, column: &str, findings: &mut Findings) -> Option<i128> {
    row.read(findings, column, |text| MicroDollars::parse(text).ok().map(|money| i128::from(money.amount.0)))
}

fn bound(manifest: &Manifest, rounds: &[Round], best: &Round, findings: &mut Findings) {
    let value = Value::from(usd(best.value));
    manifest.expect(findings, CODE, &["route_aware", "value_on_routes_usd"], &value, "as route_aware.csv tells");
    let told = manifest.at(&["route_aware", "bound_usd"]).as_str().and_then(|text| MicroDollars::parse(text).ok());
    let Some(bound) = told.map(|money| i128::from(money.amount.0)) else {
        let none = "no bound where none was worked out, or a line is left behind";
        manifest.expect(findings, CODE, &["route_aware", "bound_usd"], &Value::Null, none);
        return;
    };
    let most = rounds.iter().filter(|round| round.whole).map(|round| round.value).max().unwrap_or(0);
    if most > bound {
        let least = Value::from(usd(most));
        manifest.expect(findings, CODE, &["route_aware", "bound_usd"], &least, "no award is worth more than the bound");
    }
    let gap = if best.value > 0 {
        let gap = (bound - best.value).max(0) * 1_000_000;
        Value::from(i64::try_from((gap + best.value - 1) / best.value).unwrap_or(i64::MAX))
    } else {
        Value::Null
    };
    manifest.expect(findings, CODE, &["route_aware", "gap_ppm"], &gap, "(bound − value) / value, rounded up");
}

fn bidders(folder: &Path, manifest: &Manifest, findings: &mut Findings) {
    let Some(table) = Table::open(folder, "route_aware_bidders.csv", &BIDDERS, findings) else { return };
    let mut sums = [0_i128; 2];
    table.rows(findings, |row, found| {
        let amounts = ["stand_alone_direct_usd", "direct_usd", "routes_usd"].map(|column| money(row, column, found));
        if let [Some(before), Some(direct), Some(routes)] = amounts {
            sums = [sums[0] + direct, sums[1] + routes];
            row.expect(found, CODE, "change_usd", &usd(routes - before), "routes_usd − stand_alone_direct_usd");
        }
    });
    for (key, sum) in ["direct_usd", "cost_usd"].into_iter().zip(sums) {
        let told = manifest.at(&["routes", key]).as_str().unwrap_or_default();
        table.check(findings, told == usd(sum), CODE, || {
            Fault::differs(key, &usd(sum), told, "bidders' costs sum to those of all routes")
        });
    }
}
