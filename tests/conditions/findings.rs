//! What the readers accept, and every finding about closed roads and departure windows.

use crate::fixture::{Fixture, only};
use ddu::diagnostics::{Code, Severity, render};
use ddu::ids::{DepartureIx, VehicleIx};
use ddu::road_class::RoadClass;
use ddu::scenario::ClosedDirection;
use ddu::units::Ppm;

const AM: &str = "[[traffic]]\nname = \"am_peak\"\nfrom = \"06:30\"\nto = \"09:30\"\nspeed_factor = 0.80\n\
                  [traffic.speed_factor_by_class]\nmotorway = 0.65";

/// A fixture with a table of closed roads.
fn closing(rows: &str) -> Fixture {
    let fixture = Fixture::new();
    fixture.edit("scenario.toml", "bids = \"bids.csv\"", "bids = \"bids.csv\"\nclosed_roads = \"closed.csv\"");
    fixture.write("closed.csv", format!("way_id,direction,vehicle,note\n{rows}").as_bytes());
    fixture
}

fn with_traffic(text: &str) -> Fixture {
    let fixture = Fixture::new();
    fixture.append("scenario.toml", text);
    fixture
}

#[test]
fn closed_roads_are_read_and_sorted() {
    let rows = "20,,,\n7,backward,cargo_van,\"works, until May\"\n7,forward,,=bridge\n";
    let scenario = closing(rows).scenario();
    let read: Vec<_> = scenario.closed_roads.iter().map(|r| (r.way, r.direction, r.vehicle, r.note.as_str())).collect();
    let expected = [
        (7, ClosedDirection::Forward, None, "=bridge"),
        (7, ClosedDirection::Backward, Some(VehicleIx(0)), "works, until May"),
        (20, ClosedDirection::Both, None, ""),
    ];
    assert_eq!(read, expected);
    let input = scenario.inputs.iter().find(|f| f.role == "closed_roads").unwrap();
    assert_eq!((input.rows, input.accepted), (3, 3));
    // The order of rows does not matter.
    let turned: String = rows.lines().rev().map(|line| format!("{line}\n")).collect();
    assert_eq!(closing(&turned).scenario().closed_roads, scenario.closed_roads);
    // Only the way is needed.
    let fixture = closing("");
    fixture.write("closed.csv", b"way_id\n5\n");
    assert_eq!(fixture.scenario().closed_roads[0].direction, ClosedDirection::Both);
}

#[test]
fn each_defect_of_a_closed_road_is_found_at_its_cell() {
    for (row, code, column, value) in [
        ("w7,both,,", Code::NotANumber, 1, "w7"),
        ("-7,both,,", Code::NumberOutOfRange, 1, "-7"),
        ("0,both,,", Code::NumberOutOfRange, 1, "0"),
        ("9223372036854775808,,,", Code::NumberOutOfRange, 1, "9223372036854775808"),
        (",both,,", Code::MissingValue, 1, ""),
        ("7,foward,,", Code::NotAWord, 3, "foward"),
        ("7,both,cargo_vam,", Code::ClosedForUnknownVehicle, 8, "cargo_vam"),
    ] {
        let fixture = closing(&format!("5,,,\n{row}\n"));
        let loaded = fixture.load();
        let finding = only(&loaded, code);
        let span = finding.span.unwrap();
        assert_eq!((span.line, span.column, finding.value.as_str()), (3, column, value), "{row}");
        assert!(finding.file.ends_with("closed.csv") && loaded.scenario.is_none(), "{row}");
        assert_eq!(loaded.rejects.iter().map(|r| r.line).collect::<Vec<_>>(), [3], "{row}");
        let ways: Vec<i64> = fixture.load_leniently().scenario.unwrap().closed_roads.iter().map(|r| r.way).collect();
        assert_eq!(ways, [5], "{row}");
    }
    let unknown = only(&closing("7,both,cargo_vam,\n").load(), Code::ClosedForUnknownVehicle);
    assert_eq!(unknown.help, "did you mean `cargo_van`?");
}

#[test]
fn a_road_closed_twice_is_logged() {
    for rows in ["7,both,,b\n5,,,\n7,,,a\n", "7,,,a\n5,,,\n7,both,,b\n"] {
        let loaded = closing(rows).load();
        let finding = only(&loaded, Code::ClosedTwice);
        assert_eq!((finding.code.severity(), finding.value.as_str()), (Severity::Repair, "7"));
        let closed = loaded.scenario.unwrap().closed_roads;
        let kept: Vec<_> = closed.iter().map(|r| (r.way, r.note.as_str())).collect();
        assert_eq!(kept, [(5, ""), (7, "a")], "which row stays does not depend on their order");
    }
}

#[test]
fn a_broken_vehicle_file_makes_no_class_of_closed_roads_unknown() {
    let fixture = closing("7,both,cargo_van,\n");
    std::fs::remove_file(fixture.path("vehicles.toml")).unwrap();
    let counts = fixture.load().diagnostics.counts().clone();
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), [(Code::FileMissing, 1)]);
}

