//! Commands of one stage, and what they print.

use crate::place::{Place, ddu, files, table};
use std::process::{Command, Stdio};

#[test]
fn settings_are_printed_whole_and_nothing_is_written() {
    let place = Place::new();
    for words in [
        "run scenario.toml --print-config -o out",
        "award scenario.toml --print-config",
        "check scenario.toml --print-config",
        "cost scenario.toml --print-config -o costs.csv",
        "matrix scenario.toml --print-config -o m.parquet",
    ] {
        let said = place.fails(words, 0);
        let settings: toml::Table = said.stdout.parse().unwrap_or_else(|e| panic!("{e}\n{}", said.stdout));
        let int = |section: &str, key: &str| settings[section][key].as_integer();
        assert_eq!(int("map", "snap_warn_m"), Some(100), "a default");
        assert_eq!(int("map", "snap_limit_m"), Some(1_000), "as the scenario says");
        assert_eq!(int("data", "default_capacity"), Some(2_000), "a default");
        assert_eq!(settings["award"]["winning_levels"].as_bool(), Some(true), "a default");
        assert_eq!(settings["data"]["default_release"].as_str(), Some("03:00"), "a default");
        assert_eq!(int("scenario", "seed"), Some(3), "as the scenario says");
    }
    place.edit("scenario.toml", "seed = 3", "sead = 3");
    let said = place.fails("run scenario.toml --print-config", 3).saying("E003").saying("did you mean `seed`");
    assert!(said.stdout.is_empty());
}

#[test]
fn printed_settings_give_the_same_settings() {
    let place = Place::new();
    let printed = place.fails("check scenario.toml --print-config", 0).stdout;
    let mut settings: toml::Table = printed.parse().unwrap();
    let scenario: toml::Table = place.read("scenario.toml").parse().unwrap();
    let inputs = settings.entry("inputs").or_insert_with(|| toml::Value::Table(toml::Table::new()));
    inputs.as_table_mut().unwrap().extend(scenario["inputs"].as_table().unwrap().clone());
    place.write("again.toml", toml::to_string(&settings).unwrap());
    assert_eq!(place.fails("check again.toml --print-config", 0).stdout, printed);
}

#[test]
fn the_completion_script_is_one() {
    let place = Place::new();
    let script = place.fails("completions bash", 0).stdout;
    assert!(script.contains("_ddu()") && script.contains("--print-config"));
    place.write("ddu.bash", &script);
    // Where there is no bash the text must do.
    if let Ok(checked) = Command::new("bash").arg("-n").arg(place.path("ddu.bash")).output() {
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    }
    for shell in ["zsh", "fish", "elvish", "powershell"] {
        assert!(place.fails(&format!("completions {shell}"), 0).stdout.contains("ddu"));
    }
}

#[test]
fn costs_go_to_standard_output_alone() {
    let place = Place::new();
    let said = place.fails("cost scenario.toml -o -", 0);
    let rows = table(&said.stdout);
    let size = |name: &str| place.table(name).len();
    assert_eq!(rows.len(), size("hubs.csv") * size("ddus.csv") * 3);
    assert!(rows.iter().all(|r| !r["status"].is_empty()));
    assert!(said.stderr.contains("matrix"), "progress is elsewhere");
    place.ddu("cost scenario.toml -o costs.csv").with(0);
    assert_eq!(place.read("costs.csv"), said.stdout);
    place.ddu("matrix scenario.toml -o m.parquet").with(0);
    place.ddu("award scenario.toml -o award").with(0);
    place.ddu("run scenario.toml -o run").with(0);
    assert_eq!(place.read("run/costs.csv"), said.stdout);
    let bytes = |name: &str| std::fs::read(place.path(name)).unwrap();
    assert!(bytes("run/matrix.parquet") == bytes("m.parquet"));
    for name in files(&place.path("award")).keys().filter(|n| n.extension().is_some_and(|e| e != "json")) {
        let name = name.display();
        assert!(bytes(&format!("award/{name}")) == bytes(&format!("run/{name}")), "{name}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let place = Place::new();
    let binary = ddu().get_program().to_owned();
    for words in ["cost scenario.toml -o -", "completions bash", "run scenario.toml --print-config"] {
        let mut child = Command::new(&binary)
            .current_dir(place.path(""))
            .args(words.split(' '))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let out = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(0), "{words}: {stderr}");
        assert!(!stderr.contains("panicked") && !stderr.contains("error:"), "{words}: {stderr}");
    }
}
