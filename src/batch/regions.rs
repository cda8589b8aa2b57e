//! Runs of several regions as one: of what two of them hold, the cheapest, with the region it is from.

use super::fresh::Facts;
use super::shards::{finding, fingerprints};
use super::work::{REGIONS, STATUS};
use crate::artefact::{Folder, fingerprint};
use crate::diagnostics::{Code, Diagnostics};
use crate::progress::Progress;
use crate::report::{self, RegionRows, RegionTable, ReportError};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Manifest of a run, and of merged tables.
pub(super) const MANIFEST: &str = "manifest.json";
/// Tables that are merged.
const TABLES: [(&str, RegionTable); 2] =
    [("matrix.parquet", RegionTable::Matrix), ("costs.parquet", RegionTable::Costs)];
/// Settings that regions must share: money, lengths and times are compared.
const SHARED: [&str; 5] = ["parcel", "turns", "cost", "traffic", "operating_date"];

/// Runs of regions that can be merged, by name.
#[derive(Debug)]
pub struct RegionSet {
    runs: BTreeMap<String, PathBuf>,
    /// BLAKE3 of each manifest.
    manifests: BTreeMap<String, String>,
    departures: Vec<String>,
}

/// Checks that runs are whole, and of settings and vehicles that make their money comparable. A region is named by its
/// folder.
///
/// # Errors
/// All findings, when there is any.
pub fn regions(folders: &[PathBuf]) -> Result<RegionSet, Diagnostics> {
    let mut findings = Diagnostics::default();
    let mut report = |file: &Path, code: Code, message: String| findings.push(finding(file, code, message));
    let mut set = RegionSet { runs: BTreeMap::new(), manifests: BTreeMap::new(), departures: Vec::new() };
    let mut first: Option<(&Path, Facts)> = None;
    for folder in folders {
        let manifest = folder.join(MANIFEST);
        let (Some(facts), Ok(blake3)) = (Facts::read(&manifest), fingerprint(&manifest)) else {
            report(&manifest, Code::RegionDamaged, "there is no manifest of a run, or it cannot be read".to_owned());
            continue;
        };
        let lacks = |name: &str| facts.json()["outputs"].get(name).is_none();
        let lacking: Vec<&str> = TABLES.iter().map(|(name, _)| *name).filter(|name| lacks(name)).collect();
        if !lacking.is_empty() {
            report(folder, Code::RegionWithoutTables, format!("the run wrote no {}", lacking.join(" and no ")));
            continue;
        }
        if !facts.same_outputs(folder) {
            report(folder, Code::RegionDamaged, "a file is not the one that the manifest tells of".to_owned());
            continue;
        }
        let name = region_name(folder);
        if let Some(other) = set.runs.get(&name) {
            let message = format!("{} is named `{name}` too", other.display());
            report(folder, Code::RegionTwice, message);
            continue;
        }
        match &first {
            None => {
                set.departures = departures(facts.json());
                first = Some((folder, facts));
            }
            Some((first_folder, first)) => {
                for what in differences(first.json(), facts.json()) {
                    let message = format!("it differs from {} in {what}", first_folder.display());
                    report(folder, Code::RegionsDiffer, message);
                }
            }
        }
        set.manifests.insert(name.clone(), blake3);
        set.runs.insert(name, folder.clone());
    }
    if findings.has_errors() { Err(findings) } else { Ok(set) }
}

fn region_name(folder: &Path) -> String {
    let named = if folder.file_name().is_some() { Some(folder.to_owned()) } else { folder.canonicalize().ok() };
    let name = named.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_default()
}

fn differences(one: &Value, other: &Value) -> Vec<String> {
    let setting = |manifest: &Value, name: &str| {
        let settings = &manifest["settings"];
        if name == "operating_date" { settings["scenario"][name].clone() } else { settings[name].clone() }
    };
    let differs = |name: &&&str| setting(one, name) != setting(other, name);
    let mut found: Vec<String> = SHARED.iter().filter(differs).map(|name| format!("`{name}`")).collect();
    if fingerprints(one, &["vehicles"]) != fingerprints(other, &["vehicles"]) {
        found.push("the vehicle file".to_owned());
    }
    if one["version"] != other["version"] {
        found.push("the version of the program".to_owned());
    }
    found
}

