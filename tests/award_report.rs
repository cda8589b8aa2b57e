//! Tables, HTML, manifest and terminal summary of an award.
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

use auction::{Auction, bid, bidder, ddu, full, large, plain};
use ddu::award::{Award, EngineOptions, award};
use ddu::diagnostics::Diagnostics;
use ddu::progress::Silent;
use ddu::report::page::{PageData, Served, write_page};
use ddu::report::{AwardReport, AwardTable, Manifest, award_table, write_award_csv, write_manifest};
use ddu::units::MicroDollars;
use std::collections::BTreeMap;

fn run(a: &Auction) -> Award {
    award(&a.scenario, &|h, d| a.haul(h, d), EngineOptions::default(), &Silent).unwrap()
}

fn csv_of(a: &Auction, award: &Award, table: AwardTable) -> String {
    let mut out = Vec::new();
    let report = AwardReport { scenario: &a.scenario, award, variants: &[], synergies: &[], ddu_snaps: None };
    write_award_csv(&mut out, table, &report).unwrap();
    String::from_utf8(out).unwrap()
}

fn html_of(a: &Auction, award: &Award) -> String {
    let mut out = Vec::new();
    let report = AwardReport { scenario: &a.scenario, award, variants: &[], synergies: &[], ddu_snaps: None };
    write_page(&mut out, &PageData::of(&report).unwrap(), Served::No).unwrap();
    String::from_utf8(out).unwrap()
}

fn column(table: &str, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let at = reader.headers().unwrap().iter().position(|h| h == name).unwrap();
    reader.records().map(|r| r.unwrap()[at].to_owned()).collect()
}

fn dollars(table: &str, name: &str) -> i64 {
    column(table, name).iter().map(|t| MicroDollars::parse(t).unwrap().amount.0).sum()
}

fn count(table: &str, name: &str) -> u64 {
    column(table, name).iter().map(|t| t.parse::<u64>().unwrap()).sum()
}

/// Names that attack spreadsheets and browsers.
fn hostile() -> Auction {
    let mut bids = vec![bid("=B0", 0, 0, (1, 10), 1_250_000), bid("B1", 1, 0, (10, 10), 987_654)];
    bids[1].tender = ddu::units::ClockTime(421);
    let mut a = plain(vec![ddu("D", 10)], vec![bidder("<script>alert(1)</script>"), bidder("Rival")], bids);
    a.scenario.ddus[0].name = "+SUM(A1)".to_owned();
    a
}

#[test]
fn tables_reconcile_with_each_other_and_the_award() {
    let a = large(12, 70, 6, 2);
    let award = run(&a);
    let (awards, explained) = (csv_of(&a, &award, AwardTable::Awards), csv_of(&a, &award, AwardTable::BidsExplained));
    let (ddus, bidders) = (csv_of(&a, &award, AwardTable::Ddus), csv_of(&a, &award, AwardTable::Bidders));
    assert!(award.value.0 > 0);
    for table in [&awards, &ddus, &bidders] {
        assert_eq!(dollars(table, "value_usd"), award.value.0);
        for name in ["injection_usd", "revenue_usd"] {
            assert_eq!(dollars(table, name), dollars(&awards, name), "{name}");
        }
    }
    assert_eq!(dollars(&awards, "spend_usd"), dollars(&bidders, "spend_usd"));
    assert_eq!(dollars(&ddus, "contribution_usd"), dollars(&awards, "contribution_usd"));
    let pieces = count(&awards, "volume_pieces");
    assert_eq!(pieces, count(&ddus, "awarded_pieces"));
    assert_eq!(pieces, count(&bidders, "volume_pieces"));
    assert_eq!(pieces, count(&explained, "awarded_pieces"));
    assert_eq!(column(&explained, "bid_id").len(), a.scenario.bids.len());
    assert_eq!(column(&explained, "outcome").iter().filter(|o| *o == "won").count(), column(&awards, "bid_id").len());
    for (outcome, reason) in column(&explained, "outcome").iter().zip(column(&explained, "reason")) {
        assert_eq!(outcome == "lost", !reason.is_empty());
    }
}

#[test]
fn bytes_do_not_depend_on_threads() {
    let a = large(12, 70, 6, 2);
    let all = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let award = pool.install(|| run(&a));
        let tables: Vec<String> = AwardTable::ALL.iter().map(|t| csv_of(&a, &award, *t)).collect();
        (tables, html_of(&a, &award), award_table(&a.scenario, &award).unwrap())
    };
    assert_eq!(all(1), all(2));
}

#[test]
fn hostile_names_are_harmless() {
    let a = hostile();
    let award = run(&a);
    assert!(csv_of(&a, &award, AwardTable::Awards).contains("\n'=B0,"));
    assert!(csv_of(&a, &award, AwardTable::Ddus).contains("D,'+SUM(A1),10,10,100,"));
}

/// B0 wins 10 × 1.25; the loser's row tells neither the winner's id nor its price.
#[test]
fn a_loser_learns_nothing_about_rivals() {
    let a = hostile();
    let award = run(&a);
    let explained = csv_of(&a, &award, AwardTable::BidsExplained);
    let row = explained.lines().find(|l| l.starts_with("B1,")).unwrap();
    assert!(row.contains("lost,capacity_taken,") && row.contains(",1.30"), "{row}");
    for secret in ["script", "=B0", "1.25", "12.5"] {
        assert!(!row.contains(secret), "{row}");
    }
}

