//! What a good scenario loads to, whatever the form of its tables.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod support;

use ddu::diagnostics::{Code, render};
use ddu::scenario::{LoadOptions, PriceBasis, Service, load};
use ddu::units::{ClockTime, MicroDollars, Pieces};
use proptest::prelude::*;
use support::fixture::{BIDS, DDUS, Fixture, HUBS, SCENARIO, assert_same};
use support::shared::shared;

#[test]
fn the_fixture_loads_with_its_values() {
    let fixture = Fixture::new();
    let loaded = fixture.load();
    assert!(loaded.diagnostics.is_empty(), "{}", render(&loaded.diagnostics, 20, false));
    let scenario = loaded.scenario.unwrap();
    assert_eq!(scenario.hubs.iter().map(|h| h.id.as_str()).collect::<Vec<_>>(), ["H1", "H2"]);
    assert_eq!((scenario.hubs[0].capacity, scenario.hubs[1].capacity), (Some(Pieces(5_000)), None));
    let unit = &scenario.ddus[1];
    assert_eq!((unit.cet_same_day, unit.cet_next_day), (None, Some(ClockTime(17 * 60))));
    assert_eq!((unit.reserve_price, unit.dock_slots), (MicroDollars(1_100_000), None));
    let van = &scenario.vehicles[0];
    // 20 ft = 6,096 mm; 9,000 lb = 4,082.33 kg; 10 h = 36,000,000 ms.
    assert_eq!((van.length_mm, van.weight_kg, van.day.0), (6_096, 4_082, 36_000_000));
    assert_eq!(van.speed_caps_millimph[0], Some(65_000));
    let line = &scenario.bids[2];
    assert_eq!((line.id.as_str(), line.package.as_deref(), line.ddu.0, line.hub.0), ("B3", Some("P1"), 1, 1));
    assert_eq!((line.service, line.basis, line.price), (Service::NextDay, PriceBasis::Hub, MicroDollars(2_250_000)));
    let roles: Vec<_> = scenario.inputs.iter().map(|f| (f.role, f.rows, f.accepted)).collect();
    let expected = [
        ("scenario", 0, 0),
        ("map", 0, 0),
        ("hubs", 2, 2),
        ("ddus", 2, 2),
        ("vehicles", 0, 0),
        ("bidders", 2, 2),
        ("bids", 3, 3),
    ];
    assert_eq!(roles, expected);
    assert_eq!(scenario.inputs[1].blake3, blake3::hash(b"stand-in").to_hex().to_string());
}

/// Shuffled rows, other line ends, a byte order mark, quotes, columns in another order: the same scenario.
#[test]
fn form_does_not_matter() {
    let plain = Fixture::new().scenario();
    let fixture = Fixture::new();
    let shuffled = |text: &str| {
        let mut lines: Vec<&str> = text.lines().collect();
        lines[1..].reverse();
        lines.join("\n")
    };
    fixture.write("bids.csv", shuffled(BIDS).as_bytes());
    fixture.write("ddus.csv", shuffled(DDUS).as_bytes());
    assert_same(&plain, &fixture.scenario());
    fixture.write("bids.csv", format!("\u{feff}{}", BIDS.replace('\n', "\r\n")).as_bytes());
    let columns_reversed = |text: &str| -> String {
        text.lines()
            .map(|l| l.split(',').rev().map(|c| format!("\"{c}\"")).collect::<Vec<_>>().join(",") + "\n")
            .collect()
    };
    fixture.write("ddus.csv", columns_reversed(DDUS).as_bytes());
    fixture.write("hubs.csv", format!("\n{}\n\n", HUBS.replace("North", "\"North\"")).trim_start().as_bytes());
    assert_same(&plain, &fixture.scenario());
}

