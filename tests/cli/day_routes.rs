//! Routes of the small region: whole, verified, the same for any number of threads; and every edit is found.

use crate::place::{Place, assert_same};
use serde_json::Value;
use std::fs;
use std::sync::OnceLock;

/// The region with an award in `out` and its routes in `routes`.
fn finished() -> Place {
    static RUN: OnceLock<Place> = OnceLock::new();
    let run = RUN.get_or_init(|| {
        let place = Place::new();
        place.set("award", "winning_levels = false");
        place.ddu("award scenario.toml -o out").with(0);
        place.ddu("routes scenario.toml --award out -o routes").with(0);
        place
    });
    Place::with_results(run, &["out", "routes"])
}

/// Adds settings of `[routes]`.
fn append(place: &Place, settings: &str) {
    place.write("scenario.toml", format!("{}\n[routes]\n{settings}\n", place.read("scenario.toml")));
}

/// A table of the routes: header and rows.
fn table(place: &Place, name: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let text = place.read(&format!("routes/{name}"));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
    (header, reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect())
}

/// A table rewritten and signed.
fn rewrite(place: &Place, name: &str, edit: impl FnOnce(&dyn Fn(&str) -> usize, &mut Vec<Vec<String>>)) {
    let (header, mut rows) = table(place, name);
    edit(&|column| header.iter().position(|c| c == column).unwrap(), &mut rows);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).unwrap();
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    place.write(&format!("routes/{name}"), String::from_utf8(writer.into_inner().unwrap()).unwrap());
    place.sign("routes", name);
}

/// The first stop of the routes, bent.
fn bend_stop(column: &str, change: impl Fn(&str) -> String) -> Place {
    let place = finished();
    rewrite(&place, "routes.csv", |at, rows| {
        let row = rows.iter_mut().find(|row| row[at("kind")] == "stop").unwrap();
        row[at(column)] = change(&row[at(column)]);
    });
    place
}

/// Seconds with three decimals, a minute later.
fn a_minute_more(text: &str) -> String {
    let (whole, part) = text.split_once('.').unwrap();
    format!("{}.{part}", whole.parse::<u64>().unwrap() + 60)
}

fn a_cent_more(text: &str) -> String {
    let amount = ddu::units::MicroDollars::parse(text).unwrap().amount;
    ddu::units::MicroDollars(amount.0 + 10_000).to_string()
}

fn usd(text: &str) -> i64 {
    ddu::units::MicroDollars::parse(text).unwrap().amount.0
}

#[test]
fn routes_verify_and_cost_no_more_than_direct_trips() {
    let place = finished();
    let ended = place.ddu("verify routes").with(0);
    assert!(ended.stderr.contains("is verified"), "{}", ended.stderr);
    let told: Value = serde_json::from_str(&place.read("routes/manifest.json")).unwrap();
    let amount = |key: &str| usd(told["routes"][key].as_str().unwrap());
    assert!(amount("cost_usd") > 0 && amount("cost_usd") <= amount("direct_usd"), "{}", told["routes"]);
    assert!(told["routes"]["pieces"].as_u64().unwrap() > 0);
    // Every route has its line on the map and its sheet.
    let map: Value = serde_json::from_str(&place.read("routes/routes.geojson")).unwrap();
    let features = map["features"].as_array().unwrap();
    let of = |kind: &str| features.iter().filter(|f| f["properties"]["kind"] == kind).count() as u64;
    assert_eq!(of("route"), told["routes"]["routes"].as_u64().unwrap());
    assert_eq!(of("stop"), told["routes"]["visits"].as_u64().unwrap());
    for line in features.iter().filter(|f| f["properties"]["kind"] == "route") {
        assert!(line["geometry"]["coordinates"].as_array().unwrap().len() >= 2);
    }
    let sheets = place.read("routes/route_sheets.txt");
    assert_eq!(sheets.matches("ROUTE ").count() as u64, of("route"));
}

#[test]
fn costs_sum_to_the_routes() {
    let place = finished();
    let (header, rows) = table(&place, "route_costs.csv");
    let sum = |column: &str| -> i64 {
        let at = header.iter().position(|c| c == column).unwrap();
        rows.iter().map(|row| usd(&row[at])).sum()
    };
    let told: Value = serde_json::from_str(&place.read("routes/manifest.json")).unwrap();
    assert_eq!(sum("shapley_usd"), usd(told["routes"]["cost_usd"].as_str().unwrap()));
    assert_eq!(sum("proportional_usd"), usd(told["routes"]["cost_usd"].as_str().unwrap()));
    assert_eq!(sum("direct_usd"), usd(told["routes"]["direct_usd"].as_str().unwrap()));
}

#[test]
fn the_same_bytes_for_one_and_two_threads() {
    let place = finished();
    place.ddu("routes scenario.toml --award out -o one --threads 1").with(0);
    for name in ["routes.csv", "orders.csv", "route_costs.csv", "routes.geojson", "route_sheets.txt", "manifest.json"] {
        assert_eq!(place.read(&format!("one/{name}")), place.read(&format!("routes/{name}")), "{name}");
    }
}

