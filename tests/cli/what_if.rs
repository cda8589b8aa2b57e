//! Variants and drop-outs as a run writes them: bytes, files that come and go, and what `ddu verify` says.

use crate::place::{Place, assert_same};
use std::collections::BTreeMap;

const VARIANTS: &str = "\n[[variant]]\nname = \"cap 40 %\"\nshare_cap = 0.4\n\
    [[variant]]\nname = \"dear fuel\"\nfuel_factor = 1.5\n\
    [[variant]]\nname = \"dear labour, few parcels\"\nwage_factor = 1.3\nvolume_factor = 0.8\n\
    [[variant]]\nname = \"surplus\"\nobjective = \"surplus\"\nwithout = [\"share_cap\", \"alternative_rate\"]\n\
    [[variant]]\nname = \"out of reach\"\nminimum_winners = [{ at_least = 99 }]\n";

const FILES: [&str; 5] =
    ["scenarios.csv", "scenario_awards.csv", "drop_outs.csv", "drop_out_bidders.csv", "synergies.csv"];

/// The region with variants and two drop-outs, and without winning levels, which take most of the time.
fn asking() -> Place {
    let place = Place::new();
    place.set("award", "winning_levels = false");
    place.set("award", "drop_outs = 2");
    place.set("award", "synergies = true");
    let text = place.read("scenario.toml");
    place.write("scenario.toml", text + VARIANTS);
    place
}

fn rows(place: &Place, name: &str, key: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    place.table(name).into_iter().map(|row| (row[key].clone(), row)).collect()
}

#[test]
fn a_run_answers_and_verifies() {
    let place = asking();
    place.ddu("run scenario.toml -o one --threads 1").with(0);
    place.ddu("run scenario.toml -o two --threads 2").with(0);
    let one = place.results("one");
    assert_same(&one, &place.results("two"), &[]);
    place.ddu("verify one").with(0).saying("injection costs of 2 variants not recomputed");

    let scenarios = rows(&place, "one/scenarios.csv", "variant");
    let manifest: serde_json::Value = serde_json::from_str(&place.read("one/manifest.json")).unwrap();
    assert_eq!(manifest["award"]["value_usd"], scenarios["base"]["value_usd"].as_str());
    assert_eq!(scenarios["base"]["pieces_gained"], "0");
    assert_eq!(scenarios["out of reach"]["status"], "infeasible");
    assert_eq!(manifest["variants"][4]["conflicts"][0], "award.minimum_winners 99");
    assert_eq!(manifest["award"]["drop_outs"].as_array().unwrap().len(), 2);
    assert_eq!(
        (scenarios["surplus"]["difference_usd"].as_str(), scenarios["surplus"]["not_viable"].as_str()),
        ("", "")
    );
    let html = crate::page::data(&place.read("one/report.html")).to_string();
    for text in [
        "Variants side by side",
        "dear labour, few parcels",
        "When a large winner drops out",
        "Who steps in",
        "routing savings",
    ] {
        assert!(html.contains(text), "{text}");
    }
    // Another order of rows.
    for table in ["ddus.csv", "bids.csv", "bidders.csv"] {
        let text = place.read(table);
        let (header, rows) = text.split_once('\n').unwrap();
        let rows: Vec<&str> = rows.lines().rev().collect();
        place.write(table, format!("{header}\n{}\n", rows.join("\n")));
    }
    place.ddu("run scenario.toml -o turned").with(0);
    assert_same(&one, &place.results("turned"), &["inputs"]);
    // Files of questions no longer asked do not stay.
    place.write("scenario.toml", Place::new().read("scenario.toml"));
    place.ddu("award scenario.toml -o one").with(0);
    assert!(FILES.iter().all(|name| !place.path(&format!("one/{name}")).exists()));
    place.ddu("verify one").with(0);
}

