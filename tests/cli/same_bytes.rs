//! Same input, same bytes: for any number of threads, any order of rows, and a map read before.

use crate::place::{Place, assert_same};

const TABLES: [&str; 4] = ["hubs.csv", "ddus.csv", "bidders.csv", "bids.csv"];

/// Another order of the rows behind the header, the same in every run of the test.
fn shuffled(text: &str) -> String {
    let (header, rows) = text.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    let before = rows.clone();
    rows.sort_by_key(|row| blake3::hash(row.as_bytes()).to_hex().to_string());
    assert_ne!(rows, before);
    format!("{header}\n{}\n", rows.join("\n"))
}

#[test]
fn threads_rows_and_prepared_maps_change_no_byte() {
    let place = Place::new();
    place.ddu("run scenario.toml -o one --threads 1").with(0);
    let one = place.results("one");
    place.ddu("run scenario.toml -o two --threads 2").with(0);
    assert_same(&one, &place.results("two"), &[]);
    place.ddu("run scenario.toml -o many --threads 7 --format parquet").with(0);
    let many = place.results("many");
    for (name, bytes) in one.iter().filter(|(name, _)| many.contains_key(*name)) {
        assert!(name.ends_with("manifest.json") || *bytes == many[name], "{}", name.display());
    }

    for table in TABLES {
        place.write(table, shuffled(&place.read(table)));
    }
    place.ddu("run scenario.toml -o shuffled").with(0);
    assert_same(&one, &place.results("shuffled"), &["inputs"]);

    place.ddu("prepare region.osm.pbf -o region.roads").with(0);
    place.ddu("prepare region.osm.pbf -o again.roads --threads 1").with(0);
    assert!(std::fs::read(place.path("region.roads")).unwrap() == std::fs::read(place.path("again.roads")).unwrap());
    place.edit("scenario.toml", "region.osm.pbf", "region.roads");
    place.ddu("run scenario.toml -o prepared").with(0);
    assert_same(&one, &place.results("prepared"), &["inputs", "import"]);
}

#[test]
fn the_manifest_names_its_files_by_their_hashes() {
    let place = Place::new();
    place.set("award", "winning_levels = false");
    place.ddu("run scenario.toml -o out").with(0);
    let manifest: serde_json::Value = serde_json::from_str(&place.read("out/manifest.json")).unwrap();
    let hash = |path: &str| blake3::hash(&std::fs::read(place.path(path)).unwrap()).to_hex().to_string();
    let outputs = manifest["outputs"].as_object().unwrap();
    let written = place.results("out");
    assert_eq!(outputs.len() + 1, written.len());
    for (name, blake3) in outputs {
        assert_eq!(blake3.as_str().unwrap(), hash(&format!("out/{name}")));
    }
    let inputs = manifest["inputs"].as_array().unwrap();
    assert_eq!(inputs.len(), 7);
    for input in inputs {
        assert_eq!(input["blake3"].as_str().unwrap(), hash(input["path"].as_str().unwrap()));
    }
}