/// Names of departures in the order of the day, of the settings that a manifest holds: windows come by their first minute.
fn departures(manifest: &Value) -> Vec<String> {
    let windows = manifest["settings"]["traffic"].as_array().into_iter().flatten();
    let named = windows.filter_map(|window| window["name"].as_str().map(str::to_owned));
    std::iter::once(crate::scenario::Traffic::FREE_FLOW.to_owned()).chain(named).collect()
}

impl RegionSet {
    /// True when a folder holds these regions merged already.
    pub(super) fn is_merged_in(&self, folder: &Path) -> bool {
        let expected = serde_json::to_value(&self.manifests).unwrap_or_default();
        Facts::read(&folder.join(MANIFEST)).is_some_and(|facts| {
            let manifest = facts.json();
            manifest["version"] == env!("CARGO_PKG_VERSION")
                && manifest["regions"] == expected
                && facts.same_outputs(folder)
        })
    }

    /// Stages `matrix.parquet`, `costs.parquet` and a manifest in a folder, which the caller commits. Gives the rows of
    /// each table taken from each region.
    ///
    /// # Errors
    /// When a table cannot be read or does not belong to the others, when writing fails, or [`ReportError::Stopped`].
    pub fn merge(&self, folder: &mut Folder, progress: &dyn Progress) -> Result<MergedRows, ReportError> {
        let mut counts = BTreeMap::new();
        for (name, table) in TABLES {
            let paths: Vec<(&str, PathBuf)> = self.runs.iter().map(|(r, run)| (r.as_str(), run.join(name))).collect();
            let rows: Vec<RegionRows<'_>> = paths.iter().map(|(region, path)| RegionRows { region, path }).collect();
            progress.begin("merge", None);
            let mut go_on = |_| !progress.cancelled();
            let mut taken = BTreeMap::new();
            folder.write(name, |out| {
                taken = report::write_cheapest(out, table, &rows, &self.departures, &mut go_on)?;
                Ok::<(), ReportError>(())
            })?;
            progress.finish(&format!("{name}: {} rows of {} regions", taken.values().sum::<u64>(), rows.len()));
            counts.insert(name, taken);
        }
        let outputs = folder.fingerprints()?;
        folder.write(MANIFEST, |out| report::write_merged_manifest(out, &self.manifests, &counts, &outputs))?;
        Ok(counts)
    }
}

/// Folders of the results that a batch has, as its status tells.
///
/// # Errors
/// A finding for each region whose results are not those of its inputs.
pub fn runs_of(batch: &Path) -> Result<Vec<PathBuf>, Diagnostics> {
    let mut findings = Diagnostics::default();
    let mut runs = Vec::new();
    let status = Facts::read(&batch.join(STATUS));
    let told = status.as_ref().and_then(|status| status.json()["regions"].as_array());
    for region in told.into_iter().flatten() {
        let (name, state) = (region["name"].as_str().unwrap_or_default(), region["state"].as_str().unwrap_or_default());
        let run = batch.join(REGIONS).join(name);
        if state == "done" || state == "up_to_date" {
            runs.push(run);
        } else {
            let message = format!("in {STATUS} the region is `{state}`; run the batch to its end");
            findings.push(finding(&run, Code::RegionDamaged, message));
        }
    }
    if findings.has_errors() { Err(findings) } else { Ok(runs) }
}

/// True when a folder is absent, empty, or holds merged tables: nothing else can be lost in it.
#[must_use]
pub fn may_hold_merged(folder: &Path) -> bool {
    let Ok(mut entries) = fs::read_dir(folder) else { return !folder.exists() };
    entries.next().is_none() || Facts::read(&folder.join(MANIFEST)).is_some_and(|f| f.json()["kind"] == "merged")
}

/// Rows by table, then region.
pub type MergedRows = BTreeMap<&'static str, BTreeMap<String, u64>>;