/// A variant is the award of a scenario in which the user wrote the change himself.
#[test]
fn a_variant_equals_a_scenario_of_its_own() {
    let place = asking();
    place.set("award", "gap_tolerance = 0");
    place.ddu("award scenario.toml -o asked").with(0);
    let mut asked: BTreeMap<String, Vec<[String; 4]>> = BTreeMap::new();
    let columns = ["bid_id", "volume_pieces", "injection_usd", "value_usd"];
    for row in place.table("asked/scenario_awards.csv") {
        asked.entry(row["variant"].clone()).or_default().push(columns.map(|column| row[column].clone()));
    }
    let text = place.read("scenario.toml");
    let alone = |setting: &str| {
        place.write("alone.toml", text.split("\n[[variant]]").next().unwrap());
        let changed: Vec<String> = place
            .read("alone.toml")
            .lines()
            .filter(|line| !["share_cap", "drop_outs", "synergies"].iter().any(|key| line.starts_with(key)))
            .map(|line| if line == "[award]" { format!("[award]\n{setting}") } else { line.to_owned() })
            .collect();
        place.write("alone.toml", changed.join("\n"));
        place.ddu("award alone.toml -o alone").with(0);
        let rows = place.table("alone/awards.csv");
        rows.iter().map(|row| columns.map(|column| row[column].clone())).collect::<Vec<_>>()
    };
    assert_eq!(asked["cap 40 %"], alone("share_cap = 0.4"));
    // Every class pays half as much again for fuel.
    let vehicles = place.read("vehicles.toml");
    let dearer = vehicles.lines().map(|line| match line.split_once("fuel_per_mile = ") {
        Some(("", rest)) => {
            let (rate, remark) = rest.split_once(' ').unwrap_or((rest, ""));
            let micros = ddu::units::MicroDollars::parse(rate).unwrap().amount.0 * 3 / 2;
            format!("fuel_per_mile = {} {remark}\n", ddu::units::MicroDollars(micros))
        }
        _ => format!("{line}\n"),
    });
    let dearer: String = dearer.collect();
    assert_ne!(dearer, vehicles);
    place.write("vehicles.toml", dearer);
    assert_eq!(asked["dear fuel"], alone("share_cap = 0.35"));
    assert_ne!(asked["dear fuel"], asked["base"]);
}

/// Every number of the four files that is changed is found, although the manifest names the file as it is.
#[test]
fn tampered_answers_are_found() {
    let place = asking();
    place.ddu("award scenario.toml -o out").with(0);
    let sign = |name: &str| {
        let mut value: serde_json::Value = serde_json::from_str(&place.read("out/manifest.json")).unwrap();
        let bytes = place.read(&format!("out/{name}"));
        value["outputs"][name] = blake3::hash(bytes.as_bytes()).to_hex().to_string().into();
        place.write("out/manifest.json", serde_json::to_string_pretty(&value).unwrap());
    };
    for name in FILES {
        let text = place.read(&format!("out/{name}"));
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let records: Vec<Vec<String>> =
            reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        let write = |records: &[Vec<String>]| {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(&header).unwrap();
            records.iter().for_each(|row| writer.write_record(row).unwrap());
            place.write(&format!("out/{name}"), writer.into_inner().unwrap());
            sign(name);
        };
        for (at, column) in header.iter().enumerate() {
            // A bound may be higher than it says, and without the awards by bid these cannot be told.
            if column.starts_with("bound") || ["units_unserved", "status", "saving_note"].contains(&column.as_str()) {
                continue;
            }
            let mut bent = records.clone();
            let cell = &mut bent[0][at];
            *cell = match cell.parse::<i64>() {
                Ok(number) => (number + 1).to_string(),
                Err(_) => match ddu::units::MicroDollars::parse(cell) {
                    Ok(money) => ddu::units::MicroDollars(money.amount.0 + 10_000).to_string(),
                    Err(_) => format!("{cell}x"),
                },
            };
            write(&bent);
            let ended = place.fails("verify out --log-format json", 3);
            assert!(ended.json().iter().any(|line| line.get("code").is_some()), "{name} {column}");
        }
        if records.len() > 1 {
            write(&records[1..]);
            place.fails("verify out", 3);
        }
        write(&records);
        place.ddu("verify out").with(0);
    }
    std::fs::remove_file(place.path("out/scenarios.csv")).unwrap();
    place.fails("verify out", 3).saying("E401");
}

#[test]
fn a_table_of_costs_answers_too() {
    let place = asking();
    place.ddu("award scenario.toml -o out").with(0);
    let text = place.read("scenario.toml").replace("map = \"region.osm.pbf\"", "costs = \"out/hauls.csv\"");
    place.write("tabled.toml", &text);
    place.fails("award tabled.toml -o again", 3).saying("E018");
    place.write("tabled.toml", text.replace("fuel_factor = 1.5\n", "").replace("wage_factor = 1.3\n", ""));
    place.ddu("award tabled.toml -o again").with(0);
    let (map, table) = (rows(&place, "out/scenarios.csv", "variant"), rows(&place, "again/scenarios.csv", "variant"));
    for same in ["base", "cap 40 %", "surplus", "out of reach"] {
        assert_eq!(map[same], table[same], "{same}");
    }
    place.ddu("verify again").with(0).silent_on("not recomputed: their prices");
    let (map, table) = (place.table("out/synergies.csv"), place.table("again/synergies.csv"));
    assert!(!map.is_empty() && map.iter().any(|row| row["saving_note"] == "exact"), "{map:?}");
    for (map, table) in map.iter().zip(&table) {
        assert_eq!((&map["discount_usd"], &map["direct_usd"]), (&table["discount_usd"], &table["direct_usd"]));
        assert_eq!((table["saving_note"].as_str(), table["tour_usd"].as_str()), ("no_map", ""));
    }
}
