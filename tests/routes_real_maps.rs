//! Routes on real maps with real hubs and units: complete or explained, verified, and cheaper than direct trips.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs, dead_code, unreachable_pub)]

#[path = "support/shared.rs"]
mod shared;

use assert_cmd::Command;
use shared::shared;
use std::fs;
use std::path::Path;

fn ddu(folder: &Path, words: &[&str]) {
    let out = Command::cargo_bin("ddu").unwrap().current_dir(folder).args(words).output().unwrap();
    assert!(out.status.success(), "{words:?}\n{}", String::from_utf8_lossy(&out.stderr));
}

/// An auction on a real map in a folder; `None` without the shared data.
fn auction(extract: &str) -> Option<tempfile::TempDir> {
    let [map, hubs, units] = [extract, "shipper_hubs.csv", "usps_ddus.csv"].map(shared);
    let path = |file: Option<std::path::PathBuf>| file.map(|file| file.canonicalize().unwrap().display().to_string());
    let (map, hubs, units) = (path(map)?, path(hubs)?, path(units)?);
    let dir = tempfile::tempdir().unwrap();
    let zone = "America/New_York";
    let words = ["sample", "auction", "--extract", &map, "--hubs", &hubs, "--ddus-from", &units, "--timezone", zone];
    ddu(dir.path(), &words);
    Some(dir)
}

fn totals(folder: &Path) -> serde_json::Value {
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    manifest["routes"].clone()
}

fn usd(value: &serde_json::Value) -> i64 {
    ddu::units::MicroDollars::parse(value.as_str().unwrap()).unwrap().amount.0
}

fn sound(folder: &Path) {
    let told = totals(folder);
    assert!(told["pieces"].as_u64().unwrap() > 0, "{told}");
    assert!(usd(&told["cost_usd"]) < usd(&told["direct_usd"]), "{told}");
    let text = fs::read_to_string(folder.join("orders.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    for order in reader.records().map(Result::unwrap) {
        assert_eq!(order[at("pieces")] == order[at("brought_pieces")], order[at("reason")].is_empty(), "{order:?}");
    }
}

#[test]
fn columbus_awarded() {
    let Some(dir) = auction("columbus-oh.osm.pbf") else { return };
    let scenario = "auction/scenario.toml";
    ddu(dir.path(), &["routes", scenario, "-o", "two", "--threads", "2"]);
    ddu(dir.path(), &["verify", "two"]);
    sound(&dir.path().join("two"));
    ddu(dir.path(), &["routes", scenario, "-o", "one", "--threads", "1"]);
    for name in ["routes.csv", "orders.csv", "route_costs.csv", "routes.geojson", "route_sheets.txt", "manifest.json"] {
        let [one, two] = ["one", "two"].map(|folder| fs::read(dir.path().join(folder).join(name)).unwrap());
        assert!(one == two, "{name}");
    }
}

#[test]
fn new_york_planned() {
    let Some(dir) = auction("ny-metro.osm.pbf") else { return };
    // Few orders of stops: this is about the plan.
    let path = dir.path().join("auction/scenario.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{text}\n[routes]\nsamples = 2\niterations = 2000\n")).unwrap();
    ddu(dir.path(), &["routes", "auction/scenario.toml", "--planned", "-o", "planned"]);
    ddu(dir.path(), &["verify", "planned"]);
    sound(&dir.path().join("planned"));
}
