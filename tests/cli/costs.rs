//! An award without a map, from the hauls or the costs that another run wrote.

use crate::place::Place;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Points the scenario at a table in place of the map.
fn without_map(place: &Place, costs: &str) -> String {
    let text = place.read("scenario.toml").replace("map = \"region.osm.pbf\"", &format!("costs = \"{costs}\""));
    assert!(text.contains(costs));
    text
}

/// Results that do not depend on where hauls come from.
fn award(place: &Place, folder: &str) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = place.results(folder);
    for name in ["costs.csv", "costs.parquet", "matrix.parquet", "manifest.json"] {
        all.remove(Path::new(name));
    }
    // Places on roads are known with a map only.
    let ddus = place.read(&format!("{folder}/ddus.csv"));
    let column = ddus.lines().next().unwrap().split(',').position(|name| name == "snap_metres").unwrap();
    let bare = |line: &str| line.split(',').enumerate().filter(|(i, _)| *i != column).map(|c| c.1).collect::<String>();
    all.insert("ddus.csv".into(), ddus.lines().map(bare).collect::<Vec<_>>().join("\n").into_bytes());
    // The page shows roads where there is a map.
    for name in ["report.html", "page.json"] {
        all.remove(Path::new(name));
    }
    all
}

#[test]
fn hauls_and_costs_of_a_run_give_its_award_again() {
    let place = Place::new();
    place.ddu("run scenario.toml -o with_map").with(0);
    let with_map = award(&place, "with_map");
    let names: Vec<&str> = with_map.keys().map(|name| name.to_str().unwrap()).collect();
    assert_eq!(
        names,
        ["awards.csv", "bidders.csv", "bids_explained.csv", "ddus.csv", "hauls.csv", "policy_prices.csv"]
    );
    assert!(place.table("with_map/awards.csv").len() > 3);
    place.ddu("cost scenario.toml -o costs.parquet").with(0);
    for (out, costs) in [("a", "with_map/hauls.csv"), ("b", "with_map/costs.csv"), ("c", "costs.parquet")] {
        place.write("tabled.toml", without_map(&place, costs));
        for command in ["run", "award"] {
            let said = place.ddu(&format!("{command} tabled.toml -o {command}_{out}")).with(0);
            assert!(!said.stderr.contains("matrix"), "{}", said.stderr);
            let folder = format!("{command}_{out}");
            assert!(!place.path(&format!("{folder}/matrix.parquet")).exists());
            let again = award(&place, &folder);
            assert!(with_map.keys().eq(again.keys()));
            for (name, bytes) in &with_map {
                assert!(bytes == &again[name], "{} of {folder} differs", name.display());
            }
        }
    }
}

#[test]
fn commands_that_work_out_hauls_need_a_map() {
    let place = Place::new();
    place.ddu("award scenario.toml -o with_map").with(0);
    place.write("tabled.toml", without_map(&place, "with_map/hauls.csv"));
    place.fails("check tabled.toml", 0).saying("0 errors").silent_on("region.osm.pbf");
    for (command, words) in [
        ("matrix", "matrix tabled.toml -o m.parquet"),
        ("cost", "cost tabled.toml -o costs.csv"),
        ("route", "route tabled.toml --from 38.4,-98.3 --to 38.4,-98.31 --vehicle cargo_van"),
    ] {
        place.fails(words, 3).saying(&format!("`ddu {command}` needs a map"));
    }
}

#[test]
fn a_haul_that_is_not_known_is_a_reason_to_lose() {
    let place = Place::new();
    place.ddu("award scenario.toml -o with_map").with(0);
    let hauls = place.read("with_map/hauls.csv");
    let (header, rows) = hauls.split_once('\n').unwrap();
    let pair: Vec<&str> = rows.split(',').take(2).collect();
    let start = format!("{},{},", pair[0], pair[1]);
    let kept: String = rows.lines().filter(|row| !row.starts_with(&start)).map(|row| format!("{row}\n")).collect();
    place.write("hauls.csv", format!("{header}\n{kept}"));
    place.write("tabled.toml", without_map(&place, "hauls.csv"));
    place.ddu("award tabled.toml -o out").with(0).saying("W234");
    let hit = |row: &&BTreeMap<String, String>| row["hub_id"] == pair[0] && row["ddu_id"] == pair[1];
    let lost = place.table("out/bids_explained.csv");
    let lost: Vec<_> = lost.iter().filter(hit).collect();
    assert!(!lost.is_empty());
    for row in lost {
        let single = row["reason"] == "no_haul_known";
        assert!(single || row["reason"] == "package_partner", "{row:?}");
    }
    assert!(!place.read("out/hauls.csv").contains(&start), "nothing is made up");
}
