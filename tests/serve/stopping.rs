//! The end of a server: requests under way are answered, jobs are stopped, the exit code is 0.
#![cfg(unix)]

use crate::server::{Server, ddu, place, run};
use serde_json::json;
use std::net::TcpListener;
use std::time::{Duration, Instant};

#[test]
fn a_signal_ends_it_cleanly() {
    for signal in ["-INT", "-TERM"] {
        let (_dir, server) = Server::of_scenario(&[]);
        server.get("/v1/status").with(200);
        server.signal(signal);
        let start = Instant::now();
        let (code, said) = server.end();
        assert_eq!(code, Some(0), "{signal}: {said}");
        assert!(said.contains("stopping"), "{said}");
        assert!(start.elapsed() < Duration::from_secs(40), "{:?}", start.elapsed());
    }
}

#[test]
fn jobs_under_way_do_not_keep_it() {
    let dir = tempfile::tempdir().unwrap();
    run(dir.path(), &["sample", "nation", "--national", "1", "-q"]);
    let server = Server::start(&dir.path().join("nation"), &["scenario.toml"]);
    let job = server.post_json("/v1/award", &json!({})).with(202);
    let url = job["url"].as_str().unwrap().to_owned();
    server.until("the job", |server| server.get(&url).json()["state"] == "running");
    server.signal("-TERM");
    let start = Instant::now();
    let (code, said) = server.end();
    assert_eq!(code, Some(0), "{said}");
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

#[test]
fn what_cannot_be_served_ends_with_its_reason() {
    let dir = place();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    for (words, code, text) in [
        (vec!["serve", "scenario.toml", "--bind", &taken], 2, "--bind"),
        (vec!["serve", "absent.toml", "--bind", "127.0.0.1:0"], 3, "absent.toml"),
        (vec!["serve", ".", "--bind", "127.0.0.1:0"], 2, "manifest.json"),
        (vec!["serve", "scenario.toml", "--vehicles", "vehicles.toml", "--bind", "127.0.0.1:0"], 2, "--vehicles"),
        (vec!["serve", "scenario.toml", "--scenario", "scenario.toml", "--bind", "127.0.0.1:0"], 2, "--scenario"),
        (vec!["serve", "scenario.toml", "--bind", "nowhere"], 2, "--bind"),
    ] {
        let ended = ddu().current_dir(dir.path()).args(&words).output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(code), "{words:?}: {said}");
        assert!(said.contains(text), "{words:?}: {said}");
    }
}
