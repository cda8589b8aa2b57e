//! Hubs and units that do not meet the map as they should.

use crate::place::{Ended, Place};
use arrow_array::cast::AsArray;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::collections::BTreeSet;
use std::fs::File;

fn check(place: &Place) -> Ended {
    place.ddu("check scenario.toml --format json")
}

/// The finding of a code at a unit's row, if there is one.
fn at(place: &Place, ended: &Ended, code: &str, ddu: &str) -> Option<String> {
    let (line, _) = place.row("ddus.csv", ddu);
    let at_row = |f: &(String, u64, String)| f.0 == "ddus.csv" && f.1 == line;
    let mut found = ended.found(code).into_iter().filter(at_row).map(|f| f.2);
    let first = found.next();
    assert!(found.next().is_none(), "one finding a point");
    first
}

#[test]
fn outside_the_map() {
    let place = Place::new();
    place.cell("ddus.csv", "D00003", "lat", "39.5");
    let said = place.fails("run scenario.toml -o out", 3).saying("error[E304]").saying("39.50000").saying("covers");
    let (line, row) = place.row("ddus.csv", "D00003");
    let column = row.find("39.5").unwrap() + 1;
    assert!(said.stderr.contains(&format!("ddus.csv:{line}:{column}\n")), "{}", said.stderr);

    let bids = place.table("bids.csv");
    place.ddu("run scenario.toml -o lenient --lenient").with(0);
    place.set("inputs", "outside_map = \"drop\"");
    place.ddu("run scenario.toml -o drop").with(0).silent_on("E304").saying("bid lines left out");
    for (folder, dropped, rejected) in [("lenient", 0, 1), ("drop", 1, 0)] {
        let manifest: serde_json::Value =
            serde_json::from_str(&place.read(&format!("{folder}/manifest.json"))).unwrap();
        assert_eq!(manifest["import"]["units outside the map, dropped"], dropped);
        assert_eq!(manifest["import"]["units rejected for their point"], rejected);
        assert_eq!(manifest["rows"]["ddus"], 9);
        let explained = place.table(&format!("{folder}/bids_explained.csv"));
        assert!(explained.iter().all(|b| b["ddu_id"] != "D00003"));
        let gone = manifest["import"]["bid lines left out with their hub or unit"].as_u64().unwrap();
        assert!(gone > 0);
        assert_eq!(explained.len() + usize::try_from(gone).unwrap(), bids.len());
    }
}

#[test]
fn all_outside_the_map() {
    let place = Place::new();
    place.set("inputs", "outside_map = \"drop\"");
    for (id, _) in place.table("hubs.csv").iter().map(|h| (h["hub_id"].clone(), ())) {
        place.cell("hubs.csv", &id, "lat", "39.5");
    }
    place.fails("run scenario.toml -o out", 3).saying("no hub is left");
}

#[test]
fn near_the_border() {
    let place = Place::new();
    let extract = ddu::osm::read_extract(&place.path("region.osm.pbf"), &ddu::progress::Silent).unwrap();
    let unit = place.table("ddus.csv").into_iter().find(|d| d["ddu_id"] == "D00004").unwrap();
    let degrees = |column: &str| unit[column].parse::<f64>().unwrap();
    let dock = ddu::lonlat::LonLat::from_degrees(degrees("lon"), degrees("lat")).unwrap();
    let border = extract.bounds.unwrap().metres_to_border(dock);
    #[allow(clippy::cast_possible_truncation, reason = "some kilometres")]
    let metres = border.floor() as i64;
    place.set("map", &format!("border_buffer_m = {metres}"));
    assert_eq!(at(&place, &check(&place).with(0), "W305", "D00004"), None);
    place.set("map", &format!("border_buffer_m = {}", metres + 1));
    let said = at(&place, &check(&place).with(0), "W305", "D00004").unwrap();
    assert!(said.starts_with(&format!("{border:.0} m from the edge")), "{said}");
}

