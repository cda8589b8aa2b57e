//! Ended at any moment, a batch has lost nothing, and goes on to the same bytes.
#![cfg(unix)]

use super::{regions, states, status};
use crate::place::{Place, assert_same, ddu, files};
use ddu::artefact::fingerprint;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const NAMES: [&str; 4] = ["a", "b", "c", "d"];

fn start(place: &Place, words: &str) -> Child {
    Command::new(ddu().get_program())
        .current_dir(place.path("."))
        .args(words.split_whitespace())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Whatever has appeared is whole.
fn all_whole(folder: &Path) -> usize {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let check = |run: &Path| {
        let manifest = fs::read(run.join("manifest.json")).unwrap();
        let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
        for (name, blake3) in manifest["outputs"].as_object().unwrap() {
            assert_eq!(fingerprint(&run.join(name)).unwrap(), blake3.as_str().unwrap(), "{}", run.display());
        }
        assert!(!files(run).keys().any(|name| name.to_string_lossy().ends_with(".tmp")));
    };
    entries.map(|entry| check(&entry.unwrap().path())).count()
}

#[test]
fn killed_at_twenty_moments_it_goes_on_to_the_same_bytes() {
    let place = regions(&NAMES);
    let begun = Instant::now();
    place.ddu("batch batch.toml -o whole --jobs 2 -q").with(0);
    let whole = begun.elapsed();
    let mut rng = ddu::rng::Rng::new(8, 1_u64, 0);
    let mut killed = 0;
    for _ in 0..20 {
        let mut batch = start(&place, "batch batch.toml -o out --jobs 2");
        std::thread::sleep(whole.mul_f64(rng.unit() * 0.4));
        killed += usize::from(batch.try_wait().unwrap().is_none());
        batch.kill().unwrap();
        batch.wait().unwrap();
        if all_whole(&place.path("out/regions")) == NAMES.len() {
            // So that later kills meet work.
            fs::remove_dir_all(place.path("out/regions/b")).unwrap();
        }
    }
    assert!(killed > 10, "only {killed} of 20 met a running batch");
    place.ddu("batch batch.toml -o out --jobs 2").with(0).saying("0 failed");
    for name in NAMES {
        let (one, other) = (format!("whole/regions/{name}"), format!("out/regions/{name}"));
        assert_same(&place.results(&one), &place.results(&other), &[]);
    }
    let left: Vec<_> = files(&place.path("out")).into_keys().filter(|name| name.starts_with(".work")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn ctrl_c_keeps_what_is_finished() {
    let place = regions(&NAMES);
    let mut batch = start(&place, "batch batch.toml -o out");
    let begun = Instant::now();
    while fs::read_dir(place.path("out/regions")).map_or(0, Iterator::count) == 0 {
        assert!(begun.elapsed() < Duration::from_secs(120));
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(Command::new("kill").args(["-INT", &batch.id().to_string()]).status().unwrap().success());
    assert_eq!(batch.wait().unwrap().code(), Some(130));
    let told = status(&place, "out");
    assert_eq!(told["state"], "interrupted", "{told}");
    let done = states(&place, "out").into_iter().filter(|(_, state)| state == "done").count();
    assert!((1..NAMES.len()).contains(&done), "{told}");
    assert_eq!(all_whole(&place.path("out/regions")), done);
    assert!(!place.path("out/.work").exists());
    place.ddu("batch batch.toml -o out").with(0).saying(&format!("{done} up to date, 0 failed"));
}
