//! `manifest.json`, and the files and inputs it names.

use super::findings::{Fault, Findings};
use crate::artefact::fingerprint;
use crate::diagnostics::{Code, Diagnostics, KEPT_PER_CODE};
use crate::scenario::Scenario;
use crate::units::MicroDollars;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

pub(super) const FILE: &str = "manifest.json";

/// Files of every award.
pub(super) const AWARD_TABLES: [&str; 6] =
    ["awards.csv", "bids_explained.csv", "bidders.csv", "ddus.csv", "policy_prices.csv", super::hauls::FILE];

/// Files that a manifest does not name.
const APART: [&str; 2] = [FILE, "timings.json"];

/// Endings of files that look like results.
const RESULTS: [&str; 5] = ["csv", "parquet", "html", "geojson", "json"];

/// A manifest as it was read.
#[derive(Debug)]
pub(super) struct Manifest {
    pub(super) file: Arc<PathBuf>,
    value: Value,
}

impl Manifest {
    /// Reads the manifest of a folder.
    pub(super) fn read(folder: &Path, findings: &mut Findings) -> Option<Self> {
        let file = Arc::new(folder.join(FILE));
        let bytes = fs::read(&*file).ok();
        findings.check(bytes.is_some(), Code::RunFileMissing, &file, || {
            Fault::whole("there is no manifest, or it cannot be read".to_owned(), "every run writes manifest.json")
        });
        let value: Option<Value> = serde_json::from_slice(&bytes?).ok();
        let ours =
            value.as_ref().and_then(|v| v.get("program")).and_then(Value::as_str) == Some(env!("CARGO_PKG_NAME"));
        findings.check(ours, Code::ManifestMalformed, &file, || {
            Fault::whole("this is not the manifest of a run of ddu".to_owned(), "`program` is `ddu`")
        });
        value.filter(|_| ours).map(|value| Self { file, value })
    }

    /// The value at a path of keys.
    pub(super) fn at(&self, keys: &[&str]) -> &Value {
        keys.iter().fold(&self.value, |value, key| value.get(key).unwrap_or(&Value::Null))
    }

    /// A text, or empty.
    pub(super) fn text(&self, keys: &[&str]) -> &str {
        self.at(keys).as_str().unwrap_or_default()
    }

    /// An amount of money in micro-dollars.
    pub(super) fn usd(&self, findings: &mut Findings, keys: &[&str]) -> Option<i128> {
        let amount = MicroDollars::parse(self.text(keys)).ok().map(|money| i128::from(money.amount.0));
        findings.check(amount.is_some(), Code::ManifestMalformed, &self.file, || {
            let (field, found) = (keys.join("."), self.at(keys).to_string());
            Fault {
                message: format!("`{field}` is no amount of money"),
                field,
                found,
                rule: "exact dollars".to_owned(),
            }
        });
        amount
    }

    /// Checks a value of the manifest.
    pub(super) fn expect(&self, findings: &mut Findings, code: Code, keys: &[&str], expected: &Value, rule: &str) {
        let found = self.at(keys);
        findings.check(found == expected, code, &self.file, || {
            let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            Fault::differs(&keys.join("."), &text(found), &text(expected), rule)
        });
    }

    /// The scenario file, as it was named to the run.
    pub(super) fn scenario(&self) -> Option<PathBuf> {
        let inputs = self.at(&["inputs"]).as_array()?;
        let scenario = inputs.iter().find(|input| input.get("role").and_then(Value::as_str) == Some("scenario"))?;
        Some(PathBuf::from(scenario.get("path")?.as_str()?))
    }

    /// Counts of the map import by name.
    pub(super) fn import(&self, name: &str) -> u64 {
        self.at(&["import", name]).as_u64().unwrap_or(0)
    }

