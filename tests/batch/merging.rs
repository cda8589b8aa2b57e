//! Regions that overlap: of each haul the cheapest, with the region it is from; and the award on all of them.

use super::FILES;
use crate::place::{Place, table};
use parquet::file::reader::{FileReader, SerializedFileReader};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};

/// Rows of a Parquet file: cells as text by column.
fn rows(place: &Place, name: &str) -> Vec<BTreeMap<String, String>> {
    let reader = SerializedFileReader::new(File::open(place.path(name)).unwrap()).unwrap();
    let row = |row: parquet::record::Row| {
        row.get_column_iter().map(|(name, field)| (name.clone(), field.to_string())).collect()
    };
    reader.get_row_iter(None).unwrap().map(|r| row(r.unwrap())).collect()
}

/// The region whole and without bids (`whole`), and its like with roads closed (`closed`), which comes first by name.
fn overlapping() -> Place {
    let place = Place::new();
    for name in ["closed", "whole"] {
        fs::create_dir(place.path(name)).unwrap();
        for file in FILES {
            fs::copy(place.path(file), place.path(name).join(file)).unwrap();
        }
    }
    let first = |file: &str, id: &str, at: usize| place.table(file)[at][id].clone();
    let (hub, unit) = (first("hubs.csv", "hub_id", 0), first("ddus.csv", "ddu_id", 4));
    let words = format!("route scenario.toml --from hub:{hub} --to ddu:{unit} --vehicle cargo_van -o route.geojson -q");
    place.ddu(&words).with(0);
    let route: serde_json::Value = serde_json::from_str(&place.read("route.geojson")).unwrap();
    let legs = route["features"].as_array().unwrap().iter().filter(|f| f["properties"]["kind"] == "leg");
    let ways: BTreeSet<i64> = legs.filter_map(|leg| leg["properties"]["way"].as_i64()).collect();
    let middle = ways.iter().nth(ways.len() / 2).unwrap();
    place.write("closed/closed.csv", format!("way_id\n{middle}\n"));
    let text = place.read("closed/scenario.toml");
    place.write("closed/scenario.toml", text.replace("[inputs]\n", "[inputs]\nclosed_roads = \"closed.csv\"\n"));
    // Only one of the regions has the last hub.
    let hubs = place.read("whole/hubs.csv");
    let last = hubs.trim_end().lines().last().unwrap().split(',').next().unwrap().to_owned();
    for name in ["closed", "whole"] {
        let text = place.read(&format!("{name}/scenario.toml"));
        let kept = text.lines().filter(|l| !l.starts_with("bids =") && !l.starts_with("bidders ="));
        let text = kept.map(|l| format!("{l}\n")).collect::<String>();
        place.write(
            &format!("{name}/scenario.toml"),
            text + "\n[[traffic]]\nname = \"am\"\nfrom = \"02:00\"\nto = \"04:00\"\n",
        );
    }
    let kept = hubs.lines().filter(|l| !l.starts_with(&format!("{last},"))).map(|l| format!("{l}\n"));
    place.write("whole/last_hub.txt", &last);
    place.write("closed/hubs.csv", kept.collect::<String>());
    place
}

