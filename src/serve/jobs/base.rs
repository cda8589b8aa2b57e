//! What jobs start from: the served inputs, copied once, so that no job depends on what becomes of the files.
//!
//! In the folder of a job every file has the name of its role (`bids.csv`), which findings and manifests then tell. The map
//! is linked, never copied: its network is in memory, and its fingerprint must still be the same.

use super::posted::Posted;
use crate::artefact::fingerprint;
use crate::scenario::InputFile;
use crate::serve::start::ServeError;
use crate::serve::subject::{ServedAuction, ServedMap, Subject};
use serde_json::{Map, Value};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use toml::Table;

/// Served inputs.
pub(in crate::serve) struct Base {
    /// Copies of the tables.
    _copies: TempDir,
    /// The scenario, naming files by their roles.
    document: Table,
    /// Role, name and place of each file.
    files: Vec<(String, String, PathBuf)>,
    /// Fingerprint of the map, where there is one.
    pub(super) map: Option<String>,
    /// Whether rows with errors are set aside.
    pub(super) lenient: bool,
}

impl Base {
    /// Of what is served; `None` where there is only a page.
    pub(in crate::serve) fn of(subject: &Subject) -> Result<Option<Self>, ServeError> {
        match subject {
            Subject::Page { .. } => Ok(None),
            Subject::Map(map) => Self::of_map(map).map(Some),
            Subject::Auction(auction) => Self::of_auction(auction).map(Some),
        }
    }

    fn of_map(map: &ServedMap) -> Result<Self, ServeError> {
        let mut base = Self::empty(Table::new(), false)?;
        let blake3 = fingerprint(&map.map)?;
        base.add("map", &map.map, &blake3)?;
        base.add("vehicles", &map.vehicle_file, &fingerprint(&map.vehicle_file)?)?;
        Ok(base)
    }

    fn of_auction(auction: &ServedAuction) -> Result<Self, ServeError> {
        let changed = || ServeError::Changed(auction.file.display().to_string());
        let text = fs::read_to_string(&auction.file)?;
        let own = auction.scenario.inputs.iter().find(|input| input.role == "scenario");
        if own.is_none_or(|own| own.blake3 != blake3::hash(text.as_bytes()).to_hex().to_string()) {
            return Err(changed());
        }
        let document = text.trim_start_matches('\u{FEFF}').parse().map_err(|_| changed())?;
        let mut base = Self::empty(document, auction.lenient)?;
        let folder = auction.file.parent().unwrap_or_else(|| Path::new(""));
        for InputFile { role, path, blake3, .. } in &auction.scenario.inputs {
            if *role != "scenario" {
                base.add(role, &folder.join(path), blake3)?;
            }
        }
        Ok(base)
    }

    fn empty(document: Table, lenient: bool) -> io::Result<Self> {
        Ok(Self { _copies: tempfile::tempdir()?, document, files: Vec::new(), map: None, lenient })
    }

    /// Takes over an input, which must be what was read.
    fn add(&mut self, role: &str, path: &Path, blake3: &str) -> Result<(), ServeError> {
        let name = format!("{role}{}", ending(path));
        let place = if role == "map" {
            self.map = Some(blake3.to_owned());
            path.canonicalize()?
        } else {
            let copy = self._copies.path().join(&name);
            fs::copy(path, &copy)?;
            if fingerprint(&copy)? != blake3 {
                return Err(ServeError::Changed(path.display().to_string()));
            }
            copy
        };
        rename(&mut self.document, role, &name, true);
        self.files.push((role.to_owned(), name, place));
        Ok(())
    }

    /// Lays out the folder of a job and returns its scenario file.
    pub(super) fn lay_out(&self, posted: &Posted, folder: &Path) -> io::Result<PathBuf> {
        let mut document = self.document.clone();
        merge(&mut document, &posted.settings, "");
        let replaced =
            |role: &str| posted.tables.contains_key(role) || (role == "vehicles" && posted.vehicles.is_some());
        for (role, name, place) in self.files.iter().filter(|(role, ..)| !replaced(role)) {
            link(place, &folder.join(name))?;
            rename(&mut document, role, name, true);
        }
        let tables = posted.tables.iter().map(|(role, text)| (*role, "csv", text.as_ref()));
        let vehicles = posted.vehicles.as_ref().map(|text| ("vehicles", "toml", Some(text)));
        for (role, ending, text) in tables.chain(vehicles) {
            let name = format!("{role}.{ending}");
            match text {
                Some(text) => {
                    fs::write(folder.join(&name), text)?;
                    // Columns of a posted table have our own names.
                    rename(&mut document, role, &name, false);
                }
                None => {
                    inputs(&mut document).remove(role);
                }
            }
        }
        let file = folder.join("scenario.toml");
        fs::write(&file, toml::to_string(&document).map_err(io::Error::other)?)?;
        Ok(file)
    }
}

