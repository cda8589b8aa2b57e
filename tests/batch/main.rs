//! Many regions, parts of tables, and both merged: as their users meet them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs, unreachable_pub, dead_code)]

mod kills;
mod manifest;
mod merging;
#[path = "../cli/place.rs"]
mod place;
mod running;
mod shards;

use place::Place;
use std::fs;

/// Files of a region.
const FILES: [&str; 9] = [
    "region.osm.pbf",
    "hubs.csv",
    "ddus.csv",
    "vehicles.toml",
    "bidders.csv",
    "bids.csv",
    "volumes.csv",
    "rates.csv",
    "scenario.toml",
];

/// A place with the small region in several folders, each with a seed of its own, and a manifest that names all of them.
fn regions(names: &[&str]) -> Place {
    let place = Place::new();
    // Levels take most of the time and tell nothing here.
    place.set("award", "winning_levels = false");
    let text = place.read("scenario.toml");
    for (seed, name) in names.iter().enumerate() {
        fs::create_dir(place.path(name)).unwrap();
        for file in FILES {
            fs::copy(place.path(file), place.path(name).join(file)).unwrap();
        }
        let seeded =
            text.lines().map(|l| if l.starts_with("seed =") { format!("seed = {seed}") } else { l.to_owned() });
        place.write(&format!("{name}/scenario.toml"), seeded.collect::<Vec<_>>().join("\n"));
    }
    for file in FILES {
        fs::remove_file(place.path(file)).unwrap();
    }
    place.write("batch.toml", "[[region]]\nscenario = \"*/scenario.toml\"\n");
    place
}

/// The status file.
fn status(place: &Place, batch: &str) -> serde_json::Value {
    serde_json::from_str(&place.read(&format!("{batch}/status.json"))).unwrap()
}

/// States of regions, by name.
fn states(place: &Place, batch: &str) -> Vec<(String, String)> {
    let status = status(place, batch);
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    status["regions"].as_array().unwrap().iter().map(|r| (text(&r["name"]), text(&r["state"]))).collect()
}

fn are(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, state)| ((*name).to_owned(), (*state).to_owned())).collect()
}
