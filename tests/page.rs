//! The page of a report: its structure, hostile names, bounds of its size.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    clippy::cast_possible_truncation,
    dead_code,
    unreachable_pub
)]

#[path = "support/auction.rs"]
mod auction;
#[path = "support/page.rs"]
mod page;

use auction::{Auction, bid, bidder, ddu, large, plain};
use ddu::award::{Award, EngineOptions, award};
use ddu::cost::{CostError, HaulSource};
use ddu::ids::{DduIx, HubIx};
use ddu::progress::Silent;
use ddu::report::AwardReport;
use ddu::report::page::{MOST_ROWS, PageContext, PageData, PageHauls, Served, write_page};
use ddu::scenario::ClassOption;
use serde_json::Value;

struct Hauls<'a>(&'a Auction);

impl HaulSource for Hauls<'_> {
    fn options(&self, hub: HubIx, ddu: DduIx) -> Result<Vec<ClassOption>, CostError> {
        let options = self.0.haul(hub, ddu).unwrap().options.unwrap_or_default();
        Ok(options.into_iter().map(|option| (option.vehicle, Ok(option))).collect())
    }
}

fn run(a: &Auction) -> Award {
    award(&a.scenario, &|h, d| a.haul(h, d), EngineOptions::default(), &Silent).unwrap()
}

fn html(a: &Auction, award: &Award, served: Served) -> String {
    let report = AwardReport { scenario: &a.scenario, award, variants: &[], synergies: &[], ddu_snaps: None };
    let hauls = PageHauls { all: &Hauls(a), parts: None };
    let context = PageContext::of(&report, None, hauls).unwrap();
    let mut out = Vec::new();
    write_page(&mut out, &PageData::of(&report).unwrap().with(context), served).unwrap();
    String::from_utf8(out).unwrap()
}

fn table<'v>(data: &'v Value, name: &str) -> &'v Value {
    data["tables"].as_array().unwrap().iter().find(|table| table["name"] == name).unwrap()
}

fn column(table: &Value, name: &str) -> Vec<Value> {
    let at = table["columns"].as_array().unwrap().iter().position(|column| column["name"] == name).unwrap();
    table["rows"].as_array().unwrap().iter().map(|row| row[at].clone()).collect()
}

fn micro(value: &Value) -> i64 {
    value.as_str().map_or(0, |text| ddu::units::MicroDollars::parse(text).unwrap().amount.0)
}

#[test]
fn the_page_holds_the_award() {
    let a = large(12, 70, 6, 2);
    let award = run(&a);
    let html = html(&a, &award, Served::No);
    let data = page::data(&html);
    assert_eq!(data["facts"]["value_usd"], award.value.to_string());
    let (awards, explained) = (table(&data, "awards"), table(&data, "bids_explained"));
    assert_eq!(explained["rows"].as_array().unwrap().len(), a.scenario.bids.len());
    assert_eq!(awards["rows"].as_array().unwrap().len(), award.winners().count());
    assert_eq!(column(awards, "value_usd").iter().map(micro).sum::<i64>(), award.value.0);
    let total = awards["columns"].as_array().unwrap().iter().position(|c| c["name"] == "value_usd").unwrap();
    assert_eq!(micro(&awards["totals"][total]), award.value.0);
    // What the map is drawn from agrees with the tables.
    let pieces: u64 = award.winners().map(|(_, won)| u64::from(won.volume.0)).sum();
    let sum =
        |marks: &Value, at: usize| -> u64 { marks.as_array().unwrap().iter().map(|m| m[at].as_u64().unwrap()).sum() };
    assert_eq!((sum(&data["marks"]["units"], 1), sum(&data["marks"]["flows"], 2)), (pieces, pieces));
    assert_eq!(sum(&data["marks"]["units"], 2), a.scenario.bids.len() as u64);
    assert_eq!(data["map"]["units"].as_array().unwrap().len(), a.scenario.ddus.len());
    // Costs of awards, part by part.
    let waterfall = table(&data, "waterfall");
    let parts = ["undivided_usd", "handling_usd"].map(|name| column(waterfall, name).iter().map(micro).sum::<i64>());
    assert_eq!(parts[0] + parts[1], column(waterfall, "injection_usd").iter().map(micro).sum::<i64>());
    let bids = column(waterfall, "bid_id");
    for (bid, cost) in column(awards, "bid_id").iter().zip(column(awards, "injection_usd")) {
        let at = bids.iter().position(|other| other == bid).unwrap();
        assert_eq!(column(waterfall, "injection_usd")[at], cost);
    }
}

