//! Ctrl-C at any time. Before there is an award: exit code 130 within seconds, and nothing is written. During the award:
//! exit code 5, and a whole run with the best award found so far and its bound.
#![cfg(unix)]

use crate::place::{ddu, files};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::{Duration, Instant};

/// A command that runs, with what it has said so far.
struct Running {
    child: Child,
    stderr: BufReader<ChildStderr>,
    said: String,
}

impl Running {
    fn start(folder: &Path, words: &[&str], scenario: &Path) -> Self {
        let mut child = Command::new(ddu().get_program())
            .current_dir(folder)
            .args(words)
            .arg(scenario)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        Self { child, stderr, said: String::new() }
    }

    /// Waits for the n-th line with this word.
    fn until(&mut self, word: &str, nth: usize) {
        while self.said.matches(word).count() < nth {
            assert!(self.stderr.read_line(&mut self.said).unwrap() > 0, "ended before `{word}`:\n{}", self.said);
        }
    }

    fn signal(&self, signal: &str) {
        assert!(Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Exit code, and all that was said. Seconds are generous because machines of tests are busy; left alone, these runs
    /// take longer.
    fn ended(mut self) -> (Option<i32>, String) {
        let asked = Instant::now();
        self.stderr.read_to_string(&mut self.said).unwrap();
        let status = self.child.wait().unwrap();
        assert!(asked.elapsed() < Duration::from_secs(40), "{:?}\n{}", asked.elapsed(), self.said);
        (status.code(), self.said)
    }
}

/// Starts a command, waits for the n-th line of progress with this word and a little longer, sends the signal, and checks
/// that an earlier run in the folder is as it was.
fn stopped(words: &[&str], scenario: &Path, (word, nth): (&str, usize), wait: Duration, signal: &str) {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("deep/out")).unwrap();
    fs::write(dir.path().join("deep/out/manifest.json"), r#"{"program": "ddu"}"#).unwrap();
    fs::write(dir.path().join("deep/out/awards.csv"), "old").unwrap();
    let before = files(dir.path());
    let mut run = Running::start(dir.path(), words, scenario);
    run.until(word, nth);
    std::thread::sleep(wait);
    run.signal(signal);
    let (code, said) = run.ended();
    assert_eq!(code, Some(130), "{word}: {said}");
    assert!(said.ends_with("interrupted; nothing was written\n"), "{said}");
    assert!(!said.contains("results in"), "{said}");
    assert!(before == files(dir.path()), "{word}: {:?}", files(dir.path()).keys());
}

#[test]
fn a_large_map_and_matrix() {
    let dir = tempfile::tempdir().unwrap();
    let words = ["sample", "big", "--junctions", "100000", "--ddus", "400", "--bidders", "20", "-q"];
    ddu().current_dir(dir.path()).args(words).assert().success();
    let scenario = dir.path().join("big/scenario.toml");
    let run = ["run", "-o", "deep/out"];
    stopped(&run, &scenario, ("reading nodes", 1), Duration::ZERO, "-INT");
    stopped(&run, &scenario, (" snap ", 1), Duration::from_millis(50), "-TERM");
    // Customizing, or between tiles of a file that has been begun.
    let matrix = ["matrix", "-o", "m.parquet"];
    for wait in [0, 400] {
        stopped(&matrix, &scenario, (" hierarchy ", 1), Duration::from_millis(wait), "-INT");
    }
}

/// The sample's award is HiGHS's work; to the micro-dollar it takes minutes.
fn sample_to_the_micro_dollar(folder: &Path) {
    for name in [
        "region.osm.pbf",
        "hubs.csv",
        "ddus.csv",
        "vehicles.toml",
        "bidders.csv",
        "bids.csv",
        "volumes.csv",
        "rates.csv",
    ] {
        fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name), folder.join(name)).unwrap();
    }
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/scenario.toml")).unwrap();
    fs::write(folder.join("scenario.toml"), text.replace("[award]\n", "[award]\ngap_tolerance = 0\n")).unwrap();
}

/// Checks a run that Ctrl-C ended, from its files; gives the award of its manifest.
fn written(folder: &Path, (code, said): &(Option<i32>, String)) -> serde_json::Value {
    assert_eq!(*code, Some(5), "{said}");
    assert!(said.contains("stopping:") && said.contains("results in") && said.contains("interrupted"), "{said}");
    let verified = ddu().current_dir(folder).args(["verify", "out"]).output().unwrap();
    let verdict = String::from_utf8(verified.stderr).unwrap();
    assert!(verified.status.success() && verdict.contains("interrupted"), "{verdict}\n{said}");
    let manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.join("out/manifest.json")).unwrap()).unwrap();
    let award = manifest["award"].clone();
    assert_eq!((&award["interrupted"], &award["reproducible"]), (&true.into(), &false.into()), "{award}");
    let usd = |key: &str| award[key].as_str().unwrap().parse::<f64>().unwrap();
    assert!(usd("value_usd") > 0.0 && usd("value_usd") <= usd("bound_usd"), "{award}");
    let prices = fs::read_to_string(folder.join("out/policy_prices.csv")).unwrap();
    assert_eq!(prices.lines().count(), 1, "{prices}");
    award
}

