//! A quote of the small region: its tables reconcile, its bids are accepted and awarded, it is the same for any number of threads.

use crate::place::{Place, assert_same};
use ddu::units::MicroDollars;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::sync::OnceLock;

type Row = BTreeMap<String, String>;

fn usd(text: &str) -> i64 {
    MicroDollars::parse(text).unwrap().amount.0
}

fn number(text: &str) -> i64 {
    text.parse().unwrap()
}

fn sum(rows: &[Row], column: &str) -> i64 {
    rows.iter().filter(|row| !row[column].is_empty()).map(|row| usd(&row[column])).sum()
}

/// The region with its quote in `quote`.
fn quoted() -> &'static Place {
    static RUN: OnceLock<Place> = OnceLock::new();
    RUN.get_or_init(|| {
        let place = Place::new();
        place.ddu("quote scenario.toml -o quote").with(0).saying("worth a bid");
        place
    })
}

fn manifest(place: &Place, folder: &str) -> Value {
    serde_json::from_str(&place.read(&format!("{folder}/manifest.json"))).unwrap()
}

#[test]
fn totals_reconcile_to_the_micro_dollar() {
    let place = quoted();
    let told = &manifest(place, "quote")["quote"];
    let amount = |key: &str| usd(told[key].as_str().unwrap());
    let (units, serve) = (place.table("quote/quote.csv"), place.table("quote/cost_to_serve.csv"));
    let assignment = place.table("quote/assignment.csv");
    assert_eq!(units.len(), place.table("ddus.csv").len());
    assert!(told["units_served"].as_u64().unwrap() >= 5, "{told}");
    assert_eq!(sum(&units, "stand_alone_usd"), amount("stand_alone_usd"));
    assert_eq!(sum(&assignment, "cost_usd"), amount("stand_alone_usd"));
    assert_eq!(sum(&units, "allocated_usd"), amount("routes_usd"));
    assert_eq!(sum(&units, "proportional_usd"), amount("routes_usd"));
    assert_eq!(amount("allocated_usd"), amount("routes_usd"));
    assert!(amount("routes_usd") <= amount("stand_alone_usd"));
    let parts = ["distance", "driving_time", "tolls", "dwell", "stop", "vehicle_day", "handling"];
    let mut served = 0;
    for row in serve.iter().filter(|row| row["reason"].is_empty()) {
        let of_parts: i64 = parts.iter().map(|part| usd(&row[&format!("{part}_usd")])).sum();
        assert_eq!(of_parts, usd(&row["injection_usd"]), "{row:?}");
        assert_eq!(row["in_time"], "true");
        let (pieces, load) = (number(&row["pieces"]), number(&row["pieces_per_trip"]));
        assert_eq!(number(&row["trips"]), (pieces + load - 1) / load, "{row:?}");
        served += 1;
    }
    assert!(served >= 15);
    // Without limits each unit goes to its cheapest hub, so nothing is paid for limits where there is no capacity.
    for row in assignment.iter().filter(|row| !row["limits_cost_usd"].is_empty()) {
        assert!(usd(&row["limits_cost_usd"]) >= 0, "{row:?}");
    }
}