/// Random auctions with every rule: no row of a bidder names another bidder, its bids, groups or prices, nor who decided an
/// override and why.
#[test]
fn no_bidder_learns_of_another() {
    let (mut rows, mut forced) = (0, 0);
    for seed in 70_000..70_400 {
        let mut a = full(seed);
        let s = &mut a.scenario;
        for (i, b) in s.bidders.iter_mut().enumerate() {
            (b.id, b.name) = (format!("quark{i}z"), format!("Quark Parcels {i}z"));
        }
        for (i, b) in s.bids.iter_mut().enumerate() {
            b.id = format!("bid{i}z");
            b.package = b.package.take().map(|_| format!("package{}z", b.bidder.0));
            b.xor_group = b.xor_group.take().map(|_| format!("group{}z", b.bidder.0));
            b.price = MicroDollars(b.price.0 / 1_000 * 1_000 + 13 * (1 + i64::try_from(i).unwrap()));
            if let Some(tier) = &mut b.tier {
                (tier.group, tier.offset) = (format!("tiers{}-{}", b.bidder.0, tier.group), MicroDollars(0));
            }
        }
        let award = run(&a);
        let explained = csv_of(&a, &award, AwardTable::BidsExplained);
        for (line, row) in a.scenario.bids.iter().zip(explained.lines().skip(1)) {
            rows += 1;
            assert!(row.starts_with(&format!("{},quark{}z,", line.id, line.bidder.0)), "{row}");
            assert!(!row.contains("J. Doe") && !row.contains("ticket"), "seed {seed}: {row}");
            for other in a.scenario.bids.iter().filter(|other| other.bidder != line.bidder) {
                let rival = &a.scenario.bidders[other.bidder.index()];
                let mut secrets = vec![rival.id.clone(), rival.name.clone(), other.id.clone(), other.price.to_string()];
                secrets.extend(other.package.clone());
                secrets.extend(other.xor_group.clone());
                secrets.extend(other.tier.as_ref().map(|t| t.group.clone()));
                for secret in secrets {
                    assert!(!row.contains(&secret), "seed {seed}: {secret} in {row}");
                }
            }
        }
        let awards = csv_of(&a, &award, AwardTable::Awards);
        let won: std::collections::BTreeSet<&str> =
            award.winners().map(|(bid, _)| a.scenario.bids[bid.index()].id.as_str()).collect();
        for (id, text) in column(&awards, "bid_id").iter().zip(column(&awards, "override")) {
            let by_hand = |o: &ddu::scenario::Override| {
                let ddu::scenario::OverrideTarget::Bid(bid) = o.target else { return false };
                let (line, decided) =
                    (a.scenario.bids.iter().find(|b| b.id == *id).unwrap(), &a.scenario.bids[bid.index()]);
                let together = line.package.is_some() && line.package == decided.package;
                o.action == ddu::scenario::OverrideAction::Force && (decided.id == *id || together)
            };
            let expected = if a.scenario.overrides.iter().any(by_hand) { "J. Doe: ticket 12" } else { "" };
            assert_eq!(text, expected, "seed {seed}: {id}");
            forced += usize::from(!expected.is_empty());
            assert!(won.contains(id.as_str()));
        }
    }
    assert!(rows > 2_000 && forced > 10, "{rows} {forced}");
}

/// 10 pieces at 1.25 without any cost: revenue, contribution and value are 12.50.
#[test]
fn the_terminal_table_is_aligned() {
    let mut a = hostile();
    a.scenario.bidders[0].id = "S".to_owned();
    let text = award_table(&a.scenario, &run(&a)).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "unit   winner  bid  pieces  trips  dock price  injection  value");
    assert_eq!(lines[1], "D      S       =B0      10      1        1.25       0.00  12.50");
    assert_eq!(lines[2], "total          1        10                          0.00  12.50");
    assert!(text.contains("1 of 2 bid lines won; contribution 12.50 USD per operating day"));
    assert!(text.contains("status optimal, bound 12.50 USD, gap 0.0000 %"));
}

#[test]
fn the_manifest_counts_outcomes() {
    let a = hostile();
    let award = run(&a);
    let (settings, counts, outputs) = (serde_json::json!({"seed": 1}), BTreeMap::new(), BTreeMap::new());
    let manifest = Manifest {
        scenario: &a.scenario,
        effective_settings: &settings,
        award: Some(&award),
        variants: &[],
        synergies: &[],
        import_counts: &counts,
        diagnostics: &Diagnostics::default(),
        outputs: &outputs,
    };
    let mut out = Vec::new();
    write_manifest(&mut out, &manifest).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(json["award"]["status"], "optimal");
    assert_eq!(json["award"]["value_usd"], "12.50");
    assert_eq!(json["award"]["bid_lines"], serde_json::json!({"capacity_taken": 1, "won": 1}));
    assert_eq!(json["rows"]["bids"], 2);
}
