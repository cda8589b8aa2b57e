//! `docs/errors.md` and the program's rules are the same, and `docs/formats.md` names every column and setting.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod support;

use ddu::diagnostics::Code;
use std::path::Path;
use support::fixture::{BIDDERS, BIDS, DDUS, Fixture, HUBS, SCENARIO, VEHICLES};

fn doc(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)).unwrap()
}

#[test]
fn the_page_lists_exactly_the_rules() {
    let page = doc("errors.md");
    let listed: Vec<&str> = page
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| code") && !line.starts_with("| ---"))
        .collect();
    let rules: Vec<String> = Code::ALL
        .iter()
        .map(|c| {
            let cell = |text: &str| text.replace('|', "\\|");
            format!("| {} | {} | {} | {} |", c.id(), cell(c.title()), cell(c.cause()), cell(c.action()))
        })
        .collect();
    assert_eq!(listed, rules);
}

/// Columns that the small scenario does without.
const EXTRA: &str =
    "region,min_volume_pieces,tier_group,tier_kind,group_at_most,action,bid_id,bidder_id,ddu_id,who,why,zips";
/// Columns that only a quote reads.
const QUOTE: &str = "zip5,state,pieces,pieces_low,pieces_high,volume_unit,entry_level,weight_from_lb,weight_to_lb,rate_per_piece,haul_per_piece,source";

#[test]
fn formats_name_every_column_and_setting() {
    let page = doc("formats.md");
    let named = |word: &str| assert!(page.contains(&format!("`{word}`")), "`{word}` is missing in docs/formats.md");
    let costs =
        "vehicle,status,status_at,pieces_per_trip,outbound_metres,trip_usd,handling_usd_per_piece,arrival_local";
    for table in [HUBS, DDUS, BIDDERS, BIDS, costs, "way_id,direction,vehicle,note", EXTRA, QUOTE] {
        table.lines().next().unwrap().split(',').for_each(named);
    }
    let fixture = Fixture::new();
    fixture.append("scenario.toml", "[[traffic]]\nname = \"am\"\nfrom = \"06:00\"\nto = \"09:00\"\n[[award.minimum_winners]]\nat_least = 1\nddu = \"D1\"\n[[award.set_aside]]\nclass = \"national\"\nshare = 0.1\nregion = \"OH\"\n[[variant]]\nname = \"v\"\nwithout = \"share_cap\"\nvolume_factor = 2\nfuel_factor = 2\nwage_factor = 2\n[quote]\nshipper = \"ACME\"\n[[quote.fleet]]\nhub = \"H1\"\nvehicle = \"cargo_van\"\ncount = 3");
    let scenario = fixture.scenario();
    let settings = scenario.settings.to_toml(&scenario.ddus);
    for text in [SCENARIO, VEHICLES, &settings] {
        text.lines().filter_map(|line| line.split_once(" = ")).for_each(|(key, _)| named(key));
    }
}

/// The examples of the page are a scenario that loads.
#[test]
fn the_examples_load() {
    let page = doc("formats.md");
    let examples: Vec<&str> = page.split("```toml\n").skip(1).map(|part| part.split("```").next().unwrap()).collect();
    let fixture = Fixture::new();
    fixture.write("scenario.toml", examples[..4].concat().as_bytes());
    fixture.write("vehicles.toml", examples[4].as_bytes());
    let scenario = fixture.scenario();
    assert_eq!(scenario.settings.award.minimum_winners.len(), 2);
    assert_eq!(scenario.settings.traffic.windows.len(), 2);
    assert_eq!(scenario.settings.variants.len(), 5);
    assert_eq!(scenario.vehicles[0].name, "cargo_van");
}