#[test]
fn no_bid_costs_more_than_the_alternative_less_the_margin() {
    let place = quoted();
    let told = &manifest(place, "quote")["quote"];
    let budget = usd(told["alternative"]["budget_usd_per_piece"].as_str().unwrap());
    // near_centre, 1 to 5 lb: 2.95 + 0.14; 10 % margin.
    assert_eq!(told["alternative"]["entry_level"], "near_centre");
    assert_eq!((usd(told["alternative"]["total_usd_per_piece"].as_str().unwrap()), budget), (3_090_000, 2_781_000));
    let mut bids = 0;
    for row in place.table("quote/quote.csv").iter().filter(|row| row["verdict"] == "bid") {
        let (pieces, price, cost) =
            (number(&row["planned_pieces"]), usd(&row["bid_usd_per_piece"]), usd(&row["stand_alone_usd"]));
        assert!(price * pieces + cost <= budget * pieces, "{row:?}");
        assert!(price >= usd(&row["reserve_usd_per_piece"]), "{row:?}");
        let exact = usd(&row["break_even_usd_per_piece"]);
        assert_eq!(exact, (3_090_000 * pieces - cost).div_euclid(pieces), "{row:?}");
        assert!(number(&row["bid_from_pieces"]) <= pieces, "{row:?}");
        bids += 1;
    }
    assert!(bids >= 3, "{bids}");
    let bundles = place.table("quote/bundles.csv");
    let mut by_bundle: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    bundles.iter().for_each(|row| by_bundle.entry(&row["bundle"]).or_default().push(row));
    for lines in by_bundle.values() {
        let shares: i64 = lines.iter().map(|line| usd(&line["share_usd"])).sum();
        assert_eq!(shares, usd(&lines[0]["bundle_joint_usd"]));
        assert!(usd(&lines[0]["bundle_gain_usd"]) > 0);
        assert!(lines.len() >= 2);
        for line in lines {
            let (pieces, price) = (number(&line["pieces"]), usd(&line["bid_usd_per_piece"]));
            assert!(price * pieces + usd(&line["share_usd"]) <= budget * pieces, "{line:?}");
        }
    }
}

#[test]
fn the_bids_are_accepted_and_awarded() {
    let place = quoted();
    place.ddu("check quote/award.toml").with(0);
    place.ddu("award quote/award.toml -o awarded").with(0);
    let bids = place.table("quote/bids.csv");
    let won = place.table("awarded/awards.csv");
    assert!(!bids.is_empty());
    // Nobody else bids, every price is at the reserve or above, and every vehicle is there in time.
    assert_eq!(won.len(), bids.len(), "{:?}", place.table("awarded/bids_explained.csv"));
    place.ddu("verify awarded").with(0);
}

#[test]
fn the_same_bytes_for_one_and_two_threads() {
    let place = quoted();
    place.ddu("quote scenario.toml -o one --threads 1").with(0);
    place.ddu("quote scenario.toml -o two --threads 2").with(0);
    assert_same(&place.results("one"), &place.results("two"), &[]);
    assert_same(&place.results("one"), &place.results("quote"), &[]);
}

#[test]
fn limits_are_kept_and_priced() {
    let place = Place::new();
    let free = place.table("hubs.csv").len();
    place.write(
        "scenario.toml",
        format!("{}\n[[quote.fleet]]\nvehicle = \"box_truck_26ft\"\ncount = 0\n[[quote.fleet]]\nvehicle = \"trailer_53ft\"\ncount = 0\n", place.read("scenario.toml")),
    );
    place.ddu("quote scenario.toml -o quote").with(0);
    let assignment = place.table("quote/assignment.csv");
    assert!(assignment.iter().all(|row| row["vehicle"].is_empty() || row["vehicle"] == "cargo_van"), "{assignment:?}");
    let prices = place.table("quote/limit_prices.csv");
    assert_eq!(prices.iter().filter(|row| row["limit"] == "fleet").count(), 2 * free);
    for row in &prices {
        let difference = usd(&row["cost_usd"]) - usd(&row["cost_without_usd"]);
        assert_eq!(difference, usd(&row["difference_usd"]));
        assert!(number(&row["pieces_gained"]) > 0 || difference >= 0, "{row:?}");
        assert_eq!(row["status"], "optimal");
    }
}

