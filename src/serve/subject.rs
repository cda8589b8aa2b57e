//! What is served: a map alone, an auction, or the page of a finished run whose inputs are gone.

use crate::diagnostics::Diagnostics;
use crate::pipeline::{ReadNetwork, Region};
use crate::scenario::{MapSettings, Scenario, Traffic, TurnCosts, VehicleClass};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What is served. Networks have their hierarchies.
pub enum Subject {
    /// Routes and tables on a map, and jobs on it for whoever posts all tables.
    Map(Box<ServedMap>),
    /// An auction with all that can be asked about it.
    Auction(Box<ServedAuction>),
    /// The page of a finished run, and nothing else.
    Page {
        /// The run's folder.
        folder: PathBuf,
        /// Why there is nothing else.
        why: String,
    },
}

/// A map with vehicle classes.
pub struct ServedMap {
    /// The map's file.
    pub map: PathBuf,
    /// The network.
    pub read: ReadNetwork,
    /// The vehicle file.
    pub vehicle_file: PathBuf,
    /// Its classes.
    pub vehicles: Vec<VehicleClass>,
    /// One window: free flow.
    pub traffic: Traffic,
    /// Defaults.
    pub turns: TurnCosts,
    /// Defaults.
    pub snapping: MapSettings,
}

/// A scenario with its region.
pub struct ServedAuction {
    /// The scenario's file.
    pub file: PathBuf,
    /// The scenario.
    pub scenario: Scenario,
    /// Its region, where it has a map.
    pub region: Option<Region>,
    /// What was found in it.
    pub findings: Diagnostics,
    /// Whether rows with errors were set aside.
    pub lenient: bool,
    /// A finished run of it, whose page is shown.
    pub run: Option<PathBuf>,
}

/// What the manifest of a finished run says of its inputs.
pub struct RunInputs {
    /// The scenario's file, as it was named to the run.
    pub scenario: PathBuf,
    /// Fingerprints by role.
    fingerprints: BTreeMap<String, String>,
}

impl RunInputs {
    /// Reads the manifest of a run's folder.
    ///
    /// # Errors
    /// When the folder holds no finished award.
    pub fn of(folder: &Path) -> Result<Self, String> {
        let shown = folder.display();
        let wrong = |what: &str| format!("{shown}: {what}; name the folder of a finished `ddu run` or `ddu award`");
        let bytes = fs::read(folder.join("manifest.json")).map_err(|_| wrong("holds no manifest.json"))?;
        let manifest: Value = serde_json::from_slice(&bytes).map_err(|_| wrong("its manifest.json is no JSON"))?;
        if manifest["program"] != env!("CARGO_PKG_NAME") || !manifest["award"].is_object() {
            return Err(wrong("its manifest.json is not of an award"));
        }
        let empty = Vec::new();
        let inputs = manifest["inputs"].as_array().unwrap_or(&empty);
        let text = |input: &Value, key: &str| input[key].as_str().unwrap_or_default().to_owned();
        let scenario = inputs.iter().find(|input| input["role"] == "scenario").map(|input| text(input, "path"));
        let fingerprints = inputs.iter().map(|input| (text(input, "role"), text(input, "blake3"))).collect();
        let scenario = scenario.ok_or_else(|| wrong("its manifest.json names no scenario"))?.into();
        Ok(Self { scenario, fingerprints })
    }

    /// Which input is not what the run read, if any.
    #[must_use]
    pub fn changed(&self, scenario: &Scenario) -> Option<String> {
        let now: BTreeMap<String, String> =
            scenario.inputs.iter().map(|input| (input.role.to_owned(), input.blake3.clone())).collect();
        let roles = self.fingerprints.keys().chain(now.keys());
        roles.into_iter().find(|role| self.fingerprints.get(*role) != now.get(*role)).cloned()
    }
}

impl Subject {
    /// The scenario, where there is one.
    #[must_use]
    pub fn auction(&self) -> Option<&ServedAuction> {
        match self {
            Self::Auction(auction) => Some(auction),
            _ => None,
        }
    }
}
