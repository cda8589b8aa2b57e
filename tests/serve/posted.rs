//! What is posted replaces what is served, and is checked as files are.

use crate::server::{Server, ddu, place, run};
use serde_json::{Value, json};
use std::fs;

#[test]
fn a_posted_table_gives_what_the_file_would() {
    let (dir, server) = Server::of_scenario(&[]);
    // Without the last bid, once as a file, once as CSV, once as rows.
    let bids = fs::read_to_string(dir.path().join("bids.csv")).unwrap();
    let fewer: Vec<&str> = bids.trim_end().rsplit_once('\n').unwrap().0.lines().collect();
    let fewer = fewer.join("\n") + "\n";
    let other = place();
    fs::write(other.path().join("bids.csv"), &fewer).unwrap();
    run(other.path(), &["award", "scenario.toml", "-o", "out", "-q"]);
    let expected = fs::read(other.path().join("out/bids_explained.csv")).unwrap();
    let csv = server.post("/v1/award?table=bids", "text/csv", fewer.as_bytes()).with(202);
    let mut reader = csv::Reader::from_reader(fewer.as_bytes());
    let header = reader.headers().unwrap().clone();
    let row = |record: csv::StringRecord| -> Value {
        header
            .iter()
            .zip(&record)
            .map(|(name, cell)| (name.to_owned(), Value::from(cell)))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    let rows: Vec<Value> = reader.records().map(|record| row(record.unwrap())).collect();
    let rows = server.post_json("/v1/award", &json!({"tables": {"bids": rows}})).with(202);
    for job in [csv, rows] {
        let job = server.ended(&job);
        assert_eq!(job["state"], "done", "{job}");
        assert!(server.file(&job, "bids_explained.csv") == expected);
    }
}

#[test]
fn settings_are_laid_over_those_that_are_served() {
    let (_dir, server) = Server::of_scenario(&[]);
    let other = place();
    let toml = fs::read_to_string(other.path().join("scenario.toml")).unwrap();
    assert!(toml.contains("planned_volume = 500"), "{toml}");
    fs::write(other.path().join("scenario.toml"), toml.replace("planned_volume = 500", "planned_volume = 123"))
        .unwrap();
    run(other.path(), &["cost", "scenario.toml", "-o", "costs.csv", "-q"]);
    let job = server.job("/v1/cost", &json!({"settings": {"cost": {"planned_volume": 123}}}));
    assert!(server.file(&job, "costs.csv") == fs::read(other.path().join("costs.csv")).unwrap());
}

/// Findings of `ddu check --format json` on a folder.
fn checked(folder: &std::path::Path) -> Vec<Value> {
    let ended = ddu().current_dir(folder).args(["check", "scenario.toml", "--format", "json"]).output().unwrap();
    let text = String::from_utf8(ended.stderr).unwrap();
    let all = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    all.filter(|line| line.get("code").is_some()).collect()
}

#[test]
fn findings_are_those_of_check() {
    let (dir, server) = Server::of_scenario(&[]);
    let bids = fs::read_to_string(dir.path().join("bids.csv")).unwrap();
    let wrong = bids.replacen("same_day", "yesterday", 1).replacen("next_day", "=cmd()", 1);
    let other = place();
    fs::write(other.path().join("bids.csv"), &wrong).unwrap();
    let expected = checked(other.path());
    assert!(expected.iter().any(|f| f["severity"] == "error"));
    let job = server.ended(&server.post("/v1/award?table=bids", "text/csv", wrong.as_bytes()).with(202));
    assert_eq!(job["state"], "refused", "{job}");
    assert_eq!(job["error"]["code"], "InvalidInput");
    assert_eq!(job["diagnostics"].as_array().unwrap(), &expected);
    for finding in job["diagnostics"].as_array().unwrap().iter().filter(|f| f["severity"] == "error") {
        assert!(
            ["code", "file", "line", "column", "value", "message", "help"].iter().all(|key| finding.get(key).is_some()),
            "{finding}"
        );
    }
    // Set aside, the rest goes on.
    let job = server.job("/v1/award", &json!({"tables": {"bids": wrong}, "lenient": true}));
    assert_eq!(job["state"], "done", "{job}");
    // A setting is known by its name.
    let job = server.job("/v1/award", &json!({"settings": {"award": {"share_cap": 7}}}));
    let finding = &job["diagnostics"][0];
    assert_eq!((&finding["file"], &finding["field"]), (&"scenario.toml".into(), &"award.share_cap".into()), "{job}");
    // No bid is in the log, nor is a folder of the server in an answer.
    assert!(!server.said().contains("yesterday") && !job.to_string().contains("/in/"));
}

#[test]
fn settings_name_no_files() {
    let (_dir, server) = Server::of_scenario(&[]);
    let settings = json!({"inputs": {"hubs": "/etc/passwd", "map": "/etc/passwd"}});
    let job = server.job("/v1/cost", &json!({ "settings": settings }));
    assert_eq!(job["state"], "done", "the served files are taken: {job}");
    for name in ["..%2Fin%2Fscenario.toml", "..%2F..%2F..%2Fetc%2Fpasswd", "%2Fetc%2Fpasswd"] {
        assert_eq!(server.get(&format!("{}/files/{name}", job["url"].as_str().unwrap())).status, 404, "{name}");
    }
}

#[test]
fn a_map_alone_takes_all_tables() {
    let dir = place();
    run(dir.path(), &["prepare", "region.osm.pbf", "-o", "region.roads", "-q"]);
    run(dir.path(), &["cost", "scenario.toml", "-o", "costs.csv", "-q"]);
    let server = Server::start(dir.path(), &["region.roads", "--vehicles", "vehicles.toml"]);
    let nothing = server.job("/v1/cost", &json!({}));
    assert_eq!(nothing["state"], "refused");
    let table = |name: &str| fs::read_to_string(dir.path().join(name)).unwrap();
    let scenario: toml::Table = table("scenario.toml").parse().unwrap();
    let mut settings = serde_json::to_value(&scenario).unwrap();
    let date = scenario["scenario"]["operating_date"].to_string();
    settings["scenario"]["operating_date"] = date.into();
    settings.as_object_mut().unwrap().remove("inputs");
    let tables = json!({"hubs": table("hubs.csv"), "ddus": table("ddus.csv")});
    let job = server.job("/v1/cost", &json!({ "tables": tables, "settings": settings }));
    assert_eq!(job["state"], "done", "{job}");
    assert!(server.file(&job, "costs.csv") == fs::read(dir.path().join("costs.csv")).unwrap());
}