#[test]
fn volumes_by_zip_as_a_spreadsheet_leaves_them() {
    let place = Place::new();
    let units = place.table("ddus.csv");
    let (first, second) = (&units[1], &units[2]);
    // A ZIP of New Jersey without its zero: read, and of no unit here.
    let text = format!(
        "\u{feff}sep=;\r\nzip5;ddu_id;pieces;volume_unit\r\n;{};\"1,234\";pieces_per_week\r\n{}.0;;120.0;\r\n8817;;77;\r\n08817;;3;\r\n",
        first["ddu_id"], second["zip5"]
    );
    place.write("volumes.csv", text);
    let ended = place.ddu("quote scenario.toml -o quote --log-format json").with(0);
    for (code, count) in [("R453", 2), ("R124", 2), ("W451", 1), ("R211", 1)] {
        assert_eq!(ended.found(code).len(), count, "{code}: {}", ended.stderr);
    }
    assert_eq!(ended.found("W451")[0].1, 5, "{}", ended.stderr);
    let rows = place.table("quote/quote.csv");
    let planned = |id: &str| number(&rows.iter().find(|row| row["ddu_id"] == id).unwrap()["planned_pieces"]);
    // 1,234 over six days, up.
    assert_eq!(planned(&first["ddu_id"]), 206);
    let served: i64 = rows.iter().map(|row| number(&row["planned_pieces"])).sum();
    assert_eq!(served, 206 + 120);
    let unmapped = place.table("quote/unmapped_zips.csv");
    assert_eq!(unmapped.len(), 1);
    assert_eq!((unmapped[0]["place"].as_str(), unmapped[0]["planned_pieces"].as_str()), ("08817", "80"));
}

#[test]
fn volumes_of_a_closed_unit_and_of_a_zip_with_several() {
    let place = Place::new();
    let zip = place.table("ddus.csv")[1]["zip5"].clone();
    place.cell("ddus.csv", "D00003", "status", "closed");
    place.cell("ddus.csv", "D00004", "zip5", &zip);
    place.write("volumes.csv", format!("ddu_id,zip5,pieces\nD00003,,5\n,{zip},7\n"));
    let ended = place.ddu("check scenario.toml --no-map --format json");
    assert_eq!(ended.found("W454").len(), 1, "{}", ended.stderr);
    assert_eq!(ended.found("W452")[0].1, 3, "{}", ended.stderr);
}

#[test]
fn hostile_tables_give_findings_and_write_nothing() {
    let place = Place::new();
    place.write(
        "volumes.csv",
        "ddu_id,zip5,pieces,pieces_low,pieces_high\nD9,,5,,\n,,7,,\n,12,3,,\nD00002,,x,,\nD00002,,10,20,\nD00003,,-4,,\n",
    );
    place.write(
        "rates.csv",
        "entry_level,weight_from_lb,weight_to_lb,rate_per_piece\nA,0,5,1.10\nA,4,6,1.20\nB,5,5,1\nC,0,x,1\nD,0,9,-1\nE,50,60,2\n",
    );
    let text = place.read("scenario.toml");
    place.write(
        "scenario.toml",
        format!("{text}\n[quote]\nshipper = \"nobody\"\nmargin = 1\n[[quote.fleet]]\nhub = \"none\"\nvehicle = \"vann\"\ncount = 1\n[[quote.fleet]]\nvehicle = \"cargo_van\"\ncount = 1\n[[quote.fleet]]\nvehicle = \"cargo_van\"\ncount = 2\n"),
    );
    let ended = place.fails("quote scenario.toml -o quote --log-format json", 3);
    for code in
        ["E450", "E108", "E123", "E111", "E455", "E112", "E456", "E457", "E114", "W458", "E459", "E460", "E461", "E006"]
    {
        assert!(ended.stderr.contains(&format!("\"{code}\"")), "{code}: {}", ended.stderr);
    }
    assert!(!place.path("quote").exists());
}

#[test]
fn usage() {
    let place = Place::new();
    place.fails("quote", 2);
    place.fails("quote --extract region.osm.pbf", 2);
    place.fails("quote scenario.toml -o .", 2).saying("--output");
    place.fails("quote missing.toml -o quote", 3);
    place.ddu("quote scenario.toml --print-config").with(0);
}