    /// Every file is there with its fingerprint, and no other result lies beside them.
    pub(super) fn check_files(&self, folder: &Path, tables: &[&str], findings: &mut Findings) {
        let empty = serde_json::Map::new();
        let listed = self.at(&["outputs"]).as_object().unwrap_or(&empty);
        for name in tables.iter().filter(|name| !listed.contains_key(**name)) {
            let file = Arc::new(folder.join(name));
            findings.check(false, Code::RunFileNotListed, &file, || {
                Fault::whole("the manifest does not list this file".to_owned(), "every such run writes it")
            });
        }
        for (name, hash) in listed {
            let plain = Path::new(name).components().eq([Component::Normal(name.as_ref())]);
            let file = Arc::new(if plain { folder.join(name) } else { folder.to_owned() });
            let found = if plain { fingerprint(&file).ok() } else { None };
            findings.check(found.is_some(), Code::RunFileMissing, &file, || {
                Fault::whole(format!("`{name}` is missing or cannot be read"), "the manifest lists it as an output")
            });
            if let Some(found) = found {
                let expected = hash.as_str().unwrap_or_default();
                findings.check(found == expected, Code::RunFileChanged, &file, || {
                    Fault::differs("blake3", &found, expected, "the fingerprint is that of the manifest")
                });
            }
        }
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let (name, path) = (entry.file_name().to_string_lossy().into_owned(), entry.path());
            let result =
                path.extension().is_some_and(|end| RESULTS.iter().any(|known| end.eq_ignore_ascii_case(known)));
            let expected = !result || listed.contains_key(&name) || APART.contains(&name.as_str());
            findings.check(
                expected || tables.contains(&name.as_str()),
                Code::RunFileNotListed,
                &Arc::new(path),
                || Fault::whole("no output of this run has this name".to_owned(), "the manifest lists every output"),
            );
        }
    }

    /// Inputs are those that were read, to the byte, with the same counts of rows and findings.
    pub(super) fn check_inputs(&self, scenario: &Scenario, read: &Diagnostics, findings: &mut Findings) {
        let empty = Vec::new();
        let listed = self.at(&["inputs"]).as_array().unwrap_or(&empty);
        let role = |input: &Value| input.get("role").and_then(Value::as_str).unwrap_or_default().to_owned();
        let roles: BTreeSet<String> = scenario.inputs.iter().map(|input| input.role.to_owned()).collect();
        for input in listed.iter().filter(|input| !roles.contains(&role(input))) {
            findings.check(false, Code::InputChanged, &self.file, || {
                Fault::differs("inputs", &role(input), "", "the scenario names no such input")
            });
        }
        for input in &scenario.inputs {
            let file = Arc::new(input.path.clone());
            let of = listed.iter().find(|given| role(given) == input.role);
            let text = |key: &str| of.and_then(|given| given.get(key)).and_then(Value::as_str).unwrap_or_default();
            let count = |key: &str| of.and_then(|given| given.get(key)).and_then(Value::as_u64);
            let hash = text("blake3");
            findings.check(hash == input.blake3, Code::InputChanged, &file, || {
                Fault::differs("blake3", &input.blake3, hash, "the input is the one that the run read")
            });
            for (key, now) in [("rows", input.rows), ("accepted", input.accepted)] {
                findings.check(count(key) == Some(now), Code::CountDiffers, &self.file, || {
                    let field = format!("inputs.{}.{key}", input.role);
                    let found = count(key).map_or_else(String::new, |n| n.to_string());
                    Fault::differs(&field, &found, &now.to_string(), "rows of the input, and those that were accepted")
                });
            }
        }
        // Findings of points on the map are those of the map; all others come from the files that were read again.
        let of_map = |id: &str| id.get(1..2) == Some("3");
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for (code, count) in read.counts().iter().filter(|(code, _)| !of_map(code.id())) {
            counts.insert(code.id(), u64::try_from((*count).min(KEPT_PER_CODE)).unwrap_or(u64::MAX));
        }
        let empty = serde_json::Map::new();
        let told = self.at(&["findings"]).as_object().unwrap_or(&empty);
        let ids: BTreeSet<&str> = told.keys().map(String::as_str).chain(counts.keys().copied()).collect();
        for id in ids.into_iter().filter(|id| !of_map(id)) {
            let expected = counts.get(id).map_or(Value::Null, |count| Value::from(*count));
            self.expect(findings, Code::CountDiffers, &["findings", id], &expected, "findings in the inputs");
        }
    }

    /// Rows, settings and names of the scenario.
    pub(super) fn check_scenario(&self, s: &Scenario, findings: &mut Findings) {
        self.check_rows(s, [0; 3], findings);
        self.check_settings(s, findings);
    }

    /// Rows that took part; hubs, units and bids without those that were left out.
    pub(super) fn check_rows(&self, s: &Scenario, [hubs, ddus, bids]: [usize; 3], findings: &mut Findings) {
        let rows = [
            ("hubs", s.hubs.len().saturating_sub(hubs)),
            ("ddus", s.ddus.len().saturating_sub(ddus)),
            ("vehicles", s.vehicles.len()),
            ("bidders", s.bidders.len()),
            ("bids", s.bids.len().saturating_sub(bids)),
        ];
        for (table, count) in rows {
            self.expect(findings, Code::CountDiffers, &["rows", table], &Value::from(count), "rows that took part");
        }
    }

    /// Settings and names of the scenario.
    pub(super) fn check_settings(&self, s: &Scenario, findings: &mut Findings) {
        let code = Code::ManifestDiffers;
        let date = s.settings.operating_date.to_string();
        self.expect(findings, code, &["scenario"], &Value::from(s.settings.name.as_str()), "the scenario's name");
        self.expect(findings, code, &["operating_date"], &Value::from(date), "the scenario's date");
        self.expect(findings, code, &["seed"], &Value::from(s.settings.seed), "the scenario's seed");
        let settings: Value = toml::from_str(&s.settings.to_toml(&s.ddus)).unwrap_or_default();
        for (section, expected) in settings.as_object().into_iter().flatten() {
            self.expect(findings, code, &["settings", section], expected, "settings with their defaults");
        }
    }
}
