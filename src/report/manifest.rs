//! `manifest.json`: what a run was made of, so that it can be repeated and checked; `timings.json`: how long it took.
//!
//! Everything in the manifest is the same for the same input, whatever the machine and the number of threads; keys are
//! sorted. Times are in their own file.

use super::ReportError;
use super::award_report::MISMATCH;
use super::quote::{QuoteReport, QuoteTotals};
use super::routes::{AwareBound, RouteTotals};
use super::scenarios::status_word;
use crate::award::{Alternative, Award, Payments};
use crate::cost::Synergy;
use crate::diagnostics::Diagnostics;
use crate::scenario::Scenario;
use crate::units::MicroDollars;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

/// What a manifest tells beyond the scenario.
#[derive(Clone, Copy, Debug)]
pub struct Manifest<'a> {
    /// What was read.
    pub scenario: &'a Scenario,
    /// Settings with defaults filled in, as `--print-config` shows them.
    pub effective_settings: &'a Value,
    /// What came out, when the run went as far.
    pub award: Option<&'a Award>,
    /// Awards of the scenario's variants, in order.
    pub variants: &'a [Alternative],
    /// Packages that were audited.
    pub synergies: &'a [Synergy],
    /// Counts of the map import: read, kept, dropped and why.
    pub import_counts: &'a BTreeMap<String, u64>,
    /// Findings in the data.
    pub diagnostics: &'a Diagnostics,
    /// Files written, with their BLAKE3 in hexadecimal.
    pub outputs: &'a BTreeMap<String, String>,
}

/// Writes `manifest.json`.
///
/// # Errors
/// When writing fails.
pub fn write_manifest(out: &mut impl Write, manifest: &Manifest<'_>) -> Result<(), ReportError> {
    let Manifest { scenario, effective_settings, import_counts, diagnostics, outputs, .. } = *manifest;
    let mut value = common(scenario, effective_settings, import_counts, diagnostics, outputs);
    value.insert("award".to_owned(), manifest.award.map_or(Value::Null, award));
    value.insert("variants".to_owned(), variants(scenario, manifest.variants).into());
    value.insert("synergies".to_owned(), json!(synergies(manifest.synergies)));
    finish(out, &Value::Object(value))
}

/// What a manifest of routes tells beyond the scenario.
#[derive(Clone, Copy, Debug)]
pub struct RoutesManifest<'a> {
    /// What was read.
    pub scenario: &'a Scenario,
    /// Settings with defaults filled in, as `--print-config` shows them.
    pub effective_settings: &'a Value,
    /// Counts of the map import: read, kept, dropped and why.
    pub import_counts: &'a BTreeMap<String, u64>,
    /// Findings in the data.
    pub diagnostics: &'a Diagnostics,
    /// Files written, with their BLAKE3 in hexadecimal.
    pub outputs: &'a BTreeMap<String, String>,
    /// Which volumes are brought: `planned`, `determined`, `award`.
    pub volumes: &'static str,
    /// Folder of the award, and BLAKE3 of its `awards.csv`.
    pub award: Option<(&'a Path, &'a str)>,
    /// Sums over all routes.
    pub totals: RouteTotals,
    /// What a route-aware award and its routes come to at most.
    pub aware: Option<AwareBound>,
}

/// Writes the `manifest.json` of routes.
///
/// # Errors
/// When writing fails.
pub fn write_routes_manifest(out: &mut impl Write, manifest: &RoutesManifest<'_>) -> Result<(), ReportError> {
    let RoutesManifest { scenario, effective_settings, import_counts, diagnostics, outputs, totals, .. } = *manifest;
    let mut value = common(scenario, effective_settings, import_counts, diagnostics, outputs);
    let award = manifest.award.map(|(folder, blake3)| json!({"path": folder.to_string_lossy(), "blake3": blake3}));
    let routes = json!({
        "volumes": manifest.volumes,
        "award": award,
        "routes": totals.routes,
        "visits": totals.visits,
        "pieces": totals.pieces,
        "not_brought_pieces": totals.not_brought,
        "cost_usd": totals.cost.to_string(),
        "direct_usd": totals.direct.to_string(),
        "bound_usd": totals.bound.map(|bound| bound.to_string()),
        "gap_ppm": totals.gap_ppm(),
    });
    value.insert("routes".to_owned(), routes);
    if let Some(aware) = manifest.aware {
        let aware_json = json!({
            "value_on_routes_usd": aware.value.to_string(),
            "bound_usd": aware.bound.map(|bound| bound.to_string()),
            "gap_ppm": aware.gap_ppm(),
            "columns": aware.columns,
            "rounds": aware.rounds,
        });
        value.insert("route_aware".to_owned(), aware_json);
    }
    finish(out, &Value::Object(value))
}

