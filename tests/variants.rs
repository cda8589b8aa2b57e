//! `[[variant]]` and `award.drop_outs` as they are read and printed: values, findings, and units that are left out.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod support;

use ddu::diagnostics::Code;
use ddu::ids::DduIx;
use ddu::scenario::{MinimumWinners, Objective, Scope, SetAside, ShareBase};
use ddu::units::{MicroDollars, Ppm};
use support::fixture::{Fixture, assert_same, only};

const POLICY: &str = "[award]\nshare_cap = 0.35\nalternative_rate = 4.25\ndrop_outs = 2\n\
    [[award.minimum_winners]]\nat_least = 1\nddu = \"D1\"\n\
    [[award.set_aside]]\nclass = \"regional\"\nshare = 0.1\n";

const VARIANTS: &str = "[[variant]]\nname = \"cap 25 %\"\nshare_cap = 0.25\nshare_base = \"capacity\"\n\
    [[variant]]\nname = \"free\"\nwithout = [\"share_cap\", \"minimum_winners\", \"set_aside\", \"overrides\"]\n\
    objective = \"revenue\"\n\
    [[variant]]\nname = \"busy\"\nvolume_factor = 1.1\nfuel_factor = 1.25\nwage_factor = 0.9\n\
    minimum_winners = [{ at_least = 2 }, { at_least = 1, region = \"OH\" }]\n\
    [[variant]]\nname = \"as it is\"\n";

fn with(text: &str) -> Fixture {
    let fixture = Fixture::new();
    fixture.append("scenario.toml", text);
    fixture
}

#[test]
fn a_variant_is_the_scenario_with_its_changes() {
    let s = with(&format!("{POLICY}{VARIANTS}")).scenario();
    let (base, variants) = (&s.settings.award, &s.settings.variants);
    assert_eq!(base.drop_outs, 2);
    let names: Vec<&str> = variants.iter().map(|variant| variant.name.as_str()).collect();
    assert_eq!(names, ["cap 25 %", "free", "busy", "as it is"], "in the order they are written");
    let [cap, free, busy, same] = &variants[..] else { panic!() };
    assert_eq!((cap.award.share_cap, cap.award.share_base), (Some(Ppm(250_000)), ShareBase::Capacity));
    assert_eq!(cap.award.minimum_winners, [MinimumWinners { scope: Scope::Ddu(DduIx(0)), at_least: 1 }]);
    assert_eq!((free.award.share_cap, free.award.objective, free.with_overrides), (None, Objective::Revenue, false));
    assert!(free.award.minimum_winners.is_empty() && free.award.set_asides.is_empty());
    assert_eq!(free.award.alternative_rate, Some(MicroDollars(4_250_000)));
    assert_eq!((busy.volume_factor, busy.rates()), (Ppm(1_100_000), (Ppm(1_250_000), Ppm(900_000))));
    let expected = [
        MinimumWinners { scope: Scope::All, at_least: 2 },
        MinimumWinners { scope: Scope::Region("OH".to_owned()), at_least: 1 },
    ];
    assert_eq!(busy.award.minimum_winners, expected);
    let aside = SetAside { scope: Scope::All, class: "regional".to_owned(), share: Ppm(100_000) };
    assert_eq!(busy.award.set_asides, [aside]);
    assert!(!busy.keeps_rates() && same.keeps_rates() && same.with_overrides);
    assert_eq!(&same.award, base);

    let under = s.under(busy);
    let rates = |s: &ddu::scenario::Scenario| s.vehicles[0].rates;
    assert_eq!(rates(&under).fuel_per_mile, MicroDollars(375_000));
    assert_eq!(rates(&under).wages_per_hour, MicroDollars(21_600_000));
    assert_eq!(rates(&under).benefits_per_hour, rates(&s).benefits_per_hour);
    assert_eq!(under.bids[0].volume_max.0, 440);
    assert!(under.settings.variants.is_empty());
    assert_same(&ddu::scenario::Scenario { settings: s.settings.clone(), ..s.under(same) }, &s);
}

#[test]
fn effective_settings_read_back() {
    let fixture = with(&format!("{POLICY}{VARIANTS}"));
    let first = fixture.scenario();
    let printed = first.settings.to_toml(&first.ddus);
    let inputs = "[inputs]\nmap = \"map.osm.pbf\"\nhubs = \"hubs.csv\"\nddus = \"ddus.csv\"\nvehicles = \"vehicles.toml\"\nbidders = \"bidders.csv\"\nbids = \"bids.csv\"\n";
    fixture.write("scenario.toml", printed.replace("[inputs]\n", inputs).as_bytes());
    let second = fixture.scenario();
    assert_same(&first, &second);
    assert_eq!(second.settings.to_toml(&second.ddus), printed);
    let last = printed.split("[[variant]]").last().unwrap();
    assert_eq!(last.trim(), "name = \"as it is\"", "only what differs is printed");
}

