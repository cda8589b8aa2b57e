//! Same input, same bytes: for any number of threads, any order of rows, and a map read before.

use crate::place::{Place, assert_same};

const TABLES: [&str; 4] = ["hubs.csv", "ddus.csv", "bidders.csv", "bids.csv"];

/// Another order of the rows behind the header, the same in every run of the test.
fn shuffled(text: &str) -> String {
    let (header, rows) = text.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    let before = rows.clone();
    rows.sort_by_key(|row| blake3::hash(row.as_bytes()).to_hex().to_string());
    assert_ne!(rows, before);
    format!("{header}\n{}\n", rows.join("\n"))
}

#[test]
fn threads_rows_and_prepared_maps_change_no_byte() {
    let place = Place::new();
    place.ddu("run scenario.toml -o one --threads 1").with(0);
    let one = place.results("one");
    place.ddu("run scenario.toml -o two --threads 2").with(0);
    assert_same(&one, &place.results("two"), &[]);
    place.ddu("run scenario.toml -o many --threads 7 --format parquet").with(0);
    let many = place.results("many");
    for (name, bytes) in one.iter().filter(|(name, _)| many.contains_key(*name)) {
        assert!(name.ends_with("manifest.json") || *bytes == many[name], "{}", name.display());
    }

    for table in TABLES {
        place.write(table, shuffled(&place.read(table)));
    }
    place.ddu("run scenario.toml -o shuffled").with(0);
    assert_same(&one, &place.results("shuffled"), &["inputs"]);

    place.ddu("prepare region.osm.pbf -o region.roads").with(0);
    place.ddu("prepare region.osm.pbf -o again.roads --threads 1").with(0);
    assert!(std::fs::read(place.path("region.roads")).unwrap() == std::fs::read(place.path("again.roads")).unwrap());
    place.edit("scenario.toml", "region.osm.pbf", "region.roads");
    place.ddu("run scenario.toml -o prepared").with(0);
    assert_same(&one, &place.results("prepared"), &["inputs"]);
}

#[test]
fn the_manifest_names_its_files_by_their_hashes() {
    let place = Place::new();
    place.set("award", "winning_levels = false");
    place.ddu("run scenario.toml -o out").with(0);
    let manifest: serde_json::Value = serde_json::from_str(&place.read("out/manifest.json")).unwrap();
    let hash = |path: &str| blake3::hash(&std::fs::read(place.path(path)).unwrap()).to_hex().to_string();
    let outputs = manifest["outputs"].as_object().unwrap();
    let written = place.results("out");
    assert_eq!(outputs.len() + 1, written.len());
    for (name, blake3) in outputs {
        assert_eq!(blake3.as_str().unwrap(), hash(&format!("out/{name}")));
    }
    let inputs = manifest["inputs"].as_array().unwrap();
    assert_eq!(inputs.len(), 9);
    for input in inputs {
        assert_eq!(input["blake3"].as_str().unwrap(), hash(input["path"].as_str().unwrap()));
    }
}

