//! Where output may go: found out before any work is done, so that a mistyped path costs no time and no file.

use super::exit::Ending;
use crate::scenario::InputFile;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Tables that a run writes or not, by its options.
const OPTIONAL: [&str; 9] = [
    "costs.csv",
    "costs.parquet",
    "matrix.parquet",
    "payments.csv",
    "scenarios.csv",
    "scenario_awards.csv",
    "drop_outs.csv",
    "drop_out_bidders.csv",
    "synergies.csv",
];

/// First line of a file of rejected rows.
const REJECTS: &[u8] = b"file,line,codes,row\n";

fn refuse(option: &str, path: &Path, why: &str) -> Ending {
    Ending::Usage(format!("{option} {}: {why}", path.display()))
}

/// What a folder of results is of: one kind does not replace the files of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `ddu run` and `ddu award`.
    Award,
    /// `ddu routes`.
    Routes,
    /// `ddu quote`.
    Quote,
}

/// A run's folder may be new, empty, or hold an earlier run of its kind, which the new one replaces.
pub(super) fn check_folder(folder: &Path, kind: Kind, force: bool) -> Result<(), Ending> {
    let Ok(mut entries) = fs::read_dir(folder) else {
        let nearest = folder.ancestors().find(|f| f.exists());
        return match nearest {
            Some(nearest) if nearest == folder => Err(refuse("--output", folder, "not a folder; name another")),
            Some(file) if !file.is_dir() => {
                let why = format!("{} is not a folder; name another", file.display());
                Err(refuse("--output", folder, &why))
            }
            _ => Ok(()),
        };
    };
    if force || entries.next().is_none() || holds_run(folder, kind) {
        return Ok(());
    }
    let why = "holds files that are not of an earlier run; name another folder or add --force";
    Err(refuse("--output", folder, why))
}

fn holds_run(folder: &Path, kind: Kind) -> bool {
    let manifest = fs::read(folder.join("manifest.json")).unwrap_or_default();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap_or_default();
    let ours = manifest.get("program").and_then(|p| p.as_str()) == Some(env!("CARGO_PKG_NAME"));
    let told = |key: &str| manifest.get(key).is_some_and(serde_json::Value::is_object);
    let found = match (told("routes"), told("quote")) {
        (true, _) => Kind::Routes,
        (_, true) => Kind::Quote,
        _ => Kind::Award,
    };
    ours && found == kind
}

/// Files of an earlier run in the folder that one which writes `names` would not replace.
pub(super) fn left_over<'a>(folder: &Path, names: impl Iterator<Item = &'a Path>) -> Vec<PathBuf> {
    let names: Vec<&Path> = names.collect();
    let stale = OPTIONAL.iter().filter(|old| !names.contains(&Path::new(old)));
    if holds_run(folder, Kind::Award) { stale.map(|old| folder.join(old)).collect() } else { Vec::new() }
}

/// `--force` allows to replace results, never inputs: a run writes a `ddus.csv` too, so it may not share their folder.
pub(super) fn spare_inputs(scenario: &Path, inputs: &[InputFile], output: &Path) -> Result<(), Ending> {
    let base = scenario.parent().unwrap_or_else(|| Path::new(""));
    let path = |input: &InputFile| if input.role == "scenario" { input.path.clone() } else { base.join(&input.path) };
    spare_files(inputs.iter().map(path), output)
}

/// The same for any files.
pub(super) fn spare_files(inputs: impl Iterator<Item = PathBuf>, output: &Path) -> Result<(), Ending> {
    let Ok(output_path) = output.canonicalize() else { return Ok(()) };
    for input in inputs {
        let Ok(path) = input.canonicalize() else { continue };
        if path == output_path || path.parent() == Some(&output_path) {
            let why = format!("would replace or lie beside the input {}; name another", path.display());
            return Err(refuse("--output", output, &why));
        }
    }
    Ok(())
}

/// One output file may be new, or replace a file by `force`.
pub(super) fn check_file(path: &Path, force: bool) -> Result<(), Ending> {
    if path.as_os_str() == "-" {
        return Ok(());
    }
    check_place("--output", path)?;
    if path.exists() && !force {
        return Err(refuse("--output", path, "exists; name another file or add --force"));
    }
    Ok(())
}

/// Rejected rows may replace rejected rows, as they do when a table is corrected step by step, but nothing else.
pub(super) fn check_rejects(path: &Path) -> Result<(), Ending> {
    check_place("--rejects", path)?;
    let mut start = Vec::new();
    let Ok(file) = File::open(path) else { return Ok(()) };
    let length = u64::try_from(REJECTS.len()).unwrap_or(u64::MAX);
    let read = file.take(length).read_to_end(&mut start);
    if read.is_ok() && (start.is_empty() || start == REJECTS) {
        return Ok(());
    }
    Err(refuse("--rejects", path, "exists and does not hold rejected rows; name another file"))
}

/// The file can be there: its folder exists, and it is no folder or device.
fn check_place(option: &str, path: &Path) -> Result<(), Ending> {
    if path.is_dir() {
        return Err(refuse(option, path, "is a folder; name a file"));
    }
    if path.exists() && !path.is_file() {
        return Err(refuse(option, path, "is not a regular file; name another"));
    }
    match path.parent().filter(|p| !p.as_os_str().is_empty()) {
        Some(parent) if !parent.is_dir() => {
            let why = format!("there is no folder {}; make it first", parent.display());
            Err(refuse(option, path, &why))
        }
        _ => Ok(()),
    }
}
