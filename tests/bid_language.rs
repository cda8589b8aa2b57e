//! Tiers, at-most-k, rules that must be reached and overrides, as they are read.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, dead_code, unreachable_pub)]

mod support;

use ddu::diagnostics::Code;
use ddu::ids::{BidIx, BidderIx, DduIx};
use ddu::scenario::{
    Loaded, MinimumWinners, Override, OverrideAction, OverrideTarget, Scenario, Scope, SetAside, TierKind,
};
use ddu::units::{MicroDollars, Pieces, Ppm};
use support::fixture::{Fixture, only};

const HEADER: &str = "bid_id,bidder_id,package_id,xor_group,group_at_most,tier_group,tier_kind,ddu_id,hub_id,service,\
                      tender_time,volume_min,volume_max,volume_unit,price_per_piece,price_basis";

/// A row at D1 by ACME: id, package, group, at most, tier group, kind, range and price are given.
fn row(id: &str, groups: &str, volumes: (u32, u32), price: &str) -> String {
    let (low, high) = volumes;
    format!("{id},ACME,{groups},D1,H1,next_day,07:30,{low},{high},pieces_per_day,{price},dock\n")
}

fn tiers(kind: &str, tiers: &[(u32, u32, &str)]) -> String {
    let groups = format!(",,,T,{kind}");
    tiers
        .iter()
        .enumerate()
        .map(|(i, (low, high, price))| row(&format!("B{i}"), &groups, (*low, *high), price))
        .collect()
}

fn with_bids(rows: &str) -> Fixture {
    let fixture = Fixture::new();
    fixture.write("bids.csv", format!("{HEADER}\n{rows}").as_bytes());
    fixture
}

fn codes(loaded: &Loaded) -> Vec<Code> {
    loaded.diagnostics.sorted().into_iter().map(|d| d.code).collect()
}

fn offsets(scenario: &Scenario) -> Vec<MicroDollars> {
    scenario.bids.iter().map(|b| b.tier.as_ref().unwrap().offset).collect()
}

fn usd(text: &str) -> MicroDollars {
    MicroDollars::parse(text).unwrap().amount
}

/// 1..100 at 1.00, 101..300 at 0.80, 301..400 at 0.75: 350 pieces are 100 + 160 + 37.50 = 297.50, as 350 × 0.75 + 35.
#[test]
fn incremental_tiers_cost_what_each_piece_costs() {
    let fixture = with_bids(&tiers("incremental", &[(1, 100, "1.00"), (101, 300, "0.80"), (301, 400, "0.75")]));
    let scenario = fixture.scenario();
    assert_eq!(offsets(&scenario), [usd("0"), usd("20"), usd("35")]);
    assert_eq!(scenario.bids[2].spend(Pieces(350)), Some(usd("297.50")));
    let price = |piece: u32| scenario.bids.iter().find(|b| piece <= b.volume_max.0).unwrap().price.0;
    for line in &scenario.bids {
        for volume in line.volume_min.0..=line.volume_max.0 {
            let sum: i64 = (1..=volume).map(price).sum();
            assert_eq!(line.spend(Pieces(volume)), Some(MicroDollars(sum)), "{volume}");
        }
    }
    // The first tier counts from piece 1 on, whatever its least volume; prices may rise.
    let fixture = with_bids(&tiers("incremental", &[(60, 100, "0.80"), (101, 300, "1.00")]));
    assert_eq!(offsets(&fixture.scenario()), [usd("0"), MicroDollars(-20_000_000)]);
    let fixture = with_bids(&tiers("all_units", &[(60, 100, "0.80"), (101, 300, "1.00")]));
    let scenario = fixture.scenario();
    assert_eq!(offsets(&scenario), [usd("0"), usd("0")]);
    assert_eq!(scenario.bids[1].tier.as_ref().unwrap().kind, TierKind::AllUnits);
}

/// Rows in another order are the same bid.
#[test]
fn the_order_of_tiers_does_not_matter() {
    let rows = tiers("incremental", &[(1, 100, "1.00"), (101, 300, "0.80"), (301, 400, "0.75")]);
    let reversed: String = rows.lines().rev().map(|line| format!("{line}\n")).collect();
    assert_eq!(with_bids(&rows).scenario().bids, with_bids(&reversed).scenario().bids);
}