#[test]
fn settings_print_and_read_back() {
    let fixture = Fixture::new();
    let full = r#"
[map]
snap_warn_m = 50
snap_limit_m = 500
[turns]
right_s = 0.125
[cost]
deadhead_share = 0.333333
vehicles = ["cargo_van"]
[award]
objective = "surplus"
share_cap = 0.35
share_base = "capacity"
dock_window_min = 90.5
alternative_rate = "4.123456"
criteria = ["fewer_miles", "more_bidders"]
winning_levels = false
node_limit = 10
time_limit_s = 60
[data]
duplicates = "collapse"
default_release = 22:30:00
default_dock_open = "22:00-1d"
default_timezone = "America/Chicago"
"#;
    fixture.write("scenario.toml", (SCENARIO.replace("two units", "a \\\"b\\\" = é") + full).as_bytes());
    let first = fixture.scenario();
    assert_eq!(first.settings.award.dock_window.unwrap().0, 5_430_000);
    assert_eq!(first.settings.data.default_release, ClockTime(22 * 60 + 30));
    let plain = Fixture::new().scenario();
    for (settings, ddus, name) in [(first.settings, first.ddus, "full"), (plain.settings, plain.ddus, "defaults")] {
        let inputs = SCENARIO.split("[inputs]\n").nth(1).unwrap().split("\n\n").next().unwrap();
        let printed = settings.to_toml(&ddus);
        fixture.write("scenario.toml", printed.replace("[inputs]\n", &format!("[inputs]\n{inputs}\n")).as_bytes());
        assert_eq!(fixture.scenario().settings, settings, "{name}\n{printed}");
    }
}

#[test]
fn retain_renumbers_and_drops_whole_packages() {
    let fixture = Fixture::new();
    let mut scenario = fixture.scenario();
    let dropped = scenario.retain(&[true, true], &[false, true]);
    assert_eq!((dropped.hubs, dropped.ddus, dropped.bids), (0, 1, 3));
    assert!(scenario.bids.is_empty());
    let mut scenario = fixture.scenario();
    let dropped = scenario.retain(&[false, true], &[]);
    assert_eq!((dropped.hubs, dropped.ddus, dropped.bids), (1, 0, 1));
    assert_eq!(scenario.bids.iter().map(|b| (b.id.as_str(), b.hub.0)).collect::<Vec<_>>(), [("B2", 0), ("B3", 0)]);
    let origin = scenario.origins.hub(ddu::ids::HubIx(0));
    let finding = origin.diagnostic(Code::PointOffRoad, "lat", "too far", "");
    let span = finding.span.unwrap();
    assert_eq!((span.line, span.column, finding.value.as_str()), (3, 14, "39.90"));
    assert_eq!(&*span.text, "H2,ZED,South,39.90,-83.01,04:00,America/New_York,");
    assert_eq!(origin.rejected(Code::PointOffRoad).unwrap().line, 3);
}

