//! Hauls from a table in place of a map: what is read, and every defect.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod support;

use ddu::cost::{HaulSource, NoHaul, TabledHauls};
use ddu::diagnostics::Code;
use ddu::ids::{DduIx, HubIx};
use ddu::matrix::NoPath;
use ddu::scenario::{Scenario, VehicleOption};
use ddu::units::{ClockTime, Decimetres, MicroDollars, Pieces};
use support::fixture::{Fixture, VEHICLES, only};

const HEADER: &str = "hub_id,ddu_id,vehicle,status,status_at,pieces_per_trip,outbound_metres,trip_usd,\
                      handling_usd_per_piece,arrival_local,cheapest\n";

/// Rows of every hub and unit that is bid on; the fixture's one class is `cargo_van`.
const ROWS: &str = "\
H2,D2,cargo_van,ok,,480,20000,80.5,0.05,05:45+2d,true
H1,D1,cargo_van,ok,,480,16093.4,61.25,0.05,04:30,true
H2,D1,cargo_van,no_road_within_limit,unit,,,,,,
";

fn fixture(rows: &str) -> Fixture {
    let fixture = Fixture::new();
    fixture.edit("scenario.toml", "map = \"map.osm.pbf\"", "costs = \"costs.csv\"");
    fixture.write("costs.csv", format!("{HEADER}{rows}").as_bytes());
    fixture
}

fn options(scenario: &Scenario, hub: u32, ddu: u32) -> Result<Vec<VehicleOption>, NoHaul> {
    TabledHauls::of(scenario).unwrap().get(HubIx(hub), DduIx(ddu)).unwrap().options
}

#[test]
fn hauls_are_what_the_rows_say() {
    let fixture = fixture(ROWS);
    let scenario = fixture.scenario();
    let option = options(&scenario, 0, 0).unwrap()[0];
    assert_eq!((option.pieces_per_trip, option.outbound), (Pieces(480), Decimetres(160_934)));
    assert_eq!((option.trip, option.handling_per_piece), (MicroDollars(61_250_000), MicroDollars(50_000)));
    assert_eq!(option.arrival, ClockTime(270));
    assert_eq!(options(&scenario, 1, 1).unwrap()[0].arrival, ClockTime(2 * 1_440 + 345));
    assert_eq!(options(&scenario, 1, 0), Err(NoHaul::NoPath(NoPath::NoRoadWithinLimit { at_hub: false })));
    assert_eq!(options(&scenario, 0, 1), Err(NoHaul::NotInTable));
    let costs = scenario.inputs.iter().find(|file| file.role == "costs").unwrap();
    assert_eq!((costs.rows, costs.accepted), (3, 3));
    assert!(scenario.hauls.map().is_none() && fixture.load().diagnostics.is_empty(), "`cheapest` is no unknown column");
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let mut rows: Vec<&str> = ROWS.lines().collect();
    let straight = fixture(ROWS).scenario().hauls;
    rows.reverse();
    assert_eq!(fixture(&(rows.join("\n") + "\n")).scenario().hauls, straight);
}

#[test]
fn classes_that_may_not_be_used_are_passed_over() {
    let fixture = fixture(&format!("{ROWS}H1,D1,truck,ok,,900,16093.4,1,0.05,04:30,\n"));
    fixture.write("vehicles.toml", format!("{VEHICLES}\n{}", VEHICLES.replace("cargo_van", "truck")).as_bytes());
    assert_eq!(options(&fixture.scenario(), 0, 0).unwrap().len(), 2);
    fixture.append("scenario.toml", "[cost]\nvehicles = [\"truck\"]");
    let scenario = fixture.scenario();
    assert_eq!(options(&scenario, 0, 0).unwrap()[0].trip, MicroDollars(1_000_000));
    assert_eq!(options(&scenario, 1, 1), Err(NoHaul::NotInTable));
}

#[test]
fn escaped_ids_are_read_as_they_were() {
    let fixture = fixture(&format!("{ROWS}'=H,D1,cargo_van,unreachable,,,,,,,\n"));
    fixture.append("hubs.csv", "=H,ACME,Formula,40.02,-82.96,03:30,America/New_York,");
    // By id: `=H`, `H1`, `H2`.
    assert_eq!(options(&fixture.scenario(), 0, 0), Err(NoHaul::NoPath(NoPath::Unreachable)));
}