#[test]
fn defects_are_found_at_their_place() {
    let cases = [
        ("[[variant]]\nshare_cap = 0.2\n", Code::MissingSetting, "variant.name", 1, 1),
        ("[[variant]]\nname = \"a\"\nshare_kap = 0.2\n", Code::UnknownSetting, "variant.share_kap", 3, 1),
        ("[[variant]]\nname = \"a\"\npayments = \"vcg\"\n", Code::UnknownSetting, "variant.payments", 3, 1),
        ("[[variant]]\nname = \"base\"\n", Code::SettingOutOfRange, "variant.name", 2, 8),
        ("[[variant]]\nname = \"\"\n", Code::SettingOutOfRange, "variant.name", 2, 8),
        ("[[variant]]\nname = \"a\"\n[[variant]]\nname = \"a\"\n", Code::SettingOutOfRange, "variant.name", 4, 8),
        ("[[variant]]\nname = \"a\"\nvolume_factor = 0\n", Code::SettingOutOfRange, "variant.volume_factor", 3, 17),
        ("[[variant]]\nname = \"a\"\nfuel_factor = 11\n", Code::SettingOutOfRange, "variant.fuel_factor", 3, 15),
        ("[[variant]]\nname = \"a\"\nwage_factor = \"x\"\n", Code::WrongType, "variant.wage_factor", 3, 15),
        ("[[variant]]\nname = \"a\"\nwithout = [\"share_cup\"]\n", Code::UnknownWord, "variant.without", 3, 11),
        (
            "[[variant]]\nname = \"a\"\nshare_cap = 0.2\nwithout = [\"share_cap\"]\n",
            Code::SettingOutOfRange,
            "variant.share_cap",
            3,
            13,
        ),
        (
            "[[variant]]\nname = \"a\"\nminimum_winners = [{ at_least = 1, ddu = \"D9\" }]\n",
            Code::UnknownInPolicy,
            "variant.minimum_winners.ddu",
            3,
            42,
        ),
        (
            "[[variant]]\nname = \"a\"\nset_aside = [{ class = \"regionl\", share = 0.1 }]\n",
            Code::UnknownInPolicy,
            "variant.set_aside.class",
            3,
            24,
        ),
        ("[[variant]]\nname = \"a\"\nset_aside = 3\n", Code::WrongType, "variant.set_aside", 3, 13),
        ("variant = 3\n", Code::WrongType, "variant", 1, 11),
        ("[award]\ndrop_outs = 1001\n", Code::SettingOutOfRange, "award.drop_outs", 2, 13),
    ];
    for (text, code, field, line, column) in cases {
        let fixture = Fixture::new();
        // A key of no section stands before all sections.
        let (text, offset) = if text.starts_with('v') { (text, 0) } else { (text, 16) };
        if offset == 0 {
            let old = std::fs::read_to_string(fixture.path("scenario.toml")).unwrap();
            fixture.write("scenario.toml", format!("{text}{old}").as_bytes());
        } else {
            fixture.append("scenario.toml", text);
        }
        let loaded = fixture.load();
        let finding = only(&loaded, code);
        let span = finding.span.as_ref().unwrap();
        assert_eq!(finding.field, field, "{text}");
        assert_eq!((span.line, span.column), (line + offset, column), "{text}: {finding:?}");
        assert!(loaded.scenario.is_none() && !finding.help.is_empty(), "{text}");
    }
    let typo = only(&with("[[variant]]\nname = \"a\"\nfuel_faktor = 2\n").load(), Code::UnknownSetting);
    assert_eq!(typo.help, "did you mean `fuel_factor`?");
    let twice = only(&with("[[variant]]\nname = \"a\"\n[[variant]]\nname = \"a\"\n").load(), Code::SettingOutOfRange);
    assert_eq!(twice.message, "two variants are named \"a\"");
}

#[test]
fn costs_of_a_table_are_taken_as_they_stand() {
    let costs = "hub_id,ddu_id,vehicle,status,pieces_per_trip,outbound_metres,trip_usd,handling_usd_per_piece,arrival_local\n\
                 H1,D1,cargo_van,ok,400,1000.0,30.00,0.05,04:10\n";
    let tabled = |variant: &str| {
        let fixture = with(variant);
        fixture.edit("scenario.toml", "map = \"map.osm.pbf\"", "costs = \"costs.csv\"");
        fixture.write("costs.csv", costs.as_bytes());
        fixture.load()
    };
    for key in ["fuel_factor", "wage_factor"] {
        let loaded = tabled(&format!("[[variant]]\nname = \"a\"\n{key} = 1.1\n"));
        let finding = only(&loaded, Code::FactorWithoutMap);
        assert_eq!((finding.field, finding.span.unwrap().line), (format!("variant.{key}"), 19));
        assert!(loaded.scenario.is_none());
    }
    let fine = tabled("[[variant]]\nname = \"a\"\nfuel_factor = 1.0\nvolume_factor = 2\nshare_cap = 0.5\n");
    assert!(fine.scenario.is_some(), "{:?}", fine.diagnostics);
}

#[test]
fn units_that_are_left_out_leave_variants_too() {
    let text = "[[variant]]\nname = \"a\"\nminimum_winners = [{ at_least = 1, ddu = \"D1\" }, { at_least = 1, ddu = \"D2\" }]\n";
    let mut s = with(text).scenario();
    let dropped = s.retain(&[], &[false, true]);
    assert_eq!(dropped.rules, 1);
    let rules = &s.settings.variants[0].award.minimum_winners;
    assert_eq!(rules[..], [MinimumWinners { scope: Scope::Ddu(DduIx(0)), at_least: 1 }]);
}