/// What the manifest of a part of a table tells beyond the scenario.
#[derive(Clone, Copy, Debug)]
pub struct ShardManifest<'a> {
    /// What was read, with the part's hubs alone.
    pub scenario: &'a Scenario,
    /// Settings with defaults filled in, as `--print-config` shows them.
    pub effective_settings: &'a Value,
    /// Counts of the map import: read, kept, dropped and why.
    pub import_counts: &'a BTreeMap<String, u64>,
    /// Findings in the data.
    pub diagnostics: &'a Diagnostics,
    /// Files written, with their BLAKE3 in hexadecimal.
    pub outputs: &'a BTreeMap<String, String>,
    /// Which table it is part of: `matrix` or `costs`.
    pub table: &'static str,
    /// Which part of how many, from 1.
    pub part: (u32, u32),
}

/// Writes the manifest of a part of a table.
///
/// # Errors
/// When writing fails.
pub fn write_shard_manifest(out: &mut impl Write, manifest: &ShardManifest<'_>) -> Result<(), ReportError> {
    let ShardManifest { scenario, effective_settings, import_counts, diagnostics, outputs, table, part } = *manifest;
    let mut value = common(scenario, effective_settings, import_counts, diagnostics, outputs);
    let hub = |hub: Option<&crate::scenario::Hub>| hub.map(|hub| hub.id.clone());
    let shard = json!({
        "table": table,
        "index": part.0,
        "of": part.1,
        "first_hub": hub(scenario.hubs.first()),
        "last_hub": hub(scenario.hubs.last()),
    });
    value.insert("shard".to_owned(), shard);
    finish(out, &Value::Object(value))
}

/// Writes the manifest of tables that were merged of `regions`: name, and BLAKE3 of its manifest. `rows` are those taken
/// from each region, by table.
///
/// # Errors
/// When writing fails.
pub fn write_merged_manifest(
    out: &mut impl Write,
    regions: &BTreeMap<String, String>,
    rows: &BTreeMap<&str, BTreeMap<String, u64>>,
    outputs: &BTreeMap<String, String>,
) -> Result<(), ReportError> {
    let value = json!({
        "program": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
        "kind": "merged",
        "regions": regions,
        "rows": rows,
        "outputs": outputs,
    });
    finish(out, &value)
}

/// What a manifest of a quote tells beyond the scenario.
#[derive(Clone, Copy, Debug)]
pub struct QuoteManifest<'a> {
    /// The quote.
    pub report: &'a QuoteReport<'a>,
    /// Settings with defaults filled in, as `--print-config` shows them.
    pub effective_settings: &'a Value,
    /// Counts of the map import: read, kept, dropped and why.
    pub import_counts: &'a BTreeMap<String, u64>,
    /// Findings in the data.
    pub diagnostics: &'a Diagnostics,
    /// Files written, with their BLAKE3 in hexadecimal.
    pub outputs: &'a BTreeMap<String, String>,
}

/// Writes the `manifest.json` of a quote.
///
/// # Errors
/// When writing fails, or money does not fit.
pub fn write_quote_manifest(out: &mut impl Write, manifest: &QuoteManifest<'_>) -> Result<(), ReportError> {
    let QuoteManifest { report, effective_settings, import_counts, diagnostics, outputs } = *manifest;
    let totals = QuoteTotals::of(report).ok_or(MISMATCH)?;
    let mut value = common(report.scenario, effective_settings, import_counts, diagnostics, outputs);
    let assumptions = report.assumptions.iter();
    let assumptions = assumptions.map(|a| json!({ "name": a.name, "value": a.value, "note": a.note }));
    let assignment = report.assignment;
    let quote = json!({
        "bidder": report.plan.bidder,
        "assumptions": assumptions.collect::<Vec<_>>(),
        "units_served": totals.served,
        "units_not_served": totals.not_served,
        "pieces": totals.pieces,
        "stand_alone_usd": totals.stand_alone.to_string(),
        "routes_usd": totals.routes.to_string(),
        "allocated_usd": totals.allocated.to_string(),
        "assignment": {
            "status": assignment.status.word(),
            "cost_usd": assignment.cost.to_string(),
            "bound_usd": assignment.bound.map(|bound| bound.to_string()),
            "tolerance_usd": assignment.tolerance.to_string(),
        },
        "alternative": report.alternative.map(|alternative| json!({
            "entry_level": alternative.entry_level,
            "total_usd_per_piece": alternative.total.to_string(),
            "budget_usd_per_piece": alternative.budget.to_string(),
        })),
        "worth_bidding": totals.worth_bidding,
        "bundles": totals.bundles,
        "bid_lines": totals.bids,
        "unmapped_pieces": totals.unmapped_pieces,
    });
    value.insert("quote".to_owned(), quote);
    finish(out, &Value::Object(value))
}