/// Endings tell formats: `.roads`, `.parquet`.
fn ending(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let known = [".osm.pbf", ".roads", ".parquet", ".toml"].into_iter().find(|ending| name.ends_with(ending));
    known.unwrap_or(".csv").to_owned()
}

fn inputs(document: &mut Table) -> &mut Table {
    let section = document.entry("inputs").or_insert_with(|| toml::Value::Table(Table::new()));
    if !section.is_table() {
        *section = toml::Value::Table(Table::new());
    }
    match section {
        toml::Value::Table(table) => table,
        _ => unreachable!("it has just been made a table"),
    }
}

/// Names the file of a role; its table's columns stay as they are mapped if `mapped`.
fn rename(document: &mut Table, role: &str, name: &str, mapped: bool) {
    let name = toml::Value::String(name.to_owned());
    match inputs(document).get_mut(role) {
        Some(toml::Value::Table(spec)) if mapped => {
            spec.insert("path".to_owned(), name);
        }
        _ => {
            inputs(document).insert(role.to_owned(), name);
        }
    }
}

/// Lays settings over others, section by section; null takes one away. Files are not named by settings.
fn merge(document: &mut Table, settings: &Map<String, Value>, within: &str) {
    for (name, value) in settings {
        let path = if within.is_empty() { name.clone() } else { format!("{within}.{name}") };
        if within == "inputs" && name != "outside_map" {
            continue;
        }
        match (document.get_mut(name), value) {
            (_, Value::Null) => {
                document.remove(name);
            }
            (Some(toml::Value::Table(section)), Value::Object(members)) => merge(section, members, &path),
            (_, Value::Object(members)) => {
                let mut section = Table::new();
                merge(&mut section, members, &path);
                document.insert(name.clone(), toml::Value::Table(section));
            }
            (_, value) => {
                document.insert(name.clone(), setting(&path, value));
            }
        }
    }
}

/// A setting of TOML; a date is text in JSON.
fn setting(path: &str, value: &Value) -> toml::Value {
    if let (true, Some(Ok(date))) = (path == "scenario.operating_date", value.as_str().map(str::parse)) {
        return toml::Value::Datetime(date);
    }
    match value {
        Value::Bool(flag) => toml::Value::Boolean(*flag),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => toml::Value::Integer(whole),
            (None, Some(real)) => toml::Value::Float(real),
            _ => toml::Value::String(number.to_string()),
        },
        Value::Array(items) => toml::Value::Array(items.iter().map(|item| setting("", item)).collect()),
        Value::Object(members) => {
            let mut table = Table::new();
            merge(&mut table, members, path);
            toml::Value::Table(table)
        }
        Value::String(text) => toml::Value::String(text.clone()),
        Value::Null => toml::Value::String(String::new()),
    }
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(from, to)
}

#[cfg(not(unix))]
fn link(from: &Path, to: &Path) -> io::Result<()> {
    fs::copy(from, to).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_laid_over_and_name_no_files() {
        let mut document: Table =
            "[inputs]\nhubs = \"h.csv\"\n[award]\nshare_cap = 0.3\nobjective = \"surplus\"".parse().unwrap();
        let settings = serde_json::json!({
            "inputs": {"hubs": "/etc/passwd", "outside_map": "drop"},
            "award": {"share_cap": 0.25, "objective": null},
            "scenario": {"operating_date": "2026-11-24"},
            "variant": [{"name": "a", "fuel_factor": 1.2}],
        });
        merge(&mut document, settings.as_object().unwrap(), "");
        let written = toml::to_string(&document).unwrap();
        assert!(!written.contains("passwd") && written.contains("hubs = \"h.csv\"") && written.contains("\"drop\""));
        assert!(written.contains("share_cap = 0.25") && !written.contains("objective"), "{written}");
        assert!(written.contains("operating_date = 2026-11-24") && written.contains("[[variant]]"), "{written}");
    }

    #[test]
    fn columns_stay_mapped_unless_the_table_is_posted() {
        let mut document: Table = "[inputs]\nddus = { path = \"x\", columns = { state = \"st\" } }".parse().unwrap();
        rename(&mut document, "ddus", "ddus.csv", true);
        assert_eq!(document["inputs"]["ddus"]["path"].as_str(), Some("ddus.csv"));
        rename(&mut document, "ddus", "ddus.csv", false);
        assert_eq!(document["inputs"]["ddus"].as_str(), Some("ddus.csv"));
    }
}
