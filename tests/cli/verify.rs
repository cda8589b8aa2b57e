//! A run verifies; a run that was tampered with does not, and the finding names the place.

use crate::place::Place;
use serde_json::Value;
use std::fs;
use std::sync::OnceLock;

/// The region with a finished run in `out`.
fn finished() -> Place {
    static RUN: OnceLock<Place> = OnceLock::new();
    let run = RUN.get_or_init(|| {
        let place = Place::new();
        place.set("award", "winning_levels = false");
        place.ddu("run scenario.toml -o out").with(0);
        place
    });
    Place::with_results(run, &["out"])
}

/// One row and column of a table of the run, rewritten.
fn bend(place: &Place, name: &str, key: &str, column: &str, change: impl Fn(&str) -> String) {
    let text = place.read(&format!("out/{name}"));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let at = header.iter().position(|name| name == column).unwrap();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).unwrap();
    let mut bent = 0;
    for row in reader.records().map(Result::unwrap) {
        let mine = row.iter().next().unwrap() == key;
        bent += usize::from(mine);
        let cells = row.iter().enumerate().map(|(i, c)| if mine && i == at { change(c) } else { c.to_owned() });
        writer.write_record(cells).unwrap();
    }
    assert_eq!(bent, 1, "{key} in {name}");
    place.write(&format!("out/{name}"), writer.into_inner().unwrap());
}

fn first(place: &Place, name: &str, column: &str) -> String {
    place.table(&format!("out/{name}"))[0][column].clone()
}

fn a_cent_more(text: &str) -> String {
    let (whole, part) = text.split_once('.').unwrap();
    let micros = format!("{part:0<6}").parse::<i64>().unwrap();
    let more = whole.parse::<i64>().unwrap() * 1_000_000 + micros + 10_000;
    ddu::units::MicroDollars(more).to_string()
}

#[test]
fn a_run_verifies() {
    let place = finished();
    place.ddu("verify out").with(0).saying("is verified").saying("bound not recomputed").saying("hauls.csv");
    place.ddu("verify out --scenario scenario.toml --quiet").with(0).silent_on("checks");
    let said = place.ddu("verify out --log-format json").with(0);
    assert!(said.json().iter().all(|line| line.get("code").is_none()));
    // So does the award on its hauls without a map.
    let text = place.read("scenario.toml").replace("map = \"region.osm.pbf\"", "costs = \"out/hauls.csv\"");
    place.write("tabled.toml", text);
    place.ddu("award tabled.toml -o again").with(0);
    place.ddu("verify again").with(0).saying("is verified").silent_on("paths on the map");
}

#[test]
fn usage() {
    let place = Place::new();
    place.ddu("verify nowhere").with(2).saying("not a folder");
    place.ddu("verify . --scenario nothing.toml").with(2).saying("no such file");
    fs::create_dir(place.path("empty")).unwrap();
    place.ddu("verify empty").with(3).saying("E401").saying("--scenario");
    place.ddu("verify empty --scenario scenario.toml").with(3).saying("E401");
    place.write("empty/manifest.json", "{}");
    place.ddu("verify empty").with(3).saying("E404");
}

#[test]
fn a_cent_anywhere_is_found() {
    let tables = [
        ("awards.csv", "bid_id", "E415", &["spend_usd", "revenue_usd", "value_usd", "dock_price_usd_per_piece"][..]),
        ("awards.csv", "bid_id", "E412", &["price_usd_per_piece"][..]),
        ("bids_explained.csv", "bid_id", "E412", &["price_usd_per_piece"]),
        ("bidders.csv", "bidder_id", "E421", &["spend_usd", "value_usd"]),
        ("ddus.csv", "ddu_id", "E421", &["revenue_usd", "contribution_usd"]),
        ("policy_prices.csv", "change", "E422", &[]),
    ];
    for (name, id, code, columns) in tables {
        for column in columns {
            let place = finished();
            let key = first(&place, name, id);
            bend(&place, name, &key, column, a_cent_more);
            place.must_find("out", &[("E402", "blake3"), (code, column)]);
            place.sign("out", name);
            let (found, _) = place.refused("out");
            assert_eq!(found, [(code.to_owned(), (*column).to_owned())], "{name}");
        }
    }
}