#[test]
fn an_award_that_is_determined_gives_the_routes_of_its_folder() {
    let place = finished();
    place.ddu("routes scenario.toml -o determined").with(0);
    assert_eq!(place.read("determined/routes.csv"), place.read("routes/routes.csv"));
    place.ddu("verify determined").with(0);
}

#[test]
fn planned_volumes_reach_every_unit_or_say_why() {
    let place = finished();
    place.ddu("routes scenario.toml --planned -o planned").with(0);
    place.ddu("verify planned").with(0);
    let orders = place.table("planned/orders.csv");
    assert_eq!(orders.len(), place.table("ddus.csv").len());
    for order in orders {
        assert_eq!(order["pieces"] == order["brought_pieces"], order["reason"].is_empty(), "{order:?}");
    }
}

#[test]
fn usage() {
    let place = Place::new();
    place.fails("routes scenario.toml --award nowhere", 2).saying("--award");
    place.fails("routes scenario.toml --award . --planned", 2);
    fs::create_dir(place.path("empty")).unwrap();
    place.fails("routes scenario.toml --award empty", 3).saying("E401");
    append(&place, "driving_limit_h = 0\nsamples = 0");
    place.fails("check scenario.toml", 3).saying("driving_limit_h").saying("samples");
}

#[test]
fn an_award_and_routes_do_not_share_a_folder() {
    let place = finished();
    place.fails("routes scenario.toml --award out -o out", 2).saying("--output");
    place.fails("award scenario.toml -o routes", 2).saying("not of an earlier run");
}

#[test]
fn a_minute_is_found() {
    for (column, shown) in
        [("arrive_s", "arrive_s"), ("begin_s", "wait_s"), ("leave_s", "leave_s"), ("leg_s", "arrive_s")]
    {
        bend_stop(column, a_minute_more).must_find("routes", &[("E426", shown)]);
    }
    for column in ["arrive_local", "begin_local", "leave_local"] {
        let place = bend_stop(column, |_| "23:59".to_owned());
        place.must_find("routes", &[("E426", column)]);
    }
}

#[test]
fn a_piece_is_found() {
    let more = |text: &str| (text.parse::<u32>().unwrap() + 1).to_string();
    let place = bend_stop("pieces", more);
    place.must_find("routes", &[("E426", "unload_s"), ("E431", "handling_usd"), ("E432", "pieces"), ("E432", "")]);
    let place = finished();
    rewrite(&place, "orders.csv", |at, rows| {
        let row = &mut rows[0];
        row[at("pieces")] = more(&row[at("pieces")]);
        row[at("brought_pieces")] = row[at("pieces")].clone();
    });
    place.must_find("routes", &[("E432", ""), ("E407", "routes.pieces")]);
}

#[test]
fn a_cent_is_found() {
    for column in ["leg_usd", "dock_usd", "stop_usd", "handling_usd", "money_usd"] {
        bend_stop(column, a_cent_more).must_find("routes", &[("E431", column)]);
    }
    for column in ["route_usd", "vehicle_day_usd"] {
        let place = finished();
        rewrite(&place, "routes.csv", |at, rows| rows[0][at(column)] = a_cent_more(&rows[0][at(column)]));
        place.must_find("routes", &[("E431", column)]);
    }
    for column in ["shapley_usd", "proportional_usd"] {
        let place = finished();
        rewrite(&place, "route_costs.csv", |at, rows| rows[0][at(column)] = a_cent_more(&rows[0][at(column)]));
        place.must_find("routes", &[("E433", "")]);
    }
    for key in ["cost_usd", "direct_usd"] {
        let place = finished();
        place.manifest("routes", |m| m["routes"][key] = a_cent_more(m["routes"][key].as_str().unwrap()).into());
        place.must_find("routes", &[("E433", &format!("routes.{key}"))]);
    }
}

#[test]
fn removed_rows_are_found() {
    let place = finished();
    rewrite(&place, "routes.csv", |at, rows| {
        let last = rows.iter().position(|row| row[at("kind")] == "return").unwrap();
        rows.remove(last);
    });
    place.must_find("routes", &[("E425", "")]);
    let place = finished();
    rewrite(&place, "route_costs.csv", |_, rows| drop(rows.remove(0)));
    place.must_find("routes", &[("E409", "")]);
    let place = finished();
    rewrite(&place, "orders.csv", |_, rows| drop(rows.remove(0)));
    place.must_find("routes", &[("E410", "bid_id"), ("E432", "")]);
}

#[test]
fn a_stop_in_another_order_is_found() {
    let place = bend_stop("ddu_id", |_| "none".to_owned());
    place.must_find("routes", &[("E410", "ddu_id")]);
    let place = finished();
    rewrite(&place, "routes.csv", |at, rows| {
        // Two units change places.
        let stops: Vec<usize> = (0..rows.len()).filter(|row| rows[*row][at("kind")] == "stop").collect();
        let other = stops.iter().find(|row| rows[**row][at("ddu_id")] != rows[stops[0]][at("ddu_id")]).unwrap();
        let name = rows[*other][at("ddu_id")].clone();
        rows[*other][at("ddu_id")] = rows[stops[0]][at("ddu_id")].clone();
        rows[stops[0]][at("ddu_id")] = name;
    });
    place.must_find("routes", &[("E432", "")]);
}

