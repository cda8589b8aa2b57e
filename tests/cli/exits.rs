//! Exit codes, and that nothing is written where something is wrong.

use crate::place::Place;
use std::fs;

#[test]
fn zero_when_done_and_an_earlier_run_is_replaced() {
    let place = Place::new();
    place.set("award", "winning_levels = false");
    let said = place.ddu("run scenario.toml -o a/b/out").with(0).saying("results in a/b/out");
    assert!(said.stdout.is_empty());
    assert!(place.path("a/b/out/costs.csv").is_file());
    place.write("a/b/out/notes.txt", "mine");
    place.ddu("run scenario.toml -o a/b/out --format parquet -q").with(0).silent_on("results");
    assert!(place.path("a/b/out/costs.parquet").is_file());
    assert!(!place.path("a/b/out/costs.csv").exists(), "a table of another run beside the new manifest");
    assert_eq!(place.read("a/b/out/notes.txt"), "mine");
    place.ddu("award scenario.toml -o a/b/out").with(0);
    assert!(!place.path("a/b/out/costs.parquet").exists() && !place.path("a/b/out/matrix.parquet").exists());
}

#[test]
fn two_when_something_else_must_be_typed() {
    let place = Place::new();
    fs::create_dir(place.path("foreign")).unwrap();
    place.write("foreign/thesis.txt", "years of work");
    fs::create_dir(place.path("other")).unwrap();
    place.write("other/manifest.json", r#"{"name": "of another program"}"#);
    place.write("old.csv", "old");
    for (words, text) in [
        ("", "Usage"),
        ("fly scenario.toml", "unrecognized subcommand"),
        ("run", "required"),
        ("run scenario.toml --threads 0", "--threads"),
        ("run scenario.toml --format xlsx", "--format"),
        ("run scenario.toml -o foreign", "not of an earlier run"),
        ("run scenario.toml -o other", "not of an earlier run"),
        ("run scenario.toml -o old.csv", "not a folder"),
        ("run scenario.toml -o old.csv/out", "not a folder"),
        ("run scenario.toml -o . --force", "the input"),
        ("award scenario.toml -o foreign", "not of an earlier run"),
        ("run scenario.toml -o out --rejects old.csv", "does not hold rejected rows"),
        ("run scenario.toml -o out --rejects ddus.csv", "does not hold rejected rows"),
        ("run scenario.toml -o out --rejects nowhere/rejects.csv", "no folder nowhere"),
        ("check scenario.toml --rejects foreign", "is a folder"),
        ("cost scenario.toml", "--output"),
        ("cost scenario.toml -o old.csv", "exists"),
        ("cost scenario.toml -o nowhere/costs.csv", "no folder nowhere"),
        ("cost scenario.toml -o foreign", "is a folder"),
        ("cost scenario.toml -o ./ddus.csv --force", "the input"),
        ("matrix scenario.toml -o matrix.csv", ".parquet"),
        ("matrix scenario.toml -o old.parquet/m.parquet", "no folder"),
        ("prepare region.osm.pbf -o old.csv", "exists"),
        ("route scenario.toml --from 38,-98 --to 38,-98.1", "--vehicle"),
        ("route scenario.toml --from 38,-98 --vehicle cargo_van", "--to"),
        ("sample foreign", "not empty"),
        ("sample new --junctions 10", "--junctions"),
        ("sample new --extract region.osm.pbf", "--hubs"),
    ] {
        place.fails(words, 2).saying(text);
    }
    #[cfg(unix)]
    place.fails("cost scenario.toml -o /dev/null --force", 2).saying("not a regular file");
    place.ddu("cost scenario.toml -o old.csv --force").with(0);
    assert!(place.read("old.csv").starts_with("hub_id,"));
}

#[test]
fn three_for_every_map_that_is_none() {
    let place = Place::new();
    let map = fs::read(place.path("region.osm.pbf")).unwrap();
    place.ddu("prepare region.osm.pbf -o region.roads").with(0).saying("prepared map in region.roads");
    let roads = fs::read(place.path("region.roads")).unwrap();
    let bad = |name: &str, bytes: &[u8], text: &str| {
        place.write(name, bytes);
        let scenario = place.read("scenario.toml").replace("region.osm.pbf", name);
        place.write("bad.toml", scenario);
        place.fails("run bad.toml -o out", 3).saying(text).saying(name);
        place.fails("run bad.toml -o out --lenient", 3);
        place.fails("cost bad.toml -o costs.csv", 3).saying(text);
        place.fails("check bad.toml", 3).saying(text);
        if name.ends_with(".osm.pbf") {
            place.fails(&format!("prepare {name} -o new.roads"), 3).saying(text);
        }
        fs::remove_file(place.path("bad.toml")).unwrap();
        fs::remove_file(place.path(name)).unwrap();
    };
    bad("m1.osm.pbf", b"", "is empty");
    bad("m2.osm.pbf", b"<osm version=\"0.6\">this is XML</osm>", "not an OpenStreetMap PBF file");
    for length in [1, 3, 4, 20, 151, 152, 160, map.len() / 3, map.len() / 2, map.len() - 1] {
        bad("m3.osm.pbf", &map[..length], "m3.osm.pbf");
    }
    for length in [0, 7, 40, roads.len() / 2, roads.len() - 1] {
        bad("m4.roads", &roads[..length], "m4.roads");
    }
    for at in [0, 9, roads.len() / 2, roads.len() - 1] {
        let mut damaged = roads.clone();
        damaged[at] ^= 0x40;
        bad("m5.roads", &damaged, "m5.roads");
    }
    bad("m6.roads", &map, "m6.roads");
}

#[test]
fn three_for_a_map_that_is_missing_a_folder_or_without_roads() {
    let place = Place::new();
    place.edit("scenario.toml", "region.osm.pbf", "gone.osm.pbf");
    place.fails("run scenario.toml -o out", 3).saying("E001").saying("gone.osm.pbf").silent_on("--lenient");
    place.fails("prepare gone.osm.pbf -o new.roads", 3).saying("gone.osm.pbf");
    fs::create_dir(place.path("gone.osm.pbf")).unwrap();
    place.fails("run scenario.toml -o out --lenient", 3).saying("E001").saying("gone.osm.pbf");
    place.fails("prepare gone.osm.pbf -o new.roads", 3).saying("gone.osm.pbf");
    fs::remove_dir(place.path("gone.osm.pbf")).unwrap();
    // The header block alone is a valid map of nothing: its length is in its first bytes (4 + header + blob).
    let map = fs::read(place.path("region.osm.pbf")).unwrap();
    place.write("gone.osm.pbf", &map[..header_block(&map)]);
    place.fails("run scenario.toml -o out", 3).saying("gone.osm.pbf").saying("road");
    place.fails("prepare gone.osm.pbf -o new.roads", 3).saying("road");
}

/// Bytes of the first block: its length prefix, its BlobHeader and the blob whose size field 3 of the header tells.
fn header_block(map: &[u8]) -> usize {
    let header = usize::try_from(u32::from_be_bytes(map[..4].try_into().unwrap())).unwrap();
    let fields = &map[4..4 + header];
    // Field 3 (tag 0x18) ends the header: a varint.
    let at = fields.iter().rposition(|b| *b == 0x18).unwrap();
    let size = fields[at + 1..].iter().rev().fold(0, |n, b| n << 7 | usize::from(b & 0x7f));
    4 + header + size
}

#[test]
fn three_for_files_that_cannot_be_read() {
    for name in ["scenario.toml", "vehicles.toml", "hubs.csv", "ddus.csv", "bidders.csv", "bids.csv"] {
        let place = Place::new();
        fs::remove_file(place.path(name)).unwrap();
        place.fails("run scenario.toml -o out --lenient", 3).saying("E001").saying(name);
    }
}

#[test]
fn five_when_a_limit_is_hit_and_the_gap_is_written() {
    let place = Place::new();
    place.set("award", "winning_levels = false");
    place.set("award", "gap_tolerance = 0");
    place.set("award", "node_limit = 0");
    place.ddu("run scenario.toml -o out").with(5).saying("a limit was hit");
    let manifest: serde_json::Value = serde_json::from_str(&place.read("out/manifest.json")).unwrap();
    let award = &manifest["award"];
    assert_eq!(award["status"], "gap_limit");
    let usd = |key: &str| award[key].as_str().unwrap().parse::<f64>().unwrap();
    assert!(usd("bound_usd") > usd("value_usd"), "{award}");
    // Without any value the gap is no share of it.
    assert_eq!(award["gap_ppm"].as_u64().map(|gap| gap > 0), (usd("value_usd") > 0.0).then_some(true), "{award}");
    assert_eq!(place.table("out/bids_explained.csv").len(), place.table("bids.csv").len());
}