#[test]
fn a_piece_is_found() {
    let place = finished();
    let key = first(&place, "awards.csv", "bid_id");
    let other = |text: &str| (text.parse::<u32>().unwrap() - 1).to_string();
    bend(&place, "awards.csv", &key, "volume_pieces", other);
    place.sign("out", "awards.csv");
    place.must_find(
        "out",
        &[
            ("E415", "spend_usd"),
            ("E415", "value_usd"),
            ("E417", "award.value_usd"),
            ("E419", "awarded_pieces"),
            ("E421", "awarded_pieces"),
            ("E421", "volume_pieces"),
        ],
    );
}

#[test]
fn a_swapped_winner_is_found() {
    let place = finished();
    let winner = first(&place, "awards.csv", "bid_id");
    let lost = place.table("out/bids_explained.csv").into_iter().find(|row| row["outcome"] == "lost").unwrap();
    bend(&place, "awards.csv", &winner, "bid_id", |_| lost["bid_id"].clone());
    place.sign("out", "awards.csv");
    let (found, ended) = place.refused("out");
    let codes: Vec<&str> = found.iter().map(|(code, _)| code.as_str()).collect();
    assert!(codes.contains(&"E412") && codes.contains(&"E419") && codes.contains(&"E417"), "{}", ended.stderr);
}

#[test]
fn a_hidden_bid_is_named() {
    let place = finished();
    let text = place.read("out/bids_explained.csv");
    let hidden = text.lines().nth(5).unwrap();
    let id = hidden.split(',').next().unwrap();
    place.write("out/bids_explained.csv", text.replace(&format!("{hidden}\n"), ""));
    place.sign("out", "bids_explained.csv");
    place.fails("verify out", 3).saying("E409").saying(&format!("the bid `{id}` has no row"));
    // Two rows of one bid are no better.
    place.write("out/bids_explained.csv", format!("{text}{hidden}\n"));
    place.sign("out", "bids_explained.csv");
    place.must_find("out", &[("E410", "bid_id")]);
}

#[test]
fn an_untrue_reason_is_found() {
    let place = finished();
    let rows = place.table("out/bids_explained.csv");
    let blocked = rows.iter().find(|row| !row["blocking_rules"].is_empty()).unwrap();
    let unable = rows.iter().find(|row| row["outcome"] == "lost" && row["blocking_rules"].is_empty()).unwrap();
    let cases = [(blocked, "tie_break"), (blocked, "below_reserve"), (unable, "capacity_taken"), (unable, "tie_break")];
    for (row, lie) in cases {
        let place = finished();
        bend(&place, "bids_explained.csv", &row["bid_id"], "reason", |_| lie.to_owned());
        bend(&place, "bids_explained.csv", &row["bid_id"], "blocking_rules", |rules| rules.replace(' ', "_"));
        place.sign("out", "bids_explained.csv");
        place.must_find("out", &[("E420", "reason"), ("E407", "award.bid_lines")]);
        if row["bid_id"] == blocked["bid_id"] {
            place.must_find("out", &[("E420", "blocking_rules")]);
        }
    }
}

#[test]
fn an_edited_manifest_is_found() {
    let cases: [(&str, Value, &str); 6] = [
        ("value_usd", "1.00".into(), "E417"),
        ("bound_usd", "1.00".into(), "E418"),
        ("gap_ppm", 4_711.into(), "E417"),
        ("status", "proven".into(), "E404"),
        ("tolerance_usd", "9000.00".into(), "E417"),
        ("conflicts", serde_json::json!(["award.share_cap"]), "E417"),
    ];
    for (key, value, code) in cases {
        let place = finished();
        place.manifest("out", |m| m["award"][key] = value.clone());
        let (found, ended) = place.refused("out");
        let field = format!("award.{key}");
        let named = found.iter().any(|(c, f)| c == code && *f == field);
        assert!(named, "{key}: {found:?}\n{}", ended.stderr);
    }
    for (section, key) in [("rows", "bids"), ("findings", "W208"), ("settings", "award")] {
        let place = finished();
        place.manifest("out", |m| m[section][key] = 4_711.into());
        let (found, ended) = place.refused("out");
        assert!(found.iter().any(|(_, f)| *f == format!("{section}.{key}")), "{}", ended.stderr);
    }
}