#[test]
fn tiers_must_fit_together() {
    let overlap = [(1, 100, "1.00"), (100, 300, "0.80")];
    let gap = [(1, 100, "1.00"), (111, 300, "0.80")];
    let found = only(&with_bids(&tiers("all_units", &overlap)).load(), Code::TiersOverlap);
    assert_eq!((found.span.unwrap().line, found.field.as_str(), found.value.as_str()), (3, "volume_min", "100"));
    assert!(found.message.contains("both hold 100 to 100 pieces"), "{}", found.message);
    let found = only(&with_bids(&tiers("incremental", &gap)).load(), Code::TierGapIncremental);
    assert!(found.message.contains("leave out 101 to 110 pieces"), "{}", found.message);
    let loaded = with_bids(&tiers("all_units", &gap)).load();
    only(&loaded, Code::TierGap);
    assert_eq!(loaded.scenario.unwrap().bids.len(), 2);
    only(&with_bids(&tiers("all_units", &[(1, 100, "1.00")])).load(), Code::LonelyTier);
    let huge = [(1, 4_000_000_000, "9000000000"), (4_000_000_001, 4_100_000_000, "0.80")];
    let loaded = with_bids(&tiers("incremental", &huge)).load();
    assert_eq!(codes(&loaded).iter().filter(|c| **c == Code::NumberOutOfRange).count(), 2);
    // Each difference is named, at every tier.
    let rows = tiers("all_units", &[(1, 100, "1.00"), (101, 300, "0.80")]);
    for (from, to, what) in [
        ("B1,ACME", "B1,ZED", "bidder"),
        ("B1,ACME,,,,T,all_units,D1", "B1,ACME,,,,T,all_units,D2", "unit"),
        ("D1,H1,next_day,07:30,101", "D1,H2,next_day,07:30,101", "hub"),
        ("next_day,07:30,101", "same_day,07:30,101", "service"),
        ("next_day,07:30,101", "next_day,07:31,101", "tender time"),
        ("0.80,dock", "0.80,hub", "basis"),
        ("B1,ACME,,,,T", "B1,ACME,,X,,T", "XOR group"),
        ("B1,ACME,,,,T,all_units", "B1,ACME,,,,T,incremental", "kind"),
    ] {
        assert_eq!(rows.matches(from).count(), 1, "{from}");
        let loaded = with_bids(&rows.replace(from, to)).load();
        let differ: Vec<_> = loaded.diagnostics.sorted().into_iter().filter(|d| d.code == Code::TiersDiffer).collect();
        assert_eq!(differ.len(), 2, "{what}: {:?}", codes(&loaded));
        assert!(differ[0].message.ends_with(&format!("differ in {what}")), "{}", differ[0].message);
    }
}

#[test]
fn a_tier_names_group_and_kind_and_is_in_no_package() {
    let half = row("B0", ",,,T,", (1, 5), "1.00") + &row("B1", ",,,,all_units", (1, 5), "1.00");
    let loaded = with_bids(&half).load();
    assert_eq!(codes(&loaded), [Code::TierHalfNamed; 2]);
    let rows = row("B0", "P,,,T,all_units", (5, 5), "1.00") + &row("B1", ",,,T,all_units", (6, 6), "1.00");
    let loaded = with_bids(&rows).load_leniently();
    assert_eq!(only(&loaded, Code::TierInPackage).span.unwrap().line, 2);
    assert_eq!(only(&loaded, Code::TierIncomplete).span.unwrap().line, 3);
    assert!(loaded.scenario.unwrap().bids.is_empty());
    let loaded = with_bids(&row("B0", ",,,T,all", (1, 5), "1.00")).load();
    assert_eq!(codes(&loaded), [Code::NotAWord]);
}

/// A tier that cannot be read takes the bid with it: at another rule the bid would mean something else.
#[test]
fn a_bid_goes_as_a_whole() {
    let rows = tiers("incremental", &[(1, 100, "1.00"), (101, 300, "0"), (301, 400, "0.75")]);
    let loaded = with_bids(&(rows + &row("C", ",,,,", (1, 5), "1.00"))).load_leniently();
    assert_eq!(codes(&loaded).iter().filter(|c| **c == Code::TierIncomplete).count(), 2);
    let scenario = loaded.scenario.unwrap();
    assert_eq!(scenario.bids.iter().map(|b| b.id.as_str()).collect::<Vec<_>>(), ["C"]);
    assert_eq!(loaded.rejects.len(), 3);
}