/// What every manifest tells.
fn common(
    scenario: &Scenario,
    effective_settings: &Value,
    import_counts: &BTreeMap<String, u64>,
    diagnostics: &Diagnostics,
    outputs: &BTreeMap<String, String>,
) -> Map<String, Value> {
    let inputs: Vec<Value> = scenario
        .inputs
        .iter()
        .map(|file| {
            json!({
                "role": file.role,
                "path": file.path.to_string_lossy(),
                "blake3": file.blake3,
                "rows": file.rows,
                "accepted": file.accepted,
            })
        })
        .collect();
    let mut findings: BTreeMap<&str, u64> = BTreeMap::new();
    for finding in diagnostics.sorted() {
        *findings.entry(finding.code.id()).or_default() += 1;
    }
    let value = json!({
        "program": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
        "scenario": scenario.settings.name,
        "operating_date": scenario.settings.operating_date.to_string(),
        "seed": scenario.settings.seed,
        "inputs": inputs,
        "settings": effective_settings,
        "rows": {
            "hubs": scenario.hubs.len(),
            "ddus": scenario.ddus.len(),
            "vehicles": scenario.vehicles.len(),
            "bidders": scenario.bidders.len(),
            "bids": scenario.bids.len(),
        },
        "import": import_counts,
        "findings": findings,
        "outputs": outputs,
    });
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn award(award: &Award) -> Value {
    let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
    for line in &award.lines {
        let word = match &line.outcome {
            crate::award::Outcome::Won(_) => "won",
            crate::award::Outcome::Lost(lost) => lost.reason.word(),
        };
        *reasons.entry(word).or_default() += 1;
    }
    let gap = MicroDollars(award.bound.0.saturating_sub(award.value.0));
    json!({
        "solver": "exact search, prices by unit, and HiGHS",
        "method": award.method,
        "status": award.status.word(),
        "conflicts": award.conflicts,
        "interrupted": award.interrupted,
        "time_limited": award.time_limited,
        "reproducible": award.reproducible(),
        "value_usd": award.value.to_string(),
        "bound_usd": award.bound.to_string(),
        "multiplier_bound_usd": award.multiplier_bound.map(|b| b.to_string()),
        "tolerance_usd": award.tolerance.to_string(),
        "gap_usd": gap.to_string(),
        "gap_ppm": award.gap_ppm,
        "bid_lines": reasons,
        "payments": award.payments.as_ref().map_or(Value::Null, payments),
        "drop_outs": award.drop_outs.iter().map(|out| alternative(&out.group, &out.after)).collect::<Vec<_>>(),
    })
}

fn variants(scenario: &Scenario, awards: &[Alternative]) -> Vec<Value> {
    let named = scenario.settings.variants.iter().zip(awards);
    named.map(|(variant, award)| alternative(&variant.name, award)).collect()
}

/// Packages by why their saving is known or not.
fn synergies(all: &[Synergy]) -> BTreeMap<&'static str, u64> {
    let mut notes: BTreeMap<&str, u64> = BTreeMap::new();
    for synergy in all {
        *notes.entry(synergy.note()).or_default() += 1;
    }
    notes
}

fn alternative(name: &str, award: &Alternative) -> Value {
    json!({
        "name": name,
        "status": status_word(award.status),
        "method": award.method,
        "conflicts": award.conflicts,
        "value_usd": award.value.to_string(),
        "bound_usd": award.bound.map(|b| b.to_string()),
        "gap_ppm": award.gap_ppm,
        "bid_lines_won": award.won.len(),
    })
}

fn payments(payments: &Payments) -> Value {
    let mut statuses: BTreeMap<&str, u64> = BTreeMap::new();
    for bidder in &payments.bidders {
        *statuses.entry(bidder.status.word()).or_default() += 1;
    }
    json!({
        "charged": "pay-as-bid",
        "diagnostics": payments.rule.word(),
        "winners": payments.bidders.len(),
        "statuses": statuses,
        "blocking_coalitions": payments.coalitions,
        "unproven_usd": payments.unproven.to_string(),
    })
}

/// Writes `timings.json`: seconds by stage, in the order of the stages.
///
/// # Errors
/// When writing fails.
pub fn write_timings(out: &mut impl Write, stages: &[(&str, Duration)]) -> Result<(), ReportError> {
    let seconds: Vec<Value> = stages
        .iter()
        .map(|(stage, took)| {
            let mut row = Map::new();
            row.insert("stage".to_owned(), json!(stage));
            row.insert("seconds".to_owned(), json!(took.as_secs_f64()));
            Value::Object(row)
        })
        .collect();
    finish(out, &json!({ "stages": seconds }))
}

fn finish(out: &mut impl Write, value: &Value) -> Result<(), ReportError> {
    serde_json::to_writer_pretty(&mut *out, value).map_err(std::io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(())
}