#[test]
fn edited_hauls_are_found() {
    let place = finished();
    let text = place.read("out/hauls.csv");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let winner = &place.table("out/awards.csv")[0];
    let start = format!("{},{},{},ok,", winner["hub_id"], winner["ddu_id"], winner["vehicle"]);
    let line = lines.iter_mut().find(|line| line.starts_with(&start)).unwrap();
    let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
    cells[7] = a_cent_more(&cells[7]);
    *line = cells.join(",");
    place.write("out/hauls.csv", lines.join("\n") + "\n");
    place.sign("out", "hauls.csv");
    // The winner's injection cost no longer follows, and costs.csv says otherwise too.
    place.must_find("out", &[("E415", "injection_usd"), ("E411", "")]);
    // A class less.
    place.write("out/hauls.csv", text.lines().filter(|l| !l.starts_with(&start)).collect::<Vec<_>>().join("\n") + "\n");
    place.sign("out", "hauls.csv");
    place.must_find("out", &[("E409", "")]);
}

#[test]
fn edited_inputs_are_found() {
    let place = finished();
    let id = first(&place, "awards.csv", "bid_id");
    let text = place.read("bids.csv");
    let row = text.lines().find(|line| line.starts_with(&format!("{id},"))).unwrap();
    let price = place.table("bids.csv").into_iter().find(|row| row["bid_id"] == id).unwrap()["price_per_piece"].clone();
    let dearer = format!("1{price}");
    place.write("bids.csv", text.replace(row, &row.replace(&format!(",{price},"), &format!(",{dearer},"))));
    place.must_find("out", &[("E406", "blake3"), ("E412", "price_usd_per_piece"), ("E415", "spend_usd")]);
    // A bid that was taken out of the table.
    let place = finished();
    place.write("bids.csv", text.replace(&format!("{row}\n"), ""));
    place.must_find(
        "out",
        &[("E406", "blake3"), ("E407", "inputs.bids.rows"), ("E407", "rows.bids"), ("E410", "bid_id")],
    );
    // A table that is gone.
    fs::remove_file(place.path("bids.csv")).unwrap();
    place.fails("verify out", 3).saying("E001").saying("bids.csv");
}

/// Seed, date and settings of the manifest are the scenario's.
#[test]
fn a_manifest_of_another_scenario_is_found() {
    for (key, value) in [("scenario", "another".into()), ("seed", 9.into()), ("operating_date", "2026-11-25".into())] {
        let place = finished();
        place.manifest("out", |m| m[key] = value);
        place.must_find("out", &[("E405", key)]);
    }
    let place = finished();
    place.manifest("out", |m| m["settings"]["award"]["objective"] = "revenue".into());
    place.must_find("out", &[("E405", "settings.award")]);
    // The same from the other side.
    let place = finished();
    place.set("scenario", "seed = 9");
    place.must_find("out", &[("E405", "seed"), ("E406", "blake3")]);
}

#[test]
fn a_table_that_cannot_be_read_is_found() {
    let place = finished();
    let text = place.read("out/bidders.csv");
    let damaged = [
        text.replace("spend_usd", "spent"),
        text.lines().map(|line| line.rsplit_once(',').unwrap().0.to_owned() + "\n").collect(),
        text.trim_end().rsplit_once(',').unwrap().0.to_owned(),
    ];
    for damaged in damaged {
        assert_ne!(damaged, text);
        place.write("out/bidders.csv", damaged);
        place.sign("out", "bidders.csv");
        let (found, ended) = place.refused("out");
        assert!(found.iter().any(|(code, _)| code == "E408"), "{}", ended.stderr);
    }
    let place = finished();
    let key = first(&place, "awards.csv", "bid_id");
    bend(&place, "awards.csv", &key, "volume_pieces", |_| "many".to_owned());
    place.sign("out", "awards.csv");
    place.must_find("out", &[("E408", "volume_pieces")]);
}