/// A dock without slots, a dock that closes early, a driver with little time: the plan breaks what the scenario says now.
#[test]
fn limits_of_the_scenario_are_held_against_the_routes() {
    let place = finished();
    let bend = |column: &str, value: &str| {
        let text = place.read("ddus.csv");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().unwrap().clone();
        let at = header.iter().position(|name| name == column).unwrap();
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&header).unwrap();
        for row in reader.records().map(Result::unwrap) {
            writer.write_record(row.iter().enumerate().map(|(i, cell)| if i == at { value } else { cell })).unwrap();
        }
        place.write("ddus.csv", String::from_utf8(writer.into_inner().unwrap()).unwrap());
        let (found, ended) = place.refused("routes");
        place.write("ddus.csv", &text);
        (found, ended)
    };
    let (found, ended) = bend("dock_slots", "0");
    assert!(found.iter().any(|(code, field)| code == "E430" && field == "begin_s"), "{}", ended.stderr);
    let (found, ended) = bend("max_vehicle_length_ft", "5");
    assert!(found.iter().any(|(code, field)| code == "E428" && field == "vehicle"), "{}", ended.stderr);
    let (found, ended) = bend("dock_open", "16:59");
    assert!(found.iter().any(|(code, field)| code == "E427" && field == "begin_s"), "{}", ended.stderr);
    append(&place, "duty_limit_h = 0.001");
    place.must_find("routes", &[("E429", "")]);
}

#[test]
fn an_edited_award_is_found() {
    let place = finished();
    let text = place.read("out/awards.csv");
    place.write("out/awards.csv", text.lines().take(2).map(|line| format!("{line}\n")).collect::<String>());
    place.must_find("routes", &[("E406", "blake3"), ("E432", "")]);
}

#[test]
fn a_route_aware_award_is_worth_no_less_on_routes_than_the_stand_alone_award() {
    let place = finished();
    place.ddu("routes scenario.toml --route-aware -o aware").with(0);
    place.ddu("verify aware").with(0);
    let rounds = place.table("aware/route_aware.csv");
    let chosen: Vec<_> = rounds.iter().filter(|round| round["chosen"] == "true").collect();
    assert_eq!(chosen.len(), 1);
    assert!(usd(&chosen[0]["value_on_routes_usd"]) >= usd(&rounds[0]["value_on_routes_usd"]), "{rounds:?}");
    // Round 0 is the award of `out`, and its routes are those of `routes`.
    let won = place.table("out/awards.csv");
    assert_eq!(rounds[0]["lines"], won.len().to_string());
    let value: i64 = won.iter().map(|row| usd(&row["value_usd"])).sum();
    assert_eq!(usd(&rounds[0]["value_usd"]), value);
    assert_eq!(usd(&rounds[0]["value_stand_alone_usd"]), value);
    let told: Value = serde_json::from_str(&place.read("routes/manifest.json")).unwrap();
    // Routes for the lines that count cost no more than those for all.
    assert!(usd(&rounds[0]["routes_usd"]) <= usd(told["routes"]["cost_usd"].as_str().unwrap()));
    // Each bidder's cost of the stand-alone award is that of its lines.
    let bidders = place.table("aware/route_aware_bidders.csv");
    let routed: i64 = bidders.iter().map(|bidder| usd(&bidder["stand_alone_routes_usd"])).sum();
    assert_eq!(routed, usd(told["routes"]["cost_usd"].as_str().unwrap()));
    let direct: i64 = bidders.iter().map(|bidder| usd(&bidder["stand_alone_direct_usd"])).sum();
    assert_eq!(direct, usd(told["routes"]["direct_usd"].as_str().unwrap()));
    // No award on its routes exceeds the bound of award and routes together.
    let aware: Value = serde_json::from_str(&place.read("aware/manifest.json")).unwrap();
    let bound = usd(aware["route_aware"]["bound_usd"].as_str().unwrap());
    assert!(rounds.iter().all(|round| usd(&round["value_on_routes_usd"]) <= bound), "{rounds:?} beside {bound}");
    assert_eq!(aware["route_aware"]["value_on_routes_usd"], chosen[0]["value_on_routes_usd"].as_str());
    assert!(rounds.iter().any(|round| round["award"] == "integrated" || round["award"] == "stand_alone"));
    // What was edited is found.
    let intact = place.read("aware/manifest.json");
    for (key, value) in [("value_on_routes_usd", "1"), ("bound_usd", "1"), ("gap_ppm", "7")] {
        let mut edited: Value = serde_json::from_str(&intact).unwrap();
        edited["route_aware"][key] = value.into();
        place.write("aware/manifest.json", edited.to_string());
        let ended = place.ddu("verify aware");
        assert!(ended.stderr.contains("E434") && ended.stderr.contains(key), "{key}: {}", ended.stderr);
    }
    place.write("aware/manifest.json", intact);
    place.ddu("routes scenario.toml --route-aware -o again --threads 1").with(0);
    assert_same(&place.results("aware"), &place.results("again"), &[]);
}