#[test]
fn the_cheapest_of_each_haul_is_taken_and_awards_run_on_it() {
    let place = overlapping();
    let traffic = "\n[[traffic]]\nname = \"am\"\nfrom = \"02:00\"\nto = \"04:00\"\n";
    place.write("scenario.toml", place.read("scenario.toml") + traffic);
    let tabled =
        place.read("scenario.toml").replace("map = \"region.osm.pbf\"", "costs = \"out/merged/costs.parquet\"");
    place.write("national.toml", tabled);
    place.write(
        "batch.toml",
        "[[region]]\nscenario = \"closed/scenario.toml\"\n[[region]]\nscenario = \"whole/scenario.toml\"\n\
         [merge]\naward = \"national.toml\"\n",
    );
    place.ddu("run scenario.toml -o one --format parquet -q").with(0);
    place.ddu("batch batch.toml -o out --jobs 2").with(0).saying("merged: done").saying("award: done");
    // Closing roads makes nothing cheaper, so the merged table is that of the whole region.
    let (merged, whole) = (rows(&place, "out/merged/matrix.parquet"), rows(&place, "out/regions/whole/matrix.parquet"));
    let closed = rows(&place, "out/regions/closed/matrix.parquet");
    assert_eq!(merged.len(), whole.len());
    let key =
        |row: &BTreeMap<String, String>| ["hub_id", "ddu_id", "vehicle", "departure"].map(|column| row[column].clone());
    let closed: BTreeMap<_, _> = closed.iter().map(|row| (key(row), row)).collect();
    let last = format!("\"{}\"", place.read("whole/last_hub.txt"));
    let mut from = BTreeMap::new();
    for (row, full) in merged.iter().zip(&whole) {
        let region = row["region"].trim_matches('"').to_owned();
        let same = closed
            .get(&key(row))
            .is_some_and(|other| ["outbound_usd", "return_usd"].iter().all(|c| other[*c] == full[*c]));
        assert_eq!(region, if same { "closed" } else { "whole" }, "{row:?}");
        assert!(row["hub_id"] != last || region == "whole");
        for column in ["hub_id", "ddu_id", "vehicle", "departure", "outbound_usd", "return_usd", "outbound_status"] {
            assert_eq!(row[column], full[column]);
        }
        *from.entry(region).or_insert(0_u64) += 1;
    }
    let manifest: serde_json::Value = serde_json::from_str(&place.read("out/merged/manifest.json")).unwrap();
    assert_eq!(manifest["rows"]["matrix.parquet"], serde_json::to_value(&from).unwrap());
    let strictly = merged.iter().filter(|row| row["region"] == "\"whole\"" && row["hub_id"] != last).count();
    assert!(strictly > 0 && from["closed"] > 0, "{from:?}");
    for name in ["awards.csv", "bids_explained.csv", "hauls.csv", "bidders.csv"] {
        assert_eq!(place.read(&format!("out/award/{name}")), place.read(&format!("one/{name}")), "{name}");
    }
    // `ddu merge` is the same by hand, of the batch or of its runs in any order; nothing is done twice.
    place.ddu("merge out -o a -q").with(0);
    place.ddu("merge out/regions/whole out/regions/closed -o b -q").with(0);
    for name in ["matrix.parquet", "costs.parquet", "manifest.json"] {
        let bytes = fs::read(place.path(&format!("out/merged/{name}"))).unwrap();
        assert!(["a", "b"].iter().all(|f| fs::read(place.path(f).join(name)).unwrap() == bytes), "{name}");
    }
    place
        .ddu("batch batch.toml -o out")
        .with(0)
        .saying("2 up to date")
        .saying("merged: up to date")
        .saying("award: up to date");
    assert!(!table(&place.read("out/award/awards.csv")).is_empty());
}

#[test]
fn regions_that_cannot_be_compared_are_refused() {
    let place = overlapping();
    place.ddu("run whole/scenario.toml -o whole_run --format parquet -q").with(0);
    place.ddu("run closed/scenario.toml -o csv_run -q").with(0);
    place.edit("closed/scenario.toml", "deadhead_share = 1.0", "deadhead_share = 0.5");
    place.edit("closed/vehicles.toml", "[vehicle.cargo_van]\n", "[vehicle.cargo_van]\n# another file\n");
    place.ddu("run closed/scenario.toml -o other_run --format parquet -q").with(0);
    fs::create_dir(place.path("deep")).unwrap();
    place.ddu("run whole/scenario.toml -o deep/whole_run --format parquet -q").with(0);
    let words = "merge whole_run csv_run other_run deep/whole_run nothing -o out --log-format json";
    let said = place.fails(words, 3);
    let found = |code: &str| said.json().iter().filter(|f| f["code"] == code).count();
    let counts = ["E478", "E479", "E471", "E477"].map(found);
    assert_eq!(counts, [1, 2, 1, 1], "{}", said.stderr);
    fs::create_dir(place.path("foreign")).unwrap();
    place.write("foreign/thesis.txt", "years of work");
    place.fails("merge whole_run -o foreign", 2).saying("not of an earlier merge");
}