/// Another vehicle, a trip less, a shorter way.
#[test]
fn another_haul_of_a_winner_is_found() {
    let other =
        |vehicle: &str| if vehicle == "cargo_van" { "box_truck_26ft".to_owned() } else { "cargo_van".to_owned() };
    let more = |trips: &str| (trips.parse::<u32>().unwrap() + 1).to_string();
    let longer = |metres: &str| format!("1{metres}");
    type Change<'a> = (&'a str, &'a dyn Fn(&str) -> String);
    let changes: [Change<'_>; 3] = [("vehicle", &other), ("trips", &more), ("loaded_metres", &longer)];
    for (column, change) in changes {
        let place = finished();
        let key = first(&place, "awards.csv", "bid_id");
        bend(&place, "awards.csv", &key, column, change);
        place.sign("out", "awards.csv");
        place.must_find("out", &[("E414", column)]);
    }
}

#[test]
fn an_award_that_breaks_a_rule_is_found() {
    // A rule that was tightened after the run: the unit takes less than it was awarded, a bidder may win less.
    let place = finished();
    let winner = place.table("out/awards.csv")[0].clone();
    let capacity = winner["volume_pieces"].parse::<u32>().unwrap() - 1;
    place.cell("ddus.csv", &winner["ddu_id"], "capacity_pieces", &capacity.to_string());
    place.must_find("out", &[("E416", &format!("ddus.capacity_pieces of {}", winner["ddu_id"]))]);
    let place = finished();
    place.cell("bidders.csv", &winner["bidder_id"], "capacity_pieces", "1");
    place.must_find("out", &[("E416", &format!("bidders.capacity_pieces of {}", winner["bidder_id"]))]);
    // A line of a package that won is taken out.
    let place = finished();
    let awards = place.table("out/awards.csv");
    if let Some(line) = awards.iter().find(|row| !row["package_id"].is_empty()) {
        let text = place.read("out/awards.csv");
        let start = format!("{},", line["bid_id"]);
        let kept: String = text.lines().filter(|l| !l.starts_with(&start)).map(|l| format!("{l}\n")).collect();
        place.write("out/awards.csv", kept);
        place.sign("out", "awards.csv");
        place.must_find("out", &[("E416", "")]);
    }
    // Minimum winners that were never asked of the engine.
    let place = finished();
    place.write("scenario.toml", place.read("scenario.toml") + "\n[[award.minimum_winners]]\nat_least = 99\n");
    place.must_find("out", &[("E416", "award.minimum_winners 99")]);
}

/// A cent more or less, with or without a gap to begin with.
#[test]
fn an_edited_bound_is_found() {
    for sign in [1, -1] {
        let place = finished();
        place.manifest("out", |m| {
            let bound = ddu::units::MicroDollars::parse(m["award"]["bound_usd"].as_str().unwrap()).unwrap().amount.0;
            m["award"]["bound_usd"] = ddu::units::MicroDollars(bound + sign * 10_000).to_string().into();
        });
        let (found, ended) = place.refused("out");
        let told = |(code, field): &(String, String)| {
            code == "E417" && field == "award.gap_usd" || code == "E418" && field == "award.bound_usd"
        };
        assert!(found.iter().any(told), "{}", ended.stderr);
    }
}

#[test]
fn missing_and_additional_files_are_found() {
    for name in ["awards.csv", "hauls.csv", "report.html", "matrix.parquet", "costs.csv"] {
        let place = finished();
        fs::remove_file(place.path(&format!("out/{name}"))).unwrap();
        place.fails("verify out", 3).saying("E401").saying(name);
        place.manifest("out", |m| _ = m["outputs"].as_object_mut().unwrap().remove(name));
        let optional = !["awards.csv", "hauls.csv"].contains(&name);
        place.ddu("verify out").with(if optional { 0 } else { 3 });
    }
    let place = finished();
    place.write("out/notes.txt", "mine");
    place.ddu("verify out").with(0);
    place.write("out/winners.csv", "bid_id\n");
    place.fails("verify out", 3).saying("E403").saying("winners.csv");
    // A name that leads out of the folder is not followed.
    let place = finished();
    place.manifest("out", |m| m["outputs"]["../scenario.toml"] = "00".into());
    place.fails("verify out", 3).saying("E401").saying("../scenario.toml");
}