#[test]
fn at_most_k_of_a_group() {
    let group = |id: &str, most: &str| row(id, &format!(",X,{most},,"), (1, 5), "1.00");
    let three = |a, b, c| group("B0", a) + &group("B1", b) + &group("B2", c);
    let scenario = with_bids(&three("2", "2", "2")).scenario();
    assert!(scenario.bids.iter().all(|b| b.group_at_most == 2));
    let loaded = with_bids(&three("2", "2", "")).load();
    assert_eq!(codes(&loaded), [Code::GroupAtMostDiffers; 3]);
    only(&with_bids(&three("3", "3", "3")).load(), Code::GroupAtMostIdle);
    assert_eq!(codes(&with_bids(&three("0", "1", "1")).load()), [Code::NumberOutOfRange]);
    only(&with_bids(&row("B0", ",,2,,", (1, 5), "1.00")).load(), Code::GroupAtMostAlone);
    // Tiers of one bid are one member.
    let tiers = row("B0", ",X,2,T,all_units", (1, 5), "1.00") + &row("B1", ",X,2,T,all_units", (6, 9), "1.00");
    only(&with_bids(&(tiers + &group("B2", "2"))).load(), Code::GroupAtMostIdle);
}

const POLICY: &str = r#"
[[award.set_aside]]
class = "regional"
share = 0.25
region = "OH"
[[award.minimum_winners]]
at_least = 2
[[award.minimum_winners]]
at_least = 1
ddu = "D2"
"#;

#[test]
fn what_must_be_reached_is_read_and_printed() {
    let fixture = Fixture::new();
    fixture.append("scenario.toml", &format!("[award]\n{POLICY}"));
    let scenario = fixture.scenario();
    let award = &scenario.settings.award;
    let least = |scope, at_least| MinimumWinners { scope, at_least };
    assert_eq!(award.minimum_winners, [least(Scope::All, 2), least(Scope::Ddu(DduIx(1)), 1)]);
    let aside = SetAside { scope: Scope::Region("OH".into()), class: "regional".into(), share: Ppm(250_000) };
    assert_eq!(award.set_asides, [aside]);
    let printed = scenario.settings.to_toml(&scenario.ddus);
    let text = std::fs::read_to_string(fixture.path("scenario.toml")).unwrap();
    let inputs = text.split("[inputs]\n").nth(1).unwrap().split("\n\n").next().unwrap();
    fixture.write("scenario.toml", printed.replace("[inputs]\n", &format!("[inputs]\n{inputs}\n")).as_bytes());
    assert_eq!(fixture.scenario().settings, scenario.settings, "{printed}");
}

