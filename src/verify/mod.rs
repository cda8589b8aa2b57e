//! A finished run, checked from its files alone by code that shares nothing with what wrote them.
//!
//! Only the scenario's reader and the units are common to both. The scenario is read again; from it and from the hauls
//! that the award took ([`hauls`]) every winner's haul and money ([`awards`], [`money`]), every rule ([`rules`]), the
//! objective and its proof ([`objective`]), every loser's reason ([`bids`], [`standing`], [`losers`]) and every sum
//! ([`sums`], [`prices`], [`variants`], [`drop_outs`], [`synergies`]) follow in exact integers, and are held against the files; so does the bound where there is a
//! [`certificate`]. All violations are collected.
//!
//! What is taken as given is said: paths on the map, which points lie on it, winning levels beyond their form, the worth
//! of room at a unit, and, without a certificate, the bound.

mod awards;
mod bids;
mod case;
mod certificate;
mod drop_outs;
mod findings;
mod hauls;
mod left_out;
mod losers;
mod manifest;
mod money;
mod objective;
mod prices;
mod quotes;
mod routes;
mod rules;
mod standing;
mod sums;
mod synergies;
mod table;
mod variants;

use crate::diagnostics::Diagnostics;
use crate::scenario::{LoadOptions, Scenario, load};
use case::{Case, Ids};
use findings::Findings;
use manifest::Manifest;
use objective::Status;
use rules::Used;
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;

pub use routes::{ReadWinners, read_winners};

/// What a verification came to.
#[derive(Debug)]
pub struct Verified {
    /// Everything that does not hold; empty when all does.
    pub findings: Diagnostics,
    /// How many checks were made.
    pub checks: u64,
    /// What was taken as given, in words.
    pub notes: Vec<String>,
}

impl From<Findings> for Verified {
    fn from(findings: Findings) -> Self {
        Self { findings: findings.all, checks: findings.checks, notes: findings.notes }
    }
}

/// Verifies the folder of a run. The scenario is the one that its manifest names, relative to the current folder, or
/// `scenario`.
#[must_use]
pub fn verify(folder: &Path, scenario: Option<&Path>) -> Verified {
    let mut findings = Findings::default();
    let manifest = Manifest::read(folder, &mut findings);
    let named = manifest.as_ref().and_then(Manifest::scenario);
    let Some(path) = scenario.map(Path::to_owned).or(named) else {
        findings.notes.push("no scenario is known: name it with --scenario".to_owned());
        return findings.into();
    };
    // A run may have set rows aside; the counts of accepted rows tell whether it did.
    let loaded = load(&path, &LoadOptions { lenient: true });
    let Some(mut scenario) = loaded.scenario else {
        findings.all.absorb(loaded.diagnostics);
        findings.checks += 1;
        return findings.into();
    };
    if let Some(manifest) = &manifest {
        manifest.check_inputs(&scenario, &loaded.diagnostics, &mut findings);
        if manifest.at(&["routes"]).is_object() {
            routes::check(folder, manifest, &scenario, &mut findings);
            return findings.into();
        }
        if manifest.at(&["quote"]).is_object() {
            quotes::check(folder, manifest, &scenario, &mut findings);
            return findings.into();
        }
        left_out::retain(folder, &mut scenario, manifest, &mut findings);
    }
    let ids = Ids::new(&scenario);
    let hauls = hauls::read(folder, &scenario, &ids, &mut findings);
    hauls::against_vehicles(folder, &scenario, &hauls, &mut findings);
    if scenario.hauls.map().is_some() {
        findings.notes.push("paths on the map not recomputed: hauls are those of hauls.csv".to_owned());
    }
    contents(folder, manifest.as_ref(), &Case::new(&scenario, ids, Arc::new(hauls)), &mut findings);
    findings.into()
}

/// Verifies the files of a folder against a scenario as it stands in memory: all but the fingerprints of its inputs, and
/// the vehicles of its hauls.
#[must_use]
pub fn verify_award(folder: &Path, scenario: &Scenario) -> Verified {
    let mut findings = Findings::default();
    let manifest = Manifest::read(folder, &mut findings);
    let ids = Ids::new(scenario);
    let hauls = hauls::read(folder, scenario, &ids, &mut findings);
    contents(folder, manifest.as_ref(), &Case::new(scenario, ids, Arc::new(hauls)), &mut findings);
    findings.into()
}

fn contents(folder: &Path, manifest: Option<&Manifest>, case: &Case<'_>, findings: &mut Findings) {
    if let Some(manifest) = manifest {
        manifest.check_files(folder, &manifest::AWARD_TABLES, findings);
        manifest.check_scenario(case.scenario, findings);
    }
    let proof = manifest.and_then(|manifest| objective::read(manifest, findings));
    hauls::against_costs(folder, &case.ids, &case.hauls, findings);
    let standings = standing::standings(case);
    let winners = awards::read(folder, case, &standings, findings);
    let used = Used::by(case, &winners.volumes);
    let infeasible = proof.is_some_and(|proof| proof.status == Status::Infeasible);
    let file = Arc::new(folder.join(awards::FILE));
    awards::together(&file, case, &winners, &used, infeasible, findings);
    let verdicts = losers::verdicts(case, &standings, &winners, &used);
    let viable = |bid| winners.money.get(&bid).and_then(|money| money.viable);
    let expected =
        bids::Expected { case, standings: &standings, verdicts: &verdicts, viable: &viable, proof: proof.as_ref() };
    let words = bids::check(folder, &expected, findings);
    sums::bidders(folder, case, &winners, findings);
    sums::ddus(folder, case, &winners, findings);
    prices::check(folder, proof.as_ref(), findings);
    if let Some(proof) = &proof {
        variants::check(folder, case, &winners, proof, findings);
        drop_outs::check(folder, case, &winners, proof, findings);
    }
    synergies::check(folder, case, &|bid| winners.volumes.contains_key(&bid), findings);
    if let (Some(manifest), Some(proof)) = (manifest, &proof) {
        objective::check(manifest, case, &winners, proof, findings);
    }
    if let (Some(manifest), Some(words)) = (manifest, words) {
        let rule = "rows of bids_explained.csv by reason";
        let words: serde_json::Map<String, Value> = words.into_iter().map(|(word, n)| (word, Value::from(n))).collect();
        manifest.expect(findings, crate::diagnostics::Code::CountDiffers, &["award", "bid_lines"], &words.into(), rule);
    }
    if let (Some(manifest), Some(proof)) = (manifest, &proof) {
        certificate::check(folder, case, &standings, (manifest, proof), findings);
    }
}