/// From a map and two tables, in one command; the scenario that it makes gives the same quote once more.
#[test]
fn one_command_from_a_map_and_tables() {
    let place = Place::new();
    let strip = |table: &str, from: &str, to: &str| place.read(table).replacen(from, to, 1);
    place.write("my_hubs.csv", strip("hubs.csv", "shipper_id", "shipper"));
    place.write("my_ddus.csv", place.read("ddus.csv"));
    let words =
        "quote --extract region.osm.pbf --hubs my_hubs.csv --ddus my_ddus.csv --timezone America/Chicago -o results/q";
    let ended = place.ddu(words).with(0).saying("assumptions");
    drop(ended);
    let told = manifest(&place, "results/q");
    let names: Vec<&str> =
        told["quote"]["assumptions"].as_array().unwrap().iter().map(|a| a["name"].as_str().unwrap()).collect();
    for name in ["inputs.rates", "inputs.vehicles", "inputs.volumes", "parcel.mean_weight_lb", "quote.margin"] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
    assert!(place.read("results/q/quote_sheet.txt").contains("inputs.rates"));
    place.ddu("check results/q/award.toml").with(0);
    place.ddu("award results/q/award.toml -o awarded").with(0);
    fs::rename(place.path("results/q/scenario"), place.path("again")).unwrap();
    place.ddu("quote again/scenario.toml -o twice").with(0);
    assert_eq!(place.read("twice/quote.csv"), place.read("results/q/quote.csv"));
    assert_eq!(place.read("twice/bids.csv"), place.read("results/q/bids.csv"));
}

#[test]
fn a_quote_verifies_and_edits_of_it_are_found() {
    let whole = quoted();
    whole.ddu("verify quote").with(0).saying("is verified");
    let bid = whole.table("quote/quote.csv").into_iter().find(|row| row["verdict"] == "bid").unwrap();
    let id = bid["ddu_id"].as_str();
    let a_cent = |text: &str| MicroDollars(usd(text) + 10_000).to_string();
    for (table, column, value, expected) in [
        ("quote.csv", "bid_usd_per_piece", a_cent(&bid["bid_usd_per_piece"]), ("E435", "bid_usd_per_piece")),
        ("quote.csv", "room_usd", a_cent(&bid["room_usd"]), ("E435", "room_usd")),
        ("quote.csv", "allocated_usd", a_cent(&bid["allocated_usd"]), ("E435", "quote.allocated_usd")),
        ("quote.csv", "verdict", "below_reserve".to_owned(), ("E435", "verdict")),
        ("quote.csv", "planned_pieces", "1".to_owned(), ("E407", "quote.pieces")),
        ("assignment.csv", "cost_usd", a_cent(&bid["stand_alone_usd"]), ("E435", "cost_usd")),
        ("cost_to_serve.csv", "dwell_usd", "0.01".to_owned(), ("E435", "injection_usd")),
    ] {
        let place = Place::with_results(whole, &["quote"]);
        let text = place.read(&format!("quote/{table}"));
        let row = text.lines().find(|line| line.starts_with(&format!("{id},"))).unwrap();
        let at = text.lines().next().unwrap().split(',').position(|name| name == column).unwrap();
        let mut cells: Vec<&str> = row.split(',').collect();
        cells[at] = &value;
        place.write(&format!("quote/{table}"), text.replacen(row, &cells.join(","), 1));
        place.must_find("quote", &[("E402", "blake3")]);
        place.sign("quote", table);
        place.must_find("quote", &[expected]);
    }
    let place = Place::with_results(whole, &["quote"]);
    let bids = place.read("quote/bids.csv");
    let kept: Vec<&str> = bids.lines().take(bids.lines().count() - 1).collect();
    place.write("quote/bids.csv", kept.join("\n") + "\n");
    place.sign("quote", "bids.csv");
    place.must_find("quote", &[("E409", "")]);
}