/// One row behind the others with a defect: its code, and the column it is found in.
#[test]
fn every_defect_of_a_row_is_found() {
    for (row, code, column) in [
        ("H3,D1,cargo_van,ok,,480,1,1,0,04:30,", Code::HaulFromUnknownHub, "hub_id"),
        ("H1,D9,cargo_van,ok,,480,1,1,0,04:30,", Code::HaulToUnknownDdu, "ddu_id"),
        ("H1,D2,cargo_vam,ok,,480,1,1,0,04:30,", Code::HaulByUnknownVehicle, "vehicle"),
        ("H1,D2,cargo_van,fine,,480,1,1,0,04:30,", Code::NotAWord, "status"),
        ("H1,D2,cargo_van,,,480,1,1,0,04:30,", Code::MissingValue, "status"),
        ("H1,D2,cargo_van,outside_map,,480,1,1,0,04:30,", Code::MissingValue, "status"),
        ("H1,D2,cargo_van,outside_map,dock,480,1,1,0,04:30,", Code::NotAWord, "status_at"),
        ("H1,D2,cargo_van,ok,,0,1,1,0,04:30,", Code::NumberOutOfRange, "pieces_per_trip"),
        ("H1,D2,cargo_van,ok,,480,1.25,1,0,04:30,", Code::NotANumber, "outbound_metres"),
        ("H1,D2,cargo_van,ok,,480,1,1e3,0,04:30,", Code::NotMoney, "trip_usd"),
        ("H1,D2,cargo_van,ok,,480,1,-1,0,04:30,", Code::NegativeMoney, "trip_usd"),
        ("H1,D2,cargo_van,ok,,480,1,0.1234567,0,04:30,", Code::MoneyTooPrecise, "trip_usd"),
        ("H1,D2,cargo_van,ok,,480,1,1,,04:30,", Code::MissingValue, "handling_usd_per_piece"),
        ("H1,D2,cargo_van,ok,,480,1,1,0,4.30,", Code::NotATime, "arrival_local"),
        ("H1,D1,cargo_van,ok,,480,16093.4,61.25,0.05,04:30,", Code::RepeatedRow, "hub_id"),
    ] {
        let fixture = fixture(&format!("{ROWS}{row}\n"));
        let loaded = fixture.load();
        let found: Vec<_> = loaded.diagnostics.sorted().into_iter().filter(|d| d.code == code).collect();
        let all = ddu::diagnostics::render(&loaded.diagnostics, 20, false);
        assert!(found.len() == 1 || (code == Code::MissingValue && !found.is_empty()), "{row}\n{all}");
        assert_eq!((found[0].field.as_str(), found[0].span.as_ref().unwrap().line), (column, 5), "{row}\n{all}");
        assert!(loaded.scenario.is_none(), "{row}");
        assert_eq!(loaded.rejects.iter().map(|r| (r.line, r.text.as_str())).collect::<Vec<_>>(), [(5, row)]);
        assert!(options(&fixture.load_leniently().scenario.unwrap(), 0, 0).is_ok(), "{row}");
    }
}

#[test]
fn all_defects_come_in_one_pass() {
    let loaded = fixture("H3,D9,tram,ok,,x,y,z,-1,noon,\nH1,D1,cargo_van,fine,,,,,,,\n").load();
    let codes: Vec<&str> = loaded.diagnostics.counts().keys().map(|code| code.id()).collect();
    assert_eq!(codes, ["E111", "E113", "E114", "E117", "E118", "E148", "E149", "E150", "W234"]);
}

#[test]
fn contradicting_rows_are_all_set_aside() {
    let fixture = fixture(&format!("{ROWS}H1,D1,cargo_van,ok,,480,16093.4,61.24,0.05,04:30,\n"));
    let loaded = fixture.load();
    assert_eq!(loaded.diagnostics.counts()[&Code::ConflictingId], 2);
    assert_eq!(options(&fixture.load_leniently().scenario.unwrap(), 0, 0), Err(NoHaul::NotInTable));
}

#[test]
fn bids_without_a_haul_are_counted_and_the_first_is_named() {
    let rows: Vec<&str> = ROWS.lines().skip(1).collect();
    let loaded = fixture(&(rows.join("\n") + "\n")).load();
    let finding = only(&loaded, Code::NoHaulKnown);
    assert!(
        finding.message.starts_with("1 of 3 bid lines") && finding.message.contains("`B3` from hub `H2` to unit `D2`")
    );
    assert!(loaded.scenario.is_some());
}

#[test]
fn rows_of_what_takes_no_part_are_passed_over() {
    let fixture = fixture(&format!("{ROWS}H1,D3,cargo_van,ok,,480,1,1,0,04:30,\n"));
    fixture.append("ddus.csv", "D3,,,OH,40,-83,closed,,America/New_York,,,,,,,,,,,,");
    let loaded = fixture.load();
    assert_eq!(only(&loaded, Code::HaulNotUsed).span.unwrap().line, 5);
    assert_eq!(loaded.scenario.unwrap().hauls.table().unwrap().len(), 3);
}

#[test]
fn exactly_one_of_map_and_costs() {
    let fixture = fixture(ROWS);
    fixture.edit("scenario.toml", "costs = ", "map = \"map.osm.pbf\"\ncosts = ");
    let both = fixture.load();
    assert_eq!(only(&both, Code::MapOrCosts).span.unwrap().line, 8);
    assert!(both.scenario.is_none() && fixture.load_leniently().scenario.is_none());
    fixture.edit("scenario.toml", "map = \"map.osm.pbf\"\ncosts = \"costs.csv\"\n", "");
    let neither = only(&fixture.load(), Code::MapOrCosts);
    assert_eq!(
        (neither.field.as_str(), neither.message.as_str()),
        ("inputs.map", "neither `map` nor `costs` is given")
    );
}

#[test]
fn dropped_hubs_and_units_take_their_hauls_along() {
    let mut scenario = fixture(ROWS).scenario();
    let kept = options(&scenario, 1, 1);
    scenario.retain(&[false, true], &[false, true]);
    assert_eq!(options(&scenario, 0, 0), kept);
    assert_eq!(scenario.hauls.table().unwrap().len(), 1);
}
