//! Closed roads and traffic from files, through the program.

use crate::place::{Place, assert_same};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::RowAccessor;
use std::collections::BTreeMap;
use std::fs::File;

/// One way in six of the sample's map closed, and the morning's traffic at the release times.
pub(crate) fn bent() -> Place {
    let place = Place::new();
    let network = ddu::pipeline::read_network(&place.path("region.osm.pbf"), &ddu::progress::Silent).unwrap().network;
    let mut ways: Vec<i64> = network.segments().iter().map(|s| s.way).collect();
    ways.sort_unstable();
    ways.dedup();
    let rows: String = ways.iter().step_by(6).map(|way| format!("{way},both,,works\n")).collect();
    place.write("closed.csv", format!("way_id,direction,vehicle,note\n{rows}"));
    place.set("inputs", "closed_roads = \"closed.csv\"");
    let text = place.read("scenario.toml");
    let traffic = "\n[[traffic]]\nname = \"am_peak\"\nfrom = \"02:00\"\nto = \"05:00\"\nspeed_factor = 0.5\n";
    place.write("scenario.toml", text + traffic);
    place
}

/// Rows of a matrix by departure, and those whose outbound path takes so many seconds in all.
fn departures(place: &Place, name: &str) -> BTreeMap<String, (usize, f64)> {
    let reader = SerializedFileReader::new(File::open(place.path(name)).unwrap()).unwrap();
    let mut found: BTreeMap<String, (usize, f64)> = BTreeMap::new();
    for row in reader.get_row_iter(None).unwrap().map(Result::unwrap) {
        let (rows, seconds) = found.entry(row.get_string(3).unwrap().clone()).or_default();
        *rows += 1;
        *seconds += row.get_double(7).unwrap_or(0.0);
    }
    found
}

#[test]
fn a_matrix_holds_all_departures_and_a_run_those_it_needs() {
    let place = bent();
    place.ddu("matrix scenario.toml -o all.parquet --threads 1").with(0);
    place.ddu("matrix scenario.toml -o again.parquet --threads 3").with(0);
    let bytes = |name: &str| std::fs::read(place.path(name)).unwrap();
    assert!(bytes("all.parquet") == bytes("again.parquet"));
    let all = departures(&place, "all.parquet");
    assert_eq!(all.keys().collect::<Vec<_>>(), ["am_peak", "free_flow"]);
    let cells = place.table("hubs.csv").len() * place.table("ddus.csv").len() * 3;
    assert!(all.values().all(|(rows, _)| *rows == cells), "{all:?}");
    // Half the speed: turns aside, twice the time.
    let ratio = all["am_peak"].1 / all["free_flow"].1;
    assert!((1.5..2.0).contains(&ratio), "{ratio}");

    // A plain table has another matrix: roads are open and nothing is slow.
    let plain = Place::new();
    plain.ddu("matrix scenario.toml -o all.parquet").with(0);
    let free = departures(&plain, "all.parquet")["free_flow"];
    assert!(free.0 == cells && (free.1 - all["free_flow"].1).abs() > 1.0, "{free:?} {all:?}");

    place.ddu("run scenario.toml -o out --threads 1").with(0);
    place.ddu("run scenario.toml -o two --threads 2").with(0);
    assert_same(&place.results("out"), &place.results("two"), &[]);
    let run = departures(&place, "out/matrix.parquet");
    assert_eq!(run["am_peak"], all["am_peak"]);
    let manifest: serde_json::Value = serde_json::from_str(&place.read("out/manifest.json")).unwrap();
    assert_eq!(manifest["settings"]["traffic"][0]["name"], "am_peak");
    let input = manifest["inputs"].as_array().unwrap().iter().find(|i| i["role"] == "closed_roads").unwrap();
    assert!(input["rows"].as_u64().unwrap() >= 20 && input["rows"] == input["accepted"]);
}

#[test]
fn rows_that_close_nothing_are_found_by_check() {
    let place = bent();
    place.write("closed.csv", place.read("closed.csv") + "4711,both,,\nx7,both,,\n");
    let lines = u64::try_from(place.read("closed.csv").lines().count()).unwrap();
    let said = place.fails("check scenario.toml --log-format json", 3);
    assert_eq!(
        said.found("W307"),
        [("closed.csv".into(), lines - 1, "way 4711 has no road on the map in direction both".into())]
    );
    assert_eq!(said.found("E111")[0].1, lines);
    let printed = place.ddu("check scenario.toml --print-config").stdout;
    assert!(printed.contains("[[traffic]]\nname = \"am_peak\""), "{printed}");
}