#[test]
fn names_in_the_policy_must_be_known() {
    for (rule, message, help) in [
        ("minimum_winners]]\nat_least = 1\nddu = \"D3\"", "unit `D3` is not known", "did you mean `D1`?"),
        ("minimum_winners]]\nat_least = 1\nregion = \"OHI\"", "region `OHI` is not known", "did you mean `OH`?"),
        ("set_aside]]\nclass = \"regonal\"\nshare = 0.1", "class of bidders `regonal` is not known", "`regional`"),
        ("set_aside]]\nclass = \"local\"\nshare = 0.1\nregion = \"OH\"", "class of bidders `local`", "Correct"),
    ] {
        let fixture = Fixture::new();
        fixture.append("scenario.toml", &format!("[award]\n[[award.{rule}"));
        let loaded = fixture.load_leniently();
        assert!(loaded.scenario.is_none(), "a rule is never dropped silently");
        let found = only(&loaded, Code::UnknownInPolicy);
        assert!(found.message.contains(message) && found.help.contains(help), "{found:?}");
        assert!(found.span.unwrap().line > 18);
    }
    let closed = Fixture::new();
    closed.append("scenario.toml", "[award]\n[[award.minimum_winners]]\nat_least = 1\nddu = \"D2\"");
    closed.edit("ddus.csv", "-82.9310,open", "-82.9310,closed");
    only(&closed.load(), Code::UnknownInPolicy);
    for (rule, code) in [
        ("[[award.minimum_winners]]\nddu = \"D1\"", Code::MissingSetting),
        ("[[award.minimum_winners]]\nat_least = 0", Code::SettingOutOfRange),
        ("[[award.minimum_winners]]\nat_least = 1\nddu = \"D1\"\nregion = \"OH\"", Code::SettingOutOfRange),
        ("[[award.minimum_winners]]\nat_least = 1\n[[award.minimum_winners]]\nat_least = 2", Code::SettingOutOfRange),
        ("[[award.minimum_winners]]\nat_least = 1\nclass = \"x\"", Code::UnknownSetting),
        ("[award.minimum_winners]\nat_least = 1", Code::WrongType),
        ("[[award.set_aside]]\nclass = \"national\"\nshare = 0", Code::SettingOutOfRange),
        ("[[award.set_aside]]\nclass = \"national\"\nshare = 0.1\nddu = \"D1\"", Code::UnknownSetting),
        ("[[award.set_aside]]\nshare = 0.1", Code::MissingSetting),
        ("[[award.set_aside]]\nclass = \"national\"\nshare = 0.1\nregion = 3", Code::WrongType),
    ] {
        let fixture = Fixture::new();
        fixture.append("scenario.toml", &format!("[award]\n{rule}"));
        assert_eq!(codes(&fixture.load()), [code], "{rule}");
    }
}

fn with_overrides(rows: &str) -> Fixture {
    let fixture = Fixture::new();
    fixture.edit("scenario.toml", "bids = \"bids.csv\"", "bids = \"bids.csv\"\noverrides = \"overrides.csv\"");
    fixture.write("overrides.csv", format!("action,bid_id,bidder_id,ddu_id,who,why\n{rows}").as_bytes());
    fixture
}

#[test]
fn overrides_are_read_in_any_order() {
    let rows = ["force,B1,,,J. Doe,contract", "forbid,,ZED,,J. Doe,insolvent", "forbid,,ACME,D2,J. Doe,dock works"];
    let mut scenario = with_overrides(&rows.join("\n")).scenario();
    let decided = |action, target, why: &str| Override { action, target, who: "J. Doe".into(), why: why.into() };
    assert_eq!(
        scenario.overrides,
        [
            decided(OverrideAction::Force, OverrideTarget::Bid(BidIx(0)), "contract"),
            decided(OverrideAction::Forbid, OverrideTarget::Bidder(BidderIx(1)), "insolvent"),
            decided(OverrideAction::Forbid, OverrideTarget::BidderAt(BidderIx(0), DduIx(1)), "dock works"),
        ]
    );
    let reversed: Vec<&str> = rows.into_iter().rev().collect();
    assert_eq!(with_overrides(&reversed.join("\n")).scenario().overrides, scenario.overrides);
    assert_eq!(scenario.inputs.iter().find(|f| f.role == "overrides").unwrap().accepted, 3);
    // Without D2 the third concerns nothing; without D1 the bid is gone too, and D2 is the first unit.
    let dropped = scenario.clone().retain(&[], &[true, false]);
    assert_eq!((dropped.bids, dropped.overrides), (2, 1));
    let dropped = scenario.retain(&[], &[false, true]);
    assert_eq!((dropped.bids, dropped.overrides), (3, 1));
    assert_eq!(scenario.overrides[1].target, OverrideTarget::BidderAt(BidderIx(0), DduIx(0)));
}