/// Winning levels that losers were told.
fn levels(folder: &Path) -> usize {
    let text = fs::read_to_string(folder.join("out/bids_explained.csv")).unwrap();
    let told = |row: &std::collections::BTreeMap<String, String>| !row["winning_level_usd_per_piece"].is_empty();
    crate::place::table(&text).iter().filter(|row| told(row)).count()
}

#[test]
fn an_award_by_the_solver_ends_with_what_it_found() {
    let dir = tempfile::tempdir().unwrap();
    sample_to_the_micro_dollar(dir.path());
    let ended = patiently(|wait| {
        let mut run = Running::start(dir.path(), &["run", "-o", "out"], Path::new("scenario.toml"));
        run.until(" matrix ", 3);
        std::thread::sleep(wait);
        run.signal("-INT");
        run.ended()
    });
    let award = written(dir.path(), &ended);
    assert_eq!(award["status"], "gap_limit", "{award}");
    assert!(award["method"].as_str().unwrap().contains("interrupted"), "{award}");
    assert_eq!(levels(dir.path()), 0);
}

/// Tries with ever longer waits, until the award has begun when the signal comes.
fn patiently(run: impl Fn(Duration) -> (Option<i32>, String)) -> (Option<i32>, String) {
    let tries = [0, 2, 8, 30].map(Duration::from_secs).into_iter().map(run);
    tries
        .inspect(|ended| assert!([Some(5), Some(130)].contains(&ended.0), "{}", ended.1))
        .find(|e| e.0 == Some(5))
        .unwrap()
}

#[test]
fn what_is_known_beside_a_proven_award_is_kept() {
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/scenario.toml");
    let dir = tempfile::tempdir().unwrap();
    let mut run = Running::start(dir.path(), &["run", "-o", "out"], &scenario);
    run.until(" reasons ", 1);
    run.signal("-INT");
    let award = written(dir.path(), &run.ended());
    assert_eq!(award["status"], "optimal", "{award}");
    assert!(!award["method"].as_str().unwrap().contains("interrupted"), "{award}");
    assert!(levels(dir.path()) > 100);
}

#[test]
fn a_national_award_is_kept_or_given_up() {
    let dir = tempfile::tempdir().unwrap();
    ddu().current_dir(dir.path()).args(["sample", "n", "--national", "2", "-q"]).assert().success();
    let text = fs::read_to_string(dir.path().join("n/scenario.toml")).unwrap();
    assert!(text.contains("[award]\n"));
    fs::write(dir.path().join("n/scenario.toml"), text.replace("[award]\n", "[award]\ngap_tolerance = 0\n")).unwrap();
    let scenario = Path::new("n/scenario.toml");
    // A second Ctrl-C: nothing is wanted.
    let mut run = Running::start(dir.path(), &["award", "-o", "out"], scenario);
    run.until("award: bound", 1);
    run.signal("-INT");
    run.until("stopping:", 1);
    run.signal("-INT");
    let (code, said) = run.ended();
    assert_eq!(code, Some(130), "{said}");
    assert!(!dir.path().join("out").exists() && said.ends_with("interrupted; nothing was written\n"), "{said}");
    let mut run = Running::start(dir.path(), &["award", "-o", "out"], scenario);
    run.until("award: packages", 1);
    run.signal("-INT");
    let award = written(dir.path(), &run.ended());
    assert_eq!(award["status"], "gap_limit", "{award}");
    assert!(dir.path().join("out/certificate.csv").is_file());
}

#[test]
fn a_cats_auction_ends_with_what_it_found() {
    // Bids on random pairs and triples of many goods: far from integral, so that the search is long.
    let (goods, mut seed, mut text) = (120_u64, 88_172_645_463_325_252_u64, String::new());
    let mut next = |n: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % n
    };
    for bid in 0..1_500 {
        let mut set: Vec<u64> = (0..4 + next(5)).map(|_| next(goods)).collect();
        set.sort_unstable();
        set.dedup();
        let value = set.len() as u64 * (900 + next(200));
        let list: Vec<String> = set.iter().map(u64::to_string).collect();
        text += &format!("{bid}\t{value}\t{}\t#\n", list.join("\t"));
    }
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.txt"), format!("goods {goods}\nbids 1500\ndummy 0\n\n{text}")).unwrap();
    let (_, said) = patiently(|wait| {
        let run = Running::start(dir.path(), &["award", "-o", "won.csv", "--cats"], Path::new("a.txt"));
        std::thread::sleep(wait + Duration::from_secs(1));
        run.signal("-INT");
        run.ended()
    });
    assert!(said.contains("gap_limit, interrupted"), "{said}");
    assert!(fs::read_to_string(dir.path().join("won.csv")).unwrap().lines().count() > 5);
}
