//! A quote, checked from its files alone.
//!
//! From what a unit costs by direct trips, on routes and by its share follow its prices, its room and its verdict ([`units`]); the
//! assignment keeps the limits of hubs and fleets; parts sum to the whole ([`sums`]); bundles and bids follow from both ([`bids`]).
//!
//! Taken as given, and said so: hauls and routes on the map, volumes, the least volumes of bids, sensitivity, prices of limits, and
//! that no assignment costs less.

mod bids;
mod sums;
mod units;

use super::case::Ids;
use super::findings::{Fault, Findings};
use super::manifest::Manifest;
use super::table::Row;
use crate::diagnostics::Code;
use crate::scenario::Scenario;
use crate::units::round_div;
use std::path::Path;

/// Files of every quote.
const TABLES: [&str; 12] = [
    "quote.csv",
    "cost_to_serve.csv",
    "assignment.csv",
    "limit_prices.csv",
    "tornado.csv",
    "bundles.csv",
    "bids.csv",
    "bidders.csv",
    "unmapped_zips.csv",
    "assumptions.csv",
    "quote_sheet.txt",
    "award.toml",
];

const CODE: Code = Code::QuoteDiffers;

/// What a quote compares with, micro-dollars a piece: all of the best alternative, and what of it may be spent.
#[derive(Clone, Copy, Debug)]
struct Alternative {
    total: i128,
    budget: i128,
}

/// Checks a folder of a quote.
pub(super) fn check(folder: &Path, manifest: &Manifest, scenario: &Scenario, findings: &mut Findings) {
    manifest.check_files(folder, &TABLES, findings);
    manifest.check_settings(scenario, findings);
    let ids = Ids::new(scenario);
    let alternative = alternative(scenario);
    for (key, expected) in
        [("total_usd_per_piece", alternative.map(|a| a.total)), ("budget_usd_per_piece", alternative.map(|a| a.budget))]
    {
        let expected = expected.map(|micros| super::money::usd(micros).into()).unwrap_or_default();
        manifest.expect(findings, CODE, &["quote", "alternative", key], &expected, "the least rate that holds");
    }
    let quoted = units::check(folder, scenario, &ids, alternative, findings);
    units::limits(folder, scenario, &quoted, findings);
    sums::totals(manifest, &quoted, findings);
    sums::assignment(folder, &quoted, findings);
    sums::cost_to_serve(folder, findings);
    let bundled = bids::bundles(folder, scenario, &ids, alternative, findings);
    bids::check(folder, manifest, &quoted, &bundled, findings);
    for note in [
        "hauls and routes on the map not recomputed: costs are those of quote.csv and cost_to_serve.csv",
        "volumes, least volumes, sensitivity, prices of limits and the bound of the assignment are taken as given",
    ] {
        findings.notes.push(note.to_owned());
    }
}

/// The cheapest rate for the mean parcel on the operating date; without rates the alternative rate of `[award]`.
fn alternative(scenario: &Scenario) -> Option<Alternative> {
    let settings = &scenario.settings;
    let (weight, day) = (settings.parcel.mean_weight_millilb, settings.operating_date);
    let rates = scenario.quote.rates.iter().filter(|rate| rate.holds(weight, day));
    let least = rates.map(|rate| i128::from(rate.rate.0) + i128::from(rate.haul.0)).min();
    let general = settings.award.alternative_rate.filter(|_| scenario.quote.rates.is_empty());
    let total = least.or(general.map(|rate| i128::from(rate.0)))?;
    let kept = 1_000_000 - i128::from(settings.quote.margin.0);
    Some(Alternative { total, budget: round_div(total * kept, 1_000_000) })
}

/// The highest multiple of a step that leaves `cost` within `budget` a piece.
fn affordable(budget: i128, cost: i128, pieces: u32, step: i128) -> i128 {
    let pieces = i128::from(pieces);
    (budget * pieces - cost).div_euclid(pieces * step) * step
}

/// What to bid where a line bears a cost; `None` where that would lie below the reserve, or be nothing.
fn line_price(scenario: &Scenario, budget: i128, reserve: i128, cost: i128, pieces: u32) -> Option<i128> {
    let step = i128::from(scenario.settings.quote.price_step.0).max(1);
    let exact = affordable(budget, cost, pieces, 1);
    let stepped = affordable(budget, cost, pieces, step).max(reserve);
    (exact >= reserve && stepped > 0).then_some(stepped)
}

/// A finding where a unit or hub is unknown.
fn known(row: &Row<'_>, findings: &mut Findings, holds: bool, column: &str) -> Option<()> {
    row.check(findings, holds, Code::RunRowUnknown, || {
        Fault::differs(
            column,
            row.cell(column),
            "one of the scenario, once",
            "hubs and units are those of the scenario",
        )
    });
    holds.then_some(())
}
