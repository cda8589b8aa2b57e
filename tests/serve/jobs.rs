//! Jobs: the same files as the command of the same name, progress, and the wish to stop.

use crate::server::{Server, run};
use serde_json::{Value, json};
use std::fs;
use std::time::{Duration, Instant};

#[test]
fn an_award_is_that_of_the_command_line() {
    let (dir, server) = Server::of_scenario(&[]);
    run(dir.path(), &["award", "scenario.toml", "-o", "out", "-q"]);
    let job = server.job("/v1/award", &json!({}));
    assert_eq!(job["state"], "done", "{job}");
    let names: Vec<&str> = job["files"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"awards.csv") && names.contains(&"manifest.json") && names.contains(&"report.html"));
    for name in names.iter().filter(|name| name.ends_with(".csv") || **name == "report.html") {
        assert!(server.file(&job, name) == fs::read(dir.path().join("out").join(name)).unwrap(), "{name}");
    }
    let manifest: Value = serde_json::from_slice(&fs::read(dir.path().join("out/manifest.json")).unwrap()).unwrap();
    assert_eq!(job["summary"], manifest["award"]);
    let stages = job["progress"]["over"].as_array().unwrap();
    assert!(stages.iter().any(|stage| stage["stage"] == "report"), "{stages:?}");
    // The manifest names no folder of the server.
    let own: Value = serde_json::from_slice(&server.file(&job, "manifest.json")).unwrap();
    let paths: Vec<&str> = own["inputs"].as_array().unwrap().iter().map(|i| i["path"].as_str().unwrap()).collect();
    assert_eq!(paths[0], "scenario.toml");
    assert!(paths.iter().all(|path| !path.contains('/')), "{paths:?}");
}

#[test]
fn matrix_and_costs_are_those_of_the_command_line() {
    let (dir, server) = Server::of_scenario(&[]);
    run(dir.path(), &["matrix", "scenario.toml", "-o", "matrix.parquet", "-q"]);
    run(dir.path(), &["cost", "scenario.toml", "-o", "costs.csv", "-q"]);
    run(dir.path(), &["cost", "scenario.toml", "-o", "costs.parquet", "-q"]);
    for (kind, format, name) in
        [("matrix", "parquet", "matrix.parquet"), ("cost", "csv", "costs.csv"), ("cost", "parquet", "costs.parquet")]
    {
        let job = server.job(&format!("/v1/{kind}"), &json!({ "format": format }));
        assert_eq!(job["state"], "done", "{job}");
        assert!(server.file(&job, name) == fs::read(dir.path().join(name)).unwrap(), "{name}");
    }
    let job = server.job("/v1/matrix", &json!({}));
    let text = String::from_utf8(server.file(&job, "matrix.csv")).unwrap();
    let cells = job["summary"]["cells"].as_u64().unwrap();
    assert_eq!(text.lines().count() as u64, cells + 1);
    assert!(text.starts_with("hub_id,ddu_id,vehicle,departure,outbound_status,outbound_usd,"));
}

/// A sample that takes a while, so that there is time to stop it.
fn long() -> (tempfile::TempDir, Server) {
    let dir = tempfile::tempdir().unwrap();
    run(dir.path(), &["sample", "nation", "--national", "1", "-q"]);
    let server = Server::start(&dir.path().join("nation"), &["scenario.toml", "--max-waiting-jobs", "1"]);
    (dir, server)
}

#[test]
fn jobs_wait_run_and_are_stopped() {
    let (_dir, server) = long();
    let first = server.post_json("/v1/award", &json!({})).with(202);
    let url = first["url"].as_str().unwrap().to_owned();
    server.until("the first job", |server| server.get(&url).json()["state"] == "running");
    let second = server.post_json("/v1/award", &json!({})).with(202);
    assert_eq!(second["state"], "queued");
    assert_eq!(server.post_json("/v1/award", &json!({})).with(429)["error"]["code"], "TooManyJobs");
    assert_eq!(server.get("/v1/jobs").with(200)["jobs"].as_array().unwrap().len(), 2);
    assert_eq!(server.get(&format!("{url}/files/awards.csv")).with(404)["error"]["code"], "NotFound");
    for job in [&second, &first] {
        assert!([200, 202].contains(&server.delete(job["url"].as_str().unwrap()).status));
    }
    let start = Instant::now();
    assert_eq!(server.ended(&first)["state"], "cancelled");
    assert_eq!(server.ended(&second)["state"], "cancelled");
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    // One that has ended is forgotten.
    assert_eq!(server.delete(&url).with(200)["state"], "removed");
    assert_eq!(server.get(&url).with(404)["error"]["code"], "NotFound");
}

#[test]
fn a_job_that_takes_too_long_ends() {
    let dir = tempfile::tempdir().unwrap();
    run(dir.path(), &["sample", "nation", "--national", "1", "-q"]);
    let words = ["scenario.toml", "--job-seconds", "1"];
    let server = Server::start(&dir.path().join("nation"), &words);
    let job = server.job("/v1/award", &json!({}));
    // Either there was an award by then, which says so, or there was none.
    match job["state"].as_str().unwrap() {
        "done" => assert_eq!(job["summary"]["interrupted"], true, "{job}"),
        state => assert_eq!(state, "timed_out", "{job}"),
    }
}

#[test]
fn without_a_map_there_is_no_matrix() {
    let (_dir, server) = long();
    for kind in ["matrix", "cost"] {
        let job = server.job(&format!("/v1/{kind}"), &json!({}));
        assert_eq!((&job["state"], &job["error"]["code"]), (&"refused".into(), &"InvalidInput".into()), "{job}");
    }
    assert_eq!(server.get("/route/v1/driving/1,1;2,2").with(400)["code"], "NotImplemented");
    assert_eq!(server.get("/v1/status").with(200)["profiles"], json!([]));
}

#[test]
fn too_large_a_matrix_is_refused() {
    let (_dir, server) = Server::of_scenario(&["--max-cells", "10"]);
    let job = server.job("/v1/matrix", &json!({}));
    assert_eq!((&job["state"], &job["error"]["code"]), (&"refused".into(), &"TooBig".into()), "{job}");
}