/// Tables of other makers load with their columns mapped.
#[test]
fn national_tables_load() {
    let (Some(hubs), Some(ddus)) = (shared("shipper_hubs.csv"), shared("usps_ddus.csv")) else { return };
    let fixture = Fixture::new();
    let inputs = format!(
        r#"[inputs]
map = "map.osm.pbf"
vehicles = "vehicles.toml"
outside_map = "drop"
[inputs.hubs]
path = '{}'
columns = {{ shipper_id = "shipper" }}
ignore = ["type", "zip", "source"]
[inputs.ddus]
path = '{}'
columns = {{ name = "locale_name", zip5 = "zip" }}
"#,
        hubs.display(),
        ddus.display()
    );
    let (head, tail) = SCENARIO.split_once("[inputs]").unwrap();
    let parcel = tail.split_once("[parcel]").unwrap().1;
    fixture.write("scenario.toml", format!("{head}{inputs}[parcel]{parcel}").as_bytes());
    let started = std::time::Instant::now();
    let loaded = load(&fixture.path("scenario.toml"), &LoadOptions { lenient: true });
    println!("{:?}\n{}", started.elapsed(), render(&loaded.diagnostics, 2, false));
    let scenario = loaded.scenario.unwrap();
    assert!(scenario.ddus.len() > 23_000, "{}", scenario.ddus.len());
    assert!(scenario.hubs.len() > 900, "{}", scenario.hubs.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// With whatever defects, the rows that are left do not depend on the order in which they stand.
    #[test]
    fn order_of_rows_does_not_matter(
        picks in proptest::collection::vec((0..4_usize, 0..3_usize, 0..3_usize, 0..12_usize), 1..25),
        order in any::<u64>(),
    ) {
        let rows: Vec<String> = picks.iter().map(|&(bid, ddu, package, defect)| {
            let bidder = if defect == 0 { "NOBODY" } else if ddu == 0 { "ACME" } else { "ZED" };
            let unit = ["D1", "D2", "D9"][ddu];
            let package = ["", "P1", "P2"][package];
            let group = if defect == 1 { "G1" } else { "" };
            let volume = if defect == 2 { "x" } else { "100" };
            let price = if defect == 3 { "1.80" } else { "1.75" };
            format!("B{bid},{bidder},{package},{group},{unit},H1,next_day,07:30,100,{volume},pieces_per_day,{price},dock")
        }).collect();
        let header = BIDS.lines().next().unwrap();
        let fixture = Fixture::new();
        let load_in = |rows: &[String]| {
            fixture.write("bids.csv", format!("{header}\n{}\n", rows.join("\n")).as_bytes());
            let loaded = fixture.load_leniently();
            let mut rejected: Vec<String> = loaded.rejects.iter().map(|r| r.text.clone()).collect();
            rejected.sort();
            (loaded.scenario.unwrap(), rejected, loaded.diagnostics.counts().clone())
        };
        let (plain, rejected, counts) = load_in(&rows);
        let mut shuffled = rows.clone();
        // A draw without state: rows by the hash of their place.
        shuffled = {
            let mut keyed: Vec<_> = shuffled.drain(..).enumerate().map(|(i, r)| (blake3::hash(&(order ^ i as u64).to_le_bytes()).to_hex(), r)).collect();
            keyed.sort();
            keyed.into_iter().map(|(_, r)| r).collect()
        };
        let (other, other_rejected, other_counts) = load_in(&shuffled);
        assert_same(&plain, &other);
        prop_assert_eq!(rejected, other_rejected);
        prop_assert_eq!(counts, other_counts);
    }

    /// Whatever bytes a file holds, loading returns.
    #[test]
    fn random_bytes_never_panic(name in 0..6_usize, bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let fixture = Fixture::new();
        let names = ["scenario.toml", "vehicles.toml", "hubs.csv", "ddus.csv", "bidders.csv", "bids.csv"];
        fixture.write(names[name], &bytes);
        let loaded = fixture.load();
        let _ = render(&loaded.diagnostics, 20, false);
        prop_assert!(loaded.scenario.is_none() || !loaded.diagnostics.has_errors());
    }

    /// Nor when a valid file is cut, or bytes in it are replaced, doubled or removed.
    #[test]
    fn mutated_files_never_panic(
        name in 0..6_usize,
        edits in proptest::collection::vec((any::<prop::sample::Index>(), 0..4_u8, any::<u8>(), 0..20_usize), 1..6),
    ) {
        let fixture = Fixture::new();
        let names = ["scenario.toml", "vehicles.toml", "hubs.csv", "ddus.csv", "bidders.csv", "bids.csv"];
        let path = fixture.path(names[name]);
        let mut bytes = std::fs::read(&path).unwrap();
        for (at, how, byte, len) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            let end = (at + len).min(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => { bytes.drain(at..end); }
                2 => { let copy = bytes[at..end].to_vec(); bytes.splice(at..at, copy); }
                _ => { bytes.splice(at..end, *b"\",\n-\xff='9"); }
            }
        }
        std::fs::write(&path, &bytes).unwrap();
        for loaded in [fixture.load(), fixture.load_leniently()] {
            let _ = render(&loaded.diagnostics, 20, false);
            for d in loaded.diagnostics.sorted() {
                let Some(span) = &d.span else { continue };
                prop_assert!(span.line >= 1 && span.column >= 1 && span.width >= 1);
                prop_assert!(span.text.is_empty() || span.column as usize <= span.text.chars().count() + 1, "{d:?}");
            }
        }
    }
}
