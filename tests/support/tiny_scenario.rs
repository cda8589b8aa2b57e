//! A scenario small enough to work out by hand: one hub, one unit, two vehicle classes.

use ddu::ids::VehicleIx;
use ddu::lonlat::LonLat;
use ddu::matrix::{Leg, Matrix, PathTotals};
use ddu::network::{PathRates, Weight};
use ddu::road_class::RoadClass;
use ddu::scenario::{
    AwardSettings, CostSettings, DataSettings, Ddu, HaulInput, Hub, MapSettings, Mode, Origins, Parcel, QuoteSettings,
    QuoteTables, Rates, RouteSettings, Scenario, Settings, Traffic, TurnCosts, VehicleClass,
};
use ddu::units::{ClockTime, Decimetres, MicroDollars, Millis, Pieces, Ppm};
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

pub const MILE_X100: u32 = 1_609_344;

pub fn usd(text: &str) -> MicroDollars {
    MicroDollars::parse(text).unwrap().amount
}

/// 0.75 USD/mile, 36 USD/hour, 5 USD/stop, 0.02 USD/piece; 96 USD per day of 8 hours; 10 min + 2 s/piece at the dock.
pub fn van() -> VehicleClass {
    VehicleClass {
        name: "van".to_owned(),
        mode: Mode::Motorcar,
        cube_millicuft: 450_000,
        payload_millilb: 3_500_000,
        fill: Ppm(800_000),
        length_mm: 6_000,
        height_mm: 2_800,
        width_mm: 2_000,
        weight_kg: 4_500,
        speed_caps_millimph: [None; RoadClass::ALL.len()],
        speed_factor: Ppm::ONE,
        rates: Rates {
            fuel_per_mile: usd("0.5"),
            repair_per_mile: usd("0.2"),
            tires_per_mile: usd("0.05"),
            wages_per_hour: usd("30"),
            benefits_per_hour: usd("6"),
            fixed_per_day: usd("96"),
            per_stop: usd("5"),
            per_piece: usd("0.02"),
            toll_per_mile: usd("0.1"),
        },
        dwell_fixed: Millis(600_000),
        unload_per_piece: Millis(2_000),
        day: Millis(8 * 3_600_000),
    }
}

/// As the van, with 1,600 cu ft, 10,000 lb and 192 USD per day. Sorts before it: `truck` < `van`.
pub fn truck() -> VehicleClass {
    let mut class = van();
    "truck".clone_into(&mut class.name);
    class.mode = Mode::Hgv;
    (class.cube_millicuft, class.payload_millilb) = (1_600_000, 10_000_000);
    (class.length_mm, class.height_mm) = (10_000, 3_900);
    class.rates.fixed_per_day = usd("192");
    class
}

pub fn hub(id: &str) -> Hub {
    Hub {
        id: id.to_owned(),
        shipper: "S".to_owned(),
        name: String::new(),
        at: LonLat::default(),
        release: ClockTime(180),
        timezone: TimeZone::get("America/New_York").unwrap(),
        capacity: None,
    }
}

pub fn ddu(id: &str) -> Ddu {
    Ddu {
        id: id.to_owned(),
        name: String::new(),
        zip5: None,
        state: None,
        region: String::new(),
        at: LonLat::default(),
        timezone: TimeZone::get("America/New_York").unwrap(),
        dock_open: ClockTime(240),
        dock_close: ClockTime(1_200),
        cet_same_day: Some(ClockTime(480)),
        cet_next_day: Some(ClockTime(1_020)),
        dock_slots: None,
        capacity: Pieces(2_000),
        max_length_mm: None,
        max_height_mm: None,
        attributable_cost: MicroDollars::ZERO,
        reserve_price: MicroDollars::ZERO,
    }
}

/// Truck and van (in that order), half of the empty return charged, parcels of 0.5 cu ft and 2.5 lb.
pub fn scenario(day: Date) -> Scenario {
    Scenario {
        settings: Settings {
            name: "tiny".to_owned(),
            operating_date: day,
            seed: 1,
            parcel: Parcel { mean_cube_millicuft: 500, mean_weight_millilb: 2_500 },
            map: MapSettings::default(),
            turns: TurnCosts::default(),
            traffic: Traffic::default(),
            cost: CostSettings { deadhead_share: Ppm(500_000), ..CostSettings::default() },
            routes: RouteSettings::default(),
            award: AwardSettings::default(),
            data: DataSettings::default(),
            quote: QuoteSettings::default(),
            variants: Vec::new(),
        },
        hauls: HaulInput::Map("map.osm.pbf".into()),
        hubs: vec![hub("H")],
        ddus: vec![ddu("D")],
        vehicles: vec![truck(), van()],
        bidders: Vec::new(),
        bids: Vec::new(),
        overrides: Vec::new(),
        closed_roads: Vec::new(),
        quote: QuoteTables::default(),
        inputs: Vec::new(),
        origins: Origins::default(),
    }
}

pub fn plain_day() -> Date {
    date(2026, 11, 23)
}

/// 100 miles, 2 hours, 8 USD of tolls; 75 + 72 + 8 = 155 USD.
pub fn out() -> PathTotals {
    PathTotals { money: usd("155"), length: Decimetres(MILE_X100), time: Millis(7_200_000), tolls: usd("8") }
}

/// 50 miles, 1 hour, 4 USD of tolls; 37.50 + 36 + 4 = 77.50 USD.
pub fn back() -> PathTotals {
    PathTotals { money: usd("77.5"), length: Decimetres(MILE_X100 / 2), time: Millis(3_600_000), tolls: usd("4") }
}

/// What a class pays along a path.
pub fn rates(class: &VehicleClass) -> PathRates {
    PathRates { per_mile: class.rates.per_mile().unwrap(), per_hour: class.rates.per_hour().unwrap() }
}

/// A path without tolls at the rates of both classes.
pub fn path(length: Decimetres, time: Millis) -> PathTotals {
    let weight = Weight { cost: 0, length: length.0, time: time.0, toll: 0 };
    PathTotals { money: rates(&van()).money(&weight).unwrap(), length, time, tolls: MicroDollars::ZERO }
}

/// One cell per hub and unit, the same for both classes.
pub fn matrices(scenario: &Scenario, outbound: Leg, inbound: Leg) -> Vec<Matrix> {
    matrices_but(scenario, outbound, inbound, |_, _| {})
}

/// The same with cells changed by class: its outbound and return legs, hub by hub.
pub fn matrices_but(
    scenario: &Scenario,
    outbound: Leg,
    inbound: Leg,
    change: impl Fn(usize, [&mut Vec<Leg>; 2]),
) -> Vec<Matrix> {
    let (cells, columns) = (scenario.hubs.len() * scenario.ddus.len(), scenario.ddus.len());
    let of_class = |v: usize| {
        let (mut out, mut back) = (vec![outbound; cells], vec![inbound; cells]);
        change(v, [&mut out, &mut back]);
        Matrix::from_legs(VehicleIx::from_index(v), rates(&van()), columns, &out, &back).unwrap()
    };
    (0..scenario.vehicles.len()).map(of_class).collect()
}
