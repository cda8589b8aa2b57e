//! Whether results are those of the present inputs, told from their manifest and the files themselves.

use crate::artefact::fingerprint;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What a manifest tells of results.
#[derive(Clone, Debug)]
pub struct Facts {
    manifest: Value,
}

impl Facts {
    /// Reads a manifest of this program; `None` when there is none that can be used.
    #[must_use]
    pub fn read(path: &Path) -> Option<Self> {
        let manifest: Value = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
        let ours = manifest.get("program").and_then(Value::as_str) == Some(env!("CARGO_PKG_NAME"));
        ours.then_some(Self { manifest })
    }

    /// The manifest.
    #[must_use]
    pub const fn json(&self) -> &Value {
        &self.manifest
    }

    /// Exit code of the run that wrote it: 4 where no award obeys the policy, 5 where a limit was hit.
    pub(super) fn exit_code(&self) -> i32 {
        match self.manifest.pointer("/award/status").and_then(Value::as_str) {
            Some("infeasible") => 4,
            Some("gap_limit") => 5,
            _ if self.interrupted() => 5,
            _ => 0,
        }
    }

    /// True when the user stopped the award.
    pub(super) fn interrupted(&self) -> bool {
        self.manifest.pointer("/award/interrupted").and_then(Value::as_bool) == Some(true)
    }

    /// How many there are by name under a key, such as `rows` or `findings`.
    pub(super) fn counts(&self, key: &str) -> BTreeMap<String, u64> {
        let counts = self.manifest.get(key).and_then(Value::as_object).into_iter().flatten();
        counts.filter_map(|(name, count)| Some((name.clone(), count.as_u64()?))).collect()
    }

    fn same_program(&self) -> bool {
        self.manifest.get("version").and_then(Value::as_str) == Some(env!("CARGO_PKG_VERSION"))
    }

    /// Inputs are as they were when this was written; paths are relative to the scenario's folder.
    fn same_inputs(&self, scenario: &Path) -> bool {
        let folder = scenario.parent().unwrap_or_else(|| Path::new(""));
        let inputs = self.manifest.get("inputs").and_then(Value::as_array);
        inputs.is_some_and(|inputs| {
            let same = |input: &Value| {
                let text = |key: &str| input.get(key).and_then(Value::as_str);
                let (Some(role), Some(path), Some(blake3)) = (text("role"), text("path"), text("blake3")) else {
                    return false;
                };
                let path = if role == "scenario" { scenario.to_owned() } else { folder.join(path) };
                fingerprint(&path).is_ok_and(|now| now == blake3)
            };
            !inputs.is_empty() && inputs.iter().all(same)
        })
    }

    /// Outputs are as they were written.
    pub(super) fn same_outputs(&self, folder: &Path) -> bool {
        let outputs = self.manifest.get("outputs").and_then(Value::as_object);
        outputs.is_some_and(|outputs| {
            let same = |(name, blake3): (&String, &Value)| {
                fingerprint(&folder.join(name)).is_ok_and(|now| blake3.as_str() == Some(&now))
            };
            !outputs.is_empty() && outputs.iter().all(same)
        })
    }

    /// True when rows with errors were set aside.
    fn set_rows_aside(&self) -> bool {
        self.counts("findings").keys().any(|code| code.starts_with('E'))
    }
}

/// What the manifest of a folder tells, if the folder holds what this version would make of the scenario as it is now.
/// Rows with errors may have been set aside only if `lenient`.
///
/// Runs in the current rayon pool. Whatever cannot be read makes it stale: it is then made again, which says why it cannot.
#[must_use]
pub fn fresh(folder: &Path, manifest: &str, scenario: &Path, lenient: bool) -> Option<Facts> {
    let facts = Facts::read(&folder.join(manifest))?;
    let kept = facts.same_program() && !facts.interrupted() && (lenient || !facts.set_rows_aside());
    (kept && facts.same_inputs(scenario) && facts.same_outputs(folder)).then_some(facts)
}
