//! Ctrl-C at any time: exit code 130 within seconds, and nothing is written.
#![cfg(unix)]

use crate::place::{Place, ddu, files};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Starts a run, waits for the n-th line of progress with this word and a little longer, sends the signal, and checks
/// what is left. Seconds are generous because machines of tests are busy; uninterrupted, these runs take longer.
fn stopped(scenario: &Path, word: &str, nth: usize, wait: Duration, signal: &str) {
    stopped_command(&["run", "-o", "deep/out"], scenario, word, nth, wait, signal);
}

fn stopped_command(words: &[&str], scenario: &Path, word: &str, nth: usize, wait: Duration, signal: &str) {
    let dir = tempfile::tempdir().unwrap();
    let mut child = Command::new(ddu().get_program())
        .current_dir(dir.path())
        .args(words)
        .arg(scenario)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while said.matches(word).count() < nth {
        assert!(stderr.read_line(&mut said).unwrap() > 0, "ended before `{word}`:\n{said}");
    }
    std::thread::sleep(wait);
    let sent = Instant::now();
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
    stderr.read_to_string(&mut said).unwrap();
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(130), "{word}: {said}");
    assert!(sent.elapsed() < Duration::from_secs(20), "{:?}", sent.elapsed());
    assert!(said.ends_with("interrupted; nothing was written\n"), "{said}");
    assert!(!said.contains("results in"), "{said}");
    let left = files(dir.path());
    assert!(left.is_empty(), "{word}: {:?}", left.keys());
}

#[test]
fn a_large_map_and_matrix() {
    let dir = tempfile::tempdir().unwrap();
    let words = ["sample", "big", "--junctions", "100000", "--ddus", "400", "--bidders", "20", "-q"];
    ddu().current_dir(dir.path()).args(words).assert().success();
    let scenario = dir.path().join("big/scenario.toml");
    stopped(&scenario, "reading nodes", 1, Duration::ZERO, "-INT");
    stopped(&scenario, " snap ", 1, Duration::from_millis(50), "-TERM");
    // Customizing, or between tiles of a file that has been begun.
    let matrix = ["matrix", "-o", "m.parquet"];
    for wait in [0, 400] {
        stopped_command(&matrix, &scenario, " hierarchy ", 1, Duration::from_millis(wait), "-INT");
    }
}

#[test]
fn an_award() {
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/scenario.toml");
    stopped(&scenario, " matrix ", 3, Duration::from_millis(100), "-INT");
    stopped(&scenario, " award ", 1, Duration::ZERO, "-INT");
}

#[test]
fn an_earlier_run_stays() {
    let place = Place::new();
    let output = ddu().current_dir(place.path("")).args(["run", "scenario.toml", "-o", "out", "-q"]).output().unwrap();
    assert!(output.status.success());
    let before = files(&place.path("out"));
    let mut child = Command::new(ddu().get_program())
        .current_dir(place.path(""))
        .args(["run", "scenario.toml", "-o", "out"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains(" reasons ") {
        assert!(stderr.read_line(&mut said).unwrap() > 0, "{said}");
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    stderr.read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{said}");
    assert!(before == files(&place.path("out")));
}