#[test]
fn overrides_that_mean_nothing_are_errors() {
    for (row, code, field) in [
        ("force,,ACME,,J. Doe,x", Code::OverrideTargets, "bid_id"),
        ("force,B1,ACME,,J. Doe,x", Code::OverrideTargets, "bid_id"),
        ("forbid,,,D1,J. Doe,x", Code::OverrideTargets, "bid_id"),
        ("forbid,,,,J. Doe,x", Code::OverrideTargets, "bid_id"),
        ("force,B9,,,J. Doe,x", Code::OverrideUnknown, "bid_id"),
        ("forbid,,ACMEE,,J. Doe,x", Code::OverrideUnknown, "bidder_id"),
        ("forbid,,ACME,D9,J. Doe,x", Code::OverrideUnknown, "ddu_id"),
        ("allow,B1,,,J. Doe,x", Code::NotAWord, "action"),
        ("force,B1,,, ,x", Code::MissingValue, "who"),
        ("force,B1,,,J. Doe,", Code::MissingValue, "why"),
    ] {
        let loaded = with_overrides(row).load_leniently();
        let found = only(&loaded, code);
        assert_eq!((found.span.unwrap().line, found.field.as_str()), (2, field), "{row}");
        assert_eq!((loaded.rejects.len(), loaded.scenario.unwrap().overrides.len()), (1, 0), "{row}");
    }
    let found = only(&with_overrides("forbid,,ACMEE,,J. Doe,x").load(), Code::OverrideUnknown);
    assert_eq!(found.help, "did you mean `ACME`?");
    // A bid that was set aside for its own row.
    let fixture = with_overrides("force,B1,,,J. Doe,x");
    fixture.edit("bids.csv", "1.75,dock", "0,dock");
    let found = only(&fixture.load_leniently(), Code::OverrideUnknown);
    assert!(found.message.contains("set aside"), "{}", found.message);
    let fixture = with_overrides("force,B1,,,J. Doe,x");
    fixture.edit("scenario.toml", "bids = \"bids.csv\"\n", "");
    only(&fixture.load(), Code::BiddersMissing);
}

#[test]
fn overrides_must_not_contradict_each_other() {
    // B2 and B3 are one package: forbidding one forbids both.
    for (force, forbid) in [
        ("force,B1,,,A,x", "forbid,B1,,,B,y"),
        ("force,B1,,,A,x", "forbid,,ACME,,B,y"),
        ("force,B1,,,A,x", "forbid,,ACME,D1,B,y"),
        ("force,B2,,,A,x", "forbid,B3,,,B,y"),
        ("force,B2,,,A,x", "forbid,,ZED,D2,B,y"),
    ] {
        let loaded = with_overrides(&format!("{force}\n{forbid}\n")).load_leniently();
        assert_eq!(codes(&loaded), [Code::OverridesContradict; 2], "{force} {forbid}");
        assert!(loaded.scenario.unwrap().overrides.is_empty());
    }
    with_overrides("force,B1,,,A,x\nforbid,,ACME,D2,B,y\nforbid,B2,,,B,y\n").scenario();
    let loaded = with_overrides("force,B1,,,B,x\nforce,B1,,,A,y\n").load();
    assert_eq!(only(&loaded, Code::OverrideTwice).span.unwrap().line, 2);
    assert_eq!(loaded.scenario.unwrap().overrides[0].who, "A");
    only(&with_overrides("forbid,,ACME,D2,B,y\n").load(), Code::OverrideIdle);
}

#[test]
fn what_is_left_out_takes_rules_and_tiers_along() {
    let rows = tiers("incremental", &[(1, 100, "1.00"), (101, 300, "0.80")]);
    let fixture = with_bids(&(rows + &row("C", ",,,,", (1, 5), "1.00").replace("D1", "D2")));
    fixture.append("scenario.toml", &format!("[award]\n{POLICY}"));
    let mut scenario = fixture.scenario();
    // A tier elsewhere cannot be read, but it could be left out by its hub alone.
    scenario.bids[1].hub = ddu::ids::HubIx(1);
    let mut without_hub = scenario.clone();
    let dropped = without_hub.retain(&[true, false], &[]);
    assert_eq!((dropped.hubs, dropped.bids, dropped.rules), (1, 2, 0));
    assert_eq!(without_hub.bids[0].id, "C");
    let dropped = scenario.retain(&[], &[false, true]);
    assert_eq!((dropped.bids, dropped.rules), (2, 0));
    assert_eq!(scenario.settings.award.minimum_winners[1].scope, Scope::Ddu(DduIx(0)));
    let dropped = scenario.retain(&[], &[false]);
    assert_eq!((dropped.bids, dropped.rules), (1, 2), "the unit, and the region without units");
    assert_eq!(scenario.settings.award.minimum_winners.len(), 1);
}
