//! Regions run, left alone, failed, and run again.

use super::{are, regions, states, status};
use crate::place::{assert_same, files};
use std::fs::{self, File};

#[test]
fn each_region_is_what_a_run_of_its_own_gives_and_is_not_run_twice() {
    let place = regions(&["a", "b", "c"]);
    place.ddu("run b/scenario.toml -o alone -q").with(0);
    let said = place.ddu("batch batch.toml -o out --jobs 2").with(0);
    assert!(said.stderr.contains("3 regions: 3 done, 0 up to date, 0 failed"), "{}", said.stderr);
    assert_same(&place.results("alone"), &place.results("out/regions/b"), &[]);
    let status = status(&place, "out");
    assert_eq!(status["state"], "done");
    for region in status["regions"].as_array().unwrap() {
        assert_eq!((&region["exit_code"], &region["counts"]["rows"]["hubs"]), (&0.into(), &6.into()), "{region}");
        assert!(region["seconds"].as_f64().unwrap() > 0.0);
        assert!(cfg!(not(target_os = "linux")) || region["peak_memory_bytes"].as_u64().unwrap() > 1_000_000);
        assert!(place.path("out").join(region["log"].as_str().unwrap()).is_file());
    }
    let before = files(&place.path("out/regions"));
    place.ddu("batch batch.toml -o out").with(0).saying("0 done, 3 up to date");
    assert!(before == files(&place.path("out/regions")), "what is up to date is left alone");
    // One input of one region changes; a result of another is gone.
    place.edit("a/scenario.toml", "share_cap = 0.35", "share_cap = 0.5");
    fs::remove_file(place.path("out/regions/c/awards.csv")).unwrap();
    place.ddu("batch batch.toml -o out").with(0).saying("2 done, 1 up to date");
    assert_eq!(states(&place, "out"), are(&[("a", "done"), ("b", "up_to_date"), ("c", "done")]));
    let after = files(&place.path("out/regions"));
    let of = |all: &std::collections::BTreeMap<std::path::PathBuf, Vec<u8>>, name: &str| {
        all.get(std::path::Path::new(name)).cloned().unwrap()
    };
    assert_eq!(of(&before, "c/awards.csv"), of(&after, "c/awards.csv"));
    assert_ne!(of(&before, "a/manifest.json"), of(&after, "a/manifest.json"));
    // Another format is another result.
    place.ddu("batch batch.toml -o out --format parquet").with(0).saying("3 done");
    assert!(place.path("out/regions/a/costs.parquet").is_file() && !place.path("out/regions/a/costs.csv").exists());
}

#[test]
fn a_bad_region_stops_no_other() {
    let place = regions(&["bids", "cut", "fine", "gone", "policy"]);
    let map = fs::read(place.path("cut/region.osm.pbf")).unwrap();
    fs::write(place.path("cut/region.osm.pbf"), &map[..map.len() / 2]).unwrap();
    let hubs = place.read("gone/hubs.csv");
    fs::remove_file(place.path("gone/hubs.csv")).unwrap();
    let bids = place.read("bids/bids.csv");
    place.write("bids/bids.csv", format!("{bids}not,a,row\n"));
    let policy = place.read("policy/scenario.toml");
    place.write("policy/scenario.toml", format!("{policy}\n[[award.minimum_winners]]\nat_least = 900\n"));
    let said = place.ddu("batch batch.toml -o out").with(3).saying("3 of 5 regions failed");
    for text in ["cut: failed", "gone: failed", "bids: failed", "fine: done", "policy: done"] {
        assert!(said.stderr.contains(text), "{text}: {}", said.stderr);
    }
    let told = status(&place, "out");
    let regions = told["regions"].as_array().unwrap();
    let error = |at: usize| regions[at]["error"].as_str().unwrap_or_default().to_owned();
    assert!(error(0).contains("E104") && error(0).contains("bids.csv:"), "{}", error(0));
    assert!(error(1).contains("region.osm.pbf"), "{}", error(1));
    assert!(error(3).contains("E001") && error(3).contains("hubs.csv"), "{}", error(3));
    let codes: Vec<i64> = regions.iter().map(|region| region["exit_code"].as_i64().unwrap()).collect();
    assert_eq!(codes, [3, 3, 0, 3, 4]);
    assert!(place.path("out/regions/fine").exists() && !place.path("out/regions/cut").exists());
    place.fails("merge out -o all", 3).saying("regions/cut").saying("regions/gone").saying("E477");
    // With rows set aside one more is done; corrected, the others are.
    place.ddu("batch batch.toml -o out --lenient").with(3).saying("2 of 5 regions failed");
    fs::write(place.path("cut/region.osm.pbf"), map).unwrap();
    place.write("gone/hubs.csv", hubs);
    place.ddu("batch batch.toml -o out --lenient").with(4).saying("2 done, 3 up to date, 0 failed");
    // What was made with rows set aside is not what a strict batch wants.
    place.ddu("batch batch.toml -o out").with(3).saying("1 of 5 regions failed");
}

#[test]
fn one_batch_a_folder_and_no_folder_of_others() {
    let place = regions(&["a"]);
    place.ddu("batch batch.toml -o out -q").with(0);
    let lock = File::options().write(true).open(place.path("out/.lock")).unwrap();
    lock.lock().unwrap();
    place.fails("batch batch.toml -o out", 2).saying("another batch runs on out");
    drop(lock);
    place.ddu("batch batch.toml -o out").with(0).saying("1 up to date");
    place.fails("batch batch.toml -o a", 2).saying("not of a batch");
    place.fails("batch batch.toml -o a/hubs.csv", 2).saying("a/hubs.csv");
    place.fails("batch batch.toml -o out --jobs 0", 2).saying("--jobs");
}

/// Without memory for two at once the younger gives way; without memory for one it fails.
#[cfg(target_os = "linux")]
#[test]
fn memory_is_bounded() {
    let place = regions(&["a", "b", "c"]);
    place.ddu("batch batch.toml -o out --jobs 3 --memory-mib 1").with(2).saying("alone it takes more than the 1 MiB");
    assert!(files(&place.path("out/regions")).is_empty());
    place.ddu("batch batch.toml -o out --jobs 3 --memory-mib 100000").with(0).saying("3 done");
}
