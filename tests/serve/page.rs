//! The page and its what-if questions.

use crate::server::{Server, place, run};
use serde_json::{Value, json};
use std::fs;

/// Rows of a table of the page, by column name.
fn rows(answer: &Value, table: &str) -> Vec<Value> {
    let table = answer["tables"].as_array().unwrap().iter().find(|t| t["name"] == table).unwrap();
    let names: Vec<&str> = table["columns"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    let row = |cells: &Value| -> Value {
        let cells = names.iter().zip(cells.as_array().unwrap());
        cells.map(|(name, cell)| ((*name).to_owned(), cell.clone())).collect::<serde_json::Map<_, _>>().into()
    };
    table["rows"].as_array().unwrap().iter().map(row).collect()
}

#[test]
fn the_page_comes_with_the_award_and_takes_questions() {
    let (dir, server) = Server::of_scenario(&[]);
    server.award();
    let page = server.get("/");
    assert_eq!((page.status, page.kind.as_str()), (200, "text/html; charset=utf-8"));
    assert!(page.text().contains("data-served=\"1\"") && page.text().contains("'self'"));
    let same = server.post_json("/v1/what-if", &json!({})).with(200);
    assert_eq!(same["compared"]["value"], same["compared"]["baseline_value"]);
    assert_eq!(same["compared"]["spend"], same["compared"]["baseline_spend"]);
    assert!(!same["left_out"].as_array().unwrap().is_empty());
    // The winners are those of the command line.
    run(dir.path(), &["award", "scenario.toml", "-o", "out", "-q"]);
    let mut reader = csv::Reader::from_path(dir.path().join("out/awards.csv")).unwrap();
    let ids = |rows: &[Value]| rows.iter().map(|r| r["bid_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let at = reader.headers().unwrap().iter().position(|name| name == "bid_id").unwrap();
    let expected: Vec<String> = reader.records().map(|r| r.unwrap()[at].to_owned()).collect();
    assert_eq!(ids(&rows(&same, "awards")), expected);
    // A bidder that drops out wins nothing.
    let winner = rows(&same, "awards")[0]["bidder_id"].as_str().unwrap().to_owned();
    let question = json!({"seconds": 30, "fuel_ppm": 1_500_000, "wage_ppm": null, "share_cap_ppm": 900_000, "drop_bidders": [winner]});
    let other = server.post_json("/v1/what-if", &question).with(200);
    assert!(rows(&other, "awards").iter().all(|row| row["bidder_id"] != winner.as_str()));
    let again = server.post_json("/v1/what-if", &question).with(200);
    assert_eq!(other, again);
}

#[test]
fn an_answer_is_the_award_of_the_changed_scenario() {
    // To the micro-dollar, so that both find awards of one value.
    let exact = |dir: &std::path::Path| {
        let file = dir.join("scenario.toml");
        let toml = fs::read_to_string(&file).unwrap();
        fs::write(&file, toml.replacen("[award]", "[award]\ngap_tolerance = 0", 1)).unwrap();
    };
    let dir = place();
    exact(dir.path());
    let server = Server::start(dir.path(), &["scenario.toml"]);
    server.award();
    let other = place();
    exact(other.path());
    let vehicles = fs::read_to_string(other.path().join("vehicles.toml")).unwrap();
    let mut doc: toml::Table = vehicles.parse().unwrap();
    for class in doc["vehicle"].as_table_mut().unwrap().iter_mut().map(|(_, class)| class.as_table_mut().unwrap()) {
        let fuel = class["fuel_per_mile"].to_string().trim_matches('"').parse::<f64>().unwrap();
        class.insert("fuel_per_mile".to_owned(), toml::Value::String(format!("{:.6}", fuel * 2.0)));
    }
    fs::write(other.path().join("vehicles.toml"), toml::to_string(&doc).unwrap()).unwrap();
    run(other.path(), &["award", "scenario.toml", "-o", "out", "-q"]);
    let manifest: Value = serde_json::from_slice(&fs::read(other.path().join("out/manifest.json")).unwrap()).unwrap();
    let asked = server.post_json("/v1/what-if", &json!({"fuel_ppm": 2_000_000, "gap_ppm": 0, "seconds": 30})).with(200);
    assert_eq!(asked["compared"]["value"], manifest["award"]["value_usd"]);
    assert_ne!(asked["compared"]["value"], asked["compared"]["baseline_value"]);
}

#[test]
fn questions_out_of_range_are_refused() {
    let (_dir, server) = Server::of_scenario(&[]);
    server.award();
    for question in [
        json!({"fuel_ppm": 1}),
        json!({"wage_ppm": -1}),
        json!({"share_cap_ppm": 0}),
        json!({"share_cap_ppm": 1_000_001}),
        json!({"drop_bidders": ["nobody"]}),
        json!({"drop_bidders": "all"}),
        json!({"gap_ppm": 100_001}),
        json!({"seconds": 0}),
        json!({"colour": 1}),
        json!([]),
    ] {
        let answer = server.post_json("/v1/what-if", &question).with(400);
        assert!(answer["error"]["message"].as_str().is_some_and(|text| !text.is_empty()), "{question}");
    }
}

#[test]
fn a_finished_run_is_served_with_its_inputs_or_read_only() {
    let dir = place();
    run(dir.path(), &["award", "scenario.toml", "-o", "out", "-q"]);
    let server = Server::start(dir.path(), &["out"]);
    server.award();
    assert!(server.get("/").text().contains("data-served=\"1\""));
    let same = server.post_json("/v1/what-if", &json!({})).with(200);
    assert_eq!(same["compared"]["value"], same["compared"]["baseline_value"]);
    drop(server);
    // Another table: the page alone, which says so.
    let bids = fs::read_to_string(dir.path().join("bids.csv")).unwrap();
    fs::write(dir.path().join("bids.csv"), bids.trim_end().rsplit_once('\n').unwrap().0).unwrap();
    let server = Server::start(dir.path(), &["out"]);
    server.until("the page", |server| server.get("/").status == 200);
    assert!(!server.get("/").text().contains("data-served=\"1\""));
    let why = server.get("/v1/status").with(200)["read_only"].as_str().unwrap().to_owned();
    assert!(why.contains("bids") && why.contains("changed"), "{why}");
    assert_eq!(server.post_json("/v1/what-if", &json!({})).with(409)["error"]["code"], "ReadOnly");
    assert_eq!(server.get("/route/v1/driving/1,1;2,2").with(400)["code"], "NotImplemented");
    assert_eq!(server.job("/v1/award", &json!({}))["state"], "refused");
    drop(server);
    fs::remove_file(dir.path().join("scenario.toml")).unwrap();
    let server = Server::start(dir.path(), &["out"]);
    assert!(server.get("/v1/status").with(200)["read_only"].as_str().unwrap().contains("scenario.toml"));
}