#[test]
fn far_from_the_road() {
    let place = Place::new();
    place.set("award", "winning_levels = false");
    place.ddu("award scenario.toml -o out").with(0);
    let unit = place.table("out/ddus.csv").into_iter().find(|d| d["ddu_id"] == "D00004").unwrap();
    let metres: f64 = unit["snap_metres"].parse().unwrap();
    assert!(metres > 2.0, "{metres}");
    #[allow(clippy::cast_possible_truncation, reason = "some metres")]
    let (below, above) = ((metres.ceil() as i64) - 1, metres.ceil() as i64);
    place.set("map", &format!("snap_warn_m = {above}"));
    assert_eq!(at(&place, &check(&place).with(0), "W302", "D00004"), None);
    place.set("map", &format!("snap_warn_m = {below}"));
    let said = at(&place, &check(&place).with(0), "W302", "D00004").unwrap();
    assert!(said.starts_with(&unit["snap_metres"]), "{said} {metres}");
    place.set("map", "snap_warn_m = 1");
    place.set("map", &format!("snap_limit_m = {below}"));
    let ended = check(&place).with(3);
    let said = at(&place, &ended, "E301", "D00004").unwrap();
    assert!(said.contains(&format!("within {below} m")) && said.contains(&unit["snap_metres"]), "{said}");
    place.fails("run scenario.toml -o new", 3).saying("error[E301]");
}

#[test]
fn on_an_island() {
    let place = Place::new();
    place.set("award", "winning_levels = false");
    let said = at(&place, &check(&place).with(0), "W303", "D00001").unwrap();
    let arcs: u32 = said.split("component of ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!(arcs > 1);
    place.ddu("run scenario.toml -o out").with(0).saying("warning[W303]");
    let reason = format!("isolated_component({arcs})");
    let costs = place.table("out/costs.csv");
    let (island, main): (Vec<_>, Vec<_>) = costs.iter().partition(|c| c["ddu_id"] == "D00001");
    assert_eq!(island.len(), place.table("hubs.csv").len() * 3);
    for cell in island {
        assert_eq!(cell["status"], reason);
        let filled: BTreeSet<&str> = cell.iter().filter(|(_, v)| !v.is_empty()).map(|(k, _)| k.as_str()).collect();
        assert_eq!(
            filled,
            BTreeSet::from(["hub_id", "ddu_id", "vehicle", "status", "status_at"]),
            "no money without a path"
        );
    }
    assert!(main.iter().all(|c| !c["status"].contains("isolated")));
    let lost = place.table("out/bids_explained.csv");
    let of_island: Vec<_> = lost.iter().filter(|b| b["ddu_id"] == "D00001" && b["package_id"].is_empty()).collect();
    assert!(!of_island.is_empty());
    assert!(of_island.iter().all(|b| b["reason"] == "no_path" && b["explanation"].contains(&reason)));

    let file = File::open(place.path("out/matrix.parquet")).unwrap();
    let mut told = 0;
    for batch in ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap() {
        let batch = batch.unwrap();
        for row in 0..batch.num_rows() {
            let texts = batch.columns().iter().filter_map(|c| c.as_string_opt::<i32>());
            let cells: Vec<&str> = texts.map(|c| c.value(row)).collect();
            assert_eq!(cells.contains(&"D00001"), cells.contains(&reason.as_str()), "{cells:?}");
            told += usize::from(cells.contains(&reason.as_str()));
        }
    }
    assert!(told >= place.table("hubs.csv").len() * 3, "{told}");
}

#[test]
fn moved_off_an_island() {
    let place = Place::new();
    place.set("map", "snap_limit_m = 20000");
    place.set("map", "island_tolerance_m = 20000");
    let ended = check(&place).with(0);
    let said = at(&place, &ended, "W306", "D00001").unwrap();
    assert!(said.contains("snapped to the main network"), "{said}");
    assert_eq!(at(&place, &ended, "W303", "D00001"), None);
    let costs = crate::place::table(&place.ddu("cost scenario.toml -o -").with(0).stdout);
    assert!(costs.iter().any(|c| c["ddu_id"] == "D00001" && !c["trip_usd"].is_empty()));
}