/// Tiers, packages, groups, capacities, budgets, minimum volumes, set-asides, minimum winners, share caps and overrides:
/// neither the order of rows nor the names of bidders decide who wins.
#[test]
fn the_whole_bid_language_in_any_order_and_under_other_names() {
    let place = Place::new();
    let bids = place.table("bids.csv");
    let header = place.read("bids.csv").lines().next().unwrap().to_owned();
    let columns: Vec<&str> = header.split(',').collect();
    let mut rows = vec![format!("{header},tier_group,tier_kind,group_at_most")];
    let mut tiers = 0;
    for (at, bid) in bids.iter().enumerate() {
        let cells: Vec<&str> = columns.iter().map(|c| bid[*c].as_str()).collect();
        let alone = bid["package_id"].is_empty() && bid["xor_group"].is_empty();
        if !alone || at % 3 != 0 {
            let most = if bid["xor_group"].is_empty() { "" } else { "2" };
            rows.push(format!("{},,,{most}", cells.join(",")));
            continue;
        }
        let kind = if at % 2 == 0 { "all_units" } else { "incremental" };
        rows.push(format!("{},t{at},{kind},", cells.join(",")));
        let most: u32 = bid["volume_max"].parse().unwrap();
        let (low, high) = ((most + 1).to_string(), (most + 40).to_string());
        let id = format!("{}-second", bid["bid_id"]);
        let second = columns.iter().map(|c| match *c {
            "bid_id" => id.as_str(),
            "volume_min" => low.as_str(),
            "volume_max" => high.as_str(),
            column => bid[column].as_str(),
        });
        rows.push(format!("{},t{at},{kind},", second.collect::<Vec<_>>().join(",")));
        tiers += 1;
    }
    assert!(
        tiers > 3
            && bids.iter().any(|b| !b["package_id"].is_empty())
            && bids.iter().any(|b| !b["xor_group"].is_empty())
    );
    place.write("bids.csv", rows.join("\n") + "\n");
    let bidders = place.table("bidders.csv");
    let limits = ["national,1200,,300", "regional,,2500.00,", "local,,,100"];
    let rows = bidders.iter().zip(limits.iter().cycle()).map(|(b, limits)| {
        let (class, rest) = limits.split_once(',').unwrap();
        format!("{},{},{class},{},{rest}\n", b["bidder_id"], b["name"], b["affiliate_group"])
    });
    let head = "bidder_id,name,class,affiliate_group,capacity_pieces,budget,min_volume_pieces\n";
    place.write("bidders.csv", head.to_owned() + rows.collect::<String>().as_str());
    place.set("award", "winning_levels = false");
    place.set("award", "share_cap = 0.6");
    let rules = "\n[[award.minimum_winners]]\nat_least = 2\n\n[[award.set_aside]]\nclass = \"local\"\nshare = 0.1\n";
    place.write("scenario.toml", place.read("scenario.toml") + rules);
    place.ddu("award scenario.toml -o out").with(0);
    // The first loser that may be forced in.
    let rows = place.table("out/bids_explained.csv");
    let losers = rows.iter().filter(|r| !r["blocking_rules"].is_empty() && r["package_id"].is_empty());
    place.edit("scenario.toml", "bids = \"bids.csv\"", "bids = \"bids.csv\"\noverrides = \"overrides.csv\"");
    let forced = losers.map(|r| &r["bid_id"]).find(|bid| {
        place.write("overrides.csv", format!("action,bid_id,bidder_id,ddu_id,who,why\nforce,{bid},,,J. Doe,trial\n"));
        place.ddu("award scenario.toml -o out").code == 0
    });
    let forced = forced.unwrap();
    let won = |folder: &str| -> Vec<[String; 3]> {
        place.ddu(&format!("award scenario.toml -o {folder}")).with(0);
        let rows = place.table(&format!("{folder}/awards.csv"));
        let mut won: Vec<_> =
            rows.iter().map(|r| ["bid_id", "volume_pieces", "value_usd"].map(|c| r[c].clone())).collect();
        won.sort();
        won
    };
    let before = won("out");
    assert!(before.len() > 5 && before.iter().any(|[bid, ..]| bid == forced), "{before:?}");
    for table in TABLES {
        let text = place.read(table);
        let (header, rows) = text.split_once('\n').unwrap();
        let rows: Vec<&str> = rows.lines().rev().collect();
        place.write(table, format!("{header}\n{}\n", rows.join("\n")));
    }
    assert_eq!(won("shuffled"), before);
    // Names in the opposite order.
    for table in ["bidders.csv", "bids.csv"] {
        let mut text = place.read(table);
        for (at, bidder) in bidders.iter().enumerate() {
            let name = format!("N{}", 99 - at);
            text = text.replace(&format!("\n{},", bidder["bidder_id"]), &format!("\n{name},"));
            text = text.replace(&format!(",{},", bidder["bidder_id"]), &format!(",{name},"));
        }
        place.write(table, text);
    }
    assert_eq!(won("renamed"), before);
    assert_ne!(place.read("renamed/bidders.csv"), place.read("shuffled/bidders.csv"));
}
