//! `ddu report`: the page of a run again, from its folder alone.

use crate::page;
use crate::place::Place;
use ddu::units::MicroDollars;
use std::fs;

fn micro(text: &str) -> i64 {
    if text.is_empty() { 0 } else { MicroDollars::parse(text).unwrap().amount.0 }
}

#[test]
fn the_page_is_made_again_byte_by_byte() {
    let place = Place::new();
    for command in ["run", "award"] {
        place.set("award", "drop_outs = 1");
        place.ddu(&format!("{command} scenario.toml -o out")).with(0);
        let first = fs::read(place.path("out/report.html")).unwrap();
        assert!(first.len() < 1_000_000);
        place.write("out/report.html", "gone");
        place.ddu("report out").with(0).saying("report.html");
        assert!(fs::read(place.path("out/report.html")).unwrap() == first, "{command}");
        place.ddu("verify out").with(0);
    }
    let data = page::data(&place.read("out/report.html"));
    assert_eq!(data["map"]["attribution"], "Roads and places are invented");
    assert!(data["map"]["roads"].as_array().unwrap().len() > 1);
}

/// The parts of each award's injection cost sum to the cost that the award names, to the micro-dollar.
#[test]
fn costs_sum_up_part_by_part() {
    let place = Place::new();
    place.ddu("award scenario.toml -o out").with(0);
    let data = page::data(&place.read("out/report.html"));
    let table = data["tables"].as_array().unwrap().iter().find(|table| table["name"] == "waterfall").unwrap();
    let names: Vec<&str> = table["columns"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    let at = |name: &str| names.iter().position(|other| *other == name).unwrap();
    let awards = place.table("out/awards.csv");
    let (mut found, mut driven) = (0, 0);
    for row in table["rows"].as_array().unwrap() {
        let text = |name: &str| row[at(name)].as_str().unwrap_or_default();
        let parts = &names[at("distance_usd")..at("injection_usd")];
        let sum: i64 = parts.iter().map(|part| micro(text(part))).sum();
        assert_eq!(sum, micro(text("injection_usd")), "{row}");
        driven += i64::from(micro(text("distance_usd")) > 0);
        if let Some(award) = awards.iter().find(|award| award["bid_id"] == text("bid_id")) {
            assert_eq!(award["injection_usd"], text("injection_usd"));
            found += 1;
        }
    }
    assert_eq!(found, awards.len());
    assert!(found > 3 && driven > 3);
}

#[test]
fn routes_are_shown_on_another_page() {
    let place = Place::new();
    place.ddu("award scenario.toml -o out").with(0);
    place.ddu("routes scenario.toml --award out -o routes").with(0);
    place.ddu("report out --routes routes").with(2).saying("--output");
    place.ddu("report out --routes routes -o day.html").with(0);
    place.ddu("report out --routes routes -o day.html").with(2).saying("--force");
    let data = page::data(&place.read("day.html"));
    let drawn = data["map"]["routes"].as_array().unwrap();
    let told: serde_json::Value = serde_json::from_str(&place.read("routes/routes.geojson")).unwrap();
    let routes = told["features"].as_array().unwrap().iter().filter(|f| f["properties"]["kind"] == "route").count();
    assert!(routes > 0 && drawn.len() == routes);
    assert!(drawn.iter().all(|route| route["line"].as_array().unwrap().len() >= 4));
    place.ddu("report routes").with(3).saying("--routes");
    place.ddu("report out --routes out -o other.html").with(3).saying("ddu routes");
}

#[test]
fn changed_and_absent_files_are_named() {
    let place = Place::new();
    place.ddu("report nowhere").with(3).saying("finished run");
    place.ddu("award scenario.toml -o out").with(0);
    let awards = place.read("out/awards.csv");
    place.write("out/awards.csv", format!("{awards}\n"));
    place.ddu("report out").with(3).saying("awards.csv").saying("changed since");
    place.write("out/awards.csv", awards);
    fs::remove_file(place.path("out/page.json")).unwrap();
    place.ddu("report out").with(3).saying("page.json");
}
