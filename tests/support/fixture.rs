//! A minimal valid scenario in a folder of its own, to be bent by tests.

use ddu::diagnostics::{Code, Diagnostic};
use ddu::scenario::{LoadOptions, Loaded, Scenario, load};
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

pub const SCENARIO: &str = r#"[scenario]
name = "two units"
operating_date = 2026-11-23
seed = 7

[inputs]
map = "map.osm.pbf"
hubs = "hubs.csv"
ddus = "ddus.csv"
vehicles = "vehicles.toml"
bidders = "bidders.csv"
bids = "bids.csv"

[parcel]
mean_cube_cuft = 0.75
mean_weight_lb = 2.5
"#;

pub const VEHICLES: &str = r#"[vehicle.cargo_van]
mode = "motorcar"
cube_cuft = 450
payload_lb = 3500
fill = 0.8
length_ft = 20
height_ft = 9
width_ft = 6.75
gross_weight_lb = 9000
fuel_per_mile = 0.30
repair_per_mile = 0.12
tires_per_mile = 0.03
wages_per_hour = 24
benefits_per_hour = 7.50
fixed_per_day = 80
per_stop = 2
per_piece = 0.05
toll_per_mile = 0.20
dwell_fixed_min = 10
unload_per_piece_s = 3
day_hours = 10
speed_caps_mph = { motorway = 65 }
"#;

pub const HUBS: &str = "\
hub_id,shipper_id,name,lat,lon,release_time,timezone,capacity_pieces
H1,ACME,North,40.01,-82.95,03:30,America/New_York,5000
H2,ZED,South,39.90,-83.01,04:00,America/New_York,
";

pub const DDUS: &str = "\
ddu_id,name,zip5,state,lat,lon,status,facility_type,timezone,dock_open,dock_close,cet_same_day,cet_next_day,dock_slots,capacity_pieces,attributable_cost,reserve_price,effective_from,effective_to,successor_id,comment
D1,Columbus,43215,OH,39.9612,-82.9988,open,delivery_unit,America/New_York,04:00,18:00,08:00,17:00,6,1000,1.10,1.25,,,,
D2,Bexley,43209,OH,39.9690,-82.9310,open,delivery_unit,America/New_York,04:00,18:00,,17:00,,800,1.10,,,,,
";

pub const BIDDERS: &str = "\
bidder_id,name,class,affiliate_group,capacity_pieces,budget
ACME,Acme Parcels,national,,,
ZED,Zed Freight,regional,,2000,2500.50
";

pub const BIDS: &str = "\
bid_id,bidder_id,package_id,xor_group,ddu_id,hub_id,service,tender_time,volume_min,volume_max,volume_unit,price_per_piece,price_basis
B1,ACME,,,D1,H1,same_day,07:30,100,400,pieces_per_day,1.75,dock
B2,ZED,P1,,D1,H2,next_day,09:00,200,200,pieces_per_day,2.35,hub
B3,ZED,P1,,D2,H2,next_day,10:00,150,150,pieces_per_day,2.25,hub
";

/// A scenario's folder; removed when dropped.
pub struct Fixture {
    dir: TempDir,
}

impl Fixture {
    /// Two hubs, two units, two bidders, three bids: valid as it stands. The map is a file of a few bytes, because
    /// loading only fingerprints it.
    pub fn new() -> Self {
        let fixture = Self { dir: tempfile::tempdir().unwrap() };
        fixture.write("map.osm.pbf", b"stand-in");
        for (name, text) in [
            ("scenario.toml", SCENARIO),
            ("vehicles.toml", VEHICLES),
            ("hubs.csv", HUBS),
            ("ddus.csv", DDUS),
            ("bidders.csv", BIDDERS),
            ("bids.csv", BIDS),
        ] {
            fixture.write(name, text.as_bytes());
        }
        fixture
    }

    /// Path of a file in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Replaces a whole file.
    pub fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    /// Replaces a text that occurs exactly once in a file.
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        assert_eq!(text.matches(from).count(), 1, "`{from}` in {name}");
        self.write(name, text.replace(from, to).as_bytes());
    }

    /// Adds a line to a file.
    pub fn append(&self, name: &str, line: &str) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        self.write(name, format!("{text}{line}\n").as_bytes());
    }

    /// Loads it, strictly.
    pub fn load(&self) -> Loaded {
        load(&self.path("scenario.toml"), &LoadOptions::default())
    }

    /// Loads it, setting rows with errors aside.
    pub fn load_leniently(&self) -> Loaded {
        load(&self.path("scenario.toml"), &LoadOptions { lenient: true })
    }

    /// The scenario, which must have no errors.
    pub fn scenario(&self) -> Scenario {
        let loaded = self.load();
        loaded.scenario.unwrap_or_else(|| panic!("{}", ddu::diagnostics::render(&loaded.diagnostics, 20, false)))
    }
}

/// The only finding of a code.
pub fn only(loaded: &Loaded, code: Code) -> Diagnostic {
    let found: Vec<_> = loaded.diagnostics.sorted().into_iter().filter(|d| d.code == code).cloned().collect();
    let all = ddu::diagnostics::render(&loaded.diagnostics, 20, false);
    assert_eq!(found.len(), 1, "findings of {}\n{all}", code.id());
    found.into_iter().next().unwrap()
}

/// Asserts that two scenarios hold the same, wherever it was read from.
pub fn assert_same(a: &Scenario, b: &Scenario) {
    assert_eq!(a.settings, b.settings);
    assert_eq!(a.hubs, b.hubs);
    assert_eq!(a.ddus, b.ddus);
    assert_eq!(a.vehicles, b.vehicles);
    assert_eq!(a.bidders, b.bidders);
    assert_eq!(a.bids, b.bids);
}