#[test]
fn states_follow_from_the_bids() {
    // One place, two rivals: contested. One bid alone: awarded. No bid: unserved.
    let bids = vec![
        bid("A", 0, 0, (10, 10), 2_000_000),
        bid("B", 1, 0, (10, 10), 1_500_000),
        bid("C", 0, 1, (5, 5), 2_000_000),
    ];
    let a = plain(vec![ddu("D0", 10), ddu("D1", 10), ddu("D2", 10)], vec![bidder("X"), bidder("Y")], bids);
    let data = page::data(&html(&a, &run(&a), Served::No));
    let states: Vec<&str> = data["marks"]["units"].as_array().unwrap().iter().map(|u| u[0].as_str().unwrap()).collect();
    assert_eq!(states, ["contested", "awarded", "unserved"]);
}

#[test]
fn hostile_names_stay_text() {
    let evil = "</script><script>alert(1)</script>\u{2028}\"'&<!--";
    let mut a =
        plain(vec![ddu("D", 10)], vec![bidder(evil), bidder("Rival")], vec![bid("B", 0, 0, (1, 10), 1_250_000)]);
    a.scenario.settings.name = evil.to_owned();
    a.scenario.ddus[0].name = "=1+1".to_owned();
    let html = html(&a, &run(&a), Served::No);
    assert!(!html.contains("alert(1)</script>") && !html.contains("<script>alert"));
    assert!(html.contains("<title>Award of &lt;/script&gt;&lt;script&gt;alert(1)"));
    let data = page::data(&html);
    assert_eq!(data["facts"]["name"], evil);
    assert_eq!(column(table(&data, "bidders"), "bidder_id")[0], evil);
    assert_eq!(column(table(&data, "ddus"), "name")[0], "=1+1");
}

#[test]
fn nothing_is_fetched_and_the_library_is_whole() {
    let a = plain(vec![ddu("D", 10)], vec![bidder("X")], vec![bid("B", 0, 0, (1, 10), 1_250_000)]);
    let award = run(&a);
    let html = html(&a, &award, Served::No);
    let policy = html.split("Content-Security-Policy\" content=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(
        policy.starts_with("default-src 'none';") && !policy.contains("http") && !policy.contains("'self'"),
        "{policy}"
    );
    for address in [" src=", "<link", "@import", "url(http", "fetch(\"http"] {
        assert!(!html.contains(address), "{address}");
    }
    assert!(!html.contains("data-served") && !html.contains("/v1/what-if"));
    assert!(page::unpacked(&html, "map-script").starts_with(b"/**\n * MapLibre GL JS"));
    assert!(page::element(&html, "map-licence").contains("Redistribution and use"));
    // The page that a server shows differs in three things.
    let served = self::html(&a, &award, Served::Yes);
    assert!(served.starts_with("<!doctype html>\n<html lang=\"en\" data-served=\"1\">"));
    assert!(served.contains("connect-src data: blob: 'self'") && served.contains("/v1/what-if"));
}

/// A page of a national auction stays usable: the rest is in the file, but sums and marks are of all rows.
#[test]
fn long_tables_are_cut() {
    let a = large(12, 70, 6, 2);
    let mut award = run(&a);
    let times = MOST_ROWS / award.lines.len() + 2;
    award.lines = (0..times).flat_map(|_| award.lines.clone()).collect();
    let report = AwardReport { scenario: &a.scenario, award: &award, variants: &[], synergies: &[], ddu_snaps: None };
    let data = PageData::of(&report).unwrap();
    let explained = data.tables.iter().find(|table| table.name == "bids_explained").unwrap();
    assert_eq!((explained.rows.len(), explained.left_out as usize), (MOST_ROWS, award.lines.len() - MOST_ROWS));
    let json = serde_json::to_value(&data).unwrap();
    let bids: u64 = json["marks"]["units"].as_array().unwrap().iter().map(|unit| unit[2].as_u64().unwrap()).sum();
    assert_eq!(bids, award.lines.len() as u64);
}