#[test]
fn windows_are_read_printed_and_read_back() {
    let fixture = with_traffic(AM);
    fixture
        .append("scenario.toml", "[[traffic]]\nname = \"night\"\nfrom = 22:00:00\nto = \"05:00\"\nspeed_factor = 1.1");
    let traffic = fixture.scenario().settings.traffic;
    assert_eq!(
        traffic.departures().map(|d| traffic.name(d).to_owned()).collect::<Vec<_>>(),
        ["free_flow", "am_peak", "night"]
    );
    let at = |hour: u16, minute: u16| traffic.name(traffic.at(hour * 60 + minute));
    assert_eq!([at(6, 29), at(6, 30), at(9, 29), at(9, 30)], ["free_flow", "am_peak", "am_peak", "free_flow"]);
    assert_eq!([at(21, 59), at(22, 0), at(4, 59), at(5, 0)], ["free_flow", "night", "night", "free_flow"]);
    let am = traffic.factors(DepartureIx(1));
    assert_eq!(am[RoadClass::Motorway as usize], Ppm(650_000));
    assert_eq!(am[RoadClass::MotorwayLink as usize], Ppm(800_000));
    let printed = fixture.scenario().settings.to_toml(&[]);
    assert!(
        printed
            .contains("[[traffic]]\nname = \"am_peak\"\nfrom = \"06:30\"\nto = \"09:30\"\nspeed_factor = 0.800000\n")
    );
    let again = Fixture::new();
    let inputs =
        "[inputs]\nmap = \"map.osm.pbf\"\nhubs = \"hubs.csv\"\nddus = \"ddus.csv\"\nvehicles = \"vehicles.toml\"";
    again.write("scenario.toml", printed.replace("[inputs]", inputs).as_bytes());
    assert_eq!(again.scenario().settings, fixture.scenario().settings);
    assert!(!Fixture::new().scenario().settings.to_toml(&[]).contains("traffic"), "nothing where there is none");
}

#[test]
fn each_defect_of_a_window_is_found() {
    for (from, to, code, value) in [
        ("name = \"am_peak\"", "name = \"free_flow\"", Code::SettingOutOfRange, "\"free_flow\""),
        ("name = \"am_peak\"", "name = \"\"", Code::SettingOutOfRange, "\"\""),
        ("name = \"am_peak\"\n", "", Code::MissingSetting, "[[traffic]]"),
        ("from = \"06:30\"\n", "", Code::MissingSetting, "[[traffic]]"),
        ("\"06:30\"", "\"6.30\"", Code::WrongType, "\"6.30\""),
        ("\"06:30\"", "\"06:30-1d\"", Code::SettingOutOfRange, "\"06:30-1d\""),
        ("\"09:30\"", "\"06:30\"", Code::SettingOutOfRange, "\"06:30\""),
        ("speed_factor = 0.80", "speed_factor = 0", Code::SettingOutOfRange, "0"),
        ("speed_factor = 0.80", "speed_factor = 80", Code::SettingOutOfRange, "80"),
        ("speed_factor = 0.80", "sped_factor = 0.80", Code::UnknownSetting, "sped_factor"),
        ("motorway = 0.65", "motorwy = 0.65", Code::UnknownSetting, "motorwy"),
        ("motorway = 0.65", "motorway = 3", Code::SettingOutOfRange, "3"),
        ("[[traffic]]", "[traffic]", Code::WrongType, "[traffic]"),
    ] {
        assert_eq!(AM.matches(from).count(), 1, "{from}");
        let loaded = with_traffic(&AM.replace(from, to)).load();
        let finding = only(&loaded, code);
        assert_eq!(finding.value, value, "{to}");
        assert!(loaded.scenario.is_none() && finding.span.is_some(), "{to}");
        assert_eq!(loaded.diagnostics.count(Severity::Error), 1, "{}", render(&loaded.diagnostics, 20, false));
    }
}

#[test]
fn windows_must_not_overlap_or_share_a_name() {
    let two = |name: &str, from: &str, to: &str| {
        with_traffic(&format!("{AM}\n[[traffic]]\nname = \"{name}\"\nfrom = \"{from}\"\nto = \"{to}\"")).load()
    };
    assert!(two("noon", "09:30", "12:00").scenario.is_some(), "one begins where the other ends");
    assert!(two("early", "06:00", "06:30").scenario.is_some());
    let finding = only(&two("noon", "09:29", "12:00"), Code::TrafficOverlap);
    assert_eq!(finding.message, "window \"noon\" holds 09:29, and so does \"am_peak\"");
    let finding = only(&two("night", "23:00", "06:31"), Code::TrafficOverlap);
    assert_eq!(
        (finding.message.as_str(), finding.value.as_str()),
        ("window \"night\" holds 06:30, and so does \"am_peak\"", "\"night\"")
    );
    only(&two("dawn", "00:00", "23:59"), Code::TrafficOverlap);
    assert!(only(&two("am_peak", "12:00", "13:00"), Code::SettingOutOfRange).message.contains("two windows are named"));
}
